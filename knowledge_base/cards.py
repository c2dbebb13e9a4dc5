"""One offer as it is told to somebody who asked about it, in the words of its record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from knowledge_base import labels
from knowledge_base.assurance import checked_words
from knowledge_base.documents import assessment_document
from knowledge_base.eligibility import Result, Situation, assess
from knowledge_base.events.edition_format import dump_edition
from knowledge_base.events.next_one import edition_words, next_edition, next_in_series
from knowledge_base.records import Catalogue, Edition, Offer
from knowledge_base.roadmap.wording import cost_words, payment
from knowledge_base.windows import as_written, usable


@dataclass(frozen=True)
class OfferCard:
    """An offer, whether it fits, and where that is written; ``instead`` is what to turn to when it ended."""

    id: str
    name: str
    kind: str
    provider: str
    summary: str
    verdict: str
    verdict_words: str
    reasons: tuple[str, ...]
    window_words: str
    cost_words: str
    source_words: str
    age_words: str
    prepare: tuple[str, ...]
    to_check: tuple[str, ...]
    ended: bool
    ended_words: str
    now_words: str
    instead: tuple[Offer, ...]
    document: dict[str, Any]
    edition: Edition | None = None

    @property
    def when_words(self) -> str:
        """When it can be used, and where to book the next time it is held."""
        booking = self.edition.booking if self.edition else None
        return f"{self.window_words}; book at {booking}" if booking else self.window_words


def card_of(offer: Offer, catalogue: Catalogue, situation: Situation, on: date) -> OfferCard:
    """Make the card of one offer for one business on one date."""
    window, assessment = usable(offer.window, on), assess(offer, situation)
    edition = None if window.closed else next_edition(offer.window, on)
    window_words = _window_words(offer, window.words, edition, catalogue, on)
    provider = catalogue.providers.get(offer.provider)
    ended = window.closed or offer.status == "withdrawn"
    instead = instead_of(offer, catalogue, on) if ended else ()
    money = payment(offer)
    cost = cost_words(offer.amount)
    document = {
        "offer": offer.id,
        "name": offer.name,
        "kind": offer.kind,
        "provider": provider.name if provider else offer.provider,
        "summary": offer.summary,
        "verdict": "ended" if ended else assessment.verdict,
        "window": window_words,
        "cost": cost,
        "funding": money.words if money else None,
        "source": {"url": offer.source.url, "title": offer.source.title},
        "source_checked": offer.source.seen.isoformat() if offer.source.seen else None,
        "source_date": offer.source.date,
        "assured": offer.assured.on.isoformat() if offer.assured else None,
        "instead": [{"offer": o.id, "name": o.name} for o in instead],
        "criteria": assessment_document(assessment)["criteria"],
        **({"edition": dump_edition(edition)} if edition else {}),
    }
    return OfferCard(
        id=offer.id,
        name=offer.name,
        kind=offer.kind,
        provider=provider.name if provider else offer.provider,
        summary=offer.summary,
        verdict=assessment.verdict,
        verdict_words=labels.verdict(assessment.verdict),
        reasons=tuple(reasons(assessment)),
        window_words=window_words,
        cost_words=f"{cost}; it pays {money.words}" if money and money.meaning == "payment" else cost,
        source_words=offer.source.url or offer.source.title or "no page is recorded",
        age_words=age(offer, on),
        prepare=offer.prepare,
        to_check=assessment.to_check,
        ended=ended,
        ended_words=when_ended(offer),
        now_words=now_words(offer, instead),
        instead=instead,
        document=document,
        edition=edition,
    )


def _window_words(offer: Offer, words: str, edition: Edition | None, catalogue: Catalogue, on: date) -> str:
    """Say when; where the record has no day ahead, name the next of its series."""
    found = None if edition else next_in_series(offer, catalogue.offers.values(), on)
    return f"{words}; of the same series: {found[0].name}, {edition_words(found[1], on)}" if found else words


def reasons(assessment: Any) -> list[str]:
    """Each condition with what it came to: failed first, then what is open, then met, then what to check."""
    marks = ((Result.FAILED, "no"), (Result.UNKNOWN, "not known yet"), (Result.MET, "yes"))
    lines = [
        f"{criterion.words}: {mark}"
        for result, mark in marks
        for criterion in assessment.criteria
        if criterion.result is result and criterion.words not in assessment.to_check
    ]
    return [*lines, *(f"{words}: check with the provider" for words in assessment.to_check)]


def instead_of(offer: Offer, catalogue: Catalogue, on: date) -> tuple[Offer, ...]:
    """What there is now: the successor through any chain, then what the record leads on to, if open."""
    found: list[Offer] = []
    seen, after = {offer.id}, offer.succeeded_by
    while after and after not in seen:
        seen.add(after)
        successor = catalogue.offers.get(after)
        if successor is None:
            break
        if not usable(successor.window, on).closed:
            found.append(successor)
            break
        after = successor.succeeded_by
    leads = (
        catalogue.offers.get(id) for id in (*offer.leads_to, *([offer.part_of] if offer.part_of else []))
    )
    found += [o for o in leads if o and o not in found and not usable(o.window, on).closed]
    later = next_in_series(offer, catalogue.offers.values(), on)
    found += [later[0]] if later and later[0] not in found else []
    # What only advisers can use is no way on for a business.
    return tuple(o for o in found if o.audience == "owner" or offer.audience != "owner")


def when_ended(offer: Offer) -> str:
    """When an offer ended, no more exactly than its record says; empty where it does not say."""
    closes, text = offer.window.closes, offer.window.closes_text or ""
    if closes is None:
        return ""
    if len(text) == 4:
        return f" in {closes.year}"
    if len(text) == 7:
        return f" in {closes:%B %Y}"
    return f" on {closes.day} {closes:%B %Y}"


def now_words(offer: Offer, instead: tuple[Offer, ...]) -> str:
    """Name the successor and what there is now, or say that none is known."""
    names = labels.joined(o.name for o in instead)
    if offer.succeeded_by and instead:
        return f"It was followed by {names}."
    if instead:
        return f"No successor is known; what there is now: {names}."
    return "No successor is known."


def age(offer: Offer, on: date) -> str:
    """How old the page and the record are, and whether the hub stands for it."""
    seen = (
        f"seen {offer.source.seen:%d %B %Y}".replace(" 0", " ")
        if offer.source.seen
        else "never seen on a page"
    )
    if offer.source.date and offer.source.date.strip():
        seen = f"page dated {as_written(offer.source.date)}; {seen}"
    return f"{seen}; {checked_words(offer.assured, on)}"
