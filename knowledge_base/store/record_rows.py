"""Read and write the rows of records, inside somebody else's transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from knowledge_base.catalogue import (
    dump_area,
    dump_offer,
    dump_provider,
    parse_area,
    parse_offer,
    parse_provider,
)
from knowledge_base.faults import BadCatalogue, BadRecord
from knowledge_base.offer_readback import ReadBack
from knowledge_base.records import Area, Catalogue, Offer, Provider
from knowledge_base.references import areas_named, circle_fault, cycle_in, link_faults, place_faults
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

AT_ONCE = 500  # rows fetched, and ids named, in one go
LONGEST_CHAIN = 20  # offers that require one another followed one by one, before all are read


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
    offers = [offer for _, offer in read_offers(session)]
    providers = session.execute(select(ProviderRow.id, ProviderRow.document))
    areas = [parse_area(raw) for raw in session.scalars(select(AreaRow.document))]
    return Catalogue.of(areas, offers, [parse_provider(id, raw) for id, raw in providers])


def read_offers(session: Session, ids: Collection[str] | None = None) -> Iterator[tuple[int, Offer]]:
    """Yield the offers of these ids that there are, with their versions; every offer where none are named."""
    wanted = select(OfferRow.id, OfferRow.version, OfferRow.document)
    back = ReadBack()
    for some in [None] if ids is None else _batches(ids):
        query = wanted if some is None else wanted.where(OfferRow.id.in_(some))
        for id, version, document in session.execute(query.execution_options(yield_per=AT_ONCE)):
            yield version, back.offer(id, document)


def refuse_faults(session: Session, offer: Offer) -> None:
    """Raise `BadCatalogue` unless an offer can be read back and fits the records that are there."""
    file = f"offers/{offer.id}.yml"
    parse_offer(offer.id, dump_offer(offer), file)
    areas = {*offer.areas, *(code for _, code in areas_named(offer.criteria))}
    named = {*offer.requires, *offer.leads_to, *offer.excludes, offer.succeeded_by, offer.part_of} - {None}
    offers = {offer.id, *_there(session, OfferRow.id, named)}
    providers = _there(session, ProviderRow.id, {offer.provider})
    faults: list[BadRecord] = [*place_faults(offer, _there(session, AreaRow.code, areas), file)]
    faults += link_faults(offer, offers, providers, file)
    if offer.id not in offer.requires:
        circle = cycle_in(_required(session, offer))
        faults += [circle_fault(circle, file)] if circle else []
    if faults:
        raise BadCatalogue(faults)


def _required(session: Session, offer: Offer) -> dict[str, tuple[str, ...]]:
    """Return what an offer requires, and what that requires, and so on: the others run in no circle."""
    found = {offer.id: offer.requires}
    next_ones = set(offer.requires)
    for _ in range(LONGEST_CHAIN):
        if not next_ones:
            return found
        found |= {each.id: each.requires for _, each in read_offers(session, next_ones)}
        next_ones = {id for each in next_ones for id in found.get(each, ()) if id not in found}
    return {each.id: each.requires for _, each in read_offers(session)} | {offer.id: offer.requires}


def _there(session: Session, key: InstrumentedAttribute[str], wanted: Iterable[str | None]) -> set[str]:
    """Return those of these keys that are there."""
    keys = [each for each in wanted if each]
    return {found for some in _batches(keys) for found in session.scalars(select(key).where(key.in_(some)))}


def _batches(ids: Iterable[str]) -> Iterator[list[str]]:
    """Cut ids into lists that one statement may name."""
    listed = sorted(ids)
    return (listed[at : at + AT_ONCE] for at in range(0, len(listed), AT_ONCE))


def write_offer(
    session: Session, offer: Offer, row: OfferRow | None, by: str, why: str, now: datetime
) -> tuple[int, bool]:
    """Write an offer and its revision where it differs; return its version, and whether it differed."""
    document = dump_offer(offer)
    if row is not None and row.document == document:
        return row.version, False
    if row is None:
        row = OfferRow(id=offer.id, version=last_version(session, "offer", offer.id))
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


def last_version(session: Session, record_type: str, id: str) -> int:
    """Return the version of a record's newest revision, 0 where it has none: a record that was deleted and
    comes back counts on, so that no version ever stands for two contents."""
    mine = (RevisionRow.record_type == record_type, RevisionRow.record_id == id)
    return session.scalar(select(func.max(RevisionRow.version)).where(*mine)) or 0


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
        row = ProviderRow(id=provider.id, version=last_version(session, "provider", provider.id))
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
