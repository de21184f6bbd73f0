"""The looks themselves: data/filters.toml, read and checked."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from avatar_core.errors import FilterBroken, FilterUnknown
from avatar_core.types import Filter, Tone

_SPOKEN = ("label", "sentence", "description", "portuguese")
#: What ``pixels`` may hold, and between which bounds: beyond them nobody is recognisable.
_BOUNDS: Mapping[str, tuple[float, float]] = {"chroma": (0, 3), "a": (-60, 60), "b": (-60, 60)}


@cache
def looks() -> Mapping[str, Filter]:
    """Every filter by its id, in the order in which lists show them."""
    text = resources.files("avatar_core").joinpath("data/filters.toml").read_text(encoding="utf-8")
    return MappingProxyType(read_filters(text))


def read_filters(text: str) -> dict[str, Filter]:
    """The filters of a TOML text, one table each.

    Raises:
        FilterBroken: it is no TOML, or a filter lacks a part or has an unknown one; the message names both.
    """
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise FilterBroken(f"The file of filters cannot be read: {error}. Correct that line.") from None
    if "none" not in tables:
        raise FilterBroken(
            "There is no filter [none]. Keep it: it is what people wear who are given no look."
        )
    return {id_: _filter(id_, table) for id_, table in tables.items()}


def all_filters() -> tuple[Filter, ...]:
    """Every filter, in the order in which lists show them."""
    return tuple(looks().values())


def applicable_after() -> tuple[str, ...]:
    """The ids of the filters that can be given to a finished picture: those with ``pixels``."""
    return tuple(look.id for look in all_filters() if look.pixels is not None)


def find_filter(filter_id: str) -> Filter:
    """The filter of this id.

    Raises:
        FilterUnknown: there is none; the message names those that exist.
    """
    try:
        return looks()[filter_id]
    except KeyError:
        raise FilterUnknown(
            f"There is no filter called “{filter_id[:40]}”. Choose one of: {', '.join(looks())}."
        ) from None


def choice(filter_ids: Iterable[str] | None) -> list[str]:
    """The ids of a choice of filters, each once; all of them if none is given.

    Raises:
        FilterUnknown: one of them does not exist, or the choice is empty.
    """
    chosen = [find_filter(id_).id for id_ in (looks() if filter_ids is None else dict.fromkeys(filter_ids))]
    if not chosen:
        raise FilterUnknown("No filter is chosen. Choose at least one.")
    return chosen


def _filter(id_: str, table: Any) -> Filter:
    if not isinstance(table, dict):
        raise FilterBroken(f"“{id_}” stands outside the filters. Put it under a table such as [{id_}].")
    if unknown := set(table) - {*_SPOKEN, "pixels"}:
        raise FilterBroken(f"Filter “{id_}” has an unknown part: {min(unknown)}. Remove or rename it.")
    for part in _SPOKEN:
        words = table.get(part)
        if not isinstance(words, str) or not words.strip():
            raise FilterBroken(f"Filter “{id_}” lacks its {part}. Write it in quotes.")
        # A line of a prompt is one person: what breaks the line or looks like a marker would break the prompt.
        if part != "label" and (set(words) & set("|{}[]\n") or words.count(".") != 1 or words[-1] != "."):
            raise FilterBroken(
                f"The {part} of filter “{id_}” must be one sentence with one full stop, without | {{ }} [ ]."
            )
    pixels = table.get("pixels")
    return Filter(id=id_, **{part: table[part] for part in _SPOKEN}, pixels=_tone(id_, pixels))


def _tone(id_: str, pixels: Any) -> Tone | None:
    if pixels is None:
        return None
    if not isinstance(pixels, dict) or set(pixels) - set(_BOUNDS):
        raise FilterBroken(
            f"The pixels of filter “{id_}” are a table of {', '.join(_BOUNDS)}, such as {{ chroma = 0 }}."
        )
    for part, number in pixels.items():
        low, high = _BOUNDS[part]
        if isinstance(number, bool) or not isinstance(number, int | float) or not low <= number <= high:
            raise FilterBroken(f"The {part} of filter “{id_}” must be a number from {low} to {high}.")
    return Tone(**{part: float(number) for part, number in pixels.items()})
