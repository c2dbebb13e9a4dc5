"""Learn from Slack how somebody is called whom the hub does not list, and list them."""

from __future__ import annotations

import contextlib
from datetime import datetime
from typing import Any

from starlette.concurrency import run_in_threadpool

from bot.slack.errors import asked_to_wait
from bot.slack.members import Member
from bot.slack.parts import SlackDoor
from knowledge_base.advice import Advice
from knowledge_base.store.teams import BadBroker


async def list_as_broker(door: SlackDoor, advice: Advice, member: Member) -> None:
    """List who is known by the team's user group, or as its lead: what they take must have a name.

    Raises:
        SlackApiError: Slack asked to wait.
    """
    try:
        known = await door.client.users_info(user=member.slack_user)
        user = known.get("user") or {}
        name = str((user.get("profile") or {}).get("real_name") or user.get("real_name") or "")
    except Exception as error:
        if asked_to_wait(error) is not None:
            raise  # they would keep the name that stands in for theirs
        name = ""
    fields = {
        "team": member.team.id,
        "name": name[:200].strip() or f"A member of {member.team.name}"[:200],
        "slack_team": member.slack_team,
        "slack_user": member.slack_user,
        "by_group": True,
    }
    await run_in_threadpool(_list, advice, member, fields, door.clock())


def _list(advice: Advice, member: Member, fields: dict[str, Any], now: datetime) -> None:
    """List somebody, or move them here whom another team's group made a broker and has no more."""
    here = (member.slack_team, member.slack_user)
    brokers = advice.brokers.all(active=True)
    known = next((each for each in brokers if (each.slack_team, each.slack_user) == here), None)
    with contextlib.suppress(BadBroker):  # listed meanwhile
        if known is None:
            advice.brokers.add(now=now, by=member.who, **fields)
        elif known.by_group:
            advice.brokers.change(known.id, now=now, by=member.who, team=member.team.id)
