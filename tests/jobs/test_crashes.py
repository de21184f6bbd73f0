"""Processes that die: nothing is lost, and nothing is asked again whose answer was kept."""

from __future__ import annotations

import random
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from avatar_core.settings import Settings
from avatar_core.studio import Studio, open_studio
from avatar_core.types import BlockState, Size
from tests.contract_server import Fault, ImageServer
from tests.jobs.conftest import Launch
from tests.jobs.running import Worker, asked, begin, states
from tests.toys import ToyModel, nine_colours, painting


@pytest.fixture
def settings(tmp_path: Path, database_url: str, server_settings: Callable[..., Settings]) -> Settings:
    """For several processes, on each kind of database."""
    return server_settings(
        avatar_data_dir=tmp_path / "data", avatar_database_url=database_url, avatar_requests_per_minute=60_000
    )


@pytest.fixture
def studio(settings: Settings) -> Iterator[Studio]:
    studio = open_studio(settings)
    yield studio
    studio.close()


def kept(studio: Studio, run_id: str) -> set[str]:
    """The prompts of the blocks whose picture is here, whether the catalog knows it or not."""
    return {
        record.prompt
        for record in studio.run(run_id).blocks
        if record.grid is not None or studio.store.arrivals.find(run_id, record.block.index) is not None
    }


@pytest.mark.timeout(300)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_whatever_moment_a_worker_is_killed_every_block_is_painted_and_nothing_kept_is_paid_again(
    settings: Settings, studio: Studio, image_server: ImageServer
) -> None:
    image_server.script(*[Fault.slow(0.25)] * 200)
    run_id = begin(studio, 9 * 12)
    chance, asked_when_kept = random.Random(7), Counter[str]()
    for kill in range(5):
        before, here = len(image_server.generations), len(kept(studio, run_id))
        worker = Worker.on(settings, run_id)
        worker.until(lambda: len(image_server.generations) > before)  # noqa: B023
        if kill % 2:
            worker.until(lambda: len(kept(studio, run_id)) > here)  # noqa: B023
        time.sleep(chance.uniform(0, 0.3))
        worker.kill()
        counts = asked(image_server)
        for prompt in kept(studio, run_id) - set(asked_when_kept):
            asked_when_kept[prompt] = counts[prompt]
    assert 0 < len(asked_when_kept) < 12

    _, err = Worker.on(settings, run_id).finish(90)
    run = studio.run(run_id)
    assert states(run) == ["done"] * 12, err
    assert len(run.avatars) == 108
    counts = asked(image_server)
    assert {prompt: counts[prompt] for prompt in asked_when_kept} == dict(asked_when_kept)
    assert len(counts) == 12
    assert all(call.ended for call in studio.store.catalog.calls.of(run_id))


def test_the_work_of_a_dead_process_is_taken_over_by_a_living_one(
    settings: Settings, studio: Studio, image_server: ImageServer, launch: Launch
) -> None:
    image_server.script(*[Fault.slow(30)] * 2)
    run_id = begin(studio, 18)
    doomed = Worker.on(settings, run_id)
    doomed.until(lambda: len(image_server.generations) == 2)
    living = launch(ToyModel(), avatar_database_url=settings.avatar_database_url)
    time.sleep(0.6)
    assert states(living.studio.run(run_id)) == ["painting"] * 2  # it leaves the living alone
    doomed.kill()
    run = living.wait(run_id, seconds=40)
    assert states(run) == ["done"] * 2
    outcomes = [[call.outcome for call in studio.store.catalog.calls.of(run_id, block)] for block in (0, 1)]
    assert outcomes == [["AnswerLost", "painted"]] * 2


def test_a_call_that_a_dead_process_left_open_is_closed_by_the_next(launch: Launch) -> None:
    model = ToyModel()
    jobs = launch(model)
    run_id = begin(jobs.studio)
    jobs.studio.store.catalog.calls.begin(run_id, 0, "host-1-deadbeef#1")
    jobs.start(run_id)
    assert jobs.wait(run_id, seconds=20).state is BlockState.DONE
    assert len(model.asked) == 1
    outcomes = [call.outcome for call in jobs.studio.store.catalog.calls.of(run_id)]
    assert outcomes == ["AnswerLost", "painted"]


def test_a_picture_whose_process_died_before_the_catalog_knew_it_is_not_asked_for_again(
    launch: Launch,
) -> None:
    model = ToyModel()
    jobs = launch(model)
    run_id = begin(jobs.studio)
    jobs.studio.store.catalog.calls.begin(run_id, 0, "host-1-deadbeef#1")
    jobs.studio.store.arrivals.keep(
        run_id, 0, painting(nine_colours(Size(1024, 1024)), size=Size(1024, 1024))
    )
    jobs.start(run_id)
    assert jobs.wait(run_id, seconds=20).state is BlockState.DONE
    assert model.asked == []


def test_two_processes_share_one_run_and_paint_it_once(
    settings: Settings, studio: Studio, image_server: ImageServer
) -> None:
    image_server.script(*[Fault.slow(0.2)] * 40)
    run_id = begin(studio, 9 * 4)
    workers = [Worker.on(settings, run_id) for _ in range(2)]
    ends = [worker.finish(90) for worker in workers]
    assert states(studio.run(run_id)) == ["done"] * 4, ends
    assert set(asked(image_server).values()) == {1}
    assert [err for _, err in ends] == ["", ""]  # nothing to say in normal operation


def test_the_engine_keeps_no_key_and_no_picture(
    settings: Settings, studio: Studio, image_server: ImageServer, launch: Launch
) -> None:
    image_server.script(Fault.bad_key(image_server.key), Fault.failed(500))
    jobs = launch(avatar_database_url=settings.avatar_database_url, parallel=1)
    run_id = begin(jobs.studio, 27)
    jobs.start(run_id)
    assert sorted(states(jobs.wait(run_id, seconds=40))) == ["done", "done", "failed"]
    jobs.close()
    text = everything(settings.database_url)
    assert image_server.key.encode() not in text
    assert b"PNG" not in text.partition(b"catalog:")[0]
    assert b"Man, " not in text.partition(b"catalog:")[0]  # the engine knows no people
    assert len(text) < 3_000_000


def everything(url: str) -> bytes:
    """What a database holds, the engine's tables first."""
    if url.startswith("sqlite"):
        file = Path(url.removeprefix("sqlite:///"))
        engine = b"".join(
            path.read_bytes() for path in sorted(file.parent.glob(f"{file.name}.engine*")) if path.is_file()
        )
        return engine + b"catalog:" + file.read_bytes()
    dump = subprocess.run(["pg_dump", "--schema=dbos", url], capture_output=True, check=True).stdout
    return dump + b"catalog:" + subprocess.run(["pg_dump", url], capture_output=True, check=True).stdout
