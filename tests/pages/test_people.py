"""Loading, drawing, comparing and saving people on the Studio page, and what is asked and refused on the way."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import pytest
from openpyxl import Workbook
from streamlit.testing.v1 import AppTest

from avatar_core.people import FORMATS, MAX_BYTES, people_to, read_people
from dashboard import loading, sampling, state
from tests.pages.app import change, prompt, said, sound, visit

UNCLEAR = "nome;idade;sexo;pele;cidade;ocupação\nAna;34 anos;F;parda;Belém;enfermeira\nBo;51;M;preta;Natal;pedreiro\n"
RIVALS = "idade;sexo;raça;cor;ocupação\n34;F;parda;branca;enfermeira\n51;M;;preta;pedreiro\n"


def upload(at: AppTest, data: bytes | str, name: str = "people.csv") -> AppTest:
    raw = data.encode() if isinstance(data, str) else data
    at.file_uploader[0].upload(name, raw)
    return sound(at.run())


def paste(at: AppTest, text: str) -> AppTest:
    at.text_area(key=loading.PASTED).set_value(text)
    return sound(at.button(key="people.pasted").click().run())


def column(at: AppTest, field: str):  # type: ignore[no-untyped-def]
    return at.selectbox(key=f"people.column.{field}.{at.session_state[state.ASKED].token}")


def ids(at: AppTest) -> list[str]:
    return [str(one) for one in at.session_state[state.PEOPLE]["id"]]


def workbook(**sheets: list[list[object]]) -> bytes:
    book, file = Workbook(), io.BytesIO()
    book.remove(book.active)  # type: ignore[arg-type]
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(file)
    return file.getvalue()


# Which column is which


def test_a_header_that_nobody_knows_is_asked_about_and_the_answer_is_used() -> None:
    at = upload(visit(), UNCLEAR)
    assert "No header names the ethnicity." in said(at)
    assert len(ids(at)) == 9  # the table stays until the answer is there
    assert at.button(key="people.use").disabled
    assert column(at, "ethnicity").options[0] == "pele: parda, preta"
    assert "never sent: “pele”, “cidade”" in said(at)
    sound(column(at, "ethnicity").set_value(("pele",)).run())
    assert "never sent: “cidade”" in said(at)
    sound(at.button(key="people.use").click().run())
    assert "woman, 34 years old, pardo" in prompt(at)
    assert "Ethnicity (cor ou raça): “pele”" in said(at)
    assert "Carried along to the manifest and never sent: “cidade”" in said(at)
    assert "Belém" not in prompt(at)


@pytest.mark.parametrize("way", ["people.cancel", "escape"])
def test_cancelling_loses_nothing(way: str) -> None:
    at = change(visit(), {"edited_rows": {0: {"occupation": "cooper"}}, "added_rows": [], "deleted_rows": []})
    before = ids(at)
    upload(at, UNCLEAR)
    if way == "escape":
        at.session_state[state.DIALOG] = None  # what the browser's Escape calls
        sound(at.run())
    else:
        sound(at.button(key=way).click().run())
    assert ids(at) == before
    assert "cooper" in prompt(at)
    assert not [one for one in at.button if one.key == "people.use"]


def test_two_headers_that_fit_are_asked_about_with_both_together_first() -> None:
    at = upload(visit(), RIVALS)
    assert "More than one header names the ethnicity: “raça”, “cor”." in said(at)
    assert column(at, "ethnicity").value == ("raça", "cor")
    sound(column(at, "ethnicity").set_value(("cor",)).run())
    sound(at.button(key="people.use").click().run())
    assert "34 years old, white" in prompt(at)


def test_the_columns_of_a_loaded_table_can_be_chosen_again() -> None:
    at = upload(visit(), RIVALS)
    sound(at.button(key="people.use").click().run())
    assert "34 years old, pardo" in prompt(at)
    assert "51 years old, Black" in prompt(at)
    sound(at.button(key="people.columns").click().run())
    sound(column(at, "ethnicity").set_value(("cor",)).run())
    sound(at.button(key="people.use").click().run())
    assert "34 years old, white" in prompt(at)


def test_a_workbook_with_several_sheets_asks_for_one() -> None:
    head = ["idade", "sexo", "cor", "ocupação"]
    data = workbook(
        Notas=[["isto é uma nota"]],
        Ana=[head, [34, "F", "parda", "juíza"]],
        Bo=[head, [51, "M", "preta", "pedreiro"]],
    )
    at = upload(visit(), data, "survey.xlsx")
    sheet = at.selectbox(key=f"people.sheet.{at.session_state[state.ASKED].token}")
    assert sheet.value == "Ana"
    sound(sheet.set_value("Bo").run())
    sound(at.button(key="people.use").click().run())
    assert "51 years old, Black" in prompt(at)
    assert "XLSX, sheet “Bo”" in said(at)


def test_a_sheet_without_a_table_is_said_in_the_dialog_and_another_can_be_chosen() -> None:
    head = ["idade", "sexo", "cor", "ocupação"]
    at = upload(visit(), workbook(Ana=[head, [34, "F", "parda", "juíza"]], Nota=[["x"]]), "survey.xlsx")
    token = at.session_state[state.ASKED].token
    sound(at.selectbox(key=f"people.sheet.{token}").set_value("Nota").run())
    assert at.button(key="people.use").disabled
    sound(at.button(key="people.cancel").click().run())
    assert len(ids(at)) == 9


def test_an_answer_that_makes_no_people_is_refused_in_the_dialog() -> None:
    at = upload(visit(), "sexo;cor;x;y\nF;parda;juíza;40\n")
    sound(column(at, "age").set_value(("x",)).run())
    sound(column(at, "occupation").set_value(("y",)).run())
    sound(at.button(key="people.use").click().run())
    assert "left out" in said(at)
    assert len(ids(at)) == 9


# Pasting


@pytest.mark.parametrize(
    "text",
    [
        "idade\tsexo\tcor\tocupação\n34\tF\tparda\tenfermeira\n",
        "idade;sexo;cor;ocupação\n34;F;parda;enfermeira\n",
        '[{"idade": 34, "sexo": "F", "cor": "parda", "ocupação": "enfermeira"}]',
        '{"idade": 34, "sexo": "F", "cor": "parda", "ocupação": "enfermeira"}\n',
    ],
)
def test_pasted_rows_become_the_table(text: str) -> None:
    at = paste(visit(), text)
    assert "woman, 34 years old, pardo (mixed-race) Brazilian, enfermeira" in prompt(at)
    assert at.text_area(key=loading.PASTED).value == ""
    assert "“F” is read as woman" in said(at)


@pytest.mark.parametrize("text", ["", "   \n", "{", "a\tb\n1\t2\n"])
def test_pasted_nonsense_is_one_clear_box_and_the_table_stays(text: str) -> None:
    at = paste(visit(), text)
    assert len(at.error) == 1
    assert "the table is as it was" in said(at)
    assert len(ids(at)) == 9


def test_a_header_without_rows_is_said_and_the_table_stays() -> None:
    at = paste(visit(), "idade\tsexo\tcor\tocupação\n")
    assert "In the file: nothing can be used" in said(at)
    assert "so the table is as it was" in said(at)
    assert len(ids(at)) == 9


# Files that are none


def bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
        packed.writestr("xl/workbook.xml", b" " * (200 * 2**20))
    return file.getvalue()


def png() -> bytes:
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 0) + b"IEND" + struct.pack(">I", zlib.crc32(b"IEND"))


@pytest.mark.parametrize(
    ("data", "name", "complaint"),
    [
        (png(), "people.csv", "is a PNG picture, whatever its name says"),
        (b"", "people.csv", "is empty"),
        (bomb(), "people.xlsx", "MB"),
        (b"age,gender\x00\n", "people.csv", "NUL"),
        ("idade;nome\n1;João\n".encode() + b"\xff\xfe\xe9", "people.csv", ""),
        (b"PK\x03\x04 broken", "people.xlsx", "“people.xlsx”"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_clear_box(data: bytes, name: str, complaint: str) -> None:
    at = upload(visit(), data, name)
    assert len(at.error) == 1
    assert "The file was not loaded; the table is as it was" in said(at)
    assert complaint in said(at)
    assert len(ids(at)) == 9
    assert not at.button(key="studio.generate").disabled


def test_the_server_takes_as_large_a_file_as_the_core_reads() -> None:
    import tomllib

    from tests.pages.app import ROOT

    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert config["server"]["maxUploadSize"] * 2**20 == MAX_BYTES


# Notices


def test_three_hundred_rows_of_one_word_are_one_line() -> None:
    table = "id,age,gender,ethnicity,occupation\n" + "".join(
        f"a{row},30,woman,asiatico,nurse\n" for row in range(300)
    )
    at = upload(visit(), table)
    (line,) = [line for line in said(at).splitlines() if "asiatico" in line]
    assert "300 rows, column “ethnicity”" in line
    assert "295 more" in line
    assert [one for one in at.get("download_button") if "whole list" in one.proto.label]


# Saving


@pytest.mark.parametrize("ending", [ending for ending, _, _ in FORMATS])
def test_people_are_saved_in_every_format_with_every_column(ending: str) -> None:
    at = upload(visit(), "id,age,gender,ethnicity,occupation,city\nx1,29,woman,pardo,nurse,Natal\n")
    assert [one for one in at.get("download_button") if one.proto.id.endswith(f"people.save.{ending}")]
    (persona,) = state.read(at.session_state[state.PEOPLE]).personas
    saved = people_to(ending, [persona])
    assert read_people(saved, f"people.{ending}").personas == (persona,)
    assert persona.extra == (("city", "Natal"),)


# Drawing and comparing


def draw(at: AppTest, **choices: object) -> AppTest:
    sound(at.button(key="sample.open").click().run())
    for name, value in choices.items():
        at.get_by_key(f"sample.{name}").set_value(value)
    return sound(at.run())


def test_people_are_drawn_by_the_census_adults_only_unless_asked_otherwise() -> None:
    at = draw(visit(), number=60, seed=4)
    assert "The census asks for sex" in said(at)
    sound(at.button(key="sample.draw").click().run())
    frame = at.session_state[state.PEOPLE]
    assert len(frame) == 60
    assert frame["age"].min() >= 18
    assert frame["drawn_from"].str.contains("IBGE, Census 2022, Brazil; seed 4").all()
    assert "People 1 to 9 of 60" in at.selectbox[0].options
    assert "sample.draw" not in [one.key for one in at.button]

    draw(at, number=60, seed=4, ages=(0, 104), of="sul")
    sound(at.button(key="sample.draw").click().run())
    again = at.session_state[state.PEOPLE]
    assert again["age"].min() < 18
    assert again["drawn_from"].str.contains("Sul").all()


def test_a_seed_draws_the_same_people_and_cancelling_keeps_the_table() -> None:
    at = draw(visit(), seed=7)
    sound(at.button(key="sample.draw").click().run())
    first = ids(at)
    draw(at, seed=8)
    sound(at.button(key="sample.cancel").click().run())
    assert ids(at) == first
    draw(at, seed=7)
    sound(at.button(key="sample.draw").click().run())
    assert ids(at) == first


OWN = b"field,value,share,source\ngender,woman,100,My survey\nage,18-24,100,My survey\n"


def test_shares_of_ones_own_take_the_place_of_the_census() -> None:
    at = draw(visit())
    at.file_uploader(key="sample.shares").upload("mine.csv", OWN)
    sound(at.run())
    assert at.selectbox(key="sample.of").value == sampling.OWN
    sound(at.button(key="sample.draw").click().run())
    frame = at.session_state[state.PEOPLE]
    assert set(frame["gender"]) == {"woman"}
    assert frame["age"].max() <= 24
    assert frame["drawn_from"].str.startswith("mine.csv").all()


def test_shares_that_cannot_be_used_say_why_and_change_nothing() -> None:
    at = draw(visit())
    at.file_uploader(key="sample.shares").upload("mine.csv", b"field,value,share\ngender,woman,70\n")
    sound(at.run())
    assert "The shares were not loaded" in said(at)
    assert "add up to 70" in said(at)
    assert at.selectbox(key="sample.of").value == sampling.COUNTRY


def test_nobody_of_these_ages_is_said_in_the_dialog() -> None:
    at = draw(visit())
    at.file_uploader(key="sample.shares").upload("mine.csv", OWN)
    sound(at.run())
    at.get_by_key("sample.ages").set_value((60, 70))
    sound(at.button(key="sample.draw").click().run())
    assert "Nobody was drawn" in said(at)
    assert "There is nobody from 60 to 70 years old" in said(at)
    assert len(ids(at)) == 9


def compared(at: AppTest) -> dict[tuple[str, str], dict[str, object]]:
    at.session_state["people.compare"] = True  # the panel is open
    sound(at.run())
    frame = next(one.value for one in at.dataframe if "In words" in one.value)
    return {(row["Of"], row["Group"]): row for row in frame.to_dict("records")}


def test_the_table_is_compared_with_the_census_in_intervals_and_words() -> None:
    rows = compared(visit())
    black = rows["ethnicity", "black"]
    assert (black["Rows"], black["In words"]) == (2, "too few to tell")
    assert black["From"] < 10.2 < black["To"]  # type: ignore[operator]
    assert black["Reference"] == pytest.approx(10.17, abs=0.01)
    assert rows["gender", "person"]["In words"] == "no reference"
    assert {row["Source"] for row in rows.values()} > {""}


def test_ten_thousand_people_are_compared_saved_and_shown_nine_at_a_time() -> None:
    at = draw(visit(), number=10_000, seed=1)
    sound(at.button(key="sample.draw").click().run())
    assert "People 9,991 to 9,999 of 10,000" in at.selectbox[0].options
    rows = compared(at)
    assert rows["gender", "woman"]["In words"] == "within the interval"
    sound(at.selectbox[0].set_value(9999).run())
    assert "1 person" in said(at)
    saved = people_to("csv", state.read(at.session_state[state.PEOPLE]).personas)
    assert len(read_people(saved).personas) == 10_000


def test_an_empty_table_has_nothing_to_compare() -> None:
    at = sound(visit().button(key="people.clear").click().run())
    at.session_state["people.compare"] = True
    sound(at.run())
    assert "There is nobody to compare yet." in said(at)
