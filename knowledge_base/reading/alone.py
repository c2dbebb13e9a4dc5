"""Count the people somebody names one by one: "just me", "me and two lads", "just me and my wife"."""

from __future__ import annotations

from decimal import Decimal

from knowledge_base.reading.heard import Finding, Heard
from knowledge_base.reading.lists import listed
from knowledge_base.reading.quantity import Quantity

_PETS = frozenset({"dog", "cat", "van", "laptop", "cats", "dogs", "computer", "kettle"})


def quantity_in(heard: Heard, start: int, end: int) -> Quantity | None:
    """Return the first number among some words."""
    return next((w.quantity for w in heard.message.words[start:end] if w.quantity is not None), None)


def company(heard: Heard) -> list[Finding]:
    """Count the people in "just me", "just me and my wife" and "me and two lads"."""
    message, found = heard.message, []
    mes: dict[int, tuple[int, bool]] = {}
    for start, end in heard.at("employees.alone"):
        counted = quantity_in(heard, start, end)
        if counted is not None and counted.exact != 1:
            continue
        before = message.before(start, 2)
        denied = {"not", "isn't", "ain't", "isnt", "wasn't"} & set(before) or before == ["it", "is"]
        if denied or message.low(end) in {
            "or",
            "who",
            "that",
            "being",
            "against",
            "crying",
            "?",
            "thinking",
            "until",
        }:
            continue
        mes[end - 1] = (start, True)
    for at, word in enumerate(message.words):
        opens = at == 0 or message.ends_segment(at - 1) or message.low(at - 1) in {"it's", "there's", "its"}
        if word.low == "me" and opens and at not in mes:
            mes[at] = (at, False)
    for at, (start, sure) in mes.items():
        value, end = counted_from(heard, at)
        if value is None:
            continue
        if sure or (value > 1 and (end >= len(message) or message.ends_segment(end))):
            found.append(Finding((value, value), start, end))
    return found[:1]


def counted_from(heard: Heard, at: int) -> tuple[Decimal | None, int]:
    """Count "me" at a place and those named after it; none if one of them cannot be counted. And the end."""
    message = heard.message
    total, place, last = Decimal(1), at + 1, at + 1
    while place < len(message) and place - at < 16:
        word = message.words[place]
        if (
            word.quantity is not None
            and word.quantity.kind == "count"
            and message.low(place + 1) in listed("employees.kin")
        ):
            if word.quantity.exact is None:
                return None, last
            total, place, last = total + word.quantity.exact, place + 2, place + 2
        elif word.quantity is not None and word.quantity.exact is not None and _timers(heard, place + 1):
            place = last = _timers(heard, place + 1)
            total += word.quantity.exact
        elif word.low == "part" and _hours(heard, place):
            place = _hours(heard, place)  # "a part time driver" is one
        elif word.low in listed("employees.kin"):
            total, place, last = total + 1, place + 1, place + 1
        elif word.low in listed("employees.joins"):
            place += 1
        elif word.low in _PETS:
            place, last = place + 1, place + 1
        else:
            break
    left_open = place > last and "and" in message.lows[last:place]
    return (None if left_open and total == 1 and message.low(last) != "," else total), last


def _timers(heard: Heard, place: int) -> int:
    """Return where "part timers" or "full-timers" ends, or nought."""
    if heard.message.low(place) not in {"part", "full"}:
        return 0
    end = place + 1 + (heard.message.low(place + 1) == "-")
    return end + 1 if heard.message.low(end) in {"timer", "timers"} else 0


def _hours(heard: Heard, place: int) -> int:
    """Return where "part-time" ends, if somebody it describes follows."""
    end = place + 2 + (heard.message.low(place + 1) == "-")
    described = heard.message.low(end - 1) == "time" and heard.message.low(end) in listed("employees.kin")
    return end if described else 0
