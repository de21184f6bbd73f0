"""The main job: nine people in a table become nine portraits."""

from __future__ import annotations

import streamlit as st

from avatar_core.errors import AvatarError, NoPeople, RunUnknown
from avatar_core.planning import Plan
from avatar_core.prompts import DEFAULT_TEMPLATE
from avatar_core.types import Recipe, Run
from dashboard import components, findings, looks, models, people, recipe, reopen, results, state


def generate(plan: Plan) -> None:
    """Begin a run and put it in the address, so that a refresh or a second tab finds it."""
    run_id = state.studio().begin(plan)
    state.jobs().start(run_id)
    state.address(state.RUN, run_id)


def plan_now() -> Plan | AvatarError:
    """Draw the inputs and plan what they ask for, or say what stands in the way."""
    st.subheader("People")
    people.load()
    found = people.editor()
    people.compare()
    chosen = None
    try:
        worn = looks.choose(found.personas, st.session_state.get(state.TEMPLATE, DEFAULT_TEMPLATE))
        st.subheader("Model")
        facts, size, quality = models.choose()
        chosen = Recipe(facts.id, size, quality, filter_mode=worn.mode, filter_plan=worn.plan, seed=worn.seed)
        st.subheader("Prompt")
        chosen = recipe.prompt(chosen, worn.personas, worn.filters, facts.prompt_limit)
        plan = state.studio().plan_one(worn.personas, chosen, worn.filters)
        state.studio().check_key(plan.facts)
    except AvatarError as error:
        return error
    finally:
        reopen.keep(chosen)
    return plan


def order(plan: Plan | AvatarError, *, busy: bool) -> None:
    """What stands in the way, the button, and what it will cost."""
    if isinstance(plan, NoPeople):
        components.empty("Nobody to draw yet", plan.message)
    elif isinstance(plan, AvatarError):
        components.error_box(plan)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Generate",
            type="primary",
            icon=":material/auto_awesome:",
            key="studio.generate",
            on_click=state.attempt,
            args=("studio", generate, plan),
            disabled=busy or not isinstance(plan, Plan),
        )
        if isinstance(plan, Plan):
            who = components.count(plan.people, "person", "people")
            st.markdown(f"{who} · {components.cost_text(plan.estimate, plan.people)}")
            components.budget_line(plan.estimate)
    failed = state.failure("studio")
    if failed is not None:
        components.error_box(failed)
    if isinstance(plan, Plan):
        findings.show(plan)


def current_run() -> Run | None:
    """The run that the address names."""
    run_id = state.addressed(state.RUN)
    run = state.find_run(run_id)
    if run_id and run is None:
        components.error_box(RunUnknown(), "That run is not here")
    return run


def show(run: Run | None) -> None:
    """The run as it stands, and below it the last one that brought avatars."""
    if run is not None and not run.finished:
        components.progress(run.id, "studio")
    elif run is not None:
        components.outcome(run, "studio")
        if run.avatars:
            st.session_state[state.SHOWN] = run.id
    shown = st.session_state.get(state.SHOWN)
    last = run if run is not None and run.id == shown else state.find_run(shown or "")
    if last is not None:
        if run is not last:
            st.caption("The run before:")
        results.result(last, "studio")
    elif run is not None and any(record.grid for record in run.blocks):
        results.result(run, "studio")
    elif run is not None:
        results.seats(run.blocks[0].block)
    elif isinstance(plan, Plan):
        st.caption("Press Generate: each of these people becomes the portrait of one cell.")
        results.seats(plan.blocks[0])


inputs, outputs = st.columns([12, 11], gap="large")
with inputs:
    plan = plan_now()
with outputs:
    st.subheader("Portraits")
    run = current_run()
    order(plan, busy=run is not None and not run.finished)
    show(run)
