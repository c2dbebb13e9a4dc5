"""The nearest change of facts that would let a business meet what an offer asks.

Each condition that fails, and each that is still open, is turned into the smallest change of one fact that
meets it: one more employee, a later day, another legal form. Whether the changes together do it is for
whoever asks to check, by holding the offer against the changed business.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_CEILING, Decimal
from typing import Any

from knowledge_base import labels
from knowledge_base.asked import Asked
from knowledge_base.eligibility import CriterionResult, Result, Situation
from knowledge_base.fact_tests import LEFT_TO_CHECK
from knowledge_base.money_words import money_words, number_words
from knowledge_base.profile import MoneySpan, Profile, Span, code
from knowledge_base.records import Between, Criterion, NoneOf, OneOf, Within
from knowledge_base.windows import MONTHS
from knowledge_base.words import BUSINESS_STAGES, LEGAL_FORMS, SECTORS

WHOLE = frozenset({"employees", "trading_months"})
VALUES = {"sector": tuple(SECTORS), "legal_form": LEGAL_FORMS, "stage": BUSINESS_STAGES}
EFFORT = {"languages": 2, "employees": 3, "amount": 3, "subsidy_received": 6, "turnover": 4, "stage": 5}
HARDEST = 7  # another legal form, sector or place


@dataclass(frozen=True, slots=True)
class Change:
    """One change: of a fact, of the ``day``, of the ``needs`` or of the kinds refused; ``words`` end "if …".

    ``to`` is the value it would have, in the shape of the profile; ``effort`` orders changes, the easiest
    first.
    """

    what: str
    to: Any
    words: str
    effort: float = 0

    def made(self, asked: Asked) -> Asked:
        """Return what would be asked after the change."""
        if self.what == "day":
            return replace(asked, on=self.to)
        if self.what == "needs":
            return replace(asked, needs=tuple(dict.fromkeys((*asked.needs, self.to))))
        facts = {self.what: self.to}
        refused = tuple(each for each in asked.profile.refused if each != self.what)
        return replace(asked, profile=replace(asked.profile, refused=refused, **facts))


def after(asked: Asked, changes: Iterable[Change]) -> Asked:
    """Return what would be asked after all of the changes."""
    for change in changes:
        asked = change.made(asked)
    return asked


def changes_for(
    results: Sequence[CriterionResult], situation: Situation, on: date, area_names: Any
) -> tuple[Change, ...] | None:
    """Return one change for each fact that keeps some conditions from being met, or None where none is known.

    ``results`` are an offer's criteria held against the business; ``area_names`` names an area by its code.
    Criteria on one fact are met together, so that "at least 5" and "at most 249" are one change.
    """
    open_ = [each for each in results if each.result is not Result.MET and each.note != LEFT_TO_CHECK]
    changes: dict[str, Change] = {}
    for each in open_:
        if each.members:
            options = [_single(m.criterion, (m.criterion,), situation, on, area_names) for m in each.members]
            found = min(filter(None, options), key=lambda change: change.effort, default=None)
        else:
            alike = [r.criterion for r in results if r.criterion.fact == each.fact and not r.members]
            found = _single(each.criterion, alike, situation, on, area_names)
        if found is None:
            return None
        changes.setdefault(found.what, found)
    return tuple(sorted(changes.values(), key=lambda change: (change.effort, change.what)))


def _single(
    criterion: Criterion, alike: Sequence[Criterion], situation: Situation, on: date, area_names: Any
) -> Change | None:
    test, fact = criterion.test, criterion.fact
    if fact is None or test is None:
        return None
    if isinstance(test, Between):
        return _number(fact, [each.test for each in alike if isinstance(each.test, Between)], situation, on)
    if fact == "place":
        return _place(test, situation, area_names)
    if fact in VALUES:
        return _coded(fact, alike, situation.profile)
    if fact == "languages" and isinstance(test, OneOf):
        language = min(test.values)
        spoken = (*situation.profile.languages, language)
        return Change("languages", spoken, f"{labels.fact('languages')} included {language}", EFFORT[fact])
    if fact == "done" and isinstance(test, OneOf):
        first = min(test.values)
        return Change("done", (*situation.profile.done, first), f"you had done {first} first", HARDEST)
    return None


def _number(fact: str, tests: Sequence[Between], situation: Situation, on: date) -> Change | None:
    """Move a number to the nearest bound, or into the bounds where it is not told."""
    currencies = {test.currency for test in tests}
    lows = [test.low for test in tests if test.low is not None]
    highs = [test.high for test in tests if test.high is not None]
    low, high = max(lows, default=None), min(highs, default=None)
    if fact in WHOLE and low is not None:
        low = low.to_integral_value(ROUND_CEILING)
    if len(currencies) != 1 or (low is not None and high is not None and low > high):
        return None
    currency = currencies.pop()
    told = getattr(situation.profile, fact) if fact not in situation.profile.refused else None
    if isinstance(told, MoneySpan) and told.currency != currency:
        told = None
    below = told is not None and low is not None and told.high is not None and told.high < low
    above = told is not None and high is not None and told.low is not None and told.low > high
    if above and fact in ("trading_months", "subsidy_received"):
        return None  # what is past cannot be undone
    to = low if below or (low is not None and not above) else high
    if to is None:
        return None
    if below and fact == "trading_months" and told is not None and told.exact:
        return _time(to, to - told.high, on)
    words = _number_words(fact, to, currency, told, below, above, high)
    end = None if told is None else told.high if below else told.low if above else None
    size = 0.0 if end is None else abs(float(to - end)) / (1 + float(to))
    value = Span(to, to) if fact in WHOLE else MoneySpan(to, to, currency or "")
    return Change(fact, value, words, (EFFORT.get(fact, HARDEST) if below or above else 0) + min(size, 0.9))


def _number_words(
    fact: str,
    to: Decimal,
    currency: str | None,
    told: Span | MoneySpan | None,
    below: bool,
    above: bool,
    high: Decimal | None,
) -> str:
    sum_ = money_words(to, currency) if currency else number_words(to)
    if not below and not above:
        least = f"at least {sum_}" if to != high else f"at most {sum_}"
        return f"you told us {labels.fact(fact)}, and it is {least}"
    assert told is not None
    if fact == "employees":
        by = abs(to - (told.high if below else told.low))  # type: ignore[operator]
        people = "person" if by == 1 else "people"
        return f"you employed {number_words(by)} {'more' if below else 'fewer'} {people}, {sum_} in all"
    if fact == "amount":
        return f"you looked for {sum_}"
    if fact == "trading_months":
        return f"you had traded for {sum_} months"
    return f"{labels.fact(fact)} came to {sum_}"


def _time(months: Decimal, more: Decimal, on: date) -> Change | None:
    """Wait until a business has traded for long enough."""
    ahead = on.month - 1 + int(more)
    year, month = on.year + ahead // 12, ahead % 12 + 1
    if year > date.max.year:
        return None
    words = f"you come back in {MONTHS[month - 1]} {year}, when you have traded for {int(months)} months"
    return Change("trading_months", Span(months, months), words, 1 + float(more) / 1000)


def _place(test: Any, situation: Situation, area_names: Any) -> Change | None:
    if not isinstance(test, Within):
        return None
    codes = sorted(test.areas)
    spoken = labels.joined(area_names(each) for each in codes[:3])
    known = situation.place is not None and situation.standing(test.areas) is False
    words = f"you were in {spoken}" if known else f"you told us where you are, and it is in {spoken}"
    return Change("place", area_names(codes[0]), words, HARDEST + 1 if known else 0)


def _coded(fact: str, alike: Sequence[Criterion], profile: Profile) -> Change | None:
    """Take the nearest value that every condition on the fact allows: the nearest stage, the first form."""
    allowed = [value for value in VALUES[fact] if all(_allows(each.test, value) for each in alike)]
    if not allowed:
        return None
    told = getattr(profile, fact) if fact not in profile.refused else None
    if told is None:
        words = f"you told us {labels.fact(fact)}, and it is {_one_of(fact, allowed)}"
        return Change(fact, allowed[0], words, 0)
    values = VALUES[fact]
    at = values.index(code(told)) if code(told) in values else 0
    to = min(allowed, key=lambda value: (abs(values.index(value) - at), value))
    now = to if fact == "stage" else None
    words = f"{labels.fact(fact)} were {labels.code_told(fact, now)}" if now else _other(fact, allowed)
    return Change(fact, to, words, EFFORT.get(fact, HARDEST))


def _other(fact: str, allowed: Sequence[str]) -> str:
    return f"{labels.fact(fact)} were {_one_of(fact, allowed)}"


def _one_of(fact: str, allowed: Sequence[str]) -> str:
    told = [labels.code_told(fact, value) for value in allowed[:3]]
    more = " or another that fits" if len(allowed) > 3 else ""
    return " or ".join([", ".join(told[:-1]), told[-1]] if len(told) > 1 else told) + more


def _allows(test: Any, value: str) -> bool:
    if isinstance(test, OneOf):
        return value in {code(each) for each in test.values}
    if isinstance(test, NoneOf):
        return value not in {code(each) for each in test.values}
    return True
