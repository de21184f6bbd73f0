"""What the handlers of one running service share: its pictures, who may ask for them, and its log."""

from __future__ import annotations

import asyncio
import re
import time
from dataclasses import dataclass, field

import anyio
from starlette.requests import Request

from avatar_core.allowance import Customer
from avatar_core.errors import ImageUnknown, OrderUnknown, SettingsBroken
from avatar_core.pictures import MOST_KEY, Pictures
from avatar_core.settings import Settings
from image_service.answers import INVALID, NO_SCOPE, NO_TOKEN, Refusal
from image_service.audit import Audit
from image_service.cache import Cache
from image_service.links import Links
from image_service.tokens import Tokens
from image_service.waiting import Watcher

_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")

THREADS = 32
"""Requests that read or write at once; more of them queue here, and nobody's waiting for pictures counts."""

FORMS = 4
"""Forms with pictures that are read at once: each may fill 55 MB of a folder for temporary files."""

OPENING = 2
"""Pictures that are opened at once to be looked at: a large one takes a quarter of a gigabyte."""


@dataclass
class Service:
    """One running service. The last six are there once it has started."""

    settings: Settings
    tokens: Tokens
    audit: Audit
    guarded: bool = False  #: whether a token was ever needed; a file that goes away opens no door
    drained: bool = False  #: whether the time to finish what is running is over
    forms: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(FORMS))
    pictures: Pictures = field(init=False)
    watcher: Watcher = field(init=False)
    threads: anyio.CapacityLimiter = field(init=False)
    opening: anyio.CapacityLimiter = field(init=False)
    small: Cache = field(init=False)
    links: Links = field(init=False)

    @property
    def secrets(self) -> list[str]:
        """What must not stand in any answer."""
        try:
            keys = self.settings.key(), self.settings.azure_key()
        except SettingsBroken:  # the key's file cannot be read: nobody here knows the key
            return []
        return [each for each in keys if each]

    @property
    def open_to_all(self) -> bool:
        """Whether no token is needed, because there never was one."""
        if self.tokens.all():
            self.guarded = True
        return not self.guarded

    def admit(self, request: Request, scope: str) -> Customer:
        """Who asks, if that is allowed. Without any token, everybody on this machine may do everything.

        Raises:
            Refusal: no token, none that is good, or none for this.
        """
        if self.open_to_all:
            return Customer()
        kind, _, secret = request.headers.get("authorization", "").partition(" ")
        token = self.tokens.find(secret.strip()) if kind.lower() == "bearer" else None
        if token is None:
            raise Refusal(
                NO_TOKEN, "A valid access token is required. Send it as: Authorization: Bearer TOKEN"
            )
        request.state.told["token"] = token.name
        if scope not in token.scopes:
            raise Refusal(NO_SCOPE, f"This access token does not allow to {scope}")
        return token.customer

    def admit_reader(self, request: Request) -> Customer:
        """Who asks for an image: whoever has a good link to it, or a token.

        Raises:
            Refusal: neither a link that is good, nor a token.
        """
        query, image = request.query_params, request.path_params["image"].lower()
        parts = query.getlist("expires"), query.getlist("signature")
        if self.open_to_all or not self.links.open(image, *parts, time.time()):
            return self.admit(request, "read")
        request.state.told["link"] = True
        return Customer()

    def link(self, request: Request, image: str) -> str:
        """The whole address of an image; for an hour it needs no token."""
        scheme = request.url.scheme
        if (
            request.headers.get("x-forwarded-proto") == "https"
        ):  # whoever lies about it gets a link that fails
            scheme = "https"
        plain = f"{scheme}://{request.url.netloc}/images/{image}"
        return plain if self.open_to_all else f"{plain}?{self.links.query(image, time.time())}"


def is_id(text: str) -> bool:
    """Whether this is a whole UUID; nothing else names an image or a job."""
    return _UUID.fullmatch(text) is not None


def image_id(request: Request) -> str:
    """The image's id in a path. Only a whole UUID is one.

    Raises:
        ImageUnknown: it is none.
    """
    found = request.path_params["image"]
    if not is_id(found):
        raise ImageUnknown()
    return str(found).lower()


def job_id(request: Request) -> str:
    """The job's id in a path. Only a whole UUID is one.

    Raises:
        OrderUnknown: it is none.
    """
    found = request.path_params["job"]
    if not is_id(found):
        raise OrderUnknown()
    return str(found).lower()


def idempotency_key(request: Request) -> str | None:
    """The program's own name for its order, if it gave one.

    Raises:
        Refusal: it cannot be used.
    """
    key = request.headers.get("idempotency-key")
    if key is None:
        return None
    if not 1 <= len(key) <= MOST_KEY or not key.isascii() or not key.isprintable():
        raise Refusal(
            INVALID,
            f"Invalid Idempotency-Key. Must have 1 to {MOST_KEY} printable ASCII characters",
            field="Idempotency-Key",
        )
    return key


def service_of(request: Request) -> Service:
    """The service that a request came to."""
    found: Service = request.app.state.service
    return found
