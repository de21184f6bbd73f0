"""The build of a face and how the picture frames it: proportions in units of the 400 x 400 drawing space."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from random import Random

from avatar_core.models.demo.svg import Region
from avatar_core.types import Ethnicity

CENTRE = 200.0

# half width at the cheekbones, half width of the jaw, half width of the chin, height of the chin
SHAPES = {
    "oval": (67.0, 50.0, 21.0, 266.0),
    "round": (71.5, 57.0, 25.0, 259.0),
    "square": (69.0, 59.0, 29.0, 264.0),
    "heart": (70.0, 47.0, 17.0, 264.0),
    "long": (64.5, 50.0, 22.0, 271.0),
}
# Group means lie closer together than two people of one group: see docs/decisions/0015.
NOSE = {
    Ethnicity.BLACK: 14.1,
    Ethnicity.INDIGENOUS: 13.9,
    Ethnicity.PARDO: 13.7,
    Ethnicity.ASIAN: 13.5,
    Ethnicity.WHITE: 13.3,
}
NOSE_SPREAD = 1.2  #: standard deviation within each group
LIPS = {Ethnicity.BLACK: 1.12, Ethnicity.PARDO: 1.06, Ethnicity.INDIGENOUS: 1.03}
LIPS_RANGE = (0.80, 1.22)
EYES_OPEN = {Ethnicity.ASIAN: 0.91, Ethnicity.INDIGENOUS: 0.97}


@dataclass(frozen=True, slots=True)
class Face:
    """Proportions of one head. Heights count from the top of the picture."""

    half_width: float
    jaw: float
    chin_width: float
    chin: float
    crown: float
    eye_y: float
    eye_gap: float  #: from the middle to each eye
    eye_size: float
    eye_open: float
    eye_lift: float  #: how much the outer corner stands above the inner one
    lid_crease: bool
    nose_y: float
    nose_width: float
    nose_tip: float  #: how round the tip is
    mouth_y: float
    mouth_width: float
    lips: float
    brow_weight: float
    brow_arch: float
    brow_height: float
    turn: float  #: how far the features are turned aside
    ear: float
    neck: float
    shoulders: float
    head_scale: float

    @property
    def chin_x(self) -> float:
        return CENTRE + self.turn * 0.5


@dataclass(frozen=True, slots=True)
class Frame:
    """How the picture shows the person: the visible square, and the head's tilt in degrees."""

    region: Region
    tilt: float


def build_face(age: int, ethnicity: Ethnicity, chance: Random, *, masculine: bool, animated: bool) -> Face:
    """Draw the proportions of one head from chance."""
    shape = chance.choice(tuple(SHAPES))
    width, jaw, chin_width, chin = SHAPES[shape]
    ageing = max(0.0, min(1.0, (age - 38) / 42))
    slight = 0.0 if masculine else 1.0
    face = Face(
        half_width=width - 2.5 * slight + chance.uniform(-1.5, 2),
        jaw=jaw - 4.5 * slight + chance.uniform(-2, 2) + 3 * ageing,
        chin_width=chin_width - 3 * slight + chance.uniform(-2, 2),
        chin=chin - 4 * slight + chance.uniform(-2, 2),
        crown=82 + chance.uniform(-2, 2),
        eye_y=172 + chance.uniform(-2.5, 2.5),
        eye_gap=29.5 + chance.uniform(-1.8, 1.8),
        eye_size=(1.0 + 0.08 * slight) * chance.uniform(0.92, 1.1),
        eye_open=min(1.06, EYES_OPEN.get(ethnicity, 1.0) * chance.uniform(0.92, 1.06)) * (1 - 0.16 * ageing),
        eye_lift=chance.uniform(0.2, 2.4) - 2.2 * ageing,
        lid_crease=ethnicity is not Ethnicity.ASIAN or chance.random() < 0.5,
        nose_y=208 + chance.uniform(-3, 3),
        nose_width=NOSE[ethnicity]
        + (0.9 if masculine else -0.9)
        + chance.gauss(0, NOSE_SPREAD)
        + 1.4 * ageing,
        nose_tip=chance.uniform(0.6, 1.3),
        mouth_y=231 + chance.uniform(-1.5, 2),
        mouth_width=(26.5 if masculine else 24.5) + chance.uniform(-2.5, 2.5),
        lips=LIPS.get(ethnicity, 1.0)
        * chance.uniform(*LIPS_RANGE)
        * (0.86 if masculine else 1)
        * (1 - 0.32 * ageing),
        brow_weight=(5.4 if masculine else 3.7) * chance.uniform(0.75, 1.3) * (1 - 0.15 * ageing),
        brow_arch=chance.uniform(2.6, 6.0),
        brow_height=chance.uniform(-1.5, 2.5) + 1.8 * slight,
        turn=chance.choice((-1, 1)) * chance.uniform(1.5, 8),
        ear=chance.uniform(0.9, 1.1) + 0.14 * ageing,
        neck=35 if masculine else 27,
        shoulders=(124 if masculine else 102) + chance.uniform(-5, 6) - 6 * ageing,
        head_scale=chance.uniform(0.98, 1.03),
    )
    if age < 18:
        face = _younger(face, age)
    return _animated(face, masculine=masculine and age >= 13) if animated else face


def between(first: Face, second: Face) -> Face:
    """The face halfway between two."""
    numbers = [field.name for field in fields(Face) if field.name != "lid_crease"]
    halves = {name: (getattr(first, name) + getattr(second, name)) / 2 for name in numbers}
    return replace(first, **halves)


def _younger(face: Face, age: int) -> Face:
    """Make a grown face a child's or teenager's: large eyes set low, full cheeks, small nose, slim neck."""
    youth = min(1.0, (18 - age) / 14)  # 1 from 4 years down
    infancy = max(0.0, min(1.0, (5 - age) / 5))

    def toward(grown: float, small: float) -> float:
        return grown + (small - grown) * float(youth**0.8)

    return replace(
        face,
        half_width=toward(face.half_width, 75 + 0.3 * (face.half_width - 67)) + 4 * infancy,
        jaw=toward(face.jaw, 60 + 0.4 * (face.jaw - 50)) + 13 * infancy,
        chin_width=toward(face.chin_width, 21) + 4 * infancy,
        chin=toward(face.chin, 250) - 9 * infancy,
        eye_y=toward(face.eye_y, face.eye_y + 16) + 5 * infancy,
        eye_gap=toward(face.eye_gap, 31.5),
        eye_size=toward(face.eye_size, 1.34) + 0.08 * infancy,
        eye_open=toward(face.eye_open, 0.45 * face.eye_open + 0.66),
        nose_y=toward(face.nose_y, 211),
        nose_width=toward(face.nose_width, 8.4) - 1.2 * infancy,
        mouth_y=toward(face.mouth_y, 229) - 2 * infancy,
        mouth_width=toward(face.mouth_width, 18.5) - 2.5 * infancy,
        lips=toward(face.lips, 0.78),
        brow_weight=toward(face.brow_weight, 2.3) * (1 - 0.35 * infancy),
        brow_height=toward(face.brow_height, 3.0),
        neck=toward(face.neck, 20) + 6 * infancy,
        shoulders=toward(face.shoulders, 72) - 4 * infancy,
        head_scale=toward(face.head_scale, 1.1) + 0.04 * infancy,
    )


def _animated(face: Face, *, masculine: bool) -> Face:
    """Proportions of an animated film: a larger rounder head, big eyes, a small nose.

    Large eyes and a small chin read as feminine, so men keep more of their jaw, brows, nose and shoulders.
    """
    drawn = replace(
        face,
        half_width=face.half_width + 4,
        jaw=face.jaw + 4,
        chin=face.chin - 5,
        eye_size=face.eye_size * (1.42 if face.eye_size < 1.25 else 1.2),
        eye_gap=face.eye_gap + 2,
        eye_open=face.eye_open * 1.16,
        nose_width=face.nose_width * 0.86,
        nose_tip=1.3,
        mouth_y=face.mouth_y - 1,
        mouth_width=face.mouth_width * 0.94,
        brow_weight=face.brow_weight * 1.15,
        brow_height=face.brow_height + 2,
        neck=face.neck * 0.84,
        shoulders=face.shoulders * 0.88,
        head_scale=face.head_scale * 1.11,
    )
    if not masculine:
        return drawn
    return replace(
        drawn,
        jaw=face.jaw + 9,
        chin_width=face.chin_width + 5,
        chin=face.chin - 1,
        eye_size=face.eye_size * 1.26,
        nose_width=face.nose_width,
        lips=face.lips * 0.88,
        brow_weight=face.brow_weight * 1.5,
        brow_height=face.brow_height - 1,
        brow_arch=face.brow_arch * 0.7,
        neck=face.neck,
        shoulders=face.shoulders * 0.97,
    )


def build_frame(age: int, chance: Random, *, hat: str, hair: str, animated: bool) -> Frame:
    """Frame the person: children stand lower in the picture, tall hats and hair get room above."""
    if age < 3:  # babies are small: nearer, and lower in the picture
        side = 336 + 12 * age + chance.uniform(-6, 6)
        return Frame(
            Region(200 - side / 2 + chance.uniform(-8, 8), 24 + chance.uniform(-4, 6), side, side),
            chance.uniform(-7, 7),
        )
    margin = chance.uniform(11, 20)
    top = chance.uniform(10, 17)
    if hat in ("toque", "straw") or hair in ("afro", "puffs"):
        margin, top = 8, 0 if hat == "toque" else 4
    if animated:
        margin, top = min(margin, 9), top - (14 if hat else 6)
    if age < 13:
        margin, top = min(margin, 10), top - (13 - age) * 1.6
    side = 400 - 2 * margin
    return Frame(Region(margin + chance.uniform(-6, 6), top, side, side), chance.uniform(-5, 5))
