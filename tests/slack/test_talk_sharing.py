"""A broker shares a client's roadmap with a word of their own; what they do there is not told again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.slack import verbs
from bot.slack.announcing import Announcing
from bot.slack.blocks.modals import SHARE_NOTE_FIELD
from bot.slack.blocks.profile_form import VALUE
from bot.slack.members import Member
from bot.slack.talk.saying import Room, keep_of, kept_in
from knowledge_base.brokers.records import Client
from knowledge_base.store.roadmap_notes import LONGEST_WORDS
from tests.slack.signing import command, press, submission
from tests.slack.talking import DUDLEY, NOW, Talking
from tests.slack.test_talk_forms import opened, send
from tests.slack.workspace import TEAM

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
) -> None:
    said = shared(talk, metalworks)

    url = f"http://hub.example.org/roadmap/{metalworks.roadmap}"
    assert all(address in said.text for address in (f"{url}\n", f"{url}.pdf", f"{url}.ics"))
    [button] = said.blocks[-1]["elements"]
    assert (button["action_id"], button["value"]) == (verbs.SHARE_NOTE, metalworks.id)
    assert button["text"]["text"] == "Add a note for the client"


def test_a_note_for_the_client_is_kept_signed_changed_and_taken_away(
    talk: Talking, metalworks: Client
) -> None:
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


def test_somebody_of_another_team_cannot_write_to_the_client(talk: Talking, metalworks: Client) -> None:
    before = len(talk.slack.views)
    channel, thread = talk.thread(metalworks)

    talk.post(press(verbs.SHARE_NOTE, metalworks.id, user="U0LEE", channel=channel, thread=thread))

    assert len(talk.slack.views) == before


def test_what_a_broker_does_in_the_thread_is_not_announced_there_again(
    talk: Talking, metalworks: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
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


@pytest.fixture
def ben(talk: Talking) -> str:
    """A colleague of Kim's, by their member id."""
    talk.slack.person("U0BEN", "Ben Example")
    talk.broker(talk.team, "Ben Example", "U0BEN")
    return "U0BEN"


def note_form(talk: Talking, client: Client, user: str) -> dict[str, Any]:
    """The form of the note, as it opens for somebody."""
    before = len(talk.slack.views)
    channel, thread = talk.thread(client)
    talk.post(press(verbs.SHARE_NOTE, client.id, user=user, channel=channel, thread=thread))
    [view] = talk.slack.views[before:]
    return view


def send_as(talk: Talking, view: dict[str, Any], user: str, words: str | None) -> dict[str, str]:
    """Send the form off; return the words beside its fields."""
    told = {"view_id": view["id"], "hash": view["hash"], "metadata": view["private_metadata"]}
    values = {SHARE_NOTE_FIELD: {VALUE: {"type": "plain_text_input", "value": words}}}
    answer = talk.post(submission(verbs.SHARE_NOTE, values, user=user, **told))
    return dict(answer.json()["errors"]) if answer.text else {}


def on_page(talk: Talking, client: Client) -> tuple[str, str] | None:
    """The note that the client reads, and whose it is."""
    note = talk.advice.notes.get(str(client.roadmap))
    return (note.words, note.by_name) if note else None


def test_a_note_that_a_colleague_wrote_meanwhile_is_not_written_over(
    talk: Talking, metalworks: Client, ben: str
) -> None:
    hers, his = note_form(talk, metalworks, "U0KIM"), note_form(talk, metalworks, ben)

    assert send_as(talk, hers, "U0KIM", "Call me before you apply") == {}
    faults = send_as(talk, his, ben, "Call me instead")

    assert on_page(talk, metalworks) == ("Call me before you apply", "Kim Example")
    assert list(faults) == [SHARE_NOTE_FIELD]
    assert "signed Kim Example" in faults[SHARE_NOTE_FIELD]
    again = note_form(talk, metalworks, ben)
    assert send_as(talk, again, ben, "Call one of us") == {}
    assert on_page(talk, metalworks) == ("Call one of us", "Ben Example")


@pytest.mark.parametrize("words", ["Call me before you apply", "First:\n  the lease.\nThen me.", "a" * 1500])
def test_a_form_that_was_not_changed_leaves_the_note_under_its_own_name(
    talk: Talking, metalworks: Client, ben: str, words: str
) -> None:
    send_as(talk, note_form(talk, metalworks, "U0KIM"), "U0KIM", words)
    view = note_form(talk, metalworks, ben)
    [shows] = [block["element"]["initial_value"] for block in view["blocks"] if block["type"] == "input"]

    assert send_as(talk, view, ben, shows) == {}

    found = on_page(talk, metalworks)
    assert found
    assert found[1] == "Kim Example"
    assert "Nothing was changed in the note" in talk.told(metalworks)[-1].text


def test_a_form_that_was_not_changed_undoes_nothing_a_colleague_wrote_meanwhile(
    talk: Talking, metalworks: Client, ben: str
) -> None:
    send_as(talk, note_form(talk, metalworks, "U0KIM"), "U0KIM", "Call me")
    view = note_form(talk, metalworks, ben)
    send_as(talk, note_form(talk, metalworks, "U0KIM"), "U0KIM", "Write to me")

    assert send_as(talk, view, ben, "Call me") == {}

    assert on_page(talk, metalworks) == ("Write to me", "Kim Example")


def test_a_note_is_neither_taken_away_nor_put_back_over_a_colleague(
    talk: Talking, metalworks: Client, ben: str
) -> None:
    send_as(talk, note_form(talk, metalworks, "U0KIM"), "U0KIM", "Call me")
    clearing, changing = note_form(talk, metalworks, ben), note_form(talk, metalworks, ben)
    send_as(talk, note_form(talk, metalworks, "U0KIM"), "U0KIM", "Write to me")

    assert list(send_as(talk, clearing, ben, None)) == [SHARE_NOTE_FIELD]
    assert on_page(talk, metalworks) == ("Write to me", "Kim Example")

    send_as(talk, note_form(talk, metalworks, "U0KIM"), "U0KIM", None)
    assert on_page(talk, metalworks) is None
    assert "taken away" in send_as(talk, changing, ben, "Call Ben")[SHARE_NOTE_FIELD]
    assert on_page(talk, metalworks) is None


def test_what_was_overtaken_between_sending_and_keeping_is_not_kept(
    talk: Talking, metalworks: Client
) -> None:
    sharing = talk.door.handlers.forms.sharing  # type: ignore[attr-defined]
    member = Member(talk.team, TEAM, "U0KIM", talk.kim)
    kept = kept_in(sharing.form(metalworks, keep_of(metalworks.id, Room("C0TEAM")))["private_metadata"])
    state = {"values": {SHARE_NOTE_FIELD: {VALUE: {"type": "plain_text_input", "value": "Call Kim"}}}}
    assert sharing.faults(metalworks, member, state, kept) == {}
    talk.advice.notes.put(str(metalworks.roadmap), "Call Ben", "Ben Example", NOW)

    said = sharing.keep(metalworks, member, state, kept, NOW)

    assert on_page(talk, metalworks) == ("Call Ben", "Ben Example")
    assert said.text.startswith("Your note was not kept. A colleague changed this meanwhile")


def test_a_note_kept_twice_says_the_same_twice(talk: Talking, metalworks: Client) -> None:
    sharing = talk.door.handlers.forms.sharing  # type: ignore[attr-defined]
    member = Member(talk.team, TEAM, "U0KIM", talk.kim)
    kept = kept_in(sharing.form(metalworks, keep_of(metalworks.id, Room("C0TEAM")))["private_metadata"])
    state = {"values": {SHARE_NOTE_FIELD: {VALUE: {"type": "plain_text_input", "value": "Call Kim"}}}}

    first, second = (sharing.keep(metalworks, member, state, kept, NOW) for _ in range(2))

    assert first.text == second.text
    assert "signed Kim Example" in first.text
    assert on_page(talk, metalworks) == ("Call Kim", "Kim Example")
