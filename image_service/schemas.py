"""The shapes of bodies and answers, for the description of the service."""

from __future__ import annotations

from typing import Any

from image_service.bodies import EditsBody, GenerateBody, ImagesBody

TEXT = {"type": "string"}
FILE = {"type": "string", "format": "binary"}
UUID = {"type": "string", "format": "uuid"}
MOMENT = {"type": "string", "format": "date-time"}


def _object(required: dict[str, Any], optional: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"type": "object", "required": list(required), "properties": {**required, **(optional or {})}}


def _list(of: str) -> dict[str, Any]:
    return {"type": "array", "items": reference(of)}


def reference(name: str) -> dict[str, Any]:
    """A shape by its name."""
    return {"$ref": f"#/components/schemas/{name}"}


CODES = [
    "VALIDATION_ERROR",
    "UNAUTHORIZED",
    "FORBIDDEN",
    "IMAGE_NOT_FOUND",
    "JOB_NOT_FOUND",
    "NOT_FOUND",
    "METHOD_NOT_ALLOWED",
    "IMAGES_DELETED",
    "IDEMPOTENCY_KEY_REUSED",
    "RATE_LIMIT_EXCEEDED",
    "SERVICE_ERROR",
]


def schemas() -> dict[str, Any]:
    """Every shape, by its name."""
    return {**_own(), **_openai()}


def _own() -> dict[str, Any]:
    brief = {"id": UUID, "url": TEXT, "prompt": TEXT, "model": TEXT, "size": TEXT}
    listed = {
        "id": UUID,
        "url": TEXT,
        "job_id": UUID,
        "served_by": TEXT,
        "size": TEXT,
        "created": MOMENT,
    }
    status = {"enum": ["running", "completed", "failed"]}
    job = {
        "job_id": UUID,
        "status": status,
        "created": MOMENT,
        "count": {"type": "integer"},
        "images": {
            "type": "array",
            "items": {"allOf": [reference("Image"), _object({"served_by": TEXT, "drawn_size": TEXT})]},
        },
        "cost_usd": {"type": ["number", "null"]},
    }
    return {
        "Order": _body(GenerateBody),
        "Image": _object(brief),
        "Pictures": _object({"job_id": UUID, "status": status, "images": _list("Image")}),
        "Job": _object(job, {"deleted": {"type": "integer"}, "error": TEXT, "code": {"enum": CODES}}),
        "Listed": _object(listed),
        "Page": _object({"images": _list("Listed"), "next": {"type": ["string", "null"]}}),
        "Health": _object(
            {
                "status": {"enum": ["healthy", "unhealthy"]},
                "api_key_configured": {"type": "boolean"},
                "timestamp": MOMENT,
            }
        ),
        "Deleted": _object({"status": {"const": "success"}, "message": TEXT}),
        "Error": _object(
            {"error": TEXT, "status": {"const": "failed"}, "code": {"enum": CODES}},
            {"job_id": UUID, "images": _list("Image")},
        ),
    }


def _openai() -> dict[str, Any]:
    inner = {"message": TEXT, "type": TEXT, "param": {"type": ["string", "null"]}, "code": TEXT}
    item = {"url": TEXT, "b64_json": TEXT, "revised_prompt": TEXT, "drawn_size": TEXT}
    model = {"id": TEXT, "object": TEXT, "created": {"type": "integer"}, "owned_by": TEXT}
    return {
        "ImagesRequest": _body(ImagesBody),
        "EditsRequest": _form(EditsBody),
        "OpenAIError": _object({"error": _object(inner)}, {"job_id": UUID}),
        "OpenAIImages": _object(
            {
                "created": {"type": "integer"},
                "data": {"type": "array", "items": _object({}, item)},
                "served_by": TEXT,
            },
            {"size": TEXT, "usage": {"type": "object"}, "cost_usd": {"type": "number"}},
        ),
        "Model": _object(model),
        "Models": _object({"object": TEXT, "data": _list("Model")}),
    }


def _form(kind: Any) -> dict[str, Any]:
    """A form knows no null, and has files."""
    schema = _body(kind)
    fields = {
        name: next(option for option in field.get("anyOf", [field]) if option.get("type") != "null")
        for name, field in schema["properties"].items()
    }
    picture = {**FILE, "description": "The picture: PNG, JPEG or WebP. May also be sent as image[], once."}
    mask = {**FILE, "description": "A PNG of the picture's size, transparent where it is to be drawn anew."}
    return {
        **schema,
        "properties": {"image": picture, "mask": mask, **fields},
        "required": ["image", *schema["required"]],
    }


def _body(kind: Any) -> dict[str, Any]:
    schema: dict[str, Any] = kind.model_json_schema()
    for field in schema["properties"].values():
        if field.get("default", 0) in ("", None):
            del field["default"]
    return schema
