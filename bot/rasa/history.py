"""Keep of a conversation what its next turn needs, so that turn 400 costs what turn 1 costs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    ConversationPaused,
    Event,
    LoopInterrupted,
    Restarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

# Written anew onto each event by Rasa while it serves; the same in all of them.
REPEATED = frozenset({"model_id", "assistant_id"})
KEPT_OF_PARSE = ("intent", "entities", "needs", "text")
KEPT_OF_ENTITY = ("entity", "value", "role", "group", "start", "end")


def recent(events: Sequence[Event], domain: Domain, keep_turns: int) -> list[Event]:
    """Return the last user turns, and before them the slots and the loop that earlier ones left behind.

    Whatever lies before the latest restart is dropped. Between keep_turns and keep_turns + 2 turns stay, so
    that not every turn has to fold.
    """
    since = _since_restart(events)
    turns = [place for place, event in enumerate(since) if isinstance(event, UserUttered)]
    if len(turns) <= keep_turns + 2:
        return since
    cut = turns[-keep_turns]
    # Policies look for the listening that came before what the user said.
    while cut > 0 and not _is_listening(since[cut]):
        cut -= 1
    return snapshot(since[:cut], domain, since[cut].timestamp) + since[cut:]


def snapshot(events: Iterable[Event], domain: Domain, at: float) -> list[Event]:
    """Return the events that leave a new conversation with the same slots, loop and pause as those given."""
    past = DialogueStateTracker.from_events("snapshot", list(events), domain.slots)
    left: list[Event] = [
        SlotSet(name, slot.value, timestamp=at)
        for name, slot in sorted(past.slots.items())
        if slot.value != slot.initial_value
    ]
    if past.active_loop is not None:
        left.append(ActiveLoop(past.active_loop.name, timestamp=at))
        if past.active_loop.is_interrupted:
            left.append(LoopInterrupted(True, timestamp=at))
    if past.is_paused():
        left.append(ConversationPaused(timestamp=at))
    return left


def _since_restart(events: Sequence[Event]) -> list[Event]:
    for place in range(len(events) - 1, -1, -1):
        if isinstance(events[place], Restarted):
            return list(events[place + 1 :])
    return list(events)


def _is_listening(event: Event) -> bool:
    return isinstance(event, ActionExecuted) and event.action_name == ACTION_LISTEN_NAME


def compact(event: Event) -> dict[str, Any]:
    """Return an event as Rasa reads it back, without rankings, repeated metadata, attachments and blanks."""
    kept = event.as_dict()
    kept["metadata"] = {k: v for k, v in (kept.get("metadata") or {}).items() if k not in REPEATED}
    if kept["event"] == UserUttered.type_name:
        kept["parse_data"] = _compact_parse(kept.get("parse_data"))
    elif kept["event"] == "bot":
        kept["data"] = {}
    if not kept.get("hide_rule_turn", True):
        del kept["hide_rule_turn"]
    required = ("event", "name", "value", "parse_data")
    return {k: v for k, v in kept.items() if k in required or (v is not None and v != {})}


def _compact_parse(parse: dict[str, Any] | None) -> dict[str, Any]:
    kept = {key: (parse or {}).get(key) for key in KEPT_OF_PARSE}
    kept["intent"] = {k: v for k, v in (kept["intent"] or {}).items() if k in ("name", "confidence")}
    kept["entities"] = [
        {k: entity[k] for k in KEPT_OF_ENTITY if entity.get(k) is not None}
        for entity in kept["entities"] or []
    ]
    return {k: v for k, v in kept.items() if v is not None}
