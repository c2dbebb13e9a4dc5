"""A broker changes or deletes a reply that went to an owner: what each of the two then reads."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.slack import door, intake
from bot.slack.talk.correcting import HAS, NEVER_SENT, STAYS
from bot.slack.talk.referrals import MOST_CHARACTERS
from bot.web.people import People
from knowledge_base.brokers.records import Place
from knowledge_base.store.database import Database
from tests.slack.databases import on_both
from tests.slack.gateway import Gateway
from tests.slack.kept import words_kept, work
from tests.slack.referral_house import ReferralHouse, choice, talks_of
from tests.slack.signing import changed, command, deleted, message
from tests.slack.talking import DUDLEY, Talking
from tests.slack.workspace import BOT_USER, TEAM

FIRST = "We meet on Monday at 10"
TS = "1795200000.000100"


@pytest.fixture
def taken(house: ReferralHouse) -> SimpleNamespace:
    """A referral that Kim has, of whom the owner has one line; Lee is a colleague."""
    team = house.team()
    kim, lee = house.broker(team, "U0KIM", "Kim Example"), house.broker(team, "U0LEE", "Lee Example")
    code = house.asks()
    card = house.card(code)
    house.press("take", code, "U0KIM", ts=card.ts)
    house.becomes(code, "taken")
    house.writes(FIRST, "U0KIM", card, ts=TS)
    house.becomes(code, "in_contact")
    house.quiet()
    return SimpleNamespace(code=code, card=card, kim=kim, lee=lee)


def edits(house: ReferralHouse, taken: Any, text: str, before: str = FIRST, **how: Any) -> None:
    """Change what Kim wrote first, and wait until all that follows is done."""
    told = {"ts": TS, "thread": taken.card.ts, **how}
    assert house.gateway.post(changed(text, before=before, **told)).status_code == 200
    house.quiet()


def read(house: ReferralHouse) -> list[str]:
    """What the owner's page shows of people."""
    news = People(house.advice).news("owner-session", 0, house.now())
    return [line["text"] for line in news["lines"] if line["who"] != "Fingerpost"]


def test_a_corrected_reply_reaches_the_owner_as_one_more_line_under_the_same_name(
    house: ReferralHouse, taken: Any
) -> None:
    edits(house, taken, "We meet on Tuesday at 10")

    lines = People(house.advice).news("owner-session", 0, house.now())["lines"][-2:]
    assert [(line["who"], line["text"]) for line in lines] == [
        ("Kim Example", FIRST),
        ("Kim Example", "Corrected: We meet on Tuesday at 10"),
    ]
    assert house.told_alone("U0KIM") == []


@on_both
def test_a_correction_that_slack_tells_again_is_read_once(house: ReferralHouse, taken: Any) -> None:
    request = changed("On Tuesday", before=FIRST, ts=TS, thread=taken.card.ts, event_id="Ev0EDIT")

    for retry in range(3):
        house.gateway.post(request, headers={"x-slack-retry-num": str(retry)})
    house.quiet()
    house.done_again()

    assert read(house) == [FIRST, "Corrected: On Tuesday"]


@on_both
def test_each_correction_is_read_and_one_that_was_overtaken_on_its_way_is_not(
    house: ReferralHouse, taken: Any
) -> None:
    edits(house, taken, "On Tuesday", at="1795200010.000100")
    edits(house, taken, "On Thursday", before="On Wednesday", at="1795200030.000100")
    edits(house, taken, "On Wednesday", before="On Tuesday", at="1795200020.000100")
    edits(house, taken, FIRST, before="On Thursday", at="1795200040.000100")

    assert read(house) == [FIRST, "Corrected: On Tuesday", "Corrected: On Thursday", f"Corrected: {FIRST}"]


def test_a_links_preview_and_what_changes_no_word_are_nothing_to_the_owner(
    house: ReferralHouse, taken: Any
) -> None:
    preview = {"attachments": [{"from_url": "https://example.org", "title": "Example"}]}
    for how in (
        {"by": None, "message": preview},
        {"message": preview},  # of what was edited before
        {"by": None, "previous_message": None},
        {"previous_message": None},
        {"message": {"text": f"{FIRST} "}},
    ):
        edits(house, taken, FIRST, **how)

        assert (how, read(house)) == (how, [FIRST])
    assert house.told_alone("U0KIM") == []


def test_nobody_corrects_what_another_wrote(house: ReferralHouse, taken: Any) -> None:
    for how in (
        {"by": "U0LEE"},
        {"user": "U0LEE"},
        {"user": "U0LEE", "message": {"edited": {"user": "U0KIM", "ts": "1.0"}}},
        {"user": "U0EVE"},
        {"user": BOT_USER},
        {"message": {"bot_id": "B0OTHER"}},
        {"message": {"subtype": "tombstone"}},
    ):
        edits(house, taken, "Pay me in cash", **how)

        assert (how, read(house)) == (how, [FIRST])
    assert house.slack.ephemerals == []


def test_a_colleague_who_mends_a_remark_is_told_nothing_and_the_owner_reads_nothing(
    house: ReferralHouse, taken: Any
) -> None:
    house.writes("They never pay", "U0LEE", taken.card, ts="1795200001.000100")
    house.quiet()
    before = house.told_alone("U0LEE")

    edits(house, taken, "They pay late", before="They never pay", ts="1795200001.000100", user="U0LEE")

    assert read(house) == [FIRST]
    assert house.told_alone("U0LEE") == before


def test_after_the_referral_is_closed_a_correction_goes_to_nobody_and_its_broker_hears_so(
    house: ReferralHouse, taken: Any
) -> None:
    house.form("outcome", taken.code, "U0KIM", choice("outcome", "helped"), ts=taken.card.ts)
    house.becomes(taken.code, "helped")

    edits(house, taken, "We meet on Tuesday at 10")

    assert read(house) == [FIRST]
    assert house.told_alone("U0KIM") == [f"That went to nobody: this referral is closed. {HAS}"]


def test_who_passed_it_on_corrects_nothing_any_more_and_hears_who_can(
    house: ReferralHouse, taken: Any
) -> None:
    house.form("pass_on", taken.code, "U0KIM", choice("to", f"broker:{taken.lee.id}"), ts=taken.card.ts)
    house.slack.wait_for(lambda: house.advice.referrals.get(taken.code).broker == taken.lee.id)

    edits(house, taken, "We meet on Tuesday at 10")

    assert read(house) == [FIRST]
    [word] = house.told_alone("U0KIM")
    assert "only what Lee Example writes here" in word
    assert word.endswith(HAS)


def test_a_correction_does_not_take_back_a_chat_that_was_handed_back(
    house: ReferralHouse, taken: Any
) -> None:
    house.press("hand_back", taken.code, "U0KIM", ts=taken.card.ts)
    house.slack.wait_for(lambda: not house.advice.relay.talking("owner-session"))

    edits(house, taken, "We meet on Tuesday at 10")

    assert read(house) == [FIRST, "Corrected: We meet on Tuesday at 10"]
    assert house.advice.relay.talking("owner-session") is None


def test_whatever_a_correction_holds_reaches_the_owner_as_plain_words(
    house: ReferralHouse, taken: Any
) -> None:
    for text, shown in (
        ("on Tuesday <!channel> <@U0LEE>", "on Tuesday"),
        ("on <https://example.org|Tuesday> &amp; later", "on Tuesday & later"),
        ("on\u0000 Tuesday\ud800", "on Tuesday\ufffd"),
        ("'; drop table relay_lines --", "'; drop table relay_lines --"),
        ("&lt;b onclick=x&gt;Tuesday&lt;/b&gt;", "<b onclick=x>Tuesday</b>"),
        ("/restart", "restart"),
        ("Corrected: on Tuesday", "Corrected: on Tuesday"),
    ):
        edits(house, taken, text)

        assert (text, read(house)[-1]) == (text, f"Corrected: {shown}")


def test_a_correction_that_is_too_long_or_without_words_is_refused_and_said_to_be(
    house: ReferralHouse, taken: Any
) -> None:
    edits(house, taken, "x" * (MOST_CHARACTERS + 1))
    edits(house, taken, "/")

    long, empty = house.told_alone("U0KIM")
    assert read(house) == [FIRST]
    assert long == (
        "That is longer than the 4,000 characters that fit into the owner's chat, so it was not sent. "
        "The owner has what you wrote before."
    )
    assert empty.startswith("Only words reach the owner's chat")


def test_what_never_went_to_the_owner_does_not_go_by_being_changed_and_its_broker_hears_so(
    house: ReferralHouse, taken: Any
) -> None:
    ts = "1795200001.000100"
    house.writes("// ask them for Tuesday?", "U0KIM", taken.card, ts=ts)
    house.quiet()

    edits(house, taken, "// ask them for Wednesday?", before="// ask them for Tuesday?", ts=ts)
    silent = house.told_alone("U0KIM")
    edits(house, taken, "Would Wednesday do?", before="// ask them for Wednesday?", ts=ts)

    assert read(house) == [FIRST]
    assert (silent, house.told_alone("U0KIM")) == ([], [NEVER_SENT])


def test_a_reply_that_is_made_a_remark_stays_with_the_owner_as_it_was(
    house: ReferralHouse, taken: Any
) -> None:
    for text in ("// not for the owner", f"<@{BOT_USER}> is their credit bad?"):
        edits(house, taken, text)

    assert read(house) == [FIRST]
    assert house.told_alone("U0KIM") == [STAYS, STAYS]


def test_a_deleted_reply_stays_with_the_owner_and_its_broker_is_told_once_and_alone(
    house: ReferralHouse, taken: Any
) -> None:
    request = deleted(FIRST, ts=TS, thread=taken.card.ts)
    said = len(house.slack.said())

    for retry in range(2):
        house.gateway.post(request, headers={"x-slack-retry-num": str(retry)})
    house.quiet()

    assert read(house) == [FIRST]
    assert [(e["text"], e["user"], e["thread_ts"]) for e in house.slack.ephemerals] == [
        (STAYS, "U0KIM", taken.card.ts)
    ]
    assert len(house.slack.said()) == said


def test_what_was_deleted_and_went_to_nobody_is_nothing_to_speak_of(house: ReferralHouse, taken: Any) -> None:
    remark = "1795200009.000100"
    for how in (
        {"ts": remark},
        {"ts": remark, "user": "U0LEE"},
        {"user": "U0LEE"},
        {"user": "U0EVE"},
        {"user": BOT_USER},
    ):
        house.gateway.post(deleted("// hm", **{"ts": TS, "thread": taken.card.ts, **how}))
    house.quiet()

    assert read(house) == [FIRST]
    assert house.slack.ephemerals == []


def test_once_the_owner_had_everything_deleted_an_edit_finds_nothing_and_is_kept_nowhere(
    house: ReferralHouse, taken: Any
) -> None:
    house.advice.forget("owner-session")
    house.quiet()
    before = work(house.database)

    edits(house, taken, "We meet on Tuesday at 10")

    assert work(house.database) == before
    assert house.told_alone("U0KIM") == []


def test_the_words_of_an_edit_are_gone_once_it_is_done(house: ReferralHouse, taken: Any) -> None:
    edits(house, taken, "We meet on Tuesday at 10")

    assert "Tuesday" not in words_kept(house.database)
    assert FIRST not in words_kept(house.database)


def test_an_edit_in_a_clients_thread_is_neither_answered_nor_kept(talk: Talking) -> None:
    talk.post(command(DUDLEY))
    client = talk.client()
    channel, thread = talk.thread(client)
    asked = talk.slack.write(channel, "30 people", "U0KIM", thread)
    talk.post(message("30 people", channel=channel, thread=thread, ts=asked.ts))
    said, sent, kept = len(talk.slack.said()), len(talk.rasa.sent), work(talk.database)

    talk.post(changed("40 people", before="30 people", channel=channel, thread=thread, ts=asked.ts))
    talk.post(deleted("30 people", channel=channel, thread=thread, ts=asked.ts))

    assert (len(talk.slack.said()), len(talk.rasa.sent), work(talk.database)) == (said, sent, kept)
    assert talk.client_now(client).profile["employees"] == 30
    assert talk.slack.ephemerals == []


def test_the_real_talk_corrects_too_and_strangers_who_edit_are_told_nothing(talk: Talking) -> None:
    now = talk.clock()
    talks_of(talk.database, "owner-session", now)
    code = talk.advice.referrals.record(
        "owner-session", name="Ada", contact="ada@example.org", consent_at=now, team=talk.team.id
    )
    talk.advice.referrals.take(code, talk.kim.id, now)
    root = talk.slack.write("C0TEAM", f"referral {code}", BOT_USER)
    talk.advice.clients.bind(Place(TEAM, "C0TEAM", root.ts), referral=code)
    talk.post(message(FIRST, thread=root.ts, ts=TS))

    talk.post(changed("On Tuesday", before=FIRST, thread=root.ts, ts=TS))
    talk.post(changed("me too", before="me", thread=root.ts, ts="1795200005.000100", user="U0SAM"))

    assert [x.text for x in talk.advice.relay.since(code, 0, 10)] == [FIRST, "Corrected: On Tuesday"]
    assert talk.slack.ephemerals == []


def test_an_edit_in_a_thread_of_others_is_kept_nowhere(gateway: Gateway, slack_database: Database) -> None:
    for request in (
        changed("on Tuesday", before="on Monday", thread="1795000000.000100", ts=TS),
        deleted("on Monday", thread="1795000000.000100", ts=TS),
    ):
        assert gateway.post(request).status_code == 200

    assert work(slack_database) == {}


ANY = st.none() | st.integers() | st.text(max_size=8) | st.just("U0KIM") | st.just("1795000000.000100")
PARTS = st.dictionaries(
    st.sampled_from(["user", "ts", "thread_ts", "text", "edited", "bot_id", "subtype", "team", "files"]),
    ANY | st.dictionaries(st.sampled_from(["user", "ts"]), ANY, max_size=2),
    max_size=7,
)


@settings(deadline=None, max_examples=200)
@given(
    st.sampled_from(sorted(intake.EDIT_EVENTS)),
    PARTS | ANY,
    PARTS | ANY,
    st.fixed_dictionaries({}, optional={"ts": ANY, "channel": ANY, "user": ANY, "channel_type": ANY}),
)
def test_of_any_edit_only_a_persons_own_reply_in_a_thread_is_read(
    subtype: str, now: Any, before: Any, outer: dict[str, Any]
) -> None:
    event = {**outer, "type": "message", "subtype": subtype, "message": now, "previous_message": before}
    asked = intake.read({"type": "event_callback", "event": event}, TEAM, "", BOT_USER)

    if asked is not None:
        written = now if asked.kind == door.CHANGED else before
        assert asked.user == written["user"]
        assert asked.thread not in ("", asked.ts)
        assert asked.body is None
        assert 0 < len(asked.key) <= 250
        assert asked.kind == door.DELETED or written["edited"]["user"] == asked.user
