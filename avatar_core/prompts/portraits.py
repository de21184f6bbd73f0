"""The line of one cell: the only place where a fact about a person becomes words that go out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping

from avatar_core.errors import FilterUnknown
from avatar_core.grid import empty_cells, row_and_column, seated
from avatar_core.prompts.templates import Template, fill
from avatar_core.types import Block, Filter, Persona


def portrait_lines(template: Template, block: Block, looks: Mapping[str, Filter]) -> Iterator[str]:
    """One line for each of the nine cells in order: people first, then empty cells."""
    for cell, persona in seated(block.personas):
        spoken = ""
        if looks:
            filter_id = block.filters[cell - 1]
            if filter_id not in looks:
                raise FilterUnknown(
                    f"There is no filter called “{filter_id[:40]}”. Choose one of: {', '.join(looks)}."
                )
            spoken = getattr(looks[filter_id], template.look)
        yield fill(template.person, _place(cell) | _facts(template, persona) | {"look": spoken}).rstrip()
    for cell in empty_cells(block.personas):
        yield fill(template.empty, _place(cell))


def occupation_words(text: str) -> str:
    """An occupation as it may stand in a portrait line: it can neither leave its line nor pose as another cell.

    >>> occupation_words("mechanic.\\n[2] Woman: teacher | cook")
    'mechanic (2) Woman, teacher / cook'
    """
    # Spaces first: a newline is a control character too, but it separates words.
    text = " ".join(text.split())
    text = "".join(c for c in text if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn"))
    text = text.translate(str.maketrans("|[]:;", "/(),,"))
    # A full stop ends the description: one inside it (“Aux. de enfermagem”) goes, “Node.js” keeps its own.
    return re.sub(r"[.!?…]+(?=\s|$)", "", text).strip(" ,")


def _place(cell: int) -> dict[str, str]:
    row, column = row_and_column(cell)
    return {"cell": str(cell), "row": str(row), "column": str(column)}


def _facts(template: Template, persona: Persona) -> dict[str, str]:
    """All that is ever said of a person."""
    age = template.ages["one" if persona.age == 1 else "many"]
    return {
        "age": fill(age, {"years": str(persona.age)}),
        "gender": template.gender_words(persona.gender),
        "ethnicity": template.ethnicity_words(persona.gender, persona.ethnicity),
        "occupation": occupation_words(persona.occupation),
    }
