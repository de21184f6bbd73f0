"""Every request to a model: when it left, who sent it, how it ended. The database holds that a block has one at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from avatar_core.errors import RunUnknown
from avatar_core.store.ledger import Ledger, read_ledger
from avatar_core.store.schema import calls, runs

LEDGER_LOCK = 7463202
"""PostgreSQL's name for the right to write into the ledger; SQLite has one writer at a time anyway."""

DAY = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Call:
    """One request to a model: ``ended`` is None while it is under way, or if its process died."""

    id: int
    run: str
    block: int
    caller: str
    started: datetime
    ended: datetime | None
    outcome: str
    message: str
    request_id: str | None


class CallUnderWay(Exception):
    """Another call for the same block has not ended: wait for it, or close it if its caller is dead."""

    def __init__(self, call: Call) -> None:
        super().__init__(f"block {call.block} of run {call.run} is being painted by {call.caller}")
        self.call = call


class Calls:
    """The calls in one database."""

    def __init__(self, engine: sa.Engine, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self._clock = clock

    def begin(
        self, run_id: str, block: int, caller: str, check: Callable[[Ledger, datetime], None] | None = None
    ) -> int:
        """Write down that a request is about to be sent.

        Args:
            run_id: the run.
            block: the block that is painted.
            caller: who sends it.
            check: looks at the ledger of the last 24 hours, this request the newest in it, and at the time; what it
                raises takes the request back. No other request is entered meanwhile, in any process.

        Raises:
            CallUnderWay: one for this block has not ended.
            RunUnknown: there is no such run, or no longer.
        """
        try:
            with self._engine.begin() as connection:
                if check is not None and connection.dialect.name == "postgresql":
                    connection.execute(sa.select(sa.func.pg_advisory_xact_lock(LEDGER_LOCK)))
                now = self._clock()
                call: int = connection.execute(
                    calls.insert()
                    .values(run=run_id, block=block, caller=caller, started=now)
                    .returning(calls.c.id)
                ).scalar_one()
                if check is not None:
                    check(read_ledger(connection, now - DAY), now)
                return call
        except sa.exc.IntegrityError:
            open_call = next((call for call in self.of(run_id, block) if call.ended is None), None)
            if open_call is not None:
                raise CallUnderWay(open_call) from None
            self._check_run(run_id)
            return self.begin(run_id, block, caller, check)  # it ended in between

    def end(self, call: int, outcome: str, message: str = "", request_id: str | None = None) -> None:
        """Write down how a request ended: "painted", or the code of an error."""
        with self._engine.begin() as connection:
            connection.execute(
                calls.update()
                .where(calls.c.id == call, calls.c.ended.is_(None))
                .values(ended=self._clock(), outcome=outcome, message=message, request_id=request_id)
            )

    def end_open(
        self, connection: sa.Connection, run_id: str, block: int, outcome: str, request_id: str | None
    ) -> None:
        """End a block's open call, if there is one, together with what else happens in a transaction."""
        connection.execute(
            calls.update()
            .where(calls.c.run == run_id, calls.c.block == block, calls.c.ended.is_(None))
            .values(ended=self._clock(), outcome=outcome, request_id=request_id)
        )

    def of(self, run_id: str, block: int | None = None) -> list[Call]:
        """The requests of a run or block, the first first."""
        query = calls.select().where(calls.c.run == run_id).order_by(calls.c.id)
        if block is not None:
            query = query.where(calls.c.block == block)
        with self._engine.connect() as connection:
            return [Call(**row) for row in connection.execute(query).mappings()]

    def ledger(self) -> Ledger:
        """What was spent in the last 24 hours, and what is under way."""
        with self._engine.connect() as connection:
            return read_ledger(connection, self._clock() - DAY)

    def _check_run(self, run_id: str) -> None:
        with self._engine.connect() as connection:
            if connection.execute(sa.select(runs.c.id).where(runs.c.id == run_id)).one_or_none() is None:
                raise RunUnknown()
