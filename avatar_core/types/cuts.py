"""Where the cells of a grid lie, what is thought of them, and the avatars that come of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from avatar_core.types.people import Persona


class Verdict(StrEnum):
    """What is known about a grid or an avatar."""

    UNVERIFIED = "unverified"  #: nobody and nothing has checked it yet
    ACCEPTED = "accepted"
    QUARANTINED = "quarantined"  #: shown with its reasons, saved under nobody's id
    REJECTED = "rejected"


class Origin(StrEnum):
    """Where the lines of a cut come from."""

    FOUND = "found"  #: by looking at the picture
    THIRDS = "thirds"  #: equal parts, asked for by a person
    BY_HAND = "by hand"  #: a person moved them


Box = tuple[int, int, int, int]
"""(left, top, right, bottom) in px; right and bottom exclusive, as Pillow has it."""


@dataclass(frozen=True, slots=True)
class Cut:
    """Where the cells lie in a grid: ``boxes`` row by row, cell 1 first.

    ``confidence`` runs from 0 to 1; an exact division of the picture that looked at no pixel has 0.
    """

    boxes: tuple[Box, ...]
    confidence: float
    verdict: Verdict
    reasons: tuple[str, ...] = ()
    rows: int = 3
    columns: int = 3
    #: What is wrong with the cells: which one, from 1, or 0 for several, and why. ``reasons`` say it too, as sentences.
    findings: tuple[tuple[int, str], ...] = ()
    origin: Origin = Origin.FOUND
    by_person: bool = False  #: whether a person looked at it and accepted it

    def findings_of(self, cell: int) -> tuple[str, ...]:
        """What is wrong with one cell, from 1."""
        return tuple(said for place, said in self.findings if place == cell)


@dataclass(frozen=True, slots=True)
class PastCut:
    """One cut in the history of a grid. Nothing is ever deleted there."""

    id: int
    made: datetime  #: UTC
    cut: Cut
    in_use: bool  #: whether it is its block's cut now


@dataclass(frozen=True, slots=True)
class Avatar:
    """One persona's picture: which cell of which block, and the blob that holds its PNG."""

    persona: Persona
    filter: str
    block: int
    cell: int
    blob: str
    verdict: Verdict
