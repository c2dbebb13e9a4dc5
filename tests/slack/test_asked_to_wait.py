"""Where Slack asks to be left in peace, work waits: that is no failed try, and nothing of it is lost."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.errors import SlackApiError

from bot.slack import verbs, worker
from bot.slack.channels import Channels
from bot.slack.errors import AskedToWait, asked_to_wait
from bot.slack.members import MembersUnknown
from bot.slack.parts import web_client
from bot.slack.settings import slack_settings
from bot.slack.worker import SORRY
from knowledge_base.asked import steps_of
from knowledge_base.brokers.handing_on import take
from tests.slack.referral_house import text
from tests.slack.signing import command, press, submission
from tests.slack.stand_in import StandIn
from tests.slack.talking import DUDLEY, NOW, Talking
from tests.slack.workspace import TEAM

TOO_LATE = "The form could not be opened in time. Press the button once more."


@pytest.fixture
def one_try(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever counts as a failed try ends the work at once."""
    monkeypatch.setattr(worker, "MOST_WORK_TRIES", 1)


def everything(talk: Talking) -> str:
    return " ".join([*(each.text for each in talk.slack.said()), *(e["text"] for e in talk.slack.ephemerals)])


@pytest.mark.usefixtures("one_try")
def test_a_client_asked_for_while_slack_wants_peace_gets_its_roadmap_afterwards(talk: Talking) -> None:
    talk.slack.trouble("conversations.history", times=2, status=429, retry_after=1)

    talk.post(command(f"Example Metalworks Ltd: {DUDLEY}"))

    client = talk.client()
    first = steps_of(talk.document(client))[0]["name"]
    assert any(first in each.text for each in talk.told(client))
    assert len(talk.slack.called("conversations.history")) == 3
    assert SORRY not in everything(talk)
    assert len(talk.advice.clients.list(talk.team.id)) == 1


@pytest.mark.usefixtures("one_try")
def test_whoever_a_group_is_to_know_is_answered_once_slack_says_who_is_in_it(talk: Talking) -> None:
    talk.advice.teams.add(
        now=NOW, name="By the group", slack_team=TEAM, channel="C0TEAM", slack_group="S0GROUP"
    )
    talk.slack.groups["S0GROUP"] = ["U0SAM"]
    talk.slack.trouble("usergroups.users.list", times=1, status=429, retry_after=1)

    talk.post(command("help", user="U0SAM"))

    told = [each["text"] for each in talk.slack.ephemerals if each["user"] == "U0SAM"]
    assert len(told) == 1
    assert "in order" in told[0]
    assert SORRY not in everything(talk)


@pytest.mark.usefixtures("one_try")
def test_who_takes_a_referral_while_slack_wants_peace_is_listed_under_their_own_name(talk: Talking) -> None:
    team = talk.advice.teams.add(
        now=NOW, name="By the group", slack_team=TEAM, channel="C0TEAM", slack_group="S0GROUP"
    )
    talk.slack.groups["S0GROUP"] = ["U0SAM"]
    code = referral(talk, team.id)
    talk.slack.trouble("users.info", times=1, status=429, retry_after=1)

    talk.post(press(verbs.TAKE, code, user="U0SAM"))

    listed = talk.advice.brokers.get(str(holder(talk, code)))
    assert listed
    assert listed.name == "Sam Example"


def referral(talk: Talking, team: str) -> str:
    """A referral that a team has."""
    told: dict[str, Any] = {"name": "Ada Example", "contact": "ada@example.org", "needs": ["finance"]}
    return talk.advice.referrals.record(None, team=team, consent_at=NOW, **told)


def holder(talk: Talking, code: str) -> str | None:
    """The id of the broker who has a referral."""
    found = talk.advice.referrals.get(code)
    assert found
    return found.broker


@pytest.mark.parametrize("verb", [verbs.ANSWER, verbs.OUTCOME, verbs.DECLINE, verbs.PASS_ON])
@pytest.mark.parametrize(
    "trouble",
    [{"error": "expired_trigger_id"}, {"error": "fatal_error"}, {"status": 500}, {"status": 429}],
    ids=str,
)
def test_a_referrals_form_that_does_not_open_is_answered_in_words(
    talk: Talking, verb: str, trouble: dict[str, Any]
) -> None:
    code = referral(talk, talk.team.id)
    take(talk.advice, code, talk.kim.id, NOW)
    talk.slack.trouble("views.open", times=1, **trouble)

    answer = talk.post(press(verb, code, user="U0KIM"))

    assert answer.status_code == 200
    assert [each["text"] for each in talk.slack.ephemerals if each["user"] == "U0KIM"] == [TOO_LATE]
    assert talk.slack.views == []


def test_a_second_telling_of_the_press_that_opened_a_form_says_nothing(talk: Talking) -> None:
    code = referral(talk, talk.team.id)
    take(talk.advice, code, talk.kim.id, NOW)
    talk.slack.trouble("views.open", times=1, error="exchanged_trigger_id")

    answer = talk.post(press(verbs.DECLINE, code, user="U0KIM"))

    assert (answer.status_code, answer.text) == (200, "")
    assert talk.slack.ephemerals == []
    assert holder(talk, code) == talk.kim.id


def test_a_form_that_opened_after_all_is_done(talk: Talking) -> None:
    code = referral(talk, talk.team.id)
    take(talk.advice, code, talk.kim.id, NOW)
    talk.slack.trouble("views.open", times=1, error="expired_trigger_id")

    talk.post(press(verbs.DECLINE, code, user="U0KIM"))
    talk.post(press(verbs.DECLINE, code, user="U0KIM"))
    view = talk.slack.views[-1]
    told = {"view_id": view["id"], "hash": view["hash"], "metadata": view["private_metadata"]}
    talk.post(submission(verbs.DECLINE, text("why", "We are full"), **told))

    assert holder(talk, code) is None


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_channel_is_not_asked_about_again_before_the_time_is_over(slack: StandIn) -> None:
    clock, settings = Clock(), slack_settings(slack.environment())
    assert settings
    channels = Channels(web_client(settings), clock)
    slack.trouble("conversations.history", times=1, status=429, retry_after=40)

    for waited in (0.0, 30.0):
        clock.now = 1000.0 + waited
        with pytest.raises(AskedToWait) as told:
            asyncio.run(channels.joined("C0TEAM"))
        assert told.value.seconds == 40.0 - waited
    with pytest.raises(AskedToWait):
        asyncio.run(channels.joined("C0OTHER"))
    asked = len(slack.called("conversations.history"))
    clock.now = 1040.0

    assert asked == 1
    assert asyncio.run(channels.joined("C0TEAM"))
    assert not asyncio.run(channels.joined("C0OTHER"))


def refused(status: int, code: str, headers: dict[str, str] | None = None) -> SlackApiError:
    response = SimpleNamespace(data={"ok": False, "error": code}, status_code=status, headers=headers)
    return SlackApiError("refused", response)


@given(st.text(max_size=12) | st.integers().map(str))
def test_whatever_slack_says_of_how_long_it_is_a_second_to_an_hour(told: str) -> None:
    for headers in ({"Retry-After": told}, {"retry-after": told}):
        error = refused(429, "", headers)
        seconds = asked_to_wait(error)
        assert seconds is not None
        assert 1.0 <= seconds <= 3600.0


def test_only_what_slack_asks_to_wait_for_is_waited_for() -> None:
    unknown = MembersUnknown("nobody says")
    unknown.__cause__ = AskedToWait(12.0)

    assert asked_to_wait(refused(429, "ratelimited")) == 1.0
    assert asked_to_wait(refused(429, "ratelimited", {"Retry-After": "17"})) == 17.0
    assert asked_to_wait(unknown) == 12.0
    assert asked_to_wait(refused(200, "ratelimited", {"retry-after": "5"})) == 5.0
    others = (refused(500, ""), refused(200, "channel_not_found"), MembersUnknown("x"), ValueError("429"))
    assert [asked_to_wait(each) for each in others] == [None] * 4
