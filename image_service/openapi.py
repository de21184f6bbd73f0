"""The service described as OpenAPI 3.1: every call, and every status that it can answer with."""

from __future__ import annotations

import functools
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from avatar_core import __version__
from image_service.answers import json_response
from image_service.schemas import TEXT, UUID, reference, schemas

WHY = {
    400: "Something in the request cannot be had; the message names the field.",
    401: "No access token, or none that is good.",
    403: "The token does not allow this, or a page of another host asked.",
    404: "There is nothing of that id.",
    405: "This method is not allowed here.",
    408: "The request did not come to its end in time.",
    410: "The order is completed, and all its images were deleted.",
    413: "The request is too large.",
    421: "The service is not known by that name.",
    422: "The idempotency key was used for another order.",
    429: "Too much for now; Retry-After says for how many seconds.",
    500: "The picture could not be brought, or the service failed.",
    504: "Sent, but no answer came in time; it may be billed, so it must not be repeated.",
}

ALWAYS = (400, 401, 403, 405, 421, 500)
MISSING = (*ALWAYS, 404)
ORDERING = (*ALWAYS, 408, 410, 413, 422, 429)


def _json(schema: str, description: str, headers: dict[str, Any] | None = None) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "description": description,
        "content": {"application/json": {"schema": reference(schema)}},
    }
    return answer | ({"headers": headers} if headers else {})


def _call(
    summary: str,
    answers: dict[str, Any],
    problems: tuple[int, ...],
    *,
    parameters: list[dict[str, Any]] | None = None,
    body: str | None = None,
    kind: str = "application/json",
    error: str = "Error",
    open_to_all: bool = False,
) -> dict[str, Any]:
    wait = {"Retry-After": {"schema": {"type": "integer"}, "description": "Seconds."}}
    told = {
        str(status): _json(error, WHY[status], wait if status == 429 else None)
        for status in sorted(set(problems))
    }
    call: dict[str, Any] = {"summary": summary, "responses": {**answers, **told}}
    if parameters:
        call["parameters"] = parameters
    if body:
        content = {kind: {"schema": reference(body)}}
        call["requestBody"] = {"required": True, "content": content}
    if open_to_all:
        call["security"] = []
    return call


def _parameter(name: str, place: str, schema: dict[str, Any], description: str) -> dict[str, Any]:
    return {
        "name": name,
        "in": place,
        "required": place == "path",
        "schema": schema,
        "description": description,
    }


_KEY = _parameter(
    "Idempotency-Key",
    "header",
    {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[ -~]+$"},
    "Your own name for this order: under it the order is made and paid once.",
)
_PREFER = _parameter("Prefer", "header", TEXT, "respond-async: answer at once, with where to look.")
_IMAGE = _parameter("image", "path", UUID, "The id of an image.")
_JOB = _parameter("job", "path", UUID, "The id of a job.")
_SIDE = _parameter(
    "size",
    "query",
    {"type": "integer", "minimum": 64, "maximum": 1024},
    "Longest edge in px; the picture is made smaller and never larger.",
)
_LIMIT = _parameter("limit", "query", {"type": "integer", "minimum": 1, "maximum": 200}, "Images a page.")
_CURSOR = _parameter("cursor", "query", TEXT, "The value of next in the page before.")
_EXPIRES = _parameter("expires", "query", TEXT, "Of a link that needs no token: when it ends.")
_SIGNATURE = _parameter("signature", "query", TEXT, "Of a link that needs no token: that it is one of ours.")
_KNOWN = _parameter("If-None-Match", "header", TEXT, "The ETag of the version that you have.")
_MODEL = _parameter("model", "path", TEXT, "The name of a model.")
_WHERE = {"Location": {"schema": TEXT, "description": "Where the job is found."}}
_PNG = {"description": "The picture.", "content": {"image/png": {"schema": {"type": "string"}}}}
_SAME = {"description": "You have it already."}


def _own_calls() -> dict[str, Any]:
    """The service's own dialect."""
    ordered = {
        "200": _json("Pictures", "The pictures."),
        "202": _json("Pictures", "They are being drawn; the job says how they stand.", _WHERE),
    }
    generate = _call(
        "Order pictures and wait for them", ordered, ORDERING, parameters=[_KEY, _PREFER], body="Order"
    )
    health = _call(
        "Can pictures be drawn?",
        {"200": _json("Health", "How the service stands.")},
        (405, 421, 500),
        open_to_all=True,
    )
    job = _call("How does an order stand?", {"200": _json("Job", "The job.")}, MISSING, parameters=[_JOB])
    images = _call(
        "Images, the newest first",
        {"200": _json("Page", "A page of them.")},
        ALWAYS,
        parameters=[_LIMIT, _CURSOR],
    )
    image = _call(
        "A picture",
        {"200": _PNG, "304": _SAME},
        MISSING,
        parameters=[_IMAGE, _SIDE, _EXPIRES, _SIGNATURE, _KNOWN],
    )
    delete = _call(
        "Delete a picture with all that belongs to it",
        {"200": _json("Deleted", "It is gone.")},
        MISSING,
        parameters=[_IMAGE],
    )
    return {
        "/health": {"get": health},
        "/generate": {"post": generate},
        "/jobs/{job}": {"get": job},
        "/images": {"get": images},
        "/images/{image}": {"get": image, "delete": delete},
    }


def _openai_calls() -> dict[str, Any]:
    """OpenAI's dialect."""
    generations = _call(
        "OpenAI's call for pictures",
        {"200": _json("OpenAIImages", "The pictures.")},
        (*ORDERING, 504),
        parameters=[_KEY],
        body="ImagesRequest",
        error="OpenAIError",
    )
    edits = _call(
        "OpenAI's call to change a picture",
        {"200": _json("OpenAIImages", "The changed pictures.")},
        (*ORDERING, 504),
        parameters=[_KEY],
        body="EditsRequest",
        kind="multipart/form-data",
        error="OpenAIError",
    )
    models = _call(
        "The models that may be asked for",
        {"200": _json("Models", "The models.")},
        ALWAYS,
        error="OpenAIError",
    )
    model = _call(
        "One of the models",
        {"200": _json("Model", "The model.")},
        MISSING,
        parameters=[_MODEL],
        error="OpenAIError",
    )
    return {
        "/v1/images/generations": {"post": generations},
        "/v1/images/edits": {"post": edits},
        "/v1/models": {"get": models},
        "/v1/models/{model}": {"get": model},
    }


@functools.cache
def describe() -> dict[str, Any]:
    """The whole description."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Synth Avatar Studio: image service", "version": __version__},
        "security": [{"token": []}, {}],
        "paths": {**_own_calls(), **_openai_calls()},
        "components": {
            "schemas": schemas(),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


async def document(_request: Request) -> Response:
    """The description, for tools."""
    return json_response(describe())
