"""From what was seen to what may be said: a confidence, and reasons in plain words.

The confidence is the share of pictures that look like this one in which every cell was found: logistic regression on
composed grids, good ones and faulty ones, with known cells. docs/cut.md shows how it holds on others.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from avatar_core.checks import CONTRADICTED
from avatar_core.cut.structure import Piece
from avatar_core.types import Verdict

CONTRADICTION = 0.5
"""Doubt or strength of a strange line at which the picture contradicts the grid that was asked for."""

SHOWN = 0.5
"""The share of a piece that must be visible for a seam that scored nothing to count as seen. By chance, noise shows a
quarter."""

HIDDEN = 0.5
"""The highest confidence of a cut with a seam that cannot be seen. An even grid would fit four in five real pictures;
but nothing in this one says so."""

ASSURED = 0.8
"""The least confidence of an accepted cut."""

BLIND = 0.1
"""The share of a border below which nothing of it is seen. Beside clear borders that is rare, and what a portrait does
whose plain ground spreads over two cells."""

FAINT = (
    "Some borders between the cells can hardly be seen. Look whether each picture shows one person, whole."
)

SATISFIED = 1.5
"""Score beyond which more evidence for a seam adds no confidence."""

INTERCEPT, PER_SCORE, PER_DOUBT, PER_STRANGE = 2.7, 0.74, -10.0, -4.8
"""Coefficients of the regression, see the module."""


@dataclass(frozen=True)
class Judgement:
    """What is known about a cut from the picture's geometry alone."""

    confidence: float
    verdict: Verdict
    reasons: tuple[str, ...]


def judge(
    pieces: Sequence[Piece],
    strange: dict[str, list[float]],
    rows: int,
    columns: int,
    occupied: Collection[int],
) -> Judgement:
    """Weigh every piece of border that touches an occupied cell.

    Args:
        pieces: all pieces of border.
        strange: strengths of seams within cells, by axis: "columns" and "rows".
        rows: cells from top to bottom.
        columns: cells from left to right.
        occupied: cells that hold somebody, from 1; borders between two empty cells do not matter.
    """
    relevant = [piece for piece in pieces if not occupied or set(piece.cells) & set(occupied)]
    worst = max((value for values in strange.values() for value in values), default=0.0)
    doubt = max((piece.doubt for piece in relevant), default=0.0)
    seen = evidence(relevant, columns)
    score = min(seen.values(), default=SATISFIED)
    confidence = confidence_of(score, doubt, worst)
    against = _contradictions(relevant, strange, rows, columns)
    if against:
        return Judgement(min(confidence, CONTRADICTED), Verdict.QUARANTINED, against)
    hidden = [place for place, value in seen.items() if value <= 0]
    if hidden:
        return Judgement(min(confidence, HIDDEN), Verdict.UNVERIFIED, (_alike(hidden),))
    blind = [piece for piece in relevant if piece.seen < BLIND and not set(piece.cells) - set(occupied)]
    if blind:
        return Judgement(
            min(confidence, ASSURED), Verdict.UNVERIFIED, tuple(_unseen(piece) for piece in blind)
        )
    if confidence < ASSURED:
        return Judgement(confidence, Verdict.UNVERIFIED, (FAINT,))
    return Judgement(confidence, Verdict.ACCEPTED, ())


def evidence(pieces: Sequence[Piece], columns: int) -> dict[tuple[str, int], float]:
    """What speaks for each seam: its score, or the share of it that is visible in the piece that shows most.

    Args:
        pieces: those that matter.
        columns: cells from left to right.

    Returns:
        By axis and place, such as ("columns", 1) for the seam between columns 1 and 2.
    """
    seen: dict[tuple[str, int], float] = {}
    for piece in pieces:
        first, second = piece.cells
        upright = second == first + 1 and first % columns != 0
        place = ("columns", (first - 1) % columns + 1) if upright else ("rows", (first - 1) // columns + 1)
        shown = piece.score if piece.score > 0 or piece.seen < SHOWN else piece.seen
        seen[place] = max(seen.get(place, 0.0), shown)
    return seen


def confidence_of(score: float, doubt: float, strange: float) -> float:
    """How many of a hundred pictures with this evidence were cut right, as a share.

    Args:
        score: of the seam with the least evidence.
        doubt: of the piece of border with the most.
        strange: strength of the strongest seam within a cell.
    """
    features = PER_SCORE * min(score, SATISFIED) + PER_DOUBT * doubt + PER_STRANGE * max(strange, 0.0)
    return round(1 / (1 + math.exp(-(INTERCEPT + features))), 3)


def _contradictions(
    pieces: Sequence[Piece], strange: dict[str, list[float]], rows: int, columns: int
) -> tuple[str, ...]:
    reasons = []
    for axis, asked in (("columns", columns), ("rows", rows)):
        lines = sum(value > CONTRADICTION for value in strange.get(axis, []))
        if lines:
            reasons.append(
                f"There are seams within the cells, so there seem to be more or other {axis} than the {asked} asked for."
            )
    doubtful = [piece for piece in pieces if piece.doubt > CONTRADICTION]
    if 2 * len(doubtful) >= len(pieces) > 1:
        reasons.append(
            f"Most borders between the cells run through the middle of something: this does not look like {rows} x "
            f"{columns} pictures."
        )
    else:
        reasons += [
            f"Cells {piece.cells[0]} and {piece.cells[1]} look like one picture: no border can be seen between them."
            for piece in doubtful
        ]
    return tuple(reasons)


def _unseen(piece: Piece) -> str:
    return (
        f"No border can be seen between cells {piece.cells[0]} and {piece.cells[1]}. "
        "Look whether each shows one person, whole."
    )


def _alike(hidden: Sequence[tuple[str, int]]) -> str:
    """Why nothing is known about these seams."""
    where = [f"{axis} {place} and {place + 1}" for axis, place in sorted(hidden)]
    return (
        f"The grounds of {', of '.join(where)} are alike, so that no seam can be seen between them. "
        "They were cut where an even grid has it."
    )
