"""The same people from every format, and what was read is what is written: golden files are made by real writers."""

import csv
import io
import json
import math
import unicodedata
from collections.abc import Callable
from typing import Any

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avatar_core.errors import InputError, TooManyPeople, UnreadableTable
from avatar_core.people import (
    FORMATS,
    MAX_CELL,
    people_from_frame,
    people_from_records,
    people_to,
    people_to_csv,
    people_to_xlsx,
    read_people,
    read_text,
)
from avatar_core.types import Ethnicity, Gender, Persona

relaxed = settings(deadline=None, max_examples=60)

HEADER = ["id", "nome", "idade", "gênero", "raça/cor", "ocupação", "renda mensal", "nascimento", "município"]
ROWS: list[list[Any]] = [
    [
        "ab12cd",
        "Inês Conceição",
        42,
        "mulher cis",
        "parda",
        "professora; noturno",
        2100.5,
        "1984-02-29",
        "São Luís",
    ],
    ["000123", "João “D'Ávila”", 28, "Masculino", "PRETA", "técnico, em rádio", 1830, "1998-01-01", None],
    ["ef34gh", None, 67, "não-binário", "Indígena", "=soma(a1)", 0.1, "1959-12-31", "Belém\n(centro)"],
]
PERSONAS = (
    Persona(
        "ab12cd",
        42,
        Gender.WOMAN,
        Ethnicity.PARDO,
        "professora; noturno",
        "Inês Conceição",
        (("renda mensal", "2100.5"), ("nascimento", "1984-02-29"), ("município", "São Luís")),
    ),
    Persona(
        "000123",
        28,
        Gender.MAN,
        Ethnicity.BLACK,
        "técnico, em rádio",
        "João “D'Ávila”",
        (("renda mensal", "1830"), ("nascimento", "1998-01-01"), ("município", "")),
    ),
    Persona(
        "ef34gh",
        67,
        Gender.PERSON,
        Ethnicity.INDIGENOUS,
        "=soma(a1)",
        "",
        (("renda mensal", "0.1"), ("nascimento", "1959-12-31"), ("município", "Belém\n(centro)")),
    ),
)


def records() -> list[dict[str, Any]]:
    return [dict(zip(HEADER, row, strict=True)) for row in ROWS]


def frame() -> pd.DataFrame:
    return pd.DataFrame(records())


def separated(delimiter: str, encoding: str) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows([HEADER, *ROWS])
    return text.getvalue().encode(encoding)


def workbook() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in [HEADER, *ROWS]:
        sheet.append(row)
    sheet["F4"].data_type = "s"  # as a spreadsheet has it where somebody wrote '=soma(a1)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def by_pandas(write: Callable[[pd.DataFrame, io.BytesIO], object]) -> bytes:
    file = io.BytesIO()
    write(frame(), file)
    return file.getvalue()


def nested() -> list[dict[str, Any]]:
    return [
        {
            "id": row["id"],
            "nome": row["nome"],
            "demografia": {
                "idade": row["idade"],
                "identidade_genero": row["gênero"],
                "raca_etnia": row["raça/cor"],
                "ocupacao": row["ocupação"],
            },
        }
        for row in records()
    ]


FILES: dict[str, bytes] = {
    **{
        f"CSV with {name} in {encoding}": separated(mark, encoding)
        for name, mark in (("commas", ","), ("semicolons", ";"), ("tabs", "\t"))
        for encoding in ("utf-8", "utf-8-sig", "cp1252", "utf-16")
    },
    "XLSX": workbook(),
    "Parquet by pandas": by_pandas(lambda df, file: df.to_parquet(file)),
    "Parquet by pyarrow": by_pandas(lambda df, file: pq.write_table(pa.Table.from_pylist(records()), file)),
    "JSON": json.dumps(records()).encode(),
    "JSON in an object": json.dumps({"people": records(), "n": 3}, ensure_ascii=False, indent=1).encode(),
    "JSON by pandas, in rows": by_pandas(lambda df, file: df.to_json(file, orient="records")),
    "JSON by pandas, in columns": by_pandas(lambda df, file: df.to_json(file)),
    "JSON by pandas, split": by_pandas(lambda df, file: df.to_json(file, orient="split")),
    "JSON Lines by pandas": by_pandas(lambda df, file: df.to_json(file, orient="records", lines=True)),
}


@pytest.mark.parametrize("data", FILES.values(), ids=FILES.keys())
def test_the_same_people_come_from_every_format(data: bytes) -> None:
    people = read_people(data, "people")
    assert people.personas == PERSONAS
    assert not any(problem.fatal for problem in people.problems)


def test_latin_1_gives_the_same_people_as_far_as_it_can_write_them() -> None:
    text = separated(";", "utf-8").decode().replace("“", '"').replace("”", '"')
    plain = text.replace('João "D\'Ávila"', "João D'Ávila")
    assert [one.id for one in read_people(plain.encode("latin-1")).personas] == ["ab12cd", "000123", "ef34gh"]


def test_the_same_people_come_from_a_dataframe_from_records_and_from_the_clipboard() -> None:
    assert people_from_frame(frame()).personas == PERSONAS
    assert people_from_records(records()).personas == PERSONAS
    assert read_text(separated("\t", "utf-8").decode()).personas == PERSONAS


def test_the_nested_format_gives_the_same_people() -> None:
    people = read_people(json.dumps(nested()).encode())
    assert [(one.id, one.age, one.gender, one.ethnicity, one.occupation) for one in people.personas] == [
        (one.id, one.age, one.gender, one.ethnicity, one.occupation) for one in PERSONAS
    ]


def test_the_clipboard_may_hold_quotation_marks_as_a_spreadsheet_copies_them() -> None:
    text = 'idade\tsexo\tcor\tocupação\r\n30\tF\tparda\t"the" baker\r\n31\tM\tpreta\tplays 5" discs\r\n'
    assert [one.occupation for one in read_text(text).personas] == ['"the" baker', 'plays 5" discs']


def test_an_empty_clipboard_is_refused_in_words() -> None:
    with pytest.raises(UnreadableTable, match="The pasted text is empty"):
        read_text(" \n\t")
    with pytest.raises(UnreadableTable, match="too long"):
        read_text("x" * 40_000_000)


def test_empty_values_of_every_kind_are_empty() -> None:
    rows = [
        record | {"município": nothing}
        for record, nothing in zip(records(), (None, math.nan, pd.NaT), strict=True)
    ]
    assert {dict(one.extra)["município"] for one in people_from_frame(pd.DataFrame(rows)).personas} == {""}


# Parquet


def parquet(columns: dict[str, Any], **options: Any) -> bytes:
    file = io.BytesIO()
    pq.write_table(pa.table(columns), file, **options)
    return file.getvalue()


GOOD = {"age": [30], "gender": ["man"], "ethnicity": ["white"], "occupation": ["baker"]}


def test_nested_lists_and_days_of_a_parquet_file_are_read() -> None:
    person = {"age": 30, "gender": "man", "ethnicity": "white", "occupation": "baker", "tags": ["a", "b"]}
    columns = {
        "demografia": [person],
        "seen": pa.array([86_400_000], pa.timestamp("ms")),
        "raw": pa.array([b"caf\xc3\xa9"], pa.binary()),
        "kind": pa.array(["x"]).dictionary_encode(),
    }
    (one,) = read_people(parquet(columns)).personas
    assert one.extra == (("demografia.tags", "a; b"), ("seen", "1970-01-02"), ("raw", "café"), ("kind", "x"))


def test_repeated_names_in_a_parquet_file_are_kept_apart() -> None:
    table = pa.table([[30], ["man"], ["white"], ["baker"], ["x"], ["y"]], names=[*GOOD, "n", "n"])
    file = io.BytesIO()
    pq.write_table(table, file)
    assert read_people(file.getvalue()).personas[0].extra == (("n", "x"), ("n (2)", "y"))


@pytest.mark.parametrize(
    ("data", "error", "message"),
    [
        (parquet(GOOD)[:-4], UnreadableTable, "damaged or incomplete"),
        (parquet(GOOD)[:50] + parquet(GOOD)[60:], UnreadableTable, "damaged or incomplete"),
        (parquet({f"c{n}": [1] for n in range(201)}), UnreadableTable, "201 columns"),
        (parquet({name: values * 10_001 for name, values in GOOD.items()}), TooManyPeople, "10,000 rows"),
        (parquet({name: values * 99_999 for name, values in GOOD.items()}), UnreadableTable, "99,999 rows"),
        (parquet(GOOD | {"x": ["x" * (MAX_CELL + 1)]}), UnreadableTable, "32,767 characters"),
        (
            parquet({**{name: v * 9_000 for name, v in GOOD.items()}, "x": [b"x" * 9_999] * 9_000}),
            UnreadableTable,
            "MB",
        ),
        (
            parquet({**{name: v * 9_000 for name, v in GOOD.items()}, "x": ["x" * 9_999] * 9_000}),
            UnreadableTable,
            "characters",
        ),
    ],
    ids=["no end", "a hole", "columns", "rows", "many rows", "long cell", "bomb of bytes", "bomb of text"],
)
def test_a_hostile_parquet_file_is_refused(data: bytes, error: type[InputError], message: str) -> None:
    assert len(data) < 200_000
    with pytest.raises(error, match=message):
        read_people(data, "people.parquet")


# The way back

CELL = st.text(
    alphabet=st.sampled_from("=+-@'\"\t\r\n,;| 0189.aé\u2028\u0085_x<&\ufffe")
    | st.characters(exclude_categories=()),
    max_size=24,
)
EXTRA = ["note", "=1+1", "sexo", "cidade, UF", "o\nr", "Age", "_x0041_", "'=2"]
RECORDS = st.lists(
    st.fixed_dictionaries(
        {
            "id": st.none() | st.from_regex(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,8}", fullmatch=True),
            "name": CELL,
            "age": st.integers(0, 120),
            "gender": st.sampled_from([gender.value for gender in Gender]),
            "ethnicity": st.sampled_from([ethnicity.value for ethnicity in Ethnicity]),
            "occupation": CELL | st.sampled_from(["'=1+1", "=cmd()", "_x0041_", "00123a"]),
        },
        optional=dict.fromkeys(EXTRA, CELL),
    ),
    min_size=1,
    max_size=8,
)
ENDINGS = [ending for ending, _, _ in FORMATS]


@relaxed
@given(RECORDS, st.sampled_from(ENDINGS))
def test_what_was_read_from_anything_is_read_again_from_whatever_is_written(
    rows: list[dict[str, Any]], ending: str
) -> None:
    people = people_from_records(rows).personas
    if people:
        again = read_people(people_to(ending, people), f"people.{ending}")
        assert again.personas == people
        assert not any(problem.fatal for problem in again.problems)


@pytest.mark.parametrize("ending", ["csv", "xlsx", "parquet"])
def test_nobody_is_written_as_a_header_alone(ending: str) -> None:
    assert "holds no people" in str(read_people(people_to(ending, ())).problems[0])


def test_nobody_is_an_empty_list_of_json() -> None:
    assert (people_to("json", ()), people_to("jsonl", ())) == (b"[]\n", b"")


def test_what_is_written_twice_is_the_same_to_the_byte() -> None:
    assert all(people_to(ending, PERSONAS) == people_to(ending, PERSONAS) for ending in ENDINGS)


def test_a_format_that_there_is_not_is_refused() -> None:
    with pytest.raises(InputError, match="csv, xlsx, parquet, json, jsonl"):
        people_to("pdf", PERSONAS)


HOSTILE = Persona(
    "x1",
    30,
    Gender.MAN,
    Ethnicity.WHITE,
    '=HYPERLINK("http://x")\x1b[31m',
    "+cmd|' /C calc'!A0",
    (("@SUM(1)", "-2+3\x00\x07\ufffe"), ("'=1", "'=1"), ("age", "old")),
)


def test_a_spreadsheet_takes_no_written_cell_for_a_formula_and_finds_no_control_character() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(people_to_xlsx([HOSTILE]))).worksheets[0]
    assert sheet.title == "people"
    for row in sheet.iter_rows():
        for cell in row:
            assert cell.data_type in ("s", "inlineStr") or (cell.coordinate, cell.data_type) == ("C2", "n")
            assert cell.data_type == "n" or cell.quotePrefix
            assert not any(unicodedata.category(c) == "Cc" for c in str(cell.value))
    assert sheet["F2"].value == '=HYPERLINK("http://x") [31m'
    for line in csv.reader(io.StringIO(people_to_csv([HOSTILE]).decode("utf-8-sig"), newline="")):
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in line)


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_column_that_is_called_as_one_of_ours_is_kept_beside_it(ending: str) -> None:
    (one,) = read_people(people_to(ending, [HOSTILE])).personas
    assert one.age == 30
    assert dict(one.extra)["age (2)"] == "old"


def test_the_workbook_that_is_written_is_read_by_other_programs_too() -> None:
    read = pd.read_excel(io.BytesIO(people_to_xlsx(PERSONAS)), dtype={"id": str}, keep_default_na=False)
    assert list(read["id"]) == ["ab12cd", "000123", "ef34gh"]
    assert list(read["age"]) == [42, 28, 67]
    assert read["município"][2] == "Belém\n(centro)"
