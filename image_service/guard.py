"""Around every request: is it meant for this service, does it come from a page of somebody else, how did it end."""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import time
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from image_service.answers import INVALID, OTHER_HOST, OTHER_ORIGIN, Refusal, error_response, told
from image_service.audit import Audit

log = logging.getLogger(__name__)

LOCAL = ("localhost", "127.0.0.1", "::1")

HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}
"""What an answer carries unless it says otherwise."""

READING = ("GET", "HEAD")

SINGLE = ("authorization", "content-type", "host", "idempotency-key", "origin", "sec-fetch-site")
"""Headers that decide something. Where one stands there twice, two programs could each go by another of them."""


class Ambiguous(Refusal):
    """A request that two programs could take for two different ones; its connection is used no more."""


class Guard:
    """Refuses strangers, adds headers, writes the audit log, and lets no traceback out."""

    def __init__(self, app: ASGIApp, hosts: frozenset[str], audit: Audit) -> None:
        self._app = app
        self._hosts = hosts
        self._audit = audit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = time.monotonic()
        entry: dict[str, Any] = {}
        scope.setdefault("state", {})["told"] = entry
        status = 0

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            try:
                self._check(scope)
                await self._app(scope, receive, answer)
            except ClientDisconnect:
                pass  # nobody is there to be answered
            except asyncio.CancelledError:
                entry["outcome"] = "stopped"  # by us: the service ends
                raise
            except Exception as error:
                if not isinstance(error, Refusal):
                    log.error("unexpected failure", exc_info=error)
                if status:
                    raise  # the answer had begun
                openai = scope["path"].startswith("/v1/")
                response = error_response(told(error, ()), openai=openai)
                if isinstance(error, Ambiguous):
                    response.headers["connection"] = "close"  # who knows where its body ends
                await response(scope, receive, answer)
        finally:
            self._write(scope, entry, status, time.monotonic() - begun)

    def _check(self, scope: Scope) -> None:
        """Raise Refusal for a request that can be read in two ways, was meant for another host, or is another's page's."""
        headers = Headers(scope=scope)
        if "transfer-encoding" in headers and "content-length" in headers:
            raise Ambiguous(INVALID, "The request has a Content-Length and a Transfer-Encoding")
        for name in SINGLE:
            if len(headers.getlist(name)) > 1:
                raise Refusal(INVALID, f"Header {name} is given twice", field=name)
        host = headers.get("host", "")
        if "*" not in self._hosts and name_of(host) not in self._hosts:
            raise Refusal(
                OTHER_HOST,
                "This service is not known by that name. Call it by its own, or ask whoever runs it to allow this one",
            )
        origin = headers.get("origin")
        foreign = origin is not None and _place(origin) != host.lower()
        crossing = foreign or headers.get("sec-fetch-site") in ("cross-site", "same-site")
        if crossing and scope["method"] not in READING:
            raise Refusal(OTHER_ORIGIN, "Pages of other hosts may not use this service")

    def _write(self, scope: Scope, entry: dict[str, Any], status: int, seconds: float) -> None:
        client = scope.get("client")
        self._audit.write(
            {
                "token": None,
                "address": client[0] if client else None,
                "method": scope["method"][:16],
                "path": scope["path"][:200],
                "status": status,
                "outcome": "left" if not status else "ok" if status < 400 else "refused" if status < 500 else "failed",
                "seconds": round(seconds, 4),
                **entry,
            }
        )  # fmt: skip


def _place(origin: str) -> str | None:
    """Host and port of an Origin header; None if it is none, which is not ours then."""
    try:
        return urlsplit(origin).netloc.lower() or None
    except ValueError:
        return None


def name_of(host: str) -> str:
    """A Host header without its port: empty if it is none.

    >>> name_of("Localhost:5000"), name_of("[::1]:5000"), name_of("evil.example@localhost")
    ('localhost', '::1', '')
    """
    try:
        parsed = urlsplit(f"//{host}")
        _ = parsed.port
    except ValueError:
        return ""
    if parsed.username is not None or parsed.path or parsed.query or parsed.fragment:
        return ""
    return (parsed.hostname or "").rstrip(".")


def is_loopback(address: str) -> bool:
    """Whether only this machine reaches an address.

    >>> is_loopback("127.0.0.2"), is_loopback("localhost"), is_loopback("0.0.0.0"), is_loopback("example.org")
    (True, True, False, False)
    """
    try:
        return ipaddress.ip_address(address.strip("[]")).is_loopback
    except ValueError:
        return address == "localhost"
