"""The real dashboard in a process of its own, and the browser that looks at it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import ConsoleMessage, Locator, Page, Request, expect
from playwright.sync_api import TimeoutError as TooLate

ROOT = Path(__file__).parents[2]

#: What headless Chromium must be told in a container, and what it would otherwise do of its own accord.
CHROMIUM_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-extensions",
    "--disable-sync",
    "--no-first-run",
]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


class Dashboard:
    """A server as ``make run`` starts it, over a data folder that outlives it."""

    def __init__(self, data: Path, *options: str, **environment: str) -> None:
        self.data = data
        self.port = free_port()
        self.options = options
        path = next((o.partition("=")[2] for o in options if o.startswith("--server.baseUrlPath=")), "")
        self.url = f"http://127.0.0.1:{self.port}" + (f"/{path}" if path else "")
        # A developer's .env must neither lend a key nor choose a model that costs money.
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("COV_")},
            "AVATAR_DATA_DIR": str(data),
            "AVATAR_MODEL": "demo",
            "AVATAR_REQUESTS_PER_MINUTE": "600",
            "OPENAI_API_KEY": "sk-of-the-journeys-0123456789",
            "OPENAI_BASE_URL": "http://127.0.0.1:9",
            **environment,
        }
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> Dashboard:
        self.data.mkdir(parents=True, exist_ok=True)
        address = ["--server.address", "127.0.0.1", "--server.port", str(self.port)]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "streamlit", "run", "app.py", *address, *self.options],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        for _ in range(300):
            try:
                with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=1):
                    return self
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                assert self._process.poll() is None, self.log.read_text()
                time.sleep(0.1)
        raise AssertionError(self.log.read_text())

    def stop(self, sign: signal.Signals = signal.SIGTERM) -> None:
        """End the process; ``SIGKILL`` gives it no chance to tidy up."""
        if self._process is not None:
            self._process.send_signal(sign)
            self._process.wait(timeout=20)
            self._process = None

    @property
    def log(self) -> Path:
        return self.data.parent / f"{self.data.name}.log"


class Watch:
    """Everything that must not happen while somebody looks at the dashboard."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self._outage = False

    def over(self, page: Page) -> Page:
        page.on("request", self._request)
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.found.append(f"page error: {error}"))
        return page

    @contextmanager
    def outage(self) -> Iterator[None]:
        """The server is away on purpose: the browser may complain that it does not answer."""
        self._outage = True
        yield
        self._outage = False

    def _request(self, request: Request) -> None:
        if not request.url.startswith(("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:")):
            self.found.append(f"request to {request.url}")

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not self._outage:
            self.found.append(f"console: {message.text}")


def settled(page: Page) -> None:
    """Wait until the script has run and the connection stands; then nothing of it may be a traceback."""
    page.locator(
        '.stApp[data-test-script-state="notRunning"][data-test-connection-state="CONNECTED"]'
    ).wait_for()
    expect(page.get_by_test_id("stException")).to_have_count(0)


def visit(page: Page, url: str, sign: str) -> None:
    """Open an address and wait for a text that only this page has."""
    page.goto(url)
    page.get_by_text(sign).first.wait_for()
    settled(page)


def choose(page: Page, label: str, option: str) -> None:
    """Choose from a list by its label."""
    wanted = page.get_by_role("option", name=option, exact=True)
    for _ in range(5):  # a list closes again when the page moves under it
        page.get_by_role("combobox", name=label).first.click()
        with suppress(TooLate):
            wanted.wait_for(timeout=2_000)
            break
    wanted.click()
    settled(page)


def pick(page: Page, option: str) -> None:
    """Pick one of a row of choices."""
    page.get_by_role("radio", name=option, exact=True).click()
    settled(page)


def select_cell(page: Page, column: int, row: int) -> None:
    """Select a cell of the people's table; columns count from 1. The table is a canvas with a hidden twin in ARIA."""

    def selected(number: int) -> Locator:
        return page.locator(f'[data-testid="glide-cell-{number}-{row}"][aria-selected="true"]')

    if selected(column).count():  # a click on a selected cell would open it
        return
    canvas = page.get_by_test_id("stDataFrame").get_by_test_id("data-grid-canvas").first
    canvas.scroll_into_view_if_needed()
    for _ in range(5):
        if selected(1).count():
            break
        # The scroller above the canvas takes the click, as it does for people.
        canvas.click(position={"x": 90, "y": 35 + 17 + 35 * row}, force=True)
        with suppress(TooLate):
            selected(1).wait_for(state="attached", timeout=2_000)
    for number in range(2, column + 1):
        page.keyboard.press("ArrowRight")
        selected(number).wait_for(state="attached")


def edit_cell(page: Page, column: int, row: int, text: str) -> None:
    """Type into a cell of the people's table."""
    select_cell(page, column, row)
    field = page.locator(".gdg-input")
    for _ in range(5):  # right after another edit, the table is still closing that one's field
        page.keyboard.press("Enter")
        with suppress(TooLate):
            field.wait_for(timeout=2_000)
            break
    field.fill(text)
    page.keyboard.press("Enter")
    field.wait_for(state="detached")
    page.get_by_test_id(f"glide-cell-{column}-{row}").filter(has_text=text).wait_for(state="attached")
    settled(page)


def generate(page: Page, *, small: bool = False) -> str:
    """Begin a run from the Studio and return its id; ``small`` pictures are drawn sooner."""
    if small:
        choose(page, "Size", "768 × 768 px")
    before = page.url
    page.get_by_role("button", name="Generate", exact=True).click()
    page.wait_for_url(lambda url: "run=" in url and url != before)
    return run_in(page)


def run_in(page: Page) -> str:
    """The id of the run in a page's address."""
    return parse_qs(urlsplit(page.url).query)["run"][0]


def go_to(page: Page, name: str) -> None:
    """Go to another page by the navigation."""
    page.get_by_test_id("stTopNavLink").filter(has_text=name).click()
    settled(page)
