"""Slack as an administrator has to see it: whether it is set up, what did not arrive, and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.slack.settings import SECRET, TOKEN, slack_settings
from bot.web.settings import BadSettings
from knowledge_base.brokers.records import Team
from knowledge_base.brokers.words import long
from knowledge_base.store.database import Database
from knowledge_base.store.slack_state import slack_state

STILL_FRESH_SECONDS = 300  # a post that waits for less is on its way
MENDS = {
    "invite the app": "Open the channel in Slack and write “/invite @Fingerpost” (the app’s own name).",
    "archived": "Unarchive the channel in Slack, or give the team another.",
    "has left the workspace": "Shut the person out under their team, or give them their new member id.",
    "SLACK_BOT_TOKEN": "Install the app again, copy its token into the settings, and start again.",
    "not in the workspace": "Compare the member id with the one in their profile in Slack.",
}


@dataclass(frozen=True)
class Trouble:
    """What did not arrive: where, how often, when last, why, and what to do about it."""

    where: str
    count: int
    when: datetime
    why: str
    mend: str
    waits: bool


@dataclass(frozen=True)
class SlackView:
    """``set_up`` is None where nothing of Slack is set, False where what is set will not do."""

    set_up: bool | None
    faults: tuple[str, ...] = ()
    socket: bool = False
    last_sent: datetime | None = None
    last_done: datetime | None = None
    waiting: int = 0
    troubles: tuple[Trouble, ...] = ()
    settings: tuple[str, ...] = field(default=(SECRET, TOKEN))


def slack_view(env: Mapping[str, str], database: Database, teams: list[Team], now: datetime) -> SlackView:
    """Return how it stands with Slack. No setting's value is part of it."""
    names = {team.channel: team.name for team in teams if team.channel}
    faults: tuple[str, ...] = ()
    try:
        settings = slack_settings(env)
        set_up = True if settings else None
        socket = bool(settings and settings.app_token)
    except BadSettings as bad:
        set_up, socket, faults = False, False, tuple(bad.faults)
    state = slack_state(database)

    def where(channel: str) -> str:
        return f"the channel of {names[channel]} ({channel})" if channel in names else channel

    troubles = [
        Trouble(
            where(each.channel) if each.channel else f"what Slack told us ({each.kind})",
            each.count,
            each.last,
            each.why,
            _mend(each.why),
            False,
        )
        for each in state.given_up
    ]
    for each in state.waiting:
        waited = now - each.since
        if each.why or waited.total_seconds() > STILL_FRESH_SECONDS:
            why = each.why or f"not sent for {long(waited)}"
            troubles.append(Trouble(where(each.channel), each.count, each.since, why, _mend(why), True))
    return SlackView(
        set_up,
        faults,
        socket,
        state.last_sent,
        state.last_done,
        sum(each.count for each in state.waiting),
        tuple(troubles),
    )


def _mend(why: str) -> str:
    return next((mend for part, mend in MENDS.items() if part in why), "")
