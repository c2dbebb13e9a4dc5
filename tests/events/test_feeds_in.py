"""Feeds that strangers write are read within bounds, in words, and the same feed twice changes nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge_base.events.feed import LARGEST, BadFeed, Feed
from knowledge_base.events.ical import MOST_OF_SERIES
from knowledge_base.events.listings import read_feed
from knowledge_base.events.taking_in import take_in
from knowledge_base.offer_dump import dump_offer
from knowledge_base.offer_format import parse_offer
from tests.events.builders import ON, calendar, evening, held

WEEKLY = "UID:w\nSEQUENCE:{n}\nDTSTART;TZID=Europe/London:20261205T100000\nDTEND;TZID=Europe/London:20261205T120000\nRRULE:FREQ=WEEKLY;COUNT=4\nSUMMARY:Example morning"  # noqa: E501 - as a calendar has it


def fed(*events: str, head: str = "") -> Feed:
    return read_feed(calendar(*events, head=head), on=ON, source="feed.ics")


def days(feed: Feed) -> list[str]:
    return [str(event.edition.starts)[:10] for event in feed.events]


def listed(*events: Any) -> bytes:
    return json.dumps({"events": events}).encode()


def example(**fields: Any) -> dict[str, Any]:
    """One event as Eventbrite lists it."""
    return {
        "id": "1",
        "name": {"text": "Example talk", "html": "<b>Example talk</b>"},
        "start": {"utc": "2027-06-01T09:00:00Z", "timezone": "Europe/London"},
        "end": {"utc": "2027-06-01T11:00:00Z", "timezone": "Europe/London"},
        "url": "https://example.org/e/1",
        "status": "live",
        "online_event": False,
        "venue": {
            "name": "Example Hall",
            "address": {"localized_address_display": "1 Example Street, Dudley"},
        },
        "series_id": "9",
        **fields,
    }


def test_a_weekly_morning_is_counted_out_without_the_day_it_leaves_out_and_with_the_one_that_moved():
    feed = fed(
        WEEKLY.format(n=1) + "\nEXDATE;TZID=Europe/London:20261212T100000",
        "UID:w\nRECURRENCE-ID;TZID=Europe/London:20261219T100000\nSEQUENCE:2\n"
        "DTSTART;TZID=Europe/London:20261220T140000\nSUMMARY:Example morning\nSTATUS:CANCELLED",
    )

    assert days(feed) == ["2026-12-05", "2026-12-20", "2026-12-26"]
    assert [e.edition.uid for e in feed.events] == ["w/2026-12-05", "w/2026-12-19", "w/2026-12-26"]
    assert [e.edition.status for e in feed.events] == ["planned", "cancelled", "planned"]


def test_a_summer_meeting_keeps_the_offset_of_its_zone_and_days_end_on_their_last_day():
    feed = fed(
        "UID:a\nDTSTART;TZID=Europe/London:20270705T100000\nDURATION:PT2H\nSUMMARY:Talk\nLOCATION:Online",
        "UID:b\nDTSTART;VALUE=DATE:20270603\nDTEND;VALUE=DATE:20270605\nSUMMARY:Fair\nURL:https://example.org/f",
    )

    fair, talk = (event.edition for event in feed.events)
    assert talk.starts.isoformat() == "2027-07-05T10:00:00+01:00"
    assert talk.ends is not None
    assert talk.ends.isoformat() == "2027-07-05T12:00:00+01:00"
    assert (talk.place, talk.online) == (None, True)
    assert (fair.starts, fair.ends, fair.booking) == (
        date(2027, 6, 3),
        date(2027, 6, 4),
        "https://example.org/f",
    )


def test_times_without_a_zone_are_taken_in_the_one_that_was_told():
    data = calendar("UID:a\nDTSTART:20270705T100000\nSUMMARY:Talk")

    feed = read_feed(data, on=ON, source="x", zone="Europe/Stockholm")

    assert feed.events[0].edition.starts.isoformat() == "2027-07-05T10:00:00+02:00"


def test_a_calendar_that_calls_off_calls_off_each_event_in_it():
    feed = fed("UID:a\nDTSTART:20270705T100000Z\nSUMMARY:Talk", head="METHOD:CANCEL")

    assert feed.events[0].edition.status == "cancelled"


@pytest.mark.parametrize(
    ("event", "words"),
    [
        ("UID:a\nDTSTART:20261205T100000Z\nRRULE:FREQ=SECONDLY\nSUMMARY:Ever", "more often than once a day"),
        ("UID:a\nDTSTART:20261205T100000Z\nRRULE:FREQ=DAILY;INTERVAL=0\nSUMMARY:Zero", "INTERVAL 0"),
        ("UID:a\nDTSTART:19700101T100000Z\nRRULE:FREQ=DAILY\nSUMMARY:Old", "began more than 20 years ago"),
        ("DTSTART:20261205T100000Z\nSUMMARY:Nameless", "has no UID"),
        (f"UID:{'u' * 400}\nDTSTART:20261205T100000Z\nSUMMARY:Long", "UID too long"),
        (
            "UID:a\nDTSTART;TZID=Mars/Olympus:20261205T100000\nSUMMARY:Far",
            "zone 'Mars/Olympus', which is not known",
        ),
        ("UID:a\nDTSTART:rubbish\nSUMMARY:Bad", "DTSTART that is no day or time"),
        ("UID:a\nDTSTART:00010101T000000Z\nSUMMARY:First", "no day or time"),
        ("UID:a\nSUMMARY:Never", "does not say when it begins"),
        ("UID:a\nDTSTART:20261205T100000Z\nEXRULE:FREQ=DAILY\nSUMMARY:Less", "leaves days out by a rule"),
        ("UID:a\nDTSTART:20261205T100000Z\nRRULE:FREQ=DAILY\nRRULE:FREQ=WEEKLY\nSUMMARY:Two", "two rules"),
        (
            "UID:a\nDTSTART:20261205T100000Z\nRDATE:"
            + ",".join(["20261206T100000Z"] * 500)
            + "\nSUMMARY:Many",
            "names over 400 days",
        ),
        ("UID:a\nDTSTART:20200101T100000Z\nSUMMARY:Past", "over a month ago"),
    ],
)
def test_an_event_that_cannot_be_followed_is_left_out_in_words_and_the_rest_is_read(event: str, words: str):
    feed = fed(event, "UID:good\nDTSTART:20270105T100000Z\nSUMMARY:Good")

    assert [e.name for e in feed.events] == ["Good"]
    assert len(feed.notes) == 1
    assert words in feed.notes[0]


def test_a_daily_meeting_without_an_end_is_taken_as_far_as_is_of_use():
    feed = fed("UID:a\nDTSTART:20261122T100000Z\nRRULE:FREQ=DAILY\nSUMMARY:Daily")

    assert len(feed.events) == MOST_OF_SERIES
    assert "the first 60 were taken" in feed.notes[0]


def test_a_zone_with_a_hostile_rule_is_never_counted_out():
    zone = "BEGIN:VTIMEZONE\nTZID:Europe/London\nBEGIN:STANDARD\nDTSTART:16010101T000000\nRRULE:FREQ=SECONDLY\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0000\nEND:STANDARD\nEND:VTIMEZONE"  # noqa: E501 - as a calendar has it

    feed = fed("UID:a\nDTSTART;TZID=Europe/London:20270105T100000\nSUMMARY:Talk", head=zone)

    assert days(feed) == ["2027-01-05"]


def test_a_huge_calendar_of_daily_meetings_is_cut_short_and_says_so():
    feed = fed(*(f"UID:{n}\nDTSTART:20101205T100000Z\nRRULE:FREQ=DAILY\nSUMMARY:D {n}" for n in range(40)))

    assert len(feed.events) < 40 * 100
    assert len(feed.notes) <= 21


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b" \r\n", "empty"),
        (b"<html>", "no calendar"),
        (b"\xff\xfe\x00", "no calendar"),
        (b"BEGIN:VCALENDAR" + b"x" * LARGEST, "over 5 MB"),
        (b'{"events": 1}', "no list of events"),
        (b'{"events": [', "not JSON"),
        (b"[" * 100_000, "nested"),
    ],
)
def test_what_is_no_feed_is_refused_with_the_way_out(data: bytes, words: str):
    with pytest.raises(BadFeed, match=words):
        read_feed(data, on=ON, source="x")


def test_a_list_of_events_is_read_with_its_venue_its_zone_and_its_series():
    feed = read_feed(listed(example(), example(id="2", status="canceled")), on=ON, source="list.json")

    one, two = (event.edition for event in feed.events)
    assert one.starts.isoformat() == "2027-06-01T10:00:00+01:00"
    assert (one.place, one.online, one.booking) == (
        "Example Hall, 1 Example Street, Dudley",
        False,
        "https://example.org/e/1",
    )
    assert two.status == "cancelled"
    assert {event.series for event in feed.events} == {"9"}


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"id": None}, "has no id"),
        ({"id": {"x": 1}}, "has no id"),
        ({"start": None}, "does not say when"),
        ({"start": {"utc": "soon"}}, "does not say when"),
        ({"start": {"utc": "2027-06-01T09:00:00"}}, "does not say when"),
        ({"status": "draft"}, "draft of its organiser"),
    ],
)
def test_a_listed_event_that_cannot_be_used_is_left_out_in_words(fields: dict[str, Any], words: str):
    feed = read_feed(listed(example(**fields), 5, example(id="3")), on=ON, source="x")

    assert [event.edition.uid for event in feed.events] == ["3"]
    assert any(words in note for note in feed.notes)


def test_a_listed_event_keeps_no_link_that_runs_and_no_zone_that_is_not():
    odd = example(url="javascript:alert(1)", start={"utc": "2027-06-01T09:00:00Z", "timezone": "../../etc"})

    edition = read_feed(listed(odd), on=ON, source="x").events[0].edition

    assert edition.booking is None
    assert edition.starts.isoformat() == "2027-06-01T09:00:00+00:00"


def test_a_later_telling_moves_a_date_an_older_one_does_not_and_the_same_changes_nothing():
    first = take_in((), fed(WEEKLY.format(n=1)).events, ON)
    later = calendar(WEEKLY.format(n=2).replace("T100000", "T110000"))

    again = take_in(first.editions, fed(WEEKLY.format(n=1)).events, ON)
    moved = take_in(first.editions, read_feed(later, on=ON, source="feed.ics").events, ON)
    back = take_in(moved.editions, fed(WEEKLY.format(n=1)).events, ON)

    assert again.nothing_new
    assert again.editions == first.editions
    assert len(moved.changed) == 4
    assert {e.starts.isoformat()[11:16] for e in moved.editions} == {"11:00"}  # type: ignore[union-attr]
    assert back.nothing_new
    assert len(back.older) == 4


def test_another_day_is_told_as_moved_and_stays_so_when_told_again():
    talk = "UID:a\nSEQUENCE:{n}\nDTSTART;VALUE=DATE:{day}\nSUMMARY:Talk"
    first = take_in((), fed(talk.format(n=0, day=20270105)).events, ON)
    moved = take_in(first.editions, fed(talk.format(n=1, day=20270112)).events, ON)
    again = take_in(moved.editions, fed(talk.format(n=1, day=20270112)).events, ON)

    assert [e.status for e in moved.editions] == ["moved"]
    assert again.nothing_new


def test_what_was_called_off_by_hand_is_not_brought_back_by_the_same_feed():
    events = fed("UID:a\nDTSTART;VALUE=DATE:20270105\nSUMMARY:Talk").events
    taken = take_in((), events, ON)
    off = replace(taken.editions[0], status="cancelled", sequence=1)

    assert take_in((off,), events, ON).editions == (off,)


def test_what_the_feed_no_longer_tells_is_named_and_kept():
    taken = take_in((), fed(WEEKLY.format(n=1)).events, ON)

    less = take_in(taken.editions, fed(WEEKLY.format(n=1).replace("COUNT=4", "COUNT=3")).events, ON)

    assert [e.uid for e in less.gone] == ["w/2026-12-26"]
    assert less.editions == taken.editions


lines = st.sampled_from(
    [
        *("BEGIN:VEVENT", "END:VEVENT", "BEGIN:VALARM", "END:VALARM", "END:VCALENDAR", "METHOD:CANCEL", ""),
        *("UID:a", "UID:b", "UID;X=:", "UID", "SUMMARY:One\\, two", "LOCATION:Hall", " folded", "\tfolded"),
        *(
            "DTSTART:20261205T100000Z",
            "DTSTART;VALUE=DATE:20261205",
            "DTSTART;TZID=Europe/London:20270705T100000",
        ),
        *("DTSTART:20261205T250000", "DTSTART;VALUE=PERIOD:20261205T100000Z/PT1H", "DTEND:20261205T090000Z"),
        *(
            "DURATION:-PT5H",
            "DURATION:P9999999D",
            "RRULE:FREQ=DAILY",
            "RRULE:FREQ=WEEKLY;BYDAY=MO",
            "RRULE:;;;",
        ),
        *("RDATE:20270101T000000Z", "RDATE;VALUE=PERIOD:20270101T000000Z/P1D", "EXDATE:20261205T100000Z"),
        *("RECURRENCE-ID:20261205T100000Z", "RECURRENCE-ID;VALUE=DATE:20261205", "SEQUENCE:-5", "SEQUENCE:x"),
        *("STATUS:CANCELLED", "URL:javascript:alert(1)", "URL:https://example.org", "SUMMARY:\x00\u202e"),
    ]
)


@given(st.lists(lines, max_size=25))
@settings(deadline=None, max_examples=300)
def test_whatever_lines_stand_in_a_calendar_it_is_read_and_fits_a_record(told: list[str]):
    data = "\r\n".join(["BEGIN:VCALENDAR", "BEGIN:VEVENT", *told, "END:VEVENT", "END:VCALENDAR"]).encode()

    feed = read_feed(data, on=ON, source="x")
    taken = take_in((held("2026-12-01"),), feed.events, ON)
    event = evening("e", *taken.editions)

    assert parse_offer("e", dump_offer(event)).editions == taken.editions
    assert take_in(taken.editions, feed.events, ON).nothing_new


keys = st.sampled_from(
    ("id", "name", "start", "end", "utc", "timezone", "url", "venue", "address", "status", "events", "text")
)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=6),
    max_leaves=20,
)


@given(st.lists(values, max_size=4))
@settings(deadline=None)
def test_whatever_is_listed_is_read_and_fits_a_record(raw: list[Any]):
    feed = read_feed(json.dumps({"events": [*raw, example()]}).encode(), on=ON, source="x")
    taken = take_in((), feed.events, ON)

    assert "1" in {edition.uid for edition in taken.editions}
    assert parse_offer("e", dump_offer(evening("e", *taken.editions))).editions == taken.editions
