"""Remember which digests were sent, so that nobody gets one twice on a day, whoever sends them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import delete, update

from knowledge_base.store.database import Database
from knowledge_base.store.desk_tables import DigestRow
from knowledge_base.store.rows import insert_new


class Digests:
    """The digests of one database, by day and by whom they are for. May raise `StoreUnavailable`.

    One that was claimed and never finished (the process died, or the server took it and did not say so)
    stays claimed: better none on one day than the same one twice.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def claim(self, day: date, to: str, now: datetime) -> bool:
        """Take a digest to send; of any number that try, in whatever process, one is told True."""
        with self._database.writing() as session:
            return insert_new(session, DigestRow, {"day": day, "to": to, "at": now, "done": False})

    def sent(self, day: date, to: str) -> None:
        """Keep that a claimed digest was sent."""
        with self._database.writing() as session:
            mine = (DigestRow.day == day, DigestRow.to == to)
            session.execute(update(DigestRow).where(*mine).values(done=True))

    def release(self, day: date, to: str) -> None:
        """Give back a claimed digest that was certainly not sent, so that it can be tried again."""
        with self._database.writing() as session:
            mine = (DigestRow.day == day, DigestRow.to == to, DigestRow.done.is_(False))
            session.execute(delete(DigestRow).where(*mine))

    def forget(self, before: date) -> None:
        """Delete what was kept of the days before a day."""
        with self._database.writing() as session:
            session.execute(delete(DigestRow).where(DigestRow.day < before))
