"""Many blocks over time: queued, painted, cut, and finished also when the process dies in between.

One workflow per block (paint -> cut), one child workflow per request to the model, so that retries count against the
rate limit too. The engine (DBOS) keeps which step is done; pictures are kept by the studio and never by the engine.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from avatar_core.errors import RunStopped
from avatar_core.lease import Lease, take_lease
from avatar_core.studio import Studio
from avatar_core.types import BlockState, Run

if TYPE_CHECKING:
    from avatar_core import workflows

log = logging.getLogger(__name__)

APPLICATION = "avatars"
VERSION = "1"
"""Raised only when the order of a workflow's steps changes: a new version strands the unfinished work of the old."""

INTERACTIVE, BATCH = 1, 100
"""Priorities: somebody who waits at a page goes before ten thousand rows."""

REAP_SECONDS = 5.0
"""How often the work of dead processes is looked for."""

SETTLE_SECONDS = 60.0
"""A run begun this recently is being queued by whoever began it."""


@dataclass(frozen=True, slots=True)
class Limit:
    """Starts per period, for the engine's limiter."""

    starts: int
    seconds: float


def limit_for(requests_per_minute: int, *, sqlite: bool) -> Limit:
    """Spread a rate over short windows: no burst, and a short wait for whoever comes next.

    On SQLite the engine's clock counts whole seconds, so a window is a whole number of them; elsewhere it is padded
    by 2 %, because a request leaves a little later than the engine counted it.

    >>> limit_for(300, sqlite=True)
    Limit(starts=10, seconds=2)
    >>> limit_for(5, sqlite=True)
    Limit(starts=1, seconds=12)
    """
    for window in (2, 6, 12, 30, 60):
        if requests_per_minute * window >= 60 and (requests_per_minute * window) % 60 == 0:
            break
    starts = max(1, requests_per_minute * window // 60)
    return Limit(starts, window if sqlite else round(window * 1.02 + 0.05, 2))


def engine_url(database_url: str) -> str:
    """Where the engine keeps its steps: a file of its own beside SQLite's catalog, the same PostgreSQL database."""
    url = sa.make_url(database_url)
    if url.get_backend_name() != "sqlite":
        return url.set(drivername="postgresql").render_as_string(hide_password=False)
    return f"sqlite:///{url.database}.engine"


class Jobs:
    """The engine of this process over one studio. Made by :func:`open_jobs`; close it to finish what is running."""

    def __init__(self, studio: Studio, lease: Lease, engine: workflows.Engine) -> None:
        self.studio = studio
        self._lease = lease
        self._engine = engine
        self._stopping = threading.Event()
        self._reaper = threading.Thread(target=self._reap, name="avatar-reaper", daemon=True)
        self._reaper.start()

    def start(self, run_id: str, *, priority: int = INTERACTIVE) -> None:
        """Queue every block of a run that is new, failed or cancelled. Returns at once.

        What a block already brought is used again: a picture that is here is only cut.
        """
        for record in self.studio.run(run_id).blocks:
            if record.state in (BlockState.FAILED, BlockState.CANCELLED):
                self.studio.store.catalog.next_round(run_id, record.block.index)
        self._queue(run_id, priority)

    def _queue(self, run_id: str, priority: int) -> None:
        run = self.studio.run(run_id)
        local = self.studio.models.find(run.recipe.model).local
        rounds = self.studio.store.catalog.rounds(run_id)
        for record in run.blocks:
            index = record.block.index
            if not record.state.finished:
                self._engine.enqueue(run_id, index, rounds[index], local=local, priority=priority)

    def cancel(self, run_id: str) -> None:
        """Stop a run: nothing more is sent. A picture that is on its way is kept when it arrives."""
        stopped = RunStopped()
        for record in self.studio.run(run_id).blocks:
            self.studio.store.catalog.set_state(
                run_id,
                record.block.index,
                BlockState.CANCELLED,
                error=stopped.code,
                message=stopped.message,
                unless=(BlockState.DONE, BlockState.FAILED, BlockState.CANCELLED),
            )
        self._engine.cancel(run_id)

    def wait(
        self,
        run_id: str,
        *,
        seconds: float | None = None,
        poll: float = 0.2,
        on_change: Callable[[Run], None] = lambda _: None,
    ) -> Run:
        """Wait until a run is finished, or for so many seconds, and return it as it is then."""
        deadline = None if seconds is None else time.monotonic() + seconds
        while True:
            run = self.studio.run(run_id)
            on_change(run)
            if run.finished or (deadline is not None and time.monotonic() >= deadline):
                return run
            time.sleep(poll)

    def close(self, *, seconds: int = 30) -> None:
        """Take nothing new, let what is running finish within so many seconds, and end the lease."""
        self._stopping.set()
        self._engine.close(seconds)
        self._reaper.join()
        self._lease.release()

    def _reap(self) -> None:
        """Take over, at once and then every few seconds, what dead processes left unfinished."""
        self._requeue()
        while True:
            try:
                self._lease.check()
            except sa.exc.SQLAlchemyError:
                # Another process may take our work over any moment: going on could pay for a picture twice.
                log.critical("the lease was lost; this process takes no more work")
                self._engine.close(0)
                return
            try:
                orphaned = self._engine.recover()
                if orphaned:
                    log.warning("took over the unfinished work of %s", ", ".join(orphaned))
            except Exception:
                log.exception("looking for unfinished work failed; it is tried again")
            if self._stopping.wait(REAP_SECONDS):
                return

    def _requeue(self) -> None:
        """Queue what was begun and never queued, because its process died in between; the rest is queued already."""
        try:
            self._engine.forget()
            before = datetime.now(UTC) - timedelta(seconds=SETTLE_SECONDS)
            for run_id in self.studio.store.catalog.unfinished_runs(before):
                self._queue(run_id, BATCH)
        except Exception:
            log.exception("queueing unfinished runs failed; start them again from the gallery")


def open_jobs(studio: Studio, *, parallel: int = 16) -> Jobs:
    """Start the engine in this process, once: it resumes what was unfinished.

    Args:
        studio: paints and cuts.
        parallel: most requests to an image server under way at once.

    Raises:
        StoreError: the engine's database cannot be used.
    """
    from avatar_core import workflows

    url = engine_url(studio.settings.database_url)
    sqlite = url.startswith("sqlite")
    if sqlite:
        with sqlite3.connect(sa.make_url(url).database or "", timeout=15) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
        connection.close()
    lease = take_lease(url)
    try:
        engine = workflows.Engine(
            studio,
            url,
            executor=lease.executor,
            is_dead=lease.is_dead,
            application=APPLICATION,
            version=VERSION,
            limit=limit_for(studio.settings.avatar_requests_per_minute, sqlite=sqlite),
            parallel=parallel,
        )
    except BaseException:
        lease.release()
        raise
    return Jobs(studio, lease, engine)


__all__ = ["BATCH", "INTERACTIVE", "Jobs", "Limit", "engine_url", "limit_for", "open_jobs"]
