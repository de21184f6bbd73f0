"""Writes an Excel workbook of texts: the smallest one that Excel, LibreOffice and Google Sheets open."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Collection, Sequence
from xml.sax.saxutils import escape

from avatar_core.people.cells import guarded
from avatar_core.people.sheet import letters

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"

#: Style 0 is plain, 1 the header, 2 text that stays text when somebody edits it, whatever it begins with.
_PARTS = {
    "[Content_Types].xml": f"""<Types xmlns="{_PACKAGE}/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>
<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/>
<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>
</Types>""",
    "_rels/.rels": f"""<Relationships xmlns="{_PACKAGE}/relationships">
<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/>
</Relationships>""",
    "xl/workbook.xml": f"""<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">
<sheets><sheet name="people" sheetId="1" r:id="rId1"/></sheets>
</workbook>""",
    "xl/_rels/workbook.xml.rels": f"""<Relationships xmlns="{_PACKAGE}/relationships">
<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>
<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/>
</Relationships>""",
    "xl/styles.xml": f"""<styleSheet xmlns="{_MAIN}">
<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>
<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>
<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>
<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>
<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>
<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1" quotePrefix="1"/>
<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" quotePrefix="1"/></cellXfs>
<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>
</styleSheet>""",
}
#: What only looks like the escape of a character must not be taken for one.
_LIKE_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
#: The date that every entry of the archive carries, so that the same people give the same bytes.
_WHEN = (1980, 1, 1, 0, 0, 0)


def xlsx_bytes(header: Sequence[str], rows: Sequence[Sequence[str]], numbers: Collection[int]) -> bytes:
    """A workbook with one sheet called people, whose header stays in sight.

    Args:
        header: the names of the columns.
        rows: texts without control characters.
        numbers: the columns, from 0, whose texts are whole numbers.
    """
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in {**_PARTS, "xl/worksheets/sheet1.xml": _sheet(header, rows, numbers)}.items():
            entry = zipfile.ZipInfo(name, _WHEN)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, _HEAD + text)
    return file.getvalue()


def _sheet(header: Sequence[str], rows: Sequence[Sequence[str]], numbers: Collection[int]) -> str:
    columns = [letters(place) for place in range(1, len(header) + 1)]
    written = [
        f'<row r="1">{"".join(_text(f"{c}1", cell, 1) for c, cell in zip(columns, header, strict=True))}</row>'
    ]
    for place, row in enumerate(rows, start=2):
        cells = (
            f'<c r="{column}{place}"><v>{int(cell)}</v></c>'
            if i in numbers
            else _text(f"{column}{place}", cell, 2)
            for i, (column, cell) in enumerate(zip(columns, row, strict=True))
            if cell
        )
        written.append(f'<row r="{place}">{"".join(cells)}</row>')
    pane = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    return (
        f'<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">{pane}</sheetView></sheetViews>'
        f'<cols><col min="1" max="{len(columns)}" width="18" customWidth="1"/></cols>'
        f"<sheetData>{''.join(written)}</sheetData></worksheet>"
    )


def _text(where: str, text: str, style: int) -> str:
    # A text of its own is never run. Only an apostrophe that would be taken for our guard is guarded.
    text = _LIKE_ESCAPE.sub("_x005F_", guarded(text) if text.startswith("'") else text)
    return f'<c r="{where}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'
