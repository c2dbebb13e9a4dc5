"""Working copies: what staff write before businesses see it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge_base.field_labels import label_of
from knowledge_base.labels import joined
from knowledge_base.store.audit import note as audit
from knowledge_base.store.catalogue_store import CatalogueStore, StaleRecord
from knowledge_base.store.desk_tables import WorkingCopyRow, WorkingRevisionRow
from knowledge_base.store.overtaken import Overtaken, overtaken
from knowledge_base.store.record_kinds import NoSuchRecord, kind_of, published_row
from knowledge_base.store.refusals import NotInReview, reason_of
from knowledge_base.store.tables import RevisionRow
from knowledge_base.store.working_copies import (
    WorkingCopy,
    as_copy,
    copy_row,
    keep,
    locked_copy,
    note,
    without_status,
)


@dataclass(frozen=True, slots=True)
class ToSave:
    """What one of several working copies is to be; its fields are those of `Drafts.save`."""

    record_type: str
    id: str
    document: Mapping[str, Any]
    version: int
    base: int | None = None


class Drafts:
    """The working copies of records. Every method may raise `StoreUnavailable`."""

    def __init__(self, store: CatalogueStore) -> None:
        self.store = store

    def working(self, record_type: str, id: str) -> WorkingCopy | None:
        """Return a record's working copy, None where nobody is changing it."""
        with self.store.database.session() as session:
            row = copy_row(session, record_type, id)
            return as_copy(row) if row else None

    def working_all(self, state: str | None = None) -> list[WorkingCopy]:
        """Return every working copy, the one that waits longest first; only those in one state if told."""
        query = select(WorkingCopyRow).order_by(WorkingCopyRow.at, WorkingCopyRow.record_id)
        with self.store.database.session() as session:
            rows = session.scalars(query if state is None else query.where(WorkingCopyRow.state == state))
            return [as_copy(row) for row in rows]

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
        return self.save_all([ToSave(record_type, id, document, version, base)], by=by, why=why, now=now)[0]

    def save_all(self, wanted: Iterable[ToSave], *, by: str, why: str, now: datetime) -> list[int]:
        """Keep several working copies as `save` does, all of them or none; return their versions in order."""
        why, read = reason_of(why, needed=False), []
        for each in wanted:
            kind = kind_of(each.record_type)
            read.append((each, without_status(kind.dump(kind.read(each.id, each.document)))))
        with self.store.database.writing() as session:
            return [_save(session, each, kept, by, why, now) for each, kept in read]

    def send(self, record_type: str, id: str, by: str, now: datetime, version: int) -> int:
        """Send a draft to review; return its version. Sending it again changes nothing.

        Raises:
            NoSuchRecord: there is no such draft.
            StaleRecord: it is not at ``version`` any more.
        """
        with self.store.database.writing() as session:
            row = wanted(locked_copy(session, record_type, id, version), id)
            if row.state != "in_review":
                row.version = note(session, record_type, id, "sent", row.document, by, "", now)
                row.state, row.at, row.comment = "in_review", now, ""
                audit(session, by, "sent to review", id, now, record_type=record_type)
            return row.version

    def send_back(self, record_type: str, id: str, by: str, comment: str, now: datetime, version: int) -> int:
        """Give what is in review back to its writer with a comment; return its version.

        Raises:
            NotInReview: it is not in review.
            NoReason: the comment says nothing.
            NoSuchRecord, StaleRecord: as `send` does.
        """
        comment = reason_of(comment)
        with self.store.database.writing() as session:
            row = wanted(locked_copy(session, record_type, id, version), id)
            if row.state != "in_review":
                raise NotInReview(f"{id} is not in review; its writer still has it")
            row.version = note(session, record_type, id, "sent_back", row.document, by, comment, now)
            row.state, row.at, row.comment = "draft", now, comment
            audit(session, by, "sent back", id, now, record_type=record_type)
            return row.version

    def discard(
        self, record_type: str, id: str, by: str, why: str, now: datetime, version: int | None = None
    ) -> None:
        """Give a working copy up. Its saves stay in the history and can be restored.

        Raises:
            NoSuchRecord: there is none.
            StaleRecord: a ``version`` is told, and it is not at that any more.
        """
        why = reason_of(why, needed=False)
        with self.store.database.writing() as session:
            row = wanted(locked_copy(session, record_type, id, version), id)
            note(session, record_type, id, "discarded", row.document, by, why, now)
            session.delete(row)
            audit(session, by, "discarded", id, now, record_type=record_type, why=why)

    def overtaken(self, record_type: str, id: str) -> Overtaken | None:
        """Return what was published since a working copy was begun, beside what it changes itself.

        None where nothing was, or there is no working copy. Raises BadCatalogue as `rebase` does.
        """
        with self.store.database.session() as session:
            row = copy_row(session, record_type, id)
            return overtaken(session, row) if row else None

    def rebase(
        self, record_type: str, id: str, by: str, now: datetime, version: int | None = None
    ) -> Overtaken | None:
        """Take what was published meanwhile over into a working copy, where it did not change the same.

        Of fields that both changed the working copy's stay; it is a draft again then, and its comment names
        them. Its writer stays its writer. Return what was done, None where there was nothing to take over.

        Raises:
            BadCatalogue: what both changed makes no record that can be read; nothing was changed.
            NoSuchRecord, StaleRecord: as `discard` does.
        """
        with self.store.database.writing() as session:
            row = wanted(locked_copy(session, record_type, id, version), id)
            found = overtaken(session, row)
            if found is None:
                return None
            why = f"taken over from version {found.published_version}" if not found.gone else "it was deleted"
            row.version = note(session, record_type, id, "rebased", found.document, by, why, now)
            row.document, row.base_version, row.at = found.document, found.published_version, now
            if found.clashes:
                named = joined(label_of(name) for name in found.clashes)
                row.state, row.comment = "draft", f"Both changed, and yours was kept: {named}. Look again."
            return found

    def restore(
        self,
        record_type: str,
        id: str,
        revision: int | str,
        *,
        by: str,
        now: datetime,
        version: int = 0,
        base: int | None = None,
    ) -> int:
        """Make a working copy of an old revision, to be looked at and published; return its version.

        Args:
            revision: `Entry.revision`, or the number of a published version.
            version: the version of the working copy it is to replace; 0 where there is none.
            base: the published record's version that was read with the history, 0 where there was none.
                None takes the one of this moment: then a publication since the reading is not noticed.

        Raises:
            NoSuchRecord: there is no such revision.
            StaleRecord: there is a working copy, and it is not at ``version``; or another version was
                published, or the published one deleted, since ``base`` was read.
            BadCatalogue: the revision cannot be read by today's rules.
        """
        kind = kind_of(record_type)
        with self.store.database.writing() as session:
            row = locked_copy(session, record_type, id, version)
            document = _revision(session, record_type, id, str(revision))
            kept = without_status(kind.dump(kind.read(id, document)))
            there = published_row(session, record_type, id)
            started = there.version if there else 0
            if base is not None and base != started:
                done = "it was published anew" if there else "it was deleted"
                raise StaleRecord(f"{id}: {done} since its history was read; read it again, then restore")
            why = f"restored from {revision}"
            audit(session, by, "restored", id, now, record_type=record_type, revision=str(revision))
            return keep(session, record_type, id, row, "restored", kept, by, why, now, started)


def _save(session: Session, wanted: ToSave, kept: dict[str, Any], by: str, why: str, now: datetime) -> int:
    record_type, id, base = wanted.record_type, wanted.id, wanted.base
    row = locked_copy(session, record_type, id, wanted.version)
    there = published_row(session, record_type, id)
    version_there = there.version if there else 0
    if row is None and base is not None and base != version_there:
        raise StaleRecord(f"{id}: it was published anew meanwhile; read it again, then save")
    started = version_there if row is None else row.base_version
    return keep(session, record_type, id, row, "saved", kept, by, why, now, started)


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


def wanted(row: WorkingCopyRow | None, id: str) -> WorkingCopyRow:
    if row is None:
        raise NoSuchRecord(f"{id} has no draft; begin one by changing the record")
    return row
