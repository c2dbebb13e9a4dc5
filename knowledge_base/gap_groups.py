"""Say what is kept of a need without a step: coarse enough that it names no business."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from knowledge_base.areas import AreaTree
from knowledge_base.profile import Profile, Span
from knowledge_base.roadmap.shapes import Roadmap
from knowledge_base.view import View
from knowledge_base.words import SECTORS

# As in Commission Recommendation 2003/361/EC: micro, small, medium and large; and nobody employed yet.
BANDS = (("nobody yet", 0, 0), ("1 to 9", 1, 9), ("10 to 49", 10, 49), ("50 to 249", 50, 249))
LARGEST = "250 or more"
NOT_KNOWN = ""


@dataclass(frozen=True, slots=True)
class GapSeen:
    """A need without a step; "" is what is not known of the business."""

    need: str
    reason: str
    area: str = NOT_KNOWN
    size_band: str = NOT_KNOWN
    sector: str = NOT_KNOWN


def gaps_seen(view: View, roadmap: Roadmap, but: Collection[str] = ()) -> list[GapSeen]:
    """Return what to count of a roadmap: its gaps, without those of needs counted before."""
    profile = roadmap.profile
    area, sector = area_of(view, profile), _told(profile, "sector")
    band = size_band(profile.employees if "employees" not in profile.refused else None)
    kept = sector if sector in SECTORS else NOT_KNOWN
    return [GapSeen(gap.need, gap.reason, area, band, kept) for gap in roadmap.gaps if gap.need not in but]


def area_of(view: View, profile: Profile) -> str:
    """Return the smallest county, hub area or region around a place; never the town, nor what was typed.

    A place that may be one of several is in what lies around them all.
    """
    told = _told(profile, "place")
    place = view.resolve(told) if told else None
    if place is None or not place.areas:
        return NOT_KNOWN
    tree: AreaTree = view.tree
    around = frozenset.intersection(*(tree.ancestors(code) for code in place.areas))
    wide = [code for code in around if code in tree and _is_wide(tree, code)]
    return min(wide, key=lambda code: (len(tree.descendants(code)), code), default=NOT_KNOWN)


def _is_wide(tree: AreaTree, code: str) -> bool:
    """Say whether an area holds others, or is a country: no more than one area lies around it."""
    return len(tree.descendants(code)) > 1 or len(tree.ancestors(code)) <= 2


def size_band(employees: Span | None) -> str:
    """Return the band a told number of people lies in; "" where it is not known, or lies in two."""
    if employees is None or employees.low is None:
        return NOT_KNOWN
    low, high = employees.low, employees.high
    if low >= 250:
        return LARGEST
    for name, least, most in BANDS:
        if least <= low and high is not None and high <= most:
            return name
    return NOT_KNOWN


def _told(profile: Profile, fact: str) -> str:
    return "" if fact in profile.refused else getattr(profile, fact) or ""
