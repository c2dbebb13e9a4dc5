"""Do what was kept: oldest first, in order within a thread, and once, whatever stops on the way."""

from __future__ import annotations

import contextlib
import logging
import os
import secrets
from dataclasses import replace
from datetime import timedelta

from starlette.concurrency import run_in_threadpool

from bot.slack.door import Asked, read_asked
from bot.slack.errors import asked_to_wait
from bot.slack.holding import Holder, Queue
from bot.slack.limits import LEASE_SECONDS, MOST_WORK_TRIES, wait_before
from bot.slack.parts import SlackDoor
from knowledge_base.store.slack_work import Work

logger = logging.getLogger(__name__)

SORRY = (
    "Sorry, I could not do that: something went wrong on my side, several times. "
    "Ask once more; if it happens again, tell whoever looks after Fingerpost at your hub."
)


class Workers:
    """As many pieces of work at once as ``most``."""

    def __init__(self, door: SlackDoor, most: int, lease_seconds: float = LEASE_SECONDS) -> None:
        self.door = door
        self.name = f"{os.getpid()}-{secrets.token_hex(4)}"
        work, name, now = door.work, self.name, door.clock
        queue = Queue(
            name="work",
            claim=lambda: work.claim(name, now(), lease_seconds),
            renew=lambda held: work.renew(held.key, name, now(), lease_seconds),
            give_back=lambda held: work.again(held.key, now(), "stopped", worker=name, counts=False),
            do=self._do,
            came=door.work_came,
            wake=door.wake_workers,
        )
        # Before Slack has said who we are, nobody could be answered.
        self.running = Holder(queue, most, lease_seconds, door.identity.known).running

    async def _do(self, work: Work) -> None:
        try:
            await self.door.handlers.handle(replace(read_asked(work.body), again=work.begun))
        except Exception as error:
            if (seconds := asked_to_wait(error)) is not None:
                await self._wait(work, seconds)
                return
            logger.error("a %s could not be done, try %d (%s)", work.kind, work.tries, type(error).__name__)
            await self._failed(work, type(error).__name__)
        else:
            await run_in_threadpool(self.door.work.done, work.key, self.door.clock())

    async def _wait(self, work: Work, seconds: float) -> None:
        """Give work back for as long as Slack asked to be left in peace; that was no try."""
        logger.warning("a %s waits for %.0f seconds, as Slack asked", work.kind, seconds)
        at = self.door.clock() + timedelta(seconds=seconds)
        again = self.door.work.again
        await run_in_threadpool(
            lambda: again(work.key, at, "Slack asked to wait", worker=self.name, counts=False)
        )

    async def _failed(self, work: Work, why: str) -> None:
        now = self.door.clock()
        if work.tries < MOST_WORK_TRIES:
            at = now + timedelta(seconds=wait_before(work.tries, 60.0))
            await run_in_threadpool(lambda: self.door.work.again(work.key, at, why, worker=self.name))
            return
        with contextlib.suppress(TypeError):  # a body that cannot be read names nobody to tell
            await run_in_threadpool(self._apologise, read_asked(work.body))
        await run_in_threadpool(self.door.work.give_up, work.key, why, now)

    def _apologise(self, asked: Asked) -> None:
        self.door.outbox.put(
            f"{asked.key}:sorry",
            asked.channel if asked.thread else asked.user,
            text=SORRY,
            thread_ts=asked.thread or None,
            now=self.door.clock(),
        )
        self.door.wake_deliverer()
