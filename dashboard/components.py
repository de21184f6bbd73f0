"""What several pages show: errors, empty places, prices, how a run stands. Each function draws where it is called."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import streamlit as st

from avatar_core.budget import dollars
from avatar_core.cost import format_usd
from avatar_core.errors import AvatarError, error_named
from avatar_core.types import BlockRecord, BlockState, Cost, ModelFacts, Run
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

STEPS = (BlockState.QUEUED, BlockState.PAINTING, BlockState.CUTTING)
NOTES = {
    BlockState.QUEUED: "It starts as soon as the rate limit and the pictures before it allow.",
    BlockState.PAINTING: "You may leave this page: the picture is kept when it arrives.",
    BlockState.CUTTING: "The picture is here and safe.",
}

TITLES = {
    "KeyMissing": "No API key",
    "KeyRejected": "The key was refused",
    "AccessDenied": "No access to this model",
    "OrganizationUnverified": "The organisation is not verified",
    "NoCredit": "No credit left",
    "BudgetSpent": "The daily budget leaves no room",
    "PromptRefused": "The picture was refused",
    "RequestRejected": "The request was rejected",
    "ModelNotServed": "The server lacks this model",
    "ModelRetired": "This model is no more",
    "ModelUnknown": "No such model",
    "ChoiceIllegal": "The model does not draw that",
    "RateLimited": "The server is too busy",
    "ServerFailed": "The server failed",
    "ServerUnreachable": "The server cannot be reached",
    "AnswerLost": "No answer, possibly billed",
    "AnswerUnusable": "The answer held no picture",
    "PromptTooLong": "The prompt is too long",
    "TooManyPeople": "Too many people for one picture",
    "TemplateBroken": "These words cannot be used",
    "StoreFull": "The disk is full",
    "StoreLocked": "The database is locked",
    "StoreNewer": "The database is newer than this program",
    "BlobMissing": "A stored picture is gone",
}


NEVER_REPEATED = {
    "PromptRefused": "The same words are never sent again by themselves.",
    "AnswerLost": "It is never sent again by itself, because each try may be billed.",
    "AnswerUnusable": "It is never sent again by itself. What came is kept for inspection.",
}


def plain(text: str) -> str:
    """Text of users and servers, made harmless for places that read Markdown.

    Backslashes do for signs. Addresses and icons are looked for once more after those are gone, so an invisible
    joiner breaks them up.
    """
    broken = re.sub(r"([:@](?=\S)|www(?=\.))", "\\1\u2060", text, flags=re.IGNORECASE)
    return "".join(f"\\{char}" if char in "\\`*_{}[]()<>#+-!|$~:&" else char for char in broken)


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


def cost_text(cost: Cost, people: int = 1) -> str:
    """A price, and the price of one avatar if it is for several."""
    if cost.usd is None:
        return "price unknown"
    if not cost.usd or people < 2:
        return format_usd(cost)
    each = format_usd(Cost(usd=cost.usd / people, basis=cost.basis)).removeprefix("about ")
    return f"{format_usd(cost)}, {each} an avatar"


def model_label(facts: ModelFacts) -> str:
    """A model's name, marked with the days that are left within its last month, or with its end if that is known."""
    days = state.studio().days_left(facts)
    if days is not None:
        return f"{facts.label} · {count(days, 'day', 'days')} left"
    return f"{facts.label} · until {facts.shutdown:%d %b %Y}" if facts.shutdown else facts.label


def budget_line(estimate: Cost) -> None:
    """What is left of the daily budget for this, if one is set and this costs anything."""
    spending = state.studio().spending()
    if spending.limit is None or spending.room is None or estimate.usd == 0:
        return
    left = plain(f"{dollars(spending.room)} left of the daily budget of {dollars(spending.limit)}")
    if estimate.usd is None:
        left += ". The price of this model is not known and counts as nothing."
    elif estimate.usd > spending.room:
        left = f":orange[:material/warning: {left}: too little for this.]"
    st.caption(left)


def state_badge(stands: BlockState) -> None:
    """Where a run stands."""
    label, icon, colour = STATES[stands]
    st.badge(label, icon=icon, color=colour)  # type: ignore[arg-type]


def progress(run_id: str, key: str) -> None:
    """What a run does now, for how long, and a way to stop it; reruns the page once when it is finished."""
    page = key.partition(".")[0]

    def show() -> None:
        try:
            run = state.studio().run(run_id)
        except AvatarError as error:  # the next tick asks again
            error_box(error, "The run cannot be read at the moment")
            return
        if run.finished:
            st.rerun()
        label, icon, _ = STATES[run.state]
        now = next(record for record in run.blocks if record.state is run.state)
        with st.container(border=True):
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(f"**{icon} {label}** · {seconds_since(now.changed)}")
                st.button(
                    "Cancel",
                    key=f"{key}.cancel",
                    icon=":material/close:",
                    on_click=state.attempt,
                    args=(page, state.jobs().cancel, run_id),
                )
            step = STEPS.index(run.state) if run.state in STEPS else 1
            here = sum(record.state.finished for record in run.blocks)
            if len(run.blocks) > 1:
                st.progress(here / len(run.blocks), text=f"{here} of {len(run.blocks)} pictures")
            else:
                st.progress((step + 1) / (len(STEPS) + 1), text=f"Step {step + 1} of {len(STEPS)}")
            st.caption(plain(now.message) or NOTES.get(run.state, ""))

    st.fragment(show, run_every=0.5)()


def outcome(run: Run, key: str) -> None:
    """How a finished run ended where it brought no avatars: why, and what can be done."""
    cancelled = [record for record in run.blocks if record.state is BlockState.CANCELLED]
    failed = [record for record in run.blocks if record.state is BlockState.FAILED]
    if cancelled:
        st.warning(
            "The picture arrived all the same and is kept: going on costs nothing."
            if all(record.grid for record in cancelled)
            else "If the model was drawing already, its picture is kept when it arrives, and is not paid twice.",
            title="You cancelled this run",
            icon=":material/block:",
        )
    for code, message in dict.fromkeys((record.error, record.message) for record in failed):
        error_box(error_named(code, message))
        if code in NEVER_REPEATED:
            st.caption(NEVER_REPEATED[code])
    _request_ids(run, failed)
    page = key.partition(".")[0]
    heir = _heir(run, failed)
    if heir is not None and page != "tune":
        st.button(
            f"Draw it with {plain(heir.label)}",
            key=f"{key}.heir",
            icon=":material/redo:",
            type="primary",
            help="The same people, words and looks as a new run. It costs what a picture of that model costs.",
            on_click=state.attempt,
            args=(page, _again_with, run, heir),
        )
    elif cancelled or failed:
        st.button(
            "Cut the picture" if all(record.grid for record in cancelled + failed) else "Try again",
            key=f"{key}.again",
            icon=":material/replay:",
            on_click=state.attempt,
            args=(page, _again, run),
        )


def _request_ids(run: Run, failed: list[BlockRecord]) -> None:
    """The provider's ids of requests that failed, which its support asks for."""
    blocks = {record.block.index for record in failed}
    last = {call.block: call.request_id for call in state.studio().store.catalog.calls.of(run.id)}
    ids = [verbatim(said) for block, said in last.items() if said and block in blocks]
    if ids:
        more = f" and {len(ids) - 3:,} more" if len(ids) > 3 else ""
        st.caption(f"Request id for the provider's support: {', '.join(ids[:3])}{more}")


def _heir(run: Run, failed: list[BlockRecord]) -> ModelFacts | None:
    """What replaces the model of a run that failed because that model is no more."""
    gone = any(record.error in ("ModelRetired", "ModelNotServed") for record in failed)
    return state.studio().successor(run.recipe.model) if gone else None


def _again_with(run: Run, facts: ModelFacts) -> None:
    """Begin a run anew with another model, and show it."""
    run_id = state.studio().begin(state.studio().plan_again(run, facts), title=run.title)
    state.jobs().start(run_id)
    state.address(state.RUN, run_id)


def _again(run: Run) -> None:
    if any(record.grid is None for record in run.blocks):
        state.studio().check_key(state.studio().models.find(run.recipe.model))
    state.jobs().start(run.id)
