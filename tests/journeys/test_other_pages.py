"""Tune, Present and Setup in a browser, and the first visit to each page."""

from __future__ import annotations

import re
import signal
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.contract_server import ImageServer
from tests.journeys.dashboard import Dashboard, choose, generate, go_to, settled, visit

pytestmark = pytest.mark.xdist_group("other journeys")

SIGNS = {
    "": "Portraits",
    "tune": "Keep the people and the seed",
    "gallery": "Nothing here yet",
    "present": "Nothing to present yet",
    "setup": "Storage and versions",
}


@pytest.fixture(scope="package")
def fresh(_serve: Callable[..., Dashboard]) -> Dashboard:
    """A dashboard that is started anew for each visit."""
    return _serve()


@pytest.mark.parametrize("path", SIGNS)
def test_a_deep_link_works_on_the_first_visit_after_a_start(fresh: Dashboard, page: Page, path: str) -> None:
    fresh.stop(signal.SIGKILL)
    fresh.start()
    visit(page, f"{fresh.url}/{path}", SIGNS[path])
    expect(page.get_by_test_id("stTopNavLink")).to_have_count(5)


def test_a_deep_link_works_below_a_base_path(serve: Callable[..., Dashboard], page: Page) -> None:
    below = serve("--server.baseUrlPath=faces/studio")
    visit(page, f"{below.url}/setup", SIGNS["setup"])
    go_to(page, "Studio")
    expect(page.get_by_role("button", name="Generate", exact=True)).to_be_enabled()


def test_variants_are_compared_found_again_and_taken_up_again(
    real: Dashboard, images: ImageServer, page: Page
) -> None:
    visit(page, f"{real.url}/tune", SIGNS["tune"])
    choose(page, "Size", "816 × 816 px")
    page.get_by_role("tab", name="Prompt B").click()
    expect(page.get_by_text("+++ B")).to_be_visible()
    page.get_by_role("button", name="Generate all variants").click()
    for label in "AB":
        alt = f"Variant {label}. Grid of portraits. 1: Man, 35"
        expect(page.locator(f'img[alt^="{alt}"]')).to_be_visible()
    assert re.search("session=[0-9a-f]{32}", page.url)

    page.reload()
    expect(page.locator('img[alt^="Variant B"]')).to_be_visible()
    settled(page)
    expect(page.get_by_role("combobox", name="Size").first).to_have_value("816 × 816 px")
    expect(page.get_by_role("combobox", name="Size").nth(1)).to_have_value("1536 × 1536 px")

    visit(page, f"{real.url}/tune", "Earlier sessions")
    page.get_by_role("button", name="Compare").first.click()
    expect(page.get_by_text("Side by side")).to_be_visible()
    page.get_by_role("button", name="Take these people").click()
    expect(page.get_by_role("combobox", name="Size").first).to_have_value("816 × 816 px")
    settled(page)


def test_a_run_is_presented_by_keyboard_and_fits_the_projector(
    real: Dashboard, images: ImageServer, page: Page
) -> None:
    visit(page, real.url, "Portraits")
    run = generate(page)
    expect(page.locator('img[alt^="Portrait 9"]')).to_be_visible()
    visit(page, f"{real.url}/present", "Choose what to show")
    page.get_by_test_id("stMain").get_by_role("button", name="Present").first.click()
    expect(page.get_by_text("1 of 4")).to_be_visible()
    assert run in page.url
    expect(page.get_by_test_id("stTopNavLink")).to_have_count(0)
    for step in ("2 of 4", "3 of 4"):
        page.keyboard.press("ArrowRight")
        expect(page.get_by_text(step)).to_be_visible()
        settled(page)
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_text("2 of 4")).to_be_visible()
    page.reload()
    expect(page.get_by_text("2 of 4")).to_be_visible()
    settled(page)
    assert not page.get_by_role("button", name=re.compile("Generate|Try again")).count()

    for step, pictures in ((3, 1), (4, 9)):
        page.keyboard.press("ArrowRight")
        expect(page.get_by_text(f"{step} of 4")).to_be_visible()
        expect(page.get_by_test_id("stImage").locator("img")).to_have_count(pictures)
        settled(page)
        for width, height in ((1440, 900), (1920, 1080)):
            page.set_viewport_size({"width": width, "height": height})
            page.wait_for_function(f"window.innerWidth === {width}")
            high = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
            assert high <= height, (step, width)
    page.get_by_role("link", name="Leave").click()
    expect(page.get_by_role("heading", name="Gallery")).to_be_visible()
    settled(page)


def test_setup_tests_the_connection_and_shows_no_key(
    real: Dashboard, images: ImageServer, page: Page
) -> None:
    visit(page, f"{real.url}/setup", SIGNS["setup"])
    page.get_by_role("button", name="Test the connection").click()
    expect(page.get_by_text("The server answered")).to_be_visible()
    assert images.key not in page.content()
    assert not images.generations
