"""What a broker who is shut out had taken is somebody else's to take: with a day on which it is due."""

from __future__ import annotations

from datetime import timedelta

import pytest

from knowledge_base.brokers.records import REMIND_LEAD_EVERY
from knowledge_base.store import referral_trail as trail
from knowledge_base.store.clients import Clients
from knowledge_base.store.referrals import Referrals
from knowledge_base.store.relay import Relay
from knowledge_base.store.teams import Brokers, Teams
from tests.store.broker_records import ask, house_in, later
from tests.store.conftest import NOW

OUT = later(days=2)


@pytest.fixture
def house(database):
    return house_in(database)


@pytest.fixture
def referrals(database):
    return Referrals(database)


@pytest.fixture
def code(database, house, referrals):
    """A business that Ann has been in contact with, and whose chat is with her."""
    code = ask(database, team=house.money.id)
    referrals.take(code, house.ann.id, NOW)
    Relay(database).begin(code, NOW)
    referrals.contacted(code, house.ann.id, NOW)
    return code


def told(database, code):
    return [line.text for line in Relay(database).since(code, 0, 50) if line.side == "us"]


def test_what_a_broker_who_is_shut_out_had_answered_is_with_the_team_again_and_due(
    database, referrals, house, code
):
    Brokers(database).change(house.ann.id, active=False, now=OUT)

    now, last = referrals.get(code), referrals.trail(code)[-1]
    assert (now.state, now.team, now.broker, now.live) == ("new", house.money.id, None, False)
    assert (now.since, now.due_at) == (OUT, OUT + timedelta(days=1))
    assert (last.what, last.by, last.team, last.broker) == (trail.PASSED_ON, "us", house.money.id, None)
    [words] = told(database, code)
    assert "no longer there to answer" in words
    assert "Until then Fingerpost answers here again." in words
    assert code in words
    assert referrals.take(code, house.bea.id, OUT).broker == house.bea.id


def test_what_was_taken_and_not_answered_goes_back_too_and_its_owner_is_told(database, referrals, house):
    code = ask(database, team=house.money.id)
    referrals.take(code, house.ann.id, NOW)

    Brokers(database).change(house.ann.id, active=False, now=OUT)

    [words] = told(database, code)
    assert referrals.get(code).state == "new"
    assert "Fingerpost answers here again" not in words


def test_what_a_team_that_is_shut_out_had_taken_is_with_the_lead(database, referrals, house, code):
    waits = ask(database, "other", team=house.money.id)

    relay = Relay(database)
    relay.sent(relay.say(code, "owner", "", "When can you come?", "m1", NOW).id)
    Teams(database).change(house.money.id, active=False, now=OUT)

    now, last = referrals.get(code), referrals.trail(code)[-1]
    assert (now.state, now.team, now.broker, now.live) == ("new", None, None, False)
    assert now.due_at == OUT + REMIND_LEAD_EVERY
    assert (last.what, last.detail) == (trail.TO_LEAD, "Whoever had it is no longer there.")
    assert [each.code for each in referrals.unplaced(9)] == [code]
    assert [line.text for line in relay.unsent("owner", 9)] == ["When can you come?"]
    assert referrals.get(waits).team == house.money.id
    assert (waits, "lead") in [(each.referral.code, each.what) for each in referrals.due(later(days=9))]


def test_of_a_team_that_is_shut_out_who_leaves_gives_to_the_lead(database, referrals, house, code):
    Teams(database).change(house.money.id, active=False, now=OUT)
    referrals.take(code, house.bea.id, OUT)

    Brokers(database).change(house.bea.id, active=False, now=OUT)

    assert (referrals.get(code).team, referrals.get(code).state) == (None, "new")


def test_what_is_closed_or_with_others_stays_as_it_is(database, referrals, house, code):
    referrals.close(code, "helped", house.ann.id, NOW)
    other = ask(database, "other", team=house.money.id)
    referrals.take(other, house.bea.id, NOW)
    before = referrals.get(code), referrals.get(other)

    Brokers(database).change(house.ann.id, active=False, now=OUT)

    assert (referrals.get(code), referrals.get(other)) == before
    assert told(database, code) == told(database, other) == []


def test_changing_somebody_who_is_out_already_moves_nothing_again(database, referrals, house, code):
    Brokers(database).change(house.ann.id, active=False, now=OUT)
    referrals.take(code, house.bea.id, OUT)
    before = referrals.get(code)

    Brokers(database).change(house.ann.id, name="Ann Changed", now=later(days=3))

    assert referrals.get(code) == before
    assert len(told(database, code)) == 1


def test_whoever_takes_it_has_the_client_too(database, referrals, house, code):
    clients = Clients(database)
    client = clients.add(house.money.id, house.ann.id, "Referral", "s9", NOW, referral=code)
    Brokers(database).change(house.ann.id, active=False, now=OUT)

    referrals.take(code, house.bea.id, OUT)

    assert clients.get(client.id, house.money.id).broker == house.bea.id
