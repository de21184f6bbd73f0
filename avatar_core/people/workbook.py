"""Excel workbooks become rows, by reading only the parts that hold cells: no macro, no link, no entity is followed.

Read by ourselves and not by a library (decision 0014): a single pass with limits, a quarter of the time, and messages
that name the cell.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from bisect import bisect_right
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from xml.parsers import expat

from avatar_core.errors import UnreadableTable
from avatar_core.people.cells import shown
from avatar_core.people.headers import TITLES, Line, Row, header_at, known, named
from avatar_core.people.limits import MAX_COLUMNS, MAX_ROWS, MAX_UNPACKED, SPARE_ROWS
from avatar_core.people.sheet import Enough, Formats, SheetReader, letters, unescaped
from avatar_core.types import RowProblem

_AGAIN = "Save it in your spreadsheet as XLSX or as “CSV UTF-8” and try again"
_MAX_PARTS = 5_000

#: Number formats without a text of their own that show dates or times.
_DATES = frozenset([*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)])

Start = Callable[[str, dict[str, str]], None]


@dataclass(frozen=True, slots=True)
class _Sheet:
    name: str
    part: str
    hidden: bool


def workbook_rows(
    data: bytes, called: str, wanted: str = ""
) -> tuple[str, tuple[str, ...], list[Row], list[RowProblem]]:
    """The rows of one sheet of an XLSX workbook, with its name and the names of all sheets.

    Without a wish it is the first sheet that names all columns we need, else the one that names most of them.

    Raises:
        UnreadableTable: it is no workbook, is damaged or protected, is too large when unpacked, or lacks the sheet.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _Workbook(archive, called).rows(wanted)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        expat.ExpatError,
        OSError,
        KeyError,
        ValueError,
        NotImplementedError,
    ):
        raise UnreadableTable(f"{called} is damaged or incomplete. {_AGAIN}.") from None


class _Workbook:
    def __init__(self, archive: zipfile.ZipFile, called: str) -> None:
        self._archive, self._called = archive, called
        self._parts = {part.filename: part for part in archive.infolist()}
        self._refuse_what_is_none()
        self._sheets: list[_Sheet] = []
        self._epoch = Formats().epoch
        self._book = next(
            (target for kind, target in self._related("").values() if kind == "officeDocument"),
            "xl/workbook.xml",
        )
        self._links = self._related(self._book)
        self._parse(self._book, self._open_book)
        self._strings = self._shared_strings()
        self._formats = self._read_formats()

    def rows(self, wanted: str) -> tuple[str, tuple[str, ...], list[Row], list[RowProblem]]:
        if not self._sheets:
            raise UnreadableTable(f"{self._called} has no sheet with cells. {_AGAIN}.")
        names = tuple(sheet.name for sheet in self._sheets)
        sheet = self._chosen(wanted, names)
        reader = self._read(sheet, MAX_ROWS + SPARE_ROWS)
        problems = [*self._notices(sheet, wanted, reader), *_unmerge(reader)]
        rows, others = named(_lines(reader))
        return sheet.name, names, rows, [*problems, *others]

    def _refuse_what_is_none(self) -> None:
        """Say what kind of archive it is, before anything is unpacked."""
        parts = self._parts.values()
        size = sum(part.file_size for part in parts)
        if size > MAX_UNPACKED or len(self._archive.infolist()) > _MAX_PARTS:
            raise UnreadableTable(
                f"{self._called} unpacks to {size / 2**20:,.0f} MB in {len(parts):,} parts; "
                f"{MAX_UNPACKED // 2**20} MB can be read. Keep only the sheet with the people, and save it again."
            )
        if any(part.flag_bits & 1 for part in parts):
            raise UnreadableTable(
                f"{self._called} is protected by a password. Save it without one and try again."
            )
        if "xl/workbook.bin" in self._parts:
            raise UnreadableTable(f"{self._called} is a binary workbook (XLSB). {_AGAIN}.")
        if "mimetype" in self._parts and "content.xml" in self._parts:
            raise UnreadableTable(f"{self._called} is an OpenDocument file. {_AGAIN}.")
        if not any(name.startswith("xl/") for name in self._parts):
            raise UnreadableTable(
                f"{self._called} is a zip archive or another document, not an Excel workbook. Unpack it, or choose the table instead."
            )

    def _chosen(self, wanted: str, names: tuple[str, ...]) -> _Sheet:
        if wanted:
            for sheet in self._sheets:
                if sheet.name.casefold() == wanted.strip().casefold():
                    return sheet
            listed = ", ".join(f"“{shown(name)}”" for name in names[:12])
            raise UnreadableTable(
                f"{self._called} has no sheet called “{shown(wanted)}”. Its sheets are: {listed}. Choose one of them."
            )
        visible = [sheet for sheet in self._sheets if not sheet.hidden] or self._sheets
        if len(visible) == 1:
            return visible[0]
        return max(visible[:50], key=self._fit)  # of equals, the first

    def _fit(self, sheet: _Sheet) -> int:
        lines = _lines(self._read(sheet, TITLES))
        return len(known(lines[header_at(lines)][1]) - {"id", "name"}) if lines else 0

    def _read(self, sheet: _Sheet, most: int) -> SheetReader:
        reader = SheetReader(self._strings, self._formats, most)
        with suppress(Enough):
            self._parse(sheet.part, reader.start, reader.end, reader.text)
        return reader

    def _notices(self, sheet: _Sheet, wanted: str, reader: SheetReader) -> list[RowProblem]:
        said = []
        others = [one.name for one in self._sheets if one is not sheet and not one.hidden]
        if others and not wanted:
            listed = ", ".join(f"“{shown(name)}”" for name in others[:5]) + (
                " and more" if len(others) > 5 else ""
            )
            said.append(f"the people are read from the sheet “{shown(sheet.name)}”, not from {listed}")
        if reader.unsaved:
            more = len(reader.unsaved) - 1
            said.append(
                f"cell {reader.unsaved[0]} {f'and {more} more hold' if more else 'holds'} a formula whose result is not in the "
                "file; open it in a spreadsheet and save it"
            )
        if any("externalLink" in name for name in self._parts):
            said.append("links to other workbooks are not followed; the values that were saved are used")
        if any(name.endswith("vbaProject.bin") for name in self._parts):
            said.append("macros are not run")
        return [RowProblem(0, "", "", text, fatal=False) for text in said]

    def _related(self, part: str) -> dict[str, tuple[str, str]]:
        """Kind and target of the parts that a part refers to, by id; whatever lies outside the file is left out."""
        found: dict[str, tuple[str, str]] = {}
        folder, file = posixpath.split(part)
        listing = posixpath.join(folder, "_rels", f"{file}.rels")

        def start(tag: str, attributes: dict[str, str]) -> None:
            if tag == "Relationship" and attributes.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, attributes["Target"])).lstrip("/")
                found[attributes["Id"]] = (attributes["Type"].rpartition("/")[2], target)

        if listing in self._parts:
            self._parse(listing, start)
        return found

    def _open_book(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "sheet":
            link = next((value for name, value in attributes.items() if name.endswith(":id")), "")
            kind, part = self._links.get(link, ("", ""))
            if kind == "worksheet" and part in self._parts:
                hidden = attributes.get("state", "visible") != "visible"
                self._sheets.append(_Sheet(attributes["name"], part, hidden))
        elif tag == "workbookPr" and attributes.get("date1904") in ("1", "true"):
            self._epoch = datetime(1904, 1, 1)  # noqa: DTZ001 - spreadsheets know no time zones

    def _part(self, wanted: str) -> str:
        return next(
            (part for kind, part in self._links.values() if kind == wanted and part in self._parts), ""
        )

    def _shared_strings(self) -> list[str]:
        strings: list[str] = []
        text: list[str] = []
        state = {"listening": False, "skipping": False}

        def start(tag: str, _: dict[str, str]) -> None:
            if tag == "si":
                text.clear()
            elif tag == "rPh":
                state["skipping"] = True
            elif tag == "t":
                state["listening"] = not state["skipping"]

        def end(tag: str) -> None:
            if tag == "si":
                strings.append(unescaped("".join(text)))
            elif tag == "rPh":
                state["skipping"] = False
            elif tag == "t":
                state["listening"] = False

        if part := self._part("sharedStrings"):
            self._parse(part, start, end, lambda data: text.append(data) if state["listening"] else None)
        return strings

    def _read_formats(self) -> Formats:
        codes: dict[str, str] = {}
        styles: list[str] = []
        within = [""]

        def start(tag: str, attributes: dict[str, str]) -> None:
            if tag in ("cellXfs", "cellStyleXfs", "dxfs"):
                within[0] = tag
            elif tag == "numFmt":
                codes[attributes["numFmtId"]] = attributes.get("formatCode", "")
            elif tag == "xf" and within[0] == "cellXfs":
                styles.append(attributes.get("numFmtId", "0"))

        if part := self._part("styles"):
            self._parse(part, start)
        dates = frozenset(style for style, code in enumerate(styles) if _shows_date(code, codes))
        padded = {
            style: len(codes[code])
            for style, code in enumerate(styles)
            if re.fullmatch("0{2,32}", codes.get(code, ""))
        }
        return Formats(dates, padded, self._epoch)

    def _parse(
        self,
        part: str,
        start: Start,
        end: Callable[[str], None] | None = None,
        text: Callable[[str], object] | None = None,
    ) -> None:
        """Read a part of the workbook, bit by bit; names of elements come without their prefix."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = lambda name, attributes: start(name.rpartition(":")[2], attributes)
        if end is not None:
            parser.EndElementHandler = lambda name: end(name.rpartition(":")[2])
        if text is not None:
            parser.CharacterDataHandler = text
        parser.StartDoctypeDeclHandler = self._refuse_entities
        with self._archive.open(part) as file:
            parser.ParseFile(file)

    def _refuse_entities(self, *_: object) -> None:
        raise UnreadableTable(
            f"{self._called} defines XML entities, which no spreadsheet does and which can fill a memory. {_AGAIN}."
        )


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
        return code.isdecimal() and int(code) in _DATES
    bare = re.sub(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]', "", codes[code]).lower()
    return "general" not in bare and re.search("[dmyhs]", bare) is not None
