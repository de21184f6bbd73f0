"""What happens to one block, from its prompt to its avatars; also when the process dies in between.

Only plain values stand in arguments and results, because the engine writes them down; the studio is found through the
engine of this process.
"""

from __future__ import annotations

import logging
import random
import re
import time
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from dbos import DBOS

from avatar_core.engine import LOCAL, SERVER, Engine
from avatar_core.errors import AvatarError, ModelError, RunStopped, StoreError
from avatar_core.store import Round
from avatar_core.types import BlockState

log = logging.getLogger(__name__)

T = TypeVar("T")

Place = tuple[str, int, int]
"""A run's id, a block of it, and the round that the block is in."""

BACKOFF_SECONDS = 1.0
"""The pause before the second try of a picture; it doubles before each further one."""

BRING = "bring_block"
"""The workflow's name in the engine's records."""

INSIST_SECONDS = (1, 2, 4, 8)
"""Pauses between tries to write down where a block stands: a database may be starting again."""


def block_id(run_id: str, block: int, number: int) -> str:
    """The workflow's id of a block in one of its rounds; further tries have theirs after a ``~``."""
    return f"{run_id}.{block}.{number}"


def queue_blocks(engine: Engine, run_id: str, rounds: Iterable[Round], *, local: bool, priority: int) -> None:
    """Queue blocks; the same block in the same round is queued once, however often this is called.

    Raises:
        StoreUnavailable: the engine's database cannot be reached.
    """
    queue = LOCAL if local else SERVER
    attempts = engine.studio.settings.avatar_attempts
    engine.enqueue(
        queue,
        BRING,
        (
            (
                block_id(run_id, each.block, each.number),
                run_id,
                each.block,
                each.number,
                queue,
                priority,
                attempts,
                0,
            )
            for each in rounds
        ),
        priority=priority,
    )


@DBOS.workflow(name=BRING, max_recovery_attempts=100)
def bring_block(
    run_id: str, block: int, number: int, queue: str, priority: int, attempts: int, attempt: int
) -> None:
    """One try at a block in one of its rounds: one start on its queue, one request, and then the cut.

    A try that failed and may end otherwise queues the next one, so each counts against the queue's limit and none
    holds a place while it waits.
    """
    place = (run_id, block, number)
    wait = DBOS.run_step({"name": "bring"}, _bring, place, attempt, attempts)
    engine = Engine.current()
    engine.stir(queue)
    if wait is not None:
        following = attempt + 1
        name = f"{block_id(*place)}~{following}"
        order = (name, *place, queue, priority, attempts, following)
        _insist(lambda: engine.enqueue(queue, BRING, [order], priority=priority, delay=wait))


def pause(attempt: int, retry_after: float | None, chance: float) -> float:
    """Seconds before try ``attempt`` + 1: 1, 2, 4 … up to 60, up to a quarter more by chance.

    What the server asked for is never undercut.

    >>> pause(1, None, 0.0), pause(3, None, 1.0), pause(1, 30.0, 0.0)
    (1.0, 5.0, 30.0)
    """
    backoff = min(60.0, BACKOFF_SECONDS * 2.0 ** (attempt - 1)) * (1 + chance / 4)
    return max(backoff, retry_after or 0.0)


def _bring(place: Place, attempt: int, attempts: int) -> float | None:
    """Bring a block as far as it goes. The seconds after which to try again are returned, or None if it has ended.

    It may be done again after a crash: what is here is not asked for, and what has ended stays so.
    """
    engine = Engine.current()
    run_id, block, number = place
    wait = None
    try:
        engine.paint(run_id, block, number)
        engine.check_alive()
        if _move(engine, place, BlockState.CUTTING):
            engine.studio.finish(run_id, block)
            _move(engine, place, BlockState.DONE)
    except RunStopped:
        pass  # whoever stopped it has said so
    except Exception as failure:
        error = _known(failure)
        if _retryable(error) and attempt + 1 < attempts:
            wait = _wait(engine, place, error, attempt + 1, attempts)
        else:
            more = {"error": error.code, "message": error.message, "wait": _retry_after(error)}
            _move(engine, place, BlockState.FAILED, **more)
    engine.check_alive()
    return wait


def _wait(engine: Engine, place: Place, error: AvatarError, attempt: int, attempts: int) -> float:
    """Say that a block waits for its next try, and return for how many seconds."""
    wait = pause(attempt, _retry_after(error), random.random())
    said = f"{_what_happened(error.message)} Trying again in {wait:.0f} s (try {attempt + 1} of {attempts})."
    _move(engine, place, BlockState.WAITING, message=said)
    return wait


def _retryable(error: AvatarError) -> bool:
    return isinstance(error, ModelError) and error.retryable


def _retry_after(error: AvatarError) -> float | None:
    return error.retry_after if isinstance(error, ModelError) else None


def _what_happened(message: str) -> str:
    """An error's message without its last sentence where that asks the reader to try again: it is done here.

    >>> _what_happened("The server failed (HTTP 500). Try again in a few minutes.")
    'The server failed (HTTP 500).'
    """
    return re.sub(r"(?<=\.)\s+[^.”]*\btry again\b[^.”]*\.$", "", message, flags=re.IGNORECASE)


def _move(engine: Engine, place: Place, state: BlockState, **more: Any) -> bool:
    """Move a block to a state, unless it was cancelled or is done; insist on it if the database is away for a moment."""
    run_id, block, number = place
    move = engine.studio.store.catalog.states.move
    unless = (BlockState.CANCELLED, BlockState.DONE)
    moved = _insist(lambda: move(run_id, block, state, unless=unless, number=number, **more))
    if state.finished:
        engine.tell()
    return moved


def _insist(write: Callable[[], T]) -> T:
    for seconds in INSIST_SECONDS:
        try:
            return write()
        except StoreError:
            time.sleep(seconds)
    return write()


def _known(error: Exception) -> AvatarError:
    """An error in the user's words. One that is not ours is a fault of the program: it goes to the log as well."""
    if isinstance(error, AvatarError):
        return error
    log.error("unexpected failure", exc_info=error)
    return AvatarError(
        f"Something unexpected went wrong ({type(error).__name__}). The log of the program says more; try again."
    )
