"""The life of a record: draft, in review, published, closed or withdrawn; deleted, and brought back.

Whatever is done happens whole or not at all: the record, its revision, the working copy, the line in the
audit and the catalogue's new version are one transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge_base.checks.finding import Finding
from knowledge_base.content_check import check_record
from knowledge_base.faults import BadCatalogue, BadRecord
from knowledge_base.store.catalogue_store import CatalogueStore, StaleRecord
from knowledge_base.store.desk_tables import AuditRow, WorkingCopyRow, WorkingRevisionRow
from knowledge_base.store.record_kinds import NoSuchRecord, Row, kind_of, published_row, remove_row
from knowledge_base.store.record_rows import bump_version
from knowledge_base.store.referring import Reference, referring
from knowledge_base.store.tables import OfferRow, RevisionRow
from knowledge_base.store.working_copies import Entry, WorkingCopy, as_copy, history, keep, locked_copy, note

LONGEST_REASON = 2_000


class Refused(RuntimeError):
    """What was asked is against the rules of a record's life; the message says which, and the way out."""


class OwnDraft(Refused):
    """Who wrote the last save may not publish it where the hub wants a second pair of eyes."""


class NotInReview(Refused):
    """The working copy was not sent to review, or is there no more."""


class NoReason(Refused):
    """The reason is missing, says nothing, or is too long."""


class Referred(Refused):
    """Other records name this one; ``references`` lists them."""

    def __init__(self, id: str, references: list[Reference]) -> None:
        self.references = references
        listed = "; ".join(f"{each.name} ({each.id}) in {each.field}" for each in references[:20])
        more = f"; and {len(references) - 20:,} more" if len(references) > 20 else ""
        super().__init__(
            f"{id} is named by others: {listed}{more}. Take it out of them first, or withdraw it"
        )


class Life:
    """What may be done with records, and what was. Every method may raise `StoreUnavailable`.

    ``own_drafts`` lets people publish what they wrote themselves, without sending it to review: for a hub
    where one person looks after the records.
    """

    def __init__(self, store: CatalogueStore, own_drafts: bool = False) -> None:
        self.store = store
        self.own_drafts = own_drafts

    def working(self, record_type: str, id: str) -> WorkingCopy | None:
        """Return a record's working copy, None where nobody is changing it."""
        with self.store.database.session() as session:
            row = session.get(WorkingCopyRow, (record_type, id))
            return as_copy(row) if row else None

    def working_all(self, state: str | None = None) -> list[WorkingCopy]:
        """Return every working copy, the one that waits longest first; only those in one state if told."""
        query = select(WorkingCopyRow).order_by(WorkingCopyRow.at, WorkingCopyRow.record_id)
        with self.store.database.session() as session:
            rows = session.scalars(query if state is None else query.where(WorkingCopyRow.state == state))
            return [as_copy(row) for row in rows]

    def published(self, record_type: str, id: str) -> tuple[dict[str, Any], int] | None:
        """Return a record as the catalogue has it, with its version; None where it has none."""
        with self.store.database.session() as session:
            row = published_row(session, record_type, id)
            return (row.document, row.version) if row else None

    def history(self, record_type: str, id: str) -> list[Entry]:
        """Return the published revisions and what was done with working copies, newest first."""
        with self.store.database.session() as session:
            return history(session, record_type, id)

    def save(
        self,
        record_type: str,
        id: str,
        document: Mapping[str, Any],
        *,
        by: str,
        why: str,
        now: datetime,
        version: int,
        base: int | None = None,
    ) -> int:
        """Keep a working copy, which is a draft again; return its version.

        Args:
            version: the working copy's version that was read; 0 where there was none.
            base: the published record's version that was read to begin a working copy, 0 where there was
                none; not looked at where there is a working copy. None takes the one of this moment: then a
                publication since the reading is not noticed.

        Raises:
            BadCatalogue: the document cannot be read.
            StaleRecord: somebody saved, published or discarded meanwhile.
        """
        kind, why = kind_of(record_type), _reason(why, needed=False)
        kept = kind.dump(kind.read(id, document))
        kept.pop("status", None)  # the state of a working copy is its own
        with self.store.database.writing() as session:
            row = locked_copy(session, record_type, id, version)
            there = published_row(session, record_type, id)
            version_there = there.version if there else 0
            if row is None and base is not None and base != version_there:
                raise StaleRecord(f"{id}: it was published anew meanwhile; read it again, then save")
            started = version_there if row is None else row.base_version
            return keep(session, record_type, id, row, "saved", kept, by, why, now, started)

    def send(self, record_type: str, id: str, by: str, now: datetime, version: int) -> int:
        """Send a draft to review; return its version. Sending it again changes nothing.

        Raises:
            NoSuchRecord: there is no such draft.
            StaleRecord: it is not at ``version`` any more.
        """
        with self.store.database.writing() as session:
            row = _wanted(locked_copy(session, record_type, id, version), id)
            if row.state != "in_review":
                row.version = note(session, record_type, id, "sent", row.document, by, "", now)
                row.state, row.at, row.comment = "in_review", now, ""
                _audit(session, by, "sent to review", record_type, id, now)
            return row.version

    def send_back(self, record_type: str, id: str, by: str, comment: str, now: datetime, version: int) -> int:
        """Give what is in review back to its writer with a comment; return its version.

        Raises:
            NotInReview: it is not in review.
            NoReason: the comment says nothing.
            NoSuchRecord, StaleRecord: as `send` does.
        """
        comment = _reason(comment)
        with self.store.database.writing() as session:
            row = _wanted(locked_copy(session, record_type, id, version), id)
            if row.state != "in_review":
                raise NotInReview(f"{id} is not in review; its writer still has it")
            row.version = note(session, record_type, id, "sent_back", row.document, by, comment, now)
            row.state, row.at, row.comment = "draft", now, comment
            _audit(session, by, "sent back", record_type, id, now)
            return row.version

    def discard(
        self, record_type: str, id: str, by: str, why: str, now: datetime, version: int | None = None
    ) -> None:
        """Give a working copy up. Its saves stay in the history and can be restored.

        Raises:
            NoSuchRecord: there is none.
            StaleRecord: a ``version`` is told, and it is not at that any more.
        """
        why = _reason(why, needed=False)
        with self.store.database.writing() as session:
            row = _wanted(locked_copy(session, record_type, id, version), id)
            note(session, record_type, id, "discarded", row.document, by, why, now)
            session.delete(row)
            _audit(session, by, "discarded", record_type, id, now, why=why)

    def check(self, record_type: str, id: str, document: Mapping[str, Any], now: datetime) -> list[Finding]:
        """Return what publishing would find in a document, errors first; only errors keep it back."""
        kind = kind_of(record_type)
        try:
            record = kind.read(
                id, {**document, "status": "published"} if record_type == "offer" else document
            )
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
            row = _wanted(locked_copy(session, record_type, id, version), id)
            there = published_row(session, record_type, id)
            self._refuse_publisher(row, by)
            why = _reason(why or row.why, needed=_is_public(there))
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
            _audit(session, by, "published", record_type, id, now, version=kept, why=why, writer=row.by)
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
            BadCatalogue: the successor is not an offer.
            NoReason: nobody said why.
        """
        why = _reason(why)
        with self.store.database.writing() as session:
            locked_copy(session, "offer", id, None)
            row = _there(published_row(session, "offer", id), "offer", id)
            offer = kind_of("offer").read(id, row.document)
            window = replace(offer.window, status="closed")
            if closes:
                window = replace(window, closes=closes, closes_text=None)
            ended = replace(offer, window=window, succeeded_by=succeeded_by or offer.succeeded_by)
            return self._change(session, "offer", ended, "closed", by, why, now)

    def withdraw(self, record_type: str, id: str, *, by: str, why: str, now: datetime) -> int:
        """Show an offer to no business any more, and keep it; return its version. A draft brings it back.

        Raises:
            NoSuchRecord: there is no such offer.
            Refused: it is a provider, which is shown by its offers alone.
            NoReason: nobody said why.
        """
        why = _reason(why)
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
            _audit(session, by, what, record_type, record.id, now, version=kept, why=why)
        return kept

    def delete(self, record_type: str, id: str, *, by: str, why: str, now: datetime) -> None:
        """Take a record out of the catalogue, and its working copy with it; the history stays.

        Raises:
            NoSuchRecord: there is no such record.
            Referred: other records name it.
            NoReason: nobody said why.
        """
        why = _reason(why)
        with self.store.database.writing() as session:
            copy = locked_copy(session, record_type, id, None)
            row = _there(published_row(session, record_type, id), record_type, id)
            found = referring(session, record_type, id)
            if found:
                raise Referred(id, found)
            note(session, record_type, id, "deleted", row.document, by, why, now)
            if copy is not None:
                session.delete(copy)
            remove_row(session, row)
            bump_version(session)
            _audit(session, by, "deleted", record_type, id, now, why=why)

    def restore(
        self,
        record_type: str,
        id: str,
        revision: int | str,
        *,
        by: str,
        now: datetime,
        version: int = 0,
    ) -> int:
        """Make a working copy of an old revision, to be looked at and published; return its version.

        Args:
            revision: `Entry.revision`, or the number of a published version.
            version: the version of the working copy it is to replace; 0 where there is none.

        Raises:
            NoSuchRecord: there is no such revision.
            StaleRecord: there is a working copy, and it is not at ``version``.
            BadCatalogue: the revision cannot be read by today's rules.
        """
        kind = kind_of(record_type)
        with self.store.database.writing() as session:
            row = locked_copy(session, record_type, id, version)
            document = _revision(session, record_type, id, str(revision))
            kept = kind.dump(kind.read(id, document))
            kept.pop("status", None)
            there = published_row(session, record_type, id)
            started = there.version if there else 0
            why = f"restored from {revision}"
            _audit(session, by, "restored", record_type, id, now, revision=str(revision))
            return keep(session, record_type, id, row, "restored", kept, by, why, now, started)


def _revision(session: Session, record_type: str, id: str, revision: str) -> dict[str, Any]:
    table: type[RevisionRow] | type[WorkingRevisionRow] = RevisionRow
    number = revision
    if revision.startswith("draft-"):
        table, number = WorkingRevisionRow, revision.removeprefix("draft-")
    found = None
    if number.isascii() and number.isdigit() and len(number) < 10:
        mine = (table.record_type == record_type, table.record_id == id, table.version == int(number))
        found = session.scalar(select(table.document).where(*mine))
    if not isinstance(found, dict):
        raise NoSuchRecord(f"{id} has no revision {revision[:40]}; choose one from its history")
    return found


def _reason(why: str, needed: bool = True) -> str:
    """Return a reason without spaces around it; raise NoReason where it is needed and says nothing."""
    why = why.strip()
    if len(why) > LONGEST_REASON:
        raise NoReason(f"the reason has {len(why):,} characters; say it in at most {LONGEST_REASON:,}")
    if needed and sum(map(str.isalpha, why)) < 3:
        raise NoReason("say in words why: others will read it in the record's history")
    return why


def _is_public(row: Row | None) -> bool:
    """Say whether a change of this row is one of something businesses saw, or could have."""
    return row is not None and not (isinstance(row, OfferRow) and row.status == "draft")


def _wanted(row: WorkingCopyRow | None, id: str) -> WorkingCopyRow:
    if row is None:
        raise NoSuchRecord(f"{id} has no draft; begin one by changing the record")
    return row


def _there(row: Row | None, record_type: str, id: str) -> Row:
    if row is None:
        raise NoSuchRecord(f"{id}: there is no such {record_type}; look for it by name")
    return row


def _audit(
    session: Session, by: str, what: str, record_type: str, id: str, now: datetime, **detail: Any
) -> None:
    session.add(AuditRow(at=now, by=by, what=what, about=f"{record_type}/{id}", detail=detail))
