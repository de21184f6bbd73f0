"""The mouth in five moods: serious, calm, closed smile, smile with teeth, laugh."""

from __future__ import annotations

from dataclasses import dataclass

from avatar_core.models.demo.build import CENTRE
from avatar_core.models.demo.colour import darker, lighter, lightness, mix
from avatar_core.models.demo.look import Look
from avatar_core.models.demo.svg import Drawing

# how far the corners rise, how far an open mouth opens, and how much wider it becomes
MOODS = {
    "serious": (0.8, 0.0, 0.92),
    "calm": (4.2, 0.0, 0.95),
    "closed": (5.0, 0.0, 1.0),
    "teeth": (6.0, 12.0, 1.04),
    "laugh": (7.5, 17.5, 1.1),
}


@dataclass(frozen=True, slots=True)
class _Mouth:
    """Where the mouth lies and what colour it has."""

    x: float
    y: float
    half: float  #: half width
    rise: float
    opening: float
    upper: float
    lower: float
    colour: str

    @property
    def left(self) -> str:
        return f"{self.x - self.half} {self.y - self.rise}"

    @property
    def right(self) -> str:
        return f"{self.x + self.half} {self.y - self.rise}"

    @property
    def upper_edge(self) -> str:
        """The upper lip's edge from left to right, with its bow."""
        bow = self.y - self.upper
        return (
            f"C{self.x - self.half * 0.48} {bow - 1} {self.x - 5} {bow - 2.5} {self.x} {bow} "
            f"C{self.x + 5} {bow - 2.5} {self.x + self.half * 0.48} {bow - 1} {self.right}"
        )


def draw_mouth(drawing: Drawing, look: Look) -> None:
    """Draw the mouth in the person's mood."""
    mouth = _mouth_of(look)
    if mouth.opening:
        _draw_open(drawing, look, mouth)
    else:
        _draw_closed(drawing, mouth)
    if look.smile not in ("serious", "calm") and not look.baby:
        for side in (-1, 1):
            x, y = mouth.x + side * (mouth.half + 1), mouth.y - mouth.rise - 3
            drawing.soft_line(f"M{x} {y} q{side * 3} 4 {side * 0.5} 7", look.colours.deep, 1.5, 0.45)


def _mouth_of(look: Look) -> _Mouth:
    face, colours = look.face, look.colours
    rise, opening, wider = MOODS[look.smile]
    if look.child:
        opening *= 0.8
    strength = 0.62 if not look.masculine else 0.24 if look.animated else 0.36
    if lightness(colours.skin) < 0.36:
        strength += 0.22
    colour = mix(darker(colours.skin, 0.16), colours.lips, strength)
    colour = mix(colour, colours.skin, 0.3 * look.ageing)
    if look.extras.makeup:
        colour = mix(colour, look.extras.makeup, 0.55 * (1 - 0.4 * look.ageing))
    return _Mouth(
        x=CENTRE + face.turn * 1.1,
        y=face.mouth_y - opening * 0.15,
        half=face.mouth_width * wider,
        rise=rise,
        opening=opening,
        upper=5.3 * face.lips,
        lower=9.0 * face.lips,
        colour=colour,
    )


def _draw_closed(drawing: Drawing, mouth: _Mouth) -> None:
    sag = mouth.rise * 1.15
    middle = (
        f"C{mouth.x - mouth.half * 0.5} {mouth.y + sag} "
        f"{mouth.x + mouth.half * 0.5} {mouth.y + sag} {mouth.right}"
    )
    back = (
        f"C{mouth.x + mouth.half * 0.5} {mouth.y + sag} "
        f"{mouth.x - mouth.half * 0.5} {mouth.y + sag} {mouth.left}"
    )
    drawing.path(f"M{mouth.left} {mouth.upper_edge} {back}Z", darker(mouth.colour, 0.14))
    low = mouth.y + mouth.lower + sag * 0.7
    lower_back = f"C{mouth.x + mouth.half * 0.56} {low} {mouth.x - mouth.half * 0.56} {low} {mouth.left}"
    drawing.path(f"M{mouth.left} {middle} {lower_back}Z", mouth.colour)
    drawing.glow(mouth.x - 3, mouth.y + mouth.lower * 0.55 + 1, 12, 3.6, lighter(mouth.colour, 0.6), 0.5)
    drawing.line(f"M{mouth.left} {middle}", darker(mouth.colour, 0.6), 1.7, 0.8)


def _draw_open(drawing: Drawing, look: Look, mouth: _Mouth) -> None:
    """Lips around an opening that shows the upper teeth, and in a laugh the tongue."""
    x, y, half, depth = mouth.x, mouth.y, mouth.half, mouth.opening
    low = y + depth + 1 + mouth.lower * 0.85
    lower_back = f"C{x + half * 0.8} {low} {x - half * 0.8} {low} {mouth.left}"
    drawing.path(f"M{mouth.left} {mouth.upper_edge} {lower_back}Z", mouth.colour)
    drawing.glow(x - 3, y + depth * 0.74 + mouth.lower * 0.5, 13, 3.4, lighter(mouth.colour, 0.6), 0.5)
    inner = half - 2.5
    top = y - mouth.rise + 0.8
    opening = (
        f"M{x - inner} {top} C{x - inner * 0.5} {y + 2.4} {x + inner * 0.5} {y + 2.4} {x + inner} {top} "
        f"C{x + inner * 0.72} {y + depth + 1.5} {x - inner * 0.72} {y + depth + 1.5} {x - inner} {top}Z"
    )
    drawing.path(opening, "#5e1a1e")
    with drawing.clipped(opening):
        if look.smile == "laugh":
            drawing.ellipse(x, y + depth + 0.5, half * 0.5, 6.5, "#c4605f")
        if not look.baby:
            _draw_teeth(drawing, look, mouth)


def _draw_teeth(drawing: Drawing, look: Look, mouth: _Mouth) -> None:
    """One row with hints of gaps: separate teeth look like a fence at this size."""
    x, y, half = mouth.x, mouth.y, mouth.half
    enamel = mix("#fffdf8", "#f0e4ca", 0.6 * look.ageing)
    bottom = y + mouth.opening * (0.6 if look.smile == "laugh" else 0.66)
    drawing.path(
        f"M{x - half} {y - 10} H{x + half} V{y - 3} Q{x + half * 0.5} {bottom} {x} {bottom} "
        f"Q{x - half * 0.5} {bottom} {x - half} {y - 3}Z",
        enamel,
    )
    if not look.animated:
        for gap in (-2, -1, 0, 1, 2):
            drawing.line(f"M{x + gap * 6.2} {y - 4} V{bottom - 1}", "#cdbfb2", 0.6, 0.4)
    shade = [(0.0, "#5a1d1d", 0.4), (1.0, "#5a1d1d", 0.0)]
    drawing.path(f"M{x - half} {y - 9} h{half * 2} v16 h{-half * 2}Z", drawing.linear(shade))
