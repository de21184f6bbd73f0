"""What is set up: key, models, storage, versions. Nothing here can be changed, and nothing here costs money."""

from __future__ import annotations

import streamlit as st

from avatar_core.errors import AvatarError
from dashboard import components, state


def ask_server() -> None:
    """Ask the server for its models, which is free."""
    try:
        st.session_state[state.ANSWER] = state.studio().check_connection()
    except AvatarError as error:
        st.session_state[state.ANSWER] = error


studio = state.studio()
st.title("Setup")

st.subheader("Key and server")
with st.container(horizontal=True, vertical_alignment="center"):
    if studio.settings.key_configured:
        st.badge("Key configured", icon=":material/key:", color="green")
    else:
        st.badge("No key", icon=":material/key_off:", color="gray")
    st.markdown(f"Server: `{studio.settings.openai_base_url}`", width="content")
if not studio.settings.key_configured:
    st.caption(
        "Set `OPENAI_API_KEY` in the environment or in a file `.env`, then start again. The demo model needs none."
    )
st.button(
    "Test the connection",
    icon=":material/network_check:",
    key="setup.test",
    on_click=ask_server,
    disabled=not studio.settings.server_usable,
    help="Asks for the list of models. It costs nothing.",
)
answer = st.session_state.get(state.ANSWER)
if isinstance(answer, AvatarError):
    components.error_box(answer)
elif answer:
    st.success(components.plain(answer), icon=":material/check:")

st.subheader("Models")
st.dataframe(
    components.model_rows(studio),
    hide_index=True,
    column_config={
        "Price of a grid": st.column_config.NumberColumn(
            format="$%.4f", help="Estimate for the default size and quality"
        ),
        "Price of an avatar": st.column_config.NumberColumn(format="$%.4f"),
        "Last day": st.column_config.DateColumn(format="D MMM YYYY"),
        "Prices as of": st.column_config.DateColumn(format="D MMM YYYY"),
    },
    placeholder="–",
    alt="The models that can be chosen, with their prices and dates",
)

st.subheader("Storage and versions")
health = studio.health()
st.table(
    {"What": list(health), "Value": [components.verbatim(value) for value in health.values()]},
    hide_index=True,
)
