"""Who we are in Slack: the workspace the token belongs to, and our own member id."""

from __future__ import annotations

import asyncio
import logging

import aiohttp
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.errors import reason_of
from bot.slack.limits import wait_before

logger = logging.getLogger(__name__)


class Identity:
    """Our workspace and our names in it, "" until Slack has told them."""

    def __init__(self) -> None:
        self.team = ""
        self.bot_user = ""
        self.bot_id = ""
        self._known = asyncio.Event()

    async def known(self) -> None:
        """Wait until Slack has told."""
        await self._known.wait()

    async def learn(self, client: AsyncWebClient) -> None:
        """Ask Slack until it tells; say plainly what is in the way, once for each reason."""
        tries, said = 0, ""
        while True:
            try:
                told = await client.auth_test()
            except (SlackClientError, aiohttp.ClientError, TimeoutError, OSError) as error:
                tries, reason = tries + 1, reason_of(error)
                if reason != said:
                    logger.error("Slack does not say who we are (%s); brokers wait until it does", reason)
                    said = reason
                await asyncio.sleep(wait_before(tries, 60.0))
            else:
                self.team = str(told.get("team_id") or "")
                self.bot_user, self.bot_id = str(told.get("user_id") or ""), str(told.get("bot_id") or "")
                self._known.set()
                return
