"""The life of a record: draft, in review, published, closed or withdrawn; deleted, and brought back.

Whatever is done happens whole or not at all: the record, its revision, the working copy, the line in the
audit and the catalogue's new version are one transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from knowledge_base.checks.finding import Finding
from knowledge_base.content_check import check_record
from knowledge_base.faults import BadCatalogue, BadRecord
from knowledge_base.hubs import Hub
from knowledge_base.records import Offer
from knowledge_base.references import cycle_in
from knowledge_base.store.audit import note as audit
from knowledge_base.store.catalogue_store import CatalogueStore, StaleRecord
from knowledge_base.store.desk_tables import WorkingCopyRow
from knowledge_base.store.drafts import Drafts, wanted
from knowledge_base.store.overtaken import Overtaken
from knowledge_base.store.record_kinds import NoSuchRecord, Row, kind_of, published_row, remove_row
from knowledge_base.store.record_rows import bump_version
from knowledge_base.store.referring import named_by_hub, referring
from knowledge_base.store.refusals import NoReason, NotInReview, OwnDraft, Referred, Refused, reason_of
from knowledge_base.store.tables import OfferRow
from knowledge_base.store.working_copies import Entry, WorkingCopy, history, locked_copy, note, without_status

__all__ = [
    "Entry",
    "Life",
    "NoReason",
    "NoSuchRecord",
    "NotInReview",
    "Overtaken",
    "OwnDraft",
    "Referred",
    "Refused",
    "WorkingCopy",
]


class Life(Drafts):
    """What may be done with records, and what was. Every method may raise `StoreUnavailable`.

    ``own_drafts`` lets people publish what they wrote themselves, without sending it to review: for a hub
    where one person looks after the records. Where a ``hub`` is told, the provider that its own file names is
    not deleted.
    """

    def __init__(self, store: CatalogueStore, own_drafts: bool = False, hub: Hub | None = None) -> None:
        super().__init__(store)
        self.own_drafts = own_drafts
        self.hub = hub

    def published(self, record_type: str, id: str) -> tuple[dict[str, Any], int] | None:
        """Return a record as the catalogue has it, with its version; None where it has none."""
        with self.store.database.session() as session:
            row = published_row(session, record_type, id)
            return (row.document, row.version) if row else None

    def history(self, record_type: str, id: str) -> list[Entry]:
        """Return the published revisions and what was done with working copies, newest first."""
        kind_of(record_type)
        with self.store.database.session() as session:
            return history(session, record_type, id)

    def check(self, record_type: str, id: str, document: Mapping[str, Any], now: datetime) -> list[Finding]:
        """Return what publishing would find in a document, errors first; only errors keep it back."""
        kind = kind_of(record_type)
        try:
            record = kind.read(id, without_status(dict(document)))
        except BadCatalogue as bad:
            return [Finding.of_fault(fault) for fault in bad.faults]
        return check_record(record, self.store.catalogue(published_only=False), now.date())

    def publish(self, record_type: str, id: str, by: str, now: datetime, version: int, why: str = "") -> int:
        """Put a working copy in the place of the published record; return the record's version.

        The next message of a business is answered with it. ``why`` overrules the reason of the last save.

        Raises:
            BadCatalogue: the content checks found errors, or it names what is not there.
            OwnDraft: the publisher wrote the last save, and the hub does not allow that.
            NotInReview: it was not sent to review, and the hub does not allow own drafts.
            NoReason: it changes something published, and nobody said why.
            StaleRecord: the working copy is not at ``version`` any more, or the published record changed
                since the working copy was begun: see `rebase`.
            NoSuchRecord: there is no such working copy.
        """
        read = self.working(record_type, id)
        if read is not None and read.version == version:
            self._refuse_findings(record_type, id, read.document, now)
        kind = kind_of(record_type)
        with self.store.database.writing() as session:
            row = wanted(locked_copy(session, record_type, id, version), id)
            there = published_row(session, record_type, id)
            self._refuse_publisher(row, by)
            why = reason_of(why or row.why, needed=_is_public(there))
            if row.base_version != (there.version if there else 0):
                raise StaleRecord(
                    f"{id}: the published record changed since this draft was begun; "
                    "take over what changed, look at it, then publish"
                )
            record = kind.read(id, row.document)
            kind.refuse(session, record)
            kept, changed = kind.write(session, record, by, why, now)
            session.delete(row)
            if changed:
                bump_version(session)
            audit(
                session,
                by,
                "published",
                id,
                now,
                record_type=record_type,
                version=kept,
                why=why,
                writer=row.by,
            )
            return kept

    def _refuse_findings(self, record_type: str, id: str, document: Mapping[str, Any], now: datetime) -> None:
        errors = [f for f in self.check(record_type, id, document, now) if f.severity == "error"]
        if errors:
            raise BadCatalogue(BadRecord(f.file, f.field, f.heading, f.why, f.remedy) for f in errors)

    def _refuse_publisher(self, row: WorkingCopyRow, by: str) -> None:
        if self.own_drafts:
            return
        if row.state != "in_review":
            raise NotInReview(f"{row.record_id} was not sent to review; send it first")
        if row.by.casefold() == by.casefold():
            raise OwnDraft(f"{row.record_id}: you wrote this draft; somebody else has to publish it")

    def close(
        self,
        id: str,
        *,
        by: str,
        why: str,
        now: datetime,
        closes: date | None = None,
        succeeded_by: str | None = None,
    ) -> int:
        """Say that an offer has ended, when, and what follows it where that is known; return its version.

        Raises:
            NoSuchRecord: there is no such offer.
            BadCatalogue: the successor is not an offer, or leads back to this one.
            NoReason: nobody said why.
        """
        why = reason_of(why)
        with self.store.database.writing() as session:
            locked_copy(session, "offer", id, None)
            row = _there(published_row(session, "offer", id), "offer", id)
            offer = kind_of("offer").read(id, row.document)
            ended = offer.ended(closes, succeeded_by)
            _refuse_round(session, ended)
            return self._change(session, "offer", ended, "closed", by, why, now)

    def withdraw(self, record_type: str, id: str, *, by: str, why: str, now: datetime) -> int:
        """Show an offer to no business any more, and keep it; return its version. A draft brings it back.

        Raises:
            NoSuchRecord: there is no such offer.
            Refused: it is a provider, which is shown by its offers alone.
            NoReason: nobody said why.
        """
        why = reason_of(why)
        if record_type != "offer":
            raise Refused("a provider is shown by its offers: withdraw those, or delete it when it has none")
        with self.store.database.writing() as session:
            locked_copy(session, record_type, id, None)
            row = _there(published_row(session, record_type, id), record_type, id)
            withdrawn = replace(kind_of(record_type).read(id, row.document), status="withdrawn")
            return self._change(session, record_type, withdrawn, "withdrawn", by, why, now)

    def _change(
        self, session: Session, record_type: str, record: Any, what: str, by: str, why: str, now: datetime
    ) -> int:
        kind = kind_of(record_type)
        kind.refuse(session, record)
        kept, changed = kind.write(session, record, by, why, now)
        if changed:
            bump_version(session)
            audit(session, by, what, record.id, now, record_type=record_type, version=kept, why=why)
        return kept

    def delete(self, record_type: str, id: str, *, by: str, why: str, now: datetime) -> None:
        """Take a record out of the catalogue, and its working copy with it; the history stays.

        Raises:
            NoSuchRecord: there is no such record.
            Referred: other records name it, or the hub's own file.
            NoReason: nobody said why.
        """
        why = reason_of(why)
        with self.store.database.writing() as session:
            copy = locked_copy(session, record_type, id, None)
            row = _there(published_row(session, record_type, id), record_type, id)
            found = [*named_by_hub(self.hub, record_type, id), *referring(session, record_type, id)]
            if found:
                raise Referred(id, found)
            note(session, record_type, id, "deleted", row.document, by, why, now)
            if copy is not None:
                session.delete(copy)
            remove_row(session, row)
            bump_version(session)
            audit(session, by, "deleted", id, now, record_type=record_type, why=why)


def _refuse_round(session: Session, offer: Offer) -> None:
    """Raise BadCatalogue where the successors of an offer lead back to it."""
    links, following = {offer.id: [offer.succeeded_by or ""]}, offer.succeeded_by
    while following and following not in links:
        row = session.get(OfferRow, following)
        links[following] = [str(row.document.get("succeeded_by") or "")] if row else []
        following = links[following][0] if row else None
    circle = cycle_in(links)
    if circle and len(circle) > 2:
        what, why = " is succeeded by ".join(circle[:9]), "Who follows it comes back to where they began."
        remedy = "take out the one that is not so"
        raise BadCatalogue(
            [BadRecord(f"offers/{offer.id}", "succeeded_by", f"{what}, which is a circle", why, remedy)]
        )


def _is_public(row: Row | None) -> bool:
    """Say whether a change of this row is one of something businesses saw, or could have."""
    return row is not None and not (isinstance(row, OfferRow) and row.status == "draft")


def _there(row: Row | None, record_type: str, id: str) -> Row:
    if row is None:
        raise NoSuchRecord(f"{id}: there is no such {record_type}; look for it by name")
    return row
