"""What the proofreader says of a plan, for people and for programs."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from avatar_core.cli.terminal import say

if TYPE_CHECKING:
    from avatar_core.planning import Plan
    from avatar_core.prompts import Finding

SHOWN = 3
"""Findings of one kind that are said in full; a long table has thousands."""


def say_findings(plan: Plan) -> None:
    """Say what was found, errors first; of many of one kind the first few."""
    from avatar_core.prompts import Severity

    order = list(Severity)
    found = [
        (finding, place, _where(plan, place, finding))
        for place, of_block in enumerate(plan.findings)
        for finding in of_block
    ]

    def of_kind(each: tuple[Finding, int, str]) -> tuple[int, str]:
        return order.index(each[0].severity), each[0].kind.value

    for _, group in groupby(sorted(found, key=of_kind), key=of_kind):
        alike = list(group)
        for finding, _, where in alike[:SHOWN]:
            say(f"{finding.severity.value.capitalize()}, {where}: {finding}")
        if len(alike) > SHOWN:
            severity, kind = alike[0][0].severity.value.capitalize(), alike[0][0].kind.value
            say(f"{severity}: {len(alike) - SHOWN} more about “{kind}”; --json has all.")


def finding_rows(plan: Plan) -> list[dict[str, Any]]:
    """What was found, for programs."""
    return [
        {
            "block": place + 1,
            "cell": finding.cell,
            "id": _id(plan, place, finding),
            "kind": finding.kind.value,
            "severity": finding.severity.value,
            "reason": finding.reason,
            "mend": finding.mend,
        }
        for place, of_block in enumerate(plan.findings)
        for finding in of_block
    ]


def _id(plan: Plan, place: int, finding: Finding) -> str | None:
    """Whose cell it is about; None for the whole prompt and for empty cells."""
    people = plan.blocks[place].personas
    return people[finding.cell - 1].id if finding.cell and finding.cell <= len(people) else None


def _where(plan: Plan, place: int, finding: Finding) -> str:
    cell = f", cell {finding.cell}" if finding.cell else ""
    who = _id(plan, place, finding)
    return f"picture {place + 1}{cell}" + (f" ({who})" if who else "")
