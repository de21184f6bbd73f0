"""What a server says that it serves: its list of models, which costs nothing to ask for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from avatar_core.models.catalog import open_catalog
from avatar_core.models.server import Server
from avatar_core.settings import Settings
from avatar_core.types import ModelFacts


@dataclass(frozen=True)
class Listing:
    """What a server lists."""

    ids: tuple[str, ...]  #: of everything, whatever it makes
    models: tuple[ModelFacts, ...]  #: of these, what draws pictures and is alive


def served(settings: Settings, *, dialect: str = "", today: date | None = None) -> tuple[ModelFacts, ...]:
    """The image models that the server at OPENAI_BASE_URL lists, see :func:`list_models`."""
    return list_models(settings, dialect=dialect, today=today).models


def list_models(settings: Settings, *, dialect: str = "", today: date | None = None) -> Listing:
    """What the server at OPENAI_BASE_URL lists: all ids, and its living image models with what is known of each.

    Args:
        settings: where the server is.
        dialect: how to speak to models that the catalog does not know; empty: by the server's host.
        today: the date by which models are alive; UTC.

    Raises:
        ModelError: the server refused, or did not answer.
    """
    catalog = open_catalog()
    ends = {model["id"]: _day(model.get("shutdown_date")) for model in Server(settings).models()}
    found = catalog.served(tuple(ends), dialect or catalog.dialect_of(settings.openai_base_url))
    dated = (replace(facts, shutdown=ends[facts.wire_id] or facts.shutdown) for facts in found)
    now = today or datetime.now(UTC).date()
    return Listing(tuple(ends), tuple(facts for facts in dated if not facts.retired(now)))


def _day(text: Any) -> date | None:
    try:
        return date.fromisoformat(text)
    except (TypeError, ValueError):
        return None
