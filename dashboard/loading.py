"""Loading people: a file, pasted text or a built-in list. Nothing replaces the table before it is known what is there."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import streamlit as st

from avatar_core.errors import AvatarError
from avatar_core.people import (
    ENDINGS,
    MAX_BYTES,
    MAX_ROWS,
    SAMPLES,
    Table,
    examine,
    examine_text,
    people_of_table,
    people_to_frame,
    sample_people,
)
from avatar_core.types import People, Persona
from dashboard import components, notices, state

LOAD = "people.load"
"""The key of the popover: it closes when the table has been filled."""

PASTED = "people.paste"

COLUMNS = "columns"
"""The name of the dialog of columns."""

LABELS = {
    "id": "Id",
    "name": "Name",
    "age": "Age",
    "gender": "Gender",
    "ethnicity": "Ethnicity (cor ou raça)",
    "occupation": "Occupation",
}

Answer = tuple[str, ...]
"""The columns of a field, of which the first that is not empty counts; none if it has no column."""


@dataclass(frozen=True)
class Source:
    """A table that somebody chose: where it is from, how it was found, and what was answered about its columns."""

    name: str
    data: bytes | str
    table: Table
    mapping: dict[str, Answer] = field(default_factory=dict)
    error: AvatarError | None = None
    token: str = field(default_factory=lambda: uuid.uuid4().hex[:8])  #: of the questions' widgets


def popover() -> None:
    """Ways to fill the table: a file, pasted text, or built-in people."""
    with st.popover("Load people", icon=":material/upload_file:", key=LOAD, on_change="rerun"):
        st.file_uploader(
            "A table of people: CSV, Excel, Parquet or JSON",
            type=list(ENDINGS),
            key=(key := f"people.upload.{st.session_state[state.REVISION]}"),
            on_change=_read_upload,
            args=(key,),
            help="With age, gender, ethnicity and occupation, in English or Portuguese. "
            f"Up to {MAX_ROWS:,} rows and {MAX_BYTES // 2**20} MB.",
        )
        st.text_area(
            "Or paste rows from a spreadsheet",
            key=PASTED,
            height=90,
            placeholder="With the header row",
            help="Copied from Excel, Google Sheets or LibreOffice; CSV and JSON will do as well.",
        )
        st.button(
            "Read what I pasted", icon=":material/content_paste:", key="people.pasted", on_click=_read_pasted
        )
        st.caption("Or built-in people:")
        for name, label in SAMPLES.items():
            st.button(label, key=f"people.sample.{name}", on_click=_use_sample, args=(name,), width="stretch")


def report() -> None:
    """What the last table had to say: why it was refused, what was read as what, and what is wrong with its rows."""
    notice: People | AvatarError | None = st.session_state[state.NOTICE]
    source: Source | None = st.session_state[state.SOURCE]
    if isinstance(notice, AvatarError):
        components.error_box(notice, "The file was not loaded; the table is as it was")
        return
    if source is not None:
        with st.expander(f"Read from {components.plain(source.name)}: which column is which"):
            st.markdown(_reading(source))
            st.button(
                "Choose other columns",
                icon=":material/edit:",
                key="people.columns",
                on_click=ask,
                args=(source,),
            )
    if notice is not None:
        notices.problems(notice.problems, "In the file")
        if not notice.personas:
            st.caption("None of its rows can be used, so the table is as it was.")


def fill(personas: Sequence[Persona]) -> None:
    """Replace the table by these people."""
    state.set_people(people_to_frame(personas, extra=True))
    st.session_state[LOAD] = False


# What a user hands over


def _read_upload(key: str) -> None:
    upload = st.session_state[key]
    if upload is not None:
        _look_at(upload.name, upload.getvalue())
    else:
        st.session_state[state.NOTICE] = None


def _read_pasted() -> None:
    _look_at("the pasted text", st.session_state[PASTED])


def _look_at(name: str, data: bytes | str) -> None:
    """Load a table, or ask first if its columns are unclear or it has several sheets."""
    try:
        source = Source(name, data, examined(name, data))
        table = source.table
        if (table.questions and table.answerable) or len(table.sheets) > 1:
            ask(source)
        else:
            use(source)
    except AvatarError as error:
        st.session_state[state.NOTICE] = error


def examined(name: str, data: bytes | str, sheet: str = "") -> Table:
    """A look at what was handed over, before anything is read as people."""
    return examine_text(data) if isinstance(data, str) else examine(data, name, sheet=sheet)


def use(source: Source) -> None:
    """Put the people of a table into the editor, unless there is nobody in it."""
    people = people_of_table(source.table, source.mapping)
    if people.personas:
        fill(people.personas)
        st.session_state[PASTED] = ""
        st.session_state[state.SOURCE] = source
        loaded = components.count(len(people.personas), "person", "people")
        st.toast(components.plain(f"{loaded} loaded from {source.name}"), icon=":material/check:")
    st.session_state[state.NOTICE] = people


def _use_sample(name: str) -> None:
    fill(sample_people(name))


def _reading(source: Source) -> str:
    table = source.table
    read = [
        f"- {LABELS[one]}: {', then '.join(f'“{components.plain(name)}”' for name in columns)}"
        for one, columns in table.fields(source.mapping).items()
    ]
    along = ", ".join(f"“{components.plain(name)}”" for name in table.carried(source.mapping)) or "nothing"
    sheet = f", sheet “{components.plain(table.sheet)}”" if table.sheet else ""
    return "\n".join(
        [f"{table.kind}{sheet}:", "", *read, f"- Carried along to the manifest and never sent: {along}"]
    )


def ask(source: Source) -> None:
    """Open the dialog of columns over a table."""
    st.session_state[state.ASKED] = replace(source, error=None)
    st.session_state[state.DIALOG] = COLUMNS
    st.session_state[LOAD] = False
