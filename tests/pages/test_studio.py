"""The Studio page: people, look, prompt, model, generate, and everything that can be wrong with them."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import replace

import pytest

from avatar_core.people import sample_people
from avatar_core.types import Verdict
from dashboard import state
from dashboard.components import plain
from tests.contract_server import Fault, ImageServer
from tests.pages.app import change, edit, generate, prompt, run_id, said, sound, upload, visit

TWO = "id,name,age,gender,ethnicity,occupation,region\nx1,Ana,29,woman,pardo,nurse,North\nx2,Bo,51,man,black,mason,West\n"


def test_a_newcomer_sees_nine_people_a_prompt_a_price_and_a_button() -> None:
    at = visit()
    assert "Row 1, column 1: man, 35 years old" in prompt(at)
    assert "9 people · about $0.0" in said(at)
    assert not at.button(key="studio.generate").disabled
    assert not at.error
    assert not at.warning
    assert "draft" not in at.query_params


def test_an_edited_cell_is_in_the_prompt_and_stays_there() -> None:
    at = edit(visit(), age=77, occupation="clockmaker")
    for _ in range(2):
        assert "77 years old, white Brazilian, clockmaker" in prompt(at)
        sound(at.run())


def test_the_preview_is_what_is_sent_byte_for_byte(images: ImageServer) -> None:
    at = edit(visit(), occupation="cheesemaker")
    shown = prompt(at)
    generate(at)
    assert images.generations[-1].json["prompt"] == shown
    assert len(at.image) == 9


def test_rows_that_cannot_be_used_are_named_and_the_others_go_on() -> None:
    at = edit(visit(), age=300)
    assert "In the table: 1 row is left out" in said(at)
    assert "Row 1, column “age”: “300”" in said(at)
    assert "8 people" in said(at)
    assert not at.button(key="studio.generate").disabled


def test_ten_rows_are_too_many_for_one_picture_and_none_is_lost() -> None:
    row = {"name": "Ten", "age": 40, "gender": "man", "ethnicity": "black", "occupation": "pilot"}
    at = change(visit(), {"edited_rows": {}, "added_rows": [row], "deleted_rows": []})
    assert "A picture holds 9 people, and there are 10 here" in said(at)
    assert at.button(key="studio.generate").disabled
    assert len(at.session_state[state.PEOPLE]) == 10


def test_deleted_rows_leave_empty_cells() -> None:
    at = change(visit(), {"edited_rows": {}, "added_rows": [], "deleted_rows": [0, 1]})
    assert "7 people" in said(at)
    assert "The last 2 cells stay empty" in prompt(at)


def test_an_empty_table_is_an_invitation_and_no_error() -> None:
    at = sound(visit().button(key="people.clear").click().run())
    assert "Nobody to draw yet" in said(at)
    assert not at.error
    assert at.button(key="studio.generate").disabled


def test_an_uploaded_table_replaces_the_people_and_its_other_columns_reach_the_manifest() -> None:
    at = generate(upload(visit(), TWO))
    assert "2 people" in said(at)
    with zipfile.ZipFile(io.BytesIO(state.studio().export(run_id(at)))) as made:
        manifest = next(name for name in made.namelist() if name.endswith("manifest.csv"))
        rows = list(csv.DictReader(io.StringIO(made.read(manifest).decode("utf-8-sig"))))
    assert [(row["id"], row["region"]) for row in rows] == [("x1", "North"), ("x2", "West")]


def test_the_same_file_can_be_uploaded_twice() -> None:
    at = upload(visit(), TWO)
    sound(at.button(key="people.sample.nine").click().run())
    assert "9 people" in said(at)
    assert "2 people" in said(upload(at, TWO))


@pytest.mark.parametrize(
    ("name", "text", "complaint"),
    [
        ("people.csv", "\x89PNG\r\n", ""),
        ("people.csv", "age,gender\n1,woman\n", "There is no column for ethnicity and occupation"),
        ("people.json", "{", ""),
        ("people.csv", "", ""),
    ],
)
def test_a_file_that_is_no_table_leaves_the_table_as_it_was(name: str, text: str, complaint: str) -> None:
    at = upload(edit(visit(), occupation="cooper"), text, name)
    assert "the table is as it was" in said(at) or "left out" in said(at)
    assert complaint in said(at)
    assert "cooper" in prompt(at)
    sound(at.button(key="people.sample.nine").click().run())
    assert "as it was" not in said(at)  # the complaint goes with the table that it was about


def test_bad_rows_of_a_file_are_listed_and_forgotten_with_the_next_table() -> None:
    bad = "".join(f"{age},woman,pardo,nurse\n" for age in range(200, 212))
    at = upload(visit(), f"age,gender,ethnicity,occupation\n30,man,black,pilot\n{bad}")
    assert "In the file: 12 rows are left out" in said(at)
    assert "12 rows, column “age”: “200”, “201”, “202” and 9 other values: is not an age" in said(at)
    assert "Rows 2, 3, 4, 5, 6 and 7 more" in said(at)
    assert at.get("download_button")
    assert "1 person" in said(at)
    sound(at.button(key="people.sample.nine").click().run())
    assert "In the file" not in said(at)


def test_a_file_with_bad_rows_only_does_not_empty_the_table() -> None:
    at = upload(visit(), "age,gender,ethnicity,occupation\n300,woman,pardo,nurse\n")
    assert "In the file: 1 row is left out" in said(at)
    assert "9 people" in said(at)


def test_a_long_list_is_painted_nine_by_nine() -> None:
    at = visit()
    sound(at.button(key="people.sample.thirty-six").click().run())
    assert "People 1 to 9 of 36" in at.selectbox[0].options
    first = prompt(at)
    sound(at.selectbox[0].set_value(27).run())
    assert prompt(at) != first
    last = sample_people("thirty-six")[-1]
    assert f"{last.age} years old" in prompt(at)
    assert len(at.session_state[state.PEOPLE]) == 36


def test_looks_are_chosen_by_hand_in_the_table_and_kept_while_others_are_tried() -> None:
    at = visit()
    sound(at.get_by_key(state.PLAN).set_value(state.BY_HAND).run())
    assert state.LOOK in at.session_state[state.PEOPLE]
    edit(at, **{state.LOOK: "Sepia"})
    line = next(line for line in prompt(at).splitlines() if line.startswith("Row 1, column 1"))
    assert "epia" in line
    sound(at.get_by_key(state.PLAN).set_value(state.WITHOUT).run())
    assert "epia" not in prompt(at)
    sound(at.get_by_key(state.PLAN).set_value(state.BY_HAND).run())
    assert "epia" in next(line for line in prompt(at).splitlines() if line.startswith("Row 1, column 1"))


def test_looks_by_hand_are_dealt_to_a_table_that_is_loaded_later() -> None:
    at = visit()
    sound(at.get_by_key(state.PLAN).set_value(state.BY_HAND).run())
    sound(at.button(key="people.sample.thirty-six").click().run())
    assert at.session_state[state.PEOPLE][state.LOOK].nunique() == 6


def test_another_seed_deals_the_looks_anew() -> None:
    at = visit()
    first = prompt(at)
    sound(at.number_input(key=state.SEED).set_value(2).run())
    assert prompt(at) != first


def test_edited_words_with_an_unknown_placeholder_say_so() -> None:
    at = visit()
    sound(at.get_by_key(state.MODE).set_value(state.WORDS).run())
    words = at.text_area(key=state.words_key("precise"))
    sound(words.set_value(words.value + " {weather}").run())
    assert "weather" in at.error[0].value
    assert at.button(key="studio.generate").disabled
    sound(at.button(key="recipe.reset").click().run())
    assert not at.error


def test_an_exact_text_is_sent_as_it_is_and_warned_about(images: ImageServer) -> None:
    at = visit()
    sound(at.get_by_key(state.MODE).set_value(state.EXACT).run())
    sound(at.text_area(key=state.EXACT_TEXT).set_value("Draw Rafael Nogueira, 3x3.").run())
    assert "Names stay here" in said(at)
    generate(at)
    assert images.generations[-1].json["prompt"] == "Draw Rafael Nogueira, 3x3."
    sound(at.button(key="recipe.follow").click().run())
    assert "Row 1, column 1" in prompt(at)


def test_a_prompt_over_the_limit_is_not_sent() -> None:
    at = visit()
    sound(at.get_by_key(state.MODE).set_value(state.EXACT).run())
    sound(at.text_area(key=state.EXACT_TEXT).set_value("x" * 32_001).run())
    assert "32,001 characters" in at.error[0].value
    assert at.button(key="studio.generate").disabled


@pytest.mark.parametrize(
    ("fault", "title"),
    [
        (Fault.moderated(), "The picture was refused"),
        (Fault.no_credit(), "No credit left"),
        (Fault.bad_key("sk-x"), "The key was refused"),
        (Fault.unverified(), "The organisation is not verified"),
        (Fault.without_picture(), "The answer held no picture"),
        (Fault.picture(b"no picture"), "The answer held no picture"),
        (Fault.cut_within(), "No answer, possibly billed"),
        (Fault.failed(), "The server failed"),
        (Fault.rate_limited(), "The server is too busy"),
    ],
)
def test_a_failed_run_says_why_and_can_be_tried_again(images: ImageServer, fault: Fault, title: str) -> None:
    images.script(fault)
    at = generate(visit())
    assert title in said(at)
    assert images.key not in said(at)
    sound(at.button(key="studio.again").click().run())
    state.jobs().wait(run_id(at), seconds=30, poll=0.02)
    assert len(sound(at.run()).image) == 9


def test_a_running_run_is_seen_by_a_second_session_and_cancelled(images: ImageServer) -> None:
    images.script(Fault.slow(3))
    at = visit()
    sound(at.button(key="studio.generate").click().run())
    assert at.button(key="studio.generate").disabled
    other = visit(run=run_id(at))
    sound(other.button(key="studio.cancel").click().run())
    assert "You cancelled this run" in said(sound(other.run()))
    assert "You cancelled this run" in said(sound(at.run()))


def test_a_refresh_brings_back_the_run_its_people_and_every_choice() -> None:
    at = upload(visit(), TWO)
    sound(at.get_by_key(state.PLAN).set_value(state.SAME).run())
    sound(at.selectbox(key=state.SAME_LOOK).set_value("sepia").run())
    sound(at.number_input(key=state.SEED).set_value(5).run())
    sound(at.selectbox(key=state.TEMPLATE).set_value("contract").run())
    sound(at.get_by_key(state.MODE).set_value(state.WORDS).run())
    words = at.text_area(key=state.words_key("contract"))
    sound(words.set_value(words.value + "\nEverybody smiles.").run())
    sound(at.selectbox(key=state.MODEL).set_value("gpt-image-2").run())
    sound(at.selectbox(key=f"{state.MODEL}.quality.gpt-image-2").set_value("low").run())
    generate(at)
    prompt_then = state.studio().run(run_id(at)).blocks[0].prompt

    for query in ({"run": run_id(at)}, {"draft": at.query_params["draft"]}):
        again = visit(**query)
        assert prompt(again) == prompt_then
        assert again.selectbox(key=state.MODEL).value == "gpt-image-2"
        assert again.selectbox(key=f"{state.MODEL}.quality.gpt-image-2").value == "low"
        assert again.get_by_key(state.PLAN).value == state.SAME
        assert again.number_input(key=state.SEED).value == 5
        assert "region" in again.session_state[state.PEOPLE]
    assert visit(run=run_id(at)).image


def hold_back(run: str) -> None:
    """Quarantine a finished run's grid, as the checks do with one that is not what was asked for."""
    catalog = state.studio().store.catalog
    record = catalog.run(run).blocks[0]
    assert record.grid is not None
    assert record.cut is not None
    doubted = replace(record.cut, verdict=Verdict.QUARANTINED, reasons=("Cell 2: nobody is here.",))
    blobs = {avatar.cell: avatar.blob for avatar in record.avatars}
    catalog.add_cut(run, 0, record.grid.id, doubted, blobs)


def test_a_doubtful_grid_is_nobodys_until_somebody_accepts_it() -> None:
    run = run_id(generate(upload(visit(), TWO)))
    hold_back(run)
    at = visit(run=run)
    assert "Look at this grid before you use it" in said(at)
    assert "nobody is here" in said(at)
    assert len(at.image) == 1
    sound(at.button(key="studio.accept.0").click().run())
    assert "Look at this grid" not in said(at)
    assert len(at.image) == 2


def test_an_exact_text_and_looks_by_hand_come_back_with_their_run() -> None:
    at = visit()
    sound(at.get_by_key(state.PLAN).set_value(state.BY_HAND).run())
    edit(at, **{state.LOOK: "Cool tone"})
    sound(at.get_by_key(state.MODE).set_value(state.EXACT).run())
    sound(at.text_area(key=state.EXACT_TEXT).set_value("A 3x3 grid of nine.").run())
    generate(at)
    again = visit(run=run_id(at))
    assert again.text_area(key=state.EXACT_TEXT).value == "A 3x3 grid of nine."
    assert again.get_by_key(state.PLAN).value == state.BY_HAND
    assert again.session_state[state.PEOPLE][state.LOOK][0] == "Cool tone"


def test_a_draft_keeps_rows_that_cannot_be_used_and_ten_of_them() -> None:
    row = {"name": "Ten", "age": 400, "gender": "man", "ethnicity": "black", "occupation": "pilot"}
    at = change(
        visit(), {"edited_rows": {0: {"occupation": "tanner"}}, "added_rows": [row], "deleted_rows": []}
    )
    again = visit(draft=str(at.query_params["draft"]))
    assert "tanner" in prompt(again)
    assert "“400” is not an age" in said(again)
    assert len(again.session_state[state.PEOPLE]) == 10


@pytest.mark.parametrize("draft", ["0" * 32, "nonsense", "../../etc/passwd"])
def test_an_unknown_draft_is_a_first_visit(draft: str) -> None:
    at = visit(draft=draft)
    assert "Row 1, column 1: man, 35 years old" in prompt(at)
    assert "tanner" in prompt(edit(at, occupation="tanner"))


def test_an_unknown_run_is_said_and_changes_nothing() -> None:
    at = visit(run="0" * 32)
    assert "That run is not here" in said(at)
    assert not at.button(key="studio.generate").disabled


def test_a_full_disk_is_said_and_no_picture_is_ordered(
    images: ImageServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("avatar_core.store.blobs.MIN_FREE", 10**18)
    at = generate(visit())
    assert "The disk is full" in said(at)
    assert not images.generations


@pytest.mark.parametrize(
    "text",
    ["http://x.example", "www.x.example", "a@x.example", ":material/home:", ":smile:", "**x**", "$x$", "<b>"],
)
def test_text_of_users_is_made_harmless(text: str) -> None:
    made = plain(text)
    assert text not in made
    assert made.replace("\\", "").replace("\u2060", "") == text
