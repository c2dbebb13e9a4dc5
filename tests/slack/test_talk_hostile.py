"""Whatever comes in through Slack: nothing breaks, nobody is called, nothing of another team is shown."""

from __future__ import annotations

from typing import Any

import pytest

from bot.slack import verbs
from bot.slack.worker import SORRY
from knowledge_base.brokers.records import Client
from tests.slack.gateway import post
from tests.slack.kept import work
from tests.slack.made_up import HOSTILE
from tests.slack.signing import command, interaction, mention, message, press, submission
from tests.slack.talking import DUDLEY, Talking
from tests.slack.workspace import Message

CALLS = ("<!channel>", "<!here>", "<!everyone>", "<@U012345>", "<!subteam")


@pytest.fixture
def metalworks(talk: Talking) -> Client:
    talk.post(command(f"Example Metalworks Ltd: {DUDLEY}"))
    return talk.client()


def marked_up(shown: Any) -> list[str]:
    """Every text that Slack reads for mentions: messages' own and mrkdwn, but no plain text of a block."""
    if isinstance(shown, Message):
        return [shown.text, *marked_up(shown.blocks)]
    if isinstance(shown, list):
        return [text for each in shown for text in marked_up(each)]
    if not isinstance(shown, dict) or shown.get("type") == "plain_text":
        return []
    own = [shown["text"]] if isinstance(shown.get("text"), str) else []
    return own + [text for value in shown.values() for text in marked_up(value)]


def calls(shown: Any) -> list[str]:
    """The words by which somebody would be called in what was shown."""
    return [word for word in CALLS for text in marked_up(shown) if word in text]


def test_forty_thousand_characters_are_told_to_be_too_many(talk: Talking, metalworks: Client) -> None:
    channel, thread = talk.thread(metalworks)
    sent = len(talk.rasa.sent)
    talk.post(command("a grant " * 5000))
    talk.post(message("word " * 8000, channel=channel, thread=thread))

    assert "4,000 characters" in talk.slack.ephemerals[-1]["text"]
    assert "4,000 characters" in talk.told(metalworks)[-1].text
    assert len(talk.rasa.sent) == sent
    assert talk.advice.clients.list(talk.team.id) == [metalworks]


# A lone surrogate cannot come in: what Slack sends is UTF-8.
@pytest.mark.parametrize("hostile", [each for each in HOSTILE if "\ud800" not in each])
def test_hostile_words_call_nobody_and_are_no_command_of_rasas(talk: Talking, hostile: str) -> None:
    talk.post(command(f"{hostile[:70]}: {DUDLEY}"))
    talk.post(command(f"/restart {hostile[:3000]} a grant"))
    talk.post(mention(hostile[:3500], ts=talk.slack.write("C0TEAM", "x", "U0KIM").ts))

    assert not calls(talk.slack.said())
    assert not calls(talk.slack.ephemerals)
    assert not [each for each in talk.rasa.sent if each["message"].startswith("/")]
    assert set(work(talk.database).values()) == {"done"}


def test_a_client_named_like_a_call_is_only_a_name(talk: Talking, metalworks: Client) -> None:
    talk.advice.clients.rename(metalworks.id, talk.team.id, "<!channel> *Ltd* <@U012345>", talk.clock())
    channel, thread = talk.thread(metalworks)
    for verb in (verbs.NO_LOANS, verbs.SHARE, verbs.NEARLY, verbs.CLIENT_MENU, verbs.ARCHIVE):
        talk.post(press(verb, metalworks.id, channel=channel, thread=thread))
    talk.post(command("clients ltd"))
    talk.post(press(verbs.NO_LOANS, metalworks.id, channel=channel, thread=thread))

    assert len(talk.told(metalworks)) > 5
    assert not calls(talk.slack.said())
    assert not calls(talk.slack.ephemerals)


@pytest.mark.parametrize(
    "action",
    ["", "nothing", "why", "why:", "why:no-such-offer", "page:-1", "step:x", "swap:../../etc", "\x00", "é"],
)
def test_actions_that_nobody_offered_change_nothing(talk: Talking, metalworks: Client, action: str) -> None:
    channel, thread = talk.thread(metalworks)

    answer = talk.post(press(action, metalworks.id, channel=channel, thread=thread))

    assert answer.status_code == 200
    assert talk.client_now(metalworks) == metalworks
    assert "giving up" not in str(work(talk.database))
    assert set(work(talk.database).values()) == {"done"}


@pytest.mark.parametrize("value", ["", "-", "zzz", "0" * 2000, "<!channel>", "'; drop table clients; --"])
def test_a_value_that_is_no_client_of_the_team_is_answered_in_one_line(talk: Talking, value: str) -> None:
    for verb in (verbs.WHY, verbs.FORGET, verbs.EDIT, verbs.OPEN):
        talk.post(press(verb, value, channel="C0TEAM"))

    told = {each["text"] for each in talk.slack.ephemerals}
    assert told == {"That is no client of your team: it was deleted, or it is another team's."}
    assert len(talk.slack.ephemerals) == 4


def test_things_of_kinds_we_never_made_are_left_alone(talk: Talking, metalworks: Client) -> None:
    for request in (
        interaction("shortcut", callback_id="x", trigger_id="1.s"),
        interaction("message_action", callback_id="x", trigger_id="2.s", channel={"id": "C0TEAM"}),
        submission("nothing", {}, view_id="V-x"),
        submission(verbs.EDIT, {}, view_id="V-closed", type="view_closed"),
    ):
        assert talk.post(request).status_code == 200

    assert talk.client_now(metalworks) == metalworks
    assert set(work(talk.database).values()) == {"done"}


def test_fifty_messages_at_once_in_one_thread_are_answered_in_order(
    talk: Talking, metalworks: Client
) -> None:
    channel, thread = talk.thread(metalworks)
    talk.rasa.sent.clear()
    for number in range(50):
        post(talk.url, message(f"{100 + number} people", channel=channel, thread=thread))
    talk.quiet(90)

    heard = [each["message"] for each in talk.rasa.sent]
    said = [each.text for each in talk.told(metalworks) if each.text.startswith("Heard:")][1:]
    assert heard == [f"{100 + number} people" for number in range(50)]
    assert said == [f"Heard: {words}" for words in heard]
    assert talk.client_now(metalworks).profile["employees"] == 149


def test_with_rasa_down_it_is_tried_again_and_said_once_when_given_up(
    talk: Talking, metalworks: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.slack.worker.wait_before", lambda tries, most=0.0: 0.05)
    talk.rasa.down = True
    channel, thread = talk.thread(metalworks)
    before = len(talk.told(metalworks))

    talk.post(message("30 people", channel=channel, thread=thread))

    assert [each.text for each in talk.told(metalworks)[before:]] == [SORRY]
    assert talk.client_now(metalworks) == metalworks


def test_what_is_pressed_goes_on_while_rasa_is_down(talk: Talking, metalworks: Client) -> None:
    talk.rasa.down = True
    channel, thread = talk.thread(metalworks)

    talk.post(press(verbs.NO_LOANS, metalworks.id, channel=channel, thread=thread))

    assert talk.client_now(metalworks).profile["refuses"] == ["loan"]
    assert talk.told(metalworks)[-1].text.startswith("Roadmap for")
