"""The engine's workflows and queues: the one room that speaks DBOS.

Only plain values stand in arguments and results, because the engine writes them down; the studio is found through the
engine of this process. Rooms above use :class:`Engine` through :mod:`avatar_core.jobs`.
"""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol

from dbos import DBOS, DBOSConfig, SetEnqueueOptions, SetWorkflowID
from dbos import error as dbos_error

from avatar_core.errors import AnswerLost, AvatarError, ModelError, RunStopped
from avatar_core.store import CallUnderWay
from avatar_core.studio import Studio
from avatar_core.types import BlockState

if TYPE_CHECKING:
    from avatar_core.jobs import Limit

log = logging.getLogger(__name__)

SERVER, LOCAL = "server", "local"
"""Queues of requests: to an image server, under the rate limit; to this machine's own model."""

RUSH, BULK = "rush", "bulk"
"""Queues of blocks: somebody waits; nobody does. Apart, so that a long batch never fills all places."""

ACTIVE = ["ENQUEUED", "PENDING", "DELAYED"]
KEEP_DAYS = 7
"""Finished workflows are forgotten after so many days; the catalog keeps what matters."""


class _Handle(Protocol):
    def get_result(self, *, polling_interval_sec: float) -> dict[str, Any]: ...


@DBOS.workflow(name="draw_block", max_recovery_attempts=100)
def draw_block(run_id: str, block: int, queue: str, priority: int, attempts: int) -> None:
    """Bring one block from its prompt to its avatars."""
    outcome: dict[str, Any] = {}
    for attempt in range(attempts):
        wait = None
        if attempt:
            chance = DBOS.run_step({"name": "jitter"}, random.random)
            wait = pause(attempt, outcome["retry_after"], chance)
            DBOS.run_step(
                {"name": "wait"}, _say_waiting, run_id, block, outcome["message"], wait, attempt + 1, attempts
            )
        with (
            SetWorkflowID(f"{DBOS.workflow_id}~{attempt}"),
            SetEnqueueOptions(priority=priority, delay_seconds=wait),
        ):
            handle: _Handle = DBOS.enqueue_workflow(queue, call_model, run_id, block)
        outcome = handle.get_result(polling_interval_sec=0.1 if priority < 10 else 0.5)
        if not outcome:
            break
        if not outcome["retryable"]:
            break
    if not outcome:
        outcome = DBOS.run_step({"name": "cut"}, _cut, run_id, block)
    if outcome:
        DBOS.run_step({"name": "fail"}, _fail, run_id, block, outcome["code"], outcome["message"])


@DBOS.workflow(name="call_model", max_recovery_attempts=100)
def call_model(run_id: str, block: int) -> dict[str, Any]:
    """One request to the model: one start on its queue. Empty when the picture is kept, else what went wrong."""
    return DBOS.run_step({"name": "paint"}, _paint, run_id, block)


def pause(attempt: int, retry_after: float | None, chance: float) -> float:
    """Seconds before try ``attempt`` + 1: 1, 2, 4 … up to 60, up to a quarter more by chance.

    What the server asked for is never undercut.

    >>> pause(1, None, 0.0), pause(3, None, 1.0), pause(1, 30.0, 0.0)
    (1.0, 5.0, 30.0)
    """
    backoff = min(60.0, 2.0 ** (attempt - 1)) * (1 + chance / 4)
    return max(backoff, retry_after or 0.0)


def _paint(run_id: str, block: int) -> dict[str, Any]:
    engine = Engine.current()
    catalog = engine.studio.store.catalog
    if not catalog.set_state(run_id, block, BlockState.PAINTING, unless=(BlockState.CANCELLED,)):
        return _outcome(RunStopped())
    while True:
        try:
            engine.studio.paint(run_id, block, engine.executor)
        except CallUnderWay as busy:
            if engine.is_dead(busy.call.caller):
                catalog.calls.end(
                    busy.call.id, AnswerLost().code, "The program stopped before the answer came."
                )
            else:
                time.sleep(0.5)
        except Exception as error:
            return _outcome(error)
        else:
            return {}


def _cut(run_id: str, block: int) -> dict[str, Any]:
    studio = Engine.current().studio
    try:
        if studio.store.catalog.set_state(run_id, block, BlockState.CUTTING, unless=(BlockState.CANCELLED,)):
            studio.cut(run_id, block)
            studio.store.catalog.set_state(run_id, block, BlockState.DONE, unless=(BlockState.CANCELLED,))
    except Exception as error:
        return _outcome(error)
    return {}


def _fail(run_id: str, block: int, code: str, message: str) -> None:
    Engine.current().studio.store.catalog.set_state(
        run_id, block, BlockState.FAILED, error=code, message=message, unless=(BlockState.CANCELLED,)
    )


def _say_waiting(run_id: str, block: int, message: str, seconds: float, attempt: int, attempts: int) -> None:
    Engine.current().studio.store.catalog.set_state(
        run_id,
        block,
        BlockState.WAITING,
        message=f"{message} Trying again in {seconds:.0f} s (try {attempt} of {attempts}).",
        unless=(BlockState.CANCELLED,),
    )


def _outcome(error: Exception) -> dict[str, Any]:
    """An error as plain values. One that is not ours is a fault of the program: it goes to the log as well."""
    if not isinstance(error, AvatarError):
        log.error("unexpected failure", exc_info=error)
        error = AvatarError(
            f"Something unexpected went wrong ({type(error).__name__}). The log of the program says more; try again."
        )
    model_error = error if isinstance(error, ModelError) else None
    return {
        "code": error.code,
        "message": error.message,
        "retryable": model_error is not None and model_error.retryable,
        "retry_after": model_error.retry_after if model_error else None,
    }


def _worth_a_line(record: logging.LogRecord) -> bool:
    """Whether the engine's log line says more than that a workflow was cancelled, which a user did on purpose."""
    raised = record.exc_info[1] if record.exc_info else None
    cancelled = isinstance(
        raised, (dbos_error.DBOSAwaitedWorkflowCancelledError, dbos_error.DBOSWorkflowCancelledError)
    )
    return not cancelled and "no longer owned by this execution" not in record.getMessage()


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
        application: str,
        version: str,
        limit: Limit,
        parallel: int,
    ) -> None:
        if Engine._current is not None:
            raise RuntimeError("the engine is already running in this process")
        self.studio = studio
        self.executor = executor
        self.is_dead = is_dead
        self._version = version
        config: DBOSConfig = {
            "name": application,
            "application_version": version,
            "executor_id": executor,
            "system_database_url": url,
            "log_level": "WARNING",
            "sys_db_pool_size": 20,
            "notification_listener_polling_interval_sec": 0.2,
        }
        DBOS(config=config)
        logging.getLogger("dbos").addFilter(_worth_a_line)
        queues = [RUSH, BULK, LOCAL]
        if studio.settings.server_usable:
            queues.append(SERVER)  # a process without the key must not take a request that needs it
        DBOS.listen_queues(queues)
        Engine._current = self
        try:
            DBOS.launch()
            DBOS.register_queue(RUSH, worker_concurrency=16, polling_interval_sec=0.1)
            DBOS.register_queue(BULK, worker_concurrency=4 * parallel, polling_interval_sec=0.5)
            DBOS.register_queue(LOCAL, worker_concurrency=2, polling_interval_sec=0.1)
            DBOS.register_queue(
                SERVER,
                worker_concurrency=parallel,
                polling_interval_sec=0.1,
                limiter={"limit": limit.starts, "period": limit.seconds},
            )
        except BaseException:
            self.close(0)
            raise

    @classmethod
    def current(cls) -> Engine:
        """The engine of this process, for steps that run in it."""
        if cls._current is None:
            raise RuntimeError("no engine runs in this process")
        return cls._current

    def enqueue(self, run_id: str, block: int, number: int, *, local: bool, priority: int) -> None:
        """Queue a block; the same block in the same round is queued once, however often this is called."""
        with SetWorkflowID(f"{run_id}.{block}.{number}"), SetEnqueueOptions(priority=priority):
            DBOS.enqueue_workflow(
                RUSH if priority < 10 else BULK,
                draw_block,
                run_id,
                block,
                LOCAL if local else SERVER,
                priority,
                self.studio.settings.avatar_attempts,
            )

    def cancel(self, run_id: str) -> None:
        """Stop what a run still has queued or running."""
        active = DBOS.list_workflows(
            workflow_id_prefix=f"{run_id}.", status=list(ACTIVE), load_input=False, load_output=False
        )
        if active:
            DBOS.cancel_workflows([workflow.workflow_id for workflow in active])

    def recover(self) -> list[str]:
        """Take over the workflows of dead executors and return those executors' ids."""
        pending = DBOS.list_workflows(status="PENDING", load_input=False, load_output=False)
        executors = {workflow.executor_id for workflow in pending if workflow.executor_id}
        dead = sorted(executor for executor in executors if self.is_dead(executor))
        if dead:
            DBOS._recover_pending_workflows(dead)
        return dead

    def forget(self) -> None:
        """Delete workflows that finished long ago."""
        before = (datetime.now(UTC) - timedelta(days=KEEP_DAYS)).isoformat()
        old = DBOS.list_workflows(completed_before=before, limit=1000, load_input=False, load_output=False)
        if old:
            DBOS.delete_workflows([workflow.workflow_id for workflow in old])

    def close(self, seconds: int) -> None:
        """Take nothing new, wait so long for what is running, and let go of the database."""
        if Engine._current is self:
            DBOS.destroy(workflow_completion_timeout_sec=seconds)
            Engine._current = None
