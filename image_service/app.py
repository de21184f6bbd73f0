"""The application: routes, what is opened at its start and closed at its end, and how errors become answers."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import anyio.to_thread
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from avatar_core.errors import AvatarError
from avatar_core.jobs import Jobs, open_jobs
from avatar_core.pictures import Pictures
from avatar_core.settings import Settings
from avatar_core.studio import open_studio
from image_service import contract, dialect
from image_service.answers import INVALID, NO_METHOD, NO_PLACE, Refusal, error_response, told
from image_service.audit import Audit
from image_service.cache import Cache
from image_service.guard import LOCAL, Guard
from image_service.links import open_links
from image_service.openapi import document
from image_service.service import OPENING, THREADS, Service, service_of
from image_service.tokens import Tokens
from image_service.waiting import Watcher


def make_app(settings: Settings) -> Starlette:
    """Put the service together; nothing is opened before it starts."""
    folder = settings.avatar_data_dir.absolute()
    audit = Audit(folder / "audit", prompts=settings.avatar_service_audit_prompts)
    service = Service(settings, Tokens(tokens_file(settings)), audit)
    app = Starlette(
        routes=[
            Route("/health", contract.health),
            Route("/generate", contract.generate, methods=["POST"]),
            Route("/images", contract.images),
            Route("/images/{image}", contract.image, methods=["GET", "DELETE"]),
            Route("/jobs/{job}", contract.job),
            Route("/openapi.json", document),
            Route("/v1/images/generations", dialect.generations, methods=["POST"]),
            Route("/v1/images/edits", dialect.edits, methods=["POST"]),
            Route("/v1/models", dialect.models),
            Route("/v1/models/{model:path}", dialect.model),
        ],
        lifespan=_life,
        exception_handlers={AvatarError: _refused, Refusal: _refused, HTTPException: _unknown},
        middleware=[Middleware(Guard, hosts=hosts(settings), audit=audit)],
    )
    app.router.redirect_slashes = False  # a path that is nearly one of ours is none
    app.state.service = service
    return app


def tokens_file(settings: Settings) -> Path:
    """Where the tokens are kept."""
    return settings.avatar_service_tokens_file or settings.avatar_data_dir.absolute() / "service-tokens.json"


def hosts(settings: Settings) -> frozenset[str]:
    """The names by which the service may be called."""
    further = (settings.avatar_service_hosts or "").split(",")
    return frozenset((*LOCAL, *(each.strip().lower() for each in further if each.strip())))


@asynccontextmanager
async def _life(app: Starlette) -> AsyncIterator[None]:
    """Open store and engine; at the end, let what is running finish and close them."""
    service: Service = app.state.service
    service.audit.open()
    logging.getLogger("python_multipart").setLevel(logging.ERROR)  # it warns of every form that is none
    service.guarded = bool(service.tokens.all())
    service.links = await anyio.to_thread.run_sync(open_links, service.settings.avatar_data_dir.absolute())
    jobs = await anyio.to_thread.run_sync(_open, service.settings)
    try:
        service.pictures = await anyio.to_thread.run_sync(Pictures, jobs)
        await anyio.to_thread.run_sync(service.pictures.warm)
        service.threads = anyio.CapacityLimiter(THREADS)
        service.opening = anyio.CapacityLimiter(OPENING)
        service.small = Cache()
        service.watcher = Watcher(service.pictures)
        jobs.listen(service.watcher.ring)
        yield
        await service.watcher.close()
    finally:
        left = 0 if service.drained else service.settings.avatar_service_drain
        await anyio.to_thread.run_sync(_close, jobs, left)
        service.audit.close()


def _open(settings: Settings) -> Jobs:
    studio = open_studio(settings)
    try:
        return open_jobs(studio)
    except BaseException:
        studio.close()
        raise


def _close(jobs: Jobs, seconds: int) -> None:
    jobs.close(seconds=seconds)
    jobs.studio.close()


async def _refused(request: Request, error: Exception) -> Response:
    return error_response(told(error, service_of(request).secrets), openai=_in_openai(request))


async def _unknown(request: Request, error: Exception) -> Response:
    """No such place or method: Starlette says so before any handler of ours."""
    status = error.status_code if isinstance(error, HTTPException) else 404
    problem = {405: NO_METHOD, 400: INVALID}.get(status, NO_PLACE)
    said = {405: "This method is not allowed here", 400: "The request cannot be read"}
    refusal = Refusal(problem, said.get(status, "There is nothing here"))
    response = error_response(told(refusal, ()), openai=_in_openai(request))
    for name, value in (getattr(error, "headers", None) or {}).items():
        response.headers[name] = value
    return response


def _in_openai(request: Request) -> bool:
    return request.url.path.startswith("/v1/")
