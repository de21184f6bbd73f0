"""What was spent: pictures with their price, and requests whose price is not settled, since a moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from avatar_core.errors import AnswerLost, AnswerUnusable
from avatar_core.store.schema import blocks, calls, grids, orders, runs
from avatar_core.types import Recipe, Size, Wish

MAY_BE_BILLED = tuple(error.__name__ for error in (AnswerLost, AnswerUnusable))


@dataclass(frozen=True, slots=True)
class Request:
    """One request, by what its price depends on."""

    recipe: Recipe
    characters: int  #: of the prompt
    changed: Size | None = None  #: of the picture that is sent along, for a change


@dataclass(frozen=True, slots=True)
class Ledger:
    """Money since a moment, each entry with its time (UTC)."""

    settled: tuple[tuple[datetime, float], ...]  #: pictures that came, with USD
    open: tuple[
        tuple[datetime, Request], ...
    ]  #: under way, or perhaps billed without a picture; the newest last


def read_ledger(connection: sa.Connection, since: datetime) -> Ledger:
    """The ledger since a moment, as this connection's transaction sees it."""
    paid = sa.select(grids.c.arrived, grids.c.usd).where(grids.c.arrived > since, grids.c.usd > 0)
    lost = sa.and_(calls.c.outcome.in_(MAY_BE_BILLED), calls.c.ended > since)
    ordered = (
        sa.select(calls.c.started, runs.c.recipe, sa.func.length(blocks.c.prompt), orders.c.wish)
        .join(runs, runs.c.id == calls.c.run)
        .join(blocks, sa.and_(blocks.c.run == calls.c.run, blocks.c.block == calls.c.block))
        .outerjoin(orders, orders.c.run == calls.c.run)
        .where(sa.or_(calls.c.ended.is_(None), lost))
        .order_by(calls.c.id)
    )
    return Ledger(
        settled=tuple((arrived, usd) for arrived, usd in connection.execute(paid)),
        open=tuple(
            (started, Request(Recipe.from_dict(recipe), characters, _changed(wish)))
            for started, recipe, characters, wish in connection.execute(ordered)
        ),
    )


def _changed(wish: dict[str, Any] | None) -> Size | None:
    change = Wish.from_dict(wish).change if wish else None
    return change.size if change else None
