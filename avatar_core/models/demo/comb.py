"""What every hairstyle is made of: the cap of hair over a skull, strands, curls and shine."""

from __future__ import annotations

import math
from collections.abc import Iterable
from random import Random

from avatar_core.models.demo.build import CENTRE, Face
from avatar_core.models.demo.colour import darker, lighter, mix
from avatar_core.models.demo.look import Look, greyness
from avatar_core.models.demo.svg import Drawing

Point = tuple[float, float]


class Comb:
    """One person's hair in the making: the drawing with its paint, chance and proportions."""

    def __init__(self, look: Look, room: str) -> None:
        self.look = look
        self.face: Face = look.face
        self.chance: Random = look.chance(room)
        self.drawing = Drawing()
        self.colour = look.colours.hair
        self.paint = self.drawing.linear(
            [(0, lighter(self.colour, 0.16)), (1, darker(self.colour, 0.34))], (0, 0), (0.25, 1)
        )
        self.back_paint = darker(self.colour, 0.17)  # large and mostly hidden: a gradient would be waste

    def jitter(self, reach: float) -> float:
        return self.chance.uniform(-reach, reach)

    def fill(self, shape: str, curves: Iterable[str], *, back: bool = False, shine: float = 0.0) -> None:
        """A mass of hair: its shape, strands within it, and a band of light ``shine`` strong."""
        self.drawing.path(shape, self.back_paint if back else self.paint)
        with self.drawing.clipped(shape):
            self.strands(curves)
            if shine:
                self.shine(shine)

    def strands(self, curves: Iterable[str]) -> None:
        """Strokes in a few tones, one path for each tone; an animated film's hair is smoother."""
        tones = [
            (lighter(self.colour, 0.22), 1.7, 0.20),
            (lighter(self.colour, 0.40), 1.1, 0.22),
            (darker(self.colour, 0.35), 2.0, 0.22),
            (darker(self.colour, 0.60), 1.2, 0.26),
        ]
        if 0.05 < greyness(self.look.age, 0) < 0.9 and not self.look.sitter.wishes.hair_colour:
            tones.append(("#e9e6e2", 1.1, 0.22))
        buckets: list[list[str]] = [[] for _ in tones]
        for number, curve in enumerate(curves):
            if self.look.animated and number % 3:
                continue
            buckets[self.chance.randrange(len(tones))].append(curve)
        for (tone, width, opacity), bucket in zip(tones, buckets, strict=True):
            if bucket:
                self.drawing.line(" ".join(bucket), tone, width * (1.9 if self.look.animated else 1), opacity)

    def shine(self, strength: float, drop: float = 0.0) -> None:
        """A soft band of light over the crown; to be drawn within the hair's shape."""
        width, crown = self.face.half_width, self.face.crown + drop
        band = f"M{CENTRE - width + 6} {crown + 38} Q{CENTRE - 34} {crown - 4} {CENTRE + 10} {crown + 2}"
        strength *= 1.7 if self.look.animated else 1.0
        self.drawing.soft_line(band, lighter(self.colour, 0.75), 10, strength)

    def curls(self, points: list[Point], smallest: float, largest: float) -> None:
        """A head of curls: discs in three shades, then short arcs of light and dark on them."""
        discs: list[list[str]] = [[], [], []]
        arcs: list[list[str]] = [[], []]
        for x, y in points:
            discs[self.chance.randrange(3)].append(_disc(x, y, self.chance.uniform(smallest, largest)))
            for _ in range(2):
                radius = self.chance.uniform(smallest * 0.25, smallest * 0.62)
                spot = (x + self.jitter(smallest * 0.6), y + self.jitter(smallest * 0.6))
                arcs[self.chance.random() < 0.35].append(_arc(*spot, radius, self.chance.uniform(0, 6.28)))
        for share, bucket in zip((0.30, 0.14, 0.0), discs, strict=True):
            if bucket:
                self.drawing.path(" ".join(bucket), mix(self.colour, darker(self.colour, 1.0), share))
        light = lighter(self.colour, 0.26)
        if greyness(self.look.age, 0) > 0.2:
            light = mix(light, "#dedad6", 0.4)
        for tone, bucket in zip((light, darker(self.colour, 0.55)), arcs, strict=True):
            if bucket:
                self.drawing.line(" ".join(bucket), tone, 1.8, 0.4)

    def ring(
        self, centre: Point, radii: Point, degrees: Point, count: int, scatter: float = 3.0
    ) -> list[Point]:
        """Points along an ellipse, counter-clockwise from the right, each a little off."""
        points = []
        for number in range(count):
            angle = math.radians(degrees[0] + (degrees[1] - degrees[0]) * number / (count - 1))
            x, y = centre[0] + radii[0] * math.cos(angle), centre[1] - radii[1] * math.sin(angle)
            points.append((x + self.jitter(scatter), y + self.jitter(scatter)))
        return points

    def cloud(self, centre: Point, radii: Point, count: int) -> list[Point]:
        """Points anywhere in an ellipse."""
        points: list[Point] = []
        while len(points) < count:
            across, down = self.jitter(1), self.jitter(1)
            if across * across + down * down < 1:
                points.append((centre[0] + across * radii[0], centre[1] + down * radii[1]))
        return points

    def cap(
        self,
        volume: float,
        hairline: float,
        temple: Point | None = None,
        sideburn: float = 182,
        peak: float | None = None,
    ) -> str:
        """The hair over the skull as a path.

        ``volume`` is its height above the skull, ``hairline`` where it ends on the forehead, ``temple`` the
        corner (distance from the middle, height), ``sideburn`` its lower end, ``peak`` a raised hairline.
        """
        width = self.face.half_width
        corner_x, corner_y = temple or (width - 13, 128)
        top = self.face.crown - volume
        brow = hairline if peak is None else peak + 4
        arch = hairline - 3 if peak is None else peak
        left, right = CENTRE - width, CENTRE + width
        return (
            f"M{left - 2} {sideburn} C{left - volume * 0.55} 140 {left - volume * 0.5} {top + 34} "
            f"{CENTRE - width * 0.62} {top + 9} C{CENTRE - width * 0.3} "
            f"{top - 3} {CENTRE + width * 0.3} {top - 3} "
            f"{CENTRE + width * 0.62} {top + 9} C{right + volume * 0.5} "
            f"{top + 34} {right + volume * 0.55} 140 "
            f"{right + 2} {sideburn} L{right - 6} {sideburn - 4} C{right - 6} 158 {right - 6} 146 "
            f"{CENTRE + corner_x} {corner_y} C{CENTRE + corner_x - 12} {hairline + 2} {CENTRE + 24} {arch} "
            f"{CENTRE} {brow} C{CENTRE - 24} {arch} {CENTRE - corner_x + 12} {hairline + 2} "
            f"{CENTRE - corner_x} {corner_y} C{left + 6} 146 {left + 6} 158 {left + 6} {sideburn - 4}Z"
        )


def _disc(x: float, y: float, radius: float) -> str:
    span = 2 * radius
    return (
        f"M{x - radius:.1f} {y:.1f}a{radius:.1f} {radius:.1f} 0 1 0 {span:.1f} "
        f"0a{radius:.1f} {radius:.1f} 0 1 0 {-span:.1f} 0Z"
    )


def _arc(x: float, y: float, radius: float, start: float) -> str:
    end = start + 3.3
    return (
        f"M{x + radius * math.cos(start):.1f} {y + radius * math.sin(start):.1f}"
        f"A{radius:.1f} {radius:.1f} 0 0 1 {x + radius * math.cos(end):.1f} {y + radius * math.sin(end):.1f}"
    )
