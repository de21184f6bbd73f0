"""The table of people: load it, edit it, see what is wrong with it. No keystroke is lost.

The editor's output never becomes its own input: its base is frozen when it mounts, and what it returns is kept apart.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from avatar_core.errors import AvatarError
from avatar_core.filters import all_filters
from avatar_core.grid import CELLS
from avatar_core.people import (
    ENDINGS,
    SAMPLES,
    people_to_csv,
    people_to_frame,
    problems_to_csv,
    read_people,
    sample_people,
)
from avatar_core.types import Ethnicity, Gender, People, Persona, RowProblem
from dashboard import components, reopen, state

LOAD = "people.load"
"""The key of the popover: it closes when the table has been filled."""


def load() -> None:
    """Ways to fill the table: a file, built-in people, or nothing."""
    reopen.begin()
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        with st.popover("Load people", icon=":material/upload_file:", key=LOAD, on_change="rerun"):
            st.file_uploader(
                "A table of people: CSV, Excel, Parquet or JSON",
                type=list(ENDINGS),
                key=(key := f"people.upload.{st.session_state[state.REVISION]}"),
                on_change=_read_upload,
                args=(key,),
                help="With age, gender, ethnicity and occupation, in English or Portuguese.",
            )
            st.caption("Or built-in people:")
            for name, label in SAMPLES.items():
                st.button(
                    label, key=f"people.sample.{name}", on_click=_use_sample, args=(name,), width="stretch"
                )
        st.button("Clear", icon=":material/backspace:", key="people.clear", on_click=_clear, type="tertiary")
        st.download_button(
            "Save as CSV",
            data=_as_csv,
            file_name="people.csv",
            mime="text/csv",
            icon=":material/download:",
            on_click="ignore",
            key="people.csv",
            type="tertiary",
        )
    notice = st.session_state[state.NOTICE]
    if isinstance(notice, AvatarError):
        components.error_box(notice, "The file was not loaded; the table is as it was")
    elif notice:
        problems(notice, "In the file")


def editor() -> People:
    """Draw the editor and give the people of one picture, with everything that is wrong with their rows."""
    state.deal_looks()
    frame: pd.DataFrame = st.session_state[state.PEOPLE]
    revision = st.session_state[state.REVISION]
    long = st.session_state[state.LOADED] > CELLS
    start = _choose_nine(len(frame), revision) if long else 0
    by_hand = st.session_state.get(state.PLAN) == state.BY_HAND
    # Whatever changes the editor's columns or rows is in its key: it mounts anew, over a base with all edits so far.
    key = f"people.editor.{revision}.{start}{'.looks' if by_hand else ''}"
    if key not in st.session_state:
        st.session_state[state.BASE] = frame.iloc[start : start + CELLS].copy() if long else frame.copy()
    edited: pd.DataFrame = st.data_editor(
        st.session_state[state.BASE],
        key=key,
        num_rows="fixed" if long else "dynamic",
        hide_index=True,
        column_order=[
            "name",
            "age",
            "gender",
            "ethnicity",
            "occupation",
            *([state.LOOK] if by_hand else []),
            "id",
        ],
        column_config={
            "name": st.column_config.TextColumn("Name", help="Stays here; never sent", width=110),
            "age": st.column_config.NumberColumn("Age", step=1, width=60),
            "gender": st.column_config.SelectboxColumn("Gender", options=[g.value for g in Gender], width=80),
            "ethnicity": st.column_config.SelectboxColumn(
                "Ethnicity",
                options=[e.value for e in Ethnicity],
                help="Cor ou raça, self-declared",
                width=100,
            ),
            "occupation": st.column_config.TextColumn("Occupation", width=150),
            state.LOOK: st.column_config.SelectboxColumn(
                "Look", options=[f.label for f in all_filters()], width=130
            ),
            "id": st.column_config.TextColumn("Id", help="Names the avatar's file", width=85),
        },
        height="content",
        alt="The people of the picture, a row each, in the order of the cells",
    )
    rest = [frame.iloc[:start], edited, frame.iloc[start + CELLS :]] if long else [edited]
    st.session_state[state.PEOPLE] = pd.concat(rest, ignore_index=True) if long else edited
    people = state.read(edited)
    if people.problems:
        problems(people.problems, "In the table")
    return people


def problems(found: tuple[RowProblem, ...], where: str) -> None:
    """What is wrong with rows, as a list: first what keeps a row out, then what is only worth a look."""
    fatal = [problem for problem in found if problem.fatal]
    notices = [problem for problem in found if not problem.fatal]
    if fatal:
        rows = len({problem.row for problem in fatal})
        st.warning(
            _lines(fatal),
            title=f"{where}: {rows} {'row is' if rows == 1 else 'rows are'} left out",
            icon=":material/person_alert:",
        )
    if notices:
        told = components.count(len(notices), "thing", "things")
        with st.expander(f"{where}: {told} to check", icon=":material/info:"):
            st.markdown(_lines(notices))
    if len(found) > MOST:
        st.download_button(
            "Save the whole list as CSV",
            data=lambda: problems_to_csv(found),
            file_name="problems.csv",
            mime="text/csv",
            icon=":material/download:",
            on_click="ignore",
            key=f"people.problems.{where}",
            type="tertiary",
        )


MOST = 8
"""As many problems as a page lists; a file may have hundreds."""


def _lines(found: list[RowProblem]) -> str:
    lines = [f"- {components.plain(str(problem))}" for problem in found[:MOST]]
    if len(found) > MOST:
        lines.append(f"- and {len(found) - MOST:,} more")
    return "\n".join(lines)


def _choose_nine(total: int, revision: str) -> int:
    start: int = st.selectbox(
        "Which nine",
        range(0, total, CELLS),
        format_func=lambda first: f"People {first + 1} to {min(first + CELLS, total)} of {total}",
        key=f"people.block.{revision}",
        persist_state="session",
    )
    return start


def _as_csv() -> bytes:
    return people_to_csv(state.read(st.session_state[state.PEOPLE]).personas)


def _read_upload(key: str) -> None:
    upload = st.session_state[key]
    if upload is None:
        st.session_state[state.NOTICE] = None
        return
    try:
        people = read_people(upload.getvalue(), upload.name)
    except AvatarError as error:
        st.session_state[state.NOTICE] = error
        return
    if people.personas:
        _fill(people.personas)
        loaded = components.count(len(people.personas), "person", "people")
        st.toast(components.plain(f"{loaded} loaded from {upload.name}"), icon=":material/check:")
    st.session_state[state.NOTICE] = people.problems


def _use_sample(name: str) -> None:
    _fill(sample_people(name))


def _clear() -> None:
    _fill(())


def _fill(personas: Sequence[Persona]) -> None:
    state.set_people(people_to_frame(personas, extra=True))
    st.session_state[LOAD] = False
