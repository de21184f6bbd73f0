"""The lines that a person moves: whatever is legal is a cut, and any cut can be taken apart and put together again."""

from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avatar_core.cut import LEAST, Axis, Lines, check_boxes, editable
from avatar_core.errors import CutIllegal
from avatar_core.grid import exact_boxes
from avatar_core.types import Box, Size

SQUARE = Size(300, 300)
EVEN = Lines.even(SQUARE)

pixels = st.integers(-40, 340)
small = st.integers(-30, 30)


@st.composite
def axes(draw: st.DrawFn) -> Axis:
    length = draw(st.integers(90, 400))
    third = length // 3
    return Axis(
        length,
        draw(st.integers(-2, third)),
        draw(st.integers(-2, third)),
        (third + draw(small), 2 * third + draw(small)),
        (draw(st.integers(0, 40)), draw(st.integers(0, 40))),
    )


nudges = st.lists(st.tuples(small, small, small, small), min_size=9, max_size=9).map(tuple)


@given(axes(), axes(), st.one_of(st.just(((0, 0, 0, 0),) * 9), nudges))
@settings(max_examples=300, deadline=None)
def test_whatever_is_legal_is_within_the_picture_in_order_and_shares_no_pixel(
    across: Axis, down: Axis, off: tuple[Box, ...]
) -> None:
    lines = Lines(across, down, off)
    try:
        boxes = lines.boxes()
    except CutIllegal:
        return
    for left, top, right, bottom in boxes:
        assert left >= 0
        assert left + LEAST <= right <= across.length
        assert top >= 0
        assert top + LEAST <= bottom <= down.length
    painted = sum((box[2] - box[0]) * (box[3] - box[1]) for box in boxes)
    assert painted <= across.length * down.length
    for a, b in combinations(boxes, 2):
        assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]


@given(st.lists(st.tuples(pixels, pixels, pixels, pixels), min_size=12, max_size=12))
@settings(deadline=None)
def test_any_boxes_taken_apart_and_put_together_are_the_same(boxes: list[Box]) -> None:
    assert Lines.of(boxes, SQUARE, 3, 4).places() == tuple(boxes)


@given(st.integers(24, 2000), st.integers(24, 2000))
@settings(deadline=None)
def test_equal_parts_are_the_exact_cells_of_any_picture(width: int, height: int) -> None:
    lines = Lines.even(Size(width, height))
    assert lines.boxes() == exact_boxes(Size(width, height))
    assert lines.straightened() == lines


@given(axes(), small, st.integers(0, 1))
def test_moving_a_seam_moves_the_two_edges_beside_it_and_nothing_else(
    axis: Axis, by: int, which: int
) -> None:
    seams = tuple(seam + by * (at == which) for at, seam in enumerate(axis.seams))
    before, after = axis.spans, replace(axis, seams=seams).spans
    expected = [list(span) for span in before]
    expected[which][1] += by
    expected[which + 1][0] += by
    assert [list(span) for span in after] == expected


@given(axes(), st.integers(0, 60))
def test_a_gutter_grows_about_its_middle(axis: Axis, width: int) -> None:
    wider = replace(axis, gutters=(width, axis.gutters[1])).spans
    assert wider[1][0] - wider[0][1] == width
    assert abs((wider[1][0] + wider[0][1]) / 2 - axis.seams[0]) <= 0.5


def test_a_nudge_moves_one_cell_alone() -> None:
    nudged = EVEN.nudged(5, (3, 4, -5, -6)).boxes()
    assert nudged[4] == (103, 104, 195, 194)
    assert nudged[:4] + nudged[5:] == EVEN.boxes()[:4] + EVEN.boxes()[5:]
    assert EVEN.nudged(5, (3, 4, -5, -6)).straightened() == EVEN


def test_a_nudged_cell_goes_along_with_its_line() -> None:
    lines = EVEN.nudged(1, (0, 0, -7, 0))
    moved = replace(lines, across=replace(lines.across, seams=(110, 200)))
    assert moved.boxes()[0][2] == 103


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (replace(EVEN, across=replace(EVEN.across, seams=(4, 200))), "Cell 1 is only 4 px wide"),
        (
            replace(EVEN, across=replace(EVEN.across, seams=(250, 200))),
            "Cell 2 is not wide at all: its lines cross",
        ),
        (replace(EVEN, down=replace(EVEN.down, before=97)), "Cell 1 is only 3 px high"),
        (replace(EVEN, across=replace(EVEN.across, before=-3)), "Cell 1 reaches 3 px beyond the left edge"),
        (EVEN.nudged(9, (0, 0, 0, 2)), "Cell 9 reaches 2 px beyond the bottom edge"),
        (EVEN.nudged(1, (0, 0, 5, 0)), "Cells 1 and 2 overlap by 5 px"),
        (EVEN.nudged(8, (0, -6, 0, 0)), "Cells 5 and 8 overlap by 6 px"),
        (EVEN.nudged(1, (0, 0, 2, 2)), "Cells 1 and 2 overlap"),
    ],
)
def test_lines_that_make_no_cut_are_refused_with_what_to_move(lines: Lines, said: str) -> None:
    with pytest.raises(CutIllegal, match=said) as refused:
        lines.boxes()
    assert "Move" in refused.value.message


def test_a_cut_whose_seams_cross_at_a_corner_starts_from_straight_lines() -> None:
    bent = list(EVEN.boxes())
    bent[0], bent[4] = (0, 0, 104, 104), (98, 98, 200, 200)
    bent[1], bent[3] = (104, 0, 200, 98), (0, 104, 98, 200)
    with pytest.raises(CutIllegal, match="1 and 5"):
        Lines.of(bent, SQUARE).boxes()
    assert editable(bent, SQUARE).straightened() == editable(bent, SQUARE)
    assert editable(EVEN.boxes(), SQUARE) == EVEN


def test_a_picture_too_small_for_hands_is_refused() -> None:
    with pytest.raises(CutIllegal):
        editable(exact_boxes(Size(20, 20)), Size(20, 20))


def test_boxes_from_outside_are_checked_alike() -> None:
    check_boxes(EVEN.boxes(), SQUARE)
    with pytest.raises(CutIllegal):
        check_boxes(EVEN.boxes(), Size(299, 300))
