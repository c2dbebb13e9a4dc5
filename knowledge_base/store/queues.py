"""Work that waits in a table: put there once, held by one worker for a time, and done in order.

A worker that dies loses what it held when its lease runs out. What is in one lane is done one after the
other; "" is no lane. The caller's rows have `id`, `key`, `lane`, `state`, `at`, `due_at`, `tries`, `worker`,
`lease_until`, `ended` and `why`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, exists, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from knowledge_base.store.columns import in_utc

WAITING, HELD, DONE, GIVEN_UP, FORGOTTEN = "waiting", "held", "done", "given_up", "forgotten"
UNENDED = (WAITING, HELD)
KEYS_KEPT = timedelta(days=7)  # so that what is told a second time is known
TEXT_KEPT = timedelta(days=3)  # what nobody could do by then is given up, and its text goes
LONGEST_KEY, LONGEST_WHY = 300, 300
DIED = "whoever worked on it stopped, again and again"
TOO_OLD = "nobody could do it in time"


def key_of(told: str, longest: int = LONGEST_KEY) -> str:
    """Return a key that fits: a long one ends in the digest of the whole."""
    if len(told) <= longest:
        return told
    digest = hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()
    return told[: longest - len(digest)] + digest


def hold_next(
    transaction: Session,
    row: Any,
    lock: int,
    worker: str,
    now: datetime,
    lease_seconds: float,
    ready: Sequence[Any] = (),
) -> tuple[Any, bool] | None:
    """Hold the oldest row that is ready, for a time; return it, and whether somebody began it and did not say
    how that ended. None where there is none.

    ``lock`` is a number of the table's own: on PostgreSQL those who choose take turns, or two could begin in
    one lane. SQLite's writers take turns anyway.
    """
    if transaction.get_bind().dialect.name == "postgresql":
        transaction.execute(select(func.pg_advisory_xact_lock(lock)))
    asked = select(row).where(*_may_be_held(row, now), *ready).order_by(row.id).limit(1)
    found = transaction.scalars(asked.with_for_update(of=row)).first()
    if found is None:
        return None
    begun = found.worker is not None  # a row that was given back has none
    found.state, found.worker, found.tries = HELD, worker, found.tries + 1
    found.lease_until = in_utc(now) + timedelta(seconds=lease_seconds)
    transaction.flush()
    return found, begun


def anything(transaction: Session, row: Any, now: datetime, ready: Sequence[Any] = ()) -> bool:
    """Say whether `hold_next` would find a row, without keeping others from writing as it does."""
    asked = select(row.id).where(*_may_be_held(row, now), *ready)
    return transaction.scalars(asked.limit(1)).first() is not None


def _may_be_held(row: Any, now: datetime) -> tuple[Any, ...]:
    """What is due or was left, and the first of its lane, with nobody at work on another of it."""
    due = and_(row.state == WAITING, row.due_at <= now)
    left = and_(row.state == HELD, row.lease_until <= now)
    # The heads of all lanes at once: asked of each row, a lane of thousands would be gone through for each.
    first, beside = aliased(row), aliased(row)
    heads = select(func.min(first.id)).where(first.state.in_(UNENDED), first.lane != "").group_by(first.lane)
    busy = exists(
        select(beside.id).where(
            beside.state == HELD,
            beside.lane == row.lane,
            beside.lane != "",
            beside.id != row.id,
            beside.lease_until > now,
        )
    )
    return or_(due, left), or_(row.lane == "", row.id.in_(heads)), ~busy


def died(row: Any, most_tries: int, now: datetime) -> Any:
    """The rows whose worker stopped once too often."""
    return and_(row.state == HELD, row.lease_until <= now, row.tries >= most_tries)


def end(transaction: Session, row: Any, which: Any, state: str, now: datetime, **values: Any) -> list[str]:
    """End the rows of ``which`` that had not ended, with other values; return their keys."""
    changed = {"state": state, "ended": now, "worker": None, "lease_until": None, **values}
    if "why" in changed:
        changed["why"] = changed["why"][:LONGEST_WHY]
    ended = update(row).where(which, row.state.in_(UNENDED)).values(**changed).returning(row.key)
    return list(transaction.scalars(ended.execution_options(synchronize_session=False)))


def wait(
    transaction: Session,
    row: Any,
    key: str,
    at: datetime,
    why: str,
    worker: str | None,
    counts: bool,
    unsure: bool = False,
) -> bool:
    """Give a held row back until ``at``; with ``worker``, only where that one still holds it.

    ``unsure`` keeps it marked as begun.
    """
    mine = [row.key == key_of(key), row.state == HELD]
    if worker is not None:
        mine.append(row.worker == worker)
    values = {
        "state": WAITING,
        "due_at": at,
        "worker": row.worker if unsure else None,
        "lease_until": None,
        "why": why[:LONGEST_WHY],
        "tries": row.tries if counts else row.tries - 1,
    }
    done = transaction.execute(update(row).where(*mine).values(**values))
    return bool(done.rowcount)  # type: ignore[attr-defined]


def renew(transaction: Session, row: Any, key: str, worker: str, now: datetime, lease_seconds: float) -> bool:
    """Hold a row for longer, where this worker holds it still and its lease has not run out."""
    mine = (row.key == key_of(key), row.state == HELD, row.worker == worker, row.lease_until > now)
    until = in_utc(now) + timedelta(seconds=lease_seconds)
    done = transaction.execute(update(row).where(*mine).values(lease_until=until))
    return bool(done.rowcount)  # type: ignore[attr-defined]
