"""Model, size and quality: the controls come from the catalog alone, so that no choice is illegal."""

from __future__ import annotations

import streamlit as st

from avatar_core.errors import AvatarError, InputError, ModelRetired, ModelUnknown
from avatar_core.models.catalog import adapted, size_rule
from avatar_core.types import ModelFacts, Recipe, Size
from dashboard import components, state


def choose(key: str = state.MODEL) -> tuple[ModelFacts, Size, str]:
    """Choose model, size and quality: only what is alive and legal.

    Raises:
        ChoiceIllegal: what was typed as a size is none.
    """
    offered = _offered()
    first = state.studio().settings.default_model
    if first not in offered:
        _cannot_be_first(first)
    if st.session_state.get(key) not in offered:
        st.session_state[key] = first if first in offered else next(iter(offered))
    _shut_down(key)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            "Model",
            list(offered),
            format_func=lambda model_id: components.model_label(offered[model_id]),
            key=key,
            persist_state="session",
            on_change=_forget_the_old,
            args=(key,),
            width=235,
        )
        facts = offered[chosen]
        size = _size(facts, key)
        quality = ""
        if facts.qualities:
            quality = st.selectbox(
                "Quality",
                list(facts.qualities),
                key=f"{key}.quality.{facts.id}",
                persist_state="session",
                width=105,
            )
        _others(key)
    parsed = Size.parse(size)
    if parsed.pixels > facts.sizes.experimental_above:
        st.caption(
            f":material/science: The provider calls pictures of more than {facts.sizes.experimental_above:,} pixels "
            f"experimental; this one has {parsed.pixels:,}."
        )
    return facts, parsed, quality


def recall(key: str, recipe: Recipe) -> None:
    """Put an earlier recipe's model, size and quality into the controls, or say what replaces that model."""
    st.session_state[f"{key}.retired"] = None
    try:
        facts = state.studio().usable(recipe.model)
    except ModelRetired:
        st.session_state[f"{key}.retired"] = recipe
    except ModelUnknown:
        return
    else:
        take(key, facts, recipe)


def take(key: str, facts: ModelFacts, recipe: Recipe | None = None) -> None:
    """Choose this model, as far as it can be with the size and quality of a recipe."""
    if facts.id not in _offered():
        st.session_state[state.OWN_MODELS] = {**st.session_state.get(state.OWN_MODELS, {}), facts.id: facts}
    st.session_state[key] = facts.id
    st.session_state[f"{key}.retired"] = None
    if recipe is None:
        return
    fitting = adapted(recipe, facts)
    st.session_state[f"{key}.size.{facts.id}"] = str(fitting.size)
    if fitting.quality:
        st.session_state[f"{key}.quality.{facts.id}"] = fitting.quality


def _cannot_be_first(model_id: str) -> None:
    """Say why the model that the settings name is not offered."""
    try:
        state.studio().usable(model_id)
    except InputError as error:
        st.warning(
            components.plain(error.message),
            title="The model of `AVATAR_MODEL` cannot be used",
            icon=":material/tune:",
        )


def _forget_the_old(key: str) -> None:
    st.session_state[f"{key}.retired"] = None


def _offered() -> dict[str, ModelFacts]:
    """The models to choose from by their ids: those of the catalog, then those of the user's own server."""
    own: dict[str, ModelFacts] = st.session_state.get(state.OWN_MODELS, {})
    return {facts.id: facts for facts in state.studio().offered()} | own


def _size(facts: ModelFacts, key: str) -> str:
    """The sizes that are good for a grid; where the model draws others too, one can be typed."""
    rule = size_rule(facts.sizes)
    typed = f"  \nAny other size can be typed, such as 1248x1248: {rule}." if rule else ""
    own = st.session_state.get(f"{key}.size.{facts.id}")
    listed = dict.fromkeys([*map(str, facts.grid_sizes), own or str(facts.grid_sizes[0])])
    chosen: str = st.selectbox(
        "Size",
        list(listed),
        format_func=lambda each: f"{each.replace('x', ' × ')} px",
        key=f"{key}.size.{facts.id}",
        persist_state="session",
        accept_new_options=bool(rule),
        width=150,
        help=f"A side that three divides gives nine avatars of the same size.{typed}",
    )
    return chosen


def _shut_down(key: str) -> None:
    """Say that the model of what was reopened is no more, and offer what replaces it."""
    recipe: Recipe | None = st.session_state.get(f"{key}.retired")
    if recipe is None:
        return
    facts = state.studio().models.find(recipe.model)
    heir = state.studio().successor(recipe.model)
    st.warning(
        components.plain(
            f"Its provider shut it down on {facts.shutdown:%d %b %Y}. The pictures stay as they are."
        )
        + (f" {components.plain(heir.label)} replaces it." if heir else " Choose another model."),
        title=f"{components.plain(facts.label)} is no more",
        icon=":material/event_busy:",
    )
    if heir:
        st.button(
            f"Use {components.plain(heir.label)}",
            icon=":material/redo:",
            key=f"{key}.heir",
            on_click=take,
            args=(key, heir, recipe),
        )


# Models that stand in no catalog


def _others(key: str) -> None:
    """Find a model that the catalog does not offer: on the server's list, or by its id."""
    studio = state.studio()
    with st.popover("Other", icon=":material/add:", help="Models of your server, or a newer one by its id"):
        st.button(
            "Models of this server",
            icon=":material/dns:",
            key=f"{key}.ask",
            on_click=ask_server,
            args=(key,),
            disabled=not studio.settings.server_usable,
            help="Asks the server for its list, which costs nothing.",
        )
        _listed(key)
        spoken = _dialect(key)
        st.caption(components.plain(studio.models.tables.dialects[spoken].about))
        st.text_input("The model's id", key=f"{key}.typed", placeholder="flux.1-schnell", max_chars=200)
        st.button(
            "Use this model", icon=":material/check:", key=f"{key}.use", on_click=_use_typed, args=(key,)
        )
        failed = st.session_state.get(f"{key}.typed.failed")
        if failed is not None:
            components.error_box(failed)


def _dialect(key: str) -> str:
    """How to speak to a model that the catalog does not know."""
    studio = state.studio()
    state.default(f"{key}.dialect", studio.models.dialect_of(studio.settings.openai_base_url))
    spoken: str = st.selectbox(
        "Dialect",
        [each.id for each in studio.models.dialects()],
        key=f"{key}.dialect",
        help="How to speak to a model that is not in the catalog. Setup lists what each can do.",
    )
    return spoken


def _listed(key: str) -> None:
    """The server's answer: its models to choose from, or why there is none."""
    answer = st.session_state.get(state.SERVED)
    if isinstance(answer, AvatarError):
        components.error_box(answer)
    elif answer == ():
        st.caption("The server lists no model that draws pictures. Type the id of the one to use.")
    elif answer:
        found = {facts.id: facts for facts in answer}
        st.selectbox(
            components.count(len(found), "model of this server", "models of this server"),
            list(found),
            index=None,
            format_func=lambda model_id: components.model_label(found[model_id]),
            placeholder="Choose one",
            key=f"{key}.listed",
            on_change=_use_listed,
            args=(key,),
        )


def ask_server(key: str) -> None:
    """Ask the server for its models, which is free; all pages of the session keep the answer."""
    try:
        listing = state.studio().list_models(st.session_state.get(f"{key}.dialect", ""))
        st.session_state[state.SERVED] = listing.models
    except AvatarError as error:
        st.session_state[state.SERVED] = error


def _use_listed(key: str) -> None:
    chosen = st.session_state.pop(f"{key}.listed", None)
    found = {facts.id: facts for facts in st.session_state.get(state.SERVED, ())}
    if chosen in found:
        take(key, found[chosen])


def _use_typed(key: str) -> None:
    """Choose the model whose id was typed, spoken to in the chosen dialect."""
    studio, typed = state.studio(), st.session_state[f"{key}.typed"].strip()
    st.session_state[f"{key}.typed.failed"] = None
    try:
        if not typed:
            raise InputError("No id is written here. Type the name by which the server knows the model.")
        take(key, studio.usable(_full_id(typed, st.session_state[f"{key}.dialect"])))
    except AvatarError as error:
        st.session_state[f"{key}.typed.failed"] = error
    else:
        st.session_state[f"{key}.typed"] = ""


def _full_id(typed: str, dialect: str) -> str:
    """The id with its dialect, unless it is written already or the catalog knows the model by this id."""
    try:
        facts = state.studio().models.find(typed)
    except ModelUnknown:
        return f"{dialect}:{typed}"
    return typed if typed != facts.wire_id or facts.dialect == dialect else f"{dialect}:{typed}"
