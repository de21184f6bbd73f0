"""The dashboard under Streamlit's test runner: visits, edits and runs, without a browser."""

from __future__ import annotations

import time
from pathlib import Path

from streamlit.testing.v1 import AppTest

from dashboard import state

ROOT = Path(__file__).parents[2]
MAIN = ROOT / "dashboard" / "main.py"


def visit(page: str = "studio", **query: str) -> AppTest:
    """A new session that looks at a page with a query in its address."""
    at = AppTest.from_file(str(MAIN), default_timeout=30)
    if page != "studio":
        sound(at.run()).switch_page(str(ROOT / "pages" / f"{page}.py"))
    for name, value in query.items():
        at.query_params[name] = value
    return sound(at.run())


def sound(at: AppTest) -> AppTest:
    """The same session, which has not broken down."""
    assert not at.exception, at.exception
    return at


def edit(at: AppTest, **changes: object) -> AppTest:
    """Change cells of the first row, as typing would."""
    return change(at, {"edited_rows": {0: changes}, "added_rows": [], "deleted_rows": []})


def change(at: AppTest, edits: dict[str, object]) -> AppTest:
    """What the editor's browser side sends: all edits since it was mounted."""
    looks = ".looks" if at.session_state.get(state.PLAN) == state.BY_HAND else ""
    at.session_state[f"people.editor.{at.session_state[state.REVISION]}.0{looks}"] = edits
    return sound(at.run())


def upload(at: AppTest, data: str, name: str = "people.csv") -> AppTest:
    """Choose a file in the popover."""
    at.file_uploader[0].upload(name, data.encode())
    return sound(at.run())


def prompt(at: AppTest) -> str:
    """The preview of what is sent."""
    text: str = at.code[0].value
    return text


def generate(at: AppTest) -> AppTest:
    """Press the button and wait until the run is finished."""
    sound(at.button(key="studio.generate").click().run())
    return finished(at)


def finished(at: AppTest) -> AppTest:
    """Wait for the run in the address, as the polling fragment does."""
    state.jobs().wait(run_id(at), seconds=30, poll=0.02)
    time.sleep(0.02)
    return sound(at.run())


def run_id(at: AppTest) -> str:
    """The run in the address."""
    said = at.query_params["run"]
    return said if isinstance(said, str) else said[0]


def said(at: AppTest) -> str:
    """Everything that the page says in words, boxes included, without the marks that make it harmless."""
    boxes = [
        *at.error,
        *at.warning,
        *at.info,
        *at.success,
        *at.markdown,
        *at.caption,
        *at.title,
        *at.subheader,
    ]
    titles = [getattr(box.proto, "title", "") for box in [*at.error, *at.warning]]
    return "\n".join([box.value for box in boxes] + titles).replace("\\", "").replace("\u2060", "")
