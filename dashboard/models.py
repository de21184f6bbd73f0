"""Model, size and quality: the controls come from the catalog alone, so that no choice is illegal."""

from __future__ import annotations

import streamlit as st

from avatar_core.types import ModelFacts, Size
from dashboard import components, state


def choose(key: str = state.MODEL) -> tuple[ModelFacts, Size, str]:
    """Choose model, size and quality: only what is alive and legal."""
    offered = {facts.id: facts for facts in state.studio().offered()}
    first = state.studio().settings.default_model
    state.default(key, first if first in offered else next(iter(offered)))
    with st.container(horizontal=True):
        chosen = st.selectbox(
            "Model",
            list(offered),
            format_func=lambda model_id: components.model_label(offered[model_id]),
            key=key,
            persist_state="session",
            width=270,
        )
        facts = offered[chosen]
        size = st.selectbox(
            "Size",
            list(facts.grid_sizes),
            format_func=lambda each: f"{each.width} × {each.height} px",
            key=f"{key}.size.{facts.id}",
            persist_state="session",
            width=170,
            help="A side that three divides gives nine avatars of the same size.",
        )
        quality = ""
        if facts.qualities:
            quality = st.selectbox(
                "Quality",
                list(facts.qualities),
                key=f"{key}.quality.{facts.id}",
                persist_state="session",
                width=130,
            )
    return facts, size, quality
