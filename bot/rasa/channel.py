"""The channel between the gateway and Rasa: a reply is given when its turn is kept, or not at all.

In credentials.yml: `bot.rasa.channel.KeptRest: {}` in place of `rest`; the address stays as it was.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.channels.rest import RestInput
from sanic import Blueprint


class KeptRest(RestInput):
    """Rasa's REST channel, which answers `[]` when a message fails at any point, the keeping of it included.

    Rasa's own keeps the conversation last, and would still hand out replies whose turn was lost.
    """

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """Return the routes of the REST channel."""

        async def all_or_nothing(message: UserMessage) -> None:
            try:
                await on_new_message(message)
            except BaseException:
                if isinstance(message.output_channel, CollectingOutputChannel):
                    message.output_channel.messages = []
                raise

        return super().blueprint(all_or_nothing)
