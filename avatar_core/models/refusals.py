"""What a refusal means: the SDK's exceptions become errors of our family.

The provider's ``error.code`` decides first, then the HTTP status. The text decides where nothing else can: for
an unverified organisation, for an account without image access, and behind proxies that drop the code.
"""

from __future__ import annotations

import re
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
from avatar_core.models.explaining import Said, explain, halves
from avatar_core.models.place import Place
from avatar_core.models.quoting import quoted
from avatar_core.models.waits import retry_after, wait_in

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
    "DeploymentNotFound": ModelNotServed,
    # what LiteLLM says to a key that is not its own, where it has no database to look it up
    "no_db_connection": KeyRejected,
    "unknown_parameter": RequestRejected,
    "invalid_value": RequestRejected,
    "server_error": ServerFailed,
}

_STATUSES: dict[int, type[ModelError]] = {
    401: KeyRejected,
    402: NoCredit,
    403: AccessDenied,
    429: RateLimited,
    # A gateway that gave up waiting does not stop the model behind it, which draws on and is billed.
    408: AnswerLost,
    504: AnswerLost,
    524: AnswerLost,
}

_UNVERIFIED = re.compile(r"organi[sz]ation must be verified", re.IGNORECASE)
#: What LiteLLM makes of a connection that broke behind it, with a status that would otherwise be tried again.
_LOST = re.compile(r"litellm\.(APIConnectionError|Timeout)")
_LIMIT_ZERO = re.compile(r"\blimit:?\s*0\b", re.IGNORECASE)

#: For answers whose code was lost on the way, in this order.
_WORDS: tuple[tuple[re.Pattern[str], type[ModelError]], ...] = (
    (
        re.compile(r"safety system|content policy|content management policy|moderation_blocked", re.I),
        PromptRefused,
    ),
    (
        re.compile(
            r"exceeded your current quota|insufficient_quota|billing hard limit|billing_|spend limit", re.I
        ),
        NoCredit,
    ),
    (re.compile(r"\b(incorrect|invalid) api key", re.I), KeyRejected),
    (re.compile(r"invalid model name", re.I), ModelNotServed),
    (re.compile(r"model\b.{0,120}\b(does not exist|not found)", re.I | re.S), ModelNotServed),
)


def refusal(error: openai.APIStatusError, model: str, place: Place, successor: str = "") -> ModelError:
    """The error to raise for an HTTP answer that is not a success.

    Args:
        error: the SDK's exception.
        model: the id that was sent.
        place: the server.
        successor: the id of the model that replaces it; empty if it lives or nothing is known.
    """
    said = _read(error)
    kind = _kind(said)
    happened, advice = explain(kind, said, model, place.secrets)
    headers = error.response.headers
    wait = retry_after(headers)
    if wait is None and kind is RateLimited:
        wait = wait_in(said.text)
    if kind is ModelNotServed and successor:
        advice = f"Choose “{successor}”, then generate again."
    words = quoted(said.text, place.secrets).rstrip(".")
    refused = kind(
        f"{place.told(happened)}. The server said: “{words}”. {place.told(advice)}",
        retry_after=wait,
        request_id=headers.get("x-request-id") or headers.get("apim-request-id"),
    )
    if isinstance(refused, ModelNotServed):
        refused.successor = successor
    return refused


def disconnection(error: openai.APIConnectionError, seconds: float, place: Place) -> ModelError:
    """The error to raise when no HTTP answer came: was the whole request sent, so that it may be billed?"""
    cause = error.__cause__
    host = place.host
    if isinstance(cause, httpx2.TooManyRedirects):
        return RequestRejected(
            f"{host} sends the request round in circles. Check {place.url_setting}, then generate again."
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
    why = quoted(str(cause or error), place.secrets) or type(cause).__name__
    if isinstance(cause, before_sending):
        _, advice = halves(ServerUnreachable)
        return ServerUnreachable(f"{host} cannot be reached ({why}). {place.told(advice)}")
    _, advice = halves(AnswerLost)
    if isinstance(error, openai.APITimeoutError):
        happened = f"{host} did not answer within {seconds:g} seconds"
    else:
        happened = f"The connection to {host} broke before the answer was complete ({why})"
    return AnswerLost(f"{happened}; the request was sent, so it may have been billed. {advice}")


def _read(error: openai.APIStatusError) -> Said:
    body = error.body
    table = body if isinstance(body, dict) else {}
    text = table.get("message") or table.get("detail") or table.get("error") or ("" if table else body)
    if isinstance(text, list):  # a server on FastAPI: one entry for each field that is wrong
        text = "; ".join(str(each.get("msg", each)) if isinstance(each, dict) else str(each) for each in text)
    details = table.get("moderation_details")
    if not isinstance(details, dict):
        details = {"categories": _filtered(table)}
    return Said(
        status=error.status_code,
        code=str(table.get("code") or ""),
        kind=str(table.get("type") or ""),
        param=str(table.get("param") or ""),
        text=str(text or error.response.reason_phrase or f"HTTP status {error.status_code}"),
        details=details,
    )


def _kind(said: Said) -> type[ModelError]:
    if 400 <= said.status < 500 and _UNVERIFIED.search(said.text):
        return OrganizationUnverified
    if said.status == 429 and _LIMIT_ZERO.search(said.text):
        return AccessDenied
    if said.status >= 500 and _LOST.search(said.text):
        return AnswerLost
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


def _filtered(table: dict[str, Any]) -> list[str]:
    """The categories for which Azure's content filter refused, as its inner error names them."""
    inner = table.get("innererror") or table.get("inner_error")
    results = inner.get("content_filter_result") if isinstance(inner, dict) else None
    if not isinstance(results, dict):
        return []
    return [name for name, found in results.items() if isinstance(found, dict) and found.get("filtered")]
