"""Name what could fill the part of a cost that nothing in the roadmap pays: at most three, with why."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

from knowledge_base.funding.claims import Claim, claim
from knowledge_base.funding.shapes import PUBLIC, Filler
from knowledge_base.funding.sums import ZERO, pennies_down, share
from knowledge_base.money_words import bounds_words, money_words
from knowledge_base.records import Money, Offer

MOST_FILLERS = 3
ORDER = ("grant", "voucher", "loan", "guarantee", "equity")
FILLING = frozenset(ORDER)


@dataclass(frozen=True, slots=True)
class Spare:
    """An offer outside the roadmap that is open, not refused and not unlikely; ``unsure`` says that whether
    the business fits it is not settled."""

    offer: Offer
    unsure: bool


def fillers(
    spare: Iterable[Spare], own: Decimal, rest: Decimal, cost: Money, gain: Callable[[Claim], Decimal]
) -> tuple[Filler, ...]:
    """Return the offers that could fill what is left, the best first: grants and vouchers of the ``own``
    money, the others only of the ``rest`` that no loan of the roadmap lends.

    First those whose record says how much: what need not be repaid, then loans, guarantees and equity; of one
    kind those that fill the most, then those the business likely fits, then as given. A loan or guarantee of
    unknown size comes after them; equity is named only where its record gives the least it invests. ``gain``
    says how much another grant would add to those counted.
    """
    found = []
    for place, each in enumerate(spare):
        gap = Money(own if each.offer.kind in PUBLIC else rest, cost.currency)
        filler = _filler(each, place, gap, cost, gain) if gap.amount else None
        if filler is None:
            continue
        up_to = filler.up_to.amount if filler.up_to else ZERO
        rank = (filler.up_to is None, ORDER.index(filler.kind), -up_to, each.unsure, place)
        found.append((rank, filler))
    return tuple(filler for _, filler in sorted(found, key=lambda each: each[0])[:MOST_FILLERS])


def _filler(
    each: Spare, place: int, gap: Money, cost: Money, gain: Callable[[Claim], Decimal]
) -> Filler | None:
    offer, terms = each.offer, each.offer.amount
    if offer.kind not in FILLING or terms.currency not in (gap.currency, None):
        return None
    doubt = "; we are not sure yet that you fit" if each.unsure else ""
    if offer.kind in PUBLIC:
        found = claim(offer, place, cost)
        more = min(gain(found), gap.amount) if isinstance(found, Claim) else ZERO
        if not isinstance(found, Claim) or not more:
            return None
        words = f"{found.words}: {_part(more, gap)}, if your project is what it pays for{doubt}"
        return Filler(offer.id, offer.name, offer.kind, Money(more, gap.currency), words)
    brings = _brings(offer, gap, cost)
    if brings is None:
        return None
    says, amount = brings
    if amount is None:
        return Filler(offer.id, offer.name, offer.kind, None, f"{says}; how much is not known{doubt}")
    words = f"{says}: {_part(amount, gap)}{doubt}"
    return Filler(offer.id, offer.name, offer.kind, Money(amount, gap.currency), words)


def lendable(offer: Offer, gap: Decimal, cost: Money) -> Decimal | None:
    """Return how much of a gap a loan would lend: None where its record gives no limit, zero where it does
    not fit. A limit or a price is no loan."""
    terms = offer.amount
    if terms.meaning != "payment" or terms.max is None or terms.currency != cost.currency:
        return None
    most = min(pennies_down(terms.max), gap)
    if terms.rate_percent is not None:
        most = min(most, share(cost.amount, terms.rate_percent))
    return most if most >= (terms.min or ZERO) else ZERO


def _brings(offer: Offer, gap: Money, cost: Money) -> tuple[str, Decimal | None] | None:
    """Return what a loan, guarantee or equity does, and how much of the gap it fills (None: not known)."""
    terms = offer.amount
    least = terms.min or ZERO
    size = _size(offer)
    if offer.kind == "equity":
        fits = terms.meaning == "payment" and terms.min is not None and least <= gap.amount
        most = gap.amount if terms.max is None else min(terms.max, gap.amount)
        return (f"invests {size} for a share of the business", pennies_down(most)) if fits else None
    if least > gap.amount or terms.meaning == "price":
        return None
    if offer.kind == "guarantee":
        says = f"backs a loan{' of ' + size if size else ''}, which is to be repaid"
        known = terms.max is not None and terms.currency is not None
        return says, min(pennies_down(terms.max), gap.amount) if known and terms.max else None
    says = f"lends {size}, to be repaid" if size else "lends, to be repaid"
    amount = lendable(offer, gap.amount, cost)
    return None if amount is not None and not amount else (says, amount)


def _size(offer: Offer) -> str:
    terms = offer.amount
    if terms.currency is None or (terms.min is None and terms.max is None):
        return ""
    low, high = (None if end is None else money_words(end, terms.currency) for end in (terms.min, terms.max))
    return bounds_words(low, high)


def _part(amount: Decimal, gap: Money) -> str:
    left = money_words(gap.amount, gap.currency)
    return (
        f"all of the {left} left"
        if amount == gap.amount
        else (f"{money_words(amount, gap.currency)} of the {left} left")
    )
