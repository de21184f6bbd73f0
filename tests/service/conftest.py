"""A running service, in front of the image server of the tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from avatar_core import workflows
from avatar_core.settings import Settings
from tests.contract_server import KEY, ImageServer
from tests.service.served import Served

Serve = Callable[..., Served]


@pytest.fixture(scope="module", autouse=True)
def _quick() -> Iterator[None]:
    """The same engine, with shorter pauses."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workflows, "BACKOFF_SECONDS", 0.02)
        yield


def settings_for(server: ImageServer, folder: Path, **more: Any) -> Settings:
    known = {
        "openai_base_url": server.url,
        "openai_api_key": KEY,
        "avatar_data_dir": folder,
        "avatar_requests_per_minute": 60_000,
        "avatar_service_drain": 0,
    }
    return Settings(_env_file=None, **{**known, **more})


ON_EACH_DATABASE = pytest.mark.parametrize(
    "_service", ["sqlite", "postgresql"], indirect=True, scope="module"
)
"""Marks a module whose shared service is to run on each kind of database."""


@pytest.fixture(scope="module")
def _service(
    request: pytest.FixtureRequest, _image_server: ImageServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    more = {}
    if getattr(request, "param", "sqlite") == "postgresql":
        more["avatar_database_url"] = request.getfixturevalue("_postgres").database()
    served = Served(settings_for(_image_server, tmp_path_factory.mktemp("service"), **more)).start()
    yield served
    served.stop()


@pytest.fixture
def service(_service: Served, image_server: ImageServer) -> Served:
    """A service that the tests of a module share; the server behind it is new."""
    return _service


@pytest.fixture
def serve(image_server: ImageServer, tmp_path: Path) -> Iterator[Serve]:
    """Start a service with settings of one's own. Not in a module that uses the shared one."""
    started: list[Served] = []

    def run(**more: Any) -> Served:
        served = Served(settings_for(image_server, tmp_path / "data", **more)).start()
        started.append(served)
        return served

    yield run
    for each in started:
        each.stop()
