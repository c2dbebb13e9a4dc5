"""What is written about a referral reaches whom it is for; or its writer hears that it did not."""

from __future__ import annotations

import json
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from bot.slack.referring import Referring
from bot.slack.talk.correcting import STAYS, is_aside
from bot.slack.talk.finding import archived_words
from bot.slack.talk.referral_forms import KEPT_HERE, NO_CHAT, OTHERS
from bot.slack.talk.referrals import FILE_STAYED, FORMER_TEAMS, NO_WORDS, OTHER_TEAMS, TO_COLLEAGUES
from bot.web.people import People
from knowledge_base.brokers.handing_on import take
from knowledge_base.store import referral_trail as trail
from knowledge_base.store.columns import in_utc
from knowledge_base.store.tables import ChatSessionRow
from knowledge_base.store.teams import Brokers
from tests.slack import signing
from tests.slack.block_kit_schema import message_faults
from tests.slack.kept import work
from tests.slack.referral_house import ReferralHouse, choice, talks_of, text
from tests.slack.signing import changed, mention, message
from tests.slack.talking import NOW, Talking
from tests.slack.workspace import BOT_USER, TEAM, Message


@pytest.fixture
def held(house: ReferralHouse) -> SimpleNamespace:
    """A referral that Kim has and nobody has answered yet; Ben is a colleague."""
    team = house.team()
    kim, ben = house.broker(team, "U0KIM", "Kim Example"), house.broker(team, "U0BEN", "Ben Example")
    code = house.asks()
    card = house.card(code)
    house.press("take", code, "U0KIM", ts=card.ts)
    house.becomes(code, "taken")
    house.quiet()
    return SimpleNamespace(team=team, kim=kim, ben=ben, code=code, card=card)


def written(house: ReferralHouse, held: Any, text: str, user: str = "U0KIM", **how: Any) -> None:
    house.writes(text, user, held.card, **how)
    house.quiet()


def read(house: ReferralHouse) -> list[str]:
    """What the owner's page shows of people."""
    news = People(house.advice).news("owner-session", 0, house.now())
    return [line["text"] for line in news["lines"] if line["who"] != "Fingerpost"]


def opened(house: ReferralHouse, held: Any, verb: str, user: str = "U0KIM") -> dict[str, Any]:
    """Press the button of a form, and return the form."""
    before = len(house.slack.views)
    assert house.press(verb, held.code, user, ts=held.card.ts).status_code == 200
    return house.slack.wait_for(lambda: house.slack.views[before:])[0]


def sent(
    house: ReferralHouse, view: dict[str, Any], values: dict[str, Any], user: str = "U0KIM"
) -> dict[str, Any]:
    """Send a form off, and return what its errors are."""
    told = {"view_id": view["id"], "hash": view["hash"], "metadata": view["private_metadata"]}
    answer = house.gateway.post(signing.submission(view["callback_id"], values, user=user, **told))
    assert answer.status_code == 200
    house.quiet()
    return answer.json().get("errors", {}) if answer.text else {}


# A line that begins with a mention.


def test_what_is_said_to_a_colleague_by_name_stays_among_colleagues(house: ReferralHouse, held: Any) -> None:
    for words in (
        "<@U0BEN> this one sounds hopeless, have you met them?",
        "  <@U0BEN|ben>: see above",
        "<!subteam^S0NEAR> who knows them?",
        "<!here> who knows them?",
        "<!channel> who knows them?",
    ):
        written(house, held, words)

    assert read(house) == []
    assert house.state(held.code) == "taken"
    assert house.told_alone("U0KIM") == [TO_COLLEAGUES]  # once, not at each


def test_a_colleague_named_later_in_a_line_is_no_reason_to_keep_it_back(
    house: ReferralHouse, held: Any
) -> None:
    written(house, held, "Good morning, <@U0BEN> and I can call at ten")

    [line] = read(house)
    assert line.startswith("Good morning,")
    assert house.told_alone("U0KIM") == []


def test_the_card_says_what_stays_among_colleagues(house: ReferralHouse, held: Any) -> None:
    assert "A line that begins with // or with a mention stays among colleagues" in str(
        house.card(held.code).blocks
    )


def test_a_reply_that_is_changed_into_a_word_to_a_colleague_is_no_correction_for_the_owner(
    house: ReferralHouse, held: Any
) -> None:
    ts = "1795200000.000100"
    written(house, held, "I call at ten", ts=ts)

    told = {"before": "I call at ten", "ts": ts, "thread": held.card.ts}
    house.gateway.post(changed("<@U0BEN> I call at ten, or do you?", **told))
    house.quiet()

    assert read(house) == ["I call at ten"]
    assert house.told_alone("U0KIM") == [STAYS]


@settings(deadline=None)
@given(st.text(alphabet="<@!U0BEN|>/ subteam^here\n", max_size=30))
def test_only_what_begins_as_a_mention_or_with_two_strokes_is_an_aside(words: str) -> None:
    first = words.lstrip()
    marks = ("//", "<@", "<!subteam^", "<!here", "<!channel", "<!everyone")

    assert is_aside(words) == first.startswith(marks)


# Files.


def test_of_a_file_with_words_the_words_go_and_its_sender_hears_that_the_file_stayed(
    house: ReferralHouse, held: Any
) -> None:
    file: dict[str, Any] = {"subtype": "file_share", "files": [{"id": "F1", "name": "form.pdf"}]}
    written(house, held, "Here is the form you need", **file)

    assert read(house) == ["Here is the form you need"]
    assert house.told_alone("U0KIM") == [FILE_STAYED]

    written(house, held, "", **file)
    written(house, held, "// for us", **file)

    assert read(house) == ["Here is the form you need"]
    assert house.told_alone("U0KIM") == [FILE_STAYED, NO_WORDS]


def test_whatever_stands_for_files_a_reply_arrives(house: ReferralHouse, held: Any) -> None:
    odd: list[Any] = [[], {}, "", None, "F1", [None], [[]], 7]
    for number, files in enumerate(odd):
        written(house, held, f"line {number}", files=files)

    assert read(house) == [f"line {number}" for number in range(8)]


# Forms that are sent off when it is too late.


def test_an_answer_typed_while_the_referral_was_passed_on_stays_in_its_form(
    house: ReferralHouse, held: Any
) -> None:
    view = opened(house, held, "answer")
    house.advice.referrals.pass_on(
        held.code, to_broker=held.ben.id, by="lead@example.org", now=house.now(), as_lead=True
    )

    errors = sent(house, view, text("answer", "A long and careful answer"))

    assert errors == {"answer": f"Ben Example has taken it. {KEPT_HERE}"}
    assert read(house) == []
    assert not any(key.startswith("view:") for key in work(house.database))


def test_each_form_of_a_referral_says_in_itself_that_it_is_closed_or_gone(
    house: ReferralHouse, held: Any
) -> None:
    forms = {
        "answer": text("answer", "Hello"),
        "outcome": choice("outcome", "helped"),
        "decline": text("why", "We are full"),
        "pass_on": choice("to", f"broker:{held.ben.id}"),
    }
    views = {verb: opened(house, held, verb) for verb in forms}
    house.advice.referrals.close(held.code, "unreachable", "lead@example.org", house.now(), as_lead=True)
    closed = {verb: sent(house, views[verb], forms[verb]) for verb in forms}
    house.advice.forget("owner-session")
    gone = {verb: sent(house, views[verb], forms[verb]) for verb in forms}

    for verb, field in (("answer", "answer"), ("outcome", "outcome"), ("decline", "why"), ("pass_on", "to")):
        assert closed[verb][field].startswith("It is closed already")
        assert gone[verb][field].startswith("There is no referral with this code any more")
    assert house.told_alone("U0KIM") == []


def test_who_may_nothing_any_more_reads_so_in_the_form_and_nothing_is_kept(
    house: ReferralHouse, held: Any
) -> None:
    view = opened(house, held, "answer")
    Brokers(house.database).change(held.kim.id, now=house.now(), active=False)

    errors = sent(house, view, text("answer", "Hello"))

    assert errors == {"answer": f"{OTHERS} {KEPT_HERE}"}
    assert read(house) == []


def test_a_form_that_was_done_and_is_sent_again_is_not_refused_for_what_it_did(
    house: ReferralHouse, held: Any
) -> None:
    view = opened(house, held, "pass_on")

    first = sent(house, view, choice("to", f"broker:{held.ben.id}"))
    again = sent(house, view, choice("to", f"broker:{held.ben.id}"))

    assert (first, again) == ({}, {})
    assert [each.code for each in house.advice.referrals.of_broker(held.ben.id)] == [held.code]
    assert house.told_alone("U0KIM") == []


def test_while_slack_does_not_say_who_may_a_typed_answer_stays_in_its_form(talk: Talking) -> None:
    """Told of a user group alone, so that nobody knows yet whether Sam may."""
    group = talk.advice.teams.add(
        now=NOW, name="Example group", slack_team=TEAM, channel="C0TEAM", slack_group="S0G"
    )
    talk.advice.brokers.add(
        now=NOW, team=group.id, name="Sam Example", slack_team=TEAM, slack_user="U0SAM", by_group=True
    )
    code = talk.advice.referrals.record("owner-session", name="Ada", contact="a@example.org", consent_at=NOW)
    talk.slack.trouble("usergroups.users.list", times=9, status=500)
    before = work(talk.database)

    kept = json.dumps({"code": code})
    answer = talk.post(
        signing.submission("answer", text("answer", "A long answer"), user="U0SAM", metadata=kept)
    )

    assert "try again" in answer.json()["errors"]["answer"]
    assert work(talk.database) == before


# A direct message as the conversation's place.


def direct(house: ReferralHouse, holds: str) -> list[Message]:
    """The direct messages that hold some words."""
    return [m for m in house.slack.said() if m.channel.startswith("D") and holds in m.text]


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


# A chat that ends because the referral goes elsewhere.


@pytest.fixture
def talking(house: ReferralHouse, held: Any) -> SimpleNamespace:
    """Kim talks with the owner, whose last line waits; there is another team."""
    house.slack.channel("C0FAR")
    far = house.team("Example far team", "C0FAR", areas=["west-midlands"], position=9)
    fay = house.broker(far, "U0FAR", "Fay Example")
    written(house, held, "Good morning, I am Kim")
    hear(house, "My lease ends. When can you come?")
    return SimpleNamespace(**vars(held), far=far, fay=fay)


def hear(house: ReferralHouse, words: str) -> Any:
    """Write as the owner; None: the bot answers."""
    said = People(house.advice).hear("owner-session", words, words, None, house.now())
    house.quiet()
    return said


def ours(house: ReferralHouse) -> list[str]:
    """What the owner's page shows of us."""
    news = People(house.advice).news("owner-session", 0, house.now())
    return [line["text"] for line in news["lines"] if line["who"] == "Fingerpost"]


def test_an_owner_hears_that_their_chat_was_passed_on_and_the_next_team_reads_what_waits(
    house: ReferralHouse, talking: Any
) -> None:
    house.form("pass_on", talking.code, "U0KIM", choice("to", f"team:{talking.far.id}"), ts=talking.card.ts)
    there = house.card(talking.code, "C0FAR")
    house.quiet()

    told = [words for words in ours(house) if "passed your request" in words]
    assert told == [
        f"Your adviser here has passed your request ({talking.code}) on, and Fingerpost answers here again. "
        "You are told who takes it. What you wrote last goes to them."
    ]
    assert [m.text for m in house.slack.said("C0FAR", there.ts) if m.text.startswith("The owner:")] == [
        "The owner: My lease ends. When can you come?"
    ]
    assert hear(house, "Hello?") is None


def test_an_owner_whose_adviser_declines_in_the_middle_hears_so_and_who_takes_it_reads_what_waits(
    house: ReferralHouse, talking: Any
) -> None:
    house.form("decline", talking.code, "U0KIM", text("why", "We are full"), ts=talking.card.ts)
    there = house.card(talking.code, "C0FAR")
    house.quiet()
    house.done_again()

    assert sum("passed your request" in words for words in ours(house)) == 1
    assert sum("My lease ends" in m.text for m in house.slack.said("C0FAR", there.ts)) == 1


def test_what_was_answered_is_not_shown_to_the_next_team(house: ReferralHouse, talking: Any) -> None:
    written(house, talking, "Tomorrow at ten")
    house.form("pass_on", talking.code, "U0KIM", choice("to", f"team:{talking.far.id}"), ts=talking.card.ts)
    there = house.card(talking.code, "C0FAR")
    house.quiet()

    assert not any("My lease ends" in m.text for m in house.slack.said("C0FAR", there.ts))
    [told] = [words for words in ours(house) if "passed your request" in words]
    assert "What you wrote last" not in told


def test_a_chat_that_goes_on_with_a_colleague_is_not_said_to_have_ended(
    house: ReferralHouse, talking: Any
) -> None:
    house.form("pass_on", talking.code, "U0KIM", choice("to", f"broker:{talking.ben.id}"), ts=talking.card.ts)
    house.quiet()

    assert not any("passed your request" in words for words in ours(house))
    shown = [m.text for m in house.slack.said("C0TEAM", talking.card.ts) if "My lease ends" in m.text]
    assert len(shown) == 1
    assert hear(house, "Hello?") is not None


def test_who_never_wrote_to_the_owner_passes_on_without_a_word_to_them(
    house: ReferralHouse, held: Any
) -> None:
    house.form("decline", held.code, "U0KIM", text("why", "We are full"), ts=held.card.ts)
    house.quiet()

    assert not any("passed your request" in words for words in ours(house))


# What a lead and the next team are told of those who had it.


def test_a_lead_reads_who_declined_and_why_and_not_that_they_have_it(house: ReferralHouse) -> None:
    house.slack.person("U0LEAD", "Lou Example")
    house.broker(house.team(lead_slack="U0LEAD"), "U0KIM", "Kim Example")
    code = house.asks()

    house.form("decline", code, "U0KIM", text("why", "Full until <January> & *busy*"), ts=house.card(code).ts)
    house.quiet()

    [lead] = direct(house, code)
    assert "It is with" not in lead.text
    assert lead.text.startswith(
        "A business asked for a person about money for your plans today, and has had no"
    )
    assert "The team Example near team declined it: “Full until &lt;January&gt; &amp; *busy*”." in lead.text
    assert message_faults(lead.text, lead.blocks) == []
    assert "<January>" not in str(lead.blocks)


def test_a_lead_reads_who_did_not_answer_in_time(house: ReferralHouse) -> None:
    house.slack.person("U0LEAD", "Lou Example")
    house.team(lead_slack="U0LEAD", lead_after_days=2)
    code = house.asks()
    house.later(days=2, minutes=1)
    house.quiet()
    house.later(days=3, minutes=1)
    house.quiet()

    first, again = direct(house, code)
    assert "2 days ago, and has had no answer. The team Example near team had it and did not" in first.text
    assert "5 days ago, and has had no answer. The team Example near team had it and did not" in again.text


def test_a_lead_does_not_read_that_who_was_answered_was_not(house: ReferralHouse, held: Any) -> None:
    house.slack.person("U0LEAD", "Lou Example")
    house.advice.teams.change(held.team.id, lead_slack="U0LEAD", now=house.now())
    written(house, held, "Good morning, I am Kim")
    house.form("decline", held.code, "U0KIM", text("why", "Not ours"), ts=held.card.ts)
    house.quiet()

    [lead] = direct(house, "declined it: “Not ours”")
    assert "and nobody has it now" in lead.text
    assert "no answer" not in lead.text


def test_a_card_that_was_passed_on_does_not_say_why_the_first_team_had_it(
    house: ReferralHouse, talking: Any
) -> None:
    why = next(e.detail for e in house.advice.referrals.trail(talking.code) if e.what == trail.ASSIGNED)
    before = house.card(talking.code).text
    house.form("pass_on", talking.code, "U0KIM", choice("to", f"team:{talking.far.id}"), ts=talking.card.ts)
    there = house.card(talking.code, "C0FAR")

    assert why
    assert why in before
    assert why not in there.text + str(there.blocks)


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


def test_what_is_asked_of_us_there_is_answered_and_goes_to_no_owner(talk: Talking, thread: Any) -> None:
    asks_us(talk, thread, "they want export")

    assert [each["message"] for each in talk.rasa.sent] == ["they want export"]
    assert [each for each in talk.advice.relay.since(thread.code, 0, 9) if each.side == "broker"] == []


# A conversation that is no longer kept.


def let_go(house: ReferralHouse) -> None:
    """Have the owner's conversation gone, while what it led to is kept."""
    with house.database.writing() as transaction:
        transaction.execute(delete(ChatSessionRow))


def test_what_is_written_to_a_chat_that_is_gone_is_said_to_reach_nobody(
    house: ReferralHouse, held: Any
) -> None:
    let_go(house)

    written(house, held, "Good morning, I am Kim. Sorry it took so long.")

    assert house.told_alone("U0KIM") == [NO_CHAT]
    assert [x for x in house.advice.relay.since(held.code, 0, 9) if x.side == "broker"] == []
    assert house.state(held.code) == "taken"


def test_an_answer_for_a_chat_that_is_gone_stays_in_its_form(house: ReferralHouse, held: Any) -> None:
    view = opened(house, held, "answer")
    let_go(house)

    errors = sent(house, view, text("answer", "The grant opened today, shall we apply?"))

    assert errors == {"answer": NO_CHAT}
    assert not any("wrote to the owner" in m.text for m in house.slack.said("C0TEAM", held.card.ts))


def test_a_correction_for_a_chat_that_is_gone_is_said_to_reach_nobody(
    house: ReferralHouse, held: Any
) -> None:
    ts = "1795200000.000100"
    written(house, held, "I call at ten", ts=ts)
    let_go(house)

    house.gateway.post(changed("I call at nine", before="I call at ten", ts=ts, thread=held.card.ts))
    house.quiet()

    [word] = house.told_alone("U0KIM")
    assert word.startswith(NO_CHAT)


def test_looking_whether_a_chat_is_there_does_not_keep_it_longer(house: ReferralHouse, held: Any) -> None:
    house.later(days=3)
    written(house, held, "Good morning, I am Kim")

    with house.database.session() as transaction:
        [chat] = transaction.scalars(select(ChatSessionRow))
    assert house.now() - in_utc(chat.seen) >= timedelta(days=3)
