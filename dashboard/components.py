"""What several pages show: errors, progress, a result, the facts of a picture. Each function draws where it is called."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial

import streamlit as st

from avatar_core.cost import estimate, format_usd
from avatar_core.errors import AvatarError, error_named
from avatar_core.export import avatar_name
from avatar_core.filters import find_filter
from avatar_core.grid import CELLS, seated
from avatar_core.studio import Studio
from avatar_core.types import Avatar, BlockRecord, BlockState, Cost, ModelFacts, Persona, Run, Verdict
from dashboard import state

STATES = {
    BlockState.QUEUED: ("Waiting for its turn", ":material/hourglass_empty:", "gray"),
    BlockState.PAINTING: ("The model is drawing", ":material/brush:", "blue"),
    BlockState.WAITING: ("Waiting before another try", ":material/schedule:", "orange"),
    BlockState.CUTTING: ("Cutting the grid", ":material/grid_on:", "blue"),
    BlockState.DONE: ("Done", ":material/check:", "green"),
    BlockState.FAILED: ("Failed", ":material/error:", "red"),
    BlockState.CANCELLED: ("Cancelled", ":material/block:", "gray"),
}

TITLES = {
    "KeyMissing": "No API key",
    "KeyRejected": "The key was refused",
    "NoCredit": "No credit left",
    "PromptRefused": "The picture was refused",
    "ServerUnreachable": "The server cannot be reached",
    "AnswerLost": "No answer, possibly billed",
    "AnswerUnusable": "The answer held no picture",
    "PromptTooLong": "The prompt is too long",
    "TooManyPeople": "Too many people for one picture",
    "StoreFull": "The disk is full",
    "StoreLocked": "The database is locked",
    "StoreNewer": "The database is newer than this program",
}


def plain(text: str) -> str:
    """Text of users and servers, made harmless for places that read Markdown."""
    return "".join(f"\\{char}" if char in "\\`*_{}[]()<>#+-!|$~:&" else char for char in text)


def verbatim(text: str) -> str:
    """Text as it is, in the type of a machine: nothing in it becomes a link or a sign."""
    return f"`{text.replace('`', chr(39))}`"


def error_box(error: AvatarError, title: str = "") -> None:
    """One error, with what to do next."""
    st.error(
        plain(error.message),
        title=title or TITLES.get(error.code, "This did not work"),
        icon=":material/error:",
    )


def empty(title: str, text: str) -> None:
    """What stands where nothing is yet."""
    with st.container(border=True, horizontal_alignment="center"):
        st.markdown(f"**{title}**", width="content")
        st.caption(text, width="content")


def count(number: int, one: str, many: str) -> str:
    """A number with its noun."""
    return f"{number:,} {one if number == 1 else many}"


def seconds_since(moment: datetime) -> str:
    """How long ago that was, as 42 s or 3 min 5 s."""
    seconds = max(0, int((datetime.now(UTC) - moment).total_seconds()))
    return f"{seconds} s" if seconds < 60 else f"{seconds // 60} min {seconds % 60} s"


def cost_text(cost: Cost, people: int) -> str:
    """A price, and the price of one avatar."""
    if not cost.usd:
        return format_usd(cost)
    each = format_usd(Cost(usd=cost.usd / people, basis=cost.basis)).removeprefix("about ")
    return f"{format_usd(cost)}, {each} an avatar"


def model_label(facts: ModelFacts) -> str:
    """A model's name, with its last day if that is known."""
    return f"{facts.label} (until {facts.shutdown:%d %b %Y})" if facts.shutdown else facts.label


def state_badge(stands: BlockState) -> None:
    """Where a run stands."""
    label, icon, colour = STATES[stands]
    st.badge(label, icon=icon, color=colour)  # type: ignore[arg-type]


def progress(run_id: str, key: str) -> None:
    """What a run does now, for how long, and a way to stop it; reruns the page once when it is finished."""

    def show() -> None:
        run = state.studio().run(run_id)
        if run.finished:
            st.rerun()
        label, icon, _ = STATES[run.state]
        current = next(record for record in run.blocks if record.state is run.state)
        with st.container(border=True):
            st.markdown(f"**{icon} {label}** · {seconds_since(run.created)}")
            if current.message:
                st.caption(plain(current.message))
            elif run.state is BlockState.QUEUED:
                st.caption("It starts as soon as the rate limit and the pictures before it allow.")
            st.progress(_part(run.state), text=f"{run.title}")
            st.button(
                "Cancel",
                key=f"{key}.cancel",
                icon=":material/close:",
                on_click=state.jobs().cancel,
                args=(run_id,),
            )

    st.fragment(show, run_every=0.5)()


def _part(step: BlockState) -> float:
    return {BlockState.QUEUED: 0.05, BlockState.PAINTING: 0.4, BlockState.WAITING: 0.4}.get(step, 0.9)


def outcome(run: Run, key: str) -> None:
    """How a finished run ended, if it brought no avatars: why, and what can be done."""
    for record in run.blocks:
        if record.state is BlockState.CANCELLED:
            arrived = (
                " The picture arrived all the same and is kept: going on costs nothing."
                if record.grid
                else ""
            )
            st.warning(f"You cancelled this run.{arrived}", title="Cancelled", icon=":material/block:")
        elif record.state is BlockState.FAILED:
            error_box(error_named(record.error, record.message))
        else:
            continue
        label = "Cut the picture" if record.grid else "Try again"
        st.button(
            label, key=f"{key}.again", icon=":material/replay:", on_click=state.jobs().start, args=(run.id,)
        )


def result(run: Run, key: str) -> None:
    """Avatars, grid, prompt and facts of a finished run."""
    record = run.blocks[0]
    if record.grid is None:
        return
    if record.grid.model == "demo":
        st.caption(
            ":material/draw: **Demo drawings** by the built-in illustrator: free, and not photographs."
        )
    avatars, grid, prompt, facts = st.tabs(["Avatars", "Grid", "Prompt", "Facts"])
    with avatars:
        avatar_cards(run, key)
    with grid:
        grid_view(run, record)
    with prompt:
        st.caption("The text as it was sent.")
        st.code(record.prompt, language=None, wrap_lines=True)
        if record.grid.revised_prompt:
            st.caption("The provider reports that it drew from this wording:")
            st.code(record.grid.revised_prompt, language=None, wrap_lines=True)
    with facts:
        facts_table(run, record)
    downloads(run, record, key)


def avatar_cards(run: Run, key: str) -> None:
    """Nine cards: portrait, the row's facts, download."""
    with st.grid(3, min_column_width=96, gap="small") as cards:
        for avatar in run.avatars:
            with cards.cell(), st.container(gap="xsmall"):
                portrait(run, avatar)
                st.download_button(
                    "PNG",
                    data=partial(state.studio().avatar_file, run, avatar),
                    file_name=avatar_name(avatar.persona),
                    mime="image/png",
                    icon=":material/download:",
                    on_click="ignore",
                    key=f"{key}.avatar.{avatar.cell}",
                    type="tertiary",
                    help=f"Download {plain(avatar_name(avatar.persona))}",
                )


def portrait(run: Run, avatar: Avatar) -> None:
    """One portrait with its row."""
    grid = run.blocks[avatar.block].grid
    st.image(
        state.picture(avatar.blob),
        width=grid.size.width if grid else 512,
        output_format="PNG",
        alt=f"Portrait {avatar.cell}: {avatar.persona.described}",
    )
    look = "" if avatar.filter == "none" else f" · {find_filter(avatar.filter).label}"
    st.markdown(f"**{plain(avatar.persona.name or avatar.persona.id)}**")
    st.caption(plain(avatar.persona.described + look))


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


def faces(run: Run, columns: int) -> None:
    """The portraits with their rows, for a projector: no buttons."""
    with st.grid(columns, min_column_width=96, gap="small") as cards:
        for avatar in run.avatars:
            with cards.cell(), st.container(gap="xsmall"):
                portrait(run, avatar)


def grid_view(run: Run, record: BlockRecord) -> None:
    """The uncut picture with its cut lines."""
    if record.grid is None:
        return
    if record.cut is None:
        st.image(
            state.picture(record.grid.blob),
            width=record.grid.size.width,
            output_format="PNG",
            alt="The uncut picture",
        )
        return
    lines = st.toggle("Show the cut lines", value=True, key=f"grid.lines.{run.id}")
    data = state.overlay(record.grid.blob, record.cut.boxes) if lines else state.picture(record.grid.blob)
    people = "; ".join(f"{avatar.cell}: {avatar.persona.described}" for avatar in record.avatars)
    st.image(data, width=record.grid.size.width, output_format="PNG", alt=f"Grid of portraits. {people}")
    if record.cut.verdict is Verdict.UNVERIFIED:
        st.caption(f":material/help: Cut unverified. {' '.join(record.cut.reasons)}")
    else:
        st.caption(f"Cut {record.cut.verdict.value}, confidence {record.cut.confidence:.2f}.")


def facts_table(run: Run, record: BlockRecord) -> None:
    """Everything that explains the picture."""
    grid = record.grid
    if grid is None:
        return
    usage = f"{grid.usage.input_text} text in, {grid.usage.output} out" if grid.usage else "not reported"
    facts = {
        "Model": grid.model,
        "Size": f"{grid.size} px (asked for {run.recipe.size})",
        "Quality": run.recipe.quality or "not a choice of this model",
        "Template": run.blocks[0].prompt
        and ("written by hand" if run.recipe.exact_prompt else run.recipe.template),
        "Seed": str(run.recipe.seed),
        "Drawn in": f"{grid.seconds:.1f} s, {record.attempts} {'try' if record.attempts == 1 else 'tries'}",
        "Cost": f"{cost_text(grid.cost, len(record.block.personas))} ({grid.cost.basis})",
        "Tokens": usage,
        "Arrived": f"{grid.arrived:%Y-%m-%d %H:%M:%S} UTC",
        "Request id": grid.request_id or "none",
        "Grid SHA-256": grid.blob,
        "Run": run.id,
    }
    st.table({"Fact": list(facts), "Value": [plain(value) for value in facts.values()]}, hide_index=True)


def downloads(run: Run, record: BlockRecord, key: str) -> None:
    """The whole run as a zip, and the grid alone."""
    if record.grid is None:
        return
    with st.container(horizontal=True):
        st.download_button(
            "All as zip",
            data=lambda: state.studio().export(run.id),
            file_name=f"avatars-{run.id[:8]}.zip",
            mime="application/zip",
            icon=":material/folder_zip:",
            on_click="ignore",
            key=f"{key}.zip",
            help="Avatars, grid, manifest, prompt and recipe",
        )
        st.download_button(
            "The grid",
            data=state.picture(record.grid.blob),
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


def model_rows(studio: Studio) -> list[dict[str, object]]:
    """The models of today as rows of a table."""
    rows: list[dict[str, object]] = []
    for facts in studio.offered():
        size, quality = facts.grid_sizes[0], facts.qualities[0] if facts.qualities else ""
        price = estimate(facts, size, quality, 2000)
        rows.append(
            {
                "Model": facts.label,
                "Id": facts.id,
                "Price of a grid": price.usd,
                "Price of an avatar": price.usd / CELLS if price.usd is not None else None,
                "At": f"{size} {quality}".strip(),
                "Last day": facts.shutdown,
                "Prices as of": facts.prices.as_of if facts.prices else None,
                "Qualities": ", ".join(facts.qualities),
                "About": facts.about,
            }
        )
    return rows
