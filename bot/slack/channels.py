"""Where a message can go: the direct conversation with a person, and whether we are in a channel."""

from __future__ import annotations

import time
from collections import OrderedDict

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.errors import code_of

OUTSIDE = {"not_in_channel", "channel_not_found", "is_archived"}
SECONDS = 60.0
MOST = 5_000


class Channels:
    """What Slack told of conversations, remembered for a while."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        self._direct: OrderedDict[str, str] = OrderedDict()
        self._joined: OrderedDict[str, tuple[float, bool]] = OrderedDict()

    async def real(self, channel: str) -> str:
        """Return a channel's id; for a person's id that of the direct conversation with them.

        Raises:
            SlackApiError: Slack knows nobody by that id.
        """
        if not channel.startswith(("U", "W")):
            return channel
        if channel not in self._direct:
            told = await self._client.conversations_open(users=channel)
            self._direct[channel] = str(told["channel"]["id"])
            _shorten(self._direct)
        return self._direct[channel]

    async def joined(self, channel: str) -> bool:
        """Say whether we could write and read in a channel, asked at most once a minute."""
        if channel.startswith(("D", "U", "W")):
            return True
        at, joined = self._joined.get(channel, (-SECONDS, False))
        if time.monotonic() - at < SECONDS:
            return joined
        try:
            # Asked this way since it needs no permission that we do not have anyhow.
            await self._client.conversations_history(channel=channel, limit=1)
            joined = True
        except SlackApiError as error:
            if code_of(error) not in OUTSIDE:
                raise
            joined = False
        self._joined[channel] = (time.monotonic(), joined)
        _shorten(self._joined)
        return joined


def _shorten(
    held: OrderedDict[str, object] | OrderedDict[str, str] | OrderedDict[str, tuple[float, bool]],
) -> None:
    while len(held) > MOST:
        held.popitem(last=False)
