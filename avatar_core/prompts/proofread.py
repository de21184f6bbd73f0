"""Warnings about a prompt that somebody may have edited by hand: what is missing, and what should not be there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from avatar_core.grid import empty_cells, seated
from avatar_core.prompts.portraits import occupation_words
from avatar_core.prompts.templates import templates
from avatar_core.types import Block, Persona


def lint(text: str, block: Block, limit: int) -> tuple[str, ...]:
    """Warnings for the person who is about to send this text; none for what :func:`render` makes.

    Args:
        text: the exact text to be sent.
        block: the people whom it should describe.
        limit: the most characters that the model accepts.
    """
    return (*_shape(text, block, limit), *_lost(text, block), *_leaked(text, block))


def _shape(text: str, block: Block, limit: int) -> Iterator[str]:
    if len(text) > limit:
        yield f"The prompt has {len(text):,} characters; the model accepts {limit:,}. Shorten it by {len(text) - limit:,}."
    if "|" in text:
        yield "The prompt holds the character “|”. Some servers take what follows it for things to avoid: use a comma or a slash."
    if not re.search(r"\b3\s*[x×X*]\s*3\b|\b(three|3|três)[- ](rows|linhas)\b", text, re.IGNORECASE):
        yield "The prompt no longer asks for a 3x3 grid. Without it the picture cannot be cut into nine: say “3 rows x 3 columns”."
    if empty_cells(block.personas) and not re.search(r"\b(empty|vazi[ao]s?)\b", text, re.IGNORECASE):
        yield "The prompt no longer says that some cells stay empty, so the model may invent people there."


def _lost(text: str, block: Block) -> Iterator[str]:
    """People without a line of their own that still holds their age, ethnicity and occupation."""
    lines = text.casefold().splitlines()
    for cell, persona in seated(block.personas):
        who = f"Person {cell} ({persona.age}, {persona.occupation})"
        occupation = occupation_words(persona.occupation).casefold()
        age = re.compile(rf"(?<![\w.]){persona.age}(?![\w])")
        # Two people of the same age and work need two lines: a line that was found is used up.
        found = next((line for line in lines if occupation in line and age.search(line)), None)
        if found is None:
            missing = "occupation" if any(age.search(line) for line in lines) else "age"
            yield f"{who} no longer has a line with both age and occupation; the {missing} is missing. The picture may show somebody else."
            continue
        lines.remove(found)
        if not any(word in found for word in _ethnicity_words(persona)):
            yield f"{who} has a line without the ethnicity ({persona.ethnicity.value})."


def _leaked(text: str, block: Block) -> Iterator[str]:
    for cell, persona in seated(block.personas):
        if _tells(persona.id) and _appears(persona.id, text):
            yield f"The id “{persona.id}” of person {cell} stands in the prompt. Ids stay here: remove it."
        names = {persona.name, *(part for part in persona.name.split() if len(part) > 3)} - {""}
        shown = sorted((name for name in names if _appears(name, text)), key=len, reverse=True)
        if shown:
            yield f"The name “{shown[0]}” of person {cell} stands in the prompt. Real or not, names stay here: remove it."


def _tells(persona_id: str) -> bool:
    """Whether an id cannot be mistaken for an ordinary word or number."""
    return len(persona_id) > 2 and any(c.isdigit() for c in persona_id) and not persona_id.isdigit()


def _appears(word: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) is not None


def _ethnicity_words(persona: Persona) -> set[str]:
    """Every way in which some template says this person's ethnicity, in lower case."""
    said = (template.ethnicities[persona.ethnicity.value] for template in templates())
    forms = {form for words in said for form in ((words,) if isinstance(words, str) else words.values())}
    return {form.casefold() for form in forms} | {persona.ethnicity.value}
