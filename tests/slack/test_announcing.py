"""A broker is told in the client's thread what changed in its roadmap, once, by day, unless they did it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import event, select

from bot.slack.announcing import Announcing
from knowledge_base.advice import Advice
from knowledge_base.brokers.records import Client, Place
from knowledge_base.profile import parse_profile
from knowledge_base.replanning import Happened
from knowledge_base.store.broker_tables import RoadmapNewsRow, SlackOutboxRow
from knowledge_base.store.database import Database
from knowledge_base.store.slack_outbox import SlackOutbox
from tests.slack.block_checks import faults_of
from tests.store.example_records import CHECK_UP, GRANT, example_advice

MORNING = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
NEEDS = ("process_improvement", "finance")
THREAD = Place("T1", "C1", "1.1")


class Office:
    """A hub's advice, one team, and the time of day."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.now = MORNING
        self.advice: Advice = example_advice(database)
        self.team = self.advice.teams.add(name="Example team", slack_team="T1", channel="C1", now=MORNING)
        door: Any = SimpleNamespace(
            clock=lambda: self.now, outbox=SlackOutbox(database), wake_deliverer=lambda: None
        )
        self.announcing = Announcing(door, self.advice)
        self.other = Announcing(door, self.advice)

    def client(self, session: str = "s1", place: Place | None = THREAD) -> Client:
        kept = self.advice.clients.add(self.team.id, None, f"Example {session}", session, MORNING)
        plan = self.advice.plan(
            NEEDS, parse_profile({"employees": 14}), on=MORNING.date(), now=MORNING, session=session
        )
        told = {"needs": NEEDS, "profile": {"employees": 14}, "roadmap": plan.id}
        kept = self.advice.clients.keep(kept.id, version=kept.version, now=MORNING, **told)
        if place:
            self.advice.clients.bind(place, client=kept.id)
        return kept

    def closes(self) -> None:
        """A curator closes the grant that the roadmaps hold."""
        self.advice.records.save_offer(
            replace(GRANT, window=replace(GRANT.window, closes=date(2026, 11, 22))), "C", "closed", self.now
        )

    def progress(self, client: Client, **happened: Any) -> dict[str, Any]:
        made = self.advice.progress(client.roadmap, Happened(**happened), on=self.now.date(), now=self.now)
        assert made
        return made.document

    def later(self, **passed: float) -> int:
        """Look again when some time has passed; return how much was told."""
        self.now += timedelta(**passed)
        return self.announcing.look()

    def said(self) -> list[SlackOutboxRow]:
        with self.database.session() as transaction:
            return list(transaction.scalars(select(SlackOutboxRow).order_by(SlackOutboxRow.id)))


@pytest.fixture
def office(slack_database: Database) -> Office:
    return Office(slack_database)


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    found: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "UPDATE", "INSERT", "DELETE")):
            found.append(statement)

    event.listen(database._engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(database._engine, "before_cursor_execute", note)


def test_a_record_that_changed_is_told_in_the_clients_thread_with_the_reason(office: Office):
    client = office.client()
    office.closes()

    office.announcing.look()
    told = office.later(minutes=5)

    [post] = office.said()
    assert told == 1
    assert (post.channel, post.thread_ts, post.about) == ("C1", "1.1", client.id)
    assert post.payload["text"].startswith("What changed for Example s1, and why:")
    assert "example grant" in post.payload["text"].casefold()
    assert f"http://hub.example.org/roadmap/{client.roadmap}" in post.payload["text"]
    assert faults_of(post.payload["blocks"]) == []


def test_the_same_change_is_told_once_however_often_and_wherever_it_is_looked_for(office: Office):
    office.client()
    office.closes()
    office.announcing.look()
    office.later(minutes=5)

    assert [office.later(minutes=5), office.other.look(), office.later(days=1)] == [0, 0, 0]
    assert len(office.said()) == 1


def test_what_was_put_before_a_crash_is_not_put_again(office: Office, monkeypatch: pytest.MonkeyPatch):
    client = office.client()
    office.progress(client, done=(CHECK_UP.id,))
    office.now += timedelta(minutes=5)
    with monkeypatch.context() as crash:
        crash.setattr(office.advice.news, "done", lambda *_: (_ for _ in ()).throw(OSError("stopped")))
        with pytest.raises(OSError, match="stopped"):
            office.announcing.look()
    office.progress(client, turned_down=(GRANT.id,))

    office.later(minutes=5)
    office.later(minutes=5)

    first, second = (post.payload["text"] for post in office.said())
    assert "check up is done" in first.casefold()
    assert "grant" in second.casefold()
    assert "check up is done" not in second.casefold()


def test_a_day_gone_by_is_told_on_the_next_morning(office: Office):
    office.client()
    office.announcing.look()

    office.later(days=80)
    told = office.later(minutes=5)

    assert told == 1
    assert "grant" in office.said()[0].payload["text"].casefold()


def test_progress_the_owner_notes_on_the_page_is_told_together(office: Office):
    client = office.client()
    office.progress(client, done=(CHECK_UP.id,))
    office.progress(client, turned_down=(GRANT.id,))

    assert office.announcing.look() == 0
    office.later(minutes=5)

    [post] = office.said()
    assert "check up is done" in post.payload["text"].casefold()
    assert "grant" in post.payload["text"].casefold()


def test_nothing_is_said_at_night_and_all_of_it_in_the_morning(office: Office):
    office.client()
    office.closes()
    office.now = MORNING.replace(hour=19)

    assert [office.announcing.look(), office.later(hours=6), office.later(hours=6, minutes=59)] == [0, 0, 0]
    assert office.said() == []
    office.later(minutes=1)
    assert office.later(minutes=5) == 1


def test_what_a_broker_changed_in_the_thread_is_not_told_again(office: Office):
    client = office.client()
    document = office.progress(client, turned_down=(GRANT.id,))
    assert document["changes"]

    office.advice.news.told(client.roadmap or "", document["changes"])

    assert office.later(minutes=5) == 0
    assert office.said() == []


def test_a_client_in_the_archive_without_a_thread_or_forgotten_is_not_told_of(office: Office):
    archived, alone = office.client("s1"), office.client("s2", None)
    forgotten = office.client("s3", Place("T1", "C1", "3.3"))
    office.closes()
    office.advice.clients.archive(archived.id, office.team.id, MORNING)
    office.announcing.look()
    office.advice.clients.forget(forgotten.id, office.team.id, MORNING)

    office.later(minutes=5)

    assert office.said() == []
    assert office.advice.roadmaps.get(alone.roadmap or "", office.now).marked is False


def test_a_client_with_threads_in_two_channels_is_told_of_in_the_newest_of_each(office: Office):
    client = office.client()
    for place in (Place("T1", "C1", "9.9"), Place("T1", "D1", "2.2")):
        office.advice.clients.bind(place, client=client.id)
    office.progress(client, done=(CHECK_UP.id,))

    office.later(minutes=5)

    assert sorted((post.channel, post.thread_ts) for post in office.said()) == [("C1", "9.9"), ("D1", "2.2")]


def test_one_roadmap_that_cannot_be_planned_again_keeps_no_other_waiting(
    office: Office, monkeypatch: pytest.MonkeyPatch
):
    broken = office.client("s1")
    office.client("s2", Place("T1", "C1", "2.2"))
    office.closes()
    whole = office.advice.open_roadmap

    def fails(id: str, **when: Any) -> Any:
        if id == broken.roadmap:
            raise RuntimeError("secret words")
        return whole(id, **when)

    monkeypatch.setattr(office.advice, "open_roadmap", fails)
    office.announcing.look()
    office.later(minutes=5)

    assert [post.thread_ts for post in office.said()] == ["2.2"]


def test_an_owners_roadmap_that_is_no_clients_leaves_nothing_to_tell(office: Office):
    plan = office.advice.plan(NEEDS, parse_profile({"employees": 14}), on=MORNING.date(), now=MORNING)
    office.advice.progress(plan.id, Happened(done=(CHECK_UP.id,)), on=MORNING.date(), now=MORNING)

    with office.database.session() as transaction:
        assert list(transaction.scalars(select(RoadmapNewsRow))) == []


@pytest.mark.parametrize("clients", [1, 40])
def test_a_look_where_nothing_changed_asks_as_little_for_many_clients_as_for_one(
    office: Office, clients: int
):
    for number in range(clients):
        office.client(f"s{number}", Place("T1", "C1", f"{number}.5"))
    office.announcing.look()

    with counted(office.database) as asked:
        office.later(minutes=5)

    assert len(asked) == 2


def test_what_is_told_no_more_goes_with_the_purge(office: Office):
    client = office.client()
    office.progress(client, done=(CHECK_UP.id,))
    office.advice.clients.archive(client.id, office.team.id, MORNING)

    assert office.advice.news.purge() == 1
