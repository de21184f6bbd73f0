"""Pages that are written from the code are as the code has them."""

import subprocess
import sys

from avatar_core.cli import main
from avatar_core.settings import Settings
from image_service.openapi import describe
from scripts.rest_page import ADVICE
from tests.command_line import ROOT, environment


def test_the_written_pages_are_up_to_date() -> None:
    said = subprocess.run(
        [sys.executable, ROOT / "scripts" / "write_docs.py", "--check"],
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 0, said.stdout + said.stderr


def test_the_pages_leave_no_command_and_no_setting_out() -> None:
    cli = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    settings = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    assert [line for line in cli.splitlines() if line.startswith("## ")] == [
        "## Exit codes",
        *(f"## {name}" for name in sorted(main.commands)),
    ]
    assert all(f"| `{name.upper()}` |" in settings for name in Settings.model_fields)


def test_the_page_of_the_service_leaves_no_call_no_field_and_no_code_out() -> None:
    page = (ROOT / "docs" / "rest.md").read_text(encoding="utf-8")
    described = describe()
    schemas = described["components"]["schemas"]
    for path, calls in described["paths"].items():
        for method in calls:
            assert f"| `{method.upper()} {path}` |" in page
    for body in {"Order", "ImagesRequest", "EditsRequest"} & set(schemas):
        assert all(f"| `{field}` |" in page for field in schemas[body]["properties"])
    codes = schemas["Error"]["properties"]["code"]["enum"]
    assert set(codes) == set(ADVICE)
    assert all(f"| `{code}` |" in page for code in codes)
