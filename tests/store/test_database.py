"""Opening the database: migrations, and what can be wrong with the place."""

from __future__ import annotations

import os
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from avatar_core.errors import StoreError, StoreLocked, StoreNewer, StoreUnavailable
from avatar_core.store import Catalog, database
from avatar_core.store.database import open_database
from avatar_core.store.schema import HEAD, metadata
from tests.postgres import Postgres
from tests.toys import FREE, a_cut, blocks, painting, people, recipe

MIGRATIONS = Path(database.__file__).with_name("migrations")


def config(connection: sa.Connection | None = None) -> Config:
    made = Config()
    made.set_main_option("script_location", str(MIGRATIONS))
    made.attributes["connection"] = connection
    return made


def tables(engine: sa.Engine) -> set[str]:
    return set(sa.inspect(engine).get_table_names())


@pytest.fixture
def engine(database_url: str) -> Iterator[sa.Engine]:
    engine = open_database(database_url)
    yield engine
    engine.dispose()


def test_what_the_migrations_make_is_what_the_schema_says(engine: sa.Engine) -> None:
    defaults = engine.dialect.name == "postgresql"  # SQLite tells an empty default in another spelling
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": defaults}
        )
        assert compare_metadata(context, metadata) == []


def test_the_head_is_the_newest_script() -> None:
    assert ScriptDirectory.from_config(config()).get_heads() == [HEAD]


def test_the_migrations_can_be_undone_and_done_again(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        command.downgrade(config(connection), "base")
    assert tables(engine) == {"alembic_version"}
    with engine.begin() as connection:
        command.upgrade(config(connection), "head")
    assert tables(engine) == set(metadata.tables) | {"alembic_version"}


def test_whose_word_an_older_cut_stands_on_is_read_from_its_reasons(
    engine: sa.Engine, database_url: str
) -> None:
    catalog = Catalog(engine)
    run_id = catalog.add_run(recipe(), blocks(people(9)), title="")
    grid = catalog.add_grid(run_id, 0, painting(), "a" * 64, FREE)
    nobody = replace(a_cut(), reasons=('It says: "Accepted by a person.", and lies.',))
    somebody = replace(a_cut(), reasons=("reason one", "Accepted by a person."), by_person=True)
    for cut in (a_cut(), nobody, somebody):
        catalog.add_cut(run_id, 0, grid.id, cut, {})
    with engine.begin() as connection:
        command.downgrade(config(connection), "0003")
    assert "by_person" not in {column["name"] for column in sa.inspect(engine).get_columns("cuts")}
    again = Catalog(open_database(database_url))
    assert [past.cut for past in again.cuts(run_id, 0)] == [somebody, nobody, a_cut()]
    assert again.run(run_id).blocks[0].cut == somebody
    again.close()


def test_a_database_without_tables_is_filled_again_on_opening(engine: sa.Engine, database_url: str) -> None:
    with engine.begin() as connection:
        command.downgrade(config(connection), "base")
    open_database(database_url).dispose()
    assert "runs" in tables(engine)


def test_a_database_of_a_newer_program_is_left_alone(engine: sa.Engine, database_url: str) -> None:
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreNewer):
        open_database(database_url)


def test_a_migration_that_fails_leaves_nothing(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    upgrade = command.upgrade

    def fails(*arguments: object) -> None:
        upgrade(*arguments)  # type: ignore[arg-type]
        raise RuntimeError("the power went")

    monkeypatch.setattr(command, "upgrade", fails)
    with pytest.raises(RuntimeError):
        open_database(database_url)
    monkeypatch.undo()
    engine = open_database(database_url)
    assert "runs" in tables(engine)
    engine.dispose()


@pytest.mark.parametrize("threads", [4])
def test_many_open_a_fresh_database_at_once(database_url: str, threads: int) -> None:
    barrier, failed = threading.Barrier(threads), []

    def start() -> None:
        barrier.wait()
        try:
            open_database(database_url).dispose()
        except Exception as error:
            failed.append(error)

    opening = [threading.Thread(target=start) for _ in range(threads)]
    for thread in opening:
        thread.start()
    for thread in opening:
        thread.join()
    assert failed == []


OPEN = (
    "import sys; from avatar_core.store.database import open_database; open_database(sys.argv[1]).dispose()"
)


def python(*arguments: str, **more: object) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    return subprocess.Popen([sys.executable, "-c", *arguments], env=environment, **more)  # type: ignore[call-overload, no-any-return]


def test_two_processes_open_a_fresh_database_at_once(database_url: str) -> None:
    opening = [python(OPEN, database_url) for _ in range(2)]
    assert [process.wait(60) for process in opening] == [0, 0]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A catalog in a file."""
    open_database(url_of(tmp_path / "catalog.sqlite")).dispose()
    return tmp_path / "catalog.sqlite"


def url_of(file: Path) -> str:
    return f"sqlite:///{file}"


def test_sqlite_keeps_what_was_committed_and_the_order_of_things(place: Path) -> None:
    engine = open_database(url_of(place))
    with engine.connect() as connection:
        pragmas = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    engine.dispose()
    assert pragmas == ["wal", 2, 1]


@pytest.mark.parametrize("name", ["with space", "ação 😀", "hash#1 100%", "a+b&c=d", "quo'te"])
def test_a_folder_may_have_any_name(tmp_path: Path, name: str) -> None:
    open_database(url_of(tmp_path / name / "deep" / "catalog.sqlite")).dispose()
    assert (tmp_path / name / "deep" / "catalog.sqlite").exists()


@pytest.mark.parametrize(
    "url", ["nonsense", "", "mysql://host/db", "sqlite://", "sqlite:///:memory:", "sqlite:///"]
)
def test_a_url_that_cannot_be_used_says_what_to_write(url: str) -> None:
    with pytest.raises(StoreUnavailable, match="AVATAR_DATABASE_URL"):
        open_database(url)


def test_a_file_where_the_folder_should_be_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreUnavailable):
        open_database(url_of(tmp_path / "file" / "catalog.sqlite"))


def test_a_folder_where_the_file_should_be_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable):
        open_database(url_of(tmp_path))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give itself a read-only file system")
def test_a_read_only_folder_is_unavailable(tmp_path: Path) -> None:
    with mounted(tmp_path, "ro"), pytest.raises(StoreUnavailable):
        open_database(url_of(tmp_path / "catalog.sqlite"))


def test_bytes_that_are_no_database_are_unavailable_and_stay(tmp_path: Path) -> None:
    file = tmp_path / "catalog.sqlite"
    file.write_bytes(b"not a database at all" * 100)
    with pytest.raises(StoreUnavailable, match="backup"):
        open_database(url_of(file))
    assert file.read_bytes() == b"not a database at all" * 100


def test_a_damaged_database_is_unavailable(place: Path) -> None:
    whole = place.read_bytes()
    place.write_bytes(whole[:4096] + os.urandom(len(whole) - 4096))
    with pytest.raises(StoreUnavailable):
        Catalog(open_database(url_of(place))).summaries()


def test_a_database_that_somebody_holds_is_locked(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.1)
    catalog = Catalog(open_database(url_of(place)))
    with closing(sqlite3.connect(place, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StoreLocked):
            catalog.add_run(recipe(), blocks(people(9)), title="")
        other.execute("ROLLBACK")
        catalog.add_run(recipe(), blocks(people(9)), title="")
    catalog.close()


def test_a_fresh_database_that_somebody_holds_is_locked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.1)
    file = tmp_path / "catalog.sqlite"
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StoreLocked):
            open_database(url_of(file))


def test_a_writer_waits_for_another(place: Path) -> None:
    catalog = Catalog(open_database(url_of(place)))
    with closing(sqlite3.connect(place, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        timer = threading.Timer(0.3, lambda: other.execute("COMMIT"))
        timer.start()
        catalog.add_run(recipe(), blocks(people(9)), title="")
        timer.join()
    catalog.close()


FILL = """
import sys
from avatar_core.errors import StoreFull
from avatar_core.store import Catalog
from avatar_core.store.database import open_database
from tests.postgres import Postgres
from tests.toys import blocks, people, recipe

catalog = Catalog(open_database(sys.argv[1]))
kept = []
try:
    for _ in range(200):
        kept.append(catalog.add_run(recipe(words="w" * 20000), blocks(people(90)), title="x"))
except StoreFull:
    assert catalog.count_runs() == len(kept) > 0, kept
    sys.exit(7)
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a small disk")
def test_a_full_disk_is_full_and_loses_nothing_that_was_kept(tmp_path: Path) -> None:
    with mounted(tmp_path, "size=1m"):
        process = python(FILL, url_of(tmp_path / "catalog.sqlite"))
        assert process.wait(60) == 7


def mounted(folder: Path, options: str) -> Mount:
    return Mount(folder, options)


class Mount:
    """A small file system in memory, for as long as the block lasts."""

    def __init__(self, folder: Path, options: str) -> None:
        self._folder, self._options = folder, options

    def __enter__(self) -> None:
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", self._options, "tmpfs", self._folder], capture_output=True
        )
        if done.returncode:
            pytest.skip("this machine lets nobody mount a file system")

    def __exit__(self, *_: object) -> None:
        subprocess.run(["umount", "-l", self._folder], check=True)


def test_a_server_that_is_not_there_is_unavailable_and_shows_no_password() -> None:
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    with pytest.raises(StoreUnavailable) as caught:
        open_database(f"postgresql://me:s3cret@127.0.0.1:{port}/db")
    assert "s3cret" not in str(caught.value)


def test_a_connection_that_the_server_dropped_is_replaced(postgres: Postgres, postgres_url: str) -> None:
    catalog = Catalog(open_database(postgres_url))
    run_id = catalog.add_run(recipe(), blocks(people(9)), title="")
    postgres.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        f"WHERE datname = '{postgres_url.rpartition('/')[2]}'"
    )
    assert catalog.run(run_id).id == run_id
    catalog.close()


def test_an_error_of_the_store_keeps_no_trace_of_the_statement(place: Path) -> None:
    place.write_bytes(b"garbage" * 1000)
    with pytest.raises(StoreError) as caught:
        open_database(url_of(place))
    assert "SELECT" not in str(caught.value)
