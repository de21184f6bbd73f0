"""Bytes become rows: CSV, JSON and JSON Lines, told apart by what is in them and not by their name alone."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping
from itertools import zip_longest

from avatar_core.errors import UnreadableTable
from avatar_core.people.cells import one_line, shown, text_of, unguarded
from avatar_core.people.columns import flat
from avatar_core.people.rows import MAX_ROWS, Row
from avatar_core.people.vocabulary import column_rank
from avatar_core.types import RowProblem

MAX_BYTES = 5 * 1024 * 1024

_SAVE_AS_CSV = "Save it as CSV (in Excel: Save as, “CSV UTF-8”) and try again"
#: How other kinds of file begin, what they are, and what to do.
_MAGIC = (
    (b"\x89PNG", "a PNG picture", "Choose the table instead"),
    (b"\xff\xd8\xff", "a JPEG picture", "Choose the table instead"),
    (b"GIF8", "a GIF picture", "Choose the table instead"),
    (b"RIFF", "a WebP picture or a recording", "Choose the table instead"),
    (b"%PDF", "a PDF document", _SAVE_AS_CSV),
    (b"PK\x03\x04", "an Excel workbook or a zip archive", _SAVE_AS_CSV),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook", _SAVE_AS_CSV),
    (b"PAR1", "a Parquet file", _SAVE_AS_CSV),
    (b"SQLite format 3", "a database", _SAVE_AS_CSV),
    (b"\x1f\x8b", "a compressed file", "Unpack it and try again"),
    (b"<", "a web page or an XML file", _SAVE_AS_CSV),
)


def read_rows(data: bytes, name: str) -> tuple[list[Row], list[RowProblem]]:
    """The rows of a file with their numbers, and what is wrong with rows that cannot even be told apart.

    Args:
        data: the whole file.
        name: what the user calls it, for messages.

    Raises:
        UnreadableTable: it is no table; the message says what it is and what to do.
    """
    called = f"“{shown(name)}”" if name else "The file"
    if len(data) > MAX_BYTES:
        raise UnreadableTable(
            f"{called} is larger than {MAX_BYTES // 1024 // 1024} MB. Split it into several files, or remove long columns."
        )
    if not data.strip():
        raise UnreadableTable(
            f"{called} is empty. Choose a file with a header row and a row for each person."
        )
    start = data[:1024].lstrip()
    for magic, kind, advice in _MAGIC:
        if start.startswith(magic):
            raise UnreadableTable(f"{called} is {kind}, whatever its name says. {advice}.")
    text = _decoded(data, called)
    if not text_of(text):
        raise UnreadableTable(
            f"{called} is empty. Choose a file with a header row and a row for each person."
        )
    if text.lstrip().startswith(("[", "{")):
        return _json_rows(text, called)
    return _csv_rows(text, called)


def _decoded(data: bytes, called: str) -> str:
    """Text in UTF-8, UTF-16 with its mark, or else the Western code page of older spreadsheets."""
    marked = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        text = data.decode("utf-16" if marked else "utf-8-sig")
    except UnicodeDecodeError:
        mended = data.decode("utf-8", "replace")
        broken = mended.count("\ufffd")
        if marked or sum(not c.isascii() for c in mended) > 2 * broken:
            raise UnreadableTable(
                f"{called} is damaged: its text is not the UTF encoding that it seems to be. Save it again as “CSV UTF-8”."
            ) from None
        try:
            text = data.decode("cp1252")
        except UnicodeDecodeError:
            text = data.decode("latin-1")
    if "\0" in text:
        raise UnreadableTable(f"{called} is not text: it holds NUL bytes. {_SAVE_AS_CSV}.")
    return text


def _csv_rows(text: str, called: str) -> tuple[list[Row], list[RowProblem]]:
    delimiter, text = _delimiter(text)
    # strict: a quotation mark in the wrong place would otherwise swallow rows in silence
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=delimiter, strict=True, skipinitialspace=True
    )
    filled: list[tuple[int, list[str]]] = []
    try:
        for place, line in enumerate(reader):
            if any(map(text_of, line)):
                filled.append((place, line))
            if len(filled) > MAX_ROWS + 2:
                break
    except csv.Error as error:
        raise UnreadableTable(
            f"{called} cannot be read as CSV near line {reader.line_num}: {error}. "
            "Look there for a quotation mark that is not closed or not doubled."
        ) from None
    return _named(filled) if filled else ([], [])


def _delimiter(text: str) -> tuple[str, str]:
    """The character that separates the columns, by which the header holds most names that we know."""
    if told := re.match(r"sep=([,;\t|])[\r\n]+", text, re.IGNORECASE):  # a line that Excel writes and hides
        return told[1], text[told.end() :]
    head = next((line for line in text.splitlines() if line.strip()), "")

    def known(delimiter: str) -> tuple[int, int]:
        names = next(csv.reader([head], delimiter=delimiter), [])
        return sum(column_rank(one_line(name)) is not None for name in names), len(names)

    return max(",;\t|", key=known), text


def _named(filled: list[tuple[int, list[str]]]) -> tuple[list[Row], list[RowProblem]]:
    """Rows by column name; a row with more values than columns cannot be told apart and is left out."""
    (top, header), *body = filled
    headers = [one_line(unguarded(name)) for name in header]
    names = unique_names(headers)
    rows: list[Row] = []
    problems: list[RowProblem] = []
    for place, line in body:
        if any(map(one_line, line[len(names) :])):
            problem = f"has {len(line)} values for {len(names)} columns"
            allowed = "quotation marks around a value that holds the separator"
            problems.append(RowProblem(place - top, "", "", problem, allowed))
            continue
        # Spreadsheets pad lines with separators: a column without a name exists where it holds something.
        cells = zip_longest(names, headers, line[: len(names)], fillvalue="")
        rows.append(
            (place - top, {name: unguarded(cell) for name, said, cell in cells if said or cell.strip()})
        )
    return rows, problems


def unique_names(names: list[str]) -> list[str]:
    """Headers that can be told apart: an empty one gets its place, a repeated one a number."""
    unique: list[str] = []
    for place, name in enumerate(names, start=1):
        wanted, times = name or f"column {place}", 2
        name = wanted
        while name in unique:
            name, times = f"{wanted} ({times})", times + 1
        unique.append(name)
    return unique


def _json_rows(text: str, called: str) -> tuple[list[Row], list[RowProblem]]:
    try:
        data = json.loads(text)
    except RecursionError:
        raise UnreadableTable(f"{called} nests far too deep for a table. Flatten it and try again.") from None
    except ValueError as error:
        if rows := _json_lines(text):
            return rows
        raise UnreadableTable(
            f"{called} is not valid JSON: {shown(error)}. Correct it there and try again."
        ) from None
    if isinstance(data, Mapping) and not any(map(column_rank, flat(1, data))):
        # Not a person but a wrapper around the list of them.
        lists = [value for value in data.values() if isinstance(value, list)]
        data = lists[0] if len(lists) == 1 else data
    items = data if isinstance(data, list) else [data]
    if not any(isinstance(item, Mapping) for item in items):
        raise UnreadableTable(
            f"{called} holds no JSON objects. Write a list with one object for each person."
        )
    return _objects(items)


def _json_lines(text: str) -> tuple[list[Row], list[RowProblem]] | None:
    """One JSON object on each line; None if not a single line is one. A broken line is a bad row."""
    items: list[object] = []
    for line in filter(str.strip, text.splitlines()):
        try:
            items.append(json.loads(line))
        except (ValueError, RecursionError):
            items.append(shown(line))
    return _objects(items) if any(isinstance(item, Mapping) for item in items) else None


def _objects(items: list[object]) -> tuple[list[Row], list[RowProblem]]:
    rows: list[Row] = []
    problems: list[RowProblem] = []
    for number, item in enumerate(items, start=1):
        if isinstance(item, Mapping):
            rows.append((number, item))
        else:
            problems.append(
                RowProblem(number, "", shown(item), "is not an object", "{…} with the person's values")
            )
    return rows, problems
