"""A chat that its broker loses is given back in words, and what waits in it goes to whoever is next."""

from __future__ import annotations

import pytest

from knowledge_base.store.clients import Clients
from knowledge_base.store.referrals import Referrals
from knowledge_base.store.relay import Relay
from tests.store.broker_records import ask, house_in, later
from tests.store.conftest import NOW


@pytest.fixture
def house(database):
    return house_in(database)


@pytest.fixture
def relay(database):
    return Relay(database)


@pytest.fixture
def referrals(database):
    return Referrals(database)


@pytest.fixture
def code(database, house, referrals, relay):
    """A business that talks with Ann, who has answered it."""
    code = ask(database, team=house.money.id)
    referrals.take(code, house.ann.id, NOW)
    relay.begin(code, NOW)
    relay.say(code, "broker", house.ann.id, "Good morning", "event:1", NOW)
    return code


def asks(relay, code):
    """The owner asks something, and it is handed to the broker."""
    relay.sent(relay.say(code, "owner", "", "When can you come?", "message:1", NOW).id)


def told(relay, code):
    return [line.text for line in relay.since(code, 0, 50) if line.side == "us"]


def waiting(relay):
    return [line.text for line in relay.unsent("owner", 9)]


def test_who_is_left_without_an_answer_hears_that_the_hub_has_it_and_the_next_reads_what_waits(
    referrals, relay, house, code
):
    referrals.pass_on(code, to_broker=house.bea.id, by=house.ann.id, now=NOW)
    asks(relay, code)
    assert (referrals.get(code).state, referrals.get(code).live, told(relay, code)) == ("taken", True, [])

    for _ in range(2):
        referrals.to_lead(code, "Nobody answered in time.", later(days=5))

    assert not referrals.get(code).live
    [words] = told(relay, code)
    assert f"Your request ({code}) is with the hub itself now, and Fingerpost answers here again." in words
    assert words.endswith("What you wrote last goes to them.")
    assert waiting(relay) == ["When can you come?"]


def test_who_had_no_chat_hears_nothing_of_a_chat_when_the_lead_gets_it(database, referrals, relay, house):
    code = ask(database, "other", team=house.money.id)
    referrals.take(code, house.ann.id, NOW)

    referrals.to_lead(code, "by hand", NOW, by="curator@hub.example.org")

    assert told(relay, code) == waiting(relay) == []


def test_who_hands_over_a_client_hands_over_what_its_owner_waits_to_have_answered(
    database, referrals, relay, house, code
):
    client = Clients(database).add(house.money.id, house.ann.id, "Referral", "s9", NOW, referral=code)
    asks(relay, code)

    Clients(database).hand_over(client.id, house.money.id, house.bea.id, NOW, by=house.ann.id)

    assert (referrals.get(code).broker, referrals.get(code).live) == (house.bea.id, True)
    assert waiting(relay) == ["When can you come?"]
    assert told(relay, code) == []


def test_a_client_handed_over_by_who_has_not_the_referral_leaves_its_owners_lines_where_they_are(
    database, referrals, relay, house, code
):
    client = Clients(database).add(house.money.id, house.ann.id, "Referral", "s9", NOW, referral=code)
    asks(relay, code)

    Clients(database).hand_over(client.id, house.money.id, house.bea.id, NOW, by=house.bea.id)

    assert referrals.get(code).broker == house.ann.id
    assert waiting(relay) == []
