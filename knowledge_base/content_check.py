"""Check a folder of records, and say of each fault what it is, why it matters, and how to mend it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema.protocols import Validator

from knowledge_base.catalogue import LARGEST_RECORD, Pack, dump_offer, dump_provider, read_pack
from knowledge_base.checks.across import alias_findings, coverage_findings
from knowledge_base.checks.amounts import amount_findings
from knowledge_base.checks.area_use import area_findings
from knowledge_base.checks.around import around
from knowledge_base.checks.criteria import criteria_findings
from knowledge_base.checks.duplicates import duplicate_findings, duplicates_of
from knowledge_base.checks.editorial import offer_findings
from knowledge_base.checks.finding import Finding
from knowledge_base.checks.held import Held
from knowledge_base.checks.links import link_findings, orphan_findings, use_findings
from knowledge_base.checks.needed_first import needed_first_findings, unreachable
from knowledge_base.checks.schema import schema_findings, validator
from knowledge_base.checks.thresholds import threshold_faults
from knowledge_base.checkup import checkup_faults
from knowledge_base.doors import door_faults
from knowledge_base.examples import gallery_faults
from knowledge_base.faults import BadCatalogue, BadRecord
from knowledge_base.hubs import Hub, read_hubs
from knowledge_base.records import Catalogue, Offer, Provider
from knowledge_base.references import area_faults, link_faults, place_faults, requires_faults
from knowledge_base.safe_files import read_document
from knowledge_base.schemas import example_schema, offer_schema, provider_schema

__all__ = ["Finding", "check_pack", "check_record", "check_records", "render"]

_ORDER = {"error": 0, "warning": 1, "info": 2}


def check_pack(folder: Path | str, on: date) -> list[Finding]:
    """Return everything to mend in a folder of records, or a catalogue file, on one date; errors first.

    Reads ``areas.yml``, ``thresholds.yml``, ``gallery.yml``, ``checkup.yml``, ``doors.yml``, ``offers/``,
    ``providers/``, ``hubs/`` and ``examples/``; raises nothing for bad content.
    """
    folder = Path(folder)
    pack = read_pack(folder)
    one_file = folder.is_file()
    hubs, hub_faults = ({}, []) if one_file else read_hubs(folder / "hubs", pack.areas)
    held = Held(
        offers=pack.offers,
        providers=pack.providers,
        areas=pack.areas,
        hubs=hubs,
        on=on,
        files=pack.files,
        at=pack.at,
        ending=".yml",
        areas_file=pack.areas_file,
        all_read=pack.refused["offers"] <= pack.offers.keys(),
    )
    faults = [*pack.faults, *_reference_faults(held, pack, one_file), *hub_faults]
    faults += _gathered(threshold_faults, folder)
    faults += gallery_faults(folder, pack.areas, pack.offers)
    faults += [] if one_file else _gathered(lambda at: checkup_faults(at, pack.areas), folder)
    faults += [] if one_file else _gathered(lambda at: door_faults(at, pack.areas), folder)
    findings = [Finding.of_fault(fault) for fault in faults]
    findings += _unsaid(_across(held), findings)
    shapes = [] if one_file else list(_shapes(folder))
    findings += _unsaid(shapes, findings)
    if one_file:
        findings += _unsaid(use_findings(held), findings)
    return _in_order(findings)


def check_records(catalogue: Catalogue, hubs: Mapping[str, Hub], on: date) -> list[Finding]:
    """Return everything to mend in the records of a database on one date; errors first.

    Pass drafts and withdrawn offers too, or a link to one is taken for a link to nothing. ``hubs`` are by
    file, as `read_hubs` gives them. An offer is found at ``offers/<id>``, a provider at ``providers/<id>``.
    """
    held = Held(catalogue.offers, catalogue.providers, catalogue.areas, hubs, on)
    findings = [Finding.of_fault(fault) for fault in _reference_faults(held, None, False)]
    findings += _unsaid([*_across(held), *use_findings(held)], findings)
    return _in_order(findings)


def check_record(record: Offer | Provider, catalogue: Catalogue, on: date) -> list[Finding]:
    """Return everything to mend in one record as it would stand among the others; errors first.

    Errors of other records are among them where this one would bring them about: circles, as nothing else
    that is an error depends on another record that is there. ``catalogue`` holds drafts and withdrawn offers
    too, and may hold the record as it was before.

    Only what one record can break is looked at, so that it takes no longer among ten thousand; what comes
    out is what `check_records` says of it, as long as that finds fewer than `MOST_CIRCLES` circles.
    """
    if isinstance(record, Provider):
        return _in_order(_check_provider(record, catalogue, on))
    found, others = _check_offer(record, catalogue, on)
    return _in_order([*found, *others])


def _check_provider(record: Provider, catalogue: Catalogue, on: date) -> list[Finding]:
    held = Held(catalogue.offers, {record.id: record}, catalogue.areas, {}, on)
    findings = [Finding.of_fault(fault) for fault in _provider_faults(record, held)]
    shapes = schema_findings(_provider_shape(), dump_provider(record), held.provider_file(record.id))
    for found in (orphan_findings(held), shapes):
        findings += _unsaid(found, findings)
    return findings


def _check_offer(record: Offer, catalogue: Catalogue, on: date) -> tuple[list[Finding], list[Finding]]:
    """Return what is found of an offer, and the errors of others that it would bring about."""
    whole = Held({**catalogue.offers, record.id: record}, catalogue.providers, catalogue.areas, {}, on)
    near = around(record, catalogue.offers)
    held = replace(whole, offers={id: whole.offers[id] for id in near})
    file = held.file(record.id)
    links = link_faults(record, held.offers, held.providers, file)
    faults = [*place_faults(record, held.areas, file), *links]
    findings = [Finding.of_fault(fault) for fault in (*faults, *_circles(held))]
    # What the schema refuses before what is only said to be of little use, as for a folder of records.
    shapes = schema_findings(_offer_shape(), dump_offer(record), file)
    used = use_findings(replace(held, offers={record.id: record}))
    for found in (_across_one(record, held, whole), shapes, used):
        findings += _unsaid(found, findings)
    others = [each for each in findings if each.file != file and each.severity == "error"]
    if others:  # a circle is told of its first record; this one is at fault when it was not there before
        before = replace(held, offers={id: catalogue.offers[id] for id in near if id in catalogue.offers})
        there = {*map(Finding.of_fault, _circles(before)), *link_findings(before)}
        others = [each for each in others if each not in there]
    return [each for each in findings if each.file == file], others


def _across(held: Held) -> Iterator[Finding]:
    for offer in held.offers.values():
        yield from _by_itself(offer, held)
    barred = unreachable(held)
    yield from needed_first_findings(held, barred)
    yield from link_findings(held)
    yield from orphan_findings(held)
    yield from duplicate_findings(held)
    yield from alias_findings(held)
    yield from area_findings(held)
    yield from coverage_findings(held, barred)


def _across_one(record: Offer, held: Held, whole: Held) -> Iterator[Finding]:
    """Yield what `_across` says of one offer; ``held`` are the offers around it, ``whole`` all of them."""
    yield from _by_itself(record, held)
    barred = unreachable(held)
    yield from needed_first_findings(held, {id: barred[id] for id in (record.id,) if id in barred})
    yield from link_findings(held)
    yield from duplicates_of(record, whole.offers.values(), held)
    yield from alias_findings(whole, record)


def _by_itself(offer: Offer, held: Held) -> Iterator[Finding]:
    for found in offer_findings(offer, held.file(offer.id), held.on):
        yield replace(found, field=held.path(offer.id, found.field))
    yield from amount_findings(offer, held)
    yield from criteria_findings(offer, held)


def _unsaid(findings: Iterable[Finding], said: Iterable[Finding]) -> list[Finding]:
    """Keep the findings of places of which nothing is said yet: one fault is said once."""
    places = {(finding.file, finding.field) for finding in said}
    return [f for f in findings if (f.file, f.field) not in places]


def _in_order(findings: Iterable[Finding]) -> list[Finding]:
    return sorted(dict.fromkeys(findings), key=lambda f: (_ORDER[f.severity], f.file, f.field, f.heading))


def _gathered(check: Callable[[Path], list[BadRecord]], folder: Path) -> list[BadRecord]:
    try:
        return check(folder)
    except BadCatalogue as bad:
        return list(bad.faults)


def _reference_faults(held: Held, pack: Pack | None, one_file: bool) -> Iterator[BadRecord]:
    yield from area_faults(held.areas, held.areas_file)
    known = {*held.offers, *(pack.refused["offers"] if pack else ())}
    # One catalogue file need not name providers, nor every offer that its own lead to.
    whole = pack is None or not one_file
    providers = {*held.providers, *(pack.refused["providers"] if pack else ())}
    for offer in held.offers.values():
        file, at = held.file(offer.id), held.at.get(offer.id, "")
        yield from place_faults(offer, held.areas, file, at)
        if whole:
            yield from link_faults(offer, known, providers, file, at=at)
    for provider in held.providers.values():
        yield from _provider_faults(provider, held)
    yield from _circles(held)
    for file, hub in held.hubs.items():
        named = hub.contact.provider if hub.contact else None
        if named and named not in providers:
            why = "The business would not be told who the contact belongs to."
            remedy = "name a provider that is there, or take it out"
            yield BadRecord(file, "contact.provider", f"{named} is not a provider", why, remedy)


def _provider_faults(provider: Provider, held: Held) -> Iterator[BadRecord]:
    for i, code in enumerate(provider.areas):
        if code not in held.areas:
            why = "Providers are found by where they work."
            file = held.provider_file(provider.id)
            yield BadRecord(file, f"areas[{i}]", f"{code} is not an area", why, "use the code of an area")


def _circles(held: Held) -> Iterator[BadRecord]:
    return requires_faults(held.offers, {id: held.file(id) for id in held.offers}, held.at)


@cache
def _offer_shape() -> Validator:
    return validator(offer_schema())


@cache
def _provider_shape() -> Validator:
    return validator(provider_schema())


def _shapes(folder: Path) -> Iterator[Finding]:
    schemas = (("offers", offer_schema()), ("providers", provider_schema()), ("examples", example_schema()))
    for name, schema in schemas:
        check = validator(schema)
        for path in sorted((folder / name).glob("*.yml")):
            file = f"{name}/{path.name}"
            raw = _raw(path, file)
            if raw is not None:
                yield from schema_findings(check, raw, file)


def _raw(path: Path, file: str) -> Any:
    try:
        return read_document(path, file, LARGEST_RECORD)
    except BadCatalogue:
        return None  # `read_pack` has said why


def render(findings: Iterable[Finding]) -> str:
    """Write findings for a terminal: one paragraph each, and a line that counts them."""
    listed = list(findings)
    paragraphs = [
        f"{f.severity.upper()}  {f.file}{': ' + f.field if f.field else ''}\n"
        f"  what  {f.heading}\n  why   {f.why}\n  mend  {f.remedy}\n"
        for f in listed
    ]
    count: Counter[str] = Counter(f.severity for f in listed)
    total = ", ".join(f"{count[s]} {s if count[s] == 1 else _PLURAL[s]}" for s in _ORDER)
    return "\n".join([*paragraphs, f"{total}." if listed else "Nothing to mend."])


_PLURAL = {"error": "errors", "warning": "warnings", "info": "to know"}
