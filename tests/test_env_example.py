""".env.example: every setting with a line that explains it, and no value that anybody would take over by mistake."""

import itertools
import re
from pathlib import Path

from avatar_core.settings import Settings

LINES = (Path(__file__).parents[1] / ".env.example").read_text(encoding="utf-8").splitlines()


def test_every_setting_is_there_once_and_no_other() -> None:
    named = [line.partition("=")[0] for line in LINES if re.match(r"[A-Z_]+=", line)]
    assert sorted(named) == sorted(field.upper() for field in Settings.model_fields)


def test_every_setting_is_explained_in_the_line_above() -> None:
    for above, line in itertools.pairwise(LINES):
        if re.match(r"[A-Z_]+=", line):
            assert above.startswith("# ")
            assert len(above) > 20


def test_the_example_sets_nothing() -> None:
    assert all(line.startswith("#") or not line or line.endswith("=") for line in LINES)
