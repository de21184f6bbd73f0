"""Every session key in one place, and what the process has once: the studio and its engine."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from avatar_core import load_settings, open_jobs, open_studio
from avatar_core.errors import RunUnknown
from avatar_core.filters import all_filters, plan_balanced
from avatar_core.grid import CELLS
from avatar_core.jobs import Jobs
from avatar_core.people import people_from_frame, people_to_frame, sample_people
from avatar_core.studio import Studio
from avatar_core.types import FilterMode, Persona, Run

# Query parameters: what is looked at.
RUN = "run"
SESSION = "session"
STEP = "step"

# Session keys: what is being typed.
PEOPLE = "people"  #: the table of all loaded people, as a data frame
REVISION = "people.revision"  #: raised when the table is replaced, so that a fresh editor mounts
LOADED = "people.loaded"  #: how many rows the table had when it was loaded
BASE = "people.base"  #: the editor's frozen input
NOTICE = "people.notice"  #: what the last upload had to say: an error, or problems of rows
FAILED = "studio.failed"  #: why the last click could not begin a run
ANSWER = "setup.answer"  #: what the connection test said
SHOWN = "studio.shown"  #: the last run that brought avatars, shown until the next one does

# Keys of the recipe's widgets, written only before they are drawn.
PLAN, SAME_LOOK, SEED = "recipe.plan", "recipe.same", "recipe.seed"
MODEL, TEMPLATE, MODE, EXACT_TEXT = "recipe.model", "recipe.template", "recipe.mode", "recipe.exact"
BALANCED, BY_HAND, SAME, WITHOUT = "Balanced", "By hand", "All the same", "None"
FOLLOW, WORDS, EXACT = "From the rows", "Edit words", "Exact text"

LOOK = "look"
"""The table's column for looks chosen by hand."""


@st.cache_resource(on_release=lambda jobs: jobs.close(seconds=5), show_spinner="Opening the studio")
def jobs() -> Jobs:
    """The engine of this process; its first use opens the store and resumes what was unfinished."""
    return open_jobs(open_studio(load_settings()))


def studio() -> Studio:
    """The use cases."""
    return jobs().studio


@st.cache_data(max_entries=200, show_spinner=False)
def picture(blob: str) -> bytes:
    """The bytes of a blob; they never change."""
    return studio().picture(blob)


@st.cache_data(max_entries=500, show_spinner=False)
def thumbnail(blob: str) -> bytes:
    """A small JPEG of a blob."""
    return studio().thumbnail(blob)


@st.cache_data(max_entries=40, show_spinner=False)
def overlay(blob: str, boxes: tuple[tuple[int, int, int, int], ...]) -> bytes:
    """A grid with its cut lines, as PNG."""
    return studio().overlay(blob, boxes)


def default(key: str, value: object) -> None:
    """Give a widget its first value, unless the user or a reopened run has given it one."""
    if key not in st.session_state:
        st.session_state[key] = value


def people() -> pd.DataFrame:
    """The table of people: those of the run in the address, or the built-in nine, until something else is loaded."""
    if PEOPLE not in st.session_state:
        run = addressed_run()
        if run is not None:
            reopen(run)
        else:
            set_people(people_to_frame(sample_people("nine")))
    frame: pd.DataFrame = st.session_state[PEOPLE]
    return frame


def set_people(frame: pd.DataFrame) -> None:
    """Replace the whole table, and the editor with it."""
    st.session_state[PEOPLE] = frame.reset_index(drop=True)
    st.session_state[REVISION] = st.session_state.get(REVISION, 0) + 1
    st.session_state[LOADED] = len(frame)
    st.session_state[NOTICE] = None


def usable_people() -> tuple[Persona, ...]:
    """The people of the whole table whose rows are complete."""
    return people_from_frame(people()).personas


def people_of_picture() -> tuple[Persona, ...]:
    """The first nine usable people, or those of the block that was chosen in the studio."""
    frame = people()
    start = st.session_state.get(f"people.block.{st.session_state[REVISION]}", 0)
    return people_from_frame(frame.iloc[start : start + CELLS]).personas


def addressed_run() -> Run | None:
    """The run that the address names, if it exists."""
    run_id = st.query_params.get(RUN)
    if not run_id:
        return None
    try:
        return studio().run(run_id)
    except RunUnknown:
        return None


def reopen(run: Run) -> None:
    """Put the people and the choices of an earlier run back into the studio's controls."""
    recipe = run.recipe
    worn = [look for record in run.blocks for look in record.block.filters]
    frame = people_to_frame(run.personas, extra=True)
    if recipe.filter_mode is FilterMode.NONE:
        st.session_state[PLAN] = WITHOUT
    elif worn == list(plan_balanced(run.personas, recipe.seed)):
        st.session_state[PLAN] = BALANCED
    elif len(set(worn)) == 1:
        st.session_state[PLAN], st.session_state[SAME_LOOK] = SAME, worn[0]
    else:
        labels = {each.id: each.label for each in all_filters()}
        st.session_state[PLAN] = BY_HAND
        frame = frame.assign(**{LOOK: [labels[look] for look in worn]})
    set_people(frame)
    st.session_state[SEED] = recipe.seed
    st.session_state[TEMPLATE] = recipe.template
    st.session_state[MODE] = EXACT if recipe.exact_prompt else WORDS if recipe.words else FOLLOW
    if recipe.words:
        st.session_state[words_key(recipe.template)] = recipe.words
    if recipe.exact_prompt:
        st.session_state[EXACT_TEXT] = recipe.exact_prompt
    facts = {each.id: each for each in studio().offered()}.get(recipe.model)
    if facts is None:
        return
    st.session_state[MODEL] = facts.id
    if recipe.size in facts.grid_sizes:
        st.session_state[f"{MODEL}.size.{facts.id}"] = recipe.size
    if recipe.quality in facts.qualities:
        st.session_state[f"{MODEL}.quality.{facts.id}"] = recipe.quality


def words_key(template: str) -> str:
    """The key of the text area that edits a template's words."""
    return f"recipe.words.{template}"
