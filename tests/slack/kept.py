"""Look at what is kept of Slack's work, as the database has it."""

from __future__ import annotations

from sqlalchemy import select

from knowledge_base.store.broker_tables import SlackOutboxRow, SlackWorkRow
from knowledge_base.store.database import Database


def work(database: Database) -> dict[str, str]:
    """The state of each kept thing, by its key."""
    with database.session() as transaction:
        return {row.key: row.state for row in transaction.scalars(select(SlackWorkRow))}


def posts(database: Database) -> dict[str, tuple[str, str]]:
    """The state of each post and why, by its key."""
    with database.session() as transaction:
        return {row.key: (row.state, row.why) for row in transaction.scalars(select(SlackOutboxRow))}


def words_kept(database: Database) -> str:
    """Everything a person wrote that is still kept."""
    with database.session() as transaction:
        bodies = [row.body for row in transaction.scalars(select(SlackWorkRow))]
        payloads = [row.payload for row in transaction.scalars(select(SlackOutboxRow))]
    return repr([each for each in (*bodies, *payloads) if each is not None])
