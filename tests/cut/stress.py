"""Grids with known cells, composed under a seed: margins, gutters, captions, frames, corners, blur, noise and JPEG."""

from __future__ import annotations

import io
import random
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from avatar_core.types import Box

from .portraits import Portraits

Colour = tuple[int, int, int]
Interval = tuple[int, int]

GROUNDS: tuple[Colour, ...] = (
    (255, 255, 255),
    (255, 255, 255),
    (250, 248, 244),
    (0, 0, 0),
    (12, 12, 14),
    (128, 128, 128),
    (200, 200, 200),
    (235, 225, 205),
    (40, 60, 90),
)
SIZES = ((1024, 1024), (1024, 1024), (1024, 1024), (1536, 1536), (1024, 1536), (1200, 896))
WORDS = ("Happy", "No. 4", "Age 25", "Surprised", "1980s", "joy", "CU")


@dataclass(frozen=True)
class Style:
    """How the cells of one grid are laid out and what surrounds them; lengths in px of a 1024 px axis."""

    gutter: int = 0
    ground: Colour = (255, 255, 255)
    margin: int = 0
    lopsided: float = 1.0  #: the far margin as a multiple of the near one
    caption: int = 0  #: height of a strip with words below each row
    jitter: float = 0.0  #: standard deviation of the cells' sizes, as a share
    radius: int = 0
    frame: int = 0  #: width of a line drawn inside each cell
    frame_inset: int = 0
    frame_colour: Colour = (255, 255, 255)
    words: bool = False  #: drawn into the cells
    bent: int = 0  #: the middle row's seams are off by so many px
    dark: bool = False


@dataclass(frozen=True)
class Specimen:
    """A composed picture and where its cells truly lie."""

    image: Image.Image
    boxes: tuple[Box, ...]
    style: Style
    what: str = "good"
    #: Cells that the prompt asked to be filled.
    occupied: tuple[int, ...] = field(default=tuple(range(1, 10)))


def random_style(rng: random.Random) -> Style:
    """Draw a style. About two in five grids have no gutter, as real ones; frames, words and bends are rarer."""
    kind = rng.choices(("none", "thin", "gutter", "wide"), (40, 15, 38, 7))[0]
    gutter = {
        "none": 0,
        "thin": rng.choice([1, 2, 2, 3, 3, 4]),
        "gutter": rng.choice([5, 6, 8, 10, 12, 16, 20, 28, 40]),
        "wide": rng.randint(50, 160),
    }[kind]
    margin = 0
    if kind == "none":
        margin = rng.randint(8, 60) if rng.random() < 0.12 else 0
    elif rng.random() < 0.55:
        margin = gutter if rng.random() < 0.6 else rng.randint(4, 70)
    margin = min(margin, 100)
    framed = rng.random() < 0.06
    return Style(
        gutter=gutter,
        ground=rng.choice(GROUNDS),
        margin=margin,
        lopsided=rng.uniform(0.4, 1.6) if rng.random() < 0.2 else 1.0,
        caption=rng.randint(24, 44) if kind == "gutter" and rng.random() < 0.12 else 0,
        jitter=rng.choice([0, 0, 0.012, 0.03, 0.06]) if gutter <= 40 else rng.choice([0, 0, 0.012]),
        radius=rng.choice([0, 0, 0, 8, 16, 30]) if gutter >= 5 else 0,
        frame=rng.randint(1, 5) if framed else 0,
        frame_inset=rng.randint(6, 24) if framed else 0,
        frame_colour=rng.choice(GROUNDS),
        words=rng.random() < 0.2,
        bent=rng.choice([-3, -2, 2, 3, 4]) if kind == "none" and margin == 0 and rng.random() < 0.2 else 0,
        dark=rng.random() < 0.08,
    )


def intervals(rng: random.Random, length: int, cells: int, style: Style, caption: int = 0) -> list[Interval]:
    """Where the cells of one axis lie, in px."""
    scale = length / 1024
    if not (style.gutter or style.margin or style.jitter or caption):
        return [(round(length * i / cells), round(length * (i + 1) / cells)) for i in range(cells)]
    gutter = 0 if style.gutter == 0 else max(1, round(style.gutter * scale))
    extra = round(caption * scale)
    near, far = round(style.margin * scale), round(style.margin * scale * style.lopsided)
    free = length - near - far - (cells - 1) * (gutter + extra) - extra
    shares = [max(0.5, 1 + rng.gauss(0, style.jitter)) for _ in range(cells)]
    place, found = float(near), []
    for share in shares:
        size = share / sum(shares) * free
        found.append((round(place), round(place + size)))
        place += size + gutter + extra
    return found


def fitted(portrait: Image.Image, width: int, height: int, rng: random.Random) -> Image.Image:
    """The portrait scaled to cover width x height and cropped, nearer to its top."""
    scale = max(width / portrait.width, height / portrait.height)
    size = max(width, round(portrait.width * scale)), max(height, round(portrait.height * scale))
    portrait = portrait.resize(size, Image.Resampling.BICUBIC)
    left, top = (size[0] - width) // 2, int((size[1] - height) * rng.choice([0, 0.2, 0.5]))
    return portrait.crop((left, top, left + width, top + height))


def compose(
    portraits: Sequence[Image.Image],
    style: Style,
    rng: random.Random,
    size: tuple[int, int] = (1024, 1024),
    rows: int = 3,
    columns: int = 3,
) -> Specimen:
    """Lay portraits out as a grid, row by row."""
    width, height = size
    image = Image.new("RGB", size, style.ground)
    across = intervals(rng, width, columns, style)
    down = intervals(rng, height, rows, style, style.caption)
    boxes = []
    for row, (top, bottom) in enumerate(down):
        bend = style.bent if row == rows // 2 else 0
        for column, (left, right) in enumerate(across):
            left_, right_ = left + (bend if column else 0), right + (bend if column < columns - 1 else 0)
            box = (left_, top, right_, bottom)
            cell = fitted(portraits[row * columns + column], right_ - left_, bottom - top, rng)
            _paste(image, _decorated(cell, style, rng), box, style)
            boxes.append(box)
    if style.caption:
        _write_captions(image, boxes, style, rng)
    return Specimen(image, tuple(boxes), style)


def _decorated(cell: Image.Image, style: Style, rng: random.Random) -> Image.Image:
    if style.dark:
        cell = cell.point(lambda level: int(level * 0.28))
    pen = ImageDraw.Draw(cell)
    if style.frame:
        inset, (width, height) = style.frame_inset, cell.size
        frame = (inset, inset, width - 1 - inset, height - 1 - inset)
        pen.rectangle(frame, outline=style.frame_colour, width=style.frame)
    if style.words:
        font = ImageFont.load_default(max(12, cell.height // 13))
        place = (10, int(cell.height * 0.88))
        pen.text(place, rng.choice(WORDS), fill="white", font=font, stroke_width=2, stroke_fill="black")
    return cell


def _paste(image: Image.Image, cell: Image.Image, box: Box, style: Style) -> None:
    if not style.radius:
        image.paste(cell, box[:2])
        return
    mask = Image.new("L", cell.size, 0)
    corner = (0, 0, cell.width - 1, cell.height - 1)
    ImageDraw.Draw(mask).rounded_rectangle(corner, style.radius, fill=255)
    image.paste(cell, box[:2], mask)


def _write_captions(image: Image.Image, boxes: Sequence[Box], style: Style, rng: random.Random) -> None:
    pen = ImageDraw.Draw(image)
    font = ImageFont.load_default(round(style.caption * 0.5 * image.height / 1024))
    ink = (0, 0, 0) if sum(style.ground) > 380 else (255, 255, 255)
    for left, _, right, bottom in boxes:
        pen.text(((left + right) // 2 - 40, bottom + 2), rng.choice(WORDS), fill=ink, font=font)


def worn(image: Image.Image, rng: random.Random) -> Image.Image:
    """The picture after what decoders and web sites do: resampling, blur, noise, JPEG. Nothing moves."""
    size = image.size
    if rng.random() < 0.4:
        factor = rng.uniform(0.72, 1.25)
        other = round(size[0] * factor), round(size[1] * factor)
        image = image.resize(other, Image.Resampling.BICUBIC).resize(size, Image.Resampling.BICUBIC)
    if rng.random() < 0.25:
        image = image.filter(ImageFilter.GaussianBlur(rng.uniform(0.3, 0.9)))
    if rng.random() < 0.4:
        noise = np.random.default_rng(rng.randrange(2**32)).normal(0, rng.uniform(0.5, 3), (*size[::-1], 3))
        image = Image.fromarray(np.clip(np.asarray(image) + noise, 0, 255).astype(np.uint8))
    if rng.random() < 0.5:
        file = io.BytesIO()
        image.save(file, "JPEG", quality=rng.randint(70, 95))
        image = Image.open(file).convert("RGB")
    return image


def choose(groups: Sequence[Portraits], count: int, rng: random.Random) -> list[Image.Image]:
    """Portraits for one grid, no one twice: most of one group, whose grounds are alike, sometimes of several."""
    first = rng.randrange(len(groups))
    pool = list(groups[first])
    rng.shuffle(pool)
    others = [portrait for index, group in enumerate(groups) if index != first for portrait in group]
    rng.shuffle(others)
    if rng.random() < 0.25:
        pool = pool[: len(pool) // 2]
    return (pool + others)[:count]


def stress_grid(groups: Sequence[Portraits], seed: int, size: tuple[int, int] | None = None) -> Specimen:
    """A good 3x3 grid in a random style."""
    rng = random.Random(seed)
    style = random_style(rng)
    chosen = choose(groups, 9, rng)
    made = compose(chosen, style, rng, size or rng.choice(SIZES))
    return Specimen(worn(made.image, rng), made.boxes, style)
