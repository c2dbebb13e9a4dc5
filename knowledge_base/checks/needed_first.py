"""Offers that nobody can be sent to, because of what must be done before them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from knowledge_base.checks.criteria import never_fits
from knowledge_base.checks.finding import Finding, Severity
from knowledge_base.checks.held import Held
from knowledge_base.faults import shown
from knowledge_base.records import Offer, Within
from knowledge_base.references import in_circles
from knowledge_base.roadmap.rules import MOST_STEPS
from knowledge_base.windows import usable

_WHY = "No roadmap can hold it, so nobody is ever sent to it, unless they have done what comes first already."
_REMEDY = "take the requirement out if it is only good advice, or name what has taken its place"


class Barred(NamedTuple):
    """What keeps an offer out of every roadmap: the field at fault, what it is, and how to mend it."""

    field: str
    heading: str
    remedy: str = _REMEDY
    severity: Severity = "warning"


def unreachable(held: Held) -> Mapping[str, Barred]:
    """Return by id the live offers that no roadmap can hold."""
    circular = in_circles({offer.id: offer.requires for offer in held.offers.values()})
    found = {id: Barred("requires", "it requires itself") for id in circular}
    settled = set(circular)
    for start in held.offers:
        waiting = [start]
        while waiting:
            id = waiting[-1]
            first = [each for each in held.offers[id].requires if each in held.offers and each not in settled]
            if id not in settled and first:
                waiting.extend(first)  # what is left runs in no circle, so this comes to an end
                continue
            waiting.pop()
            if id not in settled:
                settled.add(id)
                barred = _barred(held.offers[id], held, found)
                if barred:
                    found[id] = barred
    return {id: barred for id, barred in found.items() if id in held.live and id not in circular}


def needed_first_findings(held: Held, barred: Mapping[str, Barred]) -> Iterator[Finding]:
    """Yield the offers `unreachable` gave, each with the requirement that stands in the way."""
    for id, (field, heading, remedy, severity) in barred.items():
        if field != "criteria":  # what can never be met is said of the condition itself
            yield held.finding(id, field, heading, _WHY, remedy, severity)


def _barred(offer: Offer, held: Held, found: Mapping[str, Barred]) -> Barred | None:
    if never_fits(offer, held):
        return Barred("criteria", "nobody can meet its conditions")
    for i, id in enumerate(offer.requires):
        field, required = f"requires[{i}]", held.offers.get(id)
        if required is None or id == offer.id:
            continue  # a fault of its own
        named = f"it requires {shown(id)}"
        gone = _gone(required, offer)
        if gone:
            return Barred(field, f"{named}, {gone}")
        if usable(required.window, held.on).closed:
            # Who went through the last round before it closed can still go on.
            return Barred(field, f"{named}, which is closed", severity="info")
        if id in found:
            return Barred(field, f"{named}, which can never be reached", severity=found[id].severity)
        if held.apart(offer.areas, required.areas):
            remedy = "mend the areas of one of them, or take the requirement out"
            return Barred(field, f"{named}, and no place lies where both are open", remedy)
        if _place_clash(offer, required, held):
            remedy = "mend the condition, or take the requirement out"
            heading = f"{named}, and a condition on place of one rules out where the other is open"
            return Barred(field, heading, remedy)
    return _chain(offer, held)


def _gone(required: Offer, offer: Offer) -> str | None:
    if required.status != "published":
        return f"which is {required.status if required.status == 'withdrawn' else 'a draft'}"
    if required.audience == "broker" and offer.audience == "owner":
        return "which only advisers can use"
    return None


def _place_clash(offer: Offer, required: Offer, held: Held) -> bool:
    return any(
        isinstance(criterion.test, Within) and held.apart(tuple(criterion.test.areas), other.areas)
        for one, other in ((offer, required), (required, offer))
        for criterion in one.criteria
    )


def _chain(offer: Offer, held: Held) -> Barred | None:
    """Hold all that must come first against the rules: at most seven steps, none that excludes another."""
    first = list(dict.fromkeys(offer.requires))
    for id in first:
        if len(first) >= MOST_STEPS:  # with the offer itself one step too many
            heading = f"{MOST_STEPS} or more offers must come first, and a roadmap has {MOST_STEPS} steps"
            return Barred("requires", heading, "take out what is not truly needed first")
        if id in held.offers:
            first += [each for each in held.offers[id].requires if each not in first]
    together = {*first, offer.id}
    for id in sorted(together & held.offers.keys()):
        excluded = together.intersection(held.offers[id].excludes) - {id}
        if excluded:
            other = min(excluded)
            heading = f"{shown(id)} and {shown(other)} must both be done, and one excludes the other"
            return Barred("requires", heading, "take the requirement or the exclusion out")
    return None
