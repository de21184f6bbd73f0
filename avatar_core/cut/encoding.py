"""Pictures as bytes."""

from __future__ import annotations

import io

from PIL import Image


def as_png(image: Image.Image) -> bytes:
    """Encode losslessly. Level 1 is four times as fast as the default and costs a tenth in size."""
    buffer = io.BytesIO()
    image.save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


def as_thumbnail(image: Image.Image, side: int) -> bytes:
    """Encode as a JPEG of at most ``side`` px, made smaller and never larger."""
    small = image.convert("RGB")
    small.thumbnail((side, side), Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    small.save(buffer, "JPEG", quality=88)
    return buffer.getvalue()
