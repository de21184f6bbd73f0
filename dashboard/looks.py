"""Looks: who wears which, by which plan and seed, and where they come from. What is offered comes from the core alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from avatar_core.filters import (
    all_filters,
    applicable_after,
    balance_table,
    find_filter,
    plan_by_hand,
    plan_same,
)
from avatar_core.planning import deal
from avatar_core.prompts import find_template
from avatar_core.types import FilterMode, FilterPlan, Persona
from dashboard import state

PLANS = {
    state.BALANCED: FilterPlan.BALANCED,
    state.COUNTERBALANCED: FilterPlan.COUNTERBALANCED,
    state.BY_HAND: FilterPlan.BY_HAND,
    state.SAME: FilterPlan.SAME,
}
"""The plans that are offered, by what the control calls them."""

_HELP = (
    "**Balanced**: every look as often as any other, over all and within each gender.  \n"
    "**Counterbalanced**: as even as can be within gender, ethnicity and age band at once.  \n"
    "**By hand**: a column of the table.  \n"
    "The same seed deals the same looks."
)


@dataclass(frozen=True)
class Looks:
    """What was chosen: the people, a filter for each, where the looks come from, and by which plan and seed."""

    personas: tuple[Persona, ...]
    filters: tuple[str, ...]
    mode: FilterMode
    plan: FilterPlan
    seed: int


def choose(personas: Sequence[Persona], template: str = "") -> Looks:
    """Choose the looks.

    Args:
        personas: the people who will wear them.
        template: the name of the template that will speak of them, if there is one for all.
    """
    state.default(state.SEED, 1)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        plan = state.one_of("Looks", [*PLANS, state.WITHOUT], state.PLAN, help=_HELP)
        mode = FilterMode.NONE if plan == state.WITHOUT else _mode(template)
        if plan == state.SAME and mode is not FilterMode.NONE:
            _one_look(mode)
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
    _explain(mode, template, plan)
    bare, worn = _dealt(personas, plan, mode, seed)
    chosen = Looks(bare, worn, mode, PLANS.get(plan, FilterPlan.BALANCED), seed)
    if mode is not FilterMode.NONE and bare:
        _balance(chosen)
    return chosen


def offered(mode: FilterMode) -> dict[str, str]:
    """The looks that can be worn in a mode: ids and what they are called."""
    able = applicable_after() if mode is FilterMode.AFTER else [each.id for each in all_filters()]
    return {look: find_filter(look).label for look in able}


def silent(template: str) -> bool:
    """Whether a template never speaks of looks."""
    return bool(template) and not find_template(template).speaks_of_looks


def _mode(template: str) -> FilterMode:
    quiet = silent(template)
    key = state.QUIET_MODE if quiet else state.LOOK_MODE
    said = {state.NOT_APPLIED: FilterMode.NONE} if quiet else {state.SPOKEN: FilterMode.PROMPT}
    said[state.APPLIED] = FilterMode.AFTER
    chosen = state.one_of("Where they come from", list(said), key)
    return said[chosen]


def _one_look(mode: FilterMode) -> None:
    labels = offered(mode)
    state.default(state.SAME_LOOK, "bw")
    if st.session_state[state.SAME_LOOK] not in labels:
        st.session_state[state.SAME_LOOK] = "bw"
    st.selectbox(
        "The look",
        list(labels),
        format_func=labels.__getitem__,
        key=state.SAME_LOOK,
        persist_state="session",
        width=190,
    )


def _explain(mode: FilterMode, template: str, plan: str) -> None:
    if plan == state.WITHOUT:
        return
    if silent(template):
        label = find_template(template).label
        st.caption(
            f"The template “{label}” never speaks of looks. They can be applied after the cut, or not at all."
        )
    if mode is FilterMode.AFTER:
        drawn = [each.label for each in all_filters() if each.id not in applicable_after()]
        needing = f" “{'”, “'.join(drawn)}” needs the model, so it is not offered here." if drawn else ""
        st.caption(
            f"Applied to the finished pictures, exactly and free of charge; the prompt says nothing of them.{needing}"
        )


def _dealt(
    personas: Sequence[Persona], plan: str, mode: FilterMode, seed: int
) -> tuple[tuple[Persona, ...], tuple[str, ...]]:
    if plan == state.BY_HAND:
        bare, worn = plan_by_hand(personas, state.LOOK)
        return bare, worn if mode is not FilterMode.NONE else plan_same(bare, "none")
    people = tuple(personas)
    if plan == state.SAME and mode is not FilterMode.NONE:
        return people, plan_same(people, st.session_state[state.SAME_LOOK])
    return people, deal(people, mode, PLANS.get(plan, FilterPlan.BALANCED), seed)


def _balance(chosen: Looks) -> None:
    """Who wears what, to be pasted into a paper."""
    panel = st.expander("Who wears what", key="recipe.balance", on_change="rerun")
    if not panel.open:
        return
    even = chosen.plan in (FilterPlan.BALANCED, FilterPlan.COUNTERBALANCED)
    table = balance_table(chosen.personas, chosen.filters, list(offered(chosen.mode)) if even else None)
    with panel:
        st.dataframe(table.records(), hide_index=True, height="content", alt=table.summary)
        st.caption(table.summary)
        with st.container(horizontal=True):
            st.download_button(
                "CSV",
                data=table.csv(),
                file_name="looks.csv",
                mime="text/csv",
                icon=":material/download:",
                on_click="ignore",
                key="recipe.balance.csv",
            )
            with st.popover("Markdown", icon=":material/content_copy:"):
                st.code(table.markdown(), language="markdown")
