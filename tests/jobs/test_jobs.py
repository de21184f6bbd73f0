"""Blocks through the real engine: queued once, painted side by side, tried again when that may help."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from avatar_core.errors import AnswerLost, KeyMissing, RateLimited, RunUnknown, ServerFailed, StoreLocked
from avatar_core.jobs import BATCH, INTERACTIVE
from avatar_core.settings import Settings
from avatar_core.types import BlockState, Run
from avatar_core.workflows import pause
from tests.contract_server import Fault, ImageServer
from tests.jobs.conftest import Launch
from tests.jobs.running import HeldModel, asked, begin, soon, state_of, states
from tests.toys import ToyModel, people, recipe


def test_a_run_is_painted_and_cut(launch: Launch, image_server: ImageServer) -> None:
    jobs = launch()
    run_id = begin(jobs.studio, 16)
    seen: list[Run] = []
    jobs.start(run_id)
    run = jobs.wait(run_id, seconds=30, poll=0.05, on_change=seen.append)
    assert states(run) == ["done", "done"]
    assert [avatar.persona for avatar in run.avatars] == list(people(16))
    assert len(image_server.generations) == 2
    assert seen[-1] == run


def test_the_demo_model_needs_no_server(launch: Launch, image_server: ImageServer) -> None:
    jobs = launch(ToyModel(), openai_api_key=None, openai_base_url="https://api.openai.com/v1")
    run_id = jobs.studio.begin(jobs.studio.plan(people(9), recipe()))
    jobs.start(run_id)
    assert jobs.wait(run_id, seconds=20).state is BlockState.DONE
    assert image_server.requests == []


def test_a_run_that_is_started_twice_is_painted_once(launch: Launch) -> None:
    model = HeldModel()
    jobs = launch(model)
    run_id = begin(jobs.studio, 18)
    for priority in (INTERACTIVE, BATCH, INTERACTIVE):
        jobs.start(run_id, priority=priority)
    soon(lambda: len(model.asked) == 2)
    jobs.start(run_id)
    model.gate.set()
    assert jobs.wait(run_id, seconds=20).state is BlockState.DONE
    jobs.start(run_id)
    assert jobs.wait(run_id, seconds=5).state is BlockState.DONE
    assert len(model.asked) == 2


def test_blocks_are_painted_side_by_side_up_to_the_limit(launch: Launch) -> None:
    model = HeldModel()
    jobs = launch(model, parallel=2)
    run_id = begin(jobs.studio, 36)
    jobs.start(run_id)
    soon(lambda: model.at_once == 2)
    model.gate.set()
    assert states(jobs.wait(run_id, seconds=20)) == ["done"] * 4
    assert model.most_at_once == 2


def test_who_waits_goes_before_a_batch(launch: Launch) -> None:
    model = HeldModel()
    jobs = launch(model, parallel=1)
    batch, rush = begin(jobs.studio, 54), begin(jobs.studio, sitting=people(9, "rush"))
    words = jobs.studio.run(rush).blocks[0].prompt
    jobs.start(batch, priority=BATCH)
    soon(lambda: model.at_once == 1)
    jobs.start(rush, priority=INTERACTIVE)
    model.gate.set()
    assert states(jobs.wait(batch, seconds=30)) == ["done"] * 6
    assert [request.prompt for request in model.asked].index(words) == 1


def test_an_unknown_run_or_a_missing_key_is_told_at_once(launch: Launch, tmp_path: Path) -> None:
    jobs = launch()
    run_id = begin(jobs.studio)
    with pytest.raises(RunUnknown):
        jobs.start("nope")
    jobs.close(seconds=0)
    keyless = launch(openai_api_key=None, openai_base_url="https://api.openai.com/v1")
    with pytest.raises(KeyMissing):
        keyless.start(run_id)


# Trying again


def test_a_busy_server_is_asked_again_and_never_too_early(launch: Launch, image_server: ImageServer) -> None:
    jobs = launch()
    image_server.script(Fault.rate_limited(retry_after="2"))
    run_id = begin(jobs.studio)
    jobs.start(run_id)
    soon(lambda: state_of(jobs.studio, run_id) is BlockState.WAITING)
    said = jobs.studio.run(run_id).blocks[0].message
    assert said.endswith("Trying again in 2 s (try 2 of 3).")
    assert "try again" not in said, "one thing is said, and not two"
    run = jobs.wait(run_id, seconds=20)
    first, second = (request.at for request in image_server.generations)
    assert second - first >= 2
    assert (states(run), run.blocks[0].attempts, run.blocks[0].message) == (["done"], 2, "")


def test_a_failing_server_is_asked_as_often_as_the_settings_say(
    launch: Launch, image_server: ImageServer
) -> None:
    jobs = launch(avatar_attempts=3)
    image_server.script(*[Fault.failed(500)] * 5)
    run_id = begin(jobs.studio)
    jobs.start(run_id)
    (record,) = jobs.wait(run_id, seconds=20).blocks
    assert (record.state.value, record.error, record.attempts) == ("failed", "ServerFailed", 3)
    assert len(image_server.generations) == 3


FINAL = {
    "KeyRejected": Fault.bad_key("sk-x"),
    "RequestRejected": Fault.status(400, code="invalid_value", message="No.", param="size"),
    "NoCredit": Fault.no_credit(),
    "PromptRefused": Fault.moderated(),
    "AnswerLost": Fault.cut_before(),
    "AnswerUnusable": Fault.without_picture(),
}


def test_what_trying_again_cannot_help_is_asked_once(launch: Launch, image_server: ImageServer) -> None:
    jobs = launch(parallel=1)
    image_server.script(*FINAL.values())
    runs = []
    for _ in FINAL:
        runs.append(begin(jobs.studio))
        jobs.start(runs[-1])
        jobs.wait(runs[-1], seconds=20, poll=0.02)
    records = [jobs.studio.run(run_id).blocks[0] for run_id in runs]
    assert [record.error for record in records] == list(FINAL)
    assert all(record.attempts == 1 and record.message for record in records)
    assert len(image_server.generations) == len(FINAL)


def test_a_failed_block_is_painted_when_it_is_started_again(
    launch: Launch, image_server: ImageServer
) -> None:
    jobs = launch(parallel=1)
    image_server.script(Fault.moderated())
    run_id = begin(jobs.studio, 18)
    jobs.start(run_id)
    assert sorted(states(jobs.wait(run_id, seconds=20))) == ["done", "failed"]
    jobs.start(run_id)
    run = jobs.wait(run_id, seconds=20)
    assert states(run) == ["done", "done"]
    assert [record.error for record in run.blocks] == ["", ""]
    assert sorted(asked(image_server).values()) == [1, 2]


@pytest.mark.parametrize(
    ("attempt", "wait", "chance", "seconds"),
    [
        (1, None, 0, 1),
        (2, None, 0, 2),
        (3, None, 0, 4),
        (9, None, 0, 60),
        (1, None, 1, 1.25),
        (2, 30, 1, 30),
        (3, 0.5, 0, 4),
    ],
)
def test_pauses_double_and_never_undercut_the_server(
    attempt: int, wait: float | None, chance: float, seconds: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("avatar_core.workflows.BACKOFF_SECONDS", 1.0)
    assert pause(attempt, wait, chance) == seconds


# What the store does meanwhile


def test_a_picture_that_could_not_be_entered_is_found_by_the_next_start(
    launch: Launch, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = ToyModel()
    jobs = launch(model)
    run_id = begin(jobs.studio)

    def fails(*_: object, **__: object) -> None:
        raise StoreLocked()

    with monkeypatch.context() as broken:
        broken.setattr(jobs.studio.store.catalog, "add_grid", fails)
        broken.setattr(jobs.studio.store.catalog.calls, "end", fails)
        jobs.start(run_id)
        (record,) = jobs.wait(run_id, seconds=20).blocks
        assert record.error == "StoreLocked"
    jobs.start(run_id)
    assert jobs.wait(run_id, seconds=20).state is BlockState.DONE
    assert len(model.asked) == 1
    outcomes = [call.outcome for call in jobs.studio.store.catalog.calls.of(run_id)]
    assert outcomes == ["AnswerLost", "spared"]


def test_a_database_that_is_away_for_a_moment_stops_nothing(
    launch: Launch, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs = launch(ToyModel())
    run_id = begin(jobs.studio)
    catalog, faults = jobs.studio.store.catalog, [StoreLocked(), StoreLocked()]
    move = catalog.states.move

    def stumbles(run: str, block: int, state: BlockState, **more: Any) -> bool:
        if state is BlockState.CUTTING and faults:
            raise faults.pop()
        return move(run, block, state, **more)

    monkeypatch.setattr(catalog.states, "move", stumbles)
    jobs.start(run_id)
    assert jobs.wait(run_id, seconds=20).state is BlockState.DONE
    assert faults == []


def test_a_block_whose_failure_could_not_be_written_down_is_ended_and_can_be_started_again(
    launch: Launch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("avatar_core.jobs.SETTLE_SECONDS", 0.5)

    def refuses(_: object) -> Any:
        raise ServerFailed()

    model = ToyModel(refuses)
    jobs = launch(model, avatar_attempts=1)
    run_id = begin(jobs.studio)
    states_ = jobs.studio.store.catalog.states
    move = states_.move

    def fails(run: str, block: int, state: BlockState, **more: Any) -> bool:
        if state is BlockState.FAILED and more["error"] == "ServerFailed":
            raise StoreLocked()
        return move(run, block, state, **more)

    with monkeypatch.context() as broken:
        broken.setattr(states_, "move", fails)
        jobs.start(run_id)
        (record,) = jobs.wait(run_id, seconds=20).blocks
    assert (record.state.value, record.error) == ("failed", "AvatarError")
    assert "Generate again" in record.message
    model._answer = ToyModel._draw
    jobs.start(run_id)
    assert jobs.wait(run_id, seconds=20).state is BlockState.DONE
    assert len(model.asked) == 2


def test_an_unexpected_failure_is_told_and_logged(launch: Launch, caplog: pytest.LogCaptureFixture) -> None:
    def breaks(_: object) -> Any:
        raise ZeroDivisionError("secret detail")

    jobs = launch(ToyModel(breaks))
    run_id = begin(jobs.studio)
    jobs.start(run_id)
    (record,) = jobs.wait(run_id, seconds=20).blocks
    assert (record.error, "ZeroDivisionError" in record.message) == ("AvatarError", True)
    assert "secret detail" not in record.message
    assert "secret detail" in caplog.text


# The rate


def test_requests_never_leave_faster_than_the_settings_say(launch: Launch, image_server: ImageServer) -> None:
    jobs = launch(avatar_requests_per_minute=60)  # two in each window of two seconds
    image_server.script(Fault.failed(500), Fault.rate_limited(retry_after="0"))
    run_id = begin(jobs.studio, 9 * 4)
    jobs.start(run_id)
    run = jobs.wait(run_id, seconds=40)
    assert states(run) == ["done"] * 4
    at = [request.at for request in image_server.generations]
    assert len(at) == 6
    worst = max(sum(start <= each < start + 1.9 for each in at) for start in at)
    assert worst <= 4  # two windows that meet


def test_an_attempt_that_failed_counts_against_the_rate(launch: Launch) -> None:
    def refuses(_: object) -> Any:
        raise RateLimited(retry_after=0.0)

    model = ToyModel(refuses)
    jobs = launch(model, avatar_requests_per_minute=5)  # one in twelve seconds
    run_id = begin(jobs.studio)
    jobs.start(run_id)
    soon(lambda: state_of(jobs.studio, run_id) is BlockState.WAITING)
    time.sleep(2)
    assert len(model.asked) == 1


def test_a_lost_answer_is_never_repeated_by_itself(
    launch: Launch, server_settings: Callable[..., Settings]
) -> None:
    def lost(_: object) -> Any:
        raise AnswerLost()

    model = ToyModel(lost)
    jobs = launch(model)
    run_id = begin(jobs.studio)
    jobs.start(run_id)
    jobs.wait(run_id, seconds=20)
    jobs.close()
    again = launch(model)
    time.sleep(1)  # the new engine looks for unfinished work more than once
    assert states(again.studio.run(run_id)) == ["failed"]
    assert len(model.asked) == 1
