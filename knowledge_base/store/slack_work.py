"""Keep what Slack told us until it is done: once each, in order within a thread, by one worker at a time.

What a person wrote is in the body, which goes with the work's end; the key stays for a week, so that what
Slack tells again is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete

from knowledge_base.store.broker_tables import SlackWorkRow
from knowledge_base.store.columns import in_utc
from knowledge_base.store.database import Database
from knowledge_base.store.queues import (
    DIED,
    DONE,
    GIVEN_UP,
    KEYS_KEPT,
    TEXT_KEPT,
    TOO_OLD,
    UNENDED,
    WAITING,
    anything,
    died,
    end,
    hold_next,
    key_of,
    renew,
    wait,
)
from knowledge_base.store.rows import insert_new

MOST_TRIES = 8
_LOCK = 6_104_773  # any number, the same in every process: PostgreSQL's advisory lock


@dataclass(frozen=True, slots=True)
class Work:
    """Something to do, held by a worker; ``tries`` counts this time too. ``begun``: it may be half done."""

    key: str
    kind: str
    body: Any
    lane: str
    about: str
    at: datetime
    tries: int
    begun: bool = False


class SlackWork:
    """The work of one database. Every method may raise `StoreUnavailable`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def take_in(
        self, key: str, kind: str, body: Any, now: datetime, *, lane: str = "", about: str = ""
    ) -> bool:
        """Keep something to do; return False, and change nothing, where it was taken in before.

        Args:
            body: what JSON can hold.
            lane: the thread it belongs to; what is in one lane is done in the order taken in.
            about: the code or the client it tells of, to be forgotten with that.
        """
        values = {
            "key": key_of(key),
            "kind": kind[:40],
            "lane": lane[:200],
            "about": about[:40],
            "body": body,
            "state": WAITING,
            "at": now,
            "due_at": now,
            "tries": 0,
            "why": "",
        }
        with self._database.writing() as transaction:
            return insert_new(transaction, SlackWorkRow, values)

    def take_back(self, key: str) -> bool:
        """Delete work that waits, key and all, as if it had never been taken in; False where none waits."""
        with self._database.writing() as transaction:
            waits = (SlackWorkRow.key == key_of(key), SlackWorkRow.state == WAITING)
            return bool(transaction.execute(delete(SlackWorkRow).where(*waits)).rowcount)  # type: ignore[attr-defined]

    def claim(self, worker: str, now: datetime, lease_seconds: float) -> Work | None:
        """Hold the oldest work that is due, until the lease is over; None where there is none.

        Work whose worker stopped `MOST_TRIES` times is given up instead.
        """
        with self._database.session() as transaction:
            if not anything(transaction, SlackWorkRow, now):
                return None
        with self._database.writing() as transaction:
            stopped = died(SlackWorkRow, MOST_TRIES, now)
            end(transaction, SlackWorkRow, stopped, GIVEN_UP, now, body=None, why=DIED)
            found = hold_next(transaction, SlackWorkRow, _LOCK, worker, now, lease_seconds)
            if found is None:
                return None
            row, _ = found
            # What was given back without counting as a try was begun too; it has a reason then.
            begun = row.tries > 1 or bool(row.why)
            return Work(row.key, row.kind, row.body, row.lane, row.about, row.at, row.tries, begun)

    def renew(self, key: str, worker: str, now: datetime, lease_seconds: float) -> bool:
        """Hold work for longer; False where its lease ran out or somebody else has it."""
        with self._database.writing() as transaction:
            return renew(transaction, SlackWorkRow, key, worker, now, lease_seconds)

    def done(self, key: str, now: datetime) -> bool:
        """End work that was done, and blank its text; False where it had ended before."""
        with self._database.writing() as transaction:
            mine = SlackWorkRow.key == key_of(key)
            return bool(end(transaction, SlackWorkRow, mine, DONE, now, body=None, why=""))

    def again(
        self, key: str, at: datetime, why: str, *, worker: str | None = None, counts: bool = True
    ) -> bool:
        """Give held work back, to be tried from ``at`` on; later work of its lane waits for it.

        Args:
            why: the reason, which holds nothing a person wrote.
            worker: only where this one holds it still.
            counts: whether it was a try; being told to wait is none.
        """
        with self._database.writing() as transaction:
            return wait(transaction, SlackWorkRow, key, at, why, worker, counts)

    def give_up(self, key: str, why: str, now: datetime) -> bool:
        """End work that cannot be done; the reason is kept, the text is not."""
        with self._database.writing() as transaction:
            mine = SlackWorkRow.key == key_of(key)
            return bool(end(transaction, SlackWorkRow, mine, GIVEN_UP, now, body=None, why=why))

    def purge(self, now: datetime) -> int:
        """Give up what is too old to be done, and delete what ended a week ago; return how many went."""
        with self._database.writing() as transaction:
            old = SlackWorkRow.at <= in_utc(now) - TEXT_KEPT
            end(transaction, SlackWorkRow, old, GIVEN_UP, now, body=None, why=TOO_OLD)
            over = (SlackWorkRow.ended <= in_utc(now) - KEYS_KEPT, SlackWorkRow.state.not_in(UNENDED))
            return transaction.execute(delete(SlackWorkRow).where(*over)).rowcount  # type: ignore[attr-defined]
