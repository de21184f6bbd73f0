"""The engine opens and closes in one process, drains, and starts again when its database was away."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from avatar_core import jobs as room
from avatar_core.engine import Engine
from avatar_core.errors import StoreUnavailable
from avatar_core.jobs import open_jobs
from avatar_core.settings import Settings
from avatar_core.store import Blobs, Catalog, Store
from avatar_core.store.catalog import utc_now
from avatar_core.store.database import open_database
from avatar_core.studio import open_studio
from tests.contract_server import Fault, ImageServer
from tests.jobs.conftest import Launch
from tests.jobs.running import HeldModel, Worker, begin, soon, states
from tests.postgres import Postgres
from tests.toys import ToyModel


def test_an_engine_closes_and_another_opens_in_the_same_process(launch: Launch) -> None:
    for _ in range(3):
        jobs = launch(ToyModel())
        run_id = begin(jobs.studio)
        jobs.start(run_id)
        assert states(jobs.wait(run_id, seconds=20)) == ["done"]
        jobs.close(seconds=0)


def test_closing_twice_is_closing_once(launch: Launch) -> None:
    jobs = launch(ToyModel())
    jobs.close(seconds=0)
    jobs.close(seconds=0)
    with pytest.raises(StoreUnavailable):
        jobs.start(begin(jobs.studio))


def test_there_is_one_engine_in_a_process(launch: Launch) -> None:
    jobs = launch(ToyModel())
    with pytest.raises(RuntimeError, match="already running"):
        open_jobs(jobs.studio)
    run_id = begin(jobs.studio)
    jobs.start(run_id)
    assert states(jobs.wait(run_id, seconds=20)) == ["done"]


def test_closing_lets_what_is_under_way_finish(launch: Launch) -> None:
    model = HeldModel()
    jobs = launch(model, parallel=1)
    run_id = begin(jobs.studio, 27)
    jobs.start(run_id)
    soon(lambda: model.at_once == 1)
    threading.Timer(0.3, model.gate.set).start()
    jobs.close(seconds=20)
    assert sorted(states(jobs.studio.run(run_id))) == ["done", "queued", "queued"]
    assert len(model.asked) == 1


def test_closing_does_not_wait_for_what_has_not_begun(launch: Launch) -> None:
    model = ToyModel()
    jobs = launch(model, avatar_requests_per_minute=1)
    run_id = begin(jobs.studio, 36)
    jobs.start(run_id)
    soon(lambda: len(model.asked) == 1)
    soon(lambda: states(jobs.studio.run(run_id)).count("done") == 1)
    began = time.monotonic()
    jobs.close(seconds=60)
    assert time.monotonic() - began < 20
    again = launch(model)
    assert states(again.wait(run_id, seconds=20)) == ["done"] * 4
    assert len(model.asked) == 4


def test_a_request_that_outlives_the_engine_is_kept_and_not_repeated(launch: Launch) -> None:
    model = HeldModel()
    jobs = launch(model)
    run_id = begin(jobs.studio)
    jobs.start(run_id)
    soon(lambda: model.at_once == 1)
    jobs.close(seconds=0)
    again = launch(model)  # its reaper looks for the dead
    time.sleep(1)
    assert len(model.asked) == 1
    model.gate.set()
    run = again.wait(run_id, seconds=20)
    assert states(run) == ["done"]
    assert len(model.asked) == 1
    assert [call.outcome for call in again.studio.store.catalog.calls.of(run_id)] == ["painted"]


def test_an_engine_that_cannot_open_leaves_the_process_as_it_was(
    launch: Launch, server_settings: Callable[..., Settings], tmp_path: Path
) -> None:
    studio = open_studio(server_settings(avatar_data_dir=tmp_path / "broken"))
    file = tmp_path / "broken" / "catalog.sqlite.engine"
    file.write_bytes(b"not a database at all" * 1000)
    with pytest.raises(StoreUnavailable):
        open_jobs(studio)
    studio.close()
    assert Engine._current is None
    jobs = launch(ToyModel())
    run_id = begin(jobs.studio)
    jobs.start(run_id)
    assert states(jobs.wait(run_id, seconds=20)) == ["done"]


def test_an_engine_whose_queues_cannot_be_made_says_so_and_can_be_opened_later(
    launch: Launch, server_settings: Callable[..., Settings], tmp_path: Path
) -> None:
    studio = open_studio(server_settings(avatar_data_dir=tmp_path / "data"))
    (tmp_path / "data" / "catalog.sqlite.engine").mkdir()
    with pytest.raises(StoreUnavailable):
        open_jobs(studio)
    studio.close()
    (tmp_path / "data" / "catalog.sqlite.engine").rmdir()
    launch(ToyModel())


def test_a_run_that_was_begun_and_never_started_is_found_by_the_next_engine(
    launch: Launch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "SETTLE_SECONDS", 0.0)
    model = ToyModel()
    first = launch(model)
    first.close(seconds=0)
    run_id = begin(first.studio, 18)
    assert states(launch(model).wait(run_id, seconds=20)) == ["done", "done"]


def test_what_an_older_version_left_in_its_queues_is_taken_up(
    launch: Launch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "SETTLE_SECONDS", 0.0)
    model = ToyModel()
    with monkeypatch.context() as older:
        older.setattr("avatar_core.engine.VERSION", "older")
        jobs = launch(model, avatar_requests_per_minute=1)
        run_id = begin(jobs.studio, 18)
        jobs.start(run_id)
        soon(lambda: sorted(states(jobs.studio.run(run_id))) == ["done", "queued"])
        jobs.close(seconds=5)
    assert states(launch(model).wait(run_id, seconds=20)) == ["done", "done"]
    assert len(model.asked) == 2


def test_a_run_that_was_just_begun_is_left_to_whoever_began_it(launch: Launch) -> None:
    model = ToyModel()
    jobs = launch(model)
    run_id = begin(jobs.studio)
    time.sleep(1.2)  # the engine tidies more than once
    assert (states(jobs.studio.run(run_id)), model.asked) == (["queued"], [])


def test_what_ended_long_ago_is_forgotten(launch: Launch, monkeypatch: pytest.MonkeyPatch) -> None:
    jobs = launch(ToyModel())
    run_id = begin(jobs.studio)
    jobs.start(run_id)
    jobs.wait(run_id, seconds=20)
    assert len(jobs._engine.known(run_id)) == 1
    soon(lambda: all(jobs._engine.known(run_id).values()))
    time.sleep(0.5)
    assert len(jobs._engine.known(run_id)) == 1
    monkeypatch.setattr("avatar_core.engine.KEEP_DAYS", -1)
    soon(lambda: not jobs._engine.known(run_id))
    assert states(jobs.studio.run(run_id)) == ["done"]


def test_the_engine_starts_again_when_its_database_was_away(
    launch: Launch, postgres: Postgres, postgres_url: str
) -> None:
    jobs = launch(ToyModel(), avatar_database_url=postgres_url)
    first = jobs._engine.executor
    run_id = begin(jobs.studio, 18)
    postgres.stop()
    postgres.start()
    soon(lambda: jobs._engine.executor != first, seconds=40)
    soon(lambda: Engine._current is jobs._engine)
    jobs.start(run_id)
    assert states(jobs.wait(run_id, seconds=30)) == ["done", "done"]


def test_a_lost_lease_while_a_request_is_under_way_does_not_repeat_it(
    launch: Launch, postgres: Postgres, postgres_url: str
) -> None:
    model = HeldModel()
    jobs = launch(model, avatar_database_url=postgres_url)
    first = jobs._engine.executor
    run_id = begin(jobs.studio)
    jobs.start(run_id)
    soon(lambda: model.at_once == 1)
    postgres.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1 "
        f"AND database = (SELECT oid FROM pg_database WHERE datname = '{postgres_url.rpartition('/')[2]}')"
    )
    soon(lambda: jobs._engine.executor != first, seconds=40)
    time.sleep(1)
    model.gate.set()
    assert states(jobs.wait(run_id, seconds=30)) == ["done"]
    assert len(model.asked) == 1


def test_a_worker_that_is_told_to_stop_finishes_its_picture_first(
    image_server: ImageServer, server_settings: Callable[..., Settings], tmp_path: Path
) -> None:
    settings = server_settings(avatar_data_dir=tmp_path / "data", avatar_requests_per_minute=1)
    run_id = begun_long_ago(settings, 18)
    image_server.script(Fault.slow(1.5))
    worker = Worker(settings, "-m", "avatar_core", "worker")
    worker.until(lambda: image_server.generations)
    worker.process.send_signal(signal.SIGTERM)
    _, err = worker.finish()
    assert worker.process.returncode == 0, err
    assert err.splitlines() == ["Working. Ctrl+C stops after the pictures that are under way.", "Stopping."]
    studio = open_studio(settings)
    assert sorted(states(studio.run(run_id))) == ["done", "queued"]
    studio.close()


def begun_long_ago(settings: Settings, count: int) -> str:
    """A run that nobody queued, so that any engine takes it up."""
    catalog = Catalog(open_database(settings.database_url), lambda: utc_now() - timedelta(hours=1))
    studio = open_studio(settings, store=Store(catalog, Blobs(settings.storage_url)))
    run_id = begin(studio, count)
    studio.close()
    return run_id
