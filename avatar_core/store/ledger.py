"""What was spent: pictures with their price, and requests whose price is not settled, since a moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from avatar_core.errors import AnswerLost, AnswerUnusable
from avatar_core.store.schema import blocks, calls, grids, runs
from avatar_core.types import Recipe

MAY_BE_BILLED = tuple(error.__name__ for error in (AnswerLost, AnswerUnusable))


@dataclass(frozen=True, slots=True)
class Request:
    """One request, by what its price depends on."""

    recipe: Recipe
    characters: int  #: of the prompt


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
        sa.select(calls.c.started, runs.c.recipe, sa.func.length(blocks.c.prompt))
        .join(runs, runs.c.id == calls.c.run)
        .join(blocks, sa.and_(blocks.c.run == calls.c.run, blocks.c.block == calls.c.block))
        .where(sa.or_(calls.c.ended.is_(None), lost))
        .order_by(calls.c.id)
    )
    return Ledger(
        settled=tuple((arrived, usd) for arrived, usd in connection.execute(paid)),
        open=tuple(
            (started, Request(Recipe.from_dict(recipe), characters))
            for started, recipe, characters in connection.execute(ordered)
        ),
    )
