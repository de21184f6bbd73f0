"""Clothes that go with one kind of work: overalls, vests, scrubs, coats, aprons, uniforms."""

from __future__ import annotations

from collections.abc import Callable

from avatar_core.models.demo.build import CENTRE
from avatar_core.models.demo.colour import darker, lighter
from avatar_core.models.demo.tailor import BOTTOM, Tailor


def dress_overalls(tailor: Tailor) -> None:
    """A boiler suit with a zip and a name patch."""
    colour = tailor.look.sitter.wishes.shirt_colour or tailor.pick(
        ("#2f4f7d", "#3b4a5c", "#2d5a6b", "#4a5a3c")
    )
    tailor.garment(tailor.pick(("#c8ccd2", "#e5e2da", "#8d2f2a")), tailor.neckline("crew"), inner=True)
    tailor.garment(colour, tailor.open_front(4, 66, 8))
    neck, top, drawing = tailor.neck, tailor.top, tailor.drawing
    for side in (-1, 1):
        collar = (
            f"M{CENTRE + side * (neck + 8)} {top - 16} Q{CENTRE + side * (neck + 26)} {top + 6} "
            f"{CENTRE + side * (neck + 20)} {top + 36} L{CENTRE + side * 12} {top + 62} "
            f"Q{CENTRE + side * neck} {top + 20} {CENTRE + side * (neck + 8)} {top - 16}Z"
        )
        drawing.path(collar, lighter(colour, 0.16) if side < 0 else darker(colour, 0.08))
    drawing.line(f"M{CENTRE} {top + 66} V{BOTTOM}", "#d9b44a", 4, dashes="3 2.4")
    drawing.rect(CENTRE - 78, top + 56, 42, 20, "#f4efe4", 4)
    drawing.line(f"M{CENTRE - 71} {top + 67} q4 -7 8 0 t8 0 t8 0 t6 -1", "#b32b2b", 2)
    drawing.path(f"M{CENTRE + 36} {top + 58} h42 v46 h-42z", stroke=darker(colour, 0.5), width=2, opacity=0.6)


def dress_vest(tailor: Tailor) -> None:
    """A high-visibility vest with reflecting bands."""
    tailor.garment(tailor.pick(("#4a6a8a", "#7a7f86", "#8c5a3c")), tailor.neckline("crew"))
    vest = tailor.pick(("#ff7a1a", "#c9e52b"))
    tailor.garment(vest, tailor.open_front(2, 72, 12))
    top, wide, drawing = tailor.top, tailor.shoulders, tailor.drawing
    for side in (-1, 1):
        x = CENTRE + side * wide * 0.52
        drawing.line(f"M{x} {top + 12} V{BOTTOM}", "#e9ece6", 16)
        drawing.line(f"M{x - side * 3} {top + 14} V{BOTTOM}", "#ffffff", 4, 0.8)
        drawing.line(f"M{CENTRE + side * 14} 384 L{CENTRE + side * (wide + 6)} 381", "#e9ece6", 14)


def dress_scrubs(tailor: Tailor) -> None:
    """A hospital tunic with pens, often a stethoscope."""
    colour = tailor.look.sitter.wishes.shirt_colour or tailor.pick(
        ("#2f9e98", "#3d7fc1", "#5b6fb5", "#c0567e")
    )
    _draw_tunic(tailor, colour)
    drawing, top = tailor.drawing, tailor.top
    drawing.rect(CENTRE - 84, top + 62, 42, 48, darker(colour, 0.12), 4)
    drawing.line(f"M{CENTRE - 70} {top + 58} v24", "#2b3a67", 4.6)
    drawing.line(f"M{CENTRE - 59} {top + 58} v20", "#d8433b", 4.6)
    if tailor.chance.random() < 0.6:
        _draw_stethoscope(tailor)


def dress_tunic(tailor: Tailor) -> None:
    """A plain dark tunic, as in a salon."""
    _draw_tunic(tailor, "#2e2a33" if tailor.chance.random() < 0.5 else tailor.colour)
    tailor.necklace()


def _draw_tunic(tailor: Tailor, colour: str) -> None:
    tailor.garment(colour, tailor.neckline("v"))
    neck, top = tailor.neck, tailor.top
    for side in (-1, 1):
        edge = f"M{CENTRE + side * (neck + 10)} {top - 12} L{CENTRE} {top + 57}"
        tailor.drawing.line(edge, darker(colour, 0.3) if side > 0 else lighter(colour, 0.3), 6, 0.8)


def _draw_stethoscope(tailor: Tailor) -> None:
    neck, top, drawing = tailor.neck, tailor.top, tailor.drawing
    low = top + 88
    left = (
        f"M{CENTRE - neck - 12} {top - 10} C{CENTRE - neck - 34} {top + 48} "
        f"{CENTRE - 30} {top + 78} {CENTRE - 8} {low - 8}"
    )
    right = (
        f"M{CENTRE + neck + 12} {top - 10} C{CENTRE + neck + 32} {top + 44} "
        f"{CENTRE + 34} {top + 74} {CENTRE - 8} {low - 8}"
    )
    drawing.line(f"{left} {right} V{low}", "#262b33", 6)
    drawing.line(left, "#79838f", 1.6, 0.7)
    drawing.ellipse(CENTRE - 8, low, 12, 12, "#c9d0d8")
    drawing.ellipse(CENTRE - 8, low, 7.5, 7.5, "#8e98a5")


def dress_doctor(tailor: Tailor) -> None:
    """A white coat over scrubs or a shirt, with a stethoscope."""
    inner = tailor.pick(("#7fb3d5", "#e8eef3", "#5fa8a0", "#c9b6d8"))
    tailor.garment(inner, tailor.neckline("v"), inner=True)
    tailor.lapels("#eef3f7", 92)
    _draw_stethoscope(tailor)


def dress_labcoat(tailor: Tailor) -> None:
    """A white coat over a shirt, a pen in its pocket."""
    inner = tailor.pick(("#f7f1e6", "#cfdcec", "#e7c7b0"))
    tailor.garment(inner, tailor.neckline("high" if tailor.look.masculine else "crew"), inner=True)
    if tailor.look.masculine:
        tailor.collar(inner)
    else:
        tailor.necklace()
    tailor.lapels("#eef3f7", 92)
    top, drawing = tailor.top, tailor.drawing
    drawing.rect(CENTRE - 84, top + 66, 38, 36, "#dde5ec", 3)
    drawing.line(f"M{CENTRE - 74} {top + 56} v20", "#2f6fb5", 4.6)


def dress_chef(tailor: Tailor) -> None:
    """A white double-breasted jacket and a neckerchief."""
    tailor.garment("#f6f6f4", tailor.neckline("high"))
    neck, top, drawing = tailor.neck, tailor.top, tailor.drawing
    scarf = tailor.pick(("#c8372d", "#2f6f4f", "#2d4a8a"))
    drawing.line(f"M{CENTRE - 14} {top + 8} Q{CENTRE + 30} {top + 44} {CENTRE + 34} {BOTTOM}", "#bcc3cc", 2.4)
    for row in range(3):
        for side in (-1, 1):
            drawing.ellipse(CENTRE + side * 20 + 8, top + 52 + row * 22, 4.4, 4.4, "#2c3038")
    drawing.path(
        f"M{CENTRE - neck - 12} {top - 16} Q{CENTRE} {top + 26} {CENTRE + neck + 12} {top - 16} "
        f"L{CENTRE + neck + 15} {top + 2} Q{CENTRE} {top + 46} {CENTRE - neck - 15} {top + 2}Z",
        scarf,
    )
    drawing.path(f"M{CENTRE - 8} {top + 22} l-10 32 l14 -5 l9 7 l5 -32z", darker(scarf, 0.15))
    drawing.ellipse(CENTRE, top + 21, 11, 8, lighter(scarf, 0.14))


def dress_apron(tailor: Tailor) -> None:
    """A shirt and a bib apron."""
    shirt = lighter(tailor.colour, 0.45)
    tailor.garment(shirt, tailor.neckline("high"))
    tailor.collar(shirt)
    neck, top, drawing = tailor.neck, tailor.top, tailor.drawing
    apron = tailor.pick(("#3b2f2a", "#2f4d46", "#4a2b2b", "#34435c"))
    for side in (-1, 1):
        drawing.line(f"M{CENTRE + side * 46} {top + 58} L{CENTRE + side * (neck + 8)} {top - 4}", apron, 8)
    drawing.path(
        f"M{CENTRE - 52} {top + 56} H{CENTRE + 52} L{CENTRE + 84} {BOTTOM} H{CENTRE - 84}Z",
        tailor.cloth_paint(apron),
    )
    drawing.line(f"M{CENTRE - 50} {top + 58} H{CENTRE + 50}", lighter(apron, 0.3), 2, 0.5)


def dress_uniform(tailor: Tailor) -> None:
    """A dark shirt with epaulettes and buttons."""
    colour = tailor.pick(("#2b3650", "#26364a", "#2f3b33"))
    tailor.garment(colour, tailor.neckline("high"))
    tailor.colour = colour
    tailor.collar(colour)
    tailor.buttons("#c9b36a")
    top, wide, drawing = tailor.top, tailor.shoulders, tailor.drawing
    for side in (-1, 1):
        drawing.line(
            f"M{CENTRE + side * (wide - 52)} {top + 17} L{CENTRE + side * (wide - 18)} {top + 24}",
            darker(colour, 0.45),
            9,
        )
        drawing.ellipse(CENTRE + side * (wide - 50), top + 17, 2.6, 2.6, "#c9b36a")
    drawing.path(f"M{CENTRE - 60} {top + 52} l13 5 v13 q-2 10 -13 15 q-11 -5 -13 -15 v-13z", "#d9b648")


def dress_turnout(tailor: Tailor) -> None:
    """A firefighter's coat with a stand-up collar, clasps and reflecting bands."""
    colour = tailor.pick(("#2c3038", "#b8925a", "#39414f"))
    tailor.garment("#3c4652", tailor.neckline("crew"), inner=True)
    tailor.garment(colour, tailor.open_front(6, 40, 3))
    neck, top, wide, drawing = tailor.neck, tailor.top, tailor.shoulders, tailor.drawing
    for side in (-1, 1):
        collar = (
            f"M{CENTRE + side * (neck + 6)} {top - 22} Q{CENTRE + side * (neck + 26)} {top - 4} "
            f"{CENTRE + side * (neck + 22)} {top + 18} L{CENTRE + side * 10} {top + 44} "
            f"Q{CENTRE + side * neck} {top + 16} {CENTRE + side * (neck + 6)} {top - 22}Z"
        )
        drawing.path(collar, lighter(colour, 0.14) if side < 0 else darker(colour, 0.12))
        sleeve = f"M{CENTRE + side * (wide + 14)} {top + 72} l{side * -34} 5"
        for width, tone in ((17, "#e4ef3a"), (7, "#e9ece6")):
            drawing.line(sleeve, tone, width)
    chest = f"M{CENTRE - wide + 26} {top + 62} Q{CENTRE} {top + 69} {CENTRE + wide - 26} {top + 62}"
    for width, tone in ((18, "#e4ef3a"), (8, "#e9ece6")):
        drawing.line(chest, tone, width)
    drawing.line(f"M{CENTRE} {top + 44} V{BOTTOM}", darker(colour, 0.5), 3)
    for clasp in (42, 90):
        drawing.rect(CENTRE - 15, top + clasp, 30, 9, "#c9ced6", 3)
        drawing.rect(CENTRE - 4, top + clasp - 1, 8, 11, "#7d848e", 2)


def dress_onesie(tailor: Tailor) -> None:
    """A baby's suit with a bib or a row of snaps."""
    colour = lighter(tailor.colour, 0.45)
    tailor.garment(colour, tailor.neckline("crew"), pattern=tailor.some_pattern())
    tailor.trim("crew", lighter(tailor.accent, 0.4), 7)
    top, drawing = tailor.top, tailor.drawing
    if tailor.chance.random() < 0.5:
        drawing.path(
            f"M{CENTRE - 30} {top + 8} Q{CENTRE} {top + 30} {CENTRE + 30} {top + 8} "
            f"Q{CENTRE + 48} {top + 66} {CENTRE} {top + 74} Q{CENTRE - 48} {top + 66} {CENTRE - 30} {top + 8}Z",
            "#fffaf0",
        )
        drawing.ellipse(CENTRE, top + 48, 10, 10, lighter(tailor.accent, 0.2))
    else:
        for snap in range(3):
            drawing.ellipse(CENTRE, top + 38 + snap * 20, 3.4, 3.4, "#ffffff")


WORKWEAR: dict[str, Callable[[Tailor], None]] = {
    "overalls": dress_overalls,
    "vest": dress_vest,
    "scrubs": dress_scrubs,
    "tunic": dress_tunic,
    "doctor": dress_doctor,
    "labcoat": dress_labcoat,
    "chef": dress_chef,
    "apron": dress_apron,
    "uniform": dress_uniform,
    "turnout": dress_turnout,
    "onesie": dress_onesie,
}
