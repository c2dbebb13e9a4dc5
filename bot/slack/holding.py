"""Hold what waits in a table, piece by piece, do it, and leave nothing held when it is time to stop."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from starlette.concurrency import run_in_threadpool

from bot.slack.limits import POLL_SECONDS, STOP_SECONDS

logger = logging.getLogger(__name__)

T = TypeVar("T")


@dataclass(frozen=True)
class Queue(Generic[T]):
    """One table's pieces: ``claim``, ``renew`` and ``give_back`` talk to the database and may block.

    ``came`` waits until there may be something to claim, or for a while; ``wake`` ends that wait.
    """

    name: str
    claim: Callable[[], T | None]
    renew: Callable[[T], object]
    give_back: Callable[[T], object]
    do: Callable[[T], Coroutine[Any, Any, None]]
    came: Callable[[float], Awaitable[None]]
    wake: Callable[[], None]


class Holder(Generic[T]):
    """Does at most ``most`` pieces at once; ``ready`` is waited for before each is claimed."""

    def __init__(
        self,
        queue: Queue[T],
        most: int,
        lease_seconds: float,
        ready: Callable[[], Awaitable[None]],
    ) -> None:
        self._queue = queue
        self._lease_seconds = lease_seconds
        self._ready = ready
        self._free = asyncio.Semaphore(most)
        self._running: set[asyncio.Task[None]] = set()

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Claim and do while the block lasts; then finish what is under way, or give it back."""
        claiming = asyncio.create_task(self._claim())
        try:
            yield
        finally:
            claiming.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await claiming
            if self._running:
                await asyncio.wait(self._running, timeout=STOP_SECONDS)
            for task in self._running:
                task.cancel()
            await asyncio.gather(*self._running, return_exceptions=True)

    async def _claim(self) -> None:
        while True:
            await self._ready()
            await self._free.acquire()
            piece = None
            try:
                piece = await self._claimed()
            finally:
                if piece is None:
                    self._free.release()
            if piece is None:
                await self._queue.came(POLL_SECONDS)
                continue
            task = asyncio.create_task(self._do(piece))
            self._running.add(task)
            task.add_done_callback(self._ended)

    async def _claimed(self) -> T | None:
        # A claim that is under way when we stop would hold its piece until the lease ends: so it is awaited.
        claiming = asyncio.ensure_future(run_in_threadpool(self._queue.claim))
        try:
            return await asyncio.shield(claiming)
        except asyncio.CancelledError:
            with contextlib.suppress(Exception):
                if (piece := await claiming) is not None:
                    await run_in_threadpool(self._queue.give_back, piece)
            raise
        except Exception as error:
            logger.warning("the %s could not be looked at (%s)", self._queue.name, type(error).__name__)
            await asyncio.sleep(POLL_SECONDS)
            return None

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self._free.release()
        self._queue.wake()  # what waited for this one in its lane may go now

    async def _do(self, piece: T) -> None:
        renewing = asyncio.create_task(self._renew(piece))
        try:
            await self._queue.do(piece)
        except asyncio.CancelledError:
            with contextlib.suppress(Exception):
                await asyncio.shield(run_in_threadpool(self._queue.give_back, piece))
            raise
        except Exception as error:  # the lease ends, and it is done again
            logger.error("%s was left half done (%s)", self._queue.name, type(error).__name__)
        finally:
            renewing.cancel()

    async def _renew(self, piece: T) -> None:
        while True:
            await asyncio.sleep(self._lease_seconds / 3)
            with contextlib.suppress(Exception):  # tried again in a while; what is done goes on
                await run_in_threadpool(self._queue.renew, piece)
