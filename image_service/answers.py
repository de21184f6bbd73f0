"""Answers: JSON, and errors in the words of whoever asked, the service's own or OpenAI's. Never a traceback or a path."""

from __future__ import annotations

import json
import logging
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from starlette.responses import Response

from avatar_core import errors
from avatar_core.models.quoting import redacted

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Problem:
    """What went wrong, in both dialects: the status, our code, and OpenAI's type and code."""

    status: int
    code: str
    type: str = "invalid_request_error"
    openai_code: str | None = None


INVALID = Problem(400, "VALIDATION_ERROR", openai_code="invalid_value")
TOO_LARGE = Problem(413, "VALIDATION_ERROR", openai_code="request_too_large")
TOO_SLOW = Problem(408, "VALIDATION_ERROR", openai_code="request_timeout")
NO_TOKEN = Problem(401, "UNAUTHORIZED", openai_code="invalid_api_key")
NO_SCOPE = Problem(403, "FORBIDDEN", openai_code="insufficient_permissions")
OTHER_ORIGIN = Problem(403, "FORBIDDEN", openai_code="origin_not_allowed")
OTHER_HOST = Problem(421, "FORBIDDEN", openai_code="host_not_allowed")
NO_IMAGE = Problem(404, "IMAGE_NOT_FOUND", openai_code="not_found")
NO_JOB = Problem(404, "JOB_NOT_FOUND", openai_code="not_found")
NO_PLACE = Problem(404, "NOT_FOUND", openai_code="unknown_url")
NO_METHOD = Problem(405, "METHOD_NOT_ALLOWED", openai_code="method_not_allowed")
DELETED = Problem(410, "IMAGES_DELETED", openai_code="images_deleted")
KEY_REUSED = Problem(422, "IDEMPOTENCY_KEY_REUSED", openai_code="idempotency_key_reused")
TOO_MANY = Problem(429, "RATE_LIMIT_EXCEEDED", "requests", "rate_limit_exceeded")
NO_MONEY = Problem(429, "RATE_LIMIT_EXCEEDED", "insufficient_quota", "insufficient_quota")
FAILED = Problem(500, "SERVICE_ERROR", "server_error", "server_error")
# Sent, and perhaps billed: nothing that a client repeats by itself. A 504 says so in OpenAI's dialect.
LOST = Problem(500, "SERVICE_ERROR", "upstream_error", "answer_lost")

PROBLEMS: tuple[tuple[type[errors.AvatarError], Problem], ...] = (
    (errors.OrderDiffers, KEY_REUSED),
    (errors.PromptTooLong, Problem(400, "VALIDATION_ERROR", openai_code="string_above_max_length")),
    (errors.InputError, INVALID),
    (errors.OrderUnknown, NO_JOB),
    (errors.ImageUnknown, NO_IMAGE),
    (errors.OrdersTooMany, TOO_MANY),
    (errors.RateLimited, TOO_MANY),
    (errors.BudgetSpent, NO_MONEY),
    (
        errors.PromptRefused,
        Problem(400, "VALIDATION_ERROR", "image_generation_user_error", "moderation_blocked"),
    ),
    (errors.NoCredit, Problem(500, "SERVICE_ERROR", "insufficient_quota", "insufficient_quota")),
    (errors.AnswerLost, LOST),
    (errors.AnswerUnusable, LOST),
    (errors.AvatarError, FAILED),
)

_TELL = "Tell whoever runs the service; what did not come was not billed."
_STORE = "Tell whoever runs it, then send the same again under its Idempotency-Key."

OPERATORS: tuple[tuple[type[errors.AvatarError], str], ...] = (
    (errors.KeyMissing, f"The service cannot draw just now: it has no key for the image server. {_TELL}"),
    (errors.KeyRejected, f"The service cannot draw just now: the image server refused its key. {_TELL}"),
    (errors.AccessDenied, f"The service's account may not use this model. Order another model. {_TELL}"),
    (errors.NoCredit, f"The service cannot draw just now: its account has no credit left. {_TELL}"),
    (
        errors.BudgetSpent,
        f"The service's budget has no room for this just now. Order less, or later. {_TELL}",
    ),
    (errors.ModelNotServed, f"The image server has no such model any more. Order another model. {_TELL}"),
    (
        errors.RequestRejected,
        f"The image server cannot take orders as this service sends them. Order another model. {_TELL}",
    ),
    (
        errors.RateLimited,
        "The image server asks for fewer requests. Wait for the seconds of Retry-After, then send the same again.",
    ),
    (errors.ServerUnreachable, f"The service cannot reach the image server just now. Try later. {_TELL}"),
    (
        errors.AnswerLost,
        "The request was sent, but no picture came back, so it may have been billed. A new order may cost again.",
    ),
    (
        errors.AnswerUnusable,
        "The image server answered without a usable picture, and may have billed it. A new order may cost again.",
    ),
    (errors.ModelRetired, f"The model that draws for this name was shut down. Order another model. {_TELL}"),
    (errors.ModelUnknown, f"The service does not know the model that is to draw here. {_TELL}"),
    (errors.SettingsBroken, f"The service cannot do this just now: one of its settings is wrong. {_TELL}"),
    (errors.StoreFull, f"The service cannot keep pictures just now: its disk is full. {_STORE}"),
    (errors.BlobMissing, "The picture is missing or damaged in the service's store. Tell whoever runs it."),
    (errors.OrderUnknown, ""),
    (errors.ImageUnknown, ""),
    (errors.StoreError, f"The service cannot use its store just now. {_STORE}"),
)
"""What a client is told of an error that only the service's operator can mend, whose log has the error's own words.

A client cannot set a variable or look at a provider's bill. Where nothing stands here, the error's own words go out.
"""

_EITHER = (errors.BudgetSpent, errors.RequestRejected)
"""These concern the operator only where they name a setting; else a token's budget is meant, or what the client asked for."""

_SETTING = re.compile(r"\b(?:AVATAR|OPENAI|AZURE)_[A-Z]+|compatible:ID")


class Refusal(Exception):
    """A request that is refused before anything is ordered."""

    def __init__(self, problem: Problem, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.problem = problem
        self.message = message
        self.field = field


@dataclass(frozen=True, slots=True)
class Told:
    """An error as it is answered."""

    problem: Problem
    message: str
    about: str | None = None  #: the field that is wrong
    retry_after: int | None = None  #: whole seconds, never fewer than were asked for
    more: Mapping[str, Any] = field(default_factory=dict)  #: what was brought all the same


def told(error: Exception, secrets: Sequence[str], **more: Any) -> Told:
    """What to answer for an error; called once for each request, because the operator's share goes to the log.

    One that is not ours says nothing of what it was.
    """
    if isinstance(error, Refusal):
        return Told(error.problem, redacted(error.message, secrets), error.field, more=more)
    if not isinstance(error, errors.AvatarError):
        return Told(FAILED, "Something unexpected went wrong. Try again, or ask who runs this service.")
    problem = next(problem for kind, problem in PROBLEMS if isinstance(error, kind))
    wait = getattr(error, "retry_after", None)
    if problem.status == 429 and wait is None:
        wait = 10.0
    message, instead = redacted(error.message, secrets), _instead(error)
    if instead:
        log.error("%s%s: %s", error.code, f" of job {more['job_id']}" if "job_id" in more else "", message)
    return Told(
        problem,
        instead or message,
        getattr(error, "field", None) or None,
        math.ceil(wait) if wait is not None and problem.status == 429 else None,
        more,
    )


def _instead(error: errors.AvatarError) -> str:
    """What a client is told in place of the operator's words; empty if they are the client's."""
    if type(error) is errors.AvatarError:
        return f"The service failed at this. {_STORE}"
    found = next((text for kind, text in OPERATORS if isinstance(error, kind)), "")
    plain = isinstance(error, _EITHER) and not isinstance(error, errors.ModelNotServed)
    return "" if plain and not _SETTING.search(error.message) else found


def json_response(
    body: Mapping[str, Any], status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """JSON as text for people as well: not every letter escaped, and half a character replaced."""
    data = json.dumps(body, ensure_ascii=False, allow_nan=False).encode("utf-8", "replace")
    return Response(data, status, headers, media_type="application/json")


def error_response(error: Told, *, openai: bool) -> Response:
    """An error in the service's own shape, or in OpenAI's."""
    headers = {} if error.retry_after is None else {"retry-after": str(error.retry_after)}
    problem, status = error.problem, error.problem.status
    if problem is NO_TOKEN:
        headers["www-authenticate"] = "Bearer"
    if not openai:
        body = {"error": error.message, "status": "failed", "code": problem.code}
        return json_response({**body, **error.more}, status, headers)
    if problem.openai_code == "answer_lost":
        status = 504
    elif problem.openai_code == "insufficient_quota":
        status = 429
    if status >= 500 or problem.openai_code == "insufficient_quota":
        headers["x-should-retry"] = "false"  # OpenAI's SDKs would repeat it by themselves
    inner = {
        "message": error.message,
        "type": problem.type,
        "param": error.about,
        "code": problem.openai_code,
    }
    more = {name: value for name, value in error.more.items() if name == "job_id"}
    return json_response({"error": inner, **more}, status, headers)
