"""The commands that take what is there: cut any picture, cut a run again, export it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from avatar_core.cli.choices import finish_options
from avatar_core.cli.terminal import OK, PARTLY, as_json, doors, print_json, refuse_to_replace
from avatar_core.errors import InputError, PictureUnreadable
from avatar_core.finish import Finish
from avatar_core.types import Origin, Verdict

if TYPE_CHECKING:
    from PIL import Image

    from avatar_core.types import Cut

MAX_BYTES = 256_000_000
"""Largest file that is read as a picture."""


@click.command(
    short_help="Find the cells of any picture, and cut it.",
    epilog="""\b
Examples:
  python -m avatar_core cut grid.png
  python -m avatar_core cut grid.png --overlay look.png
  python -m avatar_core cut sheet.jpg --rows 2 --columns 4 --out cells --json

\b
Exit codes: 0 cut; 2 unusable input; 3 the picture is not the grid that was asked for, or that is in doubt.""",
)
@click.argument("grid", type=click.Path(path_type=Path))
@click.option("--rows", default=3, show_default=True, type=click.IntRange(1, 20), help="Cells down.")
@click.option("--columns", default=3, show_default=True, type=click.IntRange(1, 20), help="Cells across.")
@click.option(
    "--out", type=click.Path(path_type=Path), help="Save the cells in this folder as 1.png, 2.png …"
)
@click.option(
    "--overlay",
    type=click.Path(path_type=Path),
    help="Save the picture with its cut lines and cell numbers as this PNG file.",
)
@click.option("--overwrite", is_flag=True, help="Replace other files of the same names.")
@as_json
def cut(
    grid: Path,
    rows: int,
    columns: int,
    out: Path | None,
    overlay: Path | None,
    overwrite: bool,
    as_json: bool,
) -> int:
    """Find the cells of the picture GRID, from anywhere, and cut it.

    Prints how sure that is, and each cell's edges in px, row by row; right and bottom are the first px outside. A
    picture that a camera turned is turned upright first, and the edges are those of the upright one.
    """
    from avatar_core.cut import find_grid, open_picture

    picture = open_picture(_bytes_of(grid))
    found = find_grid(picture, rows, columns)
    names = _save(picture, found, out, overwrite=overwrite) if out is not None else []
    if overlay is not None:
        _save_overlay(picture, found, overlay, overwrite=overwrite)
    if as_json:
        print_json(
            **_cut_for_programs(found),
            rows=rows,
            columns=columns,
            width=picture.width,
            height=picture.height,
            saved=names,
            overlay=str(overlay) if overlay is not None else None,
        )
    else:
        click.echo(f"{found.verdict.value}, confidence {found.confidence:.2f}: {' '.join(found.reasons)}")
        for cell, box in enumerate(found.boxes, start=1):
            click.echo(f"{cell}: left {box[0]}, top {box[1]}, right {box[2]}, bottom {box[3]}")
        if out is not None:
            click.echo(f"{len(names)} cells saved in {out}.")
        if overlay is not None:
            click.echo(f"The picture with its lines is saved as {overlay}.")
    return PARTLY if found.verdict is Verdict.QUARANTINED else OK


@click.command(short_help="Cut the pictures of a run again.")
@click.argument("run")
@click.argument("lines", type=click.Choice(["found", "thirds"]), default="found")
@click.option(
    "--picture", type=click.IntRange(1), help="Only this picture of the run.  [default: all of them]"
)
@as_json
def recut(run: str, lines: str, picture: int | None, as_json: bool) -> int:
    """Cut the pictures of the run of the id RUN again: LINES are found, or equal thirds.

    It is free, and the cuts before stay in the history, which the gallery shows. There, a person can move lines by hand
    and accept a picture that is held back.
    """
    with doors() as studio:
        there = [record.block.index for record in studio.run(run).blocks if record.grid]
        blocks = there if picture is None else [picture - 1]
        if not blocks:
            raise InputError("This run has no picture that could be cut.")
        cuts = {block + 1: studio.cutting.again(run, block, Origin(lines)) for block in blocks}
    if as_json:
        print_json(
            run=run, cuts=[{"picture": number, **_cut_for_programs(cut)} for number, cut in cuts.items()]
        )
    else:
        for number, each in cuts.items():
            said = " ".join(each.reasons)
            click.echo(f"Picture {number}: {each.verdict.value}, confidence {each.confidence:.2f}: {said}")
    return PARTLY if any(cut.verdict is Verdict.QUARANTINED for cut in cuts.values()) else OK


@click.command(short_help="Save a run as a zip file.")
@click.argument("run")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="The zip file to write.")
@finish_options
@as_json
def export(run: str, out: Path, finish: Finish, as_json: bool) -> None:
    """Write the run of the id RUN as a zip file: avatars, grids, manifest, prompts, recipe.

    `generate` prints the id of its run, and `runs` lists all of them. A file of that name is replaced.
    """
    from avatar_core.export import check_folder, write_file

    if out.is_dir():
        raise InputError(f"{out} is a folder. Name the zip file to write, such as {out / 'faces.zip'}.")
    with doors() as studio:
        data = studio.export(run, finish)
    check_folder(out.parent)
    write_file(out, data)
    if as_json:
        print_json(run=run, out=str(out), bytes=len(data))
    else:
        click.echo(f"Run {run} written to {out}.")


def _cut_for_programs(cut: Cut) -> dict[str, Any]:
    return {
        "boxes": cut.boxes,
        "confidence": cut.confidence,
        "verdict": cut.verdict.value,
        "origin": cut.origin.value,
        "reasons": cut.reasons,
        "findings": [{"cell": cell, "reason": reason} for cell, reason in cut.findings if cell],
    }


def _save_overlay(picture: Image.Image, found: Cut, path: Path, *, overwrite: bool) -> None:
    from avatar_core.cut import as_png, draw_lines
    from avatar_core.export import check_folder, write_file

    if path.is_dir():
        raise InputError(f"{path} is a folder. Name the PNG file to write, such as {path / 'overlay.png'}.")
    data = as_png(draw_lines(picture, found.boxes, {cell for cell, _ in found.findings if cell}))
    if not overwrite and path.exists() and not _holds(path, data):
        refuse_to_replace([path.name], path.parent, what="file")
    check_folder(path.parent)
    write_file(path, data)


def _save(picture: Image.Image, found: Cut, out: Path, *, overwrite: bool) -> list[str]:
    """Save each cell and return the files' names; other files of these names are replaced only on request."""
    from avatar_core.cut import as_png, crop
    from avatar_core.export import check_folder, write_file

    check_folder(out)
    cells = crop(picture, found, range(1, len(found.boxes) + 1))
    files = {f"{cell}.png": as_png(image) for cell, image in cells.items()}
    if not overwrite:
        refuse_to_replace(
            [name for name, data in files.items() if (out / name).exists() and not _holds(out / name, data)],
            out,
        )
    for name, data in files.items():
        write_file(out / name, data)
    return list(files)


def _holds(path: Path, data: bytes) -> bool:
    return path.is_file() and path.stat().st_size == len(data) and path.read_bytes() == data


def _bytes_of(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror}). Name an existing picture.") from None
    if len(data) > MAX_BYTES:
        raise PictureUnreadable(
            f"{path} is larger than {MAX_BYTES // 1_000_000} MB, more than can be opened safely. Use a smaller one."
        )
    return data
