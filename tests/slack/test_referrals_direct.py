"""Where no channel is, or its broker is elsewhere: a referral's conversation goes on, with us too."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from bot.slack.referring import Referring
from bot.slack.talk.finding import archived_words
from bot.slack.talk.referrals import FORMER_TEAMS, NO_CLIENT, OTHER_TEAMS
from bot.web.people import People
from knowledge_base.brokers.handing_on import take
from knowledge_base.store import referral_trail as trail
from tests.slack.held import direct, read, written
from tests.slack.referral_house import ReferralHouse, choice, talks_of
from tests.slack.signing import mention, message
from tests.slack.talking import NOW, Talking
from tests.slack.workspace import BOT_USER, Message

# A direct message as the conversation's place.


def answered(house: ReferralHouse, to: Message, words: str, user: str = "U0KIM") -> None:
    """Write in the thread under a direct message."""
    house.gateway.post(message(words, user=user, channel=to.channel, channel_type="im", thread=to.ts))
    house.quiet()


@pytest.fixture
def apart(house: ReferralHouse) -> SimpleNamespace:
    """A referral that Kim has, whose team has no channel."""
    team = house.team(channel="", remind_days=(1, 3))
    kim, ben = house.broker(team, "U0KIM", "Kim Example"), house.broker(team, "U0BEN", "Ben Example")
    code = house.asks()
    house.quiet()
    return SimpleNamespace(team=team, kim=kim, ben=ben, code=code)


def taken(house: ReferralHouse, apart: Any) -> None:
    house.press("take", apart.code, "U0KIM", ts="1.1")
    house.becomes(apart.code, "taken")
    house.quiet()


def test_without_a_channel_both_sides_talk_in_direct_messages(house: ReferralHouse, apart: Any) -> None:
    taken(house, apart)
    [slip] = direct(house, "ada@example.org")
    answered(house, slip, "Good morning, I am Kim")
    People(house.advice).hear("owner-session", "When can you come?", "m1", None, house.now())
    house.quiet()
    [line] = direct(house, "When can you come?")
    answered(house, line, "Tomorrow at ten")
    answered(house, line, "// they sound nice")

    assert read(house) == ["Good morning, I am Kim", "Tomorrow at ten"]
    for each in (slip, line):
        assert "What you write in a thread under this message goes to the owner's chat." in str(each.blocks)


def test_a_reply_under_the_slip_is_shown_to_colleagues_where_the_team_has_a_channel(
    house: ReferralHouse, held: Any
) -> None:
    [slip] = direct(house, "ada@example.org")
    answered(house, slip, "Good morning, I am Kim")

    assert read(house) == ["Good morning, I am Kim"]
    said = [m.text for m in house.slack.said("C0TEAM", held.card.ts) if "Good morning" in m.text]
    assert said == ["Kim Example wrote to the owner: Good morning, I am Kim"]


def test_under_the_slip_of_what_was_passed_on_nothing_goes_to_the_owner(
    house: ReferralHouse, held: Any
) -> None:
    [slip] = direct(house, "ada@example.org")
    house.form("pass_on", held.code, "U0KIM", choice("to", f"broker:{held.ben.id}"), ts=held.card.ts)
    house.quiet()

    answered(house, slip, "I still have it, do I not?")

    assert read(house) == []
    assert "only what Ben Example writes" in house.slack.said(slip.channel, slip.ts)[-1].text


def test_who_has_a_referral_without_a_channel_is_reminded_directly_and_once(
    house: ReferralHouse, apart: Any
) -> None:
    taken(house, apart)
    house.later(days=1, minutes=1)
    house.quiet()
    house.quiet()

    reminded = direct(house, "has waited")
    assert [m.channel for m in reminded] == [direct(house, "ada@example.org")[0].channel]
    assert sum(each.what == trail.REMINDED for each in house.advice.referrals.trail(apart.code)) == 1


def test_what_nobody_took_is_said_to_each_of_a_team_without_a_channel_and_not_again_to_the_taker(
    house: ReferralHouse, apart: Any
) -> None:
    house.later(days=1, minutes=1)
    house.quiet()
    before = {m.channel for m in direct(house, "has waited")}
    taken(house, apart)

    assert len(before) == 2
    assert len(direct(house, "has waited")) == 2


def test_an_owners_line_that_waits_reminds_its_broker_directly(house: ReferralHouse, apart: Any) -> None:
    taken(house, apart)
    answered(house, direct(house, "ada@example.org")[0], "Good morning")
    People(house.advice).hear("owner-session", "When can you come?", "m1", None, house.now())
    house.later(hours=30)
    house.quiet()

    [reminded] = direct(house, "The owner wrote here more than a day ago")
    assert "When can you come?" not in reminded.text


def test_a_reply_under_the_slip_begins_no_client(talk: Talking) -> None:
    talks_of(talk.database, "owner-session", NOW)
    code = talk.advice.referrals.record(
        "owner-session", name="Ada", contact="ada@example.org", consent_at=NOW, team=talk.team.id
    )
    take(talk.advice, code, talk.kim.id, NOW)
    Referring(talk.door, talk.advice).look()
    talk.quiet()
    slip = next(m for m in talk.slack.said() if m.channel.startswith("D") and code in m.text)
    before = [each.id for each in talk.advice.clients.list(talk.team.id)]

    talk.post(message("I call at ten", channel=slip.channel, channel_type="im", thread=slip.ts))

    assert [each.text for each in talk.advice.relay.since(code, 0, 10) if each.side == "broker"] == [
        "I call at ten"
    ]
    assert [each.id for each in talk.advice.clients.list(talk.team.id)] == before
    assert talk.rasa.sent == []


# Who has it and is in another team by now.


def test_who_was_moved_to_another_team_goes_on_with_the_owner_they_talk_with(
    house: ReferralHouse, held: Any
) -> None:
    written(house, held, "Good morning, I am Kim")
    house.slack.channel("C0FAR")
    far = house.team("Example far team", "C0FAR", areas=["cardiff"])
    house.advice.brokers.change(held.kim.id, now=house.now(), team=far.id)
    People(house.advice).hear("owner-session", "When can you come?", "m1", None, house.now())
    house.quiet()

    written(house, held, "Tomorrow at ten")

    assert read(house) == ["Good morning, I am Kim", "Tomorrow at ten"]
    assert house.told_alone("U0KIM") == []


def test_nobody_else_of_another_team_writes_to_the_owner(house: ReferralHouse, held: Any) -> None:
    house.slack.channel("C0FAR")
    house.broker(house.team("Example far team", "C0FAR", areas=["cardiff"]), "U0FAR", "Fay Example")

    written(house, held, "Me too", user="U0FAR")

    assert read(house) == []
    assert house.told_alone("U0FAR") == [OTHER_TEAMS]


def test_who_was_moved_hears_where_the_roadmap_is_and_not_to_take_what_they_have(
    house: ReferralHouse, held: Any
) -> None:
    far = house.team("Example far team", "", areas=["cardiff"])
    house.advice.brokers.change(held.kim.id, now=house.now(), team=far.id)

    written(house, held, f"<@{BOT_USER}> what about loans?")

    assert read(house) == []
    assert house.told_alone("U0KIM") == [FORMER_TEAMS]


# What is asked of us in a referral's thread.


@pytest.fixture
def thread(talk: Talking) -> SimpleNamespace:
    """A referral's thread in the team's channel; Kim has the referral."""
    code = talk.advice.referrals.record(
        "owner-session", name="Ada", contact="ada@example.org", consent_at=NOW, team=talk.team.id
    )
    looking = Referring(talk.door, talk.advice)
    looking.look()
    talk.quiet()
    take(talk.advice, code, talk.kim.id, NOW)
    looking.look()
    talk.quiet()
    [place] = [each for each in talk.advice.clients.threads_of_referral(code) if each.channel == "C0TEAM"]
    return SimpleNamespace(code=code, channel=place.channel, thread=place.thread)


def asks_us(talk: Talking, thread: Any, words: str) -> str:
    """Call us in the thread, and return what is said there last."""
    talk.post(mention(words, channel=thread.channel, thread=thread.thread))
    return "".join(m.text for m in talk.slack.said(thread.channel, thread.thread)[-1:])


def test_who_calls_us_without_a_word_is_told_what_we_can_do(talk: Talking, thread: Any) -> None:
    for words in ("", "  ", "help", "?"):
        assert "/fingerpost clients" in asks_us(talk, thread, words)
    assert talk.rasa.sent == []


def test_what_is_too_long_for_us_is_not_read_in_a_referrals_thread_either(talk: Talking, thread: Any) -> None:
    assert asks_us(talk, thread, "x" * 20_000).startswith("That is longer than")
    assert talk.rasa.sent == []


def test_nothing_is_planned_for_a_referrals_client_that_is_in_the_archive(talk: Talking, thread: Any) -> None:
    client = talk.advice.clients.of_referral(thread.code)
    assert client
    talk.advice.clients.archive(client.id, client.team, NOW)

    asks_us(talk, thread, "they want export")

    assert [each["text"] for each in talk.slack.ephemerals] == [archived_words(client)]
    assert talk.rasa.sent == []


def test_who_deleted_its_client_hears_that_and_not_to_take_what_they_have(talk: Talking, thread: Any) -> None:
    client = talk.advice.clients.of_referral(thread.code)
    assert client
    talk.advice.clients.forget(client.id, client.team, NOW, by=talk.kim.id)

    asks_us(talk, thread, "what about loans?")

    assert [each["text"] for each in talk.slack.ephemerals] == [NO_CLIENT]
    assert talk.rasa.sent == []


def test_what_is_asked_of_us_there_is_answered_and_goes_to_no_owner(talk: Talking, thread: Any) -> None:
    asks_us(talk, thread, "they want export")

    assert [each["message"] for each in talk.rasa.sent] == ["they want export"]
    assert [each for each in talk.advice.relay.since(thread.code, 0, 9) if each.side == "broker"] == []
