"""Read which facts an owner declines to tell: "I'd rather not say what we turn over"."""

from __future__ import annotations

from knowledge_base.reading.heard import Heard
from knowledge_base.reading.lists import listed

_FACTS = (
    "turnover",
    "employees",
    "place",
    "subsidy_received",
    "amount",
    "deadline",
    "trading_months",
    "sector",
    "legal_form",
    "stage",
)
_FAR = 5  # words that may stand between declining and what is declined
_REACH = 24
_TURNS = frozenset({"but", "because", "though", "however", "although", "cause"})


def silences(heard: Heard) -> tuple[str, ...]:
    """Return the facts the owner declines to tell: those named, or else the one asked."""
    message = heard.message
    facts: list[str] = []
    for start, end in heard.at("refusal.silence"):
        if not _own(heard, start, end):
            continue
        named = _named_after(heard, end) or _named_before(heard, start)
        facts += named or ([heard.asked] if heard.asked is not None else [])
    for start, _ in heard.at("refusal.kept"):
        facts += _named_before(heard, start)
    for start, end in heard.at("refusal.blank"):
        if not _asked_whether(heard, end):
            facts += _named_just_before(heard, start)
    for _, end in heard.at("refusal.asking_back"):
        if heard.starts("refusal.after_asking").keys() & set(range(end + 1, end + _REACH + 1)):
            facts += _named_after(heard, end) or _named_after(heard, end - 1)
    for start, end in heard.at("refusal.held_back"):
        if _own(heard, start, end) and heard.starts("refusal.held").keys() & set(range(end, end + 12)):
            facts += _named_after(heard, end)
    waved_on = message.low(0) in {"skip", "pass", "next", "private"} or message.lows[:2] == ["no", "thanks"]
    if not facts and heard.asked is not None and waved_on and len(message) <= 3:
        facts.append(heard.asked)
    return tuple(dict.fromkeys(facts))


def _own(heard: Heard, start: int, end: int) -> bool:
    """Say whether it is the owner who declines, and not somebody else, or the owner asking not to be told."""
    message = heard.message
    if message.low(end) in {"me", "us"} or (
        message.low(end - 1) in {"me", "us"} and message.low(end) == "to"
    ):
        return False
    if message.lows[end - 2 : end] == ["to", "know"]:  # "you don't need to know our sales"
        return True
    return not listed("silences.others") & set(message.before(start, 2))


def _named_after(heard: Heard, end: int) -> list[str]:
    """Return the facts named right after a place, and those joined to them in the same clause."""
    message = heard.message
    named: list[str] = []
    at, gap = end, 0
    while at < min(len(message), end + _REACH) and not message.ends_clause(at):
        found = _topic(heard, at)
        if found is not None:
            named.append(found[0])
            at, gap = found[1], 0
            continue
        low = message.low(at)
        if low in _TURNS or (not named and (gap >= _FAR or low not in listed("silences.filling"))):
            break
        gap += 1
        at += 1
    return named


def _named_before(heard: Heard, start: int) -> list[str]:
    """Return the facts named right before a place: "our turnover and headcount are private"."""
    message = heard.message
    at = start
    while at > max(0, start - _REACH) and not message.ends_clause(at - 1):
        at -= 1
    named: list[str] = []
    last = -9
    while at < start:
        found = _topic(heard, at)
        if found is not None:
            named, last = [*named, found[0]], found[1]
            at = found[1]
        else:
            at += 1
    return named if 0 <= start - last <= 2 else []


def _named_just_before(heard: Heard, start: int) -> list[str]:
    """Return the fact named right before a place, over a mark or none: "turnover? not saying"."""
    first = heard.message.low(start) in {"?", ".", ":", "–", ","}
    at = start - (not first and heard.message.low(start - 1) in {"?", ".", ":", "–", ",", "'", "-"})
    begun = heard.message.segment_start(at)
    near = range(at - 1, max(begun, at - _REACH) - 1, -1)  # no name of a fact is longer than that
    last = next((found for place in near if (found := _topic(heard, place)) is not None), None)
    return [last[0]] if last and at - 1 <= last[1] <= at and not _of_others(heard, begun, at) else []


def _of_others(heard: Heard, start: int, end: int) -> bool:
    return bool({"their", "his", "her", "your", "its"} & set(heard.message.lows[start:end]))


def _asked_whether(heard: Heard, end: int) -> bool:
    """Say whether a question is asked: "is our turnover confidential?"."""
    low = heard.message.low(end)
    return low == "?" or (low in {"here", "with"} and heard.message.after_mark(end) == "?")


def _topic(heard: Heard, at: int) -> tuple[str, int] | None:
    """Return the fact that the words from a place on name, and where they end."""
    found = None
    for fact in _FACTS:
        end = heard.starts(f"refusal.{fact}").get(at)
        if end is not None and (found is None or end > found[1]) and _closed(heard, at, end):
            found = fact, end
    return found


def _closed(heard: Heard, start: int, end: int) -> bool:
    """Say whether what is named ends there: "our sales" are told of, "our sales team" is not."""
    message = heard.message
    if message.low(start - 1) in {"email", "e-mail", "web", "with", "by"}:
        return False
    if end - start > 1 and message.low(end - 1) not in {"much"}:
        return True
    return end >= len(message) or message.ends_segment(end) or message.low(end) in listed("silences.closing")
