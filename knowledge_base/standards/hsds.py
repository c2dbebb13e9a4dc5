"""Write records as Open Referral UK 3.0 (HSDS 3.0): a page of services, as its API gives it.

What HSDS has a field for stands there for all to read. The rest of a record travels beside it in one
attribute, as JSON, so that `knowledge_base.standards.hsds_reading` gives back an equal record.
"""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

from knowledge_base import labels
from knowledge_base.events.edition_format import day_of
from knowledge_base.events.next_one import last_day
from knowledge_base.offer_dump import dump_offer, dump_provider
from knowledge_base.records import Catalogue, Edition, Offer, Provider
from knowledge_base.roadmap.wording import NOT_KNOWN, cost_words
from knowledge_base.standards.hsds_reading import provider_fields, service_fields
from knowledge_base.standards.hsds_terms import (
    KINDS,
    NEEDS,
    RECORD,
    STAGES,
    Document,
    attribute,
    identifier,
    uri,
)
from knowledge_base.windows import usable


def export_hsds(catalogue: Catalogue, on: date) -> Document:
    """Return every published offer as a service, with its organization, areas, conditions and terms."""
    services = [
        service_of(offer, catalogue, on) for offer in catalogue.offers.values() if offer.status == "published"
    ]
    return {
        "total_items": len(services),
        "total_pages": 1,
        "page_number": 1,
        "size": len(services),
        "first_page": True,
        "last_page": True,
        "empty": not services,
        "contents": services,
    }


def service_of(offer: Offer, catalogue: Catalogue, on: date) -> Document:
    """Return one offer as a service; what is not known is left out."""
    id = identifier("offer", offer.id)
    provider = catalogue.providers.get(offer.provider)
    service: Document = {
        "id": id,
        "name": offer.name,
        "alternate_name": offer.local_name or next(iter(offer.aliases), None),
        "description": offer.summary or None,
        "url": uri(offer.source.url),
        "status": "inactive" if usable(offer.window, on).closed else "active",
        "eligibility_description": "\n".join(each.words for each in offer.criteria if each.words) or None,
        "fees_description": _fees(offer),
        "assured_date": offer.assured.on.isoformat() if offer.assured else None,
        "organization_id": identifier("provider", offer.provider) if offer.provider else None,
        "organization": _organization(offer.provider, provider) if offer.provider else None,
        "service_areas": [_area(offer, code, catalogue) for code in offer.areas],
        "languages": [_language(offer, code) for code in offer.languages],
        "cost_options": _costs(offer, id),
        "required_documents": [
            {"id": identifier("document", offer.id, words), "service_id": id, "document": words}
            for words in offer.prepare
        ],
        "schedules": [
            *_window(offer, id),
            *[_schedule(offer, id, e) for e in offer.editions if not _located(e)],
        ],
        "service_at_locations": [_at_location(offer, id, e) for e in offer.editions if _located(e)],
        "attributes": [
            attribute("service", id, KINDS, offer.kind),
            *[attribute("service", id, NEEDS, need) for need in offer.needs],
            *[attribute("service", id, STAGES, stage) for stage in offer.stages],
        ],
    }
    service = {name: value for name, value in service.items() if value not in (None, [])}
    rest = _rest(offer.id, dump_offer(offer), service_fields(service)[1])
    service["attributes"].append(attribute("service", id, RECORD, "offer", rest))
    return service


def _rest(id: str, told: Document, read: Document) -> str:
    """Return, as JSON, a record's id and what would be read otherwise from the fields of HSDS."""
    fields = {name: value for name, value in told.items() if read.get(name) != value}
    without = sorted(read.keys() - told.keys())
    return json.dumps({"id": id, "fields": fields, "without": without}, ensure_ascii=False, sort_keys=True)


def _organization(id: str, provider: Provider | None) -> Document:
    key = identifier("provider", id)
    told = dump_provider(provider) if provider else {}
    type = labels.read()["provider_types"].get(provider.type, provider.type) if provider else "not known"
    found = {
        "id": key,
        "name": provider.name if provider else id,
        "alternate_name": next(iter(provider.aliases), None) if provider else None,
        "description": f"Type of organisation: {type}",
        "website": uri(provider.url) if provider else None,
    }
    found = {name: value for name, value in found.items() if value is not None}
    rest = _rest(id, told, provider_fields({**found, "attributes": []})[1] if provider else {})
    return {**found, "attributes": [attribute("organization", key, RECORD, "provider", rest)]}


def _area(offer: Offer, code: str, catalogue: Catalogue) -> Document:
    area = catalogue.areas.get(code)
    name = area.name if area else code
    return {
        "id": identifier("service_area", offer.id, code),
        "service_id": identifier("offer", offer.id),
        "name": name,
        "service_area": name,  # as the UK profile calls it
        "extent": code,
        "extent_type": "text",
    }


def _language(offer: Offer, code: str) -> Document:
    name = labels.read()["languages"].get(code, code)
    id = identifier("language", offer.id, code)
    return {"id": id, "service_id": identifier("offer", offer.id), "name": name, "code": code}


def _fees(offer: Offer) -> str | None:
    words = cost_words(offer.amount)
    return None if words == NOT_KNOWN else words


def _costs(offer: Offer, id: str) -> list[Document]:
    """Return what using it costs, where that is a sum; what it pays out is no cost and has no field."""
    amount = offer.amount
    if amount.cost_to_business is None or amount.currency is None:
        return []
    sum = amount.cost_to_business
    number = int(sum) if sum == sum.to_integral_value() else float(sum)
    found = {
        "id": identifier("cost", offer.id),
        "service_id": id,
        "currency": amount.currency,
        "amount": number,
    }
    return [{**found, "amount_description": amount.cost_words} if amount.cost_words else found]


def _window(offer: Offer, id: str) -> list[Document]:
    window = offer.window
    if not (window.opens or window.closes or window.note):
        return []
    found = {
        "id": identifier("window", offer.id),
        "service_id": id,
        "valid_from": window.opens.isoformat() if window.opens else None,
        "valid_to": window.closes.isoformat() if window.closes else None,
        "notes": window.note,
    }
    return [{name: value for name, value in found.items() if value is not None}]


def _located(edition: Edition) -> bool:
    return bool(edition.place or edition.online)


def _schedule(offer: Offer, id: str, edition: Edition) -> Document:
    starts, ends = edition.starts, edition.ends
    found = {
        "id": identifier("edition", offer.id, edition.uid),
        "service_id": id,
        "dtstart": day_of(starts).isoformat(),
        "until": last_day(edition).isoformat(),
        "opens_at": _time(starts),
        "closes_at": _time(ends) if ends else None,
        "description": edition.name,
        "schedule_link": uri(edition.booking),
        "attending_type": "online" if edition.online else None,
        "notes": edition.status if edition.status != "planned" else None,
    }
    return {name: value for name, value in found.items() if value is not None}


def _time(moment: date | datetime) -> str | None:
    return moment.timetz().isoformat(timespec="minutes") if isinstance(moment, datetime) else None


def _at_location(offer: Offer, id: str, edition: Edition) -> Document:
    key = identifier("location", edition.place or "online", uri(edition.booking) or "")
    location: dict[str, Any] = {"id": key, "location_type": "physical", "name": edition.place}
    if not edition.place:
        location = {"id": key, "location_type": "virtual", "name": "Online"}
        if uri(edition.booking):
            location["url"] = edition.booking
    return {
        "id": identifier("at", offer.id, edition.uid),
        "service_id": id,
        "location_id": key,
        "location": location,
        "schedules": [_schedule(offer, id, edition)],
    }
