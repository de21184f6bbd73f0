"""What is set up: key, servers, spending, models, storage. Nothing here can be changed, and nothing here costs money."""

from __future__ import annotations

import streamlit as st

from dashboard import components, house, state

st.title("Setup")

st.subheader("Keys and servers")
house.servers()
house.connection()

st.subheader("Spending")
house.spending()

st.subheader("Models")
house.models()

st.subheader("Dialects")
house.dialects()

st.subheader("Storage and versions")
health = state.studio().health()
st.table(
    {"What": list(health), "Value": [components.verbatim(value) for value in health.values()]},
    hide_index=True,
)
