"""The demo model for tests that look at what becomes of a picture: it draws the same one once."""

from __future__ import annotations

import functools

from avatar_core.models.catalog import open_catalog
from avatar_core.models.demo import DemoModel
from avatar_core.types import ModelFacts, Painting, PaintRequest


class KeptDrawings:
    """The real demo model, whose pictures follow from the request alone, so that each is drawn once to a process."""

    @property
    def facts(self) -> ModelFacts:
        return _model().facts

    def paint(self, request: PaintRequest) -> Painting:
        return _drawn(request)


@functools.cache
def _model() -> DemoModel:
    return DemoModel(open_catalog().find("demo"))


@functools.lru_cache(maxsize=32)
def _drawn(request: PaintRequest) -> Painting:
    return _model().paint(request)
