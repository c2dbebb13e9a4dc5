"""The records that the checks look at, and where a curator finds each of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property

from knowledge_base.areas import AreaTree, BadAreas, starter_areas
from knowledge_base.checks.finding import Finding, Severity
from knowledge_base.hubs import Hub
from knowledge_base.records import Area, Offer, Provider
from knowledge_base.references import area_faults
from knowledge_base.windows import usable


@dataclass(frozen=True)
class Held:
    """Records, drafts too, seen on one date.

    ``files`` and ``at`` say where each offer is written: its file, and the place in it where that holds
    several. Without them, as for the records of a database, an offer is ``offers/<id>``. ``hubs`` are by
    their file.
    """

    offers: Mapping[str, Offer]
    providers: Mapping[str, Provider]
    areas: Mapping[str, Area]
    hubs: Mapping[str, Hub]
    on: date
    files: Mapping[str, str] = field(default_factory=dict)
    at: Mapping[str, str] = field(default_factory=dict)
    ending: str = ""
    areas_file: str = "areas"
    all_read: bool = True

    @cached_property
    def tree(self) -> AreaTree | None:
        """The tree of areas, or None where the areas make none (which is a fault of its own)."""
        if next(area_faults(self.areas, ""), None) is not None:
            return None
        try:
            return AreaTree(self.areas)
        except BadAreas:
            return None

    @cached_property
    def live(self) -> frozenset[str]:
        """The offers that are published and not closed."""
        return frozenset(
            o.id
            for o in self.offers.values()
            if o.status == "published" and not usable(o.window, self.on).closed
        )

    def finding(
        self, id: str, field: str, heading: str, why: str, remedy: str, severity: Severity
    ) -> Finding:
        """Say what was found in one offer, where it is written."""
        return Finding(self.file(id), self.path(id, field), heading, why, remedy, severity)

    def file(self, id: str) -> str:
        return self.files.get(id) or f"offers/{id}{self.ending}"

    def path(self, id: str, field: str) -> str:
        at = self.at.get(id, "")
        return f"{at}.{field}" if at and field else at or field

    def provider_file(self, id: str) -> str:
        return f"providers/{id}{self.ending}"

    def apart(self, one: tuple[str, ...], other: tuple[str, ...]) -> bool:
        """Say whether surely no place lies in an area of both; no areas at all is everywhere."""
        if not one or not other or self.tree is None:
            return False
        known = all(area in self.tree for area in (*one, *other))
        return known and not any(self._overlap(self.tree, a, b) for a in one for b in other)

    def _overlap(self, tree: AreaTree, one: str, other: str) -> bool:
        # A catalogue may know two hubs and not the city that belongs to both; we know it.
        ours = _starter_tree()
        return tree.overlap(one, other) or (one in ours and other in ours and ours.overlap(one, other))


@cache
def _starter_tree() -> AreaTree:
    return AreaTree(starter_areas())
