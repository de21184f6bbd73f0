"""What the words of a prompt ask for: contradictions, letters and figures in the picture, a grid, empty cells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from avatar_core.grid import COLUMNS, ROWS, empty_cells
from avatar_core.prompts.findings import Finding, Kind, Severity
from avatar_core.prompts.portraits import cell_of
from avatar_core.prompts.wordlists import any_of, plain, wordlists
from avatar_core.types import Block

_NOT = any_of(
    (
        "no", "not", "never", "none", "nobody", "without", "avoid", "neither", "nor", "don't", "don’t", "cannot", "free of",
        "sem", "nao", "nunca", "nenhum", "nenhuma", "nada", "nem", "evite",
    )
)  # fmt: skip
_GRIDS = (
    re.compile(r"\b(\d{1,2}) ?[x×*] ?(\d{1,2})\b(?! ?(?:px|pixels))"),
    re.compile(r"\b(\w+) (?:rows?|linhas?)\b.{0,12}?\b(\w+) (?:columns?|colunas?)\b"),
)
_FIGURES = {
    word: str(number)
    for number, words in enumerate(
        ("", "one um uma", "two dois duas", "three tres", "four quatro", "five cinco", "six seis"), start=0
    )
    for word in words.split()
}


def framing(text: str, block: Block, limit: int) -> Iterator[Finding]:
    """What is wrong with the words around the people; ``limit`` is the model's, in characters."""
    if len(text) > limit:
        yield Finding(
            Kind.LIMIT,
            Severity.ERROR,
            f"The prompt has {len(text):,} characters; the model accepts {limit:,}.",
            f"Shorten it by {len(text) - limit:,}, or use the template “compact”.",
        )
    if "|" in text:
        yield Finding(
            Kind.BAR,
            Severity.WARNING,
            "The prompt holds the character “|”. Some servers take what follows it for things to avoid.",
            "Use a comma or a slash.",
        )
    lines = [plain(line) for line in text.splitlines()]
    people = "\n".join(line for line in lines if cell_of(line))
    words = "\n".join(line for line in lines if not cell_of(line))  # the same in every block of a run
    yield from _grid(words)
    if empty_cells(block.personas) and not re.search(r"\b(empty|vazi[ao]s?)\b", words):
        yield Finding(
            Kind.EMPTY,
            Severity.WARNING,
            "The prompt no longer says that some cells stay empty, so the model may invent people there.",
            "Say “The last cells stay empty: plain background, no person.”",
        )
    yield from _contradictions(words, people)
    yield from _letters(words, people)


def _grid(words: str) -> Iterator[Finding]:
    sizes = {
        tuple(_FIGURES.get(side, side) for side in found) for grid in _GRIDS for found in grid.findall(words)
    }
    asked = sorted("x".join(size) for size in sizes if all(side.isdecimal() for side in size))
    wanted = f"{ROWS}x{COLUMNS}"
    if wanted not in asked:
        yield Finding(
            Kind.GRID,
            Severity.ERROR,
            f"The prompt no longer asks for a {wanted} grid. Without it the picture cannot be cut into nine.",
            f"Say “{ROWS} rows x {COLUMNS} columns”.",
        )
    elif len(asked) > 1:
        yield Finding(
            Kind.CONTRADICTION,
            Severity.ERROR,
            f"The prompt asks for grids of several sizes: {' and '.join(asked)}.",
            f"Keep {wanted}; the picture is cut into nine.",
        )


def _contradictions(words: str, people: str) -> Iterator[Finding]:
    for subject, one, other, mend in _pairs():
        found = [_asked(each, words) or _asked(each, people) for each in (one, other)]
        if found[0] and found[1]:
            yield Finding(
                Kind.CONTRADICTION,
                Severity.WARNING,
                f"The prompt contradicts itself about the {subject}: “{found[0]}” and “{found[1]}”.",
                mend,
            )


def _letters(words: str, people: str) -> Iterator[Finding]:
    if found := _asked(_inviting(), words) or _asked(_inviting(), people):
        yield Finding(
            Kind.LETTERS,
            Severity.WARNING,
            f"“{found}” invites drawn letters or numbers, which models misspell and which spoil the faces.",
            "Remove it; names and numbers can be added to the finished pictures.",
        )


@lru_cache(maxsize=512)
def _asked(pattern: re.Pattern[str], said: str) -> str:
    """What the pattern finds in a clause that does not forbid it; empty if nothing."""
    for found in pattern.finditer(said):
        start = max(said.rfind(mark, 0, found.start()) for mark in ".!?;\n") + 1
        if not _NOT.search(said, start, found.end()):
            return found[0]
    return ""


@cache
def _pairs() -> tuple[tuple[str, re.Pattern[str], re.Pattern[str], str], ...]:
    rows = wordlists()["contradiction"]
    return tuple((row["of"], any_of(row["one"]), any_of(row["other"]), row["mend"]) for row in rows)


@cache
def _inviting() -> re.Pattern[str]:
    return any_of(wordlists()["invites"]["patterns"])
