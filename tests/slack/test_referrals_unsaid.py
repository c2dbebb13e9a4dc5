"""What is written about a referral reaches whom it is for; or its writer hears that it did not."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from bot.slack.talk.correcting import STAYS, is_aside
from bot.slack.talk.referral_forms import KEPT_HERE, NO_CHAT, OTHERS
from bot.slack.talk.referrals import FILE_STAYED, NO_WORDS, NOT_YOURS, TO_COLLEAGUES
from knowledge_base.store.columns import in_utc
from knowledge_base.store.tables import ChatSessionRow
from knowledge_base.store.teams import Brokers
from tests.slack import signing
from tests.slack.held import opened, read, sent, written
from tests.slack.kept import work
from tests.slack.referral_house import ReferralHouse, choice, text
from tests.slack.signing import changed
from tests.slack.talking import NOW, Talking
from tests.slack.workspace import TEAM

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


@pytest.mark.parametrize("before", ["begin", "say"])
def test_a_line_of_who_loses_the_referral_while_it_is_sent_reaches_no_owner(
    house: ReferralHouse, held: Any, monkeypatch: Any, before: str
) -> None:
    kept: Any = house.advice.referrals
    relay = house.advice.relay
    real = getattr(relay, before)

    def later(*told: Any, **how: Any) -> Any:
        if kept.get(held.code).broker == held.kim.id:
            kept.pass_on(held.code, to_broker=held.ben.id, by=held.kim.id, now=house.now())
        return real(*told, **how)

    house.stop_looking()
    monkeypatch.setattr(relay, before, later)
    written(house, held, "I call at ten")

    assert read(house) == []
    # A chat that had begun goes on with the colleague; none begins by a line that is not kept.
    assert kept.get(held.code).live is (before == "say")
    assert house.told_alone("U0KIM") == [NOT_YOURS.format(who="Ben Example")]


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
