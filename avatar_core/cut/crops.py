"""The cells' pictures."""

from __future__ import annotations

from PIL import Image

from avatar_core.types import Cut


def crop(image: Image.Image, cut: Cut, cells: range) -> dict[int, Image.Image]:
    """The pictures of the given cells, by cell number from 1. Pixels are copied, never resampled."""
    return {cell: image.crop(cut.boxes[cell - 1]) for cell in cells}
