"""A broker shares a client's roadmap with a word of their own; what they do there is not told again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.slack import verbs
from bot.slack.announcing import Announcing
from bot.slack.blocks.modals import SHARE_NOTE_FIELD
from knowledge_base.brokers.records import Client
from knowledge_base.store.roadmap_notes import LONGEST_WORDS
from tests.slack.signing import command, press
from tests.slack.talking import DUDLEY, Talking
from tests.slack.test_talk_forms import opened, send

WORDS = "Ring <b>Jo</b> first.\nThen me."


@pytest.fixture
def metalworks(talk: Talking) -> Client:
    talk.post(command(f"Example Metalworks Ltd: {DUDLEY}"))
    return talk.client()


def shared(talk: Talking, client: Client) -> Any:
    channel, thread = talk.thread(client)
    talk.post(press(verbs.SHARE, client.id, channel=channel, thread=thread))
    return talk.told(client)[-1]


def test_sharing_names_the_page_the_document_and_the_dates_and_offers_a_note(
    talk: Talking, metalworks: Client
):
    said = shared(talk, metalworks)

    url = f"http://hub.example.org/roadmap/{metalworks.roadmap}"
    assert all(address in said.text for address in (f"{url}\n", f"{url}.pdf", f"{url}.ics"))
    [button] = said.blocks[-1]["elements"]
    assert (button["action_id"], button["value"]) == (verbs.SHARE_NOTE, metalworks.id)
    assert button["text"]["text"] == "Add a note for the client"


def test_a_note_for_the_client_is_kept_signed_changed_and_taken_away(talk: Talking, metalworks: Client):
    roadmap = str(metalworks.roadmap)
    send(
        talk,
        opened(talk, metalworks, verbs.SHARE_NOTE),
        **{SHARE_NOTE_FIELD: WORDS},
    )

    note = talk.advice.notes.get(roadmap)
    assert note
    assert (note.words, note.signed) == (
        WORDS,
        "Kim Example, Black Country advisers",
    )
    assert "signed Kim Example, Black Country advisers" in talk.told(metalworks)[-1].text
    assert "Ring &lt;b&gt;Jo&lt;/b&gt; first." in shared(talk, metalworks).text
    assert talk.client_now(metalworks).note == ""
    view = opened(talk, metalworks, verbs.SHARE_NOTE)
    [field] = [block["element"] for block in view["blocks"] if block["type"] == "input"]
    assert (field["initial_value"], field["max_length"]) == (note.words, LONGEST_WORDS)

    send(talk, view, **{SHARE_NOTE_FIELD: None})

    assert talk.advice.notes.get(roadmap) is None


def test_somebody_of_another_team_cannot_write_to_the_client(talk: Talking, metalworks: Client):
    before = len(talk.slack.views)
    channel, thread = talk.thread(metalworks)

    talk.post(press(verbs.SHARE_NOTE, metalworks.id, user="U0LEE", channel=channel, thread=thread))

    assert len(talk.slack.views) == before


def test_what_a_broker_does_in_the_thread_is_not_announced_there_again(
    talk: Talking, metalworks: Client, monkeypatch: pytest.MonkeyPatch
):
    channel, thread = talk.thread(metalworks)
    talk.post(press(verbs.NO_LOANS, metalworks.id, channel=channel, thread=thread))
    step = talk.document(metalworks)["phases"][0]["steps"][0]["offer"]
    talk.post(press(f"{verbs.SKIP}:{step}", metalworks.id, channel=channel, thread=thread))
    assert any("What changed" in said.text for said in talk.told(metalworks))
    before = len(talk.told(metalworks))
    late = talk.door.clock() + timedelta(minutes=5)
    monkeypatch.setattr(talk.door, "clock", lambda: late)

    assert Announcing(talk.door, talk.advice).look() == 0
    assert len(talk.told(metalworks)) == before
