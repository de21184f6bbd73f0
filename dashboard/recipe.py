"""Look, prompt and model: the controls from which a recipe is made. What they offer comes from the core alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from avatar_core.errors import AvatarError
from avatar_core.filters import all_filters, plan_balanced, plan_by_hand, plan_same
from avatar_core.prompts import DEFAULT_TEMPLATE, PLACEHOLDERS, find_template, templates
from avatar_core.types import FilterMode, ModelFacts, Persona, Recipe, Size
from dashboard import components, state


def look(personas: Sequence[Persona]) -> tuple[tuple[Persona, ...], tuple[str, ...], FilterMode, int]:
    """Choose the looks. Gives the people, a filter for each, whether the prompt speaks of them, and the seed."""
    labels = {each.id: each.label for each in all_filters()}
    state.default(state.PLAN, state.BALANCED)
    state.default(state.SEED, 1)
    with st.container(horizontal=True):
        plan = st.segmented_control(
            "Looks",
            [state.BALANCED, state.BY_HAND, state.SAME, state.WITHOUT],
            required=True,
            key=state.PLAN,
            persist_state="session",
            help="Six photographic looks, spoken in the prompt. Balanced: every look as often as any other.",
        )
        if plan == state.SAME:
            state.default(state.SAME_LOOK, "bw")
            st.selectbox(
                "The look",
                list(labels),
                format_func=labels.__getitem__,
                key=state.SAME_LOOK,
                persist_state="session",
                width=190,
            )
        seed = st.number_input(
            "Seed",
            min_value=0,
            max_value=2**31 - 1,
            step=1,
            key=state.SEED,
            persist_state="session",
            width=130,
            help="Another seed deals the looks anew, and the demo model draws other people. Real models have no seed.",
        )
    if plan == state.WITHOUT:
        return tuple(personas), plan_same(personas, "none"), FilterMode.NONE, seed
    if plan == state.SAME:
        return (
            tuple(personas),
            plan_same(personas, st.session_state[state.SAME_LOOK]),
            FilterMode.PROMPT,
            seed,
        )
    if plan == state.BY_HAND:
        bare, worn = plan_by_hand(personas, state.LOOK)
        return bare, worn, FilterMode.PROMPT, seed
    return tuple(personas), plan_balanced(personas, seed), FilterMode.PROMPT, seed


def model(key: str = state.MODEL) -> tuple[ModelFacts, Size, str]:
    """Choose model, size and quality: only what is alive and legal."""
    offered = {facts.id: facts for facts in state.studio().offered()}
    first = state.studio().settings.default_model
    state.default(key, first if first in offered else next(iter(offered)))
    with st.container(horizontal=True):
        chosen = st.selectbox(
            "Model",
            list(offered),
            format_func=lambda model_id: components.model_label(offered[model_id]),
            key=key,
            persist_state="session",
            width=270,
        )
        facts = offered[chosen]
        size = st.selectbox(
            "Size",
            list(facts.grid_sizes),
            format_func=lambda each: f"{each.width} × {each.height} px",
            key=f"{key}.size.{facts.id}",
            persist_state="session",
            width=170,
            help="A side that three divides gives nine avatars of the same size.",
        )
        quality = ""
        if facts.qualities:
            quality = st.selectbox(
                "Quality",
                list(facts.qualities),
                key=f"{key}.quality.{facts.id}",
                persist_state="session",
                width=130,
            )
    return facts, size, quality


def template(key: str = state.TEMPLATE, first: str = DEFAULT_TEMPLATE) -> str:
    """Choose a template by name; ``first`` is chosen until the user chooses."""
    known = {each.name: each for each in templates()}
    state.default(key, first)
    chosen: str = st.selectbox(
        "Template",
        list(known),
        format_func=lambda name: known[name].label,
        key=key,
        persist_state="session",
        help="  \n".join(f"**{each.label}**: {each.about}" for each in known.values()),
        width=270,
    )
    return chosen


def words_popover(name: str, key: str) -> str:
    """Edit a template's words in a popover; gives them if they were changed, else an empty text."""
    original = find_template(name).words
    own = f"{key}.words.{name}"
    state.default(own, original)
    with st.popover("Edit the words", icon=":material/edit:", width="stretch"):
        words: str = st.text_area("The template's words", key=own, persist_state="session", height=320)
        st.button("Back to the original words", key=f"{own}.reset", on_click=_forget, args=(own,))
    return "" if words == original else words


def prompt(recipe: Recipe, personas: Sequence[Persona], filters: Sequence[str], limit: int) -> Recipe:
    """Read and edit the prompt. What the preview shows is what is sent, byte for byte."""
    state.default(state.MODE, state.FOLLOW)
    with st.container(horizontal=True):
        recipe = replace(recipe, template=template())
        mode = st.segmented_control(
            "Wording",
            [state.FOLLOW, state.WORDS, state.EXACT],
            required=True,
            key=state.MODE,
            persist_state="session",
        )
    if mode == state.WORDS:
        recipe = replace(recipe, words=_edit_words(recipe.template))
    try:
        preview = state.studio().preview(personas, recipe, filters)
    except AvatarError as error:
        st.caption(f":material/visibility_off: No preview. {components.plain(error.message)}")
        return recipe
    if mode == state.EXACT:
        edited = _edit_exact(preview.text)
        meter(len(edited), limit)
        return replace(recipe, exact_prompt=edited)
    st.code(preview.text, language=None, wrap_lines=True, height=360)
    meter(preview.characters, limit)
    return recipe


def _edit_words(name: str) -> str:
    key = state.words_key(name)
    state.default(key, find_template(name).words)
    words: str = st.text_area(
        "The template's words",
        key=key,
        persist_state="session",
        height=280,
        help="  \n".join(f"`{{{placeholder}}}`: {about}" for placeholder, about in PLACEHOLDERS.items()),
    )
    st.button(
        "Back to the original words",
        icon=":material/undo:",
        key="recipe.reset",
        on_click=_forget,
        args=(key,),
    )
    return words


def _edit_exact(text: str) -> str:
    state.default(state.EXACT_TEXT, text)
    edited: str = st.text_area(
        "The exact text to send",
        key=state.EXACT_TEXT,
        persist_state="session",
        height=420,
        help="It no longer follows the table. A cell still belongs to its row, so keep each person in their cell.",
    )
    st.button("Follow the rows again", icon=":material/undo:", key="recipe.follow", on_click=_follow)
    return edited


def _forget(key: str) -> None:
    del st.session_state[key]


def _follow() -> None:
    del st.session_state[state.EXACT_TEXT]
    st.session_state[state.MODE] = state.FOLLOW


def meter(characters: int, limit: int) -> None:
    """How much of the model's limit a prompt takes."""
    over = f", {characters - limit:,} too many" if characters > limit else ""
    st.progress(min(1.0, characters / limit), text=f"{characters:,} of {limit:,} characters{over}")
