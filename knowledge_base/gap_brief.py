"""Draft a brief on what is missing: for whom, how often, what nearly fits, and why it does not.

It says nothing but the figures that may be shown and what the records and the engine say: no estimate, no
sum that nobody counted. It is a starting point for whoever commissions support, to be checked and
gone on with.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from knowledge_base import labels
from knowledge_base.area_words import with_article
from knowledge_base.asked import Asked
from knowledge_base.gap_groups import BANDS, LARGEST
from knowledge_base.gap_pictures import FEWEST_SHOWN, Figure, GapMap
from knowledge_base.let_in import LetIn
from knowledge_base.profile import Profile, parse_profile
from knowledge_base.records import Offer
from knowledge_base.tried import Tried
from knowledge_base.view import View
from knowledge_base.why_barred import Reason, WhyBarred

MOST_NAMED = 6
MOST_REASONS = 3
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
          "November", "December")  # fmt: skip
BY_WORDS = {"area": "Where", "size_band": "People", "sector": "Sector", "reason": "Why nothing was advised"}


@dataclass(frozen=True, slots=True)
class NearlyFits:
    """An offer for the need, why such a business cannot use it, and the least that would let it."""

    offer: Offer
    provider: str
    reasons: tuple[str, ...]
    would_take: tuple[str, ...]
    elsewhere: bool


@dataclass(frozen=True)
class Brief:
    """A draft brief: sections of lines, and the whole as text."""

    title: str
    about: str
    sections: tuple[tuple[str, tuple[str, ...]], ...]

    @property
    def text(self) -> str:
        """The brief as plain text, to be copied or taken away."""
        parts = [self.title, "=" * len(self.title), "", self.about, ""]
        for heading, lines in self.sections:
            parts += [heading, "-" * len(heading), *lines, ""]
        return "\n".join(parts).rstrip() + "\n"


def month_words(month: str) -> str:
    """Return 2026-11 as November 2026."""
    return f"{MONTHS[int(month[5:]) - 1]} {month[:4]}"


def span_words(since: str, until: str) -> str:
    """Return the months from one until another in words."""
    if since == until:
        return month_words(since)
    if since[:4] == until[:4]:
        return f"{MONTHS[int(since[5:]) - 1]} to {month_words(until)}"
    return f"{month_words(since)} to {month_words(until)}"


def group_words(by: str, which: str, names: Mapping[str, str]) -> str:
    """Return the name of a group: an area's, a sector's, how many people, or why."""
    if not which:
        return "not known"
    if by == "area":
        return names.get(which, which)
    if by == "size_band":
        return which if which == BANDS[0][0] else f"{which} people"
    if by == "sector":
        return labels.code_told("sector", which)
    return which


def draft(view: View, shown: Iterable[Figure], need: str, area: str, on: date, hub: str) -> Brief | None:
    """Draft a brief on one need, in one area or everywhere (""); None where nothing may be shown of it.

    Args:
        view: the records of now, against which a business of the kind that asked most is held.
        shown: the figures that may be shown, of the months the brief is about.
        on: the day the offers are looked at.
    """
    map_ = GapMap(tuple(each for each in shown if each.need == need))
    names = {code: each.name for code, each in view.catalogue.areas.items()}
    kept = [f for f in map_.figures if f.by == ("area" if area else "all") and f.which == area]
    if not kept:
        return None
    where = f" in {with_article(names.get(area, area))}" if area else ""
    label = labels.need(need)
    count = sum(each.count for each in kept)
    since, until = min(each.since for each in kept), max(each.until for each in kept)
    facts = _typical(map_, area, names, view)
    sections = [
        (
            "What is missing",
            (
                f"Support for {label}{where}.",
                f"{span_words(since, until)}: {count} roadmaps asked for it and had no step for it.",
                *(f"- {span_words(each.since, each.until)}: {each.count}" for each in kept),
            ),
        ),
        ("For whom", tuple(_whom(map_, area, names))),
        *_nearby(view, need, facts, on),
        ("What is not known", tuple(_not_known(area))),
    ]
    title = f"Draft brief: {label}{where}"
    about = (
        f"Made on {on.day} {month_words(f'{on:%Y-%m}')} from what businesses asked {hub}. "
        "A starting point, to be checked and gone on with: a count is of roadmaps, and one business "
        "may have made several."
    )
    return Brief(title, about, tuple(sections))


def _whom(map_: GapMap, area: str, names: Mapping[str, str]) -> Iterable[str]:
    if area:
        yield f"Businesses in {with_article(names.get(area, area))}. Groups below are of all areas together:"
    for by, heading in BY_WORDS.items():
        groups = map_.groups(by)
        if groups and not (by == "area" and area):
            told = "; ".join(f"{group_words(by, which, names)}: {n}" for which, n in groups.items())
            yield f"- {heading} – {told}"
    yield f"Groups of fewer than {FEWEST_SHOWN} are left out, so the groups need not add up to the whole."


def _not_known(area: str) -> Iterable[str]:
    yield "- How many different businesses these were: nothing is kept that would tell."
    yield "- What they would have paid, and what it would have been worth to them: nobody asked."
    if area:
        yield "- Which sizes and sectors they were in this area: the groups would be too small to show."
    yield "- Support that exists and is not among our records; look before commissioning."


def _typical(map_: GapMap, area: str, names: Mapping[str, str], view: View) -> dict[str, Any]:
    """Return the facts of a business of the groups that asked most, each group by itself."""
    facts: dict[str, Any] = {}
    code = area or next((which for which in map_.groups("area") if which), "")
    name = names.get(code, "")
    if name and view.resolve(name).status == "known":
        facts["place"] = name
    band = next((which for which in map_.groups("size_band") if which), "")
    bounds = {word: {"from": low, "to": high} for word, low, high in BANDS} | {LARGEST: {"from": 250}}
    if band in bounds:
        facts["employees"] = bounds[band]
    sector = next((which for which in map_.groups("sector") if which), "")
    if sector:
        facts["sector"] = sector
    return facts


def _nearby(view: View, need: str, facts: dict[str, Any], on: date) -> list[tuple[str, tuple[str, ...]]]:
    """Say what there is for the need, held against a business of these facts."""
    profile = parse_profile(facts)
    fits, nearly = nearly_fitting(view, need, profile, on)
    told = ", ".join(_facts_words(facts)) or "nothing is known of"
    lead = (
        f"Held against a business of which is told: {told}. Each is the group that asked most by itself; "
        "the figures do not say that one business was all of these."
    )
    sections = []
    if fits:
        lines = [f"- {offer.name} ({labels.kind(offer.kind)}), {_source(offer)}" for offer in fits]
        sections.append(
            ("What would fit such a business today", (lead, *lines, "Look first whether the gap is closed."))
        )
    for heading, elsewhere in (("What nearly fits, and why it does not", False), ("What others have", True)):
        found = [each for each in nearly if each.elsewhere == elsewhere][:MOST_NAMED]
        if found:
            lines = [line for each in found for line in _told(each)]
            sections.append((heading, (*(() if sections else (lead,)), *lines)))
    if not sections:
        words = "Nothing among the records is for this need."
        sections.append(("What there is nearby", (lead, words)))
    return sections


def _facts_words(facts: Mapping[str, Any]) -> Iterable[str]:
    if "place" in facts:
        yield f"in {with_article(facts['place'])}"
    if "employees" in facts:
        low, high = facts["employees"]["from"], facts["employees"].get("to")
        people = f"{low} to {high}" if high else f"{low} or more"
        yield "employs nobody yet" if high == 0 else f"employs {people}"
    if "sector" in facts:
        yield f"sector: {labels.code_told('sector', facts['sector'])}"


def _told(each: NearlyFits) -> Iterable[str]:
    by = f", {each.provider}" if each.provider else ""
    yield f"- {each.offer.name} ({labels.kind(each.offer.kind)}{by})"
    yield f"  The business is told: {'; '.join(each.reasons)}."
    if each.would_take:
        yield f"  It could be used if {labels.joined(each.would_take)}."
    yield f"  {_source(each.offer)}"


def _source(offer: Offer) -> str:
    seen = f", seen {offer.source.seen}" if offer.source.seen else ""
    return f"{offer.source.url}{seen}" if offer.source.url else "no page is recorded"


def nearly_fitting(view: View, need: str, profile: Profile, on: date) -> tuple[list[Offer], list[NearlyFits]]:
    """Return the offers for a need that nothing bars, and those something does, the nearest first."""
    asked = Asked((need,), profile, on)
    now = Tried(view, asked)
    names = {id: offer.name for id, offer in view.catalogue.offers.items()}
    fits: list[Offer] = []
    barred: list[tuple[tuple[Any, ...], Offer, list[Reason]]] = []
    for offer in sorted(view.index.by_need.get(need, ()), key=lambda each: each.id):
        if offer.audience != "owner":
            continue
        reasons = WhyBarred(view, asked, now.pool, offer).all()
        if not reasons:
            fits.append(offer)
            continue
        far = any(each.about == "place" for each in reasons)
        closed = reasons[0].because == "closed"
        barred.append(((far, closed, len(reasons), offer.id), offer, reasons))
    nearly = []
    for (far, *_), offer, reasons in _some(sorted(barred, key=lambda each: each[0])):
        let_in = LetIn(now, WhyBarred(view, asked, now.pool, offer), names)
        changes, _ = let_in.nearest({each.because for each in reasons}, barred=True)
        reachable = all(each.within_reach for each in changes)
        provider = view.catalogue.providers.get(offer.provider)
        nearly.append(
            NearlyFits(
                offer,
                provider.name if provider else "",
                tuple(each.words for each in reasons[:MOST_REASONS]),
                tuple(each.words for each in changes) if reachable else (),
                far,
            )
        )
    return fits[:MOST_NAMED], nearly


def _some(barred: list[Any]) -> list[Any]:
    """Return the nearest here, and of those that are for elsewhere what bars nothing else."""
    here = [each for each in barred if not each[0][0]][:MOST_NAMED]
    return here + [each for each in barred if each[0][0] and each[0][1:3] == (False, 1)][:MOST_NAMED]
