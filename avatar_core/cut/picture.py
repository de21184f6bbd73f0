"""Open a picture from bytes, safely: one that can be decoded becomes RGB, everything else is refused with a reason."""

from __future__ import annotations

import io
import warnings

import numpy as np
from PIL import Image, ImageCms, ImageOps

from avatar_core.errors import PictureUnreadable

MAX_PIXELS = 64_000_000
"""Largest picture that is opened; the largest that a model of today draws has 8.3 million pixels."""

GROUND = (255, 255, 255)
"""What is put behind transparent pixels. Their colour is arbitrary, and often black."""


def open_picture(data: bytes) -> Image.Image:
    """Open and decode a picture from bytes as RGB, the way it is meant to be seen.

    Turned as its EXIF data say, in sRGB if it has another colour profile, on white if it is transparent, 16 bits
    brought to 8; the first picture of an animation.

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
            picture.load()
            return as_rgb(ImageOps.exif_transpose(picture))
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise PictureUnreadable() from None


def as_rgb(picture: Image.Image) -> Image.Image:
    """A decoded picture, (H, W) in any mode, as RGB; nothing is turned, so that places in it stay where they are.

    In sRGB if it has another colour profile, on white if it is transparent, 16 bits brought to 8.
    """
    if picture.mode == "RGB" and not {"icc_profile", "transparency"} & picture.info.keys():
        return picture
    if picture.mode.startswith(("I", "F")):
        return _from_numbers(picture)
    if picture.has_transparency_data:
        seen = picture.convert("RGBA")
        ground = Image.new("RGBA", seen.size, (*GROUND, 255))
        ground.alpha_composite(seen)
        return _in_srgb(ground.convert("RGB"), picture)
    return _in_srgb(picture, picture)


def _from_numbers(picture: Image.Image) -> Image.Image:
    """Pictures of one channel with 16 bits or more; Pillow would clip them at 255."""
    numbers = np.nan_to_num(np.asarray(picture, dtype=np.float64))
    if picture.mode != "F" and numbers.max(initial=0) > 255:
        numbers = numbers / 257
    return Image.fromarray(np.clip(np.round(numbers), 0, 255).astype(np.uint8)).convert("RGB")


def _in_srgb(picture: Image.Image, original: Image.Image) -> Image.Image:
    """Converted from the original's colour profile, if it has one that can be read and that fits."""
    profile = original.info.get("icc_profile")
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(
                picture, source, ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
        except (ImageCms.PyCMSError, OSError, TypeError, ValueError):
            converted = None
        if converted is not None:
            return converted
    return picture.convert("RGB")
