"""Keep the brokers' clients, and which thread in Slack is about which of them, or about which referral."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session

from knowledge_base.brokers.records import Client, Place
from knowledge_base.known import Known, read_known
from knowledge_base.store import referral_trail as trail
from knowledge_base.store.broker_tables import BrokerRow, ClientRow, SlackPlaceRow, TeamRow
from knowledge_base.store.client_rows import delete_clients, move, pass_along, referral_of
from knowledge_base.store.columns import in_utc
from knowledge_base.store.database import Database
from knowledge_base.store.rows import insert_new
from knowledge_base.store.slack_ties import adopt
from knowledge_base.store.tables import ReferralRow
from knowledge_base.store.unheard import digest_of

LONGEST_NAME, LONGEST_NOTE = 200, 4000


class NoSuchClient(LookupError):
    """This team has no client of that id; it may have been deleted."""


class StaleClient(RuntimeError):
    """Somebody else changed the client meanwhile; look at it again, then change it."""


class BadClient(ValueError):
    """Something about a client that cannot be kept; the message says what to write instead."""


class Clients:
    """The clients of one database. Only a client's own team sees it. Every method may raise
    `StoreUnavailable`; what changes a client raises `NoSuchClient` where the team has none of that id.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self,
        team: str,
        broker: str | None,
        name: str,
        session: str,
        now: datetime,
        needs: Sequence[str] = (),
        profile: Mapping[str, Any] | None = None,
        *,
        roadmap: str | None = None,
        referral: str | None = None,
    ) -> Client:
        """Keep a new client; one that is there for this session is returned as it is, if it is the team's.

        ``referral`` is the code of the referral it is made from, with which it is forgotten.

        Raises:
            BadClient: the name cannot be kept, the session, the team or the referral is not theirs, or they
                had the referral's client deleted.
        """
        values = {
            "id": secrets.token_hex(5),
            "team": team,
            "broker": broker,
            "name": _name(name),
            "needs": list(needs),
            "profile": dict(profile or {}),
            "roadmap": roadmap,
            "session": session,
            "note": "",
            "referral": referral,
            "created": now,
            "touched": now,
            "forgotten": False,
            "version": 1,
        }
        with self._database.writing() as transaction:
            if transaction.get(TeamRow, team) is None:
                raise BadClient("There is no such team; a client belongs to one.")
            if referral is not None:
                theirs = transaction.get(ReferralRow, referral, with_for_update=True)
                if theirs is None or theirs.team != team:
                    raise BadClient("The referral is not with this team any more.")
                if theirs.broker not in (None, broker):
                    raise BadClient("Somebody else has the referral by now.")
                if trail.client_deleted(trail.entries(transaction, referral)):
                    raise BadClient("The referral's client was deleted, and none is made of it again.")
                if theirs.session:
                    values["owner"] = digest_of(transaction, theirs.session)
            if broker is not None:
                _mate(transaction, broker, team)
            insert_new(transaction, ClientRow, values)
            row = transaction.scalars(select(ClientRow).where(ClientRow.session == session)).one()
            if row.team != team or row.forgotten:
                raise BadClient("This conversation is about another client; begin a new one.")
            return client_of(row)

    def get(self, id: str, team: str) -> Client | None:
        """Return a client of a team, or None: while its referral is with others, no team has it."""
        with self._database.session() as transaction:
            row = transaction.get(ClientRow, id)
            theirs = row is not None and row.team == team and not row.forgotten
            return client_of(row) if row and theirs and not _away(transaction, row) else None

    def there(self, id: str) -> bool:
        """Say whether a client is kept, whichever team has it."""
        with self._database.session() as transaction:
            row = transaction.get(ClientRow, id)
            return row is not None and not row.forgotten

    def of_referral(self, code: str) -> Client | None:
        """Return the client that was made from a referral, whichever team has it, or None."""
        asked = select(ClientRow).where(ClientRow.referral == code, ClientRow.forgotten.is_(False))
        with self._database.session() as transaction:
            row = transaction.scalars(asked.order_by(ClientRow.created.desc(), ClientRow.id)).first()
            return client_of(row) if row else None

    def rename(self, id: str, team: str, name: str, now: datetime) -> Client:
        """Give a client another name. Raise `BadClient` where it cannot be kept."""
        return self._set(id, team, now, name=_name(name))

    def note(self, id: str, team: str, note: str, now: datetime) -> Client:
        """Replace what the team noted about a client. Raise `BadClient` where it is too long."""
        if len(note) > LONGEST_NOTE:
            raise BadClient(f"A note of {len(note)} characters is too long; use at most {LONGEST_NOTE}.")
        return self._set(id, team, now, note=note.strip())

    def hand_over(self, id: str, team: str, broker: str, now: datetime, by: str | None = None) -> Client:
        """Give a client to an active broker, whose team has it from then on.

        Within a team it keeps its threads and the note. Another team's threads are not read by its new one,
        and the note was written for the old one's eyes: both go.

        ``by`` is the broker who does it: where the client is theirs and so is the open referral it was made
        from, that is handed over too. Else the referral stays with whoever has it.
        """
        with self._database.writing() as transaction:
            mate = _mate(transaction, broker, None)
            theirs = referral_of(transaction, id)
            row = _held(transaction, id, team, away=True)
            if theirs is not None and by is not None and theirs.broker == row.broker == by != broker:
                pass_along(transaction, theirs, mate, by, now)
            move(transaction, row, mate, now)
            return client_of(row)

    def follow(self, code: str, now: datetime) -> Client | None:
        """Give a referral's client to who has taken the referral in another team; return it as it is then.

        Raises:
            BadClient: whoever has the referral is no active broker of its team.
        """
        mine = (ClientRow.referral == code, ClientRow.forgotten.is_(False))
        with self._database.writing() as transaction:
            theirs = transaction.get(ReferralRow, code, with_for_update=True)
            asked = select(ClientRow).where(*mine).order_by(ClientRow.created.desc(), ClientRow.id)
            row = transaction.scalars(asked.limit(1).with_for_update()).first()
            if row and theirs and theirs.broker and theirs.team != row.team:
                move(transaction, row, _mate(transaction, theirs.broker, theirs.team), now)
            return client_of(row) if row else None

    def archive(self, id: str, team: str, now: datetime) -> Client:
        """Put a client away; it can be taken out again."""
        client = self.get(id, team)
        return client if client and client.archived else self._set(id, team, now, archived=now)

    def unarchive(self, id: str, team: str, now: datetime) -> Client:
        """Take a client out again."""
        client = self.get(id, team)
        return client if client and not client.archived else self._set(id, team, now, archived=None)

    def keep(
        self,
        id: str,
        *,
        needs: Sequence[str],
        profile: Mapping[str, Any],
        roadmap: str | None,
        version: int,
        now: datetime,
        planned: Known | None = None,
    ) -> Client:
        """Write what a client wants, told, and was given last, over the ``version`` that was read.

        ``planned`` is what the saved roadmap holds by now; without it, what was noted of that roadmap stays.

        Raises:
            StaleClient: somebody else wrote meanwhile; nothing was written.
        """
        with self._database.writing() as transaction:
            row = _held(transaction, id)
            if row.version != version:
                raise StaleClient("Somebody else changed this client meanwhile; look at it again.")
            if planned is not None or row.roadmap != roadmap:
                row.planned = planned.dumped() if planned else None
            row.needs, row.profile, row.roadmap = [*needs], dict(profile), roadmap
            row.touched, row.version = now, version + 1
            return client_of(row)

    def forget(self, id: str, team: str, now: datetime, by: str = "us") -> str | None:
        """Delete a client with its roadmaps, its threads' ties and what waits for Slack or is in it.

        Of one made from a referral that is noted in its trail as done ``by`` somebody, so that none is made
        again; the referral stays, and the owner's own roadmap.

        Returns:
            The session of its conversation, to be forgotten elsewhere too; None where there was none.
        """
        with self._database.writing() as transaction:
            theirs = referral_of(transaction, id)
            row = transaction.get(ClientRow, id, with_for_update=True)
            if row is None or row.team != team or row.forgotten or _away(transaction, row):
                return None
            if theirs is not None:
                trail.add(transaction, theirs.code, now, by, trail.CLIENT_DELETED)
            delete_clients(transaction, [row])
            return row.session

    def bind(self, place: Place, client: str | None = None, referral: str | None = None) -> bool:
        """Tie a thread to a client or to a referral; a thread that has its tie keeps it, and False is said.

        Raises:
            NoSuchClient: there is no such client or referral any more.
        """
        if (client is None) == (referral is None):
            raise ValueError("bind: name a client or a referral, and not both")
        values = {**_values(place), "person": place.person, "client": client, "referral": referral}
        with self._database.writing() as transaction:
            if client is not None:
                _held(transaction, client)
            elif transaction.get(ReferralRow, referral, with_for_update=True) is None:
                raise NoSuchClient("There is no such referral any more; the business may have deleted it.")
            new = insert_new(transaction, SlackPlaceRow, values)
            if new:
                adopt(transaction, place, str(client or referral))
            return new

    def of_thread(self, place: Place) -> Client | str | None:
        """Return the client a thread is about, or the code of its referral; None where it is about neither.

        Whoever asks holds the client's team against their own.
        """
        with self._database.session() as transaction:
            tie = transaction.get(SlackPlaceRow, (place.slack_team, place.channel, place.thread))
            if tie is None:
                return None
            row = transaction.get(ClientRow, tie.client) if tie.client else None
            return client_of(row) if row and not _away(transaction, row) else tie.referral

    def away(self, place: Place) -> bool:
        """Say whether a thread is about a client that nobody has while its referral is with others."""
        with self._database.session() as transaction:
            tie = transaction.get(SlackPlaceRow, (place.slack_team, place.channel, place.thread))
            row = transaction.get(ClientRow, tie.client) if tie and tie.client else None
            return row is not None and _away(transaction, row)

    def threads_of(self, client: str) -> list[Place]:
        """Return the threads about a client, the newest first."""
        return self._threads(SlackPlaceRow.client == client)

    def threads_of_referral(self, code: str) -> list[Place]:
        """Return the threads about a referral, the newest first."""
        return self._threads(SlackPlaceRow.referral == code)

    def purge(self, now: datetime, days: int) -> list[str]:
        """Delete the clients nobody touched for ``days``, and those a business had forgotten.

        Returns:
            The sessions of their conversations, to be forgotten elsewhere too.
        """
        with self._database.writing() as transaction:
            old = ClientRow.touched < in_utc(now) - timedelta(days=days)
            asked = select(ClientRow).where(or_(old, ClientRow.forgotten))
            gone = list(transaction.scalars(asked.order_by(ClientRow.id).with_for_update()))
            delete_clients(transaction, gone)
            return [row.session for row in gone]

    def count(self, team: str) -> int:
        """Return how many clients a team has that are not put away."""
        mine = (ClientRow.team == team, ClientRow.archived.is_(None), ClientRow.forgotten.is_(False), ~_AWAY)
        with self._database.session() as transaction:
            return transaction.scalar(select(func.count()).select_from(ClientRow).where(*mine)) or 0

    def _set(self, id: str, team: str, now: datetime, **values: Any) -> Client:
        with self._database.writing() as transaction:
            row = _held(transaction, id, team)
            for field, value in values.items():
                setattr(row, field, value)
            row.touched = now
            row.version += 1
            return client_of(row)

    def _threads(self, which: Any) -> list[Place]:
        asked = select(SlackPlaceRow).where(which).order_by(SlackPlaceRow.thread.desc())
        with self._database.session() as transaction:
            found = transaction.scalars(asked)
            return [Place(row.slack_team, row.channel, row.thread, row.person) for row in found]

    def list(
        self,
        team: str,
        *,
        broker: str | None = None,
        nobodys: bool = False,
        archived: bool = False,
        search: str = "",
        limit: int = 1000,
    ) -> list[Client]:
        """Return a team's clients, those touched last first; all words of ``search`` are in name or note.

        ``broker`` is whose alone, ``nobodys`` only those that no broker has.
        """
        asked = select(ClientRow).where(ClientRow.team == team, ClientRow.forgotten.is_(False), ~_AWAY)
        asked = asked.where(ClientRow.archived.is_not(None) if archived else ClientRow.archived.is_(None))
        if broker is not None:
            asked = asked.where(ClientRow.broker == broker)
        if nobodys:
            asked = asked.where(ClientRow.broker.is_(None))
        words = search.casefold().split()
        found = []
        with self._database.session() as transaction:
            for row in transaction.scalars(asked.order_by(ClientRow.touched.desc(), ClientRow.id)):
                text = f"{row.name} {row.note}".casefold()
                if all(word in text for word in words):
                    found.append(client_of(row))
                if len(found) >= limit:
                    break
        return found


# The referral it was made from is with another team, or with the hub's lead: until somebody there takes it,
# and after they decline it too, whoever had it before has it no longer.
_AWAY = exists().where(
    ReferralRow.code == ClientRow.referral, ReferralRow.team.is_distinct_from(ClientRow.team)
)


def _away(transaction: Session, row: ClientRow) -> bool:
    theirs = transaction.get(ReferralRow, row.referral) if row.referral else None
    return theirs is not None and theirs.team != row.team


def _held(transaction: Session, id: str, team: str | None = None, away: bool = False) -> ClientRow:
    row = transaction.get(ClientRow, id, with_for_update=True)
    if row is None or row.forgotten or (team is not None and row.team != team):
        raise NoSuchClient("There is no such client any more; look at the list of clients.")
    if team is not None and not away and _away(transaction, row):
        raise NoSuchClient("There is no such client any more; look at the list of clients.")
    return row


def _mate(transaction: Session, broker: str, team: str | None) -> BrokerRow:
    row = transaction.get(BrokerRow, broker)
    if row is None or not row.active or (team is not None and row.team != team):
        raise BadClient("This person is not an active broker of the team; look at the list of brokers.")
    return row


def _name(told: str) -> str:
    name = " ".join(told.split())
    if not name:
        raise BadClient("The client has no name; give one.")
    if len(name) > LONGEST_NAME:
        raise BadClient(f"A name of {len(name)} characters is too long; use at most {LONGEST_NAME}.")
    return name


def _values(place: Place) -> dict[str, str]:
    return {"slack_team": place.slack_team, "channel": place.channel, "thread": place.thread}


def client_of(row: ClientRow) -> Client:
    """Read a client from its row."""
    return Client(
        id=row.id,
        team=row.team,
        broker=row.broker,
        name=row.name,
        needs=tuple(row.needs),
        profile=dict(row.profile),
        roadmap=row.roadmap,
        session=row.session,
        note=row.note,
        archived=in_utc(row.archived) if row.archived else None,
        created=in_utc(row.created),
        touched=in_utc(row.touched),
        version=row.version,
        referral=row.referral,
        planned=read_known(row.planned),
    )
