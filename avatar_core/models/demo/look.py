"""A person's look: everything that chance decides about one sitter, decided here and once.

The drawing rooms only read it. Each asks :meth:`Look.chance` for randomness of its own for strokes and folds,
so that one room's drawing never shifts another's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import TypeVar

from avatar_core.grid import COLUMNS, row_and_column
from avatar_core.models.demo.build import Face, Frame, between, build_face, build_frame
from avatar_core.models.demo.colour import darker, lighter, lightness, mix
from avatar_core.models.demo.hairstyle import Hairstyle, choose_hair
from avatar_core.models.demo.palette import cloth_colours, palette_of
from avatar_core.models.demo.reading import Sitter
from avatar_core.models.demo.trades import Trade, trade_of
from avatar_core.types import Ethnicity, Gender

T = TypeVar("T")

GLASSES = ("round", "square", "thin", "cat")
CLASSIC_RIMS = ("#1c1c20", "#4b2e1c", "#23364f", "#7a2530")
BRIGHT_RIMS = ("#d7263d", "#1b998b", "#f46036", "#2e294e")
READERS = (
    "teacher",
    "programmer",
    "designer",
    "scientist",
    "lawyer",
    "doctor",
    "office",
    "analyst",
    "librarian",
)


@dataclass(frozen=True, slots=True)
class Colours:
    """The colours of one person; ``shade`` and ``deep`` are the skin in shadow, ``light`` in light."""

    skin: str
    shade: str
    deep: str
    light: str
    hair: str
    brow: str
    iris: str
    lips: str
    shirt: str
    accent: str


@dataclass(frozen=True, slots=True)
class Extras:
    """What a person wears apart from clothes; an empty name means nothing."""

    hat: str = ""
    glasses: str = ""
    rims: str = "#1c1c20"
    earring: str = ""
    makeup: str = ""  #: the lipstick's colour
    headband: bool = False
    necklace: bool = False


@dataclass(frozen=True, slots=True)
class Look:
    """One person, ready to be drawn."""

    sitter: Sitter
    seed: int
    key: str  #: what this person's chance grows from
    trade: Trade
    scene: str
    outfit: str
    masculine: bool
    animated: bool  #: drawn as a character of an animated film
    ageing: float  #: 0 up to 38 years, 1 from 80
    face: Face
    frame: Frame
    colours: Colours
    hair: Hairstyle
    extras: Extras
    smile: str  #: serious, calm, closed, teeth or laugh

    @property
    def age(self) -> int:
        return self.sitter.age

    @property
    def baby(self) -> bool:
        return self.sitter.age < 3

    @property
    def child(self) -> bool:
        return self.sitter.age < 13

    def chance(self, room: str) -> Random:
        """Randomness for one drawing room, the same on every machine."""
        return Random(f"{self.key}|{room}")

    def pick(self, options: Sequence[T], what: str) -> T:
        """One of several variants: neighbours in a grid get different ones."""
        return options[neighbourly(self.sitter.cell, self.seed, what, len(options))]


def neighbourly(cell: int, seed: int, what: str, count: int) -> int:
    """A number below ``count`` that differs from those of the cells beside, above and below.

    >>> numbers = [neighbourly(cell, 1, "scene", 3) for cell in range(1, 10)]
    >>> [len(set(numbers[row : row + 3])) for row in (0, 3, 6)]
    [3, 3, 3]
    """
    row, column = row_and_column(cell)
    below = COLUMNS if count % COLUMNS else COLUMNS + 1
    return (Random(f"{seed}|{what}").randrange(count) + column + row * below) % count


def decide_look(sitter: Sitter, seed: int) -> Look:
    """Decide everything about one person.

    Who they are comes from their demographics, cell and seed alone: the same person stays recognisable when
    an edit only changes the filter or asks for glasses. The background follows the whole line.
    """
    key = f"{seed}|{sitter.cell}|{sitter.gender}|{sitter.age}|{sitter.ethnicity}|{sitter.calling}"
    chance = Random(f"{key}|look")
    ethnicity = sitter.ethnicity or chance.choice(tuple(Ethnicity))
    trade = _trade(sitter)
    scenes, outfits = _surroundings(sitter, trade)
    masculine = sitter.gender is Gender.MAN or (sitter.gender is Gender.PERSON and chance.random() < 0.5)
    animated = sitter.filter == "3d"
    ageing = max(0.0, min(1.0, (sitter.age - 38) / 42))
    hat = _hat(sitter, trade, Random(f"{key}|hat"))
    hair = choose_hair(
        sitter, palette_of(ethnicity).texture(chance), Random(f"{key}|hair"), masculine=masculine, hat=hat
    )
    return Look(
        sitter=sitter,
        seed=seed,
        key=key,
        trade=trade,
        scene=scenes[neighbourly(sitter.cell, seed, f"scene {trade.id}", len(scenes))],
        outfit=outfits[neighbourly(sitter.cell, seed, f"outfit {trade.id}", len(outfits))],
        masculine=masculine,
        animated=animated,
        ageing=ageing,
        face=_face(sitter, ethnicity, key, masculine=masculine, animated=animated),
        frame=build_frame(sitter.age, Random(f"{key}|frame"), hat=hat, hair=hair.style, animated=animated),
        colours=_colours(sitter, ethnicity, seed, Random(f"{key}|colours")),
        hair=hair,
        extras=_extras(sitter, trade, hat, hair, Random(f"{key}|extras"), masculine=masculine),
        smile=_smile(sitter, Random(f"{key}|smile")),
    )


def _trade(sitter: Sitter) -> Trade:
    """Children are drawn as children: they go to school, whatever the line says they work as."""
    if sitter.age < 14 and sitter.trade not in ("student", "athlete", "musician"):
        return trade_of("student")
    return trade_of(sitter.trade)


def _surroundings(sitter: Sitter, trade: Trade) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The backgrounds and clothes among which a person's are chosen; small children have their own."""
    if sitter.age < 3:
        return ("nursery", "home"), ("onesie",)
    if sitter.age < 6:
        return ("park", "home", "soft"), trade.outfits
    return trade.scenes, trade.outfits


def _face(sitter: Sitter, ethnicity: Ethnicity, key: str, *, masculine: bool, animated: bool) -> Face:
    """A face; a person who is called neither man nor woman gets one between both."""

    def face(*, masculine: bool) -> Face:
        return build_face(
            sitter.age, ethnicity, Random(f"{key}|face"), masculine=masculine, animated=animated
        )

    if sitter.gender is Gender.PERSON:
        return between(face(masculine=True), face(masculine=False))
    return face(masculine=masculine)


def _hat(sitter: Sitter, trade: Trade, chance: Random) -> str:
    if sitter.wishes.hat is False or sitter.age < 14:
        return ""
    if sitter.wishes.hat:
        return trade.hat or "cap"
    return trade.hat if trade.hat and chance.random() < trade.hat_chance else ""


def _colours(sitter: Sitter, ethnicity: Ethnicity, seed: int, chance: Random) -> Colours:
    palette = palette_of(ethnicity)
    skin = mix(chance.choice(palette.skin), chance.choice(palette.skin), chance.uniform(0, 0.5))
    if sitter.age > 60:
        faded = "#d9c3b0" if lightness(skin) > 0.6 else "#8a7466"
        skin = mix(skin, faded, min(0.16, 0.06 + (sitter.age - 60) * 0.004))
    shadow = mix("#260b08", "#6a2c18", lightness(skin))  # blood shows through light skin's shadow
    natural = sitter.wishes.hair_colour or chance.choice(palette.hair)
    grey = 0.0 if sitter.wishes.hair_colour else greyness(sitter.age, chance.uniform(-4, 7))
    if sitter.gender is not Gender.MAN and 42 < sitter.age < 68 and chance.random() < 0.3:
        grey *= 0.15  # dyed
    silver = mix("#a9a7a6", "#f1efec", (sitter.age - 58) / 26)
    cloth = Random(f"{seed}|cloth").sample(cloth_colours(), len(cloth_colours()))
    shirt = sitter.wishes.shirt_colour or cloth[sitter.cell % len(cloth)]  # nine cells, nine colours
    return Colours(
        skin=skin,
        shade=mix(skin, shadow, 0.32),
        deep=mix(skin, shadow, 0.50),
        light=lighter(skin, 0.42 if lightness(skin) > 0.45 else 0.26),
        hair=mix(natural, silver, grey**0.85),
        brow=mix(darker(natural, 0.1), "#a6a29f", grey * 0.75),
        iris=chance.choice(palette.iris),
        lips=mix(palette.lips, skin, chance.uniform(0, 0.25)),
        shirt=shirt,
        accent=chance.choice([colour for colour in cloth if colour != shirt]),
    )


def greyness(age: int, delay: float) -> float:
    """The share of grey hair, from 0 to 1; ``delay`` in years moves its beginning at 42."""
    return max(0.0, min(1.0, (age - 42 - delay) / 24))


def _extras(
    sitter: Sitter, trade: Trade, hat: str, hair: Hairstyle, chance: Random, *, masculine: bool
) -> Extras:
    wishes, grown = sitter.wishes, sitter.age >= 13
    ageing = max(0.0, min(1.0, (sitter.age - 38) / 42))
    wears_glasses = chance.random() < (
        0.12 + 0.38 * ageing + 0.18 * (trade.id in READERS) if grown else 0.12 if sitter.age > 4 else 0.0
    )
    glasses = chance.choice(GLASSES[: 3 if masculine else 4])
    rims = chance.choice(BRIGHT_RIMS if trade.id == "designer" else CLASSIC_RIMS)
    earring = chance.choice(("pearl", "hoop", "drop", "stud")) if grown else "stud"
    wears_earrings = chance.random() < (
        0.0 if sitter.age < 3 else 0.06 if masculine else 0.62 if grown else 0.4
    )
    lipstick = chance.choice(("#c9304a", "#b5385c", "#d1495b", "#a52a3f", "#b8605a"))
    makeup = lipstick if not masculine and sitter.age >= 16 and chance.random() < 0.55 else ""
    headband = (
        not masculine and not hat and hair.takes_headband and chance.random() < (0.16 if grown else 0.5)
    )
    if wishes.glasses is not None:
        wears_glasses = wishes.glasses
    if wishes.earrings is not None:
        wears_earrings = wishes.earrings
    return Extras(
        hat=hat,
        glasses=glasses if wears_glasses else "",
        rims=wishes.glasses_colour or rims,
        earring=("stud" if masculine else earring) if wears_earrings and hair.shows_ears else "",
        makeup=makeup,
        headband=headband,
        necklace=not masculine and grown and chance.random() < 0.4,
    )


def _smile(sitter: Sitter, chance: Random) -> str:
    if sitter.wishes.smile is not None:
        return chance.choice(("teeth", "laugh")) if sitter.wishes.smile else "serious"
    if sitter.age < 3:
        return chance.choice(("closed", "closed", "laugh"))
    if sitter.age < 13:
        return chance.choice(("closed", "teeth", "teeth", "laugh"))
    return chance.choice(("closed", "closed", "teeth", "teeth", "laugh", "calm"))
