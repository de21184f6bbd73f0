"""A table before anything is decided about it: its columns, what each may be, and what the user should be asked.

A page draws its dialog from this, and hands the answers back::

    table = examine(upload.getvalue(), upload.name)
    if table.questions:                       # such as ("ethnicity",): no header names it, or two do
        for field in table.questions:
            options = table.candidates(field)  # the likeliest first, then every other column
            mapping[field] = ...               # the name of a column
    people = people_of_table(table, mapping)  # what is not in the mapping is recognised by its header
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from avatar_core.people.cells import one_line, shown
from avatar_core.people.columns import (
    Cells,
    Mapped,
    assigned,
    carried,
    filled_rows,
    guess_fields,
    names_of,
)
from avatar_core.people.limits import MAX_AGE
from avatar_core.people.rows import checked, somebody
from avatar_core.people.tables import Source, read_pasted, read_rows
from avatar_core.people.vocabulary import FIELDS, REQUIRED, read_word, steps_back
from avatar_core.types import People, RowProblem

_SAMPLES = 5
_LOOKED_AT = 200  #: rows whose values say what a column may be


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table."""

    name: str
    guess: str  #: the field that its header names: id, name, age, gender, ethnicity, occupation; or nothing
    fits: tuple[str, ...]  #: the fields that it may be by its header or its values, the likeliest first
    samples: tuple[str, ...]  #: the first different values
    filled: int  #: rows in which it holds something


@dataclass(frozen=True, slots=True)
class Table:
    """A table as it was found; nothing of it is read as a person yet."""

    kind: str  #: CSV, JSON, JSON Lines, XLSX, Parquet or text
    columns: tuple[Column, ...]
    rows: tuple[tuple[int, Cells], ...]  #: number, from 1, and text by column
    problems: tuple[RowProblem, ...] = ()
    sheet: str = ""  #: of a workbook: the one that was read
    sheets: tuple[str, ...] = ()  #: of a workbook: all of them, to examine another

    @property
    def questions(self) -> tuple[str, ...]:
        """The fields to ask about: needed ones that no header names, and all that more than one header names.

        A column of sex beside one of gender identity is no question: it counts where the other is empty.
        """
        asked = []
        for field in FIELDS:
            named = self.guesses(field)
            rivals = [column for column in named if not steps_back(field, column)]
            if len(rivals) > 1 or (not rivals and len(named) > 1) or (not named and field in REQUIRED):
                asked.append(field)
        return tuple(asked)

    @property
    def answerable(self) -> bool:
        """Whether there are as many columns as a person needs; with fewer, no answer would make people of it."""
        return len(self.columns) >= len(REQUIRED)

    def guesses(self, field: str) -> tuple[str, ...]:
        """The columns whose header names the field, the best first: the first that is not empty counts."""
        return tuple(guess_fields([column.name for column in self.columns]).get(field, ()))

    def candidates(self, field: str) -> tuple[str, ...]:
        """All columns, those first that fit the field by their header, then those whose values fit it."""
        named = self.guesses(field)
        fitting = [
            column.name for column in self.columns if field in column.fits and column.name not in named
        ]
        rest = [
            column.name for column in self.columns if field not in column.fits and column.name not in named
        ]
        return (*named, *fitting, *rest)

    def fields(self, mapping: Mapped | None = None) -> dict[str, list[str]]:
        """The columns that are read for each field that has any, the first that is not empty of each.

        Raises:
            InputError: the mapping names a field or a column that there is not.
        """
        return assigned([column.name for column in self.columns], mapping)

    def carried(self, mapping: Mapped | None = None) -> tuple[str, ...]:
        """The columns that stay with the people to the manifest and are never sent.

        Raises:
            InputError: the mapping names a field or a column that there is not.
        """
        return carried([column.name for column in self.columns], self.fields(mapping))

    def preview(self, rows: int = 5) -> list[Cells]:
        """The first rows as they stand there, with every column."""
        return [
            {column.name: shown(cells.get(column.name, "")) for column in self.columns}
            for _, cells in self.rows[:rows]
        ]


def examine(data: bytes, name: str = "", *, sheet: str = "") -> Table:
    """Look at a file without reading it as people yet.

    >>> table = examine("nome;idade;sexo;pele;ocupação\\nAna;34 anos;F;parda;enfermeira\\n".encode())
    >>> table.questions, table.candidates("ethnicity")[0]
    (('ethnicity',), 'pele')
    >>> people_of_table(table, {"ethnicity": "pele"}).personas[0].described
    'Woman, 34, pardo, enfermeira'

    Args:
        data: the whole file.
        name: what the user calls it, for messages.
        sheet: which sheet of a workbook; by default the first that has people.

    Raises:
        UnreadableTable: it is no table, or a limit is passed.
    """
    return table_of(read_rows(data, name, sheet))


def examine_text(text: str) -> Table:
    """Look at what was pasted; otherwise like :func:`examine`."""
    return table_of(read_pasted(text))


def people_of_table(table: Table, mapping: Mapped | None = None) -> People:
    """The people of a table that was examined.

    Args:
        table: it.
        mapping: for a field the name of its column, or of several of which the first that is not empty counts, or
            ``""`` for none. A field that is not mentioned is recognised by its header.

    Raises:
        InputError: the mapping names a field or a column that there is not.
        UnreadableTable: a needed column is still missing.
        TooManyPeople: more rows than ``MAX_ROWS``.
    """
    return somebody(checked(table.rows, table.problems, mapping))


def table_of(source: Source) -> Table:
    """What a file holds, with what each of its columns may be."""
    rows = filled_rows(source.rows)
    names = names_of(rows)
    guesses = {name: field for field, columns in guess_fields(names).items() for name in columns}
    columns = tuple(_column(name, guesses.get(name, ""), rows) for name in names)
    return Table(source.kind, columns, tuple(rows), tuple(source.problems), source.sheet, source.sheets)


def _column(name: str, guess: str, rows: Sequence[tuple[int, Cells]]) -> Column:
    values = [cells[name] for _, cells in rows[:_LOOKED_AT] if cells.get(name)]
    fits = [guess] if guess else []
    fits += [field for field in _fitting(values) if field != guess]
    samples = tuple(dict.fromkeys(shown(value) for value in values))[:_SAMPLES]
    return Column(name, guess, tuple(fits), samples, sum(bool(cells.get(name)) for _, cells in rows))


def _fitting(values: Sequence[str]) -> list[str]:
    """The fields that at least four of five values would do for."""

    def share(good: Sequence[object]) -> bool:
        return bool(values) and sum(map(bool, good)) >= 0.8 * len(values)

    if share([_is_age(value) for value in values]):
        return ["age"]
    for field in ("gender", "ethnicity"):
        if share(
            [
                (reading := read_word(field, value)).word or reading.problem.startswith("means")
                for value in values
            ]
        ):
            return [field]
    one_word = [len(one_line(value)) <= 40 and any(map(str.isalpha, value)) for value in values]
    return ["occupation"] if share(one_word) else []


def _is_age(value: str) -> bool:
    number = re.match(r"[0-9]{1,3}\b(?![.,/-][0-9]*[1-9])", value)
    return number is not None and int(number[0]) <= MAX_AGE and len(value) < 20
