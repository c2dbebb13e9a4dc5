"""Check a folder of records, and say of each fault what it is, why it matters, and how to mend it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from knowledge_base.areas import AreaTree
from knowledge_base.catalogue import LARGEST_RECORD, Pack, read_pack
from knowledge_base.checks.across import coverage_findings, name_findings
from knowledge_base.checks.editorial import offer_findings
from knowledge_base.checks.finding import Finding
from knowledge_base.checks.schema import schema_findings, validator
from knowledge_base.checks.thresholds import threshold_faults
from knowledge_base.examples import gallery_faults
from knowledge_base.faults import BadCatalogue, BadRecord
from knowledge_base.hubs import Hub, read_hubs
from knowledge_base.references import area_faults, link_faults, place_faults, requires_fault
from knowledge_base.safe_files import read_document
from knowledge_base.schemas import example_schema, offer_schema, provider_schema

__all__ = ["Finding", "check_pack", "render"]

_ORDER = {"error": 0, "warning": 1, "info": 2}


def check_pack(folder: Path | str, on: date) -> list[Finding]:
    """Return everything to mend in a folder of records on one date, errors first.

    Reads ``areas.yml``, ``thresholds.yml``, ``gallery.yml``, ``offers/``, ``providers/``, ``hubs/`` and
    ``examples/``; raises nothing for bad content.
    """
    folder = Path(folder)
    pack = read_pack(folder)
    hubs, hub_faults = read_hubs(folder / "hubs", pack.areas)
    faults = [*pack.faults, *_reference_faults(pack), *hub_faults, *_contact_faults(pack, hubs)]
    faults += threshold_faults(folder)
    faults += gallery_faults(folder, pack.areas, pack.offers)
    findings = [Finding.of_fault(fault) for fault in faults]
    for offer in pack.offers.values():
        findings += offer_findings(offer, pack.files[offer.id], on)
    findings += name_findings(pack.offers, pack.files)
    findings += _coverage(pack, hubs, on)
    said = {(finding.file, finding.field) for finding in findings}
    findings += [f for f in _shapes(folder) if (f.file, f.field) not in said]
    return sorted(dict.fromkeys(findings), key=lambda f: (_ORDER[f.severity], f.file, f.field, f.heading))


def _reference_faults(pack: Pack) -> Iterator[BadRecord]:
    yield from area_faults(pack.areas, "areas.yml")
    for offer in pack.offers.values():
        file = pack.files[offer.id]
        yield from place_faults(offer, pack.areas, file)
        yield from link_faults(offer, pack.offers, pack.providers, file)
    for provider in pack.providers.values():
        for i, code in enumerate(provider.areas):
            if code not in pack.areas:
                why = "Providers are found by where they work."
                file = f"providers/{provider.id}.yml"
                yield BadRecord(file, f"areas[{i}]", f"{code} is not an area", why, "use the code of an area")
    circle = requires_fault(pack.offers, pack.files)
    if circle:
        yield circle


def _contact_faults(pack: Pack, hubs: dict[str, Hub]) -> Iterator[BadRecord]:
    for file, hub in hubs.items():
        provider = hub.contact.provider if hub.contact else None
        if provider and provider not in pack.providers:
            why = "The business would not be told who the contact belongs to."
            what = f"{provider} is not a provider"
            yield BadRecord(
                file, "contact.provider", what, why, "name a provider that is there, or take it out"
            )


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


def _coverage(pack: Pack, hubs: dict[str, Hub], on: date) -> Iterable[Finding]:
    if next(area_faults(pack.areas, ""), None) is not None:
        return []
    return coverage_findings(pack.offers.values(), AreaTree(pack.areas), hubs, on)


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
