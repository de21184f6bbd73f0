"""One studio for all tests of a module: the engine is one to a process, and opening it takes a second."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboard import state
from tests.contract_server import ImageServer


@pytest.fixture(scope="session")
def _pages_server() -> Iterator[ImageServer]:
    server = ImageServer().start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def _studio(_pages_server: ImageServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    data = tmp_path_factory.mktemp("pages")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AVATAR_DATA_DIR", str(data))
        patch.setenv("AVATAR_REQUESTS_PER_MINUTE", "6000")
        patch.setenv("AVATAR_ATTEMPTS", "1")
        patch.setenv("OPENAI_BASE_URL", _pages_server.url)
        patch.setenv("OPENAI_API_KEY", _pages_server.key)
        patch.chdir(data)
        state.jobs()
    yield data
    state.jobs.clear()


@pytest.fixture
def images(_studio: Path, _pages_server: ImageServer) -> ImageServer:
    """The image server of the studio that the pages use, well-behaved at first."""
    _pages_server.reset()
    return _pages_server


@pytest.fixture(autouse=True)
def _open(images: ImageServer) -> None:
    """Every test of the pages has a studio."""
