"""What leaves the house: a manifest that explains every picture, a zip of everything, marks of provenance.

Knows nothing of stores, models or pages: it is handed a run, and a function that reads bytes by their id.
"""

from avatar_core.export.archive import marked, write_zip, zip_run
from avatar_core.export.folder import check_folder, in_the_way, strangers, write_file, write_folder
from avatar_core.export.manifest import avatar_name, block_name, grid_name, manifest_csv, manifest_rows
from avatar_core.export.marks import marked_png

__all__ = [
    "avatar_name",
    "block_name",
    "check_folder",
    "grid_name",
    "in_the_way",
    "manifest_csv",
    "manifest_rows",
    "marked",
    "marked_png",
    "strangers",
    "write_file",
    "write_folder",
    "write_zip",
    "zip_run",
]
