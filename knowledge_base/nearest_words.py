"""The words for changes that would let an offer in, to put behind "it would be a step if"."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from knowledge_base import labels
from knowledge_base.eligibility import CriterionResult, Result
from knowledge_base.fact_tests import COARSE, NOT_FOUND, OTHER_CURRENCY, REFUSED
from knowledge_base.money_words import money_words, number_words
from knowledge_base.profile import MoneySpan, Span
from knowledge_base.roadmap.wording import months_words
from knowledge_base.windows import MONTHS

SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def settled(fact: str, rows: Iterable[CriterionResult], currency: str | None = None) -> str:
    """Say that what is open turns out to fit, in the words of the record."""
    open_ = [row for row in rows if row.result is Result.UNKNOWN]
    notes = {row.note for row in open_}
    if NOT_FOUND in notes:
        lead = "you named a place we know, and"
    elif COARSE in notes:
        lead = "you could say for certain that"
    elif OTHER_CURRENCY in notes:
        lead = f"you told us in {currency} that" if currency else "you told us in its currency that"
    else:
        lead = "you told us after all that" if REFUSED in notes else "you told us that"
    return f"{lead} {labels.joined(dict.fromkeys(_holds(fact, row.words) for row in open_))}"


def _holds(fact: str, words: str) -> str:
    words = words.rstrip(". ")
    if words.startswith("You"):
        return f"{words[0].lower()}{words[1:]}"
    return f"“{words}” holds" if words else f"{labels.fact(fact)} fits"


def moved(fact: str, told: Span | MoneySpan, to: Decimal, currency: str | None, below: bool) -> str:
    """Say that a told number came to a bound."""
    bound = "at least" if below else "at most"
    if fact == "employees":
        by = abs(to - told.high) if below and told.high is not None else None
        if below and told.exact and by is not None and by == by.to_integral_value():
            people = "person" if by == 1 else "people"
            return f"you employed {_count(by)} more {people}, {number_words(to)} in all"
        return f"you employed {bound} {number_words(to)} {'person' if to == 1 else 'people'}"
    sum_ = money_words(to, currency) if currency else number_words(to)
    if fact == "amount":
        return f"you were looking for {bound} {sum_}"
    return f"{labels.fact(fact)} came to {bound} {sum_}"


def _count(number: Decimal) -> str:
    return SMALL[int(number)] if number < len(SMALL) else number_words(number)


def waited(months: Decimal, year: int, month: int) -> str:
    traded = months_words(months, months)
    return f"you came back in {MONTHS[month - 1]} {year}, when you will have traded for {traded}"


def placed(area: str) -> str:
    return f"you were in {area}"


def coded(fact: str, value: str) -> str:
    """Say that a business is of another form or stage, or in another sector."""
    if fact == "legal_form":
        return f"you were {a_form(value)}"
    return f"you were {'in ' if fact == 'sector' else ''}{labels.code_told(fact, value)}"


def a_form(value: str) -> str:
    """Name a legal form as what a business is: a sole trader, not yet formed."""
    told = labels.code_told("legal_form", value)
    if value == "not_yet_formed":
        return told
    return f"{'an' if told[0] in 'aeiou' else 'a'} {told}"


def spoken(languages: Sequence[str]) -> str:
    return f"support in {labels.joined(labels.code_told('languages', each) for each in languages)} suited you"


def done(names: Sequence[str]) -> str:
    return f"you had done {labels.joined(names)} already"


def considered(kinds: Iterable[str]) -> str:
    return f"you would consider {labels.joined(labels.plural(kinds))}"


def asked_about(need: str, others: bool) -> str:
    return f"you asked about {labels.need(need)}{' as well' if others else ''}"


def opened(day: str) -> str:
    return f"you planned again from {day}, when it opens"
