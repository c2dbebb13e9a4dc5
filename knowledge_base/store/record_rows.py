"""Read and write the rows of records, inside somebody else's transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from knowledge_base.catalogue import (
    dump_area,
    dump_offer,
    dump_provider,
    parse_area,
    parse_offer,
    parse_provider,
)
from knowledge_base.faults import BadCatalogue, BadRecord
from knowledge_base.records import Area, Catalogue, Offer, Provider
from knowledge_base.references import link_faults, place_faults, requires_fault
from knowledge_base.store.tables import (
    AreaRow,
    CatalogueVersionRow,
    OfferRow,
    ProviderRow,
    RevisionRow,
    RoadmapOfferRow,
    RoadmapRow,
    ThresholdRow,
)


def catalogue_version(session: Session) -> int:
    """Return a number that is another after every change of a record."""
    return session.scalar(select(CatalogueVersionRow.version)) or 0


def lock_catalogue(session: Session) -> None:
    """Let one writer at a time check records against each other: the next waits until this one is done."""
    session.execute(select(CatalogueVersionRow).with_for_update())


def share_catalogue(session: Session) -> None:
    """Keep records as they are until this transaction is over; others may do so at the same time."""
    session.execute(select(CatalogueVersionRow).with_for_update(read=True))


def bump_version(session: Session) -> None:
    """Tell every process that its catalogue is out of date."""
    session.execute(update(CatalogueVersionRow).values(version=CatalogueVersionRow.version + 1))


def read_records(session: Session) -> Catalogue:
    """Return every record there is, drafts too, as this transaction sees them."""
    offers = [parse_offer(id, raw) for id, raw in session.execute(select(OfferRow.id, OfferRow.document))]
    providers = session.execute(select(ProviderRow.id, ProviderRow.document))
    areas = [parse_area(raw) for raw in session.scalars(select(AreaRow.document))]
    return Catalogue.of(areas, offers, [parse_provider(id, raw) for id, raw in providers])


def refuse_faults(offer: Offer, records: Catalogue) -> None:
    """Raise `BadCatalogue` unless an offer can be read back and fits the records that are there."""
    file = f"offers/{offer.id}.yml"
    parse_offer(offer.id, dump_offer(offer), file)
    offers: Mapping[str, Offer] = {**records.offers, offer.id: offer}
    faults: list[BadRecord] = [*place_faults(offer, records.areas, file)]
    faults += link_faults(offer, offers, records.providers, file)
    if offer.id not in offer.requires:
        circle = requires_fault(offers, dict.fromkeys(offers, file))
        faults += [circle] if circle else []
    if faults:
        raise BadCatalogue(faults)


def write_offer(
    session: Session, offer: Offer, row: OfferRow | None, by: str, why: str, now: datetime
) -> tuple[int, bool]:
    """Write an offer and its revision where it differs; return its version, and whether it differed."""
    document = dump_offer(offer)
    if row is not None and row.document == document:
        return row.version, False
    if row is None:
        row = OfferRow(id=offer.id, version=0)
        session.add(row)
    else:
        mark_roadmaps(session, offer.id)
    row.name, row.kind, row.status = offer.name, offer.kind, offer.status
    row.provider_id = offer.provider or None
    row.window_status, row.closes = offer.window.status, offer.window.closes
    row.assured_until = offer.assured.until if offer.assured else None
    row.document, row.version = document, row.version + 1
    _revise(session, "offer", offer.id, row.version, document, by, why, now)
    return row.version, True


def mark_roadmaps(session: Session, offer: str) -> None:
    """Mark every saved roadmap that uses a record which changes now, to be planned again when opened."""
    using = select(RoadmapOfferRow.roadmap_id).where(RoadmapOfferRow.offer_id == offer)
    marking = update(RoadmapRow).where(RoadmapRow.id.in_(using), RoadmapRow.marked.is_(False))
    session.execute(marking.values(marked=True), execution_options={"synchronize_session": False})


def write_provider(
    session: Session, provider: Provider, by: str, why: str, now: datetime
) -> tuple[int, bool]:
    """Write a provider and its revision where it differs; return its version, and whether it differed."""
    document, row = dump_provider(provider), session.get(ProviderRow, provider.id)
    if row is not None and row.document == document:
        return row.version, False
    if row is None:
        row = ProviderRow(id=provider.id, version=0)
        session.add(row)
    row.name, row.type, row.document, row.version = provider.name, provider.type, document, row.version + 1
    _revise(session, "provider", provider.id, row.version, document, by, why, now)
    return row.version, True


def write_area(session: Session, area: Area) -> bool:
    """Write an area where it differs; say whether it did."""
    document, row = dump_area(area), session.get(AreaRow, area.code)
    if row is not None and row.document == document:
        return False
    session.merge(AreaRow(code=area.code, name=area.name, document=document))
    return True


def write_thresholds(session: Session, thresholds: list[dict[str, Any]]) -> bool:
    """Replace the thresholds where they differ; say whether they did."""
    if list(session.scalars(select(ThresholdRow.document).order_by(ThresholdRow.position))) == thresholds:
        return False
    for row in session.scalars(select(ThresholdRow)):
        session.delete(row)
    session.flush()
    for position, threshold in enumerate(thresholds):
        session.add(ThresholdRow(position=position, name=str(threshold.get("name", "")), document=threshold))
    return True


def _revise(
    session: Session,
    kind: str,
    id: str,
    version: int,
    document: dict[str, Any],
    by: str,
    why: str,
    now: datetime,
) -> None:
    session.add(
        RevisionRow(
            record_type=kind, record_id=id, version=version, at=now, by=by, why=why, document=document
        )
    )
