"""Tables in, people out: files, pasted text, records or the editor's dataframe become personas and row problems.

tables (which kind of file) -> texts, objects, workbook, parquet (bytes to rows) -> headers and columns (which column
is what) -> rows (every cell is checked, in the words of the vocabulary); examine lets a user choose the columns
before, and writing is the way back. Names and other columns are kept in the personas and go nowhere else.
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
from avatar_core.people.columns import Mapped
from avatar_core.people.grouping import ProblemGroup, grouped
from avatar_core.people.headers import unique_names
from avatar_core.people.inspection import Column, Table, examine, examine_text, people_of_table, table_of
from avatar_core.people.limits import (
    MAX_AGE,
    MAX_BYTES,
    MAX_CELL,
    MAX_COLUMNS,
    MAX_OCCUPATION,
    MAX_ROWS,
    MAX_UNPACKED,
)
from avatar_core.people.rows import people_of, somebody
from avatar_core.people.tables import Source, read_pasted, read_rows
from avatar_core.people.vocabulary import FIELDS, REQUIRED
from avatar_core.people.writing import (
    FORMATS,
    people_to_csv,
    people_to_frame,
    people_to_json,
    people_to_jsonl,
    people_to_parquet,
    people_to_xlsx,
    problems_to_csv,
)
from avatar_core.types import People, Persona

if TYPE_CHECKING:
    import pandas

__all__ = [
    "ENDINGS",
    "FIELDS",
    "FORMATS",
    "MAX_AGE",
    "MAX_BYTES",
    "MAX_CELL",
    "MAX_COLUMNS",
    "MAX_OCCUPATION",
    "MAX_ROWS",
    "MAX_UNPACKED",
    "REQUIRED",
    "SAMPLES",
    "Column",
    "ProblemGroup",
    "Table",
    "examine",
    "examine_frame",
    "examine_text",
    "grouped",
    "people_from_frame",
    "people_from_records",
    "people_of_table",
    "people_to",
    "people_to_csv",
    "people_to_frame",
    "people_to_json",
    "people_to_jsonl",
    "people_to_parquet",
    "people_to_xlsx",
    "problems_to_csv",
    "read_people",
    "read_people_file",
    "read_text",
    "sample_people",
]

#: The built-in lists of people, with their labels.
SAMPLES: Mapping[str, str] = MappingProxyType(
    {"nine": "Nine people", "thirty-six": "Thirty-six people, occupations in Portuguese"}
)

#: The endings under which a user will look for a table; what a file is, is told by what is in it.
ENDINGS = ("csv", "tsv", "txt", "xlsx", "xlsm", "parquet", "json", "jsonl", "ndjson")


def read_people(data: bytes, name: str = "", *, sheet: str = "", mapping: Mapped | None = None) -> People:
    """People of an uploaded file: CSV, XLSX, Parquet, JSON (also with a nested ``demografia``) or JSON Lines.

    Args:
        data: the whole file.
        name: what the user calls it; its ending is not trusted.
        sheet: which sheet of a workbook; by default the first that has people.
        mapping: columns that the user chose, see :func:`people_of_table`.

    Raises:
        UnreadableTable: it is no table, a needed column is missing, or a limit is passed.
        TooManyPeople: more rows than ``MAX_ROWS``.
        InputError: the mapping names a field or a column that there is not.
    """
    source = read_rows(data, name, sheet)
    return somebody(people_of(source.rows, source.problems, mapping))


def read_text(text: str, *, mapping: Mapped | None = None) -> People:
    """People of text that was copied from a spreadsheet or an editor, with its header row.

    >>> read_text("idade\\tsexo\\tcor\\tocupação\\n34\\tF\\tparda\\tenfermeira").personas[0].occupation
    'enfermeira'

    Raises:
        UnreadableTable, TooManyPeople: as :func:`read_people` does.
    """
    source = read_pasted(text)
    return somebody(people_of(source.rows, source.problems, mapping))


def read_people_file(path: str | Path, *, sheet: str = "", mapping: Mapped | None = None) -> People:
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
    return read_people(data, path.name, sheet=sheet, mapping=mapping)


def people_from_records(records: Sequence[Mapping[str, object]], mapping: Mapped | None = None) -> People:
    """People of records in memory, one mapping each; nested ones are flattened.

    >>> people_from_records([{"idade": 42, "sexo": "F", "cor": "parda", "profissão": "teacher"}]).personas[0].id
    'p001'

    Raises:
        UnreadableTable, TooManyPeople: as :func:`read_people` does.
    """
    return people_of(list(enumerate(records, start=1)), mapped=mapping)


def people_from_frame(frame: pandas.DataFrame, mapping: Mapped | None = None) -> People:
    """People of a dataframe such as the editor's; empty cells may be None, NaN or NA, and empty rows are passed over.

    Raises:
        UnreadableTable, TooManyPeople: as :func:`read_people` does.
    """
    return people_from_records(_records(frame), mapping)


def examine_frame(frame: pandas.DataFrame) -> Table:
    """Look at a dataframe without reading it as people yet; otherwise like :func:`examine`."""
    return table_of(Source("dataframe", list(enumerate(_records(frame), start=1)), []))


def people_to(ending: str, personas: Sequence[Persona]) -> bytes:
    """People as a file of one of ``FORMATS``: csv, xlsx, parquet, json or jsonl.

    Raises:
        InputError: there is no such format.
    """
    writers = {
        "csv": people_to_csv,
        "xlsx": people_to_xlsx,
        "parquet": people_to_parquet,
        "json": people_to_json,
        "jsonl": people_to_jsonl,
    }
    if ending not in writers:
        raise InputError(f"People are not saved as “{ending[:40]}”. Choose one of: {', '.join(writers)}.")
    return writers[ending](personas)


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


def _records(frame: pandas.DataFrame) -> list[dict[str, object]]:
    names = unique_names([one_line(name) for name in frame.columns])
    rows = frame.astype(object).where(frame.notna(), None).itertuples(index=False, name=None)
    return [dict(zip(names, row, strict=True)) for row in rows]
