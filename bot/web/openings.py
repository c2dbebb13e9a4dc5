"""Which session a first message opened, so that sending it again comes back to the same one."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable

SECONDS = 600.0
MOST = 10_000
UNGUESSABLE = 16  # characters: a shorter message_id could be somebody else's too


class Openings:
    """Remembers, for a while, the session that each first message opened; nothing of it is stored."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._opened: OrderedDict[tuple[str, str], tuple[str, float]] = OrderedDict()
        self._lock = asyncio.Lock()

    async def session(
        self, message_id: str | None, message: str, open_new: Callable[[], Awaitable[str]]
    ) -> tuple[str, bool]:
        """Return the session and whether it is new.

        Only an id too long to guess brings back a session, and only with the same words.
        """
        if message_id is None or len(message_id) < UNGUESSABLE:
            return await open_new(), True
        key = (message_id, message)
        async with self._lock:
            now = self._clock()
            while self._opened and (
                len(self._opened) >= MOST or next(iter(self._opened.values()))[1] < now - SECONDS
            ):
                self._opened.popitem(last=False)
            if key in self._opened:
                return self._opened[key][0], False
            session = await open_new()
            self._opened[key] = (session, now)
            return session, True

    def drop(self, session: str) -> None:
        """Forget a session whose first message failed, or that was deleted."""
        for key in [key for key, (opened, _) in self._opened.items() if opened == session]:
            del self._opened[key]
