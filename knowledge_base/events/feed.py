"""What is told by a feed of events, whatever its format: one entry for each time something is held."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlsplit

from knowledge_base.records import Edition

LARGEST = 5 * 1024 * 1024
MOST_EVENTS = 2_000
MOST_TOLD = 20  # notes; the rest are counted
DAYS_BACK, DAYS_AHEAD = 31, 550
LONGEST_UID = 250

_UNSHOWABLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufeff\ufff9-\uffff]+"
)
_ONLINE = re.compile(r"(?:an? )?(?:online|virtual|webinar|zoom|(?:microsoft |ms )?teams)(?: event)?\Z")


class BadFeed(ValueError):
    """A feed that cannot be read at all; the message says why, and the way out."""


@dataclass(frozen=True)
class FeedEvent:
    """One time something is held; ``series`` is the same for all times of one event."""

    series: str
    name: str
    edition: Edition
    about: str = ""


@dataclass(frozen=True)
class Feed:
    """What a feed tells, the earliest first, and in ``notes`` what was left out of it and why."""

    events: tuple[FeedEvent, ...]
    notes: tuple[str, ...]


class Notes:
    """Collects what was left out, a few in words and the rest by number."""

    def __init__(self) -> None:
        self._told: dict[str, int] = {}

    def add(self, words: str) -> None:
        """Note something; the same words are noted once, with how often."""
        if words in self._told or len(self._told) < MOST_TOLD:
            self._told[words] = self._told.get(words, 0) + 1
        else:
            self._told["and more was left out of the same feed"] = 1

    def all(self) -> tuple[str, ...]:
        return tuple([f"{words} ({n} times)" if n > 1 else words for words, n in self._told.items()])


def text_of(data: bytes, what: str) -> str:
    """Return the text of a feed; raise BadFeed for one that is empty or too large."""
    if len(data) > LARGEST:
        size = LARGEST // (1024 * 1024)
        raise BadFeed(f"{what} is over {size} MB; ask for one that holds only the months ahead")
    text = data.decode("utf-8-sig", errors="replace")
    if not text.strip():
        raise BadFeed(f"{what} is empty; check the address or the file")
    return text


def clean(told: object, most: int) -> str:
    """Return a feed's text on one line, without what cannot be shown, cut at a word."""
    text = " ".join(_UNSHOWABLE.sub(" ", str(told or "")).split())
    if len(text) <= most:
        return text
    return f"{text[: most - 1].rsplit(' ', 1)[0]}…"


def address(told: object) -> str | None:
    """Return a web address as a record may hold it, else None."""
    text = str(told or "").strip()
    try:
        parts = urlsplit(text)
        good = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return None
    return text if good and len(text) <= 2000 and text.isprintable() and not re.search(r"\s", text) else None


def place_and_online(told: str) -> tuple[str | None, bool | None]:
    """Tell a place from a way to join: an address of the web or the word online is no town."""
    if not told:
        return None, None
    if address(told) or _ONLINE.match(told.casefold()):
        return None, True
    return told, None


def in_reach(first: date, last: date, on: date) -> bool:
    """Say whether a time is near enough to a day to be worth keeping."""
    return last >= on - timedelta(days=DAYS_BACK) and first <= on + timedelta(days=DAYS_AHEAD)
