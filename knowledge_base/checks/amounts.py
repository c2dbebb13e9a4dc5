"""Money that cannot be told: without a currency, in that of another country, or a share of nothing."""

from __future__ import annotations

from collections.abc import Iterator

from knowledge_base.checks.finding import Finding
from knowledge_base.checks.held import Held
from knowledge_base.currencies import CURRENCIES, OF_COUNTRY
from knowledge_base.records import Amount, Between, Criterion, Offer

_NO_CURRENCY = "A number without a currency is not shown as money, and is never added to any."


def amount_findings(offer: Offer, held: Held) -> Iterator[Finding]:
    """Yield what is missing or cannot be in the money of one offer."""
    amount = offer.amount
    numbers = {"min": amount.min, "max": amount.max, "cost_to_business": amount.cost_to_business}
    named = [name for name, number in numbers.items() if number]  # nothing at all is nothing in any currency
    if named and amount.currency is None:
        heading = f"{' and '.join(named)} {'has' if len(named) == 1 else 'have'} no currency"
        remedy = "add it, such as GBP"
        yield held.finding(offer.id, "amount.currency", heading, _NO_CURRENCY, remedy, "error")
    if amount.currency is not None and amount.currency not in CURRENCIES:
        heading = f"{amount.currency} is not the code of a currency in use"
        yield held.finding(
            offer.id, "amount.currency", heading, _NO_CURRENCY, "write the code of one", "error"
        )
    if amount.min is not None and amount.max is not None and amount.min > amount.max:
        heading, why = (
            f"the least, {amount.min:,}, is above the most, {amount.max:,}",
            "One of the two is wrong.",
        )
        yield held.finding(offer.id, "amount.min", heading, why, "put the smaller amount in min", "error")
    if amount.max == 0:
        why = "A business would be told of nothing as if it were something."
        remedy = "leave it out if it is not known; cost_to_business: 0 says that it is free"
        yield held.finding(offer.id, "amount.max", "the most is nothing", why, remedy, "warning")
    yield from _share(offer, held)
    yield from _abroad(offer, held)


def _share(offer: Offer, held: Held) -> Iterator[Finding]:
    amount = offer.amount
    if amount.rate_percent == 0:
        why = "A share of nothing is no help."
        remedy = "write the share that is paid, or leave it out if it is not known"
        yield held.finding(offer.id, "amount.rate_percent", "the share is 0 %", why, remedy, "warning")
    elif amount.rate_percent is not None and offer.id in held.live and _unexplained(amount):
        heading = f"{amount.rate_percent} % is said, and not of what or up to what"
        why = "A business cannot work out what it would get."
        remedy = "give max, or say in note what the share is of, if a page says it"
        yield held.finding(offer.id, "amount.rate_percent", heading, why, remedy, "info")


def _unexplained(amount: Amount) -> bool:
    return all(v is None for v in (amount.max, amount.note, amount.cost_to_business, amount.cost_words))


def _abroad(offer: Offer, held: Held) -> Iterator[Finding]:
    usual = _currencies(offer, held)
    if not usual:
        return
    where = " or ".join(sorted(usual))
    if offer.amount.currency in CURRENCIES and offer.amount.currency not in usual:
        heading = f"{offer.amount.currency}, where the offer is open only in areas of {where}"
        why = "A sum in the wrong currency can be ten times too much."
        yield held.finding(
            offer.id, "amount.currency", heading, why, "look at the page again: which is it?", "warning"
        )
    for path, criterion in _tested(offer.criteria, "criteria"):
        currency = criterion.test.currency if isinstance(criterion.test, Between) else None
        if currency in CURRENCIES and currency not in usual:
            heading = f"a condition in {currency}, where businesses tell {where}"
            why = "Currencies are never converted, so the condition stays unknown for everybody."
            remedy = f"give the bound in {where} if the page does, or say the condition in words only"
            yield held.finding(offer.id, f"{path}.currency", heading, why, remedy, "info")


def _tested(criteria: tuple[Criterion, ...], at: str) -> Iterator[tuple[str, Criterion]]:
    for i, criterion in enumerate(criteria):
        yield f"{at}[{i}]", criterion
        yield from _tested(criterion.any_of, f"{at}[{i}].any_of")


def _currencies(offer: Offer, held: Held) -> frozenset[str]:
    """Return the currencies used where an offer is open; empty where that is not known.

    Programmes of the EU pay in euros in every country of it.
    """
    if held.tree is None or not offer.areas:
        return frozenset()
    found: set[str] = set()
    for area in offer.areas:
        around = held.tree.ancestors(area)
        used = {currency for country, currency in OF_COUNTRY.items() if country in around}
        if area not in held.tree or not used:
            return frozenset()
        below = held.tree.descendants(area)
        found |= used | {currency for country, currency in OF_COUNTRY.items() if country in below}
    return frozenset(found)
