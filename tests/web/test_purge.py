"""What is deleted is deleted everywhere, whatever fails on the way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from bot.web.app import create_app
from bot.web.wiring import forget_rest, purge
from knowledge_base.advice import Advice
from knowledge_base.asked import Asked
from knowledge_base.brokers.handing_on import take
from knowledge_base.hubs import read_hub
from knowledge_base.profile import parse_profile
from knowledge_base.store.chats import Chats
from knowledge_base.store.database import open_database
from knowledge_base.store.staff import Staff
from knowledge_base.store.unheard import NotUnderstood
from tests.web.conftest import ROOMY
from tests.web.example import small_factory
from tests.web.fakes import TODAY, House

LONG_AFTER = TODAY + timedelta(days=400)


class Rasa:
    """The trackers, of which some cannot be reached."""

    def __init__(self, *away: str) -> None:
        self.away = set(away)
        self.forgotten: list[str] = []

    def forget(self, session: str) -> None:
        if session in self.away:
            raise RuntimeError("database is locked")
        self.forgotten.append(session)


@pytest.fixture
def advice(tmp_path: Path) -> Iterator[Advice]:
    database = open_database(f"sqlite:///{tmp_path / 'example.sqlite'}")
    database.migrate()
    yield Advice(database, read_hub("default"), "http://testserver")
    database.close()


def client_of(advice: Advice, owner: str):
    """The client a broker got from an owner's referral, with a roadmap and a note made under its session."""
    team = advice.teams.add(name=f"Example team {owner}", now=TODAY)
    kim = advice.brokers.add(team=team.id, name="Kim Example", now=TODAY)
    told = {"contact": {"name": "Ada Example", "email": "ada@example.org"}, "needs": ["finance"]}
    code = advice.refer(
        session=owner, profile=parse_profile({"employees": 14}), roadmap=None, now=TODAY, **told
    )
    advice.referrals.pass_on(code, to_team=team.id, by="lead", now=TODAY, as_lead=True)
    take(advice, code, kim.id, TODAY)
    client = advice.clients.of_referral(code)
    asked = Asked(("finance",), parse_profile({"employees": 14}), TODAY.date())
    roadmap = advice.roadmaps.save({}, asked, session=client.session, keep_days=365, now=TODAY)
    advice.notes.put(roadmap, "secret", "Kim Example", TODAY, team.name)
    return code, client, roadmap


def test_one_conversation_rasa_cannot_forget_keeps_no_other_and_is_tried_again(advice):
    chats = Chats(advice.database)
    sessions = sorted(chats.new_session(TODAY) for _ in range(3))
    rasa = Rasa(sessions[0])

    purge(advice, chats, rasa, LONG_AFTER)
    first = list(rasa.forgotten)
    rasa.away.clear()
    purge(advice, chats, rasa, LONG_AFTER)

    assert first == sessions[1:]
    assert rasa.forgotten == [*sessions[1:], sessions[0]]


def test_a_rasa_that_is_away_is_not_waited_for_a_thousand_times(advice):
    chats = Chats(advice.database)
    sessions = [chats.new_session(TODAY) for _ in range(30)]
    tried: list[str] = []
    rasa = Rasa(*sessions)
    rasa.forget = lambda session: tried.append(session) or Rasa.forget(rasa, session)

    purge(advice, chats, rasa, LONG_AFTER)
    once = len(tried)
    rasa.away.clear()
    purge(advice, chats, rasa, LONG_AFTER)

    assert once == 20
    assert sorted(rasa.forgotten) == sorted(sessions)


def test_a_clients_words_leave_rasa_though_signing_in_cannot_be_purged(advice, monkeypatch):
    def away(*_):
        raise RuntimeError("database is locked")

    _code, client, _ = client_of(advice, "owner-session")
    rasa = Rasa()
    monkeypatch.setattr(Staff, "purge", away)
    monkeypatch.setattr(Chats, "purge", away)

    purge(advice, Chats(advice.database), rasa, LONG_AFTER)

    assert rasa.forgotten == [client.session]


def test_what_a_broker_made_of_an_owner_goes_at_once_when_the_owner_asks(advice):
    chats = Chats(advice.database)
    owner = chats.new_session(TODAY)
    _code, client, roadmap = client_of(advice, owner)
    rasa = Rasa()
    services = replace(
        House.with_roadmap(small_factory()).services,
        chats=chats,
        forget_elsewhere=rasa.forget,
        forget_rest=lambda: forget_rest(advice, rasa),
    )
    with TestClient(create_app(ROOMY, services)) as http:
        gone = http.post("/api/forget", json={"session": owner})

    assert gone.json() == {"forgotten": True}
    assert advice.roadmaps.get(roadmap, TODAY) is None
    assert advice.notes.get(roadmap) is None
    assert rasa.forgotten == [owner, client.session]


def test_an_owner_is_forgotten_by_brokers_after_the_referrals_time_is_over_too(advice):
    _code, client, _ = client_of(advice, "owner-session")
    _, other, _ = client_of(advice, "another-session")
    advice.clients.note(client.id, client.team, "secret", TODAY + timedelta(days=150))
    advice.referrals.purge(TODAY + timedelta(days=200), 180)

    advice.forget("owner-session")

    assert advice.clients.get(client.id, client.team) is None
    assert advice.clients.get(other.id, other.team) is not None


def test_an_owner_who_comes_back_after_a_month_has_their_request_deleted_everywhere(advice):
    chats, rasa = Chats(advice.database), Rasa()
    owner = chats.new_session(TODAY)
    code, client, _ = client_of(advice, owner)
    chats.keep_answer(owner, "m1", [{"text": "Passed on."}], TODAY)
    services = replace(
        House.with_roadmap(small_factory()).services,
        chats=chats,
        forget_elsewhere=rasa.forget,
        forget_rest=lambda: forget_rest(advice, rasa),
    )

    purge(advice, chats, rasa, TODAY + timedelta(days=31))
    words_gone = list(rasa.forgotten)
    with TestClient(create_app(ROOMY, services)) as http:
        back = http.post("/api/chat", json={"session": owner, "message": "delete my data"})
        http.post("/api/forget", json={"session": owner})

    assert words_gone == [owner]
    assert back.json()["session"] == owner
    assert advice.referrals.get(code) is None
    assert not advice.clients.there(client.id)


def test_what_was_not_understood_still_goes_when_who_asked_for_a_person_asks_after_a_month(advice):
    chats, rasa = Chats(advice.database), Rasa()
    owner, other = chats.new_session(TODAY), chats.new_session(TODAY)
    client_of(advice, owner)
    for session in (owner, other):
        chats.keep_answer(session, "m1", [{"text": "I did not get that."}], TODAY)
        heard = NotUnderstood(session, f"we frobnicate {session[:4]}", "low", "none", 0.1, TODAY.date())
        assert advice.unheard.rows.keep(heard)

    purge(advice, chats, rasa, TODAY + timedelta(days=31))
    advice.forget(owner)
    advice.forget(other)

    assert sorted(rasa.forgotten) == sorted([owner, other])
    assert [each.text for each in advice.unheard.rows.all()] == [f"we frobnicate {other[:4]}"]
