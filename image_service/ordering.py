"""How an order is taken, in whichever dialect: entered once, waited for, and told how it ended."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import anyio
import anyio.to_thread
from starlette.requests import Request

from avatar_core.pictures import Progress
from avatar_core.store import Order
from image_service.answers import DELETED, Refusal
from image_service.service import Service, idempotency_key

Place = Callable[[str | None], Order]
"""Places an order under a key; called in a thread."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """An order, and how it stands; None while that is not waited for or took too long."""

    order: Order
    progress: Progress | None

    @property
    def error(self) -> Exception | None:
        """Why there are no pictures to answer with, if that is settled."""
        if self.progress is None:
            return None
        if self.progress.error is not None or self.progress.images:
            return self.progress.error
        return Refusal(
            DELETED,
            "This order is completed, and its images were deleted since. Nothing was drawn or paid again. "
            "To have new ones, order with a new Idempotency-Key.",
        )


async def enter(
    service: Service,
    request: Request,
    place: Place,
    limiter: anyio.CapacityLimiter | None = None,
) -> Order:
    """Enter an order.

    Raises:
        AvatarError, Refusal: nothing was ordered.
    """
    key = idempotency_key(request)
    order = await anyio.to_thread.run_sync(partial(place, key), limiter=limiter or service.threads)
    wish, told = order.wish, request.state.told
    told.update(job_id=order.id, model=wish.model, count=wish.count)
    if wish.prompt:  # it goes with the last image of an order
        told["prompt"] = wish.prompt
    if wish.change is not None:
        told.update(picture_sha256=wish.change.picture, mask_sha256=wish.change.mask or None)
    return order


async def follow(service: Service, request: Request, order: Order, *, later: bool = False) -> Outcome:
    """Wait for the pictures of an order, unless the program asks ``later``.

    Whether the program still listens makes no difference: what was ordered is drawn, and found by the job's id.
    """
    told = request.state.told
    try:
        if later or not await service.watcher.wait(order, service.settings.avatar_service_timeout):
            return Outcome(order, None)
    except asyncio.CancelledError:
        # The service has stopped waiting for what is running, and says where the pictures will be before it ends.
        service.drained = True
        told["outcome"] = "stopped"
        return Outcome(order, None)
    progress = await anyio.to_thread.run_sync(
        partial(service.pictures.progress, order), limiter=service.threads
    )
    told.update(images=[image.id for image in progress.images], usd=progress.usd)
    return Outcome(order, progress)
