"""Models come and go: what is offered on a day, what is marked, and what an old run is repeated with."""

from __future__ import annotations

import re
from datetime import date, timedelta
from importlib import resources

import pytest

from avatar_core.cost import estimate
from avatar_core.errors import ModelRetired, ModelUnknown
from avatar_core.models.catalog import Catalog, days_left, open_catalog, read_catalog
from avatar_core.types import Size

TODAY = date(2026, 11, 22)
CATALOG = open_catalog()
TEXT = resources.files("avatar_core.models").joinpath("catalog.toml").read_text(encoding="utf-8")


def ending(model_id: str, day: str, successor: str, text: str = TEXT) -> str:
    """The catalog's text with a model's end written into it, as a person would."""
    header = f'[models."{model_id}"]' if "." in model_id else f"[models.{model_id}]"
    assert header in text
    return text.replace(header, f'{header}\nshutdown = {day}\nsuccessor = "{successor}"', 1)


@pytest.mark.parametrize(
    ("today", "days"),
    [
        (date(2026, 11, 22), 9),
        (date(2026, 11, 30), 1),
        (date(2026, 11, 1), 30),
        (date(2026, 10, 31), None),
        (date(2026, 12, 1), None),
        (date(2027, 1, 1), None),
    ],
)
def test_a_model_is_marked_with_its_days_within_thirty_of_its_end(today: date, days: int | None) -> None:
    assert days_left(CATALOG.find("gpt-image-1.5"), today) == days


def test_a_model_without_an_end_has_no_days() -> None:
    assert days_left(CATALOG.find("gpt-image-2.5-flare"), TODAY) is None


def test_a_living_model_is_its_own_successor() -> None:
    for facts in CATALOG.offered(TODAY):
        assert CATALOG.successor(facts.id, TODAY) == facts


@pytest.mark.parametrize(
    ("model_id", "successor"),
    [
        ("dall-e-3", "gpt-image-2.6-flare"),
        ("gpt-image-1-mini-3", "gpt-image-2.6-flare"),
        ("gpt-image-1", "gpt-image-2.5-flare"),
        ("openai:dall-e-2", "gpt-image-2.6-flare"),
        ("gpt-image-1.5", "gpt-image-1.5"),
    ],
)
def test_a_run_of_a_model_that_is_gone_can_be_repeated_on_its_successor(
    model_id: str, successor: str
) -> None:
    assert CATALOG.successor(model_id, TODAY).id == successor


def test_the_line_of_successors_is_followed_to_one_that_lives() -> None:
    text = ending("gpt-image-2.5-flare", "2027-03-01", "gpt-image-2.6-flare")
    catalog = read_catalog(ending("gpt-image-2.6-flare", "2027-06-01", "gpt-image-2", text))
    days = ["2027-02-28", "2027-03-01", "2027-06-01"]
    heirs = [catalog.successor("gpt-image-1", date.fromisoformat(day)).id for day in days]
    assert heirs == ["gpt-image-2.5-flare", "gpt-image-2.6-flare", "gpt-image-2"]
    with pytest.raises(ModelRetired) as caught:
        catalog.usable("gpt-image-1", date(2027, 6, 1))
    assert caught.value.successor == "gpt-image-2"
    assert "Choose “gpt-image-2” instead." in caught.value.message


def test_a_line_that_goes_in_circles_ends_with_an_error_and_not_with_a_hang() -> None:
    text = ending("gpt-image-2.5-flare", "2026-01-01", "gpt-image-2.6-flare")
    catalog = read_catalog(ending("gpt-image-2.6-flare", "2026-01-01", "gpt-image-2.5-flare", text))
    with pytest.raises(ModelRetired, match=r"Choose another model\.") as caught:
        catalog.successor("gpt-image-2.5-flare", TODAY)
    assert caught.value.successor == ""


def test_a_name_that_nobody_knows_has_no_successor() -> None:
    with pytest.raises(ModelUnknown):
        CATALOG.successor("nonsense", TODAY)


def test_on_every_day_of_the_next_years_every_model_of_the_catalog_has_a_living_successor() -> None:
    for days in range(0, 1200, 30):
        for facts in CATALOG.all():
            today = TODAY + timedelta(days=days)
            assert not CATALOG.successor(facts.id, today).retired(today)


def test_a_new_date_needs_no_code() -> None:
    catalog = read_catalog(ending("gpt-image-2", "2026-11-30", "gpt-image-2.6-sunburst"))
    assert days_left(catalog.find("gpt-image-2"), TODAY) == 8
    assert "gpt-image-2" in ids(catalog, date(2026, 11, 29))
    assert "gpt-image-2" not in ids(catalog, date(2026, 11, 30))


def test_a_new_price_needs_no_code_and_brings_its_own_date() -> None:
    dearer = re.sub(
        r"(\[prices\.gpt-image-2\][^\[]*image_out = )30\.0\nas_of = 2026-11-22",
        r"\g<1>60.0\nas_of = 2027-01-01",
        TEXT,
    )
    before, after = (
        estimate(catalog.find("gpt-image-2"), Size(1536, 1536), "high", 0)
        for catalog in (CATALOG, read_catalog(dearer))
    )
    assert before.usd is not None
    assert after.usd == pytest.approx(2 * before.usd)
    assert "2026-11-22" in before.note
    assert "2027-01-01" in after.note


def test_a_server_that_only_speaks_of_a_model_has_dates_and_prices_of_its_own_unless_it_relays_them() -> None:
    azure, litellm = CATALOG.find("azure:gpt-image-1.5"), CATALOG.find("litellm:gpt-image-1.5")
    assert azure.sizes == litellm.sizes == CATALOG.find("gpt-image-1.5").sizes
    assert (azure.prices, azure.shutdown, azure.successor) == (None, None, "")
    assert litellm.prices == CATALOG.find("gpt-image-1.5").prices
    assert litellm.shutdown == date(2026, 12, 1)
    assert (azure.wire_id, azure.dialect) == ("gpt-image-1.5", "azure")
    assert CATALOG.usable("legacy:dall-e-3", TODAY).qualities == ("standard", "hd")


def ids(catalog: Catalog, today: date) -> set[str]:
    return {facts.id for facts in catalog.offered(today)}
