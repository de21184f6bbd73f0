"""Pixels: find the grid in a picture and cut it into cells. Knows nothing of people, files or prompts.

Cutting is free and repeatable for ever, because the grid's original bytes are kept.
"""

from avatar_core.cut.crops import crop
from avatar_core.cut.drawing import draw_lines
from avatar_core.cut.encoding import as_png, as_thumbnail
from avatar_core.cut.finding import find_grid
from avatar_core.cut.picture import MAX_PIXELS, open_picture

__all__ = ["MAX_PIXELS", "as_png", "as_thumbnail", "crop", "draw_lines", "find_grid", "open_picture"]
