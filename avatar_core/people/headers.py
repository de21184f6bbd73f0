"""Lines of cells become rows by column name: where the header stands, and what columns without a name are called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import zip_longest

from avatar_core.errors import UnreadableTable
from avatar_core.people.cells import one_line, shown, unguarded
from avatar_core.people.limits import MAX_COLUMNS
from avatar_core.people.vocabulary import REQUIRED, column_rank
from avatar_core.types import RowProblem

Row = tuple[int, Mapping[str, object]]
"""A data row with its number, from 1."""

Line = tuple[int, Sequence[str]]
"""The cells of a line with its place in the file; lines without anything in them are left out."""

#: A header is looked for in so many lines, below titles and notes.
TITLES = 10


def named(lines: Sequence[Line]) -> tuple[list[Row], list[RowProblem]]:
    """Rows by column name; a row with more values than columns cannot be told apart and is left out.

    The header is the first line that names all columns we need, else the first line of all.
    """
    if not lines:
        return [], []
    start = header_at(lines)
    problems = [_passed_over(lines[:start])] if start else []
    (top, header), *body = lines[start:]
    headers = [one_line(unguarded(name)) for name in header]
    refuse_many(sum(map(bool, headers)))
    names = unique_names(headers)
    rows: list[Row] = []
    used: set[str] = set()
    for place, line in body:
        if len(line) > len(names) and any(map(one_line, line[len(names) :])):
            problem = f"has {len(line)} values for {len(names)} columns"
            allowed = "quotation marks around a value that holds the separator"
            problems.append(RowProblem(place - top, "", "", problem, allowed))
            continue
        # Spreadsheets pad lines with separators: a column without a name exists where it holds something.
        cells = zip_longest(names, headers, line[: len(names)], fillvalue="")
        row = {name: unguarded(cell) for name, said, cell in cells if said or cell.strip()}
        if not row.keys() <= used:
            used |= row.keys()
            refuse_many(len(used))
        rows.append((place - top, row))
    return rows, problems


def refuse_many(columns: int) -> None:
    """Refuse a table that has more columns than can be read.

    Raises:
        UnreadableTable: it has.
    """
    if columns > MAX_COLUMNS:
        raise UnreadableTable(
            f"The table has {columns:,} columns; {MAX_COLUMNS} can be read. Keep those that describe people."
        )


def header_at(lines: Sequence[Line]) -> int:
    """The index of the line that is the header."""
    complete = (i for i, (_, line) in enumerate(lines[:TITLES]) if known(line) >= set(REQUIRED))
    return next(complete, 0)


def known(line: Sequence[str]) -> set[str]:
    """The fields that the cells of a line name."""
    return {found[0] for cell in line[: 2 * MAX_COLUMNS] if (found := column_rank(one_line(unguarded(cell))))}


def unique_names(names: Sequence[str]) -> list[str]:
    """Headers that can be told apart: an empty one gets its place, a repeated one a number."""
    unique: dict[str, None] = {}
    for place, name in enumerate(names, start=1):
        wanted, times = name or f"column {place}", 2
        name = wanted
        while name in unique:
            name, times = f"{wanted} ({times})", times + 1
        unique[name] = None
    return list(unique)


def _passed_over(lines: Sequence[Line]) -> RowProblem:
    first = next((cell for _, line in lines for cell in line if cell.strip()), "")
    what = (
        "the line above the header is" if len(lines) == 1 else f"the {len(lines)} lines above the header are"
    )
    return RowProblem(0, "", shown(first), f"{what} passed over", fatal=False)
