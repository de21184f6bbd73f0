"""Check that requirements*.txt are in step with pyproject.toml, and that they name nobody's machine. Needs no network."""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]


def pins(text: str) -> dict[str, str]:
    """Name and version of each pinned package."""
    found = re.findall(r"^([A-Za-z0-9._-]+)==(\S+)", text, flags=re.MULTILINE)
    return {canonicalize_name(name): version for name, version in found}


def problems(project: dict[str, object], runtime: str, development: str) -> Iterator[str]:
    """What is wrong, one line each."""
    needed: list[str] = project["dependencies"]  # type: ignore[assignment]
    extras: dict[str, list[str]] = project["optional-dependencies"]  # type: ignore[assignment]
    files = (
        ("requirements.txt", runtime, needed),
        ("requirements-dev.txt", development, needed + extras["dev"]),
    )
    for name, text, wanted in files:
        pinned = pins(text)
        for requirement in map(Requirement, wanted):
            version = pinned.get(canonicalize_name(requirement.name))
            if version is None:
                yield f"{name} lacks {requirement.name}"
            elif not requirement.specifier.contains(version, prereleases=True):
                yield f"{name} has {requirement.name} {version}, but pyproject.toml wants {requirement.specifier}"
        for line in text.splitlines():
            if re.search(
                r"://|--(extra-)?index-url|--find-links|--trusted-host| @ |^[./]", line.partition("#")[0]
            ):
                yield f"{name} names a place: {line.strip()}"
    for package, version in pins(runtime).items():
        if (other := pins(development).get(package)) != version:
            yield f"requirements-dev.txt has {package} {other}, but requirements.txt has {version}"


def main() -> int:
    """Print the problems; exit 1 if there are any."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    texts = [(ROOT / name).read_text() for name in ("requirements.txt", "requirements-dev.txt")]
    found = list(problems(project, *texts))
    for problem in found:
        print(problem)
    print("Run: make pins" if found else "The pins are in step with pyproject.toml.")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
