"""Hair: the parts behind the body and in front of the head, whichever the style."""

from __future__ import annotations

from avatar_core.models.demo.build import CENTRE
from avatar_core.models.demo.colour import lighter
from avatar_core.models.demo.comb import Comb
from avatar_core.models.demo.hair_coily import COILY_STYLES
from avatar_core.models.demo.hair_long import LONG_STYLES, Room
from avatar_core.models.demo.hair_short import SHORT_STYLES
from avatar_core.models.demo.look import Look
from avatar_core.models.demo.svg import Drawing

_TWO_PARTS = {**LONG_STYLES, **COILY_STYLES}


def draw_back_hair(look: Look) -> Drawing:
    """What falls behind the body; often nothing."""
    comb = Comb(look, "hair back")
    style = _TWO_PARTS.get(look.hair.style)
    if style is not None:
        _beneath_hat(comb, style[0])
    return comb.drawing


def draw_front_hair(look: Look) -> Drawing:
    """What lies on the skull and in front of the shoulders, with a headband."""
    comb = Comb(look, "hair front")
    style = _TWO_PARTS.get(look.hair.style)
    _beneath_hat(comb, style[1] if style else SHORT_STYLES[look.hair.style])
    if look.extras.headband:
        _draw_headband(comb)
    return comb.drawing


def _beneath_hat(comb: Comb, draw: Room) -> None:
    """Draw with what a hat would press flat left out."""
    if not comb.look.extras.hat:
        draw(comb)
        return
    left, right = CENTRE - comb.face.half_width, CENTRE + comb.face.half_width
    below = (
        f"M-100 160 H{left - 44} Q{left - 30} 110 {left + 6} 108 "
        f"H{right - 6} Q{right + 30} 110 {right + 44} 160 H500 V500 H-100Z"
    )
    with comb.drawing.clipped(below):
        draw(comb)


def _draw_headband(comb: Comb) -> None:
    width, crown, accent = comb.face.half_width, comb.face.crown, comb.look.colours.accent
    left, right = CENTRE - width, CENTRE + width
    band = f"M{left - 5} 122 C{left + 6} {crown + 6} {right - 6} {crown + 6} {right + 5} 122"
    edge = f"M{left - 3} 118 C{left + 8} {crown + 4} {right - 8} {crown + 4} {right + 3} 118"
    comb.drawing.line(band, accent, 12)
    comb.drawing.line(edge, lighter(accent, 0.5), 2, 0.6)
