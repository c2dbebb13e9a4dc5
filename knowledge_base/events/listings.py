"""Read events listed in the manner of Eventbrite: JSON with an ``events`` list."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from knowledge_base.events.edition_format import day_of, read_moment
from knowledge_base.events.feed import (
    LONGEST_UID,
    MOST_EVENTS,
    BadFeed,
    Feed,
    FeedEvent,
    Notes,
    address,
    clean,
    in_reach,
    text_of,
)
from knowledge_base.events.next_one import last_day
from knowledge_base.faults import BadCatalogue, shown
from knowledge_base.records import Edition
from knowledge_base.safe_files import read_json

LEFT_OUT = ("draft",)
CALLED_OFF = ("canceled", "cancelled")
LONGEST_DAYS = 60


def read_listing(data: bytes, *, on: date, source: str) -> Feed:
    """Return what a list of events tells of the last month and the next year and a half.

    Each event has ``id``, ``name`` (text, or a mapping with ``text``), ``start`` and ``end`` (mappings with
    ``utc`` and ``timezone``), ``url``, ``venue``, ``online_event``, ``status`` and ``series_id``.

    Raises:
        BadFeed: it is too large, empty, or no such list.
    """
    text = text_of(data, "the list")
    try:
        raw = read_json(text, "the list")
    except BadCatalogue as bad:
        raise BadFeed(str(bad)) from bad
    events = raw.get("events") if isinstance(raw, Mapping) else raw
    if not isinstance(events, list):
        raise BadFeed('this is no list of events: one is {"events": [...]}; check the address or the file')
    notes = Notes()
    if len(events) > MOST_EVENTS:
        notes.add(f"the list holds over {MOST_EVENTS:,} events; those after were left out")
    found: dict[str, FeedEvent] = {}
    for each in events[:MOST_EVENTS]:
        event = _event(each, source, notes)
        if event and in_reach(day_of(event.edition.starts), last_day(event.edition), on):
            found[event.edition.uid] = event
        elif event:
            notes.add("events over a month ago, or more than a year and a half ahead, were left out")
    ordered = sorted(found.values(), key=lambda e: (str(e.edition.starts), e.edition.uid))
    return Feed(tuple(ordered), notes.all())


def _event(raw: Any, source: str, notes: Notes) -> FeedEvent | None:
    if not isinstance(raw, Mapping):
        notes.add("an entry that is no event was left out")
        return None
    name = clean(_words(raw.get("name")), 200)
    called = shown(name, 60) if name else "an event without a name"
    uid = clean(raw.get("id"), LONGEST_UID + 1)
    if not uid or len(uid) > LONGEST_UID or isinstance(raw.get("id"), (dict, list)):
        notes.add(f"{called} has no id, so that a later change of it could not be told; it was left out")
        return None
    starts = _moment(raw.get("start"))
    if starts is None:
        notes.add(f"{called} does not say when it begins, with its zone; it was left out")
        return None
    status = clean(raw.get("status"), 20).casefold()
    if status in LEFT_OUT:
        notes.add(f"{called} is a draft of its organiser; it was left out")
        return None
    ends = _moment(raw.get("end"), raw.get("start"))
    online = raw.get("online_event")
    edition = Edition(
        uid=uid,
        starts=starts,
        ends=ends if ends and timedelta(0) < ends - starts <= timedelta(days=LONGEST_DAYS) else None,
        name=name or None,
        place=_place(raw.get("venue")),
        online=online if isinstance(online, bool) else None,
        booking=address(raw.get("url")),
        status="cancelled" if status in CALLED_OFF else "planned",
        source=source,
    )
    about = clean(_words(raw.get("summary") or raw.get("description")), 1000)
    return FeedEvent(clean(raw.get("series_id"), LONGEST_UID) or uid, name, edition, about)


def _words(told: Any) -> str:
    return str(told.get("text") or "") if isinstance(told, Mapping) else told if isinstance(told, str) else ""


def _moment(told: Any, beside: Any = None) -> datetime | None:
    """Read ``{"utc", "timezone"}``: the moment with the offset it has where the event is held.

    Without a zone of its own, it is in that of ``beside``.
    """
    if not isinstance(told, Mapping):
        return None
    found = read_moment(str(told.get("utc") or ""))
    if not isinstance(found, datetime):
        return None
    zone = told.get("timezone") or (beside.get("timezone") if isinstance(beside, Mapping) else None)
    try:
        local = found.astimezone(ZoneInfo(str(zone or "UTC")))
    except (ValueError, LookupError, OSError):  # no zone of that name
        local = found
    return datetime.fromisoformat(local.isoformat())


def _place(venue: Any) -> str | None:
    if not isinstance(venue, Mapping):
        return None
    raw = venue.get("address")
    at: Mapping[str, Any] = raw if isinstance(raw, Mapping) else {}
    where = at.get("localized_address_display") or at.get("city")
    parts = [clean(part, 150) for part in (venue.get("name"), where) if isinstance(part, str)]
    return ", ".join(dict.fromkeys(part for part in parts if part)) or None


def read_feed(data: bytes, *, on: date, source: str, zone: str = "Europe/London") -> Feed:
    """Read a calendar or a list of events, whichever it is; raises BadFeed with plain words."""
    from knowledge_base.events.ical import read_ical  # the calendar's packages, only when needed

    if data[:200].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        return read_listing(data, on=on, source=source)
    return read_ical(data, on=on, source=source, zone=zone)
