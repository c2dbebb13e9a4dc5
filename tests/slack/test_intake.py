"""What Slack sends: verified, kept once and acknowledged, whatever comes and however often."""

from __future__ import annotations

import asyncio
import json
import logging
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.slack import app, intake
from bot.slack.door import Asked, Quick, read_asked
from knowledge_base.store.database import Database
from tests.slack.gateway import Gateway
from tests.slack.kept import words_kept, work
from tests.slack.signing import (
    FORM,
    JSON,
    command,
    event,
    interaction,
    mention,
    message,
    press,
    signed,
    submission,
)
from tests.slack.stand_in import BOT_USER, SECRET, TEAM, StandIn

REASONS = [
    "http_timeout",
    "http_error",
    "connection_failed",
    "ssl_error",
    "too_many_redirects",
    "unknown_error",
]


def test_a_mention_is_answered_in_its_own_thread(gateway: Gateway, slack: StandIn):
    asked = slack.write("C0TEAM", f"<@{BOT_USER}> a bakery in Dudley", "U0KIM")

    assert gateway.post(mention("a bakery in Dudley", ts=asked.ts)).status_code == 200

    answer = slack.wait_for(lambda: slack.said("C0TEAM", asked.ts))
    assert [each.text for each in answer] == ["Heard: a bakery in Dudley"]


@pytest.mark.parametrize(
    "how",
    [
        {"secret": "another-secret"},
        {"at": time.time() - 301},
        {"at": time.time() + 400},
        {"headers": {"x-slack-signature": "v0=0"}},
        {"headers": {"x-slack-signature": ""}},
        {"headers": {"x-slack-request-timestamp": "yesterday"}},
        {"headers": {"x-slack-request-timestamp": "9" * 400}},
        {"headers": {"x-slack-request-timestamp": "-1"}},
    ],
    ids=["secret", "old", "future", "signature", "unsigned", "words", "long", "negative"],
)
def test_what_slack_did_not_sign_just_now_is_refused(
    gateway: Gateway, slack_database: Database, how: dict[str, Any]
):
    refused = gateway.post(mention("a bakery in Dudley"), **how)

    assert refused.status_code == 401
    assert work(slack_database) == {}


def test_a_signature_over_another_body_is_refused(gateway: Gateway, slack_database: Database):
    body, kind = mention("a bakery in Dudley")

    headers = signed(body.replace("bakery", "brewery"), kind)

    assert httpx.post(gateway.url, content=body, headers=headers).status_code == 401
    assert work(slack_database) == {}


def test_a_request_without_any_signature_is_refused(gateway: Gateway, slack_database: Database):
    body, kind = command("a bakery in Dudley")

    assert httpx.post(gateway.url, content=body, headers={"content-type": kind}).status_code == 401
    assert work(slack_database) == {}


def test_a_replayed_request_is_acknowledged_and_not_answered_again(gateway: Gateway, slack: StandIn):
    body, kind = command("a bakery in Dudley")
    headers = signed(body, kind, secret=SECRET)

    codes = [httpx.post(gateway.url, content=body, headers=headers).status_code for _ in range(5)]

    slack.wait_for(lambda: slack.ephemerals)
    assert codes == [200] * 5
    assert [asked.text for asked in gateway.echo.handled] == ["a bakery in Dudley"]


@pytest.mark.parametrize("reason", REASONS)
def test_an_event_that_slack_tries_again_is_answered_once(gateway: Gateway, slack: StandIn, reason: str):
    asked = slack.write("C0TEAM", "hello", "U0KIM")
    request = mention("hello", ts=asked.ts)

    first = gateway.post(request)
    again = [
        gateway.post(request, headers={"x-slack-retry-num": str(n), "x-slack-retry-reason": reason})
        for n in (1, 2, 3)
    ]

    slack.wait_for(lambda: slack.said("C0TEAM", asked.ts))
    assert [each.status_code for each in (first, *again)] == [200] * 4
    assert len(gateway.echo.handled) == 1


def test_an_event_that_never_arrived_is_answered_at_its_retry(gateway: Gateway, slack: StandIn):
    asked = slack.write("C0TEAM", "hello", "U0KIM")

    gateway.post(mention("hello", ts=asked.ts), headers={"x-slack-retry-num": "3"})

    assert slack.wait_for(lambda: slack.said("C0TEAM", asked.ts))


def test_a_mention_in_a_thread_comes_as_two_events_and_is_answered_once(gateway: Gateway, slack: StandIn):
    root = slack.write("C0TEAM", "a bakery", "U0KIM")
    reply = slack.write("C0TEAM", f"<@{BOT_USER}> and a loan?", "U0KIM", root.ts)

    for request in (
        message(f"<@{BOT_USER}> and a loan?", ts=reply.ts, thread=root.ts),
        mention("and a loan?", ts=reply.ts, thread=root.ts),
    ):
        assert gateway.post(request).status_code == 200

    slack.wait_for(lambda: slack.said("C0TEAM", root.ts))
    assert [asked.text for asked in gateway.echo.handled] == ["and a loan?"]


def test_a_button_that_arrives_many_times_at_once_is_pressed_once(gateway: Gateway, slack: StandIn):
    root = slack.write("C0TEAM", "roadmap", BOT_USER)
    request = press("take", "FP-1234", ts=root.ts)

    with ThreadPoolExecutor(12) as many:
        codes = [each.status_code for each in many.map(gateway.post, [request] * 24)]

    slack.wait_for(lambda: slack.said("C0TEAM", root.ts))
    assert codes == [200] * 24
    assert [(asked.action, asked.value) for asked in gateway.echo.handled] == [("take", "FP-1234")]


def test_two_presses_of_a_button_are_two_things(gateway: Gateway, slack: StandIn):
    root = slack.write("C0TEAM", "roadmap", BOT_USER)

    for _ in range(2):
        gateway.post(press("cheaper", ts=root.ts))

    slack.wait_for(lambda: len(gateway.echo.handled) == 2)
    assert len({asked.key for asked in gateway.echo.handled}) == 2


def test_what_is_said_in_one_thread_is_answered_in_order(gateway: Gateway, slack: StandIn):
    root = slack.write("C0TEAM", "a bakery", "U0KIM")
    gateway.echo.seconds = 0.02

    said = [f"line {number}" for number in range(12)]
    for words in said:
        gateway.post(message(words, thread=root.ts))

    slack.wait_for(lambda: len(slack.said("C0TEAM", root.ts)) == len(said))
    assert [each.text for each in slack.said("C0TEAM", root.ts)] == [f"Heard: {words}" for words in said]


def test_a_body_is_json_with_a_charset_too(gateway: Gateway, slack: StandIn):
    asked = slack.write("C0TEAM", "hello", "U0KIM")
    body, _ = mention("hello", ts=asked.ts)

    assert gateway.post((body, "application/json; charset=utf-8")).status_code == 200
    assert slack.wait_for(lambda: slack.said("C0TEAM", asked.ts))


def test_slack_is_given_its_challenge_back(gateway: Gateway):
    body = json.dumps({"type": "url_verification", "challenge": "3eZbrw", "token": "old"})

    assert gateway.post((body, JSON)).json() == {"challenge": "3eZbrw"}


def test_a_challenge_that_is_not_signed_is_not_given_back(gateway: Gateway):
    body = json.dumps({"type": "url_verification", "challenge": "3eZbrw"})

    told = httpx.post(gateway.url, content=body, headers={"content-type": JSON})

    assert told.status_code == 401
    assert "3eZbrw" not in told.text


def test_slack_may_check_the_certificate(gateway: Gateway, slack_database: Database):
    posted = gateway.post((urlencode({"ssl_check": "1", "token": "old"}), FORM))
    got = httpx.get(gateway.url, params={"ssl_check": "1"})

    assert (posted.status_code, got.status_code) == (200, 200)
    assert work(slack_database) == {}


def test_other_methods_are_told_what_this_address_is_for(gateway: Gateway):
    assert httpx.get(gateway.url).status_code == 405
    assert httpx.put(gateway.url, content=b"x").status_code == 405


INTERACTIONS = {
    "button": (press("why:example-grant"), "action"),
    "menu": (
        press("client_menu", None, action={"type": "overflow", "selected_option": {"value": "archive"}}),
        "action",
    ),
    "submission": (submission("profile", metadata="client-1"), "submission"),
    "shortcut": (interaction("shortcut", callback_id="new_client", trigger_id="1.t"), "shortcut"),
    "message": (
        interaction(
            "message_action",
            callback_id="about_this",
            trigger_id="2.t",
            channel={"id": "C0TEAM"},
            message={"ts": "1795000000.000100", "text": "a bakery in Dudley"},
            message_ts="1795000000.000100",
        ),
        "shortcut",
    ),
}


@pytest.mark.parametrize("name", INTERACTIONS)
def test_what_a_broker_does_is_kept_and_acknowledged(gateway: Gateway, slack: StandIn, name: str):
    request, kind = INTERACTIONS[name]

    answered = gateway.post(request)

    slack.wait_for(lambda: gateway.echo.handled)
    assert (answered.status_code, answered.text) == (200, "")
    assert [asked.kind for asked in gateway.echo.handled] == [kind]


@pytest.mark.parametrize(
    "request_",
    [
        submission("profile", type="view_closed"),
        press("open", None),
        press("open", "x", action={"url": "https://example.org/roadmap/1"}),
        interaction("workflow_step_edit", workflow_step={}),
        interaction("dialog_cancellation", callback_id="x"),
        interaction("something_new", trigger_id="1.t"),
        interaction("", trigger_id="1.t"),
        interaction("block_actions", trigger_id="1.t", actions="none"),
        interaction("block_actions", trigger_id="1.t", actions=[None, 5, {"type": "button"}]),
        interaction("block_actions", user="", actions=[{"type": "button", "value": "x"}]),
        (urlencode({"payload": "{}"}), FORM),
        event({"type": "reaction_added", "user": "U0KIM", "item": {"channel": "C0TEAM"}}),
        event({"type": "function_executed", "function": {"id": "F1"}, "inputs": {}}),
        event({"type": "workflow_step_execute"}),
        event({"type": "app_home_opened", "user": "U0KIM", "channel": "D0KIM"}),
        event({"type": "team_join", "user": {"id": "U0NEW"}}),
        event({"type": "something_new"}),
        event({}),
        (json.dumps({"type": "app_rate_limited", "team_id": TEAM, "minute_rate_limited": 1}), JSON),
    ],
    ids=lambda each: "",
)
def test_what_is_nothing_for_us_is_acknowledged_and_forgotten(
    gateway: Gateway, slack_database: Database, request_: tuple[str, str]
):
    assert gateway.post(request_).status_code == 200
    assert work(slack_database) == {}


@pytest.mark.parametrize(
    "request_",
    [
        message("Heard: hello", thread="1795000000.000100", bot_id="B0FINGER"),
        message("Heard: hello", thread="1795000000.000100", user=BOT_USER),
        message("hello", thread="1795000000.000100", bot_id="B0OTHER"),
        message("", thread="1795000000.000100", subtype="message_changed", message={"text": "x"}),
        message("", thread="1795000000.000100", subtype="message_deleted", hidden=True),
        message("joined", subtype="channel_join", thread="1795000000.000100"),
        message("renamed", subtype="channel_name", thread="1795000000.000100"),
        message("hello", user="USLACKBOT", channel="D0KIM", channel_type="im"),
        message("hello", user="", thread="1795000000.000100"),
    ],
    ids=lambda each: "",
)
def test_nobody_answers_a_bot_or_an_edit(
    gateway: Gateway, slack_database: Database, request_: tuple[str, str]
):
    assert gateway.post(request_).status_code == 200
    assert work(slack_database) == {}


def test_talk_in_a_channel_that_is_not_meant_for_us_is_never_kept(gateway: Gateway, slack_database: Database):
    assert gateway.post(message("my client is going under, keep it quiet")).status_code == 200

    assert work(slack_database) == {}


def test_a_direct_message_and_a_file_with_words_are_heard(gateway: Gateway, slack: StandIn):
    gateway.post(message("a bakery", channel="D0KIM", channel_type="im"))
    gateway.post(message("see this", channel="D0KIM", channel_type="im", subtype="file_share", files=[{}]))

    slack.wait_for(lambda: len(gateway.echo.handled) == 2)
    assert {asked.text for asked in gateway.echo.handled} == {"a bakery", "see this"}
    assert all(asked.direct and asked.starts for asked in gateway.echo.handled)


def test_words_are_gone_once_they_are_answered(gateway: Gateway, slack: StandIn, slack_database: Database):
    asked = slack.write("C0TEAM", "hello", "U0KIM")
    gateway.post(mention("a bakery that owes money", ts=asked.ts))

    slack.wait_for(lambda: slack.said("C0TEAM", asked.ts))
    slack.wait_for(lambda: set(work(slack_database).values()) == {"done"})
    slack.wait_for(lambda: "bakery" not in words_kept(slack_database))
    assert "old-token" not in words_kept(slack_database)


def test_another_workspace_is_told_so_and_nothing_of_it_is_kept(gateway: Gateway, slack_database: Database):
    gateway_knows_itself(gateway)

    told = gateway.post(command("a bakery", team="T0STRANGER")).json()
    others = [
        gateway.post(event({"type": "app_mention", "user": "U9", "text": "x"}, team="T0STRANGER")),
        gateway.post(interaction("block_actions", team="T0STRANGER", actions=[{"value": "x"}])),
        gateway.post(interaction("block_suggestion", team="T0STRANGER", value="x")),
    ]

    assert told["response_type"] == "ephemeral"
    assert told["text"].startswith("This Fingerpost belongs to another workspace")
    assert [each.status_code for each in others] == [200] * 3
    assert others[2].json() == {"options": []}
    assert work(slack_database) == {}


def test_an_organisation_wide_install_that_names_no_workspace_is_left_alone(
    gateway: Gateway, slack_database: Database
):
    gateway_knows_itself(gateway)
    body = {"type": "block_actions", "team": None, "is_enterprise_install": True, "enterprise": {"id": "E1"}}
    body |= {"user": {"id": "U9"}, "actions": [{"value": "x"}], "trigger_id": "1.t"}

    assert gateway.post((urlencode({"payload": json.dumps(body)}), FORM)).status_code == 200
    assert work(slack_database) == {}


def test_somebody_of_another_organisation_in_a_shared_channel_keeps_their_own_workspace(
    gateway: Gateway, slack: StandIn
):
    asked = slack.write("C0TEAM", "hello", "U9GUEST")
    told = {"type": "app_mention", "user": "U9GUEST", "text": "hello", "channel": "C0TEAM", "ts": asked.ts}

    gateway.post(event({**told, "user_team": "T9GUEST", "team": "T9GUEST"}, is_ext_shared_channel=True))

    slack.wait_for(lambda: gateway.echo.handled)
    assert [(a.team, a.user_team) for a in gateway.echo.handled] == [(TEAM, "T9GUEST")]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[1, 2]",
        b'"words"',
        b"null",
        b"7",
        b"\xff\xfe{}",
        b"[" * 50_000,
        b"payload=%7B",
        b"payload=[]",
    ],
    ids=["empty", "cut", "list", "text", "null", "number", "bytes", "deep", "form", "form-list"],
)
@pytest.mark.parametrize("kind", [JSON, FORM])
def test_what_cannot_be_read_is_refused_without_a_fault(
    gateway: Gateway, slack_database: Database, caplog: pytest.LogCaptureFixture, body: bytes, kind: str
):
    timestamp = str(int(time.time()))
    headers = {"content-type": kind, "x-slack-request-timestamp": timestamp, "x-slack-signature": "v0=0"}

    answered = httpx.post(gateway.url, content=body, headers=headers)

    assert answered.status_code in (400, 401)
    assert work(slack_database) == {}
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize("body", ["", "{}", "[]", '{"type": "event_callback", "event": [1]}', '{"a": NaN}'])
def test_a_signed_body_that_says_nothing_does_no_harm(gateway: Gateway, slack_database: Database, body: str):
    assert gateway.post((body, JSON)).status_code in (200, 400, 500)
    assert work(slack_database) == {}
    assert gateway.post(command("hello")).status_code == 200


def test_a_huge_body_is_refused_before_it_is_read_whole(gateway: Gateway, slack_database: Database):
    assert gateway.post(command("x" * 1_100_000)).status_code == 413
    assert work(slack_database) == {}


def test_a_number_that_json_does_not_know_is_a_failure_and_is_not_logged(
    gateway: Gateway, slack_database: Database, caplog: pytest.LogCaptureFixture
):
    body, kind = mention("my client is broke")

    with caplog.at_level(logging.DEBUG):
        answered = gateway.post((body.replace('"event_time": 1795000000', '"event_time": NaN'), kind))

    assert answered.status_code == 503
    assert work(slack_database) == {}
    assert "broke" not in caplog.text


def test_control_characters_and_halves_of_characters_do_no_harm(gateway: Gateway, slack: StandIn):
    asked = slack.write("C0TEAM", "hello", "U0KIM")

    gateway.post(mention("a \x00bakery \ud83d in\u0007 Dudley", ts=asked.ts))

    assert slack.wait_for(lambda: slack.said("C0TEAM", asked.ts))[0].text == "Heard: a bakery � in Dudley"


def test_while_the_database_is_held_slack_hears_a_failure_and_its_retry_is_answered(
    gateway: Gateway, slack: StandIn, slack_database: Database, tmp_path: Path
):
    asked = slack.write("C0TEAM", "hello", "U0KIM")
    request = mention("hello", ts=asked.ts)
    holding = sqlite3.connect(tmp_path / "fingerpost.db", isolation_level=None)
    holding.execute("BEGIN IMMEDIATE")

    event_told, command_told = gateway.post(request), gateway.post(command("hello"))
    holding.execute("ROLLBACK")
    holding.close()
    again = gateway.post(request, headers={"x-slack-retry-num": "1"})

    assert event_told.status_code == 503
    assert command_told.json()["text"].startswith("That could not be kept just now")
    assert again.status_code == 200
    slack.wait_for(lambda: slack.said("C0TEAM", asked.ts))
    slack.wait_for(lambda: "waiting" not in work(slack_database).values())
    # Who was told that nothing was done asks again: so nothing is.
    assert [each.kind for each in gateway.echo.handled] == ["mention"]


def test_while_the_database_is_away_nothing_is_acknowledged(gateway: Gateway, slack: StandIn, tmp_path: Path):
    for name in ("fingerpost.db", "fingerpost.db-wal", "fingerpost.db-shm"):
        (tmp_path / name).unlink(missing_ok=True)

    assert gateway.post(mention("hello")).status_code == 503
    assert gateway.post(press("take")).status_code == 503
    assert gateway.post(submission("profile")).status_code == 503


def test_a_modal_is_told_what_is_wrong_in_it_and_nothing_is_kept(gateway: Gateway, slack_database: Database):
    errors = {"response_action": "errors", "errors": {"employees": "Write a number, such as 14."}}
    gateway.echo.quick_answer = lambda asked: Quick(errors, keep=False)

    assert gateway.post(submission("profile")).json() == errors
    assert work(slack_database) == {}


def test_a_menu_gets_its_options_and_an_unknown_one_none(gateway: Gateway):
    suggestion = interaction("block_suggestion", action_id="offer", value="grant", block_id="b")
    nothing = gateway.post(suggestion).json()
    option = {"text": {"type": "plain_text", "text": "Example grant"}, "value": "example-grant"}
    gateway.echo.quick_answer = lambda asked: Quick({"options": [option]} if asked.text == "grant" else None)

    assert nothing == {"options": []}
    assert gateway.post(suggestion).json() == {"options": [option]}


def test_what_must_be_quick_and_is_not_is_cut_off_and_told(
    gateway: Gateway, slack_database: Database, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(app, "QUICK_SECONDS", 0.5)

    async def slow(asked: Asked) -> Quick:
        await asyncio.sleep(30)
        return Quick()

    gateway.echo.quick_answer = slow

    told = gateway.post(press("edit")).status_code, gateway.post(command("help")).json()["text"]

    assert told == (503, "That could not be kept just now, so nothing was done. Try again in a minute.")
    assert work(slack_database) == {}


def test_a_failing_handler_is_logged_by_its_kind_alone(
    gateway: Gateway, slack_database: Database, caplog: pytest.LogCaptureFixture
):
    def broken(asked: Asked) -> Quick:
        raise RuntimeError(f"broken by {asked.text}")

    gateway.echo.quick_answer = broken

    with caplog.at_level(logging.DEBUG, logger="bot"):
        gateway.post(command("my client is broke"))

    assert "RuntimeError" in caplog.text
    assert "broke" not in caplog.text.replace("could not be", "")


def test_a_removed_app_says_so_to_whoever_looks_after_it(gateway: Gateway, caplog: pytest.LogCaptureFixture):
    gateway.post(event({"type": "app_uninstalled"}))

    assert "the app was removed from the workspace" in caplog.text


WORDS = st.text(max_size=12)
NAMED = (
    "type event user channel ts thread_ts text actions value view id hash team container message command "
    "user_id trigger_id payload subtype bot_id callback_id selected_option private_metadata"
)
NAMES = st.sampled_from(NAMED.split())
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | WORDS
    | st.sampled_from(["event_callback", "block_actions", "view_submission", "message", "app_mention", "im"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES | WORDS, inner, max_size=5),
    max_leaves=25,
)  # fmt: skip


@settings(deadline=None, max_examples=150)
@given(
    st.dictionaries(NAMES, ANYTHING, max_size=8), st.sampled_from(["event_callback", *intake.INTERACTIONS])
)
def test_whatever_is_sent_is_either_left_alone_or_can_be_kept_and_read_again(body: dict[str, Any], kind: str):
    asked = intake.read({**body, "type": kind}, TEAM, "", BOT_USER)

    if asked is not None:
        document = json.loads(json.dumps(asked.as_document()))
        assert read_asked(document) == asked
        assert asked.user
        assert 0 < len(asked.key) <= 250


def gateway_knows_itself(gateway: Gateway) -> None:
    """Wait until Slack has told the gateway its workspace."""
    until = time.monotonic() + 10
    while not gateway.door.identity.team:
        assert time.monotonic() < until
        time.sleep(0.01)
