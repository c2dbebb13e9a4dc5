"""Keep conversations in SQLite or PostgreSQL: one bounded row each, and no answer without a kept row.

Rasa wraps every store so that any database error is answered from memory, without a word, and the message
is lost at the next restart. This store takes that away: an error reaches the channel, which answers nothing.

In endpoints.yml: `type: bot.rasa.tracker_store.ConversationStore` and `url: sqlite:///<file>` or `postgresql://…`.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import FailSafeTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import RasaException

from bot.rasa import history, private_logs

LONGEST_SENDER = 255
FORGET = "forget_me"
# Rules look at the latest turn; every turn kept beyond that costs each later one about 4 %.
KEEP_TURNS = 3
KEEP_DAYS = 90
BETWEEN_PURGES = 3600
WAIT_SECONDS = 5

_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
_METADATA = sa.MetaData()
CONVERSATIONS = sa.Table(
    "rasa_conversation",
    _METADATA,
    sa.Column("sender_id", sa.String(LONGEST_SENDER), primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("updated", sa.Float, nullable=False, index=True),
    sa.Column("events", sa.Text, nullable=False),
)


class StoreError(RasaException):
    """A conversation could not be kept or read; the message goes unanswered."""


class LostUpdate(StoreError):
    """Another server changed or removed the conversation since it was read."""


class ConversationStore(TrackerStore):
    """Keeps each conversation in one row; `keep_days` after its last turn the row is removed."""

    def __init__(
        self,
        domain: Domain | None = None,
        host: str | None = None,
        event_broker: EventBroker | None = None,
        keep_turns: int = KEEP_TURNS,
        keep_days: float = KEEP_DAYS,
        **kwargs: Any,
    ) -> None:
        """Prepare to connect; the database itself may come up later."""
        super().__init__(domain, event_broker)
        try:
            self._engine = _engine(host)
            _fail_closed()
            private_logs.install()
        except (ImportError, AttributeError) as fault:
            # Rasa takes these two for a store that does not exist, and silently keeps everything in memory.
            raise StoreError(f"The conversation store cannot start: {fault}. Run `make setup`.") from fault
        self._keep_turns = max(1, int(keep_turns))
        self._keep_seconds = float(keep_days) * 86400
        self._ready = False
        self._next_purge = 0.0
        self._lock = threading.Lock()

    @property
    def domain(self) -> Domain:
        """The domain whose slots conversations fill."""
        return self._domain

    @domain.setter
    def domain(self, domain: Domain | None) -> None:
        self._domain = domain or Domain.empty()

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """Return the conversation, or None where there is none; raise StoreError where nobody knows."""
        _check_sender(sender_id)
        row = await asyncio.to_thread(self._read, sender_id)
        if row is None:
            return None
        tracker = DialogueStateTracker.from_dict(sender_id, json.loads(row.events), self.domain.slots)
        _remember_version(tracker, row.version)
        return tracker

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keep the conversation, or remove it where the slot `forget_me` is true; raise StoreError otherwise.

        An untouched new conversation leaves no row.
        """
        _check_sender(tracker.sender_id)
        await self.stream_events(tracker)
        if tracker.slots.get(FORGET) is not None and tracker.slots[FORGET].value is True:
            await asyncio.to_thread(self._remove, tracker.sender_id)
            return
        if not tracker.events:
            return
        events = history.recent(list(tracker.events), self.domain, self._keep_turns)
        kept = json.dumps([history.compact(event) for event in events], separators=(",", ":"))
        if _NUL.search(kept):
            raise StoreError("A message holds a NUL character; the gateway must strip it.")
        version = _version(tracker)
        await asyncio.to_thread(self._write, tracker.sender_id, version, kept)
        _remember_version(tracker, version + 1)

    async def keys(self) -> Iterable[str]:
        """Return the ids of all conversations kept."""
        return await asyncio.to_thread(self._senders)

    def _senders(self) -> list[str]:
        with self._connection() as connection:
            return list(connection.execute(sa.select(CONVERSATIONS.c.sender_id)).scalars())

    def _read(self, sender_id: str) -> Any:
        wanted = sa.select(CONVERSATIONS).where(CONVERSATIONS.c.sender_id == sender_id)
        with self._connection() as connection:
            return connection.execute(wanted).one_or_none()

    def _write(self, sender_id: str, version: int, events: str) -> None:
        now = time.time()
        values = {"version": version + 1, "updated": now, "events": events}
        with self._connection(writes=True) as connection:
            if version == 0:
                self._insert(connection, {"sender_id": sender_id, **values})
            else:
                same = (CONVERSATIONS.c.sender_id == sender_id) & (CONVERSATIONS.c.version == version)
                if connection.execute(sa.update(CONVERSATIONS).where(same).values(values)).rowcount != 1:
                    raise LostUpdate(
                        "The conversation was changed or removed elsewhere while it was answered."
                    )
            self._purge(connection, now)

    def _insert(self, connection: Any, row: dict[str, Any]) -> None:
        try:
            connection.execute(sa.insert(CONVERSATIONS).values(row))
        except sa.exc.IntegrityError as fault:
            raise LostUpdate("The conversation was begun elsewhere while it was answered.") from fault

    def _remove(self, sender_id: str) -> None:
        with self._connection(writes=True) as connection:
            connection.execute(sa.delete(CONVERSATIONS).where(CONVERSATIONS.c.sender_id == sender_id))

    def _purge(self, connection: Any, now: float) -> None:
        """Remove, at most once an hour, what nobody has touched for keep_days."""
        if now >= self._next_purge:
            connection.execute(
                sa.delete(CONVERSATIONS).where(CONVERSATIONS.c.updated < now - self._keep_seconds)
            )
            self._next_purge = now + BETWEEN_PURGES

    @contextmanager
    def _connection(self, writes: bool = False) -> Iterator[Any]:
        """Open a transaction on a database that has our table, made now if the database was away before."""
        try:
            with self._lock:
                if not self._ready:
                    _make_table(self._engine)
                    self._ready = True
            with self._engine.execution_options(writes=writes).begin() as connection:
                yield connection
        except sa.exc.SQLAlchemyError as fault:
            self._ready = False
            raise StoreError(f"The conversation database failed ({type(fault).__name__}).") from fault


def _engine(url: str | None) -> sa.engine.Engine:
    if not url:
        raise StoreError(
            "endpoints.yml: tracker_store: `url` is empty; write sqlite:///var/conversations.sqlite."
        )
    try:
        parsed = sa.engine.make_url(re.sub(r"^postgres(ql)?(\+\w+)?://", "postgresql+psycopg2://", url))
    except sa.exc.ArgumentError as fault:
        raise StoreError("endpoints.yml: tracker_store: `url` is not a database address.") from fault
    if parsed.drivername == "postgresql+psycopg2":
        wait = {"connect_timeout": WAIT_SECONDS, "options": f"-c statement_timeout={WAIT_SECONDS * 1000}"}
        return sa.create_engine(
            parsed, pool_pre_ping=True, pool_size=5, max_overflow=15, hide_parameters=True, connect_args=wait
        )
    if not parsed.drivername.startswith("sqlite") or not parsed.database or parsed.database == ":memory:":
        raise StoreError("endpoints.yml: tracker_store: `url` must be sqlite:///<file> or postgresql://….")
    Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(
        parsed, hide_parameters=True, connect_args={"timeout": WAIT_SECONDS, "check_same_thread": False},
        poolclass=sa.pool.QueuePool,
    )  # fmt: skip
    sa.event.listen(engine, "connect", _prepare_sqlite)
    sa.event.listen(engine, "checkout", _check_file(Path(parsed.database)))
    sa.event.listen(engine, "begin", _begin_sqlite)
    return engine


def _make_table(engine: sa.engine.Engine) -> None:
    """Make our table where it is missing; of servers that do so at once, all but one find it made."""
    try:
        with engine.execution_options(writes=True).begin() as connection:
            _METADATA.create_all(connection)
    except sa.exc.DBAPIError:
        if not sa.inspect(engine).has_table(CONVERSATIONS.name):
            raise


def _check_file(path: Path) -> Any:
    """Return a listener that gives up connections to a moved or deleted file: what they write is lost."""

    def check(connection: Any, record: Any, proxy: Any) -> None:
        try:
            now = os.stat(path)
        except OSError as fault:
            raise sa.exc.DisconnectionError("The database file is gone.") from fault
        if record.info.setdefault("file", (now.st_dev, now.st_ino)) != (now.st_dev, now.st_ino):
            raise sa.exc.DisconnectionError("The database file was replaced.")

    return check


def _prepare_sqlite(connection: Any, record: Any) -> None:
    record.info.pop("file", None)
    # The driver would begin its transactions late, and two writers could then not wait for each other.
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout={WAIT_SECONDS * 1000}")
    _write_ahead(connection)
    connection.execute("PRAGMA secure_delete=ON")


def _write_ahead(connection: Any) -> None:
    """Switch to write-ahead logging; SQLite does not wait by itself while another server is switching."""
    until = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as fault:
            if "locked" not in str(fault) or time.monotonic() >= until:
                raise
            time.sleep(0.02)


def _begin_sqlite(connection: Any) -> None:
    # Who reads first and writes later is refused if another wrote in between: writers wait from the start.
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _fail_closed() -> None:
    """Let errors of this kind of store through Rasa's wrapper; other stores are left as they are."""
    for name in ("on_tracker_store_error", "on_tracker_store_retrieve_error"):
        falling_back = getattr(FailSafeTrackerStore, name)
        if not getattr(falling_back, "fails_closed", False):
            setattr(FailSafeTrackerStore, name, _failing_closed(falling_back))


def _failing_closed(falling_back: Any) -> Any:
    def on_error(self: FailSafeTrackerStore, error: Exception) -> None:
        if isinstance(self._tracker_store, ConversationStore):
            raise error
        falling_back(self, error)

    on_error.fails_closed = True  # type: ignore[attr-defined]
    return on_error


def _check_sender(sender_id: Any) -> None:
    if not isinstance(sender_id, str) or not 0 < len(sender_id) <= LONGEST_SENDER or "\x00" in sender_id:
        raise StoreError(f"A conversation's id must be 1 to {LONGEST_SENDER} characters without NUL.")


def _version(tracker: DialogueStateTracker) -> int:
    return int(getattr(tracker, "kept_version", 0))


def _remember_version(tracker: DialogueStateTracker, version: int) -> None:
    tracker.kept_version = version  # type: ignore[attr-defined]
