"""Hats of some trades."""

from __future__ import annotations

from collections.abc import Callable

from avatar_core.models.demo.build import CENTRE
from avatar_core.models.demo.colour import darker, lighter
from avatar_core.models.demo.look import Look
from avatar_core.models.demo.svg import Drawing


def draw_hardhat(drawing: Drawing, look: Look) -> None:
    """A safety helmet."""
    colour = look.chance("hat colour").choice(("#f7c11e", "#f4b400", "#f58b1f", "#f2f2ee", "#3f7fc4"))
    width, crown = look.face.half_width, look.face.crown
    left, right = CENTRE - width, CENTRE + width
    stops = [(0.0, lighter(colour, 0.75)), (0.4, colour), (1.0, darker(colour, 0.3))]
    drawing.path(
        f"M{left - 10} 126 C{left - 12} {crown - 22} {CENTRE - 46} {crown - 44} {CENTRE} {crown - 44} "
        f"C{CENTRE + 46} {crown - 44} {right + 12} {crown - 22} "
        f"{right + 10} 126 Q{CENTRE} 104 {left - 10} 126Z",
        drawing.radial(stops, (0.36, 0.26), 0.85),
    )
    drawing.path(
        f"M{CENTRE - 15} {crown - 43} Q{CENTRE} {crown - 53} {CENTRE + 15} {crown - 43} "
        f"L{CENTRE + 19} 112 Q{CENTRE} 109 {CENTRE - 19} 112Z",
        lighter(colour, 0.28),
    )
    for side, strength in ((-1, 0.35), (1, 0.55)):
        drawing.line(
            f"M{CENTRE + side * 15} {crown - 42} L{CENTRE + side * 19} 111", darker(colour, 0.35), 2, strength
        )
    drawing.path(
        f"M{left - 22} 132 Q{left - 12} 112 {CENTRE} 110 Q{right + 12} 112 "
        f"{right + 22} 132 Q{CENTRE} 117 {left - 22} 132Z",
        darker(colour, 0.14),
    )
    drawing.line(f"M{left - 20} 130 Q{CENTRE} 111 {right + 20} 130", lighter(colour, 0.6), 2, 0.7)
    drawing.glow(CENTRE - 30, crown - 8, 24, 32, "#ffffff", 0.4)


def draw_toque(drawing: Drawing, look: Look) -> None:
    """A cook's white hat."""
    width = look.face.half_width
    left, right = CENTRE - width, CENTRE + width
    linen = drawing.linear([(0, "#ffffff"), (0.6, "#f1f2f4"), (1, "#c9ced6")], (0, 0), (0.8, 1))
    drawing.path(
        f"M{left + 2} 96 C{left - 32} 72 {left - 18} 22 {CENTRE - 44} 30 "
        f"C{CENTRE - 34} 8 {CENTRE + 26} 4 {CENTRE + 38} 27 "
        f"C{right + 14} 16 {right + 34} 68 {right - 2} 96Z",
        linen,
    )
    for x in (-46, -22, 2, 26, 48):
        pleat = f"M{CENTRE + x} 92 C{CENTRE + x * 1.15} 72 {CENTRE + x * 1.25} 56 {CENTRE + x * 1.1} 38"
        drawing.line(pleat, "#b9c0ca", 2.4, 0.6)
    band = (
        f"M{left - 2} 122 L{left + 1} 86 Q{CENTRE} 72 {right - 1} 86 "
        f"L{right + 2} 122 Q{CENTRE} 106 {left - 2} 122Z"
    )
    drawing.path(band, linen)
    drawing.line(f"M{left} 120 Q{CENTRE} 105 {right} 120", "#aeb6c1", 2, 0.8)
    drawing.line(f"M{left + 1} 88 Q{CENTRE} 74 {right - 1} 88", "#aeb6c1", 1.6, 0.7)


def draw_cap(drawing: Drawing, look: Look) -> None:
    """A cap, with a badge if it belongs to a uniform."""
    colour = look.chance("hat colour").choice(("#22406e", "#a12f2b", "#2c3038", "#2f5d50"))
    if look.outfit == "uniform":
        colour = "#26324a"
    width, crown = look.face.half_width, look.face.crown
    left, right = CENTRE - width, CENTRE + width
    stops = [(0.0, lighter(colour, 0.45)), (0.5, colour), (1.0, darker(colour, 0.4))]
    drawing.path(
        f"M{left - 6} 124 C{left - 8} {crown - 14} {CENTRE - 44} {crown - 28} {CENTRE} {crown - 28} "
        f"C{CENTRE + 44} {crown - 28} {right + 8} {crown - 14} {right + 6} 124 Q{CENTRE} 96 {left - 6} 124Z",
        drawing.radial(stops, (0.36, 0.25), 0.9),
    )
    drawing.line(f"M{CENTRE} {crown - 28} V104", darker(colour, 0.5), 1.6, 0.5)
    drawing.path(
        f"M{left + 2} 120 Q{CENTRE} 86 {right - 2} 120 Q{right + 2} 135 {right - 10} 137 "
        f"Q{CENTRE} 112 {left + 10} 137 Q{left - 2} 135 {left + 2} 120Z",
        darker(colour, 0.25),
    )
    drawing.line(f"M{left + 8} 122 Q{CENTRE} 92 {right - 8} 122", lighter(colour, 0.5), 2, 0.4)
    drawing.ellipse(CENTRE, crown - 28, 5, 3, darker(colour, 0.2))
    if look.outfit == "uniform":
        drawing.path(f"M{CENTRE - 14} {crown - 2} h28 v18 q-14 8 -28 0Z", "#f3efe6", opacity=0.9)


def draw_straw(drawing: Drawing, look: Look) -> None:
    """A straw hat with a band."""
    colour = look.chance("hat colour").choice(("#e3bd72", "#d9ae62", "#cfa76a"))
    width, crown = look.face.half_width, look.face.crown
    left, right = CENTRE - width, CENTRE + width
    straw = drawing.linear([(0, lighter(colour, 0.45)), (1, darker(colour, 0.28))])
    drawing.path(
        f"M{left - 48} 126 Q{left} 96 {CENTRE} 94 Q{right} 96 "
        f"{right + 48} 126 Q{CENTRE} 141 {left - 48} 126Z",
        straw,
    )
    drawing.path(
        f"M{left + 2} 112 C{left + 4} {crown - 34} {CENTRE - 30} {crown - 42} {CENTRE} {crown - 36} "
        f"C{CENTRE + 30} {crown - 42} {right - 4} {crown - 34} {right - 2} 112 Q{CENTRE} 122 {left + 2} 112Z",
        straw,
    )
    drawing.path(
        f"M{left + 2} 108 Q{CENTRE} 120 {right - 2} 108 L{right - 4} 92 Q{CENTRE} 104 {left + 4} 92Z",
        look.chance("hat band").choice(("#7a3b1d", "#3d4a3a", "#5a2d3a")),
    )
    weave = [f"M{left - 42 + n * 22} {124 + abs(5 - n) * 0.3} q14 -8 26 -4" for n in range(10)]
    drawing.line(" ".join(weave), darker(colour, 0.35), 1, 0.4)


def draw_helmet(drawing: Drawing, look: Look) -> None:
    """A firefighter's helmet: a ridge over the crown, a plate in front and a reflecting band."""
    colour = look.pick(("#c9241f", "#e8b92a", "#23262c"), "helmet")
    width, crown = look.face.half_width, look.face.crown
    left, right = CENTRE - width, CENTRE + width
    stops = [(0.0, lighter(colour, 0.5)), (0.45, colour), (1.0, darker(colour, 0.4))]
    drawing.path(
        f"M{left - 8} 122 C{left - 10} {crown - 20} {CENTRE - 44} {crown - 40} {CENTRE} {crown - 40} "
        f"C{CENTRE + 44} {crown - 40} {right + 10} {crown - 20} {right + 8} 122 "
        f"Q{CENTRE} 100 {left - 8} 122Z",
        drawing.radial(stops, (0.36, 0.26), 0.85),
    )
    for x in (-26, 26):
        rib = f"M{CENTRE + x} 106 Q{CENTRE + x * 1.2} {crown - 14} {CENTRE + x * 0.2} {crown - 39}"
        drawing.line(rib, darker(colour, 0.45), 2.4, 0.6)
    drawing.path(
        f"M{CENTRE - 9} {crown - 38} Q{CENTRE} {crown - 52} {CENTRE + 9} {crown - 38} L{CENTRE + 8} 100 "
        f"H{CENTRE - 8}Z",
        lighter(colour, 0.2),
    )
    drawing.path(
        f"M{left - 24} 134 Q{left - 10} 110 {CENTRE} 106 Q{right + 10} 110 {right + 24} 134 "
        f"Q{CENTRE} 114 {left - 24} 134Z",
        darker(colour, 0.2),
    )
    drawing.line(f"M{left - 7} 116 Q{CENTRE} 95 {right + 7} 116", "#f3e04a", 5, 0.95)
    drawing.path(
        f"M{CENTRE - 19} {crown + 2} Q{CENTRE} {crown - 16} {CENTRE + 19} {crown + 2} L{CENTRE + 14} 106 "
        f"Q{CENTRE} 114 {CENTRE - 14} 106Z",
        "#d9b648",
    )
    drawing.line(f"M{CENTRE} {crown} v16 m-7 -8 h14", darker("#d9b648", 0.5), 3)


HATS: dict[str, Callable[[Drawing, Look], None]] = {
    "hardhat": draw_hardhat,
    "toque": draw_toque,
    "cap": draw_cap,
    "straw": draw_straw,
    "helmet": draw_helmet,
}
