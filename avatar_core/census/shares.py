"""Shares of a population by gender, age and raça/cor, each with its source (data/census-2022.toml)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from avatar_core.errors import InputError
from avatar_core.types import Ethnicity, Gender

#: The regions of Brazil, with their labels.
REGIONS: Mapping[str, str] = MappingProxyType(
    {
        "norte": "Norte",
        "nordeste": "Nordeste",
        "centro-oeste": "Centro-Oeste",
        "sudeste": "Sudeste",
        "sul": "Sul",
    }
)

Ages = tuple[int, int]
"""The first and the last age of a band."""

OLDEST = 104  #: years, the end of a band without one


@dataclass(frozen=True, slots=True)
class Share:
    """One figure: which part of the people is so, from 0 to 1, and who says it."""

    field: str  #: gender, age or ethnicity
    value: str
    share: float
    source: str


@dataclass(frozen=True, slots=True)
class Shares:
    """What is known about a population.

    ``age_of`` and ``ethnicity_of`` hold the shares among men and among women where they are known together; for
    everybody else the fields are independent.
    """

    title: str
    gender: tuple[Share, ...]
    bands: tuple[Ages, ...]
    age: tuple[Share, ...]  #: of each band, in their order
    ethnicity: tuple[Share, ...]
    notes: tuple[str, ...] = ()
    compared: tuple[Ages, ...] = ()  #: coarser bands, to compare with
    age_of: Mapping[str, tuple[float, ...]] = field(default_factory=dict, hash=False)
    ethnicity_of: Mapping[str, tuple[float, ...]] = field(default_factory=dict, hash=False)

    def ages_of(self, gender: str) -> tuple[float, ...]:
        """The shares of the age bands among people of a gender."""
        return self.age_of.get(gender, tuple(share.share for share in self.age))

    def ethnicities_of(self, gender: str) -> tuple[float, ...]:
        """The shares of the ethnicities among people of a gender."""
        return self.ethnicity_of.get(gender, tuple(share.share for share in self.ethnicity))

    def between(self, youngest: int, oldest: int) -> Shares:
        """The same population without those who are younger or older; ages within a band are equally likely.

        Raises:
            InputError: there is nobody of that age.
        """
        kept = [(max(first, youngest), min(last, oldest)) for first, last in self.bands]
        parts = [
            max(0, b - a + 1) / (last - first + 1)
            for (a, b), (first, last) in zip(kept, self.bands, strict=True)
        ]
        within = {
            share.value: sum(p * part for p, part in zip(self.ages_of(share.value), parts, strict=True))
            for share in self.gender
        }
        age = [share.share * part for share, part in zip(self.age, parts, strict=True)]
        if not any(age):
            raise InputError(f"There is nobody from {youngest} to {oldest} years old. Choose other ages.")
        alive = [i for i, part in enumerate(parts) if part]
        whole = sum(share.share * within[share.value] for share in self.gender)
        return replace(
            self,
            gender=tuple(
                replace(share, share=share.share * within[share.value] / whole) for share in self.gender
            ),
            bands=tuple(kept[i] for i in alive),
            age=tuple(replace(self.age[i], value=band_name(kept[i]), share=age[i] / sum(age)) for i in alive),
            compared=tuple(
                (max(first, youngest), min(last, oldest))
                for first, last in self.compared
                if first <= oldest and last >= youngest
            ),
            age_of={
                gender: normalised([shares[i] * parts[i] for i in alive])
                for gender, shares in self.age_of.items()
            },
        )

    def reference(self, what: str) -> tuple[Share, ...]:
        """The figures to compare people with: of ``gender``, ``age`` (in coarser bands) or ``ethnicity``."""
        if what == "gender":
            return self.gender
        if what == "ethnicity":
            return self.ethnicity
        if not self.compared:
            return self.age
        return tuple(
            Share(
                "age",
                band_name((first, last)),
                sum(
                    s.share
                    for s, (a, b) in zip(self.age, self.bands, strict=True)
                    if first <= a and b <= last
                ),
                self.age[0].source,
            )
            for first, last in self.compared
        )


@cache
def census_shares(region: str | None = None) -> Shares:
    """The population of Brazil, or of one of ``REGIONS``, by the Census of 2022.

    >>> [f"{share.value} {share.share:.1%}" for share in census_shares("sul").ethnicity[:2]]
    ['white 72.6%', 'pardo 21.7%']

    Raises:
        InputError: there is no such region.
    """
    if region is not None and region not in REGIONS:
        raise InputError(f"There is no region “{str(region)[:40]}”. Choose one of: {', '.join(REGIONS)}.")
    data = _data()
    bands = [(first, last) for first, last, *_ in data["age"]["bands"]]
    men, women = ([band[i] for band in data["age"]["bands"]] for i in (2, 3))
    people, source = sum(men) + sum(women), data["sources"]["age"]
    gender = tuple(
        Share("gender", value.value, sum(count) / people, source)
        for value, count in ((Gender.WOMAN, women), (Gender.MAN, men))
    )
    age = tuple(
        Share("age", band_name(band), (m + w) / people, source)
        for band, m, w in zip(bands, men, women, strict=True)
    )
    ethnicity = _of_region(region, data) if region else _of_country(data)
    notes = (
        tuple(data["notes"])
        if region is None
        else (*data["notes"][:2], data["region_note"], data["notes"][3])
    )
    return Shares(
        data["title"] + (f", {REGIONS[region]}" if region else ", Brazil"),
        gender,
        tuple(bands),
        age,
        ethnicity,
        notes,
        tuple((first, last) for first, last in data["age"]["compared"]),
        {Gender.MAN.value: normalised(men), Gender.WOMAN.value: normalised(women)},
        {} if region else _by_gender(ethnicity, gender, data["men_per_100_women"]),
    )


def band_name(ages: Ages) -> str:
    """How a band of ages is called.

    >>> band_name((15, 29)), band_name((65, 104)), band_name((18, 18))
    ('15 to 29', '65 and over', '18')
    """
    first, last = ages
    if last >= OLDEST:
        return f"{first} and over"
    return f"{first} to {last}" if first < last else str(first)


def normalised(weights: Sequence[float]) -> tuple[float, ...]:
    """Weights as shares whose sum is 1."""
    whole = sum(weights)
    return tuple(weight / whole for weight in weights) if whole else tuple(weights)


def _of_country(data: Mapping[str, Any]) -> tuple[Share, ...]:
    counts = data["ethnicity"]
    whole, source = sum(counts.values()), data["sources"]["ethnicity"]
    return tuple(Share("ethnicity", value.value, counts[value.value] / whole, source) for value in Ethnicity)


def _of_region(region: str, data: Mapping[str, Any]) -> tuple[Share, ...]:
    of, sources = data["regions"][region], data["sources"]
    known = {value.value: of[value.value] / 100 for value in Ethnicity if value.value in of}
    left = 1 - sum(known.values())
    return tuple(
        Share(
            "ethnicity",
            value.value,
            known[value.value],
            sources["region" if value.value in of["educa"] else "quoted"],
        )
        if value.value in known
        else Share("ethnicity", value.value, round(left, 6), sources["remainder"])
        for value in Ethnicity
    )


def _by_gender(
    ethnicity: Sequence[Share], gender: Sequence[Share], men_per_100_women: Mapping[str, float]
) -> dict[str, tuple[float, ...]]:
    """The shares of the ethnicities among men and among women, from how many men there are in each."""
    men = next(share.share for share in gender if share.value == Gender.MAN)
    ratio = {value: of / (of + 100) for value, of in men_per_100_women.items()}
    of_men = [share.share * ratio.get(share.value, men) for share in ethnicity]
    of_women = [share.share * (1 - ratio.get(share.value, men)) for share in ethnicity]
    return {Gender.MAN.value: normalised(of_men), Gender.WOMAN.value: normalised(of_women)}


@cache
def _data() -> dict[str, Any]:
    file = resources.files("avatar_core").joinpath("data/census-2022.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))


def word_for(text: str) -> str:
    """Our word for a gender or an ethnicity of a user's table, which may be IBGE's; any other text as it is."""
    bare = text.strip().casefold()
    return str(_data()["words"].get(bare, bare))
