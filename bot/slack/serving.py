"""What goes on beside the requests: learn who we are, work, deliver and, in Socket Mode, listen."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import aiohttp

from bot.slack.beside import beside
from bot.slack.delivery import Deliverer
from bot.slack.limits import CALL_SECONDS, LEASE_SECONDS, WORKERS
from bot.slack.parts import SlackDoor
from bot.slack.socket_mode import listening
from bot.slack.worker import Workers


@contextlib.asynccontextmanager
async def running(
    door: SlackDoor, workers: int = WORKERS, lease_seconds: float = LEASE_SECONDS
) -> AsyncIterator[None]:
    """Keep the door going while the block lasts; it ends with nothing left held.

    What a process held that was killed is taken up by another after ``lease_seconds``.
    """
    door.loop = asyncio.get_running_loop()
    async with contextlib.AsyncExitStack() as stack:
        timeout = aiohttp.ClientTimeout(total=CALL_SECONDS)
        door.client.session = await stack.enter_async_context(aiohttp.ClientSession(timeout=timeout))
        await stack.enter_async_context(beside(door.identity.learn(door.client)))
        await stack.enter_async_context(Deliverer(door, lease_seconds).running())
        await stack.enter_async_context(Workers(door, workers, lease_seconds).running())
        if door.settings.app_token:
            await stack.enter_async_context(listening(door))
        yield
