"""Example events and example feeds. None of them is held."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from knowledge_base.offer_format import parse_offer
from knowledge_base.records import Edition, Offer, Window
from tests.core.builders import offer

ON = date(2026, 11, 22)


def evening(id: str = "example-evening", *editions: Edition, **fields: Any) -> Offer:
    """An example event with these editions; ``status`` is its window's."""
    window = Window(fields.pop("status", "dated"), editions=editions, **fields.pop("window", {}))
    return offer(id, fields.pop("kind", "event"), window=window, **fields)


def held(day: str, uid: str = "", **fields: Any) -> Edition:
    """One time it is held, on a day or at a moment."""
    moment = datetime.fromisoformat(day) if "T" in day else date.fromisoformat(day)
    return Edition(uid or day, moment, **fields)


def read(**fields: Any) -> Offer:
    """An example event read from the offer format."""
    return parse_offer("example-evening", {"name": "Example evening", "kind": "event", **fields})


def calendar(*events: str, head: str = "") -> bytes:
    """A calendar of events, each given as its lines."""
    blocks = [f"BEGIN:VEVENT\n{each}\nEND:VEVENT" for each in events]
    text = "\n".join(
        ["BEGIN:VCALENDAR", "VERSION:2.0", *([head] if head else []), *blocks, "END:VCALENDAR", ""]
    )
    return text.replace("\n", "\r\n").encode()
