"""Keep what was not understood, already masked, until it is labelled or its days are over.

A row knows its session only as a salted digest, for one use: to delete what was kept of a conversation when
its owner asks. The digest goes when the session's own data do. No time is finer than the day.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from knowledge_base.store.database import Database
from knowledge_base.store.rows import insert_new
from knowledge_base.store.tables import UnheardRefusalRow, UnheardRow, UnheardSaltRow

NEW, LABELLED, SET_ASIDE, EXPORTED, FORGOTTEN = "new", "labelled", "set_aside", "exported", "forgotten"
STATES = (NEW, LABELLED, SET_ASIDE, EXPORTED)
MANY = 500  # values in one statement


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """A message that was not understood, as heard on a day: why, and what it was taken for."""

    session: str
    text: str
    why: str
    act: str
    confidence: float
    on: date
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unheard:
    """A masked message that was not understood: why, what the bot took it for, and what a curator said."""

    id: str
    text: str
    why: str
    act: str
    confidence: float
    needs: tuple[str, ...]
    day: date
    state: str = NEW
    label_act: str | None = None
    label_needs: tuple[str, ...] = ()


class UnheardRows:
    """The messages that were not understood, in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, heard: NotUnderstood) -> bool:
        """Keep a masked message; once, however often its session sends it, and never of one that refused."""
        with self._database.writing() as transaction:
            digest = digest_of(transaction, heard.session)
            if transaction.get(UnheardRefusalRow, digest) is not None:
                return False
            values = {
                "id": secrets.token_hex(5),
                "session": digest,
                "text": heard.text,
                "why": heard.why,
                "act": heard.act,
                "confidence": round(heard.confidence, 2),
                "needs": list(heard.needs),
                "day": heard.on,
                "state": NEW,
                "label_needs": [],
            }
            return insert_new(transaction, UnheardRow, values)

    def refuse(self, session: str, day: date) -> None:
        """Forget what was kept of a session, and keep nothing more of it."""
        with self._database.writing() as transaction:
            forget_unheard(transaction, session)
            insert_new(
                transaction, UnheardRefusalRow, {"session": digest_of(transaction, session), "day": day}
            )

    def forget(self, session: str) -> None:
        """Forget what was kept of a session."""
        with self._database.writing() as transaction:
            forget_unheard(transaction, session)

    def part_from(self, sessions: Sequence[str]) -> None:
        """Drop what ties rows to sessions whose own data are gone."""
        if not sessions:
            return
        with self._database.writing() as transaction:
            salt = _salt(transaction)
            for some in _parts([_salted(salt, session) for session in sessions]):
                transaction.execute(
                    update(UnheardRow).where(UnheardRow.session.in_(some)).values(session=None)
                )
                transaction.execute(delete(UnheardRefusalRow).where(UnheardRefusalRow.session.in_(some)))

    def all(self, states: Collection[str] = STATES, since: date | None = None) -> list[Unheard]:
        """Return the messages in these states, the oldest first."""
        asked = select(UnheardRow).where(UnheardRow.state.in_(states)).order_by(UnheardRow.day, UnheardRow.id)
        if since is not None:
            asked = asked.where(UnheardRow.day >= since)
        with self._database.session() as transaction:
            return [_record(row) for row in transaction.scalars(asked)]

    def label(self, ids: Iterable[str], act: str, needs: Sequence[str]) -> int:
        """Note what messages mean; one that was exported before is to be exported again. Return how many."""
        return self._change(ids, state=LABELLED, label_act=act, label_needs=list(needs))

    def set_aside(self, ids: Iterable[str]) -> int:
        """Note that messages teach nothing; return how many."""
        return self._change(ids, state=SET_ASIDE, label_act=None, label_needs=[])

    def wait_again(self, ids: Iterable[str]) -> int:
        """Take back what was said of messages that are in no file yet; return how many."""
        return self._change(ids, (LABELLED, SET_ASIDE), state=NEW, label_act=None, label_needs=[])

    def exported(self, files: dict[str, str]) -> None:
        """Note in which file each message now is an example."""
        with self._database.writing() as transaction:
            for id, file in files.items():
                transaction.execute(
                    update(UnheardRow)
                    .where(UnheardRow.id == id, UnheardRow.state == LABELLED)
                    .values(state=EXPORTED, file=file)
                )

    def to_take_out(self) -> dict[str, str]:
        """Return the examples whose owners asked to be forgotten: id and file."""
        asked = select(UnheardRow.id, UnheardRow.file).where(UnheardRow.state == FORGOTTEN)
        with self._database.session() as transaction:
            return {id: file or "" for id, file in transaction.execute(asked)}

    def taken_out(self, ids: Iterable[str]) -> None:
        """Drop what was kept to remember that examples had to go."""
        with self._database.writing() as transaction:
            for some in _parts(list(ids)):
                gone = delete(UnheardRow).where(UnheardRow.id.in_(some), UnheardRow.state == FORGOTTEN)
                transaction.execute(gone)

    def purge(self, before: date) -> int:
        """Delete what was kept before a day; return how many messages there were."""
        with self._database.writing() as transaction:
            transaction.execute(delete(UnheardRefusalRow).where(UnheardRefusalRow.day < before))
            old = delete(UnheardRow).where(UnheardRow.day < before, UnheardRow.state != FORGOTTEN)
            return transaction.execute(old).rowcount  # type: ignore[attr-defined]

    def _change(self, ids: Iterable[str], states: Collection[str] = STATES, **values: object) -> int:
        changed = 0
        with self._database.writing() as transaction:
            for some in _parts(list(ids)):
                which = (UnheardRow.id.in_(some), UnheardRow.state.in_(states))
                done = transaction.execute(update(UnheardRow).where(*which).values(**values))
                changed += done.rowcount  # type: ignore[attr-defined]
        return changed


def forget_unheard(transaction: Session, session: str) -> None:
    """Forget what was kept of a session, inside somebody else's transaction.

    Of what has become an example only its id stays, until the example is taken out of its file.
    """
    digest = digest_of(transaction, session)
    mine = UnheardRow.session == digest
    transaction.execute(
        update(UnheardRow)
        .where(mine, UnheardRow.file.is_not(None))
        .values(
            session=None, text="", why="", act="", confidence=0.0, needs=[], state=FORGOTTEN,
            label_act=None, label_needs=[],
        )
    )  # fmt: skip
    transaction.execute(delete(UnheardRow).where(mine))
    transaction.execute(delete(UnheardRefusalRow).where(UnheardRefusalRow.session == digest))


def digest_of(transaction: Session, session: str) -> str:
    """Return the salted digest of a session, by which it is known again in this database alone."""
    return _salted(_salt(transaction), session)


def digests_of(transaction: Session, sessions: Iterable[str]) -> dict[str, str]:
    """Return sessions by their salted digests."""
    salt = _salt(transaction)
    return {_salted(salt, session): session for session in sessions}


def _salt(transaction: Session) -> str:
    return transaction.scalars(select(UnheardSaltRow.salt)).one()


def _salted(salt: str, session: str) -> str:
    return hmac.new(salt.encode(), session.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def _record(row: UnheardRow) -> Unheard:
    return Unheard(
        id=row.id,
        text=row.text,
        why=row.why,
        act=row.act,
        confidence=row.confidence,
        needs=tuple(row.needs),
        day=row.day,
        state=row.state,
        label_act=row.label_act,
        label_needs=tuple(row.label_needs),
    )


def _parts(values: list[str]) -> Iterable[list[str]]:
    return (values[start : start + MANY] for start in range(0, len(values), MANY))
