"""What goes out for every model and quality, as a text that can be read; ``requests.txt`` is that text.

After a change that is meant: ``python -m tests.models.test_requests > tests/models/requests.txt``.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from avatar_core.models.catalog import check_choice, open_catalog
from avatar_core.models.wire import request_fields

TODAY = date(2026, 11, 22)


def text() -> str:
    """A line per model and quality: the fields of a request for the model's first grid size, besides the prompt."""
    catalog = open_catalog()
    spoken = [catalog.find(f"{facts.id}:MODEL") for facts in catalog.dialects()]
    names = ("azure:gpt-image-2", "litellm:gpt-image-2", "legacy:dall-e-2", "legacy:dall-e-3")
    relayed = [catalog.find(name) for name in names]
    lines = []
    for facts in (*catalog.offered(TODAY), *spoken, *relayed):
        if facts.local:
            continue
        for quality in facts.qualities or ("",):
            check_choice(facts, facts.grid_sizes[0], quality)
            fields = {"model": facts.wire_id, **request_fields(facts, facts.grid_sizes[0], quality)}
            lines.append(f"{facts.id} {json.dumps(fields)}")
    return "\n".join(lines) + "\n"


def test_every_request_is_the_one_that_was_written_down() -> None:
    assert text() == (Path(__file__).parent / "requests.txt").read_text(encoding="utf-8")


if __name__ == "__main__":
    print(text(), end="")  # noqa: T201
