"""Coming back: a run, a tuning session or an unsaved draft is put back into the controls.

A browser refresh begins a new session that knows nothing, so what is being typed is kept as a draft, a small note
in the store whose random id stands in the address.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from avatar_core.errors import AvatarError, StoreError
from avatar_core.filters import all_filters
from avatar_core.people import people_to_frame, sample_people
from avatar_core.planning import deal
from avatar_core.prompts import DEFAULT_TEMPLATE, find_template, templates
from avatar_core.types import FilterMode, FilterPlan, Recipe, Run
from dashboard import models, state

PLANS = {
    FilterPlan.BALANCED: state.BALANCED,
    FilterPlan.COUNTERBALANCED: state.COUNTERBALANCED,
    FilterPlan.SAME: state.SAME,
    FilterPlan.BY_HAND: state.BY_HAND,
}
"""What the control of the looks calls each plan."""


def begin() -> None:
    """Give a new session its table: the draft, run or session of the address, else the built-in nine."""
    draft = state.addressed(state.DRAFT)
    if state.PEOPLE in st.session_state or _draft(draft):
        return
    run = state.find_run(st.query_params.get(state.RUN, ""))
    if run is not None:
        reopen(run)
        return
    summaries = state.studio().session(st.query_params.get(state.SESSION, "") or "none")
    if summaries:
        session([state.studio().run(each.id) for each in summaries])
        return
    state.set_people(people_to_frame(sample_people("nine")))


def reopen(run: Run) -> None:
    """Put the people and the choices of an earlier run back into the studio's controls."""
    frame = people_to_frame(run.personas, extra=True)
    worn = [look for record in run.blocks for look in record.block.filters]
    plan = _plan_of(run, worn)
    st.session_state[state.PLAN] = plan
    if plan == state.SAME:
        st.session_state[state.SAME_LOOK] = worn[0]
    elif plan == state.BY_HAND:
        labels = {each.id: each.label for each in all_filters()}
        frame = frame.assign(**{state.LOOK: [labels[look] for look in worn]})
    _put_table(frame)
    _put_recipe(run.recipe)
    st.session_state.pop("address.draft", None)


def _plan_of(run: Run, worn: Sequence[str]) -> str:
    """The plan that gives these people these looks; by hand, if what is recorded does not."""
    recipe = run.recipe
    if recipe.filter_mode is FilterMode.NONE:
        return state.WITHOUT
    if recipe.filter_plan in (FilterPlan.BALANCED, FilterPlan.COUNTERBALANCED):
        dealt = deal(run.personas, recipe.filter_mode, recipe.filter_plan, recipe.seed)
        if tuple(worn) == dealt:
            return PLANS[recipe.filter_plan]
    return (
        state.SAME if len(set(worn)) == 1 and recipe.filter_plan is not FilterPlan.BY_HAND else state.BY_HAND
    )


def session(runs: Sequence[Run]) -> None:
    """Put the people and the variants of a tuning session back into its controls."""
    reopen(runs[0])
    st.session_state[state.VARIANTS] = max(2, len(runs))
    for run in runs:
        key = f"tune.{run.variant}"
        st.session_state[f"{key}.template"] = run.recipe.template
        if run.recipe.words:
            st.session_state[f"{key}.words.{run.recipe.template}"] = run.recipe.words
        models.recall(f"{key}.model", run.recipe)


def _put_table(frame: pd.DataFrame, loaded: int | None = None) -> None:
    """A table that is kept somewhere already, so it is no draft yet."""
    state.set_people(frame, loaded=loaded)
    st.session_state[state.KEPT] = None


def _put_recipe(recipe: Recipe) -> None:
    if recipe.template in {each.name for each in templates()}:
        st.session_state[state.TEMPLATE] = recipe.template
        if recipe.words:
            st.session_state[state.words_key(recipe.template)] = recipe.words
    st.session_state[state.SEED] = recipe.seed
    if recipe.filter_mode is not FilterMode.NONE:
        quiet = not find_template(st.session_state.get(state.TEMPLATE, DEFAULT_TEMPLATE)).speaks_of_looks
        key = state.QUIET_MODE if quiet else state.LOOK_MODE
        if recipe.filter_mode is FilterMode.AFTER:
            st.session_state[key] = state.APPLIED
        elif not quiet:
            st.session_state[key] = state.SPOKEN
    mode = state.EXACT if recipe.exact_prompt else state.WORDS if recipe.words else state.FOLLOW
    st.session_state[state.MODE] = mode
    if recipe.exact_prompt:
        st.session_state[state.EXACT_TEXT] = recipe.exact_prompt
    models.recall(state.MODEL, recipe)


# Drafts


def keep(recipe: Recipe | None) -> None:
    """Keep the table and the choices as a draft, if they are not what is kept already."""
    frame: pd.DataFrame = st.session_state[state.PEOPLE]
    choices = {
        "plan": st.session_state.get(state.PLAN),
        "same": st.session_state.get(state.SAME_LOOK),
        "looks": st.session_state.get(state.LOOK_MODE),
        "quiet": st.session_state.get(state.QUIET_MODE),
        "recipe": recipe.as_dict() if recipe else None,
    }
    kept = st.session_state.get(state.KEPT)
    st.session_state[state.KEPT] = (frame, choices)
    if kept is None or (kept[1] == choices and kept[0].equals(frame)):
        return
    rows = frame.astype(object).where(frame.notna(), None).to_numpy().tolist()
    note = {**choices, "columns": list(frame.columns), "data": rows, "loaded": st.session_state[state.LOADED]}
    try:
        draft = state.studio().keep_draft(json.dumps(note).encode(), st.query_params.get(state.DRAFT, ""))
    except StoreError as error:
        st.caption(f":material/warning: A refresh would lose these edits. {error.message}")
    else:
        state.address(state.DRAFT, draft)


def _draft(draft: str) -> bool:
    """Open a draft; whether there is one that can be used."""
    try:
        data = state.studio().find_draft(draft)
        if data is None:
            return False
        note: dict[str, Any] = json.loads(data)
        frame = pd.DataFrame(note["data"], columns=note["columns"]).astype(
            {name: "Int64" if name == "age" else "string" for name in note["columns"]}
        )
        recipe = Recipe.from_dict(note["recipe"]) if note["recipe"] else None
    except (AvatarError, ValueError, TypeError, KeyError):
        return False
    _put_table(frame, note["loaded"])
    if note["plan"] in (*PLANS.values(), state.WITHOUT):
        st.session_state[state.PLAN] = note["plan"]
    if note["same"] in {each.id for each in all_filters()}:
        st.session_state[state.SAME_LOOK] = note["same"]
    if recipe is not None:
        _put_recipe(recipe)
    if note.get("looks") in (state.SPOKEN, state.APPLIED):
        st.session_state[state.LOOK_MODE] = note["looks"]
    if note.get("quiet") in (state.NOT_APPLIED, state.APPLIED):
        st.session_state[state.QUIET_MODE] = note["quiet"]
    return True
