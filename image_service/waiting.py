"""Waiting for orders without a thread for each who waits: one task looks after all of them."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from contextlib import suppress

import anyio.to_thread

from avatar_core.errors import StoreError
from avatar_core.pictures import Pictures
from avatar_core.store import Order

log = logging.getLogger(__name__)

LOOK_SECONDS = 0.25
"""How often orders are looked at that nobody in this process has news of: another one may be drawing them."""


class Watcher:
    """Tells those who wait when their order is finished."""

    def __init__(self, pictures: Pictures) -> None:
        self._pictures = pictures
        self._waiting: dict[str, list[asyncio.Event]] = defaultdict(list)
        self._orders: dict[str, Order] = {}
        self._news = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._task = asyncio.create_task(self._watch())

    def ring(self) -> None:
        """Have a look now. May be called from any thread."""
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            self._loop.call_soon_threadsafe(self._news.set)

    async def wait(self, order: Order, seconds: float) -> bool:
        """Wait until an order is finished, or for so many seconds. Whether it is finished is returned."""
        done = asyncio.Event()
        self._waiting[order.id].append(done)
        self._orders[order.id] = order
        self._news.set()
        try:
            async with asyncio.timeout(seconds):
                await done.wait()
        except TimeoutError:
            return False
        else:
            return True
        finally:
            left = self._waiting[order.id]
            left.remove(done)
            if not left:
                del self._waiting[order.id], self._orders[order.id]

    async def close(self) -> None:
        """Look no more."""
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task

    async def _watch(self) -> None:
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_SECONDS if self._orders else None):
                    await self._news.wait()
            self._news.clear()
            orders = list(self._orders.values())
            if not orders:
                continue
            try:
                unfinished = await anyio.to_thread.run_sync(self._pictures.unfinished_among, orders)
            except StoreError as error:
                log.warning("looking at orders failed; it is tried again: %s", error.message)
                await asyncio.sleep(LOOK_SECONDS)
                continue
            for order in orders:
                if order.id not in unfinished:
                    for done in self._waiting.get(order.id, ()):
                        done.set()
