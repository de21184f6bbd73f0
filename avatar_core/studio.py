"""The use cases for one block: plan it, paint it, cut it, show it, export it.

Everything that pages, the service and the command line do goes through here; nothing here knows about time, queues
or pages. Painting and cutting may be repeated at will: what is already there is not made, or paid for, again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from avatar_core import cost, export, prompts
from avatar_core.cut import as_png, crop, find_grid, open_picture
from avatar_core.errors import AvatarError, InputError, KeyMissing, ModelError, NoPeople, TooManyPeople
from avatar_core.filters import find_filter, looks, plan_balanced
from avatar_core.grid import CELLS, blocks_of, seated
from avatar_core.models import ImageModel, open_model
from avatar_core.models.catalog import Catalog as Models
from avatar_core.models.catalog import check_choice, check_prompt, open_catalog
from avatar_core.settings import Settings
from avatar_core.store import Store, open_store
from avatar_core.types import (
    Block,
    Cost,
    FilterMode,
    Grid,
    ModelFacts,
    Painting,
    PaintRequest,
    Persona,
    Prompt,
    Recipe,
    Run,
    Size,
    Usage,
)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run will send, and what that will cost; nothing is kept or sent yet."""

    recipe: Recipe
    facts: ModelFacts
    blocks: tuple[Block, ...]
    prompts: tuple[Prompt, ...]
    estimate: Cost
    warnings: tuple[str, ...] = ()

    @property
    def people(self) -> int:
        return sum(len(block.personas) for block in self.blocks)


class Studio:
    """The use cases, over one store and one way to open models."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        open_model: Callable[[str], ImageModel],
        models: Models,
        today: Callable[[], date],
    ) -> None:
        self.settings = settings
        self.store = store
        self.models = models
        self._open_model = open_model
        self._today = today

    # Before anything is sent

    def offered(self) -> tuple[ModelFacts, ...]:
        """The models to choose from today."""
        return self.models.offered(self._today())

    def check_key(self, facts: ModelFacts) -> None:
        """Raise KeyMissing if this model cannot be asked with the settings as they are."""
        if not facts.local and not self.settings.server_usable:
            raise KeyMissing()

    def seat(self, personas: Sequence[Persona], recipe: Recipe, filters: Sequence[str] | None) -> list[Block]:
        """Seat people in blocks of nine, each with a filter: those given, or a balanced plan under the seed."""
        if recipe.filter_mode is FilterMode.NONE:
            worn: Sequence[str] = ["none"] * len(personas)
        elif filters is None:
            worn = plan_balanced(personas, recipe.seed)
        else:
            worn = [find_filter(look).id for look in filters]
        if len(worn) != len(personas):
            raise InputError(
                f"There are {len(personas)} people and {len(worn)} filters. Give one filter each."
            )
        pairs = blocks_of(list(zip(personas, worn, strict=True)))
        return [
            Block(index, tuple(persona for persona, _ in pair), tuple(look for _, look in pair))
            for index, pair in enumerate(pairs)
        ]

    def plan(self, personas: Sequence[Persona], recipe: Recipe, filters: Sequence[str] | None = None) -> Plan:
        """Work out every prompt and the cost, and check all of it, before anything is spent.

        Args:
            personas: the people, in order; block and cell follow from it.
            recipe: what the user chose.
            filters: one filter id per person; None plans a balanced set under the recipe's seed.

        Raises:
            InputError: something in it cannot be sent, with what to change.
        """
        if not personas:
            raise NoPeople()
        facts = self.models.usable(recipe.model, self._today())
        if not recipe.quality and facts.qualities:
            recipe = replace(recipe, quality=facts.qualities[0])
        check_choice(facts, recipe.size, recipe.quality)
        blocks = self.seat(personas, recipe, filters)
        texts = self._prompts(blocks, recipe)
        warnings: list[str] = []
        for block, prompt in zip(blocks, texts, strict=True):
            check_prompt(facts, prompt.text)
            warnings += prompts.lint(prompt.text, block, facts.prompt_limit)
        estimates = [cost.estimate(facts, recipe.size, recipe.quality, prompt.characters) for prompt in texts]
        return Plan(
            recipe=recipe,
            facts=facts,
            blocks=tuple(blocks),
            prompts=tuple(texts),
            estimate=_sum(estimates),
            warnings=tuple(warnings),
        )

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
        return self._prompts(self.seat(personas, recipe, filters)[:1], recipe)[0]

    def _prompts(self, blocks: Sequence[Block], recipe: Recipe) -> list[Prompt]:
        if recipe.exact_prompt:
            if len(blocks) > 1:
                raise InputError(
                    "A prompt written by hand holds nine people. Use a template for longer lists."
                )
            return [Prompt(text=recipe.exact_prompt, template="by hand")]
        template = prompts.find_template(recipe.template)
        if recipe.words:
            template = prompts.template_with_words(template, recipe.words)
        spoken = looks() if recipe.filter_mode is FilterMode.PROMPT else {}
        return [prompts.render(template, block, spoken) for block in blocks]

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
            title=title or _title(plan),
            session=session,
            variant=variant,
            fingerprint=fingerprint(plan),
        )

    def unfinished(self, plan: Plan) -> str | None:
        """The id of the newest run of this very plan that has not brought every picture, if there is one."""
        for summary in self.store.catalog.summaries(limit=1, fingerprint=fingerprint(plan)):
            run = self.run(summary.id)
            if any(record.grid is None or record.cut is None for record in run.blocks):
                return run.id
        return None

    def run(self, run_id: str) -> Run:
        """Everything known about a run."""
        return self.store.catalog.run(run_id)

    def picture(self, blob: str) -> bytes:
        """The bytes of a grid or avatar."""
        return self.store.blobs.get(blob)

    def paint(self, run_id: str, block: int, caller: str) -> Grid:
        """Bring a block's grid: the one that is already here, or one request to the model.

        The original bytes are kept before anything else happens to them. A note beside them leads back to the run
        until the catalog knows the picture, so that a locked database or a power cut between the two loses nothing.

        Raises:
            ModelError: the model brought no picture.
            StoreError: it could not be kept; a picture that arrived is found again by the next try.
            CallUnderWay: another call for this block has not ended.
        """
        run = self.store.catalog.run(run_id, block)
        record = run.blocks[0]
        if record.grid is not None:
            return record.grid
        model = self._open_model(run.recipe.model)
        self.store.blobs.check_space()
        calls = self.store.catalog.calls
        call = calls.begin(run_id, block, caller)
        try:
            arrived = self._arrived(run_id, block, model.facts)
            if arrived is not None:
                calls.end(call, "spared")
                return arrived
            painting = model.paint(
                PaintRequest(
                    prompt=record.prompt,
                    size=run.recipe.size,
                    quality=run.recipe.quality,
                    seed=run.recipe.seed,
                )
            )
            blob = self.store.blobs.put(painting.data)
            self.store.blobs.write_note(_note(run_id, block), _note_of(painting, blob))
            grid = self._keep(run_id, block, painting, blob, model.facts)
        except BaseException as error:
            code = error.code if isinstance(error, AvatarError) else type(error).__name__
            said = error.message if isinstance(error, AvatarError) else ""
            calls.end(call, code, said, error.request_id if isinstance(error, ModelError) else None)
            raise
        calls.end(call, "painted", request_id=painting.request_id)
        return grid

    def cut(self, run_id: str, block: int) -> None:
        """Cut a block's grid and keep an avatar for each of its people.

        Raises:
            PictureUnreadable: the grid is no picture that can be cut; its bytes are kept.
        """
        record = self.store.catalog.run(run_id, block).blocks[0]
        if record.grid is None:
            raise InputError("There is no picture to cut yet. Generate it first.")
        picture = open_picture(self.picture(record.grid.blob))
        cut = find_grid(picture)
        occupied = [cell for cell, _ in seated(record.block.personas)]
        cells = crop(picture, cut, range(1, len(occupied) + 1))
        blobs = {cell: self.store.blobs.put(as_png(cells[cell])) for cell in occupied}
        self.store.catalog.add_cut(run_id, block, record.grid.id, cut, blobs)

    def export(self, run_id: str) -> bytes:
        """A zip of a run: avatars, grids, manifest, prompts and recipe."""
        return export.zip_run(self.run(run_id), self.picture)

    def close(self) -> None:
        """Give the store's connections back."""
        self.store.close()

    def _arrived(self, run_id: str, block: int, facts: ModelFacts) -> Grid | None:
        """The grid of an earlier call: one that the catalog knows, or one that a note leads to."""
        known = self.store.catalog.run(run_id, block).blocks[0].grid
        if known is not None:
            return known
        note = self.store.blobs.read_note(_note(run_id, block))
        if note is None:
            return None
        painting, blob = _painting_of(note, self.store.blobs.get)
        return self._keep(run_id, block, painting, blob, facts)

    def _keep(self, run_id: str, block: int, painting: Painting, blob: str, facts: ModelFacts) -> Grid:
        price = cost.settle(facts, painting.usage)
        if price.usd is None:
            characters = len(str(painting.sent.get("prompt", "")))
            quality = str(painting.sent.get("quality", ""))
            price = cost.estimate(facts, painting.size, quality, characters)
        grid = self.store.catalog.add_grid(run_id, block, painting, blob, price)
        self.store.blobs.drop_note(_note(run_id, block))
        return grid


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
        open_catalog(),
        today,
    )


def fingerprint(plan: Plan) -> str:
    """The same for the same recipe over the same people with the same looks: a hash of all that is sent."""
    sent = [plan.recipe.as_dict(), [prompt.text for prompt in plan.prompts]]
    people = [[persona.id for persona in block.personas] for block in plan.blocks]
    return hashlib.sha256(json.dumps([sent, people], sort_keys=True).encode()).hexdigest()


def _title(plan: Plan) -> str:
    people = f"{plan.people} people" if plan.people != 1 else "1 person"
    return f"{people}, {plan.facts.label}"


def _sum(costs: Sequence[Cost]) -> Cost:
    known = [each.usd for each in costs if each.usd is not None]
    total = sum(known) if len(known) == len(costs) else None
    return replace(costs[0], usd=total)


def _note(run_id: str, block: int) -> str:
    return f"{run_id}-{block}"


def _note_of(painting: Painting, blob: str) -> bytes:
    usage = painting.usage
    return json.dumps(
        {
            "blob": blob,
            "media_type": painting.media_type,
            "size": str(painting.size),
            "model": painting.model,
            "seconds": painting.seconds,
            "sent": painting.sent,
            "request_id": painting.request_id,
            "revised_prompt": painting.revised_prompt,
            "usage": [usage.input_text, usage.input_image, usage.output] if usage else None,
        }
    ).encode()


def _painting_of(note: bytes, read: Callable[[str], bytes]) -> tuple[Painting, str]:
    told = json.loads(note)
    return (
        Painting(
            data=read(told["blob"]),
            media_type=told["media_type"],
            size=Size.parse(told["size"]),
            model=told["model"],
            seconds=told["seconds"],
            sent=told["sent"],
            request_id=told["request_id"],
            revised_prompt=told["revised_prompt"],
            usage=Usage(*told["usage"]) if told["usage"] else None,
        ),
        told["blob"],
    )
