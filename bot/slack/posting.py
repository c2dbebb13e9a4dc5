"""Put one post of the outbox into Slack: a message, a change, a word to one person, a file."""

from __future__ import annotations

import logging
from typing import Any

from slack_sdk.errors import SlackApiError

from bot.slack.errors import code_of
from bot.slack.files import upload
from bot.slack.parts import SlackDoor
from knowledge_base.store.slack_outbox import Post

logger = logging.getLogger(__name__)

EVENT_TYPE = "fingerpost"
LONGEST_TEXT = 39_000  # Slack cuts or refuses what is over 40,000
UNSHOWN = {"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "invalid_attachments"}
# A word to one person in a channel goes to them alone where the channel does not take it.
ELSEWHERE = {"not_in_channel", "channel_not_found", "is_archived", "user_not_in_channel", "restricted_action"}


async def put(door: SlackDoor, post: Post, channel: str) -> tuple[str, str]:
    """Put a post into a channel; return the channel it went to, and its ts, "" where Slack names none.

    Raises:
        SlackApiError: Slack refused it.
        BadFile: its file cannot be read.
        ClientError, TimeoutError, OSError: it may be there, or not.
    """
    if post.delete:
        return channel, await _take_down(door, post, channel)
    if post.file is not None:
        await upload(door.client, post, channel)
        return channel, ""
    try:
        return await _say(door, post, channel, post.blocks)
    except SlackApiError as error:
        if post.blocks is None or code_of(error) not in UNSHOWN:
            raise
        # The text holds all of it in plain words: better than no answer.
        logger.error("Slack refused the blocks of a message (%s); its text is sent", code_of(error))
        return await _say(door, post, channel, None)


async def _say(door: SlackDoor, post: Post, channel: str, blocks: list[Any] | None) -> tuple[str, str]:
    text = post.text[:LONGEST_TEXT]
    metadata = {"event_type": EVENT_TYPE, "event_payload": {"key": post.key}}
    if post.ephemeral_to:
        try:
            await door.client.chat_postEphemeral(
                channel=channel, user=post.ephemeral_to, text=text, blocks=blocks, thread_ts=post.thread_ts
            )
            return channel, ""
        except SlackApiError as error:
            if code_of(error) not in ELSEWHERE:
                raise
        channel = await door.channels.real(post.ephemeral_to)
        told = await door.client.chat_postMessage(
            channel=channel,
            text=text,
            blocks=blocks,
            metadata=metadata,
            unfurl_links=False,
            unfurl_media=False,
        )
        return channel, str(told.get("ts") or "")
    if post.update_ts:
        # Blocks that are not told would stay as they were.
        told = await door.client.chat_update(
            channel=channel, ts=post.update_ts, text=text, blocks=blocks or []
        )
        return channel, str(told.get("ts") or post.update_ts)
    told = await door.client.chat_postMessage(
        channel=channel,
        text=text,
        blocks=blocks,
        thread_ts=post.thread_ts,
        metadata=metadata,
        unfurl_links=False,  # or Slack would fetch the pages of roadmaps
        unfurl_media=False,
    )
    return str(told.get("channel") or channel), str(told.get("ts") or "")


async def _take_down(door: SlackDoor, post: Post, channel: str) -> str:
    try:
        await door.client.chat_delete(channel=channel, ts=post.update_ts or "")
    except SlackApiError as error:
        if code_of(error) != "message_not_found":
            raise
    return post.update_ts or ""
