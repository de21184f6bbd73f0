"""The same nine people through two to four variants of template, model or quality, side by side."""

from __future__ import annotations

import difflib

import streamlit as st

from avatar_core.errors import AvatarError
from avatar_core.planning import Plan
from avatar_core.types import Cost, FilterMode, Persona, Recipe, Run
from dashboard import components, recipe, reopen, results, state

LABELS = ("A", "B", "C", "D")


def begin(plans: dict[str, Plan]) -> None:
    """Start every variant; none if one of them cannot be started."""
    session, runs = state.studio().begin_session(plans)
    for run_id in runs:
        state.jobs().start(run_id)
    state.address(state.SESSION, session)


def variant(
    label: str, personas: tuple[Persona, ...], filters: tuple[str, ...], mode: FilterMode, seed: int
) -> Plan | AvatarError:
    """The choices of one column, and the plan that follows."""
    key = f"tune.{label}"
    st.markdown(f"**Variant {label}**")
    name = recipe.template(f"{key}.template", first="contract" if label == "B" else "precise")
    facts, size, quality = recipe.model(f"{key}.model")
    words = recipe.words_popover(name, key)
    chosen = Recipe(facts.id, size, quality, name, words, filter_mode=mode, seed=seed)
    try:
        plan = state.studio().plan_one(personas, chosen, filters)
        state.studio().check_key(plan.facts)
    except AvatarError as error:
        components.error_box(error)
        return error
    price = components.cost_text(plan.estimate, plan.people)
    st.caption(f"{plan.prompts[0].characters:,} characters · {price}")
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
                pair = first.splitlines(), text.splitlines()
                lines = difflib.unified_diff(*pair, LABELS[0], label, n=2, lineterm="")
                st.code("\n".join(lines), language="diff", wrap_lines=True, height=280)


def outcome(run: Run) -> None:
    """One variant's result, in its column."""
    st.markdown(f"**Variant {components.plain(run.variant)}**")
    record, key = run.blocks[0], f"tune.{run.variant}"
    if not run.finished:
        components.progress(run.id, key)
    else:
        components.outcome(run, key)
    if record.grid:
        st.image(
            state.picture(record.grid.blob),
            width=record.grid.size.width,
            output_format="PNG",
            alt=f"Variant {run.variant}. {results.grid_alt(run)}",
        )
        cost = components.cost_text(record.grid.cost, len(run.personas))
        st.caption(f"{record.grid.seconds:.1f} s · {cost}")
    choices = [run.recipe.model, f"{run.recipe.size} px", run.recipe.quality, run.recipe.template]
    edited = ", edited words" if run.recipe.words else ""
    st.caption(components.plain(", ".join(filter(None, choices)) + edited))
    st.page_link(
        "../pages/gallery.py",
        label="Details",
        icon=":material/open_in_full:",
        query_params={state.RUN: run.id},
    )


def choose() -> tuple[dict[str, Plan], bool]:
    """The people and the variants; the plans, and whether every variant has one."""
    reopen.begin()
    people = state.people_of_picture()
    with st.expander(f"{components.count(len(people), 'person', 'people')} from the Studio's table"):
        results.people_table(people)
        st.page_link("../pages/studio.py", label="Edit them in the Studio", icon=":material/edit:")
    cast, filters, mode, seed = recipe.look(people)
    state.default(state.VARIANTS, 2)
    count = st.segmented_control(
        "Variants", [2, 3, 4], required=True, key=state.VARIANTS, persist_state="session"
    )
    planned: dict[str, Plan | AvatarError] = {}
    for label, column in zip(LABELS[:count], st.columns(count, gap="small"), strict=True):
        with column, st.container(border=True):
            planned[label] = variant(label, cast, filters, mode, seed)
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
            prices = [plan.estimate for plan in plans.values()]
            known = [price.usd for price in prices if price.usd is not None]
            total = Cost(
                sum(known) if len(known) == len(prices) else None, "estimate" if any(known) else "free"
            )
            st.markdown(
                f"{components.count(len(plans), 'picture', 'pictures')} · {components.cost_text(total)}"
            )
    failed = state.failure("tune")
    if failed is not None:
        components.error_box(failed)


def side_by_side(runs: list[Run]) -> None:
    """The variants of one session."""
    if not runs:
        components.empty("That session is not here", "Its address may belong to another data folder.")
        return
    st.subheader("Side by side")
    for run, column in zip(runs, st.columns(max(2, len(runs)), gap="small"), strict=False):
        with column:
            outcome(run)
    st.button(
        "Take these people and variants up again",
        icon=":material/replay:",
        key="tune.reopen",
        on_click=state.attempt,
        args=("tune", reopen.session, runs),
        help="Puts them into the controls above. The Studio's table is replaced.",
    )


def earlier(session: str) -> None:
    """Other sessions, the newest first."""
    others = [each for each in state.studio().sessions(limit=9) if each[0].session != session]
    if not others:
        return
    st.subheader("Earlier sessions")
    with st.grid("auto", min_column_width=230, gap="small", border=True) as cards:
        for variants in others:
            with cards.cell():
                first = variants[0]
                with st.grid(4, min_column_width=40, gap="xsmall") as covers:
                    for each in variants:
                        with covers.cell():
                            if each.cover:
                                alt = f"Variant {each.variant}: {each.title}"
                                st.image(state.thumbnail(each.cover), width=320, alt=alt)
                names = components.count(len(variants), "variant", "variants")
                st.caption(f"{first.created:%d %b %Y, %H:%M} UTC · {names}")
                st.page_link(
                    "../pages/tune.py",
                    label="Compare",
                    icon=":material/compare:",
                    query_params={state.SESSION: first.session},
                )


st.title("Tune")
st.caption("Keep the people and the seed, and vary one thing: then you know what made the difference.")
plans, complete = choose()
if complete:
    compare(plans)
order(plans, complete=complete)

session = state.addressed(state.SESSION)
runs = [state.studio().run(each.id) for each in state.studio().session(session)] if session else []
if session:
    side_by_side(runs)
earlier(session)
