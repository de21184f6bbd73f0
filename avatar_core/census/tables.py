"""Shares of the user's own: a small CSV or TOML becomes a population to draw from and to compare with."""

from __future__ import annotations

import csv
import io
import math
import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from avatar_core.census.shares import (
    OLDEST,
    Ages,
    Share,
    Shares,
    band_name,
    census_shares,
    normalised,
    word_for,
)
from avatar_core.errors import UnreadableTable
from avatar_core.types import Ethnicity, Gender

#: How far the sum of rounded shares may be from the whole.
TOLERANCE = 0.01
_MAX_BYTES = 100_000
_FIELDS = {"gender": [value.value for value in Gender], "ethnicity": [value.value for value in Ethnicity]}
_EXAMPLE = "Write the columns field, value and share, such as: ethnicity,parda,45.3"

Entry = tuple[str, str, float, str]
"""Field, value, share and source, as the user wrote them."""


def read_shares(data: bytes, name: str = "") -> Shares:
    """A population of the user's own.

    As CSV with the columns field, value, share and, if wanted, source; or as TOML with a table for each field::

        [ethnicity]
        parda = 60.1
        branca = 26.0
        ...

    Fields are gender, age and ethnicity. Ages are bands such as ``18-24`` or ``65+``. Shares are parts of 1 or
    per cent, and those of a field add up to the whole. A field that is not given stays that of the census, and fields
    that are given are independent of each other.

    >>> read_shares(b"field,value,share\\ngender,woman,70\\ngender,man,30\\n").gender[0].share
    0.7

    Raises:
        UnreadableTable: it is no such table; the message says what is wrong with it.
    """
    called = f"“{name[:60]}”" if name else "The table of shares"
    if len(data) > _MAX_BYTES:
        raise UnreadableTable(f"{called} is too large for a table of shares. {_EXAMPLE}.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    entries = list(_toml(text, called) if re.match(r"\s*(#.*\s+)*\[", text) else _csv(text, called))
    fields = {
        field: [entry for entry in entries if entry[0] == field] for field in ("gender", "age", "ethnicity")
    }
    if unknown := [entry[0] for entry in entries if entry[0] not in fields]:
        raise UnreadableTable(
            f"{called} has shares of “{unknown[0][:40]}”. Shares are known of gender, age and ethnicity."
        )
    if not entries:
        raise UnreadableTable(f"{called} holds no shares. {_EXAMPLE}.")
    return _population(fields, called, name or "a table of shares")


def _population(fields: dict[str, list[Entry]], called: str, title: str) -> Shares:
    census = census_shares()
    given = [field for field, entries in fields.items() if entries]
    kept = [field for field in fields if field not in given]
    notes = [f"From {title}: {', '.join(given)}; independent of each other and of everything else."]
    if kept:
        notes += [f"Not given there and taken from the {census.title}: {', '.join(kept)}.", *census.notes[:2]]
    shares = replace(census, title=title, notes=tuple(notes), ethnicity_of={})
    if fields["gender"]:
        shares = replace(shares, gender=_words(fields["gender"], called, title))
    if fields["ethnicity"]:
        shares = replace(shares, ethnicity=_words(fields["ethnicity"], called, title))
    if fields["age"]:
        bands, age = _ages(fields["age"], called, title)
        shares = replace(shares, bands=bands, age=age, compared=(), age_of={})
    # Which ages men and women have is known of the census's people only.
    return replace(shares, age_of={}) if fields["gender"] or fields["age"] else shares


def _words(entries: Sequence[Entry], called: str, title: str) -> tuple[Share, ...]:
    field = entries[0][0]
    words = [word_for(entry[1]) for entry in entries]
    for word, (_, said, _, _) in zip(words, entries, strict=True):
        if word not in _FIELDS[field]:
            raise UnreadableTable(
                f"{called} has a share of “{said[:40]}”, which is no {field}. Allowed: {', '.join(_FIELDS[field])}."
            )
        if words.count(word) > 1:
            raise UnreadableTable(f"{called} has two shares of {word}. Keep one.")
    parts = _whole(entries, called)
    return tuple(
        Share(field, word, part, entry[3] or title)
        for word, part, entry in zip(words, parts, entries, strict=True)
    )


def _ages(entries: Sequence[Entry], called: str, title: str) -> tuple[tuple[Ages, ...], tuple[Share, ...]]:
    parts = _whole(entries, called)
    bands = [_band(entry[1], called) for entry in entries]
    ordered = sorted(zip(bands, parts, entries, strict=True), key=lambda one: one[0])
    for (before, _, _), (after, _, _) in pairwise(ordered):
        if after[0] <= before[1]:
            raise UnreadableTable(
                f"{called} has ages that overlap: {band_name(before)} and {band_name(after)}. Give each age once."
            )
    return tuple(band for band, _, _ in ordered), tuple(
        Share("age", band_name(band), part, entry[3] or title) for band, part, entry in ordered
    )


def _band(text: str, called: str) -> Ages:
    match = re.fullmatch(
        r"\s*([0-9]{1,3})\s*(?:(?:-|–|to|a|até)\s*([0-9]{1,3})|(\+|and over|ou mais|e mais))?\s*(?:anos|years)?\s*",
        text.casefold().replace("anos ou mais", "ou mais"),
    )
    first, last = (int(match[1]), int(match[2] or match[1])) if match else (1, 0)
    if match and match[3]:
        last = OLDEST
    if not first <= last <= 120:
        raise UnreadableTable(f"{called} has the ages “{text[:40]}”. Write bands such as 18-24 or 65+.")
    return first, last


def _whole(entries: Sequence[Entry], called: str) -> tuple[float, ...]:
    """The shares of a field as parts of 1."""
    field, total = entries[0][0], sum(entry[2] for entry in entries)
    for whole in (1, 100):
        if abs(total / whole - 1) <= TOLERANCE:
            return normalised([entry[2] for entry in entries])
    raise UnreadableTable(
        f"{called} has shares of {field} that add up to {total:g}. They must add up to 1, or to 100 per cent."
    )


def _number(said: object, called: str) -> float:
    if isinstance(said, (int, float)) and not isinstance(said, bool):
        number = float(said)
    else:
        text = str(said).replace("%", "").replace(" ", "").replace(",", ".")
        number = float(text) if re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,12})?", text) else -1
    if not 0 <= number < math.inf:
        raise UnreadableTable(
            f"{called} has the share “{str(said)[:40]}”. Write a number such as 0.453 or 45.3."
        )
    return number


def _csv(text: str, called: str) -> Iterator[Entry]:
    head = text.partition("\n")[0]
    lines = io.StringIO(text, newline="")
    try:
        rows = list(csv.reader(lines, delimiter=max(";\t,", key=head.count), skipinitialspace=True))
    except csv.Error as error:
        raise UnreadableTable(f"{called} cannot be read as CSV: {error}. {_EXAMPLE}.") from None
    names = [name.strip().casefold() for name in rows[0]] if rows else []
    if missing := [name for name in ("field", "value", "share") if name not in names]:
        raise UnreadableTable(f"{called} has no column called {missing[0]}. {_EXAMPLE}.")
    for row in rows[1:]:
        cells = dict(zip(names, map(str.strip, row), strict=False))
        field, value, share, source = (cells.get(name, "") for name in ("field", "value", "share", "source"))
        if field or value or share:
            yield field.casefold(), value, _number(share, called), source


def _toml(text: str, called: str) -> Iterator[Entry]:
    try:
        data: dict[str, Any] = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise UnreadableTable(
            f"{called} is not valid TOML: {str(error)[:80]}. Correct it there and try again."
        ) from None
    for field, values in data.items():
        if not isinstance(values, dict):
            raise UnreadableTable(f"{called} has “{field[:40]}” outside of a table. {_EXAMPLE}.")
        source = str(values.pop("source", ""))
        yield from (
            (field.casefold(), value, _number(share, called), source) for value, share in values.items()
        )
