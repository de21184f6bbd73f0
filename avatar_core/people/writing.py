"""People become tables again: what was read is what is written, in every format."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from avatar_core.people.cells import guarded
from avatar_core.people.headers import unique_names
from avatar_core.people.vocabulary import FIELDS
from avatar_core.types import Persona, RowProblem

if TYPE_CHECKING:
    import pandas

#: Characters that a spreadsheet, a terminal or XML would act on or refuse. Tab and newline are text.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")

#: The formats in which people are saved: ending, what it is called, its media type.
FORMATS = (
    ("csv", "CSV", "text/csv"),
    ("xlsx", "XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("parquet", "Parquet", "application/vnd.apache.parquet"),
    ("json", "JSON", "application/json"),
    ("jsonl", "JSON Lines", "application/jsonl"),
)


def people_to_csv(personas: Sequence[Persona]) -> bytes:
    """A CSV file for spreadsheets and for :func:`read_people`, with every column that the people carry.

    UTF-8 with its mark, so that Excel shows accents; an apostrophe stands in front of what would run as a formula.
    """
    others = _others(personas)
    return _csv([*FIELDS, *_headers(others)], _rows(personas, others))


def people_to_json(personas: Sequence[Persona]) -> bytes:
    """A JSON list with an object for each person; ages are numbers, everything else is text."""
    return (json.dumps(_objects(personas), ensure_ascii=False, indent=2) + "\n").encode("utf-8", "replace")


def people_to_jsonl(personas: Sequence[Persona]) -> bytes:
    """JSON Lines: an object for each person, one on each line."""
    lines = (json.dumps(one, ensure_ascii=False) + "\n" for one in _objects(personas))
    return "".join(lines).encode("utf-8", "replace")


def people_to_parquet(personas: Sequence[Persona]) -> bytes:
    """A Parquet file; ages are numbers, everything else is text."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    others = _others(personas)
    names = [*FIELDS, *_headers(others)]
    columns = list(zip(*_rows(personas, others), strict=True)) or [()] * len(names)
    arrays = [
        pa.array([int(cell) for cell in column], pa.int32())
        if name == "age"
        else pa.array(column, pa.string())
        for name, column in zip(names, columns, strict=True)
    ]
    file = io.BytesIO()
    pq.write_table(pa.Table.from_arrays(arrays, names=names), file)
    return file.getvalue()


def people_to_xlsx(personas: Sequence[Persona]) -> bytes:
    """A workbook with one sheet; every cell but the age is text and nothing in it can run."""
    from avatar_core.people.spreadsheet import xlsx_bytes

    others = _others(personas)
    rows = [[cleaned(cell) for cell in row] for row in _rows(personas, others)]
    header = [cleaned(cell) for cell in (*FIELDS, *_headers(others))]
    return xlsx_bytes(header, rows, numbers={FIELDS.index("age")})


def problems_to_csv(problems: Iterable[RowProblem]) -> bytes:
    """A CSV report of what is wrong with a table, one line for each problem."""
    rows = [
        [
            str(problem.row or ""),
            problem.column,
            problem.value,
            problem.problem,
            problem.allowed,
            "refused" if problem.fatal else "notice",
        ]
        for problem in problems
    ]
    return _csv(["row", "column", "value", "problem", "allowed", "effect"], rows)


def people_to_frame(personas: Sequence[Persona], *, extra: bool = False) -> pandas.DataFrame:
    """The table of the editor: id, name, age, gender, ethnicity and occupation, one row for each person.

    Args:
        personas: the people, in order.
        extra: whether the other columns that the people carry follow, so that none is lost on the way back.
    """
    import pandas as pd

    columns = [*FIELDS, *(_others(personas) if extra else ())]
    frame = pd.DataFrame(_rows(personas, columns[len(FIELDS) :]), columns=columns)
    return frame.astype({column: "Int64" if column == "age" else "string" for column in columns})


def cleaned(text: str) -> str:
    """A text without the characters that a file would refuse or a terminal would obey."""
    return _CONTROL.sub(" ", text)


def _others(personas: Sequence[Persona]) -> list[str]:
    """Every other column that somebody carries, in order."""
    return list(dict.fromkeys(name for persona in personas for name, _ in persona.extra))


def _headers(others: Sequence[str]) -> list[str]:
    """How other columns are called in a file: one that the user had replaced may be called as ours are."""
    return unique_names([*FIELDS, *others])[len(FIELDS) :]


def _rows(personas: Sequence[Persona], others: Sequence[str]) -> list[list[str]]:
    carried = ((persona, dict(persona.extra)) for persona in personas)
    return [[*_values(persona), *(extra.get(name, "") for name in others)] for persona, extra in carried]


def _objects(personas: Sequence[Persona]) -> list[dict[str, str | int]]:
    others = _others(personas)
    names = [*FIELDS, *_headers(others)]
    return [
        dict(zip(names, row, strict=True)) | {"age": persona.age}
        for persona, row in zip(personas, _rows(personas, others), strict=True)
    ]


def _values(persona: Persona) -> list[str]:
    return [
        persona.id,
        persona.name,
        str(persona.age),
        persona.gender.value,
        persona.ethnicity.value,
        persona.occupation,
    ]


def _csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerows([guarded(cleaned(cell)) for cell in row] for row in (header, *rows))
    return text.getvalue().encode("utf-8-sig")
