"""Say how it stands with Slack: what waits, what was sent last, and what was given up, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from knowledge_base.store.broker_tables import SlackOutboxRow, SlackWorkRow
from knowledge_base.store.database import Database
from knowledge_base.store.queues import DONE, GIVEN_UP, UNENDED

MOST_REASONS = 50


@dataclass(frozen=True, slots=True)
class GivenUp:
    """Posts to one channel, or work of one kind (``channel`` is "" then), given up for one reason."""

    channel: str
    kind: str
    why: str
    count: int
    last: datetime


@dataclass(frozen=True, slots=True)
class Waiting:
    """Posts to one channel that are not sent yet, and why the one tried last was not."""

    channel: str
    count: int
    since: datetime
    why: str


@dataclass(frozen=True, slots=True)
class SlackState:
    """What the last week's posts and work came to; nothing of what is in them."""

    last_sent: datetime | None
    last_done: datetime | None
    waiting: tuple[Waiting, ...]
    given_up: tuple[GivenUp, ...]


def slack_state(database: Database) -> SlackState:
    """Return how it stands with Slack now, the latest given up first."""
    post, work = SlackOutboxRow, SlackWorkRow
    with database.session() as transaction:

        def last(row: Any) -> datetime | None:
            found: datetime | None = transaction.scalar(select(func.max(row.ended)).where(row.state == DONE))
            return found

        def given_up(row: Any, named: Any) -> list[Any]:
            asked = (
                select(named, row.why, func.count(row.id), func.max(row.ended))
                .where(row.state == GIVEN_UP)
                .group_by(named, row.why)
                .order_by(func.max(row.ended).desc())
                .limit(MOST_REASONS)
            )
            return list(transaction.execute(asked))

        waits = (
            select(post.channel, func.count(post.id), func.min(post.at), func.max(post.why))
            .where(post.state.in_(UNENDED))
            .group_by(post.channel)
            .order_by(func.min(post.at))
            .limit(MOST_REASONS)
        )
        gone = [GivenUp(channel, "", why, n, at) for channel, why, n, at in given_up(post, post.channel)]
        gone += [GivenUp("", kind, why, n, at) for kind, why, n, at in given_up(work, work.kind)]
        return SlackState(
            last_sent=last(post),
            last_done=last(work),
            waiting=tuple(Waiting(*row) for row in transaction.execute(waits)),
            given_up=tuple(sorted(gone, key=lambda each: each.last, reverse=True)),
        )
