"""The table of people: load it, edit it, save it, see what is wrong with it. No keystroke is lost.

The editor's output never becomes its own input: its base is frozen when it mounts, and what it returns is kept apart.
"""

from __future__ import annotations

from functools import partial

import pandas as pd
import streamlit as st

from avatar_core.filters import all_filters, applicable_after, find_filter
from avatar_core.grid import CELLS
from avatar_core.people import FORMATS, people_to
from avatar_core.types import Ethnicity, Gender, People
from dashboard import columns, loading, notices, reopen, sampling, state


def load() -> None:
    """Ways to fill the table and to save it, and what was said about the last one."""
    reopen.begin()
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        loading.popover()
        sampling.button()
        _save_as()
        st.button("Clear", icon=":material/backspace:", key="people.clear", on_click=_clear, type="tertiary")
    columns.dialog()
    sampling.dialog()
    loading.report()


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
            state.LOOK: st.column_config.SelectboxColumn("Look", options=_looks(), width=130),
            "id": st.column_config.TextColumn("Id", help="Names the avatar's file", width=85),
        },
        height="content",
        alt="The people of the picture, a row each, in the order of the cells",
    )
    rest = [frame.iloc[:start], edited, frame.iloc[start + CELLS :]] if long else [edited]
    st.session_state[state.PEOPLE] = pd.concat(rest, ignore_index=True) if long else edited
    people = state.read(edited)
    if people.problems:
        notices.problems(people.problems, "In the table")
    return people


def compare() -> None:
    """The whole table beside the shares of the census, while that panel is open."""
    panel = st.expander("Compare with the census", key="people.compare", on_change="rerun")
    if not panel.open:
        return
    with panel:
        sampling.comparison(st.session_state[state.PEOPLE].drop(columns=[state.LOOK], errors="ignore"))


def _looks() -> list[str]:
    """What the table's column of looks offers: all, or those that a finished picture can be given."""
    ids = applicable_after() if state.applied_after() else [each.id for each in all_filters()]
    return [find_filter(each).label for each in ids]


def _choose_nine(total: int, revision: str) -> int:
    start: int = st.selectbox(
        "Which nine",
        range(0, total, CELLS),
        format_func=lambda first: f"People {first + 1:,} to {min(first + CELLS, total):,} of {total:,}",
        key=f"people.block.{revision}",
        persist_state="session",
    )
    return start


def _save_as() -> None:
    with st.popover("Save as", icon=":material/download:", type="tertiary"):
        for ending, label, media_type in FORMATS:
            st.download_button(
                label,
                data=partial(_file, ending),
                file_name=f"people.{ending}",
                mime=media_type,
                on_click="ignore",
                key=f"people.save.{ending}",
                width="stretch",
            )
        st.caption("With every column. Rows that cannot be used are left out.")


def _file(ending: str) -> bytes:
    return people_to(ending, state.read(st.session_state[state.PEOPLE]).personas)


def _clear() -> None:
    loading.fill(())
