"""The nearest change of facts that would let a business meet what an offer asks.

Each condition that fails, and each that is still open, is turned into the smallest change of one fact that
meets it: one more employee, a later day, another legal form. Whether the changes together do it is for
whoever asks to check, by holding the offer against the changed business.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from itertools import islice, product
from typing import Any

from knowledge_base import nearest_words as say
from knowledge_base.asked import Asked
from knowledge_base.eligibility import CriterionResult, Place, Result, Situation
from knowledge_base.fact_tests import LEFT_TO_CHECK
from knowledge_base.profile import MoneySpan, Span, code
from knowledge_base.records import Between, NoneOf, OneOf, Within
from knowledge_base.words import BUSINESS_STAGES, LEGAL_FORMS, SECTORS

WHOLE = frozenset({"employees", "trading_months"})
PAST = frozenset({"trading_months", "subsidy_received"})  # what has been cannot be undone
VALUES = {"sector": tuple(SECTORS), "legal_form": LEGAL_FORMS, "stage": BUSINESS_STAGES}
EFFORT = {"languages": 2, "employees": 3, "amount": 3, "turnover": 4, "stage": 5}
HARDEST = 7  # another legal form, sector or place
MOST_WAYS = 64  # ways to meet groups of conditions that are weighed against each other
SOON = 36  # months somebody may be told to wait
INCORPORATED = frozenset({"limited_company"})
EARLY_FORMS = frozenset({"not_yet_formed", "sole_trader", "partnership"})

Row = CriterionResult


@dataclass(frozen=True, slots=True)
class Change:
    """One change: of a fact, of the ``day``, of the ``needs`` or of what is refused; ``words`` end "if …".

    ``to`` is the value it would have, in the shape of the profile; ``effort`` orders changes, the easiest
    first. ``within_reach`` is False for what nobody should be told to do: move to another country.
    """

    what: str
    to: Any
    words: str
    effort: float = 0
    within_reach: bool = True

    def made(self, asked: Asked) -> Asked:
        """Return what would be asked after the change."""
        if self.what == "day":
            return replace(asked, on=self.to)
        if self.what == "needs":
            return replace(asked, needs=tuple(dict.fromkeys((*asked.needs, self.to))))
        facts = {self.what: self.to}
        refused = tuple(each for each in asked.profile.refused if each != self.what)
        return replace(asked, profile=replace(asked.profile, refused=refused, **facts))


@dataclass(frozen=True, slots=True)
class Nearest:
    """Changes of facts: those a failed condition ``needed``, and those that would settle an open one."""

    needed: tuple[Change, ...]
    settling: tuple[Change, ...]

    @property
    def effort(self) -> tuple[float, float]:
        return sum(each.effort for each in self.needed), len(self.settling)


def after(asked: Asked, changes: Iterable[Change]) -> Asked:
    """Return what would be asked after all of the changes."""
    for change in changes:
        asked = change.made(asked)
    return asked


def changes_for(
    results: Sequence[CriterionResult],
    situation: Situation,
    on: date,
    resolve: Callable[[str], Place],
    names: Mapping[str, str] | None = None,
) -> Nearest | None:
    """Return one change for each fact that keeps some conditions from being met, or None where none is known.

    ``results`` are criteria held against the business; ``resolve`` finds a place by its name, ``names`` gives
    the name of an offer. Criteria on one fact are met together, so that "at least 5" and "at most 249" are
    one change; of a group, the member that takes least.
    """
    finder = _Finder(situation, on, resolve, names or {})
    ways = islice(product(*(list(_ways(each)) for each in results)), MOST_WAYS)
    found = [finder.nearest([row for rows in way for row in rows]) for way in ways]
    return min((each for each in found if each is not None), key=lambda each: each.effort, default=None)


def _ways(result: Row) -> Iterator[tuple[Row, ...]]:
    """Give every set of single conditions that would meet this one, what is met already first."""
    if result.note == LEFT_TO_CHECK:
        yield ()
    elif not result.members:
        yield (result,)
    else:
        order = {Result.MET: 0, Result.UNKNOWN: 1, Result.FAILED: 2}
        for member in sorted(result.members, key=lambda each: order[each.result]):
            if member.note != LEFT_TO_CHECK:
                yield from _ways(member)


class _Finder:
    def __init__(
        self, situation: Situation, on: date, resolve: Callable[[str], Place], names: Mapping[str, str]
    ) -> None:
        self.situation, self.on, self.resolve, self.names = situation, on, resolve, names

    def nearest(self, rows: Sequence[Row]) -> Nearest | None:
        """Return the changes that meet every one of these, or None where one that fails cannot be met."""
        needed: list[Change] = []
        settling: list[Change] = []
        for fact in dict.fromkeys(str(row.fact) for row in rows):
            own = [row for row in rows if row.fact == fact]
            if all(row.result is Result.MET for row in own):
                continue
            failed = any(row.result is Result.FAILED for row in own)
            change = self._of(fact, own, failed)
            if change is not None:
                (needed if failed else settling).append(change)
            elif failed:
                return None
        return Nearest(tuple(needed), tuple(settling))

    def _of(self, fact: str, rows: Sequence[Row], failed: bool) -> Change | None:
        tests = [row.criterion.test for row in rows]
        if fact == "place":
            return self._place(rows, [each for each in tests if isinstance(each, Within)], failed)
        if fact in VALUES:
            return self._coded(fact, rows, failed)
        if fact in ("languages", "done"):
            return self._listed(fact, rows)
        between = [test for test in tests if isinstance(test, Between)]
        return self._number(fact, rows, between, failed) if len(between) == len(tests) else None

    def _number(
        self, fact: str, rows: Sequence[Row], tests: Sequence[Between], failed: bool
    ) -> Change | None:
        """Move a number to the nearest bound, or into the bounds where it is not told."""
        currencies = {test.currency for test in tests}
        lows = [test.low for test in tests if test.low is not None]
        highs = [test.high for test in tests if test.high is not None]
        low, high = max(lows, default=None), min(highs, default=None)
        if fact in WHOLE:
            low = None if low is None else low.to_integral_value(ROUND_CEILING)
            high = None if high is None else high.to_integral_value(ROUND_FLOOR)
        if len(currencies) != 1 or (low is not None and high is not None and low > high):
            return None
        currency = currencies.pop()
        told: Any = self.situation.facts.get(fact)
        below = failed and low is not None and told.high is not None and told.high < low
        to = low if low is not None and (below or not failed) else high
        if not failed and isinstance(told, (Span, MoneySpan)) and getattr(told, "currency", None) == currency:
            to = max((end for end in (low, told.low) if end is not None), default=high)  # as far as was told
        if to is None:
            return None
        value = Span(to, to) if fact in WHOLE else MoneySpan(to, to, currency or "")
        if not failed:
            return Change(fact, value, say.settled(fact, rows, currency))
        if fact in PAST:
            return self._wait(to, told) if below and fact == "trading_months" else None
        end = told.high if below else told.low
        size = abs(float(to - end)) / (1 + float(max(to, end)))
        near = below and (to - end <= 3 or to <= end + end / 2)
        if fact == "amount":
            near = end <= 2 * to <= 4 * end
        words = say.moved(fact, told, to, currency, below)
        return Change(fact, value, words, EFFORT.get(fact, HARDEST) + min(size, 0.9), near)

    def _wait(self, months: Decimal, told: Span) -> Change | None:
        """Come back when a business has traded for long enough."""
        if told.high is None:
            return None
        more = months - told.high
        ahead = self.on.month - 1 + int(more.to_integral_value(ROUND_CEILING))
        year, month = self.on.year + ahead // 12, ahead % 12 + 1
        if year > date.max.year:
            return None
        words = say.waited(months, year, month)
        near = told.exact and told.high > 0 and more <= SOON
        return Change("trading_months", Span(months, months), words, 1 + float(more) / 1000, near)

    def _place(self, rows: Sequence[Row], tests: Sequence[Within], failed: bool) -> Change | None:
        """Take the area that has most around it in common with where the business is."""
        tree, named = self.situation.areas, self.situation.named
        if len(tests) != len(rows):
            return None
        here = frozenset(
            around
            for area in (self.situation.place.areas if self.situation.place else ())
            for around in tree.ancestors(area)
        )

        def far(area: str) -> tuple[int, str]:
            return -len(here & tree.ancestors(area)), area

        for area in sorted(frozenset().union(*(test.areas for test in tests)), key=far):
            for name in (named.names.get(area, area), area):
                found = self.resolve(name)
                if found.status == "known" and all(tree.standing(found.areas, t.areas) for t in tests):
                    words = say.placed(named.spoken(area)) if failed else say.settled("place", rows)
                    return Change("place", name, words, HARDEST + 1 if failed else 0, not failed)
        return None

    def _coded(self, fact: str, rows: Sequence[Row], failed: bool) -> Change | None:
        """Take the nearest value that every condition allows: the nearest stage, the first form."""
        values = VALUES[fact]
        allowed = [value for value in values if all(_allows(row.criterion.test, value) for row in rows)]
        if not allowed:
            return None
        if not failed:
            return Change(fact, allowed[0], say.settled(fact, rows))
        now = str(self.situation.facts[fact])
        at = values.index(now) if now in values else 0
        if fact == "stage":
            to = min(allowed, key=lambda value: (abs(values.index(value) - at), value))
            near = values.index(to) == at + 1
        else:
            usual = [value for value in allowed if value in INCORPORATED] if now in EARLY_FORMS else []
            to = (usual or allowed)[0]
            near = bool(usual)
        return Change(fact, to, say.coded(fact, to), EFFORT.get(fact, HARDEST), near)

    def _listed(self, fact: str, rows: Sequence[Row]) -> Change | None:
        """Add to a list what a condition asks to be in it; nothing can be taken out of it."""
        more: list[str] = []
        for row in rows:
            test = row.criterion.test
            if isinstance(test, OneOf) and test.values and row.result is not Result.MET:
                if not test.values & set(more):
                    more.append(min(test.values, key=lambda value: (value not in self.names, value)))
            elif isinstance(test, NoneOf) and row.result is not Result.MET:
                return None
        if not more:
            return None
        whole = tuple(dict.fromkeys((*getattr(self.situation.profile, fact), *more)))
        if fact == "languages":
            return Change(fact, whole, say.spoken(more), EFFORT[fact])
        names = [self.names.get(each, each) for each in more]
        return Change(fact, whole, say.done(names), EFFORT["languages"])


def _allows(test: Any, value: str) -> bool:
    if isinstance(test, OneOf):
        return value in {code(each) for each in test.values}
    if isinstance(test, NoneOf):
        return value not in {code(each) for each in test.values}
    return True
