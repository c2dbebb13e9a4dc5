"""Count out the repetitions of a calendar (RFC 5545, 3.3.10) day by day, so that none runs for ever.

A rule may never come true, or come true each second: a library that looks for its next time would look
for ever. Here each day of some years is held against the rule once, and there are no more days than that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby, islice

LONGEST_RULE = 500
OLDEST_YEARS = 20
ALLOWED = frozenset(
    {"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "WKST"}
)
FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
HIGHEST = 10_000

_BY_DAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)\Z", re.ASCII)
_UNTIL = re.compile(r"\d{8}(T\d{6}Z?)?\Z", re.ASCII)


class OddRule(ValueError):
    """A repetition that is not followed; the message says why, to stand after the name of an event."""


@dataclass(frozen=True)
class Rule:
    """A repetition that was read: how often, on which days, and until when or how many times."""

    freq: str
    interval: int
    count: int | None
    until: str
    days: tuple[tuple[int | None, int], ...]
    month_days: tuple[int, ...]
    months: tuple[int, ...]
    positions: tuple[int, ...]
    week_starts: int


def read_rule(text: str) -> Rule:
    """Read the value of an RRULE.

    Raises OddRule for one that repeats more often than daily, or is made of parts that meetings do not need.
    """
    if len(text) > LONGEST_RULE:
        raise OddRule("repeats by a rule too long to follow")
    pairs = [part.partition("=") for part in text.strip().strip(";").upper().split(";")]
    parts = {name: value for name, _, value in pairs}
    if len(parts) != len(pairs) or not all(parts.values()):
        raise OddRule("repeats by a rule that cannot be read")
    if parts.get("FREQ") not in FREQUENCIES:
        raise OddRule("repeats more often than once a day, which no meeting does")
    odd = sorted(parts.keys() - ALLOWED)
    if odd:
        raise OddRule(f"repeats by {odd[0][:20]}, which is not followed here")
    until, week = parts.get("UNTIL", ""), parts.get("WKST", "MO")
    if (until and not _UNTIL.match(until)) or week not in WEEKDAYS:
        raise OddRule("repeats by a rule that cannot be read")
    return Rule(
        parts["FREQ"],
        _numbers(parts, "INTERVAL", 1, HIGHEST)[0] if "INTERVAL" in parts else 1,
        _numbers(parts, "COUNT", 1, HIGHEST)[0] if "COUNT" in parts else None,
        until,
        tuple(_days(parts["BYDAY"])) if "BYDAY" in parts else (),
        _numbers(parts, "BYMONTHDAY", -31, 31),
        _numbers(parts, "BYMONTH", 1, 12),
        _numbers(parts, "BYSETPOS", -366, 366),
        WEEKDAYS.index(week),
    )


def days_of(rule: Rule, starts: date | datetime, after: date, last: date, most: int) -> list[date]:
    """Return the days of a repetition between two days, both included, at most so many.

    Raises OddRule for one that began more than `OLDEST_YEARS` years before.
    """
    first = starts.date() if isinstance(starts, datetime) else starts
    if (after - first).days > 366 * OLDEST_YEARS:
        raise OddRule(f"began more than {OLDEST_YEARS} years ago")
    found = islice(_matching(rule, first, last), rule.count)
    held = (day for day in found if day >= after and not _over(rule.until, starts, day))
    return list(islice(held, most))


def _matching(rule: Rule, first: date, last: date) -> Iterator[date]:
    """Yield the days that keep the rule from its first day on."""
    begins = _period_begins(rule, first)
    every = (date.fromordinal(n) for n in range(begins.toordinal(), last.toordinal() + 1))
    if rule.positions:
        # The whole last period is looked at: the last Friday of a month is known when the month is over.
        end = min(last.toordinal() + 366, date.max.toordinal())
        every = (date.fromordinal(n) for n in range(begins.toordinal(), end + 1))
    kept = (day for day in every if _keeps(rule, first, day))
    if rule.positions:
        kept = (
            day
            for _, days in groupby(kept, key=lambda day: _period(rule, day))
            for day in _at_positions(list(days), rule.positions)
        )
    return (day for day in kept if first <= day <= last)


def _keeps(rule: Rule, first: date, day: date) -> bool:
    if rule.months and day.month not in rule.months:
        return False
    if _periods_between(rule, first, day) % rule.interval:
        return False
    if rule.month_days and not _is_month_day(day, rule.month_days):
        return False
    if rule.days:
        return any(_is_nth(rule, day, nth) for nth, weekday in rule.days if weekday == day.weekday())
    if rule.month_days or rule.freq == "DAILY":
        return True
    if rule.freq == "WEEKLY":
        return day.weekday() == first.weekday()
    return day.day == first.day and (rule.freq == "MONTHLY" or bool(rule.months) or day.month == first.month)


def _is_nth(rule: Rule, day: date, nth: int | None) -> bool:
    """Say whether a day is the nth of its weekday in its month, or in its year where no month is named."""
    if nth is None or rule.freq in ("DAILY", "WEEKLY"):
        return True
    if rule.freq == "MONTHLY" or rule.months:
        at, of = day.day, _month_length(day)
    else:
        of = date(day.year, 12, 31).timetuple().tm_yday
        at = day.timetuple().tm_yday
    return nth == (at - 1) // 7 + 1 if nth > 0 else -nth == (of - at) // 7 + 1


def _is_month_day(day: date, wanted: tuple[int, ...]) -> bool:
    return day.day in wanted or day.day - _month_length(day) - 1 in wanted


def _month_length(day: date) -> int:
    return ((day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)).day


def _periods_between(rule: Rule, first: date, day: date) -> int:
    if rule.freq == "DAILY":
        return (day - first).days
    if rule.freq == "WEEKLY":
        return (_week(rule, day) - _week(rule, first)) // 7
    if rule.freq == "MONTHLY":
        return (day.year - first.year) * 12 + day.month - first.month
    return day.year - first.year


def _period(rule: Rule, day: date) -> tuple[int, ...]:
    forms = {"DAILY": (day.toordinal(),), "WEEKLY": (_week(rule, day),), "MONTHLY": (day.year, day.month)}
    return forms.get(rule.freq, (day.year,))


def _period_begins(rule: Rule, first: date) -> date:
    forms = {"DAILY": first, "MONTHLY": first.replace(day=1), "YEARLY": first.replace(month=1, day=1)}
    return forms.get(rule.freq) or date.fromordinal(_week(rule, first))


def _week(rule: Rule, day: date) -> int:
    return day.toordinal() - (day.weekday() - rule.week_starts) % 7


def _at_positions(days: list[date], positions: tuple[int, ...]) -> list[date]:
    there = {days[at - 1 if at > 0 else at] for at in positions if -len(days) <= at <= len(days) and at}
    return sorted(there)


def _over(until: str, starts: date | datetime, day: date) -> bool:
    """Say whether a time lies after the end that its rule names."""
    if not until:
        return False
    if len(until) == 8 or not isinstance(starts, datetime):
        return f"{day:%Y%m%d}" > until[:8]
    moment = datetime.combine(day, starts.timetz())
    try:
        end = datetime.strptime(until[:15], "%Y%m%dT%H%M%S")
    except ValueError:
        return True
    return moment > end.replace(tzinfo=UTC) if until.endswith("Z") else moment.replace(tzinfo=None) > end


def _days(text: str) -> Iterator[tuple[int | None, int]]:
    for each in text.split(","):
        match = _BY_DAY.match(each)
        if match is None or (match[1] is not None and not 1 <= abs(int(match[1])) <= 53):
            raise OddRule("repeats by a rule that cannot be read")
        yield (int(match[1]) if match[1] else None), WEEKDAYS.index(match[2])


def _numbers(parts: Mapping[str, str], name: str, low: int, high: int) -> tuple[int, ...]:
    if name not in parts:
        return ()
    found = []
    for each in parts[name].split(","):
        try:
            number = int(each) if each.isascii() and len(each) <= 6 else 0
        except ValueError:
            number = 0
        if number == 0 or not low <= number <= high:
            raise OddRule(f"repeats with {name} {each[:20]}, which cannot be")
        found.append(number)
    return tuple(found)
