"""Changing a part of a picture: the mask that says where, and what a server would refuse."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence

from PIL import Image, ImageDraw

from avatar_core.errors import AnswerUnusable, PictureUnreadable
from avatar_core.models.answers import FORMATS, inspect_picture
from avatar_core.types import Box, EditRequest, Size

#: OpenAI's limits, in bytes.
LARGEST_PICTURE = 50 * 10**6
LARGEST_MASK = 4 * 10**6

#: A bound of ours: twice what a model draws at most, and 64 MB while it is open.
MOST_PIXELS = 4096 * 4096

_ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}


def make_mask(size: Size, boxes: Sequence[Box]) -> bytes:
    """A PNG mask that lets a model draw these boxes anew and asks it to leave the rest.

    OpenAI's models read the transparency: what can be seen through is drawn. Stable diffusion reads the brightness:
    what is white is drawn. This mask is white where it is transparent and black where it is not, and serves both.
    """
    mask = Image.new("RGBA", (size.width, size.height), (0, 0, 0, 255))
    draw = ImageDraw.Draw(mask)
    for left, top, right, bottom in boxes:
        draw.rectangle((left, top, right - 1, bottom - 1), fill=(255, 255, 255, 0))
    file = io.BytesIO()
    mask.save(file, "PNG")
    return file.getvalue()


def check_edit(request: EditRequest) -> None:
    """Refuse, before anything is sent, what a server would refuse.

    Raises:
        PictureUnreadable: the picture or the mask, with what is wrong with it.
    """
    size = size_to_change(request.picture)
    if request.mask:
        check_mask(request.mask, size)


def size_to_change(picture: bytes) -> Size:
    """The size in px of a picture that a server would take.

    Raises:
        PictureUnreadable: it would not, with what is wrong with it.
    """
    return _inspected(picture, "picture", LARGEST_PICTURE)[1]


def check_mask(mask: bytes, size: Size) -> None:
    """Refuse a mask that a server would refuse for a picture of this size.

    Raises:
        PictureUnreadable: with what is wrong with it.
    """
    media_type, masked = _inspected(mask, "mask", LARGEST_MASK)
    if media_type != "image/png":
        raise PictureUnreadable("The mask is no PNG. Save it as PNG with transparency.")
    if masked != size:
        raise PictureUnreadable(f"The mask is {masked} and the picture is {size}. Make them the same size.")
    with Image.open(io.BytesIO(mask)) as opened:
        if not opened.has_transparency_data:
            raise PictureUnreadable("The mask has no transparent part. Make transparent what is to be drawn.")


def part(name: str, data: bytes) -> tuple[str, bytes, str]:
    """A picture that was checked as a part of a form: file name, bytes and media type."""
    with Image.open(io.BytesIO(data), formats=FORMATS) as image:
        media_type = Image.MIME[image.format or "PNG"]
    return f"{name}.{_ENDINGS[media_type]}", data, media_type


def described(request: EditRequest) -> dict[str, str]:
    """The pictures of a request by their hashes, for the record of what was sent."""
    sent = {"image": request.picture, "mask": request.mask}
    return {name: f"sha256:{hashlib.sha256(data).hexdigest()}" for name, data in sent.items() if data}


def _inspected(data: bytes, what: str, most: int) -> tuple[str, Size]:
    if len(data) > most:
        raise PictureUnreadable(f"The {what} has more than {most // 10**6} MB. Save it smaller.")
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            pixels = image.width * image.height
        if pixels <= MOST_PIXELS:
            return inspect_picture(data, lambda image: image.load())
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        pixels = MOST_PIXELS + 1
    except (AnswerUnusable, OSError, ValueError, SyntaxError, EOFError, Warning):
        pixels = 0
    if pixels > MOST_PIXELS:
        raise PictureUnreadable(
            f"The {what} has more than {MOST_PIXELS // 10**6} million pixels. Save it smaller."
        )
    raise PictureUnreadable(f"The {what} cannot be opened as a still picture. Use a PNG, JPEG or WebP file.")
