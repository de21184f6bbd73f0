"""Page configuration and navigation, nothing else."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import streamlit as st

from avatar_core.errors import AvatarError
from dashboard import components, state

HERE = Path(__file__).parent
PAGES = HERE.parent / "pages"

st.set_page_config(
    page_title="Synth Avatar Studio",
    page_icon=str(HERE / "static" / "favicon.png"),
    layout="wide",
)
# In front of an audience the page has the screen to itself; its own "Leave" leads back.
presenting = urlsplit(st.context.url or "").path.endswith("/present") and state.RUN in st.query_params
if not presenting:
    st.logo(str(HERE / "static" / f"logo-{st.context.theme.type or 'light'}.png"), size="large")

page = st.navigation(
    [
        st.Page(PAGES / "studio.py", title="Studio", icon=":material/palette:", default=True),
        st.Page(PAGES / "tune.py", title="Tune", icon=":material/tune:"),
        st.Page(PAGES / "gallery.py", title="Gallery", icon=":material/grid_view:"),
        st.Page(PAGES / "present.py", title="Present", icon=":material/slideshow:"),
        st.Page(PAGES / "setup.py", title="Setup", icon=":material/settings:"),
    ],
    position="hidden" if presenting else "top",
)

try:
    state.jobs()
except AvatarError as error:
    components.error_box(error, "The studio cannot start")
    st.button("Try again", icon=":material/replay:")
    st.stop()
try:
    page.run()
except AvatarError as error:  # such as a full disk, met in the middle of a page
    components.error_box(error)
