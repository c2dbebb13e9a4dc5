"""Where a message can go: the direct conversation with a person, and whether we are in a channel."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.errors import AskedToWait, asked_to_wait, code_of

OUTSIDE = {"not_in_channel", "channel_not_found", "is_archived"}
SECONDS = 60.0
MOST = 5_000


class Channels:
    """What Slack told of conversations, remembered for a while."""

    def __init__(self, client: AsyncWebClient, clock: Callable[[], float] = time.monotonic) -> None:
        self._client = client
        self._clock = clock
        self._direct: OrderedDict[str, str] = OrderedDict()
        self._joined: OrderedDict[str, tuple[float, bool]] = OrderedDict()
        self._peace = 0.0  # until when Slack asked not to be asked about channels

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
        """Say whether we could write and read in a channel, asked at most once a minute.

        Raises:
            AskedToWait: Slack is to be left in peace first.
            SlackApiError: it does not say.
        """
        if channel.startswith(("D", "U", "W")):
            return True
        at, joined = self._joined.get(channel, (float("-inf"), False))
        if self._clock() - at < SECONDS:
            return joined
        if (seconds := self._peace - self._clock()) > 0:
            raise AskedToWait(seconds)
        try:
            # Asked this way since it needs no permission that we do not have anyhow.
            await self._client.conversations_history(channel=channel, limit=1)
            joined = True
        except SlackApiError as error:
            if (seconds := asked_to_wait(error) or 0.0) > 0:
                self._peace = self._clock() + seconds
                raise AskedToWait(seconds) from error
            if code_of(error) not in OUTSIDE:
                raise
            joined = False
        self._joined[channel] = (self._clock(), joined)
        _shorten(self._joined)
        return joined


def _shorten(
    held: OrderedDict[str, object] | OrderedDict[str, str] | OrderedDict[str, tuple[float, bool]],
) -> None:
    while len(held) > MOST:
        held.popitem(last=False)
