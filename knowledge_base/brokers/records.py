"""What is kept of brokers: teams, people, clients, referrals, and where each is in Slack."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from knowledge_base.known import Known

NEW, TAKEN, IN_CONTACT = "new", "taken", "in_contact"
HELPED, NOT_FOR_US, UNREACHABLE = "helped", "not_for_us", "unreachable"
OPEN = (NEW, TAKEN, IN_CONTACT)
OUTCOMES = (HELPED, NOT_FOR_US, UNREACHABLE)
STATES = (*OPEN, *OUTCOMES)

Side = Literal["owner", "broker", "us"]
SIDES: tuple[Side, ...] = ("owner", "broker", "us")
OURS = "us"  # who wrote a line to the broker that is about the owner and not by them


@dataclass(frozen=True, slots=True)
class Team:
    """Advisers who share a Slack channel, and what they look after.

    ``areas``, ``needs`` and ``sectors`` are codes; an empty list stands for all of them. ``slack_team``,
    ``channel`` and ``slack_group`` are Slack's ids, "" where not told. Who has not answered is reminded
    ``remind_days`` after the team got the referral; ``lead_after_days`` after, it goes to the hub's lead.
    """

    id: str
    name: str
    areas: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    slack_team: str = ""
    channel: str = ""
    slack_group: str = ""
    lead_email: str = ""
    lead_slack: str = ""
    remind_days: tuple[int, ...] = (1, 3)
    lead_after_days: int = 5
    position: int = 0
    active: bool = True


@dataclass(frozen=True, slots=True)
class Broker:
    """A business adviser, known in Slack by workspace and member id; ``team`` is a team's id.

    ``by_group``: listed because they took a referral as a member of the team's user group in Slack, or as
    the team's lead; they may only while they are that.
    """

    id: str
    team: str
    name: str
    email: str = ""
    slack_team: str = ""
    slack_user: str = ""
    active: bool = True
    by_group: bool = False


@dataclass(frozen=True, slots=True)
class Client:
    """A business that a broker asks for: what it wants and told, and the roadmap made for it last.

    ``profile`` has the contract's shape; ``session`` is what the conversation about it is kept under;
    ``version`` counts its writes; ``referral`` is the code it was made from, if it was. ``planned`` is what
    the saved roadmap held when this record was last in step with it, None where that was never noted.
    """

    id: str
    team: str
    broker: str | None
    name: str
    needs: tuple[str, ...]
    profile: dict[str, Any]
    roadmap: str | None
    session: str
    note: str
    archived: datetime | None
    created: datetime
    touched: datetime
    version: int
    referral: str | None = None
    planned: Known | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is in Slack; ``thread`` is the ts of its root message.

    ``person`` is the member id of whom we talk with there alone, "" in a channel and where it is not known.
    """

    slack_team: str
    channel: str
    thread: str
    person: str = ""


@dataclass(frozen=True, slots=True)
class Referral:
    """A business that asked, with consent, for a person.

    Held by ``broker``, else by ``team``, else by the hub's lead; ``since`` says from when on by that team.
    ``live``: what is written on either side goes to the other. ``recap`` is what the business told, in short
    sentences. ``contact`` is "" where it wanted only a code to quote.
    """

    code: str
    session: str | None
    name: str
    contact: str
    words: str
    needs: tuple[str, ...]
    areas: tuple[str, ...]
    roadmap_id: str | None
    consent_at: datetime
    sector: str | None = None
    state: str = NEW
    team: str | None = None
    broker: str | None = None
    live: bool = False
    recap: tuple[str, ...] = ()
    due_at: datetime | None = None
    since: datetime | None = None
    taken_at: datetime | None = None
    first_answer_at: datetime | None = None
    closed_at: datetime | None = None
    reminded: int = 0
    version: int = 1

    @property
    def open(self) -> bool:
        """Whether somebody still has to do something about it."""
        return self.state in OPEN

    @property
    def code_only(self) -> bool:
        """Whether the business left no way to reach it and will quote the code."""
        return not self.contact


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that was done with a referral; ``team`` and ``broker`` are who it went to, if it went.

    ``by`` is a broker's id, a curator's e-mail, "owner" or "us".
    """

    at: datetime
    by: str
    what: str
    detail: str = ""
    team: str | None = None
    broker: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One line between a business and its broker; ``who`` is a broker's id, "" for the owner and for us.

    On the owner's side it may also be ours, about the owner: then ``who`` is `OURS`. ``key`` names what it
    came from.
    """

    id: int
    code: str
    side: Side
    who: str
    text: str
    at: datetime
    key: str = ""

    @property
    def ours(self) -> bool:
        """Whether no person wrote it."""
        return self.side == "us" or self.who == OURS


@dataclass(frozen=True, slots=True)
class Due:
    """What is due about a referral nobody has answered: ``remind`` its team, or give it to the ``lead``."""

    referral: Referral
    what: Literal["remind", "lead"]


# How often the hub's lead is reminded of what no team has, until somebody has it.
REMIND_LEAD_EVERY = timedelta(days=3)


def next_due(team: Team, since: datetime, reminded: int) -> datetime:
    """Return when something is next to be done about a referral that a team has had ``since`` unanswered."""
    lead = since + timedelta(days=team.lead_after_days)
    left = team.remind_days[reminded:]
    return min(lead, since + timedelta(days=left[0])) if left else lead
