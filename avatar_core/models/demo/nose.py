"""The nose: a shaded side, a lit bridge, a tip and two nostrils."""

from __future__ import annotations

from avatar_core.models.demo.build import CENTRE
from avatar_core.models.demo.colour import darker, lighter
from avatar_core.models.demo.look import Look
from avatar_core.models.demo.svg import Drawing


def draw_nose(drawing: Drawing, look: Look) -> None:
    """Draw the nose."""
    face, colours = look.face, look.colours
    width, tip_y = face.nose_width, face.nose_y
    x = CENTRE + face.turn * 1.5
    towards = 1 if face.turn > -2 else -1  # the shaded side follows a head turned to the light
    if not look.animated:
        shade = (
            f"M{x + towards * 4} {face.eye_y - 8} C{x + towards * 8} {face.eye_y + 10} "
            f"{x + towards * width * 0.8} {tip_y - 14} {x + towards * (width + 1)} {tip_y - 2} "
            f"Q{x + towards * width * 0.5} {tip_y + 7} {x} {tip_y + 5}Z"
        )
        fade = [(0.0, colours.deep, 0.05), (1.0, colours.deep, 0.34)]
        drawing.path(shade, drawing.linear(fade))
        bridge = (
            f"M{x - towards * 2} {face.eye_y} Q{x - towards * 3.5} {tip_y - 18} {x - towards * 2} {tip_y - 8}"
        )
        drawing.soft_line(bridge, colours.light, 4.5, 0.45)
    drawing.glow(x, tip_y + 7, width * 1.5, 7, colours.deep, 0.42)
    round_tip = width * 0.72 * face.nose_tip
    drawing.glow(x, tip_y - 1, round_tip + 3, round_tip * 0.8 + 3, colours.light, 0.38)
    drawing.glow(x - 2.5, tip_y - 4, 7, 5.5, lighter(colours.light, 0.5), 0.8 if look.animated else 0.6)
    for side in (-1, 1):
        _draw_nostril(drawing, look, x, side)


def _draw_nostril(drawing: Drawing, look: Look, x: float, side: int) -> None:
    colours, width, y = look.colours, look.face.nose_width, look.face.nose_y
    wing = (
        f"M{x + side * (width - 1)} {y - 6} Q{x + side * (width + 3)} "
        f"{y + 1} {x + side * (width - 3)} {y + 3.5}"
    )
    drawing.line(wing, colours.deep, 1.7, 0.22 if look.animated or look.age < 10 else 0.55)
    hole = (
        f"M{x + side * (width - 3.5)} {y + 3} Q{x + side * width * 0.5} {y - 1} {x + side * 2.8} {y + 4.2} "
        f"Q{x + side * width * 0.5} {y + 5.4} {x + side * (width - 3.5)} {y + 3}Z"
    )
    drawing.path(hole, darker(colours.skin, 0.68), opacity=0.36 if look.animated else 0.68)
