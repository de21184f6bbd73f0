"""Looks: who wears which, under which seed, and how that was decided. What is offered comes from the core alone."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from avatar_core.filters import all_filters, plan_balanced, plan_by_hand, plan_same
from avatar_core.types import FilterMode, Persona
from dashboard import state


def choose(personas: Sequence[Persona]) -> tuple[tuple[Persona, ...], tuple[str, ...], FilterMode, int]:
    """Choose the looks. Gives the people, a filter for each, whether the prompt speaks of them, and the seed."""
    labels = {each.id: each.label for each in all_filters()}
    state.default(state.PLAN, state.BALANCED)
    state.default(state.SEED, 1)
    with st.container(horizontal=True):
        plan = st.segmented_control(
            "Looks",
            [state.BALANCED, state.BY_HAND, state.SAME, state.WITHOUT],
            required=True,
            key=state.PLAN,
            persist_state="session",
            help="Six photographic looks, spoken in the prompt. Balanced: every look as often as any other.",
        )
        if plan == state.SAME:
            state.default(state.SAME_LOOK, "bw")
            st.selectbox(
                "The look",
                list(labels),
                format_func=labels.__getitem__,
                key=state.SAME_LOOK,
                persist_state="session",
                width=190,
            )
        seed = st.number_input(
            "Seed",
            min_value=0,
            max_value=2**31 - 1,
            step=1,
            key=state.SEED,
            persist_state="session",
            width=130,
            help="Another seed deals the looks anew, and the demo model draws other people. Real models have no seed.",
        )
    if plan == state.WITHOUT:
        return tuple(personas), plan_same(personas, "none"), FilterMode.NONE, seed
    if plan == state.SAME:
        return (
            tuple(personas),
            plan_same(personas, st.session_state[state.SAME_LOOK]),
            FilterMode.PROMPT,
            seed,
        )
    if plan == state.BY_HAND:
        bare, worn = plan_by_hand(personas, state.LOOK)
        return bare, worn, FilterMode.PROMPT, seed
    return tuple(personas), plan_balanced(personas, seed), FilterMode.PROMPT, seed
