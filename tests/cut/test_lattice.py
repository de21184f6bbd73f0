"""Candidates and the lattice: gutters support each other, seams stay in place unless the picture moves them."""

import random
from dataclasses import replace

import numpy as np
import pytest

from avatar_core.cut.candidates import gather, margins, seams
from avatar_core.cut.finding import inset
from avatar_core.cut.lattice import AxisSearch, Frame, Seam, best_lattice, frame_colours
from avatar_core.cut.profile import read_profile
from avatar_core.cut.refine import Borders, refine
from tests.cut.portraits import demo_portraits
from tests.cut.stress import Specimen, Style, compose

PLAIN = Style()
GUTTERS = Style(gutter=20, margin=30, ground=(255, 255, 255))


def grid(style: Style, side: int = 768) -> Specimen:
    return compose(demo_portraits(3, 576), style, random.Random(7), (side, side))


def test_a_gutter_is_found_with_both_its_edges_and_its_colour() -> None:
    specimen = grid(GUTTERS)
    found = seams(read_profile(specimen.image, 0, 3), 256)
    best = int(found.score.argmax())
    assert (found.start[best], found.end[best]) == (specimen.boxes[0][2], specimen.boxes[1][0])
    assert np.abs(found.colour[best] - 255).max() < 5


def test_a_margin_is_found_at_either_end() -> None:
    profile = read_profile(grid(GUTTERS).image, 0, 3)
    for end in (profile, profile.reversed()):
        found = margins(end)
        assert found.end[int(found.score.argmax())] == pytest.approx(grid(GUTTERS).boxes[0][0], abs=1)


def test_without_a_margin_there_is_none() -> None:
    found = margins(read_profile(grid(PLAIN).image, 0, 3))
    assert found.end[int(found.score.argmax())] == 0


@pytest.mark.parametrize("style", [PLAIN, GUTTERS, replace(GUTTERS, gutter=110, ground=(20, 20, 24))])
def test_the_lattice_lies_where_the_cells_do(style: Style) -> None:
    specimen = grid(style)
    x, y = read_profile(specimen.image, 0, 3), read_profile(specimen.image, 1, 3)
    lattice = best_lattice(AxisSearch(x, 3), AxisSearch(y, 3))
    across = [specimen.boxes[column][0::2] for column in range(3)]
    for found, true in zip(lattice.x.spans, across, strict=True):
        assert found == pytest.approx(true, abs=1)
    assert (lattice.frame is None) == (style is PLAIN)


def test_what_nothing_was_seen_of_is_where_an_even_lattice_has_it() -> None:
    nothing = read_profile(grid(PLAIN).image.point(lambda _: 200), 0, 3)
    found = AxisSearch(nothing, 3).solve(None)
    assert [seam.start for seam in found.seams] == [256, 512]
    assert {seam.score for seam in found.seams} == {0.0}


def test_colours_that_are_alike_are_one() -> None:
    white, cream, black = (np.full(3, level, np.float32) for level in (255, 245, 0))
    places = [gather([(1, 5, 1.0, white), (1, 5, 0.9, cream), (1, 5, 1.2, black)])]
    assert len(frame_colours(places)) == 2


def test_a_frame_of_another_colour_makes_a_gutter_less_believable() -> None:
    search = AxisSearch(read_profile(grid(GUTTERS).image, 0, 3), 3)
    white, black = (search.solve(Frame(np.full(3, level, np.float32))) for level in (255, 0))
    assert white.score > black.score


def test_a_row_whose_seams_are_off_gets_its_own() -> None:
    specimen = grid(replace(PLAIN, bent=4), 1023)
    x, y = read_profile(specimen.image, 0, 3), read_profile(specimen.image, 1, 3)
    borders = refine(x, best_lattice(AxisSearch(x, 3), AxisSearch(y, 3)).x)
    assert [band[0].start for band in borders.bands] == [341, 345, 341]


@pytest.mark.parametrize(
    ("gutter", "blurred", "length", "drawn"),
    [
        (False, False, 1024, (0, 341)),  # a clean seam loses no pixel
        (False, True, 1024, (0, 340)),
        (False, True, 900, (0, 341)),  # a pixel would be too much of a cell
        (True, False, 900, (0, 340)),
        (True, False, 2048, (0, 339)),
    ],
)
def test_a_cell_is_drawn_in_only_where_another_colour_may_run_into_it(
    gutter: bool, blurred: bool, length: int, drawn: tuple[int, int]
) -> None:
    seams = (Seam(341, 341 + 10 * gutter, 1.0, gutter), Seam(682, 682, 1.0, gutter=False))
    assert inset(length, Borders(0, length, (seams,), (blurred, False)), 0, 0) == drawn
