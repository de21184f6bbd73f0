"""Long curly and coily hair: afro, long curls, braids."""

from __future__ import annotations

from avatar_core.models.demo.build import CENTRE
from avatar_core.models.demo.colour import darker, lighter, mix
from avatar_core.models.demo.comb import Comb
from avatar_core.models.demo.hair_long import Room


def _front_curls(comb: Comb) -> None:
    """Curls along the hairline, over a cap."""
    face = comb.face
    comb.drawing.path(comb.cap(12, 110, (face.half_width - 10, 130), 170), comb.paint)
    points = comb.ring((CENTRE, 140), (face.half_width - 4, 44), (8, 172), 26, 2.5)
    points += comb.ring((CENTRE, 126), (face.half_width + 2, 50), (10, 170), 24)
    comb.curls(points, 8.5, 12.5)


def back_afro(comb: Comb) -> None:
    """A wide round afro."""
    reach = comb.face.half_width + 36
    comb.drawing.ellipse(CENTRE, 136, reach, 88, darker(comb.colour, 0.15))
    points = comb.cloud((CENTRE, 132), (reach - 3, 80), 76) + comb.ring(
        (CENTRE, 136), (reach, 89), (-24, 204), 46
    )
    comb.curls(points, 12, 17)


def front_afro(comb: Comb) -> None:
    """Curls along the hairline."""
    _front_curls(comb)


def back_curls(comb: Comb) -> None:
    """Curls down over the shoulders."""
    width, crown = comb.face.half_width, comb.face.crown
    comb.drawing.path(
        f"M{CENTRE - width - 22} 140 C{CENTRE - width - 18} {crown - 36} {CENTRE + width + 18} {crown - 36} "
        f"{CENTRE + width + 22} 140 L{CENTRE + width + 26} 296 Q{CENTRE} 330 {CENTRE - width - 26} 296Z",
        darker(comb.colour, 0.25),
    )
    sides = [
        (CENTRE + side * (width + comb.chance.uniform(2, 32 - max(0, y - 270) * 0.3)), float(y))
        for y in range(98, 312, 11)
        for side in (-1, 1)
    ]
    top = comb.ring((CENTRE, 132), (width + 22, 72), (0, 180), 34) + comb.cloud(
        (CENTRE, 150), (width + 26, 60), 46
    )
    comb.curls(sides + top, 11, 16)


def front_curls(comb: Comb) -> None:
    """Curls along the hairline and down both sides of the face."""
    _front_curls(comb)
    width = comb.face.half_width
    falling = [
        (CENTRE + side * (width + comb.chance.uniform(1, 13)), float(y))
        for y in range(150, 306, 10)
        for side in (-1, 1)
    ]
    comb.curls(falling, 8.5, 12)


def _draw_braid(comb: Comb, curve: str, thickness: float, tone: str) -> None:
    comb.drawing.line(curve, tone, thickness)
    comb.drawing.line(curve, lighter(comb.colour, 0.34), thickness * 0.66, 0.36, dashes="2 6")


def back_braids(comb: Comb) -> None:
    """Many braids down the back, some with beads."""
    width, count = comb.face.half_width, 15
    for number in range(count):
        root = CENTRE - width - 2 + (2 * width + 4) * number / (count - 1)
        tip = CENTRE + (root - CENTRE) * 1.36 + comb.jitter(5)
        end = comb.chance.uniform(322, 350)
        tone = mix(comb.colour, darker(comb.colour, 0.4), comb.chance.random())
        _draw_braid(comb, f"M{root:.1f} 110 C{tip:.1f} 170 {tip:.1f} 240 {tip:.1f} {end:.1f}", 12, tone)
        if number % 3 == 0:
            bead = comb.chance.choice(("#e9b949", "#d9d4cc", comb.look.colours.accent))
            comb.drawing.ellipse(tip, end - 12, 6.5, 5, bead)


def front_braids(comb: Comb) -> None:
    """Rows over the skull, and two braids in front of each shoulder."""
    width, crown = comb.face.half_width, comb.face.crown
    shape = comb.cap(10, 110, (width - 12, 128), 174)
    comb.drawing.path(shape, comb.paint)
    with comb.drawing.clipped(shape):
        for number in range(17):
            step = number - 8
            row = (
                f"M{CENTRE + step * 8.6:.1f} 132 Q{CENTRE + step * 9:.1f} "
                f"96 {CENTRE + step * 4:.1f} {crown - 14}"
            )
            tone = lighter(comb.colour, 0.26) if number % 2 else darker(comb.colour, 0.7)
            comb.drawing.line(row, tone, 2, 0.5)
        comb.shine(0.22)
    for side in (-1, 1):
        for offset in (0, 11):
            x = CENTRE + side * (width + 8 + offset)
            curve = f"M{CENTRE + side * (width - 4 + offset * 0.4)} 134 C{x} 190 {x + side * 2} 250 {x} 330"
            _draw_braid(comb, curve, 11, mix(comb.colour, darker(comb.colour, 0.3), 0.5))


COILY_STYLES: dict[str, tuple[Room, Room]] = {
    "afro": (back_afro, front_afro),
    "curls_long": (back_curls, front_curls),
    "braids": (back_braids, front_braids),
}
"""For each style, what is drawn behind the body and what in front of the head."""
