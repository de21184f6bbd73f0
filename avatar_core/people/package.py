"""The zip archive that a workbook is: opened with limits, and read part by part. Nothing outside of it is followed."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Callable
from xml.parsers import expat

from avatar_core.errors import UnreadableTable
from avatar_core.people.limits import MAX_UNPACKED

AGAIN = "Save it in your spreadsheet as XLSX or as “CSV UTF-8” and try again"
_MAX_PARTS = 5_000

Start = Callable[[str, dict[str, str]], object]
"""Is told of an element that opens: its name without prefix, and its attributes."""

Heard = Callable[[str], object]
"""Is told of an element that closes, or of text."""


class Package:
    """The parts of a workbook.

    Args:
        data: the whole file.
        called: what messages call it.

    Raises:
        UnreadableTable: it is damaged, protected, too large when unpacked, or no workbook.
    """

    def __init__(self, data: bytes, called: str) -> None:
        self.called = called
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
            raise self._damaged() from None
        self.names = frozenset(self._archive.namelist())
        self._refuse_what_is_none()

    def related(self, part: str) -> dict[str, tuple[str, str]]:
        """Kind and name of the parts that a part refers to, by id; whatever is not in the file is left out."""
        found: dict[str, tuple[str, str]] = {}
        folder, file = posixpath.split(part)
        listing = posixpath.join(folder, "_rels", f"{file}.rels")

        def start(tag: str, attributes: dict[str, str]) -> None:
            if tag == "Relationship" and attributes.get("TargetMode") != "External":
                target = posixpath.join("/", folder, attributes.get("Target", ""))
                name = posixpath.normpath(target).lstrip("/")
                if name in self.names:
                    found[attributes.get("Id", "")] = (attributes.get("Type", "").rpartition("/")[2], name)

        if listing in self.names:
            self.parse(listing, start)
        return found

    def parse(self, part: str, start: Start, end: Heard | None = None, text: Heard | None = None) -> None:
        """Read a part, bit by bit. What the listeners raise goes through.

        Raises:
            UnreadableTable: it is damaged or defines entities.
        """
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._refuse_entities
        if text is not None:
            parser.CharacterDataHandler = text

        def root(name: str, attributes: dict[str, str]) -> None:
            # Elements have the prefix of the outermost one, usually none; others are of other makers.
            prefix = name[: name.find(":") + 1]
            if prefix:
                parser.StartElementHandler = lambda name, attributes: start(
                    name.removeprefix(prefix), attributes
                )
                parser.EndElementHandler = (lambda name: end(name.removeprefix(prefix))) if end else None
            else:
                parser.StartElementHandler, parser.EndElementHandler = start, end
            start(name.removeprefix(prefix), attributes)

        parser.StartElementHandler = root
        try:
            with self._archive.open(part) as file:
                parser.ParseFile(file)
        # LookupError and ValueError: an encoding that nobody has
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            expat.ExpatError,
            OSError,
            LookupError,
            ValueError,
            NotImplementedError,
        ):
            raise self._damaged() from None

    def _refuse_what_is_none(self) -> None:
        """Say what kind of archive it is, before anything is unpacked."""
        parts = self._archive.infolist()
        size = sum(part.file_size for part in parts)
        if size > MAX_UNPACKED or len(parts) > _MAX_PARTS:
            raise UnreadableTable(
                f"{self.called} unpacks to {size / 2**20:,.0f} MB in {len(parts):,} parts; "
                f"{MAX_UNPACKED // 2**20} MB can be read. Keep only the sheet with the people, and save it again."
            )
        if any(part.flag_bits & 1 for part in parts):
            raise UnreadableTable(
                f"{self.called} is protected by a password. Save it without one and try again."
            )
        if "xl/workbook.bin" in self.names:
            raise UnreadableTable(f"{self.called} is a binary workbook (XLSB). {AGAIN}.")
        if {"mimetype", "content.xml"} <= self.names:
            raise UnreadableTable(f"{self.called} is an OpenDocument file. {AGAIN}.")
        if not any(name.startswith("xl/") for name in self.names):
            raise UnreadableTable(
                f"{self.called} is a zip archive or another document, not an Excel workbook. "
                "Unpack it, or choose the table instead."
            )

    def _refuse_entities(self, *_: object) -> None:
        raise UnreadableTable(
            f"{self.called} defines XML entities, which no spreadsheet does and which can fill a memory. {AGAIN}."
        )

    def _damaged(self) -> UnreadableTable:
        return UnreadableTable(f"{self.called} is damaged or incomplete. {AGAIN}.")
