"""Painting: bring a block's picture, with one request to the model or without any.

What is already here is not ordered again, and what arrives is kept before anything else happens to it.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from avatar_core import cost
from avatar_core.budget import Budget
from avatar_core.errors import AnswerLost, AnswerUnusable, AvatarError, ModelError, StoreError
from avatar_core.models import ImageEditor, ImageModel
from avatar_core.models.catalog import Catalog as Models
from avatar_core.store import Store
from avatar_core.store.ledger import Ledger
from avatar_core.store.orders import BILLED
from avatar_core.types import Change, EditRequest, Grid, Painting, PaintRequest, Recipe, Run


class Painter:
    """Paints into one store."""

    def __init__(
        self,
        store: Store,
        open_model: Callable[[str], ImageModel],
        open_editor: Callable[[str], ImageEditor],
        models: Models,
        budget: Budget,
    ) -> None:
        self._store = store
        self._open_model = open_model
        self._open_editor = open_editor
        self._models = models
        self._budget = budget

    def paint(self, run_id: str, block: int, caller: str) -> Grid:
        """Bring a block's grid: the one that is already here, or one request to the model.

        The original bytes are kept before anything else happens to them, also before they are opened. A note beside
        them leads back to the run until the catalog knows the picture, so that a locked database or a power cut between
        the two loses nothing.

        Raises:
            ModelError: the model brought no picture.
            BudgetSpent: nothing was sent, because the daily budget leaves no room.
            StoreError: it could not be kept; a picture that arrived is found again by the next try.
            CallUnderWay: another call for this block has not ended.
        """
        run = self._store.catalog.run(run_id, block)
        record = run.blocks[0]
        if record.grid is not None:
            return record.grid
        if record.attempts and not run.personas:
            self._check_unpaid(run, block)
        calls = self._store.catalog.calls
        call = calls.begin(run_id, block, caller, self._check(run, block))
        try:
            change = self._change(run)
            arrived = self._arrived(run, change)
            if arrived is not None:
                calls.end(call, "spared")
                return arrived
            self._store.blobs.check_space()
            painting = self._brought(run, change)
            blob = self._store.arrivals.keep(run_id, block, painting)
            return self._enter(run, change, painting, blob, "painted")
        except BaseException as error:
            code = error.code if isinstance(error, AvatarError) else type(error).__name__
            request_id = error.request_id if isinstance(error, ModelError) else None
            with suppress(StoreError):  # the call stays open; whoever comes next finds its caller gone
                calls.end(call, code, self._told(error), request_id)
            raise

    def _check_unpaid(self, run: Run, block: int) -> None:
        """Refuse to ask once more for what a program ordered and may have been billed: it was promised to be paid once.

        What people run is asked for once more after a crash, so that a long run ends whole.
        """
        outcomes = {call.outcome for call in self._store.catalog.calls.of(run.id, block)}
        if outcomes.isdisjoint(BILLED) or self._store.arrivals.waiting(run.id, block):
            return
        if self._store.catalog.orders.of_run(run.id) is not None:
            raise AnswerLost(
                "The program stopped before the image server's answer was here, and the picture may have been billed. "
                "Check the provider's usage page before you order it anew."
            )

    def _brought(self, run: Run, change: Change | None) -> Painting:
        """Ask the model, once: to draw a block, or to change the picture that was sent along with its order."""
        recipe, record = run.recipe, run.blocks[0]
        if change is None:
            request = request_of(recipe, record.prompt, record.block.index)
            return self._open_model(recipe.model).paint(request)
        picture = self._store.blobs.get(change.picture)
        mask = self._store.blobs.get(change.mask) if change.mask else b""
        edit = EditRequest(record.prompt, picture, mask, recipe.size, recipe.quality)
        return self._open_editor(recipe.model).edit(edit)

    def _change(self, run: Run) -> Change | None:
        """What an order sent to be changed. A run of people serves no order."""
        order = None if run.personas else self._store.catalog.orders.of_run(run.id)
        return order.wish.change if order else None

    def _check(self, run: Run, block: int) -> Callable[[Ledger, datetime], None] | None:
        """What looks at the budget before a request is sent; nothing does for what is free or was paid before."""
        free = self._models.find(run.recipe.model).local
        if self._budget.limit is None or free or self._store.arrivals.waiting(run.id, block):
            return None
        return self._budget.check

    def _told(self, error: BaseException) -> str:
        """What the call's record says of an error, and where the bytes of a useless answer lie."""
        said = error.message if isinstance(error, AvatarError) else ""
        data = getattr(error, "data", b"") if isinstance(error, AnswerUnusable) else b""
        if not data:
            return said
        try:
            return f"{said} The answer's bytes are kept as {self._store.blobs.put(data)}."
        except StoreError as failed:
            return f"{said} The answer's bytes could not be kept: {failed.message}"

    def _arrived(self, run: Run, change: Change | None) -> Grid | None:
        """The grid of an earlier call: one that the catalog knows, or one that only a note knows."""
        block = run.blocks[0].block.index
        known = self._store.catalog.grid(run.id, block)
        if known is not None:
            return known
        arrival = self._store.arrivals.find(run.id, block)
        return self._enter(run, change, *arrival, "spared") if arrival else None

    def _enter(self, run: Run, change: Change | None, painting: Painting, blob: str, outcome: str) -> Grid:
        """Enter a picture whose bytes are kept into the catalog, with what it cost and how its call ended.

        Raises:
            AnswerUnusable: it is no whole picture; its bytes stay, and the next try asks for another.
        """
        from avatar_core.models.answers import check_whole

        recipe, record = run.recipe, run.blocks[0]
        block, length = record.block.index, len(record.prompt)
        try:
            check_whole(painting.data)
        except AnswerUnusable as error:
            self._store.arrivals.drop(run.id, block)
            error.request_id = painting.request_id
            raise
        changed = change.size if change else None
        wanted = self._models.find(recipe.model)
        estimate = cost.estimate(wanted, recipe.size, recipe.quality, length, changed=changed)
        facts = self._models.find(painting.model)
        price = cost.settle(facts, painting.usage)
        if price.usd is None:
            price = cost.estimate(facts, painting.size, recipe.quality, length, changed=changed)
        grid = self._store.catalog.add_grid(run.id, block, painting, blob, price, outcome, estimate=estimate)
        self._store.arrivals.drop(run.id, block)
        return grid


def request_of(recipe: Recipe, prompt: str, block: int) -> PaintRequest:
    """What is asked of the model for one block.

    Each block has a seed of its own: under the same one, two people of the same description in the same cell of two
    blocks would be the same face.
    """
    return PaintRequest(prompt=prompt, size=recipe.size, quality=recipe.quality, seed=recipe.seed + block)
