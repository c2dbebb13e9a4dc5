"""The gallery of examples: made-up businesses, each typical of its place, and why each is in it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from knowledge_base.faults import BadCatalogue, BadRecord, shown
from knowledge_base.fields import Fields
from knowledge_base.places import Gazetteer
from knowledge_base.profile import BadProfile, Profile, parse_profile
from knowledge_base.records import Area, Money
from knowledge_base.roadmap import Roadmap
from knowledge_base.safe_files import read_document
from knowledge_base.view import View
from knowledge_base.words import BUSINESS_STAGES, KINDS, LEGAL_FORMS, NEEDS, SECTORS

CONTENT = Path(__file__).parent / "content"
FILE = "gallery.yml"
FOLDER = "examples"
LARGEST = 64 * 1024

_CODES = {"sector": tuple(SECTORS), "legal_form": LEGAL_FORMS, "stage": BUSINESS_STAGES}
_WHY = "The gallery would show something that no business could have asked."


@dataclass(frozen=True, slots=True)
class Region:
    """One part of the gallery: the examples whose place lies in one of its areas."""

    code: str
    name: str
    areas: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Example:
    """A made-up business: who it is, what it said and told, and what its roadmap is there to show."""

    id: str
    business: str
    region: str
    needs: tuple[str, ...]
    said: str
    profile: Profile
    cost: Money | None
    shows: tuple[str, ...]
    why: str


@dataclass(frozen=True)
class Gallery:
    """Every example, in order of region and then of id; ``shows`` has the words of each founding request."""

    title: str
    intro: str
    regions: tuple[Region, ...]
    shows: Mapping[str, str]
    examples: tuple[Example, ...]

    def of(self, region: Region) -> tuple[Example, ...]:
        return tuple(example for example in self.examples if example.region == region.code)

    def find(self, id: str) -> Example | None:
        return next((example for example in self.examples if example.id == id), None)


def read_gallery(folder: Path | str = CONTENT) -> Gallery:
    """Read ``gallery.yml`` and ``examples/*.yml`` of a folder.

    Raises:
        BadCatalogue: there is no gallery, or naming each fault of it; `gallery_faults` finds more.
    """
    faults: list[BadRecord] = []
    gallery = _gallery(Path(folder), faults)
    if gallery is None or faults:
        raise BadCatalogue(faults)
    return gallery


def gallery_faults(folder: Path, areas: Mapping[str, Area], offers: Collection[str]) -> list[BadRecord]:
    """Return what is wrong with the gallery of a folder, held against its areas and offers.

    A folder may have no gallery; one with examples needs one.
    """
    faults: list[BadRecord] = []
    if not (folder / FILE).exists() and not any((folder / FOLDER).glob("*.yml")):
        return faults
    gallery = _gallery(folder, faults)
    if gallery is None:
        return faults
    for i, region in enumerate(gallery.regions):
        for j, code in enumerate(region.areas):
            if code not in areas:
                fields = Fields({}, FILE, f"regions[{i}]", faults)
                fields.fault(f"areas[{j}]", f"{shown(code)} is not an area", "use a code of areas.yml", _WHY)
    places = Gazetteer.load(areas) if gallery.examples else None
    within = {region.code: region for region in gallery.regions}
    for example in gallery.examples:
        fields = Fields({}, f"{FOLDER}/{example.id}.yml", "", faults)
        for i, done in enumerate(example.profile.done):
            if done not in offers:
                fields.fault(
                    f"profile.done[{i}]", f"{shown(done)} is not an offer", "use an offer's id", _WHY
                )
        if places is not None:
            _placed(example, within[example.region], places, areas, fields)
    return faults


def _placed(
    example: Example, region: Region, places: Gazetteer, areas: Mapping[str, Area], fields: Fields
) -> None:
    """Note a place that does not lie in the example's region."""
    told = example.profile.place
    found = places.resolve(told, region.areas).areas if told else ()
    if not found or not all(_above(code, areas) & set(region.areas) for code in found):
        what = f"{shown(told)} does not lie in {region.name}" if told else "this is missing"
        why = "A card under the wrong region misleads whoever looks for their own."
        fields.fault("profile.place", what, "name a town of the region, or choose the region it is in", why)


def _above(code: str, areas: Mapping[str, Area]) -> set[str]:
    found, waiting = {code}, [code]
    while waiting:
        for parent in areas[waiting.pop()].within:
            if parent in areas and parent not in found:
                found.add(parent)
                waiting.append(parent)
    return found


def _gallery(folder: Path, faults: list[BadRecord]) -> Gallery | None:
    root = _document(folder / FILE, FILE, faults)
    if root is None:
        return None
    root.only(("title", "intro", "regions", "shows"))
    title, intro = root.text("title", required=True, limit=100), root.text("intro", required=True, limit=400)
    regions = _regions(root)
    shows = _shows(root)
    examples = [
        _example(path, tuple(r.code for r in regions), tuple(shows), faults)
        for path in sorted((folder / FOLDER).glob("*.yml"))
    ]
    if not title or not intro or not regions:
        return None
    place = {region.code: position for position, region in enumerate(regions)}
    sound = sorted((e for e in examples if e), key=lambda e: (place[e.region], e.id))
    return Gallery(title, intro, regions, shows, tuple(sound))


def _document(path: Path, file: str, faults: list[BadRecord]) -> Fields | None:
    try:
        raw = read_document(path, file, LARGEST)
    except BadCatalogue as bad:
        faults.extend(bad.faults)
        return None
    return Fields({}, file, "", faults).inside("", {} if raw is None else raw)


def _regions(root: Fields) -> tuple[Region, ...]:
    found: dict[str, Region] = {}
    listed = root.raw.get("regions")
    for i, raw in enumerate(listed if isinstance(listed, list) else ()):
        fields = root.inside(f"regions[{i}]", raw)
        if fields is None:
            continue
        fields.only(("code", "name", "areas"))
        code, name = fields.one_id("code", required=True), fields.text("name", required=True, limit=100)
        areas = fields.ids("areas")
        if not areas:
            fields.fault("areas", "this is missing", "name at least one area")
        if code in found:
            fields.fault("code", f"{shown(code)} is there twice", "give each region a code of its own")
        elif code and name:
            found[code] = Region(code, name, areas)
    if not found:
        root.fault("regions", "this is missing", "list the regions, each with code, name and areas")
    return tuple(found.values())


def _shows(root: Fields) -> dict[str, str]:
    fields = root.part("shows")
    if fields is None:
        root.fault("shows", "this is missing", "write what examples show, as code: words")
        return {}
    return {code: words for code in fields.raw if (words := fields.text(code, required=True, limit=200))}


def _example(
    path: Path, regions: tuple[str, ...], shows: tuple[str, ...], faults: list[BadRecord]
) -> Example | None:
    before = len(faults)
    fields = _document(path, f"{FOLDER}/{path.name}", faults)
    if fields is None:
        return None
    fields.only(("business", "region", "needs", "said", "profile", "cost", "shows", "why"))
    business = fields.text("business", required=True, limit=160)
    region = fields.one_of("region", regions)
    needs = _some(fields, "needs", NEEDS)
    said, why = fields.text("said", required=True, limit=400), fields.text("why", required=True, limit=400)
    profile, cost = _profile(fields), _cost(fields)
    shown_here = _some(fields, "shows", shows)
    if len(faults) > before or not (business and region and said and why and profile):
        return None
    return Example(path.stem, business, region, needs, said, profile, cost, shown_here, why)


def _some(fields: Fields, name: str, allowed: tuple[str, ...]) -> tuple[str, ...]:
    if fields.raw.get(name) in (None, []):
        fields.fault(name, "this is missing", f"write a list of one or more of {', '.join(allowed)}")
        return ()
    return fields.some_of(name, allowed)


def _profile(fields: Fields) -> Profile | None:
    raw = fields.part("profile")
    if raw is None:
        if fields.raw.get("profile") is None:
            fields.fault("profile", "this is missing", "write the facts told, such as place: Dudley")
        return None
    try:
        profile = parse_profile(raw.raw)
    except BadProfile as bad:
        name, _, rest = str(bad).partition(": ")
        what, _, remedy = (rest or name).partition("; ")
        raw.fault(name if rest else "", what, remedy or "write it as a profile file has it")
        return None
    for name, allowed in _CODES.items():
        value = getattr(profile, name)
        if value is not None and value not in allowed:
            raw.fault(name, f"{shown(value)} is not in the list", f"use one of {', '.join(allowed)}")
    for i, kind in enumerate(profile.refuses):
        if kind not in KINDS:
            raw.fault(f"refuses[{i}]", f"{shown(kind)} is not in the list", f"use one of {', '.join(KINDS)}")
    return profile


def _cost(fields: Fields) -> Money | None:
    told = fields.part("cost")
    if told is None:
        return None
    told.only(("amount", "currency"))
    amount, currency = told.number("amount"), told.currency()
    if None in (told.raw.get("amount"), told.raw.get("currency")):
        remedy = "write {amount: 60000, currency: GBP}, or leave the cost out"
        told.fault("", "a cost needs an amount and a currency", remedy)
    return None if amount is None or currency is None else Money(amount, currency)


def advise(example: Example, view: View, on: date) -> Roadmap:
    """Make an example's roadmap on one day from the records of now; its owner's words say what is close."""
    near = view.near_of(example.said)
    return view.roadmap(example.needs, example.profile, on, cost=example.cost, near=near)
