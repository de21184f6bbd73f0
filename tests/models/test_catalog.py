"""The catalog: every table holds, every choice it offers is one the API takes."""

from __future__ import annotations

from datetime import date
from importlib import resources

import pytest

from avatar_core.errors import ChoiceIllegal, InputError, ModelRetired, ModelUnknown, PromptTooLong
from avatar_core.models.catalog import (
    adapted,
    check_choice,
    check_prompt,
    check_request,
    open_catalog,
    read_catalog,
    size_rule,
)
from avatar_core.settings import DEFAULT_MODEL, DEMO_MODEL
from avatar_core.types import ModelFacts, PaintRequest, Recipe, Size
from tests.contract_server import refusal_of

TODAY = date(2026, 11, 22)
CATALOG = open_catalog()
EVERY = pytest.mark.parametrize("facts", CATALOG.all(), ids=lambda facts: facts.id)
LIVING = pytest.mark.parametrize(
    "facts", [facts for facts in CATALOG.offered(TODAY) if not facts.local], ids=lambda facts: facts.id
)


@EVERY
def test_every_table_is_complete(facts: ModelFacts) -> None:
    assert facts.label
    assert facts.about.endswith(".")
    assert facts.grid_sizes
    assert facts.prompt_limit >= 1000
    assert set(facts.parameters) <= {"size", "quality", "n", "output_format"}
    assert set(facts.token_scale) | {key.split()[1] for key in facts.token_table} <= set(facts.qualities)
    assert bool(facts.token_scale or facts.token_table) == bool(facts.token_source)
    assert facts.prices is None or facts.prices.source


@EVERY
def test_every_offered_size_and_quality_of_a_model_is_legal(facts: ModelFacts) -> None:
    for size in facts.grid_sizes:
        for quality in ("", *facts.qualities):
            check_choice(facts, size, quality)


@EVERY
def test_every_model_that_ends_names_a_successor_that_lives(facts: ModelFacts) -> None:
    assert bool(facts.shutdown) == bool(facts.successor)
    if facts.successor:
        assert CATALOG.find(facts.successor).shutdown is None


@LIVING
def test_every_choice_that_is_offered_is_one_that_the_api_takes(facts: ModelFacts) -> None:
    for name in (facts.id, *facts.names):
        for size in facts.grid_sizes:
            for quality in facts.qualities:
                request = {"model": name, "prompt": "x", "size": str(size), "quality": quality, "n": 1}
                assert refusal_of(request) is None


@LIVING
def test_nothing_is_refused_here_that_the_api_would_take_and_nothing_taken_that_it_refuses(
    facts: ModelFacts,
) -> None:
    edges = (256, 512, 640, 816, 1000, 1024, 1152, 1536, 2048, 2160, 2880, 3840, 3856)
    for size in (Size(width, height) for width in edges for height in edges):
        taken = refusal_of({"model": facts.id, "prompt": "x", "size": str(size)}) is None
        try:
            check_choice(facts, size, "")
        except ChoiceIllegal:
            assert not taken, size
        else:
            assert taken, size


def test_the_demo_model_comes_first_and_the_default_model_is_alive() -> None:
    offered = CATALOG.offered(TODAY)
    assert offered[0].id == DEMO_MODEL
    assert offered[0].local
    assert DEFAULT_MODEL in {facts.id for facts in offered}
    assert CATALOG.find(DEFAULT_MODEL).shutdown is None


def test_a_model_is_offered_until_the_day_it_ends() -> None:
    ending = {"gpt-image-1.5", "gpt-image-1-mini", "chatgpt-image-latest"}
    assert ending <= {facts.id for facts in CATALOG.offered(date(2026, 11, 30))}
    assert not ending & {facts.id for facts in CATALOG.offered(date(2026, 12, 1))}


@pytest.mark.parametrize(
    ("name", "successor"),
    [
        ("dall-e-2", "gpt-image-2.6-flare"),
        ("dall-e-3", "gpt-image-2.6-flare"),
        ("gpt-image-1-mini-2", "gpt-image-2.6-flare"),
        ("gpt-image-1-mini-3", "gpt-image-2.6-flare"),
        ("gpt-image-1", "gpt-image-2.5-flare"),
    ],
)
def test_an_old_name_is_found_but_not_usable_and_names_its_successor(name: str, successor: str) -> None:
    assert CATALOG.find(name).id == name
    assert name not in {facts.id for facts in CATALOG.offered(TODAY)}
    with pytest.raises(ModelRetired) as caught:
        CATALOG.usable(name, TODAY)
    assert f"“{name}” was shut down" in str(caught.value)
    assert f"Choose “{successor}”" in str(caught.value)


def test_a_snapshot_is_found_and_stays_that_snapshot() -> None:
    facts = CATALOG.usable("gpt-image-2.5-flare-2026-09-08", TODAY)
    assert facts.wire_id == "gpt-image-2.5-flare-2026-09-08"
    assert facts.prices == CATALOG.find("gpt-image-2.5-flare").prices


def test_all_names_are_different() -> None:
    names = [name for facts in CATALOG.all() for name in (facts.id, *facts.names)]
    assert len(names) == len(set(names))


def test_an_unknown_name_is_refused_with_the_nearest_known_ones() -> None:
    with pytest.raises(ModelUnknown, match=r"Choose gpt-image-2\.5-flare, "):
        CATALOG.find("gpt-image-2.5-flair")
    with pytest.raises(ModelUnknown, match=r"Choose demo, .* or write compatible:ID"):
        CATALOG.find("zzz")


@pytest.mark.parametrize("name", ["", "compatible:", "demo:x", "nonsense:x", ":x"])
def test_only_a_named_dialect_makes_an_unknown_name_usable(name: str) -> None:
    with pytest.raises(ModelUnknown):
        CATALOG.find(name)


@pytest.mark.parametrize("wire_id", ["flux.1-schnell", "black-forest-labs/FLUX.1", "x/z-image:latest"])
def test_a_model_of_a_compatible_server_works_under_its_dialect(wire_id: str) -> None:
    facts = CATALOG.usable(f"compatible:{wire_id}", TODAY)
    assert (facts.id, facts.wire_id, facts.label) == (f"compatible:{wire_id}", wire_id, wire_id)
    assert facts.parameters == ("size", "n")
    assert facts.prices is None
    check_choice(facts, Size(768, 768), "")


def test_a_new_model_of_openai_works_before_the_catalog_knows_it() -> None:
    facts = CATALOG.find("openai:gpt-image-3-flare")
    assert facts.wire_id == "gpt-image-3-flare"
    assert "output_format" in facts.parameters


def test_adding_a_model_means_adding_a_table() -> None:
    text = resources.files("avatar_core.models").joinpath("catalog.toml").read_text(encoding="utf-8")
    added = """
        [models.mine]
        label = "Mine"
        about = "A model."
        dialect = "compatible"
        sizes = "three"
        grid_sizes = ["1024x1024"]
        qualities = []
        prompt_limit = 500
    """
    assert read_catalog(text + added).find("mine").prompt_limit == 500


def test_a_misspelt_key_in_the_file_is_no_silent_default() -> None:
    text = resources.files("avatar_core.models").joinpath("catalog.toml").read_text(encoding="utf-8")
    with pytest.raises(TypeError, match="promt_limit"):
        read_catalog(text.replace("prompt_limit", "promt_limit"))


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (Size(1000, 1000), "multiples of 16"),
        (Size(512, 512), "262,144 pixels where 655,360 to 8,294,400"),
        (Size(3856, 2048), "at most 3,840 px"),
        (Size(3072, 816), "at most 3 times"),
    ],
)
def test_an_illegal_size_is_refused_with_the_reason_and_what_is_offered(size: Size, words: str) -> None:
    with pytest.raises(ChoiceIllegal, match=words) as caught:
        check_choice(CATALOG.find("gpt-image-2"), size, "")
    assert str(caught.value).endswith("Choose 1536x1536, 816x816, 1024x1024, 1152x1152 or 1920x1920.")


def test_a_model_with_a_list_of_sizes_names_the_list() -> None:
    with pytest.raises(ChoiceIllegal, match="it has only 1024x1024, 1536x1024 or 1024x1536"):
        check_choice(CATALOG.find("gpt-image-1.5"), Size(1536, 1536), "")


def test_the_demo_model_has_no_quality_and_says_so() -> None:
    demo = CATALOG.find("demo")
    check_choice(demo, Size(384, 3840 // 10), "")
    with pytest.raises(ChoiceIllegal, match="Leave the quality empty"):
        check_choice(demo, Size(768, 768), "high")
    with pytest.raises(ChoiceIllegal, match="at least 384 px"):
        check_choice(demo, Size(383, 768), "")


def test_gpt_image_2_has_no_xhigh() -> None:
    with pytest.raises(ChoiceIllegal, match="Choose medium, low or high"):
        check_choice(CATALOG.find("gpt-image-2"), Size(1536, 1536), "xhigh")


def test_a_prompt_is_measured_in_characters_and_not_in_bytes() -> None:
    facts = CATALOG.find("gpt-image-2")
    check_prompt(facts, "é" * 32_000)
    with pytest.raises(PromptTooLong, match="32,001 characters; GPT Image 2 takes 32,000"):
        check_prompt(facts, "é" * 32_001)


def test_a_whole_request_is_checked_at_once() -> None:
    facts = CATALOG.find("gpt-image-2")
    check_request(facts, PaintRequest("A prompt.", Size(1536, 1536)))
    for request in (
        PaintRequest("A prompt.", Size(1, 1)),
        PaintRequest("", Size(1536, 1536)),
        PaintRequest("\udc80", Size(1536, 1536)),
    ):
        with pytest.raises(InputError):
            check_request(facts, request)


@LIVING
def test_a_recipe_of_any_other_model_becomes_one_that_is_legal(facts: ModelFacts) -> None:
    for other in CATALOG.all():
        for quality in ("", *other.qualities):
            fitting = adapted(Recipe(other.id, other.grid_sizes[-1], quality, seed=7), facts)
            check_choice(facts, fitting.size, fitting.quality)
            assert (fitting.model, fitting.seed) == (facts.id, 7)


def test_what_fits_another_model_stays_as_it_was_chosen() -> None:
    chosen = Recipe("gpt-image-2", Size(1248, 1248), "medium")
    fitting = adapted(chosen, CATALOG.find("gpt-image-2.5-flare"))
    assert (fitting.size, fitting.quality) == (chosen.size, chosen.quality)


def test_the_rule_of_sizes_is_told_where_any_can_be_typed() -> None:
    assert size_rule(CATALOG.find("gpt-image-1.5").sizes) == ""
    assert size_rule(CATALOG.find("gpt-image-2").sizes) == (
        "edges of at most 3,840 px, multiples of 16, 655,360 to 8,294,400 pixels, one edge at most 3 times the other"
    )
    assert (
        size_rule(CATALOG.find("localai:flux").sizes) == "edges of 64 to 8,192 px, at most 67,108,864 pixels"
    )
