"""What is asked is answered once, whatever is killed, stopped or failing on the way."""

from __future__ import annotations

import pytest

from bot.slack import holding, worker
from knowledge_base.store.database import Database
from tests.slack.databases import away, on_both
from tests.slack.gateway import Gateway, clock, post
from tests.slack.kept import posts, words_kept, work
from tests.slack.processes import gateways
from tests.slack.signing import command, mention, press
from tests.slack.stand_in import StandIn

QUICK = {"lease_seconds": 1.5}
SLOW = {"lease_seconds": 1.5, "handle_seconds": 60}


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "wait_before", lambda tries, most: 0.02)


@on_both
def test_a_gateway_killed_between_the_acknowledgement_and_the_answer_loses_nothing(
    slack: StandIn, slack_database: Database, slack_address: str
):
    asked = [slack.write("C0TEAM", f"bakery {n}", "U0KIM") for n in range(5)]

    with gateways(slack, slack_address, SLOW) as (first,):
        codes = [post(first.url, mention(each.text, ts=each.ts)).status_code for each in asked]
        slack.wait_for(lambda: "held" in work(slack_database).values())
        first.kill()
    said_before = slack.said()
    with gateways(slack, slack_address, QUICK):
        slack.wait_for(lambda: len(slack.said()) >= len(asked), 30)
        slack.wait_for(lambda: set(work(slack_database).values()) == {"done"})

    assert codes == [200] * 5
    assert said_before == []
    assert sorted(each.text for each in slack.said()) == [f"Heard: bakery {n}" for n in range(5)]


def test_a_gateway_killed_while_its_message_is_on_its_way_does_not_say_it_twice(
    slack: StandIn, slack_database: Database, slack_address: str
):
    asked = slack.write("C0TEAM", "a bakery", "U0KIM")
    slack.trouble("chat.postMessage", hang=30, stored=True)

    with gateways(slack, slack_address, QUICK) as (first,):
        post(first.url, mention("a bakery", ts=asked.ts))
        slack.wait_for(lambda: slack.said("C0TEAM", asked.ts))
        first.kill()
    with gateways(slack, slack_address, QUICK):
        slack.wait_for(lambda: [state for state, _ in posts(slack_database).values()] == ["done"], 30)

    assert len(slack.said()) == 1
    assert len(slack.called("chat.postMessage")) == 1


def test_a_gateway_that_is_stopped_finishes_what_it_began(
    slack: StandIn, slack_database: Database, slack_address: str
):
    asked = slack.write("C0TEAM", "a bakery", "U0KIM")

    with gateways(slack, slack_address, {"handle_seconds": 1}) as (only,):
        post(only.url, mention("a bakery", ts=asked.ts))
        slack.wait_for(lambda: "held" in work(slack_database).values())
        only.stop()

    assert list(work(slack_database).values()) == ["done"]


@on_both
def test_what_takes_too_long_to_finish_is_given_back_at_once(
    slack: StandIn, slack_database: Database, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(holding, "STOP_SECONDS", 0.1)
    asked = slack.write("C0TEAM", "a bakery", "U0KIM")

    with Gateway(slack.environment(), slack_database) as first:
        first.echo.seconds = 60
        first.post(mention("a bakery", ts=asked.ts))
        slack.wait_for(lambda: first.echo.handled)
    given_back = list(work(slack_database).values())
    with Gateway(slack.environment(), slack_database):
        slack.wait_for(lambda: slack.said("C0TEAM", asked.ts))

    assert given_back == ["waiting"]


@on_both
def test_long_work_is_held_for_as_long_as_it_takes(slack: StandIn, slack_database: Database):
    env = slack.environment()
    asked = slack.write("C0TEAM", "a bakery", "U0KIM")

    with (
        Gateway(env, slack_database, lease_seconds=0.9) as first,
        Gateway(env, slack_database, lease_seconds=0.9) as second,
    ):
        first.echo.seconds = second.echo.seconds = 3
        first.post(mention("a bakery", ts=asked.ts))
        slack.wait_for(lambda: slack.said("C0TEAM", asked.ts))
        handled = len(first.echo.handled) + len(second.echo.handled)

    assert handled == 1


def test_what_fails_now_and_then_is_answered_once_in_the_end(gateway: Gateway, slack: StandIn, hasty: None):
    asked = slack.write("C0TEAM", "a bakery", "U0KIM")
    gateway.echo.failing = 3

    gateway.post(mention("a bakery", ts=asked.ts))

    slack.wait_for(lambda: slack.said("C0TEAM", asked.ts))
    assert len(gateway.echo.handled) == 4
    assert [each.text for each in slack.said()] == ["Heard: a bakery"]


def test_what_fails_always_is_given_up_with_one_line_of_apology_in_its_thread(
    gateway: Gateway, slack: StandIn, slack_database: Database, hasty: None, caplog: pytest.LogCaptureFixture
):
    asked = slack.write("C0TEAM", "my client is broke", "U0KIM")
    gateway.echo.failing = 100

    gateway.post(mention("my client is broke", ts=asked.ts))

    slack.wait_for(lambda: slack.said("C0TEAM", asked.ts))
    slack.wait_for(lambda: list(work(slack_database).values()) == ["given_up"])
    assert [each.text[:27] for each in slack.said()] == ["Sorry, I could not do that:"]
    assert "Ask once more" in slack.said()[0].text
    assert len(gateway.echo.handled) == 5
    assert "broke" not in caplog.text.replace("broken", "")
    slack.wait_for(lambda: words_kept(slack_database) == "[]")


@pytest.mark.parametrize("request_", [command("a bakery"), press("edit", channel="", ts="")])
def test_who_asked_outside_of_any_thread_gets_the_apology_alone(
    gateway: Gateway, slack: StandIn, hasty: None, request_: tuple[str, str]
):
    gateway.echo.failing = 100

    gateway.post(request_)

    slack.wait_for(lambda: slack.said("D0KIM"))
    assert [each.text[:27] for each in slack.said()] == ["Sorry, I could not do that:"]


def test_after_what_was_given_up_its_thread_goes_on(gateway: Gateway, slack: StandIn, hasty: None):
    asked = slack.write("C0TEAM", "a bakery", "U0KIM")
    gateway.echo.failing = 5

    gateway.post(mention("a bakery", ts=asked.ts))
    gateway.post(mention("a brewery", ts=asked.ts.replace(".", "1."), thread=asked.ts))

    slack.wait_for(lambda: len(slack.said("C0TEAM", asked.ts)) == 2)
    assert slack.said("C0TEAM", asked.ts)[1].text == "Heard: a brewery"


def test_what_another_process_puts_into_the_outbox_is_sent(
    gateway: Gateway, slack: StandIn, slack_database: Database
):
    from knowledge_base.store.slack_outbox import SlackOutbox

    SlackOutbox(slack_database).put("reminder", "C0TEAM", text="A referral waits", now=clock())

    assert slack.wait_for(lambda: slack.said("C0TEAM"))[0].text == "A referral waits"


@on_both
def test_while_the_database_is_away_the_workers_wait_and_go_on_afterwards(
    gateway: Gateway, slack: StandIn, slack_address: str, caplog: pytest.LogCaptureFixture
):
    slack.wait_for(lambda: gateway.door.identity.team)
    with away(slack_address):
        both = [f"the {each} could not be looked at (StoreUnavailable)" for each in ("work", "outbox")]
        slack.wait_for(lambda: all(each in caplog.text for each in both))
    asked = slack.write("C0TEAM", "a bakery", "U0KIM")

    slack.wait_for(lambda: gateway.post(mention("a bakery", ts=asked.ts)).status_code == 200)

    assert slack.wait_for(lambda: slack.said("C0TEAM", asked.ts))
