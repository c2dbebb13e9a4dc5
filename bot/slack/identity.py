"""Who we are in Slack: the workspace the token belongs to, and our own member id."""

from __future__ import annotations

import asyncio
import logging

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.limits import wait_before

logger = logging.getLogger(__name__)

# What Slack calls a token that will not do, however often it is tried.
BAD_TOKEN = {
    "invalid_auth",
    "not_authed",
    "account_inactive",
    "token_revoked",
    "token_expired",
    "not_allowed_token_type",
    "org_login_required",
    "ekm_access_denied",
}


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


def reason_of(error: BaseException) -> str:
    """Say in a few words what went wrong with a call, without anything a person wrote."""
    if isinstance(error, SlackApiError):
        response = error.response
        code = getattr(response, "data", None)
        named = code.get("error") if isinstance(code, dict) else None
        if named in BAD_TOKEN:
            return f"it refuses SLACK_BOT_TOKEN: {named}; install the app again and copy its token"
        return str(named or f"it answered {getattr(response, 'status_code', 'strangely')}")[:80]
    return type(error).__name__
