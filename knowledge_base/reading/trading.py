"""Read how long the business has traded, in whole months up to a day.

"Since 2019" is the range from its last day to its first. "Three years" is 36.
"""

from __future__ import annotations

import math
from datetime import date, timedelta
from decimal import Decimal

from knowledge_base.reading.days import MONTHS, SEASONS, month_end, months_later, past_day
from knowledge_base.reading.heard import Finding, Heard, last_word
from knowledge_base.reading.hedges import HEDGE
from knowledge_base.reading.lists import listed
from knowledge_base.reading.quantity import Quantity
from knowledge_base.reading.spells import UNITS as _UNITS
from knowledge_base.reading.spells import spells, told
from knowledge_base.reading.text import Message

OLDEST = 12 * 900

_NTH = {"second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6}

Months = tuple[int | None, int]


def trading_months(heard: Heard, in_a_list: bool = False, trade: Finding | None = None) -> Finding | None:
    """Return whole months, or the range of them.

    ``in_a_list``: the message tells other facts of the firm; ``trade``: where a sector was read.
    """
    found = [*_since(heard), *_spells(heard)]
    if not found and trade is not None:
        found = _trade_since(heard, trade)
    if not found and in_a_list:
        found = _alone_since(heard)
    if not found and in_a_list:
        found = _listed(heard)
    if not found and heard.asked == "trading_months":
        found = _bare(heard)
    one, several = last_word(heard.message, found)
    if one is None and several and all(not f.value[0] for f in several):
        one = max(several, key=lambda f: (f.value[1], f.start))  # "less than a year, twelve months at most"
    if one is None:
        return None
    low, high = one.value
    if not 0 <= (low or 0) <= high <= OLDEST:
        return None
    return Finding(low if low == high else {"from": low, "to": high}, one.start, one.end)


def _since(heard: Heard) -> list[Finding]:
    found = []
    for start, end in heard.at("trading.start"):
        if set(heard.message.before(start, 4)) & listed("trading.others"):
            continue
        when = _when(heard, end)
        if when is not None:
            (low, high), until = when
            found.append(Finding((low, high), start, until))
    return found[:1] if len({f.value for f in found}) == 1 else found


def _trade_since(heard: Heard, trade: Finding) -> list[Finding]:
    """Read "toolmakers since 1958", and "I paint houses since three years", as learners say."""
    message = heard.message
    going = "been" in {*message.before(trade.start, 3), message.low(trade.start)}
    at = next(
        (i for i in range(trade.end, min(trade.end + 5, len(message))) if message.low(i) == "since"), None
    )
    if at is None or any(message.ends_segment(i) for i in range(trade.end, at)):
        return []
    quantity = message.words[at + 1].quantity if at + 1 < len(message) else None
    unit = _UNITS.get(message.low(at + 2))
    if quantity is not None and unit and quantity.kind == "count" and quantity.low and quantity.high:
        return [Finding(_in_months(quantity, unit), at, at + 3)]
    when = _when(heard, at + 1) if at == trade.end or going else None
    return [Finding(when[0], at, when[1])] if when else []


def _alone_since(heard: Heard) -> list[Finding]:
    """Read "since March" where it is all an item of a list says."""
    message = heard.message
    for at, word in enumerate(message.lows):
        if word == "since" and at and message.low(at - 1) == ",":
            when = _when(heard, at)
            if when is not None and (when[1] >= len(message) or message.ends_segment(when[1])):
                return [Finding(when[0], at, when[1])]
    return []


def _when(heard: Heard, at: int) -> tuple[Months, int] | None:
    """Read "since 2019", "in March", "last year" or "two years ago" a few words on."""
    message, on = heard.message, heard.on
    named = message.low(at) == "as"
    stop = at + (7 if named else 5)
    linked = message.low(at - 1) in {"since", "in"}
    while at < min(stop, len(message)):
        word = message.words[at]
        linked = (
            linked or word.low in {"since", "in", "est", "last", "from"} or at == stop - (7 if named else 5)
        )
        if word.low == "@" and linked and word.quantity is not None and word.quantity.low is not None:
            return _year(heard, at, int(word.quantity.low))
        if (exact := _exact(heard, at)) is not None:
            return exact
        if word.low in SEASONS and linked:
            return _season(heard, at)
        if word.low in MONTHS and linked:
            return _month(heard, at)
        if word.low == "last" and message.low(at + 1) in {"year", "month"}:
            if message.low(at + 1) == "year":
                return _between(date(on.year - 1, 1, 1), date(on.year - 1, 12, 31), on, at + 2)
            return (0, 1), at + 2
        if word.low == "this" and message.low(at + 1) == "year":
            return _between(date(on.year, 1, 1), on, on, at + 2)
        if word.quantity is not None and message.low(at + 2) == "ago" and word.quantity.exact is not None:
            unit = _UNITS.get(message.low(at + 1))
            if unit:
                months = int(word.quantity.exact * unit)
                return (months, months), at + 3
            if message.low(at + 1) in {"weeks", "days"}:
                return (0, int(word.quantity.exact) // 4), at + 3
        if word.low not in listed("trading.fill") and not (named and word.text[:1].isupper()):
            return None
        at += 1
    return None


def _month(heard: Heard, at: int) -> tuple[Months, int] | None:
    month, on = MONTHS[heard.message.low(at)], heard.on
    after = heard.message.words[at + 1].quantity if at + 1 < len(heard.message) else None
    if after is not None and after.kind == "year" and after.low is not None:
        year, end = int(after.low), at + 2
    else:
        year, end = (on.year if month <= on.month else on.year - 1), at + 1
    first = date(year, month, 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return _between(first, min(last, on), on, end)


def _year(heard: Heard, at: int, year: int) -> tuple[Months, int] | None:
    """Read a year, and the month named after it: "in 2021, in March", "2019 in June"."""
    message, on = heard.message, heard.on
    after = at + 1 + (message.low(at + 1) == ",")
    after += message.low(after) == "in"
    month = MONTHS.get(message.low(after)) if after > at + 1 else None
    if month is None:
        return _between(date(year, 1, 1), date(year, 12, 31), on, at + 1)
    return _between(date(year, month, 1), month_end(date(year, month, 1)), on, after + 1)


def _exact(heard: Heard, at: int) -> tuple[Months, int] | None:
    """Read a day or a month that is past: "14 October 2025", "03/02/2023", "01/2020"."""
    message, on = heard.message, heard.on
    if message.words[at].quantity is None:
        return None
    day = past_day(heard, at)
    if day is not None:
        return _between(day[0], day[0], on, day[1])
    month, year = (
        message.words[at].quantity,
        message.words[at + 2].quantity if at + 2 < len(message) else None,
    )
    if message.low(at + 1) not in {"/", "."} or month is None or year is None or year.kind != "year":
        return None
    if month.exact is None or not 1 <= month.exact <= 12 or year.low is None:
        return None
    first = date(int(year.low), int(month.exact), 1)
    return _between(first, month_end(first), on, at + 3)


def _season(heard: Heard, at: int) -> tuple[Months, int] | None:
    """Read "in spring 2024" and "last summer"; winter goes on into the next year."""
    message, on = heard.message, heard.on
    after = at + 1 + (message.low(at + 1) == "of")
    named = message.words[after].quantity if after < len(message) else None
    month = SEASONS[message.low(at)]
    if named is not None and named.kind == "year" and named.low is not None:
        year, after = int(named.low), after + 1
    else:
        year, after = (on.year if month <= on.month else on.year - 1), at + 1
    first = date(year, month, 1)
    return _between(first, month_end(months_later(first, 2)), on, after)


def _between(first: date, last: date, on: date, end: int) -> tuple[Months, int] | None:
    last = min(last, on)
    return None if first > on else ((months_between(last, on), months_between(first, on)), end)


def months_between(start: date, end: date) -> int:
    """Count whole months from one day to a later one."""
    return (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)


def _spells(heard: Heard) -> list[Finding]:
    message = heard.message
    found = [Finding((0, 11), start, end) for start, end in heard.at("trading.first_year")]
    found_young = bool(found)
    found += [_nth_year(message, start, end) for start, end in heard.at("trading.nth_year")]
    found += _year_number(heard)
    after, before = heard.starts("trading.spell_after"), heard.ends("trading.spell_before")
    for at, end, quantity, unit in spells(message):
        old = False
        if quantity.high is None:
            continue
        if quantity.low is None and not found_young:
            continue  # "up to twelve months" is a loan's time more often than a firm's
        if message.low(end) == "-" or message.low(end) == "old":
            end += message.low(end) == "-"
            old = message.low(end) == "old"
        lead = message.before(at, 5)
        cued = any(
            0 <= at - place <= 1 and (at == place or message.low(place) in {"for", "about"})
            for place in before
        )
        if old:
            firm = {"business", "company", "firm", "startup", "start-up", "shop", "outfit", "practice"}
            mine = (
                bool(lead)
                and lead[0] in {"we're", "are", "business", "company", "is", "it's", "only", "just"}
                and bool(listed("trading.ours") & set(lead))
            )
            cued = message.low(end + 1) in firm or (
                mine and not {"he", "she", "who", "son", "daughter"} & set(lead)
            )
        if quantity.low is None:
            found.append(Finding((None, int(quantity.high * unit)), at, end))
            continue
        if told(heard, at, end):
            low, high = _in_months(quantity, unit)
            low = (low or 0) - unit if lead[:2] == ["on", "going"] else low  # "going on nine years"
            found.append(Finding((low, high), at, end))
            continue
        cued = cued or _held(heard, at, end)
        if not (cued or end in after) or set(lead) & listed("trading.others") | set(lead) & {
            "after",
            "within",
            "another",
            "minimum",
            "least",
        }:
            continue
        found.append(Finding(_in_months(quantity, unit), at, end))
    return found


def _nth_year(message: Message, start: int, end: int) -> Finding:
    """Read "in our third year" as 24 to 35 months."""
    said = next(word for word in message.words[start:end] if word.low == "#th" or word.low in _NTH)
    nth = int(said.quantity.exact or 1) if said.quantity is not None else _NTH[said.low]
    return Finding((12 * (nth - 1), 12 * nth - 1), start, end)


def _year_number(heard: Heard) -> list[Finding]:
    """Read "we're in year three" and "year four of the business" as 36 to 47 months, and their like."""
    message = heard.message
    found = []
    for at, quantity in message.counted():
        nth = quantity.exact
        if message.low(at - 1) != "year" or quantity.kind != "count" or nth is None or not 0 < nth < 60:
            continue
        lead = [low for low in message.before(at - 1, 4) if low not in {"now", "just", "only"}]
        ours = lead[:1] in (["in"], ["into"]) and lead[1:2] in (
            ["we're"],
            ["are"],
            ["i'm"],
            ["now"],
            ["well"],
        )
        named = message.lows[at + 1 : at + 2] == ["of"] and bool(
            {"trading", "business", *listed("trading.held")} & set(message.after(at + 2, 3))
        )
        if ours or named:
            found.append(Finding((12 * (int(nth) - 1), 12 * int(nth) - 1), at - 1, at + 1))
    return found


def _held(heard: Heard, at: int, end: int) -> bool:
    """Say whether a firm is held for the time that follows: "have now a firm two years", "14 months in"."""
    message = heard.message
    closes = end >= len(message) or message.ends_segment(end) or message.low(end) in {"and", "now", "already"}
    lead = message.before(at, 6)
    if message.low(end) == "in":
        alone = at == 0 or message.ends_segment(at - 1) or lead[:1] in (["are"], ["we're"], ["i'm"], ["now"])
        return alone and (
            end + 1 >= len(message) or message.ends_segment(end + 1) or message.low(end + 1) in {"and", "but"}
        )
    ahead = message.after(end, 7)
    if ahead[:1] and ahead[0] in {"i've", "we've"} and {"had", "run", "owned"} & set(ahead[1:3]):
        return bool(listed("trading.held") & set(ahead[3:])) and not listed("trading.not_held") & set(ahead)
    mine = bool(listed("trading.holding") & set(lead)) and bool(listed("trading.held") & set(lead[:3]))
    return closes and mine and not listed("trading.not_held") & set(lead)


def _listed(heard: Heard) -> list[Finding]:
    """Read a time that is all an item of a list says, as in "ltd, 9 yrs, t/o £4.2m"."""
    message, found = heard.message, []
    for at, quantity in message.counted():
        unit = _UNITS.get(message.low(at + 1))
        if unit is None or quantity.kind != "count" or quantity.low is None or quantity.high is None:
            continue
        end = at + 2 + (message.low(at + 2) in {"old", "in"})
        parted = {message.low(at - 1) if at else "", message.low(end) if end < len(message) else ""}
        alone = all(not mark or mark in {",", ";", ".", "|", "/", "–", "\n"} for mark in parted)
        previous = _item_before(message, at - 1)
        if alone and len(previous) <= 5 and not set(previous) & listed("trading.borrowed"):
            found.append(Finding(_in_months(quantity, unit), at, end))
    return found


def _item_before(message: Message, mark: int) -> list[str]:
    return message.lows[message.segment_start(mark) : max(mark, 0)]


def _in_months(quantity: Quantity, unit: int) -> Months:
    """Return the ends in months; a hedge is taken of the months, so that "about two years" is 20 to 28."""
    low, high = quantity.low or Decimal(0), quantity.high or Decimal(0)
    if quantity.said is not None and low < quantity.said < high:
        months = quantity.said * unit
        return int(months * (1 - HEDGE)), math.ceil(months * (1 + HEDGE))
    return int(low * unit), int(high * unit)


def _bare(heard: Heard) -> list[Finding]:
    message = heard.message
    if message.lows[:2] in (["a", "year"], ["one", "year"]):
        return [Finding((12, 12), 0, 2)]
    under = {"less", "under"} & set(message.lows) and {"a", "one"} & set(message.lows)
    if heard.short and under and "year" in message.lows:
        return [Finding((0, 11), 0, len(message))]
    if heard.at("trading.not_started"):
        return [Finding((0, 0), *heard.at("trading.not_started")[0])]
    for at, quantity in message.counted():
        if not heard.short or quantity.low is None:
            continue
        unit = _UNITS.get(message.low(at + 1))
        if quantity.kind == "count" and unit and quantity.high is not None:
            return [Finding(_in_months(quantity, unit), at, at + 2)]
        if quantity.kind == "year" and (
            when := _between(date(int(quantity.low), 1, 1), date(int(quantity.low), 12, 31), heard.on, at + 1)
        ):
            return [Finding(when[0], at, at + 1)]
    for at, word in enumerate(message.words):
        if word.low in MONTHS and message.low(at - 1) in {"since", "in", "last", "."} and heard.short:
            when = _month(heard, at)
            return [Finding(when[0], at, when[1])] if when else []
    return []
