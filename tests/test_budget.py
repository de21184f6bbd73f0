"""The daily budget: nothing is ordered that does not fit in, whoever asks and however many ask at once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from avatar_core.budget import Budget, dollars
from avatar_core.errors import AnswerLost, BudgetSpent, ModelError
from avatar_core.models.catalog import open_catalog
from avatar_core.settings import Settings
from avatar_core.store import Catalog
from avatar_core.store.database import open_database
from avatar_core.store.ledger import Ledger, Request
from avatar_core.studio import Studio, open_studio
from avatar_core.types import Recipe, Size
from tests.contract_server import Fault, ImageServer
from tests.toys import NOON, TODAY, blocks, painting, people, recipe

#: By the formula: 439 output tokens at 30 USD a million, and the prompt.
LOW = Recipe(model="gpt-image-2.5-flare", size=Size(1024, 1024), quality="low")
UNPRICED = Recipe(model="compatible:gpt-image-2", size=Size(1024, 1024), quality="")
MakeStudio = Callable[..., Studio]


@pytest.fixture
def open_with(tmp_path: Path, server_settings: Callable[..., Settings]) -> Iterator[MakeStudio]:
    """Opens studios over one data folder, each as a process of its own would."""
    opened: list[Studio] = []

    def make(budget: str | None, **more: str) -> Studio:
        settings = server_settings(avatar_data_dir=tmp_path / "data", avatar_daily_budget=budget, **more)
        opened.append(open_studio(settings, today=lambda: TODAY))
        return opened[-1]

    yield make
    for studio in opened:
        studio.close()


def begin(studio: Studio, chosen: Recipe = LOW, count: int = 9) -> str:
    return studio.begin(studio.plan(people(count), chosen))


def price(studio: Studio, chosen: Recipe = LOW) -> float:
    return studio.plan(people(9), chosen).estimate.usd or 0.0


def test_what_does_not_fit_in_is_not_sent_and_says_what_to_do(
    open_with: MakeStudio, image_server: ImageServer
) -> None:
    studio = open_with("0.001")
    run_id = begin(studio)
    with pytest.raises(BudgetSpent) as refused:
        studio.paint(run_id, 0, "me")
    assert not image_server.requests
    assert not refused.value.retryable
    assert "AVATAR_DAILY_BUDGET" in refused.value.message
    assert "cheaper" in refused.value.message
    assert not studio.store.catalog.calls.of(run_id), "what was not sent is no call"


def test_a_picture_that_came_counts_by_its_bill(open_with: MakeStudio, image_server: ImageServer) -> None:
    studio = open_with(str(1.5 * price(open_with(None))))
    first = begin(studio)
    grid = studio.paint(first, 0, "me")
    assert studio.spending().settled == pytest.approx(grid.cost.usd)
    assert studio.spending().reserved == 0
    with pytest.raises(BudgetSpent, match="There is room again on"):
        studio.paint(begin(studio), 0, "me")
    assert len(image_server.requests) == 1
    assert studio.paint(first, 0, "me") == grid, "what is here costs nothing"


def test_an_answer_that_was_lost_may_have_been_billed_and_counts(
    open_with: MakeStudio, image_server: ImageServer
) -> None:
    studio = open_with(str(1.5 * price(open_with(None))))
    run_id = begin(studio)
    image_server.script(Fault.cut_before())
    with pytest.raises(AnswerLost):
        studio.paint(run_id, 0, "me")
    assert studio.spending().reserved == pytest.approx(price(studio))
    with pytest.raises(BudgetSpent):
        studio.paint(run_id, 0, "me")


def test_a_refusal_costs_nothing(open_with: MakeStudio, image_server: ImageServer) -> None:
    studio = open_with(str(1.5 * price(open_with(None))))
    run_id = begin(studio)
    image_server.script(Fault.failed())
    with pytest.raises(ModelError):
        studio.paint(run_id, 0, "me")
    assert studio.spending().total == 0
    assert studio.paint(run_id, 0, "me").usage


def test_drawings_of_this_computer_need_no_budget(open_with: MakeStudio) -> None:
    studio = open_with("0")
    assert studio.paint(begin(studio, recipe()), 0, "me").cost.usd == 0


def test_an_unknown_price_counts_as_nothing(open_with: MakeStudio) -> None:
    studio = open_with("0.001")
    studio.paint(begin(studio, UNPRICED), 0, "me")
    assert studio.spending().total == 0


def test_a_picture_that_was_paid_before_is_entered_though_the_budget_is_spent(open_with: MakeStudio) -> None:
    run_id = begin(open_with(None))
    studio = open_with("0")
    studio.store.arrivals.keep(run_id, 0, painting(model=LOW.model))
    assert studio.paint(run_id, 0, "me").model == LOW.model


def test_two_callers_at_once_do_not_spend_the_same_room(database_url: str, tmp_path: Path) -> None:
    """Room for one picture, eight callers with connections of their own: one is let through, seven are told."""
    models = open_catalog()
    one = Budget(None, models).price(Request(LOW, len("prompt 0")))
    catalogs = [Catalog(open_database(database_url)) for _ in range(8)]
    run_id = catalogs[0].add_run(LOW, blocks(people(8), cells=1), title="")
    start, outcomes = threading.Barrier(8), []

    def order(block: int) -> None:
        start.wait()
        try:
            catalogs[block].calls.begin(run_id, block, "me", Budget(1.5 * one, models).check)
            outcomes.append("sent")
        except BudgetSpent:
            outcomes.append("refused")

    threads = [threading.Thread(target=order, args=(block,)) for block in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["refused"] * 7 + ["sent"]
    assert len(catalogs[0].calls.of(run_id)) == 1
    for catalog in catalogs:
        catalog.close()


def test_what_is_a_day_old_counts_no_more(database_url: str) -> None:
    now = [NOON]
    catalog = Catalog(open_database(database_url), clock=lambda: now[0])
    budget = Budget(1.5 * Budget(None, open_catalog()).price(Request(LOW, 8)), open_catalog())
    run_id = catalog.add_run(LOW, blocks(people(2), cells=1), title="")
    call = catalog.calls.begin(run_id, 0, "me", budget.check)
    catalog.calls.end(call, "AnswerLost")
    now[0] = NOON + timedelta(hours=23, minutes=59)
    with pytest.raises(BudgetSpent, match=r"on 23 Nov, 12:00 UTC"):
        catalog.calls.begin(run_id, 1, "me", budget.check)
    now[0] = NOON + timedelta(hours=24)
    catalog.calls.begin(run_id, 1, "me", budget.check)
    catalog.close()


def test_room_comes_back_with_the_picture_that_makes_enough_of_it() -> None:
    budget = Budget(1.0, open_catalog())
    price = budget.price(Request(LOW, 4000))
    hours = [NOON - timedelta(hours=h) for h in (20, 10, 1)]
    settled = tuple(zip(hours, (price / 2, 0.9, 0.1 - price / 2), strict=True))
    with pytest.raises(BudgetSpent, match=r"23 Nov, 02:00 UTC"):
        budget.check(Ledger(settled, ((NOON, Request(LOW, 4000)),)), NOON)


@pytest.mark.parametrize(("usd", "text"), [(0, "$0.00"), (0.0001, "$0.0001"), (12.5, "$12.50")])
def test_amounts_are_written_to_the_cent_and_finer_below_a_dollar(usd: float, text: str) -> None:
    assert dollars(usd) == text
