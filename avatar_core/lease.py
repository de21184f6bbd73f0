"""Who is alive: leases, which are named locks that last as long as their process, and who has a request under way.

A worker holds a lease under its executor id for as long as it lives. Whoever can take that lease has proof that the
worker is gone, and only then is its unfinished work handed to somebody else. Beside SQLite the lease is a locked
file; on PostgreSQL it is an advisory lock of a session, so it also ends when the network does.
"""

from __future__ import annotations

import hashlib
import os
import socket
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import sqlalchemy as sa
from filelock import FileLock, Timeout

from avatar_core.errors import StoreUnavailable


class Callers:
    """Who in this process has a request under way. It outlives an engine, as a request may."""

    def __init__(self) -> None:
        self._names: set[str] = set()
        self._changed = threading.Condition()

    @contextmanager
    def calling(self, executor: str) -> Iterator[str]:
        """A new caller's name, known while the request lasts."""
        name = f"{executor}#{uuid.uuid4().hex[:12]}"
        with self._changed:
            self._names.add(name)
        try:
            yield name
        finally:
            with self._changed:
                self._names.discard(name)
                self._changed.notify_all()

    def __contains__(self, name: str) -> bool:
        with self._changed:
            return name in self._names

    def wait(self, executor: str, seconds: float | None = None) -> bool:
        """Wait until an executor has no request under way, or for so many seconds. Whether it has none is returned."""
        with self._changed:
            return self._changed.wait_for(
                lambda: not any(name.startswith(f"{executor}#") for name in self._names), seconds
            )


CALLERS = Callers()
"""One for the process."""


class FileLease:
    """A lease beside an SQLite file."""

    def __init__(self, folder: Path, executor: str) -> None:
        self.executor = executor
        self._folder = folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._lock = FileLock(folder / executor, thread_local=False)
            self._lock.acquire(timeout=0)
        except OSError as error:
            raise StoreUnavailable(
                f"The data folder cannot hold a lock file ({type(error).__name__}). Point AVATAR_DATA_DIR at another."
            ) from None

    def check(self) -> None:
        """A file lock is never lost while its process lives."""

    def is_dead(self, executor: str) -> bool:
        """Whether the process behind another executor id is gone."""
        if executor == self.executor:
            return False
        path = self._folder / Path(executor).name
        if not path.exists():
            return True
        lock = FileLock(path, thread_local=False)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            return False
        lock.release()
        path.unlink(missing_ok=True)
        return True

    def release(self) -> None:
        """End the lease; from here on this executor counts as dead."""
        self._lock.release()
        (self._folder / self.executor).unlink(missing_ok=True)


class SessionLease:
    """A lease as an advisory lock of a PostgreSQL session. Not for connections pooled per transaction."""

    def __init__(self, url: sa.URL, executor: str) -> None:
        self.executor = executor
        alive = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3}
        self._engine = sa.create_engine(
            url.set(drivername="postgresql+psycopg"),
            isolation_level="AUTOCOMMIT",
            pool_size=2,
            connect_args={**alive, "options": "-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5"},
        )
        try:
            self._session = self._engine.connect()
            self._take(self._session, executor)
        except sa.exc.OperationalError:
            self._engine.dispose()
            raise StoreUnavailable(
                "The database cannot be reached. Check AVATAR_DATABASE_URL and the server."
            ) from None

    def check(self) -> None:
        """Raise if the session, and with it the lease, is lost: this process must stop working then."""
        self._session.execute(sa.text("SELECT 1"))

    def is_dead(self, executor: str) -> bool:
        """Whether the session behind another executor id is gone."""
        if executor == self.executor:
            return False
        with self._engine.connect() as session:  # lock and unlock in one session
            taken = self._take(session, executor)
            if taken:
                session.execute(sa.text("SELECT pg_advisory_unlock(:key)"), {"key": _key(executor)})
        return taken

    def release(self) -> None:
        """End the lease; from here on this executor counts as dead."""
        with suppress(sa.exc.SQLAlchemyError):  # the session may be lost, and the lease with it
            self._session.execute(sa.text("SELECT pg_advisory_unlock(:key)"), {"key": _key(self.executor)})
        self._session.close()
        self._engine.dispose()

    @staticmethod
    def _take(session: sa.Connection, executor: str) -> bool:
        return bool(
            session.execute(sa.text("SELECT pg_try_advisory_lock(:key)"), {"key": _key(executor)}).scalar()
        )


Lease = FileLease | SessionLease


def take_lease(engine_url: str) -> Lease:
    """A lease under a new executor id, unique to this process, at the database of the engine.

    Raises:
        StoreUnavailable: neither a file nor a session can be had there.
    """
    url = sa.make_url(engine_url)
    executor = f"{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:8]}"
    if url.get_backend_name() == "sqlite":
        return FileLease(Path(f"{url.database}.leases"), executor)
    return SessionLease(url, executor)


def _key(executor: str) -> int:
    return int.from_bytes(
        hashlib.sha256(f"avatar lease {executor}".encode()).digest()[:8], "big", signed=True
    )
