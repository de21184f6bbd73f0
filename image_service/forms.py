"""Forms with pictures: read up to a bound, checked strictly, and every fault named by its field.

Pictures lie in temporary files while they come; the names of files and their media types are not looked at.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from python_multipart.multipart import parse_options_header
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Message

from avatar_core.models.edits import LARGEST_MASK, LARGEST_PICTURE
from image_service.answers import INVALID, TOO_LARGE, TOO_SLOW, Refusal
from image_service.bodies import EditsBody, checked, given_twice, short, unknown

MOST_BYTES = LARGEST_PICTURE + LARGEST_MASK + 512 * 1024
"""Of a form: a picture and a mask as large as OpenAI takes them, and the text."""

MOST_TEXT = 128 * 1024
"""Bytes of one field: the longest prompt of today has 32,000 characters of up to four bytes."""

MOST_FIELDS = 20
MOST_FILES = 17
"""As many as OpenAI takes, so that whoever sends several is told that only one can be changed here."""

SLOW_SECONDS = 120.0
"""For a form to come, which may hold large pictures."""

_CHARSET = re.compile(r";\s*charset\s*=\s*\"?([^\";\s]*)\"?", re.IGNORECASE)
_LONGEST_TYPE = 300

_NUMBERS = ("n", "output_compression", "partial_images")
_YES_OR_NO = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Edit:
    """A form that asks for a change of a picture."""

    body: EditsBody
    picture: UploadFile
    mask: UploadFile | None


@asynccontextmanager
async def read_edit(request: Request) -> AsyncIterator[Edit]:
    """The body as a form that asks for a change; its files are there until the end of the context.

    Raises:
        Refusal: it is none; the field that is wrong is named.
    """
    scope, boundary = _as_latin(request)
    inner = Request(scope, _bounded(request, boundary))
    try:
        async with asyncio.timeout(SLOW_SECONDS):
            form = await inner.form(max_files=MOST_FILES, max_fields=MOST_FIELDS, max_part_size=MOST_TEXT)
    except HTTPException as error:
        raise Refusal(INVALID, f"The form cannot be read. {error.detail}") from None
    except TimeoutError:
        raise Refusal(TOO_SLOW, "The request did not come to its end in time") from None
    try:
        yield _edit(form)
    finally:
        await form.close()


def _as_latin(request: Request) -> tuple[dict[str, Any], bytes]:
    """The request's scope, in which text is said to be Latin-1, so that it comes byte for byte; and the boundary.

    The parser would take what is no UTF-8 for something else without a word.
    """
    kind = request.headers.get("content-type", "")
    charset = _CHARSET.search(kind)
    if kind.partition(";")[0].strip().lower() != "multipart/form-data" or len(kind) > _LONGEST_TYPE:
        raise Refusal(INVALID, "Invalid Content-Type. Must be multipart/form-data")
    if charset is not None and charset[1].lower() not in ("utf-8", "utf8"):
        raise Refusal(INVALID, "Invalid Content-Type. Text must be UTF-8")
    plain = f"{_CHARSET.sub('', kind)}; charset=latin-1".encode("latin-1")
    boundary = parse_options_header(plain)[1].get(b"boundary", b"")
    if not boundary:
        raise Refusal(INVALID, "Invalid Content-Type. Must name a boundary")
    others = [pair for pair in request.scope["headers"] if pair[0] != b"content-type"]
    return {**request.scope, "headers": [*others, (b"content-type", plain)]}, boundary


def _bounded(request: Request, boundary: bytes) -> Any:
    """What the body is received by: up to a bound, whatever its headers say, and to the end of the form."""
    length, tail = 0, b""

    async def receive() -> Message:
        nonlocal length, tail
        message = await request.receive()
        piece = message.get("body", b"")
        length += len(piece)
        if length > MOST_BYTES:
            raise Refusal(TOO_LARGE, f"The request is too large. Must have at most {MOST_BYTES} bytes")
        tail = (tail + piece[-_LONGEST_TYPE:])[-_LONGEST_TYPE:]
        ended = message["type"] == "http.request" and not message.get("more_body", False)
        if ended and not tail.rstrip(b" \t\r\n").endswith(b"--" + boundary + b"--"):
            raise Refusal(INVALID, "The form does not come to its end")
        return message

    return receive


def _edit(form: FormData) -> Edit:
    fields: dict[str, Any] = {}
    files: dict[str, UploadFile] = {}
    for sent, value in form.multi_items():
        name = _text(sent, "field name")
        place = "image" if name == "image[]" else name
        if place in ("image", "mask"):
            if isinstance(value, str):
                raise Refusal(INVALID, f"Invalid {place}. Must be a file", field=place)
            if place in files:
                said = "Only one picture can be changed at a time" if place == "image" else "Send one mask"
                raise Refusal(INVALID, f"Invalid {place}. {said}", field=place)
            files[place] = value
        elif name not in EditsBody.model_fields:
            raise unknown(name)
        elif not isinstance(value, str):
            raise Refusal(INVALID, f"Invalid {name}. Must be text and no file", field=name)
        elif name in fields:
            raise given_twice(name)
        else:
            fields[name] = _value(name, _text(value, name))
    body = checked(EditsBody, fields)
    if "image" not in files:
        raise Refusal(INVALID, "Invalid image. It is required", field="image")
    return Edit(body, files["image"], files.get("mask"))


def _text(value: str, name: str) -> str:
    try:
        return value.encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        raise Refusal(INVALID, f"Invalid {short(name)}. Must be UTF-8", field=short(name)) from None


def _value(name: str, text: str) -> Any:
    """A field as JSON would have it: forms know only text."""
    if name in _NUMBERS and re.fullmatch(r"[0-9]{1,4}", text, re.ASCII):
        return int(text)
    return _YES_OR_NO.get(text, text) if name == "stream" else text
