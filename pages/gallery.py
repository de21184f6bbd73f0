"""Everything ever made: find it, look at it, open it again."""

from __future__ import annotations

import streamlit as st

from avatar_core.errors import RunUnknown
from avatar_core.store import RunSummary
from avatar_core.types import Run
from dashboard import components, reopen, results, state

PER_PAGE = 12


def card(summary: RunSummary) -> None:
    """One run in the list."""
    if summary.cover:
        st.image(state.thumbnail(summary.cover), width=320, alt=f"Grid of portraits: {summary.title}")
    else:
        st.caption("No picture")
    st.markdown(f"**{components.plain(summary.title)}**")
    st.caption(f"{summary.created:%d %b %Y, %H:%M} UTC")
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        components.state_badge(summary.state)
        st.button(
            "Open",
            icon=":material/open_in_full:",
            key=f"gallery.open.{summary.id}",
            type="tertiary",
            on_click=state.turn_to,
            kwargs={state.RUN: summary.id},
        )


def show_all() -> None:
    """The list, the newest first."""
    total = state.studio().store.catalog.count_runs()
    if not total:
        components.empty(
            "Nothing here yet", "Runs made in the Studio, in Tune or on the command line appear here."
        )
        st.page_link("../pages/studio.py", label="Make the first portraits", icon=":material/palette:")
        return
    pages = -(-total // PER_PAGE)
    page = st.session_state.get("gallery.page", 1)
    summaries = state.studio().store.catalog.summaries(limit=PER_PAGE, offset=(page - 1) * PER_PAGE)
    st.caption(components.count(total, "run", "runs"))
    with st.grid("auto", min_column_width=230, gap="small", border=True) as cards:
        for summary in summaries:
            with cards.cell():
                card(summary)
    if pages > 1:
        st.pagination(pages, key="gallery.page")


def show_one(run: Run) -> None:
    """A single run with everything about it."""
    with st.container(horizontal=True, vertical_alignment="center"):
        back()
        if st.button("Open in the Studio", icon=":material/palette:", key="gallery.reopen"):
            reopen.reopen(run)
            st.switch_page("../pages/studio.py", query_params={state.RUN: run.id})
    st.subheader(components.plain(run.title))
    with st.container(horizontal=True, vertical_alignment="center"):
        components.state_badge(run.state)
        st.caption(f"{run.created:%d %b %Y, %H:%M} UTC", width="content")
    failed = state.failure("gallery")
    if failed is not None:
        components.error_box(failed)
    if not run.finished:
        components.progress(run.id, "gallery")
    else:
        components.outcome(run, "gallery")
    with st.container(width=900):
        if any(record.grid for record in run.blocks):
            results.result(run, "gallery")
        else:
            results.seats(run.blocks[0].block)


def back() -> None:
    """The way to the list."""
    st.button("All runs", icon=":material/arrow_back:", key="gallery.back", on_click=state.turn_to)


st.title("Gallery")
run_id = st.query_params.get(state.RUN, "")
run = state.find_run(run_id)
if run is not None:
    show_one(run)
elif run_id:
    components.error_box(RunUnknown(), "That run is not here")
    back()
else:
    show_all()
