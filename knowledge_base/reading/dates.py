"""Read the day by which something is wanted; always after the date given, or nothing.

Ours to choose, and chosen so: "by June" is its last day and "before June" the day before its first; a season
begins on the first of March, June, September or December; "by the end of the financial year" is 31 March
(the tax year, 5 April); a quarter ends on its last day; "in six weeks" needs a word such as need or must.
"""

from __future__ import annotations

from datetime import date, timedelta

from knowledge_base.reading.days import MONTHS, a_day, month_end, months_later
from knowledge_base.reading.heard import Finding, Heard
from knowledge_base.reading.lists import listed

_DAYS = {"day": 1, "days": 1, "week": 7, "weeks": 7, "fortnight": 14}
_NAMED = frozenset({"deadline", "deadline's", "due", "cut-off"})
_BY = frozenset({"by", "before", "until", "till", "than"}) | _NAMED
_FILL = frozenset({"the", "is", ":", "on", "by", "this", "for", "about", "around", "for:"})
_MOVED = frozenset({"now", "has", "been", "moved", "extended", "to", "set", "pushed", "back", "date", "="})
_DONE = frozenset(
    {
        "submitted",
        "delivered",
        "finished",
        "completed",
        "complete",
        "installed",
        "ready",
        "done",
        "spent",
        "in",
    }
)
_HAVE = frozenset({"got", "have", "only", "we've", "i've"})


def deadline(heard: Heard) -> Finding | None:
    """Return the first day wanted, in ISO form."""
    message = heard.message
    for at, word in enumerate(message.words):
        if word.low in _DONE and message.low(at - 1) == "be":
            first = at + 1 + (message.low(at + 1) == "on")
            read = a_day(heard, first)
            if read and read[0] >= heard.on and "must" not in message.lows[at + 1 : first]:
                return Finding(read[0].isoformat(), at, read[1])
        if word.low in _BY:
            found = _by(heard, at)
            if found is not None:
                return found
    found = _cued(heard) or _in_weeks(heard)
    if found is None and heard.asked == "deadline" and len(message) <= 12:
        for at in range(len(message)):
            read = a_day(heard, at)
            if read and read[0] >= heard.on:
                return Finding(read[0].isoformat(), at, read[1])
    return found


def _by(heard: Heard, at: int) -> Finding | None:
    """Read the day after "by", "before", "deadline's" or "no later than"; none where an offer is meant."""
    message, low = heard.message, heard.message.low(at)
    before = message.before(at, 9)
    if low in {"until", "till"} and heard.asked != "deadline" and before[:1] and before[0] not in _HAVE:
        return None
    if low == "than" and before[:1] != ["later"]:
        return None
    if (low == "before" and before[:1] == ["not"]) or _of_an_offer(heard, at):
        return None
    start, named = at + 1, low in _NAMED
    while message.low(start) in _FILL or (named and message.low(start) in _MOVED):
        start += 1
    read = a_day(heard, start)
    if read is None and "on" in message.lows[start : start + 3]:  # "before the show on 12 March"
        start = message.lows.index("on", start) + 1
        start += message.low(start) == "the"
        read = a_day(heard, start)
    far = (message.low(start) == "@" and message.low(start + 1) not in {"-", "/"}) or message.lows[
        start : start + 2
    ] == ["next", "year"]
    if far and heard.asked != "deadline" and not listed("dates.wanted") & set(before):
        return None
    if read is None or listed("dates.hoped") & set(before[:5]):
        return None
    day = _eve(heard, start, read[0]) if low == "before" else read[0]
    return Finding(day.isoformat(), at, read[1]) if day >= heard.on else None


def _of_an_offer(heard: Heard, at: int) -> bool:
    """Say whether a day is when something offered starts, or is asked about: "what starts before Easter"."""
    message = heard.message
    before = message.before(at, 6)
    if listed("dates.starts") & set(before[:2]) and listed("dates.of_offers") & set(before):
        return True
    clause = message.before(at + 1, 30)
    if message.after_mark(at) == "?" and clause[-2:] in (["there", "is"], ["there", "are"]):
        return True
    return (
        heard.asked != "deadline"
        and clause[-1] in listed("dates.asking")
        and bool(listed("dates.about_offers") & set(clause))
    )


def _cued(heard: Heard) -> Finding | None:
    """Read "in time for Easter", "31 March at the latest" and "payroll's 4 December, to be met by then"."""
    message = heard.message
    for start, end in heard.at("dates.cue"):
        first = end + (message.low(end) == "the")
        read = a_day(heard, first)
        if read and read[0] >= heard.on and not _of_an_offer(heard, start):
            return Finding(read[0].isoformat(), start, read[1])
    for start, end in [*heard.at("dates.latest_after"), *heard.at("dates.then")]:
        near = message.low(start) not in {"by", "before"}
        for at in range(start - 1, max(-1, start - (6 if near else 20)), -1):
            read = a_day(heard, at)
            if read and (read[1] == start or not near) and read[0] >= heard.on:
                whole = _longest(heard, at, read)
                return Finding(whole[0].isoformat(), at, end)
    return None


def _longest(heard: Heard, at: int, read: tuple[date, int]) -> tuple[date, int]:
    """Return the day of which a day is part: of "March" in "31 March", the 31st."""
    for start in (at - 2, at - 1):
        whole = (a_day(heard, start)) if start >= 0 else None
        if whole and whole[1] == read[1]:
            return whole
    return read


def _eve(heard: Heard, at: int, day: date) -> date:
    """Return the day before a day, or before the first of a month or quarter named without a day."""
    if heard.message.low(at) == "end":
        return day
    whole = day == month_end(day) and (heard.message.low(at) in MONTHS or heard.message.low(at) == "q")
    if whole:
        day = day.replace(day=1)
        day = months_later(day, -2) if heard.message.low(at) == "q" else day
    return day - timedelta(days=1)


def _in_weeks(heard: Heard) -> Finding | None:
    message = heard.message
    for at, quantity in message.counted():
        lead = message.before(at, 12)
        if lead[1:2] == ["the"] and lead[0] in {"next", "coming"}:
            lead = lead[2:]
        elif lead[:1] == ["over"]:
            continue
        if quantity.kind != "count" or quantity.high is None:
            continue
        left = lead[:1] and lead[0] in _HAVE and message.low(at + 2) in {"to", "left", "before", "until"}
        if not left and lead[:1] not in (["in"], ["within"], ["inside"], ["over"]):
            continue
        if message.low(at + 1) not in {*_DAYS, "month", "months"} or quantity.high > 200:
            continue
        asked = heard.asked == "deadline"
        said = {*lead, *(message.after(at + 2, 6) if lead[0] == "over" else ())}
        if not asked and not left and (not listed("dates.wanted") & said or listed("dates.past") & said):
            continue
        if message.low(at + 1) in _DAYS:
            day = heard.on + timedelta(days=int(quantity.high) * _DAYS[message.low(at + 1)])
        else:
            day = months_later(heard.on, int(quantity.high))
        return Finding(day.isoformat(), at - 1, at + 2)
    return None
