"""Reading ``catalog.toml``: named rules are put in their places, and a misspelt key is an error."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from avatar_core.types import ModelFacts, Prices, Size, SizeRule

#: What a model has from its dialect, unless its own table says otherwise.
INHERITED = ("parameters", "fixed", "forbidden", "edits")


@dataclass(frozen=True)
class Tables:
    """The tables of the file, as values."""

    models: tuple[ModelFacts, ...]
    #: What to assume about a model that stands in no table and is written DIALECT:ID.
    dialects: Mapping[str, ModelFacts]
    #: The dialects that speak of known models by their own ids, each with the facts that still hold there.
    relays: Mapping[str, tuple[str, ...]]
    #: A pattern for ids that look like those of an image model.
    served_names: str
    #: Which dialect is spoken at a host.
    hosts: Mapping[str, str]


def read_tables(text: str) -> Tables:
    """The tables in a catalog's text.

    Raises:
        KeyError, TypeError, ValueError: the file is wrong, which is a fault of ours and not of a user.
    """
    data = tomllib.loads(text)
    assumed = {name: dict(table) for name, table in data["dialects"].items() if "sizes" in table}
    relays = {name: tuple(table.pop("relays")) for name, table in assumed.items() if "relays" in table}
    return Tables(
        models=tuple(_facts(data, model_id, table) for model_id, table in data["models"].items()),
        dialects={
            name: _facts(data, name, {"label": name, "dialect": name, **table})
            for name, table in assumed.items()
        },
        relays=relays,
        served_names=data["served"]["names"],
        hosts=data["served"]["hosts"],
    )


def _facts(data: dict[str, Any], model_id: str, table: dict[str, Any]) -> ModelFacts:
    """One table with the named rules put in its place; a key that nobody knows is a TypeError."""
    dialect = data["dialects"][table["dialect"]]
    rest = {**{key: dialect[key] for key in INHERITED if key in dialect}, **table}
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
        parameters=tuple(rest.pop("parameters")),
        forbidden=tuple(rest.pop("forbidden", ())),
        names=tuple(rest.pop("names", ())),
        **rest,
    )


def _size_rule(table: dict[str, Any]) -> SizeRule:
    return SizeRule(**{**table, "fixed": _sizes(table.get("fixed", []))})


def _sizes(texts: list[str]) -> tuple[Size, ...]:
    return tuple(Size.parse(text) for text in texts)
