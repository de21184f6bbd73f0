"""What the tests of the engine share: runs to begin, a model to hold back, other processes to kill."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Self

from avatar_core.settings import Settings
from avatar_core.studio import Studio
from avatar_core.types import BlockState, Painting, PaintRequest, Persona, Recipe, Run, Size
from tests.contract_server import ImageServer
from tests.toys import ToyModel, people

SERVED = Recipe(model="gpt-image-2.5-flare", size=Size(816, 816), quality="low")


def begin(studio: Studio, count: int = 9, *, sitting: Sequence[Persona] = ()) -> str:
    """A new run that a server shall paint: nobody is like another, so each block has a prompt of its own."""
    return studio.begin(studio.plan(sitting or people(count), SERVED))


def states(run: Run) -> list[str]:
    return [record.state.value for record in run.blocks]


def soon(true: Callable[[], object], seconds: float = 15) -> None:
    """Wait until something is true; fail if it does not become so."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)


def state_of(studio: Studio, run_id: str, block: int = 0) -> BlockState:
    return studio.store.catalog.states.of(run_id, block).state


def asked(server: ImageServer) -> Counter[str]:
    """How often each prompt was sent."""
    return Counter(request.json["prompt"] for request in server.generations)


class HeldModel(ToyModel):
    """Draws only when it is let; counts who waits."""

    def __init__(self, answer: Callable[[PaintRequest], Painting] | None = None) -> None:
        super().__init__(answer)
        self.gate = threading.Event()
        self.at_once = self.most_at_once = 0

    def paint(self, request: PaintRequest) -> Painting:
        with self._lock:
            self.asked.append(request)
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            assert self.gate.wait(30)
            return self._answer(request)
        finally:
            with self._lock:
                self.at_once -= 1


class Worker:
    """Another process that works on the same data."""

    def __init__(self, settings: Settings, *arguments: str) -> None:
        values = {
            "OPENAI_BASE_URL": settings.openai_base_url,
            "OPENAI_API_KEY": settings.key(),
            "AVATAR_DATA_DIR": str(settings.avatar_data_dir),
            "AVATAR_DATABASE_URL": settings.avatar_database_url or "",
            "AVATAR_REQUESTS_PER_MINUTE": str(settings.avatar_requests_per_minute),
            "PYTHONPATH": str(Path(__file__).parents[2]),
        }
        self.process = subprocess.Popen(
            [sys.executable, *(arguments or ("-m", "tests.jobs.worker"))],
            env={**os.environ, **values},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            text=True,
        )

    @classmethod
    def on(cls, settings: Settings, run_id: str) -> Self:
        return cls(settings, "-m", "tests.jobs.worker", run_id)

    def until(self, true: Callable[[], object], seconds: float = 60) -> None:
        """Wait until something is true; fail with what this process said if it ends before."""

        def over() -> bool:
            assert self.process.poll() is None or true(), self.finish()
            return bool(true())

        soon(over, seconds)

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.communicate()

    def finish(self, seconds: float = 60) -> tuple[str, str]:
        """Wait for its end and return what it wrote to stdout and stderr."""
        out, err = self.process.communicate(timeout=seconds)
        return out, err
