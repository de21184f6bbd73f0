"""Drafts: what somebody is still typing, kept as a small note under a random id until it becomes a run."""

from __future__ import annotations

import re
import uuid

from avatar_core.errors import StoreError
from avatar_core.store.blobs import Blobs

MAX_BYTES = 4_000_000

KEEP_DAYS = 30
"""Drafts that nobody has written for so long are forgotten when a new one begins."""

PREFIX = "draft-"

_ID = re.compile(r"[0-9a-f]{32}")


class Drafts:
    """The drafts beside one place for blobs. What they hold is the business of whoever writes them."""

    def __init__(self, blobs: Blobs) -> None:
        self._blobs = blobs

    def keep(self, data: bytes, draft: str = "") -> str:
        """Keep a draft in place of the one with this id, or under a new id if it is none; the id is returned.

        Raises:
            StoreError: it is too large, or the place for pictures cannot be written.
        """
        if len(data) > MAX_BYTES:
            raise StoreError(f"More than {MAX_BYTES // 1_000_000} MB are not kept. Save the table as CSV.")
        if not _ID.fullmatch(draft):
            draft = uuid.uuid4().hex
            self._blobs.forget_notes(PREFIX, KEEP_DAYS)
        self._blobs.write_note(_name(draft), data)
        return draft

    def find(self, draft: str) -> bytes | None:
        """What a draft holds; None if there is none of that id."""
        return self._blobs.read_note(_name(draft)) if _ID.fullmatch(draft) else None


def _name(draft: str) -> str:
    return f"{PREFIX}{draft}"
