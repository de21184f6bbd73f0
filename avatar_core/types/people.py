"""Who is drawn: people, and what a table said about them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Gender(StrEnum):
    """How a portrait line opens. ``PERSON`` stands for every identity that is neither man nor woman."""

    MAN = "man"
    WOMAN = "woman"
    PERSON = "person"


class Ethnicity(StrEnum):
    """Cor ou raça as IBGE asks it (branca, parda, preta, amarela, indígena); self-declared data of the row."""

    WHITE = "white"
    PARDO = "pardo"
    BLACK = "black"
    ASIAN = "asian"
    INDIGENOUS = "indigenous"


@dataclass(frozen=True, slots=True)
class Persona:
    """One synthetic person. Only age, gender, ethnicity and occupation ever leave this machine."""

    id: str
    age: int
    gender: Gender
    ethnicity: Ethnicity
    occupation: str
    name: str = ""
    #: Other columns of the row, in order, carried to the manifest and never sent.
    extra: tuple[tuple[str, str], ...] = ()

    @property
    def described(self) -> str:
        """One line about the person, for captions and for those who cannot see the picture."""
        return f"{self.gender.value.capitalize()}, {self.age}, {self.ethnicity.value}, {self.occupation}"


@dataclass(frozen=True, slots=True)
class RowProblem:
    """One thing wrong with one row: where, what, and what would be allowed.

    ``row`` counts data rows from 1, as a user sees them; 0 speaks of the whole table.
    ``fatal`` rows are left out; the others are notices about rows that stay usable.
    """

    row: int
    column: str
    value: str
    problem: str
    allowed: str = ""
    fatal: bool = True

    def __str__(self) -> str:
        where = f"Row {self.row}" if self.row else "The table"
        column = f", column “{self.column}”" if self.column else ""
        said = f" “{self.value}”" if self.value else ""
        allowed = f" Allowed: {self.allowed}." if self.allowed else ""
        return f"{where}{column}:{said} {self.problem}.{allowed}"


@dataclass(frozen=True, slots=True)
class People:
    """What a table gave: the usable people and every problem of the others."""

    personas: tuple[Persona, ...]
    problems: tuple[RowProblem, ...] = ()
