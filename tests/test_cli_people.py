"""Tables of people on the command line: drawn, compared, converted, checked, and read as the user says."""

import csv
from pathlib import Path

import pytest

from avatar_core.people import read_people_file
from tests.command_line import call, people, write_csv

ASKS = "nome;idade;sexo;pele;ocupação\nAna;34;F;parda;enfermeira\nRui;51;M;preta;pedreiro\n"


@pytest.mark.parametrize("ending", ["csv", "xlsx", "parquet", "json", "jsonl"])
def test_people_are_drawn_into_a_file_of_any_format_the_same_for_a_seed(ending: str) -> None:
    asked = ("people", "draw", "20", "--seed", "7", "--region", "sul", "--min-age", "18", "--language", "en")
    said = call(*asked, "--out", f"drawn.{ending}", "--json")
    assert said.code == 0, said.err
    assert (said.json["people"], said.json["out"]) == (20, f"drawn.{ending}")
    call(*asked, "--out", "again.csv")
    drawn = read_people_file(f"drawn.{ending}").personas
    assert drawn == read_people_file("again.csv").personas
    assert min(one.age for one in drawn) >= 18
    assert all("Sul; seed 7" in dict(one.extra)["drawn_from"] for one in drawn)


def test_shares_of_ones_own_are_drawn_from_and_compared_with() -> None:
    Path("own.csv").write_text("field,value,share\ngender,woman,100\ngender,man,0\n", encoding="utf-8")
    assert call("people", "draw", "30", "--shares", "own.csv", "--out", "women.csv").code == 0
    assert {one.gender.value for one in read_people_file("women.csv").personas} == {"woman"}
    rows = call("people", "compare", "women.csv", "--json").json["rows"]
    words = {(row["field"], row["value"]): row["words"] for row in rows}
    assert words["gender", "woman"] == "more than the reference"
    rows = call("people", "compare", "women.csv", "--shares", "own.csv", "--json").json["rows"]
    assert rows[0]["words"] == "within the interval"
    plain = call("people", "compare", "women.csv", "--shares", "own.csv")
    assert "gender woman: 30 of 30 (100.0%, 95 % interval" in plain.out
    both = call("people", "compare", "women.csv", "--shares", "own.csv", "--region", "sul")
    assert (both.code, both.out) == (2, "")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["draw", "0", "--out", "o.csv"], "0 people cannot be drawn"),
        (["draw", "9", "--out", "o.csv", "--region", "lua"], "no region “lua”"),
        (["draw", "9", "--out", "o.csv", "--min-age", "60", "--max-age", "50"], "Nobody is from 60 to 50"),
        (["draw", "9", "--out", "o.csv", "--shares", "none.csv"], "“none.csv” cannot be read"),
        (["draw", "9", "--out", "o.ods"], "not saved as “ods”"),
        (["draw", "9", "--out", "folder"], "not saved as “”"),
        (["draw", "9", "--out", "nine.csv"], "already holds nine.csv. Choose another file"),
        (["convert", "nine.csv", "o.doc"], "not saved as “doc”"),
        (["check", "none.csv"], "“none.csv” cannot be read"),
        (["check", "nine.csv", "--column", "age"], "Write FIELD=HEADER"),
        (["check", "nine.csv", "--column", "job=id"], "no field called “job”"),
        (["check", "nine.csv", "--column", "age=years"], "no column called “years”"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_is_written(words: list[str], said: str) -> None:
    before = write_csv("nine.csv", people(9)).read_bytes()
    Path("folder").mkdir()
    told = call("people", *words, "--json")
    assert told.code == 2
    assert said in told.json["message"]
    assert Path("nine.csv").read_bytes() == before
    assert sorted(path.name for path in Path().iterdir()) == ["folder", "nine.csv"]


def test_a_table_becomes_another_format_and_back_with_every_person_and_column() -> None:
    write_csv("a.csv", people(4, city="São Luís", name="=1+1"))
    for one, other in [("a.csv", "b.xlsx"), ("b.xlsx", "c.parquet"), ("c.parquet", "d.jsonl")]:
        said = call("people", "convert", one, other)
        assert (said.code, said.out) == (0, f"4 people saved in {other}.\n")
    assert read_people_file("d.jsonl").personas == read_people_file("a.csv").personas
    assert call("people", "convert", "d.jsonl", "a.csv").code == 2
    assert call("people", "convert", "d.jsonl", "a.csv", "--overwrite").code == 0


def test_a_check_names_every_bad_cell_reports_it_and_ends_with_three() -> None:
    rows = people(3)
    rows[1]["age"] = "old"
    write_csv("mixed.csv", rows)
    said = call("people", "check", "mixed.csv", "--report", "problems.csv")
    assert said.code == 3
    assert "Row 2, column “age”: “old” is not an age." in said.err
    assert said.out.endswith("CSV: 2 people, refused rows: 2.\n")
    (line,) = csv.DictReader(Path("problems.csv").read_text(encoding="utf-8-sig").splitlines())
    assert (line["row"], line["column"], line["effect"]) == ("2", "age", "refused")
    assert call("people", "check", "mixed.csv", "--json").json["refused_rows"] == [2]
    assert call("people", "convert", "mixed.csv", "good.csv", "--json").code == 3
    assert call("people", "check", "good.csv").code == 0
    write_csv("bad.csv", people(2, age="old"))
    assert call("people", "check", "bad.csv").code == 3


@pytest.mark.parametrize("command", [("people", "check"), ("prompt",), ("people", "compare")])
def test_a_header_that_says_nothing_is_asked_about_and_an_option_answers(command: tuple[str, ...]) -> None:
    Path("asks.csv").write_text(ASKS, encoding="utf-8")
    asked = call(*command, "asks.csv", "--json")
    assert asked.code == 2
    assert "It may be “pele”: add --column ethnicity=pele" in asked.err
    (question,) = asked.json["questions"]
    assert (question["field"], question["read"], question["candidates"][0]) == ("ethnicity", [], "pele")
    answered = call(*command, "asks.csv", "--column", "ethnicity=pele")
    assert answered.code == 0, answered.err
    assert "Question" not in answered.err


def test_of_two_headers_that_fit_the_user_chooses() -> None:
    rows = people(2, cor="preta", raça="branca")
    for row in rows:
        del row["ethnicity"]
    write_csv("two.csv", rows)
    said = call("people", "check", "two.csv", "--json")
    assert said.code == 0
    assert "Question: " in said.err
    (question,) = said.json["questions"]
    assert question["field"] == "ethnicity"
    for column, ethnicity in (("cor", "black"), ("raça", "white")):
        assert (
            call("people", "convert", "two.csv", f"{column}.csv", "--column", f"ethnicity={column}").code == 0
        )
        assert read_people_file(f"{column}.csv").personas[0].ethnicity == ethnicity


def test_a_sheet_is_chosen_by_its_name() -> None:
    from openpyxl import Workbook

    book = Workbook()
    for name, trade in (("2025", "nurse"), ("2026", "cook")):
        sheet = book.create_sheet(name)
        sheet.append(["age", "gender", "ethnicity", "occupation"])
        sheet.append([30, "man", "pardo", trade])
    del book["Sheet"]
    book.save("years.xlsx")
    assert "nurse" in call("prompt", "years.xlsx").out
    assert "cook" in call("prompt", "years.xlsx", "--sheet", "2026").out
    told = call("people", "check", "years.xlsx", "--sheet", "2027", "--json")
    assert (told.code, "“2025”, “2026”" in told.json["message"]) == (2, True)
