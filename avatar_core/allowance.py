"""How much a customer may order: so often, for so much, and no more than the house has room for."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from avatar_core.cost import format_usd
from avatar_core.errors import BudgetSpent, OrdersTooMany
from avatar_core.store import Standing
from avatar_core.types import Cost, Wish

_ROUNDING = 1e-9
"""USD: sums of fractions miss the last digit."""


@dataclass(frozen=True, slots=True)
class Customer:
    """Who orders, and how much: what a token stands for."""

    name: str = ""
    per_minute: int | None = None  #: orders
    usd_per_day: float | None = None
    sees_all: bool = True  #: also what others ordered

    def may_see(self, owner: str) -> bool:
        """Whether what this token ordered is shown to this customer."""
        return self.sees_all or self.name == owner


def check_allowance(
    standing: Standing, customer: Customer, wish: Wish, estimate: float | None, most_open: int
) -> None:
    """Refuse one order too many.

    Args:
        standing: what is going on just now.
        customer: who orders.
        wish: what.
        estimate: USD of one picture; None if its price is not known.
        most_open: orders that the house takes at once.

    Raises:
        OrdersTooMany, BudgetSpent: with when there will be room.
    """
    if (under_way := standing.open()) >= most_open:
        raise OrdersTooMany(
            f"{under_way} orders are under way, as many as this service takes. Wait until some are done.",
            retry_after=5,
        )
    if customer.per_minute is not None:
        ordered, next_in = standing.within_a_minute()
        if ordered >= customer.per_minute:
            raise OrdersTooMany(
                f"This token may order {customer.per_minute} times a minute. Wait a little, then order again.",
                retry_after=max(1.0, next_in),
            )
    if customer.usd_per_day is None:
        return
    if estimate is None:
        raise BudgetSpent(
            f"What {wish.drawn_by} costs is not known, and this token has a budget. Choose another model."
        )
    left_today = customer.usd_per_day - standing.usd_today()
    if estimate * wish.count > left_today + _ROUNDING:
        left = format_usd(Cost(max(0.0, left_today), "usage"))
        raise BudgetSpent(
            f"The budget of this token has {left} left for today, and this order may cost more. "
            "Order less, or order again after midnight UTC.",
            retry_after=_until_midnight(),
        )


def _until_midnight() -> int:
    now = datetime.now(UTC)
    midnight = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    return math.ceil((midnight - now).total_seconds())
