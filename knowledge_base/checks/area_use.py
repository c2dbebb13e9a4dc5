"""Areas that no business can be found in, and areas that nothing uses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from knowledge_base.areas import AreaTree, starter_areas
from knowledge_base.checks.finding import Finding
from knowledge_base.checks.held import Held
from knowledge_base.place_names import city_names, key_of, own_names, read_table
from knowledge_base.records import Area
from knowledge_base.references import areas_named


def area_findings(held: Held) -> Iterator[Finding]:
    """Yield areas that no town or postcode leads to, and areas that nothing uses."""
    if held.tree is None:
        return
    used = _used(held)
    lived_in = _lived_in(held.areas, held.tree)
    parents = {parent for area in held.areas.values() for parent in area.within}
    for code in held.areas:
        if code in lived_in or key_of(held.areas[code].name) in city_names():
            continue
        if code in used:
            heading = "no town or postcode that we know lies in it"
            why = f"Only who writes {held.areas[code].name!r} itself is found to be there."
            remedy = "add its towns to content/places/towns.yml, or its postcodes to uk_postcodes.yml"
            yield Finding(held.areas_file, code, heading, why, remedy, "info")
        elif code not in parents and held.all_read:
            heading = "no offer, provider, hub or place uses this area"
            why = "It is one more to keep, and to choose from."
            yield Finding(held.areas_file, code, heading, why, "take it out, or say what is in it", "info")


def _used(held: Held) -> set[str]:
    used = {area for hub in held.hubs.values() for area in hub.areas}
    used |= {area for provider in held.providers.values() for area in provider.areas}
    for offer in held.offers.values():
        used |= {*offer.areas, *(area for _, area in areas_named(offer.criteria))}
    return used


def _lived_in(areas: Mapping[str, Area], tree: AreaTree) -> frozenset[str]:
    """Return the areas that some town or postcode lies in, in the codes of a catalogue."""
    ours = starter_areas()
    by_name = {key_of(area.name): code for code, area in areas.items()}
    found: set[str] = set()
    for code in _placed():
        here = code if code in areas else by_name.get(key_of(ours[code].name)) if code in ours else None
        if here is not None:
            found |= tree.ancestors(here)
    return frozenset(found)


@cache
def _placed() -> frozenset[str]:
    """Return every area that a town or postcode of our tables lies in, with the areas around it."""
    ours = AreaTree(starter_areas())
    found = {code for meanings in city_names().values() for meaning in meanings for code in meaning.areas}
    found |= {code for meanings in own_names().values() for m in meanings if m.level for code in m.areas}
    for groups in read_table("uk_postcodes.yml").values():
        found |= {code for codes in groups for code in codes.split()}
    return frozenset().union(*(ours.ancestors(code) for code in found))
