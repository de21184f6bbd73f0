"""The cut drawn over the picture, for people to judge."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PIL import Image, ImageDraw, ImageFont

from avatar_core.types import Box

DARK, BRIGHT = (20, 20, 20), (61, 220, 151)
DOUBTFUL = (255, 176, 0)
"""Of a cell with findings; told from the others by lightness and by its mark as well."""

CHOSEN = (255, 64, 129)


def draw_lines(
    image: Image.Image, boxes: Sequence[Box], marked: Collection[int] = (), chosen: int | None = None
) -> Image.Image:
    """A copy of the picture with each cell's outline and number drawn in, bright inside dark to show on any ground.

    Args:
        image: the whole picture, (H, W) in a mode with colours.
        boxes: the cells, row by row; the first has number 1.
        marked: cells with something wrong: amber instead of green, and with an exclamation mark.
        chosen: a cell that is being moved: pink, and twice as thick.
    """
    shown = image.copy()
    pen = ImageDraw.Draw(shown)
    width = max(1, round(min(image.size) / 300))
    order = sorted(range(1, len(boxes) + 1), key=lambda cell: (cell == chosen, cell in marked))
    for cell in order:  # those that matter most are drawn last, over their neighbours
        left, top, right, bottom = boxes[cell - 1]
        colour = CHOSEN if cell == chosen else DOUBTFUL if cell in marked else BRIGHT
        thick = 2 * width if cell == chosen else width
        outline = (left, top, max(left, right - 1), max(top, bottom - 1))
        pen.rectangle(outline, outline=DARK, width=2 * thick)
        pen.rectangle(outline, outline=colour, width=thick)
        _number(pen, boxes[cell - 1], f"{cell} !" if cell in marked else str(cell), colour)
    return shown


def _number(pen: ImageDraw.ImageDraw, box: Box, text: str, colour: tuple[int, int, int]) -> None:
    """A tag in the cell's upper left corner, if there is room."""
    left, top, right, bottom = box
    side = min(right - left, bottom - top)
    letters = side // 11
    if letters < 7:
        return
    font = ImageFont.load_default(letters)
    wide, high = round(pen.textlength(text, font)) + letters, round(1.5 * letters)
    pen.rectangle((left, top, left + wide, top + high), fill=DARK)
    pen.text((left + wide / 2, top + high / 2), text, fill=colour, font=font, anchor="mm")
