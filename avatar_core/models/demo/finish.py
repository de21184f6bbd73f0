"""The looks, applied to one finished cell: black and white, sepia, warm, cool, and the glow of a film."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PIL import Image, ImageFilter

from avatar_core.models.demo.svg import Pixels

_LUMA = np.array([0.299, 0.587, 0.114], np.float32)


def apply_look(look: str, picture: Pixels, cover: Pixels) -> Pixels:
    """The picture in that look; ``cover`` is 1 where the person is, so that skin keeps its colour."""
    change = _LOOKS.get(look)
    return np.clip(picture if change is None else change(picture, cover), 0, 1)


def _grey(picture: Pixels) -> Pixels:
    return np.asarray(np.tensordot(_LUMA, picture, axes=1), np.float32)


def _contrast(values: Pixels, strength: float, middle: float = 0.48) -> Pixels:
    return (values - middle) * np.float32(strength) + np.float32(middle)


def _black_and_white(picture: Pixels, _cover: Pixels) -> Pixels:
    grey = _contrast(_grey(picture), 1.14)
    return np.repeat(grey[None], 3, axis=0)


def _sepia(picture: Pixels, _cover: Pixels) -> Pixels:
    """Brown shadows to cream lights: the whole range of tones stays."""
    grey = np.clip(_contrast(_grey(picture), 1.08), 0, 1)
    dark, middle, light = ((0.13, 0.08, 0.05), (0.68, 0.49, 0.31), (1.0, 0.96, 0.86))
    planes = [np.interp(grey, (0, 0.55, 1), tones) for tones in zip(dark, middle, light, strict=True)]
    return np.asarray(np.stack(planes), np.float32)


def _toned(picture: Pixels, factors: tuple[float, float, float], saturation: float) -> Pixels:
    grey = _grey(picture)
    return (grey + (picture - grey) * np.float32(saturation)) * np.array(factors, np.float32)[:, None, None]


def _warm(picture: Pixels, _cover: Pixels) -> Pixels:
    return _toned(picture, (1.12, 1.01, 0.78), 1.10) + np.float32(0.01)


def _cool(picture: Pixels, cover: Pixels) -> Pixels:
    """Blue light, half as strong on the person: brown skin must not turn grey."""
    cold = _toned(picture, (0.80, 0.98, 1.18), 0.94) + np.array([0, 0.005, 0.03], np.float32)[:, None, None]
    mild = _toned(picture, (0.91, 0.99, 1.13), 1.02) + np.array([0, 0, 0.015], np.float32)[:, None, None]
    return cold + cover * (mild - cold)


def _movie(picture: Pixels, _cover: Pixels) -> Pixels:
    """Richer colours and a glow around the lights."""
    grey = _grey(picture)
    rich = np.clip(grey + (picture - grey) * np.float32(1.22), 0, 1)
    lights = np.clip(rich - 0.55, 0, 1) * 255
    radius = max(1.0, picture.shape[2] / 60)
    glow = [
        np.asarray(Image.fromarray(plane.astype(np.uint8)).filter(ImageFilter.BoxBlur(radius)), np.float32)
        for plane in lights
    ]
    return np.asarray(1 - (1 - rich) * (1 - np.stack(glow) * np.float32(0.55 / 255)), np.float32)


_LOOKS: dict[str, Callable[[Pixels, Pixels], Pixels]] = {
    "bw": _black_and_white,
    "sepia": _sepia,
    "warm": _warm,
    "cool": _cool,
    "3d": _movie,
}
