"""What years and sun leave on skin: wrinkles, spots and freckles, always softer than a scar."""

from __future__ import annotations

from avatar_core.models.demo.build import CENTRE
from avatar_core.models.demo.colour import lightness, mix
from avatar_core.models.demo.look import Look
from avatar_core.models.demo.svg import Drawing


def draw_marks(drawing: Drawing, look: Look) -> None:
    """Freckles on some light skin, age spots from seventy on."""
    if look.animated:
        return
    face, colours, chance = look.face, look.colours, look.chance("marks")
    middle = CENTRE + face.turn
    fair = lightness(colours.skin) > 0.6 and not look.hair.beard
    if fair and 4 < look.age < 40 and chance.random() < (0.35 if look.child else 0.2):
        for side in (-1, 1):
            for _ in range(9):
                x = middle + side * chance.uniform(12, 46)
                drawing.ellipse(x, face.nose_y - 9 + chance.uniform(-11, 9), 1.3, 1.1, "#a8623c", 0.45)
    if look.age > 68:
        for _ in range(int(4 + 6 * look.ageing)):
            x, y = CENTRE + chance.uniform(-56, 56), chance.uniform(face.crown + 24, face.nose_y)
            drawing.glow(x, y, chance.uniform(2.5, 4.5), chance.uniform(2, 3.6), colours.deep, 0.3)
    if (look.masculine and look.age > 15 and chance.random() < 0.25) or chance.random() < 0.08:
        x = middle + chance.choice((-1, 1)) * chance.uniform(24, 40)
        drawing.ellipse(x, face.mouth_y - chance.uniform(2, 26), 1.6, 1.5, colours.deep, 0.7)


def draw_wrinkles(drawing: Drawing, look: Look) -> None:
    """Lines that grow from about forty on; an animated character keeps only the laugh lines."""
    amount = look.ageing**1.25
    if amount <= 0:
        return
    ink = mix(look.colours.deep, look.colours.skin, 0.18)
    if look.animated:
        amount *= 0.55
    for side in (-1, 1):
        _draw_laugh_line(drawing, look, ink, amount, side)
        if not look.animated:
            _draw_eye_lines(drawing, look, ink, amount, side)
    if amount > 0.2 and not look.animated:
        _draw_forehead(drawing, look, ink, amount)


def _draw_laugh_line(drawing: Drawing, look: Look, ink: str, amount: float, side: int) -> None:
    """From the nose to the corner of the mouth, and later from the mouth down."""
    face = look.face
    middle = CENTRE + face.turn
    x = middle + side * (face.nose_width + 6)
    corner = middle + side * (face.mouth_width + 7)
    curve = (
        f"M{x} {face.nose_y - 4} C{x + side * 8} {face.nose_y + 6} {corner} "
        f"{face.mouth_y - 10} {corner} {face.mouth_y + 3}"
    )
    drawing.soft_line(curve, ink, 1.4 + 1.2 * amount, 0.14 + 0.4 * amount)
    if amount > 0.5:
        fold = f"M{corner - side * 3} {face.mouth_y + 10} q{side * 4} 8 {side * 2} 16"
        drawing.soft_line(fold, ink, 1.6, 0.4 * amount)
        jowl = CENTRE + side * (face.jaw - 6)
        drawing.glow(jowl, face.chin - 24, 18, 15, look.colours.shade, 0.45 * amount)


def _draw_eye_lines(drawing: Drawing, look: Look, ink: str, amount: float, side: int) -> None:
    """Bags under the eye and crow's feet beside it."""
    face = look.face
    x, y = CENTRE + face.turn + side * face.eye_gap, face.eye_y
    bag = f"M{x - side * 13} {y + 12} Q{x} {y + 19 + 3 * amount} {x + side * 14} {y + 12}"
    drawing.soft_line(bag, ink, 1.2 + 1.0 * amount, 0.1 + 0.34 * amount)
    if amount > 0.12:
        for feather in range(3):
            start = f"M{x + side * 20} {y - 3 + feather * 4}"
            drawing.line(
                f"{start} q{side * 6} {feather * 4 - 4} {side * 11} {feather * 6 - 5}", ink, 1.1, 0.4 * amount
            )


def _draw_forehead(drawing: Drawing, look: Look, ink: str, amount: float) -> None:
    """Lines across the forehead, and a frown from sixty on."""
    face, chance = look.face, look.chance("forehead")
    middle = CENTRE + face.turn
    for level in range(2 + (amount > 0.55)):
        y = face.eye_y - 50 + level * 10
        half = 30 - level * 2 + chance.uniform(-4, 4)
        curve = f"M{middle - half} {y} q{half * 0.5} {-3 + chance.uniform(-1, 1)} {half} 0 t{half} 1"
        drawing.soft_line(curve, ink, 1.1 + 0.7 * amount, 0.05 + 0.2 * amount)
    if amount > 0.45:
        for side in (-1, 1):
            frown = f"M{middle + side * 5} {face.eye_y - 22} q{side * -1.5} 6 {side} 11"
            drawing.soft_line(frown, ink, 1.2, 0.25 * amount)
