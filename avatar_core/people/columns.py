"""The columns of a table: flat names for nested data, limits, and which column is which field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from avatar_core.errors import UnreadableTable
from avatar_core.people.cells import one_line, shown, text_of
from avatar_core.people.vocabulary import REQUIRED, column_rank
from avatar_core.types import RowProblem

MAX_COLUMNS = 200
MAX_CELL = 32_767  #: characters, the limit of a spreadsheet's cell
MAX_NESTING = 8

Cells = dict[str, str]
"""One row: text by column name, also where the cell is empty."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns give which field, the best first, and which are only carried along."""

    fields: Mapping[str, Sequence[str]]
    extra: tuple[str, ...]
    notices: tuple[RowProblem, ...]

    def cell(self, row: Cells, field: str) -> tuple[str, str]:
        """Column and text of a field: of the first of its columns that is not empty."""
        names = self.fields.get(field, (field,))
        return next(((name, row[name]) for name in names if row.get(name)), (names[0], ""))


def find_columns(rows: Sequence[Cells]) -> Columns:
    """Recognise the columns of a table by their headers.

    Raises:
        UnreadableTable: a needed column is missing, or there are too many.
    """
    names = list(dict.fromkeys(name for row in rows for name in row))
    if len(names) > MAX_COLUMNS:
        raise UnreadableTable(
            f"The table has {len(names):,} columns; {MAX_COLUMNS} can be read. Keep those that describe people."
        )
    ranked: dict[str, list[tuple[int, bool, str]]] = {}
    for name in names:
        if found := column_rank(name):
            # Our own name goes before “Age” and “AGE”, so that what we write is what we read.
            ranked.setdefault(found[0], []).append((found[1], name != found[0], name))
    if missing := [field for field in REQUIRED if field not in ranked]:
        raise UnreadableTable(
            f"There is no column for {_and(missing)}. The columns are: {_listed(names)}. "
            "Name them age, gender, ethnicity and occupation (or idade, gênero, raça/cor, ocupação)."
        )
    # Sorting is stable: of two equally good headers the left one counts.
    fields = {
        field: [name for *_, name in sorted(of, key=lambda one: one[:2])] for field, of in ranked.items()
    }
    used = {of[0] for of in fields.values()}
    return Columns(fields, tuple(name for name in names if name not in used), tuple(_notices(fields)))


def flat(number: int, row: Mapping[str, object]) -> Cells:
    """The texts of one row, with dotted names for what is nested: ``demografia.idade``.

    Raises:
        UnreadableTable: nested too deep, or a cell is too long.
    """
    cells: Cells = {}
    for name, value in _leaves(row, number, ()):
        while name in cells:
            name += " (2)"
        try:
            cells[name] = text_of(value)
        except RecursionError:
            raise UnreadableTable(
                f"Row {number} nests lists far too deep. Flatten it and try again."
            ) from None
        if len(cells[name]) > MAX_CELL:
            raise UnreadableTable(
                f"Row {number}, column “{shown(name)}” holds more than {MAX_CELL:,} characters. Shorten it; "
                "in a CSV file, look for a quotation mark that is never closed."
            )
    return cells


def _leaves(row: Mapping[Any, object], number: int, path: tuple[str, ...]) -> Iterator[tuple[str, object]]:
    if len(path) > MAX_NESTING:
        raise UnreadableTable(
            f"Row {number} nests objects more than {MAX_NESTING} deep. Flatten it and try again."
        )
    for key, value in row.items():
        here = (*path, one_line(key) or "unnamed")
        if isinstance(value, Mapping):
            yield from _leaves(value, number, here)
        else:
            yield ".".join(here), value


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
