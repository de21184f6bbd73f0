"""One person in one cell: background, hair, body, head, hair again and what is worn on top."""

from __future__ import annotations

import math
from random import Random

from avatar_core.models.demo.bokeh import paint_background
from avatar_core.models.demo.clothes import draw_body
from avatar_core.models.demo.finish import apply_look
from avatar_core.models.demo.hair import draw_back_hair, draw_front_hair
from avatar_core.models.demo.hair_short import SHORT_STYLES
from avatar_core.models.demo.hairstyle import CURLY_STYLES
from avatar_core.models.demo.head import draw_head
from avatar_core.models.demo.look import Look, decide_look, neighbourly
from avatar_core.models.demo.props import draw_props
from avatar_core.models.demo.reading import Sitter
from avatar_core.models.demo.relief import CLOTH, CURLS, GLOSSY, HAIR, HAT, SKIN, WIRE, Material, Scene
from avatar_core.models.demo.svg import Drawing, Pixels, Region

_HEAD_REACH = Region(96, 36, 208, 262)
_HAIR_REACH = Region(64, 0, 272, 372)
_SHORT_HAIR_REACH = Region(96, 24, 208, 190)
_HAT_REACH = Region(66, -20, 268, 270)
_BODY_REACH = Region(36, 180, 328, 228)


def paint_person(sitter: Sitter, seed: int, width: int, height: int) -> Pixels:
    """The cell as three planes of height x width, each from 0 to 1."""
    look = decide_look(sitter, seed)
    return _Portrait(look, seed, width, height).paint()


class _Portrait:
    """One cell in the making."""

    def __init__(self, look: Look, seed: int, width: int, height: int) -> None:
        self.look, self.width, self.height = look, width, height
        visible = look.frame.region
        self.scale = min(width, height) / visible.width
        self.left = visible.left - (width / self.scale - visible.width) / 2
        self.top = visible.top - (height / self.scale - visible.height)
        chance = Random(f"{seed}|{look.sitter.cell}|{look.sitter.line}|background")
        background = paint_background(
            look.scene,
            chance,
            width,
            height,
            15 if look.animated else 14,
            neighbourly(look.sitter.cell, seed, "light", 6),
        )
        self.scene = Scene(background, self.scale)

    def paint(self) -> Pixels:
        look = self.look
        hair_reach = _SHORT_HAIR_REACH if _is_short(look) else _HAIR_REACH
        back = draw_back_hair(look)
        if not back.empty:
            self._lay(_posed(look, back), HAIR, _HAIR_REACH)
        self._lay(draw_body(look), CLOTH, _BODY_REACH, posed=False)
        head = Drawing()
        draw_head(head, look)
        self._lay(_posed(look, head), SKIN, _HEAD_REACH)
        front = draw_front_hair(look)
        if not front.empty:
            self._lay(_posed(look, front), HAIR, hair_reach)
        props = draw_props(look)
        if not props.empty:
            hat = bool(look.extras.hat)
            self._lay(_posed(look, props), HAT if hat else WIRE, _HAT_REACH if hat else _HEAD_REACH)
        return apply_look(look.sitter.filter, self.scene.picture, self.scene.cover)

    def _lay(self, drawing: Drawing, material: Material, reach: Region, *, posed: bool = True) -> None:
        """Draw only the part of the cell that the layer can reach."""
        if posed:
            reach = _grown(reach, self.look.face.head_scale)
        left = max(0, math.floor((reach.left - self.left) * self.scale))
        top = max(0, math.floor((reach.top - self.top) * self.scale))
        right = min(self.width, math.ceil((reach.left + reach.width - self.left) * self.scale))
        bottom = min(self.height, math.ceil((reach.top + reach.height - self.top) * self.scale))
        if left >= right or top >= bottom:
            return
        wide, high = right - left, bottom - top
        part = Region(
            self.left + left / self.scale, self.top + top / self.scale, wide / self.scale, high / self.scale
        )
        if self.look.animated:
            curly = material is HAIR and self.look.hair.style in CURLY_STYLES
            material = CURLS if curly else GLOSSY.get(material, material)
        self.scene.lay(drawing.pixels(part, wide, high), (left, top, right, bottom), material)


def _is_short(look: Look) -> bool:
    return look.hair.style in SHORT_STYLES


def _posed(look: Look, drawing: Drawing) -> Drawing:
    """The head's drawing, tilted and scaled around the neck."""
    scale = look.face.head_scale
    drawing.wrap(
        f"rotate({look.frame.tilt:.2f} 200 270) translate(200 268) scale({scale:.3f}) translate(-200 -268)"
    )
    return drawing


def _grown(reach: Region, scale: float) -> Region:
    """Room for tilt and scale."""
    left = 200 + (reach.left - 200) * scale - 16
    top = 268 + (reach.top - 268) * scale - 8
    return Region(left, top, reach.width * scale + 32, reach.height * scale + 16)
