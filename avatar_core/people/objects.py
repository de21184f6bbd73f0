"""JSON becomes rows: a list, one object, a list within an object, columns of values, or an object on each line."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from avatar_core.errors import UnreadableTable
from avatar_core.people.cells import one_line, shown
from avatar_core.people.columns import leaves
from avatar_core.people.headers import Row, unique_names
from avatar_core.people.vocabulary import column_rank
from avatar_core.types import RowProblem


def json_rows(text: str, called: str) -> tuple[str, list[Row], list[RowProblem]]:
    """What it is, JSON or JSON Lines, and its rows: an object each, as it stands there.

    Raises:
        UnreadableTable: it is neither, or holds no objects.
    """
    try:
        data = json.loads(text)
    except RecursionError:
        raise UnreadableTable(f"{called} nests far too deep for a table. Flatten it and try again.") from None
    except ValueError as error:
        if lines := _lines(text):
            return "JSON Lines", *lines
        raise UnreadableTable(
            f"{called} is not valid JSON: {shown(error)}. Correct it there and try again."
        ) from None
    items = _items(data)
    if not any(isinstance(item, Mapping) for item in items):
        raise UnreadableTable(
            f"{called} holds no JSON objects. Write a list with one object for each person."
        )
    return "JSON", *_objects(items)


def _items(data: object) -> list[object]:
    if not isinstance(data, Mapping):
        return data if isinstance(data, list) else [data]
    if rows := _columns(data) or _split(data):
        return rows
    if not any(column_rank(name) for name, _ in leaves(data, 1)):
        # Not a person but a wrapper around the list of them.
        lists = [value for value in data.values() if isinstance(value, list)]
        if len(lists) == 1:
            return lists[0]
    return [data]


def _columns(data: Mapping[str, Any]) -> list[object]:
    """The objects of a dataframe that was written column by column: ``{"age": {"0": 35, "1": 42}, …}``."""
    columns = list(data.values())
    if len(columns) < 2 or not all(isinstance(column, dict) for column in columns):
        return []
    if not all(column.keys() == columns[0].keys() for column in columns):
        return []
    if not any(column_rank(one_line(name)) for name in data):
        return []
    return [{name: column[key] for name, column in data.items()} for key in columns[0]]


def _split(data: Mapping[str, Any]) -> list[object]:
    """The objects of a dataframe that was written as names and rows: ``{"columns": ["age", …], "data": [[35, …], …]}``."""
    names, rows = data.get("columns"), data.get("data")
    if not isinstance(names, list) or not isinstance(rows, list):
        return []
    if not any(isinstance(name, str) and column_rank(one_line(name)) for name in names):
        return []
    headers = unique_names([one_line(name) for name in names])
    whole = (isinstance(row, list) and len(row) == len(headers) for row in rows)
    # A row that has more or fewer values cannot be told apart; it stays what it is and becomes a bad row.
    return [
        dict(zip(headers, row, strict=True)) if fits else row for row, fits in zip(rows, whole, strict=True)
    ]


def _lines(text: str) -> tuple[list[Row], list[RowProblem]] | None:
    """One JSON object on each line; None if not a single line is one. A broken line is a bad row."""
    items: list[object] = []
    for line in text.split("\n"):  # other line ends may stand within a text
        if line.strip():
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
