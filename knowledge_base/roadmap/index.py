"""A catalogue made ready once, so that each roadmap looks only at the offers it may use."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from knowledge_base.area_words import AreaCriteria, Areas
from knowledge_base.areas import AreaTree
from knowledge_base.assurance import has_lapsed
from knowledge_base.compiled import Compiled
from knowledge_base.records import Catalogue, Offer
from knowledge_base.roadmap.phases import phase_of
from knowledge_base.windows import usable
from knowledge_base.words import NEEDS

MOST_DAYS = 8  # days whose closed offers are remembered


@dataclass(frozen=True)
class CatalogueIndex:
    """Offers by need and by phase, who excludes whom, and how many areas lie within each area.

    Build it once a catalogue. ``places`` says by need where its offers stand among those compiled;
    ``grace_days`` how long an offer may be used after the hub's word for it ran out, None for ever.
    """

    catalogue: Catalogue
    tree: Areas
    named: AreaCriteria
    by_need: Mapping[str, tuple[Offer, ...]]
    excluded: Mapping[str, frozenset[str]]
    phases: Mapping[str, str]
    sizes: Mapping[str, int]
    compiled: Compiled
    places: Mapping[str, np.ndarray]
    for_brokers: frozenset[str]
    grace_days: int | None = None
    _closed: dict[date, frozenset[str]] = field(default_factory=dict, compare=False, repr=False)
    _lapsed: dict[date, frozenset[str]] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of(
        cls, catalogue: Catalogue, before: CatalogueIndex | None = None, grace_days: int | None = None
    ) -> CatalogueIndex:
        """Index a catalogue; where the areas are those of ``before``, their tree is not made again."""
        by_need: dict[str, list[Offer]] = {need: [] for need in NEEDS}
        excluded: defaultdict[str, set[str]] = defaultdict(set)
        for offer in catalogue.offers.values():
            for other in offer.excludes:
                excluded[offer.id].add(other)
                excluded[other].add(offer.id)
            if offer.status == "published":
                for need in dict.fromkeys(offer.needs):
                    by_need.setdefault(need, []).append(offer)
        if before is not None and before.catalogue.areas == catalogue.areas:
            tree, named, sizes = before.tree, before.named, before.sizes
        else:
            own = AreaTree(catalogue.areas)
            tree, named = own, AreaCriteria(own, catalogue.areas)
            sizes = {area: len(own.descendants(area)) for area in catalogue.areas}
        compiled = Compiled.of(catalogue.offers.values(), named)
        return cls(
            catalogue,
            tree,
            named,
            {need: tuple(offers) for need, offers in by_need.items()},
            {id: frozenset(others - {id}) for id, others in excluded.items()},
            {offer.id: phase_of(offer) for offer in catalogue.offers.values()},
            sizes,
            compiled,
            {
                need: np.array([compiled.places[offer.id] for offer in offers], np.int32)
                for need, offers in by_need.items()
            },
            frozenset(offer.id for offer in catalogue.offers.values() if offer.audience != "owner"),
            grace_days,
        )

    def closed(self, on: date) -> frozenset[str]:
        """Return the ids of the offers whose window has closed on a date."""
        found = self._closed.get(on)
        if found is None:
            offers = self.catalogue.offers.values()
            found = frozenset(offer.id for offer in offers if usable(offer.window, on).closed)
            if len(self._closed) >= MOST_DAYS:
                self._closed.clear()
            self._closed[on] = found
        return found

    def lapsed(self, on: date) -> frozenset[str]:
        """Return the ids of the offers the hub's word for which ran out longer ago than the grace."""
        found = self._lapsed.get(on)
        if found is None:
            offers = self.catalogue.offers.values() if self.grace_days is not None else ()
            found = frozenset(o.id for o in offers if has_lapsed(o.assured, on, self.grace_days))
            if len(self._lapsed) >= MOST_DAYS:
                self._lapsed.clear()
            self._lapsed[on] = found
        return found
