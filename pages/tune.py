"""The same nine people through two to four variants of template, model or quality, side by side."""

from __future__ import annotations

import difflib

import streamlit as st

from avatar_core.errors import AvatarError
from avatar_core.planning import Plan
from avatar_core.types import Cost, FilterMode, Persona, Recipe, Run
from dashboard import components, recipe, state

LABELS = ("A", "B", "C", "D")


def begin(plans: dict[str, Plan]) -> None:
    """Start every variant; none if one of them cannot be started."""
    try:
        session, runs = state.studio().begin_session(plans)
        for run_id in runs:
            state.jobs().start(run_id)
    except AvatarError as error:
        st.session_state[state.FAILED] = error
    else:
        st.session_state[state.FAILED] = None
        st.query_params[state.SESSION] = session


def variant(
    label: str, personas: tuple[Persona, ...], filters: tuple[str, ...], mode: FilterMode, seed: int
) -> Plan | AvatarError:
    """The choices of one column, and the plan that follows."""
    key = f"tune.{label}"
    st.markdown(f"**Variant {label}**")
    name = recipe.template(f"{key}.template", first="contract" if label == "B" else "precise")
    facts, size, quality = recipe.model(f"{key}.model")
    chosen = Recipe(
        model=facts.id,
        size=size,
        quality=quality,
        template=name,
        filter_mode=mode,
        seed=seed,
        words=recipe.words_popover(name, key),
    )
    try:
        plan = state.studio().plan_one(personas, chosen, filters)
        state.studio().check_key(plan.facts)
    except AvatarError as error:
        components.error_box(error)
        return error
    st.caption(
        f"{plan.prompts[0].characters:,} characters · {components.cost_text(plan.estimate, plan.people)}"
    )
    return plan


def compare(plans: dict[str, Plan]) -> None:
    """The first variant's prompt, and how each other one differs from it."""
    first = plans[LABELS[0]].prompts[0].text
    for label, tab in zip(plans, st.tabs([f"Prompt {label}" for label in plans]), strict=True):
        text = plans[label].prompts[0].text
        with tab:
            if label == LABELS[0]:
                st.code(text, language=None, wrap_lines=True, height=280)
            elif text == first:
                st.caption(f"The same text as variant {LABELS[0]}.")
            else:
                lines = difflib.unified_diff(
                    first.splitlines(), text.splitlines(), LABELS[0], label, n=2, lineterm=""
                )
                st.code("\n".join(lines), language="diff", wrap_lines=True, height=280)


def outcome(run: Run) -> None:
    """One variant's result, in its column."""
    st.markdown(f"**Variant {components.plain(run.variant)}**")
    record = run.blocks[0]
    if not run.finished:
        components.progress(run.id, f"tune.{run.variant}")
        return
    components.outcome(run, f"tune.{run.variant}")
    if record.grid:
        people = "; ".join(persona.described for persona in run.personas)
        st.image(
            state.picture(record.grid.blob),
            width=record.grid.size.width,
            output_format="PNG",
            alt=f"Variant {run.variant}: {people}",
        )
        cost = components.cost_text(record.grid.cost, len(run.personas))
        st.caption(f"{record.grid.seconds:.1f} s · {cost}")
    st.caption(
        components.plain(
            f"{run.recipe.model}, {run.recipe.size} px, {run.recipe.quality or 'one quality'}, template {run.recipe.template}"
        )
        + (" with edited words" if run.recipe.words else "")
    )
    st.page_link(
        "../pages/gallery.py",
        label="Details",
        icon=":material/open_in_full:",
        query_params={state.RUN: run.id},
    )


st.title("Tune")
st.caption(
    "One change at a time tells more than many: keep the people and the seed, and vary a single thing."
)
people = state.people_of_picture()
with st.expander(f"{components.count(len(people), 'person', 'people')} from the Studio's table"):
    components.people_table(people)
    st.page_link("../pages/studio.py", label="Edit them in the Studio", icon=":material/edit:")
cast, filters, mode, seed = recipe.look(people)
count = st.segmented_control(
    "Variants", [2, 3, 4], default=2, required=True, key="tune.count", persist_state="session"
)
planned: dict[str, Plan | AvatarError] = {}
for label, column in zip(LABELS[:count], st.columns(count, gap="medium"), strict=True):
    with column, st.container(border=True):
        planned[label] = variant(label, cast, filters, mode, seed)
plans = {label: plan for label, plan in planned.items() if isinstance(plan, Plan)}
complete = len(plans) == count
if complete:
    compare(plans)
    prices = [plan.estimate.usd for plan in plans.values()]
    total = sum(price for price in prices if price is not None)
    known = Cost(usd=total if None not in prices else None, basis="estimate" if total else "free")
with st.container(horizontal=True, vertical_alignment="center"):
    st.button(
        "Generate all variants",
        type="primary",
        icon=":material/auto_awesome:",
        key="tune.generate",
        on_click=begin,
        args=(plans,),
        disabled=not complete,
    )
    if complete:
        st.markdown(components.cost_text(known, len(cast) * len(plans)))
failed = st.session_state.get(state.FAILED)
if failed is not None:
    components.error_box(failed)

session = st.query_params.get(state.SESSION)
runs = [state.studio().run(each.id) for each in state.studio().session(session)] if session else []
if session and not runs:
    components.empty("That session is not here", "Its address may be of another studio.")
if runs:
    st.subheader("Side by side")
    for run, column in zip(runs, st.columns(max(2, len(runs)), gap="medium"), strict=False):
        with column:
            outcome(run)
elif not session:
    components.empty(
        "No variants yet", "Each variant draws the same people once; the pictures appear here side by side."
    )
