"""Say back, in few words, what was understood of a business: what it told and what it wants."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from knowledge_base import labels
from knowledge_base.money_words import bounds_words, money_words, number_words
from knowledge_base.profile import MoneySpan, Profile, Span
from knowledge_base.words import FACTS

YEAR = 12  # months


def said_back(profile: Profile) -> dict[str, str]:
    """Each told fact in a few words that can stand in a list, in the order people think of them.

    What the business did before (`done`) is told by its steps, and is left out.
    """
    told = {fact: _WORDS[fact](getattr(profile, fact)) for fact in _WORDS if profile.told(fact)}
    return {fact: words for fact, words in told.items() if words}


def wanted(needs: Iterable[str]) -> str:
    """The needs in plain words, in the order told."""
    return labels.joined(labels.needs(needs))


def changed(before: Profile, after: Profile) -> dict[str, tuple[str, str]]:
    """Facts that were told before and are told otherwise now: each with both wordings."""
    old, new = said_back(before), said_back(after)
    return {
        fact: (old[fact], new[fact])
        for fact in FACTS
        if fact in old and fact in new and old[fact] != new[fact]
    }


def _people(told: Span) -> str:
    if told.exact and told.low == 1:
        return "one person"
    if told.exact and told.low == 0:
        return "nobody employed"
    return f"{_bounds(told)} people"


def _bounds(told: Span) -> str:
    return bounds_words(*(None if end is None else number_words(end) for end in (told.low, told.high)))


def _money(told: MoneySpan) -> str:
    ends = (None if end is None else money_words(end, told.currency) for end in (told.low, told.high))
    return bounds_words(*ends)


def _trading(told: Span) -> str:
    ends = [end for end in (told.low, told.high) if end is not None]
    if ends and all(end and end % YEAR == 0 for end in ends):
        years = Span(*(None if end is None else end / YEAR for end in (told.low, told.high)))
        return f"trading for {_bounds(years)} {'year' if years.exact and years.low == 1 else 'years'}"
    one = told.exact and told.low == Decimal(1)
    return f"trading for {_bounds(told)} {'month' if one else 'months'}"


def _day(told: date) -> str:
    return f"done by {told.day} {told:%B %Y}"


_WORDS: Mapping[str, Callable[[Any], str]] = {
    "employees": _people,
    "place": lambda told: f"in {told}",
    "sector": lambda told: labels.code_told("sector", told),
    "legal_form": lambda told: labels.code_told("legal_form", told),
    "stage": lambda told: labels.code_told("stage", told),
    "trading_months": _trading,
    "turnover": lambda told: f"sales of {_money(told)} a year",
    "amount": lambda told: f"{_money(told)} needed",
    "subsidy_received": lambda told: f"{_money(told)} of public money so far",
    "deadline": _day,
    "languages": lambda told: (
        f"support in {labels.joined(labels.code_told('languages', code) for code in told)}"
    ),
    "refuses": lambda told: f"no {labels.joined(labels.plural(told))}",
}
