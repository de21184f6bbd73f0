"""Is this the grid that was asked for? Looks at every piece of border between two cells, and for seams within cells.

A 3 x 3 grid has twelve pieces, each as long as one cell::

    +---+---+---+
    |   a   b   |      a to f: upright, three rows of two
    +-g-+-h-+-i-+      g to l: level, two rows of three
    |   c   d   |
    +-j-+-k-+-l-+
    |   e   f   |
    +---+---+---+
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from avatar_core.cut.lattice import Frame, Seam
from avatar_core.cut.profile import Profile
from avatar_core.cut.refine import Borders
from avatar_core.cut.scale import Floats, px

CLEARANCE = 2
"""Px of a 1024 px axis from a border to the lines on both sides that are compared: beyond its blur."""

TRIM = 0.06
"""Share of a piece that is left out at each end, where corners are round."""

GAP = 40.0
"""Grey levels by which a gutter must differ from the frame's colour to count as missing; captions do so in few strips."""

VISIBLE = 8.0
"""Grey levels by which the step across a border must exceed half as much again as the steps beside it."""


ORDINARY = 0.7
"""Surprise of a piece that says nothing; a border that is faint but sharp along its whole length has 1.5."""

OFF_GROUND = 12.0
"""Grey levels by which a strip that shows somebody differs from the ground beside."""

SOMETHING = 0.15
"""Share of a piece that must show somebody before a border is expected to be visible there and nowhere else."""

ENOUGH_SEEN = 0.3
"""The share of a piece that must be visible to leave no doubt; in the rest both grounds may be alike."""

SMOOTH = 2.0
"""Grey levels of texture that noise and compression leave in a plain ground."""

BUSY = 4.0
"""Grey levels of texture beyond that with which a border would be seen if there was one."""

INTERIOR = 0.2
"""Share of a cell that belongs to its edge; frames and captions have lines there, seams of another grid have not."""


@dataclass(frozen=True)
class Piece:
    """One piece of border: between ``cells``, counted from 1.

    Attributes:
        score: of the seam that it is a piece of, see candidates.py.
        seen: the share of its length where a border is visible, all along it or where somebody is, or else how sharp
            it is throughout; 0 to 1.
        texture: how busy the busier of its two sides is along the border, in grey levels; shading is left out.
        gap: the share of its length where its gutter has not the gutter's colour, 0 to 1.
    """

    cells: tuple[int, int]
    score: float
    seen: float
    texture: float
    gap: float

    @property
    def doubt(self) -> float:
        """How much speaks against a border here, 0 to 1: a busy picture without a visible seam, or a missing gutter.

        Two plain grounds may meet unseen, and speak neither for a border nor against it.
        """
        unseen = 1 - min(1.0, self.seen / ENOUGH_SEEN)
        busy = min(1.0, max(0.0, (self.texture - SMOOTH) / BUSY))
        return max(unseen * busy, self.gap)


def pieces(x: Profile, y: Profile, across: Borders, down: Borders, frame: Frame | None) -> list[Piece]:
    """Every piece of border of a lattice: the upright ones row by row, then the level ones."""
    rows, columns = len(across.bands), len(down.bands)
    found = []
    for row in range(rows):
        part = _strips_of(down.spans(0)[row], y.length, x.strips.shape[1])
        for column, seam in enumerate(across.bands[row]):
            left = row * columns + column + 1
            found.append(Piece((left, left + 1), seam.score, *_look(x, row, seam, part, frame)))
    for column in range(columns):
        part = _strips_of(across.spans(0)[column], x.length, y.strips.shape[1])
        for row, seam in enumerate(down.bands[column]):
            above = row * columns + column + 1
            found.append(Piece((above, above + columns), seam.score, *_look(y, column, seam, part, frame)))
    return found


def _strips_of(span: tuple[int, int], length: int, strips: int) -> slice:
    """The strips that lie within a cell's span of the other axis, without its ends."""
    start, end = span
    trim = TRIM * (end - start)
    low, high = (start + trim) / length * strips, (end - trim) / length * strips
    return slice(int(low), max(int(high), int(low) + 1))


def _look(
    profile: Profile, band: int, seam: Seam, part: slice, frame: Frame | None
) -> tuple[float, float, float]:
    """(seen, texture, gap) of one piece."""
    last, clear = profile.length - 1, px(CLEARANCE, profile.length)
    lines = profile.strips[:, part, :]

    def line(at: int) -> Floats:
        taken: Floats = lines[:, :, min(max(at, 0), last)]
        return taken

    before, behind = line(seam.start - 1 - clear), line(seam.end + clear)
    beside = np.maximum(
        np.abs(before - line(seam.start - 1 - 3 * clear)).max(0),
        np.abs(behind - line(seam.end + 3 * clear)).max(0),
    )
    step = np.abs(before - behind).max(0)
    if seam.end - seam.start > 1:
        middle = line((seam.start + seam.end) // 2)
        step = np.maximum(step, np.maximum(np.abs(before - middle).max(0), np.abs(behind - middle).max(0)))
    visible = step > 1.5 * beside + VISIBLE
    drawn = _off_ground(before) | _off_ground(behind)
    within = float((visible & drawn).sum()) / max(float(drawn.sum()), SOMETHING * len(drawn))
    surprise = float(profile.bands[band, [seam.start, seam.end]].max())
    seen = max(float(visible.mean()), within, min(1.0, max(0.0, surprise - ORDINARY)))
    texture = max(_texture(before.mean(0)), _texture(behind.mean(0)))
    return seen, texture, _gap(lines, seam, frame)


def _off_ground(line: Floats) -> npt.NDArray[np.bool_]:
    """(K,) where a line, (3, K), has not its commonest colour: there somebody is, and a border would be seen."""
    middle = line.shape[1] // 2
    ground = np.partition(line, middle, axis=1)[:, middle, None]
    away: npt.NDArray[np.bool_] = np.abs(line - ground).max(0) > OFF_GROUND
    return away


def _texture(line: Floats) -> float:
    """Standard deviation of a line, (K,), about a parabola: grounds that darken to one side are no texture."""
    if len(line) < 4:
        return 0.0
    basis = _parabolas(len(line))
    return float((line - basis @ (basis.T @ line)).std())


@lru_cache(maxsize=64)
def _parabolas(count: int) -> Floats:
    """(count, 3) an orthonormal basis of all parabolas."""
    place = np.linspace(-1, 1, count)
    basis, _ = np.linalg.qr(np.stack([np.ones_like(place), place, place * place], axis=1))
    return basis.astype(np.float32)


def _gap(lines: Floats, seam: Seam, frame: Frame | None) -> float:
    """The share of strips in which a gutter shows another colour than the frame's."""
    if frame is None or not seam.gutter:
        return 0.0
    trim = 1 if seam.end - seam.start >= 3 else 0
    inside = lines[:, :, seam.start + trim : seam.end - trim]
    away = np.abs(inside - frame.colour[:, None, None]).max(0).min(1)
    return float((away > GAP).mean())


def strange_lines(profile: Profile, borders: Borders) -> list[tuple[int, float]]:
    """Seams where none should be: lines across the whole picture, deep within the cells.

    Returns:
        (boundary, strength) of the strongest in each cell of this axis; strength is in units of surprise above the
        floor, as scores are.
    """
    found: list[tuple[int, float]] = []
    if len(profile.bands) < 2:
        return found  # within a single row, the edge of a door is as long as a seam
    strength = profile.weakest - profile.floor
    tops = []
    for start, end in borders.spans(0):
        edge = round(INTERIOR * (end - start))
        inner = strength[start + edge : end - edge]
        tops.append(start + edge + np.argsort(-inner, kind="stable")[:6])
    going_on = profile.continuity(np.concatenate(tops))
    for top, goes_on in zip(
        tops, np.split(going_on, np.cumsum([len(top) for top in tops])[:-1]), strict=True
    ):
        if len(top):
            value = strength[top] - goes_on
            best = int(value.argmax())
            found.append((int(top[best]), float(value[best])))
    return found
