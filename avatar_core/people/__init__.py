"""Tables in, people out: bytes, records or the editor's dataframe become personas and row problems.

tables (bytes to rows) -> rows (checks) -> columns and vocabulary (what things are called) -> cells; writing is the
way back. Names and other columns are kept in the personas and go nowhere else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from avatar_core.errors import InputError, UnreadableTable
from avatar_core.people.cells import one_line
from avatar_core.people.columns import MAX_CELL, MAX_COLUMNS
from avatar_core.people.rows import MAX_AGE, MAX_OCCUPATION, MAX_ROWS, people_of
from avatar_core.people.tables import MAX_BYTES, read_rows, unique_names
from avatar_core.people.vocabulary import FIELDS
from avatar_core.people.writing import people_to_csv, people_to_frame, problems_to_csv
from avatar_core.types import People, Persona, RowProblem

if TYPE_CHECKING:
    import pandas

__all__ = [
    "FIELDS",
    "MAX_AGE",
    "MAX_BYTES",
    "MAX_CELL",
    "MAX_COLUMNS",
    "MAX_OCCUPATION",
    "MAX_ROWS",
    "SAMPLES",
    "people_from_frame",
    "people_from_records",
    "people_to_csv",
    "people_to_frame",
    "problems_to_csv",
    "read_people",
    "read_people_file",
    "sample_people",
]

#: The built-in lists of people, with their labels.
SAMPLES: Mapping[str, str] = MappingProxyType(
    {"nine": "Nine people", "thirty-six": "Thirty-six people, occupations in Portuguese"}
)


def read_people(data: bytes, name: str = "") -> People:
    """People of an uploaded file: CSV, JSON (also with a nested ``demografia``) or JSON Lines.

    Args:
        data: the whole file.
        name: what the user calls it; its ending is not trusted.

    Raises:
        UnreadableTable: it is no table, a needed column is missing, or a limit is passed.
        TooManyPeople: more rows than ``MAX_ROWS``.
    """
    people = people_of(*read_rows(data, name))
    if people.personas or people.problems:
        return people
    return People((), (RowProblem(0, "", "", "holds no people", "a row for each person under the headers"),))


def read_people_file(path: str | Path) -> People:
    """People of a file on this machine; otherwise like :func:`read_people`.

    Raises:
        UnreadableTable: also if the file does not exist or may not be read.
    """
    path = Path(path)
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise UnreadableTable(
            f"“{path}” cannot be read: {reason}. Check the path and its permissions."
        ) from None
    return read_people(data, path.name)


def people_from_records(records: Sequence[Mapping[str, object]]) -> People:
    """People of records in memory, one mapping each; nested ones are flattened.

    >>> people_from_records([{"idade": 42, "sexo": "F", "cor": "parda", "profissão": "teacher"}]).personas[0].id
    'p001'

    Raises:
        UnreadableTable, TooManyPeople: as :func:`read_people` does.
    """
    return people_of(list(enumerate(records, start=1)))


def people_from_frame(frame: pandas.DataFrame) -> People:
    """People of a dataframe such as the editor's; empty cells may be None, NaN or NA, and empty rows are passed over.

    Raises:
        UnreadableTable, TooManyPeople: as :func:`read_people` does.
    """
    names = unique_names([one_line(name) for name in frame.columns])
    rows = frame.astype(object).where(frame.notna(), None).itertuples(index=False, name=None)
    return people_from_records([dict(zip(names, row, strict=True)) for row in rows])


@cache
def sample_people(name: str = "nine") -> tuple[Persona, ...]:
    """The people of a built-in list, see ``SAMPLES``.

    Raises:
        InputError: there is no such list.
    """
    if name not in SAMPLES:
        raise InputError(f"There is no list called “{name[:40]}”. Choose one of: {', '.join(SAMPLES)}.")
    file = resources.files("avatar_core").joinpath(f"data/people/{name}.csv")
    return read_people(file.read_bytes(), file.name).personas
