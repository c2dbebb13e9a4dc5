"""Look in Slack for a post that may have arrived: by the key in its metadata, a file by its name."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.errors import code_of
from bot.slack.files import name_of
from knowledge_base.store.slack_outbox import Post

logger = logging.getLogger(__name__)

PAGE = 200
MOST_PAGES = 20
# Slack's clock and ours may differ.
SLACK = timedelta(minutes=10)
# The thread or the channel is not there, so neither is the post; trying to post says which.
NOT_THERE = {"thread_not_found", "channel_not_found", "not_in_channel", "is_archived"}


async def ts_of(client: AsyncWebClient, post: Post, channel: str) -> str | None:
    """Return the ts of a post that is in Slack already, or None.

    Changes and deletions may be done twice, so they are not looked for; what one person alone was shown
    cannot be found.

    Raises:
        SlackApiError, ClientError, TimeoutError: it cannot be known now.
    """
    if post.delete or post.update_ts or post.ephemeral_to:
        return None
    oldest = f"{(post.at - SLACK).timestamp():.6f}"
    cursor: str | None = None
    for _ in range(MOST_PAGES):
        try:
            page = await _page(client, post, channel, oldest, cursor)
        except SlackApiError as error:
            if code_of(error) in NOT_THERE:
                return None
            if code_of(error) == "missing_scope":
                logger.error("a message may be posted twice: the app may not read where it writes (README)")
                return None
            raise
        for message in page.get("messages") or ():
            if _is_of(message, post):
                return str(message["ts"])
        cursor = (page.get("response_metadata") or {}).get("next_cursor") or None
        if cursor is None:
            break
    return None


async def _page(client: AsyncWebClient, post: Post, channel: str, oldest: str, cursor: str | None) -> Any:
    asked: dict[str, Any] = {
        "channel": channel,
        "oldest": oldest,
        "limit": PAGE,
        "include_all_metadata": True,
    }
    if cursor:
        asked["cursor"] = cursor
    if post.thread_ts:
        return await client.conversations_replies(ts=post.thread_ts, **asked)
    return await client.conversations_history(**asked)


def _is_of(message: Any, post: Post) -> bool:
    if not isinstance(message, dict):
        return False
    if post.file is not None:
        name = name_of(post.file, post.key)
        return any(isinstance(file, dict) and file.get("name") == name for file in message.get("files") or ())
    metadata = message.get("metadata")
    payload = metadata.get("event_payload") if isinstance(metadata, dict) else None
    return isinstance(payload, dict) and payload.get("key") == post.key
