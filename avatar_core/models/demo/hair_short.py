"""Short hair, each style drawn in front of the head."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from avatar_core.models.demo.build import CENTRE
from avatar_core.models.demo.colour import darker, lighter, mix
from avatar_core.models.demo.comb import Comb


def _fan(comb: Comb, count: int, root: float) -> Iterator[str]:
    """Strands that fan out from one root on the crown to both temples."""
    face = comb.face
    for number in range(count):
        x = CENTRE - face.half_width - 14 + (2 * face.half_width + 28) * number / (count - 1)
        start = f"M{root + comb.jitter(10):.1f} {face.crown - 9 + comb.jitter(5):.1f}"
        bend = f"{(root + x) / 2 + comb.jitter(8):.1f} {face.crown - 5 + comb.chance.uniform(0, 14):.1f}"
        yield f"{start} Q{bend} {x:.1f} {comb.chance.uniform(112, 180):.1f}"


def _brushed(comb: Comb, count: int) -> Iterator[str]:
    """Strands brushed straight down from the crown."""
    face = comb.face
    for number in range(count):
        across = number / (count - 1) * 2 - 1
        bow = across * across
        start = (
            f"M{CENTRE + across * face.half_width * 0.78 + comb.jitter(4):.1f} "
            f"{face.crown - 18 + 22 * bow:.1f}"
        )
        bend = f"{CENTRE + across * (face.half_width + 2) + comb.jitter(8):.1f} {96 + 14 * bow:.1f}"
        end_x = CENTRE + across * (face.half_width + 8) + comb.jitter(3)
        yield f"{start} Q{bend} {end_x:.1f} {comb.chance.uniform(116, 150) + 44 * bow:.1f}"


def draw_side(comb: Comb) -> None:
    """Parted at the side and combed over."""
    width, crown = comb.face.half_width, comb.face.crown
    back = 8 * comb.look.ageing
    left, right = CENTRE - width, CENTRE + width
    shape = (
        f"M{left - 2} 184 C{left - 9} 140 {left - 8} {crown + 16} {CENTRE - 40} {crown - 9} "
        f"C{CENTRE - 6} {crown - 24} {CENTRE + width * 0.72} {crown - 14} {right + 5} {crown + 32} "
        f"C{right + 11} 140 {right + 3} 160 {right + 2} 184 L{right - 6} 180 "
        f"C{right - 5} 156 {right - 7} 144 {right - 16} 129 "
        f"C{CENTRE + 34} {121 - back} {CENTRE - 6} {115 - back} "
        f"{CENTRE - 34} {101 - back} C{CENTRE - 40} {112 - back} {left + 16} {116 - back} {left + 12} 132 "
        f"C{left + 6} 148 {left + 6} 160 {left + 6} 180Z"
    )
    comb.fill(shape, _fan(comb, 46, CENTRE - 34), shine=0.2)


def draw_quiff(comb: Comb) -> None:
    """Brushed up and back from the forehead."""
    width, crown = comb.face.half_width, comb.face.crown
    back = 8 * comb.look.ageing
    shape = comb.cap(24, 116 - back * 1.4, (width - 14 - back * 0.6, 130 - back * 1.2), 184)
    comb.fill(shape, _brushed(comb, 40), shine=0.2)
    swept = [
        f"M{CENTRE - 46 + 92 * n / 30:.1f} 116 Q{CENTRE - 52 + 100 * n / 30 + comb.jitter(6):.1f} 84 "
        f"{CENTRE - 28 + 80 * n / 30:.1f} {crown - 26}"
        for n in range(30)
    ]
    with comb.drawing.clipped(shape):
        comb.strands(swept)


def draw_crew(comb: Comb) -> None:
    """Short all over."""
    back = 8 * comb.look.ageing
    width = comb.face.half_width
    shape = comb.cap(10, 116 - back * 1.4, (width - 14 - back * 0.6, 130 - back * 1.2), 180)
    comb.fill(shape, _brushed(comb, 46), shine=0.16)


def draw_buzz(comb: Comb) -> None:
    """Clipped to a shadow."""
    shape = comb.cap(3, 113 - 6 * comb.look.ageing, (comb.face.half_width - 15, 127), 176)
    comb.drawing.path(shape, comb.paint, opacity=0.82)
    with comb.drawing.clipped(shape):
        comb.shine(0.12)


def draw_receding(comb: Comb) -> None:
    """Thin above a high forehead."""
    shape = comb.cap(8, 98, (comb.face.half_width - 27, 101), 182, peak=92)
    comb.fill(shape, _brushed(comb, 44), shine=0.14)


def draw_bald(comb: Comb) -> None:
    """A bald crown; from forty-five on with hair left at the sides."""
    if comb.look.age < 45 or comb.look.sitter.wishes.hair_length == "bald":
        return
    width = comb.face.half_width
    for side in (-1, 1):

        def at(distance: float, side: int = side) -> float:
            return CENTRE + side * distance

        shape = (
            f"M{at(width + 2)} 184 C{at(width + 10)} 160 {at(width + 8)} 122 {at(width - 10)} 112 "
            f"C{at(width - 9)} 130 {at(width - 8)} 152 {at(width - 5)} 180Z"
        )
        curves = [
            f"M{at(width - 10 + comb.chance.uniform(0, 10)):.1f} {comb.chance.uniform(110, 122):.0f} "
            f"Q{at(width + 8)} 142 {at(width + comb.jitter(4)):.1f} 186"
            for _ in range(12)
        ]
        comb.fill(shape, curves)


def draw_fringe(comb: Comb) -> None:
    """A straight fringe to just above the brows."""
    width, crown = comb.face.half_width, comb.face.crown
    line = comb.face.eye_y - 36
    left, right = CENTRE - width, CENTRE + width
    shape = (
        f"M{left - 3} 188 C{left - 13} 140 {left - 9} {crown + 16} {CENTRE - width * 0.6} {crown - 5} "
        f"C{CENTRE - width * 0.3} {crown - 18} {CENTRE + width * 0.3} "
        f"{crown - 18} {CENTRE + width * 0.6} {crown - 5} "
        f"C{right + 9} {crown + 16} {right + 13} 140 {right + 3} 188 L{right - 6} 182 "
        f"C{right - 6} 160 {right - 8} 150 {right - 13} {line} "
        f"L{CENTRE + 30} {line + 5} L{CENTRE + 12} {line} "
        f"L{CENTRE - 14} {line + 6} L{CENTRE - 36} {line} L{left + 13} {line + 2} "
        f"C{left + 8} 150 {left + 6} 160 {left + 6} 182Z"
    )
    comb.fill(shape, _fan(comb, 48, CENTRE), shine=0.2)


def draw_wisps(comb: Comb) -> None:
    """A small child's thin hair over a high forehead."""
    width = comb.face.half_width
    shape = comb.cap(4, 106, (width - 18, 112), 168, peak=98)
    comb.drawing.path(shape, comb.paint, opacity=0.55 if comb.look.age < 2 else 0.85)
    with comb.drawing.clipped(shape):
        comb.strands(_fan(comb, 40, CENTRE))
        comb.shine(0.2)


def draw_fade(comb: Comb) -> None:
    """Tight curls on top, clipped to nothing at the sides."""
    width = comb.face.half_width
    comb.drawing.path(comb.cap(2, 113, (width - 14, 126), 182), comb.colour, opacity=0.45)
    _draw_tight(comb, 9, 158, (6, 9), rows=2)


def draw_curls(comb: Comb) -> None:
    """Short loose curls."""
    _draw_tight(comb, 15, 172, (8.5, 12), rows=2)


def draw_afro_short(comb: Comb) -> None:
    """A rounded short afro."""
    _draw_tight(comb, 21, 172, (8.5, 12), rows=3)


def draw_twists(comb: Comb) -> None:
    """Short twists that fall over the forehead's edge."""
    _draw_tight(comb, 15, 170, (8.5, 12), rows=2)
    crown = comb.face.crown
    for number in range(13):
        x = CENTRE - 54 + 108 * number / 12 + comb.jitter(3)
        tone = mix(comb.colour, darker(comb.colour, 0.4), comb.chance.random())
        twist = f"q{comb.jitter(5):.1f} 16 {comb.jitter(8):.1f} {comb.chance.uniform(26, 36):.1f}"
        comb.drawing.line(f"M{x:.1f} {crown + comb.jitter(5):.1f} {twist}", tone, 8.5)
        comb.drawing.line(f"M{x:.1f} {crown + 2} q2 12 0 20", lighter(comb.colour, 0.3), 1.6, 0.5)


def _draw_tight(comb: Comb, volume: float, sideburn: float, sizes: tuple[float, float], rows: int) -> None:
    """A cap covered with curls in ``rows`` arcs and one along the hairline."""
    face = comb.face
    hairline = 113 - 5 * comb.look.ageing
    shape = comb.cap(volume * 0.55, hairline, (face.half_width - 14, 126), sideburn)
    comb.drawing.path(shape, comb.paint)
    points = []
    for row in range(rows):
        radii = (face.half_width - 4 + volume * 0.35 - row * 13, 138 - face.crown + volume * 0.45 - row * 13)
        points += comb.ring((CENTRE, 138), radii, (12, 168), 20 - row * 3)
    points += comb.ring((CENTRE, 120), (face.half_width - 20, 10), (20, 160), 12)
    comb.curls(points, *sizes)


SHORT_STYLES: dict[str, Callable[[Comb], None]] = {
    "side": draw_side,
    "quiff": draw_quiff,
    "crew": draw_crew,
    "buzz": draw_buzz,
    "receding": draw_receding,
    "bald": draw_bald,
    "fringe": draw_fringe,
    "wisps": draw_wisps,
    "fade": draw_fade,
    "curls": draw_curls,
    "afro_short": draw_afro_short,
    "twists": draw_twists,
}
