"""Write the pages that follow from the code: command line, settings and image service. `--check` only compares."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import Any

import click
from pydantic_core import PydanticUndefined

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from avatar_core.cli import main  # noqa: E402
from avatar_core.cli.ending import INTERRUPTED, TERMINATED  # noqa: E402
from avatar_core.settings import Settings  # noqa: E402
from scripts.rest_page import rest_page  # noqa: E402

NOTE = "<!-- Written by scripts/write_docs.py from the code. Change the code, then run that. -->\n"

EXIT_CODES = f"""\
| Code | What it means |
| --- | --- |
| 0 | Everything was done; every row has its avatar. |
| 1 | A fault of the program. `python -X dev -m avatar_core …` shows where. |
| 2 | The input or a setting cannot be used. Nothing was spent. |
| 3 | Rows were refused, or people have no avatar; each is named. The others are saved. |
| 4 | The model or the key failed. What arrived is saved; the same command brings the rest. |
| 5 | The disk or the database failed. |
| {INTERRUPTED}, {TERMINATED} | Stopped by Ctrl+C, or by SIGTERM. The same command goes on where it was. |
"""


def cli_page() -> str:
    """Every command with its help, as a terminal shows it."""
    parts = [
        NOTE,
        "# The command line\n",
        (
            "`python -m avatar_core COMMAND`, with the Python of the project's virtual environment: `.venv/bin/python` "
            "after `make run`.\n"
        ),
        (
            "What a program reads goes to standard output; progress, warnings and errors go to standard error. With "
            "`--json`, standard output is exactly one JSON document, also when the command fails: then it is an object "
            "with `error`, a name that stays, and `message`, a sentence for people.\n"
        ),
        "## Exit codes\n",
        EXIT_CODES,
    ]
    with main.make_context("python -m avatar_core", [], resilient_parsing=True) as context:
        for name in main.list_commands(context):
            command = main.commands[name]
            with command.make_context(name, [], context, resilient_parsing=True) as inner:
                parts += _help(f"## {name}", command, inner)
                for part in command.list_commands(inner) if isinstance(command, click.Group) else ():
                    within = command.get_command(inner, part)
                    assert within is not None
                    with within.make_context(part, [], inner, resilient_parsing=True) as innermost:
                        parts += _help(f"### {name} {part}", within, innermost)
    return "\n".join(parts)


def _help(heading: str, command: click.Command, context: click.Context) -> list[str]:
    context.terminal_width = context.max_content_width = 88
    return [f"{heading}\n", f"```text\n{command.get_help(context).strip()}\n```\n"]


def settings_page() -> str:
    """Every setting with what it is for, what it is without a word, and what it may be."""
    rows = []
    for name, field in Settings.model_fields.items():
        about = (field.description or "").replace("|", "\\|")
        rows.append(f"| `{name.upper()}` | {about} | {_default(field.default)} | {_limits(field.metadata)} |")
    return "\n".join(
        [
            NOTE,
            "# Settings\n",
            (
                "All are optional. They come from the environment, else from a file of the same name, in small letters, in "
                "`/run/secrets`, else from the file `.env` in the current folder (copy `.env.example`), else they are as "
                "listed. An empty value counts as not set. A setting that cannot be used is named, and nothing starts.\n"
            ),
            "| Variable | What it is for | Default | Allowed |",
            "| --- | --- | --- | --- |",
            *rows,
            "\n`python -m avatar_core doctor` shows what came of them. The key itself is never shown, stored or logged.\n",
        ]
    )


def _default(value: Any) -> str:
    if value is None or value is PydanticUndefined:
        return "not set"
    return f"`{value:g}`" if isinstance(value, float) else f"`{value}`"


def _limits(metadata: list[Any]) -> str:
    """The bounds of a number, such as 1 to 10."""
    bounds = {
        name: getattr(each, name) for each in metadata for name in ("ge", "gt", "le") if hasattr(each, name)
    }
    low = str(bounds.get("ge", f"more than {bounds['gt']}" if "gt" in bounds else ""))
    if "le" in bounds:
        return f"{low} to {bounds['le']}" if "ge" in bounds else f"{low}, up to {bounds['le']}"
    return f"{low} or more" if low else ""


PAGES = {
    "docs/cli.md": cli_page,
    "docs/settings.md": settings_page,
    "docs/rest.md": lambda: NOTE + "\n" + rest_page(),
}


def run(*, check: bool) -> int:
    """Write the pages, or name those that are not as the code has them."""
    for name in ("COLUMNS", "LINES"):
        os.environ.pop(name, None)
    stale = []
    for name, write in PAGES.items():
        page = re.sub(r"[ \t]+$", "", write(), flags=re.MULTILINE)
        path = ROOT / name
        if check:
            if not path.exists() or path.read_text(encoding="utf-8") != page:
                stale.append(name)
        else:
            path.write_text(page, encoding="utf-8")
    if stale:
        print(f"Out of date: {', '.join(stale)}. Run: python scripts/write_docs.py")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(run(check="--check" in sys.argv[1:]))
