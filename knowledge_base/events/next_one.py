"""Find the next time an event is held, and say it in words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from knowledge_base.events.edition_format import day_of
from knowledge_base.records import Edition, Offer, Window

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def last_day(edition: Edition) -> date:
    """Return the last day of an edition, included; one that ends at midnight ended the day before."""
    if edition.ends is None:
        return day_of(edition.starts)
    ends = edition.ends
    if isinstance(ends, datetime) and (ends.hour, ends.minute, ends.second) == (0, 0, 0):
        before = date.fromordinal(max(1, ends.date().toordinal() - 1))
        return max(before, day_of(edition.starts))
    return day_of(ends)


def ahead(window: Window, on: date) -> tuple[Edition, ...]:
    """Return the editions not over on a day and not cancelled, the next first."""
    return tuple([e for e in window.editions if e.status != "cancelled" and last_day(e) >= on])


def next_edition(window: Window, on: date) -> Edition | None:
    """Return the next edition on or after a day, or the one that is on; None where none is known."""
    return next(iter(ahead(window, on)), None)


def last_edition(window: Window, on: date) -> Edition | None:
    """Return the edition held last before a day; None where none is known."""
    over = [e for e in window.editions if e.status != "cancelled" and last_day(e) < on]
    return max(over, key=last_day, default=None)


def next_in_series(offer: Offer, offers: Iterable[Offer], on: date) -> tuple[Offer, Edition] | None:
    """Return the soonest edition of the other published records of the same series, and its record."""
    if not offer.series:
        return None
    found = [
        (day_of(edition.starts), other.id, other, edition)
        for other in offers
        if other.series == offer.series and other.id != offer.id and other.status == "published"
        and other.window.status != "closed"
        and (other.audience == "owner" or offer.audience != "owner")
        and (edition := next_edition(other.window, on)) is not None
    ]  # fmt: skip
    return min(found, key=lambda each: each[:2])[2:] if found else None


def edition_words(edition: Edition, on: date) -> str:
    """Say when and where an edition is held, to stand alone: next on 4 March 2027 at 10:00, Town Hall."""
    starts, ends = day_of(edition.starts), last_day(edition)
    if starts < on:
        words = f"on until {_day(ends)}"
    elif ends > starts:
        words = f"next from {_day(starts)} to {_day(ends)}"
    else:
        at = f" at {edition.starts:%H:%M}" if isinstance(edition.starts, datetime) else ""
        words = f"next on {_day(starts)}{at}"
    if edition.status == "moved":
        words += ", which is a new date"
    return f"{words}, {where_words(edition)}" if where_words(edition) else words


def where_words(edition: Edition) -> str:
    """Say where an edition is held, or nothing where that is not known."""
    if edition.online and not edition.place:
        return "online"
    return f"{edition.place} and online" if edition.online else edition.place or ""


def _day(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
