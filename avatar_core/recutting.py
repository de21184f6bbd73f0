"""Cut a grid, and cut it again: as it is found, into equal parts, or as a person wants it.

Cutting is free for ever, because the grid's original bytes are kept, and so is every cut that was made of them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import cached_property, partial

from avatar_core.checks import examine
from avatar_core.cut import (
    Encoder,
    Lines,
    as_jpeg,
    as_png,
    as_thumbnail,
    check_boxes,
    crop_and_encode,
    draw_lines,
    editable,
    find_grid,
    open_picture,
    sized,
)
from avatar_core.errors import InputError
from avatar_core.grid import exact_boxes, seated
from avatar_core.store import Store
from avatar_core.types import (
    Block,
    BlockRecord,
    Box,
    Cut,
    Grid,
    Origin,
    PastCut,
    Size,
    Verdict,
)

NOT_LOOKED_FOR = "It was cut into equal parts because somebody asked for that; no seam was looked for."

ACCEPTED_BY_PERSON = "Accepted by a person."

PREVIEW = 900
"""Px of a side of the overlay that is drawn anew with every step of a line."""

CELL_PREVIEW = 256
"""The same for a cell."""


class Canvas:
    """A grid that lies open for cutting: decoded once, so that each step of a line shows at once.

    Nothing is kept here, and it may be shared between threads.
    """

    def __init__(self, data: bytes, occupied: Collection[int]) -> None:
        """Decode a picture.

        Args:
            data: the grid as it arrived.
            occupied: the cells that hold somebody, from 1.

        Raises:
            PictureUnreadable: it is no picture that can be cut.
        """
        self._picture = open_picture(data)
        self._occupied = tuple(occupied)
        self._small = sized(self._picture, PREVIEW)

    @property
    def size(self) -> Size:
        """Of the picture as it is meant to be seen, which boxes refer to."""
        return Size(*self._picture.size)

    @cached_property
    def found(self) -> Cut:
        """The cut that is found by looking at the picture."""
        return find_grid(self._picture, occupied=self._occupied)

    @property
    def thirds(self) -> Cut:
        """The cut into equal parts."""
        boxes = exact_boxes(self.size)
        return self._examined(Cut(boxes, 0.0, Verdict.UNVERIFIED, (NOT_LOOKED_FOR,), origin=Origin.THIRDS))

    def lines(self, boxes: Sequence[Box]) -> Lines:
        """Lines to start moving from, see :func:`avatar_core.cut.lines.editable`."""
        return editable(boxes, self.size)

    def judged(self, boxes: tuple[Box, ...]) -> Cut:
        """What can be said of a cut that a person wants: where its lines come from, and what its cells show.

        Raises:
            CutIllegal: there is no such cut.
        """
        if boxes == self.found.boxes:
            return self.found
        if boxes == exact_boxes(self.size):
            return self.thirds
        check_boxes(boxes, self.size)
        return self._examined(Cut(boxes, 1.0, Verdict.ACCEPTED, origin=Origin.BY_HAND))

    def overlay(self, cut: Cut, chosen: int | None = None) -> bytes:
        """The picture with the cut's lines, cell numbers and marks at cells with findings; a JPEG, made smaller.

        Args:
            cut: where the cells are.
            chosen: a cell to show as chosen.
        """
        across, down = (
            small / whole for small, whole in zip(self._small.size, self._picture.size, strict=True)
        )
        boxes = [
            (round(left * across), round(top * down), round(right * across), round(bottom * down))
            for left, top, right, bottom in cut.boxes
        ]
        return as_jpeg(draw_lines(self._small, boxes, _marked(cut), chosen))

    def cells(self, cut: Cut) -> dict[int, bytes]:
        """Small JPEGs of the cells that hold somebody, by their numbers."""
        return self._encoded(cut, partial(as_thumbnail, side=CELL_PREVIEW))

    def files(self, cut: Cut) -> dict[int, bytes]:
        """Exact PNGs of the cells that hold somebody, by their numbers."""
        return self._encoded(cut, as_png)

    def _encoded(self, cut: Cut, encode: Encoder) -> dict[int, bytes]:
        boxes = [cut.boxes[cell - 1] for cell in self._occupied]
        return dict(zip(self._occupied, crop_and_encode(self._picture, boxes, encode), strict=True))

    def _examined(self, cut: Cut) -> Cut:
        return examine(self._picture, cut, self._occupied).applied_to(cut)


class Cutting:
    """The cuts of the grids of one store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def open(self, grid: Grid, block: Block) -> Canvas:
        """Lay a block's grid open.

        Raises:
            PictureUnreadable: the grid is no picture that can be cut; its bytes are kept.
        """
        return Canvas(self._store.blobs.get(grid.blob), [cell for cell, _ in seated(block.personas)])

    def again(self, run_id: str, block: int, origin: Origin = Origin.FOUND) -> Cut:
        """Cut a block's grid as it is found or into equal parts, and keep an avatar for each of its people.

        Raises:
            InputError: there is no grid yet, or it is no picture that can be cut; its bytes are kept.
        """
        record = self._record(run_id, block)
        canvas = self.open(_grid(record), record.block)
        return self._keep(run_id, record, canvas, canvas.thirds if origin is Origin.THIRDS else canvas.found)

    def by_person(self, run_id: str, block: int, grid_id: str, boxes: tuple[Box, ...]) -> Cut:
        """Cut a block's grid as a person wants it, on their word: its avatars belong to their rows from now on.

        What the machine finds wrong with the cells stays beside it. Earlier cuts stay in the history.

        Args:
            run_id, block: where.
            grid_id: the grid that they looked at.
            boxes: nine cells.

        Raises:
            CutIllegal: there is no such cut.
            InputError: there is no grid yet, or it is another one by now.
        """
        record = self._record(run_id, block)
        if _grid(record).id != grid_id:
            raise InputError("There is a newer picture here by now. Reload the page, then cut that one.")
        canvas = self.open(_grid(record), record.block)
        return self._keep(run_id, record, canvas, _accepted(canvas.judged(boxes)))

    def accept(self, run_id: str, block: int) -> None:
        """Accept a block's cut as it is, on the word of a person who looked at it.

        The earlier cut and its reasons stay in the history.

        Raises:
            InputError: there is no cut.
        """
        record = self._record(run_id, block)
        if record.grid is None or record.cut is None:
            raise InputError("There is no cut to accept yet. Generate the picture first.")
        blobs = {avatar.cell: avatar.blob for avatar in record.avatars}
        self._store.catalog.add_cut(run_id, block, record.grid.id, _accepted(record.cut), blobs)

    def history(self, run_id: str, block: int) -> list[PastCut]:
        """Every cut of a block's grid, the newest first."""
        return self._store.catalog.cuts(run_id, block)

    def go_back(self, run_id: str, block: int, cut_id: int) -> None:
        """Use an earlier cut again, with the avatars and the verdict that it had.

        Raises:
            CutUnknown: it is not one of this grid's.
        """
        self._store.catalog.use_cut(run_id, block, cut_id)

    def _record(self, run_id: str, block: int) -> BlockRecord:
        found = self._store.catalog.run(run_id, block).blocks
        if not found:
            raise InputError(f"The run has no picture {block + 1}. Choose one that it has.")
        return found[0]

    def _keep(self, run_id: str, record: BlockRecord, canvas: Canvas, cut: Cut) -> Cut:
        blobs = {cell: self._store.blobs.put(data) for cell, data in canvas.files(cut).items()}
        self._store.catalog.add_cut(run_id, record.block.index, _grid(record).id, cut, blobs)
        return cut


def _grid(record: BlockRecord) -> Grid:
    if record.grid is None:
        raise InputError("There is no picture to cut yet. Generate it first.")
    return record.grid


def _accepted(cut: Cut) -> Cut:
    if cut.by_person:
        return cut
    reasons = (*cut.reasons, ACCEPTED_BY_PERSON)
    return replace(cut, verdict=Verdict.ACCEPTED, reasons=reasons, by_person=True)


def _marked(cut: Cut) -> set[int]:
    return {cell for cell, _ in cut.findings if cell}
