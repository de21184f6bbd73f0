"""The cut: how fast, how exact, and how often wrongly sure; beside equal thirds, which is what one would do otherwise.

Seeds here are used nowhere else, neither in tests nor while the cut was written. Real pictures are measured where they
lie, if they are there: in $AVATAR_BENCH_GRIDS or in ../shared/grids beside this repository.
"""

from __future__ import annotations

import io
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from PIL import Image

from avatar_core.cut import as_png, as_webp, crop_and_encode, find_grid, open_picture
from avatar_core.cut.finding import locate
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
NINE = range(1, 10)


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
        f"{name:30} {len(worst):4} {statistics.mean(mean):8.4f} {share(value > 0.95 for value in worst):>8} "
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
        f"{'Accuracy':30} {'n':>4} {'mean IoU':>8} {'all>.95':>8} {'all>.97':>8} {'<.80':>6} {'out<1.5':>8} "
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
    print(f"\n{'Not the grid that was asked for':34} {'n':>5} {'held back':>10} {'accepted':>9}")
    total, accepted = 0, 0
    for fault in FAULTS:
        cuts = [judged(faulty_grid(cells, seed, fault)) for cells in groups.values() for seed in seeds]
        wrong = sum(cut.verdict is Verdict.ACCEPTED for cut in cuts)
        total, accepted = total + len(cuts), accepted + wrong
        print(f"{fault:34} {len(cuts):5} {len(cuts) - wrong:10} {wrong:9}")
    print(
        f"{'all':34} {total:5} {total - accepted:10} {accepted:9}   {100 * accepted / total:.1f} % wrongly accepted"
    )
    print(f"\n{'Good grids':34} {'n':>5} {'accepted':>10} {'unverified':>11} {'quarantined':>12}")
    good: dict[str, list[Cut]] = {
        "demo model": [find_grid(demo_grid(seed)) for seed in seeds],
        "short blocks": [judged(short_grid(cells, seed)) for cells in groups.values() for seed in seeds],
        "stress": [judged(stress_grid(cells, seed)) for cells in groups.values() for seed in seeds],
    }
    if folder := real_folder():
        good["real grids"] = [find_grid(specimen.image) for specimen in real_specimens(folder)]
    for name, cuts in good.items():
        counts = [sum(cut.verdict is verdict for cut in cuts) for verdict in SHOWN]
        print(f"{name:34} {len(cuts):5} {counts[0]:10} {counts[1]:11} {counts[2]:12}")


SHOWN = (Verdict.ACCEPTED, Verdict.UNVERIFIED, Verdict.QUARANTINED)


def judged(specimen: Specimen) -> Cut:
    return find_grid(specimen.image, occupied=specimen.occupied)


# Speed


def milliseconds(action: Callable[[], object], rounds: int = 9) -> float:
    """The median by the clock."""
    action()
    taken = []
    for _ in range(rounds):
        begun = time.perf_counter()
        action()
        taken.append(time.perf_counter() - begun)
    return 1000 * statistics.median(taken)


def pillow_thirds(data: bytes) -> list[bytes]:
    """Nine PNG files as one would write it at first."""
    files = []
    image = Image.open(io.BytesIO(data)).convert("RGB")
    for box in thirds(image):
        buffer = io.BytesIO()
        image.crop(box).save(buffer, "PNG")
        files.append(buffer.getvalue())
    return files


def whole_step(
    data: bytes, encode: Callable[[Image.Image], bytes], workers: int | None = None
) -> list[bytes]:
    image = open_picture(data)
    return crop_and_encode(image, find_grid(image).boxes, encode, workers)


def speed(groups: dict[str, list[Portraits]]) -> None:
    cells = groups.get("real", groups["demo"])
    print(f"\n{'Milliseconds':44} {'1024':>8} {'1536':>8} {'kB, 1024':>9}")
    pictures = [stress_grid(cells, FIRST_SEED + 4, (side, side)).image for side in (1024, 1536)]
    files = [as_png(picture) for picture in pictures]
    print(
        row(
            "detection: where the cells lie",
            [milliseconds(lambda p=p: locate(p, 3, 3, NINE)) for p in pictures],
        )
    )
    print(row("detection and checks", [milliseconds(lambda p=p: find_grid(p)) for p in pictures]))
    print(row("decoding", [milliseconds(lambda f=f: open_picture(f)) for f in files]))
    steps: dict[str, Callable[[bytes], list[bytes]]] = {
        "bytes to nine files: Pillow, thirds, PNG": pillow_thirds,
        "  ours, PNG, one thread": lambda data: whole_step(data, as_png, 1),
        "  ours, PNG": lambda data: whole_step(data, as_png),
        "  ours, lossless WebP, one thread": lambda data: whole_step(data, as_webp, 1),
        "  ours, lossless WebP": lambda data: whole_step(data, as_webp),
    }
    for name, step in steps.items():
        size = sum(map(len, step(files[0]))) // 1000
        print(row(name, [milliseconds(lambda s=step, f=f: s(f), 5) for f in files], size))
    if magick := imagemagick_program():
        print(
            row(
                "  ImageMagick -crop 3x3@",
                [milliseconds(lambda f=f: imagemagick(magick, f), 3) for f in files],
            )
        )


def imagemagick_program() -> str | None:
    program = shutil.which("magick") or shutil.which("convert")
    if program is None:
        return None
    said = subprocess.run([program, "-version"], capture_output=True, text=True, check=False).stdout
    return program if "ImageMagick" in said else None


def imagemagick(program: str, data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        command = [program, "png:-", "-crop", "3x3@", "+repage", f"{folder}/cell-%d.png"]
        subprocess.run(command, input=data, check=True)


def row(name: str, values: Sequence[float], size: int | None = None) -> str:
    return f"{name:44} " + " ".join(f"{value:8.1f}" for value in values) + (f" {size:9}" if size else "")


def main() -> None:
    random.seed(0)
    groups = portrait_groups()
    accuracy(groups)
    errors(groups)
    speed(groups)


if __name__ == "__main__":
    main()
