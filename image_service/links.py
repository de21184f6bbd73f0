"""Links that need no token: good for one picture and one hour, for whoever has them, as OpenAI's are.

What makes them is a secret in the data folder, which all processes on that folder share.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
import tempfile
from collections.abc import Sequence
from pathlib import Path

from filelock import FileLock

from avatar_core.errors import disk_error

SECONDS = 3600
"""For which a link is good."""

FILE = "link-secret"

_SECRET = re.compile(r"[0-9a-f]{64}")
_MOMENT = re.compile(r"[1-9][0-9]{0,11}")
_SIGNATURE = re.compile(r"[0-9a-f]{64}")


class Links:
    """Makes links, and knows its own. Moments are seconds since 1970."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def query(self, image_id: str, now: float) -> str:
        """What is added to an image's address, so that it can be read for an hour without a token."""
        expires = str(int(now) + SECONDS)
        return f"expires={expires}&signature={self._signature(image_id, expires)}"

    def open(self, image_id: str, expires: Sequence[str], signature: Sequence[str], now: float) -> bool:
        """Whether what a query says is a link of ours to this image that is still good.

        A part that stands there twice makes it none: which of them is meant?
        """
        if len(expires) != 1 or len(signature) != 1:
            return False
        if not _MOMENT.fullmatch(expires[0]) or not _SIGNATURE.fullmatch(signature[0]):
            return False
        ours = hmac.compare_digest(self._signature(image_id, expires[0]), signature[0])
        return ours and now < int(expires[0])

    def _signature(self, image_id: str, expires: str) -> str:
        text = f"read image {image_id} until {expires}"
        return hmac.new(self._secret, text.encode(), hashlib.sha256).hexdigest()


def open_links(folder: Path) -> Links:
    """The links of a data folder; the first process on it makes their secret.

    Raises:
        StoreError: it can be neither read nor kept.
    """
    file = folder / FILE
    try:
        with FileLock(folder / f"{FILE}.lock", timeout=10):
            kept = file.read_text(encoding="utf-8", errors="replace").strip() if file.exists() else ""
            if not _SECRET.fullmatch(kept):
                kept = secrets.token_hex(32)
                _write(file, kept)
    except OSError as error:
        raise disk_error(error, "The secret of links") from None
    return Links(bytes.fromhex(kept))


def _write(file: Path, text: str) -> None:
    """Write the file, whole or not at all, for its owner alone."""
    handle, temporary = tempfile.mkstemp(dir=file.parent, prefix=".link-")  # mode 0600
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            out.write(text + "\n")
        Path(temporary).replace(file)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
