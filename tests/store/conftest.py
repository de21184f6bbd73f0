"""A catalog on each kind of database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from avatar_core.store import Catalog
from avatar_core.store.database import open_database
from tests.toys import NOON


class Clock:
    """A clock that a test winds by hand; it ticks a second at each look."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def catalog(database_url: str, clock: Clock) -> Iterator[Catalog]:
    catalog = Catalog(open_database(database_url), clock)
    yield catalog
    catalog.close()
