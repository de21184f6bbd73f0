"""A grid in doubt is shown with its reasons on every page, and no page names its faces until somebody accepts it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from avatar_core.errors import InputError
from avatar_core.people import sample_people
from avatar_core.types import Recipe, Run, Size, Verdict
from dashboard import state
from tests.pages.app import said, visit


@pytest.fixture(scope="module")
def doubtful(_studio: object) -> Run:
    """A tuning session of one run, whose picture lacks somebody."""
    people, studio = sample_people("nine"), state.studio()
    recipe = Recipe("demo", Size(768, 768), "")
    text = studio.preview(people, recipe).text
    plan = studio.plan(people, replace(recipe, exact_prompt=f"{text}\nDemo flaw: empty cell"))
    _, (run_id,) = studio.begin_session({"A": plan})
    state.jobs().start(run_id)
    state.jobs().wait(run_id, seconds=30, poll=0.02)
    run = studio.run(run_id)
    cut = run.blocks[0].cut
    assert cut is not None
    assert cut.verdict is Verdict.QUARANTINED
    return run


def reason(run: Run) -> str:
    cut = run.blocks[0].cut
    assert cut is not None
    return cut.reasons[0]


def captions(at: object) -> list[str]:
    return [caption.value.replace("\\", "") for caption in at.caption]  # type: ignore[attr-defined]


@pytest.mark.parametrize("page", ["studio", "gallery"])
def test_the_result_says_why_and_offers_no_avatar_of_it(doubtful: Run, page: str) -> None:
    at = visit(page, run=doubtful.id)
    assert reason(doubtful) in said(at)
    assert "Look at this grid before you use it" in said(at)
    assert {f"{page}.accept.0", f"{page}.doubt.correct"} <= {button.key for button in at.button}
    assert not [each for each in at.get("download_button") if "Download" in (each.proto.help or "")]


def test_the_projector_names_no_face_of_it(doubtful: Run) -> None:
    at = visit("present", run=doubtful.id, step="4")
    assert "Held back" in said(at)
    assert reason(doubtful) in said(at)
    assert not any(persona.name in said(at) for persona in doubtful.personas)
    assert {button.key for button in at.button} == {"present.back", "present.next"}


def test_the_comparison_says_so_beside_the_picture(doubtful: Run) -> None:
    at = visit("tune", session=doubtful.session)
    assert "Held back" in said(at)
    assert reason(doubtful) in said(at)


def test_no_single_avatar_of_it_is_given_away(doubtful: Run) -> None:
    with pytest.raises(InputError, match="belongs to nobody"):
        state.studio().avatar_file(doubtful, doubtful.avatars[0])


def test_once_accepted_it_is_like_any_other(doubtful: Run) -> None:
    at = visit("gallery", run=doubtful.id)
    at.button(key="gallery.accept.0").click().run()
    run = state.studio().run(doubtful.id)
    assert "Look at this grid" not in said(visit("studio", run=run.id))
    assert run.personas[0].name in said(visit("present", run=run.id, step="4"))
    assert state.studio().avatar_file(run, run.avatars[0])
