"""A roadmap as a calendar: one all-day event for each step that has a day."""

from __future__ import annotations

from datetime import UTC, date, timedelta
from typing import Any

from icalendar import Alarm, Calendar, Event

from bot.web.event_times import add_times
from bot.web.formats import as_day, sentence, web_address
from bot.web.services import SavedRoadmap
from knowledge_base.assurance import overdue_words
from knowledge_base.events.edition_format import read_moment

REMINDER = timedelta(days=-7)


def calendar(saved: SavedRoadmap, hub: str, url: str, today: date) -> bytes:
    """Return the roadmap as iCalendar (RFC 5545). The same roadmap gives the same events, by id.

    A step whose record is due to be checked again on the day ``today`` says so.
    """
    diary = Calendar()
    diary.add("prodid", "-//Fingerpost//Roadmap//EN")
    diary.add("version", "2.0")
    diary.add("method", "PUBLISH")
    diary.add("x-wr-calname", f"Roadmap from {hub}")
    for phase in saved.document.get("phases", ()):
        for step in phase.get("steps", ()):
            if event := _event(saved, step, url, today):
                diary.add_component(event)
    return diary.to_ical()


def _event(saved: SavedRoadmap, step: dict[str, Any], url: str, today: date) -> Event | None:
    if step.get("edition"):
        return _held(saved, step, url, today)
    apply_by, starts = as_day(step.get("apply_by")), as_day(step.get("starts"))
    on = apply_by or starts
    if on is None:
        return None
    name = str(step.get("name") or step.get("offer"))
    summary = f"Last day to apply: {name}" if apply_by else f"You can start: {name}"
    event = Event()
    event.add("uid", f"{saved.id}.{step.get('offer')}@fingerpost")
    event.add("dtstamp", saved.created.astimezone(UTC))
    event.add("dtstart", on)
    event.add("dtend", on + timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    event.add("summary", summary)
    event.add("description", _description(step, url, today))
    event.add("url", url)
    if apply_by:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("trigger", REMINDER)
        alarm.add("description", summary)
        event.add_component(alarm)
    return event


def _held(saved: SavedRoadmap, step: dict[str, Any], url: str, today: date) -> Event | None:
    """An event of its own day and place, where a step is held on a day that is known."""
    edition = step["edition"]
    starts, ends = read_moment(str(edition["starts"])), read_moment(str(edition.get("ends") or ""))
    if starts is None:
        return None
    event = Event()
    event.add("uid", f"{saved.id}.{step.get('offer')}@fingerpost")
    event.add("dtstamp", saved.created.astimezone(UTC))
    add_times(event, starts, ends)
    event.add("summary", str(step.get("name") or step.get("offer")))
    if edition.get("place"):
        event.add("location", str(edition["place"]))
    booking = web_address(edition.get("booking"))
    event.add(
        "description", "\n".join([*([f"Book: {booking}"] if booking else []), _description(step, url, today)])
    )
    event.add("url", url)
    return event


def _description(step: dict[str, Any], url: str, today: date) -> str:
    source = step.get("source")
    page = web_address(source.get("url") if isinstance(source, dict) else source)
    lines = [str(why) for why in step.get("why", ())]
    if page:
        lines.append(f"Where this comes from: {page}")
    overdue = overdue_words(step.get("assured"), today)
    if overdue:
        lines.append(sentence(overdue))
    lines.append(f"The whole roadmap: {url}")
    return "\n".join(lines)
