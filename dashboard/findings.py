"""What the proofreader says of a prompt: by severity and by kind, with reason, mend and cell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

import streamlit as st

from avatar_core.planning import Plan
from avatar_core.prompts import Finding, Kind, Severity
from dashboard import components

KINDS = {
    Kind.LIMIT: "Too long",
    Kind.GRID: "The grid",
    Kind.BAR: "A sign that servers take for something else",
    Kind.EMPTY: "Empty cells",
    Kind.LOST: "People whose row and line differ",
    Kind.LEAK: "What should stay here",
    Kind.CONTRADICTION: "Contradictions",
    Kind.LETTERS: "Letters and numbers in the picture",
    Kind.ORDERS: "Occupations that give orders",
    Kind.PUBLIC: "Names of people",
    Kind.WORKLESS: "Occupations without a workplace",
    Kind.GRAMMAR: "Grammatical gender",
}


MOST = 3
"""As many findings of one kind as are told in full; the cells of the others are named."""


def show(plan: Plan) -> None:
    """Everything to look at before a plan's prompts are sent, the worst first; nothing where nothing was found."""
    found = [finding for of_block in plan.findings for finding in of_block]
    errors = _of(found, Severity.ERROR)
    if errors:
        title = f"The prompt has {components.count(len(errors), 'error', 'errors')}"
        st.error(_listed(errors), title=title, icon=":material/rule:")
    warnings = _of(found, Severity.WARNING)
    if warnings:
        title = f"{components.count(len(warnings), 'thing', 'things')} in the prompt may spoil the picture"
        st.warning(_listed(warnings), title=title, icon=":material/rule:")
    notices = _of(found, Severity.NOTICE)
    if notices:
        told = components.count(len(notices), "thing", "things")
        with st.expander(f"{told} to know about the occupations", icon=":material/info:"):
            st.markdown(_listed(notices))


def _of(found: Iterable[Finding], severity: Severity) -> list[Finding]:
    return [finding for finding in found if finding.severity is severity]


def _listed(found: Sequence[Finding]) -> str:
    """A heading for each kind, and under it a line for each finding."""
    lines = []
    for _, group in groupby(sorted(found, key=_place), key=_place):
        alike = list(group)
        lines.append(f"**{KINDS[alike[0].kind]}**\n")
        most = MOST if all(finding.cell for finding in alike) else len(alike)
        lines += [f"- {_line(finding)}" for finding in alike[:most]]
        if rest := list(dict.fromkeys(str(finding.cell) for finding in alike[most:])):
            lines.append(f"- and likewise {'cells' if len(rest) > 1 else 'cell'} {', '.join(rest)}")
        lines.append("")
    return "\n".join(lines)


def _place(finding: Finding) -> int:
    return list(Kind).index(finding.kind)


def _line(finding: Finding) -> str:
    cell = f"cell {finding.cell}: " if finding.cell else ""
    reason = finding.reason.removeprefix(f"Person {finding.cell}: ")
    return f"{cell}{components.plain(reason)} *{components.plain(finding.mend)}*"
