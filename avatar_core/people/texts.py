"""Text becomes rows: files of separated values in the encodings of spreadsheets, and what was copied from one."""

from __future__ import annotations

import csv
import io
import re

from avatar_core.errors import UnreadableTable
from avatar_core.people.cells import text_of
from avatar_core.people.headers import Line, Row, known, named
from avatar_core.people.limits import MAX_CELL, MAX_ROWS, SPARE_ROWS
from avatar_core.types import RowProblem

# The reader's limit is for the whole process; it must not be below ours.
_FIELD_LIMIT = 131_072

SEPARATORS = ",;\t|"


def decoded(data: bytes, called: str) -> str:
    """Text in UTF-8, UTF-16 with its mark, or else the Western code page of older spreadsheets."""
    marked = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        text = data.decode("utf-16" if marked else "utf-8-sig")
    except UnicodeDecodeError:
        mended = data.decode("utf-8", "replace")
        broken = mended.count("\ufffd")
        if marked or len(mended) - len(mended.encode("ascii", "ignore")) > 2 * broken:
            raise UnreadableTable(
                f"{called} is damaged: its text is not the UTF encoding that it seems to be. Save it again as “CSV UTF-8”."
            ) from None
        try:
            text = data.decode("cp1252")
        except UnicodeDecodeError:
            text = data.decode("latin-1")
    if "\0" in text:
        raise UnreadableTable(
            f"{called} is not text: it holds NUL bytes. Save it as CSV (in Excel: Save as, “CSV UTF-8”) and try again."
        )
    return text


def csv_rows(text: str, called: str, *, pasted: bool = False) -> tuple[list[Row], list[RowProblem]]:
    """The rows of separated values.

    Args:
        text: all of it.
        called: what messages call it.
        pasted: whether it was copied from a spreadsheet, which leaves quotation marks within a cell as they are.

    Raises:
        UnreadableTable: a quotation mark is in the wrong place.
    """
    delimiter, text = _delimiter(text)
    try:
        return named(_lines(text, delimiter, csv.QUOTE_MINIMAL))
    except csv.Error as error:
        if pasted and delimiter == "\t":
            return named(_lines(text, delimiter, csv.QUOTE_NONE))
        raise UnreadableTable(
            f"{called} cannot be read as CSV near line {error.args[1]}: {error.args[0]}. "
            "Look there for a quotation mark that is not closed or not doubled."
        ) from None


def _lines(text: str, delimiter: str, quoting: int) -> list[Line]:
    # strict: a quotation mark in the wrong place would otherwise swallow rows in silence
    reader = csv.reader(
        io.StringIO(text, newline=""),
        delimiter=delimiter,
        quoting=quoting,  # type: ignore[arg-type]
        strict=True,
        skipinitialspace=delimiter != "\t",
    )
    filled: list[Line] = []
    try:
        for place, line in enumerate(reader):
            if any(map(text_of, line)):
                filled.append((place, line))
            if len(filled) > MAX_ROWS + SPARE_ROWS:
                break
    except csv.Error as error:
        raise csv.Error(str(error), reader.line_num) from None
    return filled


def _delimiter(text: str) -> tuple[str, str]:
    """The character that separates the columns, by which the header holds most names that we know."""
    told = re.match(r"sep=([,;\t|])[\r\n]+", text, re.IGNORECASE)  # a line that Excel writes and hides
    if told:
        return told[1], text[told.end() :]
    heads = [line for line in text[: 4 * MAX_CELL].splitlines() if line.strip()][:10]

    def fit(delimiter: str) -> tuple[int, int]:
        split = [
            next(csv.reader([head], delimiter=delimiter), []) for head in heads if len(head) < _FIELD_LIMIT
        ]
        return max(((len(known(line)), len(line)) for line in split), default=(0, 0))

    return max(SEPARATORS, key=fit), text
