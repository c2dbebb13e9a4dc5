"""The rows of working copies, inside somebody else's transaction: businesses never see any of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from knowledge_base.faults import shown
from knowledge_base.fields import is_id
from knowledge_base.store.catalogue_store import StaleRecord
from knowledge_base.store.desk_tables import WorkingCopyRow, WorkingRevisionRow
from knowledge_base.store.record_kinds import NoSuchRecord, kind_of
from knowledge_base.store.record_rows import lock_catalogue
from knowledge_base.store.tables import RevisionRow

DONE = (
    "saved",
    "imported",
    "put_back",
    "sent",
    "sent_back",
    "discarded",
    "restored",
    "rebased",
    "deleted",
)
"""What may have been done with a working copy; `published` is a revision of the record itself.

`imported` is the save of an import, `put_back` that of its undo.
"""


@dataclass(frozen=True, slots=True)
class WorkingCopy:
    """A record as somebody is changing it. ``state`` is draft or in_review.

    ``version`` counts everything that was ever done with working copies of this record, so that one that was
    discarded and begun again is never taken for the one that was read. ``base_version`` is the version of the
    published record it started from, 0 for a new one. ``by`` is who saved it last, ``why`` the last reason
    told, ``comment`` what a reviewer said when sending it back.
    """

    record_type: str
    id: str
    base_version: int
    version: int
    document: dict[str, Any]
    state: str
    by: str
    at: datetime
    why: str
    comment: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a record's history.

    ``revision`` names it for `Life.restore`: "3" is the third published version, "draft-7" the seventh thing
    done with its working copies. ``what`` is published, or one of `DONE`. The document of a deletion is the
    record as it was before.
    """

    record_type: str
    id: str
    revision: str
    version: int
    what: str
    at: datetime
    by: str
    why: str
    document: dict[str, Any]

    @property
    def is_published(self) -> bool:
        """Say whether the catalogue held this: businesses saw it if its status let them."""
        return self.what == "published"


def copy_row(session: Session, record_type: str, id: str) -> WorkingCopyRow | None:
    """Return the row of a record's working copy; raise NoSuchRecord for a type there is none of."""
    kind_of(record_type)
    return session.get(WorkingCopyRow, (record_type, id)) if is_id(id) else None


def locked_copy(session: Session, record_type: str, id: str, version: int | None) -> WorkingCopyRow | None:
    """Return a working copy that nobody else can change before this transaction ends.

    Raises:
        StaleRecord: it is not at ``version`` any more; 0 stands for none, None for whichever is there.
        NoSuchRecord: there can be none of this type or id.
    """
    # A database drops what it cannot keep from an id, and would find another record by what is left.
    if not is_id(id):
        raise NoSuchRecord(f"{shown(id)} is not an id; look for the record by name")
    lock_catalogue(session)
    row = copy_row(session, record_type, id)
    if version is None or version == (row.version if row else 0):
        return row
    if row is None:
        raise StaleRecord(f"{id}: its draft was published or discarded meanwhile; read it again")
    raise StaleRecord(f"{id}: {row.by} changed it meanwhile; read it again, then save")


def next_version(session: Session, record_type: str, id: str) -> int:
    """Return one more than the versions that working copies of a record ever had."""
    mine = (WorkingRevisionRow.record_type == record_type, WorkingRevisionRow.record_id == id)
    return (session.scalar(select(func.max(WorkingRevisionRow.version)).where(*mine)) or 0) + 1


def note(
    session: Session,
    record_type: str,
    id: str,
    what: str,
    document: dict[str, Any],
    by: str,
    why: str,
    now: datetime,
) -> int:
    """Add a line to the history of a record's working copies; return its version."""
    version = next_version(session, record_type, id)
    session.add(
        WorkingRevisionRow(
            record_type=record_type,
            record_id=id,
            version=version,
            at=now,
            by=by,
            what=what,
            why=why,
            document=document,
        )
    )
    return version


def keep(
    session: Session,
    record_type: str,
    id: str,
    row: WorkingCopyRow | None,
    what: str,
    document: dict[str, Any],
    by: str,
    why: str,
    now: datetime,
    base_version: int,
) -> int:
    """Write a working copy, new or changed, with its line in the history; return its version.

    What is written is a draft again. A reason told earlier stays until another is told.
    """
    version = note(session, record_type, id, what, document, by, why, now)
    if row is None:
        row = WorkingCopyRow(record_type=record_type, record_id=id, why="", comment="")
        session.add(row)
    row.base_version, row.version, row.document = base_version, version, document
    row.state, row.by, row.at, row.why = "draft", by, now, why or row.why
    return version


def written_by_import(session: Session, row: WorkingCopyRow) -> bool:
    """Say whether a draft holds what an import wrote, with nobody's own changes, and no word to its writer.

    What `Drafts.rebase` took over is the published record's, not somebody's own.
    """
    if row.state != "draft" or row.comment:
        return False
    mine = (
        WorkingRevisionRow.record_type == row.record_type,
        WorkingRevisionRow.record_id == row.record_id,
        WorkingRevisionRow.what != "rebased",
    )
    newest = select(WorkingRevisionRow.what).where(*mine).order_by(WorkingRevisionRow.version.desc()).limit(1)
    return session.scalar(newest) in ("imported", "put_back")


def without_status(document: dict[str, Any]) -> dict[str, Any]:
    """Leave the status out: the state of a working copy is its own, and publishing makes it published."""
    return {name: value for name, value in document.items() if name != "status"}


def as_copy(row: WorkingCopyRow) -> WorkingCopy:
    """Return what a row says."""
    return WorkingCopy(
        record_type=row.record_type,
        id=row.record_id,
        base_version=row.base_version,
        version=row.version,
        document=row.document,
        state=row.state,
        by=row.by,
        at=row.at,
        why=row.why,
        comment=row.comment,
    )


def history(session: Session, record_type: str, id: str) -> list[Entry]:
    """Return what was ever done with a record and its working copies, newest first."""
    if not is_id(id):
        return []
    published = select(RevisionRow).where(RevisionRow.record_type == record_type, RevisionRow.record_id == id)
    worked = select(WorkingRevisionRow).where(
        WorkingRevisionRow.record_type == record_type, WorkingRevisionRow.record_id == id
    )
    entries = [
        Entry(record_type, id, str(r.version), r.version, "published", r.at, r.by, r.why, r.document)
        for r in session.scalars(published.order_by(RevisionRow.version))
    ]
    entries += [
        Entry(record_type, id, f"draft-{r.version}", r.version, r.what, r.at, r.by, r.why, r.document)
        for r in session.scalars(worked.order_by(WorkingRevisionRow.version))
    ]
    # Of one moment, the publication came after the saves it took over.
    return sorted(entries, key=lambda e: (e.at, e.is_published, e.version), reverse=True)
