"""A studio with its engine running, on a fresh data folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from avatar_core import jobs, workflows
from avatar_core.jobs import Jobs, open_jobs
from avatar_core.models import ImageModel
from avatar_core.settings import Settings
from avatar_core.studio import open_studio

Launch = Callable[..., Jobs]


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same engine, with shorter pauses."""
    monkeypatch.setattr(jobs, "REAP_SECONDS", 0.2)
    monkeypatch.setattr(jobs, "TIDY_SECONDS", 0.4)
    monkeypatch.setattr(workflows, "BACKOFF_SECONDS", 0.05)
    monkeypatch.setattr(workflows, "INSIST_SECONDS", (0.1, 0.1))


@pytest.fixture
def launch(tmp_path: Path, server_settings: Callable[..., Settings]) -> Iterator[Launch]:
    """Open a studio that asks the image server, or paints with a given model, and start its engine."""
    opened: list[Jobs] = []

    def run(model: ImageModel | None = None, parallel: int = 8, **more: Any) -> Jobs:
        settings = {"avatar_data_dir": tmp_path / "data", "avatar_requests_per_minute": 60_000, **more}
        started = open_jobs(open_studio(server_settings(**settings), model=model), parallel=parallel)
        opened.append(started)
        return started

    yield run
    for each in opened:
        each.close(seconds=0)
        each._engine.wait_for_calls(10)
        each.studio.close()
