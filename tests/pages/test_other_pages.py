"""Tune, Gallery, Present and Setup, filled, empty and asked for what is not there."""

from __future__ import annotations

import pytest

from avatar_core.people import sample_people
from avatar_core.types import Recipe, Size
from dashboard import state
from tests.contract_server import Fault, ImageServer
from tests.pages.app import generate, run_id, said, sound, visit

SMALL = Recipe(model="gpt-image-2.5-flare", size=Size(816, 816), quality="low")


def made_run() -> str:
    """A finished run of nine people."""
    studio = state.studio()
    run = studio.begin(studio.plan_one(sample_people("nine"), SMALL))
    state.jobs().start(run)
    state.jobs().wait(run, seconds=30, poll=0.02)
    return run


# Tune


def test_two_variants_are_planned_compared_and_priced() -> None:
    at = visit("tune")
    assert "+++ B" in at.code[1].value
    assert "2 pictures · about $0.1" in said(at)
    assert not at.button(key="tune.generate").disabled


@pytest.mark.parametrize("count", [2, 3, 4])
def test_variants_are_drawn_side_by_side_and_can_be_found_again(images: ImageServer, count: int) -> None:
    at = visit("tune")
    sound(at.get_by_key(state.VARIANTS).set_value(count).run())
    sound(at.button(key="tune.generate").click().run())
    session = str(at.query_params["session"])
    for each in state.studio().session(session):
        state.jobs().wait(each.id, seconds=30, poll=0.02)
    sound(at.run())
    assert len(images.generations) == count
    assert len(at.image) >= count
    assert said(at).count("Variant ") >= 2 * count

    later = visit("tune")
    sound(later.button(key=f"tune.compare.{session}").click().run())
    assert "Side by side" in said(later)
    sound(later.button(key="tune.reopen").click().run())
    assert later.get_by_key(state.VARIANTS).value == count


def test_a_variant_that_fails_says_so_and_the_other_is_shown(images: ImageServer) -> None:
    images.script(Fault.moderated())
    at = visit("tune")
    sound(at.button(key="tune.generate").click().run())
    for each in state.studio().session(str(at.query_params["session"])):
        state.jobs().wait(each.id, seconds=30, poll=0.02)
    sound(at.run())
    assert "The picture was refused" in said(at)
    assert len(at.image) >= 1


def test_an_unknown_session_is_said() -> None:
    assert "That session is not here" in said(visit("tune", session="0" * 32))


def test_variants_without_people_cannot_be_drawn() -> None:
    at = visit()
    sound(at.button(key="people.clear").click().run())
    at.switch_page("../pages/tune.py")
    sound(at.run())
    assert "There is no usable person here" in said(at)
    assert at.button(key="tune.generate").disabled


# Gallery


def test_the_gallery_lists_runs_and_opens_one_in_the_studio() -> None:
    run = made_run()
    at = visit("gallery")
    sound(at.button(key=f"gallery.open.{run}").click().run())
    assert len(at.image) == 9
    at.button(key="gallery.reopen").click().run()
    sound(at)
    assert at.session_state[state.SEED] == 0
    assert at.session_state[state.MODEL] == SMALL.model


def test_the_gallery_has_pages_when_there_are_many_runs() -> None:
    studio = state.studio()
    plan = studio.plan_one(sample_people("nine")[:1], SMALL)
    for _ in range(13):
        studio.begin(plan, title="many")
    at = visit("gallery")
    first = said(at)
    at.session_state["gallery.page"] = 2
    assert said(sound(at.run())) != first


def test_a_run_of_many_pictures_is_shown_one_picture_at_a_time(images: ImageServer) -> None:
    studio = state.studio()
    run = studio.begin(studio.plan(sample_people("thirty-six"), SMALL))
    images.script(Fault.moderated(), Fault.moderated())
    state.jobs().start(run)
    state.jobs().wait(run, seconds=60, poll=0.05)
    at = visit("gallery", run=run)
    assert said(at).count("The provider's safety system refused the prompt") == 1
    assert len(at.image) == 9
    assert len(at.selectbox[0].options) == 2
    sound(at.button(key="gallery.again").click().run())
    state.jobs().wait(run, seconds=60, poll=0.05)
    sound(at.run())
    assert at.selectbox[0].options[-1] == "Picture 4 of 4"
    sound(at.selectbox[0].set_value(3).run())
    last = sample_people("thirty-six")[-1]
    assert last.described in said(at)
    shown = visit("present", run=run, step="16")
    assert "16 of 16" in said(shown)
    assert last.described in said(shown)


def test_the_gallery_says_that_a_run_is_not_there() -> None:
    assert "That run is not here" in said(visit("gallery", run="0" * 32))


# Present


def test_a_run_is_presented_step_by_step_and_cannot_be_paid_for() -> None:
    at = visit("present", run=made_run())
    for step in range(1, 5):
        assert f"{step} of 4" in said(at)
        assert {button.key for button in at.button} == {"present.back", "present.next"}
        if step < 4:
            sound(at.button(key="present.next").click().run())
    assert at.button(key="present.next").disabled
    sound(at.button(key="present.back").click().run())
    assert at.query_params["step"] == "3"


@pytest.mark.parametrize(
    ("step", "shown"), [("0", "1 of 4"), ("99", "4 of 4"), ("x", "1 of 4"), ("-1", "1 of 4")]
)
def test_a_step_that_does_not_exist_shows_the_nearest(step: str, shown: str) -> None:
    assert shown in said(visit("present", run=made_run(), step=step))


def test_a_run_without_a_picture_is_presented_as_such(images: ImageServer) -> None:
    images.script(Fault.moderated())
    at = generate(visit())
    assert "brought no picture" in said(visit("present", run=run_id(at), step="3"))


def test_an_unknown_run_offers_those_that_exist() -> None:
    at = visit("present", run="0" * 32)
    assert "That run is not here" in said(at)


# Setup


def test_setup_shows_models_prices_and_storage_but_never_the_key(images: ImageServer) -> None:
    at = visit("setup")
    assert "Key configured" in said(at)
    assert "gpt-image-2.5-flare" in at.dataframe[0].value["Id"].to_list()
    sound(at.button(key="setup.test").click().run())
    assert "The server answered: it lists" in at.success[0].value
    served = at.dataframe[0].value.set_index("Write it as")
    assert served["In the catalog"]["gpt-image-2"]
    assert "in our catalog" in at.success[0].value
    shown = said(at) + str([table.value.to_string() for table in [*at.table, *at.dataframe]])
    assert images.key not in shown
    assert not images.generations
