"""Whoever looks sees what did not reach Slack, and why, and nothing of what was in it."""

from __future__ import annotations

from datetime import timedelta

from knowledge_base.store.slack_outbox import SlackOutbox
from knowledge_base.store.slack_state import slack_state
from knowledge_base.store.slack_work import SlackWork
from tests.store.conftest import NOW

LATER = NOW + timedelta(minutes=5)


def test_with_nothing_to_do_there_is_nothing_to_say(database):
    state = slack_state(database)

    assert (state.last_sent, state.last_done, state.waiting, state.given_up) == (None, None, (), ())


def test_posts_and_work_are_told_by_channel_kind_and_reason(database):
    outbox, work = SlackOutbox(database), SlackWork(database)
    for n, channel in enumerate(["C1", "C1", "C1", "C2", "C2", "C3"]):
        outbox.put(f"example-{n}", channel, text="Secret words", now=NOW)
    for n in range(2):
        outbox.give_up(f"example-{n}", "we are not in its channel", NOW)
    outbox.give_up("example-2", "its channel is archived", LATER)
    outbox.sent("example-3", "1.2", LATER)
    outbox.again("example-5", LATER, "Slack did not answer well")
    for n, kind in enumerate(["event", "event", "command"]):
        work.take_in(f"work-{n}", kind, {"text": "Secret words"}, NOW)
    work.give_up("work-0", "no such thing", NOW)
    work.done("work-2", LATER)

    state = slack_state(database)

    assert (state.last_sent, state.last_done) == (LATER, LATER)
    assert [(each.channel, each.kind, each.why, each.count, each.last) for each in state.given_up] == [
        ("C1", "", "its channel is archived", 1, LATER),
        ("C1", "", "we are not in its channel", 2, NOW),
        ("", "event", "no such thing", 1, NOW),
    ]
    assert [(each.channel, each.count, each.since) for each in state.waiting] == [
        ("C2", 1, NOW),
        ("C3", 1, NOW),
    ]
    assert "Secret" not in repr(state)
