"""Keep what is to be put into Slack until it is there: once each, in order within a thread.

Payloads hold what a business told, and go when they are sent; the key and the ts stay for a week, and for as
long as the referral or the client they are about is kept, so that the message can be found and taken down.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session, aliased

from knowledge_base.store.broker_tables import ClientRow, SlackOutboxRow
from knowledge_base.store.columns import in_utc
from knowledge_base.store.database import Database
from knowledge_base.store.queues import (
    DIED,
    DONE,
    FORGOTTEN,
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
from knowledge_base.store.slack_ties import about_of, take_down_post
from knowledge_base.store.tables import ReferralRow

MOST_TRIES = 30
_ORDER = ":v"
NO_ROOT = "the message it belongs to was not sent"
_LOCK = 6_104_774  # any number, the same in every process: PostgreSQL's advisory lock


@dataclass(frozen=True, slots=True)
class Post:
    """Something to put into Slack, held by a deliverer; ``tries`` counts this time too.

    ``update_ts``: in place of that message; with ``delete``, take that message down instead. ``lost`` says
    that somebody began to send it and did not say how it ended: look for it before posting.
    """

    key: str
    channel: str
    text: str
    blocks: list[Any] | None
    file: dict[str, Any] | None
    thread_ts: str | None
    update_ts: str | None
    ephemeral_to: str | None
    delete: bool
    about: str
    at: datetime
    tries: int
    lost: bool


class SlackOutbox:
    """What is to be put into Slack, in one database. Every method may raise `StoreUnavailable`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(
        self,
        key: str,
        channel: str,
        *,
        text: str,
        blocks: Sequence[Any] | None = None,
        thread_ts: str | None = None,
        after_key: str | None = None,
        update_ts: str | None = None,
        update_key: str | None = None,
        ephemeral_to: str | None = None,
        file: Mapping[str, Any] | None = None,
        about: str = "",
        order: int | None = None,
        now: datetime,
    ) -> bool:
        """Keep something to send; return False, and change nothing, where it was put before.

        Args:
            channel: where to; with ``after_key`` or ``update_key``, that message's own channel instead, as
                soon as it is known.
            after_key: send it in the thread of the message with this key, once that was sent.
            update_key: send it in place of the message with this key, once that was sent.
            order: with ``update_key``, which state it shows: one that is older than, or the same as, one put
                before is not kept. It becomes part of the key.
            file: what JSON can hold.
            about: the code or the client it tells of, to be forgotten with that; by default what its thread
                is about, where that is known now or by the time it is sent.
        """
        with self._database.writing() as transaction:
            root = thread_ts or (after_key and key_of(after_key))
            target = update_ts or (update_key and key_of(update_key))
            if order is not None and update_key:
                if _overtaken(transaction, update_key, order):
                    return False
                key = f"{key}{_ORDER}{order}"
            channel = _channel_of(transaction, None if thread_ts else after_key) or channel
            channel = _channel_of(transaction, None if update_ts else update_key) or channel
            values = {
                "key": key_of(key),
                "channel": channel,
                "lane": _lane(transaction, channel, root, target),
                "about": about[:40] or about_of(transaction, channel, thread_ts, after_key),
                "thread_ts": thread_ts,
                "after_key": key_of(after_key) if after_key and not thread_ts else None,
                "update_ts": update_ts,
                "update_key": key_of(update_key) if update_key and not update_ts else None,
                "ephemeral_to": ephemeral_to,
                "payload": {
                    "text": text,
                    "blocks": None if blocks is None else list(blocks),
                    "file": None if file is None else dict(file),
                },
                "ts": None,
                "state": WAITING,
                "at": now,
                "due_at": now,
                "tries": 0,
                "why": "",
            }
            return insert_new(transaction, SlackOutboxRow, values)

    def claim(
        self, worker: str, now: datetime, lease_seconds: float, *, without: Collection[str] = ()
    ) -> Post | None:
        """Hold the oldest post that is due, until the lease is over; None where there is none.

        ``without`` are channels that are to wait. What stopped its deliverer `MOST_TRIES` times is given up,
        and so is what belongs to a message that was.
        """
        root, target = aliased(SlackOutboxRow), aliased(SlackOutboxRow)
        row = SlackOutboxRow
        there = or_(root.ts.is_not(None), root.state == DONE)  # a file has no ts
        rooted = select(root.id).where(root.key == row.after_key, there).exists()
        aimed = select(target.id).where(target.key == row.update_key, target.ts.is_not(None)).exists()
        ready = [or_(row.after_key.is_(None), rooted), or_(row.update_key.is_(None), aimed)]
        if without:
            ready.append(row.channel.not_in(list(without)))
        over = (root.ts.is_(None), root.key == row.after_key, root.state.in_((GIVEN_UP, FORGOTTEN)))
        aimless = (target.ts.is_(None), target.key == row.update_key, target.state.not_in(UNENDED))
        orphaned = or_(select(root.id).where(*over).exists(), select(target.id).where(*aimless).exists())
        with self._database.session() as transaction:
            alone = select(row.id).where(row.state.in_(UNENDED), orphaned).limit(1)
            if not anything(transaction, row, now, ready) and transaction.scalars(alone).first() is None:
                return None
        with self._database.writing() as transaction:
            _give_up(transaction, died(row, MOST_TRIES, now), DIED, now)
            _give_up(transaction, orphaned, NO_ROOT, now)
            found = hold_next(transaction, row, _LOCK, worker, now, lease_seconds, ready)
            if found is None:
                return None
            held, begun = found
            # What was put before the message it belongs to could not know where that is.
            known = None if held.thread_ts else _channel_of(transaction, held.after_key)
            known = _channel_of(transaction, held.update_key) or known
            if known:
                held.channel = known
            return _post(
                held,
                held.thread_ts or _thread_of(transaction, held.after_key),
                held.update_ts or _ts(transaction, held.update_key),
                begun,
            )

    def renew(self, key: str, worker: str, now: datetime, lease_seconds: float) -> bool:
        """Hold a post for longer; False where its lease ran out or somebody else has it."""
        with self._database.writing() as transaction:
            return renew(transaction, SlackOutboxRow, key, worker, now, lease_seconds)

    def sent(self, key: str, ts: str | None, now: datetime) -> bool:
        """Keep that a post is in Slack, under ``ts`` where it has one, and blank it.

        What was forgotten while it was on its way is put there to be taken down again.
        """
        with self._database.writing() as transaction:
            row = _of_key(transaction, key, for_update=True)
            if row is None:
                return False
            if row.state in (FORGOTTEN, GIVEN_UP) and row.ts is None and ts:
                row.ts = ts
                if row.state == FORGOTTEN:
                    take_down_post(transaction, row, now)
                return True
            if ts and not row.about:
                row.about = about_of(transaction, row.channel, ts, None)
                hanging = (SlackOutboxRow.after_key == row.key, SlackOutboxRow.about == "")
                transaction.execute(update(SlackOutboxRow).where(*hanging).values(about=row.about))
            transaction.flush()
            mine = SlackOutboxRow.id == row.id
            return bool(end(transaction, SlackOutboxRow, mine, DONE, now, payload=None, ts=ts, why=""))

    def again(
        self,
        key: str,
        at: datetime,
        why: str,
        *,
        worker: str | None = None,
        counts: bool = True,
        unsure: bool = False,
    ) -> bool:
        """Give a held post back, to be tried from ``at`` on.

        Args:
            why: the reason, which holds nothing a person wrote.
            worker: only where this one holds it still.
            counts: whether it was a try; being told to wait is none.
            unsure: it may have arrived all the same; whoever holds it next is told by ``lost``.
        """
        with self._database.writing() as transaction:
            return wait(transaction, SlackOutboxRow, key, at, why, worker, counts, unsure)

    def give_up(self, key: str, why: str, now: datetime) -> bool:
        """End a post that cannot be sent; the reason is kept, the text is not. What hangs on it ends too."""
        with self._database.writing() as transaction:
            return _give_up(transaction, SlackOutboxRow.key == key_of(key), why, now)

    def ts_of(self, key: str) -> str | None:
        """Return what Slack called a message, or None while it is not known to be there."""
        with self._database.session() as transaction:
            return _ts(transaction, key_of(key))

    def person_of(self, key: str) -> str:
        """Return the member id a message is put for; "" where it goes to a channel, or is not known."""
        with self._database.session() as transaction:
            channel = _channel_of(transaction, key) or ""
            return channel if channel.startswith(("U", "W")) else ""

    def state_of(self, key: str) -> str | None:
        """Return waiting, held, done, given_up or forgotten; None where nothing was put under a key."""
        with self._database.session() as transaction:
            row = _of_key(transaction, key)
            return row.state if row else None

    def purge(self, now: datetime) -> int:
        """Give up what is too old to be sent, and delete what ended a week ago; return how many went.

        What is about a referral or a client that is still kept stays as long as that.
        """
        row = SlackOutboxRow
        with self._database.writing() as transaction:
            old = (row.at <= in_utc(now) - TEXT_KEPT) & row.payload.is_not(None)
            _give_up(transaction, old, TOO_OLD, now)
            gone = (
                row.about.not_in(select(ReferralRow.code)),
                row.about.not_in(select(ClientRow.id).where(ClientRow.forgotten.is_(False))),
            )
            over = (row.ended <= in_utc(now) - KEYS_KEPT, row.state.not_in(UNENDED), *gone)
            return transaction.execute(delete(row).where(*over)).rowcount  # type: ignore[attr-defined]


def _overtaken(transaction: Session, target: str, order: int) -> bool:
    """Whether a message is, or will be, shown in a state that is not older; others wait to say theirs."""
    _of_key(transaction, target, for_update=True)
    row = SlackOutboxRow
    asked = select(row.key).where(row.update_key == key_of(target))
    found = (key.rpartition(_ORDER)[2] for key in transaction.scalars(asked))
    return any(each.isdecimal() and int(each) >= order for each in found)


def _channel_of(transaction: Session, key: str | None) -> str | None:
    """Where a message is or will be put; None where none of that key is known."""
    if key is None:
        return None
    asked = select(SlackOutboxRow.channel).where(SlackOutboxRow.key == key_of(key))
    return transaction.scalars(asked).first()


def _lane(transaction: Session, channel: str, root: str | None, target: str | None) -> str:
    """The lane of a post: its thread, the message it takes the place of, or the channel.

    A thread whose root we sent is called by the root's key, whether the caller knew its ts or not.
    """
    named = target or root
    if named is None:
        return channel
    known = select(SlackOutboxRow.key).where(SlackOutboxRow.channel == channel, SlackOutboxRow.ts == named)
    key = transaction.scalars(known.order_by(SlackOutboxRow.id).limit(1)).first() or named
    return f"{channel}{'=' if target else '/'}{key}"


def _give_up(transaction: Session, which: Any, why: str, now: datetime) -> bool:
    row = SlackOutboxRow
    first = keys = end(transaction, row, which, GIVEN_UP, now, payload=None, why=why)
    while keys:
        hanging = or_(row.after_key.in_(keys), row.update_key.in_(keys))
        keys = end(transaction, row, hanging, GIVEN_UP, now, payload=None, why=NO_ROOT)
    return bool(first)


def _of_key(transaction: Session, key: str, for_update: bool = False) -> SlackOutboxRow | None:
    asked = select(SlackOutboxRow).where(SlackOutboxRow.key == key_of(key))
    return transaction.scalars(asked.with_for_update() if for_update else asked).first()


def _ts(transaction: Session, key: str | None) -> str | None:
    if key is None:
        return None
    return transaction.scalars(select(SlackOutboxRow.ts).where(SlackOutboxRow.key == key)).first()


def _thread_of(transaction: Session, key: str | None) -> str | None:
    """The thread to answer a message in: its own, or the one that a message without a ts went to."""
    root = _of_key(transaction, key) if key else None
    return (root.ts or root.thread_ts) if root else None


def _post(row: SlackOutboxRow, thread_ts: str | None, update_ts: str | None, lost: bool) -> Post:
    payload = row.payload or {}
    return Post(
        key=row.key,
        channel=row.channel,
        text=payload.get("text") or "",
        blocks=payload.get("blocks"),
        file=payload.get("file"),
        thread_ts=thread_ts,
        update_ts=update_ts,
        ephemeral_to=row.ephemeral_to,
        delete=row.payload is None,
        about=row.about,
        at=row.at,
        tries=row.tries,
        lost=lost,
    )
