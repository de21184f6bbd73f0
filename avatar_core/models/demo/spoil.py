"""What spoils a drawn picture: words in its cells, rounded corners, a cast, a turn, JPEG."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw, ImageFont

from avatar_core.models.demo.flaws import Flaws
from avatar_core.models.demo.layout import scaled
from avatar_core.types import Size

_WARM = (0.16, 0.03, -0.24)  #: how much a full warm cast adds to red, green and blue, as a share


def spoil_cell(cell: Image.Image, flaws: Flaws, size: Size, caption: str, number: int) -> None:
    """Write into one cell what nobody asked for; ``size`` is the whole picture's."""
    if flaws.captions:
        height = scaled(flaws.captions, size)
        _write(cell, caption, (height * 0.4, cell.height - height * 1.7), height)
    if flaws.numbers:
        height = scaled(flaws.numbers, size)
        _write(cell, str(number), (height * 0.4, height * 0.3), height)


def corner_mask(cell: Image.Image, flaws: Flaws, size: Size) -> Image.Image | None:
    """What of a cell shows between its rounded corners; None: all of it."""
    if not flaws.corners:
        return None
    fine = 4  # drawn larger, then reduced, for a smooth edge
    mask = Image.new("L", (cell.width * fine, cell.height * fine), 0)
    box = (0, 0, mask.width - 1, mask.height - 1)
    ImageDraw.Draw(mask).rounded_rectangle(box, scaled(flaws.corners, size) * fine, fill=255)
    return mask.resize(cell.size, Image.Resampling.BOX)


def spoil_picture(picture: Image.Image, flaws: Flaws) -> Image.Image:
    """Turn, tint and wear the whole picture."""
    if flaws.turn:
        picture = picture.rotate(flaws.turn, Image.Resampling.BICUBIC, fillcolor=flaws.ground)
    if flaws.warm:
        factors = [1 + flaws.warm * change for change in _WARM]
        lookup = [min(255, round(level * factor)) for factor in factors for level in range(256)]
        picture = picture.point(lookup)
    if flaws.jpeg:
        file = io.BytesIO()
        picture.save(file, "JPEG", quality=flaws.jpeg)
        with Image.open(file) as worn:
            picture = worn.convert("RGB")
    return picture


def _write(cell: Image.Image, words: str, place: tuple[float, float], height: int) -> None:
    font = ImageFont.load_default(max(6, height))
    ImageDraw.Draw(cell).text(
        place, words, fill="white", font=font, stroke_width=max(1, height / 12), stroke_fill="black"
    )
