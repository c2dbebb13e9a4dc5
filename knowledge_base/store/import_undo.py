"""Undo an import: what it made goes, what it changed is as before, what was touched since is left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from knowledge_base.faults import BadCatalogue
from knowledge_base.hubs import Hub
from knowledge_base.interchange.preview import LINKS
from knowledge_base.store.audit import note
from knowledge_base.store.desk_tables import ImportedRow, WorkingCopyRow, WorkingRevisionRow
from knowledge_base.store.import_work import AT_ONCE, TABLES, Clock
from knowledge_base.store.imports import WHY, Import, Imports, WrongState
from knowledge_base.store.record_kinds import kind_of, published_row, remove_row
from knowledge_base.store.record_rows import bump_version, lock_catalogue
from knowledge_base.store.referring import named_by_hub
from knowledge_base.store.tables import OfferRow, RevisionRow, RoadmapOfferRow
from knowledge_base.store.working_copies import keep
from knowledge_base.store.working_copies import note as note_copy

Key = tuple[str, str]
UNDO = ("undoing", ("applied",))


def undo(
    imports: Imports,
    id: str,
    by: str,
    clock: Clock,
    begun: Import | None = None,
    hub: Hub | None = None,
) -> dict[str, int]:
    """Undo an import; return how many records went, are as before, and were left.

    A record that somebody changed, published, or named in another since is left; its row says why. So is one
    that cannot be as it was before any more, and where a ``hub`` is told the provider that its file names.

    Raises:
        WrongState: the file was not taken in, or is being worked on.
    """
    begun, why = begun or imports.begin(id, *UNDO, clock()), f"{WHY}{id} undone"
    try:
        imports.goes_on(begun, clock())
        now = clock()
        with imports.database.writing() as session:
            imports.held(session, begun, now)
            lock_catalogue(session)
            counts = _undo(session, id, hub, by, why, now)
            note(session, by, "import undone", begun.file, now, **{"import": id, **counts})
            row = imports.finish(session, begun, "undone", clock(), undo=counts, undone_by=by, wrong="")
            row.undone = now
    except WrongState:
        raise
    except Exception:
        imports.fail(begun, "Something went wrong, and nothing was undone. Try again.", clock(), "applied")
        raise
    return counts


def _undo(session: Session, id: str, hub: Hub | None, by: str, why: str, now: datetime) -> dict[str, int]:
    """Put back what was changed, then take out what was made and nothing that stays names."""
    public = _put_back(session, id, by, why, now)
    staying = _named_still(session, id, hub)
    counts: Counter[str] = Counter()
    for record_type in ("offer", "provider"):
        for rows in _written(session, id, record_type):
            plain = []
            for row in rows:
                if _new(row) and not row.left_because:
                    row.left_because = staying.get((record_type, row.record_id))
                if row.left_because:
                    counts["left"] += 1
                    continue
                counts["removed" if row.outcome == "make" else "restored"] += 1
                if not _new(row):
                    continue
                if row.published:
                    public = True
                    _take_out(session, row, by, why, now)
                else:
                    plain.append(row)
            _discard(session, record_type, plain, by, why, now)
    if public:
        bump_version(session)
    return {"removed": 0, "restored": 0, "left": 0} | counts


def _new(row: ImportedRow) -> bool:
    """Say whether an import made a record, or put one in the catalogue that was only a draft before."""
    return row.outcome == "make" or (row.published and not row.version)


def _put_back(session: Session, id: str, by: str, why: str, now: datetime) -> bool:
    """Write what was changed as it was before, where it can be; say whether any of it is published."""
    waiting: list[int] = []
    for record_type in ("provider", "offer"):
        for rows in _written(session, id, record_type):
            touched, plain = _touched(session, rows), []
            for row in rows:
                row.left_because = touched.get(row.record_id)
                if row.left_because or _new(row):
                    continue
                if row.published:
                    waiting.append(row.id)
                elif row.draft_version and row.before is not None:
                    copy = session.get(WorkingCopyRow, (record_type, row.record_id))
                    # An import is not taken in over a draft that was begun from another version.
                    _keep_again(session, row, copy, row.version, by, why, now)
                else:
                    plain.append(row)
            _discard(session, record_type, plain, by, why, now)
    return _republish(session, waiting, by, why, now)


def _republish(session: Session, waiting: list[int], by: str, why: str, now: datetime) -> bool:
    """Publish again what rows of these numbers changed; those that cannot stand any more are left."""
    public = False
    while waiting:
        # What one requires may run in a circle until another is as before: so round by round, while it helps.
        refused = []
        for position, number in enumerate(waiting):
            row = session.get_one(ImportedRow, number)
            row.left_because = _published_again(session, row, by, why, now)
            if row.left_because:
                refused.append(number)
            if position % AT_ONCE == AT_ONCE - 1:
                session.flush()
                session.expunge_all()
        session.flush()
        session.expunge_all()
        public = public or len(refused) < len(waiting)
        waiting = refused if len(refused) < len(waiting) else []
    return public


def _published_again(session: Session, row: ImportedRow, by: str, why: str, now: datetime) -> str | None:
    """Publish a record as it was before; return why it cannot be."""
    former = select(RevisionRow.document).where(
        RevisionRow.record_type == row.record_type,
        RevisionRow.record_id == row.record_id,
        RevisionRow.version == row.version,
    )
    kind = kind_of(row.record_type)
    try:
        record = kind.read(row.record_id, session.scalar(former) or row.before)
        kind.refuse(session, record)
    except BadCatalogue as bad:
        return f"it cannot be as it was before: {'; '.join(fault.what for fault in bad.faults[:3])}"
    version, _ = kind.write(session, record, by, why, now)
    session.flush()
    if row.draft_version and row.before is not None:
        _keep_again(session, row, None, version, by, why, now)
    return None


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


def _named_still(session: Session, id: str, hub: Hub | None) -> dict[Key, str]:
    """Return the records an import made that something names which stays, with a word on what does.

    What was changed is as it was before already.
    """
    made: dict[Key, dict[Key, None]] = {}
    waiting: list[tuple[str, dict[Key, None]]] = []
    for record_type in TABLES:
        for rows in _written(session, id, record_type):
            for row in rows:
                if row.left_because or not _new(row):
                    continue
                offer = record_type == "offer"
                made[record_type, row.record_id] = _named(row.document or {}) if offer else {}
                if offer and row.before is not None:
                    waiting.append((row.record_id, _named(row.before)))  # the draft it was comes back
    named: dict[Key, str] = {}
    if not made:
        return named
    waiting += [(other, _named(document)) for other, document in _staying(session, {*made})]
    using = select(RoadmapOfferRow.offer_id, func.count()).group_by(RoadmapOfferRow.offer_id)
    for offer_id, count in session.execute(using).tuples():
        if ("offer", offer_id) in made:
            plans = f"{count} saved roadmap{'s use' if count != 1 else ' uses'} it"
            named["offer", offer_id] = f"{plans}: withdraw it instead"
            waiting.append((offer_id, made["offer", offer_id]))
    for key in made:
        if named_by_hub(hub, *key):
            named[key] = "the hub’s own file names it as its contact"
    while waiting:
        other, keys = waiting.pop()
        for key in keys:
            if key in made and key not in named:
                named[key] = f"{other} names it"
                waiting.append((key[1], made[key]))  # it stays, so what it names stays as well
    return named


def _staying(session: Session, made: set[Key]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the offers, published or in work, that an import did not make or that stay as it made them."""
    wanted = select(OfferRow.id, OfferRow.document).execution_options(yield_per=AT_ONCE)
    for id, document in session.execute(wanted):
        if ("offer", id) not in made:
            yield id, document
    copies = select(WorkingCopyRow.record_id, WorkingCopyRow.document).where(
        WorkingCopyRow.record_type == "offer"
    )
    for id, document in session.execute(copies.execution_options(yield_per=AT_ONCE)):
        if ("offer", id) not in made:
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


def _take_out(session: Session, row: ImportedRow, by: str, why: str, now: datetime) -> None:
    there = published_row(session, row.record_type, row.record_id)
    assert there is not None
    note_copy(session, row.record_type, row.record_id, "deleted", there.document, by, why, now)
    remove_row(session, there)
    session.flush()
    if row.draft_version and row.before is not None:
        _keep_again(session, row, None, 0, by, why, now)


def _keep_again(
    session: Session,
    row: ImportedRow,
    copy: WorkingCopyRow | None,
    base: int,
    by: str,
    why: str,
    now: datetime,
) -> None:
    """Write the draft again that was there before, with the published version that it was begun from."""
    before = {name: value for name, value in (row.before or {}).items() if name != "status"}
    keep(session, row.record_type, row.record_id, copy, "put_back", before, by, why, now, base)
