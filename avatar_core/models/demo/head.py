"""The head: its outline, ears and the light on the skin; the features come from their own rooms."""

from __future__ import annotations

from avatar_core.models.demo.ageing import draw_marks, draw_wrinkles
from avatar_core.models.demo.beard import draw_beard
from avatar_core.models.demo.build import CENTRE, Face
from avatar_core.models.demo.colour import darker, lighter, lightness, mix
from avatar_core.models.demo.eyes import draw_eyes
from avatar_core.models.demo.look import Look
from avatar_core.models.demo.mouth import draw_mouth
from avatar_core.models.demo.nose import draw_nose
from avatar_core.models.demo.svg import Drawing


def outline(face: Face, grow: float = 0.0, drop: float = 0.0) -> str:
    """The face's outline as a path, grown by so many units and moved down."""
    width, jaw = face.half_width + grow, face.jaw + grow
    chin, crown = face.chin + grow + drop, face.crown - grow + drop
    left, right, middle = CENTRE - width, CENTRE + width, face.chin_x
    temple, cheek = 165 + drop, 192 + drop
    corner = chin - 34
    jaw_left, jaw_right = CENTRE - jaw + face.turn * 0.2, CENTRE + jaw + face.turn * 0.2
    return (
        f"M{left} {temple} C{left} {crown + 30} {CENTRE - width * 0.74} {crown} {CENTRE} {crown} "
        f"C{CENTRE + width * 0.74} {crown} {right} {crown + 30} {right} {temple} "
        f"C{right} {cheek} {jaw_right + 7} {corner - 18} {jaw_right} {corner} "
        f"C{jaw_right - 10} {corner + 20} {middle + face.chin_width + 8} {chin} {middle} {chin} "
        f"C{middle - face.chin_width - 8} {chin} {jaw_left + 10} {corner + 20} {jaw_left} {corner} "
        f"C{jaw_left - 7} {corner - 18} {left} {cheek} {left} {temple}Z"
    )


def draw_head(drawing: Drawing, look: Look) -> None:
    """Draw the bald head with everything in the face."""
    face, colours = look.face, look.colours
    _draw_ears(drawing, look)
    shape = outline(face)
    skin = [(0.0, mix(colours.skin, colours.light, 0.75)), (1.0, darker(colours.skin, 0.27))]
    drawing.path(shape, drawing.linear(skin, (0.2, 0.1), (0.86, 0.98)))
    with drawing.clipped(shape):
        _draw_light(drawing, look)
        draw_marks(drawing, look)
        draw_wrinkles(drawing, look)
        draw_nose(drawing, look)
        draw_mouth(drawing, look)
        draw_eyes(drawing, look)
        draw_beard(drawing, look)


def _draw_ears(drawing: Drawing, look: Look) -> None:
    """Two ears; the one on the far side of a turned head is narrower."""
    face, colours = look.face, look.colours
    for side in (-1, 1):
        visible = 1 - 0.055 * face.turn * side
        x, y = CENTRE + side * (face.half_width + 1 + visible), face.eye_y + 11
        wide, high = 10.5 * face.ear * visible, 19 * face.ear
        drawing.ellipse(x, y, wide, high, colours.skin)
        drawing.ellipse(x, y, wide, high, colours.shade, 0.22)
        drawing.glow(x + side, y + 1, wide * 0.85, high * 0.85, colours.deep, 0.5)
        fold = f"M{x + side * 4 * visible} {y - 11} q{side * -8} 2 {side * -6} 18"
        drawing.line(fold, colours.deep, 1.5, 0.45)


def _draw_light(drawing: Drawing, look: Look) -> None:
    """Light from the upper left: a shaded side, the shadow below the hair, cheeks and a lit forehead."""
    face, colours = look.face, look.colours
    middle = CENTRE + face.turn
    depth = min(1.0, 0.55 + lightness(colours.skin))  # dark skin keeps its drawing in the shade
    top, bottom, right = face.crown, face.chin, CENTRE + face.half_width
    dusk = drawing.linear_units(
        [(0.0, colours.shade, 0.0), (1.0, colours.shade, 0.46 * depth)],
        (CENTRE + 8, top),
        (right + 6, top + 24),
    )
    drawing.rect(CENTRE - 10, top, face.half_width + 12, bottom - top, dusk)
    chin = drawing.linear_units(
        [(0.0, colours.shade, 0.0), (1.0, colours.shade, 0.5)], (CENTRE, bottom - 36), (CENTRE, bottom + 6)
    )
    drawing.rect(CENTRE - 80, bottom - 36, 160, 40, chin)
    if look.hair.style == "bald":
        drawing.glow(CENTRE - 18, top + 24, 40, 22, "#ffffff", 0.34)
    else:
        fringe = drawing.linear_units(
            [(0.0, colours.deep, 0.55 * depth), (1.0, colours.deep, 0.0)], (CENTRE, top), (CENTRE, top + 68)
        )
        drawing.rect(CENTRE - 80, top, 160, 68, fringe)
    blush = "#e0503f" if lightness(colours.skin) > 0.5 else "#b4402c"
    rosy = 0.5 if look.child else 0.12 if look.masculine else 0.5 if look.animated else 0.4
    for side in (-1, 1):
        drawing.glow(middle + side * 40, face.nose_y - 1, 29, 22, blush, rosy * 0.6)
        drawing.glow(middle + side * face.eye_gap, face.eye_y - 3, 31, 21, colours.deep, 0.16 * depth)
        drawing.glow(middle + side * 37, face.nose_y - 16, 21, 13, colours.light, 0.4)
    drawing.glow(CENTRE - 8, face.crown + 42, 46, 24, colours.light, 0.34)
    drawing.glow(middle, face.mouth_y + 20, 25, 11, colours.deep, 0.24)
    drawing.glow(face.chin_x, face.chin - 13, 20, 12, lighter(colours.light, 0.1), 0.36)
