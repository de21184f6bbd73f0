"""The use cases for one block: plan it, paint it, cut it, show it, export it.

Everything that pages, the service and the command line do goes through here; nothing here knows about time, queues
or pages. Painting and cutting may be repeated at will: what is already there is not made, or paid for, again.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from avatar_core.budget import Budget, Spending
from avatar_core.errors import (
    AnswerUnusable,
    AvatarError,
    InputError,
    KeyMissing,
    NoPeople,
    PictureUnreadable,
    TooManyPeople,
)
from avatar_core.finish import AS_STORED, Finish
from avatar_core.grid import CELLS
from avatar_core.health import examine
from avatar_core.models import ImageEditor, ImageModel, open_editor, open_model
from avatar_core.models.catalog import Catalog as Models
from avatar_core.models.catalog import adapted, days_left, open_catalog
from avatar_core.painting import Painter
from avatar_core.planning import Plan, make_plan, seat, write_prompts
from avatar_core.publishing import Publisher
from avatar_core.recutting import Cutting
from avatar_core.settings import Settings
from avatar_core.store import RunSummary, Store, open_store
from avatar_core.store.drafts import Drafts
from avatar_core.types import (
    Avatar,
    Box,
    Grid,
    ModelFacts,
    Persona,
    Prompt,
    Recipe,
    Run,
)
from avatar_core.viewing import Viewing

if TYPE_CHECKING:
    from avatar_core.models.served import Listing


class Studio:
    """The use cases, over one store and one way to open models."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        open_model: Callable[[str], ImageModel],
        open_editor: Callable[[str], ImageEditor],
        models: Models,
        today: Callable[[], date],
    ) -> None:
        self.settings = settings
        self.store = store
        self.models = models
        self.today = today
        limit = settings.avatar_daily_budget
        self._budget = Budget(None if limit is None else float(limit), models)
        self._open_model = open_model
        self._painter = Painter(store, open_model, open_editor, models, self._budget)
        self._viewing = Viewing(self.picture)
        self.cutting = Cutting(store)
        self.publisher = Publisher(store, settings.avatar_data_dir.absolute() / "images")

    # Before anything is sent

    def offered(self) -> tuple[ModelFacts, ...]:
        """The models to choose from today: those of the catalog, and the one that the settings name."""
        offered = self.models.offered(self.today())
        named = self.settings.default_model
        if any(facts.id == named for facts in offered):
            return offered
        try:
            return (self.models.usable(named, self.today()), *offered)
        except InputError:
            return offered

    def usable(self, model_id: str) -> ModelFacts:
        """The facts of a model that can be painted with today, also of one that is written DIALECT:ID.

        Raises:
            ModelUnknown, ModelRetired: it cannot be used.
        """
        return self.models.usable(model_id, self.today())

    def successor(self, model_id: str) -> ModelFacts | None:
        """What replaces a model that was shut down or that a server no longer has; None if nothing is known."""
        try:
            facts = self.models.find(model_id)
            if facts.retired(self.today()):
                return self.models.successor(model_id, self.today())
            return self.usable(facts.successor) if facts.successor else None
        except InputError:
            return None

    def days_left(self, facts: ModelFacts) -> int | None:
        """Days until a model is shut down, see :func:`avatar_core.models.catalog.days_left`."""
        return days_left(facts, self.today())

    def list_models(self, dialect: str = "") -> Listing:
        """What the image server lists, see :func:`avatar_core.models.served.list_models`. Asking costs nothing.

        Raises:
            ModelError: the server refused, or did not answer.
        """
        from avatar_core.models.served import list_models

        return list_models(self.settings, dialect=dialect, today=self.today())

    def plan_again(self, run: Run, facts: ModelFacts) -> Plan:
        """Plan a run anew for another model: the same people, words and looks.

        A size or quality that this model does not have becomes its default.

        Raises:
            InputError: something in it cannot be sent, with what to change.
        """
        worn = [look for record in run.blocks for look in record.block.filters]
        return self.plan(run.personas, adapted(run.recipe, facts), worn)

    def check_key(self, facts: ModelFacts) -> None:
        """Raise KeyMissing if this model cannot be asked with the settings as they are."""
        if not facts.local and not self.settings.usable_for(facts.dialect):
            raise KeyMissing()

    def spending(self) -> Spending:
        """What the last 24 hours cost, what is reserved, and the daily budget."""
        return self._budget.spending(self.store.catalog.calls.ledger())

    def plan(self, personas: Sequence[Persona], recipe: Recipe, filters: Sequence[str] | None = None) -> Plan:
        """Work out every prompt and the cost of a run, see :func:`avatar_core.planning.make_plan`.

        Raises:
            InputError: something in it cannot be sent, with what to change.
        """
        return make_plan(self.models.usable(recipe.model, self.today()), personas, recipe, filters)

    def plan_one(
        self, personas: Sequence[Persona], recipe: Recipe, filters: Sequence[str] | None = None
    ) -> Plan:
        """Plan a single picture, see :meth:`plan`.

        Raises:
            TooManyPeople: a picture holds nine.
        """
        if len(personas) > CELLS:
            raise TooManyPeople(
                f"A picture holds {CELLS} people, and there are {len(personas)} here. "
                f"Remove {len(personas) - CELLS}, or use the command line for longer lists."
            )
        return self.plan(personas, recipe, filters)

    def preview(
        self, personas: Sequence[Persona], recipe: Recipe, filters: Sequence[str] | None = None
    ) -> Prompt:
        """The text that would be sent for the first nine people, also when it is still too long to be sent."""
        if not personas:
            raise NoPeople()
        return write_prompts(seat(personas, recipe, filters)[:1], recipe)[0]

    def keep_draft(self, data: bytes, draft: str = "") -> str:
        """Keep what somebody is still typing, in place of the draft of this id or as a new one; the id is returned.

        Raises:
            StoreError: it cannot be kept.
        """
        return Drafts(self.store.blobs).keep(data, draft)

    def find_draft(self, draft: str) -> bytes | None:
        """What a draft holds; None if there is none of that id."""
        return Drafts(self.store.blobs).find(draft)

    # A run

    def begin(self, plan: Plan, *, title: str = "", session: str = "", variant: str = "") -> str:
        """Keep a plan as a new run and return its id. Nothing is sent yet.

        Raises:
            KeyMissing: the model's server cannot be asked without a key.
        """
        self.check_key(plan.facts)
        return self.store.catalog.add_run(
            plan.recipe,
            [(block, prompt.text) for block, prompt in zip(plan.blocks, plan.prompts, strict=True)],
            title=title or plan.title,
            session=session,
            variant=variant,
            fingerprint=plan.fingerprint,
        )

    def begin_session(self, plans: Mapping[str, Plan]) -> tuple[str, list[str]]:
        """Keep plans as the variants of one new tuning session, by their labels; all of them or none.

        Returns:
            The session's id and the ids of its runs.

        Raises:
            KeyMissing: one of the models cannot be asked without a key.
        """
        for plan in plans.values():
            self.check_key(plan.facts)
        session = uuid.uuid4().hex
        return session, [self.begin(plan, session=session, variant=label) for label, plan in plans.items()]

    def session(self, session: str) -> list[RunSummary]:
        """The variants of a tuning session, in their order."""
        return self.store.catalog.summaries(session=session)

    def earlier(self, plan: Plan) -> Run | None:
        """The newest run of this very plan, if there is one: the same recipe for the same people."""
        newest = self.store.catalog.summaries(limit=1, fingerprint=plan.fingerprint)
        return self.run(newest[0].id) if newest else None

    def sessions(self, limit: int = 20) -> list[list[RunSummary]]:
        """The tuning sessions with their variants, the newest session first."""
        return [self.session(session) for session in self.store.catalog.sessions(limit)]

    def unfinished(self, plan: Plan) -> str | None:
        """The id of the newest run of this very plan, if it has not brought every picture."""
        run = self.earlier(plan)
        return run.id if run is not None and not run.complete else None

    def run(self, run_id: str) -> Run:
        """Everything known about a run."""
        return self.store.catalog.run(run_id)

    def picture(self, blob: str) -> bytes:
        """The bytes of a grid or avatar."""
        return self.store.blobs.get(blob)

    def warm(self, model_id: str) -> None:
        """Open a model, and ask nothing of it: what it needs is loaded then."""
        with suppress(AvatarError):  # whoever orders from it is told
            self._open_model(model_id)

    def paint(self, run_id: str, block: int, caller: str) -> Grid:
        """Bring a block's grid: the one that is already here, or one request to the model.

        Raises:
            ModelError: the model brought no picture.
            StoreError: it could not be kept; a picture that arrived is found again by the next try.
            CallUnderWay: another call for this block has not ended.
        """
        return self._painter.paint(run_id, block, caller)

    def finish(self, run_id: str, block: int) -> None:
        """Do with a block's picture what it was ordered for: cut it, or hand it out if nobody is to be cut out.

        Raises:
            AnswerUnusable: it is no picture; its bytes are kept, and the next try asks for another.
        """
        try:
            if not self.publisher.publish(run_id, block):
                self.cut(run_id, block)
        except PictureUnreadable:
            blob = self.store.catalog.refuse_grid(run_id, block)
            raise AnswerUnusable(
                "The server sent a picture of which nothing can be made, and may have billed it; its bytes are kept "
                f"as {blob}. Check that the model draws pictures, then generate again."
            ) from None

    def cut(self, run_id: str, block: int) -> None:
        """Cut a block's grid and keep an avatar for each of its people.

        Raises:
            PictureUnreadable: the grid is no picture that can be cut; its bytes are kept.
        """
        self.cutting.again(run_id, block)

    def accept(self, run_id: str, block: int) -> None:
        """Accept a block's cut on the word of a person who looked at it: its avatars belong to their rows from now on.

        The earlier cut and its reasons stay in the history.
        """
        self.cutting.accept(run_id, block)

    def export(self, run_id: str, finish: Finish = AS_STORED) -> bytes:
        """A zip of a run: avatars made like this, grids, manifest, prompts and recipe."""
        return self._viewing.zip_of(self.run(run_id), finish)

    def save(self, run_id: str, out: Path, finish: Finish = AS_STORED) -> list[str]:
        """Write a run into a folder, avatars named by id, with its manifest; return the ids that have an avatar."""
        return self._viewing.save(self.run(run_id), out, finish)

    def strangers(self, run: Run, out: Path, finish: Finish = AS_STORED) -> list[str]:
        """The names of files in a folder that saving this run would replace and that are not its own already."""
        return self._viewing.strangers(run, out, finish)

    def portrait(self, run: Run, avatar: Avatar) -> bytes:
        """An avatar's PNG in its look."""
        return self._viewing.portrait(run, avatar)

    def avatar_file(self, run: Run, avatar: Avatar, finish: Finish = AS_STORED) -> bytes:
        """One avatar as a file to give away, with the marks of where it comes from.

        Raises:
            InputError: its grid is held back.
        """
        return self._viewing.avatar_file(run, avatar, finish)

    def overlay(self, blob: str, boxes: Sequence[Box], marked: Collection[int] = ()) -> bytes:
        """A grid with its cut lines and cell numbers drawn in, and some cells marked, as PNG."""
        return self._viewing.overlay(blob, boxes, marked)

    def thumbnail(self, blob: str, side: int = 320) -> bytes:
        """A small JPEG of a picture, at most ``side`` px wide and high, for lists."""
        return self._viewing.thumbnail(blob, side)

    def health(self) -> dict[str, str]:
        """Settings, storage and versions as lines to read, without the key."""
        return examine(self.settings, self.store)

    def close(self) -> None:
        """Give the store's connections back."""
        self.store.close()


def open_studio(
    settings: Settings,
    *,
    model: ImageModel | None = None,
    store: Store | None = None,
    today: Callable[[], date] = lambda: datetime.now(UTC).date(),
) -> Studio:
    """Put a studio together.

    Args:
        settings: where things are and which key to use.
        model: paint with this one, whatever model a recipe names.
        store: keep things here instead of where the settings say.
        today: the date by which models are alive or retired.
    """
    return Studio(
        settings,
        store or open_store(settings),
        (lambda _: model) if model is not None else (lambda model_id: open_model(settings, model_id)),
        lambda model_id: open_editor(settings, model_id),
        open_catalog(),
        today,
    )
