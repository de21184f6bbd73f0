"""A whole run as files in a folder: each avatar beside the manifest, under its persona's id."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from avatar_core.errors import InputError, StoreFull, disk_error
from avatar_core.export.archive import Make, as_it_is, entries
from avatar_core.export.manifest import avatar_name
from avatar_core.finish import AS_STORED, Finish
from avatar_core.types import Block, Run

TOLD = ("manifest.csv", "recipe.json")
"""The files that explain all others, and name their run."""


def in_the_way(blocks: Sequence[Block], out: Path, finish: Finish = AS_STORED) -> list[str]:
    """The names of files in a folder that a new run of these blocks would replace, if its avatars are made like this."""
    avatars = [avatar_name(persona, finish) for block in blocks for persona in block.personas]
    return [name for name in (*avatars, *TOLD, *_about(blocks, out)) if (out / name).exists()]


def strangers(
    run: Run, read: Callable[[str], bytes], out: Path, make: Make = as_it_is, finish: Finish = AS_STORED
) -> list[str]:
    """The names of files in a folder that saving this run would replace and that are not this run's own already."""
    missing = [record.block for record in run.blocks if record.grid is None]
    drawn = {avatar.persona.id for avatar in run.avatars}
    found = [
        name
        for name in (avatar_name(persona, finish) for persona in run.personas if persona.id not in drawn)
        if (out / name).exists()
    ]
    for name, data in entries(run, read, "", make, finish):
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            here = _bytes_of(out / name)
            if not (here == data or (name in TOLD and run.id.encode() in here)):
                found.append(name)
    return list(dict.fromkeys([*found, *_about(missing, out, grids_only=True)]))


def _about(blocks: Sequence[Block], out: Path, *, grids_only: bool = False) -> Iterator[str]:
    """The uncut pictures, whatever their endings, and the prompts of blocks, as far as a folder holds them."""
    for block in blocks:
        number = f"{block.index + 1:03d}"
        for path in (out / "grids").glob(f"{number}.*"):
            yield f"grids/{path.name}"
        if not grids_only and (out / "prompts" / f"{number}.txt").exists():
            yield f"prompts/{number}.txt"


def check_folder(out: Path) -> None:
    """Make a folder, and find out whether files can be written there before anything is spent.

    Raises:
        InputError: they cannot.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=out):
            pass
    except FileExistsError:
        raise InputError(f"{out} is a file. Name a folder, which may be a new one.") from None
    except OSError as error:
        raise InputError(
            f"{out} cannot be written to ({error.strerror or type(error).__name__}). Choose another folder."
        ) from None


def write_folder(
    run: Run, read: Callable[[str], bytes], out: Path, make: Make = as_it_is, finish: Finish = AS_STORED
) -> list[str]:
    """Write a run into a folder, made if need be, and return the ids of the people whose avatar is there.

    Files of the same names are replaced; see :func:`in_the_way` and :func:`strangers`.

    Raises:
        InputError: an id cannot name a file, or two ids name the same file.
        StoreFull, StoreUnavailable: the folder cannot be written.
    """
    names = {avatar_name(persona, finish): persona.id for persona in run.personas}
    saved = []
    for name, data in entries(run, read, "", make, finish):
        write_file(out / name, data)
        if name in names:
            saved.append(names[name])
    return saved


def write_file(path: Path, data: bytes) -> None:
    """Write a file and the folders above it, so that it is there whole or not at all.

    Raises:
        StoreFull, StoreUnavailable: it cannot be written.
    """
    partial = path.with_name(f".{path.name[:100]}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and not path.is_file():  # a device or a pipe, such as /dev/stdout
            path.write_bytes(data)
            return
        try:
            partial.write_bytes(data)
            partial.replace(path)
        except BaseException:
            with contextlib.suppress(OSError):
                partial.unlink()
            raise
    except OSError as error:
        told = disk_error(error, str(path))
        if isinstance(told, StoreFull):
            told = StoreFull(
                f"The disk is full, so {path} could not be written. Free some space, then do the same again: "
                "what was drawn is kept."
            )
        raise told from None


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except IsADirectoryError:
        return b""
