"""Open what the gateway leans on from the settings of this machine."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from sqlalchemy import column, delete, inspect, select, table
from sqlalchemy.engine import make_url

from bot.web.people import People
from bot.web.services import Services
from knowledge_base.advice import Advice
from knowledge_base.services import open_advice
from knowledge_base.store.audit import Audit
from knowledge_base.store.chats import Chats
from knowledge_base.store.database import open_database
from knowledge_base.store.old_imports import purge_imports
from knowledge_base.store.parted import Parted
from knowledge_base.store.sources import Sources
from knowledge_base.store.staff import Staff

logger = logging.getLogger(__name__)

FAILURES_AT_ONCE = 20
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
        forget_rest=lambda: forget_rest(advice, trackers),
        purge=lambda now: purge(advice, chats, trackers, now),
        records=advice.view,
        visited=advice.visited,
        checkups=advice.checkups,
        people=People(advice),
        notes=advice.notes,
    )


def purge(advice: Advice, chats: Chats, trackers: Trackers | None, now: datetime) -> None:
    """Delete whatever's time is over: roadmaps, referrals, clients, sessions, sign-ins, deeds, imports.

    What fails keeps nothing else from being deleted, and is tried again the next time.
    """
    for what, step in (
        ("what was saved", lambda: advice.purge(now)),
        ("sign-ins", lambda: Staff(advice.database).purge(now)),
        ("deeds", lambda: Audit(advice.database).purge(now, advice.hub.retention_days["audit"])),
        ("imports", lambda: purge_imports(advice.database, now, advice.hub.retention_days["imports"])),
        ("findings", lambda: Sources(advice.database).purge(now)),
        ("sessions", lambda: chats.purge(now, advice.hub.retention_days["sessions"])),
        ("conversations", lambda: forget_rest(advice, trackers)),
    ):
        try:
            step()
        except Exception as error:
            # Only its kind: a database error quotes the values it was given.
            logger.error("%s could not be purged this time: %s", what, type(error).__name__)


def forget_rest(advice: Advice, trackers: Trackers | None) -> None:
    """Forget the conversations whose rows are gone; one that cannot be now is tried again by the purge."""
    parted, chats, failures = Parted(advice.database), Chats(advice.database), 0
    for session in parted.waiting():
        if failures == FAILURES_AT_ONCE:
            return  # Rasa's database is away, and each try waits for it
        try:
            if not chats.holds(session):
                # One that led to a person stays, empty: its owner can still delete what was not understood.
                advice.unheard.part_from([session])
            if trackers:
                trackers.forget(session)
            parted.done(session)
            failures = 0
        except Exception as error:
            failures += 1
            logger.error("a conversation could not be forgotten this time: %s", type(error).__name__)


def forget_deleted(advice: Advice, env: Mapping[str, str]) -> None:
    """Forget at once, in the database of Rasa's that is told, what staff deleted by a request's code.

    Where it is not told, whoever knows it forgets that with the hourly purge.
    """
    conversations = env.get("FINGERPOST_CONVERSATIONS_URL")
    if conversations:
        trackers = Trackers(conversations)
        try:
            forget_rest(advice, trackers)
        finally:
            trackers.close()


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

    def close(self) -> None:
        """Close every connection."""
        self._database.close()

    def _begun(self) -> bool:
        """Say whether there is anything to look into: Rasa makes its file with the first conversation."""
        return self._file is None or self._file.exists()
