"""Let go of what imports kept to be undone by, once their stated time is over."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select, update

from knowledge_base.store.database import Database
from knowledge_base.store.desk_tables import ImportedRow, ImportRow
from knowledge_base.store.imports import Import, Imports, WrongState

LET_GO = "let_go"  # the mark in the report of an import that has nothing left to be undone by
DONE_WITH = ("applied", "undone")


def undo_until(one: Import, keep_days: int) -> datetime:
    """Return the moment from which an import that was taken in cannot be undone any more."""
    return one.touched + timedelta(days=keep_days)


def may_undo(one: Import, now: datetime, keep_days: int) -> bool:
    """Say whether there is still what an import can be undone by."""
    return not one.report.get(LET_GO) and now < undo_until(one, keep_days)


def check_undo(imports: Imports, id: str, now: datetime, keep_days: int) -> None:
    """Raise WrongState, with what to do instead, for an import that is too old to be undone."""
    one = imports.one(id)
    if one.state in ("applied", "undoing") and not may_undo(one, now, keep_days):
        raise WrongState(
            f"This file was taken in too long ago to be undone as a whole: what its records were before is "
            f"kept for {keep_days} days. Restore a record from its history instead"
        )


def purge_imports(database: Database, now: datetime, keep_days: int) -> int:
    """Forget what the rows of imports older than the stated days held; return how many imports that were.

    Which rows there were, what became of each and what was refused stays. With the documents goes what an
    undo goes by (``wrote``), so that one that is asked for all the same leaves every record alone.
    """
    old = (ImportRow.state.in_(DONE_WITH), ImportRow.touched <= now - timedelta(days=keep_days))
    with database.session() as session:
        found = session.execute(select(ImportRow.id, ImportRow.report).where(*old)).tuples().all()
    gone = 0
    for id, report in found:
        if report.get(LET_GO):
            continue
        with database.writing() as session:  # one by one, or a year's files would keep all writers waiting
            row = session.scalar(select(ImportRow).where(ImportRow.id == id, *old).with_for_update())
            if row is None:
                continue  # its undo was begun meanwhile
            mine = ImportedRow.import_id == id
            session.execute(update(ImportedRow).where(mine).values(document=None, before=None, wrote=None))
            row.report = {**row.report, LET_GO: True}
            gone += 1
    return gone
