"""Bytes become rows: whatever a spreadsheet or a script saves, and whatever is no table at all."""

import io
import json
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avatar_core.errors import InputError, TooManyPeople, UnreadableTable
from avatar_core.people import (
    MAX_BYTES,
    MAX_CELL,
    MAX_COLUMNS,
    MAX_ROWS,
    people_from_records,
    read_people,
    read_people_file,
)
from avatar_core.types import Ethnicity, Gender, People, Persona

relaxed = settings(deadline=None)
HEADERS = ["id", "nome", "idade", "gênero", "raça/cor", "ocupação", "município"]
ROWS = [
    ["ab12cd", "Inês Conceição", "42", "feminino", "parda", "professora", "São Luís"],
    ["ef34gh", "João D’Ávila", "28", "masculino", "preta", "técnico", "Belém"],
]
#: The same two people, whatever the file looked like.
PERSONAS = (
    Persona(
        "ab12cd",
        42,
        Gender.WOMAN,
        Ethnicity.PARDO,
        "professora",
        "Inês Conceição",
        (("município", "São Luís"),),
    ),
    Persona("ef34gh", 28, Gender.MAN, Ethnicity.BLACK, "técnico", "João D’Ávila", (("município", "Belém"),)),
)


def table(separator: str = ",", line_end: str = "\n") -> str:
    return "".join(separator.join(row) + line_end for row in (HEADERS, *ROWS))


def records() -> list[dict[str, str]]:
    return [dict(zip(HEADERS, row, strict=True)) for row in ROWS]


def nested(**changes: object) -> dict[str, object]:
    person: dict[str, object] = {
        "id": "q1w2e3",
        "nome": "Jurema Antunes",
        "descricao": "Mora em Olinda e gosta de frevo.",
        "demografia": {
            "idade": 51,
            "genero_biologico": "feminino",
            "identidade_genero": "mulher trans",
            "raca_etnia": "indígena",
            "ocupacao": "pescador",
            "localizacao": {"pais": "Brasil", "cidade": "Olinda"},
            "renda_mensal": 2100.5,
        },
        "psicografia": {"interesses": ["frevo", "rádio"]},
        "deficiencias": {"visual": False},
    }
    return person | changes


def fatal(people: People) -> list[str]:
    return [str(problem) for problem in people.problems if problem.fatal]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_the_same_people_come_from_every_kind_of_csv(separator: str, line_end: str, encoding: str) -> None:
    people = read_people(table(separator, line_end).encode(encoding), "people.csv")
    assert people.personas == PERSONAS
    assert fatal(people) == []


def test_latin_1_that_no_code_page_of_windows_explains_is_still_read() -> None:
    text = table().replace("’", "'").replace("Belém", "Bel\x81ém")
    assert [one.id for one in read_people(text.encode("latin-1"), "a.csv").personas] == ["ab12cd", "ef34gh"]


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(records()),
        json.dumps(records(), ensure_ascii=False, indent=2),
        json.dumps({"pessoas": records()}),
        json.dumps({"created": "2026", "people": records(), "count": 2}),
        "\n".join(json.dumps(row) for row in records()),
        "\ufeff" + "\r\n".join(json.dumps(row) for row in records()) + "\r\n\r\n",
    ],
    ids=["list", "indented", "wrapped", "wrapped among others", "lines", "lines with mark"],
)
def test_the_same_people_come_from_every_kind_of_json_whatever_it_is_called(text: str) -> None:
    for name in ("people.json", "people.jsonl", "people.csv", ""):
        people = read_people(text.encode(), name)
        assert people.personas == PERSONAS
        assert fatal(people) == []


def test_a_long_list_within_an_object_is_a_table_too() -> None:
    many = [records()[0] | {"id": f"n{number}"} for number in range(2_000)]
    assert len(read_people(json.dumps({"people": many, "made": "2026"}).encode()).personas) == 2_000


def test_one_json_object_is_one_person() -> None:
    assert read_people(json.dumps(records()[0]).encode()).personas == PERSONAS[:1]


def test_the_nested_format_of_existing_tools_is_read_and_the_rest_of_it_is_carried_along() -> None:
    (one,) = read_people(json.dumps([nested()]).encode(), "p.json").personas
    assert (one.id, one.age, one.gender, one.ethnicity) == ("q1w2e3", 51, Gender.WOMAN, Ethnicity.INDIGENOUS)
    assert (one.occupation, one.name) == ("pescador", "Jurema Antunes")
    extra = dict(one.extra)
    assert extra["demografia.localizacao.cidade"] == "Olinda"
    assert extra["demografia.renda_mensal"] == "2100.5"
    assert extra["psicografia.interesses"] == "frevo; rádio"
    assert extra["deficiencias.visual"] == "false"
    assert extra["descricao"] == "Mora em Olinda e gosta de frevo."


@pytest.mark.parametrize(
    ("biological", "identity", "gender"),
    [
        ("masculino", "homem cis", Gender.MAN),
        ("feminino", "homem trans", Gender.MAN),
        ("masculino", "mulher trans", Gender.WOMAN),
        ("feminino", "mulher cis", Gender.WOMAN),
        ("feminino", "não-binário", Gender.PERSON),
        ("masculino", "outro", Gender.PERSON),
        ("intersexo", "", Gender.PERSON),
        ("feminino", None, Gender.WOMAN),
    ],
)
def test_gender_identity_counts_and_the_biological_one_only_where_it_is_empty(
    biological: str, identity: str | None, gender: Gender
) -> None:
    facts = {
        "idade": 30,
        "genero_biologico": biological,
        "identidade_genero": identity,
        "raca_etnia": "parda",
        "ocupacao": "x",
    }
    assert people_from_records([{"demografia": facts}]).personas[0].gender == gender


@pytest.mark.parametrize(
    ("written", "ethnicity"),
    [
        ("branco", "white"),
        ("branca", "white"),
        ("pardo", "pardo"),
        ("PARDA", "pardo"),
        ("preto", "black"),
        ("amarelo", "asian"),
        ("asiatico", "asian"),
        ("indígena", "indigenous"),
        ("indigena", "indigenous"),
    ],
)
def test_the_spellings_seen_in_the_nested_format_are_read(written: str, ethnicity: str) -> None:
    facts = {"idade": 30, "genero_biologico": "feminino", "raca_etnia": written, "ocupacao": "x"}
    assert people_from_records([{"demografia": facts}]).personas[0].ethnicity == Ethnicity(ethnicity)


def test_the_hidden_line_of_excel_names_the_separator() -> None:
    assert read_people(("sep=;\r\n" + table(";")).encode()).personas == PERSONAS


def test_a_comma_inside_a_semicolon_table_does_not_split_anything() -> None:
    text = "idade;sexo;cor;ocupação\n30;F;parda;professora, ensino médio, noturno\n"
    assert read_people(text.encode()).personas[0].occupation == "professora, ensino médio, noturno"


def test_padding_of_spreadsheets_is_no_column_and_no_row() -> None:
    text = table(";").replace("\n", ";;;\n") + ";;;;;;;;;\n" * 30
    assert read_people(text.encode()).personas == PERSONAS


def test_a_value_without_a_header_is_kept_under_the_place_of_its_column() -> None:
    text = "age,gender,ethnicity,occupation,\n30,man,white,baker,note\n31,man,white,cook,\n"
    first, second = read_people(text.encode()).personas
    assert (first.extra, second.extra) == ((("column 5", "note"),), (("column 5", ""),))


def test_repeated_headers_keep_their_values_apart() -> None:
    text = "age,gender,ethnicity,occupation,note,note\n30,man,white,baker,a,b\n"
    assert read_people(text.encode()).personas[0].extra == (("note", "a"), ("note (2)", "b"))


def test_rows_are_counted_as_the_user_sees_them_including_blank_ones() -> None:
    text = "age,gender,ethnicity,occupation\n\n30,man,white,baker\n,,,\nold,man,white,cook\n"
    people = read_people(text.encode())
    assert [problem.row for problem in people.problems] == [4]
    assert [one.id for one in people.personas] == ["p002"]


def test_a_row_with_too_many_values_is_named_and_left_out() -> None:
    text = "age,gender,ethnicity,occupation\n30,man,white,baker, night shift\n31,man,white,cook\n"
    people = read_people(text.encode())
    assert fatal(people) == [
        "Row 1: has 5 values for 4 columns. Allowed: quotation marks around a value that holds the separator."
    ]
    assert [one.occupation for one in people.personas] == ["cook"]


def test_a_short_row_lacks_what_it_does_not_have() -> None:
    people = read_people(b"age,gender,ethnicity,occupation\n30,man,white\n")
    assert [(problem.row, problem.column, problem.problem) for problem in people.problems] == [
        (1, "occupation", "is empty")
    ]


def test_a_broken_json_line_is_a_bad_row_among_good_ones() -> None:
    lines = [json.dumps(records()[0]), '{"id": "x', "17", json.dumps(records()[1])]
    people = read_people("\n".join(lines).encode(), "people.jsonl")
    assert people.personas == PERSONAS
    assert [problem.row for problem in people.problems if problem.fatal] == [2, 3]


def test_the_word_none_and_na_are_words_and_not_missing_values() -> None:
    text = "age,gender,ethnicity,occupation,look\n30,man,white,None,None\n31,man,white,NA,nan\n"
    first, second = read_people(text.encode()).personas
    assert (first.occupation, first.extra) == ("None", (("look", "None"),))
    assert (second.occupation, second.extra) == ("NA", (("look", "nan"),))


def test_a_header_alone_gives_nobody_and_says_so() -> None:
    people = read_people(b"age,gender,ethnicity,occupation\n")
    assert people.personas == ()
    assert fatal(people) == ["The table: holds no people. Allowed: a row for each person under the headers."]


def zipped() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
    return file.getvalue()


GOOD = b"age,gender,ethnicity,occupation\n30,man,white,baker\n"
HOSTILE = {
    "empty": (b"", "is empty"),
    "only spaces": (b" \r\n\t \n", "is empty"),
    "PNG": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "PNG picture"),
    "JPEG": (b"\xff\xd8\xff\xe0\0\x10JFIF", "JPEG picture"),
    "GIF": (b"GIF89a", "GIF picture"),
    "WebP": (b"RIFF\x10\0\0\0WEBP", "WebP"),
    "PDF": (b"%PDF-1.7", "PDF"),
    "XLSX without sheets": (zipped(), "no sheet.*XLSX.*CSV UTF-8"),
    "XLS": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Excel"),
    "XLS with a password": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512 + "EncryptedPackage".encode("utf-16-le"),
        "password",
    ),
    "half a Parquet": (b"PAR1\x15\x04", "Parquet file that is damaged"),
    "Parquet with a key": (b"PARE\x15\x04", "encrypted"),
    "TIFF": (b"II*\0\x08", "TIFF picture"),
    "web page called XLS": (b"<html><table><tr><td>idade</td></tr></table>", "web page"),
    "spreadsheet as XML": (b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>', "XML file"),
    "gzip": (b"\x1f\x8b\x08\0", "compressed"),
    "SQLite": (b"SQLite format 3\0", "database"),
    "web page": (b"<!doctype html><table>", "web page"),
    "NUL bytes": (GOOD + b"31,man,white,co\0ok\n", "NUL"),
    "UTF-16 without its mark": (GOOD.decode().encode("utf-16-le"), "NUL"),
    "half a UTF-16": (b"\xff\xfea\0b", "damaged"),
    "damaged UTF-8": ((table() * 3).encode() + b"\xff\xc3", "damaged"),
    "too large": (GOOD + b" " * MAX_BYTES, "larger than 32 MB"),
    "unclosed quote": (GOOD + b'31,"man,white,cook\n', "line 3.*quotation mark"),
    "stray quote": (GOOD + b'31,"man"x,white,cook\n', "line 3.*quotation mark"),
    "long cell": (GOOD + b"31,man,white," + b"x" * (MAX_CELL + 1), "Row 2.*32,767"),
    "very long cell": (GOOD + b"31,man,white," + b"x" * 200_000, "line 3"),
    "columns": (
        b"age,gender,ethnicity,occupation" + b",x" * MAX_COLUMNS + b"\n30,man,white,baker",
        "204 columns",
    ),
    "unnamed columns": (
        b"age,gender,ethnicity,occupation" + b"," * 300 + b"\n30,man,white,baker" + b",x" * 300,
        "columns",
    ),
    "one header for all": (b"a," * 100_000 + b"\n1,2", "100,000 columns"),
    "keys that differ in spaces": (
        ("[{" + ", ".join(f'"a{" " * n}": 1' for n in range(500)) + "}]").encode(),
        "columns",
    ),
    "no header": (b"30,man,white,baker\n31,woman,white,cook\n", "no column for age, gender.*“30”"),
    "two columns missing": (b"age,job\n30,baker\n", "no column for gender and ethnicity.*“age”, “job”"),
    "prose": (b"Dear all,\nplease find the people attached.\n", "no column for"),
    "no objects": (b"[1, 2]", "no JSON objects"),
    "empty list": (b"[]", "no JSON objects"),
    "half a JSON": (b'[{"age": 30}', "not valid JSON"),
    "deep lists": (b"[" * 100_000, "too deep"),
    "deep objects": (b'{"a":' * 50_000 + b"1" + b"}" * 50_000, "too deep"),
    "twelve levels": (b'{"a":' * 12 + b"1" + b"}" * 12, "more than 8 deep"),
    "deep list in a cell": (b'[{"age": ' + b"[" * 900 + b"]" * 900 + b"}]", "deep|no column"),
    "endless number": (b'[{"age": ' + b"9" * 10_000 + b"}]", "not valid JSON"),
}


@pytest.mark.parametrize(("data", "message"), HOSTILE.values(), ids=HOSTILE.keys())
def test_what_is_no_table_is_refused_with_what_it_is_and_what_to_do(data: bytes, message: str) -> None:
    with pytest.raises(UnreadableTable, match=message) as caught:
        read_people(data, "people.csv")
    assert caught.value.message.endswith(".")
    assert len(caught.value.message) < 700


def test_more_rows_than_the_limit_are_refused_but_padding_does_not_count() -> None:
    row = b"30,man,white,baker\n"
    assert len(read_people(GOOD + row * (MAX_ROWS - 1) + b",,,\n" * 5000).personas) == MAX_ROWS
    with pytest.raises(TooManyPeople, match="10,000"):
        read_people(GOOD + row * MAX_ROWS)
    with pytest.raises(TooManyPeople):
        people_from_records([{"age": 1, "gender": "man", "ethnicity": "white", "occupation": "x"}] * 10_001)


def test_a_file_is_read_from_disk(tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_bytes(GOOD)
    assert read_people_file(file) == read_people_file(str(file)) == read_people(GOOD)


def test_a_file_that_cannot_be_opened_is_named_with_the_reason(tmp_path: Path) -> None:
    with pytest.raises(UnreadableTable, match=r"nobody\.csv.*No such file"):
        read_people_file(tmp_path / "nobody.csv")
    with pytest.raises(UnreadableTable, match="directory"):
        read_people_file(tmp_path)
    with pytest.raises(UnreadableTable, match="larger than 32 MB"):
        read_people_file("/dev/zero")


@relaxed
@given(st.binary(max_size=300))
def test_no_bytes_whatsoever_end_in_anything_but_people_or_a_plain_refusal(data: bytes) -> None:
    for start in (b"", GOOD, b"[", b'[{"age": 3},'):
        with suppress(InputError):
            read_people(start + data, "x")


@relaxed
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(
                st.sampled_from(["age", "gender", "demografia", "id", "x"]) | st.text(max_size=5),
                inner,
                max_size=5,
            )
        ),
        max_leaves=30,
    )
)
def test_no_json_whatsoever_ends_in_anything_but_people_or_a_plain_refusal(data: object) -> None:
    complete = {"age": 30, "gender": "man", "ethnicity": "white", "occupation": "baker"}
    for value in (data, [data], [complete, data], complete | {"more": data}):
        with suppress(InputError):
            read_people(json.dumps(value).encode(), "x")
