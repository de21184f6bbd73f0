"""What every background is painted with: washes, boxes, discs, rows of books and points of light."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import TypeVar

from avatar_core.models.demo.svg import Drawing

Span = tuple[float, float]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Light:
    """A small bright spot that the blur will open into a disc."""

    x: float
    y: float
    radius: float
    strength: float
    colour: str


class Brush:
    """A background in the making, 400 x 400 units, to be put out of focus later."""

    def __init__(self, chance: Random, turn: int = 0) -> None:
        self.chance, self._turn = chance, turn
        self.drawing = Drawing()
        self.lights: list[Light] = []

    def pick(self, options: Sequence[T]) -> T:
        """One of several variants: neighbours in a grid get different ones."""
        return options[self._turn % len(options)]

    def wash(self, top: str, bottom: str) -> None:
        """Fill everything, from one colour above to another below."""
        self.drawing.rect(-10, -10, 420, 420, self.drawing.linear([(0, top), (1, bottom)]))

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        colour: str,
        round_by: float = 0,
        opacity: float = 1,
    ) -> None:
        self.drawing.rect(x, y, width, height, colour, round_by, opacity)

    def disc(self, x: float, y: float, radius: float, colour: str) -> None:
        self.drawing.ellipse(x, y, radius, radius, colour)

    def shape(self, d: str, colour: str, opacity: float = 1) -> None:
        self.drawing.path(d, colour, opacity=opacity)

    def line(self, d: str, colour: str, width: float, opacity: float = 1) -> None:
        self.drawing.line(d, colour, width, opacity)

    def books(
        self, y: float, height: float, colours: Sequence[str], left: float = 0, right: float = 400
    ) -> None:
        """A row of book spines that stand on ``y``."""
        x = left
        while x < right:
            thick = self.chance.uniform(9, 19)
            tall = height * self.chance.uniform(0.74, 0.97)
            self.box(x, y - tall, thick - 1, tall, self.chance.choice(colours))
            self.box(x, y - tall * 0.8, thick - 1, 4, "#f4dca0", opacity=0.55)
            x += thick

    def sparkle(
        self,
        count: int,
        colours: Sequence[str],
        y: Span = (0, 200),
        strength: Span = (5, 12),
        x: Span = (0, 400),
    ) -> None:
        """Points of light anywhere in an area."""
        for _ in range(count):
            self.lights.append(
                Light(
                    self.chance.uniform(*x),
                    self.chance.uniform(*y),
                    self.chance.uniform(1.2, 2.6),
                    self.chance.uniform(*strength),
                    self.chance.choice(colours),
                )
            )

    def bulbs(self, points: Sequence[Span], radius: float, strength: float, colour: str) -> None:
        """Lamps at given places."""
        self.lights += [Light(x, y, radius, strength, colour) for x, y in points]
