"""The same nine people through two to four variants of template, model or quality, side by side."""

from __future__ import annotations

import streamlit as st

from avatar_core import cost
from avatar_core.errors import AvatarError
from avatar_core.planning import Plan
from avatar_core.types import FilterMode, Recipe
from dashboard import components, looks, models, recipe, reopen, results, state, tuning

LABELS = ("A", "B", "C", "D")


def begin(plans: dict[str, Plan]) -> None:
    """Start every variant; none if one of them cannot be started."""
    session, runs = state.studio().begin_session(plans)
    for run_id in runs:
        state.jobs().start(run_id)
    state.address(state.SESSION, session)


def variant(label: str, worn: looks.Looks) -> Plan | AvatarError:
    """The choices of one column, and the plan that follows."""
    key = f"tune.{label}"
    st.markdown(f"**Variant {label}**")
    name = recipe.template(f"{key}.template", first="contract" if label == "B" else "precise")
    words = recipe.words_popover(name, key)
    if worn.mode is FilterMode.PROMPT and looks.silent(name):
        st.caption("This template never speaks of looks, so nobody wears one here.")
    try:
        facts, size, quality = models.choose(f"{key}.model")
        chosen = Recipe(
            facts.id, size, quality, name, words, filter_mode=worn.mode, filter_plan=worn.plan, seed=worn.seed
        )
        plan = state.studio().plan_one(worn.personas, chosen, worn.filters)
        state.studio().check_key(plan.facts)
    except AvatarError as error:
        components.error_box(error)
        return error
    price = components.cost_text(plan.estimate, plan.people)
    st.caption(f"{plan.prompts[0].characters:,} characters · {price}")
    return plan


def choose() -> tuple[dict[str, Plan], bool]:
    """The people and the variants; the plans, and whether every variant has one."""
    reopen.begin()
    people = state.people_of_picture()
    with st.expander(f"{components.count(len(people), 'person', 'people')} from the Studio's table"):
        results.people_table(people)
        st.page_link("../pages/studio.py", label="Edit them in the Studio", icon=":material/edit:")
    worn = looks.choose(people)
    count = state.one_of("Variants", [2, 3, 4], state.VARIANTS)
    planned: dict[str, Plan | AvatarError] = {}
    for label, column in zip(LABELS[:count], st.columns(count, gap="small"), strict=True):
        with column, st.container(border=True):
            planned[label] = variant(label, worn)
    plans = {label: plan for label, plan in planned.items() if isinstance(plan, Plan)}
    return plans, len(plans) == count


def order(plans: dict[str, Plan], *, complete: bool) -> None:
    """The button for all variants, and what they will cost together."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Generate all variants",
            type="primary",
            icon=":material/auto_awesome:",
            key="tune.generate",
            on_click=state.attempt,
            args=("tune", begin, plans),
            disabled=not complete,
        )
        if complete:
            total = cost.together([plan.estimate for plan in plans.values()])
            st.markdown(
                f"{components.count(len(plans), 'picture', 'pictures')} · {components.cost_text(total)}"
            )
            components.budget_line(total)
    failed = state.failure("tune")
    if failed is not None:
        components.error_box(failed)


st.title("Tune")
st.caption("Keep the people and the seed, and vary one thing: then you know what made the difference.")
plans, complete = choose()
if complete:
    tuning.compare(plans)
order(plans, complete=complete)

session = state.addressed(state.SESSION)
runs = [state.studio().run(each.id) for each in state.studio().session(session)] if session else []
if session:
    tuning.side_by_side(runs)
tuning.earlier(session)
