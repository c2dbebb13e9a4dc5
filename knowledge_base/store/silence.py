"""Whether what an owner wrote to a broker has had its answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from knowledge_base.store.broker_tables import RelayLineRow
from knowledge_base.store.columns import in_utc

CORRECTED = ":corrected:"  # in the key of a line that only corrects an older one


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
    """Return how long a referral's broker has been silent; a corrected older line answers nothing."""
    row = RelayLineRow
    corrects = row.key.contains(CORRECTED, autoescape=True)
    theirs = select(func.max(row.id)).where(row.code == code, row.side == "broker", ~corrects)
    number = transaction.scalar(theirs) or 0
    heard = transaction.scalar(select(row.at).where(row.id == number)) if number else None
    # A line about the owner, of our own, has a writer; the owner's own have none.
    open_ones = select(row.at).where(row.code == code, row.side == "owner", row.who == "", row.id > number)
    waits = transaction.scalar(open_ones.order_by(row.id).limit(1))
    return Silence(number, in_utc(heard) if heard else None, in_utc(waits) if waits else None)
