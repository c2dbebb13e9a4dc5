"""What becomes of the chat between an owner and a broker whose referral goes to others."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from knowledge_base.store.broker_tables import RelayLineRow
from knowledge_base.store.rows import insert_new
from knowledge_base.store.silence import silence_of
from knowledge_base.store.tables import ReferralRow

MOVED_WORDS = (
    "Your adviser here has passed your request ({code}) on, and Fingerpost answers here again. "
    "You are told who takes it.{lines}"
)
LED_WORDS = (
    "Your request ({code}) is with the hub itself now, and Fingerpost answers here again. "
    "You are told who takes it.{lines}"
)
LINES_GO_TOO = " What you wrote last goes to them."


def passed_on(
    transaction: Session, row: ReferralRow, was_live: bool, now: datetime, words: str = MOVED_WORDS
) -> None:
    """Have what waits for an answer read by whoever gets a referral next, and tell an owner whose chat ended.

    ``was_live``: its broker had the chat until now. ``words`` say so to the owner; who gets it by name is
    told of as for any taking.
    """
    theirs = RelayLineRow
    number = silence_of(transaction, row.code).number
    # A line about the owner, of our own, has a writer; the owner's own have none.
    waits = (theirs.code == row.code, theirs.side == "owner", theirs.who == "", theirs.id > number)
    done = transaction.execute(update(theirs).where(*waits).values(sent=False))
    if not was_live or row.live or row.broker is not None:
        return
    lines = LINES_GO_TOO if done.rowcount else ""  # type: ignore[attr-defined]
    values = {
        "code": row.code,
        "key": f"passed-on:{row.code}:{row.version}",
        "side": "us",
        "who": "",
        "text": words.format(code=row.code, lines=lines),
        "at": now,
        "sent": False,
    }
    insert_new(transaction, RelayLineRow, values)
