"""Fetching a picture by the link that some servers answer with.

The link comes from outside, so it is followed with care: few redirects, a limit of size and time, and only to
public addresses, unless the server itself stands on a private one. The link is never stored, as it expires.
"""

from __future__ import annotations

import ipaddress
import socket
import time
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx2

from avatar_core.errors import AnswerUnusable

MAX_BYTES = 64 * 1024 * 1024

#: IPv4 addresses as networks that speak only IPv6 write them (NAT64).
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")


def unusable(what: str, data: bytes = b"") -> AnswerUnusable:
    """The error for an answer that was paid for and is no picture; ``data`` is what came instead."""
    error = AnswerUnusable(
        f"{what}; it may have been billed. Check that the model draws pictures, then generate again."
    )
    error.data = data[:MAX_BYTES]
    return error


@dataclass(frozen=True)
class Source:
    """The server that gave the link: what it may point to, and the only one to which its key is sent."""

    base_url: str
    #: What shows the key to that server.
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
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
        url = httpx2.URL(self.base_url).join(link)  # some servers answer with a path of their own
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
        proxied = _proxied(url)
        if proxied and not _numeric(url.host):
            return [url.host]  # names are resolved, and private ones refused, by the proxy of this network
        addresses = _resolve(url)
        own = httpx2.URL(self.base_url)
        allowed = {"public"} | {_neighbourhood(each) for each in _resolve(own, numeric=_proxied(own))}
        if not {_neighbourhood(each) for each in addresses} <= allowed - {"nowhere"}:
            raise unusable("The server sent a link to a picture on a private network, which is not followed")
        return [url.host] if proxied else addresses

    def _get_at(self, address: str, url: httpx2.URL, deadline: float) -> bytes | httpx2.URL:
        headers = {
            "host": url.netloc.decode("ascii"),
            "accept": "image/*",
            "accept-encoding": "identity",  # a small answer must not unfold into a large one
        }
        if _origin(url) == _origin(httpx2.URL(self.base_url)):
            headers.update(self.headers)
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
                    size = f"more than {self.max_bytes // 2**20} MB"
                    raise unusable(f"The server sent a picture of {size}", bytes(data[: self.max_bytes]))
                if time.monotonic() > deadline:
                    raise unusable(
                        "The server sent a link to a picture whose download took "
                        f"more than {self.max_seconds:g} seconds",
                        bytes(data),
                    )
            return bytes(data)


def _proxied(url: httpx2.URL) -> bool:
    proxies = urllib.request.getproxies()
    return (url.scheme in proxies or "all" in proxies) and not urllib.request.proxy_bypass(url.host)


def _numeric(host: str) -> bool:
    """Whether a host is an address in any notation that the system reads, such as 127.1, or this machine's name."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        socket.getaddrinfo(host, None, flags=socket.AI_NUMERICHOST)
    except OSError:
        return False
    return True


def _resolve(url: httpx2.URL, *, numeric: bool = False) -> list[str]:
    """The addresses of a host; with ``numeric`` only if it is one, because names are the proxy's to resolve."""
    flags = socket.AI_NUMERICHOST if numeric else 0
    try:
        found = socket.getaddrinfo(url.host, url.port, type=socket.SOCK_STREAM, flags=flags)
    except OSError as error:
        if numeric:
            return []
        raise httpx2.ConnectError("the name is unknown") from error
    return list(dict.fromkeys(str(each[4][0]).partition("%")[0] for each in found))


def _neighbourhood(address: str) -> str:
    """Where an address leads: loopback, link-local, private, public, or nowhere that a picture could be."""
    ip = _within(ipaddress.ip_address(address))
    if ip.is_loopback:
        return "loopback"
    if ip.is_unspecified or ip.is_multicast or ip.is_reserved:
        return "nowhere"
    if ip.is_link_local:
        return "link-local"
    return "public" if ip.is_global else "private"


def _within(
    ip: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """The IPv4 address that an IPv6 address stands for, as it is mapped, tunnelled or translated; else itself."""
    if isinstance(ip, ipaddress.IPv4Address):
        return ip
    if ip in _TRANSLATED:
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or ip


def _origin(url: httpx2.URL) -> tuple[str, str, int]:
    return url.scheme, url.host, url.port or {"http": 80, "https": 443}.get(url.scheme, 0)
