"""The sheet: the people of a prompt on one picture, each in an exact cell unless flaws were asked for."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image

from avatar_core.grid import CELLS
from avatar_core.models.demo.flaws import NONE, Flaws
from avatar_core.models.demo.label import draw_card, stamp
from avatar_core.models.demo.layout import Place, places, turned
from avatar_core.models.demo.person import paint_person
from avatar_core.models.demo.reading import Reading, Sitter
from avatar_core.models.demo.spoil import corner_mask, spoil_cell, spoil_picture
from avatar_core.types import Box, Size

PLAIN = "#e4e6e9"  #: the background of a cell in which nobody sits
NOBODY = 0
STRANGER = -1


@dataclass(frozen=True, slots=True)
class Sheet:
    """A drawn picture and the truth about it.

    ``boxes`` are where its portraits truly lie, row by row; a picture that is no grid has none. ``holds`` says
    for each box whom it shows: the person of that cell of the prompt, 0 for nobody, -1 for somebody whom
    the prompt does not describe.
    """

    picture: Image.Image
    boxes: tuple[Box, ...]
    holds: tuple[int, ...]

    @property
    def truth(self) -> str:
        """Boxes and holders as JSON."""
        return json.dumps({"boxes": self.boxes, "holds": self.holds})


def draw_sheet(reading: Reading, size: Size, seed: int, flaws: Flaws = NONE) -> Sheet:
    """Draw everybody of a prompt, or a card if it describes no grid of people.

    Args:
        reading: who sits where.
        size: the picture's, before the flaws' scale.
        seed: the same number draws the same people.
        flaws: what to do wrong.
    """
    size = Size(round(size.width * flaws.scale[0]), round(size.height * flaws.scale[1]))
    if not reading.is_grid:
        return Sheet(draw_card(size.width, size.height), (), ())
    picture = Image.new("RGB", (size.width, size.height), flaws.ground)
    seats = [_seated(place, reading, flaws) for place in places(size, flaws)]
    for place, sitter, _ in seats:
        left, top, right, bottom = place.box
        cell = _draw_cell(sitter, seed, right - left, bottom - top)
        spoil_cell(cell, flaws, size, sitter.trade.capitalize() if sitter else "", place.cell)
        picture.paste(cell, (left, top), corner_mask(cell, flaws, size))
    return Sheet(
        picture=spoil_picture(picture, flaws),
        boxes=tuple(turned(place.box, size, flaws.turn) for place, _, _ in seats),
        holds=tuple(holder for _, _, holder in seats),
    )


def _seated(place: Place, reading: Reading, flaws: Flaws) -> tuple[Place, Sitter | None, int]:
    """Who is drawn in a place, and whose person of the prompt that is."""
    cell = place.cell
    if cell in flaws.empty:
        return place, None, NOBODY
    if cell > CELLS or cell in flaws.strangers:
        return place, _stranger(cell, reading), STRANGER
    if flaws.twins and cell == flaws.twins[1]:
        first, own = (reading.seats[number - 1] for number in flaws.twins)
        if first is not None and own is not None:
            # The same person before another background, as models draw them.
            return place, replace(first, line=own.line), first.cell
    sitter = reading.seats[cell - 1]
    return place, sitter, cell if sitter else NOBODY


def _stranger(cell: int, reading: Reading) -> Sitter:
    """Somebody like a person of the prompt, but another: another cell, another chance; never their look alike."""
    people = [seat for seat in reading.seats if seat is not None]
    model = people[cell % len(people)]
    return replace(model, cell=cell, age=model.age + 9, calling=f"{model.calling} stranger {cell}")


def _draw_cell(sitter: Sitter | None, seed: int, width: int, height: int) -> Image.Image:
    if sitter is None:
        cell = Image.new("RGB", (width, height), PLAIN)
    else:
        planes = paint_person(sitter, seed, width, height)
        cell = Image.fromarray(np.ascontiguousarray((planes * 255 + 0.5).astype(np.uint8).transpose(1, 2, 0)))
    stamp(cell)
    return cell
