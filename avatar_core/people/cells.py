"""Single cells: plain text out of anything, and the guard against formulas on the way to a spreadsheet."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time

#: A spreadsheet would run it: a cell that opens like a formula and is no plain number. Apostrophes of earlier guards
#: are looked through, so that guarding and unguarding are exact opposites.
_FORMULA = re.compile(r"'*(?![+-]?[0-9][0-9.,]*%?\Z)[=+\-@＝＋－＠]")

#: Control characters apart from tab and newline.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")

#: What stands for a formula whose result its file does not hold.
UNSAVED = "#UNSAVED!"

#: What a spreadsheet shows in place of a value, in English and in Portuguese.
_FAILED = re.compile(
    r"#(?:N/[AD]|REF!|NAME\?|NOME\?|VALUE!|VALOR!|DIV/0!|N[UÚ]M!|NULL!|NULO!|SPILL!|DESPEJAR!|CALC!|ERROR!|UNSAVED!)",
    re.IGNORECASE,
)


def guarded(text: str) -> str:
    """The text as a spreadsheet may open it: an apostrophe in front of what would run as a formula.

    >>> guarded("=1+1"), guarded("-23.5")
    ("'=1+1", '-23.5')
    """
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """The text without the apostrophe that :func:`guarded` puts in front of a formula."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def failed_formula(text: str) -> bool:
    """Whether a cell holds no value but the error of a formula, such as ``#N/A``."""
    return text.startswith("#") and _FAILED.fullmatch(text) is not None


def text_of(value: object) -> str:
    """Any cell as text: nothing and NaN are empty, lists are joined, control characters are spaces; lines are kept."""
    text = value if isinstance(value, str) else _said(value)
    if text.isprintable():  # the usual case: nothing to mend
        return text.strip()
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    try:
        text.encode()
    except UnicodeEncodeError:  # a lone surrogate, possible in JSON, could not be written to any file
        text = text.encode("utf-8", "replace").decode()
    return _CONTROL.sub(" ", text).strip()


def one_line(value: object) -> str:
    """Any cell as one line of text, in composed form, with single spaces.

    >>> one_line("  software\\n engineer ")
    'software engineer'
    """
    return " ".join(unicodedata.normalize("NFC", text_of(value)).split())


def shown(value: object) -> str:
    """A cell as a message repeats it: one line, and not too long."""
    text = one_line(value)
    return text if len(text) <= 60 else text[:59] + "…"


def _said(value: object) -> str:
    if value is None or value != value:  # only NaN differs from itself
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, (list, tuple)):
        return _list_text(value)
    if isinstance(value, datetime):  # a day without a time is a day, as a text file would have it
        return str(value.date() if value.time() == time() and value.tzinfo is None else value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return str(value)


def _list_text(items: Sequence[object]) -> str:
    if any(isinstance(item, (list, tuple, Mapping)) for item in items):
        return text_of(json.dumps(items, ensure_ascii=False, default=str))
    return "; ".join(text_of(item) for item in items)
