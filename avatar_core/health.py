"""How the house stands: settings, storage and versions, as lines to read. Nothing is sent and no key is shown."""

from __future__ import annotations

import platform
from importlib import metadata

from avatar_core import __version__
from avatar_core.settings import Settings
from avatar_core.store import Store

LIBRARIES = ("streamlit", "openai", "dbos", "sqlalchemy", "pillow", "numpy")


def examine(settings: Settings, store: Store) -> dict[str, str]:
    """What is set up, by name, in the order in which it should be read."""
    budget = settings.avatar_daily_budget
    return {
        "Synth Avatar Studio": __version__,
        "API key": "configured" if settings.key_configured else "not configured",
        "Server": settings.server_shown,
        "Model chosen at first": settings.default_model,
        "Requests per minute": str(settings.avatar_requests_per_minute),
        "Daily budget": "none" if budget is None else f"${budget} in any 24 hours",
        "Database": settings.database_shown,
        "Pictures": store.blobs.place,
        "Free space": store.blobs.free_space(),
        "Runs": str(store.catalog.count_runs()),
        "Python": platform.python_version(),
    } | {name: _version(name) for name in LIBRARIES}


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "not installed"
