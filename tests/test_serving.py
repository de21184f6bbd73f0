"""What programs may order: tables of old names, and a size that the model which draws can be asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avatar_core.errors import KeyMissing, ModelUnknown, SettingsBroken, WishIllegal
from avatar_core.models.catalog import check_choice, open_catalog
from avatar_core.serving import Serving, drawing_size
from avatar_core.settings import Settings
from avatar_core.types import Size, Wish
from tests.toys import TODAY

ALIVE = [facts.id for facts in open_catalog().offered(TODAY)]


def serving(**more: Any) -> Serving:
    return Serving(Settings(_env_file=None, **{"openai_api_key": "a-key", **more}), open_catalog(), TODAY)


@given(
    name=st.sampled_from([*ALIVE, "compatible:any", "legacy:dall-e-2", "xai:grok-imagine-image"]),
    width=st.integers(16, 4000),
    height=st.integers(16, 4000),
)
def test_whatever_is_ordered_is_drawn_in_a_size_that_the_model_has(
    name: str, width: int, height: int
) -> None:
    facts = open_catalog().find(name)
    drawn = drawing_size(facts, Size(width, height))
    check_choice(facts, drawn, "")


@given(name=st.sampled_from(ALIVE), side=st.sampled_from([256, 512, 1024]))
def test_a_small_square_is_drawn_as_a_larger_square_and_never_enlarged(name: str, side: int) -> None:
    drawn = drawing_size(open_catalog().find(name), Size(side, side))
    assert drawn.width == drawn.height >= side


def test_a_wish_comes_back_as_it_was_kept() -> None:
    wish = serving().wish(TODAY, prompt="A kite", model="dall-e-3", size="1024x1792", quality="hd", count=3)
    assert Wish.from_dict(wish.as_dict()) == wish
    assert (wish.drawn_by, wish.drawn_size, wish.drawn_quality) == (
        "gpt-image-2.5-flare",
        Size(1024, 1792),
        "high",
    )


def test_the_contracts_other_names_mean_the_same_tables() -> None:
    assert serving().wish(TODAY, prompt="x", model="gpt-image-1-mini-2", size="256x256").size == Size(
        256, 256
    )
    with pytest.raises(WishIllegal, match="Must be one of: standard, hd"):
        serving().wish(TODAY, prompt="x", model="gpt-image-1-mini-3", quality="low")


def test_the_chosen_model_draws_for_the_old_names() -> None:
    assert serving(avatar_model="gpt-image-2").wish(TODAY, prompt="x", quality="hd").drawn_by == "gpt-image-2"
    own = serving(avatar_model="compatible:flux.1", openai_base_url="http://localhost:9/v1")
    wish = own.wish(TODAY, prompt="x", model="dall-e-2", size="512x512")
    assert (wish.drawn_by, wish.drawn_size, wish.drawn_quality) == ("compatible:flux.1", Size(512, 512), "")
    assert own.names(TODAY)[:3] == ("dall-e-3", "dall-e-2", "compatible:flux.1")
    with pytest.raises(ModelUnknown):
        serving(avatar_model="nonsense")


def test_without_a_key_nothing_is_ordered_but_of_the_demo_model_if_that_was_chosen() -> None:
    keyless = serving(openai_api_key=None)
    assert not keyless.ready(TODAY)
    for model in ("", "demo", "gpt-image-2"):
        with pytest.raises(KeyMissing):
            keyless.wish(TODAY, prompt="x", model=model)
    demo = serving(openai_api_key=None, avatar_model="demo")
    assert demo.ready(TODAY)
    assert demo.wish(TODAY, prompt="x", model="dall-e-2", size="256x256").drawn_by == "demo"


def test_a_file_of_ones_own_takes_the_place_of_the_tables(tmp_path: Path) -> None:
    file = tmp_path / "serving.toml"
    file.write_text(
        '[models.house]\nsizes = ["600x400"]\nprompt_limit = 10\ndrawn_by = "gpt-image-2"\n', "utf-8"
    )
    own = serving(avatar_serving_file=file)
    wish = own.wish(TODAY, prompt="x", model="house")
    assert (wish.size, wish.drawn_size) == (Size(600, 400), Size(992, 672))
    with pytest.raises(WishIllegal, match="at most 10 characters"):
        own.wish(TODAY, prompt="x" * 11, model="house")
    for broken in ("", "[models]", "[models.x]\nsizes = 1", "[[", '[models.x]\nsizes = ["1"]\nprompt_limit = 1\ndrawn_by = "y"'):  # fmt: skip
        file.write_text(broken, "utf-8")
        with pytest.raises(SettingsBroken, match="AVATAR_SERVING_FILE"):
            serving(avatar_serving_file=file)
    with pytest.raises(SettingsBroken, match="AVATAR_SERVING_FILE"):
        serving(avatar_serving_file=tmp_path / "none.toml")


def test_a_service_of_the_demo_model_alone_lists_and_takes_no_other() -> None:
    demo_only = serving(avatar_model="demo", openai_api_key=None)
    assert "demo" in demo_only.names(TODAY)
    assert not [name for name in demo_only.names(TODAY) if name.startswith("gpt-")]
    with pytest.raises(WishIllegal, match="Must be one of: dall-e-3, dall-e-2, demo"):
        demo_only.wish(TODAY, prompt="a cat", model="gpt-image-2.5-flare")
