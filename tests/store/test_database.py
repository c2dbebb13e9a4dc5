"""A database is brought up to date once, whoever starts first, and says plainly when it cannot be used."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from knowledge_base.store import database as database_module
from knowledge_base.store.chats import Chats
from knowledge_base.store.database import Database, StoreUnavailable, open_database
from knowledge_base.store.desk_tables import Base
from knowledge_base.store.tables import HealthCheckRow
from tests.store.conftest import NOW


def test_the_migrations_make_the_tables_of_the_code(database):
    with database.session() as session:
        context = MigrationContext.configure(session.connection(), opts={"compare_type": True})
        differences = compare_metadata(context, Base.metadata)

    assert differences == []


def test_migrating_again_keeps_what_is_there(database):
    session = Chats(database).new_session(NOW)

    database.migrate()

    assert Chats(database).known(session, NOW)


def test_processes_that_start_at_once_all_find_the_tables_made(address):
    code = (
        "import sys; from knowledge_base.store.database import open_database; d = open_database(sys.argv[1])"
    )
    command = [sys.executable, "-c", f"{code}; d.migrate(); d.healthy()", address]
    started = [subprocess.Popen(command, cwd=_root()) for _ in range(3)]

    assert [process.wait(timeout=60) for process in started] == [0, 0, 0]


def _root() -> Path:
    return Path(database_module.__file__).parents[2]


def test_threads_that_migrate_at_once_all_find_the_tables_made(address):
    def start(_: int) -> bool:
        opened = open_database(address)
        opened.migrate()
        opened.healthy()
        opened.close()
        return True

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(start, range(4)))


def test_a_health_check_leaves_nothing_behind(database):
    for _ in range(3):
        database.healthy()

    with database.session() as session:
        assert session.query(HealthCheckRow).count() == 0


def test_a_database_without_tables_says_to_migrate(address):
    opened = open_database(address)
    if address.startswith("sqlite"):
        Path(address.removeprefix("sqlite:///")).touch()

    with pytest.raises(StoreUnavailable, match="it holds no tables yet"):
        opened.healthy()
    opened.close()


def test_a_transaction_that_fails_half_way_changes_nothing(database):
    def fail_half_way() -> None:
        with database.writing() as session:
            session.add(HealthCheckRow(id="half"))
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_half_way()

    with database.session() as session:
        assert session.get(HealthCheckRow, "half") is None


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "fingerpost.db"


@pytest.fixture
def on_file(file: Path):
    opened = open_database(f"sqlite:///{file}")
    opened.migrate()
    yield opened
    opened.close()


def test_a_database_file_that_is_removed_is_not_silently_made_anew(file: Path, on_file: Database):
    on_file.healthy()
    for path in file.parent.glob("fingerpost.db*"):
        path.unlink()

    with pytest.raises(StoreUnavailable, match="the file is not there"):
        on_file.healthy()
    assert not file.exists()


def test_a_database_file_that_is_put_back_is_used_again(file: Path, on_file: Database):
    on_file.healthy()
    moved = file.with_name("moved.db")
    with on_file.writing() as session:
        session.connection().exec_driver_sql("SELECT 1")
    on_file.close()
    file.rename(moved)
    with pytest.raises(StoreUnavailable):
        on_file.healthy()

    moved.rename(file)

    on_file.healthy()


def test_a_database_held_by_another_program_says_so(
    file: Path, on_file: Database, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(database_module, "WAIT_SECONDS", 0.2)
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    on_file.close()

    with pytest.raises(StoreUnavailable, match="another program holds it"):
        on_file.healthy()

    other.execute("ROLLBACK")
    other.close()
    on_file.healthy()


def test_writers_of_one_program_take_turns(on_file: Database, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(database_module, "WAIT_SECONDS", 0.2)
    held, release = threading.Event(), threading.Event()

    def hold() -> None:
        with on_file.writing():
            held.set()
            release.wait(20)

    holding = threading.Thread(target=hold)
    holding.start()
    assert held.wait(20)

    with pytest.raises(StoreUnavailable, match="something large is being written; try again in a moment"):
        on_file.healthy()

    release.set()
    holding.join()
    on_file.healthy()


def test_a_turn_that_failed_lets_the_next_one_write(on_file: Database):
    for _ in range(3):
        with pytest.raises(RuntimeError), on_file.writing():
            raise RuntimeError("broken by a test")

    on_file.healthy()


def test_a_writer_waits_for_the_one_before_it(file: Path, on_file: Database):
    other = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    release = threading.Timer(0.5, lambda: other.execute("ROLLBACK"))
    release.start()
    began = time.monotonic()

    on_file.healthy()

    assert time.monotonic() - began >= 0.4  # it waited for the other writer
    release.join()
    other.close()


def test_a_file_that_is_not_a_database_says_so(file: Path):
    file.write_bytes(b"not a database at all, but quite long enough to be looked at " * 100)

    with pytest.raises(StoreUnavailable, match="file is not a database"):
        open_database(f"sqlite:///{file}").migrate()


def test_a_folder_that_is_not_there_is_made(tmp_path: Path):
    file = tmp_path / "var" / "deep" / "fingerpost.db"
    opened = open_database(f"sqlite:///{file}")

    opened.migrate()

    opened.healthy()
    opened.close()
    assert file.is_file()


def test_a_folder_that_cannot_be_made_says_so(tmp_path: Path):
    (tmp_path / "var").write_text("a file where the folder should be")

    with pytest.raises(StoreUnavailable, match="cannot be made"):
        open_database(f"sqlite:///{tmp_path / 'var' / 'fingerpost.db'}").migrate()


def test_a_server_that_is_not_there_is_named_without_its_password():
    opened = open_database("postgres://someone:secret@127.0.0.1:9/fingerpost")

    with pytest.raises(StoreUnavailable) as unavailable:
        opened.healthy()

    assert "PostgreSQL database fingerpost on 127.0.0.1" in str(unavailable.value)
    assert "secret" not in str(unavailable.value)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("", "is not a database address"),
        ("fingerpost.db", "is not a database address"),
        ("mysql://localhost/x", "mysql is not supported"),
        ("sqlite://", "would be forgotten"),
        ("sqlite:///:memory:", "would be forgotten"),
    ],
)
def test_an_address_that_cannot_be_meant_is_refused(url, said):
    with pytest.raises(ValueError, match=said):
        open_database(url)


def test_postgresql_that_restarts_is_used_again_without_losing_a_message(postgresql):
    opened = open_database(postgresql)
    opened.migrate()
    chats = Chats(opened)
    session = chats.new_session(NOW)
    with opened.session() as transaction:
        pid = transaction.connection().exec_driver_sql("SELECT pg_backend_pid()").scalar()
    with open_database(postgresql).session() as killer:
        killer.connection().exec_driver_sql(f"SELECT pg_terminate_backend({int(pid or 0)})")

    assert chats.known(session, NOW)
    opened.close()


def test_opening_a_database_reads_and_writes_nothing(tmp_path: Path):
    open_database(f"sqlite:///{tmp_path / 'fingerpost.db'}")

    assert os.listdir(tmp_path) == []
