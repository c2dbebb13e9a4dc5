"""Read a catalogue: from one file, or from a folder in the shape of the starter pack.

A folder holds ``areas.yml``, ``offers/<id>.yml`` and ``providers/<id>.yml``. A file, JSON or YAML,
holds ``{"areas": [{"code", "name", "within"}], "offers": [the offer format with an "id"]}`` and may
hold ``"providers"`` in the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from knowledge_base.faults import BadCatalogue, BadRecord, shown
from knowledge_base.fields import MOST_FAULTS, Fields
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
from knowledge_base.references import (
    area_faults,
    circle_fault,
    cycles_in,
    leaning_fault,
    place_faults,
    requires_faults,
)
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
    "read_sound_records",
    "read_starter_pack",
]

LARGEST_RECORD = 256 * 1024
LARGEST_AREAS = 4 * 1024 * 1024
MOST_RECORDS = 50_000
MOST_AREAS = 10_000


@dataclass
class Pack:
    """What could be read of a catalogue, drafts included, and the faults of what could not.

    ``refused`` holds the ids of offers and providers and the codes of areas that have a fault of their own;
    of some of these enough could be read to be among the records as well.
    """

    areas: dict[str, Area] = field(default_factory=dict)
    providers: dict[str, Provider] = field(default_factory=dict)
    offers: dict[str, Offer] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)  # where each offer was read, by its id
    at: dict[str, str] = field(default_factory=dict)  # and where in that file, if it holds several
    areas_file: str = "areas.yml"
    faults: list[BadRecord] = field(default_factory=list)
    refused: dict[str, set[str]] = field(
        default_factory=lambda: {"areas": set(), "providers": set(), "offers": set()}
    )

    def catalogue(self, published_only: bool = True) -> Catalogue:
        """Return what was read, without drafts and withdrawn offers unless they are asked for."""
        kept = (o for o in self.offers.values() if o.status == "published" or not published_only)
        return Catalogue.of(self.areas.values(), kept, self.providers.values())

    def sound(self, name: str) -> dict[str, Any]:
        """Return the offers, providers or areas that have no fault of their own."""
        refused = self.refused[name]
        return {id: record for id, record in getattr(self, name).items() if id not in refused}


def read_catalogue_file(path: Path | str) -> Catalogue:
    """Read the published offers of one catalogue file.

    An offer needs an ``id``, a name and a kind; whatever else it leaves out is unknown. No
    ``areas`` means open everywhere.

    Raises:
        BadCatalogue: naming every fault: a field that cannot be read, an unknown area, an id given
            twice, offers that require each other.
    """
    path = Path(path)
    return _whole(_file(path))


def read_sound_records(path: Path | str) -> tuple[Catalogue, tuple[BadRecord, ...]]:
    """Read what is sound of one catalogue file, with the faults of the records that were left out.

    A record with a fault is left out, and so is every offer that requires it, by way of others too.

    Raises:
        BadCatalogue: nothing in the file can be read, or it has more faults than are gathered.
    """
    path = Path(path)
    pack = _file(path)
    if len(pack.faults) > MOST_FAULTS:
        raise BadCatalogue(pack.faults)
    _leave_out(pack, path.name)
    return pack.catalogue(), tuple(pack.faults)


def _file(path: Path) -> Pack:
    pack = Pack(areas_file=path.name)
    raw = read_document(path)
    if raw is None and path.suffix != ".json":
        raise BadCatalogue([_empty(path.name)])
    try:
        root = Fields({}, path.name, "", pack.faults).inside("", raw)
        if root is not None:
            _records(root, path.name, pack)
    except BadCatalogue as bad:  # reading stopped at `MOST_FAULTS`
        pack.faults = list(bad.faults)
    if _unusable(pack, raw):
        raise BadCatalogue(pack.faults)
    return pack


def _unusable(pack: Pack, raw: Any) -> bool:
    """Say whether a file has faults that are not those of one record."""
    lists = ("areas", "providers", "offers")
    return not isinstance(raw, dict) or any(fault.field in (*lists, "") for fault in pack.faults)


def _records(root: Fields, file: str, pack: Pack) -> None:
    root.only(("areas", "providers", "offers"))
    if root.raw.get("offers") is None:
        root.fault("offers", "this is missing", "list the offers, or write an empty list")
    _areas(root, file, pack)
    readers: tuple[tuple[str, Callable[..., Any]], ...] = (
        ("providers", provider_from),
        ("offers", offer_from),
    )
    for name, read in readers:
        for i, raw in _listed(root, name, MOST_RECORDS):
            at, before = f"{name}[{i}]", len(pack.faults)
            fields = root.inside(at, raw)
            id = fields.one_id("id", required=True) if fields else None
            if id:
                record = read(id, raw, file, at, pack.faults)
                _keep(record, name, "id", id, root, at, pack, before)
                if name == "offers" and id not in pack.at:
                    pack.files[id], pack.at[id] = file, at


def _areas(root: Fields, file: str, pack: Pack) -> None:
    for i, raw in _listed(root, "areas", MOST_AREAS):
        at, before = f"areas[{i}]", len(pack.faults)
        area = area_from(raw, file, at, pack.faults)
        if area is not None:
            _keep(area, "areas", "code", area.code, root, at, pack, before)


def _listed(root: Fields, name: str, most: int) -> Iterable[tuple[int, Any]]:
    value = root.raw.get(name)
    if value is not None and not isinstance(value, list):
        root.fault(name, f"{shown(value)} is not a list", "write one record after the other, in a list")
        return ()
    if value is not None and len(value) > most:
        what = f"{len(value):,} records are too many"
        root.fault(name, what, f"use at most {most:,}, and a file for each region")
        return ()
    return enumerate(value or ())


def _keep(record: Any, name: str, key: str, id: str, root: Fields, at: str, pack: Pack, before: int) -> None:
    into = getattr(pack, name)
    if id in into:
        root.fault(f"{at}.{key}", f"{shown(id)} is there twice", "give each record a code or id of its own")
        return
    if len(pack.faults) > before:
        pack.refused[name].add(id)
    if record is not None:
        into[id] = record


def read_starter_pack(folder: Path | str) -> Catalogue:
    """Read the published offers of a folder in the shape of the starter pack.

    Raises:
        BadCatalogue: naming every fault, as `read_catalogue_file` does.
    """
    return _whole(read_pack(folder))


def read_pack(path: Path | str) -> Pack:
    """Read what can be read of a folder or a catalogue file, drafts too; gather the faults of the rest."""
    path = Path(path)
    pack = Pack()
    try:
        if path.is_file():
            return _file(path)
        _folder(path, pack)
    except BadCatalogue as bad:  # nothing in the file can be read, or reading stopped at `MOST_FAULTS`
        pack.faults = list(bad.faults)
    except (OSError, ValueError) as error:
        words = getattr(error, "strerror", None) or error
        what, why = f"the folder cannot be read ({words})", "Nothing in it can be used."
        pack.faults.append(BadRecord(path.name, "", what, why, "check the name and who may read it"))
    return pack


def _folder(folder: Path, pack: Pack) -> None:
    areas = _document(folder / "areas.yml", "areas.yml", LARGEST_AREAS, pack)
    root = Fields({}, "areas.yml", "", pack.faults).inside("", areas) if areas is not None else None
    if root is not None:
        _areas(root, "areas.yml", pack)
    for name, read in (("providers", provider_from), ("offers", offer_from)):
        paths = sorted((folder / name).glob("*.yml"))
        if len(paths) > MOST_RECORDS:
            what, why = f"{len(paths):,} records are too many", "No answer could be given in time."
            pack.faults.append(BadRecord(f"{name}/", "", what, why, f"use at most {MOST_RECORDS:,}"))
            continue
        for path in paths:
            file, before = f"{name}/{path.name}", len(pack.faults)
            raw = _document(path, file, LARGEST_RECORD, pack)
            record: Any = read(path.stem, raw, file, "", pack.faults) if raw is not None else None
            if len(pack.faults) > before:
                pack.refused[name].add(path.stem)
            if record:
                getattr(pack, name)[record.id] = record
            if record and name == "offers":
                pack.files[record.id] = file


def _document(path: Path, file: str, largest: int, pack: Pack) -> Any:
    try:
        if path.is_fifo():
            raise BadCatalogue(
                [BadRecord(file, "", "this is not a file", "It may never end.", "put a file there")]
            )
        raw = read_document(path, file, largest)
    except BadCatalogue as bad:
        pack.faults.extend(bad.faults)
        return None
    if raw is None:
        pack.faults.append(_empty(file))
    return raw


def _empty(file: str) -> BadRecord:
    return BadRecord(file, "", "the file is empty", "Nothing can be read from it.", "write the record")


def _whole(pack: Pack) -> Catalogue:
    if len(pack.faults) <= MOST_FAULTS:
        _gather(pack, area_faults(pack.areas, pack.areas_file))
        for offer in pack.offers.values():
            _gather(pack, place_faults(offer, pack.areas, pack.files[offer.id], pack.at.get(offer.id, "")))
        _gather(pack, requires_faults(pack.offers, pack.files, pack.at))
    if pack.faults:
        raise BadCatalogue(pack.faults)
    return pack.catalogue()


def _gather(pack: Pack, faults: Iterable[BadRecord]) -> bool:
    """Note faults, as many as there is room for; say whether there were any."""
    found = list(islice(faults, max(0, MOST_FAULTS - len(pack.faults))))
    pack.faults.extend(found)
    return bool(found)


def _leave_out(pack: Pack, file: str) -> None:
    pack.areas = pack.sound("areas")
    while faults := list(area_faults(pack.areas, file)):
        pack.faults.extend(faults)
        for fault in faults:
            pack.areas.pop(fault.field.removesuffix(".within"), None)
    gone = list(pack.refused["offers"])
    offers = pack.sound("offers")
    for offer in offers.values():
        if _gather(pack, place_faults(offer, pack.areas, file, pack.at[offer.id])):
            gone.append(offer.id)
    for circle in cycles_in({id: offer.requires for id, offer in offers.items()}):
        pack.faults.append(circle_fault(circle, file, pack.at[circle[0]]))
        gone.append(circle[0])
    leaning: dict[str, list[str]] = {}
    for offer in offers.values():
        for required in offer.requires:
            leaning.setdefault(required, []).append(offer.id)
    left_out = set(gone)
    while gone:
        required = gone.pop()
        for id in leaning.get(required, ()):
            if id not in left_out:
                pack.faults.append(leaning_fault(required, file, f"{pack.at[id]}.requires"))
                left_out.add(id)
                gone.append(id)
    pack.offers = {id: offer for id, offer in offers.items() if id not in left_out}
    pack.providers = pack.sound("providers")
