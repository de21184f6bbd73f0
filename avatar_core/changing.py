"""Changing: the files that a program sends to have a picture changed, looked at before anything is kept or sent."""

from __future__ import annotations

from dataclasses import dataclass

from avatar_core.errors import PictureUnreadable, WishIllegal
from avatar_core.models.edits import check_mask, size_to_change
from avatar_core.store import Blobs
from avatar_core.types import Change


@dataclass(frozen=True, slots=True)
class Sources:
    """What is to be changed."""

    picture: bytes  #: PNG, JPEG or WebP
    mask: bytes | None = None  #: a PNG of the same size, transparent where it is to be drawn anew

    @property
    def files(self) -> tuple[bytes, ...]:
        """What there is of them."""
        return (self.picture,) if self.mask is None else (self.picture, self.mask)


def examine(sources: Sources) -> Change:
    """What is to be changed, by its hashes.

    Raises:
        WishIllegal: no model would take it; ``field`` says which of the files.
    """
    field = "image"
    try:
        size = size_to_change(sources.picture)
        field = "mask"
        if sources.mask is not None:
            check_mask(sources.mask, size)
    except PictureUnreadable as error:
        raise WishIllegal(error.message, field) from None
    mask = "" if sources.mask is None else Blobs.id_of(sources.mask)
    return Change(Blobs.id_of(sources.picture), mask, size)
