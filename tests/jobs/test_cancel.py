"""Cancelling: nothing more is sent, what is on its way is kept, and starting again pays nothing twice."""

from __future__ import annotations

import time

from avatar_core.errors import ServerFailed
from avatar_core.jobs import BATCH
from avatar_core.types import BlockState, Painting, PaintRequest
from tests.jobs.conftest import Launch
from tests.jobs.running import HeldModel, begin, soon, state_of, states
from tests.toys import ToyModel


def test_a_cancelled_run_is_cancelled_at_once_and_keeps_the_picture_on_its_way(launch: Launch) -> None:
    model = HeldModel()
    jobs = launch(model, parallel=1)
    run_id = begin(jobs.studio, 27)
    jobs.start(run_id)
    soon(lambda: model.at_once == 1)
    jobs.cancel(run_id)
    run = jobs.studio.run(run_id)
    assert states(run) == ["cancelled"] * 3
    assert {record.error for record in run.blocks} == {"RunStopped"}

    model.gate.set()
    soon(lambda: any(record.grid for record in jobs.studio.run(run_id).blocks))
    soon(lambda: jobs._engine.wait_for_calls(0))
    time.sleep(0.5)  # nobody else is asked
    assert len(model.asked) == 1
    assert states(jobs.studio.run(run_id)) == ["cancelled"] * 3

    jobs.start(run_id)
    assert states(jobs.wait(run_id, seconds=20)) == ["done"] * 3
    assert len(model.asked) == 3


def test_a_run_that_is_cancelled_and_started_at_once_waits_for_its_request(launch: Launch) -> None:
    model = HeldModel()
    jobs = launch(model)
    run_id = begin(jobs.studio)
    jobs.start(run_id)
    soon(lambda: model.at_once == 1)
    for _ in range(3):
        jobs.cancel(run_id)
        jobs.start(run_id)
    soon(lambda: state_of(jobs.studio, run_id) is BlockState.PAINTING)
    time.sleep(0.7)  # the new round meets the old request and waits
    assert len(model.asked) == 1
    model.gate.set()
    run = jobs.wait(run_id, seconds=20)
    assert states(run) == ["done"]
    assert len(model.asked) == 1
    assert run.blocks[0].attempts == 1


def test_a_run_that_is_cancelled_while_it_waits_for_a_request_sends_no_other(launch: Launch) -> None:
    def refuses(_: PaintRequest) -> Painting:
        raise ServerFailed()

    model = HeldModel(refuses)
    jobs = launch(model)
    run_id = begin(jobs.studio)
    jobs.start(run_id)
    soon(lambda: model.at_once == 1)
    jobs.cancel(run_id)
    jobs.start(run_id)
    soon(lambda: state_of(jobs.studio, run_id) is BlockState.PAINTING)
    jobs.cancel(run_id)
    model.gate.set()
    soon(lambda: jobs._engine.wait_for_calls(0))
    time.sleep(0.8)
    assert len(model.asked) == 1
    assert state_of(jobs.studio, run_id) is BlockState.CANCELLED


def test_cancelling_what_waits_for_another_try_sends_nothing_more(launch: Launch) -> None:
    def refuses(_: PaintRequest) -> Painting:
        raise ServerFailed(retry_after=1.0)

    model = ToyModel(refuses)
    jobs = launch(model)
    run_id = begin(jobs.studio)
    jobs.start(run_id)
    soon(lambda: state_of(jobs.studio, run_id) is BlockState.WAITING)
    jobs.cancel(run_id)
    time.sleep(2.5)
    assert len(model.asked) == 1
    assert state_of(jobs.studio, run_id) is BlockState.CANCELLED


def test_cancelling_leaves_what_is_finished_and_other_runs_alone(launch: Launch) -> None:
    jobs = launch(ToyModel())
    done, other = begin(jobs.studio), begin(jobs.studio)
    jobs.start(done)
    jobs.wait(done, seconds=20)
    jobs.cancel(done)
    jobs.start(other)
    jobs.cancel(done)
    assert states(jobs.wait(other, seconds=20)) == ["done"]
    assert states(jobs.studio.run(done)) == ["done"]


def test_a_run_that_was_never_started_can_be_cancelled_and_started(launch: Launch) -> None:
    jobs = launch(ToyModel())
    run_id = begin(jobs.studio, 18)
    jobs.cancel(run_id)
    assert states(jobs.wait(run_id, seconds=5)) == ["cancelled"] * 2
    jobs.start(run_id, priority=BATCH)
    assert states(jobs.wait(run_id, seconds=20)) == ["done"] * 2


def test_a_long_run_is_started_and_cancelled_in_seconds(launch: Launch) -> None:
    model = HeldModel()
    jobs = launch(model, parallel=1)
    run_id = begin(jobs.studio, 10_000)
    began = time.monotonic()
    jobs.start(run_id, priority=BATCH)
    jobs.cancel(run_id)
    jobs.start(run_id, priority=BATCH)
    jobs.cancel(run_id)
    assert time.monotonic() - began < 30  # a statement for each block, and it would be minutes
    rounds = jobs.studio.store.catalog.states.rounds(run_id)
    assert {each.state for each in rounds} == {BlockState.CANCELLED}
    assert {each.number for each in rounds} == {1}
    model.gate.set()
