"""Keep roadmaps, so that they can be shared by an address nobody can guess, and planned again."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from knowledge_base.asked import Asked, dump_asked, offers_in, parse_asked
from knowledge_base.profile import dump_profile
from knowledge_base.store.columns import in_utc
from knowledge_base.store.database import Database
from knowledge_base.store.gaps import GapSeen, count_gaps
from knowledge_base.store.record_rows import share_catalogue
from knowledge_base.store.roadmap_news import note_news
from knowledge_base.store.tables import OfferRow, RoadmapOfferRow, RoadmapRow
from knowledge_base.store.usage import count_offers, new_in, shown_in


@dataclass(frozen=True, slots=True)
class SavedRoadmap:
    """A roadmap as it was shown last, with what it was made from.

    ``marked`` says that a record it uses was changed, closed or withdrawn since; ``version`` counts how
    often it was written.
    """

    id: str
    document: dict[str, Any]
    asked: Asked
    session: str | None
    created: datetime
    expires: datetime
    marked: bool = False
    version: int = 1

    @property
    def needs(self) -> tuple[str, ...]:
        """The needs, in the order asked."""
        return self.asked.needs

    @property
    def profile(self) -> dict[str, Any]:
        return dump_profile(self.asked.profile)

    @property
    def on(self) -> date:
        """The day it was made for, or planned again for."""
        return self.asked.on


class Roadmaps:
    """The roadmaps saved in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(
        self,
        document: Mapping[str, Any],
        asked: Asked,
        *,
        used: Mapping[str, int] | None = None,
        session: str | None,
        now: datetime,
        keep_days: int,
        gaps: Iterable[GapSeen] = (),
    ) -> str:
        """Keep a roadmap until ``keep_days`` after ``now``, and return its id.

        Args:
            used: the versions of the records it was made from; one that is not known counts as changed.
            gaps: what to count as missing, in the same transaction; nothing of the roadmap goes with it.
        """
        id = secrets.token_urlsafe(12)
        with self._database.writing() as transaction:
            share_catalogue(transaction)
            transaction.add(
                RoadmapRow(
                    id=id,
                    session=session,
                    needs=list(asked.needs),
                    profile=dump_profile(asked.profile),
                    on=asked.on,
                    document=dict(document),
                    asked=dump_asked(asked),
                    created=now,
                    expires=now + timedelta(days=keep_days),
                    version=1,
                    marked=False,
                )
            )
            transaction.flush()
            if _use(transaction, id, offers_in(document), used):
                _mark(transaction, id)
            count_gaps(transaction, gaps, now)
            count_offers(transaction, shown_in(document), now)
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
                asked=_asked(row),
                session=row.session,
                created=row.created,
                expires=row.expires,
                marked=row.marked,
                version=row.version,
            )

    def keep(
        self,
        saved: SavedRoadmap,
        document: Mapping[str, Any],
        asked: Asked,
        *,
        used: Mapping[str, int] | None,
        now: datetime,
        gaps: Iterable[GapSeen] = (),
        changes: Iterable[Mapping[str, Any]] = (),
    ) -> SavedRoadmap | None:
        """Write a roadmap that was planned again in place of ``saved``, under the same id, for the same time.

        Args:
            changes: what this planning changed, to be told to the broker where it is a client's.

        Returns:
            What is kept now; None, with nothing written, where somebody else wrote meanwhile, or it is gone.
        """
        mine = (RoadmapRow.id == saved.id, RoadmapRow.version == saved.version)
        values = {
            "needs": list(asked.needs),
            "profile": dump_profile(asked.profile),
            "on": asked.on,
            "document": dict(document),
            "asked": dump_asked(asked),
            "version": saved.version + 1,
            "marked": False,
        }
        with self._database.writing() as transaction:
            # Before the roadmap's own row, as curators take them: the other way round they would wait for us.
            share_catalogue(transaction)
            done = transaction.execute(update(RoadmapRow).where(*mine).values(**values))
            if done.rowcount != 1:  # type: ignore[attr-defined]
                return None
            transaction.execute(delete(RoadmapOfferRow).where(RoadmapOfferRow.roadmap_id == saved.id))
            marked = _use(transaction, saved.id, offers_in(document), used)
            if marked:
                _mark(transaction, saved.id)
            note_news(transaction, saved.id, saved.version + 1, changes, now)
            count_gaps(transaction, gaps, now)
            count_offers(transaction, new_in(document, asked, saved.document, saved.asked), now)
        return replace(saved, document=dict(document), asked=asked, version=saved.version + 1, marked=marked)

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


def _asked(row: RoadmapRow) -> Asked:
    """What a row was made from; one older than that column holds needs, facts and the day alone."""
    if row.asked is not None:
        return parse_asked(row.asked)
    return parse_asked({"needs": row.needs, "profile": row.profile, "on": row.on.isoformat()})


def _use(transaction: Session, id: str, offers: Iterable[str], used: Mapping[str, int] | None) -> bool:
    """Note which records a roadmap uses; say whether one of them is at another version by now.

    The caller holds the catalogue, so that none changes unseen before the roadmap is there to be marked.
    """
    wanted = list(offers)
    known = select(OfferRow.id, OfferRow.version).where(OfferRow.id.in_(wanted))
    now = dict(transaction.execute(known).tuples().all())
    versions = {offer: now.get(offer, 0) if used is None else used.get(offer, 0) for offer in wanted}
    if versions:
        rows = [{"roadmap_id": id, "offer_id": o, "version": v} for o, v in versions.items()]
        transaction.execute(insert(RoadmapOfferRow), rows)
    return any(now.get(offer, 0) != version for offer, version in versions.items())


def _mark(transaction: Session, id: str) -> None:
    transaction.execute(update(RoadmapRow).where(RoadmapRow.id == id).values(marked=True))
