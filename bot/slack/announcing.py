"""Tell whoever has a client what changed in its roadmap, and why, when that was not their doing.

A record changed, a day went by, or the owner noted progress on the page: the roadmap is planned again, and
what came of it waits in `RoadmapNews` until it is told here. What a broker changed in the thread was told
there; see `RoadmapNews.told`. It is told where its holder, or all of the team, reads of it: never in the
direct conversation of somebody who had it, or has left.
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
from bot.slack.members import MembersUnknown
from bot.slack.parts import SlackDoor
from bot.slack.talk.saying import Room, root_key, root_message
from knowledge_base.advice import Advice
from knowledge_base.brokers.handing_on import card_key
from knowledge_base.brokers.records import Broker, Client, Place, Team
from knowledge_base.replanning import overdue
from knowledge_base.store.roadmap_news import MOST, News

logger = logging.getLogger(__name__)

SECONDS = 180.0
FROM_HOUR, TO_HOUR = 8, 19  # where the hub is; what comes up at night is told in the morning
# So that who planned in a thread can say so first, and several changes in a row are told at once.
SETTLED = timedelta(minutes=2)
MOST_AT_ONCE = 1_000
MOST_WAIT = 30.0  # for Slack, about who is in a team's user group
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
        return sum(self._told(each, now) for each in self.advice.news.waiting(now - SETTLED))

    def _told(self, news: News, now: datetime) -> bool:
        """Tell what changed; while Slack does not say who is still in a team, it waits."""
        try:
            return self._tell(news, now)
        except (MembersUnknown, TimeoutError):
            return False

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
        """Put the changes where they are read, once under the version they lead to."""
        rooms = self._rooms(news, now)
        message = self._message(news)
        for whom, room in rooms:
            self.door.outbox.put(
                f"changed:{news.roadmap}:{news.version}:{whom}",
                room.channel,
                text=message.text,
                blocks=message.blocks,
                thread_ts=room.thread or None,
                after_key=room.after or None,
                about=news.client.id,
                now=now,
            )
        self.advice.news.done(news.roadmap, news.version)
        if rooms:
            self.door.wake_deliverer()
        return bool(rooms)

    def _rooms(self, news: News, now: datetime) -> list[tuple[str, Room]]:
        """Where it is told: the newest thread about the client in the team's channel and with who has it.

        Without either, the thread of the referral it came from; else a new one with who has it. Each has a
        name, which of a direct conversation is the same whether its thread is new or not.
        """
        client = self.advice.clients.get(news.client.id, news.client.team)
        team = self.advice.teams.get(client.team) if client else None
        if client is None or team is None or not team.active:
            return []  # whoever had it has it no longer, and nobody else has it yet
        holder = self._holder(client, team)
        threads = self.advice.clients.threads_of(client.id)
        found = [place for place in threads if self._read_by(place, client, team, holder)]
        if not found and client.referral:
            # Every team that had the referral has a thread about it.
            card = self.door.outbox.ts_of(card_key(client.referral, client.team))
            threads = self.advice.clients.threads_of_referral(client.referral)
            found = [place for place in threads if place.thread == card and _of_team(place, team)]
        newest: dict[tuple[str, str], tuple[str, Room]] = {}
        for place in found:
            whom = place.person or f"{place.channel}:{place.thread}"
            newest.setdefault((place.slack_team, place.channel), (whom, Room(place.channel, place.thread)))
        if newest or holder is None:
            return list(newest.values())
        return [(holder.slack_user, self._begin(client, holder, news, now))]

    def _holder(self, client: Client, team: Team) -> Broker | None:
        """Who has a client by name, where they are in the team, and in Slack, to this day."""
        broker = self.advice.brokers.get(client.broker) if client.broker else None
        if broker is None or not broker.slack_user or broker.slack_team != self.door.identity.team:
            return None
        return broker if self._may(broker.slack_team, broker.slack_user, team) else None

    def _read_by(self, place: Place, client: Client, team: Team, holder: Broker | None) -> bool:
        if not place.channel.startswith("D"):
            return _of_team(place, team)
        if client.broker is not None:
            return holder is not None and place.person == holder.slack_user
        # Nobody has it by name: it was begun by somebody of the team's user group.
        return bool(place.person) and self._may(place.slack_team, place.person, team)

    def _may(self, slack_team: str, slack_user: str, team: Team) -> bool:
        """Whether somebody is in a team now; the gateway's loop asks Slack, where only Slack knows.

        Raises:
            MembersUnknown, TimeoutError: Slack does not say.
        """
        asking, loop = self.door.members.of(slack_team, slack_user), self.door.loop
        if loop is None:
            member = asyncio.run(asking)
        else:
            member = asyncio.run_coroutine_threadsafe(asking, loop).result(MOST_WAIT)
        return member is not None and member.team.id == team.id

    def _begin(self, client: Client, holder: Broker, news: News, now: datetime) -> Room:
        """Begin a thread about a client with who has it."""
        key = root_key(client.id, f"changed:{news.roadmap}:{news.version}:{holder.id}")
        root = root_message(client)
        self.door.outbox.put(
            key, holder.slack_user, text=root.text, blocks=root.blocks, about=client.id, now=now
        )
        return Room(holder.slack_user, after=key)

    def _message(self, news: News) -> Message:
        url = self.advice.url_of(news.roadmap)
        told = changes({"changes": news.changes}, news.client)
        page = f"{PAGE}: {url}"
        return Message(f"{told.text}\n{whole([page])}", [*told.blocks, context(link(url, PAGE))])


def _of_team(place: Place, team: Team) -> bool:
    return place.channel == team.channel and team.slack_team in ("", place.slack_team)


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
