"""Do the cells show what was asked for? Empty cells, uninvited guests, twins, writing; in plain words.

Only what pixels can answer is asked. There is no detector of faces or people here and no classifier of anybody:
likeness, age or ethnicity are judged by people.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from PIL import Image

from avatar_core.checks.contents import drawn_share
from avatar_core.checks.copies import double, likenesses, twins
from avatar_core.checks.small import Floats, thumbs
from avatar_core.checks.writing import written_cells
from avatar_core.types import Box, Cut, Verdict

__all__ = ["CONTRADICTED", "CellFinding", "Report", "examine"]

CONTRADICTED = 0.1
"""The highest confidence of a cut that the picture contradicts: another grid, merged cells, no grid."""

EMPTY = 0.01
"""The share of a cell's middle that must be contour for somebody to be there. Plain grounds have up to 0.002, a single
dot 0.02, a portrait 0.06 and more."""


@dataclass(frozen=True, slots=True)
class CellFinding:
    """One thing wrong with one cell, counted from 1; cell 0 stands for several together."""

    cell: int
    reason: str

    def __str__(self) -> str:
        return f"Cell {self.cell}: {self.reason}" if self.cell else self.reason


@dataclass(frozen=True, slots=True)
class Report:
    """What the machine can say about a cut grid: why its lines are doubted, and what is wrong with its cells."""

    verdict: Verdict
    lines: tuple[str, ...] = ()
    findings: tuple[CellFinding, ...] = ()

    @property
    def reasons(self) -> tuple[str, ...]:
        """What speaks of the grid and not of a single cell."""
        return (*self.lines, *(finding.reason for finding in self.findings if not finding.cell))

    def applied_to(self, cut: Cut) -> Cut:
        """The cut with this report's verdict and reasons, those of cells included."""
        return replace(
            cut,
            verdict=self.verdict,
            reasons=(*self.lines, *map(str, self.findings)),
            findings=tuple((finding.cell, finding.reason) for finding in self.findings),
        )


def examine(image: Image.Image, cut: Cut, occupied: Collection[int]) -> Report:
    """Judge a cut grid.

    Args:
        image: the whole picture, (H, W) in any mode.
        cut: where its cells are: found, or set by a person with full confidence. Earlier findings are made anew.
        occupied: the cells that were to hold somebody, from 1; the others were to stay empty.

    Returns:
        Quarantined if the picture contradicts the cut, somebody is missing or one picture is there twice; unverified
        if no more is wrong than somebody in a cell that was to stay empty, two cells that may show one person,
        something written into the cells, or a cut that could not be verified; else accepted.
    """
    about_cells = {str(CellFinding(*finding)) for finding in cut.findings}
    lines = tuple(reason for reason in cut.reasons if reason not in about_cells)
    if lines and cut.confidence <= CONTRADICTED and cut.verdict is not Verdict.UNVERIFIED:
        # Boxes of another grid would only bring forth nonsense about their contents.
        return Report(Verdict.QUARANTINED, lines)
    pictures = thumbs(image, cut.boxes)
    filled = {cell for cell, picture in enumerate(pictures, start=1) if drawn_share(picture) >= EMPTY}
    same, perhaps_same = _twins(image, cut, pictures, sorted(filled & set(occupied)))
    faults = [*_missing(filled, occupied), *same]
    written = _written(image, cut, sorted(filled & set(occupied)))
    doubts = [*_uninvited(filled, occupied), *perhaps_same, *written]
    findings = tuple(sorted([*faults, *doubts], key=lambda finding: finding.cell))
    if faults:
        return Report(Verdict.QUARANTINED, lines, findings)
    # A guest leaves the invited where they are, and is not cut out; a caption leaves a portrait whose it is; and of
    # likeness people judge. But a picture with any of these must be looked at.
    return Report(Verdict.UNVERIFIED if lines or doubts else Verdict.ACCEPTED, lines, findings)


def _missing(filled: Collection[int], occupied: Collection[int]) -> list[CellFinding]:
    reason = "nobody is there, only a plain background."
    return [CellFinding(cell, reason) for cell in occupied if cell not in filled]


def _uninvited(filled: Collection[int], occupied: Collection[int]) -> list[CellFinding]:
    reason = "something is drawn where the prompt asked for an empty cell."
    return [CellFinding(cell, reason) for cell in filled if cell not in occupied]


def _written(image: Image.Image, cut: Cut, cells: Sequence[int]) -> list[CellFinding]:
    written = written_cells(image, cut.boxes, cells)
    if not written:
        return []
    where = "every cell" if len(written) == len(cells) else f"cells {', '.join(map(str, written))}"
    return [CellFinding(0, f"Words or numbers seem to be written into {where}.")]


def _twins(
    image: Image.Image, cut: Cut, pictures: Sequence[Floats], cells: Sequence[int]
) -> tuple[list[CellFinding], list[CellFinding]]:
    """Cells that show the same picture, and those that seem to show the same person drawn anew."""
    alike = likenesses([pictures[cell - 1] for cell in cells])
    copied = {each.pair for each in alike if each.copied}
    if _unlike(cut.boxes):
        unstretched = thumbs(image, cut.boxes, stretched=False)
        copied |= set(twins([unstretched[cell - 1] for cell in cells]))
    again = None if copied else double(alike)
    return (
        _told("this is the same picture as cell {}.", copied, cells),
        _told("this may be the same person as in cell {}.", [again.pair] if again else [], cells),
    )


def _told(reason: str, pairs: Collection[tuple[int, int]], cells: Sequence[int]) -> list[CellFinding]:
    found = []
    for first, second in sorted((cells[first], cells[second]) for first, second in pairs):
        found += [CellFinding(first, reason.format(second)), CellFinding(second, reason.format(first))]
    return found


def _unlike(boxes: Sequence[Box]) -> bool:
    """Whether cells differ in size by more than a hundredth."""
    for start, end in ((0, 2), (1, 3)):
        sizes = [box[end] - box[start] for box in boxes]
        if max(sizes) > 1.01 * min(sizes):
            return True
    return False
