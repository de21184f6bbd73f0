"""The columns of a table: flat names for nested data, limits, and which column is which field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from avatar_core.errors import InputError, UnreadableTable
from avatar_core.people.cells import one_line, shown, text_of
from avatar_core.people.headers import Row, refuse_many
from avatar_core.people.limits import MAX_CELL, MAX_NESTING, MAX_ROWS, MAX_TEXT, SPARE_ROWS
from avatar_core.people.vocabulary import FIELDS, REQUIRED, column_rank
from avatar_core.types import RowProblem

Cells = dict[str, str]
"""One row: text by column name, also where the cell is empty."""

Mapped = Mapping[str, str | Sequence[str]]
"""What a user chose: for a field its column, or several of which the first that is not empty counts, or none."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns give which field, the best first, and which are only carried along."""

    fields: Mapping[str, Sequence[str]]
    extra: tuple[str, ...]
    notices: tuple[RowProblem, ...] = ()

    def cell(self, row: Cells, field: str) -> tuple[str, str]:
        """Column and text of a field: of the first of its columns that is not empty."""
        names = self.fields.get(field)
        if not names:
            return field, ""
        for name in names:
            if text := row.get(name):
                return name, text
        return names[0], ""


def filled_rows(rows: Sequence[Row]) -> list[tuple[int, Cells]]:
    """The texts of all rows that hold anything.

    Raises:
        UnreadableTable: nested too deep, or a cell or all cells together are too long.
    """
    filled: list[tuple[int, Cells]] = []
    characters = 0
    for number, row in rows:
        cells = flat(number, row)
        if any(cells.values()):
            filled.append((number, cells))
            characters += sum(map(len, cells.values()))
        if characters > MAX_TEXT:
            raise UnreadableTable(
                f"The table holds more than {MAX_TEXT:,} characters. Remove long columns, or split it."
            )
        if len(filled) > MAX_ROWS + SPARE_ROWS:
            break  # too many, as the checks will say
    return filled


def names_of(rows: Sequence[tuple[int, Cells]]) -> list[str]:
    """The names of all columns, in order.

    Raises:
        UnreadableTable: there are too many.
    """
    names: dict[str, None] = {}
    for _, row in rows:
        if not row.keys() <= names.keys():
            names.update(dict.fromkeys(row))
    refuse_many(len(names))
    return list(names)


def guess_fields(names: Sequence[str]) -> dict[str, list[str]]:
    """The columns that by their header give each field, the best first."""
    ranked: dict[str, list[tuple[int, bool, str]]] = {}
    for name in names:
        if found := column_rank(name):
            # Our own name goes before “Age” and “AGE”, so that what we write is what we read.
            ranked.setdefault(found[0], []).append((found[1], name != found[0], name))
    # Sorting is stable: of two equally good headers the left one counts.
    return {
        field: [name for *_, name in sorted(ranked[field], key=lambda one: one[:2])]
        for field in FIELDS
        if field in ranked
    }


def find_columns(names: Sequence[str], mapped: Mapped | None = None) -> Columns:
    """Recognise the columns of a table by their headers, or by what the user says they are.

    Args:
        names: all columns.
        mapped: the user's choice for some fields; the others are recognised by their headers.

    Raises:
        InputError: the choice names a field or a column that there is not.
        UnreadableTable: a needed column is missing.
    """
    fields = assigned(names, mapped)
    if missing := [field for field in REQUIRED if field not in fields]:
        raise UnreadableTable(
            f"There is no column for {_and(missing)}. The columns are: {_listed(names)}. "
            "Name them age, gender, ethnicity and occupation (or idade, gênero, raça/cor, ocupação)."
        )
    notices = tuple(_notices({field: of for field, of in fields.items() if field not in (mapped or {})}))
    return Columns(fields, carried(names, fields), notices)


def assigned(names: Sequence[str], mapped: Mapped | None = None) -> dict[str, list[str]]:
    """The columns of each field that has any: those that were chosen, else those that its headers name.

    Raises:
        InputError: the choice names a field or a column that there is not.
    """
    chosen = {field: _chosen(field, columns, names) for field, columns in (mapped or {}).items()}
    taken = {name for columns in chosen.values() for name in columns}
    guessed = guess_fields([name for name in names if name not in taken])
    return {field: columns for field, columns in {**guessed, **chosen}.items() if columns}


def carried(names: Sequence[str], fields: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """The columns that go along with the people and are never sent: all but the first of each field."""
    used = {columns[0] for columns in fields.values()}
    return tuple(name for name in names if name not in used)


def flat(number: int, row: Mapping[str, object]) -> Cells:
    """The texts of one row, with dotted names for what is nested: ``demografia.idade``.

    Raises:
        UnreadableTable: nested too deep, or a cell is too long.
    """
    cells: Cells = {}
    for name, value in leaves(row, number):
        if name in cells:  # two keys that differ in spaces only
            refuse_many(len(cells))
            while name in cells:
                name += " (2)"
        try:
            cells[name] = text = text_of(value)
        except RecursionError:
            raise UnreadableTable(
                f"Row {number} nests lists far too deep. Flatten it and try again."
            ) from None
        if len(text) > MAX_CELL:
            raise UnreadableTable(
                f"Row {number}, column “{shown(name)}” holds more than {MAX_CELL:,} characters. Shorten it; "
                "in a CSV file, look for a quotation mark that is never closed."
            )
    return cells


def leaves(
    row: Mapping[Any, object], number: int, path: tuple[str, ...] = ()
) -> Iterator[tuple[str, object]]:
    """Every value of a row with its dotted name.

    Raises:
        UnreadableTable: nested too deep.
    """
    if len(path) > MAX_NESTING:
        raise UnreadableTable(
            f"Row {number} nests objects more than {MAX_NESTING} deep. Flatten it and try again."
        )
    for key, value in row.items():
        name = _key(key)
        if isinstance(value, dict):
            yield from leaves(value, number, (*path, name))
        else:
            yield ".".join((*path, name)) if path else name, value


@lru_cache(maxsize=4096)
def _key(key: object) -> str:
    return one_line(key) or "unnamed"


def _chosen(field: str, columns: str | Sequence[str], names: Sequence[str]) -> list[str]:
    if field not in FIELDS:
        raise InputError(
            f"There is no field called “{shown(field)}”. Choose columns for: {', '.join(FIELDS)}."
        )
    wanted = [name for name in ([columns] if isinstance(columns, str) else columns) if name]
    if unknown := [name for name in wanted if name not in names]:
        raise InputError(
            f"There is no column called “{shown(unknown[0])}” for the {field}. The columns are: {_listed(names)}."
        )
    return wanted


def _notices(fields: Mapping[str, Sequence[str]]) -> Iterator[RowProblem]:
    for field, (first, *others) in fields.items():
        if others:
            also = _and([f"“{shown(name)}”" for name in others])
            yield RowProblem(
                0, shown(first), "", f"gives the {field}, and {also} where it is empty", fatal=False
            )


def _and(words: Sequence[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - 12} more" if len(names) > 12 else ""
    return ", ".join(f"“{shown(name)}”" for name in names[:12]) + more
