"""Where the blocks of runs stand, and how they move from one state to the next."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from avatar_core.errors import RunUnknown
from avatar_core.store.schema import blocks
from avatar_core.types import BlockState

_FINISHED = [state.value for state in BlockState if state.finished]


@dataclass(frozen=True, slots=True)
class Round:
    """Where a block stands: each time it is queued anew counts as another round, from 0."""

    block: int
    number: int
    state: BlockState
    changed: datetime


_ROUND = sa.select(blocks.c.block, blocks.c.round, blocks.c.state, blocks.c.changed)


def _round(row: sa.Row[*tuple[Any, ...]]) -> Round:
    return Round(row.block, row.round, BlockState(row.state), row.changed)


class States:
    """The states of all blocks in one database. Every move is one statement, so that two movers never both win."""

    def __init__(self, engine: sa.Engine, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self._clock = clock

    def move(
        self,
        run_id: str,
        block: int,
        state: BlockState,
        *,
        error: str = "",
        message: str = "",
        wait: float | None = None,
        unless: Iterable[BlockState] = (),
        number: int | None = None,
    ) -> bool:
        """Move a block to a state, unless it stands in one of the given ones or has left a round.

        ``wait`` is for how many seconds a server that refused wants to hear no more.

        Returns:
            Whether it moved.
        """
        query = blocks.update().where(blocks.c.run == run_id, blocks.c.block == block)
        if number is not None:
            query = query.where(blocks.c.round == number)
        with self._engine.begin() as connection:
            now = self._clock()
            moved = connection.execute(
                query.where(blocks.c.state.not_in([state.value for state in unless])).values(
                    state=state.value,
                    changed=now,
                    error=error,
                    message=message,
                    not_before=None if wait is None else now + timedelta(seconds=wait),
                )
            )
            return moved.rowcount > 0

    def of(self, run_id: str, block: int) -> Round:
        """Where a block stands."""
        with self._engine.connect() as connection:
            query = _ROUND.where(blocks.c.run == run_id, blocks.c.block == block)
            return _round(connection.execute(query).one())

    def rounds(self, run_id: str) -> list[Round]:
        """Where every block of a run stands, in order; far less to read than the run itself.

        Raises:
            RunUnknown: there is no run of that id.
        """
        with self._engine.connect() as connection:
            query = _ROUND.where(blocks.c.run == run_id).order_by(blocks.c.block)
            found = [_round(row) for row in connection.execute(query)]
        if not found:
            raise RunUnknown()
        return found

    def restart(self, run_id: str, stuck: Iterable[Round] = ()) -> None:
        """Queue anew, in a new round, every failed or cancelled block of a run, and those given if they still stand so."""
        with self._engine.begin() as connection:
            queued = blocks.update().values(
                state=BlockState.QUEUED.value,
                changed=self._clock(),
                error="",
                message="",
                not_before=None,
                round=blocks.c.round + 1,
            )
            stopped = [BlockState.FAILED.value, BlockState.CANCELLED.value]
            connection.execute(queued.where(blocks.c.run == run_id, blocks.c.state.in_(stopped)))
            for each in stuck:
                connection.execute(
                    queued.where(
                        blocks.c.run == run_id,
                        blocks.c.block == each.block,
                        blocks.c.round == each.number,
                        blocks.c.state == each.state.value,
                    )
                )

    def cancel(self, run_id: str, *, error: str, message: str) -> list[tuple[int, int]]:
        """Cancel every unfinished block of a run, and return these blocks with the rounds that they were in."""
        with self._engine.begin() as connection:
            cancelled = connection.execute(
                blocks.update()
                .where(blocks.c.run == run_id, blocks.c.state.not_in(_FINISHED))
                .values(state=BlockState.CANCELLED.value, changed=self._clock(), error=error, message=message)
                .returning(blocks.c.block, blocks.c.round)
            )
            return [(block, number) for block, number in cancelled]

    def unfinished_among(self, run_ids: Collection[str]) -> set[str]:
        """Those of the given runs in which some block is not finished."""
        with self._engine.connect() as connection:
            query = sa.select(blocks.c.run).where(blocks.c.run.in_(run_ids), blocks.c.state.not_in(_FINISHED))
            return set(connection.execute(query).scalars())

    def unfinished_runs(self, before: datetime) -> list[str]:
        """Ids of the runs in which some block is not finished and has not moved since a moment."""
        with self._engine.connect() as connection:
            unmoved = sa.and_(blocks.c.state.not_in(_FINISHED), blocks.c.changed < before)
            query = sa.select(blocks.c.run).where(unmoved).distinct()
            return list(connection.execute(query).scalars())
