"""Keep what was done in the console, by whom: sign-ins, roles, publications, imports, merges."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
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


class Audit:
    """What was done, in one database. Nothing in it is ever changed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def note(self, by: str, what: str, about: str, now: datetime, **detail: Any) -> None:
        """Keep that somebody did something; ``detail`` takes what JSON can hold, and no secret."""
        with self._database.writing() as transaction:
            note(transaction, by, what, about, now, **detail)

    def list(self, limit: int, about: str | None = None) -> list[Deed]:
        """Return what was done, the newest first; with ``about``, only that to one record or person."""
        asked = select(AuditRow).order_by(AuditRow.at.desc(), AuditRow.id.desc()).limit(max(0, limit))
        if about is not None:
            asked = asked.where(AuditRow.about == about)
        with self._database.session() as transaction:
            return [Deed(r.at, r.by, r.what, r.about, r.detail) for r in transaction.scalars(asked)]


def note(transaction: Session, by: str, what: str, about: str, now: datetime, **detail: Any) -> None:
    """Keep that somebody did something, inside somebody else's transaction: both are kept, or neither."""
    row = AuditRow(at=now, by=by[:254], what=what[:40], about=about[:300], detail=detail)
    transaction.add(row)
