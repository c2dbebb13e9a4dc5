"""Whether the records of a catalogue hold together: what one names is there, and nothing runs in circles."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping

from knowledge_base.faults import BadRecord, shown
from knowledge_base.records import Area, Criterion, Offer, Within

MOST_CIRCLES = 100
MOST_AROUND = 100
"""How many areas one area may lie in, counted all the way up; real ones lie in fewer than ten."""


def cycle_in(graph: Mapping[str, Iterable[str]]) -> tuple[str, ...] | None:
    """Return one circle in a graph, its first member repeated at the end, or None where there is none."""
    return next(iter(cycles_in(graph)), None)


def cycles_in(graph: Mapping[str, Iterable[str]]) -> Iterator[tuple[str, ...]]:
    """Yield circles such that each link that is part of any is in one of them, at most `MOST_CIRCLES`.

    Each begins and ends with the first of its members by name. There may be more ways round than links, so
    not every one is named; whichever link is wrong, it is in one that is.
    """
    named: set[tuple[str, ...]] = set()
    for group in _knots(graph):
        covered: set[tuple[str, str]] = set()
        for start in sorted(group):
            for following in graph[start]:
                if following not in group or (start, following) in covered:
                    continue
                path = _shortest(graph, group, following, start)
                links = list(zip(path, [*path[1:], following], strict=True))
                covered.update(links)
                first = path.index(min(path))
                circle = (*path[first:], *path[: first + 1])
                if circle not in named:
                    named.add(circle)
                    yield circle
                if len(named) >= MOST_CIRCLES:
                    return


def in_circles(graph: Mapping[str, Iterable[str]]) -> set[str]:
    """Return every member of a graph that leads back to itself, by way of others or at once."""
    return {member for group in _knots(graph) for member in group}


def _shortest(graph: Mapping[str, Iterable[str]], group: Collection[str], start: str, end: str) -> list[str]:
    """Return the shortest way within a knot, both ends included."""
    came: dict[str, str | None] = {start: None}
    waiting = deque([start])
    while end not in came:
        node = waiting.popleft()
        for following in graph[node]:
            if following in group and following not in came:
                came[following] = node
                waiting.append(following)
    path, at = [], end
    while at is not None:
        path.append(at)
        at = came[at]  # type: ignore[assignment]
    return path[::-1]


def _knots(graph: Mapping[str, Iterable[str]]) -> Iterator[set[str]]:
    """Yield the sets of members that can all reach each other: Tarjan's way, without recursion."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    held: dict[str, None] = {}
    for root in graph:
        path = [] if root in index else [(root, iter(graph[root]))]
        while path:
            node, links = path[-1]
            if node not in index:
                index[node] = low[node] = len(index)
                held[node] = None
            following = next((n for n in links if n in graph and (n not in index or n in held)), None)
            if following is None:
                path.pop()
                if path:
                    low[path[-1][0]] = min(low[path[-1][0]], low[node])
                if low[node] == index[node]:
                    knot = set()
                    while node not in knot:
                        knot.add(held.popitem()[0])
                    if len(knot) > 1 or node in graph[node]:
                        yield knot
            elif following in held:
                low[node] = min(low[node], index[following])
            else:
                path.append((following, iter(graph[following])))


def areas_named(criteria: Iterable[Criterion], at: str = "criteria") -> Iterator[tuple[str, str]]:
    """Yield each area that criteria test for, with the path of the field that names it."""
    for i, criterion in enumerate(criteria):
        if isinstance(criterion.test, Within):
            for code in sorted(criterion.test.areas):
                yield f"{at}[{i}].within", code
        yield from areas_named(criterion.any_of, f"{at}[{i}].any_of")


def area_faults(areas: Mapping[str, Area], file: str) -> Iterator[BadRecord]:
    """Yield areas that lie in an unknown one, in themselves, or in more than `MOST_AROUND`."""
    sound = True
    for area in areas.values():
        for code in area.within:
            if code not in areas:
                sound = False
                yield BadRecord(file, f"{area.code}.within", *_unknown_area(code))
    for circle in cycles_in({area.code: area.within for area in areas.values()}):
        sound = False
        why = "A place in it would have no end of areas around it."
        remedy = "take out the one that is not the larger"
        yield BadRecord(file, f"{circle[0]}.within", f"{_round(circle, 'lies within')}", why, remedy)
    if sound:
        yield from _crowded(areas, file)


def _crowded(areas: Mapping[str, Area], file: str) -> Iterator[BadRecord]:
    around: dict[str, frozenset[str]] = {}
    for start in areas:
        waiting = [start]
        while waiting:
            code = waiting[-1]
            missing = [parent for parent in areas[code].within if parent not in around]
            if missing:
                waiting.extend(missing)
                continue
            waiting.pop()
            if code in around:
                continue
            found = frozenset(areas[code].within).union(*(around[parent] for parent in areas[code].within))
            around[code] = found if len(found) <= MOST_AROUND else frozenset()
            if len(found) > MOST_AROUND:
                what = f"it lies in {len(found)} areas; the most is {MOST_AROUND}"
                why = "Every place would be looked for in all of them."
                yield BadRecord(file, f"{code}.within", what, why, "name only the areas directly above")


def place_faults(offer: Offer, areas: Collection[str], file: str, at: str = "") -> Iterator[BadRecord]:
    """Yield the areas an offer names that are not in the catalogue."""
    named = [(f"areas[{i}]", code) for i, code in enumerate(offer.areas)]
    for field, code in (*named, *areas_named(offer.criteria)):
        if code not in areas:
            yield BadRecord(file, f"{at}.{field}" if at else field, *_unknown_area(code))


def _unknown_area(code: str) -> tuple[str, str, str]:
    why = "No business can be found to lie in an area that is not known."
    return f"{shown(code)} is not an area", why, "use the code of an area, or add it to the areas"


def requires_fault(offers: Mapping[str, Offer], files: Mapping[str, str]) -> BadRecord | None:
    """Return a circle of offers that require each other, as a fault of its first offer."""
    return next(requires_faults(offers, files), None)


def requires_faults(
    offers: Mapping[str, Offer], files: Mapping[str, str], at: Mapping[str, str] | None = None
) -> Iterator[BadRecord]:
    """Yield every circle of offers that require each other; ``at`` says where in its file each offer is."""
    for circle in cycles_in({offer.id: offer.requires for offer in offers.values()}):
        yield circle_fault(circle, files[circle[0]], (at or {}).get(circle[0], ""))


def circle_fault(circle: Iterable[str], file: str, at: str = "") -> BadRecord:
    """Return the fault of offers that require each other, as found by `cycle_in`."""
    what = _round(tuple(circle), "requires")
    why = "Each would have to be done before the other, so no roadmap could hold either."
    field = f"{at}.requires" if at else "requires"
    return BadRecord(file, field, what, why, "take out the one that is not needed first")


def _round(circle: tuple[str, ...], word: str) -> str:
    members = circle if len(circle) <= 9 else (*circle[:6], f"… ({len(circle) - 8:,} more) …", *circle[-2:])
    return f"{f' {word} '.join(members)}, which is a circle"


def link_faults(
    offer: Offer,
    offers: Collection[str],
    providers: Collection[str],
    file: str,
    left_out: Collection[str] = (),
    at: str = "",
) -> Iterator[BadRecord]:
    """Yield the providers and offers that an offer names and that are not in the catalogue.

    ``left_out`` are those that are known, but were refused for faults of their own; ``at`` says where in its
    file the offer is.
    """
    before = f"{at}." if at else ""
    if offer.provider and offer.provider not in providers:
        why = "The business would not be told who to turn to."
        remedy = f"add providers/{offer.provider}.yml, or name a provider that is there"
        yield BadRecord(file, f"{before}provider", f"{shown(offer.provider)} is not a provider", why, remedy)
    for field in ("requires", "leads_to", "excludes", "succeeded_by", "part_of"):
        value = getattr(offer, field)
        for id in (value,) if isinstance(value, str) else value or ():
            if id in left_out:
                yield leaning_fault(id, file, f"{before}{field}")
            elif id not in offers:
                why = "A roadmap could not follow the reference."
                remedy = "use the id of an offer, or take it out"
                yield BadRecord(file, f"{before}{field}", f"{shown(id)} is not an offer", why, remedy)
            elif id == offer.id:
                what, why = "the offer names itself", "It says nothing."
                yield BadRecord(file, f"{before}{field}", what, why, "take it out")


def leaning_fault(id: str, file: str, field: str) -> BadRecord:
    """Return the fault of a record that names one which was left out."""
    why = "Without the other record this one would be advised wrongly."
    return BadRecord(file, field, f"{shown(id)} was left out for faults of its own", why, f"mend {id} first")
