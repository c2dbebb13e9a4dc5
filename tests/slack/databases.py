"""Tests on both databases: what hangs on locks and leases, which each of them has its own way with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Connection, create_engine, make_url, text

# Put over a test that (through a fixture) asks for `slack_address`; the others run on SQLite alone.
on_both = pytest.mark.parametrize("slack_address", ["sqlite", "postgresql"], indirect=True)


def make_database(server: str, template: str = "template1") -> str:
    """Make a database on a PostgreSQL server, as a copy of another; return its address."""
    name = f"t{uuid4().hex}"
    _ask(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def drop_database(server: str, address: str) -> None:
    """Drop a database, whoever is still in it."""
    _ask(server, f"DROP DATABASE {name_of(address)} WITH (FORCE)")


def name_of(address: str) -> str:
    """The name of a database on its server."""
    return str(make_url(address).database)


@contextmanager
def away(address: str) -> Iterator[None]:
    """Keep everybody out of a database while the block lasts, who is in it too."""
    url = make_url(address)
    if url.get_backend_name() == "sqlite":
        file = Path(str(url.database))
        aside = file.rename(file.with_suffix(".aside"))
        try:
            yield
        finally:
            aside.rename(file)
        return
    server = url.set(database="postgres").render_as_string(hide_password=False)
    _ask(
        server,
        f"ALTER DATABASE {url.database} WITH ALLOW_CONNECTIONS false",
        f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{url.database}'",
    )
    try:
        yield
    finally:
        _ask(server, f"ALTER DATABASE {url.database} WITH ALLOW_CONNECTIONS true")


def _ask(server: str, *statements: str) -> None:
    address = make_url(server).set(drivername="postgresql+psycopg")
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    connection: Connection
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()
