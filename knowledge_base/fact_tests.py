"""Hold one test against one told fact: does it hold, fail, or can nobody say yet?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any, Protocol

from knowledge_base.profile import MoneySpan, Profile, Span, code
from knowledge_base.records import Between, Criterion, NoneOf, OneOf, Within
from knowledge_base.words import FACTS

UNTOLD = "not told"
REFUSED = "you would rather not say"
COARSE = "not told exactly enough"
OTHER_CURRENCY = "told in another currency"
NOT_FOUND = "we do not know this place"
LEFT_TO_CHECK = "check with the provider"

CODED = frozenset({"sector", "legal_form", "stage"})
LISTED = frozenset({"languages", "refuses", "done"})

Held = tuple[bool | None, str | None]


class Told(Protocol):
    """What `hold` needs of a business: its prepared facts, what it refused, and where it stands."""

    @property
    def profile(self) -> Profile: ...
    @property
    def facts(self) -> Mapping[str, Any]: ...
    @property
    def place(self) -> Any: ...
    def standing(self, wanted: frozenset[str]) -> bool | None: ...


def prepared_facts(profile: Profile) -> dict[str, Any]:
    """Return the facts that were told and not refused, codes and lists in the form tests compare."""
    out: dict[str, Any] = {}
    for fact in FACTS:
        value = getattr(profile, fact)
        if value in (None, (), "") or fact in profile.refused:
            continue
        if fact in CODED:
            value = code(value)
        elif fact == "done":
            value = frozenset(value)
        elif fact in LISTED:
            value = frozenset(code(each) for each in value)
        out[fact] = value
    return out


def hold(criterion: Criterion, told: Told) -> Held:
    """Hold one criterion that is not a group: true, false or ``None``, and where ``None`` the reason."""
    fact, test = criterion.fact, criterion.test
    if test is None or fact is None:
        return None, LEFT_TO_CHECK
    value = told.facts.get(fact)
    if value is None:
        return None, REFUSED if fact in told.profile.refused else UNTOLD
    if fact == "place":
        return _in_place(test, told)
    if isinstance(test, Between):
        return _between(test, value)
    if isinstance(test, Within):
        return None, LEFT_TO_CHECK
    return _listed(fact, test, value)


@lru_cache(maxsize=4096)
def _codes(values: frozenset[str]) -> frozenset[str]:
    return frozenset(code(value) for value in values)


def _in_place(test: Any, told: Told) -> Held:
    if isinstance(test, Between):
        return None, LEFT_TO_CHECK
    inside = told.standing(test.areas if isinstance(test, Within) else test.values)
    if inside is None:
        return None, NOT_FOUND if told.place is None or told.place.status == "unknown" else COARSE
    return inside is not isinstance(test, NoneOf), None


def _listed(fact: str, test: OneOf | NoneOf, value: Any) -> Held:
    wanted = test.values if fact == "done" else _codes(test.values)
    if isinstance(value, frozenset):
        among = not wanted.isdisjoint(value)
    elif isinstance(value, str):
        among = value in wanted
    else:
        return None, LEFT_TO_CHECK
    return among is not isinstance(test, NoneOf), None


def _between(test: Between, value: Any) -> Held:
    if isinstance(value, MoneySpan):
        if test.currency is None or test.currency.upper() != value.currency.upper():
            return None, OTHER_CURRENCY
        return _inside(test.low, test.high, value.low, value.high)
    if isinstance(value, Span):
        return _inside(test.low, test.high, value.low, value.high)
    if isinstance(value, date):
        low, high = _day(test.low), _day(test.high)
        if (low is None) is not (test.low is None) or (high is None) is not (test.high is None):
            return None, LEFT_TO_CHECK
        return _inside(low, high, value, value)
    return None, LEFT_TO_CHECK


def _inside(low: Any, high: Any, least: Any, most: Any) -> Held:
    """Compare a told range with bounds, all included; a range told without its lower end begins at zero."""
    if low is not None and most is not None and most < low:
        return False, None
    if high is not None and least is not None and least > high:
        return False, None
    above = low is None or (least >= low if least is not None else low <= 0)
    below = high is None or (most is not None and most <= high)
    return (True, None) if above and below else (None, COARSE)


def _day(bound: Any) -> date | None:
    if isinstance(bound, date):
        return bound
    try:
        return date.fromisoformat(str(bound))
    except ValueError:
        return None
