"""Pictures as bytes. Lossless where pixels count, and as fast as that allows; benchmarks/cut.py has the figures."""

from __future__ import annotations

import io
import os
import zlib
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from PIL import Image

from avatar_core.finish import Format
from avatar_core.types import Box

Encoder = Callable[[Image.Image], bytes]


def as_png(image: Image.Image) -> bytes:
    """Encode losslessly for everybody.

    Level 1 takes a quarter of the default's time. It looks for runs only, not for repetitions, of which filtered
    portraits have none: faster still, and mostly smaller.
    """
    return _encoded(image, "PNG", compress_level=1, compress_type=zlib.Z_RLE)


def as_webp(image: Image.Image, xmp: bytes = b"") -> bytes:
    """Encode losslessly for the archive. Method 0 is faster than PNG at level 1, and smaller by a third.

    Transparent pixels keep their colour. ``xmp`` says something about the picture within the file.
    """
    return _encoded(image, "WEBP", lossless=True, quality=0, method=0, exact=True, xmp=xmp)


def as_jpeg(image: Image.Image, xmp: bytes = b"") -> bytes:
    """Encode small, with losses that are hard to see. What is transparent becomes white.

    ``xmp`` says something about the picture within the file.
    """
    if image.has_transparency_data:
        ground = Image.new("RGBA", image.size, "white")
        ground.alpha_composite(image.convert("RGBA"))
        image = ground
    return _encoded(image.convert("RGB"), "JPEG", quality=88, **({"xmp": xmp} if xmp else {}))


ENCODERS: dict[str, Encoder] = {"png": as_png, "webp": as_webp, "jpeg": as_jpeg}
"""By the name of the format, the default first."""


def encode(image: Image.Image, format: Format, xmp: bytes = b"") -> bytes:  # noqa: A002
    """Encode in the format that is asked for; words about the picture go into WebP and JPEG."""
    if format is Format.PNG:
        return as_png(image)
    return (as_webp if format is Format.WEBP else as_jpeg)(image, xmp)


def as_thumbnail(image: Image.Image, side: int) -> bytes:
    """Encode as a JPEG of at most ``side`` px, made smaller and never larger."""
    small = image.convert("RGB")
    small.thumbnail((side, side), Image.Resampling.LANCZOS, reducing_gap=1.5)
    return as_jpeg(small)


def crop_and_encode(
    image: Image.Image, boxes: Sequence[Box], encode: Encoder = as_png, workers: int | None = None
) -> list[bytes]:
    """Cut cells out of a picture and encode each of them, several at a time.

    Pillow lets other threads run while it encodes, so that two cores take half the time.

    Args:
        image: the whole picture, decoded.
        boxes: the cells.
        encode: one of :data:`ENCODERS`, or any other.
        workers: threads; as many as there are cores if not given.

    Returns:
        The files, in the order of the boxes.
    """
    image.load()  # here, and not in several threads at once
    threads = min(len(boxes), workers or _cores())
    if threads <= 1:
        return [encode(image.crop(box)) for box in boxes]
    with ThreadPoolExecutor(threads, thread_name_prefix="encode") as pool:
        return list(pool.map(partial(_crop_and_encode, image, encode), boxes))


def _crop_and_encode(image: Image.Image, encode: Encoder, box: Box) -> bytes:
    return encode(image.crop(box))


def _cores() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on macOS and Windows
        return os.cpu_count() or 1


def _encoded(image: Image.Image, format: str, **options: object) -> bytes:  # noqa: A002
    buffer = io.BytesIO()
    image.save(buffer, format, **options)
    return buffer.getvalue()
