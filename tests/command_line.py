"""The command line as a stranger uses it: in a folder of its own, of which the outside is seen.

:func:`call` runs a command in this process, which is quick; :func:`run` in another one, for what only shows there.
"""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import CliRunner

ROOT = Path(__file__).parents[1]
SMALL = ("--size", "384x384")
"""The smallest picture that the demo model draws."""

Row = dict[str, str]


@dataclass(frozen=True)
class Answer:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output, which must be one JSON document and nothing else."""
        return json.loads(self.out)


def environment(**more: str) -> dict[str, str]:
    """What a process is given: nothing of the developer's but the way to the program."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "SYSTEMROOT", "TMPDIR") if name in os.environ}
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", **more}


def command(*words: object) -> list[str]:
    return [sys.executable, "-W", "error", "-m", "avatar_core", *map(str, words)]


def run(*words: object, **variables: str) -> Answer:
    """Run a command in another process, in the current folder."""
    done = subprocess.run(
        command(*words),
        env=environment(**variables),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=110,
        check=False,
    )
    return Answer(done.returncode, done.stdout, done.stderr)


def call(*words: object, **variables: str) -> Answer:
    """Run a command in this process, in the current folder."""
    from avatar_core.cli import main

    done = CliRunner().invoke(main, list(map(str, words)), env=variables)
    return Answer(done.exit_code, done.stdout, done.stderr)


def people(count: int, **changed: str) -> list[Row]:
    """Rows of people who are all different."""
    kinds = ["white", "pardo", "black", "asian", "indigenous"]
    return [
        {
            "id": f"p{n:02d}",
            "age": str(20 + n),
            "gender": ("man", "woman")[n % 2],
            "ethnicity": kinds[n % 5],
            "occupation": ("nurse", "teacher", "cook")[n % 3],
            **changed,
        }
        for n in range(count)
    ]


def write_csv(name: str, rows: Sequence[Row], delimiter: str = ",") -> Path:
    path = Path(name)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
    return path


def manifest(folder: str | Path) -> list[Row]:
    text = (Path(folder) / "manifest.csv").read_text(encoding="utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))
