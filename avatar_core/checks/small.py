"""Small copies of the cells, in which noise and compression have averaged out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PIL import Image

from avatar_core.types import Box

Floats = npt.NDArray[np.float32]

SIDE = 64
"""Px of a small copy, whatever the cell's shape."""

RIM = 0.02
"""Share of a cell that is left out on every side: what a cut that is a little off lets in."""


def thumbs(image: Image.Image, boxes: Sequence[Box], *, stretched: bool = True) -> list[Floats]:
    """A small copy of every cell, (3, SIDE, SIDE), grey levels 0 to 255.

    Args:
        image: (H, W) in any mode.
        boxes: the cells.
        stretched: every copy is square, whatever its cell's shape. Else cells of unlike size are first
            cropped to one size about their middles, so that what is drawn equally large stays so.
    """
    picture = image if image.mode == "RGB" else image.convert("RGB")
    smallest = min(min(right - left, bottom - top) for left, top, right, bottom in boxes)
    factor = max(1, smallest // (2 * SIDE))
    # Averaging in two steps costs a third. The second weighs neighbours smoothly: plain means of fractional boxes
    # would make copies differ that lie a fraction of a pixel apart.
    reduced = picture.reduce(factor) if factor > 1 else picture
    inner = boxes if stretched else _of_one_size(boxes)
    return [_thumb(reduced, factor, box) for box in inner]


def _thumb(reduced: Image.Image, factor: int, box: Box) -> Floats:
    left, top, right, bottom = box
    x, y = RIM * (right - left), RIM * (bottom - top)
    area = (
        (left + x) / factor,
        (top + y) / factor,
        min((right - x) / factor, reduced.width),
        min((bottom - y) / factor, reduced.height),
    )
    small = reduced.resize((SIDE, SIDE), Image.Resampling.BILINEAR, box=area)
    return np.ascontiguousarray(np.asarray(small).transpose(2, 0, 1), dtype=np.float32)


def _of_one_size(boxes: Sequence[Box]) -> list[Box]:
    """The boxes drawn in to the least width and height of any, about their middles."""
    width = min(right - left for left, _, right, _ in boxes)
    height = min(bottom - top for _, top, _, bottom in boxes)
    same = []
    for left, top, right, bottom in boxes:
        x, y = left + (right - left - width) // 2, top + (bottom - top - height) // 2
        same.append((x, y, x + width, y + height))
    return same
