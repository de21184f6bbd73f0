"""One sheet of a workbook becomes lines of cells: a single pass over its XML that keeps what has a value."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache

from avatar_core.errors import UnreadableTable
from avatar_core.people.cells import UNSAVED, text_of
from avatar_core.people.limits import MAX_COLUMNS, MAX_TEXT

#: Excel writes characters that XML cannot hold as _x000B_, and an underscore before such a thing as _x005F_.
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")

#: Cells that only have a colour count too: more than twice the largest table that can be read.
_MOST_CELLS = 5_000_000

Merged = tuple[int, int, int]
"""A column, the first row and the last row of cells that are one."""


class Enough(Exception):
    """As many rows were read as were asked for."""


@dataclass(frozen=True, slots=True)
class Formats:
    """How a workbook's cells are to be read: which styles are dates, which show leading zeros, when days begin."""

    dates: frozenset[str] = frozenset()  #: numbers of styles, as cells name them
    #: style to number of digits, such as 6 for the format 000000
    padded: Mapping[str, int] = field(default_factory=dict)
    epoch: datetime = datetime(1899, 12, 30)  # noqa: DTZ001 - spreadsheets know no time zones


class SheetReader:
    """Handlers of a sheet's XML; ``lines`` fills while it is parsed.

    Args:
        strings: the workbook's shared strings.
        formats: what its styles mean.
        most: after so many rows with anything in them, :class:`Enough` is raised.
    """

    def __init__(self, strings: Sequence[str], formats: Formats, most: int) -> None:
        self.lines: dict[int, dict[int, str]] = {}
        self.merged: list[Merged] = []
        self.unsaved: list[str] = []  #: cells with a formula but without its result
        self._strings, self._formats, self._most = strings, formats, most
        self._row = self._column = self._characters = self._seen = 0
        self._cells: dict[int, str] = {}
        self._kind, self._style, self._has_formula = "n", "0", False
        self._listening = self._skipping = False
        self._text: list[str] = []

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element opens."""
        if tag == "c":
            self._seen += 1
            if self._seen > _MOST_CELLS:
                raise UnreadableTable(
                    f"The sheet has more than {_MOST_CELLS:,} cells, though most are empty. Copy the people into a new one."
                )
            where = attributes.get("r")
            self._column = _column(where.rstrip("0123456789")) if where else self._column + 1
            self._kind = attributes.get("t", "n")
            self._style = attributes.get("s", "0")
            self._has_formula = False
            self._text.clear()
        elif tag == "v" or (tag == "t" and not self._skipping):
            self._listening = True
        elif tag == "f":
            self._has_formula = True
        elif tag == "row":
            self._row = _number(attributes.get("r", "")) or self._row + 1
            self._column, self._cells = 0, {}
        elif tag == "rPh":  # how a Japanese text is pronounced
            self._skipping = True
        elif tag == "mergeCell":
            self._merge(attributes.get("ref", ""))

    def text(self, data: str) -> None:
        """Text within an element."""
        if self._listening:
            self._text.append(data)

    def end(self, tag: str) -> None:
        """An element closes."""
        if tag == "c":
            if self._text or self._has_formula:
                self._keep("".join(self._text))
        elif tag in ("v", "t"):
            self._listening = False
        elif tag == "rPh":
            self._skipping = False
        elif tag == "row" and self._cells:
            self.lines.setdefault(self._row, {}).update(self._cells)
            if len(self.lines) >= self._most:
                raise Enough

    def _keep(self, said: str) -> None:
        value = self._value(said) if said else ""
        if self._has_formula and not said and self._kind != "str":
            value = UNSAVED
            self.unsaved.append(f"{letters(self._column)}{self._row}")
        if not value or value.isspace():
            return
        if self._column > MAX_COLUMNS:
            raise UnreadableTable(
                f"The sheet holds a value in cell {letters(self._column)}{self._row}; {MAX_COLUMNS} columns can be read, "
                f"up to {letters(MAX_COLUMNS)}. Keep the columns that describe people."
            )
        self._characters += len(value)
        if self._characters > MAX_TEXT:
            raise UnreadableTable(
                f"The sheet holds more than {MAX_TEXT:,} characters. Remove long columns, or split it."
            )
        self._cells[self._column] = value

    def _value(self, said: str) -> str:
        if self._kind == "s":
            place = _number(said, -1)
            if not 0 <= place < len(self._strings):
                raise UnreadableTable(
                    "The workbook is damaged: a text is missing. Save it again and try again."
                )
            return self._strings[place]
        if self._kind in ("inlineStr", "str"):
            return unescaped(said)
        if self._kind == "b":
            return "true" if said.strip() == "1" else "false"
        if self._kind == "n":
            return self._counted(said.strip())
        return said  # an error such as #N/A, or a date in words

    def _counted(self, said: str) -> str:
        try:
            number = float(said)
        except ValueError:
            return said
        if self._style in self._formats.dates:
            return _date(number, self._formats.epoch) or said
        return text_of(number).zfill(self._formats.padded.get(self._style, 0))

    def _merge(self, area: str) -> None:
        match = re.fullmatch(r"([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})", area)
        if match and match[2] != match[4]:  # merged across columns only, the value stands where it belongs
            self.merged.append((_column(match[1]), int(match[2]), int(match[4])))


def unescaped(text: str) -> str:
    """A text of a workbook with the characters that XML cannot hold.

    >>> unescaped("caf_x00e9_ _x005F_x00e9_")
    'café _x00e9_'
    """
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def letters(column: int) -> str:
    """The name of a column in a spreadsheet.

    >>> letters(28)
    'AB'
    """
    name = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


@lru_cache(maxsize=512)
def _column(name: str) -> int:
    column = 0
    for letter in name[:4].upper():
        column = column * 26 + max(0, ord(letter) - 64)
    return column


def _number(text: str, otherwise: int = 0) -> int:
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 12 else otherwise


def _date(days: float, epoch: datetime) -> str:
    """A day, a day with its time, or a time alone; empty where it is none."""
    try:
        moment = epoch + timedelta(seconds=round(days * 86400))
    except (OverflowError, ValueError):
        return ""
    if 0 <= days < 1:
        return str(moment.time())
    # Excel counts a 29 February 1900 that never was.
    return text_of(moment + timedelta(days=1) if days < 60 and epoch.year == 1899 else moment)
