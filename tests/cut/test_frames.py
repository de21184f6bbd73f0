"""Lines drawn within the cells are no gutters: their twins beyond the seam give them away."""

import random

import numpy as np
import pytest

from avatar_core.cut import find_grid
from avatar_core.cut.candidates import Candidates, gather
from avatar_core.cut.frames import unframed
from tests.cut.portraits import demo_portraits
from tests.cut.stress import Style, compose

WHITE, BLACK = np.full(3, 255, np.float32), np.zeros(3, np.float32)


def places(candidates: Candidates) -> list[tuple[int, int]]:
    return list(zip(candidates.start.tolist(), candidates.end.tolist(), strict=True))


def test_two_lines_about_a_seam_are_a_frame_and_leave_the_seam() -> None:
    found = gather(
        [(320, 323, 2.0, WHITE), (341, 341, 1.5, None), (359, 362, 2.0, WHITE), (323, 359, 0.9, WHITE)]
    )
    rest, framed = unframed(found, 1024)
    assert framed
    assert places(rest) == [(341, 341)]


def test_a_gutter_between_frames_stays() -> None:
    rest, framed = unframed(
        gather([(320, 323, 2.0, WHITE), (335, 347, 1.5, BLACK), (359, 362, 2.0, WHITE)]), 1024
    )
    assert framed
    assert places(rest) == [(335, 347)]


@pytest.mark.parametrize(
    "beyond",
    [
        (359, 362, 2.0, BLACK),  # of another colour
        (380, 383, 2.0, WHITE),  # not at the same distance
    ],
)
def test_lines_that_are_no_twins_stay_gutters(beyond: tuple[int, int, float, np.ndarray]) -> None:
    found = gather([(320, 323, 2.0, WHITE), (341, 341, 1.5, None), beyond])
    assert unframed(found, 1024) == (found, False)


def test_a_grid_of_framed_cells_is_cut_at_its_seams_and_not_at_the_frames() -> None:
    style = Style(frame=4, frame_inset=16)
    specimen = compose(demo_portraits(3, 576), style, random.Random(1), (768, 768))
    assert find_grid(specimen.image).boxes == specimen.boxes
