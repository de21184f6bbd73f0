"""The catalog of models: ids, legal choices, prices and shutdown dates, read once from ``catalog.toml``.

Nothing here knows a model by name; adding one means adding a table to the file.
"""

from __future__ import annotations

import difflib
import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from importlib import resources
from typing import Any

from avatar_core.errors import ChoiceIllegal, InputError, ModelRetired, ModelUnknown, PromptTooLong
from avatar_core.types import ModelFacts, PaintRequest, Prices, Size, SizeRule


@dataclass(frozen=True)
class Catalog:
    """Every model that is known, in the order in which models are offered."""

    models: tuple[ModelFacts, ...]
    #: What to assume about a model that stands in no table and is written DIALECT:ID.
    dialects: Mapping[str, ModelFacts]

    def all(self) -> tuple[ModelFacts, ...]:
        """Every model, also those that were shut down."""
        return self.models

    def offered(self, today: date) -> tuple[ModelFacts, ...]:
        """The models that are alive on this day, the demo model first."""
        return tuple(facts for facts in self.models if not facts.retired(today))

    def find(self, model_id: str) -> ModelFacts:
        """The facts of a model, by its id, a snapshot's name, or DIALECT:ID; alive or not.

        ``facts.id`` is the name as asked for, so that a snapshot stays that snapshot.

        Raises:
            ModelUnknown: no table has that name.
        """
        for facts in self.models:
            if model_id == facts.id or model_id in facts.names:
                return replace(facts, id=model_id)
        dialect, _, rest = model_id.partition(":")
        if rest and dialect in self.dialects:
            return replace(self.dialects[dialect], id=model_id, label=rest)
        raise ModelUnknown(self._unknown(model_id))

    def usable(self, model_id: str, today: date) -> ModelFacts:
        """The facts of a model that can be painted with on this day.

        Raises:
            ModelUnknown: no table has that name.
            ModelRetired: it was shut down; the message names its successor.
        """
        facts = self.find(model_id)
        if facts.retired(today):
            raise ModelRetired(
                f"The model “{model_id}” was shut down by its provider on {facts.shutdown}. "
                f"Choose “{facts.successor}” instead."
            )
        return facts

    def _unknown(self, model_id: str) -> str:
        known = [facts.id for facts in self.models if facts.shutdown is None]
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
    data = tomllib.loads(text)
    models = tuple(_facts(data, model_id, table) for model_id, table in data["models"].items())
    dialects = {
        name: _facts(data, name, {"label": name, "dialect": name, **table})
        for name, table in data["dialects"].items()
        if "sizes" in table
    }
    return Catalog(models, dialects)


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


def check_prompt(facts: ModelFacts, prompt: str) -> None:
    """Raise PromptTooLong, or InputError for a prompt that is empty or cannot be sent as UTF-8."""
    if len(prompt) > facts.prompt_limit:
        raise PromptTooLong(
            f"The prompt has {len(prompt):,} characters; {facts.label} takes {facts.prompt_limit:,}. "
            "Shorten the template or choose another model."
        )
    if not prompt.strip():
        raise InputError("The prompt is empty. Write what to draw, then generate again.")
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


def _facts(data: dict[str, Any], model_id: str, table: dict[str, Any]) -> ModelFacts:
    """One table with the named rules put in its place; a key that nobody knows is a TypeError."""
    rest = dict(table)
    tokens = data["tokens"][rest.pop("tokens")] if "tokens" in rest else {}
    return ModelFacts(
        id=model_id,
        sizes=_size_rule(data["sizes"][rest.pop("sizes")]),
        grid_sizes=_sizes(rest.pop("grid_sizes")),
        qualities=tuple(rest.pop("qualities")),
        prices=Prices(**data["prices"][rest.pop("prices")]) if "prices" in rest else None,
        token_scale=tokens.get("scale", {}),
        token_table=tokens.get("table", {}),
        token_source=tokens.get("source", ""),
        parameters=tuple(rest.pop("parameters", data["dialects"][rest["dialect"]]["parameters"])),
        names=tuple(rest.pop("names", ())),
        **rest,
    )


def _size_rule(table: dict[str, Any]) -> SizeRule:
    return SizeRule(**{**table, "fixed": _sizes(table.get("fixed", []))})


def _sizes(texts: list[str]) -> tuple[Size, ...]:
    return tuple(Size.parse(text) for text in texts)
