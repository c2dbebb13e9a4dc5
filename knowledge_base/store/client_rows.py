"""A client's row: move it to somebody else, and delete it with all that hangs on it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from knowledge_base.brokers.records import OPEN
from knowledge_base.store.broker_tables import BrokerRow, ClientRow, SlackPlaceRow
from knowledge_base.store.moved_chats import passed_on
from knowledge_base.store.referral_rows import active_team, forget_made, forget_slack, give_to
from knowledge_base.store.tables import ReferralRow

MANY = 500  # values in one statement


def referral_of(transaction: Session, id: str) -> ReferralRow | None:
    """Return the referral a client was made from; whoever holds both holds it first."""
    code = transaction.scalar(select(ClientRow.referral).where(ClientRow.id == id))
    return transaction.get(ReferralRow, code, with_for_update=True) if code else None


def pass_along(transaction: Session, row: ReferralRow, to: BrokerRow, by: str, now: datetime) -> None:
    """Hand an open referral to a broker of an active team, with what its owner waits to have answered."""
    if row.state in OPEN and active_team(transaction, to.team) is not None:
        was_live = row.live
        give_to(transaction, row, to.team, to.id, by, now)
        passed_on(transaction, row, was_live, now)


def move(transaction: Session, row: ClientRow, to: BrokerRow, now: datetime) -> None:
    """Give a client to a broker; what another team noted of it, and its threads, are left behind."""
    if to.team != row.team:
        transaction.execute(delete(SlackPlaceRow).where(SlackPlaceRow.client == row.id))
        row.note = ""
    row.broker, row.team, row.touched = to.id, to.team, now
    row.version += 1


def delete_clients(transaction: Session, rows: Sequence[ClientRow]) -> None:
    """Delete clients, what was made in their conversations, and what waits for Slack or is in it."""
    for start in range(0, len(rows), MANY):
        some = rows[start : start + MANY]
        ids = [row.id for row in some]
        forget_slack(transaction, ids)
        forget_made(transaction, [row.session for row in some])
        transaction.execute(delete(ClientRow).where(ClientRow.id.in_(ids)))
