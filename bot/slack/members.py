"""Who may come through the brokers' door: brokers by their member id, and members of a team's user group."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from starlette.concurrency import run_in_threadpool

from bot.slack.errors import AskedToWait, asked_to_wait, code_of, reason_of
from bot.slack.limits import ASKING_SECONDS
from knowledge_base.brokers.records import Broker, Team
from knowledge_base.store.teams import Brokers, Teams

logger = logging.getLogger(__name__)

FRESH_SECONDS = 300.0
# While Slack does not answer, whoever was a member stays one; but who left must be out some day.
OLDEST_SECONDS = 86_400.0
TRY_AGAIN_SECONDS = 30.0
UNKNOWN_SECONDS = 2.0  # while nothing is known of a group, work waits for it
NO_GROUP = ("no_such_subteam", "subteam_not_found")


class MembersUnknown(Exception):
    """Slack has not said who is in a team's user group: whether somebody may cannot be known now.

    It is raised from `AskedToWait` where Slack is not to be asked again before some time is over.
    """


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who may; ``broker`` is None for who is known by the team's user group alone.

    ``lead``: who is named as the team's lead and is no broker; they may what leads do with its referrals.
    """

    team: Team
    slack_team: str
    slack_user: str
    broker: Broker | None
    lead: bool = False

    @property
    def who(self) -> str:
        """The name for the audit trail: an id, and nothing else of the person."""
        if self.broker and not self.lead:
            return self.broker.id
        return f"{'lead' if self.lead else 'slack'}:{self.slack_team}:{self.slack_user}"


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
        self._peace: dict[str, float] = {}  # until when Slack asked not to be asked about a group
        self._asking = asyncio.Lock()

    async def of(self, slack_team: str, slack_user: str) -> Member | None:
        """Return the member with a workspace's member id, or None: they may not.

        Raises:
            StoreUnavailable, MembersUnknown: it cannot be known now.
        """
        if not slack_team or not slack_user:
            return None
        found = await run_in_threadpool(self._known, slack_team, slack_user)
        if isinstance(found, Member) or found is None:
            return found
        unknown: list[str] = []
        for member in found:
            members = await self._members(member.team.slack_group)
            if members is not None and slack_user in members:
                return member
            unknown += [member.team.slack_group] if members is None else []
            if unknown and member.broker:
                break  # only who has left their own team's group is known by another's
        if not unknown:
            return None
        seconds = max(self._peace.get(group, 0.0) for group in unknown) - self._clock()
        raise MembersUnknown("Slack does not say who is in a team's user group; try again in a minute") from (
            AskedToWait(seconds) if seconds > 0 else None
        )

    async def for_referrals(self, slack_team: str, slack_user: str, home: str) -> Member | None:
        """Return who may do something about referrals: a member, else a team's lead; see `of` and `lead`."""
        team = slack_team or home
        return await self.of(team, slack_user) or await self.lead(team, slack_user, home)

    async def lead(self, slack_team: str, slack_user: str, home: str) -> Member | None:
        """Return who is named as a team's lead as a member for its referrals, or None: nobody named them.

        ``home`` is the workspace we are installed in, in which a team that names none has its lead.

        Raises:
            StoreUnavailable: it cannot be known now.
        """
        if not slack_team or not slack_user:
            return None
        return await run_in_threadpool(self._named, slack_team, slack_user, home)

    def _named(self, slack_team: str, slack_user: str, home: str) -> Member | None:
        if self._shut_out(slack_team, slack_user):
            return None
        for team in self._teams.all(active=True):
            if team.lead_slack == slack_user and (team.slack_team or home) == slack_team:
                return Member(team, slack_team, slack_user, None, lead=True)
        return None

    def _shut_out(self, slack_team: str, slack_user: str) -> bool:
        left = self._brokers.all(active=False)
        return any((each.slack_team, each.slack_user) == (slack_team, slack_user) for each in left)

    def _known(self, slack_team: str, slack_user: str) -> Member | list[Member] | None:
        """The member as the hub lists them, None for who was shut out, or whom a group is to know as.

        Who is listed by their team's group, and has left it, is known by another's as if not listed.
        """
        broker = self._brokers.of_slack(slack_team, slack_user)
        team = self._teams.get(broker.team) if broker else None
        if broker is not None and team is not None and broker.by_group:
            member = Member(team, slack_team, slack_user, broker)
            if team.active and team.lead_slack == slack_user and team.slack_team in ("", slack_team):
                return member
            others = self._by_groups(slack_team, slack_user, but=team.id)
            return [member, *others] if _has_group(team, slack_team) else others
        if broker is not None:
            return Member(team, slack_team, slack_user, broker) if team else None
        if self._shut_out(slack_team, slack_user):
            return None
        return self._by_groups(slack_team, slack_user)

    def _by_groups(self, slack_team: str, slack_user: str, but: str = "") -> list[Member]:
        """Whom each team's group would know somebody as."""
        teams = [each for each in self._teams.all(active=True) if each.id != but]
        return [Member(each, slack_team, slack_user, None) for each in teams if _has_group(each, slack_team)]

    async def _members(self, group: str) -> frozenset[str] | None:
        """Who is in a group, as Slack said last; None where it never did, or too long ago."""
        async with self._asking:
            now = self._clock()
            at, members = self._groups.get(group, (now - OLDEST_SECONDS, frozenset()))
            if now >= self._next.get(group, now):
                known = now - at < OLDEST_SECONDS
                self._next[group] = now + (TRY_AGAIN_SECONDS if known else UNKNOWN_SECONDS)
                told = await self._ask(group)
                if told is not None:
                    at, members = self._groups[group] = now, told
                    self._next[group] = now + FRESH_SECONDS
            return members if now - at < OLDEST_SECONDS else None

    async def _ask(self, group: str) -> frozenset[str] | None:
        """Who is in a group now; None where Slack does not say."""
        try:
            async with asyncio.timeout(ASKING_SECONDS):
                told = await self._client.usergroups_users_list(usergroup=group)
        except (SlackClientError, aiohttp.ClientError, TimeoutError, OSError) as error:
            logger.warning("a team's user group could not be read (%s)", reason_of(error))
            if (seconds := asked_to_wait(error)) is not None:
                self._peace[group] = self._next[group] = self._clock() + seconds
            gone = isinstance(error, SlackApiError) and code_of(error) in NO_GROUP
            return frozenset() if gone else None
        return frozenset(str(user) for user in told.get("users") or ())


def as_listed(brokers: Brokers, member: Member) -> Member:
    """Return who is known by a team's group alone as the broker whom another team still lists, if it does."""
    if member.broker is not None or member.lead:
        return member
    return replace(member, broker=brokers.of_slack(member.slack_team, member.slack_user))


def _has_group(team: Team, slack_team: str) -> bool:
    return bool(team.active and team.slack_group and team.slack_team == slack_team)
