"""Tell whether a message speaks of what was shown without naming it: "could we get it", "how do I apply"."""

from __future__ import annotations

from knowledge_base.reading.heard import Heard
from knowledge_base.reading.lists import listed

_THINGS = frozenset({"it", "they", "them", "these", "those", "it's", "they're", "its"})
_DUMMY = frozenset({"just", "only", "all", "me", "an", "because", "been", "raining", "like"})
_POINTS = frozenset({"that", "this", "that's"})


def points_back(heard: Heard) -> bool:
    """Say whether a short message uses it, that or they of what came before, or leaves its subject out."""
    message = heard.message
    if len(message) > 20:
        return False
    if heard.at("pointing.left_out"):
        return True
    for at, word in enumerate(message.lows):
        if word in _THINGS and not (word.startswith("it") and message.low(at + 1) in _DUMMY):
            return True
        ends = at + 1 >= len(message) or message.ends_segment(at + 1)
        if (
            word in _POINTS
            and (ends or message.low(at + 1) in listed("pointing.pointed"))
            and not _joins(heard, at)
        ):
            return True
    return False


def _joins(heard: Heard, at: int) -> bool:
    """Say whether "that" only joins, as in "something that would help"."""
    before = heard.message.low(at - 1)
    openers = {
        "about",
        "for",
        "of",
        "with",
        "like",
        "want",
        "is",
        "does",
        "do",
        "can",
        "get",
        "on",
        "to",
        "take",
    }
    return (
        heard.message.low(at) == "that"
        and at > 0
        and not (
            before in openers
            or heard.message.ends_segment(at - 1)
            or heard.message.low(at + 1) in {"one", "offer"}
        )
    )
