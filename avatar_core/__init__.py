"""Rows of synthetic people become portrait avatars, nine to a picture, each one without doubt its row's.

The front door for programs::

    from avatar_core import load_settings, open_studio

    studio = open_studio(load_settings())

Importing does nothing: no file, no connection, no environment. The rooms are loaded when they are first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from avatar_core.cut import find_grid as find_grid
    from avatar_core.jobs import open_jobs as open_jobs
    from avatar_core.people import read_people as read_people
    from avatar_core.settings import load_settings as load_settings
    from avatar_core.studio import open_studio as open_studio

_ROOMS = {
    "find_grid": "cut",
    "load_settings": "settings",
    "open_jobs": "jobs",
    "open_studio": "studio",
    "read_people": "people",
}

__all__ = ["find_grid", "load_settings", "open_jobs", "open_studio", "read_people"]

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    if name not in _ROOMS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_ROOMS[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
