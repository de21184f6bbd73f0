"""The prompt: its template, its words, its exact text. What is offered comes from the core alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import streamlit as st

from avatar_core.errors import AvatarError
from avatar_core.grid import empty_cells
from avatar_core.prompts import (
    DEFAULT_TEMPLATE,
    LINE_PLACEHOLDERS,
    PLACEHOLDERS,
    Template,
    find_template,
    templates,
)
from avatar_core.types import Persona, Recipe
from dashboard import components, state


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
        _placeholders(find_template(name))
    return "" if words == original else words


def prompt(recipe: Recipe, personas: Sequence[Persona], filters: Sequence[str], limit: int) -> Recipe:
    """Read and edit the prompt. What the preview shows is what is sent, byte for byte."""
    with st.container(horizontal=True):
        recipe = replace(recipe, template=template())
        mode = state.one_of("Wording", [state.FOLLOW, state.WORDS, state.EXACT], state.MODE)
    if mode == state.WORDS:
        recipe = replace(recipe, words=_edit_words(recipe.template))
    try:
        preview = state.studio().preview(personas, recipe, filters)
    except AvatarError as error:
        st.caption(f":material/visibility_off: No preview. {components.plain(error.message)}")
        return recipe
    _empty(personas, mode)
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
    )
    st.button(
        "Back to the original words",
        icon=":material/undo:",
        key="recipe.reset",
        on_click=_forget,
        args=(key,),
    )
    with st.expander("Placeholders"):
        _placeholders(find_template(name))
    return words


def _placeholders(chosen: Template) -> None:
    """What may stand in braces: in the words, and in the line of a cell, which a template's file holds."""
    st.markdown("In the words:")
    st.markdown(_listed(PLACEHOLDERS))
    st.markdown(
        f"A cell's line is part of the template's file. “{components.plain(chosen.label)}” says of each person:"
    )
    st.markdown(components.verbatim(chosen.person))
    st.markdown("and in it stand:")
    st.markdown(_listed(LINE_PLACEHOLDERS))


def _listed(placeholders: Mapping[str, str]) -> str:
    return "\n".join(f"- `{{{name}}}` {components.plain(about)}" for name, about in placeholders.items())


def _empty(personas: Sequence[Persona], mode: str) -> None:
    """Which cells nobody sits in, if any."""
    if cells := empty_cells(personas):
        first, *others = map(str, cells)
        which = f"Cells {', '.join([first, *others[:-1]])} and {others[-1]}" if others else f"Cell {first}"
        verb = "stay" if others else "stays"
        asked = "" if mode == state.EXACT else "the prompt asks for plain background there, "
        st.caption(
            f":material/check_box_outline_blank: {which} {verb} empty: {asked}the cut passes over that, "
            "and nobody is invented."
        )


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
