"""The word DEMO on every cell, and the card for prompts that this model cannot draw."""

from __future__ import annotations

from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont

_WORD = "DEMO"
_CAPITALS = 1 / 13.5  #: height of the letters as a share of the cell: readable when it is shown at 128 px
_NARROW = 0.84  #: the letters' width, so that the label takes little of the picture
_CARD = (
    "This is the demo model. It draws",
    "only 3x3 grids of people, from lines",
    "such as: [1] Woman, 42 years old,",
    "pardo ethnicity, teacher.",
)

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


def stamp(cell: Image.Image) -> None:
    """Write DEMO into the lower right corner of a cell, clear of the face and of the cut."""
    pill = _pill(min(cell.size))
    margin = round(min(cell.size) * 0.025)
    cell.paste(pill, (cell.width - pill.width - margin, cell.height - pill.height - margin), pill)


@lru_cache(maxsize=16)
def _pill(side: int) -> Image.Image:
    """A dark rounded plate with narrow white letters, for a cell of that side in px."""
    capitals = side * _CAPITALS
    font = ImageFont.load_default(capitals / 0.70)
    left, top, right, bottom = (round(edge) for edge in font.getbbox(_WORD))
    letters = Image.new("L", (right - left + 4, bottom - top + 4), 0)
    stroke = capitals / 40
    ImageDraw.Draw(letters).text((2 - left, 2 - top), _WORD, font=font, fill=255, stroke_width=stroke)
    letters = letters.resize((round(letters.width * _NARROW), letters.height), Image.Resampling.LANCZOS)
    pad_x, pad_y = round(capitals * 0.36), round(capitals * 0.30)
    pill = Image.new("RGBA", (letters.width + 2 * pad_x, letters.height + 2 * pad_y), (0, 0, 0, 0))
    corners = pill.height * 0.32
    box = (0, 0, pill.width - 1, pill.height - 1)
    ImageDraw.Draw(pill).rounded_rectangle(box, radius=corners, fill=(16, 18, 22, 150))
    white = Image.new("RGBA", letters.size, (255, 255, 255, 0))
    white.putalpha(letters)
    pill.alpha_composite(white, (pad_x, pad_y))
    return pill


def draw_card(width: int, height: int) -> Image.Image:
    """A plain card that says what the demo model draws and what it does not."""
    card = Image.new("RGB", (width, height), "#eceef1")
    draw = ImageDraw.Draw(card)
    side = min(width, height)
    unit = side / 24
    x, y = (width - side) / 2 + 2 * unit, (height - side) / 2 + 3 * unit
    for row in range(3):
        for column in range(3):
            left, top = x + column * 2.4 * unit, y + row * 2.4 * unit
            draw.rounded_rectangle(
                (left, top, left + 2 * unit, top + 2 * unit), radius=unit * 0.3, fill="#c3c9d1"
            )
            draw.ellipse(
                (left + 0.6 * unit, top + 0.35 * unit, left + 1.4 * unit, top + 1.15 * unit), fill="#8a94a1"
            )
            draw.chord(
                (left + 0.3 * unit, top + 1.2 * unit, left + 1.7 * unit, top + 2.6 * unit),
                180,
                360,
                fill="#8a94a1",
            )
    draw.text((x + 8.4 * unit, y + 1.4 * unit), _WORD, font=_font(3.4 * unit), fill="#2b323b")
    for number, line in enumerate(_CARD):
        draw.text((x, y + (9 + number * 2) * unit), line, font=_font(1.25 * unit), fill="#2b323b")
    return card


def _font(size: float) -> Font:
    return ImageFont.load_default(max(4.0, size))
