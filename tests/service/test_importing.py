"""The service is a door: importing it does nothing, and it stands beside the dashboard without knowing it."""

from __future__ import annotations

from pathlib import Path

from tests.test_arrows import libraries, tree, watched_import

ROOT = Path(__file__).parents[2]


def test_importing_the_service_does_nothing_and_loads_nothing_heavy() -> None:
    heavy = {"starlette", "uvicorn", "sqlalchemy", "dbos", "openai", "streamlit", "pydantic"}
    assert not watched_import("image_service") & heavy
    modules = [f"image_service.{file.stem}" for file in (ROOT / "image_service").glob("*.py")]
    assert not watched_import(*(name for name in modules if "__" not in name)) & {"streamlit", "dashboard"}


def test_the_service_speaks_to_the_product_and_not_past_it() -> None:
    past = {"dashboard", "streamlit", "sqlalchemy", "dbos", "openai", "fsspec", "alembic", "PIL"}
    for file in (ROOT / "image_service").glob("*.py"):
        assert not libraries(tree(file)) & past, file
