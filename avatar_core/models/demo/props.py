"""Glasses and earrings."""

from __future__ import annotations

from avatar_core.models.demo.build import CENTRE
from avatar_core.models.demo.hats import HATS
from avatar_core.models.demo.look import Look
from avatar_core.models.demo.svg import Drawing

RIM_WIDTH = {"thin": 2.0, "round": 3.2, "square": 4.0, "cat": 3.8}


def draw_props(look: Look) -> Drawing:
    """Everything on top: earrings, glasses and hat."""
    drawing = Drawing()
    if look.extras.earring:
        for side in (-1, 1):
            _draw_earring(drawing, look, side)
    if look.extras.glasses:
        _draw_glasses(drawing, look)
    if look.extras.hat:
        HATS[look.extras.hat](drawing, look)
    return drawing


def _draw_earring(drawing: Drawing, look: Look, side: int) -> None:
    face, kind = look.face, look.extras.earring
    metal = look.chance("earring").choice(("#e8b93f", "#d8d9de"))
    x, y = CENTRE + side * (face.half_width + 2), face.eye_y + 30
    if kind == "pearl":
        drawing.ellipse(x, y + 1, 5.2, 5.2, "#f6efe6")
        drawing.ellipse(x - 1.5, y - 0.5, 1.7, 1.7, "#ffffff")
    elif kind == "stud":
        drawing.ellipse(x, y - 2, 3.4, 3.4, metal)
        drawing.ellipse(x - 1, y - 3, 1.2, 1.2, "#ffffff")
    elif kind == "hoop":
        drawing.ring(x, y + 11, 10, 12, metal, 3)
        drawing.line(f"M{x - 8} {y + 8} q1 -6 5 -8", "#ffffff", 1.4, 0.8)
    else:
        drawing.line(f"M{x} {y - 1} v9", metal, 2)
        drawing.path(f"M{x} {y + 7} q8 13 0 18 q-8 -5 0 -18Z", look.colours.accent)
        drawing.ellipse(x - 2, y + 17, 1.5, 2.8, "#ffffff", 0.7)


def _draw_glasses(drawing: Drawing, look: Look) -> None:
    face, kind, rims = look.face, look.extras.glasses, look.extras.rims
    size = max(1.0, face.eye_size * 0.92)
    wide, high = (21.5 * size, 19 * size) if kind in ("round", "thin") else (23.5 * size, 16.5 * size)
    width, y, shift = RIM_WIDTH[kind], face.eye_y + 2, face.turn * 1.1
    inner: list[float] = []
    for side in (-1, 1):
        turned = 1 - 0.009 * face.turn * side
        x, half = CENTRE + side * face.eye_gap * turned + shift, wide * turned
        half = min(half, abs(x - CENTRE - shift) - 3)
        lens = _lens(kind, x, y, half, high, side)
        drawing.path(lens, "#eaf6ff", opacity=0.14)
        drawing.path(lens, stroke=rims, width=width)
        drawing.line(
            f"M{x - half * 0.5} {y - high * 0.45} L{x - half * 0.12} {y - high * 0.7}", "#ffffff", 2.4, 0.55
        )
        temple = f"M{x + side * half} {y - 4} L{CENTRE + side * (face.half_width + 1)} {y - 6}"
        drawing.line(temple, rims, width * 0.9)
        inner.append(x - side * half)
    bridge = f"M{inner[0]} {y - 3} Q{CENTRE + shift} {y - 9} {inner[1]} {y - 3}"
    drawing.line(bridge, rims, width * 0.95)


def _lens(kind: str, x: float, y: float, wide: float, high: float, side: int) -> str:
    if kind in ("round", "thin"):
        return f"M{x - wide} {y} a{wide} {high} 0 1 1 {2 * wide} 0 a{wide} {high} 0 1 1 {-2 * wide} 0Z"
    if kind == "square":
        return (
            f"M{x - wide + 5} {y - high} H{x + wide - 5} Q{x + wide} {y - high} {x + wide} {y - high + 6} "
            f"L{x + wide - 3} {y + high - 6} Q{x + wide - 4} {y + high} {x + wide - 10} {y + high} "
            f"H{x - wide + 10} Q{x - wide + 4} {y + high} {x - wide + 3} {y + high - 6} "
            f"L{x - wide} {y - high + 6} Q{x - wide} {y - high} {x - wide + 5} {y - high}Z"
        )
    return (
        f"M{x - side * (wide - 2)} {y - high * 0.7} Q{x} "
        f"{y - high - 2} {x + side * (wide + 6)} {y - high - 6} "
        f"Q{x + side * (wide + 3)} {y + high * 0.4} {x + side * wide * 0.4} {y + high} "
        f"Q{x - side * wide * 0.9} {y + high + 2} {x - side * (wide - 2)} {y - high * 0.7}Z"
    )
