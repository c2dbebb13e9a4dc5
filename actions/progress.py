"""Progress told without a name: “skip the next one”, “they turned us down”."""

from __future__ import annotations

import re
from typing import Any

from rasa_sdk import Tracker

from actions import slots

NEXT = re.compile(r"\b(the|that|this) next (one|step|thing|offer)\b", re.IGNORECASE)
TURNED_DOWN = re.compile(
    r"\b(?:turned (?:us|me|it) down|turned down|said no|rejected|knocked (?:us|me) back|refused (?:us|me)"
    r"|declined|(?:didn't|did not|never) get it|weren't accepted|not accepted|fell through|unsuccessful)\b",
    re.IGNORECASE,
)
SKIPPED = re.compile(
    r"\b(?:skip|rather not|not (?:doing|for us|interested)|leave (?:that|it) out|drop)\b", re.IGNORECASE
)


def nth(tracker: Tracker, text: str) -> str:
    """The text with “the next one” as “the first one”, which it is among the steps shown."""
    return NEXT.sub(r"\1 first \2", text) if slots.listed(tracker, slots.SHOWN) else text


def of_the_last_told(tracker: Tracker, reading: Any) -> dict[str, Any]:
    """“They turned us down” said right after one offer was told of is about that one."""
    if slots.act(tracker) != "inform_progress":
        return {}
    if reading.turned_down or reading.skipped or reading.facts.get("done"):
        return {}
    slot, last = how(slots.text(tracker)), slots.listed(tracker, slots.LAST_OFFERS)
    if reading.offers:
        last = reading.offers if slot != "done" else ()
    if not last or len(last) > 1:
        return {}
    return {slot: [*dict.fromkeys([*slots.listed(tracker, slot), *last])]}


def how(text: str) -> str:
    """What happened to a step: turned down, skipped, else done."""
    said = text.replace("’", "'")
    if TURNED_DOWN.search(said):
        return slots.TURNED_DOWN
    return slots.SKIPPED if SKIPPED.search(said) else "done"
