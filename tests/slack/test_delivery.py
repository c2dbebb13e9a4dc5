"""What waits in the outbox reaches Slack once, in order, at Slack's pace, or is given up with a reason."""

from __future__ import annotations

import asyncio
import logging
import time
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack import delivery
from bot.slack.files import MOST_BYTES, BadFile, as_file
from bot.slack.limits import Pauses, wait_before
from knowledge_base.store.database import Database
from knowledge_base.store.referrals import Referrals
from tests.slack.databases import on_both
from tests.slack.gateway import Gateway
from tests.slack.kept import posts, words_kept
from tests.slack.stand_in import StandIn

BLOCKS = [{"type": "section", "text": {"type": "mrkdwn", "text": "*A roadmap*"}}]


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tries follow each other at once; how long the waits are is a test of its own."""
    monkeypatch.setattr(delivery, "wait_before", lambda tries: 0.05)
    monkeypatch.setattr(delivery, "UNCERTAIN_SECONDS", 0.3)


def put(gateway: Gateway, key: str, channel: str = "C0TEAM", **what: Any) -> None:
    door = gateway.door
    door.outbox.put(key, channel, **{"text": f"Words of {key}", **what}, now=door.clock())
    door.wake_deliverer()


def ended(slack: StandIn, database: Database, key: str) -> tuple[str, str]:
    return slack.wait_for(lambda: posts(database)[key][0] in ("done", "given_up") and posts(database)[key])


def test_a_message_carries_its_key_and_is_known_by_its_ts(
    gateway: Gateway, slack: StandIn, slack_database: Database
):
    put(gateway, "k1", blocks=BLOCKS)

    assert ended(slack, slack_database, "k1") == ("done", "")
    (message,) = slack.said("C0TEAM")
    assert (message.key, message.text, message.blocks) == ("k1", "Words of k1", BLOCKS)
    assert gateway.door.outbox.ts_of("k1") == message.ts
    assert gateway.echo.told_sent == [("k1", "C0TEAM", message.ts)]
    assert words_kept(slack_database) == "[]"


def test_no_page_is_fetched_by_slack_to_show_a_preview(gateway: Gateway, slack: StandIn):
    put(gateway, "k1", text="https://hub.example.org/roadmap/1")

    slack.wait_for(lambda: slack.said("C0TEAM"))
    asked = slack.called("chat.postMessage")[0].asked
    assert (asked["unfurl_links"], asked["unfurl_media"]) == (False, False)


@on_both
def test_replies_wait_for_the_message_they_belong_to(
    gateway: Gateway, slack: StandIn, slack_database: Database
):
    slack.trouble("chat.postMessage", status=500, times=2)

    put(gateway, "root")
    for number in range(5):
        put(gateway, f"reply-{number}", after_key="root")
    ended(slack, slack_database, "reply-4")

    root, *replies = slack.said("C0TEAM")
    assert [each.key for each in (root, *replies)] == ["root", *(f"reply-{number}" for number in range(5))]
    assert {each.thread_ts for each in replies} == {root.ts}


@on_both
def test_a_message_is_changed_and_taken_down_under_its_key(
    gateway: Gateway, slack: StandIn, slack_database: Database
):
    put(gateway, "card", blocks=BLOCKS)
    put(gateway, "card:taken", text="Taken by Kim", update_key="card")

    ended(slack, slack_database, "card:taken")
    (message,) = slack.said("C0TEAM")
    assert (message.text, message.blocks, message.edited) == ("Taken by Kim", [], 1)


def test_what_is_to_be_taken_down_is_tried_until_it_is_however_old_it_was(
    gateway: Gateway, slack: StandIn, slack_database: Database
):
    referrals, long_ago = Referrals(slack_database), gateway.door.clock() - timedelta(days=60)
    code = referrals.record("owner", name="Ada", contact="ada@example.org", consent_at=long_ago)
    gateway.door.outbox.put("slip", "C0TEAM", text="Ada, ada@example.org", about=code, now=long_ago)
    gateway.door.wake_deliverer()
    ended(slack, slack_database, "slip")
    slack.trouble("chat.delete", status=500, times=2)

    referrals.delete_for_session("owner")
    gateway.door.wake_deliverer()

    assert ended(slack, slack_database, "down:slip") == ("done", "")
    assert slack.said() == []


def test_a_word_to_one_person_is_seen_by_them_alone(gateway: Gateway, slack: StandIn):
    put(gateway, "k1", ephemeral_to="U0KIM")

    slack.wait_for(lambda: slack.ephemerals)
    assert [(each["channel"], each["user"]) for each in slack.ephemerals] == [("C0TEAM", "U0KIM")]
    assert slack.said() == []


@pytest.mark.parametrize("channel", ["C0OTHER", "C0OLD", "C0NOWHERE"])
def test_where_the_channel_does_not_take_it_a_word_to_one_person_goes_to_them(
    gateway: Gateway, slack: StandIn, slack_database: Database, channel: str
):
    put(gateway, "k1", channel, ephemeral_to="U0KIM")

    assert ended(slack, slack_database, "k1") == ("done", "")
    assert [(each.channel, each.text) for each in slack.said()] == [("D0KIM", "Words of k1")]
    asked = slack.called("chat.postMessage")[-1].asked
    assert (asked["unfurl_links"], asked["unfurl_media"]) == (False, False)


def test_a_message_to_a_person_goes_into_their_direct_conversation(
    gateway: Gateway, slack: StandIn, slack_database: Database
):
    put(gateway, "k1", "U0KIM")
    put(gateway, "k2", "U0KIM", after_key="k1")

    ended(slack, slack_database, "k2")
    first, second = slack.said("D0KIM")
    assert second.thread_ts == first.ts
    assert [channel for _, channel, _ in gateway.echo.told_sent] == ["D0KIM", "D0KIM"]


@pytest.mark.parametrize(
    ("channel", "words"),
    [("C0OTHER", "invite the app"), ("C0NOWHERE", "its channel is gone"), ("C0OLD", "archived")],
)
def test_what_no_channel_takes_is_given_up_with_a_reason_that_staff_can_act_on(
    gateway: Gateway, slack: StandIn, slack_database: Database, channel: str, words: str
):
    put(gateway, "k1", channel)
    put(gateway, "k2", channel, after_key="k1")

    state, why = ended(slack, slack_database, "k1")
    assert state == "given_up"
    assert words in why
    assert ended(slack, slack_database, "k2")[0] == "given_up"
    assert slack.said() == []
    assert words_kept(slack_database) == "[]"


def test_somebody_who_is_not_in_the_workspace_gets_nothing_and_that_is_said(
    gateway: Gateway, slack: StandIn, slack_database: Database
):
    put(gateway, "k1", "U0GONE")

    assert ended(slack, slack_database, "k1") == ("given_up", "the person is not in the workspace")


@on_both
def test_slack_is_left_in_peace_as_long_as_it_asks(
    gateway: Gateway, slack: StandIn, slack_database: Database
):
    slack.channel("C0FREE")
    slack.trouble("chat.postMessage", status=429, retry_after=2, channel="C0TEAM")

    put(gateway, "k1")
    slack.wait_for(lambda: slack.called("chat.postMessage"))
    put(gateway, "k2")
    put(gateway, "free", "C0FREE")
    ended(slack, slack_database, "free")
    meanwhile = [each.key for each in slack.said("C0TEAM")]
    ended(slack, slack_database, "k2")

    refused, *others = slack.called("chat.postMessage")
    again = [call.at for call in others if call.asked["channel"] == "C0TEAM"]
    assert meanwhile == []
    assert min(again) - refused.at >= 2.0
    assert [each.key for each in slack.said("C0TEAM")] == ["k1", "k2"]


def test_when_two_channels_are_told_to_wait_all_of_them_do():
    pauses = Pauses()

    pauses.told("C1", 5, at=100.0)
    alone = pauses.everybody_waits(101.0)
    pauses.told("C2", 8, at=101.0)

    assert alone == 0
    assert pauses.waiting(101.0) == {"C1", "C2"}
    assert pauses.everybody_waits(102.0) == 7
    assert pauses.waiting(106.0) == {"C2"}
    assert pauses.everybody_waits(110.0) == 0


@given(st.integers(-5, 10_000))
def test_waits_grow_and_end_somewhere(tries: int):
    assert 2 <= wait_before(tries) <= 300
    assert wait_before(tries) <= wait_before(tries + 1)


@pytest.mark.parametrize(
    "trouble",
    [
        {"status": 500},
        {"status": 503},
        {"drop": True},
        {"drop": True, "stored": True},
        {"error": "internal_error"},
        {"error": "something_new"},
    ],
    ids=lambda told: "-".join(str(value) for value in told.values()),
)
def test_what_failed_twice_is_there_once_in_the_end(
    gateway: Gateway, slack: StandIn, slack_database: Database, trouble: dict[str, Any]
):
    root = slack.write("C0TEAM", "a bakery", "U0KIM")
    slack.trouble("chat.postMessage", times=2, **trouble)

    put(gateway, "in-channel")
    put(gateway, "in-thread", thread_ts=root.ts)

    assert ended(slack, slack_database, "in-channel")[0] == "done"
    assert ended(slack, slack_database, "in-thread")[0] == "done"
    assert sorted(str(each.key) for each in slack.said()) == ["in-channel", "in-thread"]
    assert {gateway.door.outbox.ts_of(str(each.key)) == each.ts for each in slack.said()} == {True}


def test_a_post_that_arrived_though_slack_hung_is_found_among_many(
    gateway: Gateway, slack: StandIn, slack_database: Database, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("bot.slack.finding.PAGE", 20)
    root = slack.write("C0TEAM", "a bakery", "U0KIM")
    slack.trouble("chat.postMessage", drop=True, stored=True)

    put(gateway, "k1", thread_ts=root.ts)
    slack.wait_for(lambda: slack.said("C0TEAM", root.ts))
    for number in range(90):
        slack.write("C0TEAM", f"line {number}", "U0LEE", root.ts)
    ended(slack, slack_database, "k1")

    assert [each.key for each in slack.said()] == ["k1"]
    assert len(slack.called("conversations.replies")) >= 1


def test_while_it_cannot_be_known_whether_a_post_arrived_it_is_not_posted_again(
    gateway: Gateway, slack: StandIn, slack_database: Database
):
    slack.trouble("chat.postMessage", drop=True, stored=True)
    slack.trouble("conversations.history", status=500, times=3)

    put(gateway, "k1")

    assert ended(slack, slack_database, "k1")[0] == "done"
    assert len(slack.called("conversations.history")) == 4
    assert len(slack.called("chat.postMessage")) == 1


def test_refused_blocks_are_sent_as_words(gateway: Gateway, slack: StandIn, slack_database: Database):
    put(gateway, "k1", text="All of it in words", blocks=[{"type": "section"}] * 51)

    assert ended(slack, slack_database, "k1") == ("done", "")
    assert [(each.text, each.blocks) for each in slack.said()] == [("All of it in words", [])]


def test_what_slack_refuses_for_good_is_given_up_by_its_name(
    gateway: Gateway, slack: StandIn, slack_database: Database
):
    slack.trouble("chat.postMessage", error="something_new", times=50)

    put(gateway, "k1", text="my client is broke")

    assert ended(slack, slack_database, "k1") == ("given_up", "Slack: something_new")


def test_a_revoked_token_is_told_and_nothing_is_lost(
    gateway: Gateway, slack: StandIn, slack_database: Database, caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
):  # fmt: skip
    monkeypatch.setattr(delivery, "BAD_TOKEN_SECONDS", 0.2)
    slack.trouble("chat.postMessage", error="token_revoked")

    put(gateway, "k1")

    assert ended(slack, slack_database, "k1") == ("done", "")
    assert "it refuses SLACK_BOT_TOKEN: token_revoked; install the app again" in caplog.text


def test_before_slack_is_reached_everything_waits(slack: StandIn, slack_database: Database):
    slack.trouble("auth.test", status=500, times=2)

    with Gateway(slack.environment(), slack_database) as gateway:
        put(gateway, "k1")
        assert ended(slack, slack_database, "k1") == ("done", "")

    assert [call.method for call in slack.calls][:3] == ["auth.test"] * 3


def test_a_picture_is_put_into_the_thread_with_words_for_who_cannot_see_it(
    gateway: Gateway, slack: StandIn, slack_database: Database
):
    root = slack.write("C0TEAM", "a bakery", "U0KIM")
    picture = as_file("timeline.png", b"\x89PNG example", title="Timeline", alt="Four steps until March")

    put(gateway, "k1", thread_ts=root.ts, file=picture)

    assert ended(slack, slack_database, "k1") == ("done", "")
    (message,) = slack.said("C0TEAM", root.ts)
    (file,) = slack.files
    assert (file["data"], file["alt_txt"]) == (b"\x89PNG example", "Four steps until March")
    assert (message.text, message.files[0]["title"]) == ("Words of k1", "Timeline")


def test_a_picture_that_arrived_though_nobody_said_so_is_not_put_there_twice(
    gateway: Gateway, slack: StandIn, slack_database: Database
):
    slack.trouble("files.completeUploadExternal", drop=True, stored=True)

    put(gateway, "k1", file=as_file("timeline.png", b"example", title="Timeline", alt="Four steps"))
    put(gateway, "k2", file=as_file("timeline.png", b"example", title="Timeline", alt="Four steps"))

    ended(slack, slack_database, "k1")
    ended(slack, slack_database, "k2")
    assert len([message for message in slack.said("C0TEAM") if message.files]) == 2


@pytest.mark.parametrize("file", [{}, {"name": "x.png", "data": ""}, {"name": "x", "data": "no base64 !"}])
def test_what_is_no_file_is_given_up(
    gateway: Gateway, slack: StandIn, slack_database: Database, file: dict[str, Any]
):
    put(gateway, "k1", file=file)

    state, why = ended(slack, slack_database, "k1")
    assert state == "given_up"
    assert "a file in the outbox" in why


@pytest.mark.parametrize("size", [0, MOST_BYTES + 1])
def test_a_file_of_no_use_is_not_taken(size: int):
    with pytest.raises(BadFile, match="has 1 to 10,485,760"):
        as_file("x.png", b"x" * size, title="x", alt="x")


def test_nothing_that_is_sent_is_logged(
    gateway: Gateway, slack: StandIn, slack_database: Database, caplog: pytest.LogCaptureFixture
):
    slack.trouble("chat.postMessage", status=500)
    slack.trouble("chat.postMessage", drop=True)

    with caplog.at_level(logging.DEBUG):
        put(gateway, "k1", text="my client is broke")
        put(gateway, "k2", "C0OLD", text="my client is broke")
        ended(slack, slack_database, "k1")
        ended(slack, slack_database, "k2")

    assert "broke" not in caplog.text
    assert slack.token not in caplog.text


def test_channels_are_asked_once_whether_we_are_in_them(gateway: Gateway, slack: StandIn):
    channels = gateway.door.channels

    async def look() -> list[bool]:
        return [await channels.joined(each) for each in ("C0TEAM", "C0OTHER", "C0OLD", "C0TEAM", "D0KIM")]

    slack.wait_for(lambda: gateway.door.identity.team)
    assert gateway.door.loop
    found = asyncio.run_coroutine_threadsafe(look(), gateway.door.loop).result(10)

    assert found == [True, False, False, True, True]
    assert len(slack.called("conversations.history")) == 3


@on_both
def test_a_gateway_that_stops_leaves_nothing_held(slack: StandIn, slack_database: Database):
    slack.trouble("chat.postMessage", hang=0.5, times=3)

    with Gateway(slack.environment(), slack_database) as gateway:
        for number in range(3):
            put(gateway, f"k{number}", thread_ts=None)
        slack.wait_for(lambda: slack.called("chat.postMessage"))
    time.sleep(0.1)

    assert "held" not in [state for state, _ in posts(slack_database).values()]
