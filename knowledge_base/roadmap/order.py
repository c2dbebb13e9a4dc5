"""Which of two roadmaps is the better one: the order in which their merits count.

A `Score` compares as a tuple, the smaller the better: more needs served, those named first before others,
fewer of them by no more than an event, no two steps that no one place could have, more places filled (a
phase of the first need, the money where it is asked for), fewer uncertain steps, more phases of the whole
way with a step for any of the needs, what the owner wished for, better suited (see `suitability`) and closer
to the owner's words, less to repay and to find, nearer, earlier finish, fewer steps, and the ids, so that
there is never a draw.
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
SAME_KIND = 3
SECOND_PHASE = 1
WEIGHED = 6  # needs, of those named first
FAR_FROM_WORDS = 2  # for each tenth


class Score(NamedTuple):
    """How good a whole roadmap is; of two, the smaller is the better one.

    ``named_first`` weighs the needs missed, each twice as much as the next, of the first six; ``only_events``
    counts needs that something lasting could have served; ``apart`` pairs of steps that no
    one place could have; ``places_empty`` phases of the first need, and the money asked for, without a
    step; ``way_empty`` phases without a step for any need at all; ``to_find`` sums the known prices, one
    for each currency of the candidates, in order of its code; ``finish`` adds up the days
    until each step is done; ``phases`` are those of ``ids``, in the same order.
    """

    needs_missed: int
    named_first: int
    only_events: int
    apart: int
    places_empty: int
    uncertain: int
    way_empty: int
    wish: int
    misfit: int
    repays: int
    to_find: tuple[Decimal, ...]
    width: int
    finish: int
    steps: int
    ids: tuple[str, ...]
    phases: tuple[int, ...]


class Merits(NamedTuple):
    """How one candidate does by itself in its main phase.

    ``wish`` and ``misfit`` are penalties; ``repays`` counts it if it must be repaid or takes a share;
    ``to_find`` is its known price, by currency as in `Score`; ``width`` how many areas it is open in, where
    the place is known; ``finish`` how many days it is until it is done.
    """

    uncertain: int
    wish: int
    misfit: int
    repays: int
    to_find: tuple[Decimal, ...]
    width: int
    finish: int


@dataclass
class Ranking:
    """Merits of the candidates of one pool, each worked out once.

    ``closeness`` says from 0 to 1 how near each offer is to the owner's words; what it does not name lies in
    the middle. ``wish`` says in the same way how well each answers what the owner asked to have first.
    ``hopeful`` takes every answer still to be asked for as the best one.
    """

    pool: Pool
    closeness: Mapping[str, float] | None = None
    wish: Mapping[str, float] | None = None
    hopeful: bool = False
    _merits: dict[str, Merits] = field(default_factory=dict)
    _alone: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    _breadths: dict[tuple[str, ...], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        amounts = (candidate.offer.amount for candidate in self.pool.candidates.values())
        self.currencies = tuple(sorted({each.currency or "" for each in amounts if each.cost_to_business}))
        self.free = (ZERO,) * len(self.currencies)

    def hoping(self) -> Ranking:
        """Return the hopeful ranking of the same pool, keeping what no answer can change."""
        settled = {
            id: each for id, each in self._merits.items() if not self.pool.candidates[id].assessment.unknown
        }
        return Ranking(self.pool, self.closeness, self.wish, True, settled)

    def merits(self, id: str) -> Merits:
        """Return the merits of one candidate by itself, apart from what it requires."""
        if id not in self._merits:
            self._merits[id] = self._work_out(self.pool.candidates[id])
        return self._merits[id]

    def misfit_in(self, id: str, phase: str) -> int:
        """Return the misfit of a candidate as a step of one phase, be it its main one or another."""
        candidate = self.pool.candidates[id]
        if phase == candidate.phase:
            return self.merits(id).misfit
        return self.misfit(candidate, phase) + SECOND_PHASE

    def key(self, id: str, chosen: Collection[str] = ()) -> tuple[Any, ...]:
        """Order candidates for one place: the merits of all that an offer brings along, then its id."""
        bundle = self.pool.candidates[id].bundle
        if len(bundle) == 1:
            if id not in self._alone:
                self._alone[id] = (*self.merits(id), 1, id)
            return self._alone[id]
        fresh = [self.merits(each) for each in bundle if each not in chosen]
        return (
            sum(each.uncertain for each in fresh),
            sum(each.wish for each in fresh),
            sum(each.misfit for each in fresh),
            sum(each.repays for each in fresh),
            added((each.to_find for each in fresh), self.free),
            sum(each.width for each in fresh),
            sum(each.finish for each in fresh),
            len(fresh),
            id,
        )

    def _work_out(self, candidate: Candidate) -> Merits:
        offer = candidate.offer
        return Merits(
            uncertain=self._uncertain(candidate),
            wish=_tenths(1.0 - self.wish.get(offer.id, 0.0)) if self.wish else 0,
            misfit=self.misfit(candidate, candidate.phase),
            repays=int(offer.kind in REPAID),
            to_find=self._price(candidate),
            width=self._width(offer.areas),
            finish=(candidate.ends - self.pool.on).days,
        )

    def misfit(self, candidate: Candidate, phase: str) -> int:
        """Return what speaks against a candidate as a step of one phase, and how far it is from the words."""
        areas = candidate.offer.areas
        if areas not in self._breadths:
            self._breadths[areas] = breadth_of(areas, self.pool, self.hopeful)
        found = misfit(candidate, phase, self.pool, self._breadths[areas], self.hopeful)
        return found + self.far(candidate.offer.id)

    def far(self, id: str) -> int:
        """Return what being far from the owner's words adds to the misfit of a candidate."""
        if not self.closeness:
            return 0
        return FAR_FROM_WORDS * _tenths(1.0 - self.closeness.get(id, 0.5))

    def _price(self, candidate: Candidate) -> tuple[Decimal, ...]:
        amount = candidate.offer.amount
        if not amount.cost_to_business:
            return self.free
        own = amount.currency or ""
        return tuple([amount.cost_to_business if each == own else ZERO for each in self.currencies])

    def _width(self, areas: tuple[str, ...]) -> int:
        if self.pool.situation.place is None:
            return 0
        return min([self.pool.index.sizes.get(area, 1) for area in areas], default=ANYWHERE)

    def _uncertain(self, candidate: Candidate) -> int:
        """Count an unsure candidate, unless its record is unsure only for want of facts untold, and one that
        brings another sum than the one looked for."""
        if is_other_size(candidate.offer, self.pool):
            return 1
        if not candidate.unsure or is_described(candidate.assessment):
            return 0
        return int(not (self.hopeful and _may_settle(candidate)))


def weight_of(need: int) -> int:
    """Return how much a need weighs for being named early; ``need`` is its place among them."""
    return 1 << WEIGHED - 1 - need if need < WEIGHED else 0


def added(sums: Any, start: tuple[Decimal, ...]) -> tuple[Decimal, ...]:
    """Add prices currency by currency, never across."""
    for each in sums:
        start = tuple(one + other for one, other in zip(start, each, strict=True))
    return start


def _tenths(share: float) -> int:
    """Count in tenths, as smaller differences are noise."""
    return round(10 * min(1.0, max(0.0, share)))


def _may_settle(candidate: Candidate) -> bool:
    return all(each.note in ASKABLE for each in candidate.assessment.unknown)
