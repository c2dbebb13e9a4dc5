"""Keep things no longer than promised: once an hour, delete what has had its time."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from starlette.concurrency import run_in_threadpool

from bot.web.services import Services

logger = logging.getLogger(__name__)

SECONDS_BETWEEN = 3600.0


@asynccontextmanager
async def purging(services: Services, seconds: float = SECONDS_BETWEEN) -> AsyncIterator[None]:
    """Purge at once and then every hour while the application runs."""
    if services.purge is None:
        yield
        return
    task = asyncio.create_task(_purge(services, seconds))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _purge(services: Services, seconds: float) -> None:
    while services.purge is not None:
        try:
            await run_in_threadpool(services.purge, services.clock())
        except Exception as error:
            logger.warning("nothing could be purged this time: %s", type(error).__name__)
        await asyncio.sleep(seconds)
