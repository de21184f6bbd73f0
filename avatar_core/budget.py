"""The daily budget: what the last 24 hours cost, and whether another picture may be ordered.

What was settled counts by the bill; what is under way, and what may have been billed without a picture, by its
estimate. A price that nobody knows counts as nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from avatar_core import cost
from avatar_core.cost import format_usd
from avatar_core.errors import BudgetSpent, ModelUnknown
from avatar_core.models.catalog import Catalog as Models
from avatar_core.store.ledger import Ledger, Request
from avatar_core.types import Cost

DAY = timedelta(hours=24)

_ROUNDING = 1e-9
"""USD: sums of fractions miss the last digit, and no budget may hang on that."""


@dataclass(frozen=True, slots=True)
class Spending:
    """What the last 24 hours cost, in USD."""

    settled: float  #: for pictures that came
    reserved: float  #: for requests under way, and for lost answers that may have been billed
    limit: float | None = None  #: the daily budget, if one is set

    @property
    def total(self) -> float:
        return self.settled + self.reserved

    @property
    def room(self) -> float | None:
        """What may still be spent now; None without a budget."""
        return None if self.limit is None else max(0.0, self.limit - self.total)


class Budget:
    """At most so many USD in any 24 hours; None is no limit."""

    def __init__(self, limit: float | None, models: Models) -> None:
        self.limit = limit
        self._models = models

    def spending(self, ledger: Ledger) -> Spending:
        """What a ledger comes to."""
        reserved = sum(self.price(request) for _, request in ledger.open)
        return Spending(sum(usd for _, usd in ledger.settled), reserved, self.limit)

    def check(self, ledger: Ledger, now: datetime) -> None:
        """Raise BudgetSpent if the newest request of this ledger, which is not sent yet, does not fit in."""
        spent = self.spending(ledger)
        if self.limit is None or spent.total <= self.limit + _ROUNDING:
            return
        _, request = ledger.open[-1]
        price = self.price(request)
        error = BudgetSpent(self._told(spent, price, self._room_again(ledger, price, now)))
        raise error

    def price(self, request: Request) -> float:
        """What a request is estimated to cost; 0 if that is not known."""
        try:
            facts = self._models.find(request.recipe.model)
        except ModelUnknown:
            return 0.0
        size, quality = request.recipe.size, request.recipe.quality
        return cost.estimate(facts, size, quality, request.characters, changed=request.changed).usd or 0.0

    def _room_again(self, ledger: Ledger, price: float, now: datetime) -> datetime | None:
        """When enough will be more than a day old for the newest request; None if not even that will do."""
        if self.limit is None or price > self.limit + _ROUNDING:
            return None
        paid = [*ledger.settled, *((at, self.price(request)) for at, request in ledger.open[:-1])]
        total = sum(usd for _, usd in paid) + price
        for moment, usd in sorted(paid, key=lambda entry: entry[0]):
            total -= usd
            if total <= self.limit + _ROUNDING:
                return max(now, moment + DAY)
        return None

    def _told(self, spent: Spending, price: float, again: datetime | None) -> str:
        limit, before = dollars(self.limit or 0.0), dollars(max(0.0, spent.total - price))
        said = (
            f"The daily budget of {limit} leaves no room: {before} were spent or are reserved in the last 24 hours, "
            f"and this picture may cost {dollars(price)}. It was not ordered. "
        )
        if again is None:
            return said + "Choose a cheaper quality or model, or raise AVATAR_DAILY_BUDGET and start again."
        until = f"{again.astimezone(UTC):%d %b, %H:%M} UTC"
        return (
            said
            + f"There is room again on {until}; to go on before, raise AVATAR_DAILY_BUDGET and start again."
        )


def dollars(usd: float) -> str:
    """An amount of a budget.

    >>> dollars(5), dollars(0.1), dollars(0.0753), dollars(0)
    ('$5.00', '$0.10', '$0.0753', '$0.00')
    """
    whole_cents = abs(usd - round(usd, 2)) < 0.00005 and (usd == 0 or usd >= 0.01)
    return f"${usd:,.2f}" if whole_cents else format_usd(Cost(usd, "usage"))
