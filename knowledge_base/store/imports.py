"""Files that are taken in: each with its mapping, what its rows would do, and what they did."""

from __future__ import annotations

import re
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, BinaryIO

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from knowledge_base.interchange.closed_lists import Words, words_of
from knowledge_base.interchange.faults import BadTable
from knowledge_base.interchange.guessing import distinct_values, guess, samples
from knowledge_base.interchange.mapping import ColumnMap, dump_mapping, parse_mapping
from knowledge_base.interchange.tables import LARGEST_FILE, Table, open_table
from knowledge_base.store.audit import note
from knowledge_base.store.catalogue_store import CatalogueStore
from knowledge_base.store.desk_tables import ImportedRow, ImportMappingRow, ImportPartRow, ImportRow

STATES = ("taken", "looking", "seen", "applying", "applied", "undoing", "undone", "failed")
AT_WORK = ("looking", "applying", "undoing")
KEPT_FOR = timedelta(days=30)  # a file that was not taken in
STOPPED_AFTER = timedelta(minutes=5)  # a work that says nothing for so long has died with its process
# Where a file is again whose work was cut off: nothing of it was written.
BEFORE = {"looking": "taken", "applying": "seen", "undoing": "applied"}
WHY = "import "  # how the reason of what an import wrote begins
_PART = 1 << 20
_SHOWN_SAMPLES = 3


class NoSuchImport(LookupError):
    """There is no such import; the message says what to do."""


class WrongState(RuntimeError):
    """What was asked cannot be done with an import as it is now; the message says why."""


@dataclass(frozen=True, slots=True)
class Import:
    """One file that is taken in. ``report`` is what a page shows: how it was read, counts, faults."""

    id: str
    at: datetime
    by: str
    file: str
    state: str
    mapping: ColumnMap
    report: dict[str, Any]
    done: int
    total: int
    touched: datetime
    undone: datetime | None

    @property
    def turn(self) -> str:
        """The name of the work that was begun last: only that one may write."""
        return str(self.report.get("turn", ""))

    def stopped(self, now: datetime) -> bool:
        """Say whether its work was cut off, so that it may be begun again."""
        return self.state in AT_WORK and now - self.touched > STOPPED_AFTER


@dataclass(frozen=True, slots=True)
class KeptMapping:
    """A mapping under the name it is used again by."""

    name: str
    mapping: ColumnMap
    by: str
    at: datetime


class Imports:
    """The files of one database. Every method may raise `StoreUnavailable`."""

    def __init__(self, store: CatalogueStore) -> None:
        self.store, self.database = store, store.database

    def take(self, name: str, content: BinaryIO, by: str, now: datetime, sheet: str = "") -> str:
        """Keep a file to be taken in, with a mapping that looks right; return the import's id.

        Raises:
            BadTable: it is no table, or not one that is read here. Nothing was kept.
        """
        table = open_table(content, name, sheet=sheet)
        mapping = guess(table, self.words())
        report = _looked(table)
        id = secrets.token_hex(6)
        with self.database.writing() as session:
            old = (ImportRow.state.in_(("taken", "seen", "failed")), ImportRow.touched < now - KEPT_FOR)
            session.execute(delete(ImportRow).where(*old))
            session.add(
                ImportRow(
                    id=id,
                    at=now,
                    by=by,
                    file=" ".join(name.split())[:300] or "a file",
                    state="taken",
                    mapping=dump_mapping(mapping),
                    report=report,
                    touched=now,
                )
            )
            session.flush()
            content.seek(0)
            for position, part in enumerate(iter(lambda: content.read(_PART), b"")):
                session.add(ImportPartRow(import_id=id, position=position, content=part))
                session.flush()
                session.expunge_all()
        return id

    def one(self, id: str) -> Import:
        """Return an import; raise NoSuchImport where there is none."""
        with self.database.session() as session:
            return _import(_row(session, id))

    def all(self, limit: int = 100) -> list[Import]:
        """Return the imports, newest first."""
        wanted = select(ImportRow).order_by(ImportRow.at.desc(), ImportRow.id).limit(limit)
        with self.database.session() as session:
            return [_import(row) for row in session.scalars(wanted)]

    def words(self) -> Words:
        """Return the words known here, with the areas of the catalogue."""
        return words_of(self.store.catalogue(published_only=False).areas.values())

    @contextmanager
    def table(self, id: str, mapping: ColumnMap | None = None) -> Iterator[Table]:
        """Open the file of an import as its mapping, or another one, says.

        Raises:
            BadTable: its file cannot be read so, or was thrown away when it was done with.
        """
        found = self.one(id)
        mapping = mapping or found.mapping
        with tempfile.TemporaryFile() as file:
            with self.database.session() as session:
                parts = select(ImportPartRow.content).where(ImportPartRow.import_id == id)
                for part in session.scalars(parts.order_by(ImportPartRow.position)):
                    file.write(part)
            if not file.tell():
                raise BadTable("the file of this import is not kept any more", "send it again")
            file.seek(0)
            yield open_table(file, found.file, mapping.encoding, mapping.sheet)

    def distinct(self, id: str) -> dict[str, dict[str, int]]:
        """Return what stands in the columns that are read by a list, with how often."""
        with self.table(id) as table:
            return distinct_values(table.rows(), self.one(id).mapping)

    def map(self, id: str, mapping: ColumnMap, now: datetime) -> None:
        """Change how the file of an import is read; what was looked at before is thrown away.

        Raises:
            WrongState: it is being worked on, or is done with.
            BadTable: the file cannot be read so.
        """
        with self.table(id, mapping) as table:
            if (mapping.encoding, mapping.sheet) != (
                self.one(id).mapping.encoding,
                self.one(id).mapping.sheet,
            ):
                fresh = guess(table, self.words(), mapping.record_type)
                same = {each.column for each in mapping.columns} <= {*table.headers}
                plain = dump_mapping(mapping if same else fresh) | {
                    "encoding": mapping.encoding,
                    "sheet": mapping.sheet,
                }
                mapping = parse_mapping(plain)
            report = _looked(table)
        with self.database.writing() as session:
            row = _row(session, id, lock=True)
            if row.state not in ("taken", "seen", "failed"):
                raise WrongState(f"This file is {_SAID[row.state]}; its mapping stays as it is")
            session.execute(delete(ImportedRow).where(ImportedRow.import_id == id))
            row.mapping, row.report, row.state, row.touched = dump_mapping(mapping), report, "taken", now

    def begin(self, id: str, state: str, may_be: tuple[str, ...], now: datetime) -> Import:
        """Say that work on an import begins; return the import with the turn of that work.

        Two never begin the same. Work that was cut off may be begun again; should it go on after all, it is
        not its turn any more, and it writes nothing.

        Raises:
            WrongState: the import is at another step, or somebody works on it at this moment.
        """
        with self.database.writing() as session:
            row = session.get(ImportRow, id, with_for_update={"skip_locked": True})
            if row is None:
                # Who works holds the row while they write, for however long that takes.
                busy = _row(session, id)
                raise WrongState(f"This file is being worked on ({busy.file}). Look at it again in a while")
            was = _import(row)
            stopped = was.stopped(now)
            if (BEFORE[row.state] if stopped else row.state) not in may_be:
                raise WrongState(f"This file is {_SAID[row.state]}. Look at it again before going on")
            row.state, row.touched, row.done = state, now, 0
            row.total = row.total if state != "looking" else 0
            row.report = {**row.report, "turn": secrets.token_hex(4)}
            return _import(row)

    def held(self, session: Session, begun: Import, now: datetime, done: int | None = None) -> ImportRow:
        """Hold an import until this transaction ends, and say that the work goes on.

        Args:
            done: how many rows are through, where that is known.

        Raises:
            WrongState: it is not the turn of this work any more; nothing may be written.
        """
        row = _row(session, begun.id, lock=True)
        if row.state != begun.state or _import(row).turn != begun.turn:
            raise WrongState(f"This file is {_SAID[row.state]}; the work on it was begun anew by somebody")
        row.touched, row.done = now, row.done if done is None else done
        return row

    def goes_on(self, begun: Import, now: datetime) -> None:
        """Say that a work goes on; raise WrongState where it is not its turn any more."""
        with self.database.writing() as session:
            self.held(session, begun, now)

    def finish(self, session: Session, begun: Import, state: str, now: datetime, **report: Any) -> ImportRow:
        """Say, in the transaction that writes what was done, that it is done; raise WrongState as `held`."""
        row = self.held(session, begun, now)
        row.state, row.report = state, {**row.report, **report}
        return row

    def fail(self, begun: Import, words: str, now: datetime, state: str = "failed") -> None:
        """Say that a work went wrong and wrote nothing; what another one did meanwhile stays said."""
        with suppress(WrongState), self.database.writing() as session:
            self.finish(session, begun, state, now, wrong=words[:2000])

    def forget(self, id: str, by: str, now: datetime) -> None:
        """Throw away a file that was not taken in; raise WrongState for one that was, or is being."""
        with self.database.writing() as session:
            row = _row(session, id, lock=True)
            if row.state not in ("taken", "seen", "failed"):
                raise WrongState(f"This file is {_SAID[row.state]}; undo it instead")
            session.delete(row)
            note(session, by, "import thrown away", row.file, now)

    def rows(self, id: str, outcome: str = "", offset: int = 0, limit: int = 50) -> list[ImportedRow]:
        """Return what rows of a file would do, or did, in their order; of one outcome if told."""
        wanted = select(ImportedRow).where(ImportedRow.import_id == id)
        if outcome:
            wanted = wanted.where(ImportedRow.outcome == outcome)
        with self.database.session() as session:
            ordered = wanted.order_by(ImportedRow.row, ImportedRow.id).offset(offset).limit(limit)
            return list(session.scalars(ordered))

    def counts(self, id: str) -> dict[str, int]:
        """Return how many rows there are of each outcome."""
        counted = select(ImportedRow.outcome, func.count()).where(ImportedRow.import_id == id)
        with self.database.session() as session:
            return dict(session.execute(counted.group_by(ImportedRow.outcome)).tuples().all())

    def faults(self, id: str) -> Iterator[dict[str, Any]]:
        """Yield every fault of a file by its row, column, value, what is wrong, and how to mend it."""
        offset = 0
        while rows := self.rows(id, "refuse", offset, 500):
            for row in rows:
                for fault in row.words.get("faults", ()):
                    yield {
                        "row": row.row,
                        "name": row.name,
                        **{key: value for key, value in fault.items() if key != "row"},
                    }
            offset += len(rows)

    def keep_mapping(self, name: str, mapping: ColumnMap, by: str, now: datetime) -> None:
        """Keep a mapping under a name; one of that name is replaced."""
        document = dump_mapping(mapping) | {"name": name}
        parse_mapping(document)
        with self.database.writing() as session:
            session.merge(ImportMappingRow(name=name, document=document, by=by, at=now))
            note(session, by, "mapping kept", name, now)

    def mappings(self) -> list[KeptMapping]:
        """Return the mappings that were kept, by name."""
        with self.database.session() as session:
            rows = session.scalars(select(ImportMappingRow).order_by(ImportMappingRow.name))
            return [KeptMapping(row.name, parse_mapping(row.document), row.by, row.at) for row in rows]


_SAID = {
    "taken": "not looked at yet",
    "looking": "being looked at",
    "seen": "looked at and not taken in yet",
    "applying": "being taken in",
    "applied": "taken in already",
    "undoing": "being undone",
    "undone": "undone",
    "failed": "not taken in: something went wrong",
}


def said(state: str) -> str:
    """Return what a state is called."""
    return _SAID[state]


def _looked(table: Table) -> dict[str, Any]:
    """Return what a page shows of a table before it is mapped."""
    seen = samples(table)
    first = {name: [*dict.fromkeys(each.values)][:_SHOWN_SAMPLES] for name, each in seen.items()}
    return {
        "kind": table.kind,
        "said": [*table.said],
        "headers": [*table.headers],
        "sheets": [*table.sheets],
        "samples": {name: [value[:120] for value in values] for name, values in first.items()},
    }


def of_an_import(why: str) -> bool:
    """Say whether a reason is the one that an import, or its undo, gave."""
    return re.match(rf"{WHY}[0-9a-f]{{12}}(: | undone$)", why) is not None


def _row(session: Session, id: str, lock: bool = False) -> ImportRow:
    row = session.get(ImportRow, id, with_for_update=lock or None)
    if row is None:
        raise NoSuchImport("There is no such import. It may have been thrown away.")
    return row


def _import(row: ImportRow) -> Import:
    mapping = parse_mapping(row.mapping)
    return Import(
        row.id,
        row.at,
        row.by,
        row.file,
        row.state,
        mapping,
        row.report,
        row.done,
        row.total,
        row.touched,
        row.undone,
    )


__all__ = [
    "AT_WORK",
    "LARGEST_FILE",
    "Import",
    "Imports",
    "KeptMapping",
    "NoSuchImport",
    "WrongState",
    "of_an_import",
    "said",
]
