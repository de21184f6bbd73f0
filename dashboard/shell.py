"""The HTML page around the dashboard, told where its server is.

On a visit by deep link the page's own script guesses where the server lies: first below the page's address, which
answers 404 and leaves two errors in the browser's console, then at the root. The page is told, so it asks once.
"""

from __future__ import annotations

from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_HINT = b"<head><script>window.__streamlit={BACKEND_BASE_URL:location.origin+%s}</script>"


class Shell:
    """ASGI middleware that writes the server's address into the page; everything else passes untouched."""

    def __init__(self, app: ASGIApp, base_path: str = "") -> None:
        self._app = app
        self._hint = _HINT % repr("/" + base_path.strip("/")).encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or "text/html" not in Headers(scope=scope).get("accept", ""):
            await self._app(scope, receive, send)
            return
        # Plain bytes, since a compressed page could not be written into.
        headers = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
        start: dict[str, Any] = {}
        body = bytearray()

        async def write(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
                if not _is_page(message):
                    await send(message)
            elif not _is_page(start):
                await send(message)
            else:
                body.extend(message.get("body", b""))
                if not message.get("more_body", False):
                    page = bytes(body).replace(b"<head>", self._hint, 1)
                    MutableHeaders(raw=start["headers"])["content-length"] = str(len(page))
                    await send(start)
                    await send({"type": "http.response.body", "body": page})

        await self._app({**scope, "headers": headers}, receive, write)


def _is_page(start: Any) -> bool:
    headers = Headers(raw=start["headers"])
    return start["status"] == 200 and headers.get("content-type", "").startswith("text/html")
