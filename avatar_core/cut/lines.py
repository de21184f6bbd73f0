"""The lines of a cut as a person moves them: margins, seams, gutters, and single cells nudged off the lines.

```
   0   before       seam 1            seam 2        after  length
   |     |<-- cell -->|..|<-- cell -->|..|<-- cell -->|     |
                      gutter 1        gutter 2
```

Any cut can be taken apart into lines and put together again without a change; see :meth:`Lines.of`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations, pairwise
from statistics import median_low

from avatar_core.errors import CutIllegal
from avatar_core.grid import COLUMNS, ROWS, exact_boxes, row_and_column
from avatar_core.types import Box, Size

LEAST = 8
"""Px that a cell is wide and high at least; in less nobody can be seen."""

UNMOVED: Box = (0, 0, 0, 0)
"""A cell that sits on the lines."""

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Axis:
    """The lines of one axis, in px.

    Attributes:
        length: of the picture along the axis.
        before: margin before the first cell.
        after: margin behind the last cell.
        seams: the middle of each gutter; of an odd one, the px before its middle.
        gutters: width of each gutter, 0 where cells meet; as many as there are seams.
    """

    length: int
    before: int
    after: int
    seams: tuple[int, ...]
    gutters: tuple[int, ...]

    @property
    def spans(self) -> tuple[Span, ...]:
        """Start and end of each cell.

        >>> Axis(100, 4, 6, (34, 66), (2, 3)).spans
        ((4, 33), (35, 65), (68, 94))
        """
        starts = [seam - gutter // 2 for seam, gutter in zip(self.seams, self.gutters, strict=True)]
        ends = [start + gutter for start, gutter in zip(starts, self.gutters, strict=True)]
        return tuple(zip((self.before, *ends), (*starts, self.length - self.after), strict=True))

    @classmethod
    def through(cls, length: int, bands: Sequence[Sequence[Span]]) -> Axis:
        """The straight lines that most bands of cells agree on.

        Args:
            length: of the axis.
            bands: the spans of each row, or of each column.
        """
        places = [
            (median_low(band[at][0] for band in bands), median_low(band[at][1] for band in bands))
            for at in range(len(bands[0]))
        ]
        pairs = [(end, start) for (_, end), (start, _) in pairwise(places)]
        # Rows may disagree so much that their medians cross; a gutter is never less than nothing.
        gutters = tuple(max(0, start - end) for end, start in pairs)
        seams = tuple(end + gutter // 2 for (end, _), gutter in zip(pairs, gutters, strict=True))
        return cls(length, places[0][0], length - places[-1][1], seams, gutters)


@dataclass(frozen=True, slots=True)
class Lines:
    """All lines of a cut, and how far each cell's edges are off them.

    Attributes:
        across: the upright lines, which part the columns.
        down: the level lines, which part the rows.
        nudges: for each cell, px to add to its left, top, right and bottom edge.
    """

    across: Axis
    down: Axis
    nudges: tuple[Box, ...]

    @classmethod
    def of(cls, boxes: Sequence[Box], size: Size, rows: int = ROWS, columns: int = COLUMNS) -> Lines:
        """Take a cut apart. What is not straight in it becomes nudges, so that ``of(boxes, …).boxes() == boxes``.

        Args:
            boxes: rows x columns cells, row by row.
            size: of the whole picture.
            rows: cells from top to bottom.
            columns: cells from left to right.
        """
        at = [[boxes[row * columns + column] for column in range(columns)] for row in range(rows)]
        across = Axis.through(size.width, [[(box[0], box[2]) for box in line] for line in at])
        down = Axis.through(
            size.height,
            [[(at[row][column][1], at[row][column][3]) for row in range(rows)] for column in range(columns)],
        )
        straight = cls(across, down, (UNMOVED,) * len(boxes))
        return replace(straight, nudges=tuple(map(_minus, boxes, straight.places())))

    @classmethod
    def even(cls, size: Size, rows: int = ROWS, columns: int = COLUMNS) -> Lines:
        """Equal parts without margins or gutters."""
        return cls.of(exact_boxes(size, rows, columns), size, rows, columns)

    @property
    def size(self) -> Size:
        """Of the picture."""
        return Size(self.across.length, self.down.length)

    def places(self) -> tuple[Box, ...]:
        """Where the cells are, row by row, legal or not; see :meth:`boxes`."""
        straight = [
            (left, top, right, bottom) for top, bottom in self.down.spans for left, right in self.across.spans
        ]
        return tuple(map(_plus, straight, self.nudges))

    def boxes(self) -> tuple[Box, ...]:
        """The cells, row by row.

        Raises:
            CutIllegal: a cell leaves the picture, is too small or overlaps another; the message says what to move.
        """
        boxes = self.places()
        check_boxes(boxes, self.size, len(self.across.spans))
        return boxes

    def nudged(self, cell: int, by: Box) -> Lines:
        """The same lines with one cell, from 1, so far off them.

        >>> Lines.even(Size(90, 90)).nudged(5, (1, 0, -2, 0)).boxes()[4]
        (31, 30, 58, 60)
        """
        nudges = list(self.nudges)
        nudges[cell - 1] = by
        return replace(self, nudges=tuple(nudges))

    def straightened(self) -> Lines:
        """The same lines with every cell on them."""
        return replace(self, nudges=(UNMOVED,) * len(self.nudges))


def editable(boxes: Sequence[Box], size: Size, rows: int = ROWS, columns: int = COLUMNS) -> Lines:
    """Lines to start moving from: those of a cut, without what is not legal in it.

    Seams found in a bent grid may cross where four cells meet. Such a cut is used as it is, but what a person moves must
    be legal, so they start from straight lines.

    Raises:
        CutIllegal: the picture is too small to hold legal cells at all.
    """
    found = Lines.of(boxes, size, rows, columns)
    for lines in (found, found.straightened()):
        try:
            lines.boxes()
        except CutIllegal:
            continue
        return lines
    even = Lines.even(size, rows, columns)
    even.boxes()
    return even


def check_boxes(boxes: Sequence[Box], size: Size, columns: int = COLUMNS) -> None:
    """Refuse a cut that no picture can have.

    Args:
        boxes: the cells, row by row.
        size: of the whole picture.
        columns: cells from left to right, to tell where a cell is.

    Raises:
        CutIllegal: a cell leaves the picture, is too small or overlaps another.
    """
    for cell, (left, top, right, bottom) in enumerate(boxes, start=1):
        for extent, word, sides in (
            (right - left, "wide", "left and right"),
            (bottom - top, "high", "above and below"),
        ):
            if extent < LEAST:
                shown = f"only {extent} px {word}" if extent > 0 else f"not {word} at all: its lines cross"
                raise CutIllegal(
                    f"Cell {cell} is {shown}. Move the lines {sides} of it at least {LEAST} px apart."
                )
        beyond = {"left": -left, "top": -top, "right": right - size.width, "bottom": bottom - size.height}
        for side, px in beyond.items():
            if px > 0:
                raise CutIllegal(
                    f"Cell {cell} reaches {px} px beyond the {side} edge of the picture. Move that edge back by {px} px."
                )
    for (one, a), (other, b) in combinations(enumerate(boxes, start=1), 2):
        wide, high = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
        if wide > 0 and high > 0:
            same_row = row_and_column(one, columns)[0] == row_and_column(other, columns)[0]
            px = wide if same_row else high
            raise CutIllegal(f"Cells {one} and {other} overlap by {px} px. Move one of them back by {px} px.")


def _plus(box: Box, by: Box) -> Box:
    return (box[0] + by[0], box[1] + by[1], box[2] + by[2], box[3] + by[3])


def _minus(box: Box, other: Box) -> Box:
    return (box[0] - other[0], box[1] - other[1], box[2] - other[2], box[3] - other[3])
