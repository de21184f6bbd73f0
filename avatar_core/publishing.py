"""Publishing: from a picture that arrived to the file of an order that is handed out, and back to nothing.

``images/{order}/001-{image}.png`` and a ``metadata.json`` beside it can be made again from the catalog and the picture as it
arrived at any time; what is deleted is deleted everywhere.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from PIL import Image, ImageOps

from avatar_core.cut import as_jpeg, as_png, as_webp
from avatar_core.cut.picture import MAX_PIXELS
from avatar_core.errors import BlobMissing, PictureUnreadable, disk_error
from avatar_core.store import Order, OrderedImage, Store
from avatar_core.types import Size

ENCODERS: dict[str, Callable[[Image.Image], bytes]] = {"png": as_png, "jpeg": as_jpeg, "webp": as_webp}


class Publisher:
    """The images of orders, in one folder."""

    def __init__(self, store: Store, folder: Path) -> None:
        self._store = store
        self._folder = folder

    def publish(self, run_id: str, block: int) -> bool:
        """Hand out the picture of a block, if its run serves an order: whether it does is returned. May be repeated.

        Raises:
            PictureUnreadable: what arrived is no picture; its bytes are kept.
            StoreError: it could not be kept.
        """
        order = self._store.catalog.orders.of_run(run_id)
        if order is None:
            return False
        grid = self._store.catalog.grid(run_id, block)
        if grid is None:
            raise BlobMissing()
        data = as_ordered(self._store.blobs.get(grid.blob), order.wish.size)
        self._store.catalog.images.add(
            order.id,
            block + 1,
            size=order.wish.size,
            sha256=hashlib.sha256(data).hexdigest(),
            blob=grid.blob,
            served_by=grid.model,
            revised_prompt=grid.revised_prompt,
        )
        known = self._store.catalog.images.of(order.id)
        for image in known:
            if image.ordinal == block + 1:
                self._write(self._folder / image.file, data)
        self._write_metadata(order, known)
        return True

    def read(self, image: OrderedImage) -> bytes:
        """The PNG file that is handed out; made again if it is gone.

        Raises:
            BlobMissing: it was deleted in between, or its picture is damaged.
        """
        file = self._folder / image.file
        try:
            return file.read_bytes()
        except FileNotFoundError:
            pass
        except OSError as error:
            raise disk_error(error, "The folder of images") from None
        data = as_ordered(self._store.blobs.get(image.blob), image.size)
        if self._store.catalog.images.find(image.id) is not None:
            self._write(file, data)
        return data

    def original(self, image: OrderedImage) -> bytes:
        """The picture as it arrived, byte for byte, if that is what was ordered; else the PNG that is handed out."""
        data = self._store.blobs.get(image.blob)
        with Image.open(io.BytesIO(data)) as picture:
            return data if picture.size == (image.size.width, image.size.height) else self.read(image)

    def remove(self, image: OrderedImage) -> None:
        """Delete an image: its file, its line in the metadata, its row, and its picture if nothing else has it.

        If it is cut short, :meth:`sweep` goes on where it was.
        """
        images = self._store.catalog.images
        images.hide(image)
        (self._folder / image.file).unlink(missing_ok=True)
        self._drop(image.blob)
        order = self._store.catalog.orders.find(image.order)
        if order is not None:
            self._write_metadata(order, images.of(order.id))
            self._drop_sent(order)
        images.forget(image)

    def sweep(self) -> None:
        """Finish deletions that were cut short, and drop what was sent to be changed where nothing came of it."""
        for image in self._store.catalog.images.hidden():
            self.remove(image)
        for order in self._store.catalog.orders.fruitless():
            self._drop_sent(order)
            self._store.catalog.orders.forget_sent(order)

    def _drop_sent(self, order: Order) -> None:
        """Drop the pictures that an order sent to be changed, unless it or something else still has them."""
        change = order.wish.change
        for blob in (change.picture, change.mask) if change else ():
            self._drop(blob)

    def _drop(self, blob: str) -> None:
        catalog = self._store.catalog
        if not catalog.images.show(blob) and not catalog.orders.need(blob):
            self._store.blobs.drop(blob)

    def _write_metadata(self, order: Order, known: list[OrderedImage]) -> None:
        """Write what the catalog knows of an order beside its files.

        Others may do so at the same moment. Whoever wrote looks again, so the last word is never an old one.
        """
        folder = self._folder / order.id
        while True:
            if known:
                self._write(folder / "metadata.json", _metadata(order, known))
            else:
                with suppress(OSError):
                    (folder / "metadata.json").unlink(missing_ok=True)
                    folder.rmdir()
            seen, known = known, self._store.catalog.images.of(order.id)
            if seen == known:
                return

    def _write(self, file: Path, data: bytes) -> None:
        """Write a file so that it is there whole or not at all."""
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=file.parent, prefix=".")
            try:
                with os.fdopen(handle, "wb") as out:
                    out.write(data)
                Path(temporary).replace(file)
            except BaseException:
                Path(temporary).unlink(missing_ok=True)
                raise
        except OSError as error:
            raise disk_error(error, "The folder of images") from None


def as_ordered(data: bytes, size: Size) -> bytes:
    """A picture as PNG of the size that was ordered: untouched if it is that, else reduced and its edges cut off.

    Raises:
        PictureUnreadable: it cannot be opened.
    """
    try:
        with Image.open(io.BytesIO(data)) as picture:
            wanted = (size.width, size.height)
            if picture.format == "PNG" and picture.size == wanted:
                return data  # its checksums were looked at when it arrived
            if picture.width * picture.height > MAX_PIXELS:
                raise PictureUnreadable()
            whole = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
            if whole.size != wanted:
                whole = ImageOps.fit(whole, wanted, Image.Resampling.LANCZOS)
            return as_png(whole)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise PictureUnreadable() from None


def as_format(data: bytes, name: str) -> bytes:
    """A picture as a file of another format: png, jpeg or webp; untouched if it is that already."""
    with Image.open(io.BytesIO(data)) as picture:
        return data if (picture.format or "").lower() == name else ENCODERS[name](picture)


def reduced(data: bytes, side: int) -> bytes:
    """A PNG of at most ``side`` px, made smaller and never larger."""
    with Image.open(io.BytesIO(data)) as picture:
        if max(picture.size) <= side:
            return data
        picture.thumbnail((side, side), Image.Resampling.LANCZOS)
        return as_png(picture)


def _metadata(order: Order, known: list[OrderedImage]) -> bytes:
    wish = order.wish

    def entry(image: OrderedImage) -> dict[str, Any]:
        return {
            "id": image.id,
            "file": image.file.rpartition("/")[2],
            "url": f"/images/{image.id}",
            "prompt": image.revised_prompt or wish.prompt,
            "model": wish.model,
            "served_by": image.served_by,
            "size": str(image.size),
            "sha256": image.sha256,
            "created": image.created.isoformat(),
        }

    told = {
        "job_id": order.id,
        "created": order.created.isoformat(),
        "prompt": wish.prompt,
        "sent": wish.sent,
        "model": wish.model,
        "size": str(wish.size),
        "quality": wish.quality,
        "style": wish.style,
        "count": wish.count,
        "served_by": wish.drawn_by,
        "drawn_size": str(wish.drawn_size),
        "drawn_quality": wish.drawn_quality,
        "images": [entry(image) for image in known],
    }
    if wish.change is not None:
        told["changed"] = {
            "picture_sha256": wish.change.picture,
            "mask_sha256": wish.change.mask or None,
            "size": str(wish.change.size),
        }
    return json.dumps(told, ensure_ascii=False, indent=2).encode("utf-8", "replace")
