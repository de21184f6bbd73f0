"""Beards: stubble, full beard, goatee and moustache."""

from __future__ import annotations

from avatar_core.models.demo.build import CENTRE
from avatar_core.models.demo.colour import darker, lighter, mix
from avatar_core.models.demo.look import Look
from avatar_core.models.demo.svg import Drawing


def draw_beard(drawing: Drawing, look: Look) -> None:
    """Draw the beard that this person wears, if any."""
    kind = look.hair.beard
    if not kind:
        return
    colour = mix(look.colours.hair, look.colours.brow, 0.4)
    hair = drawing.linear(
        [(0.0, mix(colour, look.colours.skin, 0.25)), (0.35, colour), (1.0, darker(colour, 0.3))]
    )
    if kind == "stubble":
        shadow = drawing.linear([(0.0, colour, 0.0), (0.3, colour, 0.16), (1.0, colour, 0.4)])
        drawing.path(_full(look), shadow, even_odd=True)
        _draw_bristles(drawing, look, _full(look), 110, 0.18, colour)
    elif kind == "full":
        drawing.path(_full(look), hair, opacity=0.94, even_odd=True)
        _draw_bristles(drawing, look, _full(look), 170, 0.42, colour)
    elif kind == "goatee":
        shape = f"{_goatee(look)} {_moustache(look)}"
        drawing.path(_goatee(look), hair, opacity=0.94)
        drawing.path(_moustache(look), colour, opacity=0.95)
        _draw_bristles(drawing, look, shape, 110, 0.4, colour)
    else:
        drawing.path(_moustache(look), colour, opacity=0.97)
        _draw_bristles(drawing, look, _moustache(look), 90, 0.5, colour)


def _middle(look: Look) -> float:
    return CENTRE + look.face.turn * 1.1


def _reach(look: Look) -> float:
    """Half the width that a beard leaves to the mouth."""
    return look.face.mouth_width * 1.04 + 3


def _depth(look: Look) -> float:
    """How far below the mouth's line its lower lip ends."""
    return {"laugh": 25.0, "teeth": 20.0}.get(look.smile, 14.0)


def _moustache(look: Look) -> str:
    x, y, reach = _middle(look), look.face.mouth_y, _reach(look) + 2
    return (
        f"M{x} {y - 13} C{x + 9} {y - 17} {x + reach - 6} {y - 13} {x + reach} {y + 1} "
        f"C{x + 20} {y - 6} {x + 9} {y - 8} {x} {y - 7} C{x - 9} "
        f"{y - 8} {x - 20} {y - 6} {x - reach} {y + 1} "
        f"C{x - reach + 6} {y - 13} {x - 9} {y - 17} {x} {y - 13}Z"
    )


def _full(look: Look) -> str:
    """From sideburn to sideburn around the mouth, as an even-odd path with the mouth left out."""
    face, x, y, reach = look.face, _middle(look), look.face.mouth_y, _reach(look)
    left, right, chin = CENTRE - face.half_width, CENTRE + face.half_width, face.chin
    jaw_left, jaw_right = CENTRE - face.jaw, CENTRE + face.jaw
    top = face.eye_y + 6
    outside = (
        f"M{left - 1} {top} C{left + 4} {top + 28} {jaw_left + 8} {y - 16} {x - reach - 2} {y - 9} "
        f"C{x - 20} {y - 17} {x - 8} {y - 18} {x} {y - 14} C{x + 8} "
        f"{y - 18} {x + 20} {y - 17} {x + reach + 2} {y - 9} "
        f"C{jaw_right - 8} {y - 16} {right - 4} {top + 28} {right + 1} {top} "
        f"L{right + 3} {top + 20} C{right - 2} {chin - 40} "
        f"{jaw_right + 6} {chin + 4} {face.chin_x} {chin + 8} "
        f"C{jaw_left - 6} {chin + 4} {left + 2} {chin - 40} {left - 3} {top + 20}Z"
    )
    low = y + _depth(look)
    hole = (
        f"M{x - reach} {y - 4} C{x - 14} {y - 10} {x + 14} {y - 10} {x + reach} {y - 4} "
        f"C{x + 17} {low} {x - 17} {low} {x - reach} {y - 4}Z"
    )
    return f"{outside} {hole}"


def _goatee(look: Look) -> str:
    face, x, y, reach = look.face, _middle(look), look.face.mouth_y, _reach(look)
    chin, middle, low = face.chin, face.chin_x, y + _depth(look) + 1
    return (
        f"M{x - reach} {y - 1} C{x - reach - 3} {y + 17} {middle - 21} {chin + 4} {middle} {chin + 6} "
        f"C{middle + 21} {chin + 4} {x + reach + 3} {y + 17} {x + reach} {y - 1} "
        f"C{x + 17} {low} {x - 17} {low} {x - reach} {y - 1}Z"
    )


def _draw_bristles(drawing: Drawing, look: Look, shape: str, count: int, opacity: float, colour: str) -> None:
    """Short strokes within the beard, in three shades: one path for each shade."""
    if look.animated:
        count //= 4
    face, chance = look.face, look.chance("beard")
    grey = "#e6e2de" if look.ageing > 0.35 else lighter(colour, 0.2)
    shades = (lighter(colour, 0.32), darker(colour, 0.5), grey)
    strokes: tuple[list[str], ...] = ([], [], [])
    for _ in range(count):
        x = CENTRE + chance.uniform(-face.half_width, face.half_width)
        y = chance.uniform(face.eye_y + 6, face.chin + 4)
        strokes[chance.randrange(3)].append(
            f"M{x:.1f} {y:.1f} q{(x - CENTRE) * 0.02:.1f} 5 {(CENTRE - x) * 0.03:.1f} 9"
        )
    with drawing.clipped(shape, even_odd=True):
        for shade, lines in zip(shades, strokes, strict=True):
            drawing.line(" ".join(lines), shade, 1.2, opacity)
