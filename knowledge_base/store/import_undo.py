"""Undo an import: what it made goes, what it changed is as before, what was touched since is left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from knowledge_base.interchange.preview import LINKS
from knowledge_base.store.audit import note
from knowledge_base.store.desk_tables import ImportedRow, ImportRow, WorkingCopyRow
from knowledge_base.store.import_work import AT_ONCE, TABLES, Clock
from knowledge_base.store.imports import WHY, Imports, WrongState
from knowledge_base.store.record_kinds import kind_of, published_row, remove_row
from knowledge_base.store.record_rows import bump_version, lock_catalogue
from knowledge_base.store.tables import RevisionRow, RoadmapOfferRow
from knowledge_base.store.working_copies import keep
from knowledge_base.store.working_copies import note as note_copy

Key = tuple[str, str]
UNDO = ("undoing", ("applied",))


def undo(imports: Imports, id: str, by: str, clock: Clock, begun: bool = False) -> dict[str, int]:
    """Undo an import; return how many records went, are as before, and were left.

    A record that somebody changed, published, or named in another since is left; its row says why.

    Raises:
        WrongState: the file was not taken in, or is being worked on.
    """
    was = imports.one(id) if begun else imports.begin(id, *UNDO, clock())
    now, why = clock(), f"{WHY}{id} undone"
    try:
        with imports.database.writing() as session:
            lock_catalogue(session)
            counts = _undo(session, id, by, why, now)
            row = session.get(ImportRow, id)
            if row is not None:
                row.undone = now
            note(session, by, "import undone", was.file, now, **{"import": id, **counts})
    except WrongState:
        raise
    except Exception:
        imports.fail(id, "Something went wrong, and nothing was undone. Try again.", clock(), "applied")
        raise
    imports.end(id, "undone", clock(), undo=counts, undone_by=by, wrong="")
    return counts


def _undo(session: Session, id: str, by: str, why: str, now: datetime) -> dict[str, int]:
    counts = Counter(removed=0, restored=0, left=0)
    going = _going(session, id)
    public = False
    for record_type in ("offer", "provider"):
        for row in _written(session, id, record_type):
            key = (row.record_type, row.record_id)
            because = _touched(session, row) or going.get(key, "")
            if because:
                row.left_because = because
                counts["left"] += 1
                continue
            public = public or row.published
            if row.published:
                _take_back_published(session, row, by, why, now)
            else:
                _take_back_draft(session, row, by, why, now)
            counts["removed" if row.outcome == "make" else "restored"] += 1
        session.flush()
    if public:
        bump_version(session)
    return dict(counts)


def _written(session: Session, id: str, record_type: str) -> Iterator[ImportedRow]:
    last = 0
    mine = (
        ImportedRow.import_id == id,
        ImportedRow.wrote.is_not(None),
        ImportedRow.record_type == record_type,
    )
    while True:
        wanted = (
            select(ImportedRow).where(*mine, ImportedRow.id > last).order_by(ImportedRow.id).limit(AT_ONCE)
        )
        rows = list(session.scalars(wanted))
        if not rows:
            return
        last = rows[-1].id
        yield from rows
        session.flush()
        session.expunge_all()


def _touched(session: Session, row: ImportedRow) -> str:
    """Say what was done with a record since it was taken in; empty for nothing."""
    copy = session.get(WorkingCopyRow, (row.record_type, row.record_id))
    there = published_row(session, row.record_type, row.record_id)
    if row.published:
        if there is None:
            return "it was deleted since"
        if there.version != row.wrote:
            return "it was changed since"
        return f"{copy.by} is changing it" if copy is not None else ""
    if copy is None:
        published = there is not None and there.version != row.version
        return "it was published since" if published else "its draft was given up since"
    if copy.version != row.wrote:
        return f"{copy.by} changed it since"
    return "it was sent to review since" if copy.state != "draft" else ""


def _going(session: Session, id: str) -> dict[Key, str]:
    """Return the records made by an import that others name, with a word on who does."""
    made: dict[Key, dict[Key, None]] = {}
    for record_type in TABLES:
        for row in _written(session, id, record_type):
            if row.outcome == "make" and not _touched(session, row):
                made[row.record_type, row.record_id] = (
                    _named(row.document or {}) if record_type == "offer" else {}
                )
    named: dict[Key, str] = {}
    if not made:
        return named
    waiting: list[tuple[str, dict[Key, None]]] = []
    for kind, other, document in _staying(session, made):
        if kind == "offer":
            waiting.append((other, {key: None for key in _named(document) if key in made}))
    while waiting:
        other, keys = waiting.pop()
        for key in keys:
            if key in made and key not in named:
                named[key] = f"{other} names it"
                # It stays, so what it names stays as well.
                waiting.append((key[1], {each: None for each in made[key] if each in made}))
    using = select(RoadmapOfferRow.offer_id, func.count()).group_by(RoadmapOfferRow.offer_id)
    for offer, count in session.execute(using).tuples():
        if ("offer", offer) in made:
            plans = f"{count} saved roadmap{'s use' if count != 1 else ' uses'} it"
            named.setdefault(("offer", offer), f"{plans}: withdraw it instead")
    return named


def _staying(session: Session, made: Mapping[Key, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for kind, table in TABLES.items():
        wanted = select(table.id, table.document).execution_options(yield_per=AT_ONCE)
        for id, document in session.execute(wanted):
            if (kind, id) not in made:
                yield kind, id, document
    copies = select(WorkingCopyRow.record_type, WorkingCopyRow.record_id, WorkingCopyRow.document)
    for kind, id, document in session.execute(copies.execution_options(yield_per=AT_ONCE)):
        if (kind, id) not in made:
            yield kind, id, document


def _named(document: Mapping[str, Any]) -> dict[Key, None]:
    found: dict[Key, None] = {}
    if document.get("provider"):
        found["provider", document["provider"]] = None
    for path in LINKS:
        value = document.get(path) or ()
        for other in [value] if isinstance(value, str) else value:
            found["offer", other] = None
    return found


def _take_back_draft(session: Session, row: ImportedRow, by: str, why: str, now: datetime) -> None:
    copy = session.get(WorkingCopyRow, (row.record_type, row.record_id))
    assert copy is not None
    if row.draft_version and row.before is not None:
        _keep_again(session, row, copy, by, why, now)
        return
    note_copy(session, row.record_type, row.record_id, "discarded", copy.document, by, why, now)
    session.delete(copy)


def _take_back_published(session: Session, row: ImportedRow, by: str, why: str, now: datetime) -> None:
    there = published_row(session, row.record_type, row.record_id)
    assert there is not None
    if row.version:
        former = select(RevisionRow.document).where(
            RevisionRow.record_type == row.record_type,
            RevisionRow.record_id == row.record_id,
            RevisionRow.version == row.version,
        )
        kind = kind_of(row.record_type)
        kind.write(session, kind.read(row.record_id, session.scalar(former) or row.before), by, why, now)
    else:
        note_copy(session, row.record_type, row.record_id, "deleted", there.document, by, why, now)
        remove_row(session, there)
    session.flush()
    if row.draft_version and row.before is not None:
        _keep_again(session, row, None, by, why, now)


def _keep_again(
    session: Session, row: ImportedRow, copy: WorkingCopyRow | None, by: str, why: str, now: datetime
) -> None:
    """Write the draft again that was there before."""
    before = {name: value for name, value in (row.before or {}).items() if name != "status"}
    there = published_row(session, row.record_type, row.record_id)
    base = there.version if there else 0
    keep(session, row.record_type, row.record_id, copy, "restored", before, by, why, now, base)
