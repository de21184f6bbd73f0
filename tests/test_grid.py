"""Geometry: nobody is lost, nobody is invented, and every pixel belongs to exactly one cell."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avatar_core.grid import CELLS, blocks_of, empty_cells, exact_boxes, row_and_column, seated
from avatar_core.types import Size

counts = st.integers(1, 12)


@given(st.integers(0, 500), st.integers(1, 20))
@settings(deadline=None)
def test_blocks_lose_nobody_invent_nobody_and_keep_the_order(people: int, cells: int) -> None:
    blocks = blocks_of(range(people), cells)
    assert [person for block in blocks for person in block] == list(range(people))
    assert all(len(block) == cells for block in blocks[:-1])
    assert all(1 <= len(block) <= cells for block in blocks[-1:])


@given(st.lists(st.text(), max_size=CELLS))
@settings(deadline=None)
def test_person_i_sits_in_cell_i_and_the_rest_stays_empty(people: list[str]) -> None:
    seats = dict(seated(people))
    assert [seats[cell] for cell in sorted(seats)] == people
    assert [*seats, *empty_cells(people)] == list(range(1, CELLS + 1))


def test_ten_people_do_not_fit_in_a_block() -> None:
    with pytest.raises(ValueError, match="9 cells, not 10"):
        list(seated(range(10)))


@given(counts, counts)
@settings(deadline=None)
def test_cells_count_row_by_row(rows: int, columns: int) -> None:
    places = [row_and_column(cell, columns) for cell in range(1, rows * columns + 1)]
    assert places == [(row, column) for row in range(1, rows + 1) for column in range(1, columns + 1)]


@given(st.integers(1, 300), st.integers(1, 300), counts, counts)
@settings(deadline=None)
def test_every_pixel_is_in_exactly_one_cell(width: int, height: int, rows: int, columns: int) -> None:
    size = Size(width, height)
    if width < columns or height < rows:
        with pytest.raises(ValueError, match="cannot be divided"):
            exact_boxes(size, rows, columns)
        return
    covered = np.zeros((height, width), int)
    for left, top, right, bottom in exact_boxes(size, rows, columns):
        assert left < right
        assert top < bottom
        covered[top:bottom, left:right] += 1
    assert (covered == 1).all()


@given(st.integers(1, 5000), st.integers(1, 5000), counts, counts)
@settings(deadline=None)
def test_cells_differ_by_one_pixel_at_most_and_lie_row_by_row(
    width: int, height: int, rows: int, columns: int
) -> None:
    if width < columns or height < rows:
        return
    boxes = exact_boxes(Size(width, height), rows, columns)
    widths = {right - left for left, _, right, _ in boxes}
    heights = {bottom - top for _, top, _, bottom in boxes}
    assert max(widths) - min(widths) <= 1
    assert max(heights) - min(heights) <= 1
    assert list(boxes) == sorted(boxes, key=lambda box: (box[1], box[0]))


@given(st.integers(1, 100))
@settings(deadline=None)
def test_a_multiple_of_48_gives_nine_equal_squares_of_whole_sixteens(times: int) -> None:
    side = 48 * times
    assert {(right - left, bottom - top) for left, top, right, bottom in exact_boxes(Size(side, side))} == {
        (16 * times, 16 * times)
    }


@pytest.mark.parametrize(("rows", "columns"), [(0, 3), (3, 0), (-1, 3)])
def test_a_grid_has_at_least_one_cell(rows: int, columns: int) -> None:
    with pytest.raises(ValueError, match="cannot be divided"):
        exact_boxes(Size(90, 90), rows, columns)
