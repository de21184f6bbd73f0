"""Rows of what is kept: runs, their blocks and people, grids, cuts and avatars.

Speaks SQL and the vocabulary of types; never touches the bytes of a picture.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from avatar_core.errors import CutUnknown, RunUnknown
from avatar_core.store import rows
from avatar_core.store.calls import Calls
from avatar_core.store.images import Images
from avatar_core.store.orders import Orders
from avatar_core.store.rows import RunSummary
from avatar_core.store.runs import insert_run
from avatar_core.store.schema import avatars, blocks, calls, cuts, grids, runs, seats
from avatar_core.store.states import States
from avatar_core.types import Block, BlockState, Cost, Cut, Grid, Painting, PastCut, Recipe, Run

_OF_PEOPLE = runs.c.people > 0


def utc_now() -> datetime:
    """The time now, aware."""
    return datetime.now(UTC)


class Catalog:
    """The tables behind one database; safe to share between threads."""

    def __init__(self, engine: sa.Engine, clock: Callable[[], datetime] = utc_now) -> None:
        self._engine = engine
        self._clock = clock
        self.calls = Calls(engine, clock)
        self.images = Images(engine, clock)
        self.orders = Orders(engine, clock)
        self.states = States(engine, clock)

    def close(self) -> None:
        self._engine.dispose()

    # Runs

    def add_run(
        self,
        recipe: Recipe,
        prompted: Sequence[tuple[Block, str]],
        *,
        title: str,
        session: str = "",
        variant: str = "",
        fingerprint: str = "",
    ) -> str:
        """Keep a planned run, each block with its exact prompt, and return its new id."""
        with self._engine.begin() as connection:
            return insert_run(
                connection,
                self._clock(),
                recipe,
                prompted,
                title=title,
                session=session,
                variant=variant,
                fingerprint=fingerprint,
            )

    def run(self, run_id: str, block: int | None = None) -> Run:
        """Everything known about a run, or about one block of it.

        Raises:
            RunUnknown: there is none of that id.
        """

        def wanted(table: sa.Table) -> sa.ColumnElement[bool]:
            return sa.and_(table.c.run == run_id, sa.true() if block is None else table.c.block == block)

        with self._engine.connect() as connection:
            run = connection.execute(runs.select().where(runs.c.id == run_id)).mappings().one_or_none()
            if run is None:
                raise RunUnknown()
            sitting, pictures = self._seated(connection, wanted) if run["people"] else ({}, {})
            attempts: dict[int, int] = dict(
                connection.execute(
                    sa.select(calls.c.block, sa.func.count())
                    .where(wanted(calls), calls.c.outcome != "spared")
                    .group_by(calls.c.block)
                ).all()
            )
            records = [
                rows.block_record(
                    row,
                    sitting.get(row["block"], []),
                    pictures.get(row["block"], {}),
                    attempts.get(row["block"], 0),
                )
                for row in connection.execute(
                    sa.select(*rows.block_columns())
                    .select_from(
                        blocks.outerjoin(grids, grids.c.id == blocks.c.grid).outerjoin(
                            cuts, cuts.c.id == blocks.c.cut
                        )
                    )
                    .where(wanted(blocks))
                    .order_by(blocks.c.block)
                ).mappings()
            ]
        return Run(
            id=run["id"],
            created=run["created"],
            title=run["title"],
            recipe=Recipe.from_dict(run["recipe"]),
            blocks=tuple(records),
            session=run["session"],
            variant=run["variant"],
        )

    @staticmethod
    def _seated(
        connection: sa.Connection, wanted: Callable[[sa.Table], sa.ColumnElement[bool]]
    ) -> tuple[dict[int, list[Any]], dict[int, dict[int, Any]]]:
        """By block: who sits in it, in the order of cells, and their pictures by cell."""
        sitting: dict[int, list[Any]] = defaultdict(list)
        for seat in connection.execute(
            seats.select().where(wanted(seats)).order_by(seats.c.block, seats.c.cell)
        ).mappings():
            sitting[seat["block"]].append(seat)
        pictures: dict[int, dict[int, Any]] = defaultdict(dict)
        for avatar in connection.execute(
            sa.select(blocks.c.block, avatars.c.cell, avatars.c.blob, avatars.c.verdict)
            .join(avatars, avatars.c.cut == blocks.c.cut)
            .where(wanted(blocks))
        ).mappings():
            pictures[avatar["block"]][avatar["cell"]] = avatar
        return sitting, pictures

    def grid(self, run_id: str, block: int) -> Grid | None:
        """The grid of a block, if one is here; far less to read than the run itself."""
        query = (
            sa.select(grids)
            .join(blocks, blocks.c.grid == grids.c.id)
            .where(blocks.c.run == run_id, blocks.c.block == block)
        )
        with self._engine.connect() as connection:
            row = connection.execute(query).mappings().one_or_none()
        return rows.grid(row) if row is not None else None

    def recipe(self, run_id: str) -> Recipe:
        """What was chosen about a run.

        Raises:
            RunUnknown: there is none of that id.
        """
        with self._engine.connect() as connection:
            query = sa.select(runs.c.recipe).where(runs.c.id == run_id)
            found = connection.execute(query).scalar_one_or_none()
        if found is None:
            raise RunUnknown()
        return Recipe.from_dict(found)

    def summaries(
        self, *, limit: int = 50, offset: int = 0, session: str | None = None, fingerprint: str | None = None
    ) -> list[RunSummary]:
        """Runs of people, the newest first; those of one session in their own order.

        What programs ordered has no people and is found in ``orders``.
        """
        query = runs.select().where(_OF_PEOPLE).limit(limit).offset(offset)
        if session is not None:
            query = query.where(runs.c.session == session).order_by(runs.c.created, runs.c.variant)
        else:
            query = query.order_by(runs.c.created.desc(), runs.c.id)
        if fingerprint is not None:
            query = query.where(runs.c.fingerprint == fingerprint)
        with self._engine.connect() as connection:
            found = connection.execute(query).mappings().all()
            states: dict[str, list[BlockState]] = defaultdict(list)
            covers: dict[str, str] = {}
            for row in connection.execute(
                sa.select(blocks.c.run, blocks.c.state, grids.c.blob)
                .select_from(blocks.outerjoin(grids, grids.c.id == blocks.c.grid))
                .where(blocks.c.run.in_([run["id"] for run in found]))
                .order_by(blocks.c.run, blocks.c.block)
            ).mappings():
                states[row["run"]].append(BlockState(row["state"]))
                if row["blob"]:
                    covers.setdefault(row["run"], row["blob"])
        return [rows.summary(run, states[run["id"]], covers.get(run["id"])) for run in found]

    def sessions(self, limit: int = 20) -> list[str]:
        """Ids of the tuning sessions, the newest first."""
        query = (
            sa.select(runs.c.session)
            .where(runs.c.session != "")
            .group_by(runs.c.session)
            .order_by(sa.func.max(runs.c.created).desc(), runs.c.session)
            .limit(limit)
        )
        with self._engine.connect() as connection:
            return list(connection.execute(query).scalars())

    def count_runs(self) -> int:
        """How many runs of people there are."""
        with self._engine.connect() as connection:
            return connection.execute(
                sa.select(sa.func.count()).select_from(runs).where(_OF_PEOPLE)
            ).scalar_one()

    # What calls brought

    def add_grid(
        self,
        run_id: str,
        block: int,
        painting: Painting,
        blob: str,
        cost: Cost,
        outcome: str = "painted",
        *,
        estimate: Cost | None = None,
    ) -> Grid:
        """Keep the facts of a picture that arrived, make it its block's grid, and end the call that brought it."""
        grid_id = uuid.uuid4().hex
        with self._engine.begin() as connection:
            kept = grids.insert().values(
                id=grid_id,
                run=run_id,
                block=block,
                blob=blob,
                arrived=self._clock(),
                **rows.painting_values(painting, cost, estimate),
            )
            row = connection.execute(kept.returning(*grids.c)).mappings().one()
            connection.execute(
                blocks.update()
                .where(blocks.c.run == run_id, blocks.c.block == block)
                .values(grid=grid_id, cut=None)
            )
            self.calls.end_open(connection, run_id, block, outcome, painting.request_id)
        return rows.grid(row)

    def refuse_grid(self, run_id: str, block: int) -> str:
        """Take a block's grid, of which nothing can be made, from the block; it stays on record. Its blob is returned."""
        grid = self.grid(run_id, block)
        with self._engine.begin() as connection:
            connection.execute(
                blocks.update()
                .where(blocks.c.run == run_id, blocks.c.block == block, blocks.c.cut.is_(None))
                .values(grid=None)
            )
        return grid.blob if grid else ""

    def add_cut(self, run_id: str, block: int, grid_id: str, cut: Cut, blobs: dict[int, str]) -> None:
        """Keep a cut with its avatars' blobs by cell, and make it its block's cut. Earlier cuts stay."""
        with self._engine.begin() as connection:
            cut_id = connection.execute(
                cuts.insert()
                .values(grid=grid_id, made=self._clock(), **rows.cut_values(cut))
                .returning(cuts.c.id)
            ).scalar_one()
            if blobs:
                connection.execute(
                    avatars.insert(),
                    [
                        {"cut": cut_id, "cell": cell, "blob": blob, "verdict": cut.verdict.value}
                        for cell, blob in blobs.items()
                    ],
                )
            connection.execute(
                blocks.update()
                .where(blocks.c.run == run_id, blocks.c.block == block, blocks.c.grid == grid_id)
                .values(cut=cut_id)
            )

    def cuts(self, run_id: str, block: int) -> list[PastCut]:
        """All cuts of a block's present grid, the newest first."""
        query = (
            sa.select(*cuts.c, (cuts.c.id == blocks.c.cut).label("in_use"))
            .join(blocks, blocks.c.grid == cuts.c.grid)
            .where(blocks.c.run == run_id, blocks.c.block == block)
            .order_by(cuts.c.id.desc())
        )
        with self._engine.connect() as connection:
            found = connection.execute(query).mappings().all()
        return [PastCut(row["id"], row["made"], rows.cut(row), bool(row["in_use"])) for row in found]

    def use_cut(self, run_id: str, block: int, cut_id: int) -> None:
        """Make an earlier cut of a block's present grid the block's cut again; no cut is changed or deleted.

        Raises:
            CutUnknown: the present grid has no such cut.
        """
        of_grid = sa.select(cuts.c.grid).where(cuts.c.id == cut_id).scalar_subquery()
        with self._engine.begin() as connection:
            changed = connection.execute(
                blocks.update()
                .where(blocks.c.run == run_id, blocks.c.block == block, blocks.c.grid == of_grid)
                .values(cut=cut_id)
            )
        if not changed.rowcount:
            raise CutUnknown()
