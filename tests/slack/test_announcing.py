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
from bot.slack.members import Members
from knowledge_base.advice import Advice
from knowledge_base.brokers.records import Broker, Client, Place
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
        self.groups: dict[str, list[str] | None] = {}  # None: Slack does not say
        door: Any = SimpleNamespace(
            clock=lambda: self.now,
            outbox=SlackOutbox(database),
            wake_deliverer=lambda: None,
            identity=SimpleNamespace(team="T1"),
            members=Members(self.advice.teams, self.advice.brokers, self, lambda: self.now.timestamp()),  # type: ignore[arg-type]
            loop=None,
        )
        self.announcing = Announcing(door, self.advice)
        self.other = Announcing(door, self.advice)

    async def usergroups_users_list(self, *, usergroup: str) -> dict[str, Any]:
        """Say who is in a group, as Slack does."""
        found = self.groups[usergroup]
        if found is None:
            raise TimeoutError
        return {"users": found}

    def broker(self, user: str, name: str, **more: Any) -> Broker:
        told = {"team": self.team.id, "slack_team": "T1", "slack_user": user, **more}
        return self.advice.brokers.add(name=name, now=MORNING, **told)

    def client(
        self, session: str = "s1", place: Place | None = THREAD, broker: Broker | None = None
    ) -> Client:
        whose = broker.id if broker else None
        kept = self.advice.clients.add(self.team.id, whose, f"Example {session}", session, MORNING)
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
    client = office.client(broker=office.broker("U1", "Kim Example"))
    for place in (Place("T1", "C1", "9.9"), Place("T1", "D1", "2.2", "U1")):
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


def changed(office: Office, client: Client) -> list[tuple[str, str | None]]:
    """Where it is told that something changed for a client: channel, and thread, "new" under a new root."""
    office.progress(client, done=(CHECK_UP.id,))
    office.later(minutes=5)
    posts = [post for post in office.said() if post.key.startswith("changed:")]
    return [(post.channel, "new" if post.after_key else post.thread_ts) for post in posts]


def test_who_has_a_client_now_is_told_and_not_who_had_it_and_left(office: Office):
    kim, ben = office.broker("U1", "Kim Example"), office.broker("U2", "Ben Example")
    client = office.client(place=Place("T1", "D1", "1.1", "U1"), broker=kim)
    office.advice.clients.hand_over(client.id, office.team.id, ben.id, MORNING)
    office.advice.brokers.change(kim.id, now=MORNING, active=False)

    assert changed(office, client) == [("U2", "new")]
    root, told = office.said()
    assert (root.channel, root.payload["text"].split(".")[0], root.about) == ("U2", "Example s1", client.id)
    assert root.key == told.after_key
    assert faults_of(root.payload["blocks"]) == []


def test_a_thread_with_who_has_it_is_gone_on_with_though_somebody_elses_is_newer(office: Office):
    kim, ben = office.broker("U1", "Kim Example"), office.broker("U2", "Ben Example")
    client = office.client(place=Place("T1", "D2", "1.1", "U2"), broker=ben)
    office.advice.clients.bind(Place("T1", "D1", "9.9", kim.slack_user), client=client.id)

    assert changed(office, client) == [("D2", "1.1")]


def test_the_teams_own_channel_is_read_by_whoever_has_it(office: Office):
    kim, ben = office.broker("U1", "Kim Example"), office.broker("U2", "Ben Example")
    client = office.client(broker=kim)
    office.advice.clients.bind(Place("T1", "D1", "9.9", "U1"), client=client.id)
    office.advice.clients.hand_over(client.id, office.team.id, ben.id, MORNING)

    assert changed(office, client) == [("C1", "1.1")]


@pytest.mark.parametrize("place", [Place("T1", "C9", "1.1"), Place("T1", "D1", "1.1")])
def test_in_a_channel_of_others_or_of_nobody_knows_whom_nothing_is_told(office: Office, place: Place):
    client = office.client(place=place, broker=office.broker("U1", "Kim Example"))

    assert changed(office, client) == [("U1", "new")]


def test_nobody_is_told_of_a_client_of_a_team_that_is_shut_out(office: Office):
    client = office.client(broker=office.broker("U1", "Kim Example"))
    office.advice.teams.change(office.team.id, now=MORNING, active=False)

    assert changed(office, client) == []


def test_who_left_the_user_group_is_not_told_and_while_slack_does_not_say_it_waits(office: Office):
    office.advice.teams.change(office.team.id, now=MORNING, slack_group="S1")
    client = office.client(
        place=Place("T1", "D1", "1.1", "U1"), broker=office.broker("U1", "Kim Example", by_group=True)
    )
    office.groups["S1"] = None
    waiting = changed(office, client)
    office.groups["S1"] = ["U1"]
    office.later(minutes=5)
    told = [post.channel for post in office.said()]
    office.groups["S1"] = []
    office.now += timedelta(days=1)
    office.progress(client, turned_down=(GRANT.id,))
    office.later(minutes=5)

    assert (waiting, told) == ([], ["D1"])
    assert len(office.said()) == 1


def test_who_began_a_client_as_one_of_the_user_group_is_told_while_they_are_in_it(office: Office):
    office.advice.teams.change(office.team.id, now=MORNING, slack_group="S1")
    office.groups["S1"] = ["U7"]
    client = office.client(place=Place("T1", "D7", "1.1", "U7"))
    left = office.client("s2", Place("T1", "D8", "1.1", "U8"))
    office.progress(left, done=(CHECK_UP.id,))

    assert changed(office, client) == [("D7", "1.1")]


def test_a_crash_before_the_new_thread_was_noted_begins_no_second_and_tells_nothing_twice(
    office: Office, monkeypatch: pytest.MonkeyPatch
):
    client = office.client(place=None, broker=office.broker("U1", "Kim Example"))
    office.progress(client, done=(CHECK_UP.id,))
    office.now += timedelta(minutes=5)
    with monkeypatch.context() as crash:
        crash.setattr(office.advice.news, "done", lambda *_: (_ for _ in ()).throw(OSError("stopped")))
        with pytest.raises(OSError, match="stopped"):
            office.announcing.look()
    office.advice.clients.bind(Place("T1", "D1", "5.5", "U1"), client=client.id)

    office.later(minutes=5)

    assert [post.channel for post in office.said()] == ["U1", "U1"]
