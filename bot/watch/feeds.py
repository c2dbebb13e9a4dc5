"""Fetch a feed of events from the public web, by the rules of every visit to a page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.watch.fetch import Fetcher
from bot.watch.pinned import NoSuchHost, TimeIsUp
from bot.watch.reach import NotReachable

LARGEST = 6 * 1024 * 1024  # a little over what is read, so that what is too large says so
WANTED = {"Accept": "text/calendar,application/json;q=0.9,*/*;q=0.5"}


class NoFeed(Exception):
    """An address gave no feed; the message says why, and the way out."""


def fetcher_of(agent: str) -> Fetcher:
    """Return what fetches feeds: public addresses alone, `LARGEST` bytes and twenty seconds at most."""
    return Fetcher(agent, most_bytes=LARGEST)


def fetch_feed(address: str, get: Callable[..., Any]) -> bytes:
    """Return what an address gives, cut at what is read at most; ``get`` is that of a `Fetcher`.

    Raises:
        NoFeed: it may not be asked, cannot be reached, takes too long, or answers that there is nothing.
    """
    try:
        answer = get(web_address_of(address), WANTED)
    except TimeIsUp as error:
        raise NoFeed("it took too long to answer; try again later") from error
    except (NoSuchHost, NotReachable, OSError) as error:
        raise NoFeed(f"{error}; check the address") from error
    if answer.status != 200:
        raise NoFeed(f"it answered {answer.status}; check the address")
    body: bytes = answer.body
    return body


def web_address_of(address: str) -> str:
    """Return the address of the web behind one that calendars are shared by (webcal://)."""
    scheme, parted, rest = address.partition("://")
    return f"https://{rest}" if parted and scheme.lower() in ("webcal", "webcals") else address
