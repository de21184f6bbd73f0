"""What a refusal means: the SDK's exceptions become errors of our family.

The provider's ``error.code`` decides first, then the HTTP status. The text decides where nothing else can: for
an unverified organisation, for an account without image access, and behind proxies that drop the code.
"""

from __future__ import annotations

import inspect
import math
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any

import httpx2
import openai

from avatar_core.errors import (
    AccessDenied,
    AnswerLost,
    KeyRejected,
    ModelError,
    ModelNotServed,
    NoCredit,
    OrganizationUnverified,
    PromptRefused,
    RateLimited,
    RequestRejected,
    ServerFailed,
    ServerUnreachable,
)
from avatar_core.models.quoting import quoted

_CODES: dict[str, type[ModelError]] = {
    "moderation_blocked": PromptRefused,
    "content_policy_violation": PromptRefused,
    "content_filter": PromptRefused,
    "contentFilter": PromptRefused,
    "insufficient_quota": NoCredit,
    "billing_hard_limit_reached": NoCredit,
    "organization_spend_limit_exceeded": NoCredit,
    "project_spend_limit_exceeded": NoCredit,
    "billing_not_active": NoCredit,
    "rate_limit_exceeded": RateLimited,
    "invalid_api_key": KeyRejected,
    "model_not_found": ModelNotServed,
    "unknown_parameter": RequestRejected,
    "invalid_value": RequestRejected,
    "server_error": ServerFailed,
}

_STATUSES: dict[int, type[ModelError]] = {
    401: KeyRejected,
    402: NoCredit,
    403: AccessDenied,
    408: ServerFailed,
    429: RateLimited,
    # A gateway that gave up waiting does not stop the model behind it, which draws on and is billed.
    504: AnswerLost,
    524: AnswerLost,
}

#: Seconds, a week: beyond it, a server's clock or unit is wrong.
_LONGEST_WAIT = 604_800.0

_UNVERIFIED = re.compile(r"organi[sz]ation must be verified", re.IGNORECASE)
_LIMIT_ZERO = re.compile(r"\blimit:?\s*0\b", re.IGNORECASE)

#: For answers whose code was lost on the way, in this order.
_WORDS: tuple[tuple[re.Pattern[str], type[ModelError]], ...] = (
    (
        re.compile(r"safety system|content policy|content management policy|moderation_blocked", re.I),
        PromptRefused,
    ),
    (
        re.compile(r"exceeded your current quota|insufficient_quota|billing hard limit|billing_", re.I),
        NoCredit,
    ),
    (re.compile(r"model\b.{0,120}\b(does not exist|not found)", re.I | re.S), ModelNotServed),
)


@dataclass(frozen=True)
class _Said:
    """What can be read from an error's body, whatever shape it has."""

    status: int
    code: str
    kind: str
    param: str
    text: str
    details: Mapping[str, Any]


def refusal(error: openai.APIStatusError, model: str, secrets: Sequence[str]) -> ModelError:
    """The error to raise for an HTTP answer that is not a success; ``model`` is the id that was sent."""
    said = _read(error)
    kind = _kind(said)
    happened, advice = _words(kind, said, model, secrets)
    wait = retry_after(error.response.headers)
    if wait is None and kind is RateLimited:
        wait = _wait_in(said.text)
    return kind(
        _sentence(happened, quoted(said.text, secrets), advice),
        retry_after=wait,
        request_id=error.response.headers.get("x-request-id"),
    )


def disconnection(
    error: openai.APIConnectionError, host: str, seconds: float, secrets: Sequence[str]
) -> ModelError:
    """The error to raise when no HTTP answer came: was the whole request sent, so that it may be billed?"""
    cause = error.__cause__
    if isinstance(cause, httpx2.TooManyRedirects):
        return RequestRejected(
            f"{host} sends the request round in circles. Check OPENAI_BASE_URL, then generate again."
        )
    before_sending = (
        httpx2.ConnectError,
        httpx2.ConnectTimeout,
        httpx2.PoolTimeout,
        httpx2.WriteError,
        httpx2.WriteTimeout,
        httpx2.ProxyError,
        httpx2.LocalProtocolError,
        httpx2.UnsupportedProtocol,
    )
    why = quoted(str(cause or error), secrets) or type(cause).__name__
    if isinstance(cause, before_sending):
        _, advice = _spoken(ServerUnreachable)
        return ServerUnreachable(f"{host} cannot be reached ({why}). {advice}")
    _, advice = _spoken(AnswerLost)
    if isinstance(error, openai.APITimeoutError):
        happened = f"{host} did not answer within {seconds:g} seconds"
    else:
        happened = f"The connection to {host} broke before the answer was complete ({why})"
    return AnswerLost(f"{happened}; the request was sent, so it may have been billed. {advice}")


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds that the server asks us to wait: ``retry-after-ms``, or ``retry-after`` in seconds or as a date."""
    milliseconds = _number(headers.get("retry-after-ms"))
    if milliseconds is not None:
        return milliseconds / 1000
    value = headers.get("retry-after")
    seconds = _number(value)
    if seconds is not None or not value:
        return seconds
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    except (TypeError, ValueError, OverflowError):
        return None


def _number(text: str | None) -> float | None:
    try:
        number = float(text or "")
    except ValueError:
        return None
    return min(number, _LONGEST_WAIT) if math.isfinite(number) and number >= 0 else None


def _wait_in(text: str) -> float | None:
    """The wait that a message names, for proxies that drop the header: "Please try again in 12s"."""
    found = re.search(r"try again in (\d+(?:\.\d+)?)\s?(ms|s|m)\b", text)
    return float(found[1]) * {"ms": 0.001, "s": 1, "m": 60}[found[2]] if found else None


def _read(error: openai.APIStatusError) -> _Said:
    body = error.body
    table = body if isinstance(body, dict) else {}
    text = table.get("message") or table.get("detail") or table.get("error") or ("" if table else body)
    if isinstance(text, list):  # a server on FastAPI: one entry for each field that is wrong
        text = "; ".join(str(each.get("msg", each)) if isinstance(each, dict) else str(each) for each in text)
    details = table.get("moderation_details")
    return _Said(
        status=error.status_code,
        code=str(table.get("code") or ""),
        kind=str(table.get("type") or ""),
        param=str(table.get("param") or ""),
        text=str(text or error.response.reason_phrase or f"HTTP status {error.status_code}"),
        details=details if isinstance(details, dict) else {},
    )


def _kind(said: _Said) -> type[ModelError]:
    if 400 <= said.status < 500 and _UNVERIFIED.search(said.text):
        return OrganizationUnverified
    if said.status == 429 and _LIMIT_ZERO.search(said.text):
        return AccessDenied
    if (said.code, said.param) == ("invalid_value", "model"):
        return ModelNotServed
    if (said.status, said.code) == (403, "model_not_found"):
        return AccessDenied
    known = _CODES.get(said.code) or _CODES.get(said.kind)
    if known is not None:
        return known
    if 400 <= said.status < 500 and (not said.code or said.code.isdigit()):
        for pattern, kind in _WORDS:
            if pattern.search(said.text):
                return kind
    return _STATUSES.get(said.status) or (ServerFailed if said.status >= 500 else RequestRejected)


def _words(kind: type[ModelError], said: _Said, model: str, secrets: Sequence[str]) -> tuple[str, str]:
    """What happened, and what to do: the error's own words, or better ones where more is known."""
    happened, advice = _spoken(kind)
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
    elif kind is ModelNotServed:
        happened = f"The server does not have the model “{quoted(model, secrets)}”"
    elif kind is AccessDenied and said.status == 429:
        happened = "This account may not draw pictures with this model: its image limit is 0"
    elif kind is RequestRejected and said.status in (301, 302, 303, 307, 308, 404, 405):
        happened = f"The server has no images API at this address (HTTP {said.status})"
        advice = "Check OPENAI_BASE_URL, which usually ends in /v1, then generate again."
    elif kind is RequestRejected and said.param:
        happened += f" because of the parameter “{quoted(said.param, secrets)}”"
    elif kind is ServerFailed:
        happened = f"The server failed (HTTP {said.status})"
    elif kind is AnswerLost:
        happened = (
            f"A gateway gave up waiting for the picture (HTTP {said.status}), which may have been billed"
        )
    return happened, advice


def _spoken(kind: type[ModelError]) -> tuple[str, str]:
    """The two halves of an error's docstring: what happened, and what to do."""
    happened, _, advice = inspect.cleandoc(kind.__doc__ or "").partition("\n")[0].partition(". ")
    return happened, advice


def _sentence(happened: str, said: str, advice: str) -> str:
    return f"{happened}. The server said: “{said.rstrip('.')}”. {advice}"
