"""Note sign-ins that failed where administrators look, with no more of whoever it was than they need.

A password is never noted, nor an e-mail that is nobody's: it may be a password typed into the wrong field, or
a stranger's own. Of where it was tried from only the wide network is kept, which many share. (The tries that
are counted to slow guessing down, in `sign_in_tries`, know the address by its digest, for some minutes.)
"""

from __future__ import annotations

import ipaddress
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from knowledge_base.staff import plain_email
from knowledge_base.store.audit import note
from knowledge_base.store.desk_tables import AuditRow, StaffRow
from knowledge_base.store.sign_in_tries import WINDOW

FAILED = "sign_in_failed"
SOMEBODY = "somebody unknown"
NOBODYS = "an e-mail of nobody here"
MOST_NOTED = 100
"""How many with nobody's e-mail are noted in `WINDOW`: a flood of them must not bury everything else."""
_WIDE = {4: 24, 6: 48}


def note_failed(transaction: Session, email: str | None, address: str, now: datetime, tried: str) -> None:
    """Note that a sign-in failed; ``email`` is kept only where it is a member's, shut out or not.

    Args:
        address: where it was tried from, an address or a network.
        tried: what was to prove who it was, in words.
    """
    typed = plain_email(email or "")[:1_000]
    member = transaction.scalar(select(StaffRow.email).where(StaffRow.email == typed))
    # Looked up for members too: how long an answer takes must not tell who is one.
    lately = (AuditRow.what == FAILED, AuditRow.about == NOBODYS, AuditRow.at > now - WINDOW)
    noted = transaction.scalar(select(func.count()).select_from(AuditRow).where(*lately)) or 0
    if member is None and noted >= MOST_NOTED:
        return
    detail = {"tried": tried, "network": wide_network(address)}
    if member is None and noted == MOST_NOTED - 1:
        detail["more"] = "for a while no more of these are noted"
    note(transaction, SOMEBODY, FAILED, member or NOBODYS, now, **detail)


def wide_network(address: str) -> str | None:
    """Return the wide network an address or a network lies in: a /24 or, of IPv6, a /48; None for neither."""
    try:
        found = ipaddress.ip_network(address, strict=False)
    except ValueError:
        return None
    return str(found.supernet(new_prefix=min(found.prefixlen, _WIDE[found.version])))
