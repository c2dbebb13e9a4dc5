"""Lines between a business and its broker go over once each, in order, and only while they talk."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from knowledge_base.store.broker_tables import RelayLineRow
from knowledge_base.store.chats import Chats
from knowledge_base.store.referrals import NoSuchReferral, Referrals, WrongState
from knowledge_base.store.relay import CORRECTED, LONGEST_LINE, Relay
from tests.store.broker_records import ask, house_in, later
from tests.store.conftest import NOW


@pytest.fixture
def relay(database):
    return Relay(database)


@pytest.fixture
def house(database):
    return house_in(database)


@pytest.fixture
def code(database, house):
    code = ask(database, "owner", team=house.money.id)
    Referrals(database).take(code, house.ann.id, NOW)
    return code


def test_the_bot_is_quiet_only_while_a_broker_has_the_chat(relay, code):
    assert relay.talking("owner") is None

    relay.begin(code, NOW)
    relay.begin(code, NOW)
    assert relay.talking("owner").code == code
    assert relay.talking("somebody else") is None
    relay.end(code, NOW)
    relay.end(code, NOW)

    assert relay.talking("owner") is None


def test_a_line_is_found_with_what_corrects_it_and_without_anything_of_another(database, relay, house, code):
    other = ask(database, "other", team=house.money.id)
    for number, key in enumerate(
        ["m_1", "mx1:corrected:1", "m_1:corrected:1", "m_10", "m_1:corrected:2", "m"]
    ):
        relay.say(code, "broker", house.ann.id, f"line {number}", key, NOW)

    found = [(line.key, line.text) for line in relay.versions(code, "m_1")]
    assert found == [("m_1", "line 0"), ("m_1:corrected:1", "line 2"), ("m_1:corrected:2", "line 4")]
    assert relay.versions(code, "m%") == relay.versions(other, "m_1") == []


def test_nobody_talks_before_a_broker_took_it_or_after_it_is_closed(database, relay, house, code):
    fresh = ask(database, "other", team=house.money.id)
    with pytest.raises(WrongState, match="nobody has taken it yet"):
        relay.begin(fresh, NOW)

    relay.begin(code, NOW)
    Referrals(database).close(code, "helped", house.ann.id, NOW)

    assert relay.talking("owner") is None
    with pytest.raises(WrongState, match="closed"):
        relay.begin(code, NOW)


def test_a_referral_that_goes_to_another_team_gives_the_chat_back_to_the_bot(database, relay, house, code):
    relay.begin(code, NOW)
    Referrals(database).pass_on(code, to_broker=house.bea.id, by=house.ann.id, now=NOW)
    assert relay.talking("owner").broker == house.bea.id

    Referrals(database).pass_on(code, to_team=house.makers.id, by=house.bea.id, now=NOW)

    assert relay.talking("owner") is None


def test_a_referral_that_goes_to_the_lead_gives_the_chat_back_to_the_bot(database, relay, house, code):
    referrals = Referrals(database)
    relay.begin(code, NOW)
    referrals.decline(code, house.ann.id, "not for money", NOW)
    assert relay.talking("owner") is None

    referrals.take(code, house.ann.id, NOW)
    relay.begin(code, NOW)
    referrals.to_lead(code, "nobody answered", NOW)

    assert relay.talking("owner") is None


def test_a_line_said_twice_is_one_line(relay, house, code):
    line = relay.say(code, "owner", "", "hello", "message:1", NOW)

    assert relay.say(code, "owner", "", "hello again", "message:1", NOW) is None
    assert (line.side, line.who, line.text, line.at) == ("owner", "", "hello", NOW)
    assert relay.since(code, 0, 10) == [line]


def test_lines_come_in_order_from_where_one_left_off(relay, house, code):
    said = [relay.say(code, "owner", "", f"line {n}", f"message:{n}", NOW) for n in range(5)]

    assert relay.since(code, 0, 2) == said[:2]
    assert relay.since(code, said[1].id, 10) == said[2:]
    assert relay.since("none", 0, 10) == []


def test_each_side_hears_what_the_other_said_once(relay, house, code):
    mine = relay.say(code, "owner", "", "hello", "message:1", NOW)
    theirs = relay.say(code, "broker", house.ann.id, "good morning", "event:1", NOW)

    assert relay.unsent("owner", 10) == [mine]
    assert relay.unsent("broker", 10) == [theirs]
    assert relay.sent(mine.id)
    assert not relay.sent(mine.id)
    assert relay.unsent("owner", 10) == []


def test_the_brokers_first_line_is_the_answer_and_nobody_elses_is(database, relay, house, code):
    referrals = Referrals(database)
    relay.say(code, "owner", "", "anybody there?", "message:1", NOW)
    relay.say(code, "broker", house.bea.id, "not mine, sorry", "event:0", NOW)
    assert referrals.get(code).state == "taken"

    relay.say(code, "broker", house.ann.id, "good morning", "event:1", later(hours=2))
    relay.say(code, "broker", house.ann.id, "how many are you?", "event:2", later(hours=3))

    now = referrals.get(code)
    assert (now.state, now.first_answer_at, now.due_at) == ("in_contact", later(hours=2), None)
    assert [entry.what for entry in referrals.trail(code)].count("contacted") == 1


@pytest.mark.parametrize(
    "text", ["", "x" * LONGEST_LINE, "\x00a\ud800", "<script>&amp; <@U1> `'\"", "🎈" * 500]
)
def test_any_line_a_person_can_write_goes_over(relay, house, code, text):
    relay.say(code, "owner", "", text, "message:1", NOW)

    (line,) = relay.since(code, 0, 10)
    assert line.text == text.replace("\x00", "").replace("\ud800", "")


def test_what_is_no_line_is_refused(relay, house, code):
    with pytest.raises(ValueError, match="too many"):
        relay.say(code, "owner", "", "x" * (LONGEST_LINE + 1), "message:1", NOW)
    with pytest.raises(ValueError, match="side"):
        relay.say(code, "everybody", "", "hello", "message:1", NOW)
    with pytest.raises(NoSuchReferral):
        relay.say("none", "owner", "", "hello", "message:1", NOW)
    assert relay.since(code, 0, 10) == []


def test_fifty_lines_at_once_are_all_there_in_the_order_of_their_numbers(relay, house, code):
    def say(number: int):
        return relay.say(code, "owner", "", f"line {number}", f"message:{number % 25}", NOW)

    with ThreadPoolExecutor(50) as pool:
        kept = [line for line in pool.map(say, range(50)) if line]

    assert len(kept) == 25
    assert [line.id for line in relay.since(code, 0, 100)] == sorted(line.id for line in kept)
    assert max(Counter(line.text for line in kept).values()) == 1


def test_forgetting_the_conversation_takes_every_line_with_it(database, relay, house, code):
    relay.say(code, "owner", "", "secret", "message:1", NOW)

    Chats(database).forget("owner")

    with database.session() as transaction:
        assert transaction.query(RelayLineRow).count() == 0
    assert relay.unsent("owner", 10) == []
    with pytest.raises(NoSuchReferral):
        relay.begin(code, NOW)


def test_who_corrects_an_older_line_has_not_answered_what_came_after_it(database, relay, house, code):
    relay.begin(code, NOW)
    relay.say(code, "broker", house.ann.id, "Helo", "event:1", NOW)
    asked = relay.say(code, "owner", "", "When can you come?", "message:1", later(hours=1))
    relay.sent(asked.id)
    before = relay.silence(code)

    relay.say(
        code, "broker", house.ann.id, "Corrected: Hello", f"event:1{CORRECTED}2", later(hours=2), house.ann.id
    )

    assert before.waits == later(hours=1)
    assert relay.silence(code) == before
    assert relay.unanswered(later(days=3)) == [code]
    assert relay.remind(code, later(days=1), later(days=1))
    Referrals(database).pass_on(code, to_broker=house.bea.id, by=house.ann.id, now=later(days=2))
    assert [line.text for line in relay.unsent("owner", 9)] == ["When can you come?"]

    relay.say(code, "broker", house.bea.id, "On Tuesday", "event:2", later(days=2))
    assert relay.silence(code).waits is None
