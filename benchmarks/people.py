"""How long 10,000 people take to be read, with every check, beside pandas reading the same bytes with none."""

from __future__ import annotations

import gc
import io
import json
from collections.abc import Callable
from time import perf_counter

import pandas as pd

from avatar_core.census import draw_people
from avatar_core.people import people_from_frame, people_to, read_people, read_text

PEOPLE = 10_000
#: The best of so many runs: what else the machine does only ever adds.
RUNS = 3


def table() -> pd.DataFrame:
    """A table as researchers have it: Portuguese headers and words, an id, a name, and six columns besides."""
    people = draw_people(PEOPLE, seed=1)
    words = {"man": "Masculino", "woman": "Feminino"}
    colours = {
        "white": "branca",
        "pardo": "Parda",
        "black": "preta",
        "asian": "amarela",
        "indigenous": "indígena",
    }
    return pd.DataFrame(
        {
            "id": one.id,
            "nome": f"Pessoa {place} da Conceição",
            "idade": one.age,
            "gênero": words[one.gender.value],
            "raça/cor": colours[one.ethnicity.value],
            "ocupação": one.occupation,
            "município": "São Luís",
            "UF": "MA",
            "renda": 1500 + place / 4,
            "escolaridade": "superior incompleto",
            "nascimento": "1990-05-01",
            "nota": f"Resposta livre número {place}, com vírgula; e ponto e vírgula.",
        }
        for place, one in enumerate(people)
    )


def nested(frame: pd.DataFrame) -> bytes:
    """The same people in the nested format of existing tools."""
    inside = ["idade", "gênero", "raça/cor", "ocupação"]
    records = frame.to_dict(orient="records")
    return json.dumps(
        [
            {
                "demografia": {key: row[key] for key in inside},
                **{k: v for k, v in row.items() if k not in inside},
            }
            for row in records
        ]
    ).encode()


def formats() -> list[tuple[str, bytes, Callable[[io.BytesIO], object]]]:
    """Name, bytes, and how a user would otherwise read them."""
    frame = table()
    excel, parquet = io.BytesIO(), io.BytesIO()
    frame.to_excel(excel, index=False)
    frame.to_parquet(parquet)
    return [
        ("CSV", frame.to_csv(index=False).encode(), pd.read_csv),
        (
            "CSV, semicolons, cp1252",
            frame.to_csv(index=False, sep=";").encode("cp1252"),
            lambda file: pd.read_csv(file, sep=";", encoding="cp1252"),
        ),
        ("XLSX", excel.getvalue(), pd.read_excel),
        ("Parquet", parquet.getvalue(), pd.read_parquet),
        ("JSON", frame.to_json(orient="records").encode(), pd.read_json),
        ("JSON, nested", nested(frame), lambda file: pd.json_normalize(json.load(file))),
        (
            "JSON Lines",
            frame.to_json(orient="records", lines=True).encode(),
            lambda file: pd.read_json(file, lines=True),
        ),
    ]


def seconds(work: Callable[[], object]) -> float:
    """The best of some runs."""
    best = float("inf")
    for _ in range(RUNS):
        gc.collect()
        start = perf_counter()
        work()
        best = min(best, perf_counter() - start)
    return best


def reading(data: bytes, otherwise: Callable[[io.BytesIO], object]) -> tuple[float, float]:
    """Seconds of ours and of theirs."""
    people = read_people(data)
    assert len(people.personas) == PEOPLE, people.problems[:3]
    return seconds(lambda: read_people(data)), seconds(lambda: otherwise(io.BytesIO(data)))


def rows() -> list[tuple[str, str, str, str, str]]:
    """The rows of the table: format, size, seconds of ours, seconds of pandas, and how many times as long."""
    frame = table()
    found = []
    for name, data, otherwise in formats():
        ours, theirs = reading(data, otherwise)
        found.append(
            (name, f"{len(data) / 1e6:.1f} MB", f"{ours:.2f} s", f"{theirs:.3f} s", f"{ours / theirs:.1f}")
        )
    text = frame.to_csv(index=False, sep="\t")
    found.append(
        ("Clipboard", f"{len(text) / 1e6:.1f} MB", f"{seconds(lambda: read_text(text)):.2f} s", "", "")
    )
    found.append(("Dataframe", "", f"{seconds(lambda: people_from_frame(frame)):.2f} s", "", ""))
    people = people_from_frame(frame).personas
    for ending in ("csv", "xlsx", "parquet", "json", "jsonl"):
        ours = seconds(lambda ending=ending: people_to(ending, people))  # type: ignore[misc]
        found.append(
            (f"write {ending}", f"{len(people_to(ending, people)) / 1e6:.1f} MB", f"{ours:.2f} s", "", "")
        )
    return found


def main() -> None:
    """Print the table."""
    head = ("format", "size", "every check", "pandas, no check", "times")
    lines = [head, *rows()]
    widths = [max(len(line[i]) for line in lines) for i in range(len(head))]
    print(f"{PEOPLE:,} people, {len(table().columns)} columns, best of {RUNS}:\n")
    for line in lines:
        first, *others = (
            cell.rjust(width) if i else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        print("  ".join([first, *others]))


if __name__ == "__main__":
    main()
