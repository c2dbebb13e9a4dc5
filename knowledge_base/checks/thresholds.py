"""Whether every number set by law has a first day, a law, and no rival on the same day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from knowledge_base.faults import BadCatalogue, BadRecord
from knowledge_base.fields import Fields
from knowledge_base.funding.thresholds import FILE, Threshold, placed_thresholds
from knowledge_base.safe_files import read_document


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
    faults.extend(_rivals(placed_thresholds(listed, faults)))
    return faults


def _rivals(placed: Sequence[Threshold | None]) -> Iterator[BadRecord]:
    why = "Funding would be held against whichever comes first."
    for i, one in enumerate(placed):
        for other in placed[:i]:
            if one is None or other is None or not _same_days(one, other):
                continue
            day = max(one.since, other.since)
            if _key(one) == _key(other):
                what = f"{one.name} has two numbers on {day}"
                yield BadRecord(FILE, f"thresholds[{i}].from", what, why, "close the old line with until")
            elif one.given_as and other.given_as and one.area == other.area:
                what = f"{one.area} has two limits on small public aid on {day}"
                yield BadRecord(
                    FILE, f"thresholds[{i}].area", what, why, "keep the one that is the law there"
                )


def _key(threshold: Threshold) -> tuple[str, str]:
    return threshold.name, threshold.limit.currency


def _same_days(one: Threshold, other: Threshold) -> bool:
    return one.since <= (other.until or date.max) and other.since <= (one.until or date.max)
