"""The numbers of the cut editor: each line, margin, gutter and edge as px that arrow keys and buttons change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from avatar_core.cut import Axis, Lines
from dashboard import state

LINES = "cut.lines"  #: the lines as they are moved now
PART = "cut.part"  #: which lines the numbers speak of
STEP = "cut.step"  #: px that an arrow key moves a line by
CELL = "cut.cell"  #: the cell to move alone

UPRIGHT, LEVEL, ONE_CELL = "Columns", "Rows", "One cell"
STEPS = (1, 5, 25)


def chosen_cell() -> int | None:
    """The cell that is moved alone, from 1; None while lines are moved."""
    return st.session_state.get(CELL, 1) if st.session_state.get(PART) == ONE_CELL else None


def controls() -> None:
    """The numbers: what to move, and by how much."""
    state.default(PART, UPRIGHT)
    state.default(STEP, STEPS[0])
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        part = st.segmented_control("Move", [UPRIGHT, LEVEL, ONE_CELL], required=True, key=PART)
        st.segmented_control(
            "Step",
            STEPS,
            required=True,
            key=STEP,
            format_func=lambda px: f"{px} px",
            help="By how much the arrow keys ↑ and ↓ and the buttons move a line.",
        )
    lines: Lines = st.session_state[LINES]
    if part == ONE_CELL:
        _one_cell(lines)
    elif part == UPRIGHT:
        _axis("across", lines.across, lambda lines, axis: replace(lines, across=axis), ("Left", "Right"))
    else:
        _axis("down", lines.down, lambda lines, axis: replace(lines, down=axis), ("Top", "Bottom"))


def _axis(name: str, axis: Axis, put: Callable[[Lines, Axis], Lines], sides: tuple[str, str]) -> None:
    """Margins, lines and gutters of one axis."""
    places = {
        f"{sides[0]} margin": (axis.before, lambda px: replace(axis, before=px)),
        "Line 1": (axis.seams[0], lambda px: replace(axis, seams=(px, axis.seams[1]))),
        "Line 2": (axis.seams[1], lambda px: replace(axis, seams=(axis.seams[0], px))),
        f"{sides[1]} margin": (axis.after, lambda px: replace(axis, after=px)),
        "Gutter 1": (axis.gutters[0], lambda px: replace(axis, gutters=(px, axis.gutters[1]))),
        "Gutter 2": (axis.gutters[1], lambda px: replace(axis, gutters=(axis.gutters[0], px))),
    }
    with st.grid(3, min_column_width=130, gap="small"):
        for label, (value, move) in places.items():
            _number(f"{name}.{label}", label, value, (0, axis.length), _within(put, move))


def _within(
    put: Callable[[Lines, Axis], Lines], move: Callable[[int], Axis]
) -> Callable[[Lines, int], Lines]:
    return lambda lines, px: put(lines, move(px))


def _one_cell(lines: Lines) -> None:
    """The edges of one cell, as far as they are off the lines."""
    state.default(CELL, 1)
    cell = st.segmented_control("Cell", list(range(1, len(lines.nudges) + 1)), required=True, key=CELL) or 1
    by = lines.nudges[cell - 1]
    with st.grid(4, min_column_width=110, gap="small"):
        for at, label in enumerate(("Left edge", "Top edge", "Right edge", "Bottom edge")):
            far = lines.size.height if at % 2 else lines.size.width
            _number(f"{cell}.{label}", label, by[at], (-far, far), _edge_mover(cell, at))
    st.caption("Px off the lines: more is further right or further down, 0 is on the line.")


def _edge_mover(cell: int, at: int) -> Callable[[Lines, int], Lines]:
    def move(lines: Lines, px: int) -> Lines:
        left, top, right, bottom = (
            px if edge == at else by for edge, by in enumerate(lines.nudges[cell - 1])
        )
        return lines.nudged(cell, (left, top, right, bottom))

    return move


def _number(
    name: str, label: str, value: int, bounds: tuple[int, int], move: Callable[[Lines, int], Lines]
) -> None:
    """One line as a number of px."""
    key = f"cut.number.{name}"
    # Written only where it differs: what is written comes back to the browser, and would undo a key pressed meanwhile.
    if st.session_state.get(key) != value:
        st.session_state[key] = value
    st.number_input(
        label,
        min_value=bounds[0],
        max_value=bounds[1],
        step=st.session_state[STEP],
        key=key,
        on_change=_moved,
        args=(key, move),
    )


def _moved(key: str, move: Callable[[Lines, int], Lines]) -> None:
    px = st.session_state[key]
    if px is not None:
        st.session_state[LINES] = move(st.session_state[LINES], px)
