"""People become tables again: what was read is what is written."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from avatar_core.people.cells import guarded
from avatar_core.people.vocabulary import FIELDS
from avatar_core.types import Persona, RowProblem

if TYPE_CHECKING:
    import pandas


def people_to_csv(personas: Sequence[Persona]) -> bytes:
    """A CSV file for spreadsheets and for :func:`read_people`, with every column that the people carry.

    UTF-8 with its mark, so that Excel shows accents; an apostrophe stands in front of what would run as a formula.
    """
    others = _others(personas)
    return _csv([*FIELDS, *others], _rows(personas, others))


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


def _others(personas: Sequence[Persona]) -> list[str]:
    """Every other column that somebody carries, in order."""
    return list(dict.fromkeys(name for persona in personas for name, _ in persona.extra))


def _rows(personas: Sequence[Persona], others: Sequence[str]) -> list[list[str]]:
    carried = ((persona, dict(persona.extra)) for persona in personas)
    return [[*_values(persona), *(extra.get(name, "") for name in others)] for persona, extra in carried]


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
    writer.writerows([guarded(cell) for cell in row] for row in (header, *rows))
    return text.getvalue().encode("utf-8-sig")
