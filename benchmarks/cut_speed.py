"""The cut: how fast, from the bytes of a grid to nine files; beside what Pillow does if it is not asked otherwise."""

from __future__ import annotations

import importlib.util
import io
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from PIL import Image

from avatar_core.cut import as_png, as_webp, crop_and_encode, find_grid, open_picture
from avatar_core.cut.finding import locate
from benchmarks.cut import FIRST_SEED, portrait_groups, thirds
from tests.cut.stress import stress_grid

NINE = range(1, 10)


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


def main() -> None:
    groups = portrait_groups()
    cells = groups.get("real", groups["demo"])
    print(f"{'Milliseconds':44} {'1024':>8} {'1536':>8} {'kB, 1024':>9}")
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
    if importlib.util.find_spec("image_slicer"):
        print(row("  image-slicer", [milliseconds(lambda f=f: image_slicer(f), 3) for f in files]))
    else:
        print("  image-slicer: not installed")
    if magick := imagemagick_program():
        print(
            row(
                "  ImageMagick -crop 3x3@",
                [milliseconds(lambda f=f: imagemagick(magick, f), 3) for f in files],
            )
        )


def image_slicer(data: bytes) -> None:
    """PyPI's image-slicer from file to files; it is measured where it is installed."""
    from image_slicer import slice_image

    with tempfile.TemporaryDirectory() as folder:
        grid = Path(folder, "grid.png")
        grid.write_bytes(data)
        slice_image(str(grid), str(Path(folder, "cells")), rows=3, cols=3)


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


if __name__ == "__main__":
    main()
