"""Flat layers become round: each is lit as if its outline were the edge of something soft, and casts a shadow."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from PIL import Image

from avatar_core.models.demo.svg import Pixels
from avatar_core.types import Box

_FINENESS = 0.42  #: px per unit at which light is worked out; it changes too slowly to need more
_LIGHT = (-0.46, -0.56, 0.69)
_HALFWAY = (-0.30, -0.36, 0.883)
_STEEPNESS = 0.055


@dataclass(frozen=True, slots=True)
class Material:
    """How a layer takes light: ``relief`` its roundness, ``gloss`` its highlight, ``shadow`` what it casts."""

    relief: float
    gloss: float
    shadow: float


HAIR = Material(0.55, 0.03, 0.34)
CLOTH = Material(0.50, 0.03, 0.20)
SKIN = Material(0.42, 0.03, 0.30)
HAT = Material(0.30, 0.03, 0.34)
WIRE = Material(0.0, 0.0, 0.34)  #: glasses and earrings: too thin to be round
GLOSSY = {HAIR: Material(0.80, 0.24, 0.34), CLOTH: Material(0.78, 0.08, 0.2), SKIN: Material(0.62, 0.17, 0.3)}
"""The same materials in an animated film."""


class Scene:
    """One cell's picture as layers are laid on it: three planes, and what is already covered by a person."""

    def __init__(self, background: Pixels, scale: float) -> None:
        self.picture = background
        self.cover = np.zeros(background.shape[1:], np.float32)
        self.scale = scale  #: px per unit

    def lay(self, layer: Pixels, box: Box, material: Material) -> None:
        """Light a layer of four planes, cast its shadow on what is below, and lay it on."""
        left, top, right, bottom = box
        picture, cover = self.picture[:, top:bottom, left:right], self.cover[top:bottom, left:right]
        colour, alpha = layer[:3], layer[3]
        step = max(1, round(self.scale / _FINENESS))
        coarse = np.asarray(Image.fromarray(alpha).reduce(step), np.float32)
        unit = self.scale / step
        if material.relief:
            shade, glint = _light(coarse, unit, material)
            colour = colour * _enlarged(shade, alpha.shape, step) + _enlarged(glint, alpha.shape, step)
            np.clip(colour, 0, 1, out=colour)
        shadow = _enlarged(_shadow(coarse, unit), alpha.shape, step)
        picture *= 1 - material.shadow * shadow * cover * (1 - alpha)
        picture += alpha * (colour - picture)
        np.maximum(cover, alpha, out=cover)


def _light(alpha: Pixels, unit: float, material: Material) -> tuple[Pixels, Pixels]:
    """The factor and the highlight that a light from the upper left gives to a soft body of this outline."""
    height = sum(
        (share * _smoothed(alpha, reach * unit) for share, reach in ((0.5, 5), (0.9, 14), (1.1, 30))),
        np.zeros_like(alpha),
    )
    slope_y, slope_x = (slope * np.float32(unit) for slope in np.gradient(height))
    length = np.sqrt(slope_x**2 + slope_y**2 + _STEEPNESS**2)
    normal = (-slope_x / length, -slope_y / length, _STEEPNESS / length)
    diffuse = sum(n * light for n, light in zip(normal, _LIGHT, strict=True))
    shade = 1 + material.relief * (diffuse - _LIGHT[2])
    mirror = sum(n * half for n, half in zip(normal, _HALFWAY, strict=True))
    rim = np.clip(normal[0] * 0.9 - 0.35, 0, 1) * np.clip(1 - normal[2], 0, 1)
    glint = material.gloss * np.clip(mirror, 0, 1) ** 38 + material.relief * 0.32 * rim
    return np.asarray(shade, np.float32), np.asarray(glint, np.float32)


def _shadow(alpha: Pixels, unit: float) -> Pixels:
    """A soft shadow that falls to the lower right."""
    height, width = alpha.shape
    down, across = _gauss(height, 7 * unit, 6 * unit), _gauss(width, 7 * unit, 3.6 * unit)
    return np.asarray(down @ alpha @ across.T, np.float32)


def _smoothed(alpha: Pixels, sigma: float) -> Pixels:
    height, width = alpha.shape
    return np.asarray(_gauss(height, sigma) @ alpha @ _gauss(width, sigma).T, np.float32)


@lru_cache(maxsize=256)
def _gauss(length: int, sigma: float, shift: float | None = None) -> Pixels:
    """The matrix that blurs ``length`` samples; without a ``shift`` edges continue, with one they are empty."""
    at = np.arange(length, dtype=np.float32)
    distance = at[None, :] - (at[:, None] - np.float32(shift or 0))
    weights = np.exp(-0.5 * (distance / max(sigma, 0.1)) ** 2)
    total = weights.sum(axis=1, keepdims=True) if shift is None else max(sigma, 0.4) * np.sqrt(2 * np.pi)
    return np.asarray(weights / total, np.float32)


def _enlarged(values: Pixels, shape: tuple[int, ...], step: int) -> Pixels:
    if step == 1:
        return values
    height, width = shape
    whole = (0, 0, width / step, height / step)
    return np.asarray(
        Image.fromarray(values).resize((width, height), Image.Resampling.BILINEAR, whole), np.float32
    )
