"""Count sign-ins that went wrong, so that nobody can go through passwords.

A try is counted before its password is looked at, and taken back when it was right: a hundred at once are
counted as a hundred. Who and where are kept as digests, and only as long as they count.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from knowledge_base.staff import TooManyTries
from knowledge_base.store.columns import in_utc
from knowledge_base.store.database import Database
from knowledge_base.store.desk_tables import SignInTryRow

WINDOW = timedelta(minutes=15)
MOST_OF_EMAIL = 5
MOST_OF_ADDRESS = 20
_LOCK = 6_104_772  # any number, the same in every process: PostgreSQL's advisory lock


class Tries:
    """The sign-ins that went wrong of late, in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, email: str, address: str, now: datetime) -> tuple[int, ...]:
        """Count a try, and return what `right` takes back. Raise TooManyTries where there were too many."""
        keys = {_key("email", email): MOST_OF_EMAIL, _key("address", address): MOST_OF_ADDRESS}
        with self._database.writing() as transaction:
            if transaction.get_bind().dialect.name == "postgresql":
                transaction.execute(select(func.pg_advisory_xact_lock(_LOCK)))
            waits = [_wait(transaction, key, most, now) for key, most in keys.items()]
            if not any(waits):
                rows = [SignInTryRow(key=key, at=now) for key in keys]
                transaction.add_all(rows)
                transaction.flush()
                return tuple(row.id for row in rows)
        raise TooManyTries(max(waits))

    def right(self, tries: tuple[int, ...], email: str) -> None:
        """Forget a try that was right, and those before it with the same e-mail."""
        with self._database.writing() as transaction:
            transaction.execute(delete(SignInTryRow).where(SignInTryRow.id.in_(tries)))
            forget_tries(transaction, email)

    def purge(self, now: datetime) -> None:
        """Delete the tries that no longer count."""
        with self._database.writing() as transaction:
            transaction.execute(delete(SignInTryRow).where(SignInTryRow.at <= now - WINDOW))


def forget_tries(transaction: Session, email: str) -> None:
    """Forget the tries with an e-mail, inside somebody else's transaction."""
    transaction.execute(delete(SignInTryRow).where(SignInTryRow.key == _key("email", email)))


def _wait(transaction: Session, key: str, most: int, now: datetime) -> float:
    """Return 0, or the seconds until a key has fewer than ``most`` tries in the window."""
    asked = (
        select(SignInTryRow.at)
        .where(SignInTryRow.key == key, SignInTryRow.at > now - WINDOW)
        .order_by(SignInTryRow.at.desc(), SignInTryRow.id.desc())
        .limit(most)
    )
    at = transaction.scalars(asked).all()
    # The clock may have been put back since: nobody waits for longer than the window.
    left = at[-1] + WINDOW - in_utc(now) if len(at) >= most else timedelta(0)
    return min(left, WINDOW).total_seconds()


def _key(kind: str, told: str) -> str:
    return hashlib.sha256(f"{kind} {told}".encode("utf-8", "surrogatepass")).hexdigest()
