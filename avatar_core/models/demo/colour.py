"""Colours as "#rrggbb" text: mixing, darkening, lightening, and how light one looks."""

from __future__ import annotations

from functools import lru_cache

RGB = tuple[int, int, int]

_SHADOW = "#2a0d0a"  #: darkened skin and cloth turn warm, never grey
_LIGHT = "#fff0dd"


@lru_cache(maxsize=4096)
def rgb(colour: str) -> RGB:
    """The three channels, 0 to 255.

    >>> rgb("#ff8000")
    (255, 128, 0)
    """
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


@lru_cache(maxsize=4096)
def mix(first: str, second: str, share: float) -> str:
    """``share`` of the second colour in the first, from 0 to 1.

    >>> mix("#000000", "#ffffff", 0.5)
    '#808080'
    """
    share = max(0.0, min(1.0, share))
    pairs = zip(rgb(first), rgb(second), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def darker(colour: str, share: float) -> str:
    """The colour with a share of warm shadow."""
    return mix(colour, _SHADOW, share)


def lighter(colour: str, share: float) -> str:
    """The colour with a share of warm light."""
    return mix(colour, _LIGHT, share)


def lightness(colour: str) -> float:
    """Perceived lightness from 0 (black) to 1 (white)."""
    red, green, blue = rgb(colour)
    return (0.299 * red + 0.587 * green + 0.114 * blue) / 255
