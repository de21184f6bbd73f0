"""Pixels: find the grid in a picture and cut it into cells. Knows nothing of people, files or prompts.

Cutting is free and repeatable for ever, because the grid's original bytes are kept. docs/cut.md tells how the grid is
found.
"""

from avatar_core.cut.crops import crop, finished, rounded, sized, square, squared
from avatar_core.cut.drawing import draw_lines
from avatar_core.cut.encoding import (
    ENCODERS,
    Encoder,
    as_jpeg,
    as_png,
    as_thumbnail,
    as_webp,
    crop_and_encode,
    encode,
)
from avatar_core.cut.finding import find_grid
from avatar_core.cut.lines import LEAST, Axis, Lines, check_boxes, editable
from avatar_core.cut.picture import MAX_PIXELS, open_picture

__all__ = [
    "ENCODERS",
    "LEAST",
    "MAX_PIXELS",
    "Axis",
    "Encoder",
    "Lines",
    "as_jpeg",
    "as_png",
    "as_thumbnail",
    "as_webp",
    "check_boxes",
    "crop",
    "crop_and_encode",
    "draw_lines",
    "editable",
    "encode",
    "find_grid",
    "finished",
    "open_picture",
    "rounded",
    "sized",
    "square",
    "squared",
]
