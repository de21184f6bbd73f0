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
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from avatar_core.errors import AvatarError, RunStopped, StoreError, StoreUnavailable
from avatar_core.lease import Lease, take_lease
from avatar_core.pace import limit_for
from avatar_core.store import Round
from avatar_core.studio import Studio
from avatar_core.types import BlockState, Run

if TYPE_CHECKING:
    from avatar_core.engine import Engine

log = logging.getLogger(__name__)

INTERACTIVE, BATCH = 1, 100
"""Priorities: somebody who waits at a page goes before ten thousand rows."""

REAP_SECONDS = 5.0
"""How often the work of dead processes is looked for."""

TIDY_SECONDS = 60.0
"""How often blocks are looked for that nobody works on, and old workflows are forgotten."""

SETTLE_SECONDS = 60.0
"""A block that moved this recently is in somebody's hands: being queued, or on its way between two steps."""


def engine_url(database_url: str) -> str:
    """Where the engine keeps its steps: a file of its own beside SQLite's catalog, the same PostgreSQL database."""
    url = sa.make_url(database_url)
    if url.get_backend_name() != "sqlite":
        return url.set(drivername="postgresql").render_as_string(hide_password=False)
    return f"sqlite:///{url.database}.engine"


class Jobs:
    """The engine of this process over one studio. Made by :func:`open_jobs`; close it to finish what is running."""

    def __init__(
        self,
        studio: Studio,
        launch: Callable[[], tuple[Lease, Engine]],
        listeners: list[Callable[[], None]],
    ) -> None:
        self.studio = studio
        self._listeners = listeners
        self._launch = launch
        self._lease, self._engine = launch()
        self._stopping = threading.Event()
        self._reaper = threading.Thread(target=self._reap, name="avatar-reaper", daemon=True)
        self._reaper.start()

    def listen(self, listener: Callable[[], None]) -> None:
        """Call this, from any thread, whenever a block has finished in this process."""
        self._listeners.append(listener)

    def start(self, run_id: str, *, priority: int = INTERACTIVE, new: bool = False) -> None:
        """Queue every block of a run that is new, failed or cancelled. Returns at once.

        What a block already brought is used again: a picture that is here is only cut. ``new`` is for a run that
        was begun a moment ago and that nobody else knows.

        Raises:
            RunUnknown: there is no run of that id.
            KeyMissing: its model's server cannot be asked without a key.
            StoreUnavailable: the engine lost its database for the moment.
        """
        from avatar_core.workflows import queue_blocks

        self._engine.check_open()
        catalog = self.studio.store.catalog
        facts = self.studio.models.find(catalog.recipe(run_id).model)
        self.studio.check_key(facts)
        if new:
            unqueued = catalog.states.rounds(run_id)
        else:
            stuck = [each for each, ended in self._unfinished(run_id) if ended]
            catalog.states.restart(run_id, stuck)
            unqueued = [each for each, ended in self._unfinished(run_id) if ended is None]
        queue_blocks(self._engine, run_id, unqueued, local=facts.local, priority=priority)

    def cancel(self, run_id: str) -> None:
        """Stop a run: nothing more is sent. A picture that is on its way is kept when it arrives."""
        from avatar_core.workflows import block_id

        stopped = RunStopped()
        cancelled = self.studio.store.catalog.states.cancel(
            run_id, error=stopped.code, message=stopped.message
        )
        self._engine.cancel(run_id, {block_id(run_id, *each) for each in cancelled})

    def wait(
        self,
        run_id: str,
        *,
        seconds: float | None = None,
        poll: float = 0.2,
        on_change: Callable[[Run], None] = lambda _: None,
    ) -> Run:
        """Wait until a run is finished, or for so many seconds, and return it as it is then.

        A long run is looked at less often than every ``poll`` seconds, so that looking never becomes the main work.
        """
        deadline = None if seconds is None else time.monotonic() + seconds
        seen: list[Round] = []
        while True:
            began = time.monotonic()
            now = self.studio.store.catalog.states.rounds(run_id)
            finished = all(each.state.finished for each in now)
            over = finished or (deadline is not None and time.monotonic() >= deadline)
            if over or now != seen:
                run = self.studio.run(run_id)
                on_change(run)
                if over:
                    return run
            seen = now
            time.sleep(max(poll, 9 * (time.monotonic() - began)))

    def close(self, *, seconds: int = 30) -> None:
        """Take nothing new, let what is running finish within so many seconds, and end the lease.

        A request that takes longer goes on: its picture is kept when it arrives, and until then the lease stays, so
        that nobody sends the request again.
        """
        self._stopping.set()
        self._engine.close(seconds)
        self._reaper.join(timeout=10)  # it may be waiting for a database that is away
        self._engine.close(0)  # the reaper may just have opened another
        _release(self._lease, self._engine)

    def _unfinished(self, run_id: str) -> list[tuple[Round, bool | None]]:
        """The unfinished blocks of a run, and whether the workflow of each has ended; None if there is none.

        Ended workflows of unfinished blocks had a step that could not even write down that it failed.
        """
        from avatar_core.workflows import block_id

        known = self._engine.known(run_id)  # read first: a block is finished before its workflow ends
        rounds = self.studio.store.catalog.states.rounds(run_id)
        return [
            (each, known.get(block_id(run_id, each.block, each.number)))
            for each in rounds
            if not each.state.finished
        ]

    def _reap(self) -> None:
        """Take over, at once and then every few seconds, what dead processes left unfinished."""
        tidied = float("-inf")
        while True:
            try:
                self._lease.check()
            except sa.exc.SQLAlchemyError:
                if not self._begin_again():
                    return
            try:
                orphaned = self._engine.recover()
                if orphaned:
                    log.warning("took over the unfinished work of %s", ", ".join(orphaned))
                if time.monotonic() - tidied >= TIDY_SECONDS:
                    self._tidy()
                    tidied = time.monotonic()
            except StoreError as error:
                log.warning("looking for unfinished work failed; it is tried again: %s", error.message)
            except Exception:
                if not self._stopping.is_set():  # else the engine was closed in between
                    log.exception("looking for unfinished work failed; it is tried again")
            if self._stopping.wait(REAP_SECONDS):
                return

    def _begin_again(self) -> bool:
        """Close the engine and open another under a new lease. False if this process is to stop meanwhile.

        Without a lease, others take our work over any moment: going on could pay for a picture twice.
        """
        log.warning("the connection that holds the lease was lost; the engine starts again")
        self._engine.close(0)
        _release(self._lease, self._engine)
        while not self._stopping.wait(1.0):
            try:
                self._lease, self._engine = self._launch()
            except StoreError:
                continue
            return True
        return False

    def _tidy(self) -> None:
        """Queue what was begun and never queued, because its process died in between; end what nobody works on."""
        from avatar_core.workflows import queue_blocks

        self._engine.forget()
        catalog = self.studio.store.catalog
        before = datetime.now(UTC) - timedelta(seconds=SETTLE_SECONDS)
        for run_id in catalog.states.unfinished_runs(before):
            unmoved = [(each, ended) for each, ended in self._unfinished(run_id) if each.changed < before]
            for each, ended in unmoved:
                if ended:
                    catalog.states.move(
                        run_id,
                        each.block,
                        BlockState.FAILED,
                        error=AvatarError().code,
                        message=_STUCK,
                        number=each.number,
                    )
            never = [each for each, ended in unmoved if ended is None]
            if never:
                local = self.studio.models.find(catalog.recipe(run_id).model).local
                queue_blocks(self._engine, run_id, never, local=local, priority=BATCH)


_STUCK = "The program failed in the middle of this picture. Generate again; a picture that arrived is not paid twice."


def open_jobs(studio: Studio, *, parallel: int = 16) -> Jobs:
    """Start the engine in this process, once: it resumes what was unfinished.

    Args:
        studio: paints and cuts.
        parallel: most requests to an image server under way at once.

    Raises:
        StoreError: the engine's database cannot be used.
    """
    from avatar_core import workflows  # noqa: F401 - the engine must know them before it starts
    from avatar_core.engine import Engine

    url = engine_url(studio.settings.database_url)
    sqlite = url.startswith("sqlite")
    listeners: list[Callable[[], None]] = []

    def launch() -> tuple[Lease, Engine]:
        if sqlite:
            _prepare(sa.make_url(url).database or "")
        lease = take_lease(url)
        try:
            engine = Engine(
                studio,
                url,
                executor=lease.executor,
                is_dead=lease.is_dead,
                limit=limit_for(studio.settings.avatar_requests_per_minute, sqlite=sqlite),
                parallel=parallel,
                listeners=listeners,
            )
        except BaseException:
            lease.release()
            raise
        return lease, engine

    return Jobs(studio, launch, listeners)


def _prepare(file: str) -> None:
    """Let many write to the engine's file at once; it stays so."""
    try:
        connection = sqlite3.connect(file, timeout=15)
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        finally:
            connection.close()
    except sqlite3.Error:
        raise StoreUnavailable(
            "The engine's file beside the catalog cannot be used. Close the programs that hold it, or "
            "restore the data folder from a backup."
        ) from None


def _release(lease: Lease, engine: Engine) -> None:
    """End a lease as soon as no request stands under it: now, or later in the background."""
    if engine.wait_for_calls(0):
        lease.release()
        return

    def later() -> None:
        engine.wait_for_calls()
        lease.release()

    threading.Thread(target=later, name="avatar-lease", daemon=True).start()


__all__ = ["BATCH", "INTERACTIVE", "Jobs", "engine_url", "open_jobs"]
