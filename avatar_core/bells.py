"""Bells: a queue is looked at when something was put into it here, and not only when its time has come.

The engine's own loops look at their queues every so often. Work from other processes is found that way; work from this
one need not wait for it.
"""

from __future__ import annotations

import threading
import time

AWAKE_SECONDS = 10.0
"""After so long without a ring, a loop looks less often."""

DOZE_SECONDS = 1.0
"""How often an idle loop looks: ten looks a second would take a tenth of a core for nothing."""


class Bell(threading.Event):
    """The event that a loop of the engine waits on: it ends when it is set, and looks at once when it is rung."""

    def __init__(self) -> None:
        super().__init__()
        self._changed = threading.Condition()
        self._rung = self._heard = 0
        self._awake_until = time.monotonic() + AWAKE_SECONDS

    def set(self) -> None:
        """End the loop."""
        with self._changed:
            super().set()
            self._changed.notify_all()

    def ring(self, delay: float = 0.0) -> None:
        """Have the loop look; if it is looking just now, once more. It stays awake for what comes after ``delay`` s."""
        with self._changed:
            self._rung += 1
            self._awake_until = max(self._awake_until, time.monotonic() + delay + AWAKE_SECONDS)
            self._changed.notify_all()

    def stir(self) -> None:
        """Keep the loop awake, or wake it: a place on its queue is about to become free."""
        with self._changed:
            dozing = time.monotonic() > self._awake_until
            self._awake_until = max(self._awake_until, time.monotonic() + AWAKE_SECONDS)
            if dozing:
                self._rung += 1
                self._changed.notify_all()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until the bell is rung, or for so many seconds, or longer where nothing happens.

        Whether the loop shall end is returned.
        """
        with self._changed:
            if timeout is not None and time.monotonic() > self._awake_until:
                timeout = max(timeout, DOZE_SECONDS)
            self._changed.wait_for(lambda: self.is_set() or self._rung != self._heard, timeout)
            self._heard = self._rung
            return self.is_set()
