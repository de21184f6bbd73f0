"""The arrows of the house, as far as import-linter (see pyproject.toml) does not hold them.

Pages are scripts and no modules, so their imports are read from their text. What importing does is seen by doing it.
"""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = sorted((ROOT / "pages").glob("*.py"))
CORE = sorted((ROOT / "avatar_core").rglob("*.py"))
DOORS = [ROOT / "app.py", *sorted((ROOT / "dashboard").rglob("*.py")), *PAGES]

#: What a page may import: the toolkit, what pages share, the product, and words of the language that reach nothing.
PAGE_IMPORTS = {
    "__future__",
    "avatar_core",
    "collections",
    "dashboard",
    "dataclasses",
    "datetime",
    "difflib",
    "functools",
    "itertools",
    "math",
    "streamlit",
    "typing",
}
#: What a page may not say: each of these reaches a file, the environment, or code out of text.
REACHING = {
    "__import__",
    "compile",
    "environ",
    "eval",
    "exec",
    "getenv",
    "input",
    "mkdir",
    "open",
    "read_bytes",
    "read_text",
    "secrets",
    "unlink",
    "urlopen",
    "write_bytes",
    "write_text",
}
#: Heavy or replaceable libraries, each with the one room that may know it.
ROOMS_OF = {
    "alembic": {"store"},
    "dbos": {"engine", "jobs", "lease", "workflows"},
    "fsspec": {"store"},
    "httpx2": {"models"},
    "openai": {"models"},
    "openpyxl": {"people"},
    "pandas": {"people"},
    "pyarrow": {"people"},
    "resvg_py": {"models"},
    "rich": {"cli"},
    "scipy": {"census", "checks"},
    "sqlalchemy": {"store", "engine", "jobs", "lease"},
}


def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"), str(file))


def imported(node: ast.AST) -> Iterator[str]:
    """Every module that this code imports, anywhere in it, by its full name."""
    for part in ast.walk(node):
        if isinstance(part, ast.Import):
            yield from (alias.name for alias in part.names)
        elif isinstance(part, ast.ImportFrom):
            assert part.level == 0, "imports are written out in full here"
            yield part.module or ""


def libraries(node: ast.AST) -> set[str]:
    return {name.partition(".")[0] for name in imported(node)}


def room(file: Path) -> str:
    """The room of the core that a file belongs to, such as store."""
    return file.relative_to(ROOT / "avatar_core").parts[0].removesuffix(".py")


def named(files: list[Path]) -> list[object]:
    return [pytest.param(file, id=file.relative_to(ROOT).as_posix()) for file in files]


def test_there_are_pages_and_a_launcher() -> None:
    assert len(PAGES) >= 5
    assert (ROOT / "app.py").exists()


@pytest.mark.parametrize("page", named(PAGES))
def test_a_page_imports_only_the_toolkit_the_shared_parts_and_the_product(page: Path) -> None:
    assert libraries(tree(page)) <= PAGE_IMPORTS


@pytest.mark.parametrize("page", named(PAGES))
def test_a_page_reaches_no_file_no_environment_and_no_network(page: Path) -> None:
    said = {node.id for node in ast.walk(tree(page)) if isinstance(node, ast.Name)}
    said |= {node.attr for node in ast.walk(tree(page)) if isinstance(node, ast.Attribute)}
    assert not said & REACHING


@pytest.mark.parametrize("page", named(PAGES))
def test_a_page_is_short_enough_to_be_read_from_top_to_bottom(page: Path) -> None:
    assert len(page.read_text(encoding="utf-8").splitlines()) <= 160


@pytest.mark.parametrize("page", named(PAGES))
def test_a_page_imports_no_other_page(page: Path) -> None:
    assert not libraries(tree(page)) & {"pages", *(other.stem for other in PAGES)}


def test_the_launcher_launches_and_does_nothing_else() -> None:
    app = tree(ROOT / "app.py")
    assert len((ROOT / "app.py").read_text(encoding="utf-8").splitlines()) <= 60
    assert any(isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "app" for node in app.body)
    assert not libraries(app) & {"avatar_core", "openai", "dbos", "sqlalchemy", "pandas"}


@pytest.mark.parametrize("file", named(DOORS))
def test_a_dashboard_file_speaks_to_the_product_and_not_past_it(file: Path) -> None:
    past = {
        "image_service",
        "openai",
        "httpx2",
        "dbos",
        "sqlalchemy",
        "alembic",
        "fsspec",
        "resvg_py",
        "requests",
    }
    assert not libraries(tree(file)) & past


@pytest.mark.parametrize("file", named(CORE))
def test_a_library_is_known_to_its_own_room_only(file: Path) -> None:
    strangers = {name for name in libraries(tree(file)) if room(file) not in ROOMS_OF.get(name, {room(file)})}
    assert not strangers
    assert not libraries(tree(file)) & {
        "streamlit",
        "starlette",
        "fastapi",
        "dashboard",
        "image_service",
        "tests",
    }


@pytest.mark.parametrize(
    "file", named([file for file in CORE if room(file) not in ("settings", "cli", "__main__")])
)
def test_only_settings_and_doors_read_the_environment(file: Path) -> None:
    said = {node.attr for node in ast.walk(tree(file)) if isinstance(node, ast.Attribute)}
    assert not said & {"environ", "environb", "getenv", "load_dotenv"}
    loading = {
        node.func.id
        for node in ast.walk(tree(file))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert "load_settings" not in loading


@pytest.mark.parametrize("file", named([*CORE, *DOORS]))
def test_a_room_is_a_noun_of_the_product(file: Path) -> None:
    nouns = {*file.relative_to(ROOT).with_suffix("").parts}
    assert not nouns & {"utils", "util", "helpers", "common", "misc", "base", "manager", "core"}


WATCH = """
import sys, threading
seen = []
def watch(event, details):
    if event == "open" and isinstance(details[1], str) and set(details[1]) & set("wax+"):
        seen.append(f"open {details[0]} for writing")
    if event in ("socket.connect", "socket.bind", "socket.getaddrinfo", "subprocess.Popen", "os.mkdir", "os.remove"):
        # platform.architecture(), which a library asks, runs file(1)
        if details[0] != "file":
            seen.append(f"{event} {details[0]!r}")
sys.addaudithook(watch)
for name in sys.argv[1:]:
    __import__(name)
assert threading.active_count() == 1, threading.enumerate()
assert not seen, seen
print(*sorted({name.partition(".")[0] for name in sys.modules}))
"""


def watched_import(*names: str) -> set[str]:
    """Import modules in a fresh Python that watches what they do; the libraries that came with them."""
    answer = subprocess.run(
        [sys.executable, "-B", "-c", WATCH, *names],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr
    return set(answer.stdout.split())


def test_importing_the_product_does_nothing_and_loads_nothing_heavy() -> None:
    heavy = {
        "PIL",
        "alembic",
        "dbos",
        "fsspec",
        "numpy",
        "openai",
        "pandas",
        "pydantic",
        "resvg_py",
        "sqlalchemy",
        "streamlit",
    }
    assert not watched_import("avatar_core") & heavy


def test_importing_any_room_does_nothing() -> None:
    modules = [
        ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for file in CORE
        if file.name != "__main__.py" and "versions" not in file.parts and file.name != "env.py"
    ]
    assert "streamlit" not in watched_import(*modules)


def test_opening_the_studio_loads_neither_the_engine_nor_a_model_of_others() -> None:
    assert not watched_import("avatar_core.studio") & {"dbos", "openai", "pandas", "streamlit", "resvg_py"}
