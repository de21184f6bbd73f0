"""What the proofreader says: a finding, why it matters, and how to mend it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a finding matters."""

    ERROR = "error"  #: the request fails, the study is spoilt, or something private goes out
    WARNING = "warning"  #: the picture is likely not to be what was meant
    NOTICE = "notice"  #: about a row; the picture may be fine


class Kind(StrEnum):
    """What a finding is about; findings of one kind may be shown together."""

    LIMIT = "limit"
    GRID = "grid"
    BAR = "bar"
    EMPTY = "empty"
    LOST = "lost"
    LEAK = "leak"
    CONTRADICTION = "contradiction"
    LETTERS = "letters"
    ORDERS = "orders"
    PUBLIC = "public"
    WORKLESS = "workless"
    GRAMMAR = "grammar"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at before a prompt is sent; as text, its reason and its mend."""

    kind: Kind
    severity: Severity
    reason: str
    mend: str
    cell: int | None = None  #: the cell it is about; None: the whole prompt

    def __str__(self) -> str:
        return f"{self.reason} {self.mend}"
