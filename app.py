"""The launcher: ``streamlit run app.py`` serves the dashboard.

The pages' router lives in dashboard/main.py, because a pages/ folder beside the entry script would be served by
Streamlit's older page mechanism on a first visit by deep link.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from dashboard.shell import Shell


@asynccontextmanager
async def lifespan(_: object) -> AsyncIterator[None]:
    """Let running pictures arrive before the process ends; what does not make it is resumed by the next start."""
    yield
    from dashboard import state

    state.jobs.clear()


app = st.App(
    Path(__file__).parent / "dashboard" / "main.py",
    lifespan=lifespan,
    middleware=[Middleware(Shell, base_path=st.get_option("server.baseUrlPath") or "")],
)
