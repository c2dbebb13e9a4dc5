"""Keep what planning a client's roadmap again changed, until the client's broker was told of it.

A change is noted in the transaction that writes the roadmap, whoever caused it. Who made it in the broker's
own thread says so with `RoadmapNews.told`; what is left is for `bot.slack.announcing`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from knowledge_base.brokers.records import Client
from knowledge_base.store.broker_tables import ClientRow, RoadmapNewsRow
from knowledge_base.store.clients import client_of
from knowledge_base.store.columns import in_utc
from knowledge_base.store.database import Database
from knowledge_base.store.tables import RoadmapRow

MOST = 200


@dataclass(frozen=True, slots=True)
class News:
    """What is to be told of one client's roadmap at once; ``version`` is the last one it tells of."""

    client: Client
    roadmap: str
    version: int
    changes: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Held:
    """A client's roadmap as it is kept, to see whether a day that matters has gone by."""

    id: str
    document: Mapping[str, Any]


class RoadmapNews:
    """What is still to be told in one database. Every method may raise `StoreUnavailable`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def told(self, roadmap: str, changes: Iterable[Mapping[str, Any]]) -> int:
        """Note that a broker was told of these changes, all of one planning; return how many went."""
        wanted = [dict(change) for change in changes]
        if not wanted:
            return 0
        with self._database.writing() as transaction:
            rows = transaction.scalars(select(RoadmapNewsRow).where(RoadmapNewsRow.roadmap_id == roadmap))
            found = [row.id for row in rows if row.changes == wanted]
            transaction.execute(delete(RoadmapNewsRow).where(RoadmapNewsRow.id.in_(found)))
            return len(found)

    def untold(self, roadmap: str) -> list[list[Mapping[str, Any]]]:
        """Return what nobody has begun to tell of a roadmap, the changes of each planning apart, in order."""
        row = RoadmapNewsRow
        asked = select(row.changes).where(row.roadmap_id == roadmap, row.batch.is_(None)).order_by(row.id)
        with self._database.session() as transaction:
            return list(transaction.scalars(asked))

    def waiting(self, before: datetime, limit: int = MOST) -> list[News]:
        """Return what is to be told, the oldest first, where nothing came in after ``before``.

        What was returned once comes again as it was, without what came later, until it is `done`.
        """
        row, client = RoadmapNewsRow, ClientRow
        theirs = (client.roadmap == row.roadmap_id, client.archived.is_(None), client.forgotten.is_(False))
        quiet = (
            select(row.roadmap_id, func.min(row.id).label("first"))
            .where(select(client.id).where(*theirs).exists())
            .group_by(row.roadmap_id)
            .having(func.max(row.at) <= in_utc(before))
            .order_by(func.min(row.id))
            .limit(limit)
        )
        with self._database.session() as transaction:
            if transaction.execute(quiet.limit(1)).first() is None:
                return []
        with self._database.writing() as transaction:
            order = list(transaction.scalars(quiet.with_only_columns(row.roadmap_id)))
            asked = select(row).where(row.roadmap_id.in_(order)).order_by(row.id).with_for_update()
            found: dict[str, list[RoadmapNewsRow]] = {}
            for each in transaction.scalars(asked):
                found.setdefault(each.roadmap_id, []).append(each)
            whose = select(client).where(
                client.roadmap.in_(order), client.archived.is_(None), client.forgotten.is_(False)
            )
            clients = list(transaction.scalars(whose.order_by(client.id)))
            batches = {id: _batch(rows) for id, rows in found.items()}
            return [
                News(client_of(each), id, batches[id][0].batch or 0, _changes(batches[id]))
                for id in order
                if id in batches
                for each in clients
                if each.roadmap == id
            ]

    def done(self, roadmap: str, version: int) -> None:
        """Forget what was told together under a version."""
        row = RoadmapNewsRow
        with self._database.writing() as transaction:
            transaction.execute(delete(row).where(row.roadmap_id == roadmap, row.batch == version))

    def purge(self) -> int:
        """Delete what is about no client's roadmap any more; return how much there was."""
        row, client = RoadmapNewsRow, ClientRow
        theirs = (client.roadmap == row.roadmap_id, client.archived.is_(None), client.forgotten.is_(False))
        with self._database.writing() as transaction:
            gone = delete(row).where(~select(client.id).where(*theirs).exists())
            return transaction.execute(gone).rowcount  # type: ignore[attr-defined]

    def marked(self, now: datetime, limit: int = MOST) -> list[str]:
        """Return the ids of clients' roadmaps that a record changed under, in one query."""
        asked = _of_clients(select(RoadmapRow.id), now).where(RoadmapRow.marked.is_(True))
        with self._database.session() as transaction:
            return list(transaction.scalars(asked.distinct().order_by(RoadmapRow.id).limit(limit)))

    def kept(self, now: datetime, after: str = "", limit: int = MOST) -> list[Held]:
        """Return clients' roadmaps in the order of their ids, those after an id."""
        asked = _of_clients(select(RoadmapRow.id), now).where(RoadmapRow.id > after)
        ids = asked.distinct().order_by(RoadmapRow.id).limit(limit)
        # Ids first: a row with its document is too long to be compared with another.
        wanted = select(RoadmapRow.id, RoadmapRow.document).where(RoadmapRow.id.in_(ids))
        with self._database.session() as transaction:
            return [Held(*row) for row in transaction.execute(wanted.order_by(RoadmapRow.id))]


def note_news(
    transaction: Session, roadmap: str, version: int, changes: Iterable[Mapping[str, Any]], at: datetime
) -> None:
    """Keep what a planning changed, where a client's broker is to be told."""
    found = [dict(change) for change in changes]
    theirs = (ClientRow.roadmap == roadmap, ClientRow.archived.is_(None), ClientRow.forgotten.is_(False))
    if found and transaction.scalars(select(ClientRow.id).where(*theirs).limit(1)).first():
        transaction.add(RoadmapNewsRow(roadmap_id=roadmap, version=version, changes=found, at=at, batch=None))


def _of_clients(asked: Any, now: datetime) -> Any:
    return asked.join(ClientRow, ClientRow.roadmap == RoadmapRow.id).where(
        ClientRow.archived.is_(None), ClientRow.forgotten.is_(False), RoadmapRow.expires > in_utc(now)
    )


def _batch(rows: list[RoadmapNewsRow]) -> list[RoadmapNewsRow]:
    """The rows to tell at once: those that somebody began to tell, else all."""
    begun = [row for row in rows if row.batch is not None]
    if begun:
        return [row for row in begun if row.batch == begun[0].batch]
    for row in rows:
        row.batch = rows[-1].version
    return rows


def _changes(rows: list[RoadmapNewsRow]) -> tuple[Mapping[str, Any], ...]:
    """All changes in order; what is told twice in the same words is told once."""
    by_words = {str(change.get("words")): change for row in rows for change in row.changes}
    return tuple(by_words.values())
