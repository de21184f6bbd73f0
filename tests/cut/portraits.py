"""Portraits to compose grids from: drawn by the demo model, drawn plainly here, or cut from real grids at bench time."""

from __future__ import annotations

import functools
import io
import json
import random
from pathlib import Path

from PIL import Image, ImageDraw

from avatar_core.types import Box, PaintRequest, Size
from tests.drawings import KeptDrawings

Portraits = tuple[Image.Image, ...]

GENDERS = ("Man", "Woman", "Person")
ETHNICITIES = ("white", "black", "pardo", "asian", "indigenous")
TRADES = ("teacher", "nurse", "chef", "farmer", "mechanic", "lawyer", "singer", "student", "photographer")
GROUND = ((244, 244, 246), (255, 255, 255), (226, 232, 240), (40, 44, 52), (214, 226, 205))


def prompt_for(people: int, seed: int) -> str:
    """A prompt of nine lines as the templates write them; who is described follows from the seed."""
    rng = random.Random(seed)
    lines = [
        f"[{cell}] {rng.choice(GENDERS)}, {rng.randint(18, 80)} years old, {rng.choice(ETHNICITIES)} ethnicity, "
        f"{rng.choice(TRADES)}. No filter."
        if cell <= people
        else f"[{cell}] Empty cell, plain background, nobody."
        for cell in range(1, 10)
    ]
    return "One image, a 3x3 grid.\n\n" + "\n".join(lines)


def demo_grid(seed: int, size: int = 768, people: int = 9) -> Image.Image:
    """A grid of the demo model: nine cells that meet at exact thirds."""
    painting = KeptDrawings().paint(PaintRequest(prompt_for(people, seed), Size(size, size), seed=seed))
    return Image.open(io.BytesIO(painting.data)).convert("RGB")


@functools.lru_cache(maxsize=16)
def demo_portraits(seed: int, size: int = 768) -> Portraits:
    """The nine cells of one demo grid."""
    grid, side = demo_grid(seed, size), size // 3
    return tuple(
        grid.crop((x * side, y * side, (x + 1) * side, (y + 1) * side)) for y in range(3) for x in range(3)
    )


@functools.lru_cache(maxsize=16)
def plain_portraits(seed: int, side: int = 320) -> Portraits:
    """Nine simple busts on one plain ground, as an avatar maker would draw them: nothing marks their borders."""
    rng = random.Random(seed)
    ground = rng.choice(GROUND)
    return tuple(_bust(rng, ground, side) for _ in range(9))


def _bust(rng: random.Random, ground: tuple[int, int, int], side: int) -> Image.Image:
    big = 2 * side
    picture = Image.new("RGB", (big, big), ground)
    pen = ImageDraw.Draw(picture)
    skin = rng.choice([(141, 85, 36), (198, 134, 66), (224, 172, 105), (241, 194, 125), (90, 56, 37)])
    hair = rng.choice([(35, 25, 20), (90, 60, 30), (200, 170, 110), (150, 150, 155), (120, 40, 20)])
    cloth = tuple(rng.randint(20, 230) for _ in range(3))
    middle, neck, half = (
        big * rng.uniform(0.47, 0.53),
        big * rng.uniform(0.60, 0.66),
        big * rng.uniform(0.16, 0.19),
    )
    top = neck - 2.5 * half
    width = big * rng.uniform(0.26, 0.38)
    pen.ellipse((middle - width, neck + 0.1 * half, middle + width, big * 1.5), fill=cloth)
    long = rng.choice([1.0, 1.0, 1.6, 2.2])
    pen.ellipse(
        (middle - 1.2 * half, top - 0.3 * half, middle + 1.2 * half, top + 2 * half * long), fill=hair
    )
    pen.rectangle(
        (middle - 0.45 * half, neck - 0.6 * half, middle + 0.45 * half, neck + 0.4 * half), fill=skin
    )
    pen.ellipse((middle - half, top + 0.2 * half, middle + half, top + 2.6 * half), fill=skin)
    for eye in (-0.4, 0.4):
        x, y, r = middle + eye * half, top + 1.3 * half, 0.13 * half
        pen.ellipse((x - r, y - r, x + r, y + r), fill=(30, 30, 40))
    smile = (middle - 0.4 * half, top + 1.5 * half, middle + 0.4 * half, top + 2.1 * half)
    pen.arc(smile, 20, 160, fill=(120, 40, 40), width=max(2, side // 80))
    return picture.resize((side, side), Image.Resampling.LANCZOS)


def read_truth(folder: Path) -> list[tuple[Path, tuple[Box, ...]]]:
    """Every real grid that the folder's truth.json names, with its true cells row by row."""
    return [
        (
            folder / truth["file"],
            tuple((left, top, right, bottom) for top, bottom in truth["y"] for left, right in truth["x"]),
        )
        for truth in json.loads((folder / "truth.json").read_text())
        if (truth["rows"], truth["cols"]) == (3, 3)
    ]


def real_portraits(folder: Path) -> list[Portraits]:
    """The cells of each real grid, a little inside their true borders. The pictures stay where they are."""
    groups = []
    for path, boxes in read_truth(folder):
        grid = Image.open(path).convert("RGB")
        cells = []
        for left, top, right, bottom in boxes:
            inside = max(2, round(0.006 * max(right - left, bottom - top)))
            cells.append(grid.crop((left + inside, top + inside, right - inside, bottom - inside)))
        groups.append(tuple(cells))
    return groups
