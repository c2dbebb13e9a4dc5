"""A client is its team's alone, is never overwritten unseen, and leaves nothing behind when it goes."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import pytest

from knowledge_base.asked import Asked
from knowledge_base.brokers.records import Place
from knowledge_base.known import Known
from knowledge_base.profile import Profile
from knowledge_base.store.broker_tables import ClientRow
from knowledge_base.store.chats import Chats
from knowledge_base.store.clients import BadClient, Clients, NoSuchClient, StaleClient
from knowledge_base.store.referrals import Referrals
from knowledge_base.store.roadmaps import Roadmaps
from knowledge_base.store.slack_work import SlackWork
from knowledge_base.store.teams import Brokers
from tests.store.broker_records import ask, house_in, later
from tests.store.conftest import NOW

THREAD = Place("T1", "C1", "1.1")


@pytest.fixture
def clients(database):
    return Clients(database)


@pytest.fixture
def house(database):
    return house_in(database)


@pytest.fixture
def client(clients, house):
    told = {"needs": ["finance"], "profile": {"employees": 14}}
    return clients.add(house.money.id, house.ann.id, " Example  Metalworks Ltd ", "s1", NOW, **told)


def test_a_client_is_kept_as_told_for_its_team(clients, house, client):
    assert client.name == "Example Metalworks Ltd"
    assert (client.needs, client.profile, client.roadmap) == (("finance",), {"employees": 14}, None)
    assert (client.created, client.touched, client.archived, client.version) == (NOW, NOW, None, 1)
    assert clients.get(client.id, house.money.id) == client
    assert clients.get(client.id, house.makers.id) is None
    assert clients.list(house.makers.id) == []


def test_the_same_conversation_begun_twice_is_one_client(clients, house, client):
    again = clients.add(house.money.id, house.bea.id, "Example Metalworks Ltd", "s1", later(days=1))

    assert again == client
    with pytest.raises(BadClient, match="another client"):
        clients.add(house.makers.id, house.carl.id, "Example Bakery", "s1", NOW)


@pytest.mark.parametrize("name", ["", " \n ", "x" * 201])
def test_a_client_without_a_name_to_find_it_by_is_refused(clients, house, client, name):
    with pytest.raises(BadClient, match="name"):
        clients.add(house.money.id, house.ann.id, name, "s2", NOW)
    with pytest.raises(BadClient, match="name"):
        clients.rename(client.id, house.money.id, name, NOW)
    assert clients.list(house.money.id) == [client]


def test_another_team_can_do_nothing_with_a_client(clients, house, client):
    theirs = client.id, house.makers.id
    for refused in (
        lambda: clients.rename(*theirs, "Mine", NOW),
        lambda: clients.note(*theirs, "mine", NOW),
        lambda: clients.hand_over(*theirs, house.carl.id, NOW),
        lambda: clients.archive(*theirs, NOW),
        lambda: clients.unarchive(*theirs, NOW),
    ):
        with pytest.raises(NoSuchClient):
            refused()
    assert clients.forget(*theirs, NOW) is None
    assert clients.get(client.id, house.money.id) == client


def test_the_list_is_searched_by_words_and_shows_what_was_touched_last_first(clients, house, client):
    bakery = clients.add(house.money.id, house.bea.id, "Example Bakery", "s2", later(hours=1))
    clients.note(client.id, house.money.id, "wants 100% of a new oven_", later(hours=2))

    names = lambda **asked: [c.name for c in clients.list(house.money.id, **asked)]  # noqa: E731

    assert names() == ["Example Metalworks Ltd", "Example Bakery"]
    assert names(search="OVEN example") == ["Example Metalworks Ltd"]
    assert names(search="100%") == ["Example Metalworks Ltd"]
    assert names(search="%") == ["Example Metalworks Ltd"]
    assert names(search="nothing") == []
    assert names(broker=house.bea.id) == ["Example Bakery"]
    clients.archive(bakery.id, house.money.id, NOW)
    assert names() == ["Example Metalworks Ltd"]
    assert names(archived=True) == ["Example Bakery"]
    assert clients.count(house.money.id) == 1
    clients.unarchive(bakery.id, house.money.id, NOW)
    assert names(archived=True) == []


def test_a_client_that_was_changed_meanwhile_is_not_overwritten(clients, house, client):
    told = {"needs": ["finance", "premises"], "profile": {"place": "Dudley"}, "roadmap": "r1"}
    kept = clients.keep(client.id, **told, version=client.version, now=later(hours=1))

    assert (kept.needs, kept.profile, kept.roadmap) == (("finance", "premises"), {"place": "Dudley"}, "r1")
    assert kept.touched == later(hours=1)
    with pytest.raises(StaleClient):
        clients.keep(client.id, needs=[], profile={}, roadmap=None, version=client.version, now=NOW)
    assert clients.get(client.id, house.money.id) == kept


def test_what_its_roadmap_held_is_kept_with_a_client_until_it_has_another(clients, house, client):
    known = Known(("finance",), {"employees": 14, "done": ["example-grant"]})
    told = {"needs": ["finance"], "profile": {"employees": 14}, "now": NOW}
    assert client.planned is None

    first = clients.keep(client.id, **told, roadmap="one", version=1, planned=known)
    second = clients.keep(client.id, **told, roadmap="one", version=2)
    third = clients.keep(client.id, **told, roadmap="two", version=3)

    assert (first.planned, second.planned, third.planned) == (known, known, None)
    assert clients.get(client.id, house.money.id) == third


def test_of_fifty_that_write_at_once_one_wins_each_version(clients, house, client):
    def write(number: int) -> str:
        try:
            clients.keep(client.id, needs=[], profile={"n": number}, roadmap=None, version=1, now=NOW)
        except StaleClient:
            return "told"
        return "kept"

    with ThreadPoolExecutor(50) as pool:
        came = Counter(pool.map(write, range(50)))

    assert came == {"kept": 1, "told": 49}
    assert clients.get(client.id, house.money.id).version == 2


def test_a_client_handed_to_a_colleague_keeps_its_threads_and_the_note(clients, house, client):
    clients.bind(THREAD, client=client.id)
    clients.note(client.id, house.money.id, "ours", NOW)

    handed = clients.hand_over(client.id, house.money.id, house.bea.id, NOW)

    assert (clients.of_thread(THREAD), handed.note) == (handed, "ours")


def test_until_another_team_takes_the_referral_nobody_has_its_client(database, clients, house):
    referrals = Referrals(database)
    code = ask(database, team=house.money.id)
    referrals.take(code, house.ann.id, NOW)
    client = clients.add(house.money.id, house.ann.id, "Referral", "s9", NOW, referral=code)
    clients.bind(THREAD, client=client.id)
    mine = (client.id, house.money.id)

    referrals.pass_on(code, to_team=house.makers.id, by=house.ann.id, now=NOW)
    passed = (clients.get(*mine), clients.list(house.money.id), clients.count(house.money.id))
    with pytest.raises(NoSuchClient):
        clients.note(*mine, "still mine", NOW)
    assert clients.forget(*mine, NOW) is None
    referrals.decline(code, house.carl.id, "not ours", NOW)

    assert passed == (None, [], 0)
    assert (clients.get(*mine), clients.of_thread(THREAD)) == (None, None)
    referrals.take(code, house.carl.id, NOW)
    assert clients.hand_over(*mine, house.carl.id, NOW).team == house.makers.id


def test_a_client_handed_to_another_team_leaves_threads_and_note_behind(clients, house, client):
    clients.bind(THREAD, client=client.id)
    clients.note(client.id, house.money.id, "only for us", NOW)

    handed = clients.hand_over(client.id, house.money.id, house.carl.id, NOW)

    assert (handed.broker, handed.team) == (house.carl.id, house.makers.id)
    assert clients.get(client.id, house.money.id) is None
    assert (clients.of_thread(THREAD), clients.threads_of(client.id), handed.note) == (None, [], "")


def test_nothing_is_handed_to_somebody_who_has_left(database, clients, house, client):
    Brokers(database).change(house.bea.id, active=False, now=NOW)

    with pytest.raises(BadClient, match="not an active broker"):
        clients.hand_over(client.id, house.money.id, house.bea.id, NOW)

    assert clients.get(client.id, house.money.id).broker == house.ann.id


def test_a_thread_is_about_one_client_for_good(database, clients, house, client):
    other = clients.add(house.money.id, house.ann.id, "Example Bakery", "s2", NOW)
    code = ask(database)

    assert clients.bind(THREAD, client=client.id)
    assert not clients.bind(THREAD, client=other.id)
    assert not clients.bind(THREAD, referral=code)
    assert clients.bind(replace(THREAD, thread="1.2"), referral=code)

    assert clients.of_thread(THREAD) == client
    assert clients.of_thread(replace(THREAD, thread="1.2")) == code
    assert clients.of_thread(replace(THREAD, slack_team="T2")) is None
    assert clients.threads_of(client.id) == [THREAD]
    assert clients.threads_of_referral(code) == [replace(THREAD, thread="1.2")]
    for nobody in ({"client": "none"}, {"referral": "none"}):
        with pytest.raises(NoSuchClient):
            clients.bind(replace(THREAD, thread="1.3"), **nobody)


def test_forgetting_a_client_leaves_nothing_of_it(database, clients, house, client):
    asked, on = Asked(("finance",), Profile(), date(2026, 11, 21)), {"now": NOW, "keep_days": 9}
    mine = Roadmaps(database).save({}, asked, session="s1", **on)
    other = Roadmaps(database).save({}, asked, session="s2", **on)
    clients.bind(THREAD, client=client.id)
    SlackWork(database).take_in("event:1", "message", {"text": "secret"}, NOW, about=client.id)

    assert clients.forget(client.id, house.money.id, NOW) == "s1"

    assert clients.get(client.id, house.money.id) is None
    assert clients.of_thread(THREAD) is None
    assert Roadmaps(database).get(mine, NOW) is None
    assert Roadmaps(database).get(other, NOW) is not None
    assert SlackWork(database).claim("one", NOW, 30) is None
    assert clients.forget(client.id, house.money.id, NOW) is None
    with pytest.raises(NoSuchClient):
        clients.keep(client.id, needs=[], profile={}, roadmap=None, version=1, now=NOW)


def test_clients_nobody_works_on_any_more_are_purged_and_their_conversations_named(clients, house, client):
    used = clients.add(house.money.id, house.ann.id, "Example Bakery", "s2", NOW)
    clients.note(used.id, house.money.id, "called", later(days=300))

    assert clients.purge(later(days=365), 365) == []
    assert clients.purge(later(days=366), 365) == ["s1"]
    assert [c.id for c in clients.list(house.money.id)] == [used.id]


def test_a_client_made_from_a_referral_goes_when_the_business_asks(database, clients, house, client):
    code = ask(database, "owner", team=house.money.id)
    told = {"profile": {"employees": 14}, "referral": code}
    made = clients.add(house.money.id, house.ann.id, "Example Bakery", "s9", NOW, **told)
    facts = {"needs": ["finance"], "profile": {"employees": 14}}
    clients.keep(
        made.id, **facts, roadmap="r", version=1, now=NOW, planned=Known(("finance",), facts["profile"])
    )
    clients.bind(THREAD, client=made.id)

    Chats(database).forget("owner")

    with database.session() as transaction:
        row = transaction.get_one(ClientRow, made.id)
        assert (row.needs, row.profile, row.planned) == ([], {}, None)
    assert clients.get(made.id, house.money.id) is None
    assert clients.list(house.money.id) == [client]
    assert clients.of_thread(THREAD) is None
    assert clients.purge(NOW, 365) == ["s9"]
    assert clients.purge(NOW, 365) == []


def test_a_client_outlives_the_referral_whose_time_is_over(database, clients, house):
    code = ask(database, "owner", team=house.money.id)
    made = clients.add(house.money.id, house.ann.id, "Example Bakery", "s9", NOW, referral=code)
    assert made.referral == code

    Referrals(database).purge(later(days=181), 180)

    assert clients.get(made.id, house.money.id).referral is None


def test_no_client_is_made_of_a_referral_that_another_team_has(database, clients, house):
    code = ask(database, "owner", team=house.makers.id)

    with pytest.raises(BadClient, match="not with this team"):
        clients.add(house.money.id, house.ann.id, "Example Bakery", "s9", NOW, referral=code)
