"""Read services in HSDS 3 (Open Referral), ours or anybody's, as records in the offer format."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from knowledge_base.events.feed import address, clean
from knowledge_base.faults import BadCatalogue, BadRecord
from knowledge_base.offer_format import parse_offer, parse_provider
from knowledge_base.records import Area, Offer, Provider
from knowledge_base.standards.hsds_terms import KINDS, NEEDS, RECORD, STAGES, Document
from knowledge_base.words import JOURNEY_STAGES
from knowledge_base.words import KINDS as ALL_KINDS
from knowledge_base.words import NEEDS as ALL_NEEDS

MOST = 20_000
_UNNAMED = "no-name"


@dataclass(frozen=True)
class ReadServices:
    """The offers and providers of a file, what is to be looked at in each, and what could not be read."""

    offers: tuple[Offer, ...]
    providers: tuple[Provider, ...]
    notes: tuple[str, ...]
    faults: tuple[BadRecord, ...]


def read_hsds(
    raw: Any,
    areas: Mapping[str, Area],
    known: Mapping[str, Provider] | None = None,
    file: str = "services.json",
) -> ReadServices:
    """Read a page of services, a list of them, or one; ``known`` are the providers there are, by id.

    A service of another system becomes a draft, and a note says so: HSDS tells neither what kind of support
    it is nor what sort of organisation gives it.

    Raises:
        BadCatalogue: it is none of these, or holds too many.
    """
    offers: dict[str, Offer] = {}
    providers: dict[str, Provider] = {}
    notes: list[str] = []
    faults: list[BadRecord] = []
    for number, service in enumerate(_services(raw, file)):
        at = f"contents[{number}]"
        if not isinstance(service, Mapping):
            faults.append(
                _fault(file, at, "this is no service", "each is a mapping with id, name and status")
            )
            continue
        try:
            id, document = service_fields(service, areas)
            organization = service.get("organization")
            if isinstance(organization, Mapping):
                key, told = provider_fields(organization)
                if told.get("type"):
                    providers.setdefault(key, parse_provider(key, told, file, at))
                elif told.get("name") and _own(service) is None:
                    document["provider"] = _provider(str(told["name"]), key, known or {}, notes)
            offer = parse_offer(id, document, file, at)
        except BadCatalogue as bad:
            faults += bad.faults
            continue
        if id in offers and offers[id] != offer:
            faults.append(_fault(file, at, f"{id} stands twice and differs", "keep one of them"))
            continue
        if offer.status == "draft":
            notes.append(
                f"{offer.name}: the kind of support is not told; it is a draft until that is put right"
            )
        offers[id] = offer
    return ReadServices(tuple(offers.values()), tuple(providers.values()), tuple(notes), tuple(faults))


def service_fields(
    service: Mapping[str, Any], areas: Mapping[str, Area] | None = None
) -> tuple[str, Document]:
    """Return the id and the fields, in the offer format, that one service tells."""
    name = clean(service.get("name"), 300)
    terms = dict(_terms(service))
    kind = next((code for code in terms.get(KINDS, []) if code in ALL_KINDS), None)
    organization = service.get("organization")
    document: Document = {
        "name": name or None,
        "aliases": _some(clean(service.get("alternate_name"), 300)),
        "kind": kind or "advice",
        "status": None if kind else "draft",
        "provider": provider_fields(organization)[0] if isinstance(organization, Mapping) else None,
        "areas": list(dict.fromkeys(_areas(service, areas or {}))),
        "needs": [code for code in terms.get(NEEDS, []) if code in ALL_NEEDS],
        "stages": [code for code in terms.get(STAGES, []) if code in JOURNEY_STAGES],
        "summary": _text(service.get("description"), 4000),
        "criteria": [{"words": words} for words in _lines(service.get("eligibility_description"))[:100]],
        "amount": _amount(service),
        "prepare": [_text(each.get("document"), 1000) for each in _maps(service, "required_documents")],
        "languages": [code for each in _maps(service, "languages") if (code := _text(each.get("code"), 35))],
        "source": {"url": address(service.get("url"))},
    }
    document["prepare"] = [words for words in document["prepare"] if words]
    document = {
        name: value for name, value in document.items() if name == "areas" or value not in (None, [], {}, "")
    }
    own = _own(service)
    if own is None:
        return _slug(name or str(service.get("id") or _UNNAMED)), document
    return _with_own(document, own)


def provider_fields(organization: Mapping[str, Any]) -> tuple[str, Document]:
    """Return the id and the fields of a provider that an organization tells."""
    name = clean(organization.get("name"), 300)
    document: Document = {
        "name": name or None,
        "aliases": _some(clean(organization.get("alternate_name"), 300)),
        "url": address(organization.get("website")),
    }
    document = {name: value for name, value in document.items() if value not in (None, [], "")}
    own = _own(organization)
    return (_slug(name or _UNNAMED), document) if own is None else _with_own(document, own)


def _provider(name: str, id: str, known: Mapping[str, Provider], notes: list[str]) -> str:
    """Return the id of the provider of a name, or the one it would have, noting that there is none yet."""
    said = name.casefold()
    for each in known.values():
        if said in (each.name.casefold(), *(alias.casefold() for alias in each.aliases)):
            return each.id
    words = f"{name}: there is no such provider yet; add it as {id}"
    if words not in notes:
        notes.append(words)
    return id


def _with_own(document: Document, own: Mapping[str, Any]) -> tuple[str, Document]:
    fields, without = own.get("fields"), own.get("without")
    gone = set(without) if isinstance(without, list) and all(isinstance(w, str) for w in without) else set()
    told = fields if isinstance(fields, Mapping) else {}
    return str(own.get("id")), {**{n: v for n, v in document.items() if n not in gone}, **told}


def _own(thing: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return what travels beside the fields of HSDS; None where it is not ours or cannot be read."""
    for each in _maps(thing, "attributes"):
        value = each.get("value")
        if each.get("link_type") == RECORD and isinstance(value, str):
            try:
                found = json.loads(value)
            except (ValueError, RecursionError):
                return None
            return found if isinstance(found, Mapping) and isinstance(found.get("id"), str) else None
    return None


def _terms(service: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
    found: dict[str, list[str]] = {}
    for each in _maps(service, "attributes"):
        term = each.get("taxonomy_term")
        if isinstance(term, Mapping) and isinstance(term.get("code"), str):
            codes = found.setdefault(str(term.get("taxonomy")), [])
            if term["code"] not in codes:
                codes.append(term["code"])
    return iter(found.items())


def _areas(service: Mapping[str, Any], areas: Mapping[str, Area]) -> Iterator[str]:
    named = {area.name.casefold(): area.code for area in areas.values()}
    for each in _maps(service, "service_areas"):
        extent, name = each.get("extent"), clean(each.get("name") or each.get("service_area"), 200)
        if isinstance(extent, str) and each.get("extent_type") == "text" and (not areas or extent in areas):
            yield extent
        elif name.casefold() in named:
            yield named[name.casefold()]


def _amount(service: Mapping[str, Any]) -> Document:
    for each in _maps(service, "cost_options"):
        sum, currency = each.get("amount"), each.get("currency")
        if isinstance(currency, str) and sum is not None and not each.get("option"):
            words = _text(each.get("amount_description"), 4000)
            return {
                "currency": currency.upper(),
                "cost_to_business": sum,
                **({"cost_words": words} if words else {}),
            }
    words = _text(service.get("fees_description"), 4000)
    return {"cost_words": words} if words and words != "not known" else {}


def _services(raw: Any, file: str) -> list[Any]:
    if isinstance(raw, Mapping):
        found = raw.get("contents", raw.get("services", [raw] if "name" in raw else None))
    else:
        found = raw
    if not isinstance(found, list):
        remedy = 'write a page as {"contents": [...]}, a list of services, or one service'
        raise BadCatalogue([_fault(file, "", "there are no services in it", remedy)])
    if len(found) > MOST:
        raise BadCatalogue([_fault(file, "", f"it holds over {MOST:,} services", "split it")])
    return found


def _maps(thing: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    found = thing.get(name)
    return [each for each in found if isinstance(each, Mapping)] if isinstance(found, list) else []


def _lines(told: Any) -> list[str]:
    lines = _text(told, 100_000).split("\n") if isinstance(told, str) else []
    return [clean(line, 4000) for line in lines if clean(line, 4000)]


def _text(told: Any, most: int) -> str:
    return (
        "\n".join(clean(line, most) for line in told.split("\n"))[:most].strip()
        if isinstance(told, str)
        else ""
    )


def _some(text: str) -> list[str]:
    return [text] if text else []


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", plain))[:80].strip("-") or _UNNAMED


def _fault(file: str, at: str, what: str, remedy: str) -> BadRecord:
    return BadRecord(file, at, what, "What it says cannot be taken in.", remedy)
