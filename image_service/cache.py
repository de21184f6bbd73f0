"""Small pictures that were made a moment ago, up to so many bytes."""

from __future__ import annotations

import threading
from collections import OrderedDict


class Cache:
    """Bytes by name; what was not asked for longest goes first. Safe to share between threads."""

    def __init__(self, most_bytes: int = 64_000_000) -> None:
        self._most = most_bytes
        self._held: OrderedDict[tuple[str, int], bytes] = OrderedDict()
        self._length = 0
        self._lock = threading.Lock()

    def get(self, name: tuple[str, int]) -> bytes | None:
        """What is held under a name."""
        with self._lock:
            if name in self._held:
                self._held.move_to_end(name)
            return self._held.get(name)

    def put(self, name: tuple[str, int], data: bytes) -> None:
        """Hold bytes under a name."""
        with self._lock:
            self._length += len(data) - len(self._held.pop(name, b""))
            self._held[name] = data
            while self._length > self._most:
                _, gone = self._held.popitem(last=False)
                self._length -= len(gone)
