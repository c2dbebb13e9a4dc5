"""What a post is about, so that it can be forgotten with it, and taken down where it is in Slack."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, literal, or_, select, update
from sqlalchemy.orm import Session

from knowledge_base.brokers.records import Place
from knowledge_base.store.broker_tables import SlackOutboxRow, SlackPlaceRow, SlackWorkRow
from knowledge_base.store.queues import FORGOTTEN, WAITING, key_of
from knowledge_base.store.rows import insert_new


def about_of(transaction: Session, channel: str, thread: str | None, after_key: str | None) -> str:
    """What a thread is about: a client, a referral, or "" where that is not known."""
    if thread:
        tie = SlackPlaceRow
        asked = select(tie.client, tie.referral).where(
            tie.thread == thread, _in_channel(literal(channel), tie.channel)
        )
        found = transaction.execute(asked.limit(1)).first()
        return (found.client or found.referral or "") if found else ""
    known = select(SlackOutboxRow.about).where(SlackOutboxRow.key == key_of(after_key or ""))
    return transaction.scalars(known).first() or ""


def adopt(transaction: Session, place: Place, about: str) -> None:
    """Say of the posts in a thread, and of what was said there, what they are about, where nobody has."""
    lane = f"{place.slack_team}:{place.channel}:{place.thread}"
    work = update(SlackWorkRow).where(SlackWorkRow.lane == lane, SlackWorkRow.about == "")
    transaction.execute(work.values(about=about).execution_options(synchronize_session=False))
    row = SlackOutboxRow
    keys = select(row.key).where(_in_channel(row.channel, literal(place.channel)), row.ts == place.thread)
    known = list(transaction.scalars(keys))
    thread = or_(row.ts == place.thread, row.thread_ts == place.thread, row.after_key.in_(known))
    mine = (_in_channel(row.channel, literal(place.channel)), thread, row.about == "")
    changed = update(row).where(*mine).values(about=about)
    transaction.execute(changed.execution_options(synchronize_session=False))


def take_down(transaction: Session, about: Collection[str]) -> None:
    """Forget the posts about some referrals or clients, and have what is in Slack taken down."""
    row = SlackOutboxRow
    asked = select(row).where(row.about.in_(list(about)), row.state != FORGOTTEN).order_by(row.id)
    for each in transaction.scalars(asked.with_for_update()):
        each.state, each.payload, each.why = FORGOTTEN, None, ""
        each.worker = each.lease_until = None
        each.ended = each.ended or each.at
        if each.ts:
            take_down_post(transaction, each, each.ended)


def take_down_post(transaction: Session, row: SlackOutboxRow, now: datetime) -> None:
    """Put it in the outbox that a post is taken down, where it is a message of its own."""
    if not row.ts or row.update_ts or row.update_key:
        return  # seen by one person for a while, or not a message of its own
    values = {
        "key": key_of(f"down:{row.key}"),
        # What the channel did not take went to the person, as a message with a ts.
        "channel": row.ephemeral_to or row.channel,
        "lane": "",
        "about": "",
        "update_ts": row.ts,
        "payload": None,
        "state": WAITING,
        "at": now,
        "due_at": now,
        "tries": 0,
        "why": "",
    }
    insert_new(transaction, SlackOutboxRow, values)


def _in_channel(told: Any, known: Any) -> ColumnElement[bool]:
    """A post to a person (U…, W…) lands in the channel of their direct messages, whose id begins with D."""
    person = or_(told.like("U%"), told.like("W%"))
    return or_(told == known, and_(person, known.like("D%")))
