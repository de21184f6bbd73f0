"""Open a picture from bytes, safely: one that can be decoded becomes RGB, everything else is refused with a reason."""

from __future__ import annotations

import io
import warnings

from PIL import Image

from avatar_core.errors import PictureUnreadable

MAX_PIXELS = 64_000_000
"""Largest picture that is opened; the largest that a model of today draws has 8.3 million pixels."""


def open_picture(data: bytes) -> Image.Image:
    """Open and decode a picture from bytes as RGB.

    Raises:
        PictureUnreadable: broken, truncated, not a picture, or too large to be decoded safely.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(data))
            if picture.width * picture.height > MAX_PIXELS:
                raise PictureUnreadable(
                    f"The picture has {picture.width} x {picture.height} pixels, more than can be opened safely. "
                    "Use a smaller one."
                )
            return picture.convert("RGB")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise PictureUnreadable() from None
