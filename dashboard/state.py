"""Every session key in one place, and what the process has once: the studio and its engine."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import pandas as pd
import streamlit as st

from avatar_core import load_settings, open_jobs, open_studio
from avatar_core.errors import AvatarError, RunUnknown
from avatar_core.filters import all_filters
from avatar_core.grid import CELLS
from avatar_core.jobs import Jobs
from avatar_core.people import people_from_frame
from avatar_core.planning import deal
from avatar_core.prompts import DEFAULT_TEMPLATE, find_template
from avatar_core.studio import Studio
from avatar_core.types import Avatar, FilterMode, FilterPlan, People, Persona, Run

T = TypeVar("T")

# Query parameters: what is looked at.
RUN = "run"
SESSION = "session"
STEP = "step"
DRAFT = "draft"

# Session keys: what is being typed.
PEOPLE = "people"  #: the table of all loaded people, as a data frame
REVISION = "people.revision"  #: new when the table is replaced, so that a fresh editor mounts
LOADED = "people.loaded"  #: how many rows the table had when it was loaded
BASE = "people.base"  #: the editor's frozen input
NOTICE = "people.notice"  #: what came of the last table: an error, or its people and problems
SOURCE = "people.source"  #: what the table was loaded from, and which column was which
ASKED = "people.asked"  #: the table whose columns the dialog asks about
DIALOG = "dialog"  #: which dialog is open
SHARES = "census.shares"  #: shares of the user's own, in place of the census's
ANSWER = "setup.answer"  #: what the connection test said
SERVED = "models.served"  #: the server's own models, or why it did not tell
OWN_MODELS = "models.own"  #: models of no catalog that were chosen in this session, by their ids
SHOWN = "studio.shown"  #: the last run that brought avatars, shown until the next one does
KEPT = "draft.kept"  #: the table and the choices as the draft has them

# Keys of the recipe's widgets, written only before they are drawn.
PLAN, SAME_LOOK, SEED = "recipe.plan", "recipe.same", "recipe.seed"
LOOK_MODE = "recipe.looks"  #: where the looks come from
QUIET_MODE = "recipe.looks.quiet"  #: likewise, for templates that never speak of them
MODEL, TEMPLATE, MODE, EXACT_TEXT = "recipe.model", "recipe.template", "recipe.mode", "recipe.exact"
VARIANTS = "tune.count"
BALANCED, COUNTERBALANCED, BY_HAND = "Balanced", "Counterbalanced", "By hand"
SAME, WITHOUT = "All the same", "None"
SPOKEN, APPLIED, NOT_APPLIED = "Spoken in the prompt", "Applied here after the cut", "Not applied"
FOLLOW, WORDS, EXACT = "From the rows", "Edit words", "Exact text"

LOOK = "look by hand"
"""The table's own column for looks; so named that an uploaded column is not taken for it by chance."""


@st.cache_resource(on_release=lambda jobs: jobs.close(seconds=5), show_spinner="Opening the studio")
def jobs() -> Jobs:
    """The engine of this process; its first use opens the store and resumes what was unfinished."""
    return open_jobs(open_studio(load_settings()))


def studio() -> Studio:
    """The use cases."""
    return jobs().studio


# Bytes do not change, so they are shared between sessions and never copied.
@st.cache_resource(max_entries=100, show_spinner=False)
def picture(blob: str) -> bytes:
    """The bytes of a blob."""
    return studio().picture(blob)


def portrait(run: Run, avatar: Avatar) -> bytes:
    """An avatar in its look."""
    return _portrait((avatar.blob, avatar.filter, run.recipe.filter_mode), run, avatar)


@st.cache_resource(max_entries=100, show_spinner=False)
def _portrait(key: tuple[str, str, str], _run: Run, _avatar: Avatar) -> bytes:  # noqa: ARG001, the key is all that counts
    return studio().portrait(_run, _avatar)


@st.cache_resource(max_entries=500, show_spinner=False)
def thumbnail(blob: str) -> bytes:
    """A small JPEG of a blob."""
    return studio().thumbnail(blob)


@st.cache_resource(max_entries=20, show_spinner=False)
def overlay(blob: str, boxes: tuple[tuple[int, int, int, int], ...], marked: tuple[int, ...] = ()) -> bytes:
    """A grid with its cut lines and cell numbers, some cells marked, as PNG."""
    return studio().overlay(blob, boxes, marked)


def default(key: str, value: object) -> None:
    """Give a widget its first value, unless the user or a reopened run has given it one."""
    if key not in st.session_state:
        st.session_state[key] = value


def one_of(label: str, options: Sequence[T], key: str, **more: Any) -> T:
    """A row of buttons of which one is always chosen, at first the first one.

    The choice is written anew before it is drawn: left to itself, such a row comes back empty from another page.
    """
    if st.session_state.get(key) not in options:
        st.session_state[key] = options[0]
    st.session_state[key] = st.session_state[key]
    chosen: T = st.segmented_control(
        label, options, required=True, key=key, persist_state="session", wrap=True, **more
    )
    return chosen


def attempt(page: str, act: Callable[..., object], *args: object) -> None:
    """Do what a click asks for; if that fails, the page's :func:`failure` says why."""
    try:
        act(*args)
    except AvatarError as error:
        st.session_state[f"{page}.failed"] = error
    else:
        st.session_state[f"{page}.failed"] = None


def failure(page: str) -> AvatarError | None:
    """Why the last click on a page did nothing."""
    error: AvatarError | None = st.session_state.get(f"{page}.failed")
    return error


def addressed(name: str) -> str:
    """What a query parameter of this page names; the session remembers it while other pages are visited."""
    said: str = st.query_params.get(name, "")
    remembered: str = st.session_state.get(f"address.{name}", "")
    if remembered and not said:
        st.query_params[name] = said = remembered
    st.session_state[f"address.{name}"] = said
    return said


def address(name: str, value: str) -> None:
    """Put something into the address, so that a refresh or a second tab finds it; an empty text takes it out."""
    st.session_state[f"address.{name}"] = value
    if value:
        st.query_params[name] = value
    else:
        st.query_params.pop(name, None)


def turn_to(**query: str) -> None:
    """Show something else on the same page; a page's link to itself would not change the address."""
    st.query_params.from_dict(query)


def find_run(run_id: str) -> Run | None:
    """The run of an id that somebody may have typed, if it exists."""
    try:
        return studio().run(run_id) if run_id else None
    except RunUnknown:
        return None


def set_people(frame: pd.DataFrame, *, loaded: int | None = None) -> None:
    """Replace the whole table, and the editor with it.

    The revision is not a number that counts up: after a restart of the server, a browser tab sends the edits of an
    editor that this session has never drawn, and they must not find one of the same name.
    """
    st.session_state[PEOPLE] = frame.reset_index(drop=True)
    st.session_state[REVISION] = uuid.uuid4().hex[:12]
    st.session_state[LOADED] = len(frame) if loaded is None else loaded
    st.session_state[NOTICE] = None
    st.session_state[SOURCE] = None


def applied_after() -> bool:
    """Whether looks are given to the finished pictures, as far as it was chosen."""
    template = find_template(st.session_state.get(TEMPLATE, DEFAULT_TEMPLATE))
    key = LOOK_MODE if template.speaks_of_looks else QUIET_MODE
    return st.session_state.get(key) == APPLIED


def deal_looks() -> None:
    """Give the table its column for looks if they are chosen by hand and it has none, filled with the balanced plan."""
    frame: pd.DataFrame = st.session_state[PEOPLE]
    if st.session_state.get(PLAN) != BY_HAND or LOOK in frame:
        return
    labels = {each.id: each.label for each in all_filters()}
    personas = people_from_frame(frame).personas
    mode = FilterMode.AFTER if applied_after() else FilterMode.PROMPT
    dealt = deal(personas, mode, FilterPlan.BALANCED, st.session_state.get(SEED, 1))
    worn = {persona.id: labels[each] for persona, each in zip(personas, dealt, strict=True)}
    looks = [worn.get(str(row), labels["none"]) for row in frame["id"]]
    st.session_state[PEOPLE] = frame.assign(**{LOOK: pd.array(looks, dtype="string")})


def read(frame: pd.DataFrame) -> People:
    """The people of a table, with their looks only while those are chosen by hand."""
    if st.session_state.get(PLAN) != BY_HAND:
        frame = frame.drop(columns=[LOOK], errors="ignore")
    return people_from_frame(frame)


def people_of_picture() -> tuple[Persona, ...]:
    """The first nine usable people, or those of the block that was chosen in the studio."""
    deal_looks()
    frame: pd.DataFrame = st.session_state[PEOPLE]
    start = st.session_state.get(f"people.block.{st.session_state[REVISION]}", 0)
    return read(frame.iloc[start : start + CELLS]).personas


def words_key(template: str) -> str:
    """The key of the text area that edits a template's words."""
    return f"recipe.words.{template}"
