"""What real models do wrong, imitated on request: each flaw is a number, a colour or a few cells.

Tests compose stress grids of known truth with it, and a presenter shows what happens with a bad grid, by a line
in the prompt such as ``Demo flaw: merged cells``. docs/demo.md lists the names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from random import Random

from avatar_core.errors import ChoiceIllegal
from avatar_core.grid import CELLS, COLUMNS, ROWS

REGULAR = (COLUMNS,) * ROWS
GROUNDS = ("#ffffff", "#ffffff", "#faf8f4", "#000000", "#0c0c0e", "#808080", "#c8c8c8", "#ebe1cd", "#283c5a")


@dataclass(frozen=True, slots=True)
class Flaws:
    """How a picture departs from nine exact cells; the default does not.

    Lengths are px of a side of 1024 px and scale with the picture. Cells count from 1, row by row, as the prompt
    numbers them. ``merged``, ``empty``, ``twins`` and ``strangers`` speak of a grid whose rows are equally long.
    """

    rows: tuple[int, ...] = REGULAR  #: how many portraits stand in each row
    margins: tuple[float, float, float, float] = (0, 0, 0, 0)  #: left, top, right, bottom
    gutter: float = 0
    ground: str = "#ffffff"  #: the colour of margins, gutters and of what a turn uncovers
    row_shares: tuple[float, ...] = ()  #: the rows' heights relative to each other; (): all the same
    column_shares: tuple[float, ...] = ()  #: the same for the columns of rows of that length
    turn: float = 0  #: degrees, counter-clockwise
    merged: tuple[
        int, ...
    ] = ()  #: first and last cell of a rectangle that holds one portrait, its first cell's
    empty: tuple[int, ...] = ()  #: cells without the person whom they should hold
    twins: tuple[int, ...] = ()  #: the second of these two cells shows the first one's person again
    strangers: tuple[int, ...] = ()  #: cells that show somebody whom the prompt did not describe
    captions: float = 0  #: height of words at the foot of each cell
    numbers: float = 0  #: height of digits in the upper left of each cell
    corners: float = 0  #: radius of rounded corners
    jpeg: int = 0  #: quality of a JPEG that the pixels went through; 0: none
    warm: float = 0  #: strength of a warm cast, from 0 to 1
    scale: tuple[float, float] = (1, 1)  #: the picture's width and height as multiples of what was asked for

    @property
    def wrong(self) -> bool:
        """Whether somebody is missing, doubled, uninvited or in another's place, however neat the picture."""
        return self.rows != REGULAR or any((self.merged, self.empty, self.twins, self.strangers))

    def __or__(self, other: Flaws) -> Flaws:
        """These flaws and the other's; where both change the same thing, the other's counts."""
        untouched = Flaws()
        changed = {
            field.name: value
            for field in fields(Flaws)
            if (value := getattr(other, field.name)) != getattr(untouched, field.name)
        }
        return replace(self, **changed)


NONE = Flaws()


def random_flaws(seed: int, *, wrong: bool | None = None) -> Flaws:
    """Flaws for a stress set: a layout as real models draw it, often worn, and for one in two a wrong grid.

    Args:
        seed: the same number gives the same flaws.
        wrong: whether the picture shall be one that must not be trusted; None leaves it to chance.
    """
    chance = Random(f"flaws|{seed}")
    flaws = _random_layout(chance) | _random_wear(chance)
    if wrong is None:
        wrong = chance.random() < 0.5
    return flaws | _WRONG[chance.choice(tuple(_WRONG))](chance) if wrong else flaws


def named_flaws(names: Iterable[str], seed: int) -> Flaws:
    """The flaws of these names; what a name leaves open follows from the seed.

    Raises:
        ChoiceIllegal: there is no flaw of that name; says which there are.
    """
    flaws = NONE
    for name in names:
        if name not in NAMED:
            raise ChoiceIllegal(
                f"The demo model knows no flaw called “{name[:40]}”. It knows: {', '.join(NAMED)}."
            )
        flaws |= NAMED[name](Random(f"flaw|{name}|{seed}"))
    return flaws


def flaw_names(text: str) -> tuple[str, ...]:
    """The names on lines such as ``demo flaws: gutters, twins`` of a text in plain letters."""
    names: list[str] = []
    for line in _LINE.finditer(text):
        names += [" ".join(name.split()) for name in re.split(r"[,;]|\band\b", line[1])]
    return tuple(name for name in names if name)


_LINE = re.compile(r"^[ \t>*#-]{0,8}demo flaws? ?: ?([^\n.]{0,300})", re.MULTILINE)


def _random_layout(chance: Random) -> Flaws:
    """About two grids in five have no gutter, as real ones; a margin is often as wide as the gutter."""
    kind = chance.choices(("none", "thin", "gutter", "wide"), (40, 15, 38, 7))[0]
    gutter = {
        "none": 0.0,
        "thin": chance.uniform(1, 4),
        "gutter": chance.uniform(5, 40),
        "wide": chance.uniform(50, 120),
    }[kind]
    margin = chance.choice((0.0, gutter, chance.uniform(4, 70))) if chance.random() < 0.5 else 0.0
    lopsided = chance.uniform(0.4, 1.6) if chance.random() < 0.2 else 1.0
    spread = chance.choice((0, 0, 0.012, 0.03, 0.06))
    return Flaws(
        margins=(margin, margin, margin * lopsided, margin * lopsided),
        gutter=gutter,
        ground=chance.choice(GROUNDS),
        row_shares=_unequal(chance, spread) if spread else (),
        column_shares=_unequal(chance, spread) if spread else (),
        turn=chance.choice((-0.5, 0.5)) if chance.random() < 0.08 else 0,
        corners=chance.choice((0, 0, 8, 16, 30)) if gutter >= 5 else 0,
        scale=chance.choice(_SCALES) if chance.random() < 0.2 else (1, 1),
    )


def _random_wear(chance: Random) -> Flaws:
    return Flaws(
        captions=chance.uniform(20, 30) if chance.random() < 0.12 else 0,
        numbers=chance.uniform(20, 40) if chance.random() < 0.12 else 0,
        jpeg=chance.randint(60, 95) if chance.random() < 0.4 else 0,
        warm=chance.uniform(0.2, 0.8) if chance.random() < 0.2 else 0,
    )


_SCALES = ((1.0, 1.5), (1.5, 1.0), (0.8, 0.8), (1.17, 0.875))


def _unequal(chance: Random, spread: float) -> tuple[float, ...]:
    return tuple(max(0.5, 1 + chance.gauss(0, spread)) for _ in range(3))


def _merged(chance: Random) -> Flaws:
    """Two neighbours side by side or above each other, a square of four, or a whole row."""
    high, wide = chance.choice(((1, 2), (2, 1), (1, 2), (2, 1), (2, 2), (1, 3)))
    row, column = chance.randrange(ROWS + 1 - high), chance.randrange(COLUMNS + 1 - wide)
    first = row * COLUMNS + column + 1
    return Flaws(merged=(first, first + (high - 1) * COLUMNS + wide - 1))


def _empty(chance: Random) -> Flaws:
    return Flaws(empty=tuple(sorted(chance.sample(range(1, CELLS + 1), chance.choice((1, 1, 2))))))


def _twins(chance: Random) -> Flaws:
    return Flaws(twins=tuple(chance.sample(range(1, CELLS + 1), 2)))


def _stranger(chance: Random) -> Flaws:
    return Flaws(strangers=(chance.randint(1, CELLS),))


def _ragged(chance: Random, many: int) -> Flaws:
    """Eight or ten people: one row holds two or four."""
    rows = list(REGULAR)
    rows[chance.randrange(ROWS)] = COLUMNS + many - CELLS
    return Flaws(rows=tuple(rows))


def _tilted(chance: Random) -> Flaws:
    return Flaws(turn=chance.choice((-0.5, 0.5)))


def _uneven(chance: Random) -> Flaws:
    return Flaws(row_shares=_unequal(chance, 0.08), column_shares=_unequal(chance, 0.08))


NAMED = {
    "margins": lambda _: Flaws(margins=(48, 40, 56, 64)),
    "gutters": lambda _: Flaws(gutter=16),
    "wide gutters": lambda _: Flaws(gutter=90, margins=(45, 45, 45, 45)),
    "black gutters": lambda _: Flaws(gutter=16, ground="#000000"),
    "unequal cells": _uneven,
    "tilted": _tilted,
    "rounded corners": lambda _: Flaws(corners=24, gutter=14, margins=(14, 14, 14, 14)),
    "captions": lambda _: Flaws(captions=26),
    "numbers": lambda _: Flaws(numbers=34),
    "jpeg noise": lambda _: Flaws(jpeg=30),
    "warm cast": lambda _: Flaws(warm=0.7),
    "another size": lambda _: Flaws(scale=(1.0, 1.5)),
    "eight people": lambda chance: _ragged(chance, 8),
    "ten people": lambda chance: _ragged(chance, 10),
    "one person": lambda _: Flaws(rows=(1,)),
    "2x2": lambda _: Flaws(rows=(2, 2)),
    "2x3": lambda _: Flaws(rows=(3, 3)),
    "3x4": lambda _: Flaws(rows=(4, 4, 4)),
    "4x4": lambda _: Flaws(rows=(4, 4, 4, 4)),
    "merged cells": _merged,
    "empty cell": _empty,
    "twins": _twins,
    "stranger": _stranger,
}
"""Each flaw by the name that a prompt may use: from chance to flaws."""

_WRONG = {name: make for name, make in NAMED.items() if make(Random(0)).wrong}
