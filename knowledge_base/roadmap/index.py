"""A catalogue made ready once, so that each roadmap looks only at the offers it may use."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from knowledge_base.area_words import AreaCriteria, Areas
from knowledge_base.areas import AreaTree
from knowledge_base.records import Catalogue, Offer
from knowledge_base.roadmap.phases import phase_of
from knowledge_base.words import NEEDS


@dataclass(frozen=True)
class CatalogueIndex:
    """Offers by need and by phase, who excludes whom, and how many areas lie within each area.

    Build it once a catalogue.
    """

    catalogue: Catalogue
    tree: Areas
    named: AreaCriteria
    by_need: Mapping[str, tuple[Offer, ...]]
    excluded: Mapping[str, frozenset[str]]
    phases: Mapping[str, str]
    sizes: Mapping[str, int]

    @classmethod
    def of(cls, catalogue: Catalogue) -> CatalogueIndex:
        by_need: dict[str, list[Offer]] = {need: [] for need in NEEDS}
        excluded: defaultdict[str, set[str]] = defaultdict(set)
        for offer in catalogue.offers.values():
            for other in offer.excludes:
                excluded[offer.id].add(other)
                excluded[other].add(offer.id)
            if offer.status == "published":
                for need in dict.fromkeys(offer.needs):
                    by_need.setdefault(need, []).append(offer)
        tree = AreaTree(catalogue.areas)
        return cls(
            catalogue,
            tree,
            AreaCriteria(tree, catalogue.areas),
            {need: tuple(offers) for need, offers in by_need.items()},
            {id: frozenset(others - {id}) for id, others in excluded.items()},
            {offer.id: phase_of(offer) for offer in catalogue.offers.values()},
            {area: len(tree.descendants(area)) for area in catalogue.areas},
        )
