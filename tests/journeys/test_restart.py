"""A server that is killed and started again, under the eyes of somebody who waits."""

from __future__ import annotations

import signal
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.contract_server import Fault, ImageServer
from tests.journeys.dashboard import Dashboard, Watch, edit_cell, generate, settled, visit

pytestmark = pytest.mark.xdist_group("other journeys")


@pytest.mark.timeout(240)
def test_a_second_tab_finds_the_run_and_a_restarted_server_finishes_it(
    serve: Callable[..., Dashboard], images: ImageServer, context: BrowserContext, watch: Watch, page: Page
) -> None:
    server = serve(OPENAI_BASE_URL=images.url, OPENAI_API_KEY=images.key, AVATAR_MODEL="gpt-image-2.5-flare")
    visit(page, server.url, "Portraits")
    edit_cell(page, 5, 0, "glassblower")
    images.script(Fault.slow(60))  # until the server is killed; the next request is answered at once
    run = generate(page)
    expect(page.get_by_text("The model is drawing")).to_be_visible()

    tab = watch.over(context.new_page())
    visit(tab, f"{server.url}/?run={run}", "The model is drawing")

    with watch.outage():
        server.stop(signal.SIGKILL)
        server.start()
        visit(tab, f"{server.url}/?run={run}", "Portraits")
        expect(tab.locator('img[alt^="Portrait 1: Man, 35, white, glassblower"]')).to_be_visible(
            timeout=120_000
        )
        settled(page)  # the first tab has found the server again by itself
        page.get_by_role("button", name="Clear").click()
        settled(page)
    expect(page.get_by_test_id("stException")).to_have_count(0)
    tab.close()
