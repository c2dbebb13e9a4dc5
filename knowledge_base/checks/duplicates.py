"""Offers that seem to be one offer written twice, and where the two contradict each other.

Two names are near when every word of one that says anything has a near word in the other. So years, rounds,
towns and kinds of money keep records apart, and a changed ending, a missing "programme" or a slip do not.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import combinations, dropwhile, islice
from typing import Any

from rapidfuzz import fuzz

from knowledge_base.checks.finding import Finding
from knowledge_base.checks.held import Held
from knowledge_base.faults import shown
from knowledge_base.place_names import words_of
from knowledge_base.records import Offer

NEAR = 85
"""How alike, of 100, two long words are taken for one: grant and grants, not start and smart."""
MOST_PAIRS = 500_000

_ABBREVIATED = re.compile(r"\([A-Z&]{2,8}\)")
_PLAIN = (
    "a an and by for from in of on or the to with och för i av und für der die das "
    "fund funding initiative offer package programme program project scheme service services support"
)
_SAY_NOTHING = frozenset(_PLAIN.split())


def duplicate_findings(held: Held) -> Iterator[Finding]:
    """Yield offers of one provider with near-same names; of several providers, as a remark, with the same."""
    by_provider: defaultdict[tuple[str, ...], list[Offer]] = defaultdict(list)
    by_name: defaultdict[tuple[str, ...], list[Offer]] = defaultdict(list)
    for offer in held.offers.values():
        if offer.status != "withdrawn":
            by_provider[(offer.provider, *_numbers(offer.name))].append(offer)
            by_name[tuple(sorted(_core(offer.name)))].append(offer)
    for offers in by_provider.values():
        for one, other in islice(combinations(offers, 2), MOST_PAIRS):
            yield from _of_one_provider(one, other, held)
    for name, offers in by_name.items():
        for one, other in islice(combinations(offers, 2), MOST_PAIRS) if name else ():
            yield from _of_two_providers(one, other, held)


def duplicates_of(one: Offer, offers: Iterable[Offer], held: Held) -> Iterator[Finding]:
    """Yield what `duplicate_findings` says of one among all offers: of a pair, the first is told.

    All its pairs are looked at, where the whole check stops at `MOST_PAIRS` of a provider or a name.
    """
    if one.status == "withdrawn":
        return
    after = dropwhile(lambda offer: offer.id != one.id, offers)
    later = [offer for offer in islice(after, 1, None) if offer.status != "withdrawn"]
    for other in later:
        if other.provider == one.provider:
            yield from _of_one_provider(one, other, held)
    name = sorted(_core(one.name))
    for other in later if name else ():
        words = _core(other.name)
        if len(words) == len(name) and other.provider != one.provider and sorted(words) == name:
            yield from _of_two_providers(one, other, held)


def _of_one_provider(one: Offer, other: Offer, held: Held) -> Iterator[Finding]:
    if near(one.name, other.name) and not _told_apart(one, other, held):
        yield _twice(one, other, held)


def _of_two_providers(one: Offer, other: Offer, held: Held) -> Iterator[Finding]:
    if one.provider != other.provider and not _told_apart(one, other, held):
        heading = f"{shown(other.name)} of {other.provider or 'nobody'} has the same name: {other.id}"
        why = "They may be one offer, of which one of the two is only a partner."
        remedy = "keep the one of who delivers it, or say in the names what sets them apart"
        yield held.finding(one.id, "name", heading, why, remedy, "info")


def near(one: str, other: str) -> bool:
    """Say whether two names may well be meant for one offer."""
    left, right = _core(one), _core(other)
    if _numbers(one) != _numbers(other):
        return False
    if min(len(left), len(right)) > 1 and not set(left) & set(right):
        return False  # so that thousands can be compared: a slip seldom spoils every word
    if not left or not right:
        return one.casefold() == other.casefold()
    return _covers(left, right) and _covers(right, left)


@lru_cache(maxsize=20_000)
def _core(name: str) -> tuple[str, ...]:
    words = words_of(_ABBREVIATED.sub(" ", name))  # (KTP) says what the words before it say
    return tuple(dict.fromkeys(word for word in words if word not in _SAY_NOTHING)) or tuple(words)


@lru_cache(maxsize=20_000)
def _numbers(name: str) -> tuple[str, ...]:
    """Return the words of a name with a digit in: the year or the round, which must be the same."""
    return tuple(sorted(word for word in _core(name) if any(c.isdigit() for c in word)))


def _covers(words: tuple[str, ...], others: tuple[str, ...]) -> bool:
    return all(any(_alike(word, other) for other in others) for word in words)


def _alike(one: str, other: str) -> bool:
    if one == other:
        return True
    return min(len(one), len(other)) >= 5 and one[:2] == other[:2] and fuzz.ratio(one, other) >= NEAR


def _told_apart(one: Offer, other: Offer, held: Held) -> bool:
    """Say whether the records themselves say that they are two."""
    if one.series is not None and one.series == other.series:
        return True
    for each, its in ((one, other), (other, one)):
        linked = (*each.requires, *each.leads_to, *each.excludes, each.succeeded_by, each.part_of)
        if its.id in linked:
            return True
        if each.window.closes and its.window.opens and each.window.closes < its.window.opens:
            return True  # one round, and then the next
    return held.apart(one.areas, other.areas)


def _twice(one: Offer, other: Offer, held: Held) -> Finding:
    differ = [
        f"{field} ({_said(getattr(one, field))}, {_said(getattr(other, field))})"
        for field in ("kind", "amount", "window", "criteria", "areas", "status")
        if getattr(one, field) != getattr(other, field)
    ]
    heading = f"{other.id}, of the same provider, is called {shown(other.name)}"
    if differ:
        heading += f"; they contradict in {', '.join(differ)}"
    why = "If they are one offer, a business is shown it twice, and told two things of it."
    remedy = "keep one of them; if they are two, say in the names what sets them apart, or give both a series"
    return held.finding(one.id, "name", heading, why, remedy, "warning")


def _said(value: Any) -> str:
    """Say in a few words what a field holds."""
    if isinstance(value, str):
        return value
    if isinstance(value, tuple):
        return f"{len(value)} named" if not value or isinstance(value[0], str) else f"{len(value)} conditions"
    told = [(name, getattr(value, name, None)) for name in _TOLD]
    words = [f"{name} {v}" if name in _TOLD[2:] else str(v) for name, v in told if v is not None]
    return " ".join(words) or "not known"


_TOLD = ("status", "currency", "opens", "closes", "min", "max", "rate_percent", "cost_to_business")
