"""The web server: uvicorn, at rest once it has started."""

from __future__ import annotations

import gc
import socket

import uvicorn


class Server(uvicorn.Server):
    """Uvicorn that sets apart what was loaded until it serves.

    Python looks through all that is alive every few hundred requests. The hundreds of thousands of things that the
    libraries made stay until the end, and looking through them held up everybody for a tenth of a second.
    """

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then set apart what is here."""
        await super().startup(sockets)
        gc.collect()
        gc.freeze()
