"""Say why a step is there, what is unsure about it and what it costs: from told facts and records alone."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from knowledge_base import labels
from knowledge_base.area_words import with_article
from knowledge_base.eligibility import CriterionResult, Result
from knowledge_base.fact_tests import COARSE, NOT_FOUND, OTHER_CURRENCY, REFUSED
from knowledge_base.money_words import bounds_words, money_words, number_words
from knowledge_base.profile import MoneySpan, Span
from knowledge_base.records import Amount, Between, Money, Offer, Within
from knowledge_base.roadmap.candidates import Candidate, Pool
from knowledge_base.roadmap.shapes import Payment
from knowledge_base.windows import day_words

NOT_KNOWN, FREE = "not known", "free"
REPEATED = {
    "free": FREE,
    "free of charge": FREE,
    "no charge": FREE,
    "not known": NOT_KNOWN,
    "cost not known": NOT_KNOWN,
    "fee not known": NOT_KNOWN,
    "price not known": NOT_KNOWN,
}


def why(pool: Pool, candidate: Candidate, needs: Sequence[str], leads_to: Sequence[Offer]) -> tuple[str, ...]:
    """Give the reasons for a step: the needs it serves, what it opens, each condition a told fact meets."""
    out = []
    own = [need for need in needs if need in candidate.offer.needs]
    if own:
        out.append(f"You asked about {labels.joined(labels.needs(own))}")
    if leads_to:
        out.append(f"You need this before {labels.joined(offer.name for offer in leads_to)}")
    for required in candidate.offer.requires:
        before = pool.index.catalogue.offers.get(required)
        if required in pool.done and before is not None:
            out.append(f"You have done {before.name}, which this asks for first")
    for criterion in candidate.assessment.criteria:
        if criterion.result is Result.MET:
            out.append(_met(pool, criterion))
    return tuple(dict.fromkeys(out))


def _met(pool: Pool, result: CriterionResult) -> str:
    met = next((member for member in result.members if member.result is Result.MET), None)
    if met is not None:
        return _met(pool, met)
    test, fact = result.criterion.test, result.fact
    told = pool.situation.facts.get(fact or "")
    if isinstance(test, Within) and pool.situation.place is not None:
        return (
            f"You are in {with_article(pool.situation.place.name)}, and this is open in {_around(pool, test)}"
        )
    if isinstance(test, Between) and isinstance(told, Span) and fact == "trading_months":
        bounds = months_words(test.low, test.high)
        return f"You have traded for {months_words(told.low, told.high)}; this is for {bounds}"
    if isinstance(test, Between) and isinstance(told, (Span, MoneySpan)):
        low, high = _words(test.low, test.currency), _words(test.high, test.currency)
        return f"{_told(str(fact), told)}; this is for {bounds_words(low, high)}"
    if isinstance(told, str) and result.words:
        return f"{_told(str(fact), told)}; {_asked(result.words)}"
    return result.words


def _asked(words: str) -> str:
    return f"this asks that {words[0].lower()}{words[1:]}" if words.startswith("You") else words


def months_words(low: Decimal | None, high: Decimal | None) -> str:
    """Write a time in months, or where it is two years or more in years: whole ones, or more than so many."""
    ends = [end for end in (low, high) if end is not None]
    if not ends or min(ends) < 24 or (low != high and any(end % 12 for end in ends)):
        return _counted(low, high, "month")
    first, last = (None if end is None else end // 12 for end in (low, high))
    years = _counted(first, last, "year")
    return f"more than {years}" if any(end % 12 for end in ends) else years


def _counted(low: Decimal | None, high: Decimal | None, unit: str) -> str:
    """Write bounds with a unit after the last number: 2 to 5 years, 12 months or more, up to 1 month."""

    def last(number: Decimal) -> str:
        return f"{number_words(number)} {unit}" if number == 1 else f"{number_words(number)} {unit}s"

    if low is not None and high is not None:
        return last(high) if low == high else f"{number_words(low)} to {last(high)}"
    return bounds_words(None if low is None else last(low), None if high is None else last(high))


def _around(pool: Pool, test: Within) -> str:
    """Name the wanted areas that the business is in, leaving out any that lies around another."""
    place, tree = pool.situation.place, pool.index.tree
    around = frozenset[str]().union(*(tree.ancestors(code) for code in (place.areas if place else ())))
    here = sorted(test.areas & around) or sorted(test.areas)
    nearest = [
        code for code in here if not any(code in tree.ancestors(other) for other in here if other != code)
    ]
    return labels.joined(pool.index.named.spoken(code) for code in nearest or here)


_TELLING = {
    "employees": ("You employ {} people", "You employ {} person"),
    "turnover": ("Your turnover is {}",),
    "amount": ("You are looking for {}",),
    "subsidy_received": ("You have received {} of public support",),
    "sector": ("Your sector is {}",),
    "legal_form": ("Your legal form is {}",),
    "stage": ("You are {}",),
}


def _told(fact: str, value: Any) -> str:
    forms = _TELLING.get(fact, (f"You told us {labels.fact(fact)}: {{}}",))
    if isinstance(value, str):
        return forms[0].format(labels.code_told(fact, value))
    currency = value.currency if isinstance(value, MoneySpan) else None
    single = value.exact and value.low == 1
    return forms[-1 if single else 0].format(
        bounds_words(_words(value.low, currency), _words(value.high, currency))
    )


def told_words(fact: str | None, value: Any) -> str:
    """Write a told number or code as the rest of a sentence: you employ 3 people; empty for anything else."""
    if isinstance(value, Span) and fact == "trading_months":
        if value.high == 0:
            return "you are not trading yet"
        return f"you have traded for {months_words(value.low, value.high)}"
    if not isinstance(value, (str, Span, MoneySpan)) or fact not in _TELLING:
        return ""
    words = _told(fact, value)
    return f"{words[0].lower()}{words[1:]}"


def _words(value: Decimal | None, currency: str | None) -> str | None:
    if value is None:
        return None
    return money_words(value, currency) if currency else number_words(value)


def when(pool: Pool, candidate: Candidate) -> str:
    """Say when a step can be taken, as its window has it, and where that is too late for the owner's date."""
    words, deadline = candidate.window.words, pool.situation.facts.get("deadline")
    if deadline is None:
        return words
    if candidate.starts > deadline:
        return f"{words}; that is after {day_words(deadline)}, by when you need it"
    if candidate.ends > deadline:
        ends = day_words(candidate.ends)
        return f"{words}; it takes until {ends}, and you need it by {day_words(deadline)}"
    return words


def unsure(candidate: Candidate) -> tuple[tuple[str, str | None], ...]:
    """Give each testable condition nobody can say yet, in words, with the fact that would settle it."""
    return tuple((_open(result), _settling(result)) for result in candidate.assessment.unknown)


def _settling(result: CriterionResult) -> str | None:
    if not result.members:
        return result.fact
    facts = (_settling(member) for member in result.members if member.result is Result.UNKNOWN)
    return next((fact for fact in facts if fact), None)


def _open(result: CriterionResult) -> str:
    asked = labels.fact(_settling(result) or "")
    if result.note == REFUSED:
        return f"{result.words}: you would rather not say, so check with the provider"
    if result.note == OTHER_CURRENCY:
        return f"{result.words}: you told us in another currency, so check with the provider"
    if result.note == NOT_FOUND:
        return f"{result.words}: we do not know the place you named"
    if result.note == COARSE:
        return f"{result.words}: tell us more exactly {asked}"
    return f"{result.words}: tell us {asked}"


def cost_words(amount: Amount) -> str:
    """Write what using an offer costs the business, exactly as recorded, to stand after "Cost: "."""
    words = REPEATED.get((amount.cost_words or "").strip(" .").lower(), amount.cost_words)
    if amount.cost_to_business is not None:
        cost = FREE if amount.cost_to_business == 0 else money_words(amount.cost_to_business, amount.currency)
        return f"{cost} ({words})" if words and words not in (FREE, NOT_KNOWN) else cost
    if words:
        return words
    if amount.meaning == "price" and amount.max is not None:
        return bounds_words(_words(amount.min, amount.currency), money_words(amount.max, amount.currency))
    return NOT_KNOWN


def price(amount: Amount) -> Money | None:
    """Return what using an offer costs, where the record gives a sum and its currency."""
    if amount.cost_to_business is None or amount.currency is None:
        return None
    return Money(amount.cost_to_business, amount.currency)


def payment(offer: Offer) -> Payment | None:
    """Return the money an offer brings, or None where it brings none; a price is never money received."""
    amount = offer.amount
    if amount.meaning == "price" or (
        amount.max is None and amount.min is None and amount.rate_percent is None
    ):
        return None
    parts = []
    if amount.rate_percent is not None:
        parts.append(f"{number_words(amount.rate_percent)}% of the cost")
    if amount.min is not None or amount.max is not None:
        low = _with_currency(amount.min, amount.currency)
        parts.append(bounds_words(low, _with_currency(amount.max, amount.currency)))
    words = ", ".join(parts)
    if amount.meaning == "limit":
        words = f"a limit, not a sum that is paid: {words}"
    paid = {"in_arrears": ", paid afterwards", "in_advance": ", paid beforehand"}.get(amount.paid or "", "")
    return Payment(
        words + paid,
        _money(amount.min, amount.currency),
        _money(amount.max, amount.currency),
        amount.rate_percent,
        amount.paid,
        amount.meaning,
    )


def _with_currency(value: Decimal | None, currency: str | None) -> str | None:
    return None if value is None else money_words(value, currency)


def _money(value: Decimal | None, currency: str | None) -> Money | None:
    return Money(value, currency) if value is not None and currency else None
