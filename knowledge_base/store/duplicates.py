"""Remember which look-alikes are two, and make two records one: all of it or nothing, and back again."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from knowledge_base.duplicates import LIKELY, Pair, pairs
from knowledge_base.joining import BadMerge, joined, repointed, taken_back, withdrawn
from knowledge_base.offer_dump import dump_offer
from knowledge_base.offer_format import parse_offer
from knowledge_base.records import Offer
from knowledge_base.store.audit import note
from knowledge_base.store.catalogue_store import CatalogueStore, StaleRecord
from knowledge_base.store.desk_tables import MergeRow, NotDuplicatesRow, WorkingCopyRow
from knowledge_base.store.record_rows import (
    bump_version,
    lock_catalogue,
    read_offers,
    refuse_faults,
    write_offer,
)
from knowledge_base.store.rows import insert_new
from knowledge_base.store.tables import OfferRow
from knowledge_base.store.vectors import OfferVectors

__all__ = ["BadMerge", "Duplicates", "Merge", "Undone"]


@dataclass(frozen=True, slots=True)
class Merge:
    """Two records that were made one. ``others`` name the records whose references were moved."""

    id: str
    at: datetime
    by: str
    stays: str
    goes: str
    others: tuple[str, ...] = ()
    undone: datetime | None = None


@dataclass(frozen=True, slots=True)
class Undone:
    """A merge that was taken back. ``left`` names fields changed since the merge, which stay as they are."""

    merge: Merge
    left: tuple[str, ...] = ()


class Duplicates:
    """Look-alikes among the records of one store. Every method may raise `StoreUnavailable`."""

    def __init__(self, store: CatalogueStore) -> None:
        self._store = store
        self._database = store.database

    def pairs(self, least: float = LIKELY) -> list[Pair]:
        """Return the records that look alike and were not said to be two, the likeliest first."""
        offers = self._store.catalogue(published_only=False).offers.values()
        vectors = {each.offer: each.vectors for each in OfferVectors(self._database).read()}
        return pairs(offers, vectors, self.apart(), least)

    def apart(self) -> set[tuple[str, str]]:
        """Return the pairs of ids that were said to be two."""
        with self._database.session() as session:
            rows = session.execute(select(NotDuplicatesRow.one, NotDuplicatesRow.other))
            return {(one, other) for one, other in rows}

    def are_two(self, one: str, other: str, by: str, now: datetime) -> None:
        """Remember that two records are of two offers; saying so again changes nothing.

        Raises:
            BadMerge: they are one record, or one of them is not there.
        """
        first, second = sorted((one, other))
        with self._database.writing() as session:
            _both(session, first, second)
            values = {"one": first, "other": second, "by": by, "at": now}
            insert_new(session, NotDuplicatesRow, values)

    def may_be_one(self, one: str, other: str) -> None:
        """Forget that two records were said to be two."""
        first, second = sorted((one, other))
        with self._database.writing() as session:
            row = session.get(NotDuplicatesRow, (first, second))
            if row is not None:
                session.delete(row)

    def merge(
        self,
        stays: str,
        goes: str,
        *,
        by: str,
        now: datetime,
        taken: Collection[str] = (),
        versions: Mapping[str, int] | None = None,
    ) -> Merge:
        """Make two records one, in one transaction; the one that goes is withdrawn and names its successor.

        Args:
            taken: the fields that the one that stays takes over from the other.
            versions: what was read of the two before somebody decided; None takes them as they are.

        Raises:
            BadMerge: one is not there, is withdrawn, or has a draft that is not published.
            StaleRecord: one of the two was changed meanwhile.
            BadCatalogue: with its references moved, a record would not hold together; nothing was changed.
        """
        with self._database.writing() as session:
            lock_catalogue(session)
            kept, gone = _both(session, stays, goes)
            for offer, version in (kept, gone):
                if versions is not None and versions.get(offer.id) != version:
                    raise StaleRecord(f"{offer.id}: somebody else changed it meanwhile; look at both again")
                if offer.status == "withdrawn":
                    raise BadMerge(f"{offer.name} is withdrawn already; there is nothing to make one of")
            _refuse_drafts(session, stays, goes)
            everything = {offer.id: offer for _, offer in read_offers(session)}
            after = {goes: withdrawn(gone[0], stays), stays: joined(kept[0], gone[0], taken)}
            for id, offer in everything.items():
                if id not in after:
                    other = repointed(offer, goes, stays)
                    if other is not offer:
                        after[id] = other
            reasons = {
                stays: f"made one with {goes}: this one stays",
                goes: f"made one with {stays}, which stays",
            }
            changed = _written(session, everything, after, reasons, f"{goes} is now {stays}", by, now)
            row = MergeRow(
                id=secrets.token_hex(8), at=now, by=by, stays=stays, goes=goes, changed=changed, undone=None
            )
            session.add(row)
            note(session, by, "merged", goes, now, into=stays, taken=sorted(taken))
            return _merge(row)

    def merges(self, about: str | None = None) -> list[Merge]:
        """Return the merges there were, the newest first: all, or those of one record."""
        asked = select(MergeRow).order_by(MergeRow.at.desc(), MergeRow.id)
        if about is not None:
            asked = asked.where(or_(MergeRow.stays == about, MergeRow.goes == about))
        with self._database.session() as session:
            return [_merge(row) for row in session.scalars(asked)]

    def undo(self, id: str, by: str, now: datetime) -> Undone:
        """Take a merge back, in one transaction: both records stand by themselves again.

        What was changed since the merge stays as it is now, field by field, and is named.

        Raises:
            BadMerge: there is no such merge, it was taken back already, or a record has a draft open.
            BadCatalogue: the records would not hold together as they were; nothing was changed.
        """
        with self._database.writing() as session:
            lock_catalogue(session)
            row = session.get(MergeRow, id)
            if row is None or row.undone is not None:
                raise BadMerge("that merge is not there, or was taken back already; look at the list again")
            _refuse_drafts(session, row.stays, row.goes)
            now_there = {offer.id: offer for _, offer in read_offers(session, row.changed)}
            after, left = {}, []
            for each, documents in row.changed.items():
                if each not in now_there:
                    left.append(f"{each} (deleted since)")
                    continue
                there = dump_offer(now_there[each])
                back, kept = taken_back(there, documents["before"], documents["after"])
                left += [f"{each}: {field}" for field in kept]
                after[each] = parse_offer(each, back)
            why = f"no longer one: {row.goes} and {row.stays} are two again"
            _written(session, now_there, after, {}, why, by, now)
            row.undone = now
            note(session, by, "unmerged", row.goes, now, out_of=row.stays, left=left)
            return Undone(_merge(row), tuple(left))


def _both(session: Session, one: str, other: str) -> tuple[tuple[Offer, int], tuple[Offer, int]]:
    if one == other:
        raise BadMerge("that is one record, not two; choose two different ones")
    found = {offer.id: (offer, version) for version, offer in read_offers(session, {one, other})}
    for id in (one, other):
        if id not in found:
            raise BadMerge(f"{id[:60]}: there is no such offer; look for it by name")
    return found[one], found[other]


def _refuse_drafts(session: Session, *ids: str) -> None:
    """Raise BadMerge where a draft is open on a record: it would bring back what is merged away."""
    open_ = select(WorkingCopyRow.record_id, WorkingCopyRow.by).where(
        WorkingCopyRow.record_type == "offer", WorkingCopyRow.record_id.in_(ids)
    )
    for id, by in session.execute(open_.order_by(WorkingCopyRow.record_id)):
        raise BadMerge(f"{id} has a draft by {by} that is not published; publish it or drop it first")


def _written(
    session: Session,
    before: Mapping[str, Offer],
    after: Mapping[str, Offer],
    reasons: Mapping[str, str],
    why: str,
    by: str,
    now: datetime,
) -> dict[str, Any]:
    """Write records together and check them after: on the way they need not hold together."""
    changed: dict[str, Any] = {}
    for id, offer in after.items():
        row = session.get(OfferRow, id)
        _, differs = write_offer(session, offer, row, by, reasons.get(id, why), now)
        if differs:
            changed[id] = {"before": dump_offer(before[id]), "after": dump_offer(offer)}
    session.flush()
    for offer in after.values():
        refuse_faults(session, offer)
    if changed:
        bump_version(session)
    return changed


def _merge(row: MergeRow) -> Merge:
    others = tuple(sorted(set(row.changed) - {row.stays, row.goes}))
    return Merge(row.id, row.at, row.by, row.stays, row.goes, others, row.undone)
