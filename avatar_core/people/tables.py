"""Bytes become rows: what kind of file it is, told by what is in it and not by its name."""

from __future__ import annotations

from dataclasses import dataclass

from avatar_core.errors import UnreadableTable
from avatar_core.people.cells import shown, text_of
from avatar_core.people.headers import Row
from avatar_core.people.limits import MAX_BYTES
from avatar_core.people.objects import json_rows
from avatar_core.people.parquet import parquet_rows
from avatar_core.people.texts import csv_rows, decoded
from avatar_core.people.workbook import workbook_rows
from avatar_core.types import RowProblem

_SAVE_AS = "Save it as XLSX or as CSV (in Excel: Save as, “CSV UTF-8”) and try again"
_CHOOSE = "Choose the table instead"
#: How other kinds of file begin, what they are, and what to do.
_MAGIC = (
    (b"\x89PNG", "a PNG picture", _CHOOSE),
    (b"\xff\xd8\xff", "a JPEG picture", _CHOOSE),
    (b"GIF8", "a GIF picture", _CHOOSE),
    (b"II*\0", "a TIFF picture", _CHOOSE),
    (b"MM\0*", "a TIFF picture", _CHOOSE),
    (b"RIFF", "a WebP picture or a recording", _CHOOSE),
    (b"%PDF", "a PDF document", _SAVE_AS),
    (b"SQLite format 3", "a database", _SAVE_AS),
    (b"PARE", "an encrypted Parquet file", "Save it without encryption and try again"),
    (b"\x1f\x8b", "a compressed file", "Unpack it and try again"),
    (b"BZh", "a compressed file", "Unpack it and try again"),
    (b"\xfd7zXZ", "a compressed file", "Unpack it and try again"),
    (b"7z\xbc\xaf", "a compressed file", "Unpack it and try again"),
    (b"<", "a web page or an XML file", _SAVE_AS),
)


@dataclass(frozen=True, slots=True)
class Source:
    """The rows of a file with their numbers, and what is wrong with rows that cannot even be told apart."""

    kind: str  #: CSV, JSON, JSON Lines, XLSX or Parquet
    rows: list[Row]
    problems: list[RowProblem]
    sheet: str = ""
    sheets: tuple[str, ...] = ()


def read_rows(data: bytes, name: str = "", sheet: str = "") -> Source:
    """The rows of a file.

    Args:
        data: the whole file.
        name: what the user calls it, for messages.
        sheet: which sheet of a workbook; by default the first that has people.

    Raises:
        UnreadableTable: it is no table; the message says what it is and what to do.
    """
    called = f"“{shown(name)}”" if name else "The file"
    if len(data) > MAX_BYTES:
        raise UnreadableTable(
            f"{called} is larger than {MAX_BYTES // 2**20} MB. Split it into several files, or remove long columns."
        )
    start = data[:1024].lstrip()
    if start.startswith(b"PK\x03\x04"):
        chosen, sheets, rows, problems = workbook_rows(data, called, sheet)
        return Source("XLSX", rows, problems, chosen, sheets)
    if start.startswith(b"PAR1"):
        return Source("Parquet", parquet_rows(data, called), [])
    _refuse_other_kinds(start, data, called)
    return _of_text(decoded(data, called), called)


def read_pasted(text: str) -> Source:
    """The rows of what was copied from a spreadsheet or a text, as :func:`read_rows` gives those of a file."""
    if len(text) > MAX_BYTES:
        raise UnreadableTable("The pasted text is too long. Save it as a file, or paste fewer rows.")
    return _of_text(text.removeprefix("\ufeff"), "The pasted text", pasted=True)


def _of_text(text: str, called: str, *, pasted: bool = False) -> Source:
    if not text_of(text[:4096]) and not text_of(text):
        raise UnreadableTable(
            f"{called} is empty. Choose a file with a header row and a row for each person."
        )
    if text.lstrip().startswith(("[", "{")):
        return Source(*json_rows(text, called))
    rows, problems = csv_rows(text, called, pasted=pasted)
    return Source("text" if pasted else "CSV", rows, problems)


def _refuse_other_kinds(start: bytes, data: bytes, called: str) -> None:
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise UnreadableTable(f"{called} is protected by a password. Save it without one and try again.")
        raise UnreadableTable(f"{called} is an old Excel workbook (XLS), whatever its name says. {_SAVE_AS}.")
    for magic, kind, advice in _MAGIC:
        if start.startswith(magic):
            raise UnreadableTable(f"{called} is {kind}, whatever its name says. {advice}.")
