"""The cut editor: lines moved by numbers, the ways back, what cannot be cut, acceptance, and the history of cuts."""

from __future__ import annotations

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from avatar_core.finish import AS_STORED, Finish, Form, Format
from avatar_core.grid import exact_boxes
from avatar_core.people import sample_people
from avatar_core.types import Cut, Origin, Recipe, Run, Size, Verdict
from dashboard import files, lines, state
from tests.pages.app import said, sound, visit

SIZE = Size(768, 768)


def drawn(flaw: str = "margins, gutters") -> Run:
    """A finished run whose picture has a flaw."""
    people, studio = sample_people("nine"), state.studio()
    recipe = Recipe("demo", SIZE, "")
    text = studio.preview(people, recipe).text
    run_id = studio.begin(studio.plan(people, replace(recipe, exact_prompt=f"{text}\nDemo flaw: {flaw}")))
    state.jobs().start(run_id)
    state.jobs().wait(run_id, seconds=30, poll=0.02)
    return studio.run(run_id)


@pytest.fixture(scope="module")
def good(_studio: object) -> Run:
    return drawn()


def cut_of(run: Run) -> Cut:
    cut = state.studio().run(run.id).blocks[0].cut
    assert cut is not None
    return cut


def grid_tab(run: Run, page: str = "gallery") -> AppTest:
    at = visit(page, run=run.id)
    at.session_state[f"{page}.tabs"] = "Grid"
    return sound(at.run())


def opened(run: Run, page: str = "gallery") -> AppTest:
    """The editor, opened from the Grid tab."""
    return press(grid_tab(run, page), f"{page}.correct")


def press(at: AppTest, key: str) -> AppTest:
    return sound(at.button(key=key).click().run())


def number(at: AppTest, label: str) -> int:
    value = next(each for each in at.number_input if each.label == label).value
    assert isinstance(value, int)
    return value


def move(at: AppTest, label: str, px: int) -> AppTest:
    return sound(next(each for each in at.number_input if each.label == label).set_value(px).run())


def turn(at: AppTest, part: str) -> AppTest:
    return sound(at.segmented_control(key=lines.PART).set_value(part).run())


@pytest.mark.parametrize("page", ["studio", "gallery"])
def test_the_editor_shows_the_found_lines_with_their_confidence_and_nine_cells(good: Run, page: str) -> None:
    at = opened(good, page)
    assert f"As found**, confidence {cut_of(good).confidence:.2f}" in said(at)
    boxes = cut_of(good).boxes
    assert number(at, "Left margin") == boxes[0][0]
    assert number(at, "Gutter 1") == boxes[1][0] - boxes[0][2]
    for cell, persona in enumerate(good.personas, start=1):
        assert f"{cell} · {persona.name}" in said(at)


def test_a_moved_line_is_accepted_as_a_cut_by_hand_of_those_boxes(good: Run) -> None:
    before = cut_of(good)
    at = opened(good)
    at = move(at, "Line 1", number(at, "Line 1") + 3)
    assert "By hand" in said(at)
    at = turn(at, lines.LEVEL)
    at = move(at, "Top margin", number(at, "Top margin") + 2)
    press(at, "cut.accept")
    after = cut_of(good)
    assert (after.origin, after.verdict, after.by_person) == (Origin.BY_HAND, Verdict.ACCEPTED, True)
    for cell, (old, new) in enumerate(zip(before.boxes, after.boxes, strict=True)):
        moved = (3 * (cell % 3 == 1), 2 * (cell < 3), 3 * (cell % 3 == 0), 0)
        assert tuple(b - a for a, b in zip(old, new, strict=True)) == moved
    assert state.DIALOG not in at.session_state or not at.session_state[state.DIALOG]


def test_one_cell_is_nudged_alone(good: Run) -> None:
    at = turn(opened(good), lines.ONE_CELL)
    sound(at.segmented_control(key=lines.CELL).set_value(5).run())
    before = cut_of(good).boxes
    move(at, "Right edge", number(at, "Right edge") - 4)
    press(at, "cut.accept")
    after = cut_of(good).boxes
    assert after[4] == (*before[4][:2], before[4][2] - 4, before[4][3])
    assert after[:4] + after[5:] == before[:4] + before[5:]


def test_the_step_of_the_arrow_keys_can_be_chosen(good: Run) -> None:
    at = opened(good)
    assert {each.step for each in at.number_input if each.key and "cut.number" in each.key} == {1}
    sound(at.segmented_control(key=lines.STEP).set_value(25).run())
    assert {each.step for each in at.number_input if each.key and "cut.number" in each.key} == {25}


def test_the_ways_back_lead_to_thirds_to_the_found_lines_and_to_the_cut_in_use(good: Run) -> None:
    at = opened(good)
    at = press(at, "cut.Equal thirds")
    assert "Equal thirds" in said(at)
    assert (number(at, "Left margin"), number(at, "Line 1"), number(at, "Gutter 1")) == (0, 256, 0)
    at = press(at, "cut.As found")
    assert "As found**" in said(at)
    assert number(at, "Gutter 1") > 0
    at = press(press(at, "cut.Equal thirds"), "cut.As it was")
    assert number(at, "Left margin") == cut_of(good).boxes[0][0]


def test_equal_thirds_are_kept_under_their_name(good: Run) -> None:
    press(press(opened(good), "cut.Equal thirds"), "cut.accept")
    after = cut_of(good)
    assert (after.boxes, after.origin, after.verdict) == (exact_boxes(SIZE), Origin.THIRDS, Verdict.ACCEPTED)


def test_lines_that_make_no_cut_are_told_and_cannot_be_accepted(good: Run) -> None:
    before = cut_of(good)
    at = move(opened(good), "Line 1", 700)
    assert "These lines make no cut" in said(at)
    assert "its lines cross. Move the lines" in said(at)
    assert at.button(key="cut.accept").disabled
    at = press(at, "cut.As found")
    assert not at.error
    assert not at.button(key="cut.accept").disabled
    assert cut_of(good) == before


def test_cancel_changes_nothing(good: Run) -> None:
    before = state.studio().cutting.history(good.id, 0)
    at = opened(good)
    at = press(move(at, "Line 2", number(at, "Line 2") - 9), "cut.cancel")
    assert state.studio().cutting.history(good.id, 0) == before
    assert "Correct the cut" in [button.label for button in at.button]


def test_earlier_cuts_can_be_looked_at_and_used_again() -> None:
    run = drawn("gutters")
    found = cut_of(run)
    assert not [box for box in grid_tab(run).selectbox if box.label == "Cuts of this picture"]
    at = press(press(opened(run), "cut.Equal thirds"), "cut.accept")
    assert cut_of(run).origin is Origin.THIRDS
    box = next(each for each in at.selectbox if each.label == "Cuts of this picture")
    assert [option.split(". ")[1].split(",")[0] for option in box.options] == ["Equal thirds", "As found"]
    assert "accepted by a person" in box.options[0]
    assert box.options[0].endswith("in use")
    assert at.button(key="gallery.use").disabled
    at = sound(box.set_value(1).run())
    assert f"As found, confidence {found.confidence:.2f}" in said(at)
    press(at, "gallery.use")
    assert cut_of(run) == found
    assert len(state.studio().cutting.history(run.id, 0)) == 2


def test_a_quarantined_grid_says_which_cell_is_wrong_and_can_be_corrected_and_accepted() -> None:
    run = drawn("empty cell, gutters")
    cell, reason = cut_of(run).findings[0]
    at = visit("gallery", run=run.id)
    assert "Look at this grid before you use it" in said(at)
    assert f"Cell {cell}: {reason}" in said(at)
    at = press(at, "gallery.doubt.correct")
    beside = [each.value for each in at.markdown if f"Cell {cell}" in each.value]
    assert len(beside) == 1
    assert reason.split(",")[0] in beside[0]
    at = press(move(at, "Line 1", number(at, "Line 1") + 1), "cut.accept")
    after = cut_of(run)
    assert (after.verdict, after.origin) == (Verdict.ACCEPTED, Origin.BY_HAND)
    assert after.findings
    assert "Look at this grid" not in said(at)


def test_an_acceptance_that_fails_says_why_and_keeps_the_lines() -> None:
    run = drawn("gutters, captions")
    at = opened(run)
    line = number(at, "Line 1")
    at = move(at, "Line 1", line + 1)
    grid = run.blocks[0].grid
    assert grid is not None
    (blob,) = [
        path
        for path in state.studio().settings.avatar_data_dir.rglob("*")
        if grid.blob in path.name or path.name == grid.blob[2:]
    ]
    data = blob.read_bytes()
    blob.unlink()
    at = press(at, "cut.accept")
    assert "stored picture" in said(at)
    assert number(at, "Line 1") == line + 1
    assert cut_of(run).origin is Origin.FOUND
    blob.write_bytes(data)
    press(at, "cut.accept")
    assert cut_of(run).origin is Origin.BY_HAND


# Files to download


def downloads(at: AppTest) -> list[str]:
    return [each.label for each in at.get("download_button")]


def test_form_size_and_format_of_the_files_can_be_chosen_and_hold_on_other_pages(good: Run) -> None:
    at = visit("gallery", run=good.id)
    assert files.chosen_in(at.session_state) == AS_STORED
    assert downloads(at).count("PNG") == 9
    for key, value in ((files.FORM, Form.ROUND), (files.SIDE, 256), (files.KIND, Format.WEBP)):
        sound(at.segmented_control(key=key).set_value(value).run())
    assert files.chosen_in(at.session_state) == Finish(Form.ROUND, 256, Format.WEBP)
    assert downloads(at).count("WebP") == 9
    sound(at.checkbox(key=files.ENLARGE).check().run())
    assert files.chosen_in(at.session_state).enlarge
