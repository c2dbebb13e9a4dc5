"""A referral's client goes with it where that is meant, stays where it was put, and once deleted is gone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from knowledge_base.brokers.records import OPEN, Place
from knowledge_base.store import referral_trail as trail
from knowledge_base.store.clients import BadClient, Clients
from knowledge_base.store.referrals import Referrals
from knowledge_base.store.relay import Relay
from knowledge_base.store.teams import Brokers
from tests.store.broker_records import ask, house_in, later
from tests.store.conftest import NOW

THREAD = Place("T1", "C1", "1.1")


@pytest.fixture
def clients(database):
    return Clients(database)


@pytest.fixture
def referrals(database):
    return Referrals(database)


@pytest.fixture
def house(database):
    return house_in(database)


@pytest.fixture
def code(database, house, referrals):
    code = ask(database, team=house.money.id)
    referrals.take(code, house.ann.id, NOW)
    return code


@pytest.fixture
def client(clients, house, code):
    return clients.add(house.money.id, house.ann.id, "Referral", "s9", NOW, referral=code)


def holders(clients, referrals, code):
    made = clients.of_referral(code)
    return (made.broker if made else None, referrals.get(code).broker)


def test_who_hands_over_a_referrals_client_hands_over_the_referral(database, clients, referrals, house, code,
                                                                   client):  # fmt: skip
    Relay(database).begin(code, NOW)
    referrals.contacted(code, house.ann.id, NOW)

    clients.hand_over(client.id, house.money.id, house.bea.id, later(hours=1), by=house.ann.id)

    now, last = referrals.get(code), referrals.trail(code)[-1]
    assert holders(clients, referrals, code) == (house.bea.id, house.bea.id)
    assert (last.what, last.by, last.team, last.broker) == (
        trail.PASSED_ON, house.ann.id, house.money.id, house.bea.id,
    )  # fmt: skip
    assert (now.state, now.live, now.since) == ("taken", True, later(hours=1))
    assert now.due_at == later(hours=1) + timedelta(days=1)
    assert now.version > 3


def test_who_has_not_taken_the_referral_hands_over_its_client_alone(clients, referrals, house, code, client):
    clients.hand_over(client.id, house.money.id, house.bea.id, NOW, by=house.bea.id)

    assert holders(clients, referrals, code) == (house.bea.id, house.ann.id)
    assert referrals.trail(code)[-1].what == trail.TAKEN


def test_a_closed_referral_stays_with_who_closed_it(clients, referrals, house, code, client):
    referrals.close(code, "helped", house.ann.id, NOW)

    clients.hand_over(client.id, house.money.id, house.bea.id, NOW, by=house.ann.id)

    assert holders(clients, referrals, code) == (house.bea.id, house.ann.id)
    assert referrals.get(code).state not in OPEN


def test_a_referral_passed_on_within_the_team_takes_its_client_along(clients, referrals, house, code, client):
    clients.bind(THREAD, client=client.id)

    referrals.pass_on(code, to_broker=house.bea.id, by=house.ann.id, now=NOW)

    assert holders(clients, referrals, code) == (house.bea.id, house.bea.id)
    assert clients.threads_of(client.id) == [THREAD]


def test_taken_by_another_of_the_team_after_it_was_given_back_it_has_its_client(
    clients, referrals, house, code, client
):
    referrals.decline(code, house.ann.id, "full", NOW)
    referrals.take(code, house.bea.id, NOW)

    assert holders(clients, referrals, code) == (house.bea.id, house.bea.id)


def test_a_client_put_with_a_colleague_stays_there_whoever_takes_the_referral(
    database, clients, referrals, house, code, client
):
    cal = Brokers(database).add(team=house.money.id, name="Cal Example", now=NOW)
    referrals.pass_on(code, to_team=house.money.id, by=house.ann.id, now=NOW)
    clients.hand_over(client.id, house.money.id, house.bea.id, NOW, by=house.ann.id)

    referrals.take(code, cal.id, NOW)
    clients.follow(code, NOW)

    assert holders(clients, referrals, code) == (house.bea.id, cal.id)


def test_who_put_it_with_a_colleague_who_left_finds_it_with_the_referral_again(
    database, clients, referrals, house, code, client
):
    referrals.pass_on(code, to_team=house.money.id, by=house.ann.id, now=NOW)
    clients.hand_over(client.id, house.money.id, house.bea.id, NOW, by=house.ann.id)
    Brokers(database).change(house.bea.id, active=False, now=NOW)

    referrals.take(code, house.ann.id, NOW)

    assert holders(clients, referrals, code) == (house.ann.id, house.ann.id)


def test_the_client_follows_into_the_team_that_has_the_referral_now_and_no_other(
    clients, referrals, house, code, client
):
    referrals.pass_on(code, to_broker=house.carl.id, by=house.ann.id, now=NOW)

    moved = clients.follow(code, NOW)
    again = clients.follow(code, later(hours=1))

    assert (moved.team, moved.broker) == (house.makers.id, house.carl.id)
    assert again == moved


def test_a_client_that_was_deleted_is_not_made_again_for_who_has_the_referral(
    clients, referrals, house, code, client
):
    assert clients.forget(client.id, house.money.id, NOW, by=house.ann.id) == "s9"

    with pytest.raises(BadClient, match="deleted"):
        clients.add(house.money.id, house.ann.id, "Referral", "s10", NOW, referral=code)
    last = referrals.trail(code)[-1]
    assert (last.what, last.by) == (trail.CLIENT_DELETED, house.ann.id)
    assert clients.of_referral(code) is None
    assert referrals.get(code).name == "Example Metalworks Ltd"


def test_who_takes_the_referral_afterwards_gets_a_client(clients, referrals, house, code, client):
    clients.forget(client.id, house.money.id, NOW, by=house.ann.id)

    referrals.pass_on(code, to_broker=house.bea.id, by=house.ann.id, now=NOW)

    made = clients.add(house.money.id, house.bea.id, "Referral", "s10", NOW, referral=code)
    assert clients.of_referral(code) == made


def test_no_client_is_made_for_who_had_the_referral_before(clients, referrals, house, code):
    referrals.pass_on(code, to_broker=house.bea.id, by=house.ann.id, now=NOW)

    with pytest.raises(BadClient, match="Somebody else has"):
        clients.add(house.money.id, house.ann.id, "Referral", "s10", NOW, referral=code)


def test_a_word_for_one_holder_is_not_said_once_another_has_it(database, referrals, house, code):
    referrals.pass_on(code, to_broker=house.bea.id, by=house.ann.id, now=NOW)
    say = lambda key, holder: Relay(database).say(code, "us", "", "Words", key, NOW, holder=holder)  # noqa: E731

    assert say("k1", house.ann.id) is None
    assert say("k1", house.bea.id).text == "Words"
