"""Whether the records of a catalogue hold together: what one names is there, and nothing runs in circles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from knowledge_base.faults import BadRecord, shown
from knowledge_base.records import Area, Criterion, Offer, Provider, Within


def cycle_in(graph: Mapping[str, Iterable[str]]) -> tuple[str, ...] | None:
    """Return one circle in a graph, its first member repeated at the end, or None where there is none."""
    done: set[str] = set()
    for start in graph:
        path: dict[str, Iterator[str]] = {}
        if start not in done:
            path[start] = iter(graph[start])
        while path:
            node = next(reversed(path))
            following = next((n for n in path[node] if n in graph and n not in done), None)
            if following is None:
                done.add(node)
                del path[node]
            elif following in path:
                members = list(path)
                return (*members[members.index(following) :], following)
            else:
                path[following] = iter(graph[following])
    return None


def areas_named(criteria: Iterable[Criterion], at: str = "criteria") -> Iterator[tuple[str, str]]:
    """Yield each area that criteria test for, with the path of the field that names it."""
    for i, criterion in enumerate(criteria):
        if isinstance(criterion.test, Within):
            for code in sorted(criterion.test.areas):
                yield f"{at}[{i}].within", code
        yield from areas_named(criterion.any_of, f"{at}[{i}].any_of")


def area_faults(areas: Mapping[str, Area], file: str) -> Iterator[BadRecord]:
    """Yield areas that lie in an unknown one, or in themselves."""
    for area in areas.values():
        for code in area.within:
            if code not in areas:
                yield BadRecord(file, f"{area.code}.within", *_unknown_area(code))
    circle = cycle_in({area.code: area.within for area in areas.values()})
    if circle:
        what = f"{' lies within '.join(circle)}, which is a circle"
        why = "A place in it would have no end of areas around it."
        yield BadRecord(file, f"{circle[0]}.within", what, why, "take out the one that is not the larger")


def place_faults(offer: Offer, areas: Mapping[str, Area], file: str, at: str = "") -> Iterator[BadRecord]:
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
    circle = cycle_in({offer.id: offer.requires for offer in offers.values()})
    return circle_fault(circle, files[circle[0]]) if circle else None


def circle_fault(circle: Iterable[str], file: str) -> BadRecord:
    """Return the fault of offers that require each other, as found by `cycle_in`."""
    what = f"{' requires '.join(circle)}, which is a circle"
    why = "Each would have to be done before the other, so no roadmap could hold either."
    return BadRecord(file, "requires", what, why, "take out the one that is not needed first")


def link_faults(
    offer: Offer, offers: Mapping[str, Offer], providers: Mapping[str, Provider], file: str
) -> Iterator[BadRecord]:
    """Yield the providers and offers that an offer names and that are not in the catalogue."""
    if offer.provider and offer.provider not in providers:
        why = "The business would not be told who to turn to."
        remedy = f"add providers/{offer.provider}.yml, or name a provider that is there"
        yield BadRecord(file, "provider", f"{shown(offer.provider)} is not a provider", why, remedy)
    for field in ("requires", "leads_to", "excludes", "succeeded_by", "part_of"):
        value = getattr(offer, field)
        for id in (value,) if isinstance(value, str) else value or ():
            if id not in offers:
                why = "A roadmap could not follow the reference."
                remedy = "use the id of an offer, or take it out"
                yield BadRecord(file, field, f"{shown(id)} is not an offer", why, remedy)
            elif id == offer.id:
                yield BadRecord(file, field, "the offer names itself", "It says nothing.", "take it out")
