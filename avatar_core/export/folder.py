"""A whole run as files in a folder: each avatar beside the manifest, under its persona's id."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from avatar_core.errors import disk_error
from avatar_core.export.archive import entries
from avatar_core.export.manifest import avatar_name
from avatar_core.types import Persona, Run


def in_the_way(personas: Iterable[Persona], out: Path) -> list[str]:
    """The names of files in a folder that the avatars of these people would replace."""
    return [name for name in map(avatar_name, personas) if (out / name).exists()]


def write_folder(run: Run, read: Callable[[str], bytes], out: Path) -> list[str]:
    """Write a run into a folder, made if need be, and return the ids of the people whose avatar is there.

    Files of the same names are replaced; see :func:`in_the_way`.

    Raises:
        InputError: an id cannot name a file, or two ids name the same file.
        StoreFull, StoreUnavailable: the folder cannot be written.
    """
    names = {avatar_name(persona): persona.id for persona in run.personas}
    saved = []
    for name, data in entries(run, read, ""):
        write_file(out / name, data)
        if name in names:
            saved.append(names[name])
    return saved


def write_file(path: Path, data: bytes) -> None:
    """Write a file and the folders above it.

    Raises:
        StoreFull, StoreUnavailable: it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    except OSError as error:
        raise disk_error(error, path.name) from None
