"""Work that is put into a queue here does not wait until the queue is looked at."""

from __future__ import annotations

import threading

import pytest

from avatar_core import bells, engine
from avatar_core.bells import Bell
from avatar_core.types import BlockState
from tests.contract_server import ImageServer
from tests.jobs.conftest import Launch
from tests.jobs.running import begin
from tests.toys import ToyModel


def test_a_bell_is_heard_once_also_by_who_was_not_listening() -> None:
    bell = Bell()
    bell.ring()
    bell.ring()
    assert bell.wait(60) is False
    assert bell.wait(0.01) is False
    bell.set()
    assert bell.wait(60) is True
    assert bell.is_set()


def test_a_bell_wakes_who_waits() -> None:
    bell, heard = Bell(), threading.Event()

    def listen() -> None:
        bell.wait(60)
        heard.set()

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    bell.ring()
    assert heard.wait(20)
    thread.join()


def test_where_nothing_happens_a_loop_looks_less_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bells, "AWAKE_SECONDS", -1.0)
    monkeypatch.setattr(bells, "DOZE_SECONDS", 300.0)
    bell, looked = Bell(), threading.Event()

    def look() -> None:
        bell.wait(0.001)
        looked.set()

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    assert not looked.wait(0.3)
    bell.stir()
    assert looked.wait(20)
    thread.join()


def test_a_loop_stays_awake_for_what_comes_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bells, "DOZE_SECONDS", 300.0)
    bell = Bell()
    bell.ring(delay=60)
    monkeypatch.setattr(bells, "AWAKE_SECONDS", -1.0)
    bell.wait(0.001)
    assert bell.wait(0.001) is False  # it would be five minutes


def test_a_run_is_done_although_its_queues_are_hardly_ever_looked_at(
    launch: Launch, monkeypatch: pytest.MonkeyPatch, image_server: ImageServer
) -> None:
    monkeypatch.setattr(engine, "LOOK_SECONDS", 300.0)
    monkeypatch.setattr(bells, "DOZE_SECONDS", 300.0)
    told = threading.Event()
    jobs = launch()
    jobs.listen(told.set)
    run_id = begin(jobs.studio)
    jobs.start(run_id, new=True)
    assert jobs.wait(run_id, seconds=40).state is BlockState.DONE
    assert told.wait(20)
    assert len(image_server.generations) == 1


def test_what_failed_in_its_round_is_not_asked_for_again_in_it(launch: Launch) -> None:
    """As after a power cut that took the engine's last steps back: the catalog still knows."""
    model = ToyModel()
    jobs = launch(model)
    run_id = begin(jobs.studio)
    jobs.studio.store.catalog.states.move(run_id, 0, BlockState.FAILED, error="AnswerLost", message="Lost.")
    jobs.start(run_id, new=True)  # queued in the round that has failed
    jobs.close(seconds=5)
    assert model.asked == []
