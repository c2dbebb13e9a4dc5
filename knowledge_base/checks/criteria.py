"""Conditions that nobody can meet, and conditions that everybody meets.

A condition is taken as impossible only where that is certain: of an ``any_of`` group each member is held
against the conditions outside the group, and a member in words only may always hold.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from knowledge_base.checks.finding import Finding, Severity
from knowledge_base.checks.held import Held
from knowledge_base.fact_tests import LISTED
from knowledge_base.faults import shown
from knowledge_base.records import Between, Criterion, NoneOf, Offer, OneOf, Within
from knowledge_base.words import BUSINESS_STAGES, KINDS, LEGAL_FORMS, SECTORS

CLOSED_LISTS: Mapping[str, frozenset[str]] = {
    "sector": frozenset(SECTORS),
    "legal_form": frozenset(LEGAL_FORMS),
    "stage": frozenset(BUSINESS_STAGES),
    "refuses": frozenset(KINDS),
}
_WHY_NEVER = "Every business that tells this fact is told that the offer is not for it."
_WHY_ALWAYS = "It excludes nobody, so it costs a question and settles nothing."

Placed = tuple[str, Criterion]


def criteria_findings(offer: Offer, held: Held) -> Iterator[Finding]:
    """Yield the conditions of one offer that can never be met, always hold, or ask what nobody can be."""
    for path, heading, why, remedy, severity in _found(offer, held):
        yield held.finding(offer.id, path, heading, why, remedy, severity)


def never_fits(offer: Offer, held: Held) -> bool:
    """Say whether no business at all can meet the conditions of an offer."""
    return any(severity == "error" for *_, severity in _found(offer, held))


_Found = tuple[str, str, str, str, Severity]


def _found(offer: Offer, held: Held) -> Iterator[_Found]:
    outer = [(f"criteria[{i}]", criterion) for i, criterion in enumerate(offer.criteria)]
    for path, criterion in _every(outer):
        yield from _values(path, criterion)
    tested = [placed for placed in outer if not placed[1].any_of]
    clash = _clash(tested, offer, held)
    if clash:
        yield _never(*clash)
    for path, criterion in outer:
        if criterion.any_of and not clash:
            yield from _group(path, criterion, tested, offer, held)
        yield from _always(path, criterion, offer, held)


def _every(criteria: Iterable[Placed]) -> Iterator[Placed]:
    for path, criterion in criteria:
        yield path, criterion
        yield from _every((f"{path}.any_of[{i}]", member) for i, member in enumerate(criterion.any_of))


def _values(path: str, criterion: Criterion) -> Iterator[_Found]:
    allowed = CLOSED_LISTS.get(criterion.fact or "")
    test = criterion.test
    if allowed is None or not isinstance(test, (OneOf, NoneOf)):
        return
    name = "one_of" if isinstance(test, OneOf) else "none_of"
    odd = sorted(test.values - allowed)
    if isinstance(test, OneOf) and not test.values & allowed:
        return  # then nobody can meet it, which is said of the whole condition
    remedy = f"use words of the list for {criterion.fact}: {', '.join(sorted(allowed))}"
    if odd:
        heading = f"{', '.join(shown(value) for value in odd[:3])} is nothing a business can be"
        why = "What a business tells is held against the closed list; this word is not in it."
        yield f"{path}.{name}", heading, why, remedy, "warning"


def _never(paths: list[str], heading: str) -> _Found:
    remedy = "mend the one that is wrong, or put them in an any_of group if one of them is enough"
    return paths[-1], heading, _WHY_NEVER, remedy, "error"


def _group(path: str, group: Criterion, outer: list[Placed], offer: Offer, held: Held) -> Iterator[_Found]:
    members = [(f"{path}.any_of[{i}]", member) for i, member in enumerate(group.any_of)]
    clashes = [_impossible(member, outer, offer, held) for member in members]
    if all(clashes):
        heading = "nobody can meet any member of this group"
        yield path, heading, _WHY_NEVER, "mend a member, or the conditions outside the group", "error"
        return
    for (at, _), clash in zip(members, clashes, strict=True):
        if clash:
            why = "It can never be the one that holds, so it only makes the group longer to read."
            yield at, f"nobody can meet this one: {clash}", why, "mend it, or take it out", "warning"


def _impossible(member: Placed, outer: list[Placed], offer: Offer, held: Held) -> str | None:
    path, criterion = member
    if criterion.any_of:
        inner = [(f"{path}.any_of[{i}]", each) for i, each in enumerate(criterion.any_of)]
        found = [_impossible(each, outer, offer, held) for each in inner]
        return found[0] if found and all(found) else None
    clash = _clash([*outer, member], offer, held, only=path)
    return clash[1] if clash else None


def _clash(
    criteria: Iterable[Placed], offer: Offer, held: Held, only: str | None = None
) -> tuple[list[str], str] | None:
    """Return the paths of conditions that cannot hold together, and how; ``only`` asks for one path's."""
    by_fact: defaultdict[tuple[str, str | None], list[Placed]] = defaultdict(list)
    for path, criterion in criteria:
        if criterion.test is not None and criterion.fact:
            currency = criterion.test.currency if isinstance(criterion.test, Between) else None
            by_fact[criterion.fact, currency].append((path, criterion))
    for (fact, _), placed in by_fact.items():
        paths = [path for path, _ in placed]
        if only is not None and only not in paths:
            continue
        tests = [criterion.test for _, criterion in placed]
        heading = (
            _places(tests, offer, held)
            if fact == "place"
            else _bounds(fact, [t for t in tests if isinstance(t, Between)])
            or _lists(fact, [t for t in tests if isinstance(t, (OneOf, NoneOf))])
        )
        if heading:
            return paths, heading
    return None


def _bounds(fact: str, tests: list[Between]) -> str | None:
    low = max((t.low for t in tests if t.low is not None), default=None)
    high = min((t.high for t in tests if t.high is not None), default=None)
    if low is not None and high is not None and low > high:
        return f"{fact} would have to be at least {low:,} and at most {high:,}"
    return None


def _lists(fact: str, tests: list[OneOf | NoneOf]) -> str | None:
    barred = frozenset().union(*(t.values for t in tests if isinstance(t, NoneOf)))
    wanted = [t.values for t in tests if isinstance(t, OneOf)]
    allowed = CLOSED_LISTS.get(fact)
    if fact in LISTED:  # a business may have several, and each list needs a member of its own
        empty = next((values for values in wanted if not _left(values, barred, allowed)), None)
        return f"{fact} would have to name {_named(empty)}, and must not" if empty is not None else None
    if wanted and not _left(frozenset.intersection(*wanted), barred, allowed):
        return f"no {fact} is left that all of the conditions on it accept"
    if allowed is not None and not wanted and allowed <= barred:
        return f"every {fact} there is is ruled out"
    return None


def _left(values: frozenset[str], barred: frozenset[str], allowed: frozenset[str] | None) -> frozenset[str]:
    return (values - barred) & allowed if allowed is not None else values - barred


def _named(values: Iterable[str]) -> str:
    return " or ".join(shown(value) for value in sorted(values)[:3])


def _places(tests: list[Any], offer: Offer, held: Held) -> str | None:
    wanted = [tuple(sorted(t.areas)) for t in tests if isinstance(t, Within)]
    for i, areas in enumerate(wanted):
        if held.apart(areas, offer.areas):
            return (
                f"no place lies both in {_named(areas)} and where the offer is open ({_named(offer.areas)})"
            )
        for others in wanted[:i]:
            if held.apart(areas, others):
                return f"no place lies both in {_named(areas)} and in {_named(others)}"
    return None


def _always(path: str, criterion: Criterion, offer: Offer, held: Held) -> Iterator[_Found]:
    if criterion.any_of:
        for i, member in enumerate(criterion.any_of):
            for _, heading, *_ in _always(f"{path}.any_of[{i}]", member, offer, held):
                remedy = "take the member out, or the whole group"
                yield path, f"this group always holds: {heading}", _WHY_ALWAYS, remedy, "info"
        return
    test, fact = criterion.test, criterion.fact or ""
    allowed = CLOSED_LISTS.get(fact)
    heading = ""
    if isinstance(test, Between) and test.high is None and test.low == Decimal(0):
        heading = f"any {fact} is zero or more"
    elif isinstance(test, OneOf) and allowed and allowed <= test.values:
        heading = f"it accepts every {fact} there is"
    elif isinstance(test, Within) and offer.areas and held.tree is not None:
        inside = [held.tree.standing((a,), test.areas) for a in offer.areas if a in held.tree]
        if len(inside) == len(offer.areas) and all(inside):
            heading = "the areas of the offer already say so"
    if heading:
        yield path, heading, _WHY_ALWAYS, "take it out, or say it in words only", "info"
