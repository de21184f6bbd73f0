"""Kinds of people: the groups within which looks are counterbalanced, and that a balance table counts."""

from __future__ import annotations

from avatar_core.types import Persona

AGE_BANDS = (0, 15, 30, 45, 65)
"""The first year of each band: IBGE's broad groups of children (0-14), youth (15-29) and old age (65 and more), with
the working years between them in two."""

Kind = tuple[str, str, str]
"""Gender, ethnicity and age band, as words."""


def age_band(age: int) -> str:
    """The band of an age in years.

    >>> age_band(14), age_band(15), age_band(88)
    ('0-14', '15-29', '65+')
    """
    return next(name for start, name in _NAMES if age >= start or start == 0)


def band_names() -> tuple[str, ...]:
    """The bands, from the youngest."""
    return tuple(name for _, name in reversed(_NAMES))


def kind_of(persona: Persona) -> Kind:
    """Gender, ethnicity and age band of a person."""
    return persona.gender.value, persona.ethnicity.value, age_band(persona.age)


_NAMES = tuple(
    (start, f"{start}-{after - 1}" if after else f"{start}+")
    for start, after in reversed(list(zip(AGE_BANDS, (*AGE_BANDS[1:], 0), strict=True)))
)
