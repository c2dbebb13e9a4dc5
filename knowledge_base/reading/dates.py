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
    found = _cued(heard) or _set_by_others(heard) or _in_weeks(heard)
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
    until = low in {"until", "till"} and heard.asked != "deadline" and before[:1]
    if until and before[0] not in _HAVE and not _must_until(heard, at):
        return None
    if low == "than" and before[:1] != ["later"]:
        return None
    if (low == "before" and before[:1] == ["not"]) or _of_an_offer(heard, at):
        return None
    start, named = at + 1, low in _NAMED
    while message.low(start) in _FILL or (named and message.low(start) in _MOVED):
        start += 1
    read = a_day(heard, start)
    if read is None and low == "before":
        read = _begins(heard, start)
        start = read[1] - 1 if read else start
    if read is None and "on" in message.lows[start : start + 3]:  # "before the show on 12 March"
        start = message.lows.index("on", start) + 1
        start += message.low(start) == "the"
        read = a_day(heard, start)
    far = (message.low(start) == "@" and message.low(start + 1) not in {"-", "/"}) or message.lows[
        start : start + 2
    ] == ["next", "year"]
    if far and heard.asked != "deadline" and not listed("dates.wanted") & set(before):
        return None
    if (
        read is None
        or listed("dates.hoped") & set(before[:5])
        or _told_of_the_past(before, message.low(start))
    ):
        return None
    day = _eve(heard, start, read[0]) if low == "before" else read[0]
    return Finding(day.isoformat(), at, read[1]) if day >= heard.on else None


def _must_until(heard: Heard, at: int) -> bool:
    """Read "until" as "by", as learners write it, where something must be done: "must be ready until May"."""
    said = set(heard.message.before(at, 10)) | set(heard.message.after(at + 1, 8))
    return bool({"must", "change", "finish", "install", "deliver", "replace"} & said) and not (
        {"stay", "open", "wait", "closed", "last", "lasts", "keep", "paid", "work"} & said
    )


def _begins(heard: Heard, at: int) -> tuple[date, int] | None:
    """Read the month in "before the season starts in May"."""
    message = heard.message
    for place in range(at, min(at + 5, len(message))):
        if message.low(place) in {"starts", "begins", "opens", "start", "begin"}:
            first = place + 1 + (message.low(place + 1) in {"in", "on", "again"})
            return a_day(heard, first)
    return None


def _told_of_the_past(before: list[str], first: str) -> bool:
    """Say whether the day is of a story, "last year we moved by June", or of a wish to grow by some year."""
    if before[:1] in (["moved"], ["repaid"]):
        return True
    return first == "@" and {"turn", "over"} <= set(before)


def _set_by_others(heard: Heard) -> Finding | None:
    """Read the day that a lease, a law, a contract or a show sets, where the owner must be ready for it."""
    message = heard.message
    labels = [(end, "closing_down") for _, end in heard.at("dates.closing_down")]
    labels += [(end, "by_law") for _, end in heard.at("dates.by_law")]
    for end, label in labels:
        if "before" in message.before(end, 6):
            continue
        first = end + (message.low(end) in {"on", "from", "the", "in"})
        read = a_day(heard, first)
        if read is None or read[0] < heard.on or message.after_mark(end) == "?":
            continue
        ready = [start for start, _ in heard.at("dates.before_that") if 0 <= start - read[1] <= 14]
        if label == "closing_down" and message.low(end - 2) != "funding":
            return Finding(read[0].isoformat(), end, read[1])
        if ready:
            eve = message.low(ready[0]) == "before"
            day = read[0] - timedelta(days=1) if eve else read[0]
            return Finding(day.isoformat(), end, read[1])
    return None


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
        for at in range(start - 1, max(-1, start - (6 if near else 30)), -1):
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
        opens = len(message.before(at, 12)) <= 3  # "in the next three months we need a van"
        said = {*lead, *(message.after(at + 2, 6) if lead[0] == "over" or opens else ())}
        if not asked and not left and (not listed("dates.wanted") & said or listed("dates.past") & said):
            continue
        if message.low(at + 1) in _DAYS:
            day = heard.on + timedelta(days=int(quantity.high) * _DAYS[message.low(at + 1)])
        else:
            day = months_later(heard.on, int(quantity.high))
        return Finding(day.isoformat(), at - 1, at + 2)
    return None
