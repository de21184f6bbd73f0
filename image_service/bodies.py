"""Bodies of requests: read up to a bound, parsed strictly, and every fault named by its field."""

from __future__ import annotations

import asyncio
import json
import re
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request

from image_service.answers import INVALID, TOO_LARGE, TOO_SLOW, Refusal

MOST_BYTES = 512 * 1024
"""Of a body: the longest prompt of today has 32,000 characters, each of which JSON may write with twelve bytes."""

MOST_DEPTH = 8
"""Lists and objects within each other. Orders are flat."""

SLOW_SECONDS = 30.0
"""For a body to come, which is short."""

_MARK = re.compile(r'\\.|["\[\]{}]', re.DOTALL)


class GenerateBody(BaseModel):
    """An order of pictures."""

    model_config = ConfigDict(strict=True, extra="forbid", title="Order")

    prompt: Annotated[str, Field(min_length=1, max_length=32_000, description="What to draw.")]
    model: Annotated[
        str, Field(min_length=1, max_length=100, description="dall-e-3, dall-e-2 or a model of today.")
    ] = "dall-e-3"
    size: Annotated[str, Field(min_length=1, max_length=40, description="Width x height in pixels.")] = ""
    quality: Annotated[str, Field(min_length=1, max_length=40, description="As the model has it.")] = ""
    style: Annotated[
        str, Field(min_length=1, max_length=40, description="vivid or natural, of dall-e-3 only.")
    ] = ""
    count: Annotated[int, Field(ge=1, le=10, description="How many pictures.")] = 1


class _OpenAIBody(BaseModel):
    """What OpenAI's requests for pictures have in common, as far as it can be served here."""

    model_config = ConfigDict(strict=True, extra="forbid")

    prompt: Annotated[str, Field(min_length=1, max_length=32_000)]
    model: Annotated[str, Field(min_length=1, max_length=100)] | None = None
    n: Annotated[int, Field(ge=1, le=10)] | None = None
    size: Annotated[str, Field(min_length=1, max_length=40)] | None = None
    quality: Annotated[str, Field(min_length=1, max_length=40)] | None = None
    response_format: Literal["url", "b64_json"] | None = None
    output_format: Literal["png", "jpeg", "webp"] | None = None
    output_compression: Literal[100] | None = None
    background: Literal["auto", "opaque"] | None = None
    stream: Literal[False] | None = None
    partial_images: Literal[0] | None = None
    user: Annotated[str, Field(max_length=512)] | None = None


class ImagesBody(_OpenAIBody):
    """OpenAI's request for pictures."""

    model_config = ConfigDict(title="ImagesRequest")

    style: Annotated[str, Field(min_length=1, max_length=40)] | None = None
    moderation: Literal["auto"] | None = None


class EditsBody(_OpenAIBody):
    """OpenAI's request to change a picture, without the picture and its mask."""

    model_config = ConfigDict(title="EditsRequest")

    input_fidelity: Literal["high"] | None = None


Body = TypeVar("Body", bound=BaseModel)


async def read_body(request: Request, most: int = MOST_BYTES) -> bytes:
    """The body, refused as soon as it is too long, whatever its headers say.

    Raises:
        Refusal: it is too large, or does not come to an end.
    """
    pieces, length = [], 0
    try:
        async with asyncio.timeout(SLOW_SECONDS):
            async for piece in request.stream():
                length += len(piece)
                if length > most:
                    raise Refusal(TOO_LARGE, f"The request is too large. Must have at most {most} bytes")
                pieces.append(piece)
    except TimeoutError:
        raise Refusal(TOO_SLOW, "The request did not come to its end in time") from None
    return b"".join(pieces)


async def read_order(request: Request, kind: type[Body]) -> Body:
    """The body as an order of this kind.

    Raises:
        Refusal: it is none; the field that is wrong is named.
    """
    data = await read_body(request)
    kind_of_body = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind_of_body != "application/json":
        raise Refusal(INVALID, "Invalid Content-Type. Must be application/json")
    return checked(kind, _parsed(data))


def checked(kind: type[Body], fields: dict[str, Any]) -> Body:
    """These fields as an order of this kind.

    Raises:
        Refusal: they are none; the field that is wrong is named.
    """
    try:
        return kind.model_validate(fields)
    except ValidationError as error:
        # Raised anew outside of what pydantic knows, which is the whole input.
        first = error.errors(include_url=False, include_input=False, include_context=True)[0]
    raise _named(first)


def _parsed(data: bytes) -> dict[str, Any]:
    try:
        text = data.decode("utf-8")
        if _depth(text) > MOST_DEPTH:
            raise Refusal(INVALID, f"The request is nested more than {MOST_DEPTH} levels deep")
        parsed = json.loads(text, object_pairs_hook=_without_doubles, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise Refusal(INVALID, "The request is not valid JSON") from None
    if not isinstance(parsed, dict):
        raise Refusal(INVALID, "The request must be a JSON object")
    return parsed


def _depth(text: str) -> int:
    """How deep lists and objects lie within each other; more than enough is not counted further.

    One way through the text, whatever is in it: a pattern for whole strings would begin anew at each quote of one that
    does not end.
    """
    deepest = depth = 0
    within_string = False
    for mark in _MARK.finditer(text):
        if mark[0] == '"':
            within_string = not within_string
        elif not within_string and len(mark[0]) == 1:
            depth += 1 if mark[0] in "[{" else -1
            deepest = max(deepest, depth)
        if deepest > MOST_DEPTH:
            break
    return deepest


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise given_twice(name)
        found[name] = value
    return found


def given_twice(name: str) -> Refusal:
    """A field stands there twice: which of them is meant?"""
    return Refusal(INVALID, f"Field {short(name)} is given twice", field=short(name))


def unknown(name: str) -> Refusal:
    """A field that nobody reads."""
    return Refusal(INVALID, f"Unknown field {short(name)}", field=short(name))


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _named(error: Any) -> Refusal:
    """A fault that pydantic found, in our words: the field, and what it must be."""
    field = short(str(error["loc"][0])) if error["loc"] else "body"
    context = error.get("ctx", {})
    must = {
        "extra_forbidden": "",
        "missing": "It is required",
        "string_type": "Must be a string",
        "int_type": "Must be an integer",
        "string_too_short": "Must not be empty",
        "string_too_long": f"Must have at most {context.get('max_length')} characters",
        "greater_than_equal": "Must be between 1 and 10",
        "less_than_equal": "Must be between 1 and 10",
        "literal_error": f"Must be {context.get('expected')}".replace("'", ""),
    }.get(error["type"], "It cannot be read")
    if error["type"] == "extra_forbidden":
        return unknown(field)
    return Refusal(INVALID, f"Invalid {field}. {must}", field=field)


def short(name: str) -> str:
    """A field's name as it may be repeated: short, and nothing but letters that can be shown."""
    shown = "".join(letter if letter.isprintable() else "?" for letter in name[:60])
    return shown.encode("utf-8", "replace").decode()
