"""What programs may import from the front door: exactly this, and it stays."""

import tomllib
from pathlib import Path

import pytest

import avatar_core

SURFACE = ["find_grid", "load_settings", "open_jobs", "open_studio", "read_people"]


def test_the_front_door_is_sorted_and_exact() -> None:
    assert avatar_core.__all__ == SURFACE == sorted(SURFACE)
    assert dir(avatar_core) == SURFACE


@pytest.mark.parametrize("name", SURFACE)
def test_every_public_name_is_there_and_says_what_it_does(name: str) -> None:
    thing = getattr(avatar_core, name)
    assert callable(thing)
    assert thing.__doc__


def test_a_name_that_is_not_public_is_refused_as_python_does() -> None:
    with pytest.raises(AttributeError, match="no attribute 'secret_door'"):
        _ = avatar_core.secret_door


def test_the_version_is_the_projects() -> None:
    project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8"))
    assert avatar_core.__version__ == project["project"]["version"]
