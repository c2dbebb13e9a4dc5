"""Whether what an owner wrote to a broker has had its answer; and the chats of brokers who are shut out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from knowledge_base.store import referral_trail as trail
from knowledge_base.store.broker_tables import RelayLineRow
from knowledge_base.store.columns import in_utc
from knowledge_base.store.rows import insert_new
from knowledge_base.store.tables import ReferralRow

SHUT_OUT_WORDS = (
    "Your adviser is no longer there to answer. Fingerpost answers here again; "
    "to go on with your request, call and quote the code {code}."
)


@dataclass(frozen=True, slots=True)
class Silence:
    """When a broker wrote last, and since when an owner's line waits for an answer (None: none does).

    ``number`` names the silence: it is another once the broker has written.
    """

    number: int
    heard: datetime | None
    waits: datetime | None

    def since(self) -> datetime | None:
        """Return from when on the broker has been silent; None where nothing was written."""
        return self.heard or self.waits


def silence_of(transaction: Session, code: str) -> Silence:
    """Return how long a referral's broker has been silent."""
    row = RelayLineRow
    theirs = select(func.max(row.id)).where(row.code == code, row.side == "broker")
    number = transaction.scalar(theirs) or 0
    heard = transaction.scalar(select(row.at).where(row.id == number)) if number else None
    # A line about the owner, of our own, has a writer; the owner's own have none.
    open_ones = select(row.at).where(row.code == code, row.side == "owner", row.who == "", row.id > number)
    waits = transaction.scalar(open_ones.order_by(row.id).limit(1))
    return Silence(number, in_utc(heard) if heard else None, in_utc(waits) if waits else None)


def shut_out(
    transaction: Session, now: datetime, *, broker: str | None = None, team: str | None = None
) -> None:
    """Give the chats of a broker, or of a team, who may do nothing more back to the bot; owners are told."""
    whose = ReferralRow.broker == broker if broker is not None else ReferralRow.team == team
    asked = select(ReferralRow).where(whose, ReferralRow.live).order_by(ReferralRow.code)
    for row in transaction.scalars(asked.with_for_update()):
        row.live = False
        row.version += 1
        trail.add(transaction, row.code, now, "us", trail.LIVE_ENDED)
        values = {
            "code": row.code,
            "key": f"shut-out:{row.code}:{row.version}",
            "side": "us",
            "who": "",
            "text": SHUT_OUT_WORDS.format(code=row.code),
            "at": now,
            "sent": False,
        }
        insert_new(transaction, RelayLineRow, values)
