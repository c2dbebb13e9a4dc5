"""A business that asks for a person is with the right team at once, and gone when it asks for that."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from knowledge_base.advice import Advice
from knowledge_base.brokers.records import Place
from knowledge_base.hubs import read_hub
from knowledge_base.profile import parse_profile
from knowledge_base.store.database import open_database
from knowledge_base.store.slack_outbox import SlackOutbox
from knowledge_base.store.slack_work import SlackWork

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=timezone.utc)
PACK = Path(__file__).resolve().parents[1] / "pack"
CONTACT = {"name": "Example Metalworks Ltd", "email": "owner@example.org", "phone": "0121 496 0000"}


@pytest.fixture
def advice(tmp_path: Path) -> Iterator[Advice]:
    database = open_database(f"sqlite:///{tmp_path / 'example.sqlite'}")
    database.migrate()
    made = Advice(database, read_hub("default"), "http://hub.example.org")
    made.records.load_pack(PACK, now=NOW)
    yield made
    database.close()


def refer(advice: Advice, session: str = "owner", place: str = "Dudley", **more) -> str:
    told = {"contact": CONTACT, "needs": ["finance"], "roadmap": None, "now": NOW}
    profile = parse_profile({"place": place, "employees": 14, "sector": "manufacturing"})
    return advice.refer(session=session, profile=profile, **{**told, **more})


def test_a_business_in_dudley_is_with_the_team_for_dudley_at_once_and_the_trail_says_why(advice):
    near = advice.teams.add(name="Example near team", areas=["dudley"], now=NOW)
    advice.teams.add(name="Example wide team", areas=["west-midlands"], now=NOW)

    code = refer(advice)

    kept = advice.referrals.get(code)
    assert (kept.team, kept.sector, kept.areas) == (near.id, "manufacturing", ("dudley",))
    assert kept.contact == "owner@example.org, 0121 496 0000"
    assert [told.split(": ")[1] for told in kept.recap] == ["14", "Dudley", "manufacturing"]
    assigned = advice.referrals.trail(code)[1]
    assert assigned.what == "assigned"
    assert assigned.detail == "Example near team: it serves Dudley, where the business is."


def test_a_business_no_team_serves_is_with_the_lead_and_not_lost(advice):
    advice.teams.add(name="Example near team", areas=["dudley"], now=NOW)

    code = refer(advice, place="Cardiff")

    assert [each.code for each in advice.referrals.unplaced(10)] == [code]


def test_a_business_that_wants_only_a_code_is_passed_on_without_a_contact(advice):
    code = refer(advice, contact={}, code_only=True, recap=["14 people", "in Dudley"])

    kept = advice.referrals.get(code)
    assert (kept.code_only, kept.name, kept.contact) == (True, "", "")
    assert kept.recap == ("14 people", "in Dudley")
    with pytest.raises(ValueError, match="contact"):
        refer(advice, contact={})


def test_forgetting_a_conversation_forgets_what_brokers_had_of_it(advice):
    team = advice.teams.add(name="Example near team", areas=["dudley"], now=NOW)
    ann = advice.brokers.add(team=team.id, name="Ann Example", now=NOW)
    code, other = refer(advice), refer(advice, "somebody else")
    advice.referrals.take(code, ann.id, NOW)
    advice.relay.say(code, "owner", "", "secret", "message:1", NOW)
    client = advice.clients.add(team.id, ann.id, "Example Metalworks Ltd", "s1", NOW, referral=code)
    advice.clients.bind(Place("T1", "C1", "1.1"), referral=code)
    SlackOutbox(advice.database).put("card", "C1", text="secret", about=code, now=NOW)
    SlackWork(advice.database).take_in("event:1", "message", {"text": "secret"}, NOW, about=code)

    advice.forget("owner")

    assert [each.code for each in advice.referrals.list()] == [other]
    assert advice.referrals.trail(code) == []
    assert advice.relay.since(code, 0, 10) == []
    assert advice.clients.get(client.id, team.id) is None
    assert advice.clients.of_thread(Place("T1", "C1", "1.1")) is None
    assert SlackOutbox(advice.database).claim("one", NOW, 30) is None
    assert SlackWork(advice.database).claim("one", NOW, 30) is None
    assert advice.purge(NOW) == ["s1"]


def test_what_nobody_works_on_any_more_goes_when_its_stated_time_is_over(advice):
    team = advice.teams.add(name="Example near team", areas=["dudley"], now=NOW)
    advice.clients.add(team.id, None, "Example Metalworks Ltd", "s1", NOW)
    refer(advice)
    assert advice.hub.retention_days["clients"] == 365

    assert advice.purge(NOW + timedelta(days=180)) == []
    assert len(advice.referrals.list()) == 1
    assert advice.purge(NOW + timedelta(days=366)) == ["s1"]

    assert advice.referrals.list() == []
    assert advice.clients.list(team.id) == []


def test_a_hub_may_keep_clients_for_a_shorter_time_and_never_for_none(tmp_path):
    from knowledge_base.faults import BadCatalogue

    (tmp_path / "short.yml").write_text("name: Example hub\nareas: [a]\nretention_days: {clients: 30}\n")
    (tmp_path / "none.yml").write_text("name: Example hub\nareas: [a]\nretention_days: {clients: 0}\n")

    assert read_hub("short", tmp_path).retention_days["clients"] == 30
    with pytest.raises(BadCatalogue, match="whole number from 1"):
        read_hub("none", tmp_path)
