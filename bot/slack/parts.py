"""Everything the brokers' door leans on, in one place; `bot.slack.serving` has it run."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime

from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.channels import Channels
from bot.slack.door import CHANGED, DELETED, MENTION, MESSAGE, NOT_FOLLOWED, Asked, Handlers, Quick
from bot.slack.identity import Identity
from bot.slack.limits import CALL_SECONDS
from bot.slack.members import Members
from bot.slack.quiet import quiet_logger
from bot.slack.settings import SlackSettings
from knowledge_base.brokers.records import Client, Place
from knowledge_base.store.clients import Clients
from knowledge_base.store.database import Database
from knowledge_base.store.slack_outbox import SlackOutbox
from knowledge_base.store.slack_work import SlackWork
from knowledge_base.store.teams import Brokers, Teams

EDITS = (CHANGED, DELETED)
TOLD_AGAIN = (MENTION, MESSAGE, *EDITS)  # what Slack itself tries again, under the same key


class SlackDoor:
    """Everything the door is made of.

    ``client`` is for what must be done at once (views, menus); whatever is said goes into ``outbox``, and
    `wake_deliverer` has it sent without waiting for the next look.
    """

    def __init__(
        self,
        settings: SlackSettings,
        database: Database,
        clock: Callable[[], datetime],
        handlers: Callable[[SlackDoor], Handlers] | None = None,
    ) -> None:
        self.settings = settings
        self.database = database
        self.clock = clock
        self.client = web_client(settings)
        self.identity = Identity()
        self.work = SlackWork(database)
        self.outbox = SlackOutbox(database)
        self.teams, self.brokers, self.clients = Teams(database), Brokers(database), Clients(database)
        self.members = Members(self.teams, self.brokers, self.client)
        self.channels = Channels(self.client)
        self.handlers: Handlers = handlers(self) if handlers else NotFollowing(self)
        self.loop: asyncio.AbstractEventLoop | None = None  # while it runs
        self._work, self._posts = asyncio.Event(), asyncio.Event()
        # Of its own, so that no long answer elsewhere in the gateway keeps Slack waiting; and one, since
        # several would only wait for each other: the database has one writer.
        self._keeping = ThreadPoolExecutor(1, "slack-keeping")

    async def keep(self, asked: Asked) -> bool:
        """Keep something to do; False where it was kept before, or is an edit in no referral's thread.

        Whoever stops waiting is free to say that it was not kept: what Slack does not tell again by itself is
        then taken back where it is kept a moment later, so that the same form sent again is new.

        Raises:
            StoreUnavailable: it could not be kept.
        """

        def take_in() -> bool:
            about = self.clients.of_thread(Place(asked.team, asked.channel, asked.thread))
            if asked.kind in EDITS and not isinstance(about, str):
                return False  # nothing that anybody was told hangs on it
            return self.work.take_in(
                asked.key,
                asked.kind,
                asked.as_document(),
                self.clock(),
                lane=asked.lane,
                # So that who is forgotten meanwhile is forgotten here too.
                about=about.id if isinstance(about, Client) else about or asked.about,
            )

        def undo(kept: Future[bool]) -> None:
            if not kept.cancelled() and kept.exception() is None and kept.result():
                self.work.take_back(asked.key)

        keeping = self._keeping.submit(take_in)
        try:
            new = await asyncio.shield(asyncio.wrap_future(keeping))
        except asyncio.CancelledError:
            if not keeping.cancel() and asked.kind not in TOLD_AGAIN:
                keeping.add_done_callback(undo)
            raise
        if new:
            self.wake_workers()
        return new

    async def work_came(self, seconds: float) -> None:
        """Wait until something was kept here, or for a while: another process may have kept something."""
        await _set_or_over(self._work, seconds)

    def wake_workers(self) -> None:
        """Have the work looked at now."""
        self._work.set()

    def wake_deliverer(self) -> None:
        """Have the outbox looked at now. May be called from any thread of the gateway."""
        if self.loop is not None and not self.loop.is_closed():
            self.loop.call_soon_threadsafe(self._posts.set)

    async def posts_came(self, seconds: float) -> None:
        """Wait until something was put into the outbox here, or for a while."""
        await _set_or_over(self._posts, seconds)


class NotFollowing:
    """Answers everything in one line; it stands in where nobody else answers."""

    def __init__(self, door: SlackDoor) -> None:
        self.door = door

    async def quick(self, asked: Asked) -> Quick:
        return Quick()

    async def handle(self, asked: Asked) -> None:
        if not asked.channel:
            return
        self.door.outbox.put(
            f"{asked.key}:answer",
            asked.channel,
            text=NOT_FOLLOWED,
            thread_ts=asked.thread or None,
            ephemeral_to=None if asked.thread else asked.user,
            now=self.door.clock(),
        )
        self.door.wake_deliverer()

    async def sent(self, key: str, channel: str, ts: str) -> None:
        return None


def web_client(settings: SlackSettings) -> AsyncWebClient:
    """Return Slack's client for a bot's token.

    It never tries anything again by itself: a post that was cut off may have arrived.
    """
    client = AsyncWebClient(
        token=settings.bot_token,
        base_url=settings.api_url,
        timeout=CALL_SECONDS,
        logger=quiet_logger(),
        retry_handlers=[],
    )
    if not settings.proxied:
        client.proxy = None
    return client


async def _set_or_over(event: asyncio.Event, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()
    event.clear()
