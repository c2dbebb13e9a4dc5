"""What comes twice, or was said not to be kept, is neither lost nor done twice."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack import app, intake
from bot.slack.door import MENTION, MESSAGE
from knowledge_base.asked import steps_of
from tests.slack.gateway import post
from tests.slack.kept import work
from tests.slack.referral_house import text
from tests.slack.signing import command, mention, message, press, submission
from tests.slack.talking import DUDLEY, Talking
from tests.slack.workspace import BOT_USER, TEAM

FIRST, SECOND = "message", "app_mention"


@pytest.mark.parametrize("order", [(FIRST, SECOND), (SECOND, FIRST)], ids=lambda each: each[0])
def test_a_mention_among_colleagues_is_answered_whichever_of_its_two_events_comes_first(
    talk: Talking, order: tuple[str, str]
) -> None:
    root = talk.slack.write("C0TEAM", "Who knows a metal firm?", "U0LEE")
    asked = talk.slack.write("C0TEAM", f"<@{BOT_USER}> {DUDLEY}", "U0KIM", root.ts)
    events = {
        FIRST: message(f"<@{BOT_USER}> {DUDLEY}", ts=asked.ts, thread=root.ts),
        SECOND: mention(DUDLEY, ts=asked.ts, thread=root.ts),
    }

    for name in order:
        assert talk.post(events[name]).status_code == 200

    assert len(talk.advice.clients.list(talk.team.id)) == 1
    assert len(talk.rasa.sent) == 1
    said = [each.text for each in talk.slack.said("C0TEAM", root.ts)]
    assert any(steps_of(talk.document(talk.client()))[0]["name"] in each for each in said)
    assert len(set(said)) == len(said)


def test_colleagues_who_name_somebody_else_are_left_alone(talk: Talking) -> None:
    root = talk.slack.write("C0TEAM", "Who knows a metal firm?", "U0LEE")

    talk.post(message(f"<@U0KIM> {DUDLEY}", thread=root.ts))

    assert talk.advice.clients.list(talk.team.id) == []
    assert talk.slack.said("C0TEAM") == []


def _read(words: str, user: str = "U0KIM", **more: str) -> Any:
    told = {"type": "message", "user": user, "channel": "C0TEAM", "ts": "2.1", "thread_ts": "1.1", **more}
    body = {"type": "event_callback", "event": {**told, "text": words}}
    return intake.read(body, TEAM, TEAM, BOT_USER)


@given(st.text(max_size=30), st.text(max_size=30))
def test_a_message_is_a_mention_exactly_where_it_names_us(before: str, after: str) -> None:
    for ours in (f"<@{BOT_USER}>", f"<@{BOT_USER}|fingerpost>"):
        assert _read(f"{before}{ours}{after}").kind == MENTION
    for other in ("<@U0KIM>", f"@{BOT_USER}", f"<@{BOT_USER}X>"):
        assert _read(f"{before} {other} {after}").kind == MESSAGE


def test_what_we_or_another_bot_write_is_no_mention() -> None:
    assert _read(f"<@{BOT_USER}> hello", user=BOT_USER) is None
    assert _read(f"<@{BOT_USER}> hello", bot_id="B0OTHER") is None


def note_form(talk: Talking) -> tuple[str, str]:
    """The form of a client's note, as it is sent off with words typed into it."""
    talk.post(command(f"Example Metalworks Ltd: {DUDLEY}"))
    channel, thread = talk.thread(talk.client())
    talk.post(press("note", talk.client().id, channel=channel, thread=thread))
    view = talk.slack.views[-1]
    told = {"view_id": view["id"], "hash": view["hash"], "metadata": view["private_metadata"]}
    return submission("note", text("note", "A long note, typed with care"), **told)


def kept_too_late(talk: Talking, monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Have the next thing kept only once the event is set."""
    real, may, waits = talk.door.work.take_in, threading.Event(), [True]

    def take_in(*told: Any, **more: Any) -> bool:
        if waits:
            waits.pop()
            assert may.wait(30)
        return real(*told, **more)

    monkeypatch.setattr(talk.door.work, "take_in", take_in)
    monkeypatch.setattr(app, "ANSWER_SECONDS", 0.5)
    return may


def test_a_form_that_was_kept_too_late_is_done_once_when_it_is_sent_again(
    talk: Talking, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = note_form(talk)
    may = kept_too_late(talk, monkeypatch)

    first = post(talk.url, form)
    may.set()
    monkeypatch.setattr(app, "ANSWER_SECONDS", 30.0)
    second, third = talk.post(form), talk.post(form)

    assert [each.status_code for each in (first, second, third)] == [503, 200, 200]
    assert talk.client().note == "A long note, typed with care"
    told = [each.text for each in talk.told(talk.client()) if "The note is kept" in each.text]
    assert len(told) == 1


def test_a_form_that_was_kept_too_late_is_not_done_unless_it_is_sent_again(
    talk: Talking, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = note_form(talk)
    before = set(work(talk.database))
    may = kept_too_late(talk, monkeypatch)

    told = post(talk.url, form)
    may.set()
    # One thing is kept after the other, so once this is answered the form was kept and taken back.
    monkeypatch.setattr(app, "ANSWER_SECONDS", 30.0)
    talk.post(command("help"))

    assert told.status_code == 503
    assert talk.client().note == ""
    assert {key.partition(":")[0] for key in set(work(talk.database)) - before} == {"command"}
