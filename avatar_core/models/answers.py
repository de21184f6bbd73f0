"""From an answer's JSON to a picture: the original bytes, what they are, and what they cost in tokens."""

from __future__ import annotations

import base64
import binascii
import io
import json
import urllib.parse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PIL import Image

from avatar_core.models.downloads import MAX_BYTES, unusable
from avatar_core.models.quoting import quoted, redacted
from avatar_core.types import Size, Usage

#: More than any model draws. Beyond it, a small file that unfolds into gigabytes is likelier than a picture.
MAX_PIXELS = 8192 * 8192

FORMATS = ("PNG", "JPEG", "WEBP")

_BEGINNINGS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF")

#: What xAI counts money in: ten thousand million to the dollar.
_TICKS = 10**10


@dataclass(frozen=True)
class Answer:
    """A picture as it came: its bytes untouched, its type and size as its beginning says."""

    data: bytes
    media_type: str
    size: Size
    revised_prompt: str | None
    usage: Usage | None
    served_by: str = ""  #: the model that drew it, where a relay such as our own service says so


def read_answer(body: bytes, download: Callable[[str], bytes], secrets: Sequence[str] = ()) -> Answer:
    """The picture in the body of a successful answer; ``download`` fetches the one that a link stands for.

    Whether the picture is whole is seen by :func:`check_whole`, once its bytes are kept.

    Raises:
        AnswerUnusable: there is no picture in it; ``data`` holds what came in its place.
    """
    if body.startswith(_BEGINNINGS):  # some servers send the picture itself, without any JSON
        return Answer(body, *inspect_picture(body), None, None)
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        answer = None
    if not isinstance(answer, dict):
        said = quoted(body[:20_000].decode("utf-8", "replace"), secrets)
        raise unusable(f"The server answered with something else than a JSON object: “{said}”")
    items = answer.get("data")
    item = items[0] if isinstance(items, list) and items else None
    if not isinstance(item, dict):
        raise unusable("The server answered without a picture" + _complaint(answer, secrets))
    data = _bytes_of(item, download)
    if data is None:
        raise unusable("The server answered without a picture" + _complaint(answer, secrets))
    media_type, size = inspect_picture(data)
    revised = item.get("revised_prompt")
    wording = redacted(revised, secrets) if revised and isinstance(revised, str) else None
    served_by = answer.get("served_by")
    return Answer(
        data,
        media_type,
        size,
        wording,
        _usage(answer),
        served_by if isinstance(served_by, str) else "",
    )


def inspect_picture(data: bytes, check: Callable[[Image.Image], object] | None = None) -> tuple[str, Size]:
    """Media type by magic bytes, and size in px, of a still picture; ``check`` looks at the rest of it.

    Raises:
        AnswerUnusable: it is none; ``data`` holds the bytes.
    """
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            size = Size(*image.size)
            if size.pixels > MAX_PIXELS:
                raise unusable(
                    f"The server sent a picture of {size}, more pixels than can be opened here", data
                )
            if getattr(image, "n_frames", 1) > 1:
                raise unusable("The server sent a moving picture", data)
            media_type = Image.MIME[image.format or "PNG"]
            if check is not None:
                check(image)
            return media_type, size
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise unusable("The server sent a picture of more pixels than can be opened here", data) from None
    # Pillow's formats raise whatever their decoders do for damaged data.
    except (OSError, ValueError, SyntaxError, EOFError, Warning):
        raise unusable(
            "The server sent something that cannot be opened as a PNG, JPEG or WebP picture", data
        ) from None


def check_whole(data: bytes) -> None:
    """Refuse a picture of which something is missing or changed.

    A PNG has checksums of all its parts, which takes a twentieth of the time that unpacking it would.

    Raises:
        AnswerUnusable: ``data`` holds the bytes.
    """
    inspect_picture(data, lambda image: image.verify() if image.format == "PNG" else image.load())


def _bytes_of(item: dict[str, Any], download: Callable[[str], bytes]) -> bytes | None:
    for field, read in (("b64_json", _decoded), ("url", download)):
        text = item.get(field)
        if isinstance(text, str) and text:
            return _data_url(text) if text.startswith("data:") else read(text)
    return None


def _data_url(url: str) -> bytes:
    header, _, content = url.partition(",")
    if header.endswith(";base64"):
        return _decoded(content if "%" not in content else urllib.parse.unquote(content))
    return urllib.parse.unquote_to_bytes(content[: MAX_BYTES * 3])


def _decoded(text: str) -> bytes:
    if len(text) > MAX_BYTES * 4 // 3 + 4:
        raise unusable(
            f"The server sent a picture of more than {MAX_BYTES // 2**20} MB", text[:MAX_BYTES].encode()
        )
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        raise unusable("The server sent a picture whose base64 text is damaged", text.encode()) from None


def _complaint(answer: dict[str, Any], secrets: Sequence[str]) -> str:
    """The error, or the reason of a block, that some servers send with a status of success."""
    error = answer.get("error") or answer.get("block_reason")
    message = error.get("message") if isinstance(error, dict) else error
    return f" and said: “{quoted(message, secrets)}”" if isinstance(message, str) and message else ""


def _usage(answer: dict[str, Any]) -> Usage | None:
    """Tokens as counted by the server; None also for the zeros of servers that count nothing."""
    usage = answer.get("usage")
    if not isinstance(usage, dict):
        return None
    details = usage.get("input_tokens_details")
    image = _count(details.get("image_tokens")) if isinstance(details, dict) else 0
    text = max(0, _count(usage.get("input_tokens")) - image)
    output = _count(usage.get("output_tokens"))
    ticks = _count(usage.get("cost_in_usd_ticks"))
    usd = ticks / _TICKS if ticks else None
    return Usage(text, image, output, usd) if text or image or output or ticks else None


def _count(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0
