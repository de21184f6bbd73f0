"""Where the cells of a sheet lie, also of a flawed one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from avatar_core.models.demo.flaws import Flaws
from avatar_core.types import Box, Size

_REFERENCE = 1024  #: the side of which a flaw's lengths are px


@dataclass(frozen=True, slots=True)
class Place:
    """One portrait's place: its box and its number."""

    box: Box
    cell: int  #: from 1, counting portraits row by row before any are merged


def places(size: Size, flaws: Flaws) -> tuple[Place, ...]:
    """Every portrait's place, row by row; without flaws, the exact cells."""
    left, top, right, bottom = flaws.margins
    down = _intervals(size.height, len(flaws.rows), (top, bottom), flaws.gutter, flaws.row_shares)
    found: list[Place] = []
    for count, (upper, lower) in zip(flaws.rows, down, strict=True):
        across = _intervals(size.width, count, (left, right), flaws.gutter, flaws.column_shares)
        found += [
            Place((start, upper, end, lower), len(found) + number)
            for number, (start, end) in enumerate(across, start=1)
        ]
    return _merged(found, flaws)


def scaled(length: float, size: Size) -> int:
    """A flaw's length in px of this picture: none stays none, and the rest is one px or more."""
    return max(1, round(length * min(size.width, size.height) / _REFERENCE)) if length else 0


def turned(box: Box, size: Size, degrees: float) -> Box:
    """The upright box that fits a turned cell best: the same size around the turned middle."""
    if not degrees:
        return box
    left, top, right, bottom = box
    x, y = (left + right - size.width) / 2, (top + bottom - size.height) / 2
    angle = math.radians(-degrees)  # a picture's y axis points down
    moved_x = x * math.cos(angle) - y * math.sin(angle) - x
    moved_y = x * math.sin(angle) + y * math.cos(angle) - y
    return (
        max(0, round(left + moved_x)),
        max(0, round(top + moved_y)),
        min(size.width, round(right + moved_x)),
        min(size.height, round(bottom + moved_y)),
    )


def _intervals(
    length: int, count: int, margins: tuple[float, float], gutter: float, shares: Sequence[float]
) -> list[tuple[int, int]]:
    """Divide one axis; the borders are rounded, so that cells without a gutter touch and lose no pixel."""
    near, far = (margin * length / _REFERENCE for margin in margins)
    gap = max(1, round(gutter * length / _REFERENCE)) if gutter else 0
    parts = list(shares) if len(shares) == count else [1] * count
    free, whole = length - near - far - gap * (count - 1), sum(parts)
    borders = [near + free * sum(parts[:number]) / whole for number in range(count + 1)]
    return [
        (round(borders[number] + number * gap), round(borders[number + 1] + number * gap))
        for number in range(count)
    ]


def _merged(found: list[Place], flaws: Flaws) -> tuple[Place, ...]:
    """The places with one rectangle of them made one."""
    if not flaws.merged:
        return tuple(found)
    first, last = flaws.merged
    columns = flaws.rows[0]
    rows = range((first - 1) // columns, (last - 1) // columns + 1)
    across = range((first - 1) % columns, (last - 1) % columns + 1)
    inside = {row * columns + column + 1 for row in rows for column in across}
    box = (*found[first - 1].box[:2], *found[last - 1].box[2:])
    return tuple(
        Place(box, first) if place.cell == first else place
        for place in found
        if place.cell == first or place.cell not in inside
    )
