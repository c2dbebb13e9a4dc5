"""Undo an import: what it made goes, what it changed is as before, what was touched since is left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from knowledge_base.interchange.preview import LINKS
from knowledge_base.store.audit import note
from knowledge_base.store.desk_tables import ImportedRow, ImportRow, WorkingCopyRow, WorkingRevisionRow
from knowledge_base.store.import_work import AT_ONCE, TABLES, Clock
from knowledge_base.store.imports import WHY, Imports, WrongState
from knowledge_base.store.record_kinds import kind_of, published_row, remove_row
from knowledge_base.store.record_rows import bump_version, lock_catalogue
from knowledge_base.store.tables import OfferRow, RevisionRow, RoadmapOfferRow
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
        for rows in _written(session, id, record_type):
            touched = _touched(session, rows)
            plain = []
            for row in rows:
                because = touched.get(row.record_id, "") or going.get((record_type, row.record_id), "")
                if because:
                    row.left_because = because
                    counts["left"] += 1
                    continue
                counts["removed" if row.outcome == "make" else "restored"] += 1
                if row.published:
                    public = True
                    _take_back_published(session, row, by, why, now)
                elif row.draft_version and row.before is not None:
                    copy = session.get(WorkingCopyRow, (record_type, row.record_id))
                    _keep_again(session, row, copy, by, why, now)
                else:
                    plain.append(row)
            _discard(session, record_type, plain, by, why, now)
    if public:
        bump_version(session)
    return dict(counts)


def _discard(
    session: Session, record_type: str, rows: list[ImportedRow], by: str, why: str, now: datetime
) -> None:
    """Give up the drafts of some hundred records at once; nobody touched them, so the last save is ours."""
    if not rows:
        return
    mine = (
        WorkingCopyRow.record_type == record_type,
        WorkingCopyRow.record_id.in_([row.record_id for row in rows]),
    )
    lines = [
        {
            "record_type": record_type,
            "record_id": copy.record_id,
            "version": copy.version + 1,
            "at": now,
            "by": by,
            "what": "discarded",
            "why": why,
            "document": copy.document,
        }
        for copy in session.scalars(select(WorkingCopyRow).where(*mine))
    ]
    session.execute(insert(WorkingRevisionRow), lines)
    session.execute(delete(WorkingCopyRow).where(*mine), execution_options={"synchronize_session": False})


def _written(session: Session, id: str, record_type: str) -> Iterator[list[ImportedRow]]:
    """Yield the rows that wrote something, some hundred at a time; what is changed in them is kept."""
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
        yield rows
        session.flush()
        session.expunge_all()


def _touched(session: Session, rows: list[ImportedRow]) -> dict[str, str]:
    """Say of records what was done with them since they were taken in; those left alone are not named."""
    kind, ids = rows[0].record_type, [row.record_id for row in rows]
    table = TABLES[kind]
    there = dict(session.execute(select(table.id, table.version).where(table.id.in_(ids))).tuples().all())
    columns = (WorkingCopyRow.record_id, WorkingCopyRow.version, WorkingCopyRow.state, WorkingCopyRow.by)
    mine = (WorkingCopyRow.record_type == kind, WorkingCopyRow.record_id.in_(ids))
    copies = {copy[0]: copy for copy in session.execute(select(*columns).where(*mine)).tuples()}
    found = {}
    for row in rows:
        id, copy, version = row.record_id, copies.get(row.record_id), there.get(row.record_id, 0)
        if row.published and not version:
            found[id] = "it was deleted since"
        elif row.published and version != row.wrote:
            found[id] = "it was changed since"
        elif row.published and copy:
            found[id] = f"{copy[3]} is changing it"
        elif row.published:
            continue
        elif copy is None:
            found[id] = "it was published since" if version != row.version else "its draft was given up since"
        elif copy[1] != row.wrote:
            found[id] = f"{copy[3]} changed it since"
        elif copy[2] != "draft":
            found[id] = "it was sent to review since"
    return found


def _going(session: Session, id: str) -> dict[Key, str]:
    """Return the records made by an import that others name, with a word on who does."""
    made: dict[Key, dict[Key, None]] = {}
    as_before: dict[Key, dict[Key, None]] = {}
    for record_type in TABLES:
        for rows in _written(session, id, record_type):
            touched = _touched(session, rows)
            for row in (row for row in rows if row.record_id not in touched):
                into, document = (made, row.document) if row.outcome == "make" else (as_before, row.before)
                into[record_type, row.record_id] = _named(document or {}) if record_type == "offer" else {}
    named: dict[Key, str] = {}
    if not made:
        return named
    waiting = [(other, keys) for (_, other), keys in as_before.items()]
    waiting += [(id, _named(document)) for id, document in _staying(session, {*made, *as_before})]
    while waiting:
        other, keys = waiting.pop()
        for key in keys:
            if key in made and key not in named:
                named[key] = f"{other} names it"
                waiting.append((key[1], made[key]))  # it stays, so what it names stays as well
    using = select(RoadmapOfferRow.offer_id, func.count()).group_by(RoadmapOfferRow.offer_id)
    for offer, count in session.execute(using).tuples():
        if ("offer", offer) in made:
            plans = f"{count} saved roadmap{'s use' if count != 1 else ' uses'} it"
            named.setdefault(("offer", offer), f"{plans}: withdraw it instead")
    return named


def _staying(session: Session, undone: set[Key]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the offers, published or in work, that an import did not write or that stay as it wrote them."""
    wanted = select(OfferRow.id, OfferRow.document).execution_options(yield_per=AT_ONCE)
    for id, document in session.execute(wanted):
        if ("offer", id) not in undone:
            yield id, document
    copies = select(WorkingCopyRow.record_id, WorkingCopyRow.document).where(
        WorkingCopyRow.record_type == "offer"
    )
    for id, document in session.execute(copies.execution_options(yield_per=AT_ONCE)):
        if ("offer", id) not in undone:
            yield id, document


def _named(document: Mapping[str, Any]) -> dict[Key, None]:
    found: dict[Key, None] = {}
    if document.get("provider"):
        found["provider", document["provider"]] = None
    for path in LINKS:
        value = document.get(path) or ()
        for other in [value] if isinstance(value, str) else value:
            found["offer", other] = None
    return found


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
