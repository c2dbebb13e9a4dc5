"""The conversations whose rows are gone, until what others hold of them, such as Rasa, is gone too.

They are noted by the transaction that deletes the rows, so that none is lost when something fails afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from knowledge_base.store.broker_tables import PartedSessionRow
from knowledge_base.store.database import Database
from knowledge_base.store.rows import insert_new


class Parted:
    """The sessions in one database that are still to be forgotten elsewhere."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def waiting(self) -> list[str]:
        """Return the sessions that others may still hold something of."""
        with self._database.session() as transaction:
            return list(
                transaction.scalars(select(PartedSessionRow.session).order_by(PartedSessionRow.session))
            )

    def done(self, session: str) -> None:
        """Keep that nobody holds anything of a session any more."""
        with self._database.writing() as transaction:
            transaction.execute(delete(PartedSessionRow).where(PartedSessionRow.session == session))


def part_with(transaction: Session, sessions: Iterable[str]) -> None:
    """Note, inside the transaction that deletes their rows, sessions to be forgotten elsewhere."""
    for session in sessions:
        insert_new(transaction, PartedSessionRow, {"session": session})
