"""Open what the gateway leans on from the settings of this machine."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from sqlalchemy import column, delete, inspect, select, table
from sqlalchemy.engine import make_url

from bot.web.services import Services
from knowledge_base.advice import Advice
from knowledge_base.services import open_advice
from knowledge_base.store.audit import Audit
from knowledge_base.store.chats import Chats
from knowledge_base.store.database import open_database
from knowledge_base.store.old_imports import purge_imports
from knowledge_base.store.sources import Sources
from knowledge_base.store.staff import Staff

TRACKERS = table("rasa_conversation", column("sender_id"))


def open_services(env: Mapping[str, str], advice: Advice | None = None) -> Services:
    """Open the store and the advice on it, where that is not open yet.

    Raises:
        BadCatalogue: the hub's settings cannot be used.
        StoreUnavailable: the database cannot be used.
        ValueError: an address of a database cannot be read.
    """
    advice = advice or open_advice(env)
    chats = Chats(advice.database)
    conversations = env.get("FINGERPOST_CONVERSATIONS_URL")
    trackers = Trackers(conversations) if conversations else None
    return Services(
        chats=chats,
        roadmaps=advice.roadmaps,
        advice=advice,
        forget_elsewhere=trackers.forget if trackers else None,
        conversations=trackers.healthy if trackers else None,
        purge=lambda now: purge(advice, chats, trackers, now),
        records=advice.view,
        visited=advice.visited,
        checkups=advice.checkups,
    )


def purge(advice: Advice, chats: Chats, trackers: Trackers | None, now: datetime) -> None:
    """Delete what has had its stated time: roadmaps, referrals, sessions, sign-ins, deeds, imports."""
    advice.purge(now)
    Staff(advice.database).purge(now)
    Audit(advice.database).purge(now, advice.hub.retention_days["audit"])
    purge_imports(advice.database, now, advice.hub.retention_days["imports"])
    Sources(advice.database).purge(now)
    gone = chats.purge(now, advice.hub.retention_days["sessions"])
    advice.unheard.part_from(gone)
    for session in gone:
        if trackers:
            trackers.forget(session)


class Trackers:
    """The conversations that Rasa keeps, in the database at ``url``."""

    def __init__(self, url: str) -> None:
        address = make_url(url)
        sqlite = address.drivername.startswith("sqlite") and address.database
        self._file = Path(str(address.database)) if sqlite else None
        self._database = open_database(url)

    def forget(self, session: str) -> None:
        """Delete what is kept of a session."""
        if not self._begun():
            return
        with self._database.writing() as transaction:
            if inspect(transaction.connection()).has_table(TRACKERS.name):
                transaction.execute(delete(TRACKERS).where(TRACKERS.c.sender_id == session))

    def healthy(self) -> None:
        """Raise `StoreUnavailable` when nothing could be written there, or another program holds it."""
        if self._begun():
            with self._database.writing() as transaction:
                transaction.execute(select(1))

    def _begun(self) -> bool:
        """Say whether there is anything to look into: Rasa makes its file with the first conversation."""
        return self._file is None or self._file.exists()
