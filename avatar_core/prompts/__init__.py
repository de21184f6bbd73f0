"""Words around nine people: templates, and the one exact text that is sent for a block.

Only age, gender, ethnicity, occupation and the look go out. A template is a TOML file in data/templates; its words
hold placeholders in braces, which are replaced in a single pass, so that a brace in somebody's occupation stays a
brace. Names, ids and other columns are looked at by :func:`lint` alone, which says where they appear.
"""

from __future__ import annotations

from collections.abc import Mapping

from avatar_core.errors import PromptTooLong
from avatar_core.grid import COLUMNS, ROWS, empty_cells
from avatar_core.prompts.findings import Finding, Kind, Severity
from avatar_core.prompts.portraits import portrait_lines
from avatar_core.prompts.proofread import lint
from avatar_core.prompts.templates import (
    DEFAULT_TEMPLATE,
    LINE_PLACEHOLDERS,
    PLACEHOLDERS,
    Template,
    fill,
    find_template,
    read_template,
    template_with_words,
    templates,
)
from avatar_core.types import Block, Filter, Prompt

__all__ = [
    "DEFAULT_TEMPLATE",
    "LINE_PLACEHOLDERS",
    "PLACEHOLDERS",
    "Finding",
    "Kind",
    "Severity",
    "Template",
    "check",
    "find_template",
    "lint",
    "read_template",
    "render",
    "template_with_words",
    "templates",
]


def render(template: Template, block: Block, looks: Mapping[str, Filter]) -> Prompt:
    """The exact text to send for a block.

    Args:
        template: the words, built in or edited.
        block: up to nine people; person i is described in the line of cell i.
        looks: every filter by id, as ``filters.looks()`` has them; empty if the looks are not spoken in the prompt.
            A template that never speaks of looks says nothing of them either way.

    Raises:
        FilterUnknown: a person of the block wears a filter that ``looks`` does not hold.
    """
    count, empty = len(block.personas), len(empty_cells(block.personas))
    occasion = (
        "full" if not empty else "one_person" if count == 1 else "one_empty" if empty == 1 else "some_empty"
    )
    numbers = {"count": str(count), "empty": str(empty), "rows": str(ROWS), "columns": str(COLUMNS)}
    said = {key: fill(text, numbers) for key, text in template.occasions[occasion].items()}
    values = (
        numbers
        | said
        | {
            "portraits": "\n".join(portrait_lines(template, block, looks)),
            "look_note": template.look_spoken
            if looks and template.speaks_of_looks
            else template.look_unspoken,
        }
    )
    lines = ((line, fill(line, values)) for line in template.words.splitlines())
    # A note with nothing to say takes its line with it.
    text = "\n".join(filled for line, filled in lines if filled.strip() or not line.strip())
    return Prompt(text=text.strip(), template=template.name)


def check(text: str, limit: int) -> None:
    """Refuse a prompt that the model would refuse.

    Raises:
        PromptTooLong: the message says by how much.
    """
    if len(text) > limit:
        raise PromptTooLong(
            f"The prompt has {len(text):,} characters; the model accepts {limit:,}. "
            f"Shorten it by {len(text) - limit:,} or choose another model."
        )
