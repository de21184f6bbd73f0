"""The service described as OpenAPI 3.1: every call, and every status that it can answer with."""

from __future__ import annotations

import functools
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from avatar_core import __version__
from image_service.answers import json_response
from image_service.bodies import GenerateBody, ImagesBody

_TEXT = {"type": "string"}
_UUID = {"type": "string", "format": "uuid"}
_MOMENT = {"type": "string", "format": "date-time"}

WHY = {
    400: "Something in the request cannot be had; the message names the field.",
    401: "No access token, or none that is good.",
    403: "The token does not allow this, or a page of another host asked.",
    404: "There is nothing of that id.",
    405: "This method is not allowed here.",
    408: "The request did not come to its end in time.",
    413: "The request is too large.",
    421: "The service is not known by that name.",
    422: "The idempotency key was used for another order.",
    429: "Too much for now; Retry-After says for how many seconds.",
    500: "The picture could not be brought, or the service failed.",
    504: "Sent, but no answer came in time; it may be billed, so it must not be repeated.",
}

ALWAYS = (400, 401, 403, 405, 421, 500)
ORDERING = (*ALWAYS, 408, 413, 422, 429)


def _object(required: dict[str, Any], optional: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"type": "object", "required": list(required), "properties": {**required, **(optional or {})}}


def _list(of: str) -> dict[str, Any]:
    return {"type": "array", "items": _ref(of)}


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def _schemas() -> dict[str, Any]:
    brief = {"id": _UUID, "url": _TEXT, "prompt": _TEXT, "model": _TEXT, "size": _TEXT}
    codes = [
        "VALIDATION_ERROR",
        "UNAUTHORIZED",
        "FORBIDDEN",
        "IMAGE_NOT_FOUND",
        "JOB_NOT_FOUND",
        "NOT_FOUND",
        "METHOD_NOT_ALLOWED",
        "IDEMPOTENCY_KEY_REUSED",
        "RATE_LIMIT_EXCEEDED",
        "SERVICE_ERROR",
    ]
    inner = {"message": _TEXT, "type": _TEXT, "param": {"type": ["string", "null"]}, "code": _TEXT}
    item = {"url": _TEXT, "b64_json": _TEXT, "revised_prompt": _TEXT}
    listed = {
        "id": _UUID,
        "url": _TEXT,
        "job_id": _UUID,
        "served_by": _TEXT,
        "size": _TEXT,
        "created": _MOMENT,
    }
    status = {"enum": ["running", "completed", "failed"]}
    job = {
        "job_id": _UUID,
        "status": status,
        "created": _MOMENT,
        "count": {"type": "integer"},
        "images": {
            "type": "array",
            "items": {"allOf": [_ref("Image"), _object({"served_by": _TEXT})]},
        },
        "cost_usd": {"type": ["number", "null"]},
    }
    model = {"id": _TEXT, "object": _TEXT, "created": {"type": "integer"}, "owned_by": _TEXT}
    return {
        "Order": _body(GenerateBody),
        "ImagesRequest": _body(ImagesBody),
        "Image": _object(brief),
        "Pictures": _object({"job_id": _UUID, "status": status, "images": _list("Image")}),
        "Job": _object(job, {"error": _TEXT, "code": {"enum": codes}}),
        "Listed": _object(listed),
        "Page": _object({"images": _list("Listed"), "next": {"type": ["string", "null"]}}),
        "Health": _object(
            {
                "status": {"enum": ["healthy", "unhealthy"]},
                "api_key_configured": {"type": "boolean"},
                "timestamp": _MOMENT,
            }
        ),
        "Deleted": _object({"status": {"const": "success"}, "message": _TEXT}),
        "Error": _object(
            {"error": _TEXT, "status": {"const": "failed"}, "code": {"enum": codes}},
            {"job_id": _UUID, "images": _list("Image")},
        ),
        "OpenAIError": _object({"error": _object(inner)}, {"job_id": _UUID}),
        "OpenAIImages": _object(
            {"created": {"type": "integer"}, "data": {"type": "array", "items": _object({}, item)}},
            {"usage": {"type": "object"}},
        ),
        "Model": _object(model),
        "Models": _object({"object": _TEXT, "data": _list("Model")}),
    }


def _body(kind: Any) -> dict[str, Any]:
    schema: dict[str, Any] = kind.model_json_schema()
    for field in schema["properties"].values():
        if field.get("default", 0) in ("", None):
            del field["default"]
    return schema


def _json(schema: str, description: str, headers: dict[str, Any] | None = None) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "description": description,
        "content": {"application/json": {"schema": _ref(schema)}},
    }
    return answer | ({"headers": headers} if headers else {})


def _call(
    summary: str,
    answers: dict[str, Any],
    problems: tuple[int, ...],
    *,
    parameters: list[dict[str, Any]] | None = None,
    body: str | None = None,
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
        content = {"application/json": {"schema": _ref(body)}}
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


@functools.cache
def describe() -> dict[str, Any]:
    """The whole description."""
    key = _parameter(
        "Idempotency-Key",
        "header",
        {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[ -~]+$"},
        "Your own name for this order: under it the order is made and paid once.",
    )
    prefer = _parameter("Prefer", "header", _TEXT, "respond-async: answer at once, with where to look.")
    image = _parameter("image", "path", _UUID, "The id of an image.")
    job = _parameter("job", "path", _UUID, "The id of a job.")
    side = _parameter(
        "size",
        "query",
        {"type": "integer", "minimum": 64, "maximum": 1024},
        "Longest edge in px; the picture is made smaller and never larger.",
    )
    limit = _parameter("limit", "query", {"type": "integer", "minimum": 1, "maximum": 200}, "Images a page.")
    cursor = _parameter("cursor", "query", _TEXT, "The value of next in the page before.")
    known = _parameter("If-None-Match", "header", _TEXT, "The ETag of the version that you have.")
    name = _parameter("model", "path", _TEXT, "The name of a model.")
    where = {"Location": {"schema": _TEXT, "description": "Where the job is found."}}
    png = {"description": "The picture.", "content": {"image/png": {"schema": {"type": "string"}}}}
    missing = (*ALWAYS, 404)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Synth Avatar Studio: image service", "version": __version__},
        "security": [{"token": []}, {}],
        "paths": {
            "/health": {
                "get": _call(
                    "Can pictures be drawn?",
                    {"200": _json("Health", "How the service stands.")},
                    (405, 421, 500),
                    open_to_all=True,
                )
            },
            "/generate": {
                "post": _call(
                    "Order pictures and wait for them",
                    {
                        "200": _json("Pictures", "The pictures."),
                        "202": _json("Pictures", "They are being drawn; the job says how they stand.", where),
                    },
                    ORDERING,
                    parameters=[key, prefer],
                    body="Order",
                )
            },
            "/jobs/{job}": {
                "get": _call(
                    "How does an order stand?", {"200": _json("Job", "The job.")}, missing, parameters=[job]
                )
            },
            "/images": {
                "get": _call(
                    "Images, the newest first",
                    {"200": _json("Page", "A page of them.")},
                    ALWAYS,
                    parameters=[limit, cursor],
                )
            },
            "/images/{image}": {
                "get": _call(
                    "A picture",
                    {"200": png, "304": {"description": "You have it already."}},
                    missing,
                    parameters=[image, side, known],
                ),
                "delete": _call(
                    "Delete a picture with all that belongs to it",
                    {"200": _json("Deleted", "It is gone.")},
                    missing,
                    parameters=[image],
                ),
            },
            "/v1/images/generations": {
                "post": _call(
                    "OpenAI's call for pictures",
                    {"200": _json("OpenAIImages", "The pictures.")},
                    (*ORDERING, 504),
                    parameters=[key],
                    body="ImagesRequest",
                    error="OpenAIError",
                )
            },
            "/v1/models": {
                "get": _call(
                    "The models that may be asked for",
                    {"200": _json("Models", "The models.")},
                    ALWAYS,
                    error="OpenAIError",
                )
            },
            "/v1/models/{model}": {
                "get": _call(
                    "One of the models",
                    {"200": _json("Model", "The model.")},
                    missing,
                    parameters=[name],
                    error="OpenAIError",
                )
            },
        },
        "components": {
            "schemas": _schemas(),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


async def document(_request: Request) -> Response:
    """The description, for tools."""
    return json_response(describe())
