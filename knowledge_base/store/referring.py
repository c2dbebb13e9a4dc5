"""What names a record, so that none is taken away from under it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge_base.hubs import Hub
from knowledge_base.store.record_rows import AT_ONCE
from knowledge_base.store.tables import OfferRow

LINKS = ("requires", "leads_to", "excludes", "succeeded_by", "part_of")


@dataclass(frozen=True, slots=True)
class Reference:
    """One record, or the hub's file, that names a record in one of its fields."""

    record_type: str
    id: str
    name: str
    field: str


def referring(session: Session, record_type: str, id: str) -> list[Reference]:
    """Return the offers, drafts and withdrawn ones too, that name a record, in order of their ids."""
    wanted = select(OfferRow.id, OfferRow.name, OfferRow.document).order_by(OfferRow.id)
    if record_type == "provider":
        wanted = wanted.where(OfferRow.provider_id == id)
        return [Reference("offer", row.id, row.name, "provider") for row in session.execute(wanted)]
    found = []
    for other, name, document in session.execute(wanted.execution_options(yield_per=AT_ONCE)):
        for field in LINKS:
            named = document.get(field) or ()
            if other != id and (id == named or (isinstance(named, list) and id in named)):
                found.append(Reference("offer", other, name, field))
    return found


def named_by_hub(hub: Hub | None, record_type: str, id: str) -> list[Reference]:
    """Return the hub's own file where it names a provider as the one that businesses are handed to."""
    contact = hub.contact if hub else None
    if hub is None or contact is None or record_type != "provider" or contact.provider != id:
        return []
    return [Reference("hub", f"hubs/{hub.id}.yml", hub.name, "contact.provider")]
