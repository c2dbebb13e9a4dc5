"""Socket Mode: Slack's requests come over a connection that we open, so no address of ours need be public."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.app import create_bolt
from bot.slack.parts import SlackDoor
from bot.slack.quiet import quiet_logger

logger = logging.getLogger(__name__)

PING_SECONDS = 10.0


@contextlib.asynccontextmanager
async def listening(door: SlackDoor) -> AsyncIterator[None]:
    """Listen while the block lasts; a connection that is lost is opened again."""
    web = AsyncWebClient(base_url=door.settings.api_url, logger=quiet_logger())
    if not door.settings.proxied:
        web.proxy = None
    handler = AsyncSocketModeHandler(
        create_bolt(door),
        door.settings.app_token,
        logger=quiet_logger(),
        web_client=web,
        ping_interval=PING_SECONDS,
    )
    if not door.settings.proxied:
        handler.client.proxy = None
    # It tries until it is connected; the gateway's other doors need not wait for that.
    connecting = asyncio.create_task(handler.connect_async())
    try:
        yield
    finally:
        connecting.cancel()
        with contextlib.suppress(asyncio.CancelledError, Exception):
            await connecting
        with contextlib.suppress(Exception):
            await handler.close_async()
