"""What is kept of a conversation, and what is not."""

from __future__ import annotations

import json

from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    ConversationPaused,
    DefinePrevUserUtteredFeaturization,
    Restarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from bot.rasa import history
from tests.sealed.conversations import DOMAIN, opening, turn


def state(events):
    tracker = DialogueStateTracker.from_events("owner", events, DOMAIN.slots)
    loop = tracker.active_loop.name if tracker.active_loop else None
    return (
        tracker.current_slot_values(),
        loop,
        tracker.is_paused(),
        tracker.latest_message,
        tracker.latest_action_name,
    )


def turns_of(events):
    return [event.text for event in events if isinstance(event, UserUttered)]


def test_a_short_conversation_is_kept_whole():
    events = opening() + turn(1) + turn(2)

    assert history.recent(events, DOMAIN, keep_turns=3) == events


def test_a_long_conversation_keeps_its_last_turns_and_every_slot():
    events = [*opening(), SlotSet("place", "Dudley"), SlotSet("needs", ["finance"])]
    for number in range(30):
        events += turn(number, f"message {number}")

    kept = history.recent(events, DOMAIN, keep_turns=3)

    assert turns_of(kept) == ["message 27", "message 28", "message 29"]
    assert state(kept) == state(events)


def test_a_form_and_a_pause_outlive_the_turns_that_began_them():
    events = [*opening(), ActiveLoop("profile_form"), ConversationPaused()]
    for number in range(9):
        events += turn(number)

    kept = history.recent(events, DOMAIN, keep_turns=2)

    assert state(kept) == state(events)
    assert state(kept)[1:3] == ("profile_form", True)


def test_the_first_turn_kept_still_begins_with_listening():
    events = opening()
    for number in range(9):
        events += turn(number)

    kept = history.recent(events, DOMAIN, keep_turns=2)
    first = next(place for place, event in enumerate(kept) if isinstance(event, UserUttered))

    assert isinstance(kept[first - 1], ActionExecuted)
    assert kept[first - 1].action_name == "action_listen"


def test_folding_again_and_again_loses_no_slot_and_does_not_grow():
    events, sizes = [*opening(), SlotSet("place", "Dudley")], []
    for number in range(60):
        events = history.recent(events + turn(number), DOMAIN, keep_turns=3)
        sizes.append(len(events))

    assert max(sizes[30:]) == max(sizes[5:30])
    assert state(events)[0]["place"] == "Dudley"
    assert state(events)[0]["turn"] == 59


def test_a_restart_forgets_what_came_before():
    events = [*opening(), SlotSet("place", "Dudley"), *turn(1), Restarted(), *turn(2, "afresh")]

    kept = history.recent(events, DOMAIN, keep_turns=3)

    assert turns_of(kept) == ["afresh"]
    assert state(kept)[0]["place"] is None


def test_a_kept_message_has_its_act_and_needs_but_no_rankings():
    said = history.compact(turn(1)[0])

    assert said["text"] == "we need a grant"
    assert said["parse_data"]["intent"] == {"name": "describe_need", "confidence": 0.9}
    assert said["parse_data"]["needs"] == [{"need": "finance", "confidence": 0.8}]
    assert said["metadata"] == {"role": "owner"}
    assert not {"intent_ranking", "response_selector"} & set(said["parse_data"])


def test_what_is_kept_reads_back_as_the_same_events():
    events = [*opening(), *turn(1), DefinePrevUserUtteredFeaturization(False), SlotSet("place", None)]
    kept = json.loads(json.dumps([history.compact(event) for event in events]))

    back = DialogueStateTracker.from_dict("owner", kept, DOMAIN.slots)

    assert [event for event in back.events if event.type_name != "bot"] == [
        event for event in events if event.type_name != "bot"
    ]
    assert back.events[-2].use_text_for_featurization is False


def test_a_reply_is_kept_without_its_attachments():
    assert len(json.dumps(history.compact(turn(1)[3]))) < 150
