"""What happens to one block, step by step; each step is done once, also when the process dies in between.

Only plain values stand in arguments and results, because the engine writes them down; the studio is found through the
engine of this process.
"""

from __future__ import annotations

import logging
import random
import re
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any, TypeVar

from dbos import DBOS, SetEnqueueOptions, SetWorkflowID

from avatar_core.engine import BULK, LOCAL, RUSH, SERVER, Engine, EngineClosed
from avatar_core.errors import AvatarError, ModelError, StoreError
from avatar_core.store import Round
from avatar_core.types import BlockState

log = logging.getLogger(__name__)

T = TypeVar("T")

Place = tuple[str, int, int]
"""A run's id, a block of it, and the round that the block is in."""

BACKOFF_SECONDS = 1.0
"""The pause before the second try of a picture; it doubles before each further one."""

INSIST_SECONDS = (1, 2, 4, 8)
"""Pauses between tries to write down where a block stands: a database may be starting again."""


def block_id(run_id: str, block: int, number: int) -> str:
    """The workflow's id of a block in one of its rounds; its requests have it before a ``~``."""
    return f"{run_id}.{block}.{number}"


def queue_blocks(engine: Engine, run_id: str, rounds: Iterable[Round], *, local: bool, priority: int) -> None:
    """Queue blocks; the same block in the same round is queued once, however often this is called.

    Raises:
        StoreUnavailable: the engine is closed.
    """
    queue = LOCAL if local else SERVER
    attempts = engine.studio.settings.avatar_attempts
    engine.enqueue(
        RUSH if priority < 10 else BULK,
        "draw_block",
        (
            (
                block_id(run_id, each.block, each.number),
                run_id,
                each.block,
                each.number,
                queue,
                priority,
                attempts,
            )
            for each in rounds
        ),
        priority=priority,
    )


@DBOS.workflow(name="draw_block", max_recovery_attempts=100)
def draw_block(run_id: str, block: int, number: int, queue: str, priority: int, attempts: int) -> None:
    """Bring one block, in one of its rounds, from its prompt to its avatars, or to the image that was ordered."""
    outcome: dict[str, Any] = {}
    place = (run_id, block, number)
    for attempt in range(attempts):
        wait = None
        if attempt:
            chance = DBOS.run_step({"name": "jitter"}, random.random)
            wait = pause(attempt, outcome["retry_after"], chance)
            said = f"{_what_happened(outcome['message'])} Trying again in {wait:.0f} s (try {attempt + 1} of {attempts})."
            DBOS.run_step({"name": "wait"}, _move, place, BlockState.WAITING.value, message=said)
        call = f"{DBOS.workflow_id}~{attempt}"
        with SetWorkflowID(call), SetEnqueueOptions(priority=priority, delay_seconds=wait):
            DBOS.enqueue_workflow(queue, call_model, *place)
        if wait is None:
            _engine_hears(lambda engine: engine.ring(queue))
        outcome = DBOS.run_step({"name": "await"}, _outcome_of, call, 0.5 if priority < 10 else 1.0)
        if not outcome or not outcome["retryable"]:
            break
    if not outcome:
        outcome = DBOS.run_step({"name": "cut"}, _cut, place)
    if outcome:
        failed = {"error": outcome["code"], "message": outcome["message"], "wait": outcome["retry_after"]}
        DBOS.run_step({"name": "fail"}, _move, place, BlockState.FAILED.value, **failed)


@DBOS.workflow(name="call_model", max_recovery_attempts=100)
def call_model(run_id: str, block: int, number: int) -> dict[str, Any]:
    """One request to the model: one start on its queue. Empty when the picture is kept, else what went wrong."""
    outcome: dict[str, Any] = DBOS.run_step({"name": "paint"}, _paint, (run_id, block, number))
    call = DBOS.workflow_id or ""
    _engine_hears(lambda engine: engine.ending(call))
    return outcome


def pause(attempt: int, retry_after: float | None, chance: float) -> float:
    """Seconds before try ``attempt`` + 1: 1, 2, 4 … up to 60, up to a quarter more by chance.

    What the server asked for is never undercut.

    >>> pause(1, None, 0.0), pause(3, None, 1.0), pause(1, 30.0, 0.0)
    (1.0, 5.0, 30.0)
    """
    backoff = min(60.0, BACKOFF_SECONDS * 2.0 ** (attempt - 1)) * (1 + chance / 4)
    return max(backoff, retry_after or 0.0)


def _paint(place: Place) -> dict[str, Any]:
    try:
        Engine.current().paint(*place)
    except Exception as error:
        return _told(error)
    return {}


def _what_happened(message: str) -> str:
    """An error's message without its last sentence where that asks the reader to try again: it is done here.

    >>> _what_happened("The server failed (HTTP 500). Try again in a few minutes.")
    'The server failed (HTTP 500).'
    """
    return re.sub(r"(?<=\.)\s+[^.”]*\btry again\b[^.”]*\.$", "", message, flags=re.IGNORECASE)


def _outcome_of(call: str, longest_poll: float) -> dict[str, Any]:
    try:
        outcome: dict[str, Any] = Engine.current().result(call, longest_poll)
    except Exception as error:
        return _told(error)
    return outcome


def _cut(place: Place) -> dict[str, Any]:
    run_id, block, _ = place
    try:
        if _move(place, BlockState.CUTTING.value):
            Engine.current().studio.finish(run_id, block)
            _move(place, BlockState.DONE.value)
    except Exception as error:
        return _told(error)
    return {}


def _move(place: Place, state: str, *, error: str = "", message: str = "", wait: float | None = None) -> bool:
    """Move a block to a state, unless it is cancelled; insist on it if the database is away for a moment."""
    run_id, block, number = place
    engine = Engine.current()
    states = engine.studio.store.catalog.states
    moved = _insist(
        lambda: states.move(
            run_id,
            block,
            BlockState(state),
            error=error,
            message=message,
            wait=wait,
            unless=(BlockState.CANCELLED,),
            number=number,
        )
    )
    if BlockState(state).finished:
        engine.tell()
    return moved


def _engine_hears(news: Callable[[Engine], None]) -> None:
    """Tell the engine of this process, if it is still there, what nobody depends on."""
    with suppress(EngineClosed):
        news(Engine.current())


def _insist(write: Callable[[], T]) -> T:
    for seconds in INSIST_SECONDS:
        try:
            return write()
        except StoreError:
            time.sleep(seconds)
    return write()


def _told(error: Exception) -> dict[str, Any]:
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
