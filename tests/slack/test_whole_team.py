"""Who a user group knows keeps their clients and changes teams with it; colleagues cover for another."""

from __future__ import annotations

from typing import Any

import pytest

from bot.slack import verbs
from bot.slack.blocks.clients import TEAM as WHOLE
from bot.slack.blocks.clients import clients
from knowledge_base.brokers.records import Client, Team
from tests.slack.block_kit_schema import message_faults
from tests.slack.made_up import client
from tests.slack.signing import command, interaction, press
from tests.slack.talking import DUDLEY, NOW, Talking
from tests.slack.workspace import TEAM

SAM = "U0SAM"


@pytest.fixture
def by_group(talk: Talking) -> Team:
    """A team whose user group has Sam in it."""
    talk.slack.groups["S0GROUP"] = [SAM]
    return talk.advice.teams.add(
        now=NOW, name="By the group", slack_team=TEAM, channel="C0TEAM", slack_group="S0GROUP"
    )


def told(talk: Talking, user: str = SAM) -> str:
    """What somebody was told last, alone."""
    return [each["text"] for each in talk.slack.ephemerals if each["user"] == user][-1]


def asks(talk: Talking, team: Team) -> str:
    """A referral that a team has."""
    return talk.advice.referrals.record(
        None, name="Ada Example", contact="ada@example.org", needs=["finance"], consent_at=NOW, team=team.id
    )


def taken_by(talk: Talking, code: str) -> str | None:
    found = talk.advice.referrals.get(code)
    assert found
    return found.broker


def test_who_is_listed_by_taking_a_referral_keeps_the_clients_they_had(talk: Talking, by_group: Team) -> None:
    talk.post(command(f"Example Metalworks Ltd: {DUDLEY}", user=SAM))
    talk.post(command("clients", user=SAM))
    before = told(talk)
    talk.post(press(verbs.TAKE, asks(talk, by_group), user=SAM))

    talk.post(command("clients", user=SAM))

    assert "Example Metalworks Ltd" in before
    assert "Example Metalworks Ltd" in told(talk)
    assert "with nobody" in told(talk)


def test_who_changes_from_one_teams_group_to_anothers_works_in_the_other(
    talk: Talking, by_group: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk.post(press(verbs.TAKE, first := asks(talk, by_group), user=SAM))
    sam = str(taken_by(talk, first))
    other = talk.advice.teams.add(
        now=NOW, name="The other", slack_team=TEAM, channel="C0TEAM", slack_group="S0OTHER"
    )
    talk.slack.groups |= {"S0GROUP": [], "S0OTHER": [SAM]}
    real = talk.door.members._clock
    monkeypatch.setattr(talk.door.members, "_clock", lambda: real() + 301)

    talk.post(command("help", user=SAM))
    assert "Fingerpost finds a client's way" in told(talk)
    talk.post(command("clients", user=SAM))
    assert told(talk).startswith("You have no clients here yet")
    second = asks(talk, other)
    talk.post(press(verbs.TAKE, second, user=SAM))

    assert taken_by(talk, second) == sam
    listed = talk.advice.brokers.get(sam)
    assert listed
    assert (listed.team, listed.by_group, listed.active) == (other.id, True, True)
    assert len([each for each in talk.advice.brokers.all() if each.slack_user == SAM]) == 1


def colleague(talk: Talking) -> Client:
    """A client of Ben's, in Kim's team."""
    talk.slack.person("U0BEN", "Ben Example")
    talk.broker(talk.team, "Ben Example", "U0BEN")
    talk.post(command(f"Example Bakery Ltd: {DUDLEY}", user="U0BEN"))
    return talk.client("Bakery")


def test_a_colleague_covers_for_another_from_the_whole_teams_list(talk: Talking) -> None:
    bakery = colleague(talk)
    talk.post(command(f"Example Metalworks Ltd: {DUDLEY}"))
    talk.post(command("clients"))
    assert "Example Bakery Ltd" not in told(talk, "U0KIM")

    talk.post(command("clients team"))
    assert "2 clients of the whole team" in told(talk, "U0KIM")
    assert "Example Bakery Ltd: " in told(talk, "U0KIM")
    assert "with Ben Example" in told(talk, "U0KIM")
    before = len(talk.advice.clients.threads_of(bakery.id))
    talk.post(press(verbs.OPEN, bakery.id))

    assert len(talk.advice.clients.threads_of(bakery.id)) == before + 1


@pytest.mark.parametrize("words", ["clients", "clients team", "clients TEAM "])
def test_each_list_has_a_button_to_the_other(talk: Talking, words: str) -> None:
    colleague(talk)
    talk.post(command(f"Example Metalworks Ltd: {DUDLEY}"))
    talk.post(command(words))
    shown = [each for each in talk.slack.ephemerals if each["user"] == "U0KIM"][-1]
    [button] = shown["blocks"][-1]["elements"]
    whole = "of the whole team" in shown["text"]

    alone = {"type": "message", "is_ephemeral": True, "channel_id": "C0TEAM", "message_ts": "1.1"}
    told_by: dict[str, Any] = {"channel": {"id": "C0TEAM"}, "container": alone, "trigger_id": "1.example"}
    talk.post(interaction("block_actions", actions=[button], **told_by))

    assert button["text"]["text"] == ("Only yours" if whole else "The whole team's")
    assert ("of the whole team" in told(talk, "U0KIM")) is not whole
    assert ("Example Bakery Ltd" in told(talk, "U0KIM")) is not whole
    assert "Example Metalworks Ltd" in told(talk, "U0KIM")


def test_another_teams_clients_stand_in_no_list(talk: Talking) -> None:
    colleague(talk)

    for words in ("clients", "clients team", "clients bakery"):
        talk.post(command(words, user="U0LEE"))
        assert "Example Bakery Ltd" not in told(talk, "U0LEE")
    assert "No client is found" in told(talk, "U0LEE")


def test_a_team_without_clients_says_so_and_leads_back(talk: Talking) -> None:
    talk.post(command("clients team"))

    shown = talk.slack.ephemerals[-1]
    assert shown["text"].startswith("Your team has no clients here yet")
    assert [each["text"]["text"] for each in shown["blocks"][-1]["elements"]] == ["Only yours"]


@pytest.mark.parametrize("count", [0, 1, 10, 11, 95])
@pytest.mark.parametrize("team", [True, False])
def test_every_page_of_both_lists_is_within_slacks_limits(count: int, team: bool) -> None:
    found = [client(f"Example {number} Ltd") for number in range(count)]

    for page in range(1, max(2, -(-count // 10) + 1)):
        message = clients(found, page=page, team=team)
        assert message_faults(message.text, message.blocks) == []
        turned = [
            verbs.pressed(each["action_id"], each["value"])
            for block in message.blocks
            if block["type"] == "actions"
            for each in block["elements"]
        ]
        assert turned[-1] == verbs.Pressed(verbs.CLIENTS, "mine" if team else WHOLE, "" if team else WHOLE)
        assert all(each and each.id == (WHOLE if team else "") for each in turned[:-1])
