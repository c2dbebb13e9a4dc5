"""Put into Slack what waits in the outbox: in order, once each, at the pace Slack allows."""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import time
from datetime import timedelta

import aiohttp
from slack_sdk.errors import SlackApiError
from starlette.concurrency import run_in_threadpool

from bot.slack import finding, posting
from bot.slack.errors import BAD_TOKEN, asked_to_wait, code_of, reason_of, status_of
from bot.slack.files import BadFile
from bot.slack.holding import Holder, Queue
from bot.slack.limits import (
    GIVE_UP_HOURS,
    LEASE_SECONDS,
    MOST_REFUSALS,
    UNCERTAIN_SECONDS,
    Pauses,
    wait_before,
)
from bot.slack.parts import SlackDoor
from knowledge_base.store.slack_outbox import Post

logger = logging.getLogger(__name__)

AT_ONCE = 4
BAD_TOKEN_SECONDS = 60.0
# What Slack says when it failed itself: the post may be there all the same.
FAILED_ITSELF = {
    "internal_error",
    "fatal_error",
    "service_unavailable",
    "request_timeout",
    "team_added_to_org",
}
# What no further try mends.
HOPELESS = {
    "not_in_channel": "we are not in its channel; invite the app there",
    "channel_not_found": "its channel is gone, or we are not in it; invite the app there",
    "is_archived": "its channel is archived",
    "restricted_action": "the workspace does not let us write there",
    "cannot_dm_bot": "it was meant for a bot",
    "user_not_found": "the person is not in the workspace",
    "user_not_in_channel": "the person is not in the channel",
    "user_disabled": "the person has left the workspace",
    "messages_tab_disabled": "the app takes no direct messages; switch on its messages tab",
    "message_not_found": "the message it belongs to is gone",
    "thread_not_found": "the message it belongs to is gone",
    "cannot_reply_to_message": "the message it belongs to takes no replies",
    "cant_update_message": "the message cannot be changed by us",
    "edit_window_closed": "the message cannot be changed any more",
    "no_text": "there was nothing in it",
}


class Deliverer:
    """Posts what waits. Several of them do no harm: a post is held by one at a time."""

    def __init__(self, door: SlackDoor, lease_seconds: float = LEASE_SECONDS) -> None:
        self.door = door
        self.name = f"{os.getpid()}-{secrets.token_hex(4)}"
        self.pauses = Pauses()
        outbox, name, now = door.outbox, self.name, door.clock
        queue = Queue(
            name="outbox",
            claim=lambda: outbox.claim(
                name, now(), lease_seconds, without=self.pauses.waiting(time.monotonic())
            ),
            renew=lambda held: outbox.renew(held.key, name, now(), lease_seconds),
            # It may be on its way: the lease ends, and it is looked for before it is sent again.
            give_back=lambda held: None,
            do=self._send,
            came=door.posts_came,
            wake=door.wake_deliverer,
        )
        self.running = Holder(queue, AT_ONCE, lease_seconds, self._ready).running

    async def _ready(self) -> None:
        await self.door.identity.known()
        await asyncio.sleep(self.pauses.everybody_waits(time.monotonic()))

    async def _send(self, post: Post) -> None:
        try:
            channel = await self.door.channels.real(post.channel)
            # Tried before, so it may be there: a try that was cut off says nothing of how it ended.
            ts = await finding.ts_of(self.door.client, post, channel) if post.tries > 1 else None
            if ts is None:
                channel, ts = await posting.put(self.door, post, channel)
        except SlackApiError as error:
            await self._refused(post, error)
        except BadFile as error:
            await self._give_up(post, str(error))
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            await self._uncertain(post, type(error).__name__)
        else:
            if ts and ts != post.update_ts:
                await self.door.handlers.sent(post.key, channel, ts)
            await run_in_threadpool(self.door.outbox.sent, post.key, ts or None, self.door.clock())

    async def _refused(self, post: Post, error: SlackApiError) -> None:
        code = code_of(error)
        status = status_of(error)
        if (seconds := asked_to_wait(error)) is not None:
            self.pauses.told(post.channel, seconds, time.monotonic())
            await self._again(post, seconds, "Slack asked to wait", counts=False)
        elif status >= 500 or code in FAILED_ITSELF:
            await self._uncertain(post, code or f"status {status}")
        elif code in BAD_TOKEN:
            logger.error("nothing can be sent: Slack says %s", reason_of(error))
            self.pauses.all(BAD_TOKEN_SECONDS, time.monotonic())
            await self._again(post, BAD_TOKEN_SECONDS, f"Slack: {reason_of(error)}", counts=False)
        elif code in HOPELESS:
            await self._give_up(post, HOPELESS[code])
        elif post.tries >= MOST_REFUSALS:
            await self._give_up(post, f"Slack: {code[:80]}")
        else:
            await self._again(post, wait_before(post.tries), f"Slack: {code[:80]}")

    async def _uncertain(self, post: Post, kind: str) -> None:
        """Try again what may have arrived; it is looked for first."""
        # What is to be taken down holds what somebody told: that is never too late.
        if not post.delete and self.door.clock() - post.at > timedelta(hours=GIVE_UP_HOURS):
            await self._give_up(post, f"Slack could not be reached for {GIVE_UP_HOURS} hours")
            return
        seconds = max(UNCERTAIN_SECONDS, wait_before(post.tries))
        await self._again(post, seconds, f"Slack did not answer well ({kind})")

    async def _again(self, post: Post, seconds: float, why: str, counts: bool = True) -> None:
        at = self.door.clock() + timedelta(seconds=seconds)
        await run_in_threadpool(
            lambda: self.door.outbox.again(post.key, at, why, worker=self.name, counts=counts)
        )

    async def _give_up(self, post: Post, why: str) -> None:
        logger.error("a message for Slack was given up: %s", why)
        await run_in_threadpool(self.door.outbox.give_up, post.key, why, self.door.clock())
