"""Pictures that are not the grid that was asked for, made under a seed: the ways in which image models fail."""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageFont, ImageOps

from .portraits import GROUND, Portraits
from .stress import SIZES, Specimen, Style, choose, compose, fitted, random_style, worn

COUNTS = ((2, 2), (2, 3), (3, 2), (3, 4), (4, 3), (4, 4), (2, 4), (1, 3), (3, 1), (1, 2), (5, 5), (4, 2))


def _style(rng: random.Random) -> Style:
    style = random_style(rng)
    return replace(style, gutter=min(style.gutter, 40), bent=0, caption=0)


def _size(rng: random.Random) -> tuple[int, int]:
    return rng.choice(SIZES)


def wrong_count(groups: Sequence[Portraits], rng: random.Random) -> Specimen:
    """Another number of rows or columns."""
    rows, columns = rng.choice(COUNTS)
    cells = choose(groups, rows * columns, rng)
    return replace(
        compose(cells, _style(rng), rng, _size(rng), rows, columns),
        what=f"{rows} x {columns} instead of 3 x 3",
    )


def ragged(groups: Sequence[Portraits], rng: random.Random) -> Specimen:
    """Eight or ten people: the middle row has two or four cells."""
    size, style = _size(rng), _style(rng)
    cells = choose(groups, 10, rng)
    made = compose(cells[:9], style, rng, size)
    row = rng.randrange(3)
    many = rng.choice([2, 4])
    band = made.boxes[3 * row : 3 * row + 3]
    top, bottom, left, right = band[0][1], band[0][3], band[0][0], band[2][2]
    made.image.paste(style.ground, (left, top, right, bottom))
    gutter = round(style.gutter * size[0] / 1024)
    width = (right - left - gutter * (many - 1)) / many
    for index in range(many):
        start = round(left + index * (width + gutter))
        end = round(left + index * (width + gutter) + width)
        made.image.paste(fitted(cells[index], end - start, bottom - top, rng), (start, top))
    return replace(made, what=f"row {row + 1} holds {many}")


def single(groups: Sequence[Portraits], rng: random.Random) -> Specimen:
    """One portrait that fills the picture."""
    width, height = _size(rng)
    portrait = fitted(choose(groups, 1, rng)[0], width, height, rng)
    return Specimen(portrait, (), Style(), "one portrait")


def merged(groups: Sequence[Portraits], rng: random.Random) -> Specimen:
    """One portrait spread over two neighbouring cells, or over four."""
    made = compose(choose(groups, 9, rng), _style(rng), rng, _size(rng))
    spread = choose(groups, 10, rng)[9]
    height, width = rng.choice([(1, 2), (2, 1), (1, 2), (2, 1), (2, 2), (1, 3)])
    row, column = rng.randrange(4 - height), rng.randrange(4 - width)
    first = made.boxes[3 * row + column]
    last = made.boxes[3 * (row + height - 1) + column + width - 1]
    made.image.paste(fitted(spread, last[2] - first[0], last[3] - first[1], rng), first[:2])
    return replace(made, what=f"{height} x {width} cells are one")


def empty(groups: Sequence[Portraits], rng: random.Random) -> Specimen:
    """One to three cells show a plain background where a person was asked for."""
    cells = choose(groups, 9, rng)
    missing = rng.sample(range(9), rng.choice([1, 1, 2, 3]))
    for index in missing:
        cells[index] = backdrop(rng, cells[index].size)
    made = compose(cells, replace(_style(rng), words=False, frame=0), rng, _size(rng))
    return replace(made, what=f"nobody in {sorted(index + 1 for index in missing)}")


def intruder(groups: Sequence[Portraits], rng: random.Random) -> Specimen:
    """A person where the prompt asked for an empty cell."""
    people = rng.randint(4, 8)
    cells = choose(groups, 9, rng)
    uninvited = rng.randint(people + 1, 9)
    ground = rng.choice(GROUND)
    for index in range(people, 9):
        if index + 1 != uninvited:
            cells[index] = Image.new("RGB", cells[0].size, ground)
    made = compose(cells, replace(_style(rng), words=False), rng, _size(rng))
    return replace(made, what=f"somebody in {uninvited}", occupied=tuple(range(1, people + 1)))


def twins(groups: Sequence[Portraits], rng: random.Random) -> Specimen:
    """The same portrait twice: as it is, mirrored, brighter, softer, a little larger or compressed once more."""
    size, style = _size(rng), replace(_style(rng), words=False)
    shape = 400, round(400 * size[1] / size[0])
    cells = [fitted(cell, *shape, rng) for cell in choose(groups, 9, rng)]
    first, second = rng.sample(range(9), 2)
    name, change = rng.choice(list(CHANGES.items()))
    cells[second] = change(cells[first])
    made = compose(cells, style, rng, size)
    return replace(made, what=f"{first + 1} and {second + 1} are twins ({name})")


def written(groups: Sequence[Portraits], rng: random.Random) -> Specimen:
    """A number in each cell, or words below each face."""
    made = compose(choose(groups, 9, rng), replace(_style(rng), words=False, dark=False), rng, _size(rng))
    pen = ImageDraw.Draw(made.image)
    numbers, ink, share = rng.random() < 0.5, rng.choice(["white", "black", "gold"]), rng.uniform(0.07, 0.1)
    for cell, (left, top, right, bottom) in enumerate(made.boxes, start=1):
        height = (bottom - top) * share
        words, where = (str(cell), 0.05) if numbers else (f"Age {7 * cell}", 0.86)
        pen.text(
            (left + (0.05 if numbers else 0.25) * (right - left), top + where * (bottom - top)),
            words,
            fill=ink,
            font=ImageFont.load_default(height),
            stroke_width=round(height / 12),
            stroke_fill="black" if ink != "black" else "white",
        )
    return replace(made, what="numbers" if numbers else "captions")


def no_grid(groups: Sequence[Portraits], rng: random.Random) -> Specimen:
    """Portraits strewn over the picture."""
    size = _size(rng)
    image = Image.new("RGB", size, rng.choice(GROUND))
    for portrait in choose(groups, 12, rng):
        side = round(min(size) * rng.uniform(0.25, 0.5))
        image.paste(
            fitted(portrait, side, side, rng),
            (rng.randrange(size[0]) - side // 2, rng.randrange(size[1]) - side // 2),
        )
    return Specimen(image, (), Style(), "strewn")


def backdrop(rng: random.Random, size: tuple[int, int]) -> Image.Image:
    """A background with nobody before it: flat, a gradient, or a vignette."""
    kind = rng.choice(["flat", "gradient", "vignette"])
    flat = Image.new("RGB", size, rng.choice(GROUND))
    if kind == "flat":
        return flat
    other = Image.new("RGB", size, tuple(rng.randint(0, 255) for _ in range(3)))
    ramp = Image.linear_gradient("L") if kind == "gradient" else Image.radial_gradient("L")
    return Image.composite(flat, other, ramp.resize(size).point(lambda level: 128 + level // 2))


def _copied(portrait: Image.Image) -> Image.Image:
    return portrait.copy()


def _brighter(portrait: Image.Image) -> Image.Image:
    return ImageEnhance.Brightness(portrait).enhance(1.12)


def _softer(portrait: Image.Image) -> Image.Image:
    return portrait.filter(ImageFilter.GaussianBlur(1.0))


def _larger(portrait: Image.Image) -> Image.Image:
    x, y = round(portrait.width * 0.03), round(portrait.height * 0.03)
    return portrait.crop((x, y, portrait.width - x, portrait.height - y))


def _recompressed(portrait: Image.Image) -> Image.Image:
    file = io.BytesIO()
    portrait.save(file, "JPEG", quality=60)
    return Image.open(file).convert("RGB")


CHANGES: dict[str, Callable[[Image.Image], Image.Image]] = {
    "copied": _copied,
    "mirrored": ImageOps.mirror,
    "brighter": _brighter,
    "softer": _softer,
    "larger": _larger,
    "recompressed": _recompressed,
}

FAULTS: dict[str, Callable[[Sequence[Portraits], random.Random], Specimen]] = {
    "wrong count": wrong_count,
    "ragged row": ragged,
    "single picture": single,
    "merged cells": merged,
    "empty cell": empty,
    "intruder": intruder,
    "twins": twins,
    "writing": written,
    "no grid": no_grid,
}


def faulty_grid(groups: Sequence[Portraits], seed: int, fault: str) -> Specimen:
    """A picture with one fault, worn as good ones are."""
    rng = random.Random(f"{fault} {seed}")
    made = FAULTS[fault](groups, rng)
    return replace(made, image=worn(made.image, rng))


def short_grid(groups: Sequence[Portraits], seed: int) -> Specimen:
    """A good grid of four to eight people whose other cells are plain, as asked."""
    rng = random.Random(f"short {seed}")
    people = rng.randint(4, 8)
    cells = choose(groups, 9, rng)
    ground = rng.choice(GROUND)
    cells[people:] = [Image.new("RGB", cells[0].size, ground)] * (9 - people)
    made = compose(cells, replace(_style(rng), words=False), rng, _size(rng))
    return replace(made, image=worn(made.image, rng), occupied=tuple(range(1, people + 1)))


def seeded_noise(seed: int, size: tuple[int, int]) -> Image.Image:
    """A picture of noise."""
    return Image.fromarray(np.random.default_rng(seed).integers(0, 256, (*size[::-1], 3), dtype=np.uint8))
