"""What must not go out: names, ids and anything from other columns that stands in the text of a prompt.

A rendered prompt cannot hold them, because nothing puts them there. So only words are looked at that neither a
template nor an age, gender, ethnicity or occupation of the block accounts for: those that somebody wrote by hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from avatar_core.grid import seated
from avatar_core.prompts.findings import Finding, Kind, Severity
from avatar_core.prompts.templates import own_words
from avatar_core.prompts.wordlists import wordlists
from avatar_core.types import Block, Persona

_WORD = re.compile(r"\w+")
_NUMBER = re.compile(r"\d+(?:[.,\s]\d{3})*(?:[.,]\d{1,2})?(?!\d)")
_PARTS = re.compile(r"[;\n|•]|, |\. |\.$")
_SHORT = 5  #: words: up to here a part of a value is looked for as it stands, beyond it word by word


def leaks(text: str, block: Block) -> Iterator[Finding]:
    """Ids, names and values of other columns that stand in the text."""
    yield from _within_occupations(block)
    folded = text.casefold()
    facts = " ".join(f"{one.occupation} {one.ethnicity.value} {one.age}" for one in block.personas).casefold()
    strange = set(_WORD.findall(folded)) - own_words() - set(_WORD.findall(facts))
    if not strange:
        return
    numbers = {found for found in map(_digits, _NUMBER.findall(text)) if len(found) > 2} - own_words()
    for cell, persona in seated(block.personas):
        yield from _id_and_name(cell, persona, text, strange)
        for column, value in persona.extra:
            shown = _shown(value, folded, strange) or _amount(value, numbers)
            if shown:
                yield Finding(
                    Kind.LEAK,
                    Severity.ERROR,
                    f"“{shown}” from the column “{column}” of person {cell} stands in the prompt.",
                    "Only age, gender, ethnicity, occupation and the look go out: remove it.",
                    cell,
                )


def _within_occupations(block: Block) -> Iterator[Finding]:
    """Names and places that a row has written into its own occupation, with which they go out."""
    for cell, persona in seated(block.personas):
        own = [("name", persona.name)] if " " in persona.name else []
        for column, value in (*own, *persona.extra):
            place = persona.occupation.find(value) if len(value) > 2 else -1
            # The first word may have its capital for being first; “Education officer” tells no more than “teacher”.
            if place > 0 and value[0].isupper() and _stands(value, persona.occupation):
                yield Finding(
                    Kind.LEAK,
                    Severity.WARNING,
                    f"“{value}” from the column “{column}” stands in the occupation of person {cell} and goes out with it.",
                    "Name the work alone.",
                    cell,
                )


def _id_and_name(cell: int, persona: Persona, text: str, strange: set[str]) -> Iterator[Finding]:
    if _tells(persona.id) and _stands(persona.id, text):
        yield Finding(
            Kind.LEAK,
            Severity.ERROR,
            f"The id “{persona.id}” of person {cell} stands in the prompt.",
            "Ids stay here: remove it.",
            cell,
        )
    names = (name for name in _WORD.findall(persona.name) if len(name) > 2 and name.casefold() in strange)
    if shown := next((name for name in names if _stands(name, text)), None):
        yield Finding(
            Kind.LEAK,
            Severity.ERROR,
            f"The name “{shown}” of person {cell} stands in the prompt.",
            "Names stay here: remove it.",
            cell,
        )


def _tells(persona_id: str) -> bool:
    """Whether an id cannot be mistaken for an ordinary word or number."""
    return len(persona_id) > 2 and any(c.isdigit() for c in persona_id) and not persona_id.isdigit()


def _shown(value: str, folded: str, strange: set[str]) -> str:
    """The first part of a value that stands in the text; empty if none does."""
    if strange.isdisjoint(_words(value)):
        return ""
    meaningless = wordlists()["leaks"]["common"]
    for part in _PARTS.split(value):
        words: list[str] = _WORD.findall(part)
        short = len(words) <= _SHORT
        if short and _stands(part.strip().casefold(), folded):
            if any(len(word) > 2 and word.casefold() in strange for word in words):
                return str(part).strip()
            continue
        for word in (word for word in words if len(word) > 2 and word.casefold() in strange):
            # A capital within a sentence is a name; other words of a long text count if they say something.
            named = word[0].isupper() and word != words[0]
            if named or (not short and len(word) > 4 and word.casefold() not in meaningless):
                return word
    return ""


@lru_cache(maxsize=32768)
def _words(value: str) -> frozenset[str]:
    """The words of a value; kept, because the same people are proofread at every change of the page."""
    return frozenset(_WORD.findall(value.casefold()))


def _amount(value: str, numbers: set[str]) -> str:
    """An amount of a value that is among the text's numbers of three digits or more, however it is written there."""
    if not numbers:
        return ""
    for found in _NUMBER.finditer(value):
        if _digits(found[0]) in numbers:
            return found[0]
    return ""


def _digits(number: str) -> str:
    """A number without its grouping and its cents: 3.500,00 is 3500."""
    return re.sub(r"\D", "", re.sub(r"[.,]\d{1,2}$", "", number))


def _stands(part: str, text: str) -> bool:
    # The plain search comes first: it is quick, and nearly always the answer.
    return part in text and re.search(rf"(?<!\w){re.escape(part)}(?!\w)", text) is not None
