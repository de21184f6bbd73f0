"""Reading a prompt: who sits in which cell, from the words alone, forgiving towards edits by hand.

Two ways of naming a cell are understood anywhere in the text, and a third at the start of a line:

    [1] Man, 35 years old, white ethnicity, mechanic. Apply warm tone filter.
    Row 1, column 2: woman, 42 years old, pardo (mixed-race) Brazilian, teacher. Black and white photograph.
    3. a 25-year-old black woman, nurse, wearing red glasses
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import TypeVar

from avatar_core.grid import CELLS, COLUMNS, ROWS
from avatar_core.models.demo.flaws import flaw_names
from avatar_core.models.demo.trades import OTHER, plain, trade_named
from avatar_core.models.demo.wishes import Wishes, read_wishes, without_wishes
from avatar_core.types import Ethnicity, Gender

T = TypeVar("T")

OLDEST = 110
_LONGEST_LINE = 600  #: characters of one person that are read


@dataclass(frozen=True, slots=True)
class Sitter:
    """What the prompt says about the person in one cell."""

    cell: int
    gender: Gender
    age: int
    ethnicity: Ethnicity | None  #: None: the line does not say
    trade: str  #: the id of a trade
    filter: str  #: the look by its id in filters.toml
    wishes: Wishes
    calling: str  #: the words that tell this person from another, without look and wishes
    line: str  #: everything the prompt says about the cell


@dataclass(frozen=True, slots=True)
class Reading:
    """What a prompt asks for: ``seats[i]`` is who sits in cell i + 1, None for plain background."""

    seats: tuple[Sitter | None, ...]
    cells_named: int  #: how many cells the prompt speaks of; 0: it describes no grid
    flaws: tuple[str, ...] = ()  #: names after "demo flaw:", see flaws.py

    @property
    def is_grid(self) -> bool:
        return self.cells_named > 0


_MARKER = re.compile(
    r"\[ {0,3}(?P<cell>[0-9]{1,3}) {0,3}\]"
    r"|\b(?:row|linha) {0,3}(?P<row>[0-9]{1,3})[ ,;/]{0,4}(?:e |and )?"
    r"(?:column|col\.?|coluna) {0,3}(?P<column>[0-9]{1,3})"
    r"|^[ \t>*#-]{0,8}(?:cell|celula|position|posicao|portrait|retrato)? {0,3}(?P<item>[1-9]) {0,2}[.):]",
    re.MULTILINE,
)
_EMPTY = re.compile(
    r"^\W*(?:empty|blank|vazi[ao]|celula vazia)\b"
    r"|\b(?:nobody(?! else)|no one(?! else)|no person|no people"
    r"|ninguem(?! mais)|nenhuma pessoa|sem pessoas?)\b"
)
_GENDERS = (
    (Gender.PERSON, r"\b(?:person|pessoa|individual|individuo|non-?binary|nao.?binari[oa]|intersex\w*)\b"),
    (Gender.WOMAN, r"\b(?:woman|women|female|girl|lady|mulher|menina|moca|senhora|garota|feminin[oa])\b"),
    (Gender.MAN, r"\b(?:man|men|male|boy|guy|homem|menino|rapaz|moco|senhor|garoto|masculin[oa])\b"),
)
_TRADE_GENDERS = ((Gender.WOMAN, r"[a-z]{3}woman\b"), (Gender.MAN, r"[a-z]{3}man\b"))
_ETHNICITIES = (
    (Ethnicity.INDIGENOUS, r"\b(?:indig|native\b)"),
    (Ethnicity.ASIAN, r"\b(?:asia|amarel|yellow\b|japan|japon|chines|korea|corean|orienta)"),
    (Ethnicity.PARDO, r"\b(?:pard[oa]|mixed|mestic|brown\b|biracial|moren[oa])"),
    (Ethnicity.BLACK, r"\b(?:black|pret[oa]\b|negr[oa]\b|afro)"),
    (Ethnicity.WHITE, r"\b(?:white|branc[oa]|caucasi)"),
)


def _tone(english: str, portuguese: str) -> str:
    """Words for a tone of the picture; a warm smile or a cold store is none."""
    thing = "(?:ton(?:e|es|ed)|filter|tint|light(?:ing)?|colou?rs?|look|palette|style)"
    return (
        rf"\b(?:{english})[ -](?:[a-z]+ ){{0,2}}{thing}\b"
        rf"|\b(?:tom|tons|tonalidade|filtro|luz|cores) (?:{portuguese})\b"
        rf"|\. (?:{english}|{portuguese})(?= ?\.|$)"
    )


_MOVIE = (
    r"\b(?:3-?d|animated) (?:[a-z]+ ){0,2}(?:movie|film|character|cartoon|style|look|render)[a-z ]{0,30}"
    r"|\b(?:filme|personagem|estilo|animacao) (?:[a-z]+ ){0,3}3-?d\b"
)
_FILTERS = (
    ("none", r"\bno filter|\bsem filtro|\bunfiltered|\bnatural colou?r|\bcores naturais"),
    ("3d", _MOVIE),
    (
        "bw",
        r"\b(?:black ?(?:and|&|n|/|-) ?white|b ?[&/] ?w|monochrom\w*|gr[ae]y ?scale|preto ?[&e/] ?branco)\b",
    ),
    ("sepia", r"\bsepia\b"),
    ("warm", _tone("warm|golden", "quentes?")),
    ("cool", _tone("cool|cold|bluish", "frios?|frias?|azulad[oa]s?")),
)
_AGE = re.compile(r"([0-9]{1,9}) ?-? ?(?:years?|yrs?|anos?|y/?o)\b|\b(?:aged?|idade)\b\D{0,4}([0-9]{1,9})")
_NUMBER = re.compile(r"\b([0-9]{1,9})\b")
_AGE_WORDS = (
    (2, r"\b(?:baby|toddler|bebe)\b"),
    (8, r"\b(?:child|kid|girl|boy|crianca|menin[oa])\b"),
    (15, r"\b(?:teen\w*|adolescente)\b"),
    (72, r"\b(?:elderly|senior|old|idos[oa]|velh[oa])\b"),
    (22, r"\b(?:young|jovem|rapaz|moca)\b"),
)


def read_prompt(prompt: str) -> Reading:
    """Find the people of a prompt. Never raises, whatever the text; the first word about a cell counts."""
    seats: dict[int, Sitter | None] = {}
    words = plain(prompt)
    for cell, text, sure in _segments(words):
        if cell in seats:
            continue
        if sure and _EMPTY.search(text):
            seats[cell] = None
        elif (sitter := _read_sitter(cell, text, sure=sure)) is not None:
            seats[cell] = sitter
    return Reading(tuple(seats.get(cell) for cell in range(1, CELLS + 1)), len(seats), flaw_names(words))


def _segments(text: str) -> Iterator[tuple[int, str, bool]]:
    """Each cell that the text names, what is said of it, and whether it is surely meant as a cell."""
    markers = list(_MARKER.finditer(text))
    for marker, following in zip_longest(markers, markers[1:]):
        cell = _cell_of(marker)
        if cell is None:
            continue
        end = following.start() if following else len(text)
        words = text[marker.end() : min(end, marker.end() + _LONGEST_LINE)].split("\n", 1)[0]
        yield cell, words.strip(" \t:.)-–—"), marker["item"] is None


def _cell_of(marker: re.Match[str]) -> int | None:
    if marker["row"]:
        row, column = int(marker["row"]), int(marker["column"])
        return (row - 1) * COLUMNS + column if 1 <= row <= ROWS and 1 <= column <= COLUMNS else None
    cell = int(marker["cell"] or marker["item"])
    return cell if 1 <= cell <= CELLS else None


def _read_sitter(cell: int, text: str, *, sure: bool) -> Sitter | None:
    """The person that the words describe, or None if they describe nobody."""
    look, words = _filter(text)
    wishes = read_wishes(words)
    calling = without_wishes(words)
    gender = _earliest(_GENDERS, calling) or _first(_TRADE_GENDERS, calling)
    ethnicity = _first(_ETHNICITIES, calling)
    age = _age(calling)
    trade = trade_named(calling.split(".", 1)[0]) or trade_named(calling)
    found = [item is not None for item in (gender, age, ethnicity, trade)]
    if not (any(found) if sure else found[0] and found[1]):
        return None
    return Sitter(
        cell=cell,
        gender=gender or Gender.PERSON,
        age=35 if age is None else age,
        ethnicity=ethnicity,
        trade=trade.id if trade else OTHER,
        filter=look,
        wishes=wishes,
        calling=" ".join(re.findall(r"[a-z0-9]+", calling)),
        line=text,
    )


def _filter(text: str) -> tuple[str, str]:
    """The look that the words ask for, and the words without it (its colours are nobody's skin)."""
    for look, pattern in _FILTERS:
        match = re.search(pattern, text)
        if match is None:
            continue
        before, after = text[: match.start()], text[match.end() :]
        if ". " not in before:
            return look, f"{before} {after}"
        return look, f"{before.rpartition('. ')[0]}. {after.partition('.')[2]}"
    return "none", text


def _first(table: tuple[tuple[T, str], ...], text: str) -> T | None:
    return next((meaning for meaning, pattern in table if re.search(pattern, text)), None)


def _earliest(table: tuple[tuple[T, str], ...], text: str) -> T | None:
    found = [(match.start(), meaning) for meaning, pattern in table if (match := re.search(pattern, text))]
    return min(found, key=lambda item: item[0])[1] if found else None


def _age(text: str) -> int | None:
    """Years, from 0 to OLDEST; None if the words give no age."""
    if match := _AGE.search(text):
        return min(OLDEST, int(match[1] or match[2]))
    if match := _NUMBER.search(text):
        return min(OLDEST, int(match[1]))
    return _first(_AGE_WORDS, text)
