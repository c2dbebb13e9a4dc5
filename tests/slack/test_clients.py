"""A broker's clients: listed, found, opened, put away, forgotten; and a team's own alone."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.slack import verbs
from knowledge_base.brokers.records import Client
from tests.slack.kept import words_kept
from tests.slack.signing import command, interaction, mention, message, press
from tests.slack.talking import DUDLEY, NOW, Talking


@pytest.fixture
def metalworks(talk: Talking) -> Client:
    talk.post(command(f"Example Metalworks Ltd: {DUDLEY}"))
    return talk.client()


def shown_to(talk: Talking, user: str) -> list[str]:
    return [each["text"] for each in talk.slack.ephemerals if each["user"] == user]


def test_a_broker_sees_their_own_clients_and_nobody_else_does(talk: Talking, metalworks: Client) -> None:
    talk.post(command("clients"))
    talk.post(command("clients", user="U0LEE"))

    assert "Example Metalworks Ltd" in shown_to(talk, "U0KIM")[-1]
    assert shown_to(talk, "U0LEE")[-1].startswith("You have no clients here yet")


def test_the_list_is_turned_page_by_page_and_carries_what_was_looked_for(talk: Talking) -> None:
    for number in range(14):
        talk.advice.clients.add(talk.team.id, talk.kim.id, f"Example Shop {number}", f"session-{number}", NOW)
    talk.post(command("clients example"))
    buttons = next(b for b in talk.slack.ephemerals[-1]["blocks"] if b["type"] == "actions")["elements"]

    turn = buttons[0]
    alone = {"type": "message", "channel_id": "C0TEAM", "is_ephemeral": True, "message_ts": "1.1"}
    request = interaction(
        "block_actions",
        trigger_id="9.turn",
        channel={"id": "C0TEAM"},
        container=alone,
        actions=[{"type": "button", "action_id": turn["action_id"], "value": turn["value"]}],
    )
    talk.post(request)

    first, second = shown_to(talk, "U0KIM")
    assert turn["value"] == "example"
    assert "14 clients, page 1 of 2" in first
    assert "14 clients, page 2 of 2" in second


def test_a_client_is_opened_by_name_in_a_thread_of_its_own(talk: Talking, metalworks: Client) -> None:
    talk.post(command("client metalworks"))

    threads = talk.advice.clients.threads_of(metalworks.id)
    assert len(threads) == 2
    assert talk.told(metalworks)[-1].text.startswith("Roadmap for Example Metalworks Ltd")


def test_of_several_clients_of_a_name_the_list_is_shown_and_of_none_it_is_said(
    talk: Talking, metalworks: Client
) -> None:
    talk.advice.clients.add(talk.team.id, None, "Example Metal Shop", "session-shop", NOW)
    talk.post(command("client metal"))
    talk.post(command("client nobody"))

    several, none = shown_to(talk, "U0KIM")
    assert "2 clients" in several
    assert "No client is found" in none
    assert len(talk.advice.clients.list(talk.team.id)) == 2


def test_a_client_in_the_archive_is_left_alone_until_it_is_taken_out(
    talk: Talking, metalworks: Client
) -> None:
    channel, thread = talk.thread(metalworks)
    where: dict[str, Any] = {"channel": channel, "thread": thread}
    talk.post(press(verbs.ARCHIVE, metalworks.id, **where))
    talk.rasa.sent.clear()
    said = len(talk.told(metalworks))

    talk.post(press(verbs.NO_LOANS, metalworks.id, **where))
    talk.post(message("30 people", **where))
    left = talk.client_now(metalworks)
    quiet = (len(talk.told(metalworks)), [*talk.rasa.sent])
    talk.post(press(verbs.UNARCHIVE, metalworks.id, **where))
    talk.post(message("30 people", **where))

    assert left.archived
    assert left.profile == metalworks.profile
    assert quiet == (said, [])
    assert ["in the archive" in each for each in shown_to(talk, "U0KIM")] == [True, True]
    assert talk.client_now(metalworks).profile["employees"] == 30


def test_another_teams_broker_is_shown_nothing(talk: Talking, metalworks: Client) -> None:
    channel, thread = talk.thread(metalworks)
    where: dict[str, Any] = {"channel": channel, "thread": thread, "user": "U0LEE"}
    said = len(talk.slack.said())
    sent = len(talk.rasa.sent)

    for verb in (verbs.WHY, verbs.NO_LOANS, verbs.SHARE, verbs.CLIENT_MENU, verbs.OPEN, verbs.FORGET):
        talk.post(press(verb, metalworks.id, **where))
    talk.post(message("what did they tell?", **where))
    talk.post(mention("no loans", user="U0LEE", channel=channel, thread=thread))
    talk.post(command("client metalworks", user="U0LEE"))

    words = shown_to(talk, "U0LEE")
    assert len(words) == 9
    assert not [each for each in words if "Metalworks" in each or "Dudley" in each]
    assert len(talk.slack.said()) == said
    assert len(talk.rasa.sent) == sent
    assert talk.client_now(metalworks) == metalworks


def test_a_forgotten_client_is_gone_here_in_rasa_and_in_slack(talk: Talking, metalworks: Client) -> None:
    channel, thread = talk.thread(metalworks)
    where: dict[str, Any] = {"channel": channel, "thread": thread}

    talk.post(press(verbs.FORGET, metalworks.id, **where))

    assert talk.advice.clients.get(metalworks.id, talk.team.id) is None
    assert talk.advice.roadmaps.get(str(metalworks.roadmap), NOW) is None
    assert talk.forgotten == [metalworks.session]
    assert talk.slack.said() == []
    assert "Metalworks" not in words_kept(talk.database)
    assert shown_to(talk, "U0KIM")[-1].startswith("That client is deleted")


def test_a_button_of_a_forgotten_client_answers_in_one_line(talk: Talking, metalworks: Client) -> None:
    channel, thread = talk.thread(metalworks)
    talk.post(press(verbs.FORGET, metalworks.id, channel=channel, thread=thread))
    shown = len(shown_to(talk, "U0KIM"))

    for verb in (verbs.WHY, verbs.NO_LOANS, verbs.EDIT, verbs.FORGET, verbs.OPEN):
        talk.post(press(verb, metalworks.id, channel=channel, thread=thread))

    assert {*shown_to(talk, "U0KIM")[shown:]} == {
        "That is no client of your team: it was deleted, or it is another team's."
    }


def test_a_message_in_the_thread_of_a_forgotten_client_is_nobodys(talk: Talking, metalworks: Client) -> None:
    channel, thread = talk.thread(metalworks)
    talk.post(press(verbs.FORGET, metalworks.id, channel=channel, thread=thread))
    sent = len(talk.rasa.sent)

    talk.post(message("30 people", channel=channel, thread=thread))

    assert len(talk.rasa.sent) == sent
    assert talk.advice.clients.list(talk.team.id) == []


def test_a_colleague_of_the_team_goes_on_with_its_clients(talk: Talking, metalworks: Client) -> None:
    talk.slack.person("U0ANN", "Ann Example")
    talk.broker(talk.team, "Ann Example", "U0ANN")
    channel, thread = talk.thread(metalworks)

    talk.post(message("30 people", channel=channel, thread=thread, user="U0ANN"))
    talk.post(command("clients", user="U0ANN"))
    talk.post(command("clients metal", user="U0ANN"))

    assert talk.client_now(metalworks).profile["employees"] == 30
    own, found = shown_to(talk, "U0ANN")
    assert own.startswith("You have no clients here yet")
    assert "Example Metalworks Ltd" in found
    assert "Kim Example" in json.dumps(talk.slack.ephemerals[-1]["blocks"])
