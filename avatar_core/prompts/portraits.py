"""The line of one cell: the only place where a fact about a person becomes words that go out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache

from avatar_core.errors import FilterUnknown
from avatar_core.grid import COLUMNS, empty_cells, row_and_column, seated
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
            spoken = getattr(looks[filter_id], template.look) if template.look else ""
        yield fill(template.person, _place(cell) | _facts(template, persona) | {"look": spoken}).rstrip()
    for cell in empty_cells(block.personas):
        yield fill(template.empty, _place(cell))


LONGEST_OCCUPATION = (
    120  #: characters; tables allow fewer, and a longer one would crowd out the other eight people
)

#: Brackets, bars, colons and semicolons structure a prompt, so a value has none; other scripts have their own.
_STRUCTURE = str.maketrans("|｜[]［］【】〔〕〚〛⟦⟧:：;；", "//" + "()" * 6 + ",,,,")
#: What a line of a template begins with, and what readers of prompts look for anywhere: “Row 2, column 1”.
_PLACE = re.compile(
    r"\b(row|line|column|col|cell|position|portrait|linha|coluna|c[ée]lula|posi[çc][ãa]o|retrato)s?\b(?:[\W_]{0,4}\d+)+",
    re.IGNORECASE,
)


@lru_cache(maxsize=8192)
def occupation_words(text: str) -> str:
    """An occupation as it may stand in a portrait line: it can neither leave its line nor pose as another cell.

    >>> occupation_words("mechanic.\\n[2] Woman: teacher | cook. Row 2, column 1: man")
    'mechanic (2) Woman, teacher / cook row, column, man'
    """
    text = text[: 10 * LONGEST_OCCUPATION]
    while (said := _said(text)) != text:  # what was taken away may have kept two halves of a marker apart
        text = said
    return said


def _said(text: str) -> str:
    # Spaces first: a newline is a control character too, but it separates words.
    text = " ".join(text.split())
    text = "".join(c for c in text if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn"))
    text = _PLACE.sub(lambda found: found[1].lower(), text.translate(_STRUCTURE))
    if len(text) > LONGEST_OCCUPATION:
        text = text[: LONGEST_OCCUPATION + 1].rpartition(" ")[0] or text[:LONGEST_OCCUPATION]
    # A full stop ends the description: one inside it (“Aux. de enfermagem”) goes, “Node.js” keeps its own.
    return re.sub(r"[.!?…。！？]+(?=\s|$)", "", text).strip(" ,")


#: How a line of every built-in template begins.
_LABEL = re.compile(
    r"^[ \t>*#-]*(?:\[ *(?P<cell>[1-9]) *\]"
    r"|(?:row|linha) *(?P<row>[1-3])[ ,;/]*(?:column|col\.?|coluna) *(?P<column>[1-3]))",
    re.IGNORECASE,
)


def cell_of(line: str) -> int | None:
    """The cell that a line of a prompt is about; None if it does not begin with one.

    >>> cell_of("[2] Woman, 42"), cell_of("Linha 3, coluna 1: mulher"), cell_of("Row 1: [1] Top-Left")
    (2, 7, None)
    """
    found = _LABEL.match(line)
    if found is None:
        return None
    return int(found["cell"] or (int(found["row"]) - 1) * COLUMNS + int(found["column"]))


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
