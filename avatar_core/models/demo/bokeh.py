"""The background of one cell: a scene put out of focus, its lights opened into discs."""

from __future__ import annotations

from functools import lru_cache
from random import Random

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from avatar_core.models.demo.colour import rgb
from avatar_core.models.demo.scenes import SCENES, Brush, Light
from avatar_core.models.demo.svg import Pixels, Region

_SIDE = 160  #: px at which the scene is blurred; nothing finer survives the blur
_PAD = 14
_UNIT = _SIDE / 400
_GAMMA = 2.2


# The light of different hours and rooms, as factors of red, green and blue: the same place, another day.
_LIGHTS = (
    (1, 1, 1),
    (1.12, 1.0, 0.84),
    (0.88, 1.0, 1.14),
    (1.1, 0.94, 1.04),
    (0.94, 1.08, 0.92),
    (0.8, 0.82, 0.92),
)


def paint_background(
    scene: str, chance: Random, width: int, height: int, radius: float, turn: int = 0
) -> Pixels:
    """The scene as three planes of height x width.

    Args:
        scene: its name in SCENES.
        chance: what it is painted from.
        width, height: of the cell, in px.
        radius: the blur's, in units.
        turn: chooses among variants and lights, so that neighbours with one scene do not look alike.
    """
    brush = Brush(chance, turn)
    SCENES[scene](brush)
    part = _some_part(chance)
    light = brush.drawing.pixels(part, _SIDE, _SIDE)[:3] ** _GAMMA
    for lamp in brush.lights:
        _add_lamp(light, lamp, part)
    if chance.random() < 0.5:
        light = light[:, :, ::-1]
    blurred = (
        _defocus(light, radius * _UNIT) * np.array(_LIGHTS[turn % len(_LIGHTS)], np.float32)[:, None, None]
    )
    exposed = blurred * (1 + blurred / 3.2) / (1 + blurred * 0.72)
    picture = np.clip(exposed, 0, 1) ** (1 / _GAMMA) * _vignette()
    return _fitted(np.clip(picture, 0, 1), width, height)


def _some_part(chance: Random) -> Region:
    """Three fifths of the scene or more, so that the same work is not always seen from the same spot."""
    side = 400 * chance.uniform(0.62, 1.0)
    return Region(chance.uniform(0, 400 - side), chance.uniform(0, 400 - side) * 0.7, side, side)


def _add_lamp(light: Pixels, lamp: Light, part: Region) -> None:
    """Add a small disc, far brighter than white, so that the blur shows it as a clear circle."""
    unit = _SIDE / part.width
    x, y, radius = (lamp.x - part.left) * unit, (lamp.y - part.top) * unit, lamp.radius * _UNIT
    left, right = max(0, int(x - radius - 2)), min(_SIDE, int(x + radius + 3))
    top, bottom = max(0, int(y - radius - 2)), min(_SIDE, int(y + radius + 3))
    if left >= right or top >= bottom:
        return
    down, across = np.mgrid[top:bottom, left:right].astype(np.float32)
    disc = np.clip((radius + 0.5 - np.hypot(across - x, down - y)) / 0.6, 0, 1)
    for plane, channel in zip(light, rgb(lamp.colour), strict=True):
        plane[top:bottom, left:right] += disc * np.float32((channel / 255) ** _GAMMA * lamp.strength * 2.1)


def _defocus(light: Pixels, radius: float) -> Pixels:
    """Convolve with a lens's disc."""
    padded = np.pad(light, ((0, 0), (_PAD, _PAD), (_PAD, _PAD)), mode="reflect")
    side = _SIDE + 2 * _PAD
    blurred = np.fft.irfft2(np.fft.rfft2(padded) * _lens(side, round(radius, 2)), s=(side, side))
    return np.asarray(np.clip(blurred[:, _PAD:-_PAD, _PAD:-_PAD], 0, None), np.float32)


@lru_cache(maxsize=8)
def _lens(side: int, radius: float) -> NDArray[np.complex64]:
    """The spectrum of a disc, a little brighter towards its rim, as lenses draw it."""
    down, across = np.mgrid[0:side, 0:side].astype(np.float32)
    distance = np.hypot(np.minimum(across, side - across), np.minimum(down, side - down))
    disc = np.clip(radius + 0.5 - distance, 0, 1) * (0.72 + 0.28 * np.clip(distance / radius, 0, 1) ** 4)
    return np.asarray(np.fft.rfft2(disc / disc.sum()), np.complex64)


@lru_cache(maxsize=1)
def _vignette() -> Pixels:
    down, across = np.mgrid[0:_SIDE, 0:_SIDE].astype(np.float32) / _UNIT
    return np.asarray(1 - 0.30 * (((across - 200) / 260) ** 2 + ((down - 190) / 280) ** 2), np.float32)


def _fitted(picture: Pixels, width: int, height: int) -> Pixels:
    """Enlarge to cover the cell, keeping the middle."""
    longest = max(width, height)
    left, top = (longest - width) / 2 * _SIDE / longest, (longest - height) / 2 * _SIDE / longest
    box = (left, top, _SIDE - left, _SIDE - top)
    planes = [
        Image.fromarray(plane).resize((width, height), Image.Resampling.BICUBIC, box) for plane in picture
    ]
    return np.clip(np.stack([np.asarray(plane, np.float32) for plane in planes]), 0, 1)
