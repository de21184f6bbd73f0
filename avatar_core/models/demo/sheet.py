"""The sheet: nine cells on one picture, each filling its exact box."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image

from avatar_core.grid import exact_boxes
from avatar_core.models.demo.label import draw_card, stamp
from avatar_core.models.demo.person import paint_person
from avatar_core.models.demo.reading import Reading, Sitter
from avatar_core.types import Box, Size

PLAIN = "#e4e6e9"  #: the background of a cell in which nobody sits


@dataclass(frozen=True, slots=True)
class Sheet:
    """A drawn picture and where its cells truly lie; a picture that is no grid has no boxes."""

    picture: Image.Image
    boxes: tuple[Box, ...]


def draw_sheet(reading: Reading, size: Size, seed: int) -> Sheet:
    """Draw everybody of a prompt, or a card if it describes no grid of people."""
    if not reading.is_grid:
        return Sheet(draw_card(size.width, size.height), ())
    picture = Image.new("RGB", (size.width, size.height), PLAIN)
    boxes = exact_boxes(size)
    for sitter, (left, top, right, bottom) in zip(reading.seats, boxes, strict=True):
        picture.paste(_draw_cell(sitter, seed, right - left, bottom - top), (left, top))
    return Sheet(picture, boxes)


def _draw_cell(sitter: Sitter | None, seed: int, width: int, height: int) -> Image.Image:
    if sitter is None:
        cell = Image.new("RGB", (width, height), PLAIN)
    else:
        planes = paint_person(sitter, seed, width, height)
        cell = Image.fromarray(np.ascontiguousarray((planes * 255 + 0.5).astype(np.uint8).transpose(1, 2, 0)))
    stamp(cell)
    return cell
