"""The cells' pictures: exact for the archive; square, smaller or round for use. Pure, and nothing is enlarged unasked."""

from __future__ import annotations

from collections.abc import Iterable

from PIL import Image, ImageDraw

from avatar_core.finish import Finish, Form
from avatar_core.types import Box, Cut

FACE_DOWN = 0.34
"""Where the middle of a face is in a portrait that fills its cell, as a share of the cell's height. Measured on the
real grids in which a detector finds one; across, it is in the middle."""

HEADROOM = 0.45
"""Where a square puts the middle of the face, as a share of its side."""

SMOOTH = 4
"""A round mask is drawn so many times as large and shrunk, for a smooth edge."""


def crop(image: Image.Image, cut: Cut, cells: Iterable[int]) -> dict[int, Image.Image]:
    """The pictures of the given cells, by cell number from 1. Pixels are copied, never resampled."""
    return {cell: image.crop(cut.boxes[cell - 1]) for cell in cells}


def finished(image: Image.Image, finish: Finish) -> Image.Image:
    """An avatar, (H, W) RGB, in the form and size that are asked for; RGBA if it is round.

    >>> finished(Image.new("RGB", (341, 512)), Finish(Form.SQUARE, 256)).size
    (256, 256)
    """
    part = image if finish.form is Form.CELL else squared(image)
    small = sized(part, finish.side, enlarge=finish.enlarge)
    return rounded(small) if finish.form is Form.ROUND else small


def square(box: Box, headroom: float = HEADROOM) -> Box:
    """The largest square within a cell in which the face sits well: no detector, only where faces are.

    A wide cell is cut at both sides alike. A tall one keeps its upper part.

    Args:
        box: the cell.
        headroom: where the middle of the face should be, as a share of the square's side from its top; kept as far
            as the cell reaches.

    >>> square((0, 0, 300, 500))
    (0, 35, 300, 335)
    >>> square((0, 0, 500, 300))
    (100, 0, 400, 300)
    """
    left, top, right, bottom = box
    width, height = right - left, bottom - top
    side = min(width, height)
    x = left + (width - side) // 2
    y = top + min(max(0, round(FACE_DOWN * height - headroom * side)), height - side)
    return (x, y, x + side, y + side)


def squared(image: Image.Image, headroom: float = HEADROOM) -> Image.Image:
    """The square part of a cell's picture, see :func:`square`."""
    return image.crop(square((0, 0, image.width, image.height), headroom))


def sized(image: Image.Image, side: int | None, *, enlarge: bool = False) -> Image.Image:
    """A picture whose longer side is ``side`` px.

    Args:
        image: (H, W) in any mode.
        side: px; None leaves it as it is.
        enlarge: also if it is smaller; else a smaller one stays as it is.

    >>> sized(Image.new("RGB", (341, 512)), 256).size
    (170, 256)
    >>> sized(Image.new("RGB", (341, 341)), 512).size
    (341, 341)
    """
    longer = max(image.size)
    if side is None or side == longer or (side > longer and not enlarge):
        return image
    width, height = (max(1, round(edge * side / longer)) for edge in image.size)
    return image.resize((width, height), Image.Resampling.LANCZOS)


def rounded(image: Image.Image) -> Image.Image:
    """A picture, (H, W), as RGBA that is transparent outside the ellipse within it; a circle, if it is square."""
    mask = Image.new("L", (SMOOTH * image.width, SMOOTH * image.height), 0)
    ImageDraw.Draw(mask).ellipse((0, 0, mask.width - 1, mask.height - 1), fill=255)
    shown = image.convert("RGBA")
    shown.putalpha(mask.resize(image.size, Image.Resampling.BOX))
    return shown
