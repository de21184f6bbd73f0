"""Eyes and eyebrows."""

from __future__ import annotations

from dataclasses import dataclass

from avatar_core.models.demo.build import CENTRE
from avatar_core.models.demo.colour import darker, lighter, lightness, mix
from avatar_core.models.demo.look import Look
from avatar_core.models.demo.svg import Drawing


@dataclass(frozen=True, slots=True)
class _Eye:
    """One eye's place: ``inner`` and ``outer`` corners and how far the lids stand from the middle."""

    side: int  #: -1 on the left of the picture, 1 on the right
    x: float
    y: float
    half: float
    lid: float  #: height of the upper lid over the middle
    inner: float
    outer: float
    outer_y: float

    @property
    def upper(self) -> str:
        """The upper lid's edge from the inner to the outer corner."""
        near, far = self.x - self.side * self.half * 0.5, self.x + self.side * self.half * 0.55
        return (
            f"M{self.inner} {self.y + 1.5} C{near} {self.y - self.lid} {far} {self.y - self.lid * 0.98} "
            f"{self.outer} {self.outer_y}"
        )

    @property
    def shape(self) -> str:
        near, far = self.x - self.side * self.half * 0.5, self.x + self.side * self.half * 0.5
        low = self.y + self.lid * 0.74
        return f"{self.upper} C{far} {low} {near} {low} {self.inner} {self.y + 1.5}Z"


def draw_eyes(drawing: Drawing, look: Look) -> None:
    """Both eyes with their brows."""
    for side in (-1, 1):
        eye = _eye_of(look, side)
        _draw_brow(drawing, look, eye)
        _draw_ball(drawing, look, eye)
        _draw_lids(drawing, look, eye)


def _eye_of(look: Look, side: int) -> _Eye:
    """The eye on the far side of a turned head is a little narrower and closer to the middle."""
    face = look.face
    turned = 1 - 0.009 * face.turn * side
    x = CENTRE + side * face.eye_gap * turned + face.turn * 1.15
    youth = max(0.0, min(1.0, (15 - look.age) / 9))  # children's eyes are rounder
    half = 15.5 * face.eye_size * turned * (0.88 if look.animated else 1 - 0.17 * youth)
    cheer = 0.93 if look.smile == "laugh" else 1.0
    droop = 1.2 * look.ageing
    return _Eye(
        side=side,
        x=x,
        y=face.eye_y,
        half=half,
        lid=10.2 * face.eye_size * face.eye_open * cheer * (1.12 if look.animated else 1 + 0.06 * youth),
        inner=x - side * half,
        outer=x + side * half,
        outer_y=face.eye_y - face.eye_lift + droop,
    )


def _draw_brow(drawing: Drawing, look: Look, eye: _Eye) -> None:
    face, colour = look.face, look.colours.brow
    if look.age < 3:
        colour = mix(colour, look.colours.skin, 0.4)
    size = face.eye_size
    y = eye.y - 17.5 * (0.55 + 0.45 * size) - face.brow_height + 1.5 * look.ageing
    inner, outer = eye.x - eye.side * 15 * size**0.5, eye.x + eye.side * 19 * size**0.5
    weight, arch = face.brow_weight, face.brow_arch
    curve = (
        f"M{inner} {y + 0.4} Q{eye.x + eye.side * 2} {y - weight - arch} {outer} {y + 2.5} "
        f"Q{eye.x + eye.side * 3} {y - arch * 0.6} {inner - eye.side * 0.5} {y + 0.4 + weight * 0.8}Z"
    )
    drawing.path(curve, colour, opacity=0.9)
    if look.animated or look.child:
        return
    for hair in range(5):
        start = f"M{inner + eye.side * hair * 5.5} {y + 1.6 - hair * 0.9}"
        drawing.line(f"{start} l{eye.side * 4} -3.4", darker(colour, 0.3), 0.9, 0.35)


def _draw_ball(drawing: Drawing, look: Look, eye: _Eye) -> None:
    """The white, the iris below the lid's shadow, and two lights in it."""
    iris = look.colours.iris
    drawing.path(eye.shape, "#fbf7f1")
    bigger = 1.14 if look.animated else 1.0
    radius = 7.6 * look.face.eye_size**1.05 * bigger
    x, y = eye.x + look.face.turn * 0.15, eye.y - 0.4
    with drawing.clipped(eye.shape):
        stops = [(0.0, lighter(iris, 0.38)), (0.55, iris), (1.0, darker(iris, 0.65))]
        drawing.ellipse(x, y, radius, radius, drawing.radial(stops, centre=(0.5, 0.64), radius=0.6))
        drawing.ring(x, y, radius, radius, darker(iris, 0.75), 1.2)
        drawing.ellipse(x, y, radius * 0.46, radius * 0.46, "#0d0807")
        shadow = [(0.0, "#2a1512", 0.5), (0.4, "#2a1512", 0.28), (1.0, "#2a1512", 0.0)]
        lid = drawing.linear_units(shadow, (eye.x, eye.y - eye.lid * 0.75), (eye.x, eye.y + 1))
        drawing.path(eye.shape, lid)
    drawing.ellipse(x - radius * 0.34, y - radius * 0.38, radius * 0.28, radius * 0.28, "#ffffff", 0.96)
    drawing.ellipse(x + radius * 0.36, y + radius * 0.40, radius * 0.13, radius * 0.13, "#ffffff", 0.6)


def _draw_lids(drawing: Drawing, look: Look, eye: _Eye) -> None:
    colours, made_up = look.colours, bool(look.extras.makeup)
    near, far = eye.x - eye.side * eye.half * 0.5, eye.x + eye.side * eye.half * 0.5
    if made_up:
        shadow = (
            f"{eye.upper} L{eye.outer + eye.side * 3} {eye.y - 4} "
            f"C{far} {eye.y - eye.lid - 6} {near} {eye.y - eye.lid - 5} {eye.inner} {eye.y - 1}Z"
        )
        drawing.path(shadow, mix(colours.deep, colours.accent, 0.3), opacity=0.24)
    lash = "#1b0f0c" if lightness(colours.brow) < 0.55 else "#4a3a34"
    weight = 1.7 if look.child or look.masculine else 3.0 if made_up else 2.5
    drawing.line(eye.upper, lash, weight * (0.8 + 0.2 * look.face.eye_size))
    if not look.masculine and not look.child and (made_up or look.age < 50):
        flick = f"M{eye.outer - eye.side * 3} {eye.outer_y - 0.8} q{eye.side * 4} -.8 {eye.side * 6} -4"
        drawing.line(flick, lash, weight * 0.75)
    lower = (
        f"M{eye.inner + eye.side * 3} {eye.y + 3.6} Q{eye.x} "
        f"{eye.y + eye.lid * 0.74 + 1} {eye.outer} {eye.outer_y + 1}"
    )
    drawing.line(lower, colours.deep, 1.1, 0.42)
    if look.face.lid_crease or look.animated:
        crease = (
            f"M{eye.inner + eye.side} {eye.y - 3} C{near} {eye.y - eye.lid - 4} {far} {eye.y - eye.lid - 4} "
            f"{eye.outer + eye.side * 2} {eye.outer_y - 3.4}"
        )
        drawing.line(crease, colours.deep, 1.5, 0.5)
