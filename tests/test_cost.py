"""Cost: estimates by the derived formula, settlements by the server's own count."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avatar_core.cost import estimate, format_usd, output_tokens, settle
from avatar_core.types import Cost, ModelFacts, Prices, Size, SizeRule, Usage

PRICES = Prices(5.0, 8.0, 30.0, date(2026, 11, 22), "a price list")


def model(dialect: str = "openai", prices: Prices | None = PRICES, **more: object) -> ModelFacts:
    known: dict[str, object] = {
        "id": "m",
        "label": "M",
        "dialect": dialect,
        "about": "",
        "sizes": SizeRule(),
        "grid_sizes": (Size(1536, 1536),),
        "qualities": ("high", "low", "medium"),
        "prompt_limit": 32_000,
        "prices": prices,
        "token_scale": {"low": 16, "medium": 48, "high": 96},
        "token_source": "a derived formula",
    }
    return ModelFacts(**{**known, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("size", "quality", "tokens"),
    [
        # counts that users of gpt-image-2 reported
        ("1024x1024", "low", 196),
        ("1024x1024", "medium", 1756),
        ("1024x1024", "high", 7024),
        ("1536x1024", "medium", 1372),
        ("1536x1024", "high", 5488),
        ("1024x1536", "high", 5488),
        ("1792x1024", "high", 5063),
        ("3584x2048", "high", 12329),
        ("3840x2160", "high", 13342),
        ("1536x1536", "high", 10044),
    ],
)
def test_the_formula_gives_the_counts_that_were_reported(size: str, quality: str, tokens: int) -> None:
    assert output_tokens(model(), Size.parse(size), quality) == tokens


@given(width=st.integers(16, 3840), height=st.integers(16, 3840))
def test_a_picture_costs_the_same_upright_and_lying(width: int, height: int) -> None:
    facts = model()
    assert output_tokens(facts, Size(width, height), "high") == output_tokens(
        facts, Size(height, width), "high"
    )


def test_a_known_count_goes_before_the_formula() -> None:
    facts = model(token_table={"1024x1024 low": 272})
    assert output_tokens(facts, Size(1024, 1024), "low") == 272


def test_an_estimate_adds_the_prompt_and_says_where_it_comes_from() -> None:
    cost = estimate(model(), Size(1536, 1536), "medium", 2001)
    assert cost.usd == pytest.approx((2511 * 30 + 501 * 5) / 1e6)
    assert cost.basis == "estimate"
    assert "a derived formula" in cost.note
    assert "2026-11-22" in cost.note


def test_an_edit_also_pays_for_the_picture_that_is_sent() -> None:
    plain = estimate(model(), Size(1024, 1024), "low", 0)
    edit = estimate(model(), Size(1024, 1024), "low", 0, changed=Size(1024, 1024))
    assert plain.usd is not None
    assert edit.usd == pytest.approx(plain.usd + 0.008, abs=0.0005), "one report: about a thousand tokens"
    assert "1,024 picture tokens" in edit.note


def test_without_a_chosen_quality_the_default_of_the_model_is_estimated() -> None:
    facts = model()
    assert estimate(facts, Size(1024, 1024), "", 0) == estimate(facts, Size(1024, 1024), "high", 0)


@pytest.mark.parametrize(
    "facts", [model(prices=None), model(token_scale={}), model(token_scale={}, qualities=())]
)
def test_what_is_not_known_is_not_invented(facts: ModelFacts) -> None:
    cost = estimate(facts, Size(1024, 1024), "", 100)
    assert (cost.usd, cost.basis) == (None, "unknown")
    assert cost.note.endswith(".")


def test_a_drawing_of_this_computer_is_free() -> None:
    demo = model(dialect="demo", prices=None)
    for cost in (estimate(demo, Size(768, 768), "", 9), settle(demo, None)):
        assert (cost.usd, cost.basis, format_usd(cost)) == (0.0, "free", "free")


def test_a_settlement_counts_what_the_server_counted() -> None:
    cost = settle(model(), Usage(input_text=1000, input_image=100, output=2511))
    assert cost.usd == pytest.approx(0.005 + 0.0008 + 0.07533)
    assert cost.basis == "usage"
    assert "2026-11-22" in cost.note


def test_what_a_server_says_it_charged_goes_before_every_price_of_ours() -> None:
    cost = settle(model(), Usage(1000, 0, 2511, usd=0.02))
    assert (cost.usd, cost.basis) == (0.02, "usage")
    assert settle(model(prices=None), Usage(0, 0, 0, usd=0.5)).usd == 0.5


@pytest.mark.parametrize("usage", [None, Usage(0, 0, 0), Usage(500, 0, 0)])
def test_a_server_that_counts_no_output_makes_the_price_unknown_and_not_free(usage: Usage | None) -> None:
    cost = settle(model(), usage)
    assert (cost.usd, cost.basis) == (None, "unknown")


def test_counted_tokens_without_a_price_stay_unknown() -> None:
    assert settle(model(prices=None), Usage(1, 0, 1)).usd is None


@pytest.mark.parametrize(
    ("cost", "text"),
    [
        (Cost(0.0, "free"), "free"),
        (Cost(0.07533, "estimate"), "about $0.075"),
        (Cost(0.0749, "usage"), "$0.0749"),
        (Cost(None, "unknown"), "unknown"),
        (Cost(12.3456, "estimate"), "about $12.35"),
        (Cost(1234.5, "usage"), "$1,234.50"),
        (Cost(0.00002, "usage"), "less than $0.0001"),
        (Cost(0.0002, "estimate"), "less than $0.001"),
        (Cost(0.0, "estimate"), "about $0.000"),
        (Cost(0.99996, "usage"), "$1.00"),
    ],
)
def test_amounts_are_written_for_people(cost: Cost, text: str) -> None:
    assert format_usd(cost) == text
