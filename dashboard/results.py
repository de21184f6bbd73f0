"""What a run brought: avatars, grid, prompt, facts and downloads. Each function draws where it is called."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from avatar_core.export import avatar_name
from avatar_core.filters import find_filter
from avatar_core.grid import seated
from avatar_core.types import Avatar, Block, BlockRecord, Cost, Cut, Grid, Persona, Run, Verdict
from dashboard import cutting, files, state
from dashboard.components import cost_text, plain, verbatim

TABS = ("Avatars", "Grid", "Prompt", "Facts")


def result(run: Run, key: str) -> None:
    """Avatars, grid, prompt and facts of a run whose picture is here. Only the tab that is open is drawn."""
    record = _picture_of(run, key)
    if record is None or record.grid is None:
        return
    if record.grid.model == "demo":
        st.caption(
            ":material/draw: **Demo drawings** by the built-in illustrator: free, and not photographs."
        )
    doubt(run, record, key)
    avatars, grid, prompt, facts = st.tabs(TABS, key=f"{key}.tabs", on_change="rerun")
    if avatars.open:
        with avatars:
            avatar_cards(run, record, key)
    if grid.open:
        with grid:
            grid_view(run, record, key)
    if prompt.open:
        with prompt:
            prompt_view(record)
    if facts.open:
        with facts:
            facts_table(run, record)
    downloads(run, record, key)
    cutting.editor(run, record, key)


def held_back(record: BlockRecord) -> bool:
    """Say of a grid in doubt that it is held back, and why, where nothing can be done about it."""
    if record.cut is None or record.cut.verdict is not Verdict.QUARANTINED:
        return False
    st.warning(
        plain(" ".join(record.cut.reasons)),
        title="Held back: its cells belong to nobody until somebody accepts it in the gallery",
        icon=":material/pan_tool:",
    )
    return True


def doubt(run: Run, record: BlockRecord, key: str) -> None:
    """Why a grid is held back, and the way to let it through."""
    if record.cut is None or record.cut.verdict is not Verdict.QUARANTINED:
        return
    st.warning(
        "\n".join(f"- {plain(reason)}" for reason in record.cut.reasons),
        title="Look at this grid before you use it",
        icon=":material/pan_tool:",
    )
    st.caption("Until you accept it, its cells belong to nobody: they are not saved under anyone's id.")
    with st.container(horizontal=True):
        st.button(
            "Accept the grid as it is",
            icon=":material/how_to_reg:",
            key=f"{key}.accept.{record.block.index}",
            on_click=state.attempt,
            args=(key, state.studio().accept, run.id, record.block.index),
        )
        cutting.offer(record, record.cut, f"{key}.doubt")


def _picture_of(run: Run, key: str) -> BlockRecord | None:
    """The block to look at: the only one, or the one that is chosen of those whose picture is here."""
    there = {record.block.index: record for record in run.blocks if record.grid}
    if len(run.blocks) == 1 or not there:
        return next(iter(there.values()), None)
    index = st.selectbox(
        "Picture",
        list(there),
        format_func=lambda each: f"Picture {each + 1} of {len(run.blocks)}",
        key=f"{key}.block.{run.id}",
        width=230,
    )
    return there[index]


def avatar_cards(run: Run, record: BlockRecord, key: str) -> None:
    """Nine cards: portrait, the row's facts, download."""
    if not record.avatars:
        st.caption("The picture is not cut yet.")
        return
    if record.cut and record.cut.verdict is Verdict.QUARANTINED:
        grid_view(run, record, key)
        return
    with st.grid(3, min_column_width=96, gap="small") as cards:
        for avatar in record.avatars:
            with cards.cell(), st.container(gap="xsmall"):
                portrait(run, avatar)
                finish = files.chosen()
                st.download_button(
                    files.KINDS[finish.format],
                    data=partial(state.studio().avatar_file, run, avatar, finish),
                    file_name=avatar_name(avatar.persona, finish),
                    mime=finish.media_type,
                    icon=":material/download:",
                    on_click="ignore",
                    key=f"{key}.avatar.{avatar.cell}",
                    type="tertiary",
                    help=f"Download {plain(avatar_name(avatar.persona, finish))}",
                )


def faces(run: Run, record: BlockRecord, columns: int) -> None:
    """The portraits with their rows, for a projector: no buttons. Those of a grid in doubt are nobody's."""
    if held_back(record):
        with st.container(width=560):
            grid_picture(record, record.cut)
        return
    with st.grid(columns, min_column_width=96, gap="small") as cards:
        for avatar in record.avatars:
            with cards.cell(), st.container(gap="xsmall"):
                portrait(run, avatar)


def portrait(run: Run, avatar: Avatar) -> None:
    """One portrait with its row."""
    grid = run.blocks[avatar.block].grid
    st.image(
        state.portrait(run, avatar),
        width=grid.size.width if grid else 512,
        output_format="PNG",
        alt=f"Portrait {avatar.cell}: {avatar.persona.described}",
    )
    who(avatar.persona, avatar.filter)


def who(persona: Persona, look: str) -> None:
    """A person's name, row and look, in small letters."""
    worn = "" if look == "none" else f"\u00a0· {find_filter(look).label}"
    st.markdown(f"**{plain(persona.name or persona.id)}**")
    st.caption(plain(persona.described + worn))


def seats(block: Block) -> None:
    """Who will be drawn in which cell, before there is a picture."""
    with st.grid(3, min_column_width=130, gap="small", border=True) as cards:
        for (cell, persona), look in zip(seated(block.personas), block.filters, strict=True):
            with cards.cell(), st.container(gap="xsmall"):
                st.badge(str(cell), color="gray")
                who(persona, look)


def people_table(personas: Sequence[Persona]) -> None:
    """The rows, to read."""
    st.table(
        {
            "Cell": [str(cell) for cell, _ in seated(personas)],
            "Name": [plain(persona.name) for persona in personas],
            "Age": [str(persona.age) for persona in personas],
            "Gender": [persona.gender.value for persona in personas],
            "Ethnicity": [persona.ethnicity.value for persona in personas],
            "Occupation": [plain(persona.occupation) for persona in personas],
        },
        hide_index=True,
        alt="The people of the picture",
    )


def grid_view(run: Run, record: BlockRecord, key: str) -> None:
    """The uncut picture with its cut lines, its earlier cuts, and the way to another cut."""
    if record.grid is None:
        return
    cut = cutting.past(run, record, key)
    lines = False
    if cut is not None:
        with st.container(horizontal=True, vertical_alignment="center"):
            lines = st.toggle("Show the cut lines", value=True, key=f"grid.lines.{record.grid.id}")
            if record.cut is None or record.cut.verdict is not Verdict.QUARANTINED:
                cutting.offer(record, cut, key)
    grid_picture(record, cut if lines else None)
    if cut is None:
        st.caption("The picture as it arrived; it is not cut yet.")
    else:
        st.caption(f"{plain(cutting.told(cut))}. {plain(' '.join(cut.reasons))}")


def grid_picture(record: BlockRecord, cut: Cut | None) -> None:
    """The uncut picture; with the lines of a cut, if one is given, and marks at cells that are not as they should be."""
    if record.grid is None:
        return
    data = state.picture(record.grid.blob)
    if cut is not None:
        data = state.overlay(record.grid.blob, cut.boxes, tuple(cell for cell, _ in cut.findings if cell))
    st.image(data, width=record.grid.size.width, output_format="PNG", alt=grid_alt(record.block))


def grid_alt(block: Block) -> str:
    """An uncut picture for those who cannot see it, made from its rows."""
    people = "; ".join(f"{cell}: {persona.described}" for cell, persona in seated(block.personas))
    return f"Grid of portraits. {people}"


def prompt_view(record: BlockRecord) -> None:
    """The words that were sent, and those that the provider says it used instead."""
    st.caption("The text as it was sent.")
    st.code(record.prompt, language=None, wrap_lines=True)
    if record.grid and record.grid.revised_prompt:
        st.caption("The provider reports that it drew from this wording:")
        st.code(record.grid.revised_prompt, language=None, wrap_lines=True)


def facts_table(run: Run, record: BlockRecord) -> None:
    """Everything that explains the picture."""
    grid, recipe = record.grid, run.recipe
    if grid is None:
        return
    asked = "" if grid.size == recipe.size else f" (asked for {recipe.size})"
    words = "exact text, by hand" if recipe.exact_prompt else recipe.template
    facts = {
        "Model": plain(grid.model),
        "Size": f"{grid.size} px{asked}",
        "Quality": plain(recipe.quality) or "not a choice of this model",
        "Words": plain(words) + (", edited" if recipe.words else ""),
        "Looks": recipe.filter_mode.value,
        "Seed": str(recipe.seed),
        "Drawn in": f"{grid.seconds:.1f} s, {record.attempts} {'try' if record.attempts == 1 else 'tries'}",
        **costs(grid, len(record.block.personas)),
        "Tokens": f"{grid.usage.input_text:,} text in, {grid.usage.output:,} out"
        if grid.usage
        else "not reported",
        "Arrived": f"{grid.arrived:%Y-%m-%d %H:%M:%S} UTC",
        "Request id": verbatim(grid.request_id) if grid.request_id else "none",
        "SHA-256": f"{verbatim(grid.blob[:32])} {verbatim(grid.blob[32:])}",
        "Run": verbatim(run.id),
    }
    st.table({"Fact": list(facts), "Value": list(facts.values())}, hide_index=True)


def costs(grid: Grid, people: int) -> dict[str, str]:
    """What a picture was to cost and what it did cost, each with where the figure comes from."""

    def told(cost: Cost) -> str:
        return plain(cost_text(cost, people) + (f". {cost.note}" if cost.note else ""))

    if grid.estimate is None or grid.cost.basis == "free":
        return {"Cost": told(grid.cost)}
    settled = grid.cost.basis == "usage"
    actual = told(grid.cost) if settled else "not reported by the server, so the estimate stands"
    return {"Estimate before": told(grid.estimate), "Actual cost": actual}


def downloads(run: Run, record: BlockRecord, key: str) -> None:
    """The whole run as a zip, the grid alone, and the way to the projector."""
    if record.grid is None:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.download_button(
            "All as zip",
            data=partial(state.studio().export, run.id, files.chosen()),
            file_name=f"avatars-{run.id[:8]}.zip",
            mime="application/zip",
            icon=":material/folder_zip:",
            on_click="ignore",
            key=f"{key}.zip",
            help=f"Avatars ({files.chosen()}), grid, manifest, prompt and recipe",
        )
        files.popover()
        st.download_button(
            "The grid",
            data=partial(state.picture, record.grid.blob),
            file_name=f"grid-{run.id[:8]}.{record.grid.media_type.rpartition('/')[2]}",
            mime=record.grid.media_type,
            icon=":material/download:",
            on_click="ignore",
            key=f"{key}.grid",
            help="The original bytes as they arrived",
        )
        st.page_link(
            "../pages/present.py",
            label="Present",
            icon=":material/slideshow:",
            query_params={state.RUN: run.id},
        )
