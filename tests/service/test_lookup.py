"""With ten thousand stored pictures, finding one is still one read by an index, on either kind of database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from avatar_core.store import Catalog
from avatar_core.store.database import open_database
from avatar_core.store.images import find_query
from tests.service.stored import enter_images

COUNT = 10_000


@pytest.fixture
def engine(database_url: str) -> Iterator[sa.Engine]:
    engine = open_database(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def ids(engine: sa.Engine) -> list[str]:
    """Fill the catalog with orders of one image each."""
    names = enter_images(engine, COUNT)
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(sa.text("ANALYZE"))
    return names


def plan_of(engine: sa.Engine, query: sa.Select[*tuple[object, ...]]) -> str:
    explain = "EXPLAIN QUERY PLAN " if engine.dialect.name == "sqlite" else "EXPLAIN "
    text = str(query.compile(engine, compile_kwargs={"literal_binds": True}))
    with engine.connect() as connection:
        return "\n".join(
            str(tuple(row)) for row in connection.exec_driver_sql(explain + text.replace("%", "%%"))
        )


def test_a_lookup_is_one_read_by_an_index_and_a_page_goes_on_where_the_last_ended(
    engine: sa.Engine, ids: list[str]
) -> None:
    asked: list[str] = []
    catalog = Catalog(engine)
    sa.event.listen(engine, "before_cursor_execute", lambda *event: asked.append(event[2]))
    found = catalog.images.find(ids[777])
    assert found is not None
    assert found.id == ids[777]
    assert len([each for each in asked if "SELECT" in each]) == 1
    plan = plan_of(engine, find_query(ids[777]))
    assert "SCAN" not in plan.replace("Index Scan", "")
    assert "Seq Scan" not in plan

    images = catalog.images
    before, seen = None, []
    while page := images.page(3000, before=before):
        seen += [image.id for image in page]
        before = (page[-1].created, page[-1].id)
    assert seen == sorted(ids, reverse=True)
    assert images.count() == COUNT
