"""What Setup shows: spending, servers, models and dialects. Each function draws where it is called."""

from __future__ import annotations

import streamlit as st

from avatar_core.budget import dollars
from avatar_core.cost import estimate
from avatar_core.errors import AvatarError
from avatar_core.grid import CELLS
from avatar_core.models.catalog import size_rule
from avatar_core.types import ModelFacts
from dashboard import components, state

TYPICAL_PROMPT = 2000
"""Characters of a prompt about nine people, for prices."""

NO_KEY = "Set `OPENAI_API_KEY` in the environment or in a file `.env`, then start again. The demo model needs none."


def servers() -> None:
    """Where pictures are ordered, and whether there is a key for it; never the key."""
    settings = state.studio().settings
    with st.container(horizontal=True, vertical_alignment="center"):
        _key_badge("Key configured", "No key", there=settings.key_configured)
        st.markdown(f"Server: {components.verbatim(settings.server_shown)}", width="content")
    if not settings.key_configured:
        st.caption(NO_KEY)
    with st.container(horizontal=True, vertical_alignment="center"):
        _key_badge("Azure key configured", "No Azure key", there=bool(settings.azure_key()))
        where = settings.azure_shown
        shown = components.verbatim(where) if where else "not set up"
        st.markdown(f"Azure OpenAI: {shown}", width="content")
    if bool(settings.azure_key()) != bool(where):
        missing = "AZURE_OPENAI_API_KEY" if where else "AZURE_OPENAI_ENDPOINT"
        st.caption(f"Set `{missing}` as well, then start again: models written `azure:DEPLOYMENT` need both.")


def _key_badge(yes: str, no: str, *, there: bool) -> None:
    if there:
        st.badge(yes, icon=":material/key:", color="green")
    else:
        st.badge(no, icon=":material/key_off:", color="gray")


def connection() -> None:
    """A button that asks the server for its models, and what it answered."""
    st.button(
        "Test the connection",
        icon=":material/network_check:",
        key="setup.test",
        on_click=_ask,
        disabled=not state.studio().settings.usable_for("openai"),
        help="Asks the server for the list of models. It costs nothing.",
    )
    answer = st.session_state.get(state.ANSWER)
    if isinstance(answer, AvatarError):
        components.error_box(answer)
        return
    if answer is None:
        return
    known = [facts for facts in answer.models if facts.id == facts.wire_id]
    st.success(
        f"The server answered: it lists {components.count(len(answer.ids), 'model', 'models')}. "
        f"{len(answer.models)} can be used for pictures, {len(known)} of them are in our catalog.",
        icon=":material/check:",
    )
    if answer.models:
        st.dataframe(
            [
                {
                    "Model": facts.wire_id,
                    "In the catalog": facts in known,
                    "Write it as": facts.id,
                    "Shut down on": facts.shutdown,
                }
                for facts in answer.models
            ],
            hide_index=True,
            column_config={"Shut down on": st.column_config.DateColumn(format="D MMM YYYY")},
            placeholder="–",
            alt="The models of the server that draw pictures",
        )
        st.caption(
            "Those that are not in the catalog stand under “Other”, beside the model, in the Studio and in Tune."
        )


def _ask() -> None:
    try:
        st.session_state[state.ANSWER] = listing = state.studio().list_models()
    except AvatarError as error:
        st.session_state[state.ANSWER] = error
    else:
        st.session_state[state.SERVED] = listing.models


def spending() -> None:
    """What the last 24 hours cost, and the daily budget."""
    spent = state.studio().spending()
    with st.container(horizontal=True):
        st.metric("Spent in 24 hours", dollars(spent.settled), width=165, border=True)
        st.metric(
            "Reserved",
            dollars(spent.reserved),
            width=165,
            border=True,
            help="For requests under way, and for lost answers that may have been billed.",
        )
        limit = "none" if spent.limit is None else dollars(spent.limit)
        st.metric("Daily budget", limit, width=165, border=True)
        if spent.room is not None:
            st.metric("Room for more", dollars(spent.room), width=165, border=True)
    if spent.limit is None:
        st.caption(
            "Set `AVATAR_DAILY_BUDGET` to the most USD to spend in 24 hours, and nothing beyond it is ordered."
        )
    else:
        st.caption(
            "Nothing beyond the budget is ordered, by any program over this database. Prices that are not known count "
            "as nothing. To spend more, raise `AVATAR_DAILY_BUDGET` and start again."
        )


def models() -> None:
    """The models to choose from, with prices and dates."""
    studio = state.studio()
    offered = studio.offered()
    prices = {facts.id: estimate(facts, facts.grid_sizes[0], "", TYPICAL_PROMPT).usd for facts in offered}
    st.dataframe(
        [_model_row(facts, prices[facts.id]) for facts in offered],
        hide_index=True,
        column_config={
            "Model": st.column_config.TextColumn(width=170),
            "Id": st.column_config.TextColumn(width=170),
            "Grid": st.column_config.NumberColumn("USD a grid", format="%.4f", help="Estimate", width=95),
            "Avatar": st.column_config.NumberColumn("USD an avatar", format="%.4f", width=110),
            "Size and quality": st.column_config.TextColumn(help="What the price is for", width=140),
            "Days left": st.column_config.NumberColumn(help="Within the last 30 days", width=80),
            "Shut down on": st.column_config.DateColumn(format="D MMM YYYY", width=110),
            "Successor": st.column_config.TextColumn(width=170),
            "Prices as of": st.column_config.DateColumn(format="D MMM YYYY", width=110),
            "About": st.column_config.TextColumn(width=700),
        },
        placeholder="–",
        alt="The models that can be chosen, with their prices and dates",
    )


def _model_row(facts: ModelFacts, usd: float | None) -> dict[str, object]:
    return {
        "Model": facts.label,
        "Id": facts.id,
        "Grid": usd,
        "Avatar": usd / CELLS if usd is not None else None,
        "Size and quality": f"{facts.grid_sizes[0]} {next(iter(facts.qualities), '')}".strip(),
        "Days left": state.studio().days_left(facts),
        "Shut down on": facts.shutdown,
        "Successor": facts.successor or None,
        "Prices as of": facts.prices.as_of if facts.prices else None,
        "About": facts.about,
    }


def dialects() -> None:
    """How models that stand in no catalog are written, and what can be asked of them."""
    st.caption(
        "A model that is not in the list above is written `DIALECT:ID`, here, in `AVATAR_MODEL` and on the command line. "
        "The dialect says how to speak to its server; `docs/servers.md` shows how to set each up."
    )
    st.dataframe(
        [
            {
                "Dialect": facts.id,
                "Write": f"{facts.id}:ID",
                "Sizes": size_rule(facts.sizes) or ", ".join(map(str, facts.sizes.fixed)),
                "Qualities": ", ".join(facts.qualities) or None,
                "Prompt": facts.prompt_limit,
                "Edits": facts.edits,
                "About": facts.about,
            }
            for facts in state.studio().models.dialects()
        ],
        hide_index=True,
        column_config={
            "Dialect": st.column_config.TextColumn(width=100),
            "Write": st.column_config.TextColumn("Write it as", width=120),
            "Sizes": st.column_config.TextColumn(width=430),
            "Qualities": st.column_config.TextColumn(width=140),
            "Prompt": st.column_config.NumberColumn("Longest prompt", format="localized", width=120),
            "Edits": st.column_config.CheckboxColumn("Changes a part", width=110),
            "About": st.column_config.TextColumn(width=640),
        },
        placeholder="–",
        alt="The dialects that servers speak, with what can be asked in each",
    )
