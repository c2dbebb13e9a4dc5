"""Read a day as people write it: "31 March 2027", "Easter", "the end of the tax year", "next Friday".

A day that has gone by is the next one of its name.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from knowledge_base.reading.heard import Heard

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sept sep",
            "october oct",
            "november nov",
            "december dec",
        ),
        1,
    )
    for name in names.split()
}
_WEEKDAYS = {
    name: n
    for n, name in enumerate(["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"])
}
SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "winter": 12}
_NUMERIC = re.compile(r"(?<![0-9./-])([0-9]{1,4})[./-]([0-9]{1,2})[./-]([0-9]{2,4})(?![0-9./-])")
_SPELT = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
    "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
)
_ORDINALS = {name: n for n, name in enumerate(_SPELT.split(), 1)} | {"thirtieth": 30}


def a_day(heard: Heard, at: int) -> tuple[date, int] | None:
    """Read a day in figures or words; none where a year that is over follows it."""
    read = _numeric(heard, at) or _in_words(heard, at)
    after = heard.message.words[read[1]].quantity if read and read[1] < len(heard.message) else None
    over = after is not None and after.kind == "year" and (after.high or 0) < heard.on.year
    return None if over else read


def past_day(heard: Heard, at: int) -> tuple[date, int] | None:
    """Read a day that is over, told with its year: "14 October 2025", "3/2/2023"."""
    message, on = heard.message, heard.on
    read = _numeric(heard, at)
    month_at = at + 1 + (message.low(at + 1) == "of")
    number = _number(heard, at)
    if read is None and number and message.low(month_at) in MONTHS and month_at + 1 < len(message):
        year = message.words[month_at + 1].quantity
        if year is not None and year.kind == "year" and year.low is not None:
            try:
                read = date(int(year.low), MONTHS[message.low(month_at)], number), month_at + 2
            except ValueError:
                return None
    return read if read is not None and read[0] <= on else None


def _in_words(heard: Heard, at: int) -> tuple[date, int] | None:
    """Read a day that starts at a word; return it with the place after it."""
    message, on = heard.message, heard.on
    low = message.low(at)
    if low == "end" and message.low(at + 1) in {*MONTHS, "q"}:
        return _part_of(heard, low, at + 1)
    if low in {"end", "middle", "start", "beginning"} and message.low(at + 1) == "of":
        after = at + 2 + (message.low(at + 2) in {"the", "this"})
        return _part_of(heard, low, after)
    if low in {"mid", "late", "early"} and message.low(at + 1) in {*MONTHS, "-"}:
        return _part_of(
            heard,
            {"mid": "middle", "late": "end", "early": "start"}[low],
            at + 1 + (message.low(at + 1) == "-"),
        )
    if low == "year" and message.low(at + 1) in {"end", "-"}:
        return date(on.year, 12, 31), at + 2
    if low == "easter":
        day = easter(on.year)
        return (day if day >= on else easter(on.year + 1)), at + 1
    if low in {"christmas", "xmas"}:
        return _next(on, 12, 25), at + 1
    if low == "new" and message.low(at + 1) in {"year", "year's"}:
        return _next(on, 1, 1), at + 2
    if low in SEASONS or (low == "next" and message.low(at + 1) in SEASONS):
        at += low == "next"
        day, end = _next(on, SEASONS[message.low(at)], 1), at + 1
        year = _year(heard, end)
        return (date(year, day.month, 1), end + 1) if year else (day, end)
    if low in _WEEKDAYS or (low == "next" and message.low(at + 1) in _WEEKDAYS):
        skip = low == "next"
        ahead = (_WEEKDAYS[message.low(at + skip)] - on.weekday()) % 7 or 7
        return on + timedelta(days=ahead), at + 1 + skip
    if low == "tomorrow":
        return on + timedelta(days=1), at + 1
    if low == "next" and message.low(at + 1) in {"month", "year"}:
        day = month_end(months_later(on, 1)) if message.low(at + 1) == "month" else date(on.year + 1, 12, 31)
        return day, at + 2
    quarter = _quarter(heard, at)
    return quarter or _day_and_month(heard, at)


def _part_of(heard: Heard, part: str, at: int) -> tuple[date, int] | None:
    message, on = heard.message, heard.on
    low = message.low(at)
    skip = low == "next"
    if low in {"financial", "tax", "fiscal"} and message.low(at + 1) == "year":
        return (_next(on, 4, 5) if low == "tax" else _next(on, 3, 31)), at + 2
    if message.low(at + skip) == "month":
        return month_end(months_later(on, 1) if skip else on), at + 1 + skip
    if message.low(at + skip) == "year":
        return date(on.year + skip, 12, 31), at + 1 + skip
    if low == "week":
        return on + timedelta(days=(4 - on.weekday()) % 7), at + 1
    if low in SEASONS:
        return month_end(months_later(_next(on, SEASONS[low], 1), 2)), at + 1
    quarter = _quarter(heard, at)
    if quarter:
        return quarter
    if low in MONTHS:
        read = _month(heard, at)
        day = {"end": read[0], "middle": read[0].replace(day=15)}.get(part, read[0].replace(day=1))
        return day, read[1]
    year = _year(heard, at)
    return (date(year, 12, 31), at + 1) if year else None


def _quarter(heard: Heard, at: int) -> tuple[date, int] | None:
    message, on = heard.message, heard.on
    if message.low(at) != "q" or at + 1 >= len(message):
        return None
    quantity = message.words[at + 1].quantity
    if quantity is None or quantity.exact not in {1, 2, 3, 4}:
        return None
    month = int(quantity.exact or 0) * 3
    year = _year(heard, at + 2)
    if year:
        return month_end(date(year, month, 1)), at + 3
    day = month_end(date(on.year, month, 1))
    return (day if day >= on else month_end(date(on.year + 1, month, 1))), at + 2


def _day_and_month(heard: Heard, at: int) -> tuple[date, int] | None:
    """Read "31 March 2027", "March 31st", "the 28th", "June 2027" or "2027"."""
    message, on = heard.message, heard.on
    if message.low(at) in MONTHS:
        number = _number(heard, at + 1)
        if number is not None and 1 <= number <= 31:
            return _dated(heard, number, MONTHS[message.low(at)], at + 2)
        return _month(heard, at)
    number = _number(heard, at) or _spelt(heard, at)
    if number is not None and 1 <= number <= 31:
        month_at = at + 1 + (message.low(at + 1) == "of")
        if message.low(month_at) in MONTHS:
            return _dated(heard, number, MONTHS[message.low(month_at)], month_at + 1)
        if message.low(at) == "#th":
            try:
                day = on.replace(day=number)
                return (day if day >= on else months_later(on, 1).replace(day=number)), at + 1
            except ValueError:
                return None
    year = _year(heard, at)
    return (date(year, 12, 31), at + 1) if year and year <= on.year + 2 else None


def _month(heard: Heard, at: int) -> tuple[date, int]:
    month = MONTHS[heard.message.low(at)]
    year = _year(heard, at + 1)
    if year:
        return month_end(date(year, month, 1)), at + 2
    on = heard.on
    return month_end(date(on.year + (month < on.month), month, 1)), at + 1


def _dated(heard: Heard, number: int, month: int, end: int) -> tuple[date, int] | None:
    end += heard.message.low(end) == "," and _year(heard, end + 1) is not None
    year = _year(heard, end)
    try:
        if year:
            return date(year, month, number), end + 1
        return _next(heard.on, month, number), end
    except ValueError:
        return None


def _numeric(heard: Heard, at: int) -> tuple[date, int] | None:
    """Read 2027-03-31 or, in the British order, 31/03/2027."""
    if at >= len(heard.message):
        return None
    match = _NUMERIC.match(heard.message.text, heard.message.words[at].start)
    if match is None:
        return None
    first, second, third = (int(group) for group in match.groups())
    year, month, day = (first, second, third) if first > 31 else (third, second, first)
    try:
        read = date(year + 2000 if year < 100 else year, month, day)
    except ValueError:
        return None
    end = at
    while end < len(heard.message) and heard.message.words[end].start < match.end():
        end += 1
    return read, end


def _number(heard: Heard, at: int) -> int | None:
    quantity = heard.message.words[at].quantity if 0 <= at < len(heard.message) else None
    if (
        quantity is None
        or quantity.exact is None
        or quantity.kind not in {"count", "ordinal"}
        or quantity.exact > 31
    ):
        return None
    return int(quantity.exact)


def _spelt(heard: Heard, at: int) -> int | None:
    """Return the day of the month that "first" or "fifteenth" names, where a month follows."""
    day = _ORDINALS.get(heard.message.low(at))
    return day if day and heard.message.low(at + 1) in {"of", *MONTHS} else None


def _year(heard: Heard, at: int) -> int | None:
    quantity = heard.message.words[at].quantity if 0 <= at < len(heard.message) else None
    if quantity is None or quantity.kind != "year" or quantity.low is None:
        return None
    return int(quantity.low) if heard.on.year <= quantity.low <= heard.on.year + 20 else None


def _next(on: date, month: int, day: int) -> date:
    this = date(on.year, month, day)
    return this if this >= on else date(on.year + 1, month, day)


def month_end(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def months_later(day: date, months: int) -> date:
    """Return the same day some months on, or the last of that month."""
    years, month = divmod(day.month - 1 + months, 12)
    first = date(day.year + years, month + 1, 1)
    return first.replace(day=min(day.day, month_end(first).day))


def easter(year: int) -> date:
    """Return Easter Sunday of the Gregorian calendar (the anonymous algorithm of 1876)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e, g = b // 4, b % 4, (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = c // 4, c % 4
    m = (a + 11 * h) // 319
    r = (2 * e + 2 * i - k - h + m + 32) % 7
    n = (h - m + r + 90) // 25
    return date(year, n, (h - m + r + n + 19) % 32)
