"""Which of two roadmaps is the better one: the order in which their merits count.

`Merits` compare as tuples, the smaller the better: more needs and phases covered, fewer uncertain steps,
closer to the owner's words, better suited (see `suitability`), less to find and repay, nearer, earlier
finish, fewer steps, and the ids, so that there is never a draw.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from knowledge_base.roadmap.candidates import Candidate, Pool
from knowledge_base.roadmap.suitability import ASKABLE, breadth_of, is_described, is_other_size, misfit

ZERO = Decimal(0)
ANYWHERE = 10**6
REPAID = frozenset({"loan", "guarantee", "equity"})


class Merits(NamedTuple):
    """How one candidate does by itself. ``distance`` and ``misfit`` are penalties; ``repays`` counts it if
    it must be repaid or takes a share; ``to_find`` is its known price; ``width`` how many areas it is open
    in, where the place is known; ``finish`` an ordinal day."""

    uncertain: int
    distance: int
    misfit: int
    repays: int
    to_find: Decimal
    width: int
    finish: int


@dataclass
class Ranking:
    """Merits of the candidates of one pool, each worked out once.

    ``closeness`` says from 0 to 1 how near each offer is to the owner's words; it counts in tenths, as
    smaller differences are noise. ``hopeful`` takes every answer still to be asked for as the best one.
    """

    pool: Pool
    closeness: Mapping[str, float] | None = None
    hopeful: bool = False
    _merits: dict[str, Merits] = field(default_factory=dict)
    _alone: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    _breadths: dict[tuple[str, ...], int] = field(default_factory=dict)

    def hoping(self) -> Ranking:
        """Return the hopeful ranking of the same pool, keeping what no answer can change."""
        settled = {
            id: each for id, each in self._merits.items() if not self.pool.candidates[id].assessment.unknown
        }
        return Ranking(self.pool, self.closeness, True, settled)

    def merits(self, id: str) -> Merits:
        """Return the merits of one candidate by itself, apart from what it requires."""
        if id not in self._merits:
            self._merits[id] = self._work_out(self.pool.candidates[id])
        return self._merits[id]

    def key(self, id: str, chosen: Collection[str] = ()) -> tuple[Any, ...]:
        """Order candidates for one place: the merits of all that an offer brings along, then its id."""
        bundle = self.pool.candidates[id].bundle
        if len(bundle) == 1:
            if id not in self._alone:
                self._alone[id] = (*self.merits(id), 1, id)
            return self._alone[id]
        fresh = [self.merits(each) for each in bundle if each not in chosen]
        *sums, _ = zip(*fresh, strict=True) if fresh else ((), (), (), (), (), (), ())
        return (*(sum(each) for each in sums), self.merits(id).finish, len(fresh), id)

    def _work_out(self, candidate: Candidate) -> Merits:
        offer = candidate.offer
        amount = offer.amount
        return Merits(
            uncertain=self._uncertain(candidate),
            distance=10 - round(10 * min(1.0, max(0.0, self.closeness.get(offer.id, 0.0))))
            if self.closeness
            else 0,
            misfit=self.misfit(candidate, candidate.phase),
            width=self._width(offer.areas),
            repays=offer.kind in REPAID,
            to_find=amount.cost_to_business or ZERO,
            finish=candidate.ends.toordinal(),
        )

    def misfit(self, candidate: Candidate, phase: str) -> int:
        """Return what speaks against a candidate as a step of one phase; see `suitability`."""
        areas = candidate.offer.areas
        if areas not in self._breadths:
            self._breadths[areas] = breadth_of(areas, self.pool, self.hopeful)
        return misfit(candidate, phase, self.pool, self._breadths[areas], self.hopeful)

    def _width(self, areas: tuple[str, ...]) -> int:
        if self.pool.situation.place is None:
            return 0
        return min([self.pool.index.sizes.get(area, 1) for area in areas], default=ANYWHERE)

    def _uncertain(self, candidate: Candidate) -> int:
        """Count an unsure candidate, unless its record is unsure only for want of facts untold, and one that
        brings another sum than the one looked for."""
        if is_other_size(candidate.offer, self.pool.situation.facts.get("amount")):
            return 1
        if not candidate.unsure or is_described(candidate.assessment):
            return 0
        return int(not (self.hopeful and _may_settle(candidate)))


def _may_settle(candidate: Candidate) -> bool:
    return all(each.note in ASKABLE for each in candidate.assessment.unknown)
