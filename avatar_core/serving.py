"""What programs may order, and which living model draws it. The names of DALL·E and their tables are data.

Every wish that leaves here is one that its drawing model can be asked for; nothing is kept or sent.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any

from avatar_core.errors import ChoiceIllegal, InputError, KeyMissing, SettingsBroken, WishIllegal
from avatar_core.models.catalog import Catalog, check_choice, check_prompt
from avatar_core.settings import Settings
from avatar_core.types import Change, ModelFacts, Size, Wish

MOST = 10
"""Pictures of one order."""

USUAL = Size(1024, 1024)


@dataclass(frozen=True)
class Retired:
    """What may be asked for by the name of a model that is gone; the defaults stand first."""

    sizes: tuple[str, ...]
    prompt_limit: int
    drawn_by: str
    qualities: Mapping[str, str] = field(default_factory=dict)
    styles: Mapping[str, str] = field(default_factory=dict)
    drawn_quality: str = ""
    listed: tuple[str, ...] = ()  #: the sizes in the order in which messages name them
    names: tuple[str, ...] = ()


class Serving:
    """The models that programs may order from.

    Raises:
        SettingsBroken: the file of AVATAR_SERVING_FILE cannot be used.
        ModelUnknown, ModelRetired: AVATAR_MODEL cannot be used.
    """

    def __init__(self, settings: Settings, models: Catalog, today: date) -> None:
        self._settings = settings
        self._models = models
        self._retired = _read(settings.avatar_serving_file)
        for each in self._retired.values():
            self._drawing(each, today)

    def names(self, today: date) -> tuple[str, ...]:
        """Every model that may be asked for today, the default first."""
        offered = [facts.id for facts in self._offered(today)]
        return (*self._retired, *(name for name in offered if name not in self._retired))

    def ready(self, today: date) -> bool:
        """Whether pictures can be drawn: with a key, or by a model that needs none and was chosen."""
        facts = self._drawing(next(iter(self._retired.values())), today)
        return facts.local or self._settings.usable_for(facts.dialect)

    def wish(
        self,
        today: date,
        *,
        prompt: str,
        model: str = "",
        size: str = "",
        quality: str = "",
        style: str = "",
        count: int = 1,
        change: Change | None = None,
    ) -> Wish:
        """What is to be drawn for an order; what is empty takes its default.

        A picture that is to be changed keeps its size, if that can be had and no other is asked for.

        Raises:
            WishIllegal: something in it cannot be had; ``field`` says what.
            KeyMissing: nothing can be drawn here.
        """
        model = model or next(iter(self._retired))
        retired = next((each for name, each in self._retired.items() if model in (name, *each.names)), None)
        living = None if retired else self._living(model, today)
        if not 1 <= count <= MOST:
            raise WishIllegal(f"Invalid count. Must be between 1 and {MOST}", "count")
        asked = {"prompt": prompt, "model": model, "size": size, "quality": quality, "style": style}
        if retired is not None:
            wish = _as_retired(asked, count, retired, self._drawing(retired, today), change)
        else:
            assert living is not None  # noqa: S101 - one of the two was found
            wish = _as_living(asked, count, living, change)
        if not self.ready(today):
            raise KeyMissing()
        return wish

    def _drawing(self, retired: Retired, today: date) -> ModelFacts:
        return self._models.usable(self._settings.avatar_model or retired.drawn_by, today)

    def _living(self, model: str, today: date) -> ModelFacts:
        for facts in self._offered(today):
            if model in (facts.id, *facts.names):
                return self._models.find(model)
        known = any(model in (facts.id, *facts.names) for facts in self._models.offered(today))
        if known and not self.ready(today):
            raise KeyMissing()
        raise WishIllegal(f"Invalid model. Must be one of: {', '.join(self.names(today))}", "model")

    def _offered(self, today: date) -> tuple[ModelFacts, ...]:
        """What can be drawn here: without a key, no more than this machine draws by itself."""
        offered = tuple(
            facts
            for facts in self._models.offered(today)
            if facts.local or self._settings.usable_for(facts.dialect)
        )
        named = self._settings.avatar_model
        if not named or any(facts.id == named for facts in offered):
            return offered
        return (self._models.usable(named, today), *offered)


def _as_retired(
    asked: dict[str, str], count: int, table: Retired, drawing: ModelFacts, change: Change | None
) -> Wish:
    model = asked["model"]
    _check_change(change, drawing)
    own = str(change.size) if change and str(change.size) in table.sizes else ""
    size = _one_of("size", model, asked["size"] or own, table.sizes, table.listed)
    quality = _one_of("quality", model, asked["quality"], tuple(table.qualities))
    style = _one_of("style", model, asked["style"], tuple(table.styles))
    words = table.styles.get(style, "")
    sent = f"{asked['prompt']}\n\n{words}" if words else asked["prompt"]
    _check_prompt(asked["prompt"], model, table.prompt_limit)
    _check_sent(sent, drawing)
    wanted = table.qualities.get(quality, table.drawn_quality)
    return Wish(
        prompt=asked["prompt"],
        model=model,
        size=Size.parse(size),
        quality=quality,
        style=style,
        count=count,
        drawn_by=drawing.id,
        drawn_size=drawing_size(drawing, Size.parse(size)),
        drawn_quality=wanted if wanted in drawing.qualities else next(iter(drawing.qualities), ""),
        sent=sent,
        change=change,
    )


def _as_living(asked: dict[str, str], count: int, facts: ModelFacts, change: Change | None) -> Wish:
    model = asked["model"]
    _check_change(change, facts)
    if asked["style"]:
        raise WishIllegal(f"Style is not supported for model {model}", "style")
    quality = _one_of("quality", model, asked["quality"], facts.qualities)
    try:
        size = Size.parse(asked["size"]) if asked["size"] else _usual(facts, change)
        if asked["size"] and str(size) != asked["size"]:
            raise ChoiceIllegal("A size is written like 1024x1024.")
        check_choice(facts, size, quality)
    except ChoiceIllegal as error:
        raise WishIllegal(f"Invalid size for model {model}. {error.message}", "size") from None
    _check_prompt(asked["prompt"], model, facts.prompt_limit)
    _check_sent(asked["prompt"], facts)
    return Wish(
        prompt=asked["prompt"],
        model=model,
        size=size,
        quality=quality,
        style="",
        count=count,
        drawn_by=facts.id,
        drawn_size=size,
        drawn_quality=quality,
        sent=asked["prompt"],
        change=change,
    )


def drawing_size(facts: ModelFacts, size: Size) -> Size:
    """The size in which a model draws what is handed out in another: the same, or the next larger of that shape."""
    if _legal(facts, size):
        return size
    rule = facts.sizes
    if not rule.fixed:
        short = min(size.width, size.height)
        scale = max(1.0, math.sqrt(rule.min_pixels / size.pixels), rule.min_edge / short)
        step = rule.multiple_of
        width, height = (math.ceil(edge * scale / step) * step for edge in (size.width, size.height))
        if _legal(facts, larger := Size(width, height)):
            return larger
    choices = [each for each in (rule.fixed or facts.grid_sizes) if _legal(facts, each)]

    def strangeness(choice: Size) -> tuple[float, bool, int]:
        """How much of the picture is cut off, whether it is enlarged, how much too large it is."""
        shape = abs(math.log(choice.width / choice.height) - math.log(size.width / size.height))
        enlarged = choice.width < size.width or choice.height < size.height
        return round(shape, 3), enlarged, choice.pixels

    return min(choices, key=strangeness)


def _legal(facts: ModelFacts, size: Size) -> bool:
    try:
        check_choice(facts, size, "")
    except ChoiceIllegal:
        return False
    return True


def _usual(facts: ModelFacts, change: Change | None) -> Size:
    if change is not None and _legal(facts, change.size):
        return change.size
    return USUAL if _legal(facts, USUAL) else facts.grid_sizes[0]


def _one_of(name: str, model: str, asked: str, allowed: tuple[str, ...], listed: tuple[str, ...] = ()) -> str:
    if not asked:
        return next(iter(allowed), "")
    if not allowed:
        raise WishIllegal(f"{name.capitalize()} is not supported for model {model}", name)
    if asked not in allowed:
        raise WishIllegal(
            f"Invalid {name} for model {model}. Must be one of: {', '.join(listed or allowed)}", name
        )
    return asked


def _check_change(change: Change | None, facts: ModelFacts) -> None:
    if change is not None and not facts.edits:
        raise WishIllegal(
            f"{facts.label}, which draws here, cannot change pictures. "
            "Choose another model, or order a new picture.",
            "model",
        )


def _check_prompt(prompt: str, model: str, limit: int) -> None:
    if not prompt.strip():
        raise WishIllegal("Invalid prompt. Must not be empty", "prompt")
    if len(prompt) > limit:
        raise WishIllegal(f"Invalid prompt for model {model}. Must have at most {limit} characters", "prompt")


def _check_sent(sent: str, facts: ModelFacts) -> None:
    try:
        check_prompt(facts, sent)
    except InputError as error:
        raise WishIllegal(f"Invalid prompt. {error.message}", "prompt") from None


def _read(file: Path | None) -> dict[str, Retired]:
    try:
        if file is None:
            text = resources.files("avatar_core").joinpath("data/serving.toml").read_text(encoding="utf-8")
        else:
            text = file.read_text(encoding="utf-8")
        tables: dict[str, dict[str, Any]] = tomllib.loads(text)["models"]
        found = {name: Retired(**table) for name, table in tables.items()}
        for each in found.values():
            for size in each.sizes:
                Size.parse(size)
        if not found:
            raise ValueError("no model")
    except (OSError, ValueError, KeyError, TypeError, AttributeError, InputError) as error:
        raise SettingsBroken(
            f"AVATAR_SERVING_FILE cannot be used ({type(error).__name__}). Compare it with avatar_core/data/serving.toml."
        ) from None
    return found
