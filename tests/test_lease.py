"""Leases: who is alive, told by a lock that nobody can hold after death. In files and on PostgreSQL alike."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from avatar_core.errors import StoreUnavailable
from avatar_core.jobs import engine_url
from avatar_core.lease import CALLERS, Lease, take_lease
from tests.postgres import Postgres

HOLD = """
import sys, time
from avatar_core.lease import take_lease
lease = take_lease(sys.argv[1])
print(lease.executor, flush=True)
time.sleep(60)
"""


@pytest.fixture
def url(database_url: str) -> str:
    return engine_url(database_url)


@pytest.fixture
def lease(url: str) -> Iterator[Lease]:
    lease = take_lease(url)
    yield lease
    lease.release()


class Holder:
    """Another process that holds a lease."""

    def __init__(self, url: str) -> None:
        environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
        self._process = subprocess.Popen(
            [sys.executable, "-c", HOLD, url], stdout=subprocess.PIPE, text=True, env=environment
        )
        assert self._process.stdout is not None
        self.executor = self._process.stdout.readline().strip()

    def kill(self) -> None:
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()


@pytest.fixture
def holder(url: str) -> Iterator[Holder]:
    holder = Holder(url)
    yield holder
    holder.kill()


def test_every_lease_has_a_name_of_its_own(url: str, lease: Lease) -> None:
    other = take_lease(url)
    assert other.executor != lease.executor
    other.release()


def test_nobody_is_dead_in_its_own_eyes(lease: Lease) -> None:
    assert not lease.is_dead(lease.executor)
    lease.check()


def test_an_executor_that_was_never_seen_is_dead(lease: Lease) -> None:
    assert lease.is_dead("never-seen")
    assert lease.is_dead("../../etc/passwd")


def test_another_in_the_same_process_lives_until_it_is_released(url: str, lease: Lease) -> None:
    other = take_lease(url)
    assert not lease.is_dead(other.executor)
    assert not other.is_dead(lease.executor)
    other.release()
    assert lease.is_dead(other.executor)


def test_another_process_lives_until_it_is_killed(lease: Lease, holder: Holder) -> None:
    for _ in range(3):
        assert not lease.is_dead(holder.executor)
    holder.kill()
    assert soon(lambda: lease.is_dead(holder.executor))
    assert lease.is_dead(holder.executor)


def test_many_ask_at_once_and_none_calls_the_living_dead(url: str, lease: Lease) -> None:
    other, said = take_lease(url), []
    threads = [
        threading.Thread(target=lambda: said.extend(lease.is_dead(other.executor) for _ in range(20)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert said == [False] * 80
    other.release()


def test_a_lease_taken_in_one_thread_is_released_in_another(url: str, lease: Lease) -> None:
    other = take_lease(url)
    thread = threading.Thread(target=other.release)
    thread.start()
    thread.join()
    assert lease.is_dead(other.executor)


def test_a_child_process_does_not_inherit_the_lease(url: str, lease: Lease) -> None:
    other = take_lease(url)
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    other.release()
    assert lease.is_dead(other.executor)
    child.communicate(b"\n")


def test_no_lease_can_be_had_where_nothing_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreUnavailable):
        take_lease(f"sqlite:///{tmp_path / 'file' / 'x'}")
    with pytest.raises(StoreUnavailable):
        take_lease("postgresql://postgres@127.0.0.1:9/none")


def test_a_lost_session_is_noticed_and_counts_as_dead(postgres: Postgres, postgres_url: str) -> None:
    lease, other = take_lease(postgres_url), take_lease(postgres_url)
    postgres.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND database = "
        f"(SELECT oid FROM pg_database WHERE datname = '{sa.make_url(postgres_url).database}')"
    )
    with pytest.raises(sa.exc.SQLAlchemyError):
        lease.check()
    third = take_lease(postgres_url)
    assert third.is_dead(lease.executor)
    assert third.is_dead(other.executor)
    for each in (lease, other, third):
        each.release()


def test_a_caller_is_known_while_its_request_lasts() -> None:
    with CALLERS.calling("me") as first, CALLERS.calling("me") as second:
        assert first != second
        assert first in CALLERS
        assert not CALLERS.wait("me", 0)
        assert CALLERS.wait("m", 0)
    assert first not in CALLERS
    assert CALLERS.wait("me", 0)


def test_who_waits_for_a_request_wakes_at_its_end() -> None:
    waited = threading.Event()

    def wait() -> None:
        CALLERS.wait("me")
        waited.set()

    with CALLERS.calling("me"):
        thread = threading.Thread(target=wait)
        thread.start()
        assert not waited.wait(0.05)
    thread.join(5)
    assert waited.is_set()


def soon(true: object, seconds: float = 5) -> bool:
    """Whether something becomes true in time."""
    assert callable(true)
    pause = threading.Event()
    for _ in range(int(seconds / 0.05)):
        if true():
            return True
        pause.wait(0.05)
    return False
