"""Read a catalogue: from one file, or from a folder in the shape of the starter pack.

A folder holds ``areas.yml``, ``offers/<id>.yml`` and ``providers/<id>.yml``. A file, JSON or YAML,
holds ``{"areas": [{"code", "name", "within"}], "offers": [the offer format with an "id"]}`` and may
hold ``"providers"`` in the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from knowledge_base.faults import BadCatalogue, BadRecord, shown
from knowledge_base.fields import Fields
from knowledge_base.offer_dump import dump_area, dump_offer, dump_provider
from knowledge_base.offer_format import (
    area_from,
    offer_from,
    parse_area,
    parse_offer,
    parse_provider,
    provider_from,
)
from knowledge_base.records import Area, Catalogue, Offer, Provider
from knowledge_base.references import area_faults, place_faults, requires_fault
from knowledge_base.safe_files import read_document

__all__ = [
    "BadCatalogue",
    "BadRecord",
    "Pack",
    "dump_area",
    "dump_offer",
    "dump_provider",
    "parse_area",
    "parse_offer",
    "parse_provider",
    "read_catalogue_file",
    "read_pack",
    "read_starter_pack",
]

LARGEST_RECORD = 256 * 1024
LARGEST_AREAS = 4 * 1024 * 1024


@dataclass
class Pack:
    """What could be read of a catalogue, drafts included, and the faults of what could not."""

    areas: dict[str, Area] = field(default_factory=dict)
    providers: dict[str, Provider] = field(default_factory=dict)
    offers: dict[str, Offer] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)  # where each offer was read, by its id
    faults: list[BadRecord] = field(default_factory=list)

    def catalogue(self, published_only: bool = True) -> Catalogue:
        """Return what was read, without drafts and withdrawn offers unless they are asked for."""
        kept = (o for o in self.offers.values() if o.status == "published" or not published_only)
        return Catalogue.of(self.areas.values(), kept, self.providers.values())


def read_catalogue_file(path: Path | str) -> Catalogue:
    """Read the published offers of one catalogue file.

    An offer needs an ``id``, a name and a kind; whatever else it leaves out is unknown. No
    ``areas`` means open everywhere.

    Raises:
        BadCatalogue: naming every fault: a field that cannot be read, an unknown area, an id given
            twice, offers that require each other.
    """
    path = Path(path)
    pack = Pack()
    root = Fields({}, path.name, "", pack.faults).inside("", read_document(path))
    if root is not None:
        root.only(("areas", "providers", "offers"))
        if root.raw.get("offers") is None:
            root.fault("offers", "this is missing", "list the offers, or write an empty list")
        for i, raw in _listed(root, "areas"):
            area = area_from(raw, path.name, f"areas[{i}]", pack.faults)
            _keep(area, pack.areas, "code", root, f"areas[{i}]")
        readers: tuple[tuple[str, Callable[..., Any], dict[str, Any]], ...] = (
            ("providers", provider_from, pack.providers),
            ("offers", offer_from, pack.offers),
        )
        for name, read, into in readers:
            for i, raw in _listed(root, name):
                at = f"{name}[{i}]"
                fields = root.inside(at, raw)
                id = fields.one_id("id", required=True) if fields else None
                if id:
                    _keep(read(id, raw, path.name, at, pack.faults), into, "id", root, at)
        pack.files = dict.fromkeys(pack.offers, path.name)
    return _whole(pack, path.name)


def _listed(root: Fields, name: str) -> Iterable[tuple[int, Any]]:
    value = root.raw.get(name)
    if value is not None and not isinstance(value, list):
        root.fault(name, f"{shown(value)} is not a list", "write one record after the other, in a list")
        return ()
    return enumerate(value or ())


def _keep(record: Any, into: dict[str, Any], key: str, root: Fields, at: str) -> None:
    if record is None:
        return
    id = getattr(record, key)
    if id in into:
        root.fault(f"{at}.{key}", f"{shown(id)} is there twice", "give each record a code or id of its own")
    into.setdefault(id, record)


def read_starter_pack(folder: Path | str) -> Catalogue:
    """Read the published offers of a folder in the shape of the starter pack.

    Raises:
        BadCatalogue: naming every fault, as `read_catalogue_file` does.
    """
    return _whole(read_pack(folder), "areas.yml")


def read_pack(folder: Path | str) -> Pack:
    """Read whatever can be read of a folder, drafts too, and gather the faults of the rest."""
    folder = Path(folder)
    pack = Pack()
    areas = _document(folder / "areas.yml", "areas.yml", LARGEST_AREAS, pack)
    root = Fields({}, "areas.yml", "", pack.faults).inside("", areas) if areas is not None else None
    if root is not None:
        for i, raw in _listed(root, "areas"):
            area = area_from(raw, "areas.yml", f"areas[{i}]", pack.faults)
            _keep(area, pack.areas, "code", root, f"areas[{i}]")
    for path in sorted((folder / "providers").glob("*.yml")):
        file = f"providers/{path.name}"
        raw = _document(path, file, LARGEST_RECORD, pack)
        provider = provider_from(path.stem, raw, file, "", pack.faults) if raw is not None else None
        if provider:
            pack.providers[provider.id] = provider
    for path in sorted((folder / "offers").glob("*.yml")):
        file = f"offers/{path.name}"
        raw = _document(path, file, LARGEST_RECORD, pack)
        offer = offer_from(path.stem, raw, file, "", pack.faults) if raw is not None else None
        if offer:
            pack.offers[offer.id] = offer
            pack.files[offer.id] = file
    return pack


def _document(path: Path, file: str, largest: int, pack: Pack) -> Any:
    try:
        raw = read_document(path, file, largest)
    except BadCatalogue as bad:
        pack.faults.extend(bad.faults)
        return None
    if raw is None:
        fault = BadRecord(file, "", "the file is empty", "Nothing can be read from it.", "write the record")
        pack.faults.append(fault)
    return raw


def _whole(pack: Pack, areas_file: str) -> Catalogue:
    pack.faults.extend(area_faults(pack.areas, areas_file))
    for offer in pack.offers.values():
        file = pack.files[offer.id]
        pack.faults.extend(place_faults(offer, pack.areas, file, "" if "/" in file else offer.id))
    circle = requires_fault(pack.offers, pack.files)
    if circle:
        pack.faults.append(circle)
    if pack.faults:
        raise BadCatalogue(pack.faults)
    return pack.catalogue()
