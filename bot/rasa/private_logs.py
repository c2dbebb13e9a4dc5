"""Keep what people write out of the logs, where Rasa would put it on an error."""

from __future__ import annotations

import traceback
from collections.abc import MutableMapping
from types import TracebackType
from typing import Any

import structlog

MASK = "(not logged)"
# What Rasa's own log events carry that may hold a user's words.
PRIVATE = frozenset(
    {
        "text",
        "user_text",
        "response_text",
        "parse_data_text",
        "parse_data_entities",
        "message",
        "user_message",
        "json_message",
        "slot_values",
        "slot_candidates",
        "rasa_event",
        "rasa_events",
        "prediction_events",
        "tracker_latest_message",
        "prefilled_slots",
        "tracker_states",
        "current_states",
        "old_states",
        "states",
        "successes",
        "entity",
        "current_entity",
        "next_entity",
        "token_text",
        "response",
    }
)


def install() -> None:
    """Put the mask before all else that Rasa's structured logs go through; again changes nothing."""
    # The list itself is changed: loggers made before now hold on to it.
    processors = structlog.get_config()["processors"]
    if mask not in processors:
        processors.insert(0, mask)


def mask(logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Return the log event without users' words; an error keeps its kind and place only."""
    for key in PRIVATE & event.keys():
        event[key] = MASK
    told = event.pop("exc_info", None)
    if not told and method == "exception":
        told = True
    if told:
        event.update(_where(told))
    return event


def _where(told: Any) -> dict[str, Any]:
    kind, place = _error(told)
    if kind is None:
        return {}
    lines = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(place)[-8:]]
    return {"error": kind, "where": lines}


def _error(told: Any) -> tuple[str | None, TracebackType | None]:
    import sys

    if isinstance(told, BaseException):
        return type(told).__name__, told.__traceback__
    kind, _, place = told if isinstance(told, tuple) else sys.exc_info()
    return (kind.__name__ if kind else None), place
