"""Variants side by side: how their prompts differ, what came of them, and the sessions before."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence

import streamlit as st

from avatar_core.planning import Plan
from avatar_core.types import Run
from dashboard import components, reopen, results, state


def compare(plans: Mapping[str, Plan]) -> None:
    """The first variant's prompt, and how each other one differs from it."""
    reference = next(iter(plans))
    first = plans[reference].prompts[0].text
    for label, tab in zip(plans, st.tabs([f"Prompt {label}" for label in plans]), strict=True):
        text = plans[label].prompts[0].text
        with tab:
            if label == reference:
                st.code(text, language=None, wrap_lines=True, height=280)
            elif text == first:
                st.caption(f"The same text as variant {reference}.")
            else:
                pair = first.splitlines(), text.splitlines()
                lines = difflib.unified_diff(*pair, reference, label, n=2, lineterm="")
                st.code("\n".join(lines), language="diff", wrap_lines=True, height=280)


def side_by_side(runs: Sequence[Run]) -> None:
    """The variants of one session."""
    if not runs:
        components.empty("That session is not here", "Its address may belong to another data folder.")
        return
    st.subheader("Side by side")
    for run, column in zip(runs, st.columns(max(2, len(runs)), gap="small"), strict=False):
        with column:
            _outcome(run)
    st.button(
        "Take these people and variants up again",
        icon=":material/replay:",
        key="tune.reopen",
        on_click=state.attempt,
        args=("tune", reopen.session, runs),
        help="Puts them into the controls above. The Studio's table is replaced.",
    )


def _outcome(run: Run) -> None:
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
            alt=f"Variant {run.variant}. {results.grid_alt(record.block)}",
        )
        results.held_back(record)
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
                st.button(
                    "Compare",
                    icon=":material/compare:",
                    key=f"tune.compare.{first.session}",
                    type="tertiary",
                    on_click=state.address,
                    args=(state.SESSION, first.session),
                )
