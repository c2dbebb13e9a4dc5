"""The forms of teams and brokers: what was typed, what it says, and the words beside what cannot be."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.datastructures import FormData

from bot.console.forms.names import Names
from bot.console.gate import text
from knowledge_base.brokers.records import Broker, Team
from knowledge_base.store.teams import BadBroker, BadTeam

MORE_LINES = 2
MOST_AREAS = 200
SLACK_IDS = ("slack_team", "channel", "slack_group", "lead_slack")
_PLAIN = ("name", *SLACK_IDS, "lead_email")
_DAYS = re.compile(r"[,;\s]+")
_WHOLE = re.compile(r"-?[0-9]{1,7}")


@dataclass
class Filled:
    """A form as it stands; ``fields`` are what its words say, ``faults`` the words beside its fields."""

    given: dict[str, Any]
    seen: str = ""
    fields: dict[str, Any] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)

    def blame(self, bad: BadTeam | BadBroker) -> None:
        """Put what the store refused beside the field it is about; "" stands for the whole."""
        self.faults[bad.field] = str(bad).removeprefix(f"{bad.field}: ")


def of_team(team: Team, areas: Names, seen: str) -> Filled:
    """Return the form of a team as it is kept."""
    given: dict[str, Any] = {name: getattr(team, name) for name in _PLAIN}
    given |= {
        "areas": [*(areas.shown(code) for code in team.areas), *[""] * MORE_LINES],
        "needs": team.needs,
        "sectors": team.sectors,
        "remind_days": ", ".join(map(str, team.remind_days)),
        "lead_after_days": str(team.lead_after_days),
        "position": str(team.position),
    }
    return Filled(given, seen)


def sent_team(sent: FormData, areas: Names, more: bool) -> Filled:
    """Read the form of a team as somebody sent it; ``more`` gives its areas more lines."""
    lines = [each.strip()[:300] for each in sent.getlist("areas")[:MOST_AREAS] if isinstance(each, str)]
    told = [each for each in lines if each]
    given: dict[str, Any] = {name: text(sent, name, 1_000) for name in _PLAIN}
    given |= {
        "areas": [*told, *[""] * (MORE_LINES * 2 if more else MORE_LINES)],
        "needs": _chosen(sent, "needs"),
        "sectors": _chosen(sent, "sectors"),
    }
    given |= {name: text(sent, name, 200) for name in ("remind_days", "lead_after_days", "position")}
    filled = Filled(given, text(sent, "seen", 100))
    filled.fields = {name: given[name] for name in (*_PLAIN, "needs", "sectors")}
    wrong = [fault for each in told if (fault := areas.fault(each))]
    if wrong:
        filled.faults["areas"] = "; ".join(f"{what}; {hint}" for what, hint in wrong[:3]) + "."
    filled.fields["areas"] = [areas.read(each) for each in told]
    days = [each for each in _DAYS.split(given["remind_days"]) if each]
    if all(_WHOLE.fullmatch(each) for each in days):
        filled.fields["remind_days"] = [int(each) for each in days]
    else:
        filled.faults["remind_days"] = "Write whole numbers of days with commas between, such as 1, 3."
    for name, otherwise in (("lead_after_days", None), ("position", 0)):
        if _WHOLE.fullmatch(given[name]):
            filled.fields[name] = int(given[name])
        elif otherwise is not None and not given[name]:
            filled.fields[name] = otherwise
        else:
            filled.faults[name] = "Write a whole number, such as 5."
    return filled


def of_broker(broker: Broker, seen: str) -> Filled:
    """Return the form of a broker as they are kept."""
    names = ("team", "name", "email", "slack_team", "slack_user", "by_group")
    return Filled({name: getattr(broker, name) for name in names}, seen)


def sent_broker(sent: FormData, teams: Mapping[str, Team]) -> Filled:
    """Read the form of a broker as somebody sent it."""
    names = ("team", "name", "email", "slack_team", "slack_user")
    given: dict[str, Any] = {name: text(sent, name, 1_000) for name in names}
    filled = Filled(given, text(sent, "seen", 100), dict(given))
    given["by_group"] = text(sent, "by_group") == "yes"
    if text(sent, "asks_group") == "yes":  # a box that is not ticked is not sent
        filled.fields["by_group"] = given["by_group"]
    team = teams.get(given["team"])
    if team is None:
        filled.faults["team"] = "There is no such team; choose one from the list."
    elif not given["slack_user"] and given["slack_team"] == team.slack_team:
        filled.fields["slack_team"] = ""  # it stood there already, for those who are in Slack
    return filled


def _chosen(sent: FormData, name: str) -> list[str]:
    return [each[:100] for each in sent.getlist(name)[:100] if isinstance(each, str)]
