"""One studio for all tests of a module: the engine is one to a process, and opening it takes a second."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit import config
from streamlit.components.v2 import manifest_scanner

from dashboard import state
from tests.contract_server import ImageServer

SETTINGS = Path(__file__).parents[2] / ".streamlit" / "config.toml"


@pytest.fixture(scope="session", autouse=True)
def _runner() -> Iterator[None]:
    """Streamlit's test runner with the settings of the pages, which it does not find from a folder of its own.

    At each visit it looks through all installed packages for components; they stay the same meanwhile.
    """
    told = tomllib.loads(SETTINGS.read_text(encoding="utf-8"))
    for section in ("browser", "client", "runner"):
        for name, value in told[section].items():
            config.set_option(f"{section}.{name}", value)
    with pytest.MonkeyPatch.context() as patch:
        scan = functools.cache(manifest_scanner.scan_component_manifests)
        patch.setattr(manifest_scanner, scan.__name__, scan)
        yield


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
