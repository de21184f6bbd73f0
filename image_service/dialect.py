"""OpenAI's dialect: /v1/images/generations, /v1/images/edits and /v1/models, for SDKs, proxies and our own dashboard."""

from __future__ import annotations

import base64
from typing import Any

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import Response

from avatar_core.changing import Sources
from avatar_core.pictures import Progress
from avatar_core.publishing import as_format
from avatar_core.store import Order
from avatar_core.types import Size, Usage
from image_service.answers import LOST, NO_PLACE, Refusal, error_response, json_response, told
from image_service.bodies import EditsBody, ImagesBody, read_order
from image_service.forms import read_edit
from image_service.ordering import enter, follow
from image_service.service import Service, service_of

RETIRED = ("dall-e-2", "dall-e-3")
"""By these names a link is what a client expects if it does not say."""


async def models(request: Request) -> Response:
    """The models that may be asked for."""
    service = service_of(request)
    service.admit(request, "read")
    return json_response({"object": "list", "data": [_model(name) for name in service.pictures.models()]})


async def model(request: Request) -> Response:
    """One of the models."""
    service = service_of(request)
    service.admit(request, "read")
    name = request.path_params["model"]
    if name not in service.pictures.models():
        raise Refusal(NO_PLACE, "The model does not exist", field="model")
    return json_response(_model(name))


async def generations(request: Request) -> Response:
    """Order pictures and wait for them."""
    service = service_of(request)
    customer = service.admit(request, "generate")
    body = await read_order(request, ImagesBody)

    def place(key: str | None) -> Order:
        wish = service.pictures.wish(body.prompt, style=body.style or "", **_chosen(body))
        return service.pictures.order(wish, customer, key=key)

    return await _followed(service, request, body, await enter(service, request, place))


async def edits(request: Request) -> Response:
    """Order a change of a picture and wait for it."""
    service = service_of(request)
    customer = service.admit(request, "generate")
    async with service.forms, read_edit(request) as form:

        def place(key: str | None) -> Order:
            mask = form.mask.file.read() if form.mask else None
            sources = Sources(form.picture.file.read(), mask)
            wish = service.pictures.wish(form.body.prompt, sources=sources, **_chosen(form.body))
            return service.pictures.order(wish, customer, key=key, sources=sources)

        order = await enter(service, request, place, service.opening)
    return await _followed(service, request, form.body, order)


def _chosen(body: ImagesBody | EditsBody) -> dict[str, Any]:
    """What both kinds of orders choose; ``auto`` leaves the choice to us."""
    return {
        "model": body.model or "",
        "size": "" if body.size in (None, "auto") else str(body.size),
        "quality": "" if body.quality in (None, "auto") else str(body.quality),
        "count": body.n or 1,
    }


async def _followed(
    service: Service, request: Request, body: ImagesBody | EditsBody, order: Order
) -> Response:
    """The answer to an order, once its pictures are here or cannot come."""
    outcome = await follow(service, request, order)
    if outcome.progress is None:
        late = Refusal(
            LOST,
            f"The pictures are not ready yet; they will be found at /jobs/{outcome.order.id}. Do not order them again.",
        )
        response = error_response(told(late, service.secrets, job_id=outcome.order.id), openai=True)
    elif outcome.error is not None:
        error = told(outcome.error, service.secrets, job_id=outcome.order.id)
        response = error_response(error, openai=True)
    else:
        progress = outcome.progress
        answer = await anyio.to_thread.run_sync(
            lambda: json_response(_answer(service, request, body, progress)), limiter=service.threads
        )
        response = answer
    response.headers["x-job-id"] = outcome.order.id
    return response


def _answer(
    service: Service, request: Request, body: ImagesBody | EditsBody, progress: Progress
) -> dict[str, Any]:
    """The pictures, as they arrived if that is what was asked for."""
    order = progress.order
    links = body.response_format == "url" or (body.response_format is None and order.wish.model in RETIRED)
    data = []
    for image in progress.images:
        item: dict[str, Any] = {}
        if links:
            item["url"] = service.link(request, image.id)
        else:
            picture = service.pictures.original(image, order.wish)
            item["b64_json"] = base64.b64encode(
                as_format(picture, body.output_format) if body.output_format else picture
            ).decode()
        if image.revised_prompt:
            item["revised_prompt"] = image.revised_prompt
        if (drawn := progress.sizes[image.ordinal]) != order.wish.size:
            item["drawn_size"] = str(drawn)
        data.append(item)
    answer: dict[str, Any] = {"created": int(order.created.timestamp()), "data": data}
    if order.wish.model not in RETIRED:
        answer |= {"size": str(_size(progress, links=links)), "output_format": body.output_format or "png"}
        if order.wish.quality:
            answer["quality"] = order.wish.quality
    if progress.usage is not None:
        answer["usage"] = _usage(progress.usage)
    answer["served_by"] = progress.images[0].served_by
    if progress.usd is not None:
        answer["cost_usd"] = progress.usd
    return answer


def _size(progress: Progress, *, links: bool) -> Size:
    """The size of what is handed out: a server may draw another one than it was asked for."""
    wish, (first, *_) = progress.order.wish, progress.images
    return wish.size if links or wish.size != wish.drawn_size else progress.sizes[first.ordinal]


def _usage(usage: Usage) -> dict[str, Any]:
    sent = usage.input_text + usage.input_image
    return {
        "input_tokens": sent,
        "input_tokens_details": {"text_tokens": usage.input_text, "image_tokens": usage.input_image},
        "output_tokens": usage.output,
        "total_tokens": sent + usage.output,
    }


def _model(name: str) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": 0, "owned_by": "synth-avatar-studio"}
