"""Load a folder of YAML records into the database, and write the database out as such a folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy.orm import Session

from knowledge_base.catalogue import Pack, dump_area, dump_offer, dump_provider, read_pack
from knowledge_base.faults import BadCatalogue, BadRecord
from knowledge_base.funding.thresholds import read_thresholds
from knowledge_base.records import Area, Catalogue, Offer
from knowledge_base.references import area_faults, circle_fault, cycle_in, link_faults, place_faults
from knowledge_base.safe_files import read_document
from knowledge_base.store.record_rows import (
    bump_version,
    lock_catalogue,
    read_records,
    write_area,
    write_offer,
    write_provider,
    write_thresholds,
)
from knowledge_base.store.tables import OfferRow

LOADER = "starter pack"


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What loading changed: ids of offers, and the faults of what was left out."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unchanged: int = 0
    faults: tuple[BadRecord, ...] = ()

    def __str__(self) -> str:
        counted = (
            f"Offers: {len(self.added)} added, {len(self.changed)} changed, {self.unchanged} as they were."
        )
        left_out = [f"Left out: {fault}" for fault in self.faults]
        return "\n".join([counted, *left_out])


def load_pack(session: Session, folder: Path | str, now: datetime, keep_going: bool) -> LoadReport:
    """Load what `CatalogueStore.load_pack` promises, inside one transaction."""
    folder = Path(folder)
    pack = read_pack(folder)
    thresholds = _thresholds(folder / "thresholds.yml", pack)
    lock_catalogue(session)
    there = read_records(session)
    areas, offers = _sound(pack, there, keep_going)
    if pack.faults and not keep_going:
        raise BadCatalogue(pack.faults)
    differs = [write_area(session, area) for area in areas.values()]
    for provider in pack.sound("providers").values():
        differs.append(write_provider(session, provider, LOADER, f"loaded from {folder.name}", now)[1])
    session.flush()
    added: list[str] = []
    changed: list[str] = []
    for offer in offers.values():
        row = session.get(OfferRow, offer.id)
        if write_offer(session, offer, row, LOADER, f"loaded from {folder.name}", now)[1]:
            (changed if row else added).append(offer.id)
    differs.append(thresholds is not None and write_thresholds(session, thresholds))
    if added or changed or any(differs):
        bump_version(session)
    unchanged = len(offers) - len(added) - len(changed)
    return LoadReport(tuple(added), tuple(changed), unchanged, tuple(pack.faults))


def _sound(pack: Pack, there: Catalogue, keep_going: bool) -> tuple[dict[str, Area], dict[str, Offer]]:
    """Return the areas and offers that hold together with what is there; note the faults of the rest.

    What has a fault of its own is left out, and with ``keep_going`` whatever names it as well. Without,
    nothing is loaded anyway, and faults that only follow from others are not told.
    """
    own_areas = pack.sound("areas") if keep_going else pack.areas
    bad_areas = list(area_faults({**there.areas, **own_areas}, pack.areas_file))
    pack.faults.extend(bad_areas)
    areas = {} if bad_areas else own_areas
    all_areas: Mapping[str, Area] = {**there.areas, **areas}
    providers = {*there.providers, *pack.sound("providers")}
    offers: dict[str, Offer] = pack.sound("offers")
    known, left_out = {*there.offers}, {*pack.refused["offers"]} - {*there.offers}
    if not keep_going:
        providers |= {*pack.providers, *pack.refused["providers"]}
        known, left_out = {*there.offers, *pack.offers, *left_out}, set()
    while True:
        all_offers: dict[str, Offer] = {**there.offers, **offers}
        faults: dict[str, list[BadRecord]] = {}
        ids = known | offers.keys()
        for offer in offers.values():
            file, at = pack.files[offer.id], pack.at.get(offer.id, "")
            found = [*place_faults(offer, all_areas, file, at)]
            found += link_faults(offer, ids, providers, file, left_out, at)
            if found:
                faults[offer.id] = found
        if not faults:
            circle = cycle_in({offer.id: offer.requires for offer in all_offers.values()})
            if circle is None:
                return areas, offers
            loaded = next(id for id in circle if id in offers)
            faults = {loaded: [circle_fault(circle, pack.files[loaded], pack.at.get(loaded, ""))]}
        for id, found in faults.items():
            pack.faults.extend(found)
            del offers[id]
            if keep_going and id not in there.offers:
                left_out.add(id)


def _thresholds(path: Path, pack: Pack) -> list[dict[str, Any]] | None:
    if not path.exists():
        return None
    try:
        raw = read_document(path, path.name, 1024 * 1024)
    except BadCatalogue as bad:
        pack.faults.extend(bad.faults)
        return None
    listed = raw.get("thresholds") if isinstance(raw, Mapping) else raw
    if not isinstance(listed, list) or not all(
        isinstance(item, Mapping) and item.get("name") for item in listed
    ):
        why = "Funding could not be held against the law."
        remedy = "write thresholds: and below it one entry for each number, with a name"
        pack.faults.append(
            BadRecord(path.name, "thresholds", "this is not a list of named numbers", why, remedy)
        )
        return None
    found: list[BadRecord] = []
    read_thresholds(listed, found)
    pack.faults.extend(found)
    return None if found else [_jsonable(item) for item in listed]


def _jsonable(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _jsonable(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_jsonable(item) for item in value]
    return float(value) if isinstance(value, Decimal) else value


def export_pack(records: Catalogue, thresholds: list[dict[str, Any]], folder: Path | str) -> int:
    """Write records in the shape of the starter pack. Files of records that are gone are left alone."""
    folder = Path(folder)
    for name in ("offers", "providers"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    _write(folder / "areas.yml", {"areas": [dump_area(area) for area in records.areas.values()]})
    if thresholds:
        _write(folder / "thresholds.yml", {"thresholds": thresholds})
    for provider in records.providers.values():
        _write(folder / "providers" / f"{provider.id}.yml", dump_provider(provider))
    for offer in records.offers.values():
        _write(folder / "offers" / f"{offer.id}.yml", dump_offer(offer))
    return len(records.offers)


class _Plain(yaml.SafeDumper):
    """Writes dates bare, as people do, and quotes what another reader of YAML could take for yes or no."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def represent_sequence(
        self, tag: str, sequence: Any, flow_style: bool | None = None
    ) -> yaml.SequenceNode:
        short = sum(len(str(item)) + 2 for item in sequence) < 90
        flat = all(item is None or isinstance(item, (str, int, float)) for item in sequence)
        return super().represent_sequence(tag, sequence, flow_style=short and flat)


_Plain.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeDumper.yaml_implicit_resolvers.items()
}


def _write(path: Path, document: Any) -> None:
    text = yaml.dump(document, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=110)
    path.write_text(text, encoding="utf-8")
