"""Open the database, bring it up to date, and say plainly when it cannot be used."""

from __future__ import annotations

import os
import secrets
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, DisconnectionError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

from knowledge_base.store.tables import HealthCheckRow

WAIT_SECONDS = 10
BUSY = "something large is being written; try again in a moment"
MIGRATIONS = Path(__file__).parent.parent / "migrations"
_MIGRATION_LOCK = 6_104_771  # any number, the same in every process: PostgreSQL's advisory lock

# Alembic's `op` and `context` are module globals, so one process migrates one database at a time.
_MIGRATING = threading.Lock()


class StoreUnavailable(RuntimeError):
    """The database cannot be read or written just now. The message is fit to be shown to staff."""


class BadAddress(ValueError):
    """DATABASE_URL names no database we can use. The message says what to write."""


class Database:
    """One database, shared by the threads of a process. Make it with `open_database`."""

    def __init__(self, engine: Engine, name: str) -> None:
        self._engine = engine
        self._writer = engine.execution_options(writes=True)
        self.name = name

    @property
    def one_writer(self) -> bool:
        """Say whether one who writes keeps all others from writing meanwhile, as with SQLite."""
        return self._engine.dialect.name == "sqlite"

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Give a session for reading; what is written in it is kept, but see `writing`.

        Raises:
            StoreUnavailable: the database cannot be reached, is locked, or was never migrated.
        """
        with self._guarded(), Session(self._engine, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Give a session that holds SQLite's write lock from the start, so that it cannot be overtaken."""
        with self._guarded(), Session(self._writer, expire_on_commit=False) as session, session.begin():
            yield session

    def migrate(self) -> None:
        """Bring the tables up to date. Safe when several processes start at once, and when repeated."""
        with self._guarded(), _MIGRATING:
            if self.one_writer:
                with self._engine.connect() as connection:
                    connection.connection.driver_connection.execute("PRAGMA journal_mode=WAL")  # type: ignore[union-attr]
            with self._writer.begin() as connection:
                if connection.dialect.name == "postgresql":
                    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
                _upgrade(connection)

    def healthy(self) -> None:
        """Write a row, read it back and remove it.

        Raises:
            StoreUnavailable: it could not be done; the message says why and what to look at.
        """
        token = secrets.token_hex(16)
        with self.writing() as session:
            session.add(HealthCheckRow(id=token))
        with self.writing() as session:
            row = session.get(HealthCheckRow, token)
            if row is None:
                raise StoreUnavailable(f"{self.name} does not keep what is written to it; check its disk")
            session.delete(row)

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        try:
            yield
        except (IntegrityError, DataError):
            raise
        except PoolTimeout as error:
            raise StoreUnavailable(
                f"{self.name} has no free connection; too much is asked of it at once"
            ) from error
        except DBAPIError as error:
            raise StoreUnavailable(f"{self.name} cannot be used: {_reason(error)}") from error


def open_database(url: str) -> Database:
    """Open a database by its address; nothing is read or written until it is used.

    ``sqlite:///var/fingerpost.db`` is a file, made with its folder by `Database.migrate`;
    ``postgresql://`` and ``postgres://`` are reached through psycopg.

    Raises:
        BadAddress: the address is neither of these.
    """
    try:
        parsed = make_url(url.strip())
    except (ArgumentError, ValueError):
        raise BadAddress(
            "DATABASE_URL is not a database address; write sqlite:///var/fingerpost.db"
        ) from None
    kind = parsed.drivername.split("+")[0]
    if kind == "sqlite":
        return _open_sqlite(parsed)
    if kind in ("postgresql", "postgres"):
        return _open_postgresql(parsed)
    raise BadAddress(f"DATABASE_URL: {kind[:40]} is not supported; use sqlite:///a-file.db or postgresql://…")


def _open_sqlite(url: URL) -> Database:
    if url.database in (None, "", ":memory:"):
        raise BadAddress(
            "DATABASE_URL: a database in memory would be forgotten; write sqlite:///var/fingerpost.db"
        )
    path = Path(str(url.database)).absolute()

    def connect() -> sqlite3.Connection:
        address = f"file:{quote(str(path))}?mode=rw"
        connection = sqlite3.connect(
            address, timeout=WAIT_SECONDS, uri=True, isolation_level=None, check_same_thread=False
        )
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA synchronous=NORMAL")
        return connection

    engine = create_engine(
        "sqlite://",
        creator=connect,
        hide_parameters=True,
        poolclass=QueuePool,
        pool_size=5,
        max_overflow=20,
        pool_timeout=WAIT_SECONDS,
    )

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    @event.listens_for(engine, "connect")
    def remember(dbapi_connection: Any, entry: ConnectionPoolEntry) -> None:
        entry.info["file"] = os.stat(path).st_ino

    @event.listens_for(engine, "checkout")
    def same_file(dbapi_connection: Any, entry: ConnectionPoolEntry, proxy: Any) -> None:
        # A removed file stays open in its old connections: what they write would be lost.
        if not path.exists() or path.stat().st_ino != entry.info["file"]:
            raise DisconnectionError(f"{path.name} is gone")

    return _SqliteDatabase(engine, path)


class _SqliteDatabase(Database):
    def __init__(self, engine: Engine, path: Path) -> None:
        super().__init__(engine, f"the database file {path.name}")
        self._path = path
        # SQLite has who waits look again after a sleep of up to a tenth of a second, in no order.
        self._turn = threading.Lock()

    @contextmanager
    def writing(self) -> Iterator[Session]:
        if not self._turn.acquire(timeout=WAIT_SECONDS):
            raise StoreUnavailable(f"{self.name} cannot be written to: {BUSY}")
        try:
            with super().writing() as session:
                yield session
        finally:
            self._turn.release()

    def migrate(self) -> None:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._path.touch(exist_ok=True)
        except OSError as error:
            raise StoreUnavailable(
                f"{self.name} cannot be made in {self._path.parent}: {error.strerror}"
            ) from error
        super().migrate()


def _open_postgresql(url: URL) -> Database:
    # A lock or a statement that waits for ever would hold a business's message for ever.
    limits = f"-c lock_timeout={WAIT_SECONDS}s -c statement_timeout=60s -c timezone=UTC"
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"),
        pool_pre_ping=True,
        hide_parameters=True,
        pool_size=5,
        max_overflow=20,
        pool_timeout=WAIT_SECONDS,
        connect_args={"connect_timeout": WAIT_SECONDS, "options": limits},
    )
    return Database(engine, f"the PostgreSQL database {url.database or ''} on {url.host or 'this machine'}")


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _reason(error: DBAPIError) -> str:
    words = str(error.orig).strip().splitlines()
    first = words[0] if words else type(error.orig).__name__
    if "locked" in first:
        return "another program holds it; close that program and try again"
    if "unable to open" in first:
        return "the file is not there, or may not be read; check DATABASE_URL, or start once to make it"
    if "no such table" in first or ("does not exist" in first and "relation" in first):
        return "it holds no tables yet; start with migrations first"
    if "disk is full" in first or "No space left" in first:
        return "its disk is full; make room, then try again"
    if "readonly" in first:
        return "it may not be written to; check who owns the file and its folder"
    return first[:200]
