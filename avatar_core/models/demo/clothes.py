"""The body and its clothes: one outfit for each kind of work."""

from __future__ import annotations

from collections.abc import Callable

from avatar_core.models.demo.build import CENTRE
from avatar_core.models.demo.colour import darker, lighter
from avatar_core.models.demo.look import Look
from avatar_core.models.demo.svg import Drawing
from avatar_core.models.demo.tailor import BOTTOM, Tailor
from avatar_core.models.demo.workwear import WORKWEAR


def draw_body(look: Look) -> Drawing:
    """Neck, chest and clothes."""
    tailor = Tailor(look)
    if look.outfit != "hoodie":
        tailor.draw_neck()
    OUTFITS[look.outfit](tailor)
    return tailor.drawing


def dress_suit(tailor: Tailor) -> None:
    """A dark jacket: shirt and tie, or a blouse."""
    jacket = tailor.pick(("#262b3a", "#33302f", "#1f3350", "#4a4a55", "#4a2f3a"))
    if tailor.look.masculine:
        shirt = tailor.pick(("#f5f6f8", "#dfe8f5", "#f3eef8"))
        tailor.garment(shirt, tailor.neckline("high"), inner=True)
        _draw_tie(tailor, tailor.pick(("#8c1f2d", "#1f4e79", "#5b3a7a", "#2f6b4f", "#b5762a")))
        tailor.collar(shirt)
    else:
        blouse = tailor.pick(("#f6efe6", "#e9d7df", "#dfe8f5", "#f1e2c4"))
        tailor.garment(blouse, tailor.neckline("v"), inner=True)
        tailor.necklace()
    tailor.lapels(jacket, 86)
    pocket = tailor.top + 66
    tailor.drawing.line(f"M{CENTRE - 48} {pocket} l-26 -4", darker(jacket, 0.5), 2)
    square = tailor.chance.choice(("#ffffff", tailor.accent))
    tailor.drawing.path(f"M{CENTRE - 52} {pocket - 2} l-2 -9 l-8 -3 l-9 5 l-3 10z", square)


def _draw_tie(tailor: Tailor, colour: str) -> None:
    top = tailor.top
    tailor.drawing.path(
        f"M{CENTRE - 9} {top + 14} H{CENTRE + 9} L{CENTRE + 6} {top + 30} H{CENTRE - 6}Z", darker(colour, 0.1)
    )
    blade = tailor.drawing.linear([(0, lighter(colour, 0.22)), (1, darker(colour, 0.3))])
    tailor.drawing.path(
        f"M{CENTRE - 6} {top + 30} H{CENTRE + 6} L{CENTRE + 16} {BOTTOM - 12} "
        f"L{CENTRE} {BOTTOM} L{CENTRE - 16} {BOTTOM - 12}Z",
        blade,
    )
    for stripe in range(3):
        line = f"M{CENTRE - 8 - stripe} {top + 48 + stripe * 17} l{18 + 2 * stripe} -9"
        tailor.drawing.line(line, lighter(colour, 0.55), 2.4, 0.5)


def dress_smart(tailor: Tailor) -> None:
    """Office clothes: a jacket, a shirt, or a blouse with a cardigan."""
    if tailor.look.masculine and tailor.chance.random() < 0.45:
        dress_suit(tailor)
        return
    if tailor.look.masculine:
        tailor.garment(tailor.colour, tailor.neckline("high"))
        tailor.collar(tailor.colour)
        tailor.buttons(lighter(tailor.colour, 0.7))
        return
    blouse = tailor.pick(("#fbf3ea", "#f3dfe3", "#e6eef6"))
    tailor.garment(blouse, tailor.neckline(tailor.chance.choice(("scoop", "v", "crew"))), inner=True)
    tailor.necklace()
    tailor.lapels(tailor.colour, 92)


def dress_lanyard(tailor: Tailor) -> None:
    """Shop clothes with a name tag on a ribbon."""
    if tailor.look.masculine:
        tailor.garment(tailor.colour, tailor.neckline("high"))
        tailor.collar(tailor.colour)
        tailor.buttons(lighter(tailor.colour, 0.7))
    else:
        tailor.garment(
            tailor.colour,
            tailor.neckline(tailor.chance.choice(("scoop", "crew"))),
            pattern=tailor.some_pattern(),
        )
    neck, top = tailor.neck, tailor.top
    for side in (-1, 1):
        ribbon = (
            f"M{CENTRE + side * (neck + 4)} {top - 4} "
            f"Q{CENTRE + side * 34 - 8} {top + 46} {CENTRE - 24} {top + 62}"
        )
        tailor.drawing.line(ribbon, darker(tailor.accent, 0.25), 5)
    tailor.drawing.rect(CENTRE - 48, top + 58, 48, 38, "#ffffff", 5)
    tailor.drawing.rect(CENTRE - 48, top + 58, 48, 11, tailor.accent, 4)
    tailor.drawing.ellipse(CENTRE - 35, top + 81, 6.5, 6.5, "#b8c2cc")
    tailor.drawing.line(f"M{CENTRE - 24} {top + 78} h18 M{CENTRE - 24} {top + 85} h13", "#b8c2cc", 2.4)


def dress_cardigan(tailor: Tailor) -> None:
    """A cardigan over a shirt."""
    inner = tailor.pick(("#f7f1e6", "#e8eef7", "#f9e3d3"))
    pattern = tailor.some_pattern() if not tailor.look.masculine else ""
    tailor.garment(
        inner, tailor.neckline("high" if tailor.look.masculine else "crew"), pattern=pattern, inner=True
    )
    if tailor.look.masculine:
        tailor.collar(inner)
    else:
        tailor.necklace()
    colour, neck, top = tailor.colour, tailor.neck, tailor.top
    opening = (
        f"L{CENTRE + neck + 6} {top} Q{CENTRE + 20} {top + 50} "
        f"{CENTRE + 16} {BOTTOM} L{CENTRE - 16} {BOTTOM} "
        f"Q{CENTRE - 20} {top + 50} {CENTRE - neck - 6} {top} L{CENTRE - neck - 6} {top - 9}"
    )
    tailor.garment(colour, opening)
    for side in (-1, 1):
        band = (
            f"M{CENTRE + side * (neck + 8)} {top - 8} "
            f"Q{CENTRE + side * 20} {top + 50} {CENTRE + side * 16} {BOTTOM}"
        )
        tailor.drawing.line(band, darker(colour, 0.22) if side > 0 else lighter(colour, 0.22), 9)
    for button in range(3):
        tailor.drawing.ellipse(CENTRE - 17, top + 58 + button * 24, 4.2, 4.2, lighter(colour, 0.65))


def dress_hoodie(tailor: Tailor) -> None:
    """A hoodie, often with headphones around the neck."""
    colour = tailor.look.sitter.wishes.shirt_colour or tailor.pick(
        ("#4a4e69", "#3a5a8c", "#2a7f78", "#6b4f9a", "#b5483f", "#5d6b3f")
    )
    neck, top, drawing = tailor.neck, tailor.top, tailor.drawing
    drawing.path(
        f"M{CENTRE - neck - 34} {top + 12} Q{CENTRE - neck - 22} {top - 40} {CENTRE} {top - 38} "
        f"Q{CENTRE + neck + 22} {top - 40} {CENTRE + neck + 34} {top + 12}Z",
        darker(colour, 0.4),
    )
    tailor.draw_neck()
    tailor.garment(tailor.pick(("#f2f2f0", "#22252c", "#e5c04b")), tailor.neckline("crew"), inner=True)
    tailor.garment(
        colour,
        f"L{CENTRE + neck + 6} {top + 2} Q{CENTRE + 24} {top + 44} {CENTRE} {top + 50} "
        f"Q{CENTRE - 24} {top + 44} {CENTRE - neck - 6} {top + 2} L{CENTRE - neck - 6} {top - 9}",
    )
    for side in (-1, 1):
        hood = (
            f"M{CENTRE + side * (neck + 22)} {top - 10} "
            f"Q{CENTRE + side * (neck + 22)} {top + 26} {CENTRE} {top + 54} "
            f"Q{CENTRE + side * 14} {top + 30} {CENTRE + side * (neck + 4)} {top - 14}Z"
        )
        drawing.path(hood, lighter(colour, 0.15) if side < 0 else darker(colour, 0.1))
        drawing.line(f"M{CENTRE + side * 12} {top + 46} q{side * 3} 24 {side} 42", "#f4f1ea", 3.4)
        drawing.line(f"M{CENTRE + side * 13} {top + 86} v7", "#c9c4b8", 4.6)
    if tailor.chance.random() < 0.65:
        _draw_headphones(tailor, tailor.pick(("#20232b", "#e9e9ec", "#d7423a")))


def _draw_headphones(tailor: Tailor, colour: str) -> None:
    neck, top, drawing = tailor.neck, tailor.top, tailor.drawing
    for side in (-1, 1):
        x = CENTRE + side * (neck + 19)
        with drawing.moved(f"rotate({side * -18} {x} {top})"):
            drawing.rect(x - 13, top - 22, 26, 44, colour, 11)
            drawing.rect(x - 8 + side * -4, top - 16, 13, 32, darker(colour, 0.4), 7)
            drawing.rect(x - 8, top - 18, 4, 26, "#ffffff", 2, 0.3)


def dress_printed(tailor: Tailor) -> None:
    """A bold print and a bead necklace."""
    bold = tailor.chance.random() < 0.5
    pattern = tailor.triangles(tailor.accent, lighter(tailor.accent, 0.6)) if bold else tailor.some_pattern()
    tailor.garment(
        tailor.colour, tailor.neckline("crew" if tailor.look.masculine else "scoop"), pattern=pattern
    )
    if tailor.look.masculine:
        return
    neck, top = tailor.neck, tailor.top
    tailor.drawing.line(
        f"M{CENTRE - neck - 4} {top} Q{CENTRE} {top + 78} {CENTRE + neck + 4} {top}", "#2b2b2f", 2
    )
    beads = ((-22, 27, 6, "#f2b134"), (-8, 36, 8, "#ed553b"), (9, 36, 8, "#20639b"), (23, 27, 6, "#3caea3"))
    for x, y, radius, colour in beads:
        tailor.drawing.ellipse(CENTRE + x, top + y, radius, radius, colour)


def dress_polo(tailor: Tailor) -> None:
    """A polo shirt."""
    tailor.garment(tailor.colour, tailor.neckline("high"))
    tailor.collar(tailor.colour)
    tailor.drawing.line(f"M{CENTRE} {tailor.top + 14} v40", darker(tailor.colour, 0.5), 2)
    for button in range(2):
        tailor.drawing.ellipse(CENTRE, tailor.top + 28 + button * 14, 2.6, 2.6, "#ffffff")


def dress_plaid(tailor: Tailor) -> None:
    """A plaid shirt with buttons."""
    pattern = tailor.plaid(darker(tailor.colour, 0.45), "#f7e9c8")
    tailor.garment(tailor.colour, tailor.neckline("high"), pattern=pattern)
    tailor.collar(tailor.colour)
    tailor.buttons("#efe6d2")


def dress_backpack(tailor: Tailor) -> None:
    """A shirt and the straps of a backpack; the smallest carry none."""
    tailor.garment(tailor.colour, tailor.neckline("crew"), pattern=tailor.some_pattern())
    tailor.trim("crew", lighter(tailor.colour, 0.35))
    if tailor.look.age < 5:
        return
    offset = (tailor.shoulders - tailor.neck) * 0.42
    for side in (-1, 1):
        x = CENTRE + side * (tailor.neck + offset)
        strap = f"M{x} {tailor.top + 4} Q{x + side * 8} {tailor.top + 54} {x} {BOTTOM}"
        tailor.drawing.line(strap, darker(tailor.accent, 0.15), 15)
        tailor.drawing.line(strap, tailor.accent, 11)


def dress_jersey(tailor: Tailor) -> None:
    """A sports shirt with stripes at collar and sleeves."""
    tailor.garment(tailor.colour, tailor.neckline("crew"))
    tailor.trim("crew", "#ffffff")
    top, wide = tailor.top, tailor.shoulders
    sleeves = f"M{CENTRE - wide + 6} {top + 48} q10 26 8 60 M{CENTRE + wide - 6} {top + 48} q-10 26 -8 60"
    tailor.drawing.line(sleeves, "#ffffff", 5)


def dress_stage(tailor: Tailor) -> None:
    """A dark shirt with a thin chain."""
    colour = tailor.look.sitter.wishes.shirt_colour or tailor.pick(("#26232e", "#3a1f3f", "#7a1f35"))
    tailor.garment(colour, tailor.neckline("crew"))
    neck, top = tailor.neck, tailor.top
    tailor.drawing.line(
        f"M{CENTRE - neck - 8} {top} Q{CENTRE} {top + 70} {CENTRE + neck + 8} {top}", "#e0b13e", 3
    )


OUTFITS: dict[str, Callable[[Tailor], None]] = {
    **WORKWEAR,
    "suit": dress_suit,
    "smart": dress_smart,
    "lanyard": dress_lanyard,
    "cardigan": dress_cardigan,
    "hoodie": dress_hoodie,
    "printed": dress_printed,
    "polo": dress_polo,
    "plaid": dress_plaid,
    "backpack": dress_backpack,
    "jersey": dress_jersey,
    "stagewear": dress_stage,
}
