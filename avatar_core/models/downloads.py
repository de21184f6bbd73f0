"""Fetching a picture by the link that some servers answer with.

The link comes from outside, so it is followed with care: few redirects, a limit of size and time, and only to
public addresses, unless the server itself stands on a private one. The link is never stored, as it expires.
"""

from __future__ import annotations

import ipaddress
import socket
import time
import urllib.request
from dataclasses import dataclass, field
from typing import Any

import httpx2

from avatar_core.errors import AnswerUnusable

MAX_BYTES = 64 * 1024 * 1024


def unusable(what: str) -> AnswerUnusable:
    """The error for an answer that was paid for and is no picture."""
    return AnswerUnusable(
        f"{what}; it may have been billed. Check that the model draws pictures, then generate again."
    )


@dataclass(frozen=True)
class Source:
    """The server that gave the link: what it may point to, and the only one to which its key is sent."""

    base_url: str
    key: str = field(repr=False)
    max_bytes: int = MAX_BYTES
    max_seconds: float = 30.0
    max_redirects: int = 3

    def download(self, link: str) -> bytes:
        """The bytes behind a link.

        Raises:
            AnswerUnusable: they cannot be had; the message never repeats the link, which may hold a token.
        """
        deadline = time.monotonic() + self.max_seconds
        try:
            try:
                return self._follow(link, deadline)
            except httpx2.TransportError:
                # The picture is paid for, and asking for it once more costs nothing.
                return self._follow(link, deadline)
        except httpx2.TransportError as error:
            why = type(error).__name__
        except (httpx2.InvalidURL, UnicodeError, ValueError):
            why = "its address is broken"
        raise unusable(f"The server sent a link to a picture that cannot be downloaded ({why})")

    def _follow(self, link: str, deadline: float) -> bytes:
        url = httpx2.URL(link)
        for _ in range(self.max_redirects + 1):
            answer = self._get(url, deadline)
            if isinstance(answer, bytes):
                return answer
            url = answer
        raise unusable("The server sent a link to a picture that redirects too often")

    def _get(self, url: httpx2.URL, deadline: float) -> bytes | httpx2.URL:
        """The bytes, or the address to which the server redirects."""
        if url.scheme not in ("http", "https") or not url.host:
            raise unusable("The server sent a link to a picture that is no web address")
        failure: httpx2.TransportError | None = None
        for address in self._addresses(url):
            try:
                return self._get_at(address, url, deadline)
            except (httpx2.ConnectError, httpx2.ConnectTimeout) as error:
                failure = error
        raise failure or httpx2.ConnectError("no address")

    def _addresses(self, url: httpx2.URL) -> list[str]:
        """Where to connect: the very addresses that were checked, so that a name cannot change in between."""
        if _proxied(url):
            return [url.host]  # names are resolved, and private ones refused, by the proxy of this network
        addresses = _resolve(url)
        allowed = {"public"} | {_neighbourhood(each) for each in _resolve(httpx2.URL(self.base_url))}
        if not {_neighbourhood(each) for each in addresses} <= allowed - {"nowhere"}:
            raise unusable("The server sent a link to a picture on a private network, which is not followed")
        return addresses

    def _get_at(self, address: str, url: httpx2.URL, deadline: float) -> bytes | httpx2.URL:
        headers = {"host": url.netloc.decode("ascii"), "accept": "image/*"}
        if _origin(url) == _origin(httpx2.URL(self.base_url)) and self.key:
            headers["authorization"] = f"Bearer {self.key}"
        extensions: dict[str, Any] = {"sni_hostname": url.host} if url.scheme == "https" else {}
        left = max(0.1, deadline - time.monotonic())
        with (
            httpx2.Client(timeout=left, trust_env=_proxied(url)) as client,
            client.stream(
                "GET", url.copy_with(host=address), headers=headers, extensions=extensions
            ) as response,
        ):
            if response.is_redirect and "location" in response.headers:
                return url.join(response.headers["location"])
            if response.status_code != 200:
                raise unusable(
                    "The server sent a link to a picture that cannot be downloaded "
                    f"(HTTP {response.status_code})"
                )
            data = bytearray()
            for piece in response.iter_bytes():
                data += piece
                if len(data) > self.max_bytes:
                    raise unusable(f"The server sent a picture of more than {self.max_bytes // 2**20} MB")
                if time.monotonic() > deadline:
                    raise unusable(
                        "The server sent a link to a picture whose download took "
                        f"more than {self.max_seconds:g} seconds"
                    )
            return bytes(data)


def _proxied(url: httpx2.URL) -> bool:
    proxies = urllib.request.getproxies()
    return (url.scheme in proxies or "all" in proxies) and not urllib.request.proxy_bypass(url.host)


def _resolve(url: httpx2.URL) -> list[str]:
    try:
        found = socket.getaddrinfo(url.host, url.port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise httpx2.ConnectError("the name is unknown") from error
    return list(dict.fromkeys(str(each[4][0]).partition("%")[0] for each in found))


def _neighbourhood(address: str) -> str:
    ip = ipaddress.ip_address(address)
    ip = getattr(ip, "ipv4_mapped", None) or ip
    if ip.is_loopback:
        return "loopback"
    if ip.is_unspecified or ip.is_multicast or ip.is_reserved:
        return "nowhere"
    if ip.is_link_local:
        return "link-local"
    return "public" if ip.is_global else "private"


def _origin(url: httpx2.URL) -> tuple[str, str, int]:
    return url.scheme, url.host, url.port or {"http": 80, "https": 443}.get(url.scheme, 0)
