"""A grid can be cut again for ever: as found, into equal parts, by hand; and every cut stays in its history."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from avatar_core.cut import Lines, open_picture
from avatar_core.errors import CutIllegal, CutUnknown, InputError
from avatar_core.grid import exact_boxes
from avatar_core.people import sample_people
from avatar_core.recutting import Canvas
from avatar_core.settings import Settings
from avatar_core.studio import Studio, open_studio
from avatar_core.types import Cut, Origin, Recipe, Run, Size, Verdict
from tests.drawings import KeptDrawings

SIZE = Size(768, 768)
EVERYBODY = range(1, 10)


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    studio = open_studio(Settings(avatar_data_dir=tmp_path / "data"), model=KeptDrawings())
    yield studio
    studio.close()


def drawn(studio: Studio, flaw: str = "Demo flaw: margins, gutters", count: int = 9) -> Run:
    """People by the demo model, with something odd about the picture."""
    people = sample_people("nine")[:count]
    recipe = Recipe(model="demo", size=SIZE, quality="")
    text = studio.preview(people, recipe).text
    run_id = studio.begin(studio.plan(people, replace(recipe, exact_prompt=f"{text}\n{flaw}")))
    studio.paint(run_id, 0, "test")
    studio.cut(run_id, 0)
    return studio.run(run_id)


def cut_of(studio: Studio, run: Run) -> Cut:
    cut = studio.run(run.id).blocks[0].cut
    assert cut is not None
    return cut


def grid_id(run: Run) -> str:
    grid = run.blocks[0].grid
    assert grid is not None
    return grid.id


def canvas_of(studio: Studio, run: Run) -> Canvas:
    record = run.blocks[0]
    assert record.grid is not None
    return studio.cutting.open(record.grid, record.block)


def moved(studio: Studio, run: Run, px: int = 5) -> Lines:
    """The found lines, the first upright one a little to the right."""
    lines = canvas_of(studio, run).lines(cut_of(studio, run).boxes)
    first, second = lines.across.seams
    return replace(lines, across=replace(lines.across, seams=(first + px, second)))


def test_a_cut_by_hand_becomes_the_cut_and_its_avatars_are_those_pixels(studio: Studio) -> None:
    run = drawn(studio)
    boxes = moved(studio, run).boxes()
    studio.cutting.by_person(run.id, 0, grid_id(run), boxes)
    after = studio.run(run.id).blocks[0]
    assert after.cut is not None
    assert after.grid is not None
    assert (after.cut.boxes, after.cut.origin, after.cut.verdict) == (boxes, Origin.BY_HAND, Verdict.ACCEPTED)
    assert after.cut.by_person
    picture = open_picture(studio.picture(after.grid.blob))
    for avatar, box in zip(after.avatars, boxes, strict=True):
        assert open_picture(studio.picture(avatar.blob)).tobytes() == picture.crop(box).tobytes()
        assert avatar.verdict is Verdict.ACCEPTED


def test_the_found_lines_and_equal_parts_keep_their_names_when_a_person_chooses_them(studio: Studio) -> None:
    run = drawn(studio)
    found = cut_of(studio, run)
    studio.cutting.by_person(run.id, 0, grid_id(run), exact_boxes(SIZE))
    thirds = cut_of(studio, run)
    assert (thirds.origin, thirds.confidence, thirds.verdict) == (Origin.THIRDS, 0, Verdict.ACCEPTED)
    studio.cutting.by_person(run.id, 0, grid_id(run), found.boxes)
    again = cut_of(studio, run)
    assert (again.origin, again.confidence, again.boxes) == (Origin.FOUND, found.confidence, found.boxes)


def test_equal_parts_that_nobody_looked_at_are_unverified_and_say_why(studio: Studio) -> None:
    run = drawn(studio)
    cut = studio.cutting.again(run.id, 0, Origin.THIRDS)
    assert cut.boxes == exact_boxes(SIZE)
    assert cut.verdict is Verdict.UNVERIFIED
    assert "equal parts" in cut.reasons[0]
    assert cut == cut_of(studio, run)


def test_every_cut_stays_in_the_history_and_any_can_be_used_again(studio: Studio) -> None:
    run = drawn(studio)
    studio.cutting.by_person(run.id, 0, grid_id(run), moved(studio, run).boxes())
    studio.cutting.again(run.id, 0, Origin.THIRDS)
    history = studio.cutting.history(run.id, 0)
    assert [past.cut.origin for past in history] == [Origin.THIRDS, Origin.BY_HAND, Origin.FOUND]
    assert [past.in_use for past in history] == [True, False, False]
    assert [past.cut.by_person for past in history] == [False, True, False]
    studio.cutting.go_back(run.id, 0, history[2].id)
    assert studio.run(run.id).blocks == run.blocks
    later = studio.cutting.history(run.id, 0)
    assert [replace(past, in_use=False) for past in later] == [
        replace(past, in_use=False) for past in history
    ]
    assert [past.in_use for past in later] == [False, False, True]


def test_the_cut_of_another_picture_cannot_be_used(studio: Studio) -> None:
    run, other = drawn(studio), drawn(studio, "Demo flaw: gutters")
    foreign = studio.cutting.history(other.id, 0)[0]
    for wrong in (foreign.id, 10**6, -1):
        with pytest.raises(CutUnknown):
            studio.cutting.go_back(run.id, 0, wrong)
    assert studio.run(run.id) == run


def test_a_quarantined_grid_can_be_corrected_and_what_is_still_wrong_stays_beside_it(studio: Studio) -> None:
    run = drawn(studio, "Demo flaw: empty cell, gutters")
    before = cut_of(studio, run)
    assert before.verdict is Verdict.QUARANTINED
    assert before.findings
    studio.cutting.by_person(run.id, 0, grid_id(run), moved(studio, run, 1).boxes())
    after = cut_of(studio, run)
    assert after.verdict is Verdict.ACCEPTED
    assert after.findings == before.findings
    assert all(f"Cell {cell}: {said}" in after.reasons for cell, said in after.findings)
    studio.cutting.go_back(run.id, 0, studio.cutting.history(run.id, 0)[1].id)
    assert cut_of(studio, run) == before


def test_lines_that_make_no_cut_change_nothing(studio: Studio) -> None:
    run = drawn(studio)
    for boxes in (moved(studio, run, 600).places(), ((0, 0, 9999, 9999),) * 9):
        with pytest.raises(CutIllegal):
            studio.cutting.by_person(run.id, 0, grid_id(run), boxes)
    assert studio.run(run.id) == run
    assert len(studio.cutting.history(run.id, 0)) == 1


def test_lines_of_an_older_picture_are_not_put_on_a_newer_one(studio: Studio) -> None:
    run = drawn(studio)
    with pytest.raises(InputError, match="newer picture"):
        studio.cutting.by_person(run.id, 0, "another", moved(studio, run).boxes())


def test_nothing_is_cut_where_no_picture_is(studio: Studio) -> None:
    run_id = studio.begin(studio.plan(sample_people("nine"), Recipe("demo", SIZE, "")))
    for act in (
        lambda: studio.cut(run_id, 0),
        lambda: studio.cutting.by_person(run_id, 0, "", exact_boxes(SIZE)),
        lambda: studio.cutting.again(run_id, 7),
    ):
        with pytest.raises(InputError):
            act()
    assert studio.cutting.history(run_id, 0) == []


def test_only_people_who_exist_get_an_avatar(studio: Studio) -> None:
    run = drawn(studio, "Demo flaw: gutters", count=4)
    studio.cutting.again(run.id, 0, Origin.THIRDS)
    assert [avatar.cell for avatar in studio.run(run.id).avatars] == [1, 2, 3, 4]


def test_the_manifest_says_where_the_cut_in_use_comes_from(studio: Studio, tmp_path: Path) -> None:
    run = drawn(studio)
    studio.cutting.by_person(run.id, 0, grid_id(run), moved(studio, run).boxes())
    studio.save(run.id, tmp_path / "out")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "out" / "manifest.csv").read_text("utf-8-sig"))))
    assert {(row["cut_origin"], row["cut_confidence"], row["verdict"]) for row in rows} == {
        ("by hand", "1.000", "accepted")
    }
    assert rows[4]["box"] == " ".join(map(str, cut_of(studio, run).boxes[4]))


def test_the_preview_shows_the_cells_numbers_marks_and_the_chosen_one(studio: Studio) -> None:
    run = drawn(studio)
    canvas, cut = canvas_of(studio, run), cut_of(studio, run)
    plain, marked = canvas.overlay(cut), canvas.overlay(replace(cut, findings=((5, "odd"),)))
    assert len({plain, marked, canvas.overlay(cut, chosen=5)}) == 3
    assert max(Image.open(io.BytesIO(plain)).size) <= 900
    cells = canvas.cells(cut)
    assert list(cells) == list(EVERYBODY)
    assert {max(Image.open(io.BytesIO(cell)).size) for cell in cells.values()} <= set(range(200, 257))
