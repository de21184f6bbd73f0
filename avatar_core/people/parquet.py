"""Parquet files become rows. Their size in memory is checked before they are unpacked."""

from __future__ import annotations

from typing import Any

from avatar_core.errors import UnreadableTable
from avatar_core.people.cells import one_line
from avatar_core.people.headers import Row, unique_names
from avatar_core.people.limits import MAX_CELL, MAX_COLUMNS, MAX_ROWS, MAX_TEXT, MAX_UNPACKED, SPARE_ROWS


def parquet_rows(data: bytes, called: str) -> list[Row]:
    """The rows of a Parquet file, nested ones as mappings.

    Raises:
        UnreadableTable: it is damaged, encrypted, or larger than can be read.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        facts = pq.read_metadata(pa.BufferReader(data))
        _refuse_size(facts, called)
        # A dictionary keeps a text that is repeated very often in one piece.
        texts = [field.name for field in facts.schema.to_arrow_schema() if pa.types.is_string(field.type)]
        table = pq.ParquetFile(pa.BufferReader(data), read_dictionary=texts).read()
        columns = [_values(column, called) for column in table.columns]
    except (pa.ArrowException, OSError, ValueError, OverflowError):
        raise UnreadableTable(
            f"{called} is a Parquet file that is damaged or incomplete. Write it again, or save it as CSV."
        ) from None
    names = unique_names([one_line(name) for name in table.column_names])
    rows = zip(*columns, strict=True)
    return [(number, dict(zip(names, row, strict=True))) for number, row in enumerate(rows, start=1)]


def _refuse_size(facts: Any, called: str) -> None:
    size = sum(facts.row_group(i).total_byte_size for i in range(facts.num_row_groups))
    if facts.num_columns > MAX_COLUMNS or size > MAX_UNPACKED or facts.num_rows > MAX_ROWS + SPARE_ROWS:
        raise UnreadableTable(
            f"{called} holds {facts.num_rows:,} rows and {facts.num_columns:,} columns, {size / 2**20:,.0f} MB; "
            f"{MAX_ROWS:,} rows, {MAX_COLUMNS} columns and {MAX_UNPACKED // 2**20} MB can be read. "
            "Keep the columns that describe people, or split it."
        )


def _values(column: Any, called: str) -> list[object]:
    """The values of a column; texts that occur often are one object each."""
    import pyarrow as pa

    values: list[object] = []
    for chunk in column.chunks:
        if isinstance(chunk, pa.DictionaryArray):
            words = chunk.dictionary.to_pylist()
            if any(isinstance(word, str) and len(word) > MAX_CELL for word in words):
                raise UnreadableTable(
                    f"{called} holds a text of more than {MAX_CELL:,} characters. Shorten it."
                )
            values += [None if place is None else words[place] for place in chunk.indices.to_pylist()]
        elif chunk.nbytes > MAX_TEXT:
            raise UnreadableTable(f"{called} holds a column of {chunk.nbytes / 2**20:,.0f} MB. Remove it.")
        else:
            values += chunk.to_pylist()
    return values
