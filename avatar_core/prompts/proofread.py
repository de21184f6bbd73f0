"""Warnings about a prompt that somebody may have edited by hand: what is missing, and what should not be there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

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
        age = _number(persona.age)
        # Two people of the same age and work need two lines: a line that was found is used up.
        found = next((line for line in lines if occupation in line and age.search(line)), None)
        if found is None:
            missing = "occupation" if any(age.search(line) for line in lines) else "age"
            yield f"{who} no longer has a line with both age and occupation; the {missing} is missing. The picture may show somebody else."
            continue
        lines.remove(found)
        if not any(word in found for word in _ethnicity_words(persona)):
            yield f"{who} has a line without the ethnicity ({persona.ethnicity.value})."


@cache
def _number(number: int) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.]){number}(?!\w)")


def _leaked(text: str, block: Block) -> Iterator[str]:
    """Ids, names and other columns that stand in the text."""
    occupations = " ".join(persona.occupation for persona in block.personas).casefold()
    for cell, persona in seated(block.personas):
        if _tells(persona.id) and _appears(persona.id, text):
            yield f"The id “{persona.id}” of person {cell} stands in the prompt. Ids stay here: remove it."
        names = (persona.name, *persona.name.split())
        if shown := next((name for name in names if _is_private(name) and _appears(name, text)), None):
            yield f"The name “{shown}” of person {cell} stands in the prompt. Names stay here: remove it."
        for column, value in persona.extra:
            parts = (part.strip() for part in re.split(r"[;\n]", value))
            told = (part for part in parts if _is_private(part) and part.casefold() not in occupations)
            if shown := next((part for part in told if _appears(part, text, any_case=True)), None):
                yield f"“{shown}” from the column “{column}” of person {cell} stands in the prompt. Only age, gender, ethnicity, occupation and the look go out: remove it."


def _tells(persona_id: str) -> bool:
    """Whether an id cannot be mistaken for an ordinary word or number."""
    return len(persona_id) > 2 and any(c.isdigit() for c in persona_id) and not persona_id.isdigit()


def _is_private(value: str) -> bool:
    """Whether a value can only have come from the row: longer than a syllable and no words of the templates."""
    return len(value) > 2 and not set(re.findall(r"\w+", value.casefold())) <= _own_words()


def _appears(word: str, text: str, *, any_case: bool = False) -> bool:
    if any_case:
        word, text = word.casefold(), text.casefold()
    # The plain search comes first: it is quick, and in ten thousand rows it is nearly always the answer.
    return word in text and re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) is not None


@cache
def _own_words() -> frozenset[str]:
    """Every word and number that some template uses itself."""
    said = " ".join(repr(template) for template in templates())
    return frozenset(re.findall(r"\w+", said.casefold()))


def _ethnicity_words(persona: Persona) -> set[str]:
    """Every way in which some template says this person's ethnicity, in lower case."""
    said = (template.ethnicities[persona.ethnicity.value] for template in templates())
    forms = {form for words in said for form in ((words,) if isinstance(words, str) else words.values())}
    return {form.casefold() for form in forms} | {persona.ethnicity.value}
