"""The cut drawn over the picture, for people to judge."""

from __future__ import annotations

from collections.abc import Sequence

from PIL import Image, ImageDraw

from avatar_core.types import Box


def draw_lines(image: Image.Image, boxes: Sequence[Box]) -> Image.Image:
    """A copy of the picture with every cell's outline drawn in, bright inside dark so that it shows on any ground."""
    shown = image.copy()
    pen = ImageDraw.Draw(shown)
    width = max(1, round(min(image.size) / 400))
    for left, top, right, bottom in boxes:
        outline = (left, top, right - 1, bottom - 1)
        pen.rectangle(outline, outline=(20, 20, 20), width=2 * width)
        pen.rectangle(outline, outline=(61, 220, 151), width=width)
    return shown
