"""A look given to a finished picture, as exact arithmetic: nothing is learnt, guessed or random.

sRGB (IEC 61966-2-1) is made linear, looked at in CIE L*a*b* of 1976 under the white of the picture (CIE 15), given
another a* and b*, and written back. Luminance Y is never touched, so nobody's skin becomes lighter or darker. Where
a colour would leave sRGB it moves towards the grey of the same luminance until it fits, instead of being clipped.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from avatar_core.errors import FilterNeedsModel
from avatar_core.types import Filter, Tone

Floats = NDArray[np.float32]
Bytes = NDArray[np.uint8]

_STEPS = (
    65535  #: linear light is looked up in so many steps; the darkest two greys of sRGB lie 20 of them apart
)
_STRIP = 1 << 15  #: pixels worked on at a time: what fits into a processor's cache is twice as fast

_TINY = np.float32(1e-9)

# Linear sRGB to CIE XYZ. Each row is divided by its sum, so that white is (1, 1, 1) and every grey has X = Y = Z.
_MATRIX = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
_XYZ = (_MATRIX / _MATRIX.sum(axis=1, keepdims=True)).astype(np.float32)
_RGB = np.linalg.inv(_XYZ)[:, [0, 2]]  #: and back, from what X and Z differ from Y
_KNEE = 6 / 29  #: of the cube root in L*a*b*, which is a straight line below it


def toned(image: Image.Image, look: Filter) -> Image.Image:
    """The picture in this look; see :func:`avatar_core.filters.apply`.

    Raises:
        FilterNeedsModel: only the image model can draw it.
    """
    tone = look.pixels
    if tone is None:
        raise FilterNeedsModel(
            f"“{look.label}” cannot be given to a finished picture. Let the prompt speak of it, or choose another look."
        )
    if tone == Tone():
        return image
    pixels = np.array(image.convert("RGBA" if image.has_transparency_data else "RGB"))
    flat = pixels.reshape(-1, pixels.shape[2])
    for start in range(0, len(flat), _STRIP):
        strip = flat[start : start + _STRIP, :3]
        strip[:] = _grey_toned(strip, tone) if tone.chroma == 0 else _colour_toned(strip, tone)
    result = Image.fromarray(pixels)
    result.info = {key: value for key, value in image.info.items() if key != "transparency"}
    return result


def _colour_toned(pixels: Bytes, tone: Tone) -> Bytes:
    """Bytes (N, 3), in and out."""
    return _encoded(_shifted(_linear().take(pixels.T), tone)).T


def _grey_toned(pixels: Bytes, tone: Tone) -> Bytes:
    """Bytes (N, 3), in and out: without chroma a colour depends on its luminance alone, so it stands in a table."""
    luminance = _XYZ[1] @ _linear().take(pixels.T)
    return _grey_table(tone).take(_steps(luminance), axis=0)


@cache
def _grey_table(tone: Tone) -> Bytes:
    """Bytes (65536, 3): the colour of every luminance."""
    ramp = np.linspace(0, 1, _STEPS + 1, dtype=np.float32)
    return np.ascontiguousarray(_encoded(_shifted(np.stack([ramp, ramp, ramp]), tone)).T)


def _shifted(light: Floats, tone: Tone) -> Floats:
    """Linear light (3, N) from 0 to 1, in and out, of the same luminance."""
    x, y, z = xyz = _XYZ @ light
    root_x, root, root_z = _roots().take(_steps(xyz))
    lightness = 1.16 * root - 0.16  # L* from 0 to 1
    fade = lightness * (1 - lightness) * 4
    # a* = 500 (f(X) - f(Y)) and b* = 200 (f(Y) - f(Z)), where f is the root
    x = _unroot(root + (root_x - root) * tone.chroma + fade * (tone.a / 500))
    z = _unroot(root + (root_z - root) * tone.chroma - fade * (tone.b / 200))
    away: Floats = _RGB @ np.stack([x - y, z - y])  # from the grey of the same luminance
    high, low = away.max(axis=0), away.min(axis=0)
    room = np.minimum((1 - y) / np.maximum(high, _TINY), y / np.maximum(-low, _TINY))
    away *= np.minimum(room, 1)
    away += y
    return away


def _unroot(root: Floats) -> Floats:
    cube = root * root * root
    low = root < _KNEE
    cube[low] = 3 * _KNEE**2 * (root[low] - 4 / 29)
    return cube


def _steps(light: Floats) -> NDArray[np.int32]:
    """Where light from 0 to 1 stands in a table."""
    return (light * _STEPS + 0.5).astype(np.int32)


@cache
def _roots() -> Floats:
    """(65536,): the f of L*a*b* for every step of light."""
    light = np.arange(_STEPS + 1) / _STEPS
    return np.where(light > _KNEE**3, np.cbrt(light), light / (3 * _KNEE**2) + 4 / 29).astype(np.float32)


@cache
def _linear() -> Floats:
    """(256,) from 0 to 1: the light of every value of a channel."""
    value = np.arange(256) / 255
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4).astype(np.float32)


@cache
def _values() -> Bytes:
    """(65536,): the value of a channel for every step of light."""
    light = np.arange(_STEPS + 1) / _STEPS
    value = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    whole: Bytes = np.rint(value * 255).astype(np.uint8)
    return whole


def _encoded(light: Floats) -> Bytes:
    """Linear light, any shape, as bytes of sRGB."""
    return _values().take(_steps(np.clip(light, 0, 1)))
