"""Page configuration and navigation, nothing else."""

from __future__ import annotations

from pathlib import Path

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
st.logo(str(HERE / "static" / f"logo-{st.context.theme.type or 'light'}.png"), size="large")

page = st.navigation(
    [
        st.Page(PAGES / "studio.py", title="Studio", icon=":material/palette:", default=True),
        st.Page(PAGES / "tune.py", title="Tune", icon=":material/tune:"),
        st.Page(PAGES / "gallery.py", title="Gallery", icon=":material/grid_view:"),
        st.Page(PAGES / "present.py", title="Present", icon=":material/slideshow:"),
        st.Page(PAGES / "setup.py", title="Setup", icon=":material/settings:"),
    ],
    position="top",
)

try:
    state.jobs()
except AvatarError as error:
    components.error_box(error, "The studio cannot start")
    st.stop()
page.run()
