"""Open the catalog's database: SQLite by default, PostgreSQL by URL; bring it to the newest schema."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from filelock import FileLock, Timeout

from avatar_core.errors import StoreError, StoreFull, StoreLocked, StoreNewer, StoreUnavailable
from avatar_core.store.schema import HEAD

BUSY_SECONDS = 15.0
"""How long a statement waits for somebody else's transaction before the database counts as locked."""


def open_database(url: str) -> sa.Engine:
    """Connect and migrate.

    Raises:
        StoreUnavailable, StoreLocked, StoreFull: it cannot be opened or written.
        StoreNewer: it was made by a newer version of this program.
    """
    try:
        parsed = sa.make_url(url)
    except sa.exc.ArgumentError:
        raise StoreUnavailable(
            "AVATAR_DATABASE_URL is not a database URL. Write sqlite:///… or postgresql://…"
        ) from None
    sqlite = parsed.get_backend_name() == "sqlite"
    if sqlite:
        if parsed.query:
            raise StoreUnavailable(
                "The address of the database must not contain “?”, also not in the name of a folder. "
                "Point AVATAR_DATA_DIR or AVATAR_DATABASE_URL at another."
            )
        _make_folder(parsed)
        engine = sa.create_engine(parsed, connect_args={"timeout": BUSY_SECONDS})
        sa.event.listen(engine, "connect", _prepare_sqlite)
    elif parsed.get_backend_name() == "postgresql":
        engine = sa.create_engine(parsed.set(drivername="postgresql+psycopg"), pool_pre_ping=True)
    else:
        raise StoreUnavailable(
            "AVATAR_DATABASE_URL must name SQLite or PostgreSQL: sqlite:///… or postgresql://…"
        )
    sa.event.listen(engine, "handle_error", _translate)
    try:
        if _revision(engine) != HEAD:
            _migrate(engine, parsed)
    except BaseException:
        engine.dispose()
        raise
    return engine


def _make_folder(url: sa.URL) -> None:
    if not url.database or url.database == ":memory:":
        raise StoreUnavailable("AVATAR_DATABASE_URL must name a file, such as sqlite:///avatars.sqlite.")
    try:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreUnavailable(
            f"The data folder cannot be made ({type(error).__name__}). Point AVATAR_DATA_DIR at a writable folder."
        ) from None


def _prepare_sqlite(connection: Any, _record: object) -> None:
    try:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")  # a finished picture survives a power cut
        connection.execute("PRAGMA foreign_keys=ON")
    except sqlite3.Error as error:
        connection.close()
        raise _named(str(error)) from None


def _revision(engine: sa.Engine) -> str | None:
    with engine.connect() as connection:
        if not sa.inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()


def _migrate(engine: sa.Engine, url: sa.URL) -> None:
    """Upgrade under a lock: several programs may start at once."""
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    revision = _revision(engine)
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if revision is not None and revision not in known:
        raise StoreNewer()
    if url.get_backend_name() == "sqlite":
        try:
            with (
                FileLock(f"{url.database}.migration.lock", timeout=BUSY_SECONDS),
                engine.begin() as connection,
            ):
                # The driver begins no transaction for CREATE TABLE; without one, a crash leaves half a schema.
                connection.exec_driver_sql("BEGIN IMMEDIATE")
                config.attributes["connection"] = connection
                command.upgrade(config, "head")
        except Timeout:
            raise StoreLocked() from None
        except OSError as error:
            raise StoreUnavailable(
                f"The data folder is not writable ({type(error).__name__}). Point AVATAR_DATA_DIR at another."
            ) from None
        return
    with engine.begin() as connection:
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(7463201)"))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _translate(context: sa.engine.ExceptionContext) -> StoreError | None:
    """Give the user's words to what the driver says. Errors of our own making stay what they are."""
    if context.is_pre_ping:
        return None  # so that the pool learns that a connection is stale, and opens another
    original, said = context.original_exception, context.sqlalchemy_exception
    if isinstance(original, StoreError):
        return original
    ours = (sa.exc.IntegrityError, sa.exc.ProgrammingError, sa.exc.DataError)
    if isinstance(said, sa.exc.DatabaseError) and not isinstance(said, ours):
        return _named(str(original))
    return None


def _named(said: str) -> StoreError:
    lower = said.lower()
    if "locked" in lower or "busy" in lower:
        return StoreLocked()
    if "full" in lower or "no space" in lower:
        return StoreFull()
    if "not a database" in lower or "malformed" in lower:
        return StoreUnavailable(
            "The catalog is not a usable SQLite database. Restore it from a backup, or point AVATAR_DATA_DIR at a new folder."
        )
    return StoreUnavailable()
