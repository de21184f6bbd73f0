"""Examples in docstrings and in the README are run, so they cannot lie."""

import doctest
import importlib
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
WITH_EXAMPLES = sorted(
    ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    for file in (ROOT / "avatar_core").rglob("*.py")
    if ">>> " in file.read_text(encoding="utf-8")
)
PEOPLE = "id,idade,sexo,cor,ocupação\nana,34,feminino,parda,enfermeira\nrui,51,masculino,preta,pedreiro\n"


@pytest.mark.parametrize("name", WITH_EXAMPLES)
def test_the_examples_of_a_room_are_true(name: str) -> None:
    outcome = doctest.testmod(importlib.import_module(name), optionflags=doctest.ELLIPSIS)
    assert outcome.attempted
    assert not outcome.failed


def test_the_program_in_the_readme_draws_faces(tmp_path: Path) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    (tmp_path / "people.csv").write_text(PEOPLE, encoding="utf-8")
    program = f"import sys; sys.path.insert(0, {str(ROOT)!r})\n{code}"
    answer = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )
    assert answer.returncode == 0, answer.stderr
    with zipfile.ZipFile(tmp_path / "faces.zip") as archive:
        assert {"avatars/ana.png", "avatars/rui.png", "grids/001.png"} <= set(archive.namelist())
