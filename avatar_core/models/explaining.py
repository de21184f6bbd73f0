"""A refusal in words for people: what happened and what to do, as exactly as the server's answer allows."""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from avatar_core.errors import (
    AccessDenied,
    AnswerLost,
    ModelError,
    ModelNotServed,
    NoCredit,
    PromptRefused,
    RequestRejected,
    ServerFailed,
)
from avatar_core.models.quoting import quoted

_LIMIT_SET = re.compile("(hard|spend)[ _]limit", re.IGNORECASE)


@dataclass(frozen=True)
class Said:
    """What can be read from an error's body, whatever shape it has."""

    status: int
    code: str
    kind: str
    param: str
    text: str
    details: Mapping[str, Any]


def explain(kind: type[ModelError], said: Said, model: str, secrets: Sequence[str]) -> tuple[str, str]:
    """What happened, and what to do: the error's own words, or better ones where more is known."""
    happened, advice = halves(kind)
    if kind is PromptRefused:
        categories = said.details.get("categories")
        named = (
            f" ({quoted(', '.join(map(str, categories)))})"
            if isinstance(categories, list) and categories
            else ""
        )
        if said.details.get("moderation_stage") == "output":
            happened = f"The provider's safety system refused the picture that was drawn{named}"
            advice = "Generate again, which may pass, or change the words."
        elif said.details.get("moderation_stage") == "input":
            happened = f"The provider's safety system refused the prompt{named}"
        else:
            happened += named
    elif kind is NoCredit and _LIMIT_SET.search(f"{said.code} {said.text}"):
        happened = "The account reached the spending limit that is set for it"
        advice = "Raise the limit at platform.openai.com/settings/organization/limits, then try again."
    elif kind is NoCredit and said.code == "billing_not_active":
        happened = "Billing is not active for this account"
        advice = "Add a way to pay at platform.openai.com/settings/organization/billing, then try again."
    elif kind is ModelNotServed:
        happened = f"The server does not have the model “{quoted(model, secrets)}”"
    elif kind is AccessDenied and said.status == 429:
        happened = "This account may not draw pictures with this model: its image limit is 0"
    elif kind is RequestRejected and said.status in (301, 302, 303, 307, 308, 404, 405):
        happened = f"The server has no images API at this address (HTTP {said.status})"
        advice = "Check OPENAI_BASE_URL, which usually ends in /v1, then generate again."
    elif kind is RequestRejected and said.param and said.code == "unknown_parameter":
        happened = f"The server does not know the parameter “{quoted(said.param, secrets)}”"
        advice = "Write the model with another dialect, such as compatible:ID, then generate again."
    elif kind is RequestRejected and said.param:
        happened += f" because of the parameter “{quoted(said.param, secrets)}”"
    elif kind is ServerFailed:
        happened = f"The server failed (HTTP {said.status})"
    elif kind is AnswerLost:
        happened = f"A gateway lost the picture or gave up waiting for it (HTTP {said.status}); it may have been billed"
    return happened, advice


def halves(kind: type[ModelError]) -> tuple[str, str]:
    """The two halves of an error's docstring: what happened, and what to do."""
    happened, _, advice = inspect.cleandoc(kind.__doc__ or "").partition("\n")[0].partition(". ")
    return happened, advice
