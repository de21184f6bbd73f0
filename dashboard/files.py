"""How avatars are to be when they are downloaded: form, size and format, the same on every page."""

from __future__ import annotations

from typing import Any

import streamlit as st

from avatar_core.finish import AS_STORED, SIDES, Finish, Form, Format
from dashboard import state

FORM, SIDE, KIND, ENLARGE = "files.form", "files.side", "files.kind", "files.enlarge"
"""Session keys; what is chosen holds on every page until the session ends."""

FORMS = {Form.CELL: "Exact cell", Form.SQUARE: "Square", Form.ROUND: "Round"}
KINDS = {Format.PNG: "PNG", Format.WEBP: "WebP", Format.JPEG: "JPEG"}
OWN = 0
"""The choice of a size that stands for the avatar's own."""


def chosen() -> Finish:
    """What was chosen, or exact cells as PNG."""
    return chosen_in(st.session_state)


def chosen_in(told: Any) -> Finish:
    """What was chosen in a session's state."""
    side = told.get(SIDE) or None
    return Finish(
        told.get(FORM) or AS_STORED.form,
        side,
        told.get(KIND) or AS_STORED.format,
        enlarge=bool(side and told.get(ENLARGE)),
    )


def popover() -> None:
    """The choices, behind a button."""
    state.default(FORM, AS_STORED.form)
    state.default(SIDE, OWN)
    state.default(KIND, AS_STORED.format)
    state.default(ENLARGE, False)
    with st.popover(
        "Files", icon=":material/tune:", help="Form, size and format of the avatars you download"
    ):
        st.segmented_control(
            "Form",
            list(Form),
            required=True,
            key=FORM,
            format_func=FORMS.__getitem__,
            persist_state="session",
            wrap=True,
            help="A square keeps the head with some room above it: the upper part of a tall cell.",
        )
        size = st.segmented_control(
            "Size",
            [OWN, *SIDES],
            required=True,
            key=SIDE,
            format_func=lambda side: f"{side} px" if side else "Own",
            persist_state="session",
            wrap=True,
        )
        st.checkbox(
            "Enlarge smaller ones",
            key=ENLARGE,
            disabled=not size,
            persist_state="session",
            help="Unless this is on, an avatar that is smaller stays as it is.",
        )
        kind = st.segmented_control(
            "Format",
            list(Format),
            required=True,
            key=KIND,
            format_func=KINDS.__getitem__,
            persist_state="session",
            wrap=True,
        )
        st.caption(
            "JPEG loses a little; round avatars are white around."
            if kind is Format.JPEG
            else "Lossless: every pixel stays as it is."
        )
        st.caption("The archive keeps the exact cells, whatever is chosen here.")
