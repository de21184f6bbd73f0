"""The cut: how exact, and how often wrongly sure; beside equal thirds, which is what one would do otherwise.

Seeds here are used nowhere else, neither in tests nor while the cut was written. Real pictures are measured where they
lie, if they are there: in $AVATAR_BENCH_GRIDS or in ../shared/grids beside this repository.
"""

from __future__ import annotations

import os
import statistics
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from PIL import Image

from avatar_core.cut import find_grid
from avatar_core.grid import exact_boxes
from avatar_core.types import Box, Cut, Size, Verdict

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.cut.faults import FAULTS, faulty_grid, short_grid  # noqa: E402
from tests.cut.portraits import Portraits, demo_grid, demo_portraits, read_truth, real_portraits  # noqa: E402
from tests.cut.stress import Specimen, Style, stress_grid  # noqa: E402

FIRST_SEED = 700_000
STRESS = int(os.environ.get("AVATAR_BENCH_STRESS", "60"))
FAULTY = int(os.environ.get("AVATAR_BENCH_FAULTY", "12"))


def real_folder() -> Path | None:
    """Where real grids lie, if they do."""
    folder = Path(os.environ.get("AVATAR_BENCH_GRIDS", ROOT.parent / "shared" / "grids"))
    return folder if (folder / "truth.json").is_file() else None


def portrait_groups() -> dict[str, list[Portraits]]:
    groups = {"demo": [demo_portraits(FIRST_SEED + n) for n in range(6)]}
    folder = real_folder()
    return {**groups, "real": real_portraits(folder)} if folder else groups


# Accuracy


def overlap(found: Box, true: Box) -> float:
    """Intersection over union."""
    width, height = (
        min(found[2], true[2]) - max(found[0], true[0]),
        min(found[3], true[3]) - max(found[1], true[1]),
    )
    both = max(0, width) * max(0, height)
    areas = sum((box[2] - box[0]) * (box[3] - box[1]) for box in (found, true))
    return both / (areas - both)


def sticking_out(found: Box, true: Box, size: tuple[int, int]) -> float:
    """The farthest that a crop reaches beyond its cell, in px at 1024."""
    return max(
        (true[0] - found[0]) / size[0],
        (found[2] - true[2]) / size[0],
        (true[1] - found[1]) / size[1],
        (found[3] - true[3]) / size[1],
    ) * 1024  # fmt: skip


def bleeding(found: Sequence[Box], true: Sequence[Box]) -> float:
    """The share of all crops that lies outside their cells."""
    area = outside = 0
    for crop, cell in zip(found, true, strict=True):
        width, height = (
            min(crop[2], cell[2]) - max(crop[0], cell[0]),
            min(crop[3], cell[3]) - max(crop[1], cell[1]),
        )
        own = (crop[2] - crop[0]) * (crop[3] - crop[1])
        area, outside = area + own, outside + own - max(0, width) * max(0, height)
    return outside / area


def thirds(image: Image.Image) -> Sequence[Box]:
    return exact_boxes(Size(*image.size))


def found(image: Image.Image) -> Sequence[Box]:
    return find_grid(image).boxes


METHODS: dict[str, Callable[[Image.Image], Sequence[Box]]] = {"equal thirds": thirds, "find_grid": found}


def accuracy_row(
    name: str, specimens: Sequence[Specimen], method: Callable[[Image.Image], Sequence[Box]]
) -> str:
    worst, mean, out, bleed, loss = [], [], [], [], []
    for specimen in specimens:
        boxes = method(specimen.image)
        shares = [overlap(box, true) for box, true in zip(boxes, specimen.boxes, strict=True)]
        even = [overlap(box, true) for box, true in zip(thirds(specimen.image), specimen.boxes, strict=True)]
        worst.append(min(shares))
        mean.append(statistics.mean(shares))
        loss.append(statistics.mean(even) - statistics.mean(shares))
        out.append(
            max(
                sticking_out(box, true, specimen.image.size)
                for box, true in zip(boxes, specimen.boxes, strict=True)
            )
        )
        bleed.append(bleeding(boxes, specimen.boxes))
    return (
        f"{name:36} {len(worst):4} {statistics.mean(mean):8.4f} {share(value > 0.95 for value in worst):>8} "
        f"{share(value > 0.97 for value in worst):>8} {sum(value < 0.8 for value in worst):6} "
        f"{share(value <= 1.5 for value in out):>8} {100 * statistics.mean(bleed):7.3f} {100 * max(loss):8.2f}"
    )


def share(values: object) -> str:
    listed = list(values)  # type: ignore[call-overload]
    return f"{100 * sum(listed) / len(listed):.1f} %" if listed else "-"


def real_specimens(folder: Path) -> list[Specimen]:
    return [
        Specimen(Image.open(path).convert("RGB"), boxes, Style(), "real")
        for path, boxes in read_truth(folder)
    ]


def accuracy(groups: dict[str, list[Portraits]]) -> None:
    print(
        f"{'Accuracy':36} {'n':>4} {'mean IoU':>8} {'all>.95':>8} {'all>.97':>8} {'<.80':>6} {'out<1.5':>8} "
        f"{'bleed %':>7} {'worse %':>8}"
    )
    sets = {
        f"stress of {name} cells": [
            specimen
            for seed in range(FIRST_SEED, FIRST_SEED + STRESS)
            if not (specimen := stress_grid(cells, seed)).style.frame
        ]
        for name, cells in groups.items()
    }
    if folder := real_folder():
        sets["real grids"] = real_specimens(folder)
    for name, specimens in sets.items():
        for method, boxes in METHODS.items():
            print(accuracy_row(f"{name}, {method}", specimens, boxes))
    print(
        "out<1.5: no crop sticks out by more than 1.5 px at 1024. worse: mean IoU lost against thirds, worst picture."
    )


# Errors


def errors(groups: dict[str, list[Portraits]]) -> None:
    seeds = range(FIRST_SEED, FIRST_SEED + FAULTY)
    told: list[tuple[float, bool]] = []  # confidence, and whether every cell was found
    print(f"\n{'Not the grid that was asked for':34} {'n':>5} {'held back':>10} {'accepted':>9}")
    total, accepted = 0, 0
    for fault in FAULTS:
        specimens = [faulty_grid(cells, seed, fault) for cells in groups.values() for seed in seeds]
        cuts = [judged(specimen) for specimen in specimens]
        told += [
            (cut.confidence, fault not in ANOTHER_GRID and right(cut, specimen))
            for cut, specimen in zip(cuts, specimens, strict=True)
        ]
        wrong = sum(cut.verdict is Verdict.ACCEPTED for cut in cuts)
        total, accepted = total + len(cuts), accepted + wrong
        print(f"{fault:34} {len(cuts):5} {len(cuts) - wrong:10} {wrong:9}")
    print(
        f"{'all':34} {total:5} {total - accepted:10} {accepted:9}   {100 * accepted / total:.1f} % wrongly accepted"
    )
    print(f"\n{'Good grids':34} {'n':>5} {'accepted':>10} {'unverified':>11} {'quarantined':>12}")
    for name, specimens in good_specimens(groups, seeds).items():
        cuts = [judged(specimen) for specimen in specimens]
        told += [
            (cut.confidence, right(cut, specimen)) for cut, specimen in zip(cuts, specimens, strict=True)
        ]
        counts = [sum(cut.verdict is verdict for cut in cuts) for verdict in SHOWN]
        print(f"{name:34} {len(cuts):5} {counts[0]:10} {counts[1]:11} {counts[2]:12}")
    print(f"\n{'Confidence':34} {'n':>5} {'mean':>10} {'cut right':>11}")
    for low, high in ((0, 0.101), (0.101, 0.501), (0.501, 0.9), (0.9, 0.96), (0.96, 1)):
        within = [(said, true) for said, true in told if low <= said < high]
        if within:
            mean = statistics.mean(said for said, _ in within)
            print(
                f"{f'{low:.2f} to {high:.2f}':34} {len(within):5} {mean:10.3f} {share(true for _, true in within):>11}"
            )


def good_specimens(groups: dict[str, list[Portraits]], seeds: range) -> dict[str, list[Specimen]]:
    """Good grids of every kind."""
    demo = [demo_grid(seed) for seed in seeds]
    good = {
        "demo model": [Specimen(image, exact_boxes(Size(*image.size)), Style()) for image in demo],
        "short blocks": [short_grid(cells, seed) for cells in groups.values() for seed in seeds],
        "stress": [stress_grid(cells, seed) for cells in groups.values() for seed in seeds],
    }
    folder = real_folder()
    return {**good, "real grids": real_specimens(folder)} if folder else good


def right(cut: Cut, specimen: Specimen) -> bool:
    """Whether every cell was found."""
    return all(overlap(found, true) > 0.95 for found, true in zip(cut.boxes, specimen.boxes, strict=True))


ANOTHER_GRID = ("wrong count", "ragged row", "single picture", "merged cells", "no grid")
"""Faults of which no nine cells could be cut right."""

SHOWN = (Verdict.ACCEPTED, Verdict.UNVERIFIED, Verdict.QUARANTINED)


def judged(specimen: Specimen) -> Cut:
    return find_grid(specimen.image, occupied=specimen.occupied)


def main() -> None:
    groups = portrait_groups()
    accuracy(groups)
    errors(groups)


if __name__ == "__main__":
    main()
