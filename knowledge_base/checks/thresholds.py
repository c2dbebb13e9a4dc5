"""Whether every number set by law has a first day, a law, and no rival on the same day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from knowledge_base.faults import BadCatalogue, BadRecord
from knowledge_base.fields import Fields
from knowledge_base.safe_files import read_document

FILE = "thresholds.yml"


def threshold_faults(folder: Path) -> list[BadRecord]:
    """Return what is wrong with the thresholds of a folder; a folder may have none."""
    faults: list[BadRecord] = []
    if not (folder / FILE).exists():
        return faults
    try:
        raw = read_document(folder / FILE, FILE)
    except BadCatalogue as bad:
        return list(bad.faults)
    listed = raw.get("thresholds") if isinstance(raw, Mapping) else raw
    if not isinstance(listed, list):
        Fields({}, FILE, "", faults).fault(
            "thresholds", "this is not a list", "write one entry for each number"
        )
        return faults
    spans = [
        _span(Fields({}, FILE, "", faults).inside(f"thresholds[{i}]", item)) for i, item in enumerate(listed)
    ]
    faults.extend(_rivals(spans))
    return faults


_Span = tuple[tuple[str, str], date, date]


def _span(fields: Fields | None) -> _Span | None:
    if fields is None:
        return None
    name, currency = fields.text("name", required=True), fields.currency()
    amount, reference = fields.number("amount"), fields.text("reference", required=True)
    start, end = fields.exact_day("from", required=True), fields.exact_day("until")
    if amount is None:
        fields.fault("amount", "this is missing", "write the number the law sets")
    if start and end and end < start:
        fields.fault("until", f"{end} is before {start}", "put the later date in until")
    return ((name, currency or ""), start, end or date.max) if name and reference and start else None


def _rivals(spans: list[_Span | None]) -> Iterator[BadRecord]:
    for i, one in enumerate(spans):
        for other in spans[:i]:
            if one and other and one[0] == other[0] and one[1] <= other[2] and other[1] <= one[2]:
                what = f"{one[0][0]} has two numbers on {max(one[1], other[1])}"
                why = "Funding would be held against whichever comes first."
                yield BadRecord(FILE, f"thresholds[{i}].from", what, why, "close the old line with until")
