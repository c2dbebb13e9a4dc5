"""The words for what bars an offer, to put behind "as" or "because": lower case first, no full stop."""

from __future__ import annotations

from datetime import date

from knowledge_base import labels
from knowledge_base.cards import when_ended
from knowledge_base.records import Offer
from knowledge_base.windows import day_words

TURNED_DOWN = "they turned you down"
SKIPPED = "you would rather not do it"


def refused(kind: str) -> str:
    return f"you would rather not use {labels.joined(labels.plural([kind]))}"


def closed(offer: Offer, on: date) -> str:
    """Say when an offer closed, no more exactly than its record does."""
    closes = offer.window.closes
    if closes is not None and closes < on and not offer.window.closes_text:
        return f"it closed on {day_words(closes)}"
    if closes is None or closes >= on:
        return "it has ended; when is not known"
    return f"it ended{when_ended(offer)}"


def for_businesses_in(areas: str, told: str) -> str:
    return f"it is for businesses in {areas}, and {told}"


def asks(words: str) -> str:
    """Turn a condition into the end of "it asks …": that you employ at most 50 people."""
    return f"that {words[0].lower()}{words[1:]}" if words.startswith("You") else f"“{words}”"


def needs_first(name: str, its: str) -> str:
    """Say what an offer asks for first, and what bars that."""
    its = its.replace("it ", "that ", 1) if its.startswith("it ") else its
    return f"it asks for {name} first, and {its}"


def lapsed(offer: Offer) -> str:
    """Say that the hub's word for an offer ran out too long ago."""
    since = f" on {day_words(offer.assured.on)}" if offer.assured else ""
    return f"it was last checked by the hub{since}, too long ago to be advised now"
