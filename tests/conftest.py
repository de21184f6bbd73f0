"""What every test stands on: no trace of the developer's environment, and an image API on this machine."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from avatar_core.settings import Settings
from tests.contract_server import ImageServer
from tests.postgres import Postgres, programs

TOGETHER = ("pages", "service")
"""Folders whose modules share a server or an engine: the tests of each module stay on one worker."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep modules together that would otherwise open what they share once more on each worker."""
    for item in items:
        if item.path.parent.name in TOGETHER and item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(f"{item.path.parent.name} {item.path.stem}"))


@pytest.fixture(autouse=True)
def _isolated(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No variable, proxy or .env file of the developer reaches a test."""
    for name in list(os.environ):
        if name.upper().startswith(("OPENAI_", "AZURE_", "AVATAR_", "DBOS_")) or name.lower().endswith(
            "_proxy"
        ):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="session")
def _image_server() -> Iterator[ImageServer]:
    server = ImageServer().start()
    yield server
    server.stop()


@pytest.fixture
def image_server(_image_server: ImageServer) -> ImageServer:
    """A real HTTP server that speaks OpenAI's images API and plays the faults that a test scripts."""
    _image_server.reset()
    return _image_server


@pytest.fixture
def server_settings(image_server: ImageServer) -> Callable[..., Settings]:
    """Settings that point at the image server, with its key; keywords change or add."""

    def make(**more: Any) -> Settings:
        return Settings(**{"openai_base_url": image_server.url, "openai_api_key": image_server.key, **more})

    return make


@pytest.fixture(scope="session")
def _postgres() -> Iterator[Postgres]:
    found = programs()
    if found is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("PostgreSQL's server is not installed here")
    server = Postgres(found)
    try:
        server.start()
        yield server
    finally:
        server.remove()


@pytest.fixture
def postgres(_postgres: Postgres) -> Postgres:
    """A real PostgreSQL server that the tests of this process share."""
    return _postgres


@pytest.fixture
def postgres_url(postgres: Postgres) -> str:
    """A new database on it."""
    return postgres.database()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A new database of each kind that we speak to."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'catalog.sqlite'}"
    url: str = request.getfixturevalue("postgres_url")
    return url
