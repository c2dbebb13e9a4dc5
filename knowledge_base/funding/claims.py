"""Say what one offer may pay towards a cost by its own terms, or why it does not count."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from knowledge_base.funding import shapes
from knowledge_base.funding.shapes import PUBLIC
from knowledge_base.funding.sums import PENNY, ZERO, pennies_down, pennies_up, percent, share
from knowledge_base.money_words import money_words, number_words
from knowledge_base.records import Money, Offer

AFTER_YEAR_END = (
    "comes through a tax return, after the end of the financial year it is spent in; when that is, is not "
    "known to us, so it is never counted here"
)


@dataclass(frozen=True, slots=True)
class Claim:
    """What a grant or voucher may pay: from ``low`` to ``cap``, at ``rate`` per cent, or nothing at all.

    ``place`` is its place among the offers; ``excludes`` the ids that may not be paid beside it.
    """

    place: int
    offer: Offer
    rate: Decimal
    low: Decimal
    cap: Decimal
    words: str

    def clashes(self, other: Claim) -> bool:
        return other.offer.id in self.offer.excludes or self.offer.id in other.offer.excludes


@dataclass(frozen=True, slots=True)
class Uncounted:
    """Why an offer does not count; ``nothing`` where its terms are clear and it brings nothing here."""

    standing: str
    words: str


def claim(offer: Offer, place: int, cost: Money | None) -> Claim | Uncounted:
    """Weigh one offer of money against a cost, by itself."""
    terms = offer.amount
    if offer.kind not in PUBLIC:
        return _not_a_grant(offer)
    if terms.meaning != "payment":
        return Uncounted(shapes.NOT_PAID, f"{_what(offer)}, not a sum that is paid")
    missing = [word for word, value in (("rate", terms.rate_percent), ("limit", terms.max)) if value is None]
    if terms.rate_percent is None or terms.max is None:
        return Uncounted(shapes.NOT_KNOWN, f"{' and '.join(missing)} not known")
    if terms.currency is None:
        return Uncounted(shapes.NOT_KNOWN, "currency not known")
    if cost is None:
        return Uncounted(shapes.NOT_KNOWN, "the cost of your project is not known")
    if terms.currency != cost.currency:
        return Uncounted(shapes.OTHER_CURRENCY, "in another currency than your cost")
    by_rate = share(cost.amount, terms.rate_percent)
    cap = min(pennies_down(terms.max), by_rate)
    rate = f"{number_words(terms.rate_percent)}% of the cost"
    low = pennies_up(terms.min or ZERO)
    if cap < low:
        least = f"it pays no less than {money_words(low, terms.currency)}"
        return Uncounted(shapes.NOTHING, f"{least}, and {rate} is {money_words(by_rate, terms.currency)}")
    words = f"{rate}, at most {money_words(terms.max, terms.currency)}"
    if not cap:
        return Uncounted(shapes.NOTHING, f"{words}: that is nothing here")
    return Claim(place, offer, percent(terms.rate_percent), max(low, PENNY), cap, words)


def _what(offer: Offer) -> str:
    return "a limit" if offer.amount.meaning == "limit" else "a price"


def _not_a_grant(offer: Offer) -> Uncounted:
    if offer.kind == "loan":
        return Uncounted(shapes.REPAID, "to be repaid")
    if offer.kind == "guarantee":
        return Uncounted(shapes.REPAID, "backs a loan, which is to be repaid")
    if offer.kind == "equity":
        return Uncounted(shapes.RAISED, "raised from investors, for a share of the business")
    if offer.kind == "award":
        return Uncounted(shapes.WON, "for the winners")
    if offer.amount.meaning == "payment":
        return Uncounted(shapes.AFTER_YEAR_END, AFTER_YEAR_END)
    return Uncounted(
        shapes.AFTER_YEAR_END, f"{_what(offer)}, not a sum that is paid; the relief {AFTER_YEAR_END}"
    )
