"""Write steps of a roadmap and offers as schema.org things: only what their records say."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from knowledge_base.events.feed import address

Document = dict[str, Any]

TYPES = {
    "event": "Event",
    "training": "Course",
    "loan": "LoanOrCredit",
    "grant": "MonetaryGrant",
    "award": "Service",
}
STATUSES = {
    "cancelled": "https://schema.org/EventCancelled",
    "moved": "https://schema.org/EventRescheduled",
}
_ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def steps_as_things(
    document: Mapping[str, Any], areas_of: Callable[[str], Collection[str]] = lambda offer: ()
) -> Document | None:
    """Return the steps of a roadmap document as a list in order; None where it has none.

    ``areas_of`` names the areas an offer is open in.
    """
    steps = [step for phase in document.get("phases") or () for step in phase.get("steps") or ()]
    if not steps:
        return None
    items = [
        {"@type": "ListItem", "position": at, "item": thing_of(step, areas_of(str(step.get("offer"))))}
        for at, step in enumerate(steps, 1)
    ]
    return {
        "@context": "https://schema.org",
        "@type": "ItemList",
        "numberOfItems": len(items),
        "itemListElement": items,
    }


def thing_of(step: Mapping[str, Any], areas: Iterable[str] = ()) -> Document:
    """Return one step as an Event, a Course, a grant, a loan or a Service.

    An event whose next day is not known is a Service, since schema.org wants the day of an Event.
    """
    kind, edition = str(step.get("kind") or ""), step.get("edition")
    held = edition if isinstance(edition, Mapping) and edition.get("starts") else None
    type = TYPES.get(kind, "Service") if kind != "event" or held else "Service"
    provider = str(step.get("provider") or "")
    source = step.get("source")
    url = address(source.get("url") if isinstance(source, Mapping) else source)
    organization = {"@type": "Organization", "name": provider} if provider else None
    thing: Document = {
        "@type": type,
        "name": str(step.get("name") or step.get("offer") or ""),
        "description": str(step.get("summary") or "") or None,
        "url": url,
    }
    if type == "Event":
        thing |= {"organizer": organization, **_held(held or {})}
    elif type == "MonetaryGrant":
        thing |= {"funder": organization, **_sum(step.get("funding"))}
    else:
        thing |= {"provider": organization}
    if type in ("Service", "LoanOrCredit"):
        thing["areaServed"] = [{"@type": "AdministrativeArea", "name": name} for name in areas] or None
    if type == "Service" and kind:
        thing["serviceType"] = kind.replace("_", " ")
    return {name: value for name, value in thing.items() if value is not None}


def as_script(document: Document) -> str:
    """Return a document as text to stand in a script element: nothing in it can end the element."""
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    for character, escape in _ESCAPES.items():
        text = text.replace(character, escape)
    return text


def _held(edition: Mapping[str, Any]) -> Document:
    place, online = edition.get("place"), edition.get("online")
    booking = address(edition.get("booking"))
    where: list[Document] = []
    if place:
        where.append({"@type": "Place", "name": str(place)})
    if online and booking:
        where.append({"@type": "VirtualLocation", "url": booking})
    mode = "Mixed" if online and place else "Online" if online else "Offline" if place else None
    return {
        "startDate": edition["starts"],
        "endDate": edition.get("ends"),
        "eventStatus": STATUSES.get(str(edition.get("status")), "https://schema.org/EventScheduled"),
        "eventAttendanceMode": f"https://schema.org/{mode}EventAttendanceMode" if mode else None,
        "location": where[0] if len(where) == 1 else where or None,
        "offers": {"@type": "Offer", "url": booking} if booking else None,
    }


def _sum(funding: Any) -> Document:
    """Return the most a grant pays, where its record says so."""
    most = (
        funding.get("max") if isinstance(funding, Mapping) and funding.get("meaning") == "payment" else None
    )
    if not isinstance(most, Mapping) or most.get("amount") is None or not most.get("currency"):
        return {}
    value = {"@type": "MonetaryAmount", "currency": most["currency"], "maxValue": most["amount"]}
    return {"amount": value}
