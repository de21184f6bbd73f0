"""Pictures for programs: order them once, see how they stand, read and delete what came.

An order is a run without people on the same engine, with the same limits, attempts and costs as every other. What a
token may do is told by whoever asks; that it does no more is held here.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from avatar_core import cost
from avatar_core.allowance import Customer, check_allowance
from avatar_core.changing import Sources, examine
from avatar_core.errors import (
    AccessDenied,
    AvatarError,
    BudgetSpent,
    ImageUnknown,
    KeyMissing,
    KeyRejected,
    ModelError,
    NoCredit,
    OrderDiffers,
    OrderUnknown,
    RateLimited,
    RequestRejected,
    RunStopped,
    ServerFailed,
    ServerUnreachable,
    StoreError,
    error_named,
)
from avatar_core.jobs import BATCH, INTERACTIVE, Jobs
from avatar_core.publishing import reduced
from avatar_core.serving import Serving
from avatar_core.store import Order, OrderedImage, OrderKnown
from avatar_core.types import Block, BlockState, FilterMode, Recipe, Size, Usage, Wish

_MENDABLE = (
    AccessDenied,
    BudgetSpent,
    KeyMissing,
    KeyRejected,
    NoCredit,
    RateLimited,
    RequestRejected,
    RunStopped,
    ServerFailed,
    ServerUnreachable,
    StoreError,
)
"""After these nothing was billed and another try may end otherwise, so the same order is taken up again."""

MOST_KEY = 255
"""Characters of an idempotency key."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How an order stands: what has come, and what went wrong."""

    order: Order
    state: BlockState
    images: tuple[OrderedImage, ...]
    error: AvatarError | None  #: the worst that happened to a picture of it; None while it is under way
    usd: float | None  #: what it cost so far; None if that is not known
    usage: Usage | None  #: tokens as the server counted them, all pictures together
    sizes: Mapping[int, Size]  #: of the pictures as they arrived, by their places from 1

    @property
    def finished(self) -> bool:
        return self.state.finished


class Pictures:
    """The use cases of programs, over the engine of this process.

    Raises:
        SettingsBroken, ModelUnknown, ModelRetired: the models that are served cannot be.
    """

    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs
        self._studio = jobs.studio
        self._catalog = jobs.studio.store.catalog
        self._publisher = jobs.studio.publisher
        self._most_open = jobs.studio.settings.avatar_service_open_orders
        self.serving = Serving(jobs.studio.settings, jobs.studio.models, jobs.studio.today())
        self._publisher.sweep()

    def warm(self) -> None:
        """Load what the default model needs, which takes a second, before somebody waits for it."""
        if self.ready():
            self._studio.warm(self.wish("A picture").drawn_by)

    def ready(self) -> bool:
        """Whether pictures can be drawn here."""
        return self.serving.ready(self._studio.today())

    def models(self) -> tuple[str, ...]:
        """The models that may be asked for today, the default first."""
        return self.serving.names(self._studio.today())

    def wish(
        self,
        prompt: str,
        *,
        model: str = "",
        size: str = "",
        quality: str = "",
        style: str = "",
        count: int = 1,
        sources: Sources | None = None,
    ) -> Wish:
        """What is to be drawn; what is empty takes its default. See :meth:`avatar_core.serving.Serving.wish`.

        With ``sources``, a picture is to be changed; nothing is kept of it yet.

        Raises:
            WishIllegal: something in it cannot be had.
            KeyMissing: nothing can be drawn here.
        """
        return self.serving.wish(
            self._studio.today(),
            prompt=prompt,
            model=model,
            size=size,
            quality=quality,
            style=style,
            count=count,
            change=None if sources is None else examine(sources),
        )

    def order(
        self,
        wish: Wish,
        customer: Customer,
        *,
        key: str | None = None,
        hurry: bool = True,
        sources: Sources | None = None,
    ) -> Order:
        """Order pictures, and return at once. Under a key the same wish is ordered once, whatever happens.

        Args:
            wish: what to draw.
            customer: who orders.
            key: the customer's own name for this order.
            hurry: whether somebody waits.
            sources: what the wish is to change.

        Raises:
            OrderDiffers: the key stands for another wish.
            OrdersTooMany, BudgetSpent: not now.
            KeyMissing: the model's server cannot be asked without a key.
            StoreError: it could not be kept; nothing was ordered.
        """
        facts = self._studio.models.find(wish.drawn_by)
        self._studio.check_key(facts)
        changed = wish.change.size if wish.change else None
        estimate = cost.estimate(
            facts, wish.drawn_size, wish.drawn_quality, len(wish.sent), changed=changed
        ).usd
        recipe = Recipe(
            model=wish.drawn_by,
            size=wish.drawn_size,
            quality=wish.drawn_quality,
            template="",
            filter_mode=FilterMode.NONE,
            seed=secrets.randbelow(2**31),  # the same words twice are two pictures, also of the demo model
        )
        try:
            order = self._catalog.orders.add(
                recipe,
                [(Block(number, (), ()), wish.sent) for number in range(wish.count)],
                wish,
                title=f"{wish.count} ordered of {wish.model}",
                token=customer.name,
                key=key,
                body=fingerprint(wish),
                estimate=estimate,
                allow=lambda standing: check_allowance(standing, customer, wish, estimate, self._most_open),
            )
        except OrderKnown as known:
            return self._again(known.order, wish, sources)
        try:
            self._keep(sources)
        except StoreError:
            self._jobs.cancel(order.run)
            raise
        self._jobs.start(order.run, priority=INTERACTIVE if hurry else BATCH, new=True)
        return order

    def progress(self, order: Order) -> Progress:
        """How an order stands now."""
        run = self._studio.run(order.run)
        grids = [record.grid for record in run.blocks if record.grid]
        used = [grid.usage for grid in grids if grid.usage]
        error: AvatarError | None = None
        stopped = (BlockState.FAILED, BlockState.CANCELLED)
        for record in run.blocks if run.finished else ():
            if record.state in stopped and error is None:
                error = error_named(record.error, record.message)
            if isinstance(error, ModelError) and record.not_before is not None:
                left = (record.not_before - datetime.now(UTC)).total_seconds()
                error.retry_after = max(error.retry_after or 0.0, left, 0.0)
        sizes = {each.block.index + 1: each.grid.size for each in run.blocks if each.grid}
        return Progress(
            order=order,
            state=run.state,
            # One that came since the run was read is of the next look.
            images=tuple(each for each in self._catalog.images.of(order.id) if each.ordinal in sizes),
            error=error,
            usd=run.usd,
            usage=_sum(used) if used and len(used) == len(grids) else None,
            sizes=sizes,
        )

    def unfinished_among(self, orders: Collection[Order]) -> set[str]:
        """The ids of those orders that are not finished; one read for all of them."""
        runs = self._catalog.states.unfinished_among([order.run for order in orders])
        return {order.id for order in orders if order.run in runs}

    def find(self, order_id: str, customer: Customer) -> Order:
        """The order of an id.

        Raises:
            OrderUnknown: there is none, or it is somebody else's.
        """
        order = self._catalog.orders.find(order_id)
        if order is None or not customer.may_see(order.token):
            raise OrderUnknown()
        return order

    def image(self, image_id: str, customer: Customer) -> OrderedImage:
        """The image of an id.

        Raises:
            ImageUnknown: there is none, or it is somebody else's.
        """
        image = self._catalog.images.find(image_id)
        if image is None or not customer.may_see(image.token):
            raise ImageUnknown()
        return image

    def images(
        self, customer: Customer, limit: int, before: tuple[datetime, str] | None = None
    ) -> Sequence[OrderedImage]:
        """Images, the newest first: a page of them, after a place in the list."""
        return self._catalog.images.page(
            limit, before=before, token=None if customer.sees_all else customer.name
        )

    def read(self, image: OrderedImage, side: int | None = None) -> bytes:
        """The PNG file of an image, reduced to ``side`` px if that is smaller.

        Raises:
            StoreError: its picture is damaged or cannot be read.
        """
        data = self._publisher.read(image)
        return data if side is None else reduced(data, side)

    def original(self, image: OrderedImage, wish: Wish) -> bytes:
        """The picture of an image as it arrived, byte for byte; its PNG file where a size is not drawn but made."""
        if wish.size == wish.drawn_size:
            return self._studio.store.blobs.get(image.blob)
        return self._publisher.original(image)

    def delete(self, image_id: str, customer: Customer) -> None:
        """Delete an image with all that belongs to it.

        Raises:
            ImageUnknown: there is none, any more or at all.
        """
        self._publisher.remove(self.image(image_id, customer))

    def _keep(self, sources: Sources | None) -> None:
        """Keep what is to be changed, once its order is entered: nobody drops it then."""
        for data in sources.files if sources else ():
            self._studio.store.blobs.put(data)

    def _again(self, order: Order, wish: Wish, sources: Sources | None) -> Order:
        """The order that was made under the same key; what failed of it without being billed is tried again."""
        if order.body != fingerprint(wish):
            raise OrderDiffers()
        run = self._studio.run(order.run)
        failed = [each for each in run.blocks if each.state in (BlockState.FAILED, BlockState.CANCELLED)]
        now = datetime.now(UTC)
        forgotten = order.wish.change is not None and not order.wish.change.picture
        mendable = not forgotten and all(
            isinstance(error_named(each.error, ""), _MENDABLE)
            and (each.not_before is None or each.not_before <= now)
            for each in failed
        )
        # An unfinished one may have been entered by a process that died before it queued it.
        if mendable and (failed or not run.finished):
            self._keep(sources)
            self._jobs.start(order.run, priority=INTERACTIVE)
        return order


def fingerprint(wish: Wish) -> str:
    """SHA-256 of what was asked for, whichever model draws it."""
    asked = [wish.prompt, wish.model, str(wish.size), wish.quality, wish.style, wish.count]
    if wish.change is not None:
        asked += [wish.change.picture, wish.change.mask]
    return hashlib.sha256(json.dumps(asked).encode()).hexdigest()


def _sum(used: Sequence[Usage]) -> Usage:
    charged = [each.usd for each in used if each.usd is not None]
    return Usage(
        input_text=sum(each.input_text for each in used),
        input_image=sum(each.input_image for each in used),
        output=sum(each.output for each in used),
        usd=sum(charged) if charged else None,
    )
