"""Occupations that a picture cannot show, that contradict the gender, that name somebody, or that give orders."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import pairwise

from avatar_core.grid import seated
from avatar_core.prompts.findings import Finding, Kind, Severity
from avatar_core.prompts.wordlists import any_of, plain, wordlists
from avatar_core.types import Block, Gender

_SMALL = any_of(("a", "an", "the", "and", "or", "e", "ou", "o", "currently", "atualmente", "now"))
_PORTUGUESE = re.compile(r"[ãõçáéíóúâêô]|\b(?:de|da|do|das|dos|em|no|na|e|para)\b", re.IGNORECASE)
_CAPITAL = re.compile(r"\b[A-ZÀ-Þ][\w'’-]+")


def occupations(block: Block) -> Iterator[Finding]:
    """What is odd about the occupations of a block."""
    for cell, persona in seated(block.personas):
        who, work = f"Person {cell}", persona.occupation
        if shown := orders_in(work):
            yield Finding(
                Kind.ORDERS,
                Severity.WARNING,
                f"{who}: the occupation gives orders to the model (“{shown}”).",
                "Write the work that the person does.",
                cell,
            )
        if shown := name_in(work):
            yield Finding(
                Kind.PUBLIC,
                Severity.WARNING,
                f"{who}: the occupation holds what looks like a person's name (“{shown}”). Models refuse to draw public figures.",
                "Name the work alone.",
                cell,
            )
        if is_workless(work):
            yield Finding(
                Kind.WORKLESS,
                Severity.NOTICE,
                f"{who}: “{work}” has no workplace that a picture could show.",
                "Expect any background, or write the former work, such as “retired teacher”.",
                cell,
            )
        if form := other_form(work, persona.gender):
            yield Finding(
                Kind.GRAMMAR,
                Severity.NOTICE,
                f"{who}: “{work}” does not agree with “{persona.gender.value}”.",
                f"Write “{form}”, or correct the gender.",
                cell,
            )


@lru_cache(maxsize=8192)
def is_workless(occupation: str) -> bool:
    """Whether an occupation names no work at all.

    >>> is_workless("Aposentado"), is_workless("professora aposentada")
    (True, False)
    """
    words = plain(occupation)
    found = _workless().sub(" ", words)
    return found != words and not re.search(r"\w", _SMALL.sub(" ", found))


@lru_cache(maxsize=8192)
def orders_in(occupation: str) -> str:
    """The words of an occupation that tell the model what to do; empty if there are none."""
    found = _orders().search(plain(occupation))
    return found[0] if found else ""


@lru_cache(maxsize=8192)
def name_in(occupation: str) -> str:
    """What looks like a real person's name; empty if nothing does.

    >>> name_in("singer like Taylor Swift"), name_in("Personal Trainer")
    ('Taylor Swift', '')
    """
    lists = wordlists()["public"]
    capitals = list(_CAPITAL.finditer(occupation))
    if figure := next((found[0] for found in capitals if plain(found[0]) in lists["figures"]), ""):
        return figure
    for first, second in pairwise(capitals):
        before = re.search(r"(\w+)\W*$", plain(occupation[: first.start()]))
        together = occupation[first.end() : second.start()].strip() in ("", "da", "de", "do", "dos")
        if together and plain(first[0]) in lists["given"] and not (before and before[1] in lists["places"]):
            return occupation[first.start() : second.end()]
    named = [
        found[0] for found in capitals if found.start()
    ]  # the first word may have its capital for being first
    return named[-1] if named and _likeness().search(plain(occupation)) else ""


@lru_cache(maxsize=8192)
def other_form(occupation: str, gender: Gender) -> str:
    """The first word of a Portuguese occupation in the gender of the person; empty if it agrees already.

    >>> other_form("faxineiro", Gender.WOMAN), other_form("vendedora de roupas", Gender.MAN)
    ('faxineira', 'vendedor')
    """
    head = re.match(r"\s*(?:ex-|vice-)?([^\W\d_]+)", occupation)
    if head is None or gender is Gender.PERSON or re.search(r"[(/][ao]s?\b", occupation):
        return ""
    word = head[1]
    known = plain(word)
    if known in _common() or (known in _also_english() and not _PORTUGUESE.search(occupation)):
        return ""
    pairs = _pairs()
    if known in pairs:
        own, form = pairs[known]
        return form if own is not gender else ""
    if gender is Gender.WOMAN:
        form = f"{word}a" if known.endswith("or") else f"{word[:-1]}a"
        return form if known.endswith(("o", "or")) and _has_both(word) else ""
    form = word[:-1] if known.endswith("ora") else f"{word[:-1]}o"
    return form if known.endswith("a") and _has_both(form) else ""


def _has_both(masculine: str) -> bool:
    """Whether a masculine word is one of those whose feminine differs by a letter."""
    lists = wordlists()["grammar"]
    return masculine.lower().endswith(tuple(lists["endings"])) or plain(masculine) in _words()


@cache
def _words() -> frozenset[str]:
    return frozenset(map(plain, wordlists()["grammar"]["words"]))


@cache
def _common() -> frozenset[str]:
    return frozenset(map(plain, wordlists()["grammar"]["common"]))


@cache
def _also_english() -> frozenset[str]:
    return frozenset(map(plain, wordlists()["grammar"]["also_english"]))


@cache
def _pairs() -> dict[str, tuple[Gender, str]]:
    """By word: the gender that it has, and the word of the other."""
    pairs: dict[str, tuple[Gender, str]] = {}
    for his, hers in wordlists()["grammar"]["pairs"]:
        pairs[plain(his)] = (Gender.MAN, hers)
        pairs[plain(hers)] = (Gender.WOMAN, his)
    return pairs


@cache
def _workless() -> re.Pattern[str]:
    return any_of(wordlists()["workless"]["words"])


@cache
def _orders() -> re.Pattern[str]:
    return any_of(wordlists()["orders"]["patterns"])


@cache
def _likeness() -> re.Pattern[str]:
    return any_of(wordlists()["public"]["likeness"])
