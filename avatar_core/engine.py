"""The durable engine (DBOS) in this process: its queues, what it knows of workflows, and how it starts and ends.

What the workflows do is told in :mod:`avatar_core.workflows`; when they are started, in :mod:`avatar_core.jobs`.
"""

from __future__ import annotations

import itertools
import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Collection, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from dbos import DBOS, DBOSClient, DBOSConfig, EnqueueOptions, Queue, WorkflowStatus
from dbos import error as dbos_error
from dbos._queue import queue_worker_thread

from avatar_core.bells import Bell
from avatar_core.errors import AnswerLost, RunStopped, StoreUnavailable
from avatar_core.lease import CALLERS
from avatar_core.pace import Limit
from avatar_core.store import CallUnderWay
from avatar_core.studio import Studio
from avatar_core.types import BlockState

APPLICATION = "avatars"
VERSION = "2"
"""Raised only when the order of a workflow's steps changes. Unfinished work of another version is queued anew."""

SERVER, LOCAL = "server", "local"
"""Queues of blocks: for an image server, under the rate limit; for this machine's own model."""

_CLOSED = "The engine is not running just now. Wait a minute, then try again."

Order = tuple[str, *tuple[str | int, ...]]
"""A workflow's id, and its arguments: plain values."""

ACTIVE = ["ENQUEUED", "PENDING", "DELAYED"]

LOOK_SECONDS = 0.1
"""How often a queue is looked at on which something happened lately; see :class:`avatar_core.bells.Bell`."""

KEEP_DAYS = 7
"""Finished workflows are forgotten after so many days; the catalog keeps what matters."""


class EngineClosed(BaseException):
    """The engine is closing, and this step has not begun or is not at its end: whoever recovers its workflow does it.

    No Exception, because DBOS writes those down as a workflow's end. This one leaves the workflow as it stands.
    """


class Engine:
    """DBOS in this process. There can be one at a time."""

    _current: Engine | None = None

    def __init__(
        self,
        studio: Studio,
        url: str,
        *,
        executor: str,
        is_dead: Callable[[str], bool],
        limit: Limit,
        parallel: int,
        listeners: Collection[Callable[[], None]] = (),
    ) -> None:
        if Engine._current is not None:
            raise RuntimeError("the engine is already running in this process")
        self.studio = studio
        self.executor = executor
        self._executor_is_dead = is_dead
        self._closing = threading.Event()
        self._closed = threading.Event()
        self._door = threading.Lock()
        self._inlet = _inlet(url)
        self._listeners = listeners
        self._bells: dict[str, Bell] = {}
        self._dbos: DBOS | None = None
        config: DBOSConfig = {
            "name": APPLICATION,
            "application_version": VERSION,
            "executor_id": executor,
            "system_database_url": url,
            "log_level": "WARNING",
            "sys_db_pool_size": 20,
            "notification_listener_polling_interval_sec": 0.2,
        }
        if sa.make_url(url).get_backend_name() == "sqlite":
            config["db_engine_kwargs"] = {"connect_args": {"factory": Light}}
        logging.getLogger("dbos").addFilter(_worth_a_line)
        Engine._current = self
        try:
            self._dbos = dbos = DBOS(config=config)
            DBOS.listen_queues([])  # ours are listened to with a bell
            DBOS.launch()
            self._forget_other_versions()
            for queue in self._queues(limit, parallel):
                self._listen(dbos, queue)
        except BaseException as error:
            self.close(0)
            if isinstance(error, (sa.exc.SQLAlchemyError, OSError)):
                raise StoreUnavailable(
                    f"The engine's database cannot be used ({type(error).__name__}). "
                    "Restore it from a backup, or check AVATAR_DATABASE_URL and AVATAR_DATA_DIR."
                ) from None
            raise

    def _queues(self, limit: Limit, parallel: int) -> list[Queue]:
        """The queues that this process works on, made if need be."""
        server = DBOS.register_queue(
            SERVER,
            worker_concurrency=parallel,
            polling_interval_sec=LOOK_SECONDS,
            limiter={"limit": limit.starts, "period": limit.seconds},
            on_conflict="always_update",  # the settings of who starts last hold
        )
        local = DBOS.register_queue(
            LOCAL, worker_concurrency=2, polling_interval_sec=LOOK_SECONDS, on_conflict="always_update"
        )
        # A process without the key must not take a request that needs it.
        return [local, server] if self.studio.settings.server_usable else [local]

    def _forget_other_versions(self) -> None:
        """Forget unfinished workflows that this version cannot go on with; their blocks are found and queued anew."""
        active = DBOS.list_workflows(status=ACTIVE, load_input=False, load_output=False)
        stranded = [each.workflow_id for each in active if each.app_version != VERSION]
        if stranded:
            DBOS.delete_workflows(stranded)

    def _listen(self, dbos: DBOS, queue: Queue) -> None:
        """Look at a queue as the engine does, and besides whenever its bell is rung."""
        bell = self._bells[queue.name] = Bell()
        name = f"queue-worker-{queue.name}"
        thread = threading.Thread(
            target=queue_worker_thread, args=(bell, dbos, queue), name=name, daemon=True
        )
        dbos.background_thread_stop_events.append(bell)
        dbos._background_threads.append(thread)
        thread.start()

    def ring(self, queue: str, delay: float = 0.0) -> None:
        """Say that something was put into a queue, to be taken from it after so many seconds."""
        if queue in self._bells:
            self._bells[queue].ring(delay)

    def stir(self, queue: str) -> None:
        """Say that a place on a queue is about to become free."""
        if queue in self._bells:
            self._bells[queue].stir()

    def tell(self) -> None:
        """Say that a block has finished in this process."""
        for listener in self._listeners:
            listener()

    @classmethod
    def current(cls) -> Engine:
        """The engine of this process, for steps that run in it."""
        if cls._current is None:
            raise EngineClosed()
        return cls._current

    def check_open(self) -> None:
        """Raise StoreUnavailable if this engine takes nothing more."""
        if self._closing.is_set():
            raise StoreUnavailable(_CLOSED)

    def check_alive(self) -> None:
        """Raise EngineClosed if this engine was closed while a step of it was busy: another one goes on with it."""
        if self._closed.is_set():
            raise EngineClosed()

    def paint(self, run_id: str, block: int, number: int) -> None:
        """Bring a block's grid, after whoever is at it already.

        A call that was left open by a caller who is gone is closed.

        Raises:
            ModelError, StoreError: no picture.
            RunStopped: the block was cancelled, queued anew, or has ended, before anything was sent.
            EngineClosed: the engine is closing and nothing was sent.
        """
        catalog = self.studio.store.catalog
        # One that has failed in this round was told so, and may have been billed: a power cut can make us forget
        # that its request came to an end, but not that.
        unless = (BlockState.CANCELLED, BlockState.FAILED, BlockState.DONE)
        if not catalog.states.move(run_id, block, BlockState.PAINTING, unless=unless, number=number):
            raise RunStopped()
        while True:
            if self._closing.is_set():
                raise EngineClosed()
            with CALLERS.calling(self.executor) as caller:
                try:
                    self.studio.paint(run_id, block, caller)
                except CallUnderWay as busy:
                    call = busy.call
                else:
                    return
            if self.is_dead(call.caller):
                catalog.calls.end(call.id, AnswerLost().code, "The program stopped before the answer came.")
                continue
            time.sleep(0.5)
            now = catalog.states.of(run_id, block)
            if now.state is BlockState.CANCELLED or now.number != number:
                raise RunStopped()

    def is_dead(self, caller: str) -> bool:
        """Whether a request's caller is gone without a trace."""
        executor = caller.partition("#")[0]
        return caller not in CALLERS and (executor == self.executor or self._executor_is_dead(executor))

    def enqueue(
        self, queue: str, workflow: str, orders: Iterable[Order], *, priority: int, delay: float | None = None
    ) -> None:
        """Queue workflows by their name, many at a time, to begin after so many seconds; one that is known stays as it is.

        Raises:
            StoreUnavailable: the engine is closed, or its database cannot be reached.
        """
        client = DBOSClient(system_database_engine=self._inlet, application_name=APPLICATION, lazy=True)
        remaining = iter(orders)
        while some := list(itertools.islice(remaining, 100)):
            try:
                self._enqueue(client, queue, workflow, some, priority, delay)
            except sa.exc.SQLAlchemyError:
                raise StoreUnavailable() from None
            self.ring(queue, delay or 0.0)

    def _enqueue(
        self,
        client: DBOSClient,
        queue: str,
        workflow: str,
        orders: Iterable[Order],
        priority: int,
        delay: float | None,
    ) -> None:
        if self._closed.is_set():
            raise StoreUnavailable(_CLOSED)
        with self._inlet.begin() as connection:
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            for workflow_id, *arguments in orders:
                options: EnqueueOptions = {
                    "workflow_name": workflow,
                    "queue_name": queue,
                    "workflow_id": workflow_id,
                    "app_version": VERSION,
                    "priority": priority,
                }
                if delay is not None:
                    options["delay_seconds"] = delay
                client.enqueue_in_transaction(connection, options, *arguments)

    def known(self, run_id: str) -> dict[str, bool]:
        """The blocks of a run by the ids of their workflows, and whether all tries at each have ended."""
        known: dict[str, bool] = {}
        for workflow in self._of(run_id):
            block = workflow.workflow_id.partition("~")[0]
            known[block] = known.get(block, True) and workflow.status not in ACTIVE
        return known

    def cancel(self, run_id: str, blocks: Collection[str]) -> None:
        """Stop the workflows of blocks of a run, by their ids."""
        active = [
            workflow.workflow_id
            for workflow in self._of(run_id)
            if workflow.status in ACTIVE and workflow.workflow_id.partition("~")[0] in blocks
        ]
        if active:
            DBOS.cancel_workflows(active)

    @staticmethod
    def _of(run_id: str) -> list[WorkflowStatus]:
        return DBOS.list_workflows(workflow_id_prefix=f"{run_id}.", load_input=False, load_output=False)

    def recover(self) -> list[str]:
        """Take over the workflows of dead executors and return those executors' ids."""
        pending = DBOS.list_workflows(status="PENDING", load_input=False, load_output=False)
        executors = {workflow.executor_id for workflow in pending if workflow.executor_id}
        executors.discard(self.executor)
        dead = sorted(executor for executor in executors if self._executor_is_dead(executor))
        if dead:
            DBOS._recover_pending_workflows(dead)
        return dead

    def forget(self) -> None:
        """Delete workflows that finished long ago."""
        before = (datetime.now(UTC) - timedelta(days=KEEP_DAYS)).isoformat()
        while True:
            old = DBOS.list_workflows(
                completed_before=before, limit=1000, load_input=False, load_output=False
            )
            if not old:
                return
            DBOS.delete_workflows([workflow.workflow_id for workflow in old])

    def close(self, seconds: int) -> None:
        """Take nothing new, wait so long for what is running, and let go of the database."""
        self._closing.set()
        with self._door:
            if self._closed.is_set():
                return
            try:
                self._drain(seconds)
                DBOS.destroy()
            finally:
                self._closed.set()
                self._inlet.dispose()
                Engine._current = None

    def _drain(self, seconds: float) -> None:
        """Take nothing more from the queues, and wait so long for what was taken. DBOS itself would look once a second."""
        for bell in self._bells.values():
            bell.set()
        deadline, idle = time.monotonic() + seconds, 0
        while self._dbos is not None and idle < 3 and time.monotonic() < deadline:
            time.sleep(0.02)  # what was taken a moment ago is not on the list at once
            idle = 0 if self._dbos._active_workflows_set.activeList() else idle + 1

    def wait_for_calls(self, seconds: float | None = None) -> bool:
        """Wait until no request of this engine is under way. Whether none is any more is returned."""
        return CALLERS.wait(self.executor, seconds)


def _inlet(url: str) -> sa.Engine:
    """A connection of our own to the engine's database, to queue many workflows in one transaction."""
    parsed = sa.make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return sa.create_engine(parsed, connect_args={"timeout": 30, "factory": Light})
    return sa.create_engine(parsed.set(drivername="postgresql+psycopg"), pool_size=1, pool_pre_ping=True)


class Light(sqlite3.Connection):
    """A connection to the SQLite file of the engine's steps that does not wait for the disk each time.

    It loses nothing when the process dies. A power cut can take its last steps back, and then they are taken again:
    the catalog and the pictures, which do wait for the disk, tell that there is nothing left to do.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.execute("PRAGMA synchronous=NORMAL")


def _worth_a_line(record: logging.LogRecord) -> bool:
    """Whether the engine's log line says more than what is meant to be: a run was
    cancelled, the engine closed, or two processes looked at a queue at once.

    What a step brings after that is not written down, so whoever recovers its workflow takes that step again.
    """
    raised = record.exc_info[1] if record.exc_info else None
    cancelled = (dbos_error.DBOSAwaitedWorkflowCancelledError, dbos_error.DBOSWorkflowCancelledError)
    said = f"{record.getMessage()} {raised}"
    return not isinstance(raised, cancelled) and not any(each in said for each in _MEANT)


_MEANT = (
    "no longer owned by this execution",
    "was cancelled during execution",
    "accessed before DBOS was launched",
    "Contention detected in queue thread",
)
