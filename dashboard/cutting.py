"""The cut editor: the lines over the grid, moved by numbers, and the cells that they make; and the history of cuts."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from avatar_core.cut import Lines
from avatar_core.errors import AvatarError, CutIllegal, InputError
from avatar_core.grid import seated
from avatar_core.recutting import Canvas
from avatar_core.types import Block, BlockRecord, Box, Cut, Grid, Origin, PastCut, Run, Verdict
from dashboard import state
from dashboard.components import error_box, plain
from dashboard.lines import LINES, chosen_cell, controls

LEGAL = "cut.legal"  #: the last of them that made a cut

ORIGINS = {Origin.FOUND: "As found", Origin.THIRDS: "Equal thirds", Origin.BY_HAND: "By hand"}


@st.cache_resource(max_entries=6, show_spinner="Opening the picture")
def _canvas(blob: str, people: int, _grid: Grid, _block: Block) -> Canvas:  # noqa: ARG001, the first two are the key
    return state.studio().cutting.open(_grid, _block)


def canvas(record: BlockRecord) -> Canvas:
    """A block's grid, which lies open for cutting."""
    if record.grid is None:
        raise InputError("There is no picture to cut yet. Generate it first.")
    return _canvas(record.grid.blob, len(record.block.personas), record.grid, record.block)


# The history


def past(run: Run, record: BlockRecord, key: str) -> Cut | None:
    """Let one of the cuts of this picture be looked at, and be used again; the one in use, if there is no choice."""
    history = state.studio().cutting.history(run.id, record.block.index)
    in_use = next((each for each in history if each.in_use), None)
    if in_use is None or len(history) < 2:
        return record.cut
    numbered = dict(zip(range(len(history), 0, -1), history, strict=True))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            "Cuts of this picture",
            list(numbered),
            index=history.index(in_use),
            format_func=lambda number: f"{number}. {_line(numbered[number])}",
            key=f"{key}.past.{in_use.id}.{len(history)}",
            help="Cutting is free, and no cut is ever deleted.",
            width=440,
        )
        shown = numbered[chosen]
        st.button(
            "Use this cut",
            icon=":material/history:",
            key=f"{key}.use",
            on_click=state.attempt,
            args=(key, state.studio().cutting.go_back, run.id, record.block.index, shown.id),
            disabled=shown.in_use,
            help="Its avatars and its verdict become those of the picture again.",
        )
    return shown.cut


def _line(past: PastCut) -> str:
    use = ", in use" if past.in_use else ""
    return f"{told(past.cut)}, {past.made:%d %b %Y, %H:%M:%S} UTC{use}"


def told(cut: Cut) -> str:
    """Where a cut comes from, how sure it is, and whose word stands for it."""
    sure = f", confidence {cut.confidence:.2f}" if cut.origin is Origin.FOUND else ""
    who = " by a person" if cut.by_person else ""
    return f"{ORIGINS[cut.origin]}{sure}, {cut.verdict.value}{who}"


# The editor


def offer(record: BlockRecord, cut: Cut, key: str) -> None:
    """The way into the editor, which begins with the lines of this cut."""
    st.button(
        "Correct the cut",
        icon=":material/content_cut:",
        key=f"{key}.correct",
        on_click=state.attempt,
        args=(key, _begin, record, cut),
        help="Move the lines, and see the cells change. The picture itself stays as it is.",
    )


def editor(run: Run, record: BlockRecord, key: str) -> None:
    """The editor of this picture, while it is open."""
    if st.session_state.get(state.DIALOG) == _name(record):
        show = st.dialog("Correct the cut", width="large", icon=":material/content_cut:", on_dismiss=_close)
        show(_edit)(run, record, key)


def _name(record: BlockRecord) -> str:
    return f"cut.{record.grid.id if record.grid else ''}"


def _begin(record: BlockRecord, cut: Cut) -> None:
    _put(canvas(record).lines(cut.boxes))
    st.session_state[state.DIALOG] = _name(record)


def _close() -> None:
    st.session_state[state.DIALOG] = None


def _put(lines: Lines) -> None:
    st.session_state[LINES] = st.session_state[LEGAL] = lines


def _edit(run: Run, record: BlockRecord, key: str) -> None:
    """Everything in the dialog: only this runs again when a line is moved."""
    lines: Lines = st.session_state[LINES]
    error = None
    try:
        lines.boxes()
    except CutIllegal as illegal:
        error, lines = illegal, st.session_state[LEGAL]
    st.session_state[LEGAL] = lines
    cut = canvas(record).judged(lines.boxes())
    left, right = st.columns([11, 10], gap="medium")
    with left:
        st.image(
            canvas(record).overlay(cut, chosen_cell()),
            width=520,
            alt="The grid with its cut lines and the numbers of its cells",
        )
        _said(cut, error)
        _ways_back(record)
        _decide(run, record, key, cut, error)
    with right:
        controls()
        _cells(record, cut)


def _said(cut: Cut, error: AvatarError | None) -> None:
    """What is known about the lines as they are."""
    if error is not None:
        error_box(error, "These lines make no cut")
        st.caption("The picture shows the last lines that did.")
        return
    if cut.origin is Origin.FOUND:
        st.caption(f"**As found**, confidence {cut.confidence:.2f}.")
    else:
        st.caption(f"**{ORIGINS[cut.origin]}**.")
    if cut.verdict is Verdict.QUARANTINED:
        st.warning(plain(" ".join(cut.reasons)), icon=":material/pan_tool:")
    elif cut.reasons:
        st.caption(plain(" ".join(cut.reasons)))


def _decide(run: Run, record: BlockRecord, key: str, cut: Cut, error: AvatarError | None) -> None:
    with st.container(horizontal=True):
        accepted = st.button(
            "Accept this cut",
            type="primary",
            icon=":material/how_to_reg:",
            key="cut.accept",
            disabled=error is not None,
            help="These cells become the avatars of their people. The earlier cut stays in the history.",
        )
        cancelled = st.button("Cancel", key="cut.cancel")
    failed = None
    if accepted and record.grid is not None:
        index, grid = record.block.index, record.grid.id
        state.attempt(key, state.studio().cutting.by_person, run.id, index, grid, cut.boxes)
        failed = state.failure(key)
    if failed is not None:
        error_box(failed)
    elif accepted or cancelled:
        _close()
        st.rerun()


def _ways_back(record: BlockRecord) -> None:
    with st.container(horizontal=True):
        for label, icon, act in (
            ("As found", ":material/search:", lambda: canvas(record).found.boxes),
            ("Equal thirds", ":material/grid_3x3:", lambda: canvas(record).thirds.boxes),
            ("As it was", ":material/undo:", lambda: record.cut.boxes if record.cut else ()),
        ):
            st.button(label, icon=icon, key=f"cut.{label}", on_click=_reset, args=(record, act))


def _reset(record: BlockRecord, boxes: Callable[[], tuple[Box, ...]]) -> None:
    _put(canvas(record).lines(boxes()))


def _cells(record: BlockRecord, cut: Cut) -> None:
    """The cells as the lines make them, with what is wrong with each."""
    pictures = canvas(record).cells(cut)
    with st.grid(3, min_column_width=90, gap="small") as cards:
        for cell, persona in seated(record.block.personas):
            with cards.cell(), st.container(gap="xsmall"):
                st.image(pictures[cell], width=118, alt=f"Cell {cell}: {persona.described}")
                st.caption(f"{cell} · {plain(persona.name or persona.id)}")
                for finding in cut.findings_of(cell):
                    st.markdown(f":small[:orange[:material/warning: Cell {cell}: {plain(finding)}]]")
