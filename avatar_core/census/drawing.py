"""Draws people by the shares of a population, the same ones for the same seed."""

from __future__ import annotations

import random
import string
from collections.abc import Sequence

from avatar_core.census.occupations import draw_occupation
from avatar_core.census.shares import OLDEST, Shares, census_shares
from avatar_core.errors import InputError
from avatar_core.types import Ethnicity, Gender, Persona

MAX_DRAWN = 10_000

#: The column that says, in the manifest too, where a person comes from.
ORIGIN = "drawn_from"


def draw_people(
    n: int,
    seed: int,
    region: str | None = None,
    *,
    shares: Shares | None = None,
    language: str = "pt",
    min_age: int = 0,
    max_age: int = OLDEST,
) -> tuple[Persona, ...]:
    """Draw people at random, by the Census of 2022 or by shares of the user's own.

    The first people of a longer draw are those of a shorter one. They have no names; each carries in a column of its
    own what it was drawn from. What is drawn together and what independently is said by ``shares.notes``; the
    occupation depends on the age alone.

    >>> [one.described for one in draw_people(2, seed=7, language="en", min_age=18)]
    [...]

    Args:
        n: how many.
        seed: the same seed gives the same people.
        region: one of ``REGIONS``; none is the whole country.
        shares: what to draw from instead of the census.
        language: of the occupations, pt or en.
        min_age: years; younger people are left out, and the shares are those of the others.
        max_age: years; likewise.

    Raises:
        InputError: that many cannot be drawn, or there is no such region, language or age.
    """
    if not 1 <= n <= MAX_DRAWN:
        raise InputError(f"{n:,} people cannot be drawn. Choose from 1 to {MAX_DRAWN:,}.")
    if shares is not None and region is not None:
        raise InputError("Shares of your own have no region. Choose either.")
    if not 0 <= min_age <= max_age:
        raise InputError(
            f"Nobody is from {min_age} to {max_age} years old. Choose a youngest age below the oldest."
        )
    whole = shares or census_shares(region)
    of = whole.between(min_age, max_age)
    chance = random.Random(f"people {seed}")
    taken: set[str] = set()
    return tuple(_person(of, chance, taken, language, f"{whole.title}; seed {seed}") for _ in range(n))


def _person(of: Shares, chance: random.Random, taken: set[str], language: str, origin: str) -> Persona:
    gender = of.gender[_pick([share.share for share in of.gender], chance)].value
    first, last = of.bands[_pick(of.ages_of(gender), chance)]
    age = first + int(chance.random() * (last - first + 1))
    ethnicity = of.ethnicity[_pick(of.ethnicities_of(gender), chance)].value
    occupation = draw_occupation(age, chance).spoken(Gender(gender), language)
    return Persona(
        _id(chance, taken),
        age,
        Gender(gender),
        Ethnicity(ethnicity),
        occupation,
        extra=((ORIGIN, origin),),
    )


def _pick(shares: Sequence[float], chance: random.Random) -> int:
    """The place of one of these shares, each as likely as it is large."""
    return chance.choices(range(len(shares)), weights=shares)[0]


def _id(chance: random.Random, taken: set[str]) -> str:
    """Six letters and digits, as existing tools have them; the first is a letter, so no spreadsheet takes it for a number."""
    while True:
        made = chance.choice(string.ascii_lowercase) + "".join(
            chance.choices(string.ascii_lowercase + string.digits, k=5)
        )
        if made not in taken:
            taken.add(made)
            return made
