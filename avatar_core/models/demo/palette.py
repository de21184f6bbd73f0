"""The colours of skin, hair, eyes and cloth that chance may choose from."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from random import Random
from typing import Any

from avatar_core.types import Ethnicity


@dataclass(frozen=True, slots=True)
class Palette:
    """What people of one group are drawn with."""

    skin: tuple[str, ...]
    hair: tuple[str, ...]
    iris: tuple[str, ...]
    lips: str
    textures: tuple[str, ...]
    texture_weights: tuple[int, ...]

    def texture(self, chance: Random) -> str:
        """Straight, wavy, curly or coily hair."""
        return chance.choices(self.textures, self.texture_weights)[0]


@cache
def palette_of(ethnicity: Ethnicity) -> Palette:
    """The palette of one group."""
    table, group = _table(), ethnicity.value
    textures = table["texture"][group]
    return Palette(
        skin=tuple(table["skin"][group]),
        hair=tuple(table["hair"][group]),
        iris=tuple(table["iris"][group]),
        lips=table["lips"][group],
        textures=tuple(textures),
        texture_weights=tuple(textures.values()),
    )


@cache
def cloth_colours() -> tuple[str, ...]:
    """Colours of shirts and accents."""
    return tuple(_table()["cloth"]["colours"])


@cache
def _table() -> dict[str, Any]:
    text = resources.files(__package__).joinpath("palette.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
