"""The projector: people, prompt, grid, faces, one after the other. Nothing on this page can spend money."""

from __future__ import annotations

import streamlit as st

from avatar_core.errors import RunUnknown
from avatar_core.types import Block, BlockRecord, BlockState, Run
from dashboard import components, results, state

STEPS = ("The people", "The prompt", "The picture", "The faces")


def step_now(steps: int) -> int:
    """The step in the address, from 0."""
    said = st.query_params.get(state.STEP, "1")
    return min(steps, max(1, int(said))) - 1 if said.isascii() and said.isdigit() else 0


def go(step: int) -> None:
    """Show another step."""
    st.query_params[state.STEP] = str(step + 1)


def choose() -> None:
    """Offer the runs that have something to show."""
    st.title("Present")
    shown = [
        each for each in state.studio().store.catalog.summaries(limit=24) if each.state is BlockState.DONE
    ]
    if not shown:
        components.empty(
            "Nothing to present yet",
            "Make portraits in the Studio first; then they can be shown here, offline.",
        )
        st.page_link("../pages/studio.py", label="To the Studio", icon=":material/palette:")
        return
    st.caption("Choose what to show. Left and right arrow keys turn the pages; nothing here can spend money.")
    with st.grid("auto", min_column_width=200, gap="small", border=True) as cards:
        for summary in shown:
            with cards.cell():
                if summary.cover:
                    st.image(
                        state.thumbnail(summary.cover), width=320, alt=f"Grid of portraits: {summary.title}"
                    )
                st.caption(components.plain(f"{summary.title}, {summary.created:%d %b %Y, %H:%M} UTC"))
                st.button(
                    "Present",
                    icon=":material/slideshow:",
                    key=f"present.open.{summary.id}",
                    on_click=state.turn_to,
                    kwargs={state.RUN: summary.id, state.STEP: "1"},
                )


def controls(run: Run, step: int, steps: int) -> None:
    """Back, next and the way out."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Back",
            key="present.back",
            shortcut="Left",
            on_click=go,
            args=(step - 1,),
            disabled=step == 0,
        )
        st.button(
            "Next",
            key="present.next",
            shortcut="Right",
            on_click=go,
            args=(step + 1,),
            disabled=step == steps - 1,
            type="primary",
        )
        st.markdown(f"**{STEPS[step % len(STEPS)]}** · {step + 1} of {steps}")
        st.page_link(
            "../pages/gallery.py", label="Leave", icon=":material/close:", query_params={state.RUN: run.id}
        )


def seat_cards(block: Block) -> None:
    """The rows in the places where their faces will be, in letters that carry to the last row of seats."""
    with st.grid(3, min_column_width=220, gap="small", border=True) as cards:
        for persona in block.personas:
            with cards.cell():
                st.markdown(f"## {components.plain(persona.name or persona.id)}")
                st.markdown(f"### {components.plain(persona.described)}")


def show(run: Run, record: BlockRecord, step: int) -> None:
    """One step of one picture, as large as the screen allows."""
    if step == 0:
        seat_cards(record.block)
    elif step == 1:
        st.code(record.prompt, language=None, wrap_lines=True)
    elif record.grid is None:
        components.empty("This run brought no picture", components.plain(record.message))
    elif step == 2:
        with st.container(horizontal_alignment="center"), st.container(width=660):
            st.image(
                state.picture(record.grid.blob),
                width=record.grid.size.width,
                output_format="PNG",
                alt=results.grid_alt(record.block),
            )
    elif not record.avatars:
        components.empty("This picture is not cut yet", "Open it in the gallery to cut it.")
    else:
        results.faces(run, record, columns=5)
    if record.grid is not None and record.grid.model == "demo" and step >= 2:
        st.caption("Demo drawings by the built-in illustrator, not photographs.")


run_id = st.query_params.get(state.RUN, "")
run = state.find_run(run_id)
if run is not None:
    steps = len(STEPS) * len(run.blocks)
    step = step_now(steps)
    controls(run, step, steps)
    show(run, run.blocks[step // len(STEPS)], step % len(STEPS))
else:
    if run_id:
        components.error_box(RunUnknown(), "That run is not here")
    choose()
