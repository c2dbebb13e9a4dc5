"""How much one session or one address may ask for: token buckets and short queues, in bounded memory."""

from __future__ import annotations

import asyncio
import ipaddress
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.web.problems import Problem
from bot.web.settings import Rate


class Buckets:
    """A token bucket for each key; the least recently used is dropped beyond ``most`` keys."""

    def __init__(self, rate: Rate, most: int = 10_000) -> None:
        self.rate = rate
        self.most = most
        self._held: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str, at: float) -> float:
        """Take one token at a monotonic time; return 0, or the seconds until there is one."""
        per_second = self.rate.per_minute / 60
        tokens, since = self._held.pop(key, (float(self.rate.burst), at))
        tokens = min(float(self.rate.burst), tokens + max(0.0, at - since) * per_second)
        wait = 0.0 if tokens >= 1 else (1 - tokens) / per_second
        self._held[key] = (tokens if wait else tokens - 1, at)
        if len(self._held) > self.most:
            self._held.popitem(last=False)
        return wait

    def __len__(self) -> int:
        return len(self._held)


class Turns:
    """One message of a session at a time, the others waiting in order; too many waiting is refused."""

    def __init__(self, most_waiting: int) -> None:
        self.most_waiting = most_waiting
        self._locks: dict[str, asyncio.Lock] = {}
        self._holding: dict[str, int] = {}

    @asynccontextmanager
    async def of(self, session: str) -> AsyncIterator[None]:
        """Wait for this session's turn.

        Raises:
            Problem: ``too_many`` when the queue is full.
        """
        if self._holding.get(session, 0) > self.most_waiting:
            raise Problem("too_many", retry_after=2)
        lock = self._locks.setdefault(session, asyncio.Lock())
        self._holding[session] = self._holding.get(session, 0) + 1
        try:
            async with lock:
                yield
        finally:
            self._holding[session] -= 1
            if not self._holding[session]:
                del self._holding[session], self._locks[session]

    def __len__(self) -> int:
        return len(self._locks)


def network_of(address: str | None) -> str:
    """Return the key one visitor is counted under: the address, or the /64 it lies in for IPv6."""
    try:
        found = ipaddress.ip_address((address or "").partition("%")[0])
    except ValueError:
        return address or "unknown"
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)
