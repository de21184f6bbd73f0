"""People drawn at random by the shares of a population, and the table's people compared with them.

The figures, their sources and what they do not say come from the core alone.
"""

from __future__ import annotations

import pandas as pd
import streamlit as st

from avatar_core.census import (
    MAX_DRAWN,
    OLDEST,
    REGIONS,
    Comparison,
    Share,
    Shares,
    census_shares,
    compare,
    draw_people,
    read_shares,
)
from avatar_core.errors import AvatarError
from avatar_core.people import people_from_frame
from dashboard import components, loading, state

DRAW = "draw"
"""The name of the dialog that draws people."""

ADULT = 18
"""The age from which people are drawn and compared, unless the user chooses otherwise."""

COUNTRY, OWN = "brazil", "own"
_FAILED, _REFUSED = "sample.failed", "census.refused"
_LANGUAGES = {"en": "English", "pt": "Portuguese"}


def button() -> None:
    """The button that opens the dialog."""
    st.button("Draw people", icon=":material/casino:", key="sample.open", on_click=_open)


def dialog() -> None:
    """The dialog that draws people, while it is open."""
    if st.session_state.get(state.DIALOG) == DRAW:
        st.dialog("Draw people at random", width="medium", icon=":material/casino:", on_dismiss=_close)(
            _draw
        )()


def comparison(frame: pd.DataFrame) -> None:
    """How the people of a table compare with a population, in exact intervals and in words."""
    shares = population("compare")
    try:
        of = shares.between(*st.session_state["compare.ages"])
        people, rows = _compared(frame, repr(of), of)
    except AvatarError as error:
        components.error_box(error)
        return
    if not people:
        st.caption("There is nobody to compare yet.")
        return
    st.dataframe(
        [
            {
                "Of": row.field,
                "Group": row.value,
                "In words": row.words,
                "Rows": row.count,
                "Share": 100 * row.share,
                "From": 100 * row.low,
                "To": 100 * row.high,
                "Reference": None if row.reference is None else 100 * row.reference,
                "Source": row.source,
            }
            for row in rows
        ],
        column_config={
            "Share": _percent("Of the table's people"),
            "From": _percent("Where the exact interval of 95 % begins"),
            "To": _percent("Where it ends"),
            "Reference": _percent("In the population"),
        },
        hide_index=True,
        height="content",
        alt="Each group's share in the table with its interval, beside its share in the population",
    )
    st.caption(
        f"{components.count(people, 'person', 'people')} beside {components.plain(of.title)}. "
        "“Too few to tell”: a group half or twice as frequent would look the same. "
        "One comparison in twenty is outside of its interval by chance alone."
    )
    _sources(of)


@st.cache_data(max_entries=8, show_spinner=False)
def _compared(frame: pd.DataFrame, population: str, _of: Shares) -> tuple[int, tuple[Comparison, ...]]:  # noqa: ARG001, the text tells populations apart
    personas = people_from_frame(frame).personas
    return len(personas), compare(personas, _of)


def population(key: str) -> Shares:
    """Choose whose shares: the country's, a region's or those of the user's own, and between which ages."""
    own: Shares | None = st.session_state.get(state.SHARES)
    labels = {
        COUNTRY: "Brazil, Census 2022",
        **{name: f"{label}, Census 2022" for name, label in REGIONS.items()},
    }
    if own is not None:
        labels[OWN] = own.title
    state.default(f"{key}.of", COUNTRY)
    if st.session_state[f"{key}.of"] not in labels:
        st.session_state[f"{key}.of"] = COUNTRY
    state.default(f"{key}.ages", (ADULT, OLDEST))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            "Shares of",
            list(labels),
            format_func=labels.__getitem__,
            key=f"{key}.of",
            persist_state="session",
            width=230,
        )
        st.slider("Ages", 0, OLDEST, key=f"{key}.ages", persist_state="session", width=230)
        _own_shares(key)
    if own is not None and chosen == OWN:
        return own
    return census_shares(None if chosen in (COUNTRY, OWN) else chosen)


def _own_shares(key: str) -> None:
    with st.popover("Shares of your own", icon=":material/percent:", type="tertiary"):
        st.file_uploader(
            "A table of shares: CSV or TOML",
            type=["csv", "toml"],
            max_upload_size=1,
            key=f"{key}.shares",
            on_change=_read_shares,
            args=(key,),
            help="What it does not give is taken from the census.",
        )
        st.code(
            "field,value,share,source\nethnicity,parda,60.1,My survey\n…\nage,18-24,20,My survey",
            language="csv",
        )
    refused: AvatarError | None = st.session_state.get(_REFUSED)
    if refused is not None:
        components.error_box(refused, "The shares were not loaded")


def _read_shares(key: str) -> None:
    upload = st.session_state[f"{key}.shares"]
    st.session_state[_REFUSED] = None
    if upload is None:
        return
    try:
        st.session_state[state.SHARES] = read_shares(upload.getvalue(), upload.name)
    except AvatarError as error:
        st.session_state[_REFUSED] = error
    else:
        st.session_state[f"{key}.of"] = OWN


# Drawing


def _open() -> None:
    st.session_state[state.DIALOG] = DRAW
    st.session_state[_FAILED] = None


def _close() -> None:
    st.session_state[state.DIALOG] = None


def _draw() -> None:
    if st.session_state.get(state.DIALOG) != DRAW:
        st.rerun()
    with st.container(horizontal=True):
        st.number_input("How many", 1, MAX_DRAWN, value=9, key="sample.number", width=130)
        st.number_input(
            "Seed",
            0,
            2**31 - 1,
            value=1,
            key="sample.seed",
            width=130,
            help="The same seed draws the same people.",
        )
        state.one_of(
            "Occupations in", list(_LANGUAGES), "sample.language", format_func=_LANGUAGES.__getitem__
        )
    shares = population("sample")
    failed: AvatarError | None = st.session_state[_FAILED]
    if failed is not None:
        components.error_box(failed, "Nobody was drawn")
    with st.expander("The figures and their sources"):
        _figures(shares)
    st.caption("They have no names. They take the place of the people in the table.")
    with st.container(horizontal=True):
        st.button("Draw", type="primary", key="sample.draw", on_click=_fill, args=(shares,))
        st.button("Cancel", key="sample.cancel", on_click=_close)


def _fill(shares: Shares) -> None:
    youngest, oldest = st.session_state["sample.ages"]
    try:
        drawn = draw_people(
            st.session_state["sample.number"],
            st.session_state["sample.seed"],
            shares=shares,
            language=st.session_state["sample.language"],
            min_age=youngest,
            max_age=oldest,
        )
    except AvatarError as error:
        st.session_state[_FAILED] = error
        return
    loading.fill(drawn)
    _close()


def _figures(shares: Shares) -> None:
    try:
        of = shares.between(*st.session_state["sample.ages"])
    except AvatarError as error:
        st.caption(components.plain(error.message))
        return
    figures: list[Share] = [*of.gender, *of.ethnicity, *of.age]
    st.dataframe(
        [
            {"Of": one.field, "Group": one.value, "Share": 100 * one.share, "Source": one.source}
            for one in figures
        ],
        column_config={"Share": _percent("Among people of these ages")},
        hide_index=True,
        height=280,
        alt="The shares by which people are drawn, each with its source",
    )
    _sources(of)


def _sources(of: Shares) -> None:
    st.caption("\n".join(f"- {components.plain(note)}" for note in of.notes))


def _percent(about: str) -> object:
    return st.column_config.NumberColumn(format="%.1f %%", help=about)
