"""Socket Mode: the same door over a connection of our own, which is opened again when it is lost."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from urllib.parse import parse_qsl

import pytest

from bot.slack import socket_mode
from bot.slack.door import Quick
from knowledge_base.store.database import Database
from tests.slack.gateway import Gateway
from tests.slack.kept import work
from tests.slack.signing import command, mention, press, submission
from tests.slack.stand_in import StandIn


@pytest.fixture
def listening(slack: StandIn, slack_database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gateway]:
    monkeypatch.setattr(socket_mode, "PING_SECONDS", 0.5)
    with Gateway(slack.environment(socket_mode=True), slack_database) as running:
        slack.wait_for(lambda: slack.connected)
        yield running


def payload(request: tuple[str, str]) -> dict[str, object]:
    body, kind = request
    if kind == "application/json":
        return json.loads(body)
    fields = dict(parse_qsl(body))
    return json.loads(fields["payload"]) if "payload" in fields else fields


def acknowledged(slack: StandIn, envelope: str) -> dict[str, object]:
    return slack.wait_for(
        lambda: next((each for each in slack.acknowledged if each["envelope_id"] == envelope), None)
    )


def test_an_event_over_the_socket_is_acknowledged_and_answered(listening: Gateway, slack: StandIn):
    asked = slack.write("C0TEAM", "a bakery", "U0KIM")

    envelope = slack.push(payload(mention("a bakery", ts=asked.ts)))

    assert acknowledged(slack, envelope) == {"envelope_id": envelope}
    assert slack.wait_for(lambda: slack.said("C0TEAM", asked.ts))[0].text == "Heard: a bakery"


def test_a_retry_over_the_socket_is_answered_once(listening: Gateway, slack: StandIn):
    asked = slack.write("C0TEAM", "a bakery", "U0KIM")
    told = payload(mention("a bakery", ts=asked.ts))

    for envelope in [slack.push(told, retry=number) for number in range(3)]:
        acknowledged(slack, envelope)

    slack.wait_for(lambda: slack.said("C0TEAM", asked.ts))
    assert len(listening.echo.handled) == 1


def test_commands_and_presses_come_over_the_socket_too(
    listening: Gateway, slack: StandIn, slack_database: Database
):
    acknowledged(slack, slack.push(payload(command("a bakery")), "slash_commands"))
    acknowledged(slack, slack.push(payload(press("cheaper", ts="")), "interactive"))

    slack.wait_for(lambda: len(listening.echo.handled) == 2)
    assert sorted(asked.kind for asked in listening.echo.handled) == ["action", "command"]
    assert len(work(slack_database)) == 2


def test_a_modal_is_told_what_is_wrong_over_the_socket(listening: Gateway, slack: StandIn):
    errors = {"response_action": "errors", "errors": {"employees": "Write a number, such as 14."}}
    listening.echo.quick_answer = lambda asked: Quick(errors, keep=False)

    envelope = slack.push(payload(submission("profile")), "interactive")

    assert acknowledged(slack, envelope)["payload"] == errors


def test_what_could_not_be_kept_is_not_acknowledged(listening: Gateway, slack: StandIn):
    met = threading.Event()

    def broken(asked: object) -> Quick:
        met.set()
        raise RuntimeError("broken")

    listening.echo.quick_answer = broken
    lost = slack.push(payload(press("cheaper")), "interactive")
    assert met.wait(30)
    listening.echo.quick_answer = lambda asked: Quick()
    kept = slack.push(payload(press("sooner")), "interactive")

    acknowledged(slack, kept)
    assert lost not in [each["envelope_id"] for each in slack.acknowledged]


def test_a_connection_that_is_lost_is_opened_again(listening: Gateway, slack: StandIn):
    slack.hang_up()
    slack.wait_for(lambda: slack.connected and len(slack.called("apps.connections.open")) > 1, 30)
    asked = slack.write("C0TEAM", "a bakery", "U0KIM")

    slack.push(payload(mention("a bakery", ts=asked.ts)))

    assert slack.wait_for(lambda: slack.said("C0TEAM", asked.ts))


def test_a_gateway_that_stops_hangs_up(slack: StandIn, slack_database: Database):
    with Gateway(slack.environment(socket_mode=True), slack_database):
        slack.wait_for(lambda: slack.connected)

    assert slack.wait_for(lambda: not slack.connected)


def test_while_slack_does_not_let_us_listen_the_gateway_serves_all_the_same(
    slack: StandIn, slack_database: Database
):
    slack.trouble("apps.connections.open", error="invalid_auth", times=99)

    with Gateway(slack.environment(socket_mode=True), slack_database) as gateway:
        asked = slack.write("C0TEAM", "a bakery", "U0KIM")
        gateway.post(mention("a bakery", ts=asked.ts))
        assert slack.wait_for(lambda: slack.said("C0TEAM", asked.ts))
