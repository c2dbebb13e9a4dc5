"""Say who may pay for a project, and what is left for the business to find.

Only what records give is counted. A grant or voucher whose rate or limit is not known is listed and
never counted, and sums in another currency than the cost are listed and never added.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from knowledge_base.money_words import money_words, number_words
from knowledge_base.profile import MoneySpan, Profile
from knowledge_base.records import Money, Offer

PUBLIC = frozenset({"grant", "voucher"})
MONEY_KINDS = PUBLIC | {"loan", "guarantee", "equity", "tax_relief", "award"}
NOT_KNOWN = "not known"
PENNY = Decimal("0.01")
HUNDRED = Decimal(100)
ZERO = Decimal(0)
DEAREST = Decimal(10) ** 15  # as much as a record may say; a cost above it is not a cost


@dataclass(frozen=True, slots=True)
class FundingLine:
    """What one offer may bring. ``amount`` is counted towards the cost; ``None`` is not counted, and
    ``words`` say why. ``max`` and ``rate_percent`` are the record's, ``None`` where it is silent."""

    offer: str
    name: str
    kind: str
    max: Money | None
    rate_percent: Decimal | None
    amount: Money | None
    words: str


@dataclass(frozen=True, slots=True)
class Funding:
    """Who pays for a project of one cost. ``own_money`` is what is left when every counted line pays in
    full; ``to_carry`` the part of those lines that is paid only afterwards. Both ``None`` without a cost."""

    cost: Money | None
    lines: tuple[FundingLine, ...]
    own_money: Money | None
    to_carry: Money | None
    words: str


def funding_stack(
    offers: Iterable[Offer],
    cost: Money | MoneySpan | None,
    profile: Profile,
    thresholds: Mapping[str, Decimal] | None = None,
) -> Funding:
    """Stack the money of these offers, in their order, on a project of this cost.

    A grant or voucher counts to the least of its limit, its rate of the cost, and what is left of the
    highest rate among them. ``thresholds`` gives, by currency, the most small public aid a business may
    receive over three financial years; what it has received already is taken off.
    """
    whole = _exact(cost)
    paying = [offer for offer in offers if offer.kind in MONEY_KINDS]
    if whole is None:
        lines = [_line(offer, *_counted(offer, None, ZERO)) for offer in paying]
        words = "Tell us what it costs, and in which currency, to see who pays"
        return Funding(None, tuple(lines), None, None, words)
    aid = _aid_left(whole.currency, profile, thresholds or {})
    rates = {offer.amount.rate_percent for offer in paying if offer.amount.rate_percent is not None}
    for rate in sorted(rates, reverse=True):
        lines = _filled(paying, whole, min(aid, _share(whole.amount, rate)))
        if any(line.amount and line.rate_percent == rate for line in lines):
            break
    else:
        lines = _filled(paying, whole, ZERO)
    counted = sum((line.amount.amount for line in lines if line.amount), ZERO)
    early = {offer.id for offer in paying if offer.amount.paid == "in_advance"}
    carried = sum((line.amount.amount for line in lines if line.amount and line.offer not in early), ZERO)
    own = Money(whole.amount - counted, whole.currency)
    return Funding(whole, tuple(lines), own, Money(carried, whole.currency), _left(own, lines))


def _filled(offers: list[Offer], cost: Money, room: Decimal) -> list[FundingLine]:
    """Let each offer in turn take what it may of the room that is left."""
    lines = []
    for offer in offers:
        amount, words = _counted(offer, cost, room)
        room -= amount or ZERO
        lines.append(_line(offer, amount, words))
    return lines


def _exact(cost: Money | MoneySpan | None) -> Money | None:
    if isinstance(cost, MoneySpan):
        cost = Money(cost.low, cost.currency) if cost.exact and cost.low is not None else None
    return cost if cost is not None and cost.amount <= DEAREST else None


def _aid_left(currency: str, profile: Profile, thresholds: Mapping[str, Decimal]) -> Decimal:
    limit = thresholds.get(currency, DEAREST)
    had = profile.subsidy_received if "subsidy_received" not in profile.refused else None
    if currency not in thresholds or had is None or had.currency != currency:
        return limit
    return max(ZERO, limit - had.high) if had.high is not None else ZERO


def _share(whole: Decimal, percent: Decimal) -> Decimal:
    return (whole * min(HUNDRED, percent) / HUNDRED).quantize(PENNY, ROUND_DOWN)


def _counted(offer: Offer, cost: Money | None, room: Decimal) -> tuple[Decimal | None, str]:
    """Return what an offer counts for, or None and why it does not count."""
    terms = offer.amount
    if offer.kind in ("loan", "guarantee"):
        return None, "to be repaid" if offer.kind == "loan" else "backs a loan, which is to be repaid"
    if offer.kind == "equity":
        return None, "for a share of the business"
    if offer.kind not in PUBLIC:
        return None, "comes through your tax return" if offer.kind == "tax_relief" else "for the winners"
    if terms.meaning != "payment":
        return None, f"{'a limit' if terms.meaning == 'limit' else 'a price'}, not a sum that is paid"
    if terms.rate_percent is None or terms.max is None:
        missing = [
            word for word, value in (("rate", terms.rate_percent), ("limit", terms.max)) if value is None
        ]
        return None, f"{' and '.join(missing)} {NOT_KNOWN}"
    if cost is None:
        return None, "the cost of your project is not known"
    if terms.currency != cost.currency:
        return None, "in another currency than your cost" if terms.currency else f"currency {NOT_KNOWN}"
    amount = min(terms.max, _share(cost.amount, terms.rate_percent), room)
    if terms.min is not None and amount < terms.min:
        return None, f"it pays no less than {money_words(terms.min, terms.currency)}"
    rate = f"{number_words(terms.rate_percent)}% of the cost"
    return amount, f"{rate}, at most {money_words(terms.max, terms.currency)}"


def _line(offer: Offer, amount: Decimal | None, words: str) -> FundingLine:
    terms = offer.amount
    most = Money(terms.max, terms.currency) if terms.max is not None and terms.currency else None
    counted = Money(amount, terms.currency) if amount is not None and terms.currency else None
    return FundingLine(offer.id, offer.name, offer.kind, most, terms.rate_percent, counted, words)


def _left(own: Money, lines: list[FundingLine]) -> str:
    silent = sum(line.kind in PUBLIC and line.amount is None for line in lines)
    left = f"{money_words(own.amount, own.currency)} is left for you to find"
    if not silent:
        return left
    return f"{left}, or less: what {silent} of these would pay is not known"
