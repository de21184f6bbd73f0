"""The image service: programs get pictures, and the key stays here.

A door: it translates HTTP into orders of :mod:`avatar_core.pictures` and back, and holds no rule about pictures.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.applications import Starlette

    from avatar_core.settings import Settings

__all__ = ["create_app"]


def create_app(settings: Settings) -> Starlette:
    """The service as an ASGI application. It opens its store and engine when it is started, and closes them at its end."""
    from image_service.app import make_app

    return make_app(settings)
