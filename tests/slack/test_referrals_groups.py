"""Who has a referral and changed user group since: they go on with it; nobody else may."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from bot.slack import verbs
from bot.slack.referring import Referring
from bot.slack.talk.referrals import OTHER_TEAMS
from tests.slack.referral_house import talks_of
from tests.slack.signing import message, press
from tests.slack.talking import NOW, Talking
from tests.slack.workspace import TEAM


@pytest.fixture
def moved(talk: Talking, monkeypatch: Any) -> SimpleNamespace:
    """Sam took a referral as a member of a team's user group, and is in another team's group by now."""
    talk.slack.person("U0SAM", "Sam Example")
    talk.slack.person("U0TOO", "Lee Example")
    talk.slack.groups |= {"S0GROUP": ["U0SAM", "U0TOO"], "S0OTHER": []}
    here: dict[str, Any] = {"now": NOW, "slack_team": TEAM, "channel": "C0TEAM"}
    first = talk.advice.teams.add(name="By the group", slack_group="S0GROUP", **here)
    talk.advice.teams.add(name="The other", slack_group="S0OTHER", **here)
    talks_of(talk.database, "owner-session", NOW)
    code = talk.advice.referrals.record(
        "owner-session", name="Ada", contact="ada@example.org", consent_at=NOW, team=first.id
    )
    Referring(talk.door, talk.advice).look()
    talk.quiet()
    talk.post(press(verbs.TAKE, code, user="U0SAM"))
    talk.quiet()
    [place] = [each for each in talk.advice.clients.threads_of_referral(code) if each.channel == "C0TEAM"]
    talk.post(message("Hello, Sam here", user="U0SAM", thread=place.thread))
    talk.slack.groups |= {"S0GROUP": [], "S0OTHER": ["U0SAM", "U0TOO"]}
    now = talk.door.members._clock
    monkeypatch.setattr(talk.door.members, "_clock", lambda: now() + 301)
    return SimpleNamespace(code=code, thread=place.thread)


def to_owner(talk: Talking, moved: Any) -> list[str]:
    lines = talk.advice.relay.since(moved.code, 0, 20)
    return [line.text for line in lines if line.side == "broker"]


def live(talk: Talking, moved: Any) -> bool:
    referral = talk.advice.referrals.get(moved.code)
    assert referral
    return referral.live


def told_alone(talk: Talking, user: str) -> list[str]:
    return [each["text"] for each in talk.slack.ephemerals if each["user"] == user]


def test_who_changed_user_group_goes_on_with_the_owner_they_talk_with(talk: Talking, moved: Any) -> None:
    talk.post(message("I call at ten", user="U0SAM", thread=moved.thread))

    assert to_owner(talk, moved) == ["Hello, Sam here", "I call at ten"]
    assert told_alone(talk, "U0SAM") == []


def test_who_changed_user_group_hands_the_chat_back(talk: Talking, moved: Any) -> None:
    talk.post(press(verbs.HAND_BACK, moved.code, user="U0SAM"))

    assert not live(talk, moved)
    assert told_alone(talk, "U0SAM") == []


@pytest.mark.parametrize("verb", [verbs.PASS_ON, verbs.ANSWER, verbs.OUTCOME])
def test_each_form_about_what_they_have_opens_for_who_changed_user_group(
    talk: Talking, moved: Any, verb: str
) -> None:
    talk.post(press(verb, moved.code, user="U0SAM"))

    assert len(talk.slack.views) == 1
    assert moved.code in talk.slack.views[0]["private_metadata"]


def test_a_colleague_who_changed_user_group_as_well_may_nothing_with_it(talk: Talking, moved: Any) -> None:
    before = talk.advice.referrals.get(moved.code)

    talk.post(message("Me too", user="U0TOO", thread=moved.thread))
    talk.post(press(verbs.HAND_BACK, moved.code, user="U0TOO"))
    talk.post(press(verbs.PASS_ON, moved.code, user="U0TOO"))

    assert talk.advice.referrals.get(moved.code) == before
    assert to_owner(talk, moved) == ["Hello, Sam here"]
    assert OTHER_TEAMS in told_alone(talk, "U0TOO")
    assert talk.slack.views == []


def test_who_is_in_no_group_any_more_may_nothing_with_what_they_had(talk: Talking, moved: Any) -> None:
    talk.slack.groups["S0OTHER"] = []

    talk.post(message("I call at ten", user="U0SAM", thread=moved.thread))
    talk.post(press(verbs.HAND_BACK, moved.code, user="U0SAM"))

    assert to_owner(talk, moved) == ["Hello, Sam here"]
    assert live(talk, moved)
