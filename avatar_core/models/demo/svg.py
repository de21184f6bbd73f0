"""Vector drawing: shapes in order, the gradients and clips they use, and their pixels.

A person is drawn in a space of 400 x 400 units whatever the size of the picture. Blur filters and group
opacity are never used: they cost more than everything else together. Softness comes from gradients.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import resvg_py
from numpy.typing import NDArray
from PIL import Image

Pixels = NDArray[np.float32]

Stop = tuple[float, str] | tuple[float, str, float]
"""(offset, colour) or (offset, colour, opacity)."""


@dataclass(frozen=True, slots=True)
class Region:
    """A rectangle of the drawing space, in units."""

    left: float
    top: float
    width: float
    height: float


class Drawing:
    """An SVG drawing in the making. Every method draws on top of what is there."""

    def __init__(self) -> None:
        self._definitions: list[str] = []
        self._shapes: list[str] = []
        self._glows: dict[str, str] = {}

    @property
    def empty(self) -> bool:
        return not self._shapes

    def path(
        self,
        d: str,
        fill: str = "none",
        *,
        stroke: str = "",
        width: float = 0,
        opacity: float = 1.0,
        dashes: str = "",
        even_odd: bool = False,
    ) -> None:
        """A filled or stroked path; ``opacity`` applies to both."""
        parts = [f'<path d="{d}" fill="{fill}"']
        if fill != "none" and opacity < 1:
            parts.append(f'fill-opacity="{opacity:.3f}"')
        if stroke:
            parts.append(f'stroke="{stroke}" stroke-width="{width:.2f}"')
            parts.append('stroke-linecap="round" stroke-linejoin="round"')
            if opacity < 1:
                parts.append(f'stroke-opacity="{opacity:.3f}"')
        if dashes:
            parts.append(f'stroke-dasharray="{dashes}"')
        if even_odd:
            parts.append('fill-rule="evenodd"')
        self._shapes.append(" ".join(parts) + "/>")

    def line(self, d: str, colour: str, width: float, opacity: float = 1.0, dashes: str = "") -> None:
        """A stroke with round ends."""
        self.path(d, stroke=colour, width=width, opacity=opacity, dashes=dashes)

    def soft_line(self, d: str, colour: str, width: float, opacity: float) -> None:
        """A stroke whose edges fade: three strokes over each other."""
        for spread, share in ((2.3, 0.28), (1.5, 0.36), (0.8, 0.5)):
            self.line(d, colour, width * spread, opacity * share)

    def ellipse(self, x: float, y: float, rx: float, ry: float, fill: str, opacity: float = 1.0) -> None:
        self._shapes.append(
            f'<ellipse cx="{x:.1f}" cy="{y:.1f}" rx="{rx:.1f}" ry="{ry:.1f}" fill="{fill}"'
            f' fill-opacity="{opacity:.3f}"/>'
        )

    def ring(self, x: float, y: float, rx: float, ry: float, colour: str, width: float) -> None:
        """An ellipse's outline."""
        self._shapes.append(
            f'<ellipse cx="{x:.1f}" cy="{y:.1f}" rx="{rx:.1f}" ry="{ry:.1f}" fill="none"'
            f' stroke="{colour}" stroke-width="{width:.1f}"/>'
        )

    def glow(self, x: float, y: float, rx: float, ry: float, colour: str, opacity: float) -> None:
        """A soft ellipse, full in the middle and gone at its edge."""
        paint = self._glows.get(colour)
        if paint is None:
            stops: list[Stop] = [(0, colour), (1, colour, 0.0)]
            paint = self._glows[colour] = self.radial(stops, centre=(0.5, 0.5), radius=0.5)
        self.ellipse(x, y, rx, ry, paint, opacity)

    def rect(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        fill: str,
        round_by: float = 0,
        opacity: float = 1,
    ) -> None:
        self._shapes.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" rx="{round_by}"'
            f' fill="{fill}" fill-opacity="{opacity:.3f}"/>'
        )

    def linear(
        self, stops: Sequence[Stop], start: tuple[float, float] = (0, 0), end: tuple[float, float] = (0, 1)
    ) -> str:
        """A linear gradient over the bounds of the shape it fills; downwards unless told otherwise.

        Two stops are drawn several times faster than three.
        """
        ends = f'x1="{start[0]}" y1="{start[1]}" x2="{end[0]}" y2="{end[1]}"'
        return self._gradient("linearGradient", ends, stops)

    def linear_units(
        self, stops: Sequence[Stop], start: tuple[float, float], end: tuple[float, float]
    ) -> str:
        """A linear gradient between two points of the drawing space, whatever it fills."""
        ends = f'gradientUnits="userSpaceOnUse" x1="{start[0]}" y1="{start[1]}" x2="{end[0]}" y2="{end[1]}"'
        return self._gradient("linearGradient", ends, stops)

    def radial(
        self, stops: Sequence[Stop], centre: tuple[float, float] = (0.42, 0.36), radius: float = 0.75
    ) -> str:
        """A radial gradient over the bounds of the shape it fills."""
        return self._gradient("radialGradient", f'cx="{centre[0]}" cy="{centre[1]}" r="{radius}"', stops)

    def pattern(self, width: float, height: float, content: str) -> str:
        """A repeating tile of SVG shapes."""
        head = f'width="{width}" height="{height}" patternUnits="userSpaceOnUse"'
        return self._define("pattern", head, content)

    @contextmanager
    def clipped(self, d: str, *, even_odd: bool = False) -> Iterator[None]:
        """Whatever is drawn inside shows only within the path."""
        rule = ' clip-rule="evenodd"' if even_odd else ""
        paint = self._define("clipPath", "", f'<path d="{d}"{rule}/>')
        self._shapes.append(f'<g clip-path="{paint}">')
        yield
        self._shapes.append("</g>")

    @contextmanager
    def moved(self, transform: str) -> Iterator[None]:
        """Whatever is drawn inside is transformed, as SVG writes it."""
        self._shapes.append(f'<g transform="{transform}">')
        yield
        self._shapes.append("</g>")

    def wrap(self, transform: str) -> None:
        """Transform everything drawn so far."""
        self._shapes = [f'<g transform="{transform}">', *self._shapes, "</g>"]

    def svg(self, region: Region, width: int, height: int) -> str:
        """The whole document that shows ``region`` in a picture of ``width`` x ``height`` px."""
        view = f"{region.left:.4f} {region.top:.4f} {region.width:.4f} {region.height:.4f}"
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{view}" width="{width}" height="{height}"'
            f' preserveAspectRatio="none"><defs>{"".join(self._definitions)}</defs>'
            f"{''.join(self._shapes)}</svg>"
        )

    def pixels(self, region: Region, width: int, height: int) -> Pixels:
        """The drawing as four planes (red, green, blue, alpha) of height x width, each from 0 to 1."""
        document = self.svg(region, width, height)
        png = bytes(resvg_py.svg_to_bytes(svg_string=document, skip_system_fonts=True))
        with Image.open(io.BytesIO(png)) as picture:
            planes = picture.convert("RGBA").split()
        return np.stack([np.asarray(plane, np.float32) for plane in planes]) / np.float32(255)

    def _gradient(self, element: str, geometry: str, stops: Sequence[Stop]) -> str:
        content = []
        for stop in stops:
            opacity = f' stop-opacity="{stop[2]:.3f}"' if len(stop) == 3 else ""
            content.append(f'<stop offset="{stop[0]}" stop-color="{stop[1]}"{opacity}/>')
        return self._define(element, geometry, "".join(content))

    def _define(self, element: str, attributes: str, content: str) -> str:
        name = f"d{len(self._definitions)}"
        self._definitions.append(f'<{element} id="{name}" {attributes}>{content}</{element}>')
        return f"url(#{name})"
