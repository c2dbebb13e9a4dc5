"""Write when an event is held as iCalendar has it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from icalendar import Event


def add_times(event: Event, starts: date | datetime, ends: date | datetime | None) -> None:
    """Add DTSTART and DTEND: moments in UTC, days with their last day's morrow, as RFC 5545 wants it."""
    if isinstance(starts, datetime):
        event.add("dtstart", starts.astimezone(UTC))
        if isinstance(ends, datetime) and ends > starts:
            event.add("dtend", ends.astimezone(UTC))
        return
    last = ends if ends is not None and not isinstance(ends, datetime) else starts
    event.add("dtstart", starts)
    event.add("dtend", last + timedelta(days=1) if last < date.max else last)
