"""Tell brokers in a client's thread what changed in its roadmap, and why, when that was not their doing.

A record changed, a day went by, or the owner noted progress on the page: the roadmap is planned again, and
what came of it waits in `RoadmapNews` until it is told here. What a broker changed in the thread was told
there; see `RoadmapNews.told`.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta

from starlette.concurrency import run_in_threadpool

from bot.slack.beside import beside
from bot.slack.blocks.elements import context
from bot.slack.blocks.roadmaps import changes
from bot.slack.blocks.text import Message, link, whole
from bot.slack.parts import SlackDoor
from knowledge_base.advice import Advice
from knowledge_base.brokers.handing_on import card_key
from knowledge_base.brokers.records import Place
from knowledge_base.replanning import overdue
from knowledge_base.store.roadmap_news import MOST, News

logger = logging.getLogger(__name__)

SECONDS = 180.0
FROM_HOUR, TO_HOUR = 8, 19  # where the hub is; what comes up at night is told in the morning
# So that who planned in a thread can say so first, and several changes in a row are told at once.
SETTLED = timedelta(minutes=2)
MOST_AT_ONCE = 1_000
PAGE = "What the client sees now"


class Announcing:
    """Plans clients' roadmaps again where that is due, and has Slack say what changed.

    Several at once do no harm.
    """

    def __init__(self, door: SlackDoor, advice: Advice) -> None:
        self.door = door
        self.advice = advice
        self._looked_on: date | None = None

    def look(self) -> int:
        """Do all that is due now, by day; return how much was told. Blocks."""
        now = self.door.clock()
        if not FROM_HOUR <= now.hour < TO_HOUR:
            return 0
        self._plan(self.advice.news.marked(now, MOST_AT_ONCE), now)
        if self._looked_on != now.date():
            self._days_gone_by(now)
            self._looked_on = now.date()
        return sum(self._tell(each, now) for each in self.advice.news.waiting(now - SETTLED))

    def _days_gone_by(self, now: datetime) -> None:
        """Plan again what can no longer be reached as it stands, once a day."""
        view, after = self.advice.view(), ""
        while found := self.advice.news.kept(now, after, MOST):
            after = found[-1].id
            self._plan([each.id for each in found if overdue(view, each.document, now.date())], now)

    def _plan(self, roadmaps: list[str], now: datetime) -> None:
        """Plan roadmaps again; what fails for one does not keep the others waiting."""
        for id in roadmaps:
            try:
                self.advice.open_roadmap(id, on=now.date(), now=now)
            except Exception as error:
                # Only its kind: the words may quote what a business told.
                logger.error("a client's roadmap could not be planned again (%s)", type(error).__name__)

    def _tell(self, news: News, now: datetime) -> bool:
        """Put the changes into the client's threads, once under the version they lead to."""
        places = self._places(news)
        message = self._message(news)
        for place in places:
            self.door.outbox.put(
                f"changed:{news.roadmap}:{news.version}:{place.channel}:{place.thread}",
                place.channel,
                text=message.text,
                blocks=message.blocks,
                thread_ts=place.thread,
                about=news.client.id,
                now=now,
            )
        self.advice.news.done(news.roadmap, news.version)
        if places:
            self.door.wake_deliverer()
        return bool(places)

    def _places(self, news: News) -> list[Place]:
        """The newest thread about the client in each channel; else those of the referral it came from."""
        client = self.advice.clients.get(news.client.id, news.client.team)
        if client is None:
            return []  # whoever had it has it no longer, and nobody else has it yet
        found = self.advice.clients.threads_of(client.id)
        if not found and client.referral:
            # Every team that had the referral has a thread about it.
            card = self.door.outbox.ts_of(card_key(client.referral, client.team))
            threads = self.advice.clients.threads_of_referral(client.referral)
            found = [place for place in threads if place.thread == card]
        newest: dict[tuple[str, str], Place] = {}
        for place in found:
            newest.setdefault((place.slack_team, place.channel), place)
        return list(newest.values())

    def _message(self, news: News) -> Message:
        url = self.advice.url_of(news.roadmap)
        told = changes({"changes": news.changes}, news.client)
        page = f"{PAGE}: {url}"
        return Message(f"{told.text}\n{whole([page])}", [*told.blocks, context(link(url, PAGE))])


@contextlib.asynccontextmanager
async def announcing(door: SlackDoor, advice: Advice, seconds: float = SECONDS) -> AsyncIterator[None]:
    """Keep looking while the block lasts; a database that is away is tried again."""
    looking = Announcing(door, advice)

    async def look() -> None:
        await door.identity.known()
        while True:
            try:
                await run_in_threadpool(looking.look)
            except Exception as error:
                logger.error("what changed for clients could not be looked at (%s)", type(error).__name__)
            await asyncio.sleep(seconds)

    async with beside(look()):
        yield
