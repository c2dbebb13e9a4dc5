"""Read and write the editions of an offer: one mapping for each time it is held."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any

from knowledge_base.faults import shown
from knowledge_base.fields import Fields
from knowledge_base.records import Edition

MEETING_KINDS = ("event", "network")
EDITION_STATUSES = ("planned", "cancelled", "moved")
EDITION_FIELDS = (
    "uid", "starts", "ends", "name", "place", "online", "booking", "status", "sequence", "source",
)  # fmt: skip
MOST_EDITIONS = 300
LONGEST_DAYS = 366
FIRST_YEAR, LAST_YEAR = 1900, 2200
HIGHEST_SEQUENCE = 1_000_000
MOMENT = r"^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2}))?$"

_MOMENT = re.compile(MOMENT[:-1] + r"\Z", re.ASCII)
_FORM = "write the day as 2027-03-04, or the moment with its zone as 2027-03-04T10:00:00+00:00"


def editions_from(fields: Fields, kind: str | None) -> tuple[Edition, ...]:
    """Read the editions of a record, noting faults; in order of their day, each uid once."""
    raw = fields.raw.get("editions")
    if raw is None or raw == []:
        return ()
    if not isinstance(raw, list) or len(raw) > MOST_EDITIONS:
        remedy = "write one edition to a line, each in { }"
        fields.fault("editions", f"this is not a list of at most {MOST_EDITIONS} editions", remedy)
        return ()
    if kind and kind not in MEETING_KINDS:
        fields.fault("editions", f"{kind} is not held on days", "use kind event or network, or leave it out")
        return ()
    parts = [fields.inside(f"editions[{i}]", item) for i, item in enumerate(raw)]
    found: dict[str, Edition] = {}
    for part in parts:
        edition = _edition(part) if part is not None else None
        if part is None or edition is None:
            continue
        if edition.uid in found:
            part.fault("uid", f"{shown(edition.uid)} stands twice", "give each edition a uid of its own")
        found[edition.uid] = edition
    return in_order(found.values())


def in_order(editions: Any) -> tuple[Edition, ...]:
    """Return editions as they are kept: the earliest day first."""
    return tuple(sorted(editions, key=lambda e: (day_of(e.starts), str(e.starts), e.uid)))


def dump_edition(edition: Edition) -> dict[str, Any]:
    """Write an edition in the format that `editions_from` reads, leaving out what is not known."""
    told: dict[str, Any] = {
        "uid": edition.uid,
        "starts": edition.starts.isoformat(),
        "ends": edition.ends.isoformat() if edition.ends else None,
        "name": edition.name,
        "place": edition.place,
        "online": edition.online,
        "booking": edition.booking,
        "status": edition.status if edition.status != "planned" else None,
        "sequence": edition.sequence or None,
        "source": edition.source,
    }
    return {name: value for name, value in told.items() if value is not None}


def day_of(moment: date | datetime) -> date:
    """Return the day of a moment where it is held."""
    return moment.date() if isinstance(moment, datetime) else moment


def read_moment(text: str) -> date | datetime | None:
    """Read a day, or a moment with its zone, to the second; None for anything else."""
    if not _MOMENT.match(text):
        return None
    try:
        found = datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
    except (ValueError, OverflowError):
        return None
    return found if FIRST_YEAR <= found.year <= LAST_YEAR else None


def _edition(fields: Fields) -> Edition | None:
    fields.only(EDITION_FIELDS)
    starts, ends = _moment(fields, "starts", required=True), _moment(fields, "ends")
    if starts and ends:
        mixed = isinstance(starts, datetime) != isinstance(ends, datetime)
        if mixed or ends < starts:  # a day and a moment are not compared
            what = "one is a day and the other a moment" if mixed else f"{ends} is before {starts}"
            fields.fault("ends", what, "write both alike, the earlier in starts")
            ends = None
        elif day_of(ends) - day_of(starts) > timedelta(days=LONGEST_DAYS):
            fields.fault("ends", "it lasts over a year", "make an edition of each time it is held")
            ends = None
    online = fields.raw.get("online")
    if online is not None and not isinstance(online, bool):
        fields.fault("online", f"{shown(online)} is not true or false", "write true or false")
    edition = Edition(
        uid=fields.text("uid", limit=300) or (starts.isoformat() if starts else ""),
        starts=starts or date.min,
        ends=ends,
        name=fields.text("name", limit=300),
        place=fields.text("place", limit=300),
        online=online if isinstance(online, bool) else None,
        booking=fields.link("booking"),
        status=fields.one_of("status", EDITION_STATUSES, "planned") or "planned",
        sequence=fields.whole("sequence", 0, HIGHEST_SEQUENCE) or 0,
        source=fields.text("source", limit=2000),
    )
    return edition if starts else None


def _moment(fields: Fields, name: str, required: bool = False) -> date | datetime | None:
    raw = fields.raw.get(name)
    if raw is None or raw == "":
        if required:
            fields.fault(name, "this is missing", _FORM)
        return None
    found = read_moment(raw.isoformat() if isinstance(raw, date) else raw if isinstance(raw, str) else "")
    if found is None:
        fields.fault(name, f"{shown(raw)} is not a day or a moment", _FORM)
    return found
