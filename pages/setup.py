"""What is set up: key, models, storage, versions. Nothing here can be changed, and nothing here costs money."""

from __future__ import annotations

import streamlit as st

from avatar_core.cost import estimate
from avatar_core.errors import AvatarError
from avatar_core.grid import CELLS
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
    st.markdown(f"Server: {components.verbatim(studio.settings.server_shown)}", width="content")
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
prices = {each: estimate(each, each.grid_sizes[0], "", 2000).usd for each in studio.offered()}
st.dataframe(
    [
        {
            "Model": facts.label,
            "Id": facts.id,
            "Grid": usd,
            "Avatar": usd / CELLS if usd is not None else None,
            "Size and quality": f"{facts.grid_sizes[0]} {next(iter(facts.qualities), '')}".strip(),
            "Last day": facts.shutdown,
            "Prices as of": facts.prices.as_of if facts.prices else None,
            "About": facts.about,
        }
        for facts, usd in prices.items()
    ],
    hide_index=True,
    column_config={
        "Model": st.column_config.TextColumn(width=170),
        "Id": st.column_config.TextColumn(width=170),
        "Grid": st.column_config.NumberColumn("USD a grid", format="%.4f", help="Estimate", width=95),
        "Avatar": st.column_config.NumberColumn("USD an avatar", format="%.4f", width=110),
        "Size and quality": st.column_config.TextColumn(help="What the price is for", width=140),
        "Last day": st.column_config.DateColumn(format="D MMM YYYY", width=110),
        "Prices as of": st.column_config.DateColumn(format="D MMM YYYY", width=110),
        "About": st.column_config.TextColumn(width=700),
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
