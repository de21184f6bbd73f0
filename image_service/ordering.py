"""How an order is taken, in whichever dialect: entered once, waited for, and told how it ended."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import anyio.to_thread
from starlette.requests import Request

from avatar_core.allowance import Customer
from avatar_core.pictures import Progress
from avatar_core.store import Order
from image_service.service import Service, idempotency_key

if TYPE_CHECKING:
    from collections.abc import Callable

    from avatar_core.types import Wish


@dataclass(frozen=True, slots=True)
class Outcome:
    """An order, and how it stands; None while that is not waited for or took too long."""

    order: Order
    progress: Progress | None


async def take(
    service: Service,
    request: Request,
    customer: Customer,
    wish: Callable[[], Wish],
    *,
    later: bool = False,
) -> Outcome:
    """Enter an order and wait for its pictures, unless the program asks ``later``.

    Whether the program still listens makes no difference: what was ordered is drawn, and found by the job's id.

    Raises:
        AvatarError, Refusal: nothing was ordered.
    """
    key = idempotency_key(request)

    def enter() -> Order:
        return service.pictures.order(wish(), customer, key=key, hurry=not later)

    order = await anyio.to_thread.run_sync(enter, limiter=service.threads)
    told = request.state.told
    told.update(job_id=order.id, model=order.wish.model, count=order.wish.count, prompt=order.wish.prompt)
    if later or not await service.watcher.wait(order, service.settings.avatar_service_timeout):
        return Outcome(order, None)
    progress = await anyio.to_thread.run_sync(
        partial(service.pictures.progress, order), limiter=service.threads
    )
    told.update(images=[image.id for image in progress.images], usd=progress.usd)
    return Outcome(order, progress)
