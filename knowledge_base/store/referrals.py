"""Keep the businesses that asked, with consent, to be handed to a person."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from knowledge_base.store.database import Database
from knowledge_base.store.rows import insert_new
from knowledge_base.store.tables import ReferralRow

LONGEST = {"name": 200, "contact": 300, "words": 4000}
_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # without those that are misread aloud


@dataclass(frozen=True, slots=True)
class Referral:
    """One business to call back: who, how, about what, and when it agreed to that."""

    code: str
    session: str | None
    name: str
    contact: str
    words: str
    needs: tuple[str, ...]
    areas: tuple[str, ...]
    roadmap_id: str | None
    consent_at: datetime


class Referrals:
    """The referrals kept in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(
        self,
        session: str | None,
        *,
        name: str,
        contact: str,
        words: str = "",
        needs: Sequence[str] = (),
        areas: Sequence[str] = (),
        roadmap_id: str | None = None,
        consent_at: datetime,
    ) -> str:
        """Keep a referral and return its code, eight letters and digits that can be read aloud.

        Raises:
            ValueError: there is no way to reach the business, or a text is too long to be one.
        """
        if not contact.strip():
            raise ValueError("contact: this is missing; give a telephone number or an e-mail address")
        for field, value in (("name", name), ("contact", contact), ("words", words)):
            if len(value) > LONGEST[field]:
                raise ValueError(
                    f"{field}: {len(value)} characters are too many; use at most {LONGEST[field]}"
                )
        values = {
            "session": session,
            "name": name.strip(),
            "contact": contact.strip(),
            "words": words.strip(),
            "needs": list(needs),
            "areas": list(areas),
            "roadmap_id": roadmap_id,
            "consent_at": consent_at,
        }
        with self._database.writing() as transaction:
            while True:
                code = "".join(secrets.choice(_LETTERS) for _ in range(8))
                if insert_new(transaction, ReferralRow, {"code": code, **values}):
                    return code

    def list(self) -> list[Referral]:
        """Return every referral, the newest first."""
        with self._database.session() as transaction:
            rows = transaction.scalars(
                select(ReferralRow).order_by(ReferralRow.consent_at.desc(), ReferralRow.code)
            )
            return [
                Referral(
                    code=row.code,
                    session=row.session,
                    name=row.name,
                    contact=row.contact,
                    words=row.words,
                    needs=tuple(row.needs),
                    areas=tuple(row.areas),
                    roadmap_id=row.roadmap_id,
                    consent_at=row.consent_at,
                )
                for row in rows
            ]

    def delete_for_session(self, session: str) -> int:
        """Delete every referral of a conversation; return how many there were."""
        with self._database.writing() as transaction:
            done = transaction.execute(delete(ReferralRow).where(ReferralRow.session == session))
            return done.rowcount  # type: ignore[attr-defined]

    def purge(self, now: datetime, keep_days: int) -> int:
        """Delete the referrals older than ``keep_days``; return how many there were."""
        with self._database.writing() as transaction:
            before = now - timedelta(days=keep_days)
            done = transaction.execute(delete(ReferralRow).where(ReferralRow.consent_at < before))
            return done.rowcount  # type: ignore[attr-defined]
