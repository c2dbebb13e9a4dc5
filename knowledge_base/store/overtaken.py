"""A working copy whose published record moved on: what others changed, and what can be taken over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge_base.differences import Change, difference
from knowledge_base.merging import merge
from knowledge_base.store.desk_tables import WorkingCopyRow
from knowledge_base.store.record_kinds import kind_of, published_row
from knowledge_base.store.tables import RevisionRow
from knowledge_base.store.working_copies import without_status


@dataclass(frozen=True, slots=True)
class Overtaken:
    """What a working copy and the published record became since the working copy was begun.

    ``mine`` is what the working copy changed, ``theirs`` what was published meanwhile. ``taken`` are the
    fields of theirs that can be taken over, ``clashes`` those that both changed, where the working copy's
    stay. ``document`` is the working copy with theirs taken over. ``gone`` says that the record was deleted.
    """

    base_version: int
    published_version: int
    mine: tuple[Change, ...]
    theirs: tuple[Change, ...]
    taken: tuple[str, ...]
    clashes: tuple[str, ...]
    document: dict[str, Any]
    gone: bool = False


def overtaken(session: Session, row: WorkingCopyRow) -> Overtaken | None:
    """Return how a working copy was overtaken; None where the published record is as it was.

    Raises:
        BadCatalogue: what both changed makes no record that can be read; nobody but a person can mend that.
    """
    there = published_row(session, row.record_type, row.record_id)
    version = there.version if there else 0
    if version == row.base_version:
        return None
    base = _revision(session, row)
    if there is None:
        return Overtaken(
            row.base_version, 0, tuple(difference(base, row.document)), (), (), (), row.document, True
        )
    kind = kind_of(row.record_type)
    merged = merge(without_status(base), without_status(row.document), without_status(there.document))
    return Overtaken(
        base_version=row.base_version,
        published_version=version,
        mine=tuple(difference(without_status(base), without_status(row.document))),
        # With the status: that it was withdrawn meanwhile is to be seen, though it is not taken over.
        theirs=tuple(difference(base, there.document)),
        taken=merged.taken,
        clashes=merged.clashes,
        document=kind.dump(kind.read(row.record_id, merged.document)),
    )


def _revision(session: Session, row: WorkingCopyRow) -> dict[str, Any]:
    mine = (
        RevisionRow.record_type == row.record_type,
        RevisionRow.record_id == row.record_id,
        RevisionRow.version == row.base_version,
    )
    return session.scalar(select(RevisionRow.document).where(*mine)) or {}
