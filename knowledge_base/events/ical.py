"""Read a calendar (iCalendar, RFC 5545) that a stranger wrote, without trusting a line of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import recurring_ical_events
from icalendar import Calendar, Component, Event

from knowledge_base.events.edition_format import FIRST_YEAR, HIGHEST_SEQUENCE, LAST_YEAR, day_of
from knowledge_base.events.feed import (
    DAYS_AHEAD,
    DAYS_BACK,
    LONGEST_UID,
    MOST_EVENTS,
    BadFeed,
    Feed,
    FeedEvent,
    Notes,
    address,
    clean,
    in_reach,
    place_and_online,
    text_of,
)
from knowledge_base.events.next_one import last_day
from knowledge_base.events.rules import OddRule, days_of, read_rule
from knowledge_base.faults import shown
from knowledge_base.records import Edition

MOST_LINES, LONGEST_LINE = 400, 20_000  # of one event
MOST_SERIES = 200
MOST_OF_SERIES = 60
MOST_DATES = 400  # of exceptions, or of further days
LONGEST_DAYS = 60

Vevent = Any  # the library's Event: what a property holds is known only when it is asked for

_FLOATING = re.compile(r"(DTSTART|DTEND|EXDATE|RDATE|RECURRENCE-ID):(\d{8}T\d{6}(?:,\d{8}T\d{6})*)\Z", re.I)
_TELLING = re.compile(
    r"(UID|DTSTART|DTEND|DURATION|SUMMARY|DESCRIPTION|LOCATION|URL|STATUS|SEQUENCE|RRULE|EXRULE|EXDATE|RDATE"
    r"|RECURRENCE-ID)[;:]",
    re.I,
)


def read_ical(data: bytes, *, on: date, source: str, zone: str = "Europe/London") -> Feed:
    """Return what a calendar tells of the last month and the next year and a half.

    Each time keeps the UID of its event, and one of a repetition its day in the plan besides, so that a later
    feed changes it and adds no second. Times without a zone are in ``zone``.

    Raises:
        BadFeed: it is too large, empty, or no calendar.
    """
    text = text_of(data, "the calendar")
    if not text.lstrip().upper().startswith("BEGIN:VCALENDAR"):
        raise BadFeed("this is no calendar: one begins with BEGIN:VCALENDAR; check the address or the file")
    notes = Notes()
    lines = _lines(text)
    called_off = any(line.upper() == "METHOD:CANCEL" for line in lines)
    by_uid: dict[str, list[Vevent]] = {}
    for number, block in enumerate(_blocks(lines)):
        if number >= MOST_EVENTS:
            notes.add(f"the calendar holds over {MOST_EVENTS:,} events; those after were left out")
            break
        event = _parsed(block, zone, notes)
        if event is not None:
            by_uid.setdefault(str(event["UID"]).strip(), []).append(event)
    found: list[FeedEvent] = []
    series = 0
    for uid, events in by_uid.items():
        repeats = any("RRULE" in e or "RDATE" in e for e in events) or len(events) > 1
        series += repeats
        if repeats and series > MOST_SERIES:
            notes.add(f"over {MOST_SERIES} events repeat; those after were left out")
            continue
        if len(found) >= MOST_EVENTS:
            notes.add(f"it tells of over {MOST_EVENTS:,} times; those after were left out")
            break
        found += _told(uid, events, repeats, on, source, called_off, notes)
    found.sort(key=lambda each: (day_of(each.edition.starts), str(each.edition.starts), each.edition.uid))
    return Feed(tuple(found), notes.all())


def _lines(text: str) -> list[str]:
    """Unfold the lines: one that begins with a space goes on from the one before."""
    lines: list[str] = []
    parts: list[str] = []
    for raw in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        if raw[:1] in (" ", "\t") and parts:
            parts.append(raw[1:])
            continue
        if parts:
            lines.append("".join(parts))
        parts = [raw]
    return [*lines, "".join(parts)]


def _blocks(lines: list[str]) -> Iterator[list[str]]:
    """Yield the lines of each event, what lies inside it left out: no zone and no alarm is needed."""
    block: list[str] | None = None
    inside = 0
    for line in lines:
        mark = line.strip().upper()
        if mark == "BEGIN:VEVENT" and not inside:
            block = []
        elif mark == "END:VEVENT" and block is not None and not inside:
            yield block
            block = None
        elif mark.startswith("BEGIN:") and block is not None:
            inside += 1
        elif mark.startswith("END:") and block is not None and inside:
            inside -= 1
        elif block is not None and not inside and len(block) < MOST_LINES and _TELLING.match(line):
            block.append(line[:LONGEST_LINE])


def _parsed(block: list[str], zone: str, notes: Notes) -> Vevent | None:
    """Read one event; None, and a note, where it cannot be used."""
    placed = [_FLOATING.sub(rf"\1;TZID={zone}:\2", line) for line in block]
    name = next(
        (clean(line.partition(":")[2], 60) for line in block if line.upper().startswith("SUMMARY")), ""
    )
    called = shown(name) if name else "an event without a name"
    try:
        event = Component.from_ical("\r\n".join(["BEGIN:VEVENT", *placed, "END:VEVENT"]))
    except Exception as error:  # whatever a hostile calendar makes of the parser
        notes.add(f"{called} cannot be read ({type(error).__name__}); it was left out")
        return None
    fault = _fault(event) if isinstance(event, Event) else "is no event"
    if fault:
        notes.add(f"{called} {fault}; it was left out")
        return None
    return event


def _fault(event: Vevent) -> str:
    """Say why an event cannot be used; empty where it can."""
    uid = event.get("UID")
    if uid is None or isinstance(uid, list) or not str(uid).strip():
        return "has no UID, so that a later change of it could not be told"
    if len(str(uid)) > LONGEST_UID:
        return "has a UID too long to keep"
    for name in ("DTSTART", "DTEND", "RECURRENCE-ID"):
        try:
            found = event.get(name)
            moment = None if found is None else found.dt
        except Exception:  # a property that could not be read says so only when asked
            return f"has a {name} that is no day or time"
        if moment is None and name == "DTSTART":
            return "does not say when it begins"
        if moment is None:
            continue
        if not isinstance(moment, date) or not FIRST_YEAR < moment.year < LAST_YEAR:
            return f"has a {name} that is no day or time"
        if isinstance(moment, datetime) and moment.tzinfo is None:
            return f"is in the zone {shown(found.params.get('TZID', ''), 40)}, which is not known"
    if "EXRULE" in event:
        return "leaves days out by a rule, which is not followed here"
    rule = event.get("RRULE")
    if isinstance(rule, list):
        return "repeats by two rules, which is not followed here"
    return _too_many_dates(event)


def _too_many_dates(event: Vevent) -> str:
    for name in ("EXDATE", "RDATE"):
        told = event.get(name, [])
        count = 0
        for each in told if isinstance(told, list) else [told]:
            try:
                count += len(each.dts)
            except Exception:  # as above
                return f"has an {name} that is no list of days"
        if count > MOST_DATES:
            return f"names over {MOST_DATES} days in {name}"
    return ""


def _told(
    uid: str, events: list[Vevent], repeats: bool, on: date, source: str, called_off: bool, notes: Notes
) -> list[FeedEvent]:
    called = shown(clean(events[0].get("SUMMARY"), 60) or uid)
    try:
        times = _counted_out(events, on) if repeats else [(events[0], uid)]
    except OddRule as odd:
        notes.add(f"{called} {odd}; it was left out")
        return []
    except Exception as error:  # whatever a hostile repetition makes of the library
        notes.add(
            f"{called} repeats in a way that cannot be followed ({type(error).__name__}); it was left out"
        )
        return []
    made = [_entry(event, uid, key, source, called_off) for event, key in times]
    near = [e for e in made if e and in_reach(day_of(e.edition.starts), last_day(e.edition), on)]
    if len(near) < len(made) and not repeats:
        notes.add("events over a month ago, or more than a year and a half ahead, were left out")
    ahead = [e for e in near if last_day(e.edition) >= on]
    if len(ahead) > MOST_OF_SERIES:
        notes.add(
            f"{called} repeats over {MOST_OF_SERIES} times ahead; the first {MOST_OF_SERIES} were taken"
        )
    kept = {id(e) for e in sorted(ahead, key=lambda e: day_of(e.edition.starts))[:MOST_OF_SERIES]}
    over = [e for e in near if last_day(e.edition) < on][-MOST_OF_SERIES:]
    return [e for e in near if id(e) in kept or e in over]


def _counted_out(events: list[Vevent], on: date) -> list[tuple[Vevent, str]]:
    """Count the times of a repetition out, each with the key it keeps; the changed ones in their place."""
    until = on + timedelta(days=DAYS_AHEAD)
    whole = Calendar()
    master = next((e for e in events if "RECURRENCE-ID" not in e), None)
    latest: dict[str, Vevent] = {}
    for event in events:
        key = _day_key(event["RECURRENCE-ID"].dt) if "RECURRENCE-ID" in event else ""
        before = latest.get(key)
        if before is None or _sequence(event) >= _sequence(before):
            latest[key] = event
    for event in latest.values():
        whole.add_component(_with_days(event, on, until) if "RRULE" in event else event)
    uid = str(events[0]["UID"]).strip()
    if master is None or ("RRULE" not in master and "RDATE" not in master):
        return [(event, f"{uid}/{key}" if key else uid) for key, event in latest.items()]
    query = recurring_ical_events.of(whole, keep_recurrence_attributes=True)
    found = query.between(on - timedelta(days=DAYS_BACK), until)
    return [(event, f"{uid}/{_day_key(_planned(event))}") for event in found]


def _planned(event: Vevent) -> date:
    told = event.get("RECURRENCE-ID")
    moment: date = told.dt if told is not None else event["DTSTART"].dt
    return moment


def _with_days(event: Vevent, on: date, until: date) -> Vevent:
    """Name the days of a repetition instead of its rule: no library then has to look for them."""
    starts = event["DTSTART"].dt
    told = event.get("EXDATE", [])
    less = sum(len(each.dts) for each in (told if isinstance(told, list) else [told]))
    rule = read_rule(event["RRULE"].to_ical().decode())
    days = days_of(rule, starts, on - timedelta(days=DAYS_BACK), until, DAYS_BACK + MOST_OF_SERIES + 1 + less)
    made = event.copy(recursive=True)
    del made["RRULE"]
    if days:
        timed = isinstance(starts, datetime)
        made.add("RDATE", [datetime.combine(d, starts.timetz()) if timed else d for d in days])
    return made


def _day_key(moment: date | datetime) -> str:
    return day_of(moment).isoformat()


def _entry(event: Vevent, uid: str, key: str, source: str, called_off: bool) -> FeedEvent | None:
    starts, ends = _second(event["DTSTART"].dt), _ends(event)
    place, online = place_and_online(clean(event.get("LOCATION"), 300))
    status = clean(event.get("STATUS"), 20).upper()
    name = clean(event.get("SUMMARY"), 200)
    edition = Edition(
        uid=clean(key, 300),
        starts=starts,
        ends=ends,
        name=name or None,
        place=place,
        online=online,
        booking=address(event.get("URL")),
        status="cancelled" if called_off or status == "CANCELLED" else "planned",
        sequence=_sequence(event),
        source=source,
    )
    return FeedEvent(uid, name, edition, clean(event.get("DESCRIPTION"), 1000))


def _ends(event: Vevent) -> date | datetime | None:
    """Return the last day, or the moment it ends; None where that is not told or cannot be."""
    starts = event["DTSTART"].dt
    try:
        ends = event["DTEND"].dt if "DTEND" in event else starts + event["DURATION"].dt
    except Exception:  # neither is told, or it cannot be read
        return None
    if (
        isinstance(ends, datetime) != isinstance(starts, datetime)
        or not isinstance(ends, date)
        or ends <= starts
    ):
        return None
    if day_of(ends) - day_of(starts) > timedelta(days=LONGEST_DAYS):
        return None
    if not isinstance(ends, datetime):
        last = ends - timedelta(days=1)
        return last if last > starts else None
    return _second(ends)


def _second(moment: date | datetime) -> date | datetime:
    """Write a moment with a plain offset, which is what a record keeps of its zone."""
    if not isinstance(moment, datetime):
        return moment
    offset = moment.utcoffset() or timedelta(0)
    return datetime.fromisoformat(moment.replace(microsecond=0, tzinfo=None).isoformat() + _signed(offset))


def _signed(offset: timedelta) -> str:
    minutes = round(offset.total_seconds() / 60)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"


def _sequence(event: Vevent) -> int:
    try:
        return max(0, min(HIGHEST_SEQUENCE, int(event.get("SEQUENCE", 0))))
    except Exception:  # no number
        return 0
