"""A person in the owner's chat: what the owner writes goes to the broker, and what they write comes here.

The bot keeps quiet while a broker has the chat. Everything here blocks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from bot.web.formats import as_day, day
from bot.web.people_words import BUTTON, wants_bot, wants_deletion
from knowledge_base.advice import Advice
from knowledge_base.brokers.handing_on import named, spoken_to
from knowledge_base.brokers.records import (
    HELPED,
    IN_CONTACT,
    NEW,
    NOT_FOR_US,
    TAKEN,
    UNREACHABLE,
    Line,
    Referral,
)
from knowledge_base.brokers.silence import QUIET_AFTER, bot_again, tell_thread
from knowledge_base.store.columns import in_utc

US = "Fingerpost"
HAS_IT = "{who} has your message; the answer comes here."
URGENT = "If it is urgent, call and quote the code."
MOST_LINES = 100
TOLD_AFTER = timedelta(days=1)  # how long an owner's chat still says how a request ended
HERE = "Fingerpost answers here."
QUIET = (
    "{who} has your message, and has written nothing here since {since}. "
    "If you do not want to wait, Fingerpost can answer you meanwhile."
)
AWAY = (
    "{who} cannot answer here at the moment. Your message is kept with your request ({code}); "
    "Fingerpost can answer you, or call and quote the code."
)
BACK_BUTTON = {"title": BUTTON, "payload": BUTTON}
# What the broker's thread is told; nothing of what the owner wrote.
WENT_BACK = "The owner went back to Fingerpost. What you write here still goes to them."
DELETING = (
    "The owner asks to have their data deleted, and Fingerpost asks them whether they are sure. "
    "What they write does not come here for now."
)

STATES = {
    NEW: "Waiting for somebody to take it",
    TAKEN: "Taken; you will be answered",
    IN_CONTACT: "You are in contact",
    HELPED: "Closed: you were helped",
    NOT_FOR_US: "Closed: it needs somebody else",
    UNREACHABLE: "Closed: you could not be reached",
}


@dataclass(frozen=True, slots=True)
class PersonView:
    """A request for a person, as its owner may see it: nothing of who asked, and nothing brokers noted."""

    code: str
    state: str
    who: str
    since: str
    next: str
    open: bool


class People:
    """The persons in owners' chats."""

    def __init__(self, advice: Advice) -> None:
        self.advice = advice

    def hear(
        self, session: str, words: str, message_id: str, after: int | None, now: datetime
    ) -> list[dict[str, Any]] | None:
        """Hand a message to the broker who has the chat, and return what they wrote; None: the bot answers.

        Args:
            after: the last line that was shown; by default, the owner's own last line.
        """
        relay = self.advice.relay
        referral = relay.talking(session)
        if referral is None:
            # The button of a chat that was given back meanwhile.
            pressed = words.strip() == BUTTON and self.advice.referrals.of_session(session)
            return [{"text": HERE}] if pressed else None
        code, key = referral.code, f"chat:{session}:{message_id}"
        if wants_deletion(words):
            relay.end(code, now)
            tell_thread(self.advice, code, DELETING, f"{key}:delete", now)
            return None
        back = wants_bot(words)
        if not back and bot_again(self.advice, code, now):
            return None
        own = [line.id for line in relay.since(code, 0, 10_000) if line.side == "owner" and not line.ours]
        seen = after if after is not None else (own[-1] if own else 0)
        quiet: Line | None = None
        if back:
            spoken_to(self.advice, code, now)
            tell_thread(self.advice, code, WENT_BACK, f"{key}:back", now)
        else:
            silent = self._silent(referral, now)
            relay.say(code, "owner", "", words, key, now)
            quiet = relay.say(code, "us", "", *silent, now) if silent else None
        lines = [line for line in relay.since(code, seen, MOST_LINES) if _for_owner(line)]
        said = [self._reply(line) for line in lines]
        if quiet is not None:
            said = [each | {"buttons": [BACK_BUTTON]} if each["line"] == quiet.id else each for each in said]
        if not said and not own:
            return [{"text": HAS_IT.format(who=self._first_name(referral))}]
        return said

    def _silent(self, referral: Referral, now: datetime) -> tuple[str, str] | None:
        """What an owner is told, and the key it is told under once, where nobody is likely to answer soon."""
        silence, code = self.advice.relay.silence(referral.code), referral.code
        broker = self.advice.brokers.get(referral.broker) if referral.broker else None
        team = self.advice.teams.get(referral.team) if referral.team else None
        who = self._first_name(referral)
        if not (broker and broker.active and team and team.active):
            return AWAY.format(who=who, code=code), f"away:{code}:{silence.number}"
        since = silence.since()
        if since is None or in_utc(now) - since < QUIET_AFTER:
            return None
        return QUIET.format(who=who, since=day(as_day(since))), f"quiet:{code}:{silence.number}"

    def person(self, session: str, now: datetime) -> dict[str, Any] | None:
        """Return who has an owner's request, and how it stands; None where there is nothing to wait for."""
        referral = self._of(session, now)
        if referral is None:
            return None
        return {"name": named(self.advice, referral), "state": referral.state, "live": referral.live}

    def news(self, session: str, after: int, now: datetime) -> dict[str, Any]:
        """Return the lines for an owner after one, the oldest first, and who has the request."""
        referral = self._of(session, now)
        if referral is None:
            return {"lines": [], "person": None}
        lines = self.advice.relay.since(referral.code, after, MOST_LINES)
        return {
            "lines": [
                {"id": line.id, "who": self._who(line), "text": line.text, "at": line.at.isoformat()}
                for line in lines
                if _for_owner(line)
            ],
            "person": self.person(session, now),
        }

    def of_roadmap(self, id: str, session: str | None, today: date) -> PersonView | None:
        """Return how the request made with a roadmap, or in its conversation, stands."""
        referral = self.advice.referrals.of_roadmap(id)
        if referral is None and session:
            referral = self.advice.referrals.of_session(session)
        if referral is None:
            return None
        return PersonView(
            code=referral.code,
            state=STATES[referral.state],
            who=named(self.advice, referral),
            since=day(as_day(_since(referral))),
            next=self._next(referral, today),
            open=referral.open,
        )

    def _next(self, referral: Referral, today: date) -> str:
        if referral.state == NEW:
            team = self.advice.teams.get(referral.team) if referral.team else None
            if team is None:
                return f"{self.advice.hub.name} decides who takes it. {URGENT}"
            last = (referral.since or referral.consent_at).date() + timedelta(days=team.lead_after_days)
            if last <= today:
                return f"{self.advice.hub.name} is told that it waits. {URGENT}"
            return f"Somebody of the team takes it. If nobody has by {day(last)}, the hub's lead is told."
        if referral.state == TAKEN:
            if referral.code_only:
                return "They answer you when you call or write and quote the code, or in the chat."
            return "They get in touch with you, or answer in the chat."
        if referral.state == IN_CONTACT:
            return "Go on with them. If you hear nothing more, call and quote the code."
        return "Nothing more is done. Ask for a person again in the conversation if you need one."

    def _of(self, session: str, now: datetime) -> Referral | None:
        referral = self.advice.relay.talking(session) or self.advice.referrals.of_session(session)
        if referral is None or referral.open:
            return referral
        return referral if referral.closed_at and now - referral.closed_at < TOLD_AFTER else None

    def _reply(self, line: Line) -> dict[str, Any]:
        return {"text": line.text, "who": self._who(line), "line": line.id}

    def _who(self, line: Line) -> str:
        if line.side == "us":
            return US
        broker = self.advice.brokers.get(line.who)
        return broker.name if broker else "Your adviser"

    def _first_name(self, referral: Referral) -> str:
        broker = self.advice.brokers.get(referral.broker) if referral.broker else None
        return broker.name if broker else named(self.advice, referral)


def _for_owner(line: Line) -> bool:
    return line.side != "owner"


def _since(referral: Referral) -> datetime:
    if not referral.open:
        return referral.closed_at or referral.consent_at
    if referral.broker:
        return referral.taken_at or referral.consent_at
    return referral.since or referral.consent_at
