"""Excel workbooks become rows, by reading only the parts that hold cells: macros and links to other files stay shut.

Read by ourselves and not by a library (docs/decisions/0012): a single pass with limits, a quarter of the time, and
messages that name the cell.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from avatar_core.errors import UnreadableTable
from avatar_core.people.cells import shown
from avatar_core.people.headers import TITLES, Line, Row, header_at, known, named
from avatar_core.people.limits import MAX_COLUMNS, MAX_ROWS, SPARE_ROWS
from avatar_core.people.package import AGAIN, Package
from avatar_core.people.sheet import Enough, Formats, SheetReader, letters, unescaped
from avatar_core.types import RowProblem

#: Elements within elements of a text; a handful is usual.
_DEPTH = 50

#: Number formats without a text of their own that show dates or times.
_DATES = frozenset([*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)])


@dataclass(frozen=True, slots=True)
class _Sheet:
    name: str
    part: str
    hidden: bool


def workbook_rows(
    data: bytes, called: str, wanted: str = ""
) -> tuple[str, tuple[str, ...], list[Row], list[RowProblem]]:
    """The rows of one sheet of an XLSX workbook, with its name and the names of all sheets.

    Without a wish it is the first visible sheet that names all columns we need, else the one that names most.

    Raises:
        UnreadableTable: it is no workbook, is damaged or protected, is too large when unpacked, or lacks the sheet.
    """
    book = _Workbook(Package(data, called))
    if not book.sheets:
        raise UnreadableTable(f"{called} has no sheet with cells. {AGAIN}.")
    sheet = book.chosen(wanted)
    reader = book.read(sheet, MAX_ROWS + SPARE_ROWS)
    problems = [*book.notices(sheet, wanted, reader), *_unmerge(reader)]
    rows, others = named(_lines(reader))
    return sheet.name, tuple(sheet.name for sheet in book.sheets), rows, [*problems, *others]


class _Workbook:
    def __init__(self, package: Package) -> None:
        self._package = package
        self.sheets: list[_Sheet] = []
        self._epoch = Formats().epoch
        books = [name for kind, name in package.related("").values() if kind == "officeDocument"]
        book = books[0] if books else "xl/workbook.xml"
        self._links = package.related(book)
        package.parse(book, self._open)
        self._strings = self._shared_strings()
        self._formats = self._read_formats()

    def chosen(self, wanted: str) -> _Sheet:
        if wanted:
            for sheet in self.sheets:
                if sheet.name.casefold() == wanted.strip().casefold():
                    return sheet
            listed = ", ".join(f"“{shown(sheet.name)}”" for sheet in self.sheets[:12])
            raise UnreadableTable(
                f"{self._package.called} has no sheet called “{shown(wanted)}”. Its sheets are: {listed}. Choose one of them."
            )
        visible = [sheet for sheet in self.sheets if not sheet.hidden] or self.sheets
        return visible[0] if len(visible) == 1 else max(visible[:50], key=self._fit)  # of equals, the first

    def read(self, sheet: _Sheet, most: int) -> SheetReader:
        reader = SheetReader(self._strings, self._formats, most)
        with suppress(Enough):
            self._package.parse(sheet.part, reader.start, reader.end, reader.text)
        return reader

    def notices(self, sheet: _Sheet, wanted: str, reader: SheetReader) -> list[RowProblem]:
        said = []
        others = [f"“{shown(one.name)}”" for one in self.sheets if one is not sheet and not one.hidden]
        if others and not wanted:
            listed = ", ".join(others[:5]) + (" and more" if len(others) > 5 else "")
            said.append(f"the people are read from the sheet “{shown(sheet.name)}”, not from {listed}")
        if reader.unsaved:
            more = len(reader.unsaved) - 1
            said.append(
                f"cell {reader.unsaved[0]} {f'and {more} more hold' if more else 'holds'} a formula whose result is not "
                "in the file; open it in a spreadsheet and save it"
            )
        if any("externalLink" in name for name in self._package.names):
            said.append("links to other workbooks are not followed; the values that were saved are used")
        if any(name.endswith("vbaProject.bin") for name in self._package.names):
            said.append("macros are not run")
        return [RowProblem(0, "", "", text, fatal=False) for text in said]

    def _fit(self, sheet: _Sheet) -> int:
        lines = _lines(self.read(sheet, TITLES))
        return len(known(lines[header_at(lines)][1]) - {"id", "name"}) if lines else 0

    def _open(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "sheet":
            link = next((value for name, value in attributes.items() if name.endswith(":id")), "")
            kind, part = self._links.get(link, ("", ""))
            if kind == "worksheet":
                hidden = attributes.get("state", "visible") != "visible"
                self.sheets.append(_Sheet(attributes.get("name", ""), part, hidden))
        elif tag == "workbookPr" and attributes.get("date1904") in ("1", "true"):
            self._epoch = datetime(1904, 1, 1)  # noqa: DTZ001 - spreadsheets know no time zones

    def _part(self, wanted: str) -> str:
        return next((part for kind, part in self._links.values() if kind == wanted), "")

    def _shared_strings(self) -> list[str]:
        strings: list[str] = []
        texts: list[str] = []
        within: list[str] = []  # the elements around, so that a reading aid (rPh) is no text

        def start(tag: str, _: dict[str, str]) -> None:
            within.append(tag)
            if len(within) > _DEPTH:
                raise UnreadableTable(f"{self._package.called} nests far too deep for a workbook. {AGAIN}.")
            if tag == "si":
                texts.clear()

        def end(tag: str) -> None:
            within.pop()
            if tag == "si":
                strings.append(unescaped("".join(texts)))

        def text(data: str) -> None:
            if within[-1] == "t" and "rPh" not in within:
                texts.append(data)

        if part := self._part("sharedStrings"):
            self._package.parse(part, start, end, text)
        return strings

    def _read_formats(self) -> Formats:
        codes: dict[str, str] = {}
        styles: list[str] = []
        lists = ["cellStyleXfs", "cellXfs", "dxfs"]
        within = [""]

        def start(tag: str, attributes: dict[str, str]) -> None:
            if tag in lists:
                within[0] = tag
            elif tag == "numFmt":
                codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
            elif tag == "xf" and within[0] == "cellXfs":
                styles.append(attributes.get("numFmtId", "0"))

        if part := self._part("styles"):
            self._package.parse(part, start)
        dates = frozenset(str(style) for style, code in enumerate(styles) if _shows_date(code, codes))
        zeros = ((style, codes.get(code, "")) for style, code in enumerate(styles))
        padded = {str(style): len(code) for style, code in zeros if re.fullmatch("0{2,32}", code)}
        return Formats(dates, padded, self._epoch)


def _lines(reader: SheetReader) -> list[Line]:
    width = max((max(cells) for cells in reader.lines.values()), default=0)
    return [
        (row, [cells.get(column, "") for column in range(1, width + 1)])
        for row, cells in sorted(reader.lines.items())
    ]


def _unmerge(reader: SheetReader) -> list[RowProblem]:
    """Give every row the value of cells that are merged over several rows, and say so."""
    said: list[str] = []
    rows, budget = sorted(reader.lines), MAX_ROWS * MAX_COLUMNS
    for column, first, last in reader.merged:
        value = reader.lines.get(first, {}).get(column, "")
        below = rows[bisect_right(rows, first) : bisect_right(rows, last)]
        budget -= len(below) + 1
        if value and below and budget > 0:
            said.append(f"{letters(column)}{first}:{letters(column)}{last}")
            for row in below:
                reader.lines[row].setdefault(column, value)
    if not said:
        return []
    more = f" and {len(said) - 3} more" if len(said) > 3 else ""
    text = f"the value of merged cells ({', '.join(said[:3])}{more}) counts for each of their rows"
    return [RowProblem(0, "", "", text, fatal=False)]


def _shows_date(code: str, codes: Mapping[str, str]) -> bool:
    if code not in codes:
        return code.isdecimal() and int(code[:9]) in _DATES
    bare = re.sub(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]', "", codes[code]).lower()
    return "general" not in bare and re.search("[dmyhs]", bare) is not None
