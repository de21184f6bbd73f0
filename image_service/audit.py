"""The audit log: one line of JSON for each request, in a file that is only added to, and that rotates."""

from __future__ import annotations

import hashlib
import json
import logging
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

from avatar_core.errors import disk_error

MOST_BYTES = 20_000_000
"""Of one file; ten older ones are kept."""


class Audit:
    """The log of one service: who asked for what, when, how it ended and what it cost."""

    def __init__(self, folder: Path, *, prompts: bool) -> None:
        """Say where the log is to be; nothing is made before :meth:`open`.

        Args:
            folder: where it lies.
            prompts: whether lines hold whole prompts, and not only their hash.
        """
        self._folder = folder
        self._prompts = prompts
        self._handler = RotatingFileHandler(
            folder / "requests.jsonl", maxBytes=MOST_BYTES, backupCount=10, encoding="utf-8", delay=True
        )
        self._handler.setFormatter(logging.Formatter("%(message)s"))

    def open(self) -> None:
        """Make the folder.

        Raises:
            StoreError: it cannot be made.
        """
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise disk_error(error, "The folder of the audit log") from None

    def write(self, entry: dict[str, Any]) -> None:
        """Add a line. What is under ``prompt`` becomes a hash, unless whole prompts are wanted."""
        prompt = entry.pop("prompt", None)
        line = {"at": datetime.now(UTC).isoformat(timespec="milliseconds"), **entry}
        if isinstance(prompt, str):
            line["prompt_sha256"] = hashlib.sha256(prompt.encode("utf-8", "replace")).hexdigest()
            if self._prompts:
                line["prompt"] = prompt
        text = json.dumps(line, ensure_ascii=True)
        self._handler.handle(logging.LogRecord("audit", logging.INFO, "", 0, text, None, None))

    def close(self) -> None:
        """Close the file."""
        self._handler.close()
