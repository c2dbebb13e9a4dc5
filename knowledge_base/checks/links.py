"""Where records lead: followers, programmes and successors that have ended, and records nobody comes to."""

from __future__ import annotations

from collections.abc import Iterator

from knowledge_base.checks.finding import Finding, Severity
from knowledge_base.checks.held import Held
from knowledge_base.faults import shown
from knowledge_base.records import Offer
from knowledge_base.references import cycles_in


def link_findings(held: Held) -> Iterator[Finding]:
    """Yield links between offers that lead a business nowhere."""
    yield from _circles(held)
    for offer in held.offers.values():
        if offer.status != "published":
            continue
        yield from _successor(offer, held)
        if offer.id in held.live:
            yield from _followers(offer, held)
            yield from _programme(offer, held)


def _circles(held: Held) -> Iterator[Finding]:
    for field, word in (("succeeded_by", "is succeeded by"), ("part_of", "is part of")):
        links = {o.id: (getattr(o, field),) for o in held.offers.values() if getattr(o, field)}
        for circle in cycles_in(links):
            if len(circle) == 2:
                continue  # naming itself is a fault of reading
            heading = f"{f' {word} '.join(circle[:9])}, which is a circle"
            why = "Who follows it comes back to where they began."
            yield held.finding(circle[0], field, heading, why, "take out the one that is not so", "error")


def _heir(id: str, held: Held) -> Offer:
    """Follow successors to the first that is live, or to the last that is known."""
    offer, seen = held.offers[id], {id}
    while offer.id not in held.live:
        following = held.offers.get(offer.succeeded_by or "")
        if following is None or following.id in seen:
            break
        offer = following
        seen.add(offer.id)
    return offer


def _successor(offer: Offer, held: Held) -> Iterator[Finding]:
    id = offer.succeeded_by
    if id is None or id not in held.offers or id == offer.id:
        return
    last = _heir(id, held)
    if last.id not in held.live and last.succeeded_by not in held.offers:
        heading = f"it leads to {shown(last.id)}, which {_ended(last)} too, with no successor"
        why = "Who asks for it is told of one that is no more."
        remedy = f"name what took its place in {last.id}, if anything did"
        yield held.finding(offer.id, "succeeded_by", heading, why, remedy, "info")


def _followers(offer: Offer, held: Held) -> Iterator[Finding]:
    for i, id in enumerate(offer.leads_to):
        if id not in held.offers or id in held.live or id == offer.id:
            continue
        heir = _heir(id, held)
        why = "A business would be told of a next step that it cannot take."
        if heir.id in held.live:
            heading = f"{shown(id)} {_ended(held.offers[id])}, and {heir.id} took its place"
            remedy = f"write {heir.id}"
        else:
            heading = f"{shown(id)} {_ended(held.offers[id])}, and nothing live followed it"
            remedy = "take it out, or name what follows now"
        yield held.finding(offer.id, f"leads_to[{i}]", heading, why, remedy, "info")


def _programme(offer: Offer, held: Held) -> Iterator[Finding]:
    whole = held.offers.get(offer.part_of or "")
    open_ = offer.window.status in ("rolling", "dated", "annual")
    if open_ and whole is not None and whole.id not in held.live and whole.id != offer.id:
        heading = f"it is called open, and is part of {shown(whole.id)}, which {_ended(whole)}"
        why = "A part seldom outlives its programme: one of the two may be wrong."
        yield held.finding(offer.id, "part_of", heading, why, "look at the page of each again", "info")


def _ended(offer: Offer) -> str:
    words = {"draft": "is a draft", "withdrawn": "is withdrawn"}
    return words.get(offer.status, "has ended")


def orphan_findings(held: Held) -> Iterator[Finding]:
    """Yield providers without offers, where every offer could be read."""
    used = {offer.provider for offer in held.offers.values()}
    used |= {hub.contact.provider for hub in held.hubs.values() if hub.contact and hub.contact.provider}
    for id in held.providers:
        if held.all_read and id not in used:
            why = "Nobody is ever told of it."
            remedy = "add what it offers, or take the provider out"
            yield Finding(held.provider_file(id), "", "no offer is this provider's", why, remedy, "info")


def use_findings(held: Held) -> Iterator[Finding]:
    """Yield offers that no question leads to. Of files the schema says so already."""
    for offer in held.offers.values():
        for field in ("needs", "stages"):
            if not getattr(offer, field):
                what = "need" if field == "needs" else "stage of the way"
                why = "Nobody is ever sent to it: roadmaps are made by need and by stage."
                severity: Severity = "warning" if offer.status == "published" else "info"
                yield held.finding(offer.id, field, f"no {what} is said", why, "name at least one", severity)
