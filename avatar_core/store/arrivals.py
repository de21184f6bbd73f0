"""Pictures that have arrived: their bytes are kept first, with a note that leads back to the run.

The note bridges the moment in which the picture is here and the catalog does not know it yet; with it, neither a power
cut nor a locked database loses a picture that may have been paid.
"""

from __future__ import annotations

import json
from dataclasses import asdict

from avatar_core.store.blobs import Blobs
from avatar_core.types import Painting, Size, Usage


class Arrivals:
    """The notes beside one place for blobs."""

    def __init__(self, blobs: Blobs) -> None:
        self._blobs = blobs

    def keep(self, run_id: str, block: int, painting: Painting) -> str:
        """Keep a picture's bytes, then the note about it, and return the blob's id."""
        blob = self._blobs.put(painting.data)
        self._blobs.write_note(_name(run_id, block), _note(painting, blob))
        return blob

    def waiting(self, run_id: str, block: int) -> bool:
        """Whether a picture of this block is here that the catalog may not know."""
        return self._blobs.read_note(_name(run_id, block)) is not None

    def find(self, run_id: str, block: int) -> tuple[Painting, str] | None:
        """The picture that a note leads to, with its blob's id.

        Raises:
            BlobMissing: the note is there and the picture is not.
        """
        note = self._blobs.read_note(_name(run_id, block))
        if note is None:
            return None
        told = json.loads(note)
        usage = Usage(**told["usage"]) if told["usage"] else None
        painting = Painting(
            **{
                key: told[key]
                for key in ("media_type", "model", "seconds", "sent", "request_id", "revised_prompt")
            },
            data=self._blobs.get(told["blob"]),
            size=Size.parse(told["size"]),
            usage=usage,
        )
        return painting, told["blob"]

    def drop(self, run_id: str, block: int) -> None:
        """Forget the note, once the catalog knows the picture."""
        self._blobs.drop_note(_name(run_id, block))


def _name(run_id: str, block: int) -> str:
    return f"{run_id}-{block}"


def _note(painting: Painting, blob: str) -> bytes:
    return json.dumps(
        {
            "blob": blob,
            "media_type": painting.media_type,
            "size": str(painting.size),
            "model": painting.model,
            "seconds": painting.seconds,
            "sent": painting.sent,
            "request_id": painting.request_id,
            "revised_prompt": painting.revised_prompt,
            "usage": asdict(painting.usage) if painting.usage else None,
        }
    ).encode()
