"""Keep what was done in the console, by whom: sign-ins, roles, publications, imports, merges."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from knowledge_base.store.database import Database
from knowledge_base.store.desk_tables import AuditRow


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing somebody did: ``by`` is an e-mail, ``about`` a record's id or a person's e-mail."""

    at: datetime
    by: str
    what: str
    about: str
    detail: dict[str, Any]


Deeds = list[Deed]


class Audit:
    """What was done, in one database. Nothing in it is ever changed; it goes when its stated time is over."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def note(self, by: str, what: str, about: str, now: datetime, **detail: Any) -> None:
        """Keep that somebody did something; ``detail`` takes what JSON can hold, and no secret."""
        with self._database.writing() as transaction:
            note(transaction, by, what, about, now, **detail)

    def list(self, limit: int, about: str | None = None) -> Deeds:
        """Return what was done, the newest first; with ``about``, only that to one record or person."""
        asked = select(AuditRow)
        return self._newest(asked if about is None else asked.where(AuditRow.about == about), limit, 0)

    def find(self, limit: int, skip: int = 0, by: str = "", about: str = "", what: str = "") -> Deeds:
        """Return what was done, the newest first, by somebody and about something.

        ``by`` and ``about`` may be a part of it, in any case; ``what`` is a deed's whole name. "" is any.
        """
        asked = select(AuditRow)
        for column, part in ((AuditRow.by, by), (AuditRow.about, about)):
            if part:
                asked = asked.where(column.icontains(part, autoescape=True))
        return self._newest(asked.where(AuditRow.what == what) if what else asked, limit, skip)

    def purge(self, now: datetime, keep_days: int) -> int:
        """Delete what was done longer ago than the stated days; return how much that was."""
        over = AuditRow.at <= now - timedelta(days=keep_days)
        with self._database.writing() as transaction:
            return transaction.execute(delete(AuditRow).where(over)).rowcount  # type: ignore[attr-defined]

    def _newest(self, asked: Select[tuple[AuditRow]], limit: int, skip: int) -> Deeds:
        asked = (
            asked.order_by(AuditRow.at.desc(), AuditRow.id.desc()).limit(max(0, limit)).offset(max(0, skip))
        )
        with self._database.session() as transaction:
            return [Deed(r.at, r.by, r.what, r.about, r.detail) for r in transaction.scalars(asked)]


def note(transaction: Session, by: str, what: str, about: str, now: datetime, **detail: Any) -> None:
    """Keep that somebody did something, inside somebody else's transaction: both are kept, or neither."""
    row = AuditRow(at=now, by=by[:254], what=what[:40], about=about[:300], detail=detail)
    transaction.add(row)
