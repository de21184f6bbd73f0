"""Geometry without pixels: which person sits in which cell, and where exact cells lie.

The invariant of the whole product stands here and nowhere else: person i of a block is cell i of the grid.

    +---+---+---+
    | 1 | 2 | 3 |      cells count from 1, row by row
    +---+---+---+
    | 4 | 5 | 6 |
    +---+---+---+
    | 7 | 8 | 9 |
    +---+---+---+
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

from avatar_core.types import Box, Size

ROWS = 3
COLUMNS = 3
CELLS = ROWS * COLUMNS

T = TypeVar("T")


def blocks_of(people: Sequence[T], cells: int = CELLS) -> list[tuple[T, ...]]:
    """Split people into blocks in their order; only the last block may be short, and nobody is invented.

    >>> [len(block) for block in blocks_of(range(20))]
    [9, 9, 2]
    """
    return [tuple(people[start : start + cells]) for start in range(0, len(people), cells)]


def seated(people: Sequence[T]) -> Iterator[tuple[int, T]]:
    """Each person of one block with the cell they sit in, from 1.

    >>> list(seated(["Ana", "Rui"]))
    [(1, 'Ana'), (2, 'Rui')]
    """
    if len(people) > CELLS:
        raise ValueError(f"a block has {CELLS} cells, not {len(people)}")
    return enumerate(people, start=1)


def empty_cells(people: Sequence[object]) -> range:
    """The cells of a block in which nobody sits.

    >>> list(empty_cells(["Ana"] * 7))
    [8, 9]
    """
    return range(len(people) + 1, CELLS + 1)


def row_and_column(cell: int, columns: int = COLUMNS) -> tuple[int, int]:
    """Row and column of a cell, each from 1.

    >>> row_and_column(6)
    (2, 3)
    """
    return (cell - 1) // columns + 1, (cell - 1) % columns + 1


def exact_boxes(size: Size, rows: int = ROWS, columns: int = COLUMNS) -> tuple[Box, ...]:
    """Divide a picture into rows x columns cells that lose no pixel row or column and do not overlap.

    Where the side cannot be divided, neighbouring cells differ by one pixel.

    >>> exact_boxes(Size(1024, 1024))[4]
    (341, 341, 683, 683)
    """
    if rows < 1 or columns < 1 or size.width < columns or size.height < rows:
        raise ValueError(f"{size} cannot be divided into {rows} x {columns} cells")
    across = [round(size.width * i / columns) for i in range(columns + 1)]
    down = [round(size.height * i / rows) for i in range(rows + 1)]
    return tuple(
        (across[column], down[row], across[column + 1], down[row + 1])
        for row in range(rows)
        for column in range(columns)
    )
