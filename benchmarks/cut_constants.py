"""The cut's constants: each a quarter smaller and larger, and what becomes of the accuracy.

A constant to which the result clings would be tuned to the pictures at hand. Real cells are used if they are there.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from avatar_core.cut import candidates, frames, lattice, profile, refine
from avatar_core.cut.finding import boxes
from avatar_core.types import Box
from benchmarks.cut import FIRST_SEED, overlap, portrait_groups
from tests.cut.stress import stress_grid

GRIDS = int(os.environ.get("AVATAR_BENCH_CONSTANTS", "40"))

CONSTANTS: dict[ModuleType, tuple[str, ...]] = {
    profile: ("SURROUNDINGS", "QUIET", "CAP", "SMOOTHING", "DETAIL", "ACROSS", "PLAIN", "STIR", "NEARBY", "FLOOR"),
    candidates: ("REACH", "WIDEST_GUTTER", "WIDEST_MARGIN", "CROWD", "EDGE", "PLAINNESS", "SURMISE", "CONTINUES",
                 "MOSTLY", "SAME_COLOUR", "HAIRLINE"),
    lattice: ("DRIFT", "DRIFT_SCALE", "ENOUGH", "AGREEMENT", "BARE", "EVEN_WIDTH", "EVEN_MARGINS", "WIDE_MARGIN"),
    frames: ("LINE", "APART", "CENTRED", "SEAM_SEEN"),
    refine: ("BEND", "CLEARLY", "AS_WELL", "BLUR"),
}  # fmt: skip


@dataclass(frozen=True)
class Measured:
    """One grid, read once: what every trial begins with."""

    x: profile.Floats
    y: profile.Floats
    true: tuple[Box, ...]


def measured() -> list[Measured]:
    cells = [group for groups in portrait_groups().values() for group in groups]
    found = []
    for seed in range(FIRST_SEED + 10_000, FIRST_SEED + 10_000 + GRIDS):
        specimen = stress_grid(cells, seed, (1024, 1024))
        if not specimen.style.frame:
            strips = [profile.cut_into_strips(specimen.image, axis) for axis in (0, 1)]
            found.append(Measured(*strips, specimen.boxes))
    return found


def worst_cell(grid: Measured) -> float:
    x, y = profile.profile_of(grid.x, 3), profile.profile_of(grid.y, 3)
    best = lattice.best_lattice(lattice.AxisSearch(x, 3), lattice.AxisSearch(y, 3))
    found = boxes(x, y, refine.refine(x, best.x), refine.refine(y, best.y))
    return min(overlap(box, true) for box, true in zip(found, grid.true, strict=True))


def accuracy(grids: list[Measured]) -> tuple[float, float]:
    """Share of grids whose every cell has an IoU above .97, and the mean of their worst cells."""
    worst = [worst_cell(grid) for grid in grids]
    return sum(value > 0.97 for value in worst) / len(worst), sum(worst) / len(worst)


def scaled(value: Any, factor: float) -> Any:
    if isinstance(value, tuple):
        return tuple(scaled(part, factor) for part in value)
    return max(1, round(value * factor)) if isinstance(value, int) else value * factor


def main() -> None:
    grids = measured()
    usual = accuracy(grids)
    print(
        f"{len(grids)} grids as it is: {100 * usual[0]:.1f} % with every cell above .97, worst cells {usual[1]:.4f}\n"
    )
    print(
        f"{'constant':16} {'value':>12} {'all>.97, -25 %':>16} {'+25 %':>8} {'worst cells, -25 %':>20} {'+25 %':>8}"
    )
    for module, names in CONSTANTS.items():
        for name in names:
            value = getattr(module, name)
            results = []
            for factor in (0.75, 1.25):
                setattr(module, name, scaled(value, factor))
                try:
                    results.append(accuracy(grids))
                finally:
                    setattr(module, name, value)
            low, high = results
            print(
                f"{name:16} {value!s:>12} {100 * low[0]:14.1f} % {100 * high[0]:6.1f} % {low[1]:20.4f} {high[1]:8.4f}"
            )


if __name__ == "__main__":
    main()
