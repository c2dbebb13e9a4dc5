"""Feeds of events that staff name by their address: fetched for them, two at a time at the most."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from starlette.requests import Request

from bot.console.desk import Desk
from bot.watch.feeds import NoFeed, fetch_feed, fetcher_of
from bot.watch.visiting import agent_name

AT_ONCE = 2  # a slow server holds a thread of the gateway for twenty seconds; chats need the others
BUSY = "two other feeds are being fetched; try again in a moment"


class FeedFetcher:
    """Fetches feeds for a console; ``get`` is that of a `Fetcher`."""

    def __init__(self, get: Callable[..., Any]) -> None:
        self._get, self._free = get, threading.BoundedSemaphore(AT_ONCE)

    @classmethod
    def of(cls, request: Request) -> FeedFetcher:
        """Return what fetches for the console a request came to."""
        state = request.app.state
        found: FeedFetcher | None = getattr(state, "event_feeds", None)
        if found is None:
            desk: Desk = state.desk
            agent = agent_name(desk.env.get("FINGERPOST_PUBLIC_URL"))
            found = state.event_feeds = cls(fetcher_of(agent).get)
        return found

    def fetch(self, address: str) -> bytes:
        """Return what an address gives; raise NoFeed with the reason and the way out."""
        if not self._free.acquire(blocking=False):
            raise NoFeed(BUSY)
        try:
            return fetch_feed(address, self._get)
        finally:
            self._free.release()
