"""Keep the results of check-ups, so that they can be opened by an address nobody can guess."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, update

from knowledge_base.store.columns import in_utc
from knowledge_base.store.database import Database
from knowledge_base.store.tables import CheckupRow


@dataclass(frozen=True, slots=True)
class SavedCheckup:
    """A check-up as it came out; ``roadmap`` is the id of the one made from it, None until then."""

    id: str
    document: dict[str, Any]
    roadmap: str | None
    created: datetime


class CheckupRows:
    """The check-ups saved in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(
        self, document: Mapping[str, Any], *, session: str | None, now: datetime, keep_days: int
    ) -> SavedCheckup:
        """Keep a result until ``keep_days`` after ``now``, under a new id."""
        id = secrets.token_urlsafe(12)
        with self._database.writing() as transaction:
            transaction.add(
                CheckupRow(
                    id=id,
                    session=session,
                    document=dict(document),
                    roadmap_id=None,
                    created=now,
                    expires=now + timedelta(days=keep_days),
                )
            )
        return SavedCheckup(id, dict(document), None, now)

    def get(self, id: str, now: datetime) -> SavedCheckup | None:
        """Return a result, or None where there is none of that id or its time is over."""
        with self._database.session() as transaction:
            row = transaction.get(CheckupRow, id)
            if row is None or row.expires <= in_utc(now):
                return None
            return SavedCheckup(row.id, row.document, row.roadmap_id, row.created)

    def follow_with(self, id: str, roadmap: str) -> None:
        """Note which roadmap was made from a check-up."""
        with self._database.writing() as transaction:
            transaction.execute(update(CheckupRow).where(CheckupRow.id == id).values(roadmap_id=roadmap))

    def delete_for_session(self, session: str) -> int:
        """Delete every check-up of a conversation; return how many there were."""
        with self._database.writing() as transaction:
            done = transaction.execute(delete(CheckupRow).where(CheckupRow.session == session))
            return done.rowcount  # type: ignore[attr-defined]

    def purge(self, now: datetime) -> int:
        """Delete the check-ups whose time is over; return how many there were."""
        with self._database.writing() as transaction:
            done = transaction.execute(delete(CheckupRow).where(CheckupRow.expires <= now))
            return done.rowcount  # type: ignore[attr-defined]
