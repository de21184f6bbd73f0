"""Long and gathered hair: each style draws behind the body and in front of the head."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from avatar_core.models.demo.build import CENTRE
from avatar_core.models.demo.colour import lighter
from avatar_core.models.demo.comb import Comb


def _curtain(comb: Comb, bottom: float, flare: float, wave: float = 0) -> str:
    """The outline of hair that falls behind the shoulders down to ``bottom``."""
    width, crown = comb.face.half_width, comb.face.crown
    reach = width + 14 + flare

    def edge(side: int) -> tuple[str, ...]:
        return (
            f"{CENTRE + side * (width + 12)} 120",
            f"{CENTRE + side * (width + 22 + flare * 0.4)} 140",
            f"{CENTRE + side * (width + 26 + wave)} 170",
            f"{CENTRE + side * (width + 20 + flare * 0.5)} 206",
            f"{CENTRE + side * (width + 12 + flare * 0.6 - wave)} 236",
            f"{CENTRE + side * (width + 28 + flare + wave)} 262",
        )

    right, left = edge(1), edge(-1)
    return (
        f"M{CENTRE} {crown - 17} C{CENTRE + width * 0.7} {crown - 17} "
        f"{CENTRE + width + 12} {crown + 20} {right[0]} "
        f"C{right[1]} {right[2]} {right[3]} C{right[4]} {right[5]} {CENTRE + reach} {bottom} "
        f"Q{CENTRE} {bottom + 20} {CENTRE - reach} {bottom} "
        f"C{left[5]} {left[4]} {left[3]} C{left[2]} {left[1]} {left[0]} "
        f"C{CENTRE - width - 12} {crown + 20} {CENTRE - width * 0.7} {crown - 17} {CENTRE} {crown - 17}Z"
    )


def _falling(comb: Comb, count: int, wave: float, bottom: float) -> Iterator[str]:
    """Strands that fall behind the head."""
    width = comb.face.half_width
    for number in range(count):
        x = CENTRE - width - 34 + (2 * width + 68) * number / count
        sway = wave * comb.chance.choice((-1, 1))
        root = CENTRE + (x - CENTRE) * 0.55
        yield f"M{root:.1f} {comb.face.crown} C{x + sway:.1f} 150 {x - sway:.1f} 220 {x + sway:.1f} {bottom}"


def _draw_back(comb: Comb, bottom: float, flare: float, wave: float = 0) -> None:
    comb.fill(_curtain(comb, bottom, flare, wave), _falling(comb, 16, wave, bottom), back=True)


def _parted_half(
    comb: Comb, side: int, part: float, hairline: float, volume: float, end: float, wave: float, *, lock: bool
) -> str:
    """One side of parted hair; with ``lock`` it falls in front of the shoulder down to ``end``."""
    width, crown = comb.face.half_width, comb.face.crown
    inside, out = width - 9, width + (17 if lock else 9)

    def at(distance: float) -> float:
        return CENTRE + side * distance

    path = (
        f"M{part} {hairline - 20} C{part + side * 20} {hairline - 4} {at(inside - 10)} {hairline + 12} "
        f"{at(inside)} 152 C{at(inside + 7)} 176 {at(inside + 5)} 196 {at(inside + 5)} {min(end, 210)} "
    )
    if lock:
        bend, hip = min(236, end - 30), min(262, end - 8)
        rise = min(258, end - 34)
        path += (
            f"C{at(inside + 4 + wave)} {bend} {at(inside - 8 - wave)} {hip} {at(inside + 4)} {end} "
            f"Q{at(inside + 16)} {end + 10} {at(out + 12)} {end - 8} "
            f"C{at(out + 18 + wave)} {rise} {at(out + 4 - wave)} {bend} {at(out + 8)} {min(204, bend - 8)} "
        )
    else:
        path += f"L{at(width + 6)} {end - 2} "
    top = crown - volume
    return path + (
        f"C{at(out + 6)} 168 {at(out + 4)} {crown + 22} {at(width * 0.62)} {top + 8} "
        f"C{at(width * 0.34)} {top - 3} {part + side * 10} {top - 5} "
        f"{part} {top - 5} L{part} {hairline - 20}Z"
    )


def _draw_parted(
    comb: Comb, hairline: float, *, end: float = 188, volume: float = 15, lock: bool = False, wave: float = 0
) -> None:
    """Front hair parted and swept to both sides."""
    part = CENTRE + comb.look.hair.part
    halves = [_parted_half(comb, side, part, hairline, volume, end, wave, lock=lock) for side in (-1, 1)]
    width, crown = comb.face.half_width, comb.face.crown
    curves = []
    for number in range(44):
        side, share = (-1 if number % 2 else 1), number / 44
        tip = CENTRE + side * (width - 10 + 26 * share)
        root = f"M{part} {crown - volume + 2 + share * 24:.1f}"
        bend = (
            f"C{part + side * 30} {crown - volume + 6 + share * 20:.1f} "
            f"{tip:.1f} {112 + comb.chance.uniform(-6, 20):.1f}"
        )
        hip = f"{tip + side * comb.jitter(4):.1f} {206 if lock else 190}"
        low = (
            f"S{tip + side * comb.chance.uniform(-8, 14):.1f} 250 "
            f"{tip + side * comb.chance.uniform(-6, 12):.1f} {end}"
        )
        curves.append(f"{root} {bend} {hip} {low}")
    comb.fill(" ".join(halves), curves, shine=0.24)


def _draw_fringe(comb: Comb, end: float = 200) -> None:
    """A full fringe to just above the brows."""
    width, crown = comb.face.half_width, comb.face.crown
    line = comb.face.eye_y - 33
    left, right = CENTRE - width, CENTRE + width
    shape = (
        f"M{left - 6} {end - 4} C{left - 16} 140 {left - 10} {crown + 14} {CENTRE - width * 0.6} {crown - 8} "
        f"C{CENTRE - width * 0.3} {crown - 20} {CENTRE + width * 0.3} "
        f"{crown - 20} {CENTRE + width * 0.6} {crown - 8} "
        f"C{right + 10} {crown + 14} {right + 16} 140 {right + 6} {end - 4} L{right - 8} {end} "
        f"C{right - 6} 168 {right - 8} 156 {right - 12} {line + 2} "
        f"Q{CENTRE} {line + 8} {left + 12} {line + 2} "
        f"C{left + 8} 156 {left + 6} 168 {left + 8} {end}Z"
    )
    curves = []
    for number in range(60):
        x = left - 6 + (2 * width + 12) * number / 60
        foot = line + 8 if 6 < number < 54 else end
        curves.append(
            f"M{CENTRE - 20 + 40 * number / 60:.1f} {crown - 16} "
            f"C{x:.1f} {crown + 6} {x:.1f} 110 {x:.1f} {foot}"
        )
    comb.fill(shape, curves, shine=0.28)


def back_long(comb: Comb) -> None:
    """Straight hair down the back."""
    _draw_back(comb, 352, 2)


def front_long(comb: Comb) -> None:
    """Parted hair that falls in front of the shoulders."""
    _draw_parted(comb, 112, end=336, lock=True)


def back_waves(comb: Comb) -> None:
    """Wavy hair down the back."""
    _draw_back(comb, 346, 8, 9)


def front_waves(comb: Comb) -> None:
    """Parted waves in front of the shoulders."""
    _draw_parted(comb, 112, end=326, lock=True, wave=9, volume=18)


def back_fringe_long(comb: Comb) -> None:
    """Straight hair down the back, without flare."""
    _draw_back(comb, 354, 0)


def back_bob(comb: Comb) -> None:
    """Hair to the chin."""
    _draw_back(comb, 262, 6)


def front_bob(comb: Comb) -> None:
    """A bob, with a fringe for one in three."""
    if comb.chance.random() < 0.35:
        _draw_fringe(comb)
    else:
        _draw_parted(comb, 112, end=250, lock=True)


def back_waves_short(comb: Comb) -> None:
    """Short waves in the neck."""
    _draw_back(comb, 240, 8, 6)


def front_waves_short(comb: Comb) -> None:
    """Parted short waves with volume."""
    _draw_parted(comb, 112, end=230, lock=True, wave=6, volume=21)


def back_none(_comb: Comb) -> None:
    """Nothing shows behind the body."""


def front_pixie(comb: Comb) -> None:
    """Short hair swept from a part."""
    _draw_parted(comb, 116, end=180, volume=20)


def front_curtains(comb: Comb) -> None:
    """Parted hair to the ears."""
    _draw_parted(comb, 112, end=176, volume=17)


def back_plain(comb: Comb) -> None:
    """Plain hair to the shoulders."""
    _draw_back(comb, 300, -6)


def front_plain(comb: Comb) -> None:
    """Plain parted hair to the shoulders."""
    _draw_parted(comb, 108, end=284, lock=True, volume=10)


def back_bun(comb: Comb) -> None:
    """A bun on top of the head."""
    crown, drawing = comb.face.crown, comb.drawing
    drawing.ellipse(CENTRE + 1, crown - 16, 32, 28, comb.paint)
    rounds = [
        f"M{CENTRE - 24 + comb.jitter(4):.0f} {crown - 6 - n * 4} q26 {-12 - n * 2} 52 0" for n in range(6)
    ]
    drawing.line(" ".join(rounds), lighter(comb.colour, 0.3), 1.8, 0.35)


def back_ponytail(comb: Comb) -> None:
    """A ponytail over one shoulder, with a band."""
    side = 1 if comb.chance.random() < 0.5 else -1
    width = comb.face.half_width

    def at(distance: float) -> float:
        return CENTRE + side * distance

    shape = (
        f"M{at(width - 14)} 104 C{at(width + 34)} 98 {at(width + 42)} 190 {at(width + 24)} 276 "
        f"C{at(width + 18)} 304 {at(width + 2)} 312 {at(width - 2)} 300 "
        f"C{at(width + 8)} 250 {at(width + 10)} 180 {at(width - 16)} 142Z"
    )
    curves = [
        f"M{at(width - 12)} {108 + n} C{at(width + 14 + n)} 122 "
        f"{at(width + 14 + n)} 220 {at(width + n * 0.6)} 304"
        for n in range(28)
    ]
    comb.fill(shape, curves)
    comb.drawing.line(f"M{at(width - 4)} 102 q{side * 12} 10 {side * 3} 30", comb.look.colours.accent, 9)


def front_gathered(comb: Comb) -> None:
    """Hair drawn back from the face."""
    _draw_parted(comb, 110, end=176, volume=8)


def back_pigtails(comb: Comb) -> None:
    """Two tails at the sides, with bands."""
    width = comb.face.half_width
    for side in (-1, 1):
        left, right = CENTRE + side * (width - 2), CENTRE + side * (width + 36)
        tip = CENTRE + side * (width + 20)
        shape = (
            f"M{left} 150 C{left + side * 14} 128 {right} 140 {right + side * 2} 190 "
            f"C{right} 236 {tip + side * 6} 268 {tip} 282 "
            f"C{tip - side * 18} 262 {left + side * 8} 220 {left} 176Z"
        )
        curves = [
            f"M{left} {152 + n} C{left + side * (16 + n)} 150 {left + side * (14 + n)} 220 {tip} 282"
            for n in range(22)
        ]
        comb.fill(shape, curves)
        comb.drawing.line(
            f"M{left + side * 2} 148 q{side * 10} 10 {side * 4} 26", comb.look.colours.accent, 8
        )


def back_puffs(comb: Comb) -> None:
    """Two round puffs of coily hair, with bands."""
    width, crown = comb.face.half_width, comb.face.crown
    for side in (-1, 1):
        x, y = CENTRE + side * (width - 2), crown + 4
        comb.drawing.ellipse(x, y, 31, 30, comb.colour)
        comb.curls(comb.cloud((x, y), (27, 26), 26) + comb.ring((x, y), (29, 28), (0, 360), 20), 7, 10)


def front_puffs(comb: Comb) -> None:
    """Hair drawn tightly to two bands."""
    _draw_cap(comb, 7)
    width, crown = comb.face.half_width, comb.face.crown
    for side in (-1, 1):
        band = f"M{CENTRE + side * (width - 28)} {crown + 2} q{side * 14} 6 {side * 20} 22"
        comb.drawing.line(band, comb.look.colours.accent, 8)


def _draw_cap(comb: Comb, volume: float) -> None:
    """Hair pulled tightly over the skull."""
    shape = comb.cap(volume, 110, (comb.face.half_width - 12, 128), 172)
    crown = comb.face.crown
    curves = [
        f"M{CENTRE + (n - 20) * 3.6:.1f} 134 Q{CENTRE + (n - 20) * 3.8:.1f} "
        f"98 {CENTRE + (n - 20) * 2.2:.1f} {crown - 12}"
        for n in range(41)
    ]
    comb.fill(shape, curves, shine=0.2)


Room = Callable[[Comb], None]

LONG_STYLES: dict[str, tuple[Room, Room]] = {
    "long": (back_long, front_long),
    "waves": (back_waves, front_waves),
    "fringe_long": (back_fringe_long, _draw_fringe),
    "bob": (back_bob, front_bob),
    "waves_short": (back_waves_short, front_waves_short),
    "pixie": (back_none, front_pixie),
    "curtains": (back_none, front_curtains),
    "long_plain": (back_plain, front_plain),
    "bun": (back_bun, front_gathered),
    "ponytail": (back_ponytail, front_gathered),
    "pigtails": (back_pigtails, front_gathered),
    "puffs": (back_puffs, front_puffs),
}
"""For each style, what is drawn behind the body and what in front of the head."""
