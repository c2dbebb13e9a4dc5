"""What planning a client's roadmap again changed waits until it was told, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from knowledge_base.advice import Advice
from knowledge_base.profile import parse_profile
from knowledge_base.replanning import Happened
from tests.store.broker_records import house_in
from tests.store.conftest import NOW
from tests.store.example_records import CHECK_UP, GRANT, example_advice

ON = NOW.date()
NEEDS = ("process_improvement", "finance")
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def advice(database) -> Advice:
    return example_advice(database)


@pytest.fixture
def client(advice):
    house = house_in(advice.database)
    kept = advice.clients.add(house.money.id, house.ann.id, "Example Metalworks Ltd", "s1", NOW)
    plan = advice.plan(NEEDS, parse_profile({"employees": 14}), on=ON, now=NOW, session="s1")
    told = {"needs": NEEDS, "profile": {"employees": 14}, "roadmap": plan.id}
    return advice.clients.keep(kept.id, version=kept.version, now=NOW, **told)


def progress(advice, client, now=NOW, **happened):
    return advice.progress(client.roadmap, Happened(**happened), on=ON, now=now).document["changes"]


def test_changes_wait_together_under_the_last_version_and_stay_as_they_were_once_begun(advice, client):
    first = progress(advice, client, done=(CHECK_UP.id,))
    second = progress(advice, client, turned_down=(GRANT.id,))

    [news] = advice.news.waiting(LATER)
    assert (news.client.id, news.roadmap, news.version) == (client.id, client.roadmap, 3)
    assert list(news.changes) == [*first, *(each for each in second if each not in first)]
    progress(advice, client, withdrawn_facts=("employees",), skipped=("example-loan",))
    assert advice.news.waiting(LATER) == [news]
    advice.news.done(news.roadmap, news.version)
    assert [each.version for each in advice.news.waiting(LATER)] == [4]


def test_what_came_in_a_moment_ago_waits(advice, client):
    progress(advice, client, done=(CHECK_UP.id,))

    assert advice.news.waiting(NOW - timedelta(minutes=2)) == []
    assert len(advice.news.waiting(NOW)) == 1


def test_what_was_told_is_taken_away_and_no_other_change(advice, client):
    mine = progress(advice, client, turned_down=(GRANT.id,))
    owners = progress(advice, client, done=(CHECK_UP.id,))

    assert advice.news.told(client.roadmap, mine) == 1
    assert advice.news.told(client.roadmap, mine) == 0
    assert advice.news.told(client.roadmap, []) == 0

    assert list(advice.news.waiting(LATER)[0].changes) == owners


def test_clients_roadmaps_that_a_record_changed_under_are_found(advice, client):
    advice.plan(NEEDS, parse_profile({"employees": 14}), on=ON, now=NOW)  # an owner's own
    assert advice.news.marked(NOW) == []

    advice.records.save_offer(replace(GRANT, summary="Newer"), "C", "newer", NOW)

    assert advice.news.marked(NOW) == [client.roadmap]
    assert [each.id for each in advice.news.kept(NOW)] == [client.roadmap]
    assert advice.news.kept(NOW, after=client.roadmap) == []
    assert advice.news.marked(NOW + timedelta(days=4000)) == []


def test_a_note_written_twice_is_one_note_that_goes_with_the_client(advice, client):
    advice.notes.put(client.roadmap, "Ring them.", "Ann Example", NOW)
    advice.notes.put(client.roadmap, "Ring me.", "Ann Example", NOW, team="Example money team")
    note = advice.notes.get(client.roadmap)
    assert note
    assert (note.words, note.signed) == ("Ring me.", "Ann Example, Example money team")

    advice.clients.forget(client.id, client.team, NOW)

    assert advice.notes.get(client.roadmap) is None
