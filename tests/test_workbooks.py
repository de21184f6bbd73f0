"""Excel workbooks: whatever a spreadsheet saves is read, and whatever is hidden in one is not followed."""

import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable
from contextlib import suppress

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from avatar_core.errors import InputError, TooManyPeople, UnreadableTable
from avatar_core.people import MAX_COLUMNS, MAX_ROWS, read_people
from avatar_core.people.sheet import letters, unescaped
from avatar_core.types import People

relaxed = settings(deadline=None, max_examples=60)
HEADER = ["id", "idade", "gênero", "raça/cor", "ocupação", "nota"]
ROWS: list[list[object]] = [
    ["ab12cd", 42, "feminino", "parda", "professora", "olá"],
    ["ef34gh", 28, "masculino", "preta", "técnico", None],
]


def saved(
    change: Callable[[Worksheet], object] = lambda _: None, rows: list[list[object]] | None = None
) -> bytes:
    """A workbook as a spreadsheet would save it, changed by the test."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    for row in [HEADER, *(ROWS if rows is None else rows)]:
        sheet.append(row)
    change(sheet)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return file.getvalue()


def with_sheet(change: Callable[[str], str], rows: list[list[object]] | None = None) -> bytes:
    """A workbook whose sheet's XML was changed by hand."""
    parts = parts_of(saved(rows=rows))
    name = "xl/worksheets/sheet1.xml"
    return packed(parts | {name: change(parts[name].decode()).encode()})


def as_excel_saves(data: bytes, texts: str = "") -> dict[str, bytes]:
    """The parts of a workbook with its texts in a table of their own, as Excel keeps them."""
    parts = parts_of(data)
    found: list[str] = []

    def share(match: re.Match[str]) -> str:
        found.append(f"<si>{match[2]}</si>")
        return f'<c {match[1]}t="s"><v>{len(found) - 1}</v></c>'

    name, links = "xl/worksheets/sheet1.xml", "xl/_rels/workbook.xml.rels"
    xml = re.sub(
        r'<c ([^>]*)t="inlineStr"[^>]*><is>(.*?)</is></c>', share, parts[name].decode(), flags=re.DOTALL
    )
    assert found
    link = b'<Relationship Id="rId99" Type="http://x/relationships/sharedStrings" Target="/xl/sharedStrings.xml"/>'
    return parts | {
        name: xml.encode(),
        "xl/sharedStrings.xml": f"<sst>{texts or ''.join(found)}</sst>".encode(),
        links: parts[links].replace(b"</Relationships>", link + b"</Relationships>"),
    }


def extra(people: People, row: int = 0) -> str:
    return dict(people.personas[row].extra)["nota"]


def notices(people: People) -> str:
    return " ".join(str(problem) for problem in people.problems if not problem.fatal)


def refused(data: bytes, message: str, sheet: str = "") -> None:
    with pytest.raises(UnreadableTable, match=message) as caught:
        read_people(data, "people.xlsx", sheet=sheet)
    assert caught.value.message.endswith(".")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1990.0, "1990"),
        (0.1, "0.1"),
        (1e21, "1000000000000000000000"),
        (True, "true"),
        (dt.date(1990, 5, 1), "1990-05-01"),
        (dt.datetime(1990, 5, 1, 13, 30), "1990-05-01 13:30:00"),  # noqa: DTZ001
        (dt.time(13, 30), "13:30:00"),
        ("00123", "00123"),
        (" two\nlines ", "two\nlines"),
        ("<&>\"'", "<&>\"'"),
        ("#N/A", "#N/A"),
        ("_x0041_", "A"),
    ],
)
def test_a_cell_of_any_kind_becomes_the_text_that_it_shows(value: object, text: str) -> None:
    assert extra(read_people(saved(lambda sheet: sheet.__setitem__("F2", value)))) == text


def test_texts_in_a_table_of_their_own_are_found() -> None:
    data = saved(rows=[[*ROWS[0][:5], "<&> _x0041_"]])
    assert read_people(packed(as_excel_saves(data))).personas == read_people(data).personas


def test_a_number_that_is_shown_with_leading_zeros_keeps_them() -> None:
    def number(sheet: Worksheet) -> None:
        sheet["A2"] = 123
        sheet["A2"].number_format = "000000"

    assert read_people(saved(number)).personas[0].id == "000123"


def test_days_of_a_workbook_that_counts_from_1904_are_the_same_days() -> None:
    def old_mac(sheet: Worksheet) -> None:
        assert sheet.parent is not None
        sheet.parent.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
        sheet["F2"] = dt.date(1990, 5, 1)

    assert extra(read_people(saved(old_mac))) == "1990-05-01"


def test_a_number_stored_as_text_is_a_number() -> None:
    assert [one.age for one in read_people(saved(lambda sheet: sheet.__setitem__("B2", "42"))).personas] == [
        42,
        28,
    ]


def test_the_saved_result_of_a_formula_counts_and_not_the_formula() -> None:
    cell = '<c r="B2"><f>2026-1984</f><v>42</v></c>'
    data = with_sheet(lambda xml: re.sub(r'<c r="B2".*?</c>', cell, xml))
    assert read_people(data).personas[0].age == 42


def test_a_formula_without_a_saved_result_is_named_and_never_taken_for_words() -> None:
    people = read_people(
        saved(lambda sheet: (sheet.__setitem__("E2", "=A1"), sheet.__setitem__("B3", "=1+27")))
    )
    assert people.personas == ()
    fatal = [problem for problem in people.problems if problem.fatal]
    assert [(problem.row, problem.column, problem.problem) for problem in fatal] == [
        (1, "ocupação", "is a formula without a result"),
        (2, "idade", "is a formula without a result"),
    ]
    assert "cell E2 and 1 more hold a formula" in notices(people)


@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#NOME?", "#VALOR!", "#DIV/0!"])
def test_the_error_of_a_formula_is_no_occupation(error: str) -> None:
    people = read_people(saved(lambda sheet: sheet.__setitem__("E2", error)))
    assert [one.id for one in people.personas] == ["ef34gh"]


def test_merged_cells_count_for_each_of_their_rows_and_a_notice_says_so() -> None:
    def merge(sheet: Worksheet) -> None:
        sheet["F2"] = "Natal"
        sheet.merge_cells("F2:F3")

    people = read_people(saved(merge))
    assert [extra(people, row) for row in (0, 1)] == ["Natal", "Natal"]
    assert "merged cells (F2:F3)" in notices(people)


def test_titles_above_the_header_are_passed_over_and_a_notice_says_so() -> None:
    def title(sheet: Worksheet) -> None:
        sheet.insert_rows(1, 3)
        sheet["A1"] = "Pesquisa 2026"
        sheet.merge_cells("A1:F1")

    people = read_people(saved(title))
    assert [one.id for one in people.personas] == ["ab12cd", "ef34gh"]
    assert "“Pesquisa 2026” the line above the header is passed over" in notices(people)


def test_a_table_may_begin_anywhere_on_its_sheet() -> None:
    def move(sheet: Worksheet) -> None:
        sheet.insert_rows(1, 4)
        sheet.insert_cols(1, 2)

    assert [one.id for one in read_people(saved(move)).personas] == ["ab12cd", "ef34gh"]


def test_empty_rows_and_columns_with_a_format_are_nothing() -> None:
    def paint(sheet: Worksheet) -> None:
        for row in range(1, 300):
            sheet.cell(row, 300).fill = openpyxl.styles.PatternFill("solid", fgColor="FFFF00")
        sheet["A1048576"].font = openpyxl.styles.Font(bold=True)

    assert len(read_people(saved(paint)).personas) == 2


def two_sheets(wanted: str = "") -> People:
    def add(sheet: Worksheet) -> None:
        assert sheet.parent is not None
        sheet.title = "Pessoas"
        notes = sheet.parent.create_sheet("Notas", 0)
        notes.append(["idade", "observação"])
        notes.append([30, "…"])
        hidden = sheet.parent.create_sheet("Antigas", 0)
        hidden.append(HEADER)
        hidden.append(["old001", *ROWS[0][1:]])
        hidden.sheet_state = "hidden"

    return read_people(saved(add), sheet=wanted)


def test_the_first_visible_sheet_with_people_is_read_and_the_others_are_named() -> None:
    people = two_sheets()
    assert [one.id for one in people.personas] == ["ab12cd", "ef34gh"]
    assert "read from the sheet “Pessoas”, not from “Notas”" in notices(people)


def test_a_sheet_can_be_asked_for_even_a_hidden_one() -> None:
    assert [one.id for one in two_sheets("antigas").personas] == ["old001"]
    with pytest.raises(UnreadableTable, match=r"no sheet called “x”.*“Pessoas”"):
        two_sheets("x")


def test_texts_of_several_styles_and_with_a_reading_aid_are_one_text() -> None:
    cell = (
        '<c r="F2" t="inlineStr"><is><r><t>pro</t></r><r><t xml:space="preserve">fessora </t></r>'
        '<rPh sb="0" eb="1"><t>never</t></rPh></is></c>'
    )
    assert extra(read_people(with_sheet(lambda xml: re.sub(r'<c r="F2".*?</c>', cell, xml)))) == "professora"


def test_cells_and_elements_are_found_without_references_and_with_prefixes() -> None:
    def strip(xml: str) -> str:
        bare = re.sub(r' r="[A-Z]*[0-9]+"', "", xml)
        return re.sub(r"<(/?)(worksheet|sheetData|row|c|v|is|t)\b", r"<\1x:\2", bare).replace(
            "xmlns=", "xmlns:x="
        )

    data = with_sheet(strip, [["ab12cd", 42, "feminino", "parda", "professora", "olá"]])
    assert read_people(data).personas[0].id == "ab12cd"


def test_a_link_to_another_workbook_is_not_followed_and_a_notice_says_so() -> None:
    parts = parts_of(saved())
    parts["xl/externalLinks/externalLink1.xml"] = b"<externalLink/>"
    parts["xl/vbaProject.bin"] = b"\xd0\xcf\x11\xe0"
    people = read_people(packed(parts), "people.xlsm")
    assert len(people.personas) == 2
    assert "links to other workbooks are not followed" in notices(people)
    assert "macros are not run" in notices(people)


def test_a_sheet_that_lies_outside_of_the_file_is_not_fetched() -> None:
    parts = parts_of(saved())
    links = "xl/_rels/workbook.xml.rels"
    for target in ("http://127.0.0.1:9/sheet1.xml", "file:///etc/passwd", "../../../etc/passwd"):
        changed = re.sub(
            rb'Target="[^"]*sheet1.xml"', f'Target="{target}" TargetMode="External"'.encode(), parts[links]
        )
        refused(packed(parts | {links: changed}), "no sheet")
        refused(packed(parts | {links: changed.replace(b' TargetMode="External"', b"")}), "no sheet")


BILLION = """<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>"""


@pytest.mark.parametrize(
    "part",
    [
        "xl/workbook.xml",
        "xl/worksheets/sheet1.xml",
        "xl/styles.xml",
        "xl/sharedStrings.xml",
        "xl/_rels/workbook.xml.rels",
    ],
)
def test_a_billion_laughs_are_refused_wherever_they_stand(part: str) -> None:
    parts = as_excel_saves(saved())
    body = parts[part].decode().split("?>", 1)[-1]
    refused(packed(parts | {part: (BILLION + body).encode()}), "XML entities")
    refused(
        packed(parts | {part: (BILLION.replace('"1.0"', '"1.0" encoding="utf-16"') + body).encode("utf-16")}),
        "XML",
    )


def bomb(times: int) -> bytes:
    """A small file that says it is a very large one."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for place in range(times):
            archive.writestr(f"xl/worksheets/sheet{place}.xml", b"0" * 2**20)
    return file.getvalue()


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    data = bomb(140)
    assert len(data) < 2**19
    refused(data, "unpacks to 140 MB")


def test_a_bomb_that_lies_about_its_size_ends_at_what_it_says() -> None:
    data = bytearray(with_sheet(lambda xml: xml.replace("</worksheet>", " " * 2**22 + "</worksheet>")))
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as archive:
        size = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    lie = bytes(data).replace(size.to_bytes(4, "little"), (1000).to_bytes(4, "little"))
    refused(lie, "damaged or incomplete")


def test_a_text_repeated_without_end_is_refused() -> None:
    long = "x" * 30_000
    cells = "".join(f'<c r="{letters(column)}2" t="s"><v>0</v></c>' for column in range(1, 190))
    rows = "".join(f'<row r="{row}">{cells}</row>' for row in range(2, 30))
    parts = as_excel_saves(saved(), f"<si><t>{long}</t></si>")
    sheet = f"<worksheet><sheetData>{rows}</sheetData></worksheet>".encode()
    refused(packed(parts | {"xl/worksheets/sheet1.xml": sheet}), "characters")


def test_more_columns_and_rows_than_can_be_read_are_refused() -> None:
    refused(saved(lambda sheet: sheet.cell(2, MAX_COLUMNS + 1, "x")), "cell GS2; 200 columns")
    row = '<row r="{}"><c r="B{}"><v>3</v></c></row>'
    rows = "".join(row.format(n, n) for n in range(4, MAX_ROWS + 9))
    with pytest.raises(TooManyPeople):
        read_people(with_sheet(lambda xml: xml.replace("</sheetData>", f"{rows}</sheetData>")))


def other(*names: str) -> bytes:
    return packed(dict.fromkeys(names, b"<x/>"))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (other("mimetype", "content.xml"), "OpenDocument"),
        (other("xl/workbook.bin"), "binary workbook"),
        (other("word/document.xml"), "not an Excel workbook"),
        (other("photo.png", "people.csv"), "zip archive"),
        (saved()[:-200], "damaged"),
        (saved()[: len(saved()) // 2], "damaged"),
        (b"PK\x03\x04" + b"\0" * 100, "damaged"),
        (packed(parts_of(saved()) | {"xl/worksheets/sheet1.xml": b"<worksheet><sheetData><row>"}), "damaged"),
        (packed(as_excel_saves(saved(), "<si/>")), "a text is missing"),
        (
            packed({name: data for name, data in parts_of(saved()).items() if "sheet1" not in name}),
            "no sheet",
        ),
    ],
    ids=["ODS", "XLSB", "DOCX", "zip", "no end", "half", "nothing", "cut off", "no texts", "no sheet"],
)
def test_what_is_no_whole_workbook_is_refused_with_what_it_is(data: bytes, message: str) -> None:
    refused(data, message)


def test_a_workbook_with_a_password_of_its_parts_is_refused() -> None:
    data = bytearray(saved())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.find(mark)
        while place >= 0:
            data[place + offset] |= 1
            place = data.find(mark, place + 1)
    refused(bytes(data), "password")


@relaxed
@given(st.data())
def test_no_damage_to_a_workbook_ends_in_anything_but_people_or_a_plain_refusal(data: st.DataObject) -> None:
    parts = parts_of(GOOD)
    name = data.draw(st.sampled_from([*parts]))
    at = data.draw(st.integers(0, len(parts[name])))
    junk = data.draw(
        st.binary(max_size=8) | st.sampled_from([b'<c r="ZZZZ9" t="s"><v>-1</v></c>', b'<row r="0">', b"&x;"])
    )
    with suppress(InputError):
        read_people(packed(parts | {name: parts[name][:at] + junk + parts[name][at + len(junk) :]}), "x.xlsx")
    at = data.draw(st.integers(0, len(GOOD)))
    with suppress(InputError):
        read_people(GOOD[:at] + junk + GOOD[at + len(junk) :], "x.xlsx")


GOOD = packed(as_excel_saves(saved()))


@given(st.text(max_size=20))
def test_what_excel_writes_for_odd_characters_is_undone(text: str) -> None:
    escaped = "".join(f"_x{ord(c):04x}_" if ord(c) < 0x10000 and not c.isalnum() else c for c in text)
    if "_x" not in text:
        assert unescaped(escaped) == text
