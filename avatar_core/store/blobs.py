"""Bytes by their content: the id of a blob is the SHA-256 of its bytes, so it never changes and names no path.

A folder by default; any other place that fsspec knows by URL.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import tempfile
import time
from pathlib import Path

import fsspec
from fsspec.implementations.local import LocalFileSystem

from avatar_core.errors import BlobMissing, StoreError, StoreFull, StoreUnavailable, disk_error

_ID = re.compile(r"[0-9a-f]{64}")
_NAME = re.compile(r"[0-9a-zA-Z-]{1,80}")

UNFINISHED = "unfinished"
"""The folder of files that are being written; a crash leaves them there, and not among the blobs."""

MIN_FREE = 64_000_000
"""Bytes that must be free before a picture is ordered: it would be a pity to pay for one that cannot be kept."""


class Blobs:
    """Content-addressed bytes under one folder or URL, and a small inbox of notes by name."""

    def __init__(self, url: str) -> None:
        """Open the place and make it if need be.

        Raises:
            StoreUnavailable: it cannot be made or is not known to fsspec.
        """
        self._lasting: set[Path] = set()
        try:
            # A plain path is taken as it stands: fsspec would read “::” in the name of a folder as its own.
            if "://" in url:
                self._fs, self._root = fsspec.core.url_to_fs(url)
            else:
                self._fs, self._root = LocalFileSystem(), Path(url).absolute().as_posix()
            self._fs.makedirs(self._root, exist_ok=True)
            if isinstance(self._fs, LocalFileSystem):
                _sweep(Path(self._root) / UNFINISHED)
        except (OSError, ValueError, ImportError) as error:
            raise _translated(error) from None

    @staticmethod
    def id_of(data: bytes) -> str:
        """The id that these bytes have."""
        return hashlib.sha256(data).hexdigest()

    def put(self, data: bytes) -> str:
        """Keep bytes and return their id. The same bytes are kept once; if they were damaged, they are whole again.

        Raises:
            StoreFull, StoreUnavailable: nothing was kept.
        """
        blob = self.id_of(data)
        try:
            whole = self.get(blob) == data
        except BlobMissing:
            whole = False
        if not whole:
            self._write(self._path(blob), data)
        return blob

    def get(self, blob: str) -> bytes:
        """The bytes of a blob.

        Raises:
            BlobMissing: no such blob, or its bytes are not what they were.
        """
        if not _ID.fullmatch(blob):
            raise BlobMissing()
        try:
            data: bytes = self._fs.cat_file(self._path(blob))
        except FileNotFoundError:
            raise BlobMissing() from None
        except Exception as error:  # the clients of object stores have errors of their own
            raise _translated(error) from None
        if self.id_of(data) != blob:
            raise BlobMissing()
        return data

    def drop(self, blob: str) -> None:
        """Forget a blob that nothing refers to any more; it may be forgotten already."""
        if not _ID.fullmatch(blob):
            return
        try:
            self._fs.rm_file(self._path(blob))
        except FileNotFoundError:
            return
        except Exception as error:  # the clients of object stores have errors of their own
            raise _translated(error) from None

    def write_note(self, name: str, data: bytes) -> None:
        """Keep a few bytes under a name, in place of what that name held."""
        self._write(self._note(name), data)

    def read_note(self, name: str) -> bytes | None:
        """What a name holds, or None."""
        path = self._note(name)
        try:
            data: bytes = self._fs.cat_file(path)
        except FileNotFoundError:
            return None
        except Exception as error:  # the clients of object stores have errors of their own
            raise _translated(error) from None
        return data

    def drop_note(self, name: str) -> None:
        """Forget a name; it may be forgotten already."""
        path = self._note(name)
        try:
            self._fs.rm_file(path)
        except FileNotFoundError:
            return
        except Exception as error:  # the clients of object stores have errors of their own
            raise _translated(error) from None

    def forget_notes(self, prefix: str, days: float) -> None:
        """Drop the notes of a folder whose names begin so and that have not been written for so many days.

        Where the notes lie in an object store, a lifecycle rule of that store does the same.
        """
        if not isinstance(self._fs, LocalFileSystem):
            return
        for file in Path(self._note(prefix)).parent.glob(f"{prefix}*"):
            with contextlib.suppress(FileNotFoundError):
                if time.time() - file.stat().st_mtime > days * 86_400:
                    file.unlink()

    def check_space(self) -> None:
        """Raise StoreFull if a folder has too little space left for a picture."""
        if isinstance(self._fs, LocalFileSystem) and shutil.disk_usage(self._root).free < MIN_FREE:
            raise StoreFull()

    def free_space(self) -> str:
        """How much more a folder can hold, for people to read."""
        if not isinstance(self._fs, LocalFileSystem):
            return "not known here"
        return f"{shutil.disk_usage(self._root).free / 1e9:.1f} GB"

    @property
    def place(self) -> str:
        """Where the bytes lie, for people to read."""
        return str(self._fs.unstrip_protocol(self._root))

    def _path(self, blob: str) -> str:
        return f"{self._root}/{blob[:2]}/{blob}"

    def _note(self, name: str) -> str:
        if not _NAME.fullmatch(name):
            raise ValueError(f"not a note's name: {name!r}")
        return f"{self._root}/inbox/{name}"

    def _write(self, path: str, data: bytes) -> None:
        try:
            self._fs.makedirs(path.rpartition("/")[0], exist_ok=True)
            if isinstance(self._fs, LocalFileSystem):
                folder = Path(path).parent
                _write_whole(Path(path), data, Path(self._root) / UNFINISHED)
                if folder not in self._lasting:
                    _flush(folder.parent)  # that the folder itself is there, once for each
                    self._lasting.add(folder)
            else:
                self._fs.pipe_file(path, data)  # object stores show an object only when it is whole
        except Exception as error:  # the clients of object stores have errors of their own
            raise _translated(error) from None


def _write_whole(path: Path, data: bytes, unfinished: Path) -> None:
    """Write a file so that it is there whole or not at all, also after a power cut."""
    unfinished.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=unfinished)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    _flush(path.parent)


def _flush(folder: Path) -> None:
    """Let a folder's entries reach the disk."""
    if os.name != "posix":  # elsewhere a folder cannot be opened, and its entries need no flush of their own
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sweep(unfinished: Path) -> None:
    """Remove what crashes left behind; what is younger may still be written."""
    unfinished.mkdir(parents=True, exist_ok=True)
    for file in unfinished.iterdir():
        with contextlib.suppress(FileNotFoundError):
            if time.time() - file.stat().st_mtime > 3600:
                file.unlink()


def _translated(error: Exception) -> StoreError:
    if isinstance(error, OSError):
        return disk_error(error, "The folder of pictures")
    said = str(error) if isinstance(error, (ValueError, ImportError)) else type(error).__name__
    return StoreUnavailable(f"The place for pictures cannot be used: {said}. Check AVATAR_STORAGE_URL.")
