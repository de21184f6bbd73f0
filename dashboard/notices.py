"""What is wrong with a table, and what was read as what: many rows of one kind are one line."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from avatar_core.people import ProblemGroup, grouped, problems_to_csv
from avatar_core.types import RowProblem
from dashboard import components

MOST = 8
"""As many kinds of problems as a page lists."""


def problems(found: Sequence[RowProblem], where: str) -> None:
    """What is wrong with rows, by kind: first what keeps a row out, then what is only worth a look."""
    kinds = grouped(found)
    fatal = [kind for kind in kinds if kind.fatal]
    notices = [kind for kind in kinds if not kind.fatal]
    if fatal:
        rows = len({problem.row for problem in found if problem.fatal and problem.row})
        left_out = (
            f"{components.count(rows, 'row is', 'rows are')} left out" if rows else "nothing can be used"
        )
        st.warning(
            _lines(fatal),
            title=f"{where}: {left_out}",
            icon=":material/person_alert:",
        )
    if notices:
        told = components.count(sum(kind.count for kind in notices), "thing", "things")
        with st.expander(f"{where}: {told} to check", icon=":material/info:"):
            st.markdown(_lines(notices))
    if len(kinds) < len(found) or len(kinds) > MOST:
        st.download_button(
            "Save the whole list as CSV",
            data=lambda: problems_to_csv(found),
            file_name="problems.csv",
            mime="text/csv",
            icon=":material/download:",
            on_click="ignore",
            key=f"people.problems.{where}",
            type="tertiary",
        )


def _lines(kinds: Sequence[ProblemGroup]) -> str:
    lines = [f"- {components.plain(str(kind))}" for kind in kinds[:MOST]]
    if len(kinds) > MOST:
        lines.append(f"- and {len(kinds) - MOST:,} more kinds")
    return "\n".join(lines)
