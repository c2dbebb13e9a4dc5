"""Keep what a conversation needs: its id, what it may press, and each message's one answer.

No message is kept, only replies, under a digest of the message's id. The id of a conversation that led to a
person is kept as long as what came of that, so that its owner finds it again and can have it deleted.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from knowledge_base.store import audit
from knowledge_base.store.broker_tables import ClientRow, PartedSessionRow
from knowledge_base.store.columns import in_utc
from knowledge_base.store.database import Database
from knowledge_base.store.parted import part_with
from knowledge_base.store.referral_rows import forget as forget_referrals
from knowledge_base.store.referral_rows import forget_clients, held, remove
from knowledge_base.store.rows import insert_new
from knowledge_base.store.tables import ChatAnswerRow, ChatSessionRow, CheckupRow, ReferralRow, RoadmapRow
from knowledge_base.store.unheard import digests_of, forget_unheard

# A process that was killed while it answered has claimed a message that nobody will answer.
CLAIM_LAPSES_AFTER = timedelta(seconds=120)
MANY = 500  # values in one statement

Replies = list[dict[str, Any]]


class UnknownSession(LookupError):
    """The conversation is not one we issued, or it was forgotten. Start a new one."""


class Chats:
    """The conversations kept in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def new_session(self, now: datetime) -> str:
        """Start a conversation and return its id, which cannot be guessed (43 characters)."""
        id = secrets.token_urlsafe(32)
        with self._database.writing() as transaction:
            transaction.add(ChatSessionRow(id=id, created=now, seen=now, issued=[]))
        return id

    def known(self, session: str, now: datetime) -> bool:
        """Say whether we issued this conversation and still keep it; note that it was used."""
        with self._database.session() as transaction:
            row = transaction.get(ChatSessionRow, session)
            if row is None:
                return False
            stale = in_utc(now) - row.seen > timedelta(hours=1)
        if stale:
            with self._database.writing() as transaction:
                transaction.execute(
                    update(ChatSessionRow).where(ChatSessionRow.id == session).values(seen=now)
                )
                # Whose words were still to be forgotten elsewhere is talking again.
                transaction.execute(delete(PartedSessionRow).where(PartedSessionRow.session == session))
        return True

    def holds(self, session: str) -> bool:
        """Say whether we still keep a conversation, without taking it for used."""
        with self._database.session() as transaction:
            return transaction.get(ChatSessionRow, session) is not None

    def answer_for(self, session: str, message_id: str) -> Replies | None:
        """Return what a message was answered with, or None where it was not answered yet."""
        with self._database.session() as transaction:
            row = transaction.get(ChatAnswerRow, (session, _key(message_id)))
            return row.replies if row else None

    def claim(self, session: str, message_id: str, now: datetime) -> Literal["new", "pending"] | Replies:
        """Take a message to answer. Of any number that ask at once, one is told ``new``.

        Returns:
            ``new``: answer it, then call `keep_answer`, or `release` if that failed;
            ``pending``: another is answering it; or the replies it was answered with.

        Raises:
            UnknownSession: there is no such conversation.
        """
        key = _key(message_id)
        with self._database.writing() as transaction:
            if transaction.get(ChatSessionRow, session) is None:
                raise UnknownSession("this conversation is not known; start a new one")
            values = {"session": session, "message": key, "claimed": now, "replies": None}
            if insert_new(transaction, ChatAnswerRow, values):
                return "new"
            row = transaction.get(ChatAnswerRow, (session, key), with_for_update=True)
            if row is None:
                return "pending"
            if row.replies is not None:
                return list(row.replies)
            if in_utc(now) - row.claimed <= CLAIM_LAPSES_AFTER:
                return "pending"
            row.claimed = now
            return "new"

    def keep_answer(self, session: str, message_id: str, replies: Replies, now: datetime) -> None:
        """Keep what a message was answered with. Nothing is kept of a conversation forgotten meanwhile."""
        key = _key(message_id)
        with self._database.writing() as transaction:
            row = transaction.get(ChatAnswerRow, (session, key), with_for_update=True)
            if row is not None:
                row.replies = list(replies)
            elif transaction.get(ChatSessionRow, session) is not None:
                values = {"session": session, "message": key, "claimed": now, "replies": list(replies)}
                insert_new(transaction, ChatAnswerRow, values)

    def release(self, session: str, message_id: str) -> None:
        """Give a claimed message back unanswered, so that it can be sent again."""
        unanswered = (
            ChatAnswerRow.session == session,
            ChatAnswerRow.message == _key(message_id),
            ChatAnswerRow.replies.is_(None),
        )
        with self._database.writing() as transaction:
            transaction.execute(delete(ChatAnswerRow).where(*unanswered))

    def issued(self, session: str) -> set[str]:
        """Return the payloads this conversation was given to press."""
        with self._database.session() as transaction:
            row = transaction.get(ChatSessionRow, session)
            return set(row.issued) if row else set()

    def set_issued(self, session: str, payloads: Iterable[str]) -> None:
        """Replace the payloads this conversation may press."""
        with self._database.writing() as transaction:
            values = {"issued": sorted(set(payloads))}
            transaction.execute(update(ChatSessionRow).where(ChatSessionRow.id == session).values(**values))

    def forget(self, session: str) -> bool:
        """Delete a conversation and all it left: answers, roadmaps, check-ups, referrals, what was not
        understood.

        Say whether it was there.
        """
        with self._database.writing() as transaction:
            return _forget(transaction, session)

    def forget_request(self, code: str, by: str, now: datetime, why: str = "") -> None:
        """Delete a request for a person, and its conversation with all it left; note who did it.

        What others hold of the conversation, such as Rasa, is noted to be forgotten too. ``why`` is noted, so
        nothing about the business may be in it.

        Raises:
            NoSuchReferral: there is none of that code.
        """
        with self._database.writing() as transaction:
            session = transaction.scalar(select(ReferralRow.session).where(ReferralRow.code == code))
            if session is not None:
                _hold_referrals(transaction, session)
            held(transaction, code)
            if session is not None:
                _forget(transaction, session)
                part_with(transaction, [session])
            else:
                made = select(ClientRow).where(ClientRow.referral == code).with_for_update()
                forget_clients(transaction, list(transaction.scalars(made)))
                remove(transaction, [code])
            audit.note(transaction, by, "referral_deleted", code, now, **({"why": why} if why else {}))

    def purge(self, now: datetime, keep_days: int) -> list[str]:
        """Delete conversations unused for ``keep_days``; return their ids.

        Of one that led to a request for a person, or to an adviser's client, which keep their own time, what
        was answered goes and the id stays. What others hold of either is noted to be forgotten too.
        """
        with self._database.writing() as transaction:
            before = now - timedelta(days=keep_days)
            old = list(transaction.scalars(select(ChatSessionRow.id).where(ChatSessionRow.seen < before)))
            staying = _with_person(transaction, old)
            gone = [session for session in old if session not in staying]
            _drop(transaction, gone)
            part_with(transaction, [*gone, *_emptied(transaction, sorted(staying))])
            return gone


def _hold_referrals(transaction: Session, session: str) -> None:
    """Hold a conversation's referrals in one order; whoever holds more of it holds that afterwards."""
    mine = select(ReferralRow.code).where(ReferralRow.session == session).order_by(ReferralRow.code)
    transaction.execute(mine.with_for_update())


def _forget(transaction: Session, session: str) -> bool:
    _hold_referrals(transaction, session)
    transaction.execute(delete(RoadmapRow).where(RoadmapRow.session == session))
    transaction.execute(delete(CheckupRow).where(CheckupRow.session == session))
    forget_referrals(transaction, session)
    forget_unheard(transaction, session)
    return _drop(transaction, [session]) == 1


def _with_person(transaction: Session, sessions: list[str]) -> set[str]:
    """Those of the conversations that a request for a person, or an adviser's client, is kept from."""
    found: set[str] = set()
    for some in _portions(sessions):
        asked = select(ReferralRow.session).where(ReferralRow.session.in_(some))
        found.update(session for session in transaction.scalars(asked) if session)
        digests = digests_of(transaction, some)
        theirs = select(ClientRow.owner).where(
            ClientRow.owner.in_(list(digests)), ClientRow.forgotten.is_(False)
        )
        found.update(digests[owner] for owner in transaction.scalars(theirs) if owner)
    return found


def _emptied(transaction: Session, sessions: list[str]) -> list[str]:
    """Delete what was answered in conversations; return those in which anything was."""
    emptied: list[str] = []
    for some in _portions(sessions):
        mine = ChatAnswerRow.session.in_(some)
        full = list(transaction.scalars(select(ChatAnswerRow.session).where(mine).distinct()))
        transaction.execute(delete(ChatAnswerRow).where(mine))
        transaction.execute(update(ChatSessionRow).where(ChatSessionRow.id.in_(full)).values(issued=[]))
        emptied += full
    return emptied


def _drop(transaction: Session, sessions: list[str]) -> int:
    dropped = 0
    for some in _portions(sessions):
        transaction.execute(delete(ChatAnswerRow).where(ChatAnswerRow.session.in_(some)))
        done = transaction.execute(delete(ChatSessionRow).where(ChatSessionRow.id.in_(some)))
        dropped += done.rowcount  # type: ignore[attr-defined]
    return dropped


def _portions(sessions: Sequence[str]) -> list[Sequence[str]]:
    return [sessions[start : start + MANY] for start in range(0, len(sessions), MANY)]


def _key(message_id: str) -> str:
    return hashlib.sha256(message_id.encode("utf-8", "surrogatepass")).hexdigest()
