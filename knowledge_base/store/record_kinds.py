"""What an offer and a provider have in common: how each is read, written, found and taken away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge_base.catalogue import dump_offer, dump_provider, parse_offer, parse_provider
from knowledge_base.faults import BadCatalogue, BadRecord
from knowledge_base.fields import is_id
from knowledge_base.records import Offer, Provider
from knowledge_base.store.record_rows import mark_roadmaps, refuse_faults, write_offer, write_provider
from knowledge_base.store.tables import AreaRow, OfferRow, ProviderRow

Row = OfferRow | ProviderRow


class NoSuchRecord(LookupError):
    """There is no such record, draft or revision; the message says what to do instead."""


@dataclass(frozen=True)
class Kind:
    """One type of record. ``read`` raises BadCatalogue; ``refuse`` does where it names what is not there."""

    name: str
    read: Callable[[str, Any], Any]
    dump: Callable[[Any], dict[str, Any]]
    refuse: Callable[[Session, Any], None]
    write: Callable[[Session, Any, str, str, datetime], tuple[int, bool]]


def kind_of(record_type: str) -> Kind:
    """Return the type of record by its name; raise NoSuchRecord for one there is none of."""
    if record_type not in KINDS_OF_RECORD:
        raise NoSuchRecord(f"{record_type[:40]!r} is not a type of record; use offer or provider")
    return KINDS_OF_RECORD[record_type]


def published_row(session: Session, record_type: str, id: str) -> Row | None:
    """Return the row of a record that businesses, or the catalogue, know of."""
    kind = kind_of(record_type)
    if not is_id(id):
        return None
    if kind.name == "offer":
        return session.get(OfferRow, id)
    return session.get(ProviderRow, id)


def remove_row(session: Session, row: Row) -> None:
    """Take a record out of the catalogue; its revisions stay, and roadmaps that used it are marked."""
    if isinstance(row, OfferRow):
        mark_roadmaps(session, row.id)
    session.delete(row)


def _write_offer(session: Session, offer: Offer, by: str, why: str, now: datetime) -> tuple[int, bool]:
    return write_offer(session, offer, session.get(OfferRow, offer.id), by, why, now)


def _refuse_provider(session: Session, provider: Provider) -> None:
    there = set(session.scalars(select(AreaRow.code).where(AreaRow.code.in_(provider.areas))))
    why = "Providers are found by where they work."
    faults = [
        BadRecord(
            f"providers/{provider.id}",
            f"areas[{i}]",
            f"{code} is not an area",
            why,
            "use the code of an area",
        )
        for i, code in enumerate(provider.areas)
        if code not in there
    ]
    if faults:
        raise BadCatalogue(faults)


KINDS_OF_RECORD = {
    "offer": Kind("offer", parse_offer, dump_offer, refuse_faults, _write_offer),
    "provider": Kind("provider", parse_provider, dump_provider, _refuse_provider, write_provider),
}
