"""The balance table: how often each look is worn within each group of people, to be pasted into a paper."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from avatar_core.filters.kinds import age_band, band_names
from avatar_core.filters.looks import all_filters, find_filter
from avatar_core.types import Ethnicity, Gender, Persona


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """One group of people: how many of them wear each look, in the order of the table's looks."""

    factor: str  #: gender, ethnicity, age or all
    group: str
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.counts)

    @property
    def imbalance(self) -> int:
        """The count of the most worn look less that of the least worn."""
        return max(self.counts) - min(self.counts)

    @property
    def least(self) -> int:
        """The imbalance that cannot be avoided: none if the looks divide the group, else one."""
        return 1 if self.total % len(self.counts) else 0


@dataclass(frozen=True, slots=True)
class BalanceTable:
    """Counts by look and group; the last row is everybody."""

    filters: tuple[str, ...]  #: ids
    labels: tuple[str, ...]  #: what people read, in the same order
    rows: tuple[BalanceRow, ...]

    @property
    def worst(self) -> BalanceRow:
        """The row with the largest imbalance, the first of equals."""
        return max(self.rows, key=lambda row: row.imbalance)

    @property
    def imbalance(self) -> int:
        """The largest imbalance of any row."""
        return self.worst.imbalance

    @property
    def summary(self) -> str:
        """One sentence about the table, for its caption."""
        people = f"{self.rows[-1].total:,} {'people' if self.rows[-1].total != 1 else 'person'}"
        if self.imbalance <= 1:
            even = "in every group the counts of any two looks differ by at most one"
        else:
            even = f"the counts of two looks differ by at most {self.imbalance:,} ({self.worst.factor}: {self.worst.group})"
        return f"Looks by group for {people}; {even}."

    def records(self) -> list[dict[str, str | int]]:
        """The rows by column, for a data frame."""
        return [dict(zip(self._header(), cells, strict=True)) for cells in self._cells()]

    def markdown(self) -> str:
        """The table and its caption in Markdown."""
        header = [head.replace("|", "\\|") for head in self._header()]
        lines = [header, ["---", "---", *["---:"] * (len(header) - 2)]]
        lines += [
            [f"{cell:,}" if isinstance(cell, int) else cell for cell in cells] for cells in self._cells()
        ]
        return "\n".join(f"| {' | '.join(line)} |" for line in lines) + f"\n\n{self.summary}\n"

    def csv(self) -> str:
        """The table with plain numbers and commas."""
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows([self._header(), *self._cells()])
        return text.getvalue()

    def _header(self) -> list[str]:
        return ["Factor", "Group", *self.labels, "Total", "Imbalance"]

    def _cells(self) -> Iterator[list[str | int]]:
        for row in self.rows:
            yield [row.factor, row.group, *row.counts, row.total, row.imbalance]


def balance_table(
    personas: Sequence[Persona], filters: Sequence[str], filter_ids: Sequence[str] | None = None
) -> BalanceTable:
    """Count who wears what.

    Args:
        personas: the people.
        filters: one filter id for each.
        filter_ids: the looks that were to be dealt, so that one that nobody wears is counted too; if not given,
            those that somebody wears.

    Raises:
        FilterUnknown: one of the ids does not exist.
    """
    worn = [find_filter(id_).id for id_ in filters]
    wanted = {*worn, *(find_filter(id_).id for id_ in filter_ids or ())} or {"none"}
    columns = [look for look in all_filters() if look.id in wanted]
    counted: Counter[tuple[str, str, str]] = Counter()
    for persona, look in zip(personas, worn, strict=True):
        bands = (
            ("gender", persona.gender.value),
            ("ethnicity", persona.ethnicity.value),
            ("age", age_band(persona.age)),
        )
        counted.update((factor, group, look) for factor, group in (*bands, ("all", "everybody")))
    groups = [
        *(("gender", gender.value) for gender in Gender),
        *(("ethnicity", ethnicity.value) for ethnicity in Ethnicity),
        *(("age", band) for band in band_names()),
    ]
    rows = [
        BalanceRow(factor, group, tuple(counted[factor, group, look.id] for look in columns))
        for factor, group in (*groups, ("all", "everybody"))
    ]
    return BalanceTable(
        filters=tuple(look.id for look in columns),
        labels=tuple(look.label for look in columns),
        rows=tuple(row for row in rows if row.total or row.factor == "all"),
    )
