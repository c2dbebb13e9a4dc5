"""Keep the businesses that asked, with consent, to be handed to a person, and who has each of them.

Each is held by one broker, else by one team, else by the hub's lead. Everything done is noted in its trail.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from knowledge_base.brokers.records import (
    IN_CONTACT,
    NEW,
    OPEN,
    OUTCOMES,
    REMIND_LEAD_EVERY,
    TAKEN,
    Due,
    Entry,
    Referral,
    next_due,
)
from knowledge_base.store import referral_trail as trail
from knowledge_base.store.broker_tables import BrokerRow
from knowledge_base.store.columns import in_utc
from knowledge_base.store.database import Database
from knowledge_base.store.moved_chats import LED_WORDS, passed_on
from knowledge_base.store.referral_rows import (
    NoSuchReferral,
    WrongState,
    active_broker,
    active_team,
    bring_clients,
    forget,
    give_to,
    held,
    hold_by,
    refuse,
    remove,
    to_record,
)
from knowledge_base.store.rows import insert_new
from knowledge_base.store.tables import ReferralRow

__all__ = ["NoSuchReferral", "Referral", "Referrals", "WrongState"]

LONGEST = {"name": 200, "contact": 300, "words": 4000}
US, OWNER = "us", "owner"
_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # without those that are misread aloud


class Referrals:
    """The referrals kept in one database.

    What changes one raises `NoSuchReferral` where there is none of that code, and `WrongState`, with words
    for whoever asked, where it cannot be done now. Done again by the same person, it changes nothing.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(
        self,
        session: str | None,
        *,
        name: str,
        contact: str,
        words: str = "",
        needs: Sequence[str] = (),
        areas: Sequence[str] = (),
        sector: str | None = None,
        recap: Sequence[str] = (),
        roadmap_id: str | None = None,
        consent_at: datetime,
        code_only: bool = False,
        team: str | None = None,
        why: str = "",
    ) -> str:
        """Keep a referral and return its code, eight letters and digits that can be read aloud.

        Args:
            recap: what the business told, in short sentences.
            code_only: the business wants no call and quotes the code; ``contact`` may then be "".
            team: the team that gets it at once, for the reason ``why``; else the hub's lead has it.

        Raises:
            ValueError: there is no way to reach the business, or a text is too long to be one.
        """
        if not contact.strip() and not code_only:
            raise ValueError("contact: this is missing; give a telephone number or an e-mail address")
        for field, value in (("name", name), ("contact", contact), ("words", words)):
            if len(value) > LONGEST[field]:
                raise ValueError(
                    f"{field}: {len(value)} characters are too many; use at most {LONGEST[field]}"
                )
        values = {
            "session": session,
            "name": name.strip(),
            "contact": contact.strip(),
            "words": words.strip(),
            "needs": list(needs),
            "areas": list(areas),
            "sector": sector,
            "recap": list(recap),
            "roadmap_id": roadmap_id,
            "consent_at": consent_at,
            "due_at": in_utc(consent_at) + REMIND_LEAD_EVERY,
        }
        with self._database.writing() as transaction:
            while True:
                code = "".join(secrets.choice(_LETTERS) for _ in range(8))
                if insert_new(transaction, ReferralRow, {"code": code, **values}):
                    break
            trail.add(transaction, code, consent_at, OWNER, trail.ASKED)
            if team is not None and active_team(transaction, team) is not None:
                hold_by(transaction, held(transaction, code), team, consent_at)
                trail.add(transaction, code, consent_at, US, trail.ASSIGNED, why, team=team)
        return code

    def get(self, code: str) -> Referral | None:
        """Return a referral, or None where there is none of that code."""
        with self._database.session() as transaction:
            row = transaction.get(ReferralRow, code)
            return to_record(row) if row else None

    def of_roadmap(self, roadmap_id: str) -> Referral | None:
        """Return the newest referral made with a roadmap, an open one first."""
        return _first(self._some(ReferralRow.roadmap_id == roadmap_id))

    def of_session(self, session: str) -> Referral | None:
        """Return the newest referral of a conversation, an open one first."""
        return _first(self._some(ReferralRow.session == session))

    def of_broker(self, broker: str) -> list[Referral]:
        """Return the open referrals a broker has, the newest first."""
        return self._some(ReferralRow.broker == broker, ReferralRow.state.in_(OPEN))

    def of_team(self, team: str) -> list[Referral]:
        """Return the open referrals a team has, taken or not, the newest first."""
        return self._some(ReferralRow.team == team, ReferralRow.state.in_(OPEN))

    def open_ones(self, now: datetime) -> list[Referral]:
        """Return every open referral: those something is due about first, then the oldest."""
        at = in_utc(now)
        found = self._some(ReferralRow.state.in_(OPEN))
        return sorted(found, key=lambda each: (not (each.due_at and each.due_at <= at), each.consent_at))

    def unplaced(self, limit: int) -> list[Referral]:
        """Return the open referrals that the hub's lead has, the oldest first."""
        lead = (ReferralRow.team.is_(None), ReferralRow.broker.is_(None), ReferralRow.state.in_(OPEN))
        return self._some(*lead)[::-1][: max(0, limit)]

    def trail(self, code: str) -> list[Entry]:
        """Return what was done with a referral, the oldest first."""
        with self._database.session() as transaction:
            return trail.entries(transaction, code)

    def assign(self, code: str, team: str, why: str, now: datetime, by: str = US) -> Referral:
        """Give a referral that nobody has taken to a team; from another team only by a person's hand."""
        with self._database.writing() as transaction:
            row = held(transaction, code)
            if row.state == NEW and row.team == team:
                return to_record(row)
            if row.state != NEW or (row.team is not None and by == US):
                raise refuse(transaction, row)
            if active_team(transaction, team) is None:
                raise WrongState("This team is not active; choose another.")
            hold_by(transaction, row, team, now)
            trail.add(transaction, code, now, by, trail.ASSIGNED, why, team=team)
            return to_record(row)

    def take(self, code: str, broker: str, now: datetime) -> Referral:
        """Take a referral, for its team or from the hub's lead; of any number at once, one has it."""
        with self._database.writing() as transaction:
            row = held(transaction, code)
            if row.broker == broker:
                return to_record(row)
            taker = active_broker(transaction, broker)
            if row.state != NEW or row.team not in (None, taker.team):
                raise refuse(transaction, row)
            if row.team is None:
                hold_by(transaction, row, taker.team, now)
            row.state, row.broker, row.taken_at = TAKEN, broker, row.taken_at or now
            row.version += 1
            trail.add(transaction, code, now, broker, trail.TAKEN, team=taker.team, broker=broker)
            bring_clients(transaction, row, now)
            return to_record(row)

    def pass_on(
        self,
        code: str,
        *,
        to_team: str | None = None,
        to_broker: str | None = None,
        by: str,
        now: datetime,
        as_lead: bool = False,
    ) -> Referral:
        """Hand a referral to another team, or to a broker, who has it from then on and has to answer anew.

        ``as_lead``: by the hub's lead, who may whoever has it.
        """
        if (to_team is None) == (to_broker is None):
            raise ValueError("pass_on: name a team or a broker, and not both")
        with self._database.writing() as transaction:
            row = held(transaction, code)
            before = trail.last(transaction, code, *trail.MOVES)
            there = row.broker == to_broker if to_broker else (row.team == to_team and row.broker is None)
            again = before is not None and (before.by, before.what) == (by, trail.PASSED_ON)
            if there and (again or by in (row.broker, US) or as_lead):
                return to_record(row)
            _may(transaction, row, by, as_lead)
            team = active_broker(transaction, to_broker).team if to_broker else str(to_team)
            if active_team(transaction, team) is None:
                raise WrongState("This team is not active; choose another.")
            was_live = row.live
            give_to(transaction, row, team, to_broker, by, now)
            passed_on(transaction, row, was_live, now)
            return to_record(row)

    def decline(self, code: str, by: str, why: str, now: datetime) -> Referral:
        """Give a referral to the hub's lead, for a reason in words: it is not for this team."""
        with self._database.writing() as transaction:
            row = held(transaction, code)
            before = trail.last(transaction, code, *trail.MOVES)
            if row.team is None and before and (before.by, before.what) == (by, trail.DECLINED):
                return to_record(row)
            _may(transaction, row, by, as_lead=False)
            was_live = row.live
            hold_by(transaction, row, None, now)
            passed_on(transaction, row, was_live, now)
            trail.add(transaction, code, now, by, trail.DECLINED, why)
            return to_record(row)

    def to_lead(self, code: str, why: str, now: datetime, by: str = US) -> Referral:
        """Give a referral that nobody has answered to the hub's lead."""
        with self._database.writing() as transaction:
            row = held(transaction, code)
            if row.state == NEW and row.team is None:
                return to_record(row)
            if row.state not in (NEW, TAKEN):
                raise refuse(transaction, row)
            was_live = row.live
            hold_by(transaction, row, None, now)
            passed_on(transaction, row, was_live, now, LED_WORDS)
            trail.add(transaction, code, now, by, trail.TO_LEAD, why)
            return to_record(row)

    def contacted(self, code: str, by: str, now: datetime, *, as_lead: bool = False) -> Referral:
        """Keep that the broker who has a referral has answered the business; or that the hub's lead has, or
        was told so: whoever has it keeps it."""
        with self._database.writing() as transaction:
            row = held(transaction, code)
            if row.state not in OPEN if as_lead else row.broker != by:
                raise refuse(transaction, row)
            if as_lead and row.state == NEW:
                row.taken_at = row.taken_at or now
            if row.state == TAKEN or (as_lead and row.state == NEW):
                answered(transaction, row, now, by)
            return to_record(row)

    def close(self, code: str, outcome: str, by: str, now: datetime, *, as_lead: bool = False) -> Referral:
        """End a referral as helped, not_for_us or unreachable: by who has it, or by the hub's lead."""
        if outcome not in OUTCOMES:
            raise ValueError(f"outcome: {outcome[:40]} is not one; use {', '.join(OUTCOMES)}")
        with self._database.writing() as transaction:
            row = held(transaction, code)
            ended = trail.last(transaction, code, trail.CLOSED)
            if row.state == outcome and ended is not None and ended.by == by:
                return to_record(row)
            if row.state not in OPEN or not (as_lead or row.broker == by):
                raise refuse(transaction, row)
            row.state, row.closed_at, row.live, row.due_at = outcome, now, False, None
            row.version += 1
            trail.add(transaction, code, now, by, trail.CLOSED, outcome)
            return to_record(row)

    def due(self, now: datetime) -> list[Due]:
        """Return the referrals whose team, or lead, is to be reminded now, or that are to go to the lead."""
        wanted = (ReferralRow.state.in_((NEW, TAKEN)), ReferralRow.due_at <= now)
        found = []
        with self._database.session() as transaction:
            for row in transaction.scalars(select(ReferralRow).where(*wanted).order_by(ReferralRow.due_at)):
                team = active_team(transaction, row.team) if row.team else None
                since = row.since or in_utc(now)
                late = row.team is not None and (
                    team is None or since + timedelta(days=team.lead_after_days) <= in_utc(now)
                )
                found.append(Due(to_record(row), "lead" if late else "remind"))
        return found

    def remind(self, code: str, now: datetime) -> bool:
        """Note that a team, or the hub's lead, is reminded now; of any number that ask, one is told True."""
        with self._database.writing() as transaction:
            row = held(transaction, code)
            team = active_team(transaction, row.team) if row.team else None
            if row.state not in (NEW, TAKEN) or not row.due_at or row.due_at > in_utc(now):
                return False
            if row.team is None:
                row.reminded, row.due_at = row.reminded + 1, in_utc(now) + REMIND_LEAD_EVERY
                row.version += 1
                trail.add(transaction, code, now, US, trail.REMINDED)
                return True
            if team is None:
                return False
            since = row.since or in_utc(now)
            over = sum(since + timedelta(days=day) <= in_utc(now) for day in team.remind_days)
            if over <= row.reminded:
                return False
            row.reminded, row.due_at = over, next_due(team, since, over)
            row.version += 1
            trail.add(transaction, code, now, US, trail.REMINDED, team=team.id, broker=row.broker)
            return True

    def delete_for_session(self, session: str) -> int:
        """Delete every referral of a conversation, with all that hangs on it; return how many there were."""
        with self._database.writing() as transaction:
            return forget(transaction, session)

    def purge(self, now: datetime, keep_days: int) -> int:
        """Delete the referrals older than ``keep_days``; return how many there were."""
        with self._database.writing() as transaction:
            before = in_utc(now) - timedelta(days=keep_days)
            old = select(ReferralRow.code).where(ReferralRow.consent_at < before)
            return remove(transaction, list(transaction.scalars(old)))

    def _some(self, *wanted: ColumnElement[bool]) -> list[Referral]:
        asked = select(ReferralRow).where(*wanted)
        with self._database.session() as transaction:
            ordered = asked.order_by(ReferralRow.consent_at.desc(), ReferralRow.code)
            return [to_record(row) for row in transaction.scalars(ordered)]

    def list(self) -> list[Referral]:
        """Return every referral, the newest first."""
        return self._some()


def answered(transaction: Session, row: ReferralRow, now: datetime, by: str | None = None) -> None:
    """Keep, inside somebody else's transaction, that a taken referral's business has had its answer."""
    row.state, row.due_at, row.first_answer_at = IN_CONTACT, None, row.first_answer_at or now
    row.version += 1
    trail.add(transaction, row.code, now, by or str(row.broker), trail.CONTACTED)


def _may(transaction: Session, row: ReferralRow, by: str, as_lead: bool) -> None:
    """Refuse who does not hold an open referral: its broker, or while nobody took it, anybody in its team."""
    if row.state not in OPEN:
        raise refuse(transaction, row)
    if as_lead or row.broker == by:
        return
    mate = transaction.get(BrokerRow, by)
    if row.broker or mate is None or not mate.active or row.team is None or mate.team != row.team:
        raise refuse(transaction, row)


def _first(found: Sequence[Referral]) -> Referral | None:
    return next((each for each in found if each.open), found[0] if found else None)
