"""Find the grid: from a picture to its cells.

The steps, each in a room of its own that can be tested alone:

1. profile.py: how much does every line of pixels look like a seam or a gutter?
2. candidates.py: which seams, gutters and margins are possible?
3. lattice.py: which of them make the most believable grid, over both axes together?
4. refine.py: does a row or column have its seam a little off, and is it sharp?
5. structure.py, judging.py: is it the grid that was asked for, and how sure is that?
"""

from __future__ import annotations

from collections.abc import Collection

from PIL import Image

from avatar_core.checks import examine
from avatar_core.cut.judging import judge
from avatar_core.cut.lattice import AxisSearch, best_lattice
from avatar_core.cut.picture import as_rgb
from avatar_core.cut.profile import Profile, read_profile
from avatar_core.cut.refine import Borders, refine
from avatar_core.cut.scale import REFERENCE
from avatar_core.cut.structure import pieces, strange_lines
from avatar_core.errors import PictureUnreadable
from avatar_core.grid import COLUMNS, ROWS, exact_boxes
from avatar_core.types import Box, Cut, Size, Verdict

SMALLEST = 64
"""Px of a cell; in smaller ones nothing can be measured."""

TOO_SMALL = "The cells are too small to look for seams. They were cut where an even grid has them."


def find_grid(
    image: Image.Image, rows: int = ROWS, columns: int = COLUMNS, *, occupied: Collection[int] | None = None
) -> Cut:
    """Find the cells of a grid picture, and judge whether it is the grid that was asked for.

    Margins and gutters of any colour are left out, with one px more at 1024 (see :func:`inset`); cells that meet at
    clean seams lose no pixel. Where no seam can be seen, an even grid is assumed, and said so.

    Args:
        image: the whole picture, (H, W) in any mode.
        rows: cells from top to bottom.
        columns: cells from left to right.
        occupied: the cells that hold somebody, from 1; all of them if not given.

    Returns:
        A cut with rows x columns boxes, row by row. Its confidence is the share of pictures with such evidence that
        were cut right. It is quarantined if the picture contradicts it or somebody is missing or doubled, unverified
        if a seam could not be seen or somebody is too many, else accepted.

    Raises:
        PictureUnreadable: the picture has fewer pixels than cells.

    >>> find_grid(Image.new("RGB", (1024, 1024)), occupied=()).boxes[8]
    (683, 683, 1024, 1024)
    """
    wanted = range(1, rows * columns + 1) if occupied is None else occupied
    picture = as_rgb(image)
    found = locate(picture, rows, columns, wanted)
    return examine(picture, found, wanted).applied_to(found)


def locate(picture: Image.Image, rows: int, columns: int, occupied: Collection[int]) -> Cut:
    """Find the cells by the borders between them; what the cells show is not looked at.

    Args:
        picture: (H, W) RGB.
        rows, columns, occupied: as in :func:`find_grid`.
    """
    try:
        exact = exact_boxes(Size(*picture.size), rows, columns)
    except ValueError:
        raise PictureUnreadable(
            f"A picture of {picture.width} x {picture.height} px cannot hold {rows} x {columns} cells. "
            "Use a larger one."
        ) from None
    if picture.width < SMALLEST * columns or picture.height < SMALLEST * rows:
        return Cut(exact, 0.0, Verdict.UNVERIFIED, (TOO_SMALL,), rows, columns)
    x, y = read_profile(picture, 0, rows), read_profile(picture, 1, columns)
    lattice = best_lattice(AxisSearch(x, columns), AxisSearch(y, rows))
    across, down = refine(x, lattice.x), refine(y, lattice.y)
    strange = {
        axis: [strength for _, strength in strange_lines(profile, borders)]
        for axis, profile, borders in (("columns", x, across), ("rows", y, down))
    }
    found = judge(pieces(x, y, across, down, lattice.frame), strange, rows, columns, occupied)
    return Cut(boxes(x, y, across, down), found.confidence, found.verdict, found.reasons, rows, columns)


def boxes(x: Profile, y: Profile, across: Borders, down: Borders) -> tuple[Box, ...]:
    """One box per cell, row by row, drawn in from gutters, margins and blurred seams."""
    rows, columns = len(across.bands), len(down.bands)
    found = []
    for row in range(rows):
        for column in range(columns):
            left, right = inset(x.length, across, row, column)
            top, bottom = inset(y.length, down, column, row)
            found.append((left, top, right, bottom))
    return tuple(found)


def inset(length: int, borders: Borders, band: int, cell: int) -> tuple[int, int]:
    """Start and end of one cell on one axis, drawn in where another colour may have run into it.

    Beside a gutter or margin by 1 px at 1024 and at least 1. At a blurred seam by 1 px for every whole 1024: in a
    smaller picture a pixel is too much of a cell. At a clean seam and at the picture's own edge by nothing.

    Args:
        length: of the axis.
        borders: of the axis.
        band: which row or column of cells.
        cell: which cell of that band, from 0.
    """
    start, end = borders.spans(band)[cell]
    beside_gutter, at_blur = max(1, round(length / REFERENCE)), length // REFERENCE
    seams = borders.bands[band]

    def beside(seam: int, margin: int) -> int:
        if not 0 <= seam < len(seams):
            return beside_gutter if margin else 0
        if seams[seam].gutter:
            return beside_gutter
        return at_blur if borders.blurred[seam] else 0

    drawn = start + beside(cell - 1, borders.first), end - beside(cell, length - borders.last)
    return drawn if drawn[0] < drawn[1] else (start, end)
