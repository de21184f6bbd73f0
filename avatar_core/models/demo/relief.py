"""Flat layers become round: each is lit as a soft body of its outline, and casts a shadow."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image

from avatar_core.models.demo.svg import Pixels
from avatar_core.types import Box

_FINENESS = 0.42  #: px per unit at which light is worked out; it changes too slowly to need more
_LIGHT = (-0.46, -0.56, 0.69)
_HALFWAY = (-0.30, -0.36, 0.883)
_STEEPNESS = 0.055
_HILL = ((0.5, 5), (0.9, 14), (1.1, 30))  #: (share, reach in units) of the blurs that make an outline a hill
_CAST = (3.6, 6.0, 7)  #: a shadow's way to the right and down and its softness, in units


@dataclass(frozen=True, slots=True)
class Material:
    """How a layer takes light: its roundness, its highlight and the shadow it casts, from 0 to 1."""

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
CURLS = Material(0.55, 0.05, 0.34)  #: a film's curly hair: many small lights, no polish


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
        height, shadow = _height_and_shadow(coarse, self.scale / step)
        if material.relief:
            shade, glint = _light(height, self.scale / step, material)
            colour = colour * _enlarged(shade, alpha.shape, step) + _enlarged(glint, alpha.shape, step)
            np.clip(colour, 0, 1, out=colour)
        shadow = _enlarged(shadow, alpha.shape, step)
        picture *= 1 - material.shadow * shadow * cover * (1 - alpha)
        picture += alpha * (colour - picture)
        np.maximum(cover, alpha, out=cover)


def _height_and_shadow(alpha: Pixels, unit: float) -> tuple[Pixels, Pixels]:
    """The outline as a soft hill, and its shadow to the lower right; ``unit`` is px per unit.

    Both are sums of Gaussian blurs, made in one transform: a Gaussian's spectrum is known without computing it.
    """
    margin = int(45 * unit) + 1
    padded = np.pad(alpha, margin, mode="edge")
    down = np.fft.fftfreq(padded.shape[0]).astype(np.float32)[:, None]
    across = np.fft.rfftfreq(padded.shape[1]).astype(np.float32)[None, :]
    waves = np.float32(-2 * np.pi**2 * unit**2) * (down**2 + across**2)
    hill = sum(np.float32(share) * np.exp(waves * reach**2) for share, reach in _HILL)
    moved = np.exp(np.complex64(-2j * np.pi * unit) * (down * _CAST[1] + across * _CAST[0]))
    spectrum = np.fft.rfft2(padded)
    pair = np.stack([spectrum * hill, spectrum * moved * np.exp(waves * _CAST[2] ** 2)])
    height, shadow = np.fft.irfft2(pair, s=padded.shape)[:, margin:-margin, margin:-margin]
    return np.asarray(height, np.float32), np.asarray(np.clip(shadow, 0, 1), np.float32)


def _light(height: Pixels, unit: float, material: Material) -> tuple[Pixels, Pixels]:
    """The factor and the highlight that a light from the upper left gives to a hill."""
    slope_y, slope_x = (slope * np.float32(unit) for slope in np.gradient(height))
    length = np.sqrt(slope_x**2 + slope_y**2 + _STEEPNESS**2)
    normal = (-slope_x / length, -slope_y / length, _STEEPNESS / length)
    diffuse = sum(n * light for n, light in zip(normal, _LIGHT, strict=True))
    shade = 1 + material.relief * (diffuse - _LIGHT[2])
    mirror = sum(n * half for n, half in zip(normal, _HALFWAY, strict=True))
    rim = np.clip(normal[0] * 0.9 - 0.35, 0, 1) * np.clip(1 - normal[2], 0, 1)
    glint = material.gloss * np.clip(mirror, 0, 1) ** 38 + material.relief * 0.32 * rim
    return np.asarray(shade, np.float32), np.asarray(glint, np.float32)


def _enlarged(values: Pixels, shape: tuple[int, ...], step: int) -> Pixels:
    if step == 1:
        return values
    height, width = shape
    whole = (0, 0, width / step, height / step)
    return np.asarray(
        Image.fromarray(values).resize((width, height), Image.Resampling.BILINEAR, whole), np.float32
    )
