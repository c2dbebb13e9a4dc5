"""Keep what was done with a referral, by whom, inside the transaction that does it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge_base.brokers.records import Entry
from knowledge_base.store.broker_tables import ReferralTrailRow

ASKED, ASSIGNED, TAKEN, PASSED_ON, DECLINED = "asked", "assigned", "taken", "passed_on", "declined"
CONTACTED, CLOSED, REMINDED, TO_LEAD = "contacted", "closed", "reminded", "to_lead"
LIVE_BEGAN, LIVE_ENDED, CLIENT_DELETED = "live_began", "live_ended", "client_deleted"
MOVES = (ASSIGNED, TAKEN, PASSED_ON, DECLINED, TO_LEAD)
LONGEST_DETAIL = 1000


def add(
    transaction: Session,
    code: str,
    now: datetime,
    by: str,
    what: str,
    detail: str = "",
    *,
    team: str | None = None,
    broker: str | None = None,
) -> None:
    """Note one thing that was done; ``detail`` is for staff, and holds nothing the business wrote."""
    row = ReferralTrailRow(
        code=code, at=now, by=by[:254], what=what, detail=detail[:LONGEST_DETAIL], team=team, broker=broker
    )
    transaction.add(row)


def entries(transaction: Session, code: str) -> list[Entry]:
    """Return what was done with a referral, the oldest first."""
    asked = select(ReferralTrailRow).where(ReferralTrailRow.code == code).order_by(ReferralTrailRow.id)
    return [_entry(row) for row in transaction.scalars(asked)]


def reminders(done: Sequence[Entry]) -> list[int]:
    """Return which entries say that whoever is to answer was reminded, since a referral last moved."""
    moves = [n for n, each in enumerate(done) if each.what in MOVES and each.what != TAKEN]
    since = moves[-1] if moves else 0
    return [n for n, each in enumerate(done) if each.what == REMINDED and n > since]


def client_deleted(done: Sequence[Entry]) -> bool:
    """Say whether a referral's client was deleted since somebody took it last: then they get no other."""
    gone = max((n for n, each in enumerate(done) if each.what == CLIENT_DELETED), default=-1)
    given = [n for n, each in enumerate(done) if each.broker and each.what in (TAKEN, PASSED_ON)]
    return gone > max(given, default=-1)


def last(transaction: Session, code: str, *what: str) -> Entry | None:
    """Return what was done last with a referral, of some kinds of doing."""
    asked = (
        select(ReferralTrailRow)
        .where(ReferralTrailRow.code == code, ReferralTrailRow.what.in_(what))
        .order_by(ReferralTrailRow.id.desc())
        .limit(1)
    )
    row = transaction.scalars(asked).first()
    return _entry(row) if row else None


def _entry(row: ReferralTrailRow) -> Entry:
    return Entry(row.at, row.by, row.what, row.detail, row.team, row.broker)
