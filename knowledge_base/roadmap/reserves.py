"""Find, for a step that can fall through, another offer that could stand in its place."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from knowledge_base.roadmap.candidates import Candidate, Pool
from knowledge_base.roadmap.order import Ranking
from knowledge_base.roadmap.rules import fits, required_by
from knowledge_base.roadmap.suitability import CASH

COMPETITIVE = frozenset({"grant", "award", "equity", "voucher"})
DATED = frozenset({"dated", "annual"})


def can_fall_through(candidate: Candidate) -> bool:
    """Say whether a step is dated, is given to some who ask and not to others, or is unsure."""
    offer = candidate.offer
    return candidate.unsure or offer.kind in COMPETITIVE or is_dated(candidate)


def is_dated(candidate: Candidate) -> bool:
    """Say whether a step depends on a day: a dated or yearly window, or one with a closing day."""
    return candidate.offer.window.status in DATED or candidate.window.apply_by is not None


def reserves(
    pool: Pool, ranking: Ranking, order: Sequence[str], needs: Mapping[str, Collection[str]]
) -> dict[str, str]:
    """Return, by step, the id of its reserve; ``order`` holds the steps and ``needs`` what each is for.

    A reserve serves a need of the step and is no step itself. In the step's place the rules still hold:
    what it requires is done or comes earlier, it excludes no other step, and no other step requires the
    step it replaces. One that is no other step's reserve is preferred.
    """
    requires = {id: pool.candidates[id].offer.requires for id in order}
    found: dict[str, str] = {}
    for place, id in enumerate(order):
        if not can_fall_through(pool.candidates[id]) or required_by(requires, id):
            continue
        others = frozenset(order) - {id}
        earlier = frozenset(order[:place])
        usable = [
            other
            for other in dict.fromkeys(each for need in needs[id] for each in pool.serving.get(need, ()))
            if other not in requires and _stands_in(pool, other, earlier, others)
        ]
        if usable:
            taken = frozenset(found.values())
            found[id] = min(usable, key=_Preference(pool, ranking, id, needs[id], taken))
    return found


class _Preference:
    def __init__(
        self, pool: Pool, ranking: Ranking, step: str, needs: Collection[str], taken: frozenset[str]
    ) -> None:
        self.pool, self.ranking, self.step, self.needs, self.taken = pool, ranking, step, needs, taken

    def __call__(self, other: str) -> tuple[Any, ...]:
        step, reserve = self.pool.candidates[self.step], self.pool.candidates[other]
        shared = sum(need in reserve.offer.needs for need in self.needs)
        other_money = step.offer.kind in CASH and reserve.offer.kind not in CASH
        return other in self.taken, other_money, -shared, reserve.phase != step.phase, self.ranking.key(other)


def _stands_in(pool: Pool, other: str, earlier: frozenset[str], others: frozenset[str]) -> bool:
    *before, _ = pool.candidates[other].bundle
    return earlier.issuperset(before) and fits(others, (other,), pool.index.excluded)
