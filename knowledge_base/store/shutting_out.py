"""What becomes of the referrals of brokers who are shut out: somebody else has to take them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge_base.brokers.records import IN_CONTACT, TAKEN
from knowledge_base.store import referral_trail as trail
from knowledge_base.store.broker_tables import RelayLineRow
from knowledge_base.store.moved_chats import passed_on
from knowledge_base.store.referral_rows import active_team, give_to, hold_by
from knowledge_base.store.rows import insert_new
from knowledge_base.store.tables import ReferralRow

US = "us"
NOT_THERE = "Whoever had it is no longer there."
SHUT_OUT_WORDS = (
    "Your adviser is no longer there to answer, and somebody else is to take your request over.{here} "
    "If it is urgent, call and quote the code {code}."
)
HERE = " Until then Fingerpost answers here again."


def hold_taken(
    transaction: Session, *, broker: str | None = None, team: str | None = None
) -> Sequence[ReferralRow]:
    """Hold the referrals that a broker, or a team, has taken; whoever holds their row too holds it second."""
    whose = ReferralRow.broker == broker if broker is not None else ReferralRow.team == team
    taken = (whose, ReferralRow.state.in_((TAKEN, IN_CONTACT)))
    asked = select(ReferralRow).where(*taken).order_by(ReferralRow.code)
    return transaction.scalars(asked.with_for_update()).all()


def shut_out(
    transaction: Session, now: datetime, *, broker: str | None = None, team: str | None = None
) -> None:
    """Take from a broker, or from a team, who may do nothing more, what they had taken; owners are told.

    A broker's is with the team again, a team's with the hub's lead: untaken, its time to answer beginning
    now. What nobody in a team had taken stays with it until it is handed on, or due.
    """
    for row in hold_taken(transaction, broker=broker, team=team):
        live = row.live
        if live:
            trail.add(transaction, row.code, now, US, trail.LIVE_ENDED)
        if broker is not None and row.team and active_team(transaction, row.team) is not None:
            give_to(transaction, row, row.team, None, US, now)
        else:
            hold_by(transaction, row, None, now)
            trail.add(transaction, row.code, now, US, trail.TO_LEAD, NOT_THERE)
        passed_on(transaction, row, was_live=False, now=now)  # what became of their chat is said here
        if row.session:
            _tell(transaction, row, live, now)


def _tell(transaction: Session, row: ReferralRow, live: bool, now: datetime) -> None:
    """Say it to the owner, in the chat they came from."""
    values = {
        "code": row.code,
        "key": f"shut-out:{row.code}:{row.version}",
        "side": US,
        "who": "",
        "text": SHUT_OUT_WORDS.format(here=HERE if live else "", code=row.code),
        "at": now,
        "sent": False,
    }
    insert_new(transaction, RelayLineRow, values)
