"""What clothes are made of: the torso, necklines, collars, lapels, buttons and patterns."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from avatar_core.models.demo.build import CENTRE
from avatar_core.models.demo.colour import darker, lighter
from avatar_core.models.demo.head import outline
from avatar_core.models.demo.look import Look
from avatar_core.models.demo.svg import Drawing

BOTTOM = 404  #: just below the visible part of the drawing space


class Tailor:
    """One person's body in the making: the drawing, chance and measures.

    ``top`` is the height of the shoulders' inner end, ``neck`` and ``shoulders`` are half widths.
    """

    def __init__(self, look: Look) -> None:
        self.look = look
        self.drawing = Drawing()
        self.chance: Random = look.chance("clothes")
        self.colour = look.colours.shirt
        self.accent = look.colours.accent
        self.neck, self.shoulders = look.face.neck, look.face.shoulders
        scaled_chin = 268 + (look.face.chin - 268) * look.face.head_scale
        infancy = max(0.0, (4 - look.age) / 4)  # a baby's head rests on its shoulders
        self.top = round(scaled_chin + 31 - max(0, 18 - look.age) * 0.55 - 13 * infancy)

    def pick(self, colours: Sequence[str]) -> str:
        """One of several colours; neighbours in a grid who wear the same get different ones."""
        return self.look.pick(colours, f"{self.look.outfit} {len(colours)}")

    @property
    def torso(self) -> str:
        """The outline from the left of the neck around to its right, open at the neck."""
        neck, wide, top = self.neck, self.shoulders, self.top
        return (
            f"M{CENTRE - neck - 6} {top - 9} C{CENTRE - neck - 34} "
            f"{top + 8} {CENTRE - wide + 16} {top + 10} "
            f"{CENTRE - wide} {top + 44} C{CENTRE - wide - 13} {top + 68} {CENTRE - wide - 18} {BOTTOM - 2} "
            f"{CENTRE - wide - 18} {BOTTOM} L{CENTRE + wide + 18} {BOTTOM} "
            f"C{CENTRE + wide + 18} {BOTTOM - 2} {CENTRE + wide + 13} {top + 68} {CENTRE + wide} {top + 44} "
            f"C{CENTRE + wide - 16} {top + 10} {CENTRE + neck + 34} {top + 8} {CENTRE + neck + 6} {top - 9}"
        )

    def neckline(self, kind: str) -> str:
        """From the right of the neck to its left: crew, scoop, v or high."""
        neck, top = self.neck, self.top
        right, left = CENTRE + neck, CENTRE - neck
        close = f"{left - 6} {top - 9}"
        if kind == "v":
            return f"L{CENTRE} {top + 56} L{close}"
        depth, near, wide = {"crew": (24.0, 4, 18), "scoop": (42.0, 4, 20), "high": (6.0, 2, 16)}[kind]
        depth *= min(1.0, neck / 26)  # a child's neckline is as narrow as its neck
        bend = top + depth * 0.62
        return (
            f"C{right + near} {bend} {CENTRE + wide} {top + depth} {CENTRE} {top + depth} "
            f"C{CENTRE - wide} {top + depth} {left - near} {bend} {close}"
        )

    def trim(self, kind: str, colour: str, width: float = 6) -> None:
        """A band along a neckline."""
        start = f"M{CENTRE + self.neck + 6} {self.top - 9}"
        self.drawing.line(f"{start} {self.neckline(kind)}", colour, width)

    def open_front(self, start: float, depth: float, gap: float) -> str:
        """A neckline that opens to the hem: from ``start`` beside the neck to ``gap`` at ``depth`` below."""
        neck, top = self.neck, self.top
        return (
            f"L{CENTRE + neck + start} {top + 4} L{CENTRE + gap + 2} {top + depth} L{CENTRE + gap} {BOTTOM} "
            f"L{CENTRE - gap} {BOTTOM} L{CENTRE - gap - 2} {top + depth} L{CENTRE - neck - start} {top + 4} "
            f"L{CENTRE - neck - 6} {top - 9}"
        )

    def garment(self, colour: str, neckline: str, *, pattern: str = "", inner: bool = False) -> None:
        """One piece of clothing with folds; an ``inner`` one shows only on the chest."""
        drawing, wide = self.drawing, self.shoulders
        shape = f"{self._chest if inner else self.torso} {neckline} Z"
        drawing.path(shape, self.cloth_paint(colour))
        if pattern:
            drawing.path(shape, pattern)
        if not inner:
            left, right = CENTRE - wide + 24, CENTRE + wide - 24
            folds = f"M{left} {BOTTOM} q-2 -40 6 -62 M{right} {BOTTOM} q2 -40 -6 -62"
            drawing.soft_line(folds, darker(colour, 0.5), 2.4, 0.4)

    @property
    def _chest(self) -> str:
        """What shows of a garment under an open one, as :attr:`torso`."""
        left, right, top = CENTRE - self.neck - 6, CENTRE + self.neck + 6, self.top - 9
        return (
            f"M{left} {top} L{left - 20} {top + 24} L{CENTRE - 62} {BOTTOM} "
            f"H{CENTRE + 62} L{right + 20} {top + 24} L{right} {top}"
        )

    def cloth_paint(self, colour: str) -> str:
        stops = [(0, lighter(colour, 0.14)), (1, darker(colour, 0.36))]
        return self.drawing.linear(stops, (0.2, 0), (0.78, 1))

    def collar(self, colour: str) -> None:
        """A shirt's collar: two points around the neck."""
        neck, top = self.neck, self.top
        for side in (-1, 1):

            def at(distance: float, side: int = side) -> float:
                return CENTRE + side * distance

            edge = f"{at(neck + 8)} {top + 20} L{at(20)} {top + 34} L{at(1)} {top + 14}"
            wing = (
                f"M{at(neck + 8)} {top - 20} Q{at(neck + 18)} {top - 2} {edge} "
                f"Q{at(neck)} {top} {at(neck + 8)} {top - 20}Z"
            )
            self.drawing.path(wing, lighter(colour, 0.16) if side < 0 else darker(colour, 0.06))
            self.drawing.line(f"M{edge}", darker(colour, 0.45), 1.5, 0.5)

    def buttons(self, colour: str, count: int = 4, x: float = CENTRE, start: float = 40) -> None:
        y = self.top + start
        self.drawing.line(f"M{x} {y - 8} V{BOTTOM}", darker(self.colour, 0.45), 1.4, 0.5)
        for number in range(count):
            self.drawing.ellipse(x, y + number * 24, 3.2, 3.2, colour)

    def lapels(self, colour: str, depth: float = 90) -> None:
        """An open jacket or coat over what is there, its lapels meeting ``depth`` below the neck."""
        neck, wide, top = self.neck, self.shoulders, self.top
        paint = self.cloth_paint(colour)
        for side in (-1, 1):

            def at(distance: float, side: int = side) -> float:
                return CENTRE + side * distance

            front = (
                f"M{at(neck + 12)} {top - 14} C{at(neck + 36)} {top + 7} "
                f"{at(wide - 14)} {top + 10} {at(wide + 1)} {top + 44} "
                f"C{at(wide + 14)} {top + 68} {at(wide + 19)} {BOTTOM} {at(wide + 19)} {BOTTOM} "
                f"L{at(1)} {BOTTOM} L{at(1)} {top + depth}Z"
            )
            notch = f"L{at(neck + 18)} {top + 40} L{at(neck + 24)} {top + 48} L{at(2)} {top + depth + 4}"
            lapel = (
                f"M{at(neck + 11)} {top - 16} Q{at(neck + 34)} {top + 14} {at(neck + 32)} {top + 34} {notch} "
                f"Q{at(neck - 6)} {top + 30} {at(neck + 11)} {top - 16}Z"
            )
            self.drawing.path(front, paint)
            self.drawing.path(lapel, lighter(colour, 0.14) if side < 0 else darker(colour, 0.10))
            self.drawing.line(f"M{at(neck + 32)} {top + 34} {notch}", darker(colour, 0.55), 1.5, 0.6)

    def stripes(self, colour: str) -> str:
        return self.drawing.pattern(
            18, 18, f'<rect width="18" height="8" fill="{colour}" fill-opacity=".75"/>'
        )

    def dots(self, colour: str) -> str:
        spots = "".join(f'<circle cx="{at}" cy="{at}" r="2.6" fill="{colour}"/>' for at in (4, 12))
        return self.drawing.pattern(16, 16, spots)

    def plaid(self, colour: str, thread: str) -> str:
        bands = "".join(
            f'<rect {size} fill="{colour}" fill-opacity=".45"/>'
            for size in ('width="28" height="10"', 'width="10" height="28"')
        )
        lines = "".join(
            f'<rect {size} fill="{thread}" fill-opacity=".7"/>'
            for size in ('y="18" width="28" height="2"', 'x="18" width="2" height="28"')
        )
        return self.drawing.pattern(28, 28, bands + lines)

    def triangles(self, colour: str, second: str) -> str:
        triangle = f'<path d="M0 26 L15 0 L30 26Z" fill="{colour}" fill-opacity=".7"/>'
        spot = f'<circle cx="15" cy="17" r="4" fill="{second}"/>'
        return self.drawing.pattern(30, 26, triangle + spot)

    def some_pattern(self) -> str:
        """Stripes or dots in the accent colour, or nothing."""
        kind = self.chance.choice(("stripes", "dots", ""))
        return {"stripes": self.stripes, "dots": self.dots}[kind](self.accent) if kind else ""

    def draw_neck(self) -> None:
        """Neck and chest, with the shadow of the chin."""
        drawing, colours = self.drawing, self.look.colours
        neck, top = self.neck, self.top
        left, right = CENTRE - neck, CENTRE + neck
        shape = (
            f"M{left} 205 L{left} {top - 22} C{left - 1} {top - 10} "
            f"{left - 6} {top - 6} {left - 20} {top + 6} "
            f"L{CENTRE - 30} {top + 74} H{CENTRE + 30} L{right + 20} {top + 6} "
            f"C{right + 6} {top - 6} {right + 1} {top - 10} {right} {top - 22} L{right} 205Z"
        )
        skin = drawing.linear_units(
            [(0, colours.deep), (0.45, colours.shade), (1, colours.skin)],
            (CENTRE, top - 70),
            (CENTRE, top + 50),
        )
        drawing.path(shape, skin)
        with drawing.clipped(shape):
            for grow, drop, strength in ((1, 8, 0.34), (3, 13, 0.26), (5, 18, 0.18)):
                drawing.path(outline(self.look.face, grow, drop), colours.deep, opacity=strength)
            for side in (-1, 1):
                tendon = (
                    f"M{CENTRE + side * (neck - 6)} {top - 6} "
                    f"Q{CENTRE + side * 10} {top + 14} {CENTRE + side * 4} {top + 17}"
                )
                drawing.soft_line(tendon, colours.deep, 1.8, 0.24 if self.look.child else 0.34)
            drawing.glow(CENTRE - 20, top + 22, 36, 18, colours.light, 0.3)
            if self.look.age > 55 and not self.look.animated:
                for crease in range(3):
                    y = top - 18 + crease * 9
                    curve = f"M{left + 4} {y} q{neck - 4} 7 {2 * neck - 8} 0"
                    drawing.soft_line(curve, colours.deep, 1.3, 0.18 + 0.22 * self.look.ageing)

    def necklace(self) -> None:
        """A thin chain with a pendant, for those who wear one."""
        if not self.look.extras.necklace:
            return
        gold, neck, top = "#e0b13e", self.neck, self.top
        self.drawing.line(
            f"M{CENTRE - neck - 6} {top - 8} Q{CENTRE} {top + 50} {CENTRE + neck + 6} {top - 8}", gold, 2
        )
        self.drawing.ellipse(CENTRE, top + 24, 4.5, 5.5, self.chance.choice((gold, self.accent, "#f4efe9")))
