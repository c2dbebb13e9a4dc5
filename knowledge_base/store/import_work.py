"""Look at a file row by row, and take in what is good: working copies first of all, published where allowed.

What is written is one transaction: all of it is there, or nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from knowledge_base.faults import BadCatalogue
from knowledge_base.interchange.faults import BadTable
from knowledge_base.interchange.known import Existing, Known
from knowledge_base.interchange.preview import Planned, preview
from knowledge_base.store.audit import note
from knowledge_base.store.catalogue_store import StaleRecord
from knowledge_base.store.desk_tables import (
    ImportedRow,
    ImportPartRow,
    WorkingCopyRow,
    WorkingRevisionRow,
)
from knowledge_base.store.import_checks import passing
from knowledge_base.store.imports import WHY, Import, Imports, WrongState
from knowledge_base.store.record_kinds import kind_of, published_row
from knowledge_base.store.record_rows import bump_version, lock_catalogue
from knowledge_base.store.tables import OfferRow, ProviderRow
from knowledge_base.store.working_copies import written_by_import

AT_ONCE = 500
MOST_UNKNOWN = 200
TABLES: dict[str, type[OfferRow] | type[ProviderRow]] = {"offer": OfferRow, "provider": ProviderRow}
Clock = Callable[[], datetime]
LOOK = ("looking", ("taken", "seen", "failed"))
TAKE_IN = ("applying", ("seen",))


def look(imports: Imports, id: str, clock: Clock, begun: Import | None = None) -> None:
    """Write down what each row of a file would do; the report counts it. ``begun``: `LOOK` was begun already.

    Raises:
        WrongState: the file is being worked on, or was taken in.
        BadTable: it cannot be read; the import says so too.
    """
    begun = begun or imports.begin(id, *LOOK, clock())
    try:
        with imports.database.writing() as session:
            imports.held(session, begun, clock())
            session.execute(delete(ImportedRow).where(ImportedRow.import_id == id))
        unknown: Counter[tuple[str, str]] = Counter()
        counts: Counter[str] = Counter()
        rows = 0
        with imports.table(id) as table, imports.database.session() as session:
            planned = preview(table, begun.mapping, imports.words(), _known(session))
            while batch := [*islice(planned, AT_ONCE)]:
                for each in batch:
                    counts[each.outcome] += 1
                    for column_value in each.unknown:
                        if column_value in unknown or len(unknown) < MOST_UNKNOWN:
                            unknown[column_value] += 1
                rows += len(batch)
                with imports.database.writing() as writing:
                    imports.held(writing, begun, clock(), rows)
                    writing.execute(insert(ImportedRow), [_row_of(id, each) for each in batch])
        told = [{"column": column, "value": value, "rows": n} for (column, value), n in unknown.most_common()]
        seen = {"counts": dict(counts), "unknown": told, "wrong": "", "rows": rows}
        with imports.database.writing() as writing:
            imports.finish(writing, begun, "seen", clock(), **seen)
    except WrongState:
        raise
    except BadTable as bad:
        imports.fail(begun, str(bad), clock())
        raise
    except Exception:
        imports.fail(begun, "Something went wrong while it was looked at. Try again.", clock())
        raise


def _row_of(id: str, each: Planned) -> dict[str, Any]:
    changes = [{"label": c.label, "before": c.before, "after": c.after} for c in each.changes]
    faults = [{n: getattr(f, n) for n in ("row", "column", "value", "what", "remedy")} for f in each.faults]
    return {
        "import_id": id,
        "row": each.row,
        "outcome": each.outcome,
        "record_type": each.record_type,
        "record_id": each.id[:100],
        "name": each.name[:300],
        "document": each.document if each.outcome in ("make", "change") else None,
        "before": each.before if each.outcome == "change" else None,
        "words": {"changes": changes, "faults": faults, "matched": each.matched},
        "version": each.version,
        "draft_version": each.draft_version,
        "published": False,
    }


def _known(session: Session) -> Known:
    """Return the records there are as rows are matched with them: as they are being changed, if they are."""

    def load(record_type: str, id: str) -> Existing | None:
        copy = session.get(WorkingCopyRow, (record_type, id))
        row = published_row(session, record_type, id)
        version = row.version if row else 0
        try:
            if copy is None:
                return Existing(row.document, version) if row else None
            held = "" if written_by_import(session, copy) else copy.by
            status = row.document.get("status") if row else None
            document = {**copy.document, **({"status": status} if status else {})}
            return Existing(document, version, copy.version, held, copy.base_version != version)
        finally:
            session.expunge_all()

    known = Known(load)
    for record_type, table in TABLES.items():
        wanted = select(table.id, table.document).execution_options(yield_per=AT_ONCE)
        for id, document in session.execute(wanted):
            known.add(record_type, id, document)
    copies = select(WorkingCopyRow.record_type, WorkingCopyRow.record_id, WorkingCopyRow.document)
    for record_type, id, document in session.execute(copies.execution_options(yield_per=AT_ONCE)):
        known.add(record_type, id, document)
    return known


def take_in(
    imports: Imports,
    id: str,
    how: str,
    by: str,
    clock: Clock,
    publish: bool = False,
    own_drafts: bool = False,
    begun: Import | None = None,
) -> None:
    """Write what the rows of a file would do: ``all`` of them or nothing, or only the ``good`` ones.

    New and changed records are drafts that businesses do not see. With ``publish``, those that pass the full
    checks are published at once; the others stay drafts.

    Raises:
        WrongState: the file was not looked at, holds refused rows while all are wanted, or the hub wants a
            second pair of eyes before anything is published.
        StaleRecord: a record changed since the file was looked at, and all rows are wanted.
    """
    if publish and not own_drafts:
        raise WrongState(
            "This hub wants a second pair of eyes: take them in as drafts, and send them to review"
        )
    begun = begun or imports.begin(id, *TAKE_IN, clock())
    try:
        imports.goes_on(begun, clock())
        counts = imports.counts(id)
        if how == "all" and counts.get("refuse"):
            many = f"{counts['refuse']:,} rows are" if counts["refuse"] > 1 else "1 row is"
            raise WrongState(f"{many} refused: mend that, or take in only the good rows")
        if how not in ("all", "good"):
            raise WrongState("Say whether all rows are to be taken in, or only the good ones")
        now = clock()
        may = passing(imports.store, _every(imports, id), now.date()) if publish else frozenset()
        with imports.database.writing() as session:
            imports.held(session, begun, clock())
            lock_catalogue(session)
            wrote = _write(session, id, begun.file, how, by, now, may)
            session.execute(delete(ImportPartRow).where(ImportPartRow.import_id == id))
            note(session, by, "imported", begun.file, now, **{"import": id, **wrote})
            told = {"wrote": wrote, "how": how, "taken_by": by, "wrong": ""}
            imports.finish(session, begun, "applied", clock(), **told)
    except (WrongState, StaleRecord, BadCatalogue) as refused:
        imports.fail(begun, str(refused), clock(), "seen")
        raise
    except Exception:
        imports.fail(begun, "Something went wrong, and nothing was taken in. Try again.", clock(), "seen")
        raise


def _every(imports: Imports, id: str) -> Iterator[tuple[str, str, Any]]:
    """Yield what a file would write: the type of record, its id, and the record."""
    with imports.database.session() as session:
        for rows in _planned(session, id):
            for row in rows:
                yield (
                    row.record_type,
                    row.record_id,
                    kind_of(row.record_type).read(row.record_id, row.document),
                )


def _planned(session: Session, id: str) -> Iterator[list[ImportedRow]]:
    """Yield the rows that write something, providers first, some hundred at a time."""
    for record_type in ("provider", "offer"):
        last = 0
        wanted = select(ImportedRow).where(
            ImportedRow.import_id == id,
            ImportedRow.outcome.in_(("make", "change")),
            ImportedRow.record_type == record_type,
        )
        while rows := list(
            session.scalars(wanted.where(ImportedRow.id > last).order_by(ImportedRow.id).limit(AT_ONCE))
        ):
            last = rows[-1].id
            yield rows


def _write(
    session: Session, id: str, file: str, how: str, by: str, now: datetime, may: frozenset[tuple[str, str]]
) -> dict[str, int]:
    wrote: Counter[str] = Counter(made=0, changed=0, published=0)
    why = f"{WHY}{id}: {file}"[:300]
    for rows in _planned(session, id):
        rows = _still(session, rows, how)
        public = [row for row in rows if (row.record_type, row.record_id) in may]
        drafts = [row for row in rows if (row.record_type, row.record_id) not in may]
        _write_drafts(session, drafts, by, why, now)
        for row in public:
            _publish(session, row, by, why, now)
        for row in rows:
            wrote["made" if row.outcome == "make" else "changed"] += 1
        wrote["published"] += len(public)
        session.flush()
        session.expunge_all()
    if wrote["published"]:
        _refuse_published(session, id)
        bump_version(session)
    return dict(wrote)


def _still(session: Session, rows: Sequence[ImportedRow], how: str) -> list[ImportedRow]:
    """Return the rows whose record is as it was when it was looked at; note, or refuse, the others."""
    kind, ids = rows[0].record_type, [row.record_id for row in rows]
    table = TABLES[kind]
    there = dict(session.execute(select(table.id, table.version).where(table.id.in_(ids))).tuples().all())
    mine = (WorkingCopyRow.record_type == kind, WorkingCopyRow.record_id.in_(ids))
    columns = (WorkingCopyRow.record_id, WorkingCopyRow.version, WorkingCopyRow.base_version)
    copies = {id: found for id, *found in session.execute(select(*columns).where(*mine)).tuples()}
    same = []
    for row in rows:
        # A draft begun from an older version would be published over what was published since.
        version, base = copies.get(row.record_id, (0, row.version))
        if (there.get(row.record_id, 0), version, base) == (row.version, row.draft_version, row.version):
            same.append(row)
            continue
        what = f"{row.record_id}: somebody changed it since the file was looked at"
        if how == "all":
            raise StaleRecord(f"{what}; look at the file again, then take it in")
        row.outcome, row.document = "refuse", None
        fault = {"row": row.row, "column": "", "value": "", "what": what, "remedy": "look at the file again"}
        row.words = {**row.words, "faults": [fault]}
    return same


def _write_drafts(session: Session, rows: Sequence[ImportedRow], by: str, why: str, now: datetime) -> None:
    if not rows:
        return
    kind, ids = rows[0].record_type, [row.record_id for row in rows]
    mine = (WorkingRevisionRow.record_type == kind, WorkingRevisionRow.record_id.in_(ids))
    last = dict(
        session.execute(
            select(WorkingRevisionRow.record_id, func.max(WorkingRevisionRow.version))
            .where(*mine)
            .group_by(WorkingRevisionRow.record_id)
        )
        .tuples()
        .all()
    )
    copies, revisions = [], []
    for row in rows:
        row.wrote = last.get(row.record_id, 0) + 1
        document = {name: value for name, value in (row.document or {}).items() if name != "status"}
        common = {"record_type": kind, "record_id": row.record_id, "version": row.wrote, "document": document}
        common |= {"by": by, "at": now, "why": why}
        revisions.append({**common, "what": "imported"})
        copies.append({**common, "base_version": row.version, "state": "draft", "comment": ""})
    session.flush()
    session.execute(
        delete(WorkingCopyRow).where(WorkingCopyRow.record_type == kind, WorkingCopyRow.record_id.in_(ids)),
        execution_options={"synchronize_session": False},
    )
    session.execute(insert(WorkingCopyRow), copies)
    session.execute(insert(WorkingRevisionRow), revisions)


def _refuse_published(session: Session, id: str) -> None:
    """Raise BadCatalogue where a published record names what is not there: looked at when all are written."""
    for rows in _planned(session, id):
        for row in rows:
            if row.published:
                kind = kind_of(row.record_type)
                kind.refuse(session, kind.read(row.record_id, row.document))
        session.expunge_all()


def _publish(session: Session, row: ImportedRow, by: str, why: str, now: datetime) -> None:
    kind = kind_of(row.record_type)
    record = kind.read(row.record_id, row.document)
    row.wrote, _ = kind.write(session, record, by, why, now)
    row.published = True
    copy = session.get(WorkingCopyRow, (row.record_type, row.record_id))
    if copy is not None:
        session.delete(copy)
    session.flush()
