"""Carry what is written between a business in the web chat and its broker in Slack, line by line."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import or_, select, update

from knowledge_base.brokers.records import IN_CONTACT, SIDES, TAKEN, Line, Referral, Side
from knowledge_base.store import referral_trail as trail
from knowledge_base.store.broker_tables import RelayLineRow
from knowledge_base.store.columns import in_utc
from knowledge_base.store.database import Database
from knowledge_base.store.queues import key_of
from knowledge_base.store.referral_rows import held, refuse, to_record
from knowledge_base.store.referrals import answered
from knowledge_base.store.rows import insert_new
from knowledge_base.store.silence import CORRECTED as CORRECTED
from knowledge_base.store.silence import Silence, silence_of
from knowledge_base.store.tables import ReferralRow

LONGEST_LINE = 40_000  # the longest message Slack takes
LONGEST_KEY = 200


class Relay:
    """The lines between both sides, in one database; gone with their referral.

    What names a referral raises `NoSuchReferral` where there is none of that code.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, code: str, now: datetime, holder: str | None = None) -> Referral:
        """Let each side's lines go to the other from now on; with ``holder`` only while that broker has it.

        Raises:
            WrongState: nobody has taken the referral, or somebody other than ``holder``, or it is closed.
        """
        with self._database.writing() as transaction:
            row = held(transaction, code)
            if row.state not in (TAKEN, IN_CONTACT) or holder not in (None, row.broker):
                raise refuse(transaction, row)
            if not row.live:
                row.live = True
                row.version += 1
                trail.add(transaction, code, now, str(row.broker), trail.LIVE_BEGAN)
            return to_record(row)

    def end(self, code: str, now: datetime) -> Referral:
        """Give the owner's chat back to the bot; the referral stays with its broker."""
        with self._database.writing() as transaction:
            row = held(transaction, code)
            if row.live:
                row.live = False
                row.version += 1
                trail.add(transaction, code, now, str(row.broker or ""), trail.LIVE_ENDED)
            return to_record(row)

    def talking(self, session: str) -> Referral | None:
        """Return the referral whose broker has an owner's chat now, or None: then the bot answers."""
        asked = select(ReferralRow).where(ReferralRow.session == session, ReferralRow.live)
        with self._database.session() as transaction:
            row = transaction.scalars(asked.order_by(ReferralRow.consent_at.desc()).limit(1)).first()
            return to_record(row) if row else None

    def say(
        self, code: str, side: Side, who: str, text: str, key: str, now: datetime, holder: str | None = None
    ) -> Line | None:
        """Keep a line; None, with nothing kept, where one with its key is there.

        With ``holder`` it is kept only while that broker has the referral.

        The first line of the broker who has the referral is the business's first answer.

        Raises:
            ValueError: it is longer than any message, or from no side.
        """
        if side not in SIDES:
            raise ValueError(f"side: {side[:20]} is not one; use {', '.join(SIDES)}")
        if len(text) > LONGEST_LINE:
            raise ValueError(f"text: {len(text)} characters are too many; use at most {LONGEST_LINE}")
        values = {
            "code": code,
            "key": key_of(key, LONGEST_KEY),
            "side": side,
            "who": who[:254],
            "text": text,
            "at": now,
            "sent": False,
        }
        with self._database.writing() as transaction:
            # Held, so that the numbers of a referral's lines are in the order in which they can be seen.
            row = held(transaction, code)
            if holder is not None and row.broker != holder:
                return None
            if not insert_new(transaction, RelayLineRow, values):
                return None
            if side == "broker" and who == row.broker and row.state == TAKEN:
                answered(transaction, row, now)
            kept = select(RelayLineRow).where(RelayLineRow.key == values["key"])
            return _line(transaction.scalars(kept).one())

    def silence(self, code: str) -> Silence:
        """Return since when a referral's broker has written nothing, and what waits for an answer."""
        with self._database.session() as transaction:
            return silence_of(transaction, code)

    def unanswered(self, before: datetime) -> list[str]:
        """Return the codes of the chats brokers have in which an owner's line waits from before a moment."""
        asked = select(ReferralRow.code).where(ReferralRow.live).order_by(ReferralRow.code)
        with self._database.session() as transaction:
            return [
                code for code in transaction.scalars(asked) if _waits(silence_of(transaction, code), before)
            ]

    def remind(self, code: str, before: datetime, now: datetime) -> bool:
        """Note that whoever has a chat is reminded of a line that waits from before a moment.

        Of any number that ask, one is told True, once for each silence.
        """
        with self._database.writing() as transaction:
            row = held(transaction, code)
            silence = silence_of(transaction, code)
            told = trail.last(transaction, code, trail.REMINDED)
            if not row.live or silence.waits is None or not _waits(silence, before):
                return False
            if told is not None and in_utc(told.at) >= silence.waits:
                return False
            row.version += 1
            trail.add(transaction, code, now, "us", trail.REMINDED, team=row.team, broker=row.broker)
            return True

    def versions(self, code: str, key: str) -> list[Line]:
        """Return a referral's line with a key and those that correct it, the oldest first; [] without any.

        A correction is a line whose key is the other's with `CORRECTED` and what names the correction.
        """
        key = key_of(key, LONGEST_KEY)
        mine = or_(RelayLineRow.key == key, RelayLineRow.key.startswith(key + CORRECTED, autoescape=True))
        asked = select(RelayLineRow).where(RelayLineRow.code == code, mine).order_by(RelayLineRow.id)
        with self._database.session() as transaction:
            return [_line(row) for row in transaction.scalars(asked)]

    def since(self, code: str, after_id: int, limit: int) -> list[Line]:
        """Return the lines of a referral after one (0: from the first), the oldest first."""
        asked = select(RelayLineRow).where(RelayLineRow.code == code, RelayLineRow.id > after_id)
        with self._database.session() as transaction:
            rows = transaction.scalars(asked.order_by(RelayLineRow.id).limit(max(0, limit)))
            return [_line(row) for row in rows]

    def unsent(self, side: Side, limit: int) -> list[Line]:
        """Return lines of a side that were not handed to the other yet, the oldest first."""
        asked = select(RelayLineRow).where(RelayLineRow.side == side, RelayLineRow.sent.is_(False))
        with self._database.session() as transaction:
            rows = transaction.scalars(asked.order_by(RelayLineRow.id).limit(max(0, limit)))
            return [_line(row) for row in rows]

    def sent(self, line_id: int) -> bool:
        """Keep that a line was handed over; of any number that say so, one is told True."""
        mine = (RelayLineRow.id == line_id, RelayLineRow.sent.is_(False))
        with self._database.writing() as transaction:
            done = transaction.execute(update(RelayLineRow).where(*mine).values(sent=True))
            return bool(done.rowcount)  # type: ignore[attr-defined]


def _waits(silence: Silence, before: datetime) -> bool:
    return silence.waits is not None and silence.waits <= in_utc(before)


def _line(row: RelayLineRow) -> Line:
    return Line(row.id, row.code, row.side, row.who, row.text, row.at, row.key)  # type: ignore[arg-type]
