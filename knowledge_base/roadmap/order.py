"""Which of two roadmaps is the better one: the order in which their merits count.

`Merits` compare as tuples, the smaller the better: more needs and phases covered, fewer uncertain steps,
closer to the owner's words, better suited (see `suitability`), less to find and repay, earlier finish,
fewer steps, and the ids, so that there is never a draw.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from knowledge_base.eligibility import Result
from knowledge_base.fact_tests import COARSE, NOT_FOUND, UNTOLD
from knowledge_base.profile import MoneySpan
from knowledge_base.records import Offer
from knowledge_base.roadmap.candidates import Candidate, Pool

ZERO = Decimal(0)
REPAID = frozenset({"loan", "guarantee", "equity"})
ASKABLE = frozenset({UNTOLD, COARSE, NOT_FOUND})

KIND_ORDER = {
    "get_clear": ("diagnostic", "advice", "mentoring", "toolkit", "training", "event", "network"),
    "get_ready": (
        "training",
        "mentoring",
        "research_collaboration",
        "advice",
        "facility",
        "network",
        "event",
    ),
    "get_funded": ("grant", "voucher", "tax_relief", "loan", "guarantee", "equity", "advice", "award"),
    "get_going": (
        "mentoring",
        "advice",
        "training",
        "network",
        "research_collaboration",
        "facility",
        "event",
    ),
}
OWN_KIND = {
    "peer_networks": ("network", "event", "mentoring"),
    "premises": ("facility",),
    "research_collaboration": ("research_collaboration",),
    "skills_leadership": ("training", "mentoring"),
    "finance": ("grant", "voucher", "loan", "tax_relief", "equity", "guarantee"),
}


class Merits(NamedTuple):
    """How one candidate does by itself. ``distance`` and ``misfit`` are penalties; ``repays`` counts it if
    it must be repaid or takes a share; ``to_find`` is its known price; ``finish`` an ordinal day."""

    uncertain: int
    distance: int
    misfit: int
    repays: int
    to_find: Decimal
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
        *sums, _ = zip(*fresh, strict=True) if fresh else ((), (), (), (), (), ())
        return (*(sum(each) for each in sums), self.merits(id).finish, len(fresh), id)

    def _work_out(self, candidate: Candidate) -> Merits:
        offer = candidate.offer
        amount = offer.amount
        return Merits(
            uncertain=int(candidate.unsure and not (self.hopeful and _may_settle(candidate))),
            distance=10 - round(10 * min(1.0, max(0.0, self.closeness.get(offer.id, 0.0))))
            if self.closeness
            else 0,
            misfit=self._misfit(candidate),
            repays=offer.kind in REPAID,
            to_find=amount.cost_to_business or ZERO,
            finish=candidate.ends.toordinal(),
        )

    def _misfit(self, candidate: Candidate) -> int:
        """Add up what a good adviser would hold against an offer; nothing here looks at who provides it."""
        offer, window = candidate.offer, candidate.window
        asked = candidate.asked
        order = KIND_ORDER[candidate.phase]
        misfit = 2 * (order.index(offer.kind) if offer.kind in order else len(order))
        if any(offer.kind in OWN_KIND.get(need, ()) for need in asked):
            misfit -= 6
        if offer.areas not in self._breadths:
            self._breadths[offer.areas] = self._breadth(offer.areas)
        misfit += 2 * self._breadths[offer.areas]
        share = len(asked) / len(offer.needs) if offer.needs else 0
        misfit += 0 if share >= 0.5 else 2 if share >= 0.3 else 4
        misfit -= 2 * min(2, self._tailored(candidate))
        misfit += {True: 0, False: 2, None: 4}[window.open_now]
        if (candidate.starts - self.pool.on).days > 180:
            misfit += 4
        deadline = self.pool.situation.facts.get("deadline")
        if deadline is not None and candidate.starts > deadline:
            misfit += 12
        if _other_size(offer, self.pool.situation.facts.get("amount")):
            misfit += 6
        assured = offer.assured
        return misfit + int(assured is None or assured.until < self.pool.on)

    def _breadth(self, areas: tuple[str, ...]) -> int:
        """Return 0 for an offer of the business's own town or hub area, up to 3 for one open anywhere.

        While nobody can say whether the business is in an area, the wider is the likelier: 1 for a
        country, up to 4 for a town.
        """
        if not areas:
            return 3
        tree, place = self.pool.index.tree, self.pool.situation.place
        around = [tree.ancestors(area) for area in place.areas] if place is not None else []
        here = frozenset.intersection(*around) if around else frozenset[str]()
        certain = [area for area in areas if area in here]
        depth = max(len(tree.ancestors(area)) for area in certain or areas)
        hoped = self.hopeful and "place" not in self.pool.situation.profile.refused
        return 4 - min(4, depth) if certain or hoped else min(4, depth)

    def _tailored(self, candidate: Candidate) -> int:
        """Count the conditions, besides place, that the business is known to meet: it is who this is for."""
        found = candidate.assessment.criteria
        return sum(
            [
                each.fact != "place"
                and (each.result is Result.MET or (self.hopeful and each.note in ASKABLE))
                for each in found
            ]
        )


def _other_size(offer: Offer, wanted: MoneySpan | None) -> bool:
    """Say whether an offer brings less than the amount looked for, or no less than more than it."""
    amount = offer.amount
    if wanted is None or amount.meaning == "price" or amount.currency != wanted.currency:
        return False
    too_little = amount.max is not None and wanted.low is not None and amount.max < wanted.low
    return too_little or (amount.min is not None and wanted.high is not None and amount.min > wanted.high)


def _may_settle(candidate: Candidate) -> bool:
    return all(each.note in ASKABLE for each in candidate.assessment.unknown)
