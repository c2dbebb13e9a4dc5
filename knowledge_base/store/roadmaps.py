"""Keep roadmaps, so that they can be shared by an address nobody can guess."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete

from knowledge_base.store.columns import in_utc
from knowledge_base.store.database import Database
from knowledge_base.store.tables import RoadmapRow


@dataclass(frozen=True, slots=True)
class SavedRoadmap:
    """A roadmap as it was shown, with what it was made from. ``needs`` is in the order asked."""

    id: str
    document: dict[str, Any]
    needs: tuple[str, ...]
    profile: dict[str, Any]
    on: date
    session: str | None
    created: datetime
    expires: datetime


class Roadmaps:
    """The roadmaps saved in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(
        self,
        document: Mapping[str, Any],
        *,
        needs: Sequence[str],
        profile: Mapping[str, Any],
        on: date,
        session: str | None,
        now: datetime,
        keep_days: int,
    ) -> str:
        """Keep a roadmap until ``keep_days`` after ``now``, and return its id."""
        id = secrets.token_urlsafe(12)
        row = RoadmapRow(
            id=id,
            session=session,
            needs=list(needs),
            profile=dict(profile),
            on=on,
            document=dict(document),
            created=now,
            expires=now + timedelta(days=keep_days),
        )
        with self._database.writing() as transaction:
            transaction.add(row)
        return id

    def get(self, id: str, now: datetime) -> SavedRoadmap | None:
        """Return a roadmap, or None where there is none of that id or its time is over."""
        with self._database.session() as transaction:
            row = transaction.get(RoadmapRow, id)
            if row is None or row.expires <= in_utc(now):
                return None
            return SavedRoadmap(
                id=row.id,
                document=row.document,
                needs=tuple(row.needs),
                profile=row.profile,
                on=row.on,
                session=row.session,
                created=row.created,
                expires=row.expires,
            )

    def delete_for_session(self, session: str) -> int:
        """Delete every roadmap saved in a conversation; return how many there were."""
        with self._database.writing() as transaction:
            done = transaction.execute(delete(RoadmapRow).where(RoadmapRow.session == session))
            return done.rowcount  # type: ignore[attr-defined]

    def purge(self, now: datetime) -> int:
        """Delete the roadmaps whose time is over; return how many there were."""
        with self._database.writing() as transaction:
            done = transaction.execute(delete(RoadmapRow).where(RoadmapRow.expires <= now))
            return done.rowcount  # type: ignore[attr-defined]
