"""Rows become people: every cell is checked, and a bad row is a result and not an exception."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from avatar_core.errors import TooManyPeople
from avatar_core.people.cells import failed_formula, one_line, shown
from avatar_core.people.columns import Cells, Columns, Mapped, filled_rows, find_columns, names_of
from avatar_core.people.headers import Row
from avatar_core.people.limits import MAX_AGE, MAX_OCCUPATION, MAX_ROWS
from avatar_core.people.vocabulary import ALLOWED, MAX_WORD, Reading, plain, read_word
from avatar_core.types import Ethnicity, Gender, People, Persona, RowProblem

_AGE = re.compile(
    r"([0-9]{1,4})(?:[.,]0+)?\s*(?:a|anos?|anos? de idade|y|yo|y/o|yrs?|years?|years? old)?", re.IGNORECASE
)
_ID = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}")
#: Windows opens a device instead of a file of such a name, whatever its ending.
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?", re.IGNORECASE)


def people_of(
    rows: Sequence[Row], problems: Iterable[RowProblem] = (), mapped: Mapped | None = None
) -> People:
    """Check every row of a table; rows without anything in them are passed over.

    Args:
        rows: the data rows with their numbers; nested objects become dotted columns.
        problems: what is already known to be wrong with the table.
        mapped: the columns that the user chose for some fields.

    Raises:
        UnreadableTable: a needed column is missing, or a limit is passed.
        TooManyPeople: more rows than ``MAX_ROWS``.
    """
    return checked(filled_rows(rows), problems, mapped)


def checked(
    filled: Sequence[tuple[int, Cells]], problems: Iterable[RowProblem], mapped: Mapped | None
) -> People:
    """Check rows whose cells are texts already; otherwise like :func:`people_of`."""
    if len(filled) > MAX_ROWS:
        raise TooManyPeople(
            f"The table has more than {MAX_ROWS:,} rows. Split it into files of {MAX_ROWS:,} rows each."
        )
    if not filled:
        return People((), tuple(problems))
    check = _Check(find_columns(names_of(filled), mapped), [row for _, row in filled])
    personas = [persona for number, row in filled if (persona := check.persona(number, row))]
    found = [*problems, *check.columns.notices, *check.problems, *check.translations()]
    return People(tuple(personas), tuple(sorted(found, key=lambda problem: problem.row)))


def somebody(people: People) -> People:
    """The same people, with a problem that says so if there is nobody and nothing else is wrong."""
    if people.personas or any(problem.fatal for problem in people.problems):
        return people
    nobody = RowProblem(0, "", "", "holds no people", "a row for each person under the headers")
    return People((), (*people.problems, nobody))


class _Check:
    """The checks of one table, which remember the ids that are taken and the words that were translated."""

    def __init__(self, columns: Columns, rows: Sequence[Cells]) -> None:
        self.columns = columns
        self.problems: list[RowProblem] = []
        self._given = {columns.cell(row, "id")[1].casefold() for row in rows}
        self._taken: dict[str, int] = {}
        self._first_said: dict[tuple[str, str], str] = {}
        self._read: Counter[tuple[str, str, str]] = Counter()
        self._readings: dict[tuple[str, str], tuple[str, Reading]] = {}
        # H and M are homem and mulher; M and F are masculino and feminino.
        self._h_and_m = any(columns.cell(row, "gender")[1].casefold() == "h" for row in rows)

    def persona(self, number: int, row: Cells) -> Persona | None:
        """The person of a row, or None if any of its cells is refused."""
        before = len(self.problems)
        persona_id = self._id(number, row)
        age = self._age(number, row)
        gender, ethnicity = self._word(number, row, "gender"), self._word(number, row, "ethnicity")
        occupation = self._occupation(number, row)
        if any(problem.fatal for problem in self.problems[before:]):
            return None
        name = one_line(self.columns.cell(row, "name")[1])
        extra = tuple((column, row.get(column, "")) for column in self.columns.extra)
        return Persona(persona_id, age, Gender(gender), Ethnicity(ethnicity), occupation, name, extra)

    def translations(self) -> list[RowProblem]:
        """One notice for each word that was read as one of ours, with the number of its rows."""
        return [
            RowProblem(
                0,
                column,
                self._first_said[column, bare],
                f"is read as {word} in {count:,} {'row' if count == 1 else 'rows'}",
                fatal=False,
            )
            for (column, bare, word), count in self._read.items()
        ]

    def _refuse(self, number: int, column: str, text: str, problem: str, allowed: str) -> None:
        if failed_formula(text):
            problem, allowed = "is a formula without a result", f"the value itself: {allowed}"
        self.problems.append(RowProblem(number, shown(column), shown(text), problem, allowed))

    def _id(self, number: int, row: Cells) -> str:
        column, text = self.columns.cell(row, "id")
        if not text:
            return self._made_id(number)
        if not _ID.fullmatch(text):
            allowed = "1 to 64 plain letters, digits, “.”, “_” or “-”, not starting with “.”"
            self._refuse(number, column, text, "cannot be a file name", allowed)
        elif _DEVICE.fullmatch(text):
            self._refuse(number, column, text, "is a name that Windows keeps for a device", "any other id")
        elif (first := self._taken.setdefault(text.casefold(), number)) != number:
            allowed = "another id in every row, where capitals make no difference"
            self._refuse(number, column, text, f"is already the id of row {first}", allowed)
        return text

    def _made_id(self, number: int) -> str:
        """An id for a row without one: it stays the same while other rows change, and is nobody else's."""
        made = f"p{number:03}"
        while made in self._given:
            made += "x"
        return made

    def _age(self, number: int, row: Cells) -> int:
        column, text = self.columns.cell(row, "age")
        match = _AGE.fullmatch(text)
        if match and int(match[1]) <= MAX_AGE:
            return int(match[1])
        problem = "is not an age" if text else "is empty"
        self._refuse(number, column, text, problem, f"a whole number from 0 to {MAX_AGE}")
        return 0

    def _word(self, number: int, row: Cells, field: str) -> str:
        column, text = self.columns.cell(row, field)
        if not text:
            self._refuse(number, column, "", "is empty", ALLOWED[field])
            return ""
        if field == "gender" and self._h_and_m and text.casefold() in ("h", "m"):
            problem = "is unclear: beside H, M can mean masculino or mulher"
            self._refuse(number, column, text, problem, ALLOWED[field])
            return ""
        if (field, text) not in self._readings:
            self._readings[field, text] = plain(text[:MAX_WORD]), read_word(field, text)
        bare, reading = self._readings[field, text]
        if reading.problem:
            self._refuse(number, column, text, reading.problem, ALLOWED[field])
        elif reading.notice:
            self.problems.append(RowProblem(number, shown(column), shown(text), reading.notice, fatal=False))
        elif reading.translated:
            self._first_said.setdefault((column, bare), shown(text))
            self._read[column, bare, reading.word] += 1
        return reading.word

    def _occupation(self, number: int, row: Cells) -> str:
        column, text = self.columns.cell(row, "occupation")
        text, allowed = one_line(text), f"1 to {MAX_OCCUPATION} characters, in words"
        if not text:
            self._refuse(number, column, "", "is empty", allowed)
        elif failed_formula(text):
            self._refuse(number, column, text, "", allowed)
        elif len(text) > MAX_OCCUPATION:
            self._refuse(number, column, text, f"has {len(text)} characters", allowed)
        elif not any(map(str.isalpha, text)):
            self._refuse(number, column, text, "has no letters", allowed)
        return text
