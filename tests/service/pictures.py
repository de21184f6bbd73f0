"""Pictures and forms that the tests of changes send."""

from __future__ import annotations

import io
import random
import zlib
from typing import Any

from PIL import Image

from avatar_core.models.edits import make_mask
from avatar_core.types import Size

SIZE = Size(816, 816)
MASK = make_mask(SIZE, [(272, 272, 544, 544)])


def picture(seed: int = 0, size: Size = SIZE, format: str = "PNG") -> bytes:
    """A picture like no other of another seed."""
    dice = random.Random(seed)
    image = Image.new("RGB", (size.width, size.height), tuple(dice.randrange(200) for _ in "rgb"))
    file = io.BytesIO()
    image.save(file, format)
    return file.getvalue()


def moving() -> bytes:
    """A WebP of two pictures."""
    frames = [Image.new("RGB", (64, 64), colour) for colour in ("red", "blue")]
    file = io.BytesIO()
    frames[0].save(file, "WEBP", save_all=True, append_images=frames[1:])
    return file.getvalue()


def bomb() -> bytes:
    """A small file that says it unfolds into gigabytes."""
    data = bytearray(picture(size=Size(16, 16)))
    data[16:24] = (60_000).to_bytes(4, "big") * 2
    data[29:33] = zlib.crc32(data[12:29]).to_bytes(4, "big")
    return bytes(data)


def files(image: bytes | None = None, mask: bytes | None = MASK, name: str = "image") -> dict[str, Any]:
    """The files of a form, as httpx sends them."""
    sent = {name: ("me.png", picture() if image is None else image, "image/png")}
    return sent if mask is None else {**sent, "mask": ("mask.png", mask, "image/png")}


Part = tuple[str, bytes]
"""What stands after form-data in a part's header, and its content."""


def form(*parts: Part, boundary: str = "x7") -> bytes:
    """A multipart body, written by hand."""
    lines = [
        f"--{boundary}\r\nContent-Disposition: form-data; {head}\r\n\r\n".encode() + content + b"\r\n"
        for head, content in parts
    ]
    return b"".join(lines) + f"--{boundary}--\r\n".encode()
