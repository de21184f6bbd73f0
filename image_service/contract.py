"""The service's own dialect: /health, /generate, /images and /jobs."""

from __future__ import annotations

import base64
import binascii
import re
from datetime import UTC, datetime
from functools import partial
from typing import Any

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import Response

from avatar_core.errors import AvatarError
from avatar_core.pictures import Progress
from avatar_core.store import Order, OrderedImage
from image_service.answers import INVALID, Refusal, error_response, json_response, told
from image_service.bodies import GenerateBody, given_twice, read_order
from image_service.ordering import enter, follow
from image_service.service import Service, image_id, is_id, job_id, service_of

FOR_EVER = "private, max-age=31536000, immutable"

MOST_LISTED = 200


async def health(request: Request) -> Response:
    """Whether pictures can be drawn. Touches neither store nor engine, so that it answers however busy they are."""
    service = service_of(request)
    try:
        healthy, key = service.pictures.ready(), service.settings.key_configured
    except AvatarError:  # the key's file cannot be read, or the model was shut down since
        healthy = key = False
    return json_response(
        {
            "status": "healthy" if healthy else "unhealthy",
            "api_key_configured": key,
            "timestamp": datetime.now(UTC).isoformat(),
        }
    )


async def generate(request: Request) -> Response:
    """Order pictures and wait for them."""
    service = service_of(request)
    customer = service.admit(request, "generate")
    body = await read_order(request, GenerateBody)

    later = "respond-async" in ",".join(request.headers.getlist("prefer")).lower()

    def place(key: str | None) -> Order:
        wish = service.pictures.wish(
            body.prompt,
            model=body.model,
            size=body.size,
            quality=body.quality,
            style=body.style,
            count=body.count,
        )
        return service.pictures.order(wish, customer, key=key, hurry=not later)

    outcome = await follow(service, request, await enter(service, request, place), later=later)
    if outcome.progress is None:
        where = {"location": f"/jobs/{outcome.order.id}"}
        return json_response({"job_id": outcome.order.id, "status": "running", "images": []}, 202, where)
    progress = outcome.progress
    images = [_brief(progress, image) for image in progress.images]
    if outcome.error is not None:
        error = told(outcome.error, service.secrets, job_id=progress.order.id, images=images)
        return error_response(error, openai=False)
    return json_response({"job_id": progress.order.id, "status": "completed", "images": images})


async def job(request: Request) -> Response:
    """How an order stands."""
    service = service_of(request)
    customer = service.admit(request, "read")
    wanted = job_id(request)

    def look() -> Progress:
        return service.pictures.progress(service.pictures.find(wanted, customer))

    return json_response(
        _job(service, await anyio.to_thread.run_sync(look, limiter=service.threads)),
        headers={"cache-control": "no-store"},
    )


async def image(request: Request) -> Response:
    """Read or delete an image."""
    return await (_delete if request.method == "DELETE" else _read)(request)


async def _read(request: Request) -> Response:
    """An image's PNG file, or a smaller one."""
    service = service_of(request)
    customer = service.admit_reader(request)
    wanted = image_id(request)
    side = _side(request)

    def read() -> tuple[OrderedImage, bytes | None]:
        found = service.pictures.image(wanted, customer)
        if _known(",".join(request.headers.getlist("if-none-match")), _tag(found, side)):
            return found, None
        if side is None:
            return found, service.pictures.read(found)
        small = service.small.get((found.id, side))
        if small is None:
            small = service.pictures.read(found, side)
            service.small.put((found.id, side), small)
        return found, small

    found, data = await anyio.to_thread.run_sync(read, limiter=service.threads)
    headers = {"etag": _tag(found, side), "cache-control": FOR_EVER}
    if request.state.told.get("link"):
        headers["cross-origin-resource-policy"] = "cross-origin"  # the link itself is the permission
    if data is None:
        return Response(status_code=304, headers=headers)
    return Response(data, media_type="image/png", headers=headers)


async def _delete(request: Request) -> Response:
    """Delete an image with all that belongs to it."""
    service = service_of(request)
    customer = service.admit(request, "delete")
    wanted = image_id(request)
    request.state.told["images"] = [wanted]
    await anyio.to_thread.run_sync(
        partial(service.pictures.delete, wanted, customer), limiter=service.threads
    )
    return json_response({"status": "success", "message": f"Image {wanted} deleted"})


async def images(request: Request) -> Response:
    """Images, the newest first, a page at a time."""
    service = service_of(request)
    customer = service.admit(request, "read")
    limit = _number(request, "limit", 1, MOST_LISTED) or 50
    before = _place(_said(request, "cursor"))
    found = await anyio.to_thread.run_sync(
        partial(service.pictures.images, customer, limit, before), limiter=service.threads
    )
    listed = [
        {
            "id": each.id,
            "url": f"/images/{each.id}",
            "job_id": each.order,
            "served_by": each.served_by,
            "size": str(each.size),
            "created": each.created.isoformat(),
        }
        for each in found
    ]
    cursor = _cursor(found[-1]) if len(found) == limit else None
    return json_response({"images": listed, "next": cursor})


def _brief(progress: Progress, image: OrderedImage) -> dict[str, Any]:
    wish = progress.order.wish
    return {
        "id": image.id,
        "url": f"/images/{image.id}",
        "prompt": image.revised_prompt or wish.prompt,
        "model": wish.model,
        "size": str(wish.size),
    }


def _job(service: Service, progress: Progress) -> dict[str, Any]:
    order = progress.order
    status = "running" if not progress.finished else "completed" if progress.error is None else "failed"
    images = [
        {
            **_brief(progress, image),
            "served_by": image.served_by,
            "drawn_size": str(progress.sizes[image.ordinal]),
        }
        for image in progress.images
    ]
    body: dict[str, Any] = {
        "job_id": order.id,
        "status": status,
        "created": order.created.isoformat(),
        "count": order.wish.count,
        "images": images,
        "cost_usd": progress.usd,
    }
    if status == "completed" and len(progress.images) < order.wish.count:
        body["deleted"] = order.wish.count - len(progress.images)
    if progress.error is not None:
        error = told(progress.error, service.secrets)
        body |= {"error": error.message, "code": error.problem.code}
    return body


def _tag(image: OrderedImage, side: int | None) -> str:
    return f'"{image.sha256}"' if side is None else f'"{image.sha256}-{side}"'


def _known(sent: str, tag: str) -> bool:
    """Whether a client has this version, by what it says in If-None-Match."""
    tags = [each.strip().removeprefix("W/") for each in sent.split(",")]
    return "*" in tags or tag in tags


def _side(request: Request) -> int | None:
    return _number(request, "size", 64, 1024)


def _number(request: Request, name: str, least: int, most: int) -> int | None:
    said = _said(request, name)
    if said is None:
        return None
    if not re.fullmatch(r"[0-9]{1,4}", said, re.ASCII) or not least <= int(said) <= most:
        raise Refusal(INVALID, f"Invalid {name}. Must be between {least} and {most}", field=name)
    return int(said)


def _said(request: Request, name: str) -> str | None:
    values = request.query_params.getlist(name)
    if len(values) > 1:
        raise given_twice(name)
    return values[0] if values else None


def _cursor(image: OrderedImage) -> str:
    return base64.urlsafe_b64encode(f"{image.created.isoformat()} {image.id}".encode()).decode().rstrip("=")


def _place(cursor: str | None) -> tuple[datetime, str] | None:
    """The place in the list that a cursor stands for.

    Raises:
        Refusal: it is none that was given out.
    """
    if cursor is None:
        return None
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
        moment, _, last = text.partition(" ")
        created = datetime.fromisoformat(moment)
        if created.tzinfo is None or not is_id(last):
            raise ValueError("without a zone, or without an image")
        return created.astimezone(UTC), last
    except (ValueError, OverflowError, binascii.Error):
        raise Refusal(
            INVALID, "Invalid cursor. Must be the value of next in an earlier answer", field="cursor"
        ) from None
