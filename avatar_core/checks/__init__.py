"""Do the cells show what was asked for? Empty cells, uninvited guests, twins, writing; in plain words.

Only what pixels can answer is asked. There is no detector of faces or people here and no classifier of anybody:
likeness, age or ethnicity are judged by people.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from PIL import Image

from avatar_core.checks.contents import drawn_share
from avatar_core.checks.copies import twins
from avatar_core.checks.small import Floats, thumbs
from avatar_core.checks.writing import written_cells
from avatar_core.types import Box, Cut, Verdict

__all__ = ["CONTRADICTED", "CellFinding", "Report", "examine"]

CONTRADICTED = 0.1
"""The highest confidence of a cut that the picture contradicts: another grid, merged cells, no grid."""

EMPTY = 0.01
"""The share of a cell's middle that must be contour for somebody to be there. Plain grounds have up to 0.002, a single
dot 0.02, a portrait 0.06 and more."""


WRITTEN = "Words or numbers seem to be written into "


@dataclass(frozen=True, slots=True)
class CellFinding:
    """One thing wrong with one cell, counted from 1."""

    cell: int
    reason: str

    def __str__(self) -> str:
        return f"Cell {self.cell}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Report:
    """What the machine can say about a cut grid: reasons speak of the grid, findings of single cells."""

    verdict: Verdict
    reasons: tuple[str, ...] = ()
    findings: tuple[CellFinding, ...] = ()

    def applied_to(self, cut: Cut) -> Cut:
        """The cut with this report's verdict and reasons, those of cells included."""
        return replace(
            cut,
            verdict=self.verdict,
            reasons=(*self.reasons, *map(str, self.findings)),
            findings=tuple((finding.cell, finding.reason) for finding in self.findings),
        )


def examine(image: Image.Image, cut: Cut, occupied: Collection[int]) -> Report:
    """Judge a cut grid.

    Args:
        image: the whole picture, (H, W) in any mode.
        cut: where its cells are: found, or set by a person with full confidence. Earlier findings are made anew.
        occupied: the cells that were to hold somebody, from 1; the others were to stay empty.

    Returns:
        Quarantined if the picture contradicts the cut, somebody is missing or is there twice; unverified if no more
        is wrong than somebody in a cell that was to stay empty, something written into the cells, or a cut that
        could not be verified; else accepted.
    """
    about_cells = {str(CellFinding(*finding)) for finding in cut.findings}
    reasons = tuple(
        reason for reason in cut.reasons if reason not in about_cells and not reason.startswith(WRITTEN)
    )
    if reasons and cut.confidence <= CONTRADICTED and cut.verdict is not Verdict.UNVERIFIED:
        # Boxes of another grid would only bring forth nonsense about their contents.
        return Report(Verdict.QUARANTINED, reasons)
    pictures = thumbs(image, cut.boxes)
    filled = {cell for cell, picture in enumerate(pictures, start=1) if drawn_share(picture) >= EMPTY}
    faults = [*_missing(filled, occupied), *_twins(image, cut, pictures, sorted(filled & set(occupied)))]
    guests = _uninvited(filled, occupied)
    findings = tuple(sorted([*faults, *guests], key=lambda finding: finding.cell))
    reasons += _written(image, cut, sorted(filled & set(occupied)))
    if faults:
        return Report(Verdict.QUARANTINED, reasons, findings)
    # A guest leaves the invited where they are, and is not cut out; a caption leaves a portrait whose it is. But a
    # picture with either must be looked at.
    return Report(Verdict.UNVERIFIED if reasons or guests else Verdict.ACCEPTED, reasons, findings)


def _missing(filled: Collection[int], occupied: Collection[int]) -> list[CellFinding]:
    reason = "nobody is there, only a plain background."
    return [CellFinding(cell, reason) for cell in occupied if cell not in filled]


def _uninvited(filled: Collection[int], occupied: Collection[int]) -> list[CellFinding]:
    reason = "something is drawn where the prompt asked for an empty cell."
    return [CellFinding(cell, reason) for cell in filled if cell not in occupied]


def _written(image: Image.Image, cut: Cut, cells: Sequence[int]) -> tuple[str, ...]:
    written = written_cells(image, cut.boxes, cells)
    if not written:
        return ()
    where = "every cell" if len(written) == len(cells) else f"cells {', '.join(map(str, written))}"
    return (f"{WRITTEN}{where}.",)


def _twins(
    image: Image.Image, cut: Cut, pictures: Sequence[Floats], cells: Sequence[int]
) -> list[CellFinding]:
    pairs = set(twins([pictures[cell - 1] for cell in cells]))
    if _unlike(cut.boxes):
        unstretched = thumbs(image, cut.boxes, stretched=False)
        pairs |= set(twins([unstretched[cell - 1] for cell in cells]))
    found = []
    for first, second in sorted((cells[first], cells[second]) for first, second in pairs):
        found.append(CellFinding(first, f"this is the same picture as cell {second}."))
        found.append(CellFinding(second, f"this is the same picture as cell {first}."))
    return found


def _unlike(boxes: Sequence[Box]) -> bool:
    """Whether cells differ in size by more than a hundredth."""
    for start, end in ((0, 2), (1, 3)):
        sizes = [box[end] - box[start] for box in boxes]
        if max(sizes) > 1.01 * min(sizes):
            return True
    return False
