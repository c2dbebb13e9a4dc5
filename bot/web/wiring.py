"""Open what the gateway leans on from the settings of this machine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from sqlalchemy import column, delete, inspect, table
from sqlalchemy.engine import make_url

from bot.web.services import Services
from knowledge_base.advice import Advice
from knowledge_base.services import open_advice
from knowledge_base.store.chats import Chats
from knowledge_base.store.database import open_database

TRACKERS = table("rasa_conversation", column("sender_id"))


def open_services(env: Mapping[str, str]) -> Services:
    """Open the store and the advice on it.

    Raises:
        BadCatalogue: the hub's settings cannot be used.
        StoreUnavailable: the database cannot be used.
        ValueError: an address of a database cannot be read.
    """
    advice = open_advice(env)
    chats = Chats(advice.database)
    conversations = env.get("FINGERPOST_CONVERSATIONS_URL")
    forget = forget_tracker(conversations) if conversations else None
    return Services(
        chats=chats,
        roadmaps=advice.roadmaps,
        advice=advice,
        forget_elsewhere=forget,
        purge=lambda now: purge(advice, chats, forget, now),
    )


def purge(advice: Advice, chats: Chats, forget: Callable[[str], None] | None, now: datetime) -> None:
    """Delete everything whose stated time is over: roadmaps, referrals, sessions and their trackers."""
    advice.purge(now)
    for session in chats.purge(now, advice.hub.retention_days["sessions"]):
        if forget:
            forget(session)


def forget_tracker(url: str) -> Callable[[str], None]:
    """Return what deletes the conversation that Rasa keeps of a session, in the database at ``url``."""
    address, database = make_url(url), open_database(url)
    file = Path(address.database) if address.drivername.startswith("sqlite") and address.database else None

    def forget(session: str) -> None:
        if file is not None and not file.exists():
            return  # Rasa has kept nothing yet
        with database.writing() as transaction:
            if inspect(transaction.connection()).has_table(TRACKERS.name):
                transaction.execute(delete(TRACKERS).where(TRACKERS.c.sender_id == session))

    return forget
