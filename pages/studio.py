"""The main job: nine people in a table become nine portraits."""

from __future__ import annotations

import streamlit as st

from avatar_core.errors import AvatarError, RunUnknown
from avatar_core.planning import Plan
from avatar_core.types import Recipe, Run
from dashboard import components, people, recipe, state


def generate(plan: Plan) -> None:
    """Begin a run and put it in the address, so that a refresh or a second tab finds it."""
    try:
        run_id = state.studio().begin(plan)
        state.jobs().start(run_id)
    except AvatarError as error:
        st.session_state[state.FAILED] = error
    else:
        st.session_state[state.FAILED] = None
        st.query_params[state.RUN] = run_id


def plan_now() -> Plan | AvatarError:
    """Draw the inputs and plan what they ask for, or say what stands in the way."""
    st.subheader("People")
    people.load()
    found = people.editor()
    try:
        personas, filters, mode, seed = recipe.look(found.personas)
        st.subheader("Model")
        facts, size, quality = recipe.model()
        chosen = Recipe(model=facts.id, size=size, quality=quality, filter_mode=mode, seed=seed)
        st.subheader("Prompt")
        chosen = recipe.prompt(chosen, personas, filters, facts.prompt_limit)
        plan = state.studio().plan_one(personas, chosen, filters)
        state.studio().check_key(plan.facts)
    except AvatarError as error:
        return error
    return plan


def current_run() -> Run | None:
    """The run that the address names."""
    run_id = st.query_params.get(state.RUN)
    if not run_id:
        return None
    try:
        return state.studio().run(run_id)
    except RunUnknown as error:
        components.error_box(error, "That run is not here")
        return None


inputs, results = st.columns([12, 11], gap="large")
with inputs:
    plan = plan_now()
with results:
    st.subheader("Portraits")
    run = current_run()
    busy = run is not None and not run.finished
    if isinstance(plan, AvatarError):
        components.error_box(plan)
    else:
        for warning in plan.warnings:
            st.warning(components.plain(warning), icon=":material/rule:")
    with st.container(horizontal=True, vertical_alignment="center"):
        ready = isinstance(plan, Plan)
        st.button(
            "Generate",
            type="primary",
            icon=":material/auto_awesome:",
            key="studio.generate",
            on_click=generate,
            args=(plan,),
            disabled=busy or not ready,
        )
        if isinstance(plan, Plan):
            st.markdown(
                f"{components.count(plan.people, 'person', 'people')} · {components.cost_text(plan.estimate, plan.people)}"
            )
    failed = st.session_state.get(state.FAILED)
    if failed is not None:
        components.error_box(failed)
    if run is None:
        components.empty(
            "No portraits yet",
            "Press Generate: the people of the table become nine portraits, one to a cell.",
        )
    elif not run.finished:
        components.progress(run.id, "studio")
    else:
        components.outcome(run, "studio")
        if run.avatars:
            st.session_state[state.SHOWN] = run.id
    shown = st.session_state.get(state.SHOWN)
    if shown:
        last = run if run is not None and run.id == shown else state.studio().run(shown)
        if run is not None and shown != run.id:
            st.caption("The run before:")
        components.result(last, "studio")
