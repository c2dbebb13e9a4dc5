"""Keep the people who may sign in to the console, and who is signed in."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from knowledge_base import passwords
from knowledge_base.staff import (
    BadStaff,
    Member,
    TooManyTries,
    WrongSignIn,
    email_of,
    name_of,
    plain_email,
    role_of,
)
from knowledge_base.store.audit import note
from knowledge_base.store.columns import in_utc
from knowledge_base.store.database import Database
from knowledge_base.store.desk_tables import StaffRow, StaffSessionRow
from knowledge_base.store.failed_sign_ins import note_failed
from knowledge_base.store.sign_in_tries import Tries, forget_tries

__all__ = ["BadStaff", "Staff", "TooManyTries", "WrongSignIn"]

IDLE = timedelta(hours=2)
LONGEST = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=1)  # noting each look at a page would write as often as it reads
COMMAND_LINE = "command line"


class Staff:
    """The people of one database. Every method may raise `StoreUnavailable`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._tries = Tries(database)

    def all(self) -> list[Member]:
        """Return everybody, those who were shut out too, by name."""
        with self._database.session() as transaction:
            rows = transaction.scalars(select(StaffRow).order_by(StaffRow.name, StaffRow.email))
            return [_member(row) for row in rows]

    def anybody(self) -> bool:
        """Say whether there is anybody at all who may sign in."""
        with self._database.session() as transaction:
            return transaction.scalar(select(StaffRow.id).where(StaffRow.active).limit(1)) is not None

    def get(self, id: str) -> Member | None:
        """Return a person, or None where nobody has that id."""
        with self._database.session() as transaction:
            row = transaction.get(StaffRow, id)
            return _member(row) if row else None

    def by_email(self, email: str) -> Member | None:
        """Return the person who signs in with an e-mail, or None."""
        with self._database.session() as transaction:
            row = _by_email(transaction, email)
            return _member(row) if row else None

    def add(
        self, email: str, name: str, role: str, password: str | None, now: datetime, by: str = COMMAND_LINE
    ) -> Member:
        """Add a person; without a password they can sign in only through the hub's own sign-in.

        Raises:
            BadStaff: something about them cannot be kept, or the e-mail is taken.
        """
        email, name = email_of(email), name_of(name)
        row = StaffRow(
            id=secrets.token_hex(5),
            email=email,
            name=name,
            role=role_of(role),
            password=None if password is None else _kept(password, email, name),
            active=True,
            created=now,
        )
        try:
            with self._database.writing() as transaction:
                transaction.add(row)
                transaction.flush()
                note(transaction, by, "staff_added", email, now, role=row.role)
        except IntegrityError:
            raise BadStaff(
                f"{email} is on the list already. Change the role or the password of that person, "
                "or let them in again, instead."
            ) from None
        return _member(row)

    def change(
        self,
        id: str,
        *,
        role: str | None = None,
        active: bool | None = None,
        name: str | None = None,
        password: str | None = None,
        now: datetime,
        by: str = COMMAND_LINE,
    ) -> Member:
        """Change what is told of a person. A new password, or shutting out, ends every session of theirs.

        Raises:
            BadStaff: it cannot be kept, nobody has that id, or no active administrator would be left.
        """
        person = self.get(id)
        if person is None:
            raise BadStaff("There is nobody with that id; look at the list of people.")
        named = name_of(name) if name is not None else person.name
        hashed = _kept(password, person.email, named) if password is not None else None
        with self._database.writing() as transaction:
            # Held until this is done: of two who take the role from each other, one is refused.
            administrators = set(
                transaction.scalars(
                    select(StaffRow.id)
                    .where(StaffRow.role == "administrator", StaffRow.active)
                    .order_by(StaffRow.id)
                    .with_for_update()
                )
            )
            row = transaction.get(StaffRow, id, with_for_update=True)
            if row is None:
                raise BadStaff("There is nobody with that id any more.")
            becomes = role_of(role) if role is not None else row.role
            stays = row.active if active is None else active
            if administrators == {id} and not (stays and becomes == "administrator"):
                raise BadStaff(f"{row.email} is the last active administrator. Make somebody else one first.")
            if becomes != row.role:
                note(transaction, by, "staff_role", row.email, now, before=row.role, after=becomes)
            if stays != row.active:
                note(transaction, by, "staff_let_in" if stays else "staff_shut_out", row.email, now)
            if named != row.name:
                note(transaction, by, "staff_name", row.email, now)
            row.role, row.active, row.name = becomes, stays, named
            if hashed is not None:
                row.password = hashed
                note(transaction, by, "staff_password", row.email, now)
                forget_tries(transaction, row.email)
            if hashed is not None or not stays:
                transaction.execute(delete(StaffSessionRow).where(StaffSessionRow.staff_id == id))
            return _member(row)

    def sign_in(self, email: str, password: str, address: str, now: datetime) -> tuple[str, Member]:
        """Return the token of a new session and whose it is; ``address`` is where it was tried from.

        Raises:
            WrongSignIn: nobody active has that e-mail and that password.
            TooManyTries: too many went wrong of late with that e-mail or from that address.
        """
        try:
            return self._sign_in(email, password, address, now)
        except WrongSignIn:
            self.failed(email, address, now)
            raise

    def _sign_in(self, email: str, password: str, address: str, now: datetime) -> tuple[str, Member]:
        row, known = self._checked(email, password, address, now)
        anew = passwords.kept(password) if passwords.outdated(known) else known
        with self._database.writing() as transaction:
            # Only while the password is still the one that was checked, and the person still let in.
            held = update(StaffRow).where(StaffRow.id == row.id, StaffRow.password == known, StaffRow.active)
            if not transaction.execute(held.values(password=anew)).rowcount:  # type: ignore[attr-defined]
                raise WrongSignIn
            return _begin(transaction, row, now)

    def confirm(self, email: str, password: str, address: str, now: datetime) -> None:
        """Check the password of somebody who is signed in; raise as `sign_in` does, and begin nothing."""
        try:
            self._checked(email, password, address, now)
        except WrongSignIn:
            self.failed(email, address, now, "the present password, to change it")
            raise

    def failed(self, email: str | None, address: str, now: datetime, tried: str = "a password") -> None:
        """Note that a sign-in failed, and with what it was ``tried``; an e-mail of nobody's is not kept."""
        with self._database.writing() as transaction:
            note_failed(transaction, email, address, now, tried)

    def begin(self, id: str, now: datetime) -> tuple[str, Member]:
        """Begin a session of somebody who has shown otherwise who they are. Raise WrongSignIn if shut out."""
        with self._database.writing() as transaction:
            row = transaction.get(StaffRow, id, with_for_update=True)
            if row is None or not row.active:
                raise WrongSignIn
            return _begin(transaction, row, now)

    def known_elsewhere(self, issuer: str, subject: str, email: str | None, now: datetime) -> Member | None:
        """Return the active person whom another sign-in knows as ``subject``, or None.

        ``email`` is one that ``issuer`` has verified, None otherwise: by it a person on the list is found the
        first time; from then on only by the subject, since an e-mail may be given to somebody else.
        """
        digest = hashlib.sha256(f"{issuer} {subject}".encode("utf-8", "surrogatepass")).hexdigest()
        with self._database.writing() as transaction:
            row = transaction.scalars(select(StaffRow).where(StaffRow.subject == digest)).first()
            if row is None and email:
                row = _by_email(transaction, email, for_update=True)
                if row is None or row.subject is not None:
                    return None
                if row.active:
                    row.subject = digest
                    note(transaction, row.email, "staff_own_sign_in", row.email, now)
            return _member(row) if row and row.active else None

    def session(self, token: str, now: datetime) -> tuple[Member, str] | None:
        """Return who is signed in with a token, and the token of their forms; None where nobody is."""
        digest = _digest(token)
        with self._database.session() as transaction:
            asked = (
                select(StaffSessionRow, StaffRow)
                .join(StaffRow, StaffRow.id == StaffSessionRow.staff_id)
                .where(StaffSessionRow.token == digest)
            )
            found = transaction.execute(asked).first()
        if found is None:
            return None
        session, row = found
        at = in_utc(now)
        if not row.active or at >= session.expires or at >= session.seen + IDLE:
            return None
        if at >= session.seen + SEEN_EVERY:
            with self._database.writing() as transaction:
                # Never brings back a session that was ended meanwhile.
                transaction.execute(
                    update(StaffSessionRow).where(StaffSessionRow.token == digest).values(seen=now)
                )
        return _member(row), session.csrf

    def sign_out(self, token: str) -> None:
        """End a session; one that is not there is ended already."""
        with self._database.writing() as transaction:
            transaction.execute(delete(StaffSessionRow).where(StaffSessionRow.token == _digest(token)))

    def purge(self, now: datetime) -> int:
        """Delete the sessions and the tries whose time is over; return how many sessions there were."""
        self._tries.purge(now)
        over = or_(StaffSessionRow.expires <= now, StaffSessionRow.seen <= now - IDLE)
        with self._database.writing() as transaction:
            return transaction.execute(delete(StaffSessionRow).where(over)).rowcount  # type: ignore[attr-defined]

    def _checked(self, email: str, password: str, address: str, now: datetime) -> tuple[StaffRow, str]:
        email = plain_email(email)
        tries = self._tries.begin(email, address, now)
        with self._database.session() as transaction:
            row = _by_email(transaction, email)
            known = row.password if row and row.active else None
        if not passwords.holds(known, password) or row is None or known is None:
            raise WrongSignIn
        self._tries.right(tries, email)
        return row, known


def _begin(transaction: Session, row: StaffRow, now: datetime) -> tuple[str, Member]:
    token = secrets.token_urlsafe(32)
    session = StaffSessionRow(
        token=_digest(token),
        staff_id=row.id,
        csrf=secrets.token_urlsafe(32),
        created=now,
        seen=now,
        expires=now + LONGEST,
    )
    transaction.add(session)
    note(transaction, row.email, "signed_in", row.email, now)
    return token, _member(row)


def _by_email(transaction: Session, email: str, for_update: bool = False) -> StaffRow | None:
    asked = select(StaffRow).where(StaffRow.email == plain_email(email)[:1_000])
    return transaction.scalars(asked.with_for_update() if for_update else asked).first()


def _kept(password: str, email: str, name: str) -> str:
    weakness = passwords.weakness(password, email, name)
    if weakness:
        raise BadStaff(weakness)
    return passwords.kept(password)


def _member(row: StaffRow) -> Member:
    return Member(row.id, row.email, row.name, row.role, row.active, row.password is not None)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
