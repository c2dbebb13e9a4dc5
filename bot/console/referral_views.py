"""Referrals as the console shows them: lines of a list, the trail in words, and what a role may see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from knowledge_base import labels
from knowledge_base.brokers.records import OUTCOMES, Broker, Entry, Referral, Team
from knowledge_base.brokers.words import STATE_WORDS, long
from knowledge_base.store import referral_trail as trail

PAGE = 50
FILTERS = {
    "open": "Open",
    "late": "Overdue",
    "lead": "With the hub’s lead",
    **{state: words.capitalize() for state, words in STATE_WORDS.items()},
    "all": "All",
}
DEEDS = {
    trail.ASKED: "asked for a person",
    trail.ASSIGNED: "given to",
    trail.TAKEN: "taken by",
    trail.PASSED_ON: "passed on to",
    trail.DECLINED: "given back: it is not for this team",
    trail.CONTACTED: "in contact with the business",
    trail.CLOSED: "closed",
    trail.REMINDED: "reminded",
    trail.TO_LEAD: "given to the hub’s lead",
    trail.LIVE_BEGAN: "began to write to each other",
    trail.LIVE_ENDED: "ended writing to each other",
    trail.CLIENT_DELETED: "deleted the client made of it; the request stays",
}
FOR_ALL = (trail.ASSIGNED, trail.CLOSED)  # their details are ours, not a person's words


@dataclass(frozen=True)
class Row:
    """One referral in the list; ``name`` is None where it is not shown to this role."""

    code: str
    name: str | None
    wants: str
    where: str
    state: str
    who: str
    asked: datetime
    waited: str
    late: bool
    open: bool


@dataclass(frozen=True)
class Deed:
    """One line of the trail, in words."""

    at: datetime
    words: str
    by: str
    detail: str


class People:
    """The teams and brokers by id, for their names."""

    def __init__(self, teams: Iterable[Team], brokers: Iterable[Broker]) -> None:
        self.teams = {each.id: each for each in teams}
        self.brokers = {each.id: each for each in brokers}

    def holder(self, referral: Referral) -> str:
        """Say who has a referral."""
        team = self.team(referral.team) if referral.team else ""
        if referral.broker:
            return " · ".join(filter(None, (self.broker(referral.broker), team)))
        return f"{team}, not taken yet" if team else "the hub’s lead"

    def team(self, id: str) -> str:
        return self.teams[id].name if id in self.teams else "a team that is gone"

    def broker(self, id: str) -> str:
        return self.brokers[id].name if id in self.brokers else "somebody who is gone"

    def by(self, who: str) -> str:
        """Say who did something that is in the trail."""
        if who in ("owner", "us"):
            return {"owner": "the business", "us": "Fingerpost"}[who]
        return self.brokers[who].name if who in self.brokers else who


def late(referral: Referral, now: datetime) -> bool:
    """Say whether something should have been done about a referral by now, or nobody has it."""
    return referral.open and bool(referral.due_at and referral.due_at <= now)


def fits(referral: Referral, chosen: str, now: datetime) -> bool:
    """Say whether a referral belongs under a filter of the list."""
    if chosen == "all":
        return True
    if chosen == "open":
        return referral.open
    if chosen == "late":
        return late(referral, now)
    if chosen == "lead":
        return referral.open and not referral.team and not referral.broker
    return referral.state == chosen


def in_order(referrals: Sequence[Referral], now: datetime) -> list[Referral]:
    """Return referrals as they are to be worked on: overdue, then open, the oldest first; then closed."""
    waiting = sorted((r for r in referrals if r.open), key=lambda r: (not late(r, now), r.consent_at, r.code))
    closed = sorted((r for r in referrals if not r.open), key=lambda r: r.closed_at or r.consent_at)
    return [*waiting, *reversed(closed)]


def row(referral: Referral, people: People, areas: Mapping[str, str], now: datetime, refers: bool) -> Row:
    """Return a line of the list."""
    return Row(
        code=referral.code,
        name=(referral.name or "no name told") if refers else None,
        wants=", ".join(labels.needs(referral.needs)) or "not told",
        where=" or ".join(areas.get(code, code) for code in referral.areas) or "not told",
        state=STATE_WORDS.get(referral.state, referral.state),
        who=people.holder(referral),
        asked=referral.consent_at,
        waited=long(now - referral.consent_at),
        late=late(referral, now),
        open=referral.open,
    )


def deed(entry: Entry, people: People, refers: bool) -> Deed:
    """Return one line of the trail; what a person gave as a reason only to those who may see names."""
    words = DEEDS.get(entry.what, entry.what.replace("_", " "))
    if entry.what in (trail.ASSIGNED, trail.PASSED_ON, trail.TAKEN):
        to = people.broker(entry.broker) if entry.broker else people.team(entry.team) if entry.team else ""
        words = f"{words} {to}".strip()
    detail = entry.detail
    if entry.what == trail.CLOSED and detail in OUTCOMES:
        words, detail = f"{words}: {STATE_WORDS[detail]}", ""
    # Who took it is who did it: named once.
    by = "" if entry.what == trail.TAKEN and entry.by == entry.broker else people.by(entry.by)
    return Deed(entry.at, words, by, detail if refers or entry.what in FOR_ALL else "")
