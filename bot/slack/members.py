"""Who may come through the brokers' door: brokers by their member id, and members of a team's user group."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from starlette.concurrency import run_in_threadpool

from bot.slack.errors import code_of, reason_of
from knowledge_base.brokers.records import Broker, Team
from knowledge_base.store.teams import Brokers, Teams

logger = logging.getLogger(__name__)

FRESH_SECONDS = 300.0
# While Slack does not answer, whoever was a member stays one; but who left must be out some day.
OLDEST_SECONDS = 86_400.0
TRY_AGAIN_SECONDS = 30.0
ASKING_SECONDS = 4.0
NO_GROUP = ("no_such_subteam", "subteam_not_found")


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who may; ``broker`` is None for who is known by the team's user group alone."""

    team: Team
    slack_team: str
    slack_user: str
    broker: Broker | None

    @property
    def who(self) -> str:
        """The name for the audit trail: an id, and nothing else of the person."""
        return self.broker.id if self.broker else f"slack:{self.slack_team}:{self.slack_user}"


class Members:
    """Answers who may; an answer of Slack's about a group is good for five minutes."""

    def __init__(
        self,
        teams: Teams,
        brokers: Brokers,
        client: AsyncWebClient,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._teams = teams
        self._brokers = brokers
        self._client = client
        self._clock = clock
        self._groups: dict[str, tuple[float, frozenset[str]]] = {}
        self._next: dict[str, float] = {}
        self._asking = asyncio.Lock()

    async def of(self, slack_team: str, slack_user: str) -> Member | None:
        """Return the member with a workspace's member id, or None: they may not.

        Raises:
            StoreUnavailable: it cannot be known now.
        """
        if not slack_team or not slack_user:
            return None
        found = await run_in_threadpool(self._known, slack_team, slack_user)
        if isinstance(found, Member) or found is None:
            return found
        for team in found:
            if slack_user in await self._members(team.slack_group):
                return Member(team, slack_team, slack_user, None)
        return None

    def _known(self, slack_team: str, slack_user: str) -> Member | list[Team] | None:
        """The member as the hub lists them, None for who was shut out, or the teams whose group may know."""
        broker = self._brokers.of_slack(slack_team, slack_user)
        if broker is not None:
            team = self._teams.get(broker.team)
            return Member(team, slack_team, slack_user, broker) if team else None
        left = self._brokers.all(active=False)
        if any((each.slack_team, each.slack_user) == (slack_team, slack_user) for each in left):
            return None
        return [
            team
            for team in self._teams.all()
            if team.active and team.slack_group and team.slack_team == slack_team
        ]

    async def _members(self, group: str) -> frozenset[str]:
        async with self._asking:
            now = self._clock()
            at, members = self._groups.get(group, (now - OLDEST_SECONDS, frozenset()))
            if now >= self._next.get(group, now):
                self._next[group] = now + TRY_AGAIN_SECONDS
                told = await self._ask(group)
                if told is not None:
                    at, members = self._groups[group] = now, told
                    self._next[group] = now + FRESH_SECONDS
            return members if now - at < OLDEST_SECONDS else frozenset()

    async def _ask(self, group: str) -> frozenset[str] | None:
        """Who is in a group now; None where Slack does not say."""
        try:
            async with asyncio.timeout(ASKING_SECONDS):
                told = await self._client.usergroups_users_list(usergroup=group)
        except (SlackClientError, aiohttp.ClientError, TimeoutError, OSError) as error:
            logger.warning("a team's user group could not be read (%s)", reason_of(error))
            gone = isinstance(error, SlackApiError) and code_of(error) in NO_GROUP
            return frozenset() if gone else None
        return frozenset(str(user) for user in told.get("users") or ())
