"""Choosing a model on the pages: what the catalog offers, what the server has, what was shut down, and what it costs."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from avatar_core.budget import Budget
from avatar_core.models.catalog import check_choice
from avatar_core.studio import Studio
from avatar_core.types import BlockState, Recipe, Size
from dashboard import state
from tests.contract_server import Fault, ImageServer
from tests.pages.app import MAIN, finished, generate, run_id, said, sound, visit
from tests.toys import people

MODEL = state.MODEL
SIZE = f"{MODEL}.size.gpt-image-2.5-flare"


def label(at: AppTest, model_id: str) -> str:
    """How the list of models calls one."""
    options: list[str] = at.selectbox(key=MODEL).options
    return options[list(offered()).index(model_id)]


def offered() -> dict[str, Any]:
    return {facts.id: facts for facts in state.studio().offered()}


def choose(at: AppTest, model_id: str) -> AppTest:
    return sound(at.selectbox(key=MODEL).set_value(model_id).run())


def typed(size: str) -> AppTest:
    """A first visit with a size typed in, for which the test runner knows no gesture."""
    at = AppTest.from_file(str(MAIN), default_timeout=30)
    at.session_state[MODEL], at.session_state[SIZE] = "gpt-image-2.5-flare", size
    return sound(at.run())


def old_run(model: str, **more: Any) -> str:
    """A run of long ago, entered as it was then: its model may be gone."""
    chosen = Recipe(model=model, size=Size(1024, 1024), quality="medium", **more)
    studio = state.studio()
    plan = studio.plan(people(9), Recipe("gpt-image-2", Size(1024, 1024), "medium"))
    pairs = [(block, prompt.text) for block, prompt in zip(plan.blocks, plan.prompts, strict=True)]
    run = studio.store.catalog.add_run(chosen, pairs, title="Long ago")
    studio.store.catalog.states.move(
        run, 0, BlockState.FAILED, error="RateLimited", message="Busy. Try again."
    )
    return run


@pytest.fixture
def budget(images: ImageServer, monkeypatch: pytest.MonkeyPatch) -> Studio:
    """The studio of the pages with a budget of one cent and a half above what was spent."""
    studio = state.studio()
    limited = Budget(studio.spending().total + 0.015, studio.models)
    monkeypatch.setattr(studio, "_budget", limited)
    monkeypatch.setattr(studio._painter, "_budget", limited)
    return studio


# What is offered


def test_models_near_their_end_are_marked_and_those_past_it_are_not_offered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(state.studio(), "today", lambda: date(2026, 11, 22))
    at = visit()
    assert label(at, "gpt-image-1.5") == "GPT Image 1.5 · 9 days left"
    assert "gpt-image-1" not in offered()
    monkeypatch.setattr(state.studio(), "today", lambda: date(2026, 12, 1))
    assert not [option for option in visit().selectbox(key=MODEL).options if "1.5" in option]


def test_every_control_of_every_model_is_legal_and_no_other_is_drawn() -> None:
    at = visit()
    for facts in state.studio().offered():
        choose(at, facts.id)
        sizes = at.selectbox(key=f"{MODEL}.size.{facts.id}").options
        assert [size.removesuffix(" px").replace(" × ", "x") for size in sizes] == list(
            map(str, facts.grid_sizes)
        )
        drawn = [box for box in at.selectbox if box.key == f"{MODEL}.quality.{facts.id}"]
        assert [box.options for box in drawn] == ([list(facts.qualities)] if facts.qualities else [])
        for size in facts.grid_sizes:
            for quality in facts.qualities or ("",):
                check_choice(facts, size, quality)


def test_any_legal_size_can_be_typed_and_is_sent(images: ImageServer) -> None:
    at = typed("1248x1248")
    generate(at)
    assert images.generations[0].json["size"] == "1248x1248"
    again = visit(run=run_id(at))
    assert again.selectbox(key=SIZE).value == "1248x1248"


def test_a_size_that_the_provider_calls_experimental_is_marked() -> None:
    assert "experimental" not in said(typed("1920x1920"))
    at = typed("2304x2304")
    assert "more than 3,686,400 pixels experimental" in said(at)
    assert not at.button(key="studio.generate").disabled


@pytest.mark.parametrize(
    ("text", "complaint"),
    [("1000x1000", "multiples of 16"), ("huge", "is not a size"), ("9600x9600", "at most 3,840 px")],
)
def test_a_typed_size_that_the_model_lacks_is_refused_with_what_is_allowed(text: str, complaint: str) -> None:
    at = typed(text)
    assert complaint in said(at)
    assert at.button(key="studio.generate").disabled


# The user's own server


def test_an_unknown_model_works_with_a_chosen_dialect(images: ImageServer) -> None:
    images.listed = [{"id": "flux.1-schnell"}]
    at = visit()
    sound(at.selectbox(key=f"{MODEL}.dialect").set_value("localai").run())
    at.text_input(key=f"{MODEL}.typed").set_value("gpt-image-2")
    sound(at.button(key=f"{MODEL}.use").click().run())
    assert at.selectbox(key=MODEL).value == "localai:gpt-image-2"
    assert "price unknown" in said(at)
    generate(at)
    assert images.generations[0].json["response_format"] == "b64_json"
    assert "quality" not in images.generations[0].json
    assert visit(run=run_id(at)).selectbox(key=MODEL).value == "localai:gpt-image-2"


@pytest.mark.parametrize(
    ("typed", "complaint"),
    [
        ("", "No id is written here"),
        ("openai:dall-e-3", "was shut down by its provider on 2026-05-12"),
        ("dall-e-3", "gpt-image-2.6-flare"),
    ],
)
def test_an_id_that_cannot_be_used_says_why(typed: str, complaint: str) -> None:
    at = visit()
    sound(at.selectbox(key=f"{MODEL}.dialect").set_value("openai").run())
    at.text_input(key=f"{MODEL}.typed").set_value(typed)
    sound(at.button(key=f"{MODEL}.use").click().run())
    assert complaint in said(at)


def test_the_servers_models_are_asked_for_on_a_click_and_kept(images: ImageServer) -> None:
    at = visit()
    assert not images.requests
    sound(at.button(key=f"{MODEL}.ask").click().run())
    sound(at.run())
    assert [each.path for each in images.requests] == ["/v1/models"]
    listed = at.selectbox(key=f"{MODEL}.listed")
    unknown = next(option for option in listed.options if "gpt-image-9" in option)
    sound(listed.select(unknown).run())
    assert "gpt-image-9" in at.selectbox(key=MODEL).value


def test_a_server_that_does_not_tell_says_why(images: ImageServer) -> None:
    at = visit()
    images.listed = [{"name": "a model without an id"}]
    sound(at.button(key=f"{MODEL}.ask").click().run())
    assert "not with a list of models" in said(at)
    assert not at.button(key="studio.generate").disabled


# Models that are no more


def test_a_reopened_run_of_a_model_that_is_no_more_offers_its_successor_in_one_click(
    images: ImageServer,
) -> None:
    at = visit(run=old_run("gpt-image-1"))
    assert "GPT Image 1 is no more" in said(at)
    assert "shut it down on 23 Oct 2026" in said(at)
    sound(at.button(key=f"{MODEL}.heir").click().run())
    assert at.selectbox(key=MODEL).value == "gpt-image-2.5-flare"
    assert at.selectbox(key=f"{MODEL}.size.gpt-image-2.5-flare").value == "1024x1024"
    assert at.selectbox(key=f"{MODEL}.quality.gpt-image-2.5-flare").value == "medium"
    assert "is no more" not in said(at)
    generate(at)
    assert images.generations[0].json["model"] == "gpt-image-2.5-flare"


@pytest.mark.parametrize("page", ["studio", "gallery"])
def test_a_run_whose_model_went_away_is_drawn_by_its_successor_in_one_click(
    images: ImageServer, page: str
) -> None:
    run = old_run("gpt-image-1")
    state.jobs().start(run)
    state.jobs().wait(run, seconds=20)
    at = visit(page, run=run)
    assert "This model is no more" in said(at)
    sound(at.button(key=f"{page}.heir").click().run())
    at = finished(at)
    assert run_id(at) != run
    again = state.studio().run(run_id(at))
    assert (again.state, again.recipe.model) == (BlockState.DONE, "gpt-image-2.5-flare")
    assert again.personas == state.studio().run(run).personas
    assert len(images.generations) == 1


# Failures and money


def test_a_failure_shows_the_request_id_and_that_it_is_never_repeated(images: ImageServer) -> None:
    at = choose(visit(), "gpt-image-2.5-flare")
    images.script(Fault.moderated("output", "violence", "self-harm"))
    generate(at)
    told = said(at)
    call = state.studio().store.catalog.calls.of(run_id(at))[-1]
    assert call.request_id
    assert call.request_id in told
    assert "refused the picture that was drawn (violence, self-harm)" in told
    assert "never sent again by themselves" in told
    assert len(images.generations) == 1


def test_the_budget_stands_beside_the_price_and_is_kept(images: ImageServer, budget: Studio) -> None:
    at = choose(visit(), "gpt-image-2.5-flare")
    assert "left of the daily budget of" in said(at)
    assert "too little for this" in said(at)
    generate(at)
    assert "The daily budget leaves no room" in said(at)
    assert not images.generations
    assert "left of the daily budget" not in said(choose(at, "demo"))
    assert "Room for more" in [metric.label for metric in visit("setup").metric]
    assert "too little for this" in said(visit("tune"))


def test_estimate_and_actual_cost_stand_side_by_side(images: ImageServer) -> None:
    at = generate(choose(visit(), "gpt-image-2.5-flare"))
    at.session_state["studio.tabs"] = "Facts"
    facts = dict(sound(at.run()).table[-1].value.itertuples(index=False, name=None))
    assert "an avatar" in facts["Estimate before"]
    assert "formula derived" in facts["Estimate before"]
    assert "as counted by the server" in facts["Actual cost"]
    assert f"{datetime.now(UTC):%Y}" in facts["Actual cost"]
