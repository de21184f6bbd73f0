"""Bells: a queue is looked at when something was put into it here, and not only when its time has come.

The engine's own loops look at their queues every so often. Work from other processes is found that way; work from this
one need not wait for it.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Bell(threading.Event):
    """The event that a loop of the engine waits on: it ends when it is set, and looks at once when it is rung."""

    def __init__(self) -> None:
        super().__init__()
        self._changed = threading.Condition()
        self._rung = self._heard = 0

    def set(self) -> None:
        """End the loop."""
        with self._changed:
            super().set()
            self._changed.notify_all()

    def ring(self) -> None:
        """Have the loop look; if it is looking just now, once more."""
        with self._changed:
            self._rung += 1
            self._changed.notify_all()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until the bell is rung, or for so many seconds. Whether the loop shall end is returned."""
        with self._changed:
            self._changed.wait_for(lambda: self.is_set() or self._rung != self._heard, timeout)
            self._heard = self._rung
            return self.is_set()


class Calling:
    """Who waits for which workflow of this process."""

    def __init__(self) -> None:
        self._waiting: dict[str, threading.Event] = {}

    @contextmanager
    def waiting(self, workflow: str) -> Iterator[threading.Event]:
        """An event that is set when this workflow is about to end here."""
        event = self._waiting.setdefault(workflow, threading.Event())
        try:
            yield event
        finally:
            self._waiting.pop(workflow, None)

    def ending(self, workflow: str) -> None:
        """Tell who waits for a workflow that it is about to end."""
        event = self._waiting.get(workflow)
        if event is not None:
            event.set()
