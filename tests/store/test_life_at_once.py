"""Many at once, a process that dies, a full disk, a locked database: whole or not at all, and always told."""

from __future__ import annotations

import os
import signal
import sqlite3
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import create_engine, event, text
from sqlalchemy.engine import make_url

from knowledge_base.store import database as databases
from knowledge_base.store.catalogue_store import CatalogueStore, StaleRecord
from knowledge_base.store.database import Database, StoreUnavailable, open_database
from knowledge_base.store.life import Life
from tests.store.conftest import NOW
from tests.store.life_records import ANNA, BEN, everything, life_in, publish, save

EDITORS = 50


def at_once(count: int, act) -> Counter[str]:
    """Let many do the same at one moment; count what came of it."""
    barrier = Barrier(count)

    def one(number: int) -> str:
        barrier.wait()
        try:
            act(number)
        except StaleRecord:
            return "told"
        return "done"

    with ThreadPoolExecutor(count) as pool:
        return Counter(pool.map(one, range(count)))


def test_of_fifty_editors_who_save_at_once_one_wins_each_version_and_all_others_are_told(life):
    for round in range(4):
        copy = life.working("offer", "example-grant")
        read = copy.version if copy else 0

        came = at_once(EDITORS, lambda n: save(life, summary=f"Round {round} by {n}.", version=read))  # noqa: B023

        assert came == {"done": 1, "told": EDITORS - 1}
        assert life.working("offer", "example-grant").version == read + 1
    history = life.history("offer", "example-grant")
    assert [entry.version for entry in history] == [4, 3, 2, 1]
    assert [entry.document["summary"][:7] for entry in history] == [f"Round {n}" for n in (3, 2, 1, 0)]


def test_fifty_editors_of_fifty_records_lose_nothing(life):
    came = at_once(EDITORS, lambda n: save(life, f"grant-{n}", summary=f"Written by {n}."))

    assert came == {"done": EDITORS}
    assert {copy.id: copy.document["summary"] for copy in life.working_all()} == {
        f"grant-{n}": f"Written by {n}." for n in range(EDITORS)
    }


def test_an_offer_that_many_publish_at_once_is_published_once(life):
    version = life.send("offer", "example-grant", ANNA, NOW, save(life))

    came = at_once(12, lambda n: life.publish("offer", "example-grant", BEN, NOW, version))

    assert came == {"done": 1, "told": 11}
    assert life.published("offer", "example-grant")[1] == 1


def test_who_saves_while_another_publishes_is_never_overwritten_unseen(life):
    """Either the save was first and the publisher is told, or the editor is told: never both done."""
    for _ in range(5):
        copy_version = life.send("offer", "example-grant", ANNA, NOW, save(life, why="the page changed"))

        def act(number: int, version: int = copy_version) -> None:
            if number:
                life.publish("offer", "example-grant", BEN, NOW, version)
            else:
                save(life, summary="In the last moment.", version=version)

        assert at_once(2, act) == {"done": 1, "told": 1}
        if life.working("offer", "example-grant"):
            life.discard("offer", "example-grant", ANNA, "", NOW)


def dies_at(address: str, statement: int, act) -> bool:
    """Do something in a process that is killed before its n-th statement; say whether it got that far."""
    child = os.fork()
    if child == 0:
        done = 1
        try:
            opened = open_database(address)
            life = Life(CatalogueStore(opened), own_drafts=True)
            life.store.catalogue(published_only=False)
            seen = [0]

            def count(*_: object) -> None:
                seen[0] += 1
                if seen[0] == statement:
                    os.kill(os.getpid(), signal.SIGKILL)

            event.listen(opened._engine, "before_cursor_execute", count)
            event.listen(opened._engine, "commit", count)
            act(life)
            done = 0
        finally:
            os._exit(done)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return True
    assert os.WEXITSTATUS(status) == 0, "what was done failed, and nobody killed it"
    return False


ACTS = {
    "save": lambda life: save(life, summary="Saved.", why="the page says so"),
    "publish": lambda life: life.publish(
        "offer", "example-grant", ANNA, NOW, life.working("offer", "example-grant").version
    ),
    "delete": lambda life: life.delete("offer", "example-grant", by=ANNA, why="there twice", now=NOW),
    "close": lambda life: life.close("example-grant", by=ANNA, why="it is over", now=NOW),
}


@pytest.mark.parametrize("act", ACTS)
def test_a_process_that_is_killed_leaves_nothing_half_written(database, address, act):
    life = life_in(database)
    publish(life)
    save(life, summary="A draft.", why="the page changed")
    before = everything(life)
    died = 0
    while dies_at(address, died + 1, ACTS[act]):
        died += 1
        assert everything(life) == before, f"killed before statement {died}"
        assert died < 100
    after = everything(life)

    assert died > 5
    assert after != before
    assert len(after["history"]) == len(before["history"]) + 1


def refused_for_want_of_room(small: SmallDisk, life: Life, act) -> int:
    """Do something with ever more room until it is done; say how often it was refused and changed nothing."""
    before, used = everything(life), small.used()
    for refused in range(90):
        small.leave(used + 3 * refused)
        try:
            act()
            return refused
        except StoreUnavailable as error:
            told = str(error)
        finally:
            small.leave(None)
        assert "its disk is full; make room" in told
        assert everything(life) == before
    pytest.fail("it was never done, however much room there was")


class SmallDisk:
    """A database file that may grow to so many pages."""

    def __init__(self, database: Database) -> None:
        self.database, self.most = database, None
        event.listen(database._engine, "connect", self._limit)

    def _limit(self, connection, _) -> None:
        if self.most is not None:
            connection.execute(f"PRAGMA max_page_count={self.most}")

    def leave(self, pages: int | None) -> None:
        self.most = pages
        self.database.close()  # so that the next connection is made with it

    def used(self) -> int:
        with self.database.session() as session:
            return session.scalar(text("PRAGMA page_count"))


def test_a_full_disk_is_said_to_be_full_and_nothing_is_half_written(tmp_path):
    opened = open_database(f"sqlite:///{tmp_path / 'small.db'}")
    opened.migrate()
    small, life = SmallDisk(opened), life_in(opened, own_drafts=True)
    publish(life)
    long = [{"words": f"You must say what you do, and why: {n} {'x' * 900}"} for n in range(90)]

    assert refused_for_want_of_room(small, life, lambda: save(life, criteria=long)) > 3
    version = life.working("offer", "example-grant").version
    assert (
        refused_for_want_of_room(
            small, life, lambda: life.publish("offer", "example-grant", ANNA, NOW, version)
        )
        > 3
    )
    assert len(life.published("offer", "example-grant")[0]["criteria"]) == 90
    opened.close()


def test_a_database_that_another_program_holds_is_said_to_be_held(database, address, monkeypatch):
    ready = life_in(database)
    publish(ready)
    before = everything(ready)
    monkeypatch.setattr(databases, "WAIT_SECONDS", 1)
    impatient = open_database(address)
    life = Life(CatalogueStore(impatient))

    with held(address), pytest.raises(StoreUnavailable, match=r"another program|lock"):
        save(life, summary="Not kept.")
    with held(address), pytest.raises(StoreUnavailable):
        life.withdraw("offer", "example-grant", by=BEN, why="it is over", now=NOW)

    assert everything(ready) == before
    save(life, summary="Kept, once it is free again.")
    impatient.close()


class held:
    """Somebody else's program in the middle of writing."""

    def __init__(self, address: str) -> None:
        self.address = address

    def __enter__(self) -> None:
        url = make_url(self.address)
        if url.drivername == "sqlite":
            self.connection = sqlite3.connect(str(url.database), isolation_level=None)
            self.connection.execute("BEGIN EXCLUSIVE")
            return
        self.engine = create_engine(url.set(drivername="postgresql+psycopg"))
        self.connection = self.engine.connect()
        self.connection.execute(text("LOCK TABLE catalogue_version IN ACCESS EXCLUSIVE MODE"))

    def __exit__(self, *_: object) -> None:
        self.connection.close()
        if hasattr(self, "engine"):
            self.engine.dispose()
