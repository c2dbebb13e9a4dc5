"""Repetitions are counted out as RFC 5545 says, and none of them runs for ever."""

from __future__ import annotations

from datetime import UTC, date, datetime
from random import Random

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge_base.events.rules import WEEKDAYS, OddRule, days_of, read_rule

LAST = date(2026, 12, 31)


def counted(rule: str, starts: date | datetime, most: int = 10_000) -> list[date]:
    first = starts.date() if isinstance(starts, datetime) else starts
    return days_of(read_rule(rule), starts, first, LAST, most)


@pytest.mark.parametrize(
    ("rule", "starts", "days"),
    [
        ("FREQ=WEEKLY;COUNT=3", date(2026, 1, 6), ["2026-01-06", "2026-01-13", "2026-01-20"]),
        ("FREQ=MONTHLY;BYDAY=1SA;COUNT=2", date(2026, 1, 3), ["2026-01-03", "2026-02-07"]),
        ("FREQ=MONTHLY;BYDAY=-1FR;UNTIL=20260301", date(2026, 1, 1), ["2026-01-30", "2026-02-27"]),
        ("FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=2", date(2026, 1, 31), ["2026-01-31", "2026-02-28"]),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=1", date(2026, 1, 1), ["2026-01-30"]),
        ("FREQ=YEARLY;BYMONTH=11;BYDAY=2TU", date(2025, 11, 11), ["2025-11-11", "2026-11-10"]),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO;COUNT=2", date(2026, 1, 5), ["2026-01-05", "2026-01-19"]),
        ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=5", date(2026, 1, 5), []),
    ],
)  # fmt: skip
def test_a_repetition_is_counted_out(rule: str, starts: date, days: list[str]):
    assert [str(day) for day in counted(rule, starts)] == days


def test_an_end_at_a_moment_leaves_out_what_begins_after_it():
    starts = datetime(2026, 1, 6, 18, 0, tzinfo=UTC)

    assert len(counted("FREQ=WEEKLY;UNTIL=20260113T180000Z", starts)) == 2
    assert len(counted("FREQ=WEEKLY;UNTIL=20260113T170000Z", starts)) == 1


@pytest.mark.parametrize(
    "rule",
    [
        "",
        "FREQ=SECONDLY",
        "FREQ=MINUTELY;INTERVAL=5",
        "FREQ=HOURLY",
        "FREQ=DAILY;BYSECOND=1,2,3",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;INTERVAL=-1",
        "FREQ=DAILY;INTERVAL=" + "9" * 30,
        "FREQ=DAILY;COUNT=0",
        "FREQ=DAILY;UNTIL=tomorrow",
        "FREQ=WEEKLY;BYDAY=XX",
        "FREQ=MONTHLY;BYDAY=99MO",
        "FREQ=YEARLY;BYEASTER=1",
        "FREQ=DAILY;FREQ=DAILY",
        "FREQ=DAILY;" + "BYMONTH=1;" * 100,
        "FREQ=DAILY;BYMONTH=²",
    ],
)
def test_a_rule_that_no_meeting_needs_is_refused(rule: str):
    with pytest.raises(OddRule, match="repeats"):
        read_rule(rule)


def test_a_repetition_from_long_ago_is_refused_before_it_is_counted():
    with pytest.raises(OddRule, match="began more than"):
        days_of(read_rule("FREQ=DAILY"), date(1970, 1, 1), date(2026, 1, 1), LAST, 10)


@given(st.integers(0, 2**40))
@settings(deadline=None, max_examples=150)
def test_what_is_counted_out_is_what_another_reader_of_the_standard_finds(seed: int):
    chance = Random(seed)
    freq = chance.choice(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"])
    rule = f"FREQ={freq};INTERVAL={chance.randint(1, 3)}"
    if chance.random() < 0.5:
        # Either all with a place in the month or none: a mixture is read differently by the other.
        nth = chance.choice(["1", "2", "-1"]) if freq == "MONTHLY" and chance.random() < 0.5 else ""
        rule += ";BYDAY=" + ",".join(nth + day for day in chance.sample(WEEKDAYS, chance.randint(1, 3)))
        if freq == "MONTHLY" and chance.random() < 0.3:
            rule += f";BYSETPOS={chance.choice(['1', '-1'])}"
    elif freq == "MONTHLY":
        rule += f";BYMONTHDAY={chance.choice(['1', '13,28', '-1', '-2,5'])}"
    elif freq == "YEARLY":
        rule += f";BYMONTH={chance.choice(['1', '3,11'])}"
    if chance.random() < 0.3:
        rule += f";WKST={chance.choice(WEEKDAYS)}"
    if chance.random() < 0.4:
        rule += f";COUNT={chance.randint(1, 9)}"
    starts = date(2024, chance.randint(1, 12), chance.randint(1, 28))
    ends = "" if "COUNT" in rule else ";UNTIL=20261231T000000"

    theirs = rrulestr(rule + ends, dtstart=datetime(starts.year, starts.month, starts.day))

    assert counted(rule, starts) == [each.date() for each in theirs if each.date() <= LAST]
