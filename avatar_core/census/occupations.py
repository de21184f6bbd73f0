"""What people do: a list of our own, drawn from age alone and never from gender or raça/cor (data/occupations.toml)."""

from __future__ import annotations

import random
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from avatar_core.errors import InputError
from avatar_core.types import Gender

LANGUAGES = ("pt", "en")


@dataclass(frozen=True, slots=True)
class Occupation:
    """What somebody does: in English, and in Portuguese for a man and for a woman."""

    en: str
    masculine: str
    feminine: str
    youngest: int = 0

    def spoken(self, gender: Gender, language: str) -> str:
        """The word for a person; for somebody who is neither man nor woman, both forms where they differ.

        >>> Occupation("nurse", "enfermeiro", "enfermeira").spoken(Gender.PERSON, "pt")
        'enfermeira ou enfermeiro'

        Raises:
            InputError: it is not said in that language.
        """
        if language not in LANGUAGES:
            raise InputError(
                f"Occupations are not known in “{language[:40]}”. Choose one of: {', '.join(LANGUAGES)}."
            )
        if language == "en":
            return self.en
        if gender is Gender.PERSON and self.masculine != self.feminine:
            return f"{self.feminine} ou {self.masculine}"
        return self.feminine if gender is Gender.WOMAN else self.masculine


@cache
def occupations() -> tuple[Occupation, ...]:
    """Every occupation of the list."""
    return tuple(Occupation(*entry) for entry in _data()["occupations"])


def draw_occupation(age: int, chance: random.Random) -> Occupation:
    """What somebody of an age does, or that they study or are retired."""
    data = _data()
    place, idle = (
        chance.random(),
        chance.random(),
    )  # two numbers for everybody, so that ages do not shift what follows
    if age <= data["children"]["until"]:
        return _stage("children")
    if age <= data["students"]["until"]:
        return _stage("students")
    if age >= data["retired"]["from"] and idle < data["retired"]["share"]:
        return _stage("retired")
    able = _able(age)
    return able[int(place * len(able))]


@cache
def _able(age: int) -> tuple[Occupation, ...]:
    return tuple(occupation for occupation in occupations() if occupation.youngest <= age)


def _stage(name: str) -> Occupation:
    of = _data()[name]
    return Occupation(of["en"], of["masculine"], of["feminine"])


@cache
def _data() -> dict[str, Any]:
    file = resources.files("avatar_core").joinpath("data/occupations.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))
