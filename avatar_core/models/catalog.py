"""The catalog of models: ids, legal choices, prices and shutdown dates, read once from ``catalog.toml``.

Nothing here knows a model by name; adding one means adding a table to the file.
"""

from __future__ import annotations

import difflib
import functools
import re
from dataclasses import dataclass, replace
from datetime import date
from importlib import resources
from urllib.parse import urlsplit

from avatar_core.errors import ChoiceIllegal, InputError, ModelRetired, ModelUnknown, PromptTooLong
from avatar_core.models.catalog_file import Tables, read_tables
from avatar_core.types import ModelFacts, PaintRequest, Recipe, Size, SizeRule

#: Days before its end in which a model is marked.
NOTICE_DAYS = 30


@dataclass(frozen=True)
class Catalog:
    """Every model that is known, in the order in which models are offered."""

    tables: Tables

    def all(self) -> tuple[ModelFacts, ...]:
        """Every model, also those that were shut down."""
        return self.tables.models

    def offered(self, today: date) -> tuple[ModelFacts, ...]:
        """The models that are alive on this day, the demo model first."""
        return tuple(facts for facts in self.tables.models if not facts.retired(today))

    def dialects(self) -> tuple[ModelFacts, ...]:
        """The dialects in which a model that stands in no table can be asked for, with what is assumed about it."""
        return tuple(self.tables.dialects.values())

    def find(self, model_id: str) -> ModelFacts:
        """The facts of a model, by its id, a snapshot's name, or DIALECT:ID; alive or not.

        ``facts.id`` is the name as asked for, so that a snapshot stays that snapshot.

        Raises:
            ModelUnknown: no table has that name.
        """
        known = self._known(model_id)
        if known is not None:
            return known
        dialect, _, rest = model_id.partition(":")
        if rest.strip() and dialect in self.tables.dialects:
            return self._spoken(self.tables.dialects[dialect], model_id, rest)
        raise ModelUnknown(self._unknown(model_id))

    def usable(self, model_id: str, today: date) -> ModelFacts:
        """The facts of a model that can be painted with on this day.

        Raises:
            ModelUnknown: no table has that name.
            ModelRetired: it was shut down; the message and ``successor`` name what replaces it.
        """
        facts = self.find(model_id)
        if not facts.retired(today):
            return facts
        heir = self._heir(facts, today)
        advice = f"Choose “{heir}” instead." if heir else "Choose another model."
        error = ModelRetired(
            f"The model “{model_id}” was shut down by its provider on {facts.shutdown}. {advice}"
        )
        error.successor = heir
        raise error

    def successor(self, model_id: str, today: date) -> ModelFacts:
        """The living model to use for ``model_id`` on this day: itself, or the one at the end of its line.

        Raises:
            ModelUnknown: no table has that name.
            ModelRetired: it was shut down, and nothing that lives replaces it.
        """
        facts = self.find(model_id)
        heir = self._heir(facts, today)
        return self.find(heir) if heir else self.usable(model_id, today)

    def dialect_of(self, base_url: str) -> str:
        """The dialect that is spoken at an address, going by its host; "compatible" where nothing is known."""
        host = urlsplit(base_url).hostname or ""
        for known, dialect in self.tables.hosts.items():
            if host == known or host.endswith(f".{known}"):
                return dialect
        return "compatible"

    def served(self, ids: tuple[str, ...], dialect: str) -> tuple[ModelFacts, ...]:
        """The facts of those listed models that draw pictures, going by their names; others need a dialect.

        A server that lists no such name is taken at its word if it is not OpenAI's: many serve one model, whatever
        they call it.
        """
        looks = re.compile(self.tables.served_names, re.IGNORECASE)
        drawing = [each for each in ids if self._known(each) is not None or looks.search(each)]
        if not drawing and dialect != "openai":
            drawing = list(ids)
        return tuple(self._known(each) or self.find(f"{dialect}:{each}") for each in drawing if each.strip())

    def _known(self, name: str) -> ModelFacts | None:
        for facts in self.tables.models:
            if name == facts.id or name in facts.names:
                return replace(facts, id=name)
        return None

    def _spoken(self, dialect: ModelFacts, model_id: str, rest: str) -> ModelFacts:
        """A model behind a server of this dialect: a known one where the server relays those, else as assumed."""
        holds = self.tables.relays.get(dialect.id)
        known = self._known(rest) if holds is not None else None
        if known is None or holds is None:
            return replace(dialect, id=model_id, label=rest)
        return replace(
            known,
            id=model_id,
            label=f"{known.label} ({dialect.label})",
            dialect=dialect.id,
            parameters=known.parameters if "parameters" in holds else dialect.parameters,
            fixed=dialect.fixed,
            forbidden=dialect.forbidden,
            edits=known.edits and dialect.edits,
            prices=known.prices if "prices" in holds else None,
            shutdown=known.shutdown if "shutdown" in holds else None,
            successor=known.successor if "shutdown" in holds else "",
        )

    def _heir(self, facts: ModelFacts, today: date) -> str:
        """The id of the first living model in the line of successors; empty if the line ends or goes in circles."""
        seen = {facts.id}
        while facts.retired(today):
            if not facts.successor or facts.successor in seen:
                return ""
            seen.add(facts.successor)
            facts = self.find(facts.successor)
        return facts.id

    def _unknown(self, model_id: str) -> str:
        known = [facts.id for facts in self.tables.models if facts.shutdown is None]
        close = difflib.get_close_matches(model_id, known, n=3) or known
        return (
            f"No model “{model_id[:80]}” is known here. Choose {_either(close)}, "
            "or write compatible:ID for a model of your own server."
        )


@functools.cache
def open_catalog() -> Catalog:
    """The catalog that comes with the product."""
    text = resources.files("avatar_core.models").joinpath("catalog.toml").read_text(encoding="utf-8")
    return read_catalog(text)


def read_catalog(text: str) -> Catalog:
    """Build a catalog from TOML.

    Raises:
        KeyError, TypeError, ValueError: the file is wrong, which is a fault of ours and not of a user.
    """
    return Catalog(read_tables(text))


def days_left(facts: ModelFacts, today: date) -> int | None:
    """Days until a model is shut down, 1 on its last; None if that is over 30 days away, past, or not known."""
    if facts.shutdown is None:
        return None
    days = (facts.shutdown - today).days
    return days if 0 < days <= NOTICE_DAYS else None


def check_request(facts: ModelFacts, request: PaintRequest) -> None:
    """Refuse, before anything is sent, what the model would refuse.

    Raises:
        ChoiceIllegal, PromptTooLong, InputError: with what is allowed.
    """
    check_choice(facts, request.size, request.quality)
    check_prompt(facts, request.prompt)


def check_choice(facts: ModelFacts, size: Size, quality: str) -> None:
    """Raise ChoiceIllegal, with what is allowed, if the model has no such size or quality.

    An empty quality stands for the model's default.
    """
    if problem := _size_problem(facts.sizes, size):
        offer = _either([str(offered) for offered in facts.grid_sizes])
        raise ChoiceIllegal(f"{facts.label} does not draw {size}: {problem}. Choose {offer}.")
    if quality and quality not in facts.qualities:
        allowed = f"Choose {_either(facts.qualities)}" if facts.qualities else "Leave the quality empty"
        raise ChoiceIllegal(f"{facts.label} has no quality “{quality[:40]}”. {allowed}.")


def adapted(recipe: Recipe, facts: ModelFacts) -> Recipe:
    """A recipe for another model; a size or quality that this one does not have becomes its default."""
    try:
        check_choice(facts, recipe.size, recipe.quality)
    except ChoiceIllegal:
        recipe = replace(recipe, size=facts.grid_sizes[0], quality=next(iter(facts.qualities), ""))
    return replace(recipe, model=facts.id)


def size_rule(rule: SizeRule) -> str:
    """Which sizes may be typed, in words; empty where only the listed ones exist."""
    if rule.fixed:
        return ""
    edges = (
        f"edges of {rule.min_edge:,} to {rule.max_edge:,} px"
        if rule.min_edge > 1
        else f"edges of at most {rule.max_edge:,} px"
    )
    parts = [edges]
    if rule.multiple_of > 1:
        parts.append(f"multiples of {rule.multiple_of}")
    low = f"{rule.min_pixels:,} to " if rule.min_pixels > 1 else "at most "
    parts.append(f"{low}{rule.max_pixels:,} pixels")
    if rule.max_aspect < 10**5:
        parts.append(f"one edge at most {rule.max_aspect:g} times the other")
    return ", ".join(parts)


def check_prompt(facts: ModelFacts, prompt: str) -> None:
    """Raise PromptTooLong, or InputError for a prompt that is empty or cannot be sent and kept as it stands."""
    if len(prompt) > facts.prompt_limit:
        raise PromptTooLong(
            f"The prompt has {len(prompt):,} characters; {facts.label} takes {facts.prompt_limit:,}. "
            "Shorten the template or choose another model."
        )
    if not prompt.strip():
        raise InputError("The prompt is empty. Write what to draw, then generate again.")
    for order in facts.forbidden:
        if order in prompt:
            raise InputError(
                f"The prompt holds “{order}”, which the server of {facts.label} would take for an order and not for "
                "words. Take it out, then generate again."
            )
    if "\0" in prompt:
        raise InputError(
            f"Character {prompt.index(chr(0)) + 1} of the prompt is a NUL, which cannot be kept. "
            "Delete it, then generate again."
        )
    try:
        prompt.encode()
    except UnicodeEncodeError as error:
        raise InputError(
            f"Character {error.start + 1} of the prompt is half a character and cannot be sent. "
            "Delete it, then generate again."
        ) from None


def _size_problem(rule: SizeRule, size: Size) -> str:
    """What is wrong with a size, as half a sentence; empty if nothing is."""
    if rule.fixed:
        return "" if size in rule.fixed else f"it has only {_either([str(each) for each in rule.fixed])}"
    short, long = sorted((size.width, size.height))
    problems = []
    if size.width % rule.multiple_of or size.height % rule.multiple_of:
        problems.append(f"both edges must be multiples of {rule.multiple_of}")
    if short < rule.min_edge:
        problems.append(f"an edge needs at least {rule.min_edge:,} px")
    if long > rule.max_edge:
        problems.append(f"an edge may have at most {rule.max_edge:,} px")
    if not rule.min_pixels <= size.pixels <= rule.max_pixels:
        problems.append(
            f"it has {size.pixels:,} pixels where {rule.min_pixels:,} to {rule.max_pixels:,} are allowed"
        )
    if long > short * rule.max_aspect:
        problems.append(f"one edge may be at most {rule.max_aspect:g} times the other")
    return "; ".join(problems)


def _either(choices: list[str] | tuple[str, ...]) -> str:
    return choices[0] if len(choices) == 1 else f"{', '.join(choices[:-1])} or {choices[-1]}"
