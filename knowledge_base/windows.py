"""Say when an offer can be used, from the window its record gives and one date."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import NamedTuple

from knowledge_base.events.edition_format import day_of
from knowledge_base.events.next_one import MONTHS, edition_words, last_day, last_edition, next_edition
from knowledge_base.records import Window


class WindowState(NamedTuple):
    """A window seen on one date.

    ``open_now`` is ``None`` where the record does not say. ``starts`` is the first day the offer can be
    used, ``None`` where no day is known or it has closed; ``apply_by`` the last day, where one is known.
    """

    open_now: bool | None
    starts: date | None
    apply_by: date | None
    closed: bool
    words: str


def usable(window: Window, on: date) -> WindowState:
    """Say when, on or after a date, an offer with this window can be used.

    A closing day that is past closes an offer whatever its status says, and an opening day holds. A window
    of unknown status is never called closed for that alone: it is usable, but not dated. Where the record
    has editions, the next of them is what lies ahead, and a dated offer with none ahead is over.
    """
    if window.editions and window.status != "closed":
        return _by_editions(window, on)
    return _by_dates(window, on)


def _by_editions(window: Window, on: date) -> WindowState:
    """Go by the next edition; with none ahead, by what the record says besides, past editions left out."""
    edition = next_edition(window, on)
    if edition is None:
        return _none_ahead(window, on)
    starts, ends = day_of(edition.starts), last_day(edition)
    words = edition_words(edition, on)
    if window.closes is not None and on <= window.closes <= starts:
        ends, words = window.closes, f"{words}; book by {_told(window.closes, window.closes_text)}"
    if window.status == "rolling":
        return WindowState(True, on, None, False, words)
    return WindowState(starts <= on, max(starts, on), ends, False, words)


def _none_ahead(window: Window, on: date) -> WindowState:
    last = last_edition(window, on)
    told = f"the last was on {day_words(last_day(last))}" if last else "the only one known was cancelled"
    words = f"no next date is known; {told}"
    if window.status == "annual" and window.usual_month:
        held = last is not None and (last_day(last).year, last_day(last).month) == (on.year, on.month)
        state = _yearly(window.usual_month, on, held and window.usual_month == on.month)
        return state._replace(words=f"{state.words}; {told}")
    if (window.opens is not None and window.opens > on) or (
        window.closes is not None and window.closes >= on
    ):
        state = _by_dates(replace(window, editions=()), on)
        return state._replace(words=f"{state.words}; {words}")
    if window.status == "dated":
        ended = f"ended {day_words(last_day(last))}" if last else "was cancelled; no next date is known"
        return WindowState(False, None, None, True, ended)
    if window.status == "rolling":
        return WindowState(True, on, None, False, words)
    return WindowState(None, None, None, False, f"{words}; check with the provider")


def _by_dates(window: Window, on: date) -> WindowState:
    if window.status == "closed" or (window.closes is not None and window.closes < on):
        return WindowState(False, None, None, True, _ended(window))
    opens, closes = window.opens, window.closes
    if window.status == "annual" and window.usual_month and not (opens and opens >= on) and not closes:
        return _yearly(window.usual_month, on)
    if opens is not None and opens > on:
        words = f"opens {_told(opens, window.opens_text)}"
        if closes is not None:
            words += f", closes {_told(closes, window.closes_text)}"
        return WindowState(False, opens, closes, False, words)
    if closes is not None:
        return WindowState(True, on, closes, False, f"closes {_told(closes, window.closes_text)}")
    if window.status == "rolling":
        return WindowState(True, on, None, False, "no closing date is known")
    if window.status == "dated" and opens is not None:
        return WindowState(True, on, None, False, f"open since {_told(opens, window.opens_text)}")
    if window.status == "annual":
        return WindowState(None, None, None, False, "once a year; check the date with the provider")
    return WindowState(None, None, None, False, "not dated; check with the provider")


def _yearly(month: int, on: date, held: bool = False) -> WindowState:
    """Expect an event in its usual month; ``held`` says that this year's has been."""
    words = f"usually in {MONTHS[month - 1]}; check the date with the provider"
    if month == on.month and not held:
        return WindowState(None, on, None, False, words)
    year = on.year + (month <= on.month)
    starts = date(year, month, 1) if year <= date.max.year else None
    return WindowState(False, starts, None, False, words)


def _ended(window: Window) -> str:
    if window.closes_text:
        return f"ended {as_written(window.closes_text)}"
    if window.closes is not None:
        return f"ended {day_words(window.closes)}"
    return "has ended; when is not known"


def _told(day: date, text: str | None) -> str:
    return as_written(text) if text else day_words(day)


def day_words(day: date) -> str:
    """Write a day as it is read: 31 January 2027."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def as_written(text: str) -> str:
    """Write 2023-04 as April 2023 and 2023-04-05 as a day; leave anything else as it stands."""
    parts = text.strip().split("-")
    if not all(part.isascii() and part.isdigit() for part in parts) or len(parts) > 3 or len(parts[0]) != 4:
        return text.strip()
    if len(parts) == 1:
        return parts[0]
    if not 1 <= int(parts[1]) <= 12:
        return text.strip()
    month = f"{MONTHS[int(parts[1]) - 1]} {parts[0]}"
    return month if len(parts) == 2 else f"{int(parts[2])} {month}"
