"""A browser, dashboards to look at, and a watch over what must not happen meanwhile."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect, sync_playwright

from scripts.browser import find
from tests.contract_server import ImageServer
from tests.journeys.dashboard import CHROMIUM_ARGS, Dashboard, Watch

expect.set_options(timeout=20_000)


@pytest.fixture(scope="package")
def context() -> Iterator[BrowserContext]:
    """One browser for all tests, which keeps Streamlit's five megabytes of script in its cache."""
    path = os.environ.get("CHROMIUM") or find()
    if not path:
        pytest.fail("No browser was found. `make test` installs one; or name it: CHROMIUM=/path/to/chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGS)
        context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
        context.set_default_timeout(20_000)
        yield context
        browser.close()


@pytest.fixture
def watch() -> Iterator[Watch]:
    """Fails the test on a request to another host, on an error in the console and on an error of the page."""
    watch = Watch()
    yield watch
    assert not watch.found, watch.found


FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report


@pytest.fixture
def page(
    context: BrowserContext, watch: Watch, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Page]:
    """A tab at desktop size; if the test fails, a picture of it stands in the test's folder."""
    page = watch.over(context.new_page())
    page.set_viewport_size({"width": 1440, "height": 900})
    yield page
    if request.node.stash.get(FAILED, False):
        page.screenshot(path=tmp_path / "failed.png", full_page=True)
    page.close()


@contextmanager
def _serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Dashboard]]:
    started: list[Dashboard] = []

    def start(*options: str, **environment: str) -> Dashboard:
        data = tmp_path_factory.mktemp("journey") / "data"
        started.append(Dashboard(data, *options, **environment).start())
        return started[-1]

    yield start
    for each in started:
        each.stop(signal.SIGKILL)  # nothing of it is kept, so nothing is to be tidied up


@pytest.fixture
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Dashboard]]:
    """Start a dashboard over a folder of its own; keywords are its environment. It ends with the test."""
    with _serving(tmp_path_factory) as start:
        yield start


@pytest.fixture(scope="package")
def _serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Dashboard]]:
    with _serving(tmp_path_factory) as start:
        yield start


@pytest.fixture(scope="package")
def demo(_serve: Callable[..., Dashboard]) -> Dashboard:
    """A dashboard with the demo model."""
    return _serve()


@pytest.fixture(scope="package")
def _images() -> Iterator[ImageServer]:
    server = ImageServer().start()
    yield server
    server.stop()


@pytest.fixture(scope="package")
def real(_serve: Callable[..., Dashboard], _images: ImageServer) -> Dashboard:
    """A dashboard whose image model is asked over HTTP, at a server that plays faults."""
    return _serve(
        OPENAI_BASE_URL=_images.url,
        OPENAI_API_KEY=_images.key,
        AVATAR_MODEL="gpt-image-2.5-flare",
        AVATAR_TIMEOUT="4",
    )


@pytest.fixture
def images(_images: ImageServer) -> ImageServer:
    """The image server behind ``real``, well-behaved at first."""
    _images.reset()
    return _images
