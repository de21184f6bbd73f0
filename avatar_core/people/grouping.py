"""Many problems become few groups: what three hundred rows have in common is said once, with the first of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from avatar_core.types import RowProblem

_FIRST = 5
"""As many rows as a group names; so many or fewer stay apart, and every bad cell of them is named."""

_VALUES = 3
"""As many different values as a group shows."""


@dataclass(frozen=True, slots=True)
class ProblemGroup:
    """Problems of one kind in one column; as text, one line that counts them and names the first."""

    first: tuple[RowProblem, ...]  #: the first of them, in the order of the table
    count: int
    values: tuple[str, ...]  #: the first different values
    different: int  #: how many different values there are

    @property
    def fatal(self) -> bool:
        """Whether their rows are left out."""
        return self.first[0].fatal

    def __str__(self) -> str:
        one = self.first[0]
        if self.count == 1:
            return str(one)
        column = f", column “{one.column}”" if one.column else ""
        shown = ", ".join(f"“{value}”" for value in self.values)
        more = self.different - len(self.values)
        said = f" {shown}{f' and {more:,} other values' if more else ''}:" if shown else ""
        allowed = f" Allowed: {one.allowed}." if one.allowed else ""
        if len({problem.problem for problem in self.first}) == 1:
            return f"{self.count:,} rows{column}:{said} {one.problem}. {self._rows()}{allowed}"
        # What names another row, as a repeated id does, is said of each row for itself.
        each = "; ".join(f"row {problem.row}, “{problem.value}”, {problem.problem}" for problem in self.first)
        more = self.count - len(self.first)
        return f"{self.count:,} rows{column}: {each}{f'; and {more:,} more' if more else ''}.{allowed}"

    def _rows(self) -> str:
        named = ", ".join(str(problem.row) for problem in self.first)
        more = self.count - len(self.first)
        return f"Rows {named}{f' and {more:,} more' if more else ''}."


def grouped(problems: Iterable[RowProblem]) -> tuple[ProblemGroup, ...]:
    """Problems by kind and column, in the order in which each kind is met first.

    What speaks of the whole table stands alone, and so do a few of a kind. Texts that differ in numbers alone are of
    one kind.

    >>> bad = [RowProblem(row, "age", str(200 + row), "is not an age", "0 to 120") for row in range(1, 301)]
    >>> print(*grouped(bad))
    300 rows, column “age”: “201”, “202”, “203” and 297 other values: is not an age. Rows 1, 2, 3, 4, 5 and 295 more. Allowed: 0 to 120.
    """
    kinds: dict[tuple[object, ...], list[RowProblem]] = {}
    for place, problem in enumerate(problems):
        plain = re.sub(r"[0-9]+", "0", problem.problem)
        key = (problem.fatal, problem.column, plain, problem.allowed) if problem.row else (place,)
        kinds.setdefault(key, []).append(problem)
    groups: list[ProblemGroup] = []
    for alike in kinds.values():
        groups += [_group(alike)] if len(alike) > _FIRST else [_group([problem]) for problem in alike]
    return tuple(groups)


def _group(alike: list[RowProblem]) -> ProblemGroup:
    values = [value for value in dict.fromkeys(problem.value for problem in alike) if value]
    return ProblemGroup(tuple(alike[:_FIRST]), len(alike), tuple(values[:_VALUES]), len(values))
