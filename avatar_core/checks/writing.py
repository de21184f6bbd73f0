"""Is something written into the cells: numbers, captions, labels?

One picture may well hold words, on a shirt or a sign. What a model writes over a grid stands in the same place of most
cells, at one height and in one tone, near the upper or lower border; nothing of nine people does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image

from avatar_core.types import Box

HEIGHT = 144
"""Px of a cell's height in the copy that is looked at; a caption's letters have about ten of them."""

BORDER = 36
"""Px of that height at the top and at the bottom in which writing is looked for: a quarter, which leaves out eyes."""

CONTEXT = 10
"""Px beyond the border that are read, so that a letter's surroundings are known."""

CORNER = (0.6, 0.84)
"""Where the lower right corner begins, as shares of width and height. Models put marks of origin there, and the demo
model its label; it is not looked at."""

SURROUNDINGS = 21
"""Px of the square whose mean a letter must stand out from."""

CONTRAST = 38.0
"""Grey levels by which it must; letters are drawn to be read."""

CLEAR = 55.0
"""Grey levels between a letter and what is around it, where letters are pure."""

BRIGHT = 150.0
"""The least grey level of a letter, or of its negative: models write in nearly white or nearly black."""

LETTER = (0.035, 0.17)
"""Least and largest height of a letter, as shares of the cell's."""

WIDTH = (0.24, 1.7)
"""Least and largest width of a letter, as shares of its height. Narrower ones are left to their neighbours: the edge of
a door is as narrow."""

STROKE = 0.22
"""The largest half width of a letter's stroke, as a share of its height, and a pixel more for soft edges."""

TONE = 25.0
"""Grey levels by which letters of one hand may differ."""

MOST = 0.55
"""The share of the cells in which letters must agree. Of nine different portraits without writing up to four agree."""

FEWEST = 5
"""Cells below which agreement means nothing: four portraits agree by chance."""


@dataclass(frozen=True, slots=True)
class Glyph:
    """Something of the size and thinness of a letter; px of the copy, from its cell's upper left."""

    cell: int
    left: int
    right: int
    bottom: int
    height: int
    tone: float  #: grey level; that of dark letters is counted from white down, and negative

    def beside(self, other: Glyph) -> bool:
        """Whether another stands where this one does, as high and as bright, with the same left side or middle."""
        return (
            abs(self.bottom - other.bottom) <= 2
            and abs(self.height - other.height) <= 0.3 * min(self.height, other.height) + 1
            and (self.tone * other.tone < 0 or abs(self.tone - other.tone) < TONE)
            and (
                abs(self.left - other.left) <= 4
                or abs(self.left + self.right - other.left - other.right) <= 8
            )
        )


def written_cells(image: Image.Image, boxes: Sequence[Box], cells: Sequence[int]) -> tuple[int, ...]:
    """The cells into which something is written in the same place; empty if it is not most of them.

    Args:
        image: the whole picture, (H, W) RGB or grey.
        boxes: of all its cells.
        cells: those that are looked at, from 1.
    """
    if len(cells) < FEWEST:
        return ()
    strips = _strips(image, [boxes[cell - 1] for cell in cells])
    # Outlined letters are seen by their outline where the ground is as bright as they are.
    glyphs = [*_glyphs(strips, cells), *_glyphs(255 - strips, cells, sign=-1)]
    best: set[int] = set()
    for one in glyphs:
        agreeing = {other.cell for other in glyphs if one.beside(other)}
        best = max(best, agreeing, key=len)
    return tuple(sorted(best)) if len(best) >= max(FEWEST, MOST * len(cells)) else ()


def _strips(image: Image.Image, boxes: Sequence[Box]) -> npt.NDArray[np.float32]:
    """(2, K, BORDER + CONTEXT, W) grey levels: the upper borders of K cells, and the lower ones."""
    shapes = sorted((right - left) / (bottom - top) for left, top, right, bottom in boxes)
    size = (min(2 * HEIGHT, max(48, round(HEIGHT * shapes[len(shapes) // 2]))), BORDER + CONTEXT)
    grey = image if image.mode == "L" else image.convert("L")
    upper, lower = [], []
    for left, top, right, bottom in boxes:
        high = (bottom - top) * size[1] / HEIGHT
        upper.append(grey.resize(size, Image.Resampling.BOX, box=(left, top, right, top + high)))
        lower.append(grey.resize(size, Image.Resampling.BOX, box=(left, bottom - high, right, bottom)))
    return np.array([[np.asarray(strip) for strip in row] for row in (upper, lower)], np.float32)


def _glyphs(strips: npt.NDArray[np.float32], cells: Sequence[int], sign: int = 1) -> Iterator[Glyph]:
    """What is bright in the strips and looks like a letter."""
    from scipy import ndimage

    around = ndimage.uniform_filter(strips, (0, 0, SURROUNDINGS, SURROUNDINGS), mode="nearest")
    lit = (strips > around + CONTRAST) & (strips > BRIGHT)
    first_row = round(CORNER[1] * HEIGHT) - (HEIGHT - BORDER - CONTEXT)
    lit[1, :, first_row:, round(CORNER[0] * strips.shape[3]) :] = False
    touching = np.zeros((3, 3, 3, 3), bool)
    touching[1, 1] = True
    labels, _ = ndimage.label(lit, touching)
    for number, (row, column, down, across) in enumerate(ndimage.find_objects(labels), start=1):
        height, width = down.stop - down.start, across.stop - across.start
        if (
            not LETTER[0] * HEIGHT <= height <= LETTER[1] * HEIGHT
            or not WIDTH[0] * height <= width <= WIDTH[1] * height
        ):
            continue
        if down.stop > BORDER if row.start == 0 else down.start < CONTEXT:
            continue  # it reaches out of the border, as hair around a face does
        place = (row.start, column.start, down, across)
        drawn = labels[place] == number
        if not _is_thin(drawn):
            continue
        tone = _quantile(strips[place][drawn], 0.75)
        cell = row.start, column.start
        near = (
            slice(max(0, down.start - 2), down.stop + 2),
            slice(max(0, across.start - 2), across.stop + 2),
        )
        ground = strips[cell][near][~lit[cell][near]]
        if len(ground) and tone - _quantile(ground, 0.5) > CLEAR:
            yield Glyph(
                cell=cells[column.start],
                left=across.start,
                right=across.stop,
                bottom=down.stop + (0 if row.start == 0 else HEIGHT),
                height=height,
                tone=sign * tone,
            )


def _quantile(values: npt.NDArray[np.float32], share: float) -> float:
    """For few values, faster than numpy's."""
    return float(np.sort(values)[int(share * (len(values) - 1))])


def _is_thin(drawn: npt.NDArray[np.bool_]) -> bool:
    """Whether a shape, (H, W), is drawn with a stroke: no disc, no bar, no speck."""
    from scipy import ndimage

    height, width = drawn.shape
    if not 0.18 <= drawn.sum() / (height * width) <= 0.95:
        return False
    depth = ndimage.distance_transform_edt(np.pad(drawn, 1)).max()
    return bool(depth <= max(2.2, STROKE * height) + 0.6)
