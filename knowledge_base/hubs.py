"""A hub is settings: its name, the areas it covers, its people, languages and colours."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from knowledge_base.faults import BadCatalogue, BadRecord, shown
from knowledge_base.fields import Fields
from knowledge_base.records import Area, Source
from knowledge_base.safe_files import read_document

HUBS = Path(__file__).parent / "content" / "hubs"
KEPT_DAYS = {
    "roadmaps": 365, "sessions": 30, "referrals": 180, "clients": 365,
    "unheard": 90, "audit": 730, "imports": 365,
}  # fmt: skip
ASSURANCE_DAYS, GRACE_DAYS = 90, 60
MAY_BE_NONE = ("unheard",)  # 0 days: it is not kept at all
COLOURS = ("accent", "accent_text", "background", "text")

_FIELDS = (
    "name", "areas", "languages", "contact", "colours", "intro", "allowed_origins", "retention_days",
    "assurance_days", "grace_days", "own_drafts", "digest_recipients",
)  # fmt: skip
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")
_COLOUR = re.compile(r"#[0-9a-f]{6}\Z")
_ORIGIN = re.compile(r"https?://[A-Za-z0-9.-]+(:\d{1,5})?\Z")
_PHONE = re.compile(r"\+?[0-9 ()-]{6,20}\Z")
_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[A-Za-z0-9.-]{1,150}\.[A-Za-z]{2,30}\Z", re.ASCII)
_EMAIL = re.compile(r"[^\s@]{1,64}@[^\s@]{1,200}\.[^\s@]{2,30}\Z")


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom a business is handed to. What is None is not known, and is not made up."""

    name: str
    phone: str | None = None
    email: str | None = None
    url: str | None = None
    hours: str | None = None
    note: str | None = None
    provider: str | None = None
    source: Source | None = None


@dataclass(frozen=True)
class Hub:
    """The settings of one hub.

    ``retention_days`` says how long roadmaps, sessions, referrals, brokers' clients (since they were touched
    last), what was not understood and what was done in the console (audit) are kept, and for how long an
    import can be undone.
    A curator vouches for a record for ``assurance_days`` unless they say otherwise; ``grace_days`` after that
    has run out, new roadmaps leave the record out. ``own_drafts`` lets staff publish what they wrote last
    themselves. ``digest_recipients`` are the e-mail addresses told daily what is due to be checked.
    """

    id: str
    name: str
    areas: tuple[str, ...]
    languages: tuple[str, ...]
    contact: Contact | None
    colours: Mapping[str, str]
    intro: str
    allowed_origins: tuple[str, ...]
    retention_days: Mapping[str, int]
    assurance_days: int = ASSURANCE_DAYS
    grace_days: int = GRACE_DAYS
    own_drafts: bool = False
    digest_recipients: tuple[str, ...] = ()


def read_hub(name: str, folder: Path | str = HUBS, areas: Mapping[str, Area] | None = None) -> Hub:
    """Read one hub's settings by name, the name of its file without ``.yml``.

    With ``areas``, the areas it covers must be among them.

    Raises:
        BadCatalogue: there is no such hub, or naming each of its settings that cannot be used.
    """
    folder = Path(folder)
    path = folder / f"{name}.yml"
    if not _NAME.match(name) or not path.is_file():
        known = ", ".join(sorted(p.stem for p in folder.glob("*.yml"))) or "none"
        what, why = f"{shown(name)} is not a hub", "The hub's settings decide areas, contact and colours."
        raise BadCatalogue([BadRecord("FINGERPOST_HUB", "", what, why, f"use one of {known}")])
    faults: list[BadRecord] = []
    hub = _hub(path, areas, faults)
    if hub is None or faults:
        raise BadCatalogue(faults)
    return hub


def read_hubs(folder: Path, areas: Mapping[str, Area]) -> tuple[dict[str, Hub], list[BadRecord]]:
    """Read every hub of a folder, by file name, with the faults of those that cannot be read."""
    hubs: dict[str, Hub] = {}
    faults: list[BadRecord] = []
    for path in sorted(folder.glob("*.yml")):
        try:
            hub = _hub(path, areas, faults)
        except BadCatalogue as bad:
            faults.extend(bad.faults)
            continue
        if hub:
            hubs[f"hubs/{path.name}"] = hub
    return hubs, faults


def _hub(path: Path, areas: Mapping[str, Area] | None, faults: list[BadRecord]) -> Hub | None:
    file = f"hubs/{path.name}"
    fields = Fields({}, file, "", faults).inside("", read_document(path, file, 256 * 1024))
    if fields is None:
        return None
    fields.only(_FIELDS)
    name, intro = fields.text("name", required=True, limit=200), fields.text("intro", limit=1000)
    covered = fields.ids("areas")
    if not covered:
        fields.fault(
            "areas", "this is missing", "name at least one area", "A hub serves the businesses of its areas."
        )
    for i, code in enumerate(covered):
        if areas is not None and code not in areas:
            fields.fault(
                f"areas[{i}]", f"{shown(code)} is not an area", "use the code of an area in areas.yml"
            )
    origins = fields.texts("allowed_origins", limit=300)
    for i, origin in enumerate(origins):
        if not _ORIGIN.match(origin):
            remedy = "write scheme and host alone, such as https://www.example.org"
            fields.fault(f"allowed_origins[{i}]", f"{shown(origin)} is not an origin", remedy)
    return Hub(
        id=path.stem,
        name=name or path.stem,
        areas=covered,
        languages=fields.texts("languages", limit=35) or ("en",),
        contact=_contact(fields.part("contact")),
        colours=_colours(fields.part("colours")),
        intro=intro or "",
        allowed_origins=origins,
        retention_days=_retention(fields.part("retention_days")),
        assurance_days=fields.whole("assurance_days", 1, 1096) or ASSURANCE_DAYS,
        grace_days=_grace(fields),
        own_drafts=_own_drafts(fields),
        digest_recipients=_recipients(fields),
    )


def _contact(fields: Fields | None) -> Contact | None:
    if fields is None:
        return None
    fields.only(("name", "phone", "email", "url", "hours", "note", "provider", "source"))
    source = fields.part("source")
    name = fields.text("name", required=True, limit=200)
    return Contact(
        name=name or "",
        phone=_shaped(fields, "phone", _PHONE, "write digits and spaces, such as 0300 000 0000"),
        email=_shaped(fields, "email", _EMAIL, "write it as name@example.org"),
        url=fields.link("url"),
        hours=fields.text("hours", limit=200),
        note=fields.text("note", limit=500),
        provider=fields.one_id("provider"),
        source=_source(source) if source else None,
    )


def _source(fields: Fields) -> Source:
    fields.only(("url", "title", "date", "seen"))
    return Source(fields.link("url"), fields.text("title"), fields.text("date"), fields.exact_day("seen"))


def _shaped(fields: Fields, name: str, shape: re.Pattern[str], remedy: str) -> str | None:
    value = fields.text(name, limit=300)
    if value is not None and not shape.match(value):
        fields.fault(name, f"{shown(value)} cannot be used", remedy)
        return None
    return value


def _colours(fields: Fields | None) -> Mapping[str, str]:
    if fields is None:
        return {}
    fields.only(COLOURS)
    found = {name: _shaped(fields, name, _COLOUR, "write six digits, such as '#1d4f91'") for name in COLOURS}
    return {name: value for name, value in found.items() if value}


def _grace(fields: Fields) -> int:
    told = fields.whole("grace_days", 0, 3650)
    return GRACE_DAYS if told is None else told


def _own_drafts(fields: Fields) -> bool:
    told = fields.raw.get("own_drafts")
    if told is not None and not isinstance(told, bool):
        why = "It decides whether somebody else must look at a draft before businesses see it."
        fields.fault("own_drafts", f"{shown(told)} is neither yes nor no", "write true or false", why)
    return told is True


def _recipients(fields: Fields) -> tuple[str, ...]:
    told = fields.texts("digest_recipients", limit=254)
    for i, address in enumerate(told):
        if not is_address(address):
            remedy = "write it as name@example.org"
            fields.fault(f"digest_recipients[{i}]", f"{shown(address)} is not an e-mail address", remedy)
    return tuple(dict.fromkeys(told))


def is_address(text: str) -> bool:
    """Say whether mail can be sent to a text: one address in plain letters, with a dot in its host."""
    return bool(_ADDRESS.match(text))


def _retention(fields: Fields | None) -> Mapping[str, int]:
    if fields is None:
        return KEPT_DAYS
    fields.only(tuple(KEPT_DAYS))
    told = {name: fields.whole(name, 0 if name in MAY_BE_NONE else 1, 3650) for name in KEPT_DAYS}
    return {name: days if told[name] is None else int(told[name] or 0) for name, days in KEPT_DAYS.items()}
