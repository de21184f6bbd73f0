"""A catalog on each kind of database."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from avatar_core.store import Catalog
from avatar_core.store.database import open_database
from tests.postgres import Postgres
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


@pytest.fixture(scope="session")
def _sqlite_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("model") / "catalog.sqlite"
    open_database(f"sqlite:///{file}").dispose()
    return file


@pytest.fixture(scope="session")
def _postgres_model(_postgres: Postgres) -> str:
    url = _postgres.database()
    open_database(url).dispose()
    return url.rpartition("/")[2]


@pytest.fixture(params=["sqlite", "postgresql"])
def migrated_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A new database of each kind with all its tables: a copy of one that was migrated once."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("_sqlite_model"), tmp_path / "catalog.sqlite")
        return f"sqlite:///{tmp_path / 'catalog.sqlite'}"
    postgres: Postgres = request.getfixturevalue("postgres")
    return postgres.database(like=request.getfixturevalue("_postgres_model"))


@pytest.fixture
def catalog(migrated_url: str, clock: Clock) -> Iterator[Catalog]:
    catalog = Catalog(open_database(migrated_url), clock)
    yield catalog
    catalog.close()
