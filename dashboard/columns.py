"""The dialog of columns: which column of a loaded table is which, and what is carried along. Cancel changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import streamlit as st

from avatar_core.errors import AvatarError
from avatar_core.people import FIELDS, REQUIRED, Table
from dashboard import components, loading, state
from dashboard.loading import LABELS, Answer, Source


def dialog() -> None:
    """The dialog, while it is open."""
    if st.session_state.get(state.DIALOG) == loading.COLUMNS:
        st.dialog("Which column is which?", width="medium", icon=":material/table_view:", on_dismiss=_close)(
            _questions
        )()


def _close() -> None:
    st.session_state[state.DIALOG] = None
    st.session_state[state.ASKED] = None


def _questions() -> None:
    source: Source | None = st.session_state[state.ASKED]
    if source is None:
        st.rerun()
        return
    table = source.table
    rows = components.count(len(table.rows), "row", "rows")
    st.markdown(f"**{components.plain(source.name)}**, {rows}. {' '.join(_reasons(table))}")
    if source.error is not None:
        components.error_box(source.error, "This cannot be used yet")
    if len(table.sheets) > 1:
        st.selectbox(
            "Sheet",
            table.sheets,
            index=table.sheets.index(table.sheet),
            key=f"people.sheet.{source.token}",
            on_change=_turn_to_sheet,
        )
    with st.grid(2, min_column_width=250, gap="small") as cells:
        for each in FIELDS:
            with cells.cell():
                _column(source, each)
    chosen = _answers(source)
    along = table.carried(_mapping(table, chosen))
    if along:
        names = ", ".join(f"“{components.plain(name)}”" for name in along)
        st.caption(f":material/lock: Carried along to the manifest and never sent: {names}")
    with st.expander("The first rows as they stand there"):
        st.dataframe(table.preview(3), hide_index=True, alt="The first rows of the table")
    missing = [LABELS[each].lower() for each in REQUIRED if not chosen[each]]
    if missing:
        st.caption(f"Still to choose: {', '.join(missing)}.")
    with st.container(horizontal=True):
        st.button("Use", type="primary", key="people.use", on_click=_answer, disabled=bool(missing))
        st.button("Cancel", key="people.cancel", on_click=_close)


def _reasons(table: Table) -> Iterator[str]:
    """Why it is asked."""
    for each in table.questions:
        rivals = ", ".join(f"“{components.plain(name)}”" for name in table.guesses(each))
        field = LABELS[each].split(" (")[0].lower()
        yield (
            f"More than one header names the {field}: {rivals}."
            if rivals
            else f"No header names the {field}."
        )
    if len(table.sheets) > 1:
        yield f"It has {len(table.sheets)} sheets."


def _column(source: Source, each: str) -> None:
    options = _options(source.table, each)
    answered = source.mapping.get(each, source.table.guesses(each))
    st.selectbox(
        LABELS[each],
        options,
        index=options.index(answered) if answered in options else None if each in REQUIRED else 0,
        format_func=lambda option: _label(source.table, option),
        placeholder="Choose a column",
        key=f"people.column.{each}.{source.token}",
    )


def _options(table: Table, each: str) -> list[Answer]:
    """The answers to offer: no column where none is needed, all that fit one after the other, and every single one."""
    none: list[Answer] = [] if each in REQUIRED else [()]
    together = table.guesses(each)
    return [*none, *([together] if len(together) > 1 else []), *((name,) for name in table.candidates(each))]


def _label(table: Table, option: Answer) -> str:
    if not option:
        return "No column"
    if len(option) > 1:
        return ", then ".join(option) + " where it is empty"
    samples = next(column.samples for column in table.columns if column.name == option[0])
    return f"{option[0]}: {', '.join(samples[:3])}" if samples else f"{option[0]}: empty"


def _answers(source: Source) -> dict[str, Answer]:
    return {each: st.session_state.get(f"people.column.{each}.{source.token}") or () for each in FIELDS}


def _mapping(table: Table, chosen: dict[str, Answer]) -> dict[str, Answer]:
    """What the headers do not say by themselves."""
    return {each: columns for each, columns in chosen.items() if columns != table.guesses(each)}


def _answer() -> None:
    source: Source = st.session_state[state.ASKED]
    answered = replace(source, mapping=_mapping(source.table, _answers(source)), error=None)
    try:
        loading.use(answered)
    except AvatarError as error:
        st.session_state[state.ASKED] = replace(answered, error=error, token=source.token)
    else:
        _close()


def _turn_to_sheet() -> None:
    source: Source = st.session_state[state.ASKED]
    sheet = st.session_state[f"people.sheet.{source.token}"]
    try:
        st.session_state[state.ASKED] = Source(
            source.name, source.data, loading.examined(source.name, source.data, sheet)
        )
    except AvatarError as error:
        st.session_state[state.ASKED] = replace(source, error=error)
