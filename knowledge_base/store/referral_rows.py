"""A referral's row: hold it, say who has it, and delete it with all that hangs on it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from knowledge_base.brokers.records import (
    HELPED,
    NEW,
    NOT_FOR_US,
    REMIND_LEAD_EVERY,
    TAKEN,
    UNREACHABLE,
    Referral,
    Team,
    next_due,
)
from knowledge_base.store import referral_trail as trail
from knowledge_base.store.broker_tables import BrokerRow, ClientRow, SlackPlaceRow, SlackWorkRow, TeamRow
from knowledge_base.store.columns import in_utc
from knowledge_base.store.parted import part_with
from knowledge_base.store.queues import FORGOTTEN
from knowledge_base.store.slack_ties import take_down
from knowledge_base.store.tables import CheckupRow, ReferralRow, RoadmapRow
from knowledge_base.store.team_rows import team_of
from knowledge_base.store.unheard import digest_of, forget_unheard

MANY = 500  # values in one statement
_ENDED = {
    HELPED: "It is closed: the business was helped.",
    NOT_FOR_US: "It is closed: it was not for us.",
    UNREACHABLE: "It is closed: the business could not be reached.",
}


class NoSuchReferral(LookupError):
    """There is no referral of that code; it may have been deleted because the business asked for that."""


class WrongState(ValueError):
    """What was asked of a referral cannot be done now; the message says who has it, or what became of it."""


def held(transaction: Session, code: str) -> ReferralRow:
    """Return a referral's row, which nobody else changes until the transaction ends."""
    row = transaction.get(ReferralRow, code, with_for_update=True)
    if row is None:
        raise NoSuchReferral(
            "There is no referral with this code any more; the business may have deleted it."
        )
    return row


def hold_by(transaction: Session, row: ReferralRow, team: str | None, now: datetime) -> None:
    """Give a referral to a team, untaken, its time to answer beginning now, or (None) to the hub's lead."""
    known = active_team(transaction, team) if team else None
    row.state, row.team, row.broker, row.live = NEW, team, None, False
    row.reminded, row.since = 0, in_utc(now) if team else None
    row.due_at = next_due(known, in_utc(now), 0) if known else in_utc(now) + REMIND_LEAD_EVERY
    row.version = (row.version or 1) + 1


def give_to(
    transaction: Session, row: ReferralRow, team: str, broker: str | None, by: str, now: datetime
) -> None:
    """Hand a referral to a team, or to a broker in it, who answers anew; within a team a chat goes on."""
    live = row.live and broker is not None and team == row.team
    hold_by(transaction, row, team, now)
    row.live = live
    if broker:
        row.state, row.broker, row.taken_at = TAKEN, broker, row.taken_at or now
    trail.add(transaction, row.code, now, by, trail.PASSED_ON, team=team, broker=broker)
    bring_clients(transaction, row, now)


def bring_clients(transaction: Session, row: ReferralRow, now: datetime) -> None:
    """Give the client of a referral to whoever of its team has that now.

    It stays where somebody put it: with a colleague who never had the referral. Another team's follows when
    its threads can go, see `Clients.follow`.
    """
    theirs = (ClientRow.referral == row.code, ClientRow.team == row.team, ClientRow.forgotten.is_(False))
    if not row.broker:
        return
    had = {entry.broker for entry in trail.entries(transaction, row.code)}
    for client in transaction.scalars(select(ClientRow).where(*theirs).with_for_update()):
        holder = transaction.get(BrokerRow, client.broker) if client.broker else None
        put = holder is not None and holder.active and holder.team == row.team and holder.id not in had
        if client.broker != row.broker and not put:
            client.broker, client.touched, client.version = row.broker, now, client.version + 1


def refuse(transaction: Session, row: ReferralRow) -> WrongState:
    """The words for somebody who cannot have what they asked of a referral as it is."""
    if row.state in _ENDED:
        return WrongState(_ENDED[row.state])
    if row.broker:
        broker = transaction.get(BrokerRow, row.broker)
        return WrongState(f"{broker.name if broker else 'Somebody else'} has taken it.")
    if row.team:
        team = transaction.get(TeamRow, row.team)
        return WrongState(f"It is with {team.name if team else 'another team'}, and nobody has taken it yet.")
    return WrongState("It is with the hub's lead.")


def active_team(transaction: Session, id: str) -> Team | None:
    """Return a team that is active, or None."""
    row = transaction.get(TeamRow, id)
    return team_of(row) if row and row.active else None


def active_broker(transaction: Session, id: str) -> BrokerRow:
    """Return the row of a broker who is active; raise `WrongState` where nobody is."""
    row = transaction.get(BrokerRow, id)
    if row is None or not row.active:
        raise WrongState("This person is not an active broker; look at the list of brokers.")
    return row


def forget(transaction: Session, session: str) -> int:
    """Delete the referrals of a conversation with all that hangs on them, clients made from them too.

    A client is found by its owner's digest, since the referral it was made from may be gone before it.
    """
    mine = select(ReferralRow.code).where(ReferralRow.session == session)
    codes = list(transaction.scalars(mine.with_for_update()))
    for some in _portions(codes):
        asked = select(ClientRow).where(ClientRow.referral.in_(some)).with_for_update()
        forget_clients(transaction, list(transaction.scalars(asked)))
    theirs = (ClientRow.owner == digest_of(transaction, session), ClientRow.forgotten.is_(False))
    asked = select(ClientRow).where(*theirs).with_for_update()
    forget_clients(transaction, list(transaction.scalars(asked)))
    return remove(transaction, codes)


def remove(transaction: Session, codes: Collection[str]) -> int:
    """Delete referrals with their trail, lines and places, and what waits for Slack or is in it."""
    gone = 0
    for some in _portions(list(codes)):
        forget_slack(transaction, some)
        done = transaction.execute(delete(ReferralRow).where(ReferralRow.code.in_(some)))
        gone += done.rowcount  # type: ignore[attr-defined]
    return gone


def forget_clients(transaction: Session, rows: Collection[ClientRow]) -> None:
    """Blank clients, with all that was made under their sessions, and what waits for Slack or is in it."""
    ids = [row.id for row in rows]
    forget_slack(transaction, ids)
    forget_made(transaction, [row.session for row in rows])
    transaction.execute(delete(SlackPlaceRow).where(SlackPlaceRow.client.in_(ids)))
    for row in rows:
        row.name, row.needs, row.profile, row.roadmap, row.note = "", [], {}, None, ""
        row.referral, row.owner, row.planned, row.forgotten = None, None, None, True
        row.version += 1


def forget_made(transaction: Session, sessions: Collection[str]) -> None:
    """Delete the roadmaps with their notes, the check-ups and the words kept under clients' sessions.

    The sessions themselves are noted, to be forgotten elsewhere.
    """
    for some in _portions(list(sessions)):
        transaction.execute(delete(RoadmapRow).where(RoadmapRow.session.in_(some)))
        transaction.execute(delete(CheckupRow).where(CheckupRow.session.in_(some)))
        for session in some:
            forget_unheard(transaction, session)
        part_with(transaction, some)


def forget_slack(transaction: Session, about: Collection[str]) -> None:
    """Blank what Slack told about some referrals or clients, and take down what we put into it."""
    work = update(SlackWorkRow).where(SlackWorkRow.about.in_(list(about)), SlackWorkRow.ended.is_(None))
    blank = {"body": None, "state": FORGOTTEN, "ended": SlackWorkRow.at, "worker": None, "lease_until": None}
    transaction.execute(work.values(**blank).execution_options(synchronize_session=False))
    take_down(transaction, about)


def to_record(row: ReferralRow) -> Referral:
    """Return the record of a row."""
    return Referral(
        code=row.code,
        session=row.session,
        name=row.name,
        contact=row.contact,
        words=row.words,
        needs=tuple(row.needs),
        areas=tuple(row.areas),
        roadmap_id=row.roadmap_id,
        consent_at=row.consent_at,
        sector=row.sector,
        state=row.state,
        team=row.team,
        broker=row.broker,
        live=row.live,
        recap=tuple(row.recap or ()),
        due_at=_utc(row.due_at),
        since=_utc(row.since),
        taken_at=_utc(row.taken_at),
        first_answer_at=_utc(row.first_answer_at),
        closed_at=_utc(row.closed_at),
        reminded=row.reminded,
        version=row.version,
    )


def _utc(moment: datetime | None) -> datetime | None:
    """A moment just set on a row has not been through the column yet."""
    return in_utc(moment) if moment else None


def _portions(values: list[str]) -> list[list[str]]:
    return [values[start : start + MANY] for start in range(0, len(values), MANY)]
