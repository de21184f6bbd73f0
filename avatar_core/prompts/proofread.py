"""Proofreading a prompt that somebody may have edited by hand: what is missing, and what should not be there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from avatar_core.grid import seated
from avatar_core.prompts.findings import Finding, Kind, Severity
from avatar_core.prompts.framing import framing
from avatar_core.prompts.leaks import leaks
from avatar_core.prompts.occupations import occupations
from avatar_core.prompts.portraits import cell_of, occupation_words
from avatar_core.prompts.templates import templates
from avatar_core.prompts.wordlists import any_of, plain
from avatar_core.types import Block, Ethnicity, Gender, Persona

_BLACK_AND_WHITE = re.compile(r"black (?:and|&|n) white|preto e branco")
#: How people write it by hand, in plain letters, besides the words of the templates.
_ETHNICITIES = {
    Ethnicity.WHITE: "white branc[oa] caucasian",
    Ethnicity.PARDO: "pard[oa] mixed",
    Ethnicity.BLACK: "black pret[oa] negr[oa] afro",
    Ethnicity.ASIAN: "asian amarel[oa] asiatic[oa] japanese chinese korean",
    Ethnicity.INDIGENOUS: "indigenous indigena",
}
_GENDERS = {
    Gender.MAN: "man male boy homem menino masculino",
    Gender.WOMAN: "woman female girl lady mulher menina feminin[oa]",
    Gender.PERSON: "person pessoa non-?binary nao-?binari[oa] intersex\\w*",
}


def lint(text: str, block: Block, limit: int) -> tuple[Finding, ...]:
    """What to look at before this text is sent, the worst first; nothing about words that :func:`render` adds.

    Args:
        text: the exact text to be sent.
        block: the people whom it should describe.
        limit: the most characters that the model accepts.
    """
    found = [*framing(text, block, limit), *_lost(text, block), *leaks(text, block), *occupations(block)]
    return tuple(sorted(found, key=lambda finding: list(Severity).index(finding.severity)))


def _lost(text: str, block: Block) -> Iterator[Finding]:
    """People whose line no longer holds their age, gender, ethnicity and occupation."""
    labelled: dict[int, str] = {}
    free: list[str] = []
    for line in text.casefold().splitlines():
        if (cell := cell_of(line)) is None:
            free.append(line)
        else:
            labelled[cell] = f"{labelled.get(cell, '')} {line}"
    for cell, persona in seated(block.personas):
        work = occupation_words(persona.occupation)
        line = labelled.get(cell, "")
        if not line:
            # Without a label it is the words that say whose line it is. Two people of the same age and work need
            # two lines: a line that was found is used up.
            age = _number(persona.age)
            line = next((each for each in free if work.casefold() in each and age.search(each)), "")
            if line:
                free.remove(line)
        missing = _missing(line, persona, work) if line else []
        if missing or not line:
            what = f"has a line without the {' and the '.join(missing)}" if line else "no longer has a line"
            yield Finding(
                Kind.LOST,
                Severity.ERROR,
                f"Person {cell} ({persona.age}, {persona.occupation}) {what}. The picture may show somebody else.",
                f"Say: {persona.gender.value}, {persona.age} years old, {persona.ethnicity.value}, {work}.",
                cell,
            )


def _missing(line: str, persona: Persona, work: str) -> list[str]:
    """Which of the four facts a line, in lower case, does not hold."""
    rest = line.replace(work.casefold(), " ", 1)
    words = _BLACK_AND_WHITE.sub(" ", plain(rest))  # a look is nobody's ethnicity
    genders, ethnicities = _said(persona.gender), _said(persona.ethnicity)
    held = {
        "age": _number(persona.age).search(rest),
        "gender": genders.search(words),
        "ethnicity": ethnicities.search(words),
        "occupation": work and work.casefold() in line,
    }
    return [fact for fact, found in held.items() if not found]


@cache
def _number(number: int) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.]){number}(?!\w)")


@cache
def _said(fact: Gender | Ethnicity) -> re.Pattern[str]:
    """Every way of saying a gender or an ethnicity: by hand, or in the words of some template."""
    if isinstance(fact, Gender):
        by_hand, forms = _GENDERS[fact], {template.gender_words(fact) for template in templates()}
    else:
        by_hand = _ETHNICITIES[fact]
        forms = {template.ethnicity_words(gender, fact) for template in templates() for gender in Gender}
    return any_of([*by_hand.split(), *(re.escape(plain(form)) for form in forms)])
