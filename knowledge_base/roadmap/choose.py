"""Choose the steps: from the candidates of a pool to the ids of the best set that keeps the rules.

A beam search over places to fill: one for every need, one for the money, one for every phase of the first
need. Each partial choice takes the best few candidates for the next place, or leaves it empty where none
fits. The same pool always gives the same choice.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from heapq import nsmallest
from typing import Any, NamedTuple

from knowledge_base.roadmap.candidates import Pool
from knowledge_base.roadmap.order import Ranking
from knowledge_base.roadmap.places import Place, Seating
from knowledge_base.roadmap.rules import MOST_STEPS, fits

BEAM = 6
SAME_KIND = 3
APART = 50


class Choice(NamedTuple):
    """A set of steps so far, with the sums that rank it."""

    members: frozenset[str]
    covered: frozenset[Place]
    uncertain: int
    distance: int
    misfit: int
    repays: int
    to_find: Decimal
    width: int
    finish: int


EMPTY = Choice(frozenset(), frozenset(), 0, 0, 0, 0, Decimal(0), 0, 0)


def choose(pool: Pool, ranking: Ranking) -> frozenset[str]:
    """Return the ids of the chosen steps, with all that they require and that is not done yet."""
    if not pool.needs:
        return frozenset()
    search = _Search(Seating(pool, ranking))
    found = [search.run(broad=False)]
    if len(pool.needs) > 1:
        found.append(search.run(broad=True))
    return min((search.pruned(choice) for choice in found), key=search.final).members


class _Search:
    def __init__(self, seating: Seating) -> None:
        self.seating, self.pool, self.ranking = seating, seating.pool, seating.ranking
        self.places = seating.places
        self.shortlists = {place: seating.shortlist(place) for place in self.places}
        self.excluded = self.pool.index.excluded
        self.known_areas: dict[str, frozenset[str]] = {}
        self.known_covers: dict[frozenset[str], frozenset[Place]] = {EMPTY.members: frozenset()}

    def _covered(self, members: frozenset[str]) -> frozenset[Place]:
        if members not in self.known_covers:
            self.known_covers[members] = self.seating.covered(members)
        return self.known_covers[members]

    def _unplaced(self, id: str) -> frozenset[str]:
        """Return the areas an offer is open in, where nobody can say yet whether the business is in them."""
        if id not in self.known_areas:
            candidate = self.pool.candidates[id]
            open_ = any(result.fact == "place" for result in candidate.assessment.unknown)
            self.known_areas[id] = frozenset(candidate.offer.areas) if open_ else frozenset()
        return self.known_areas[id]

    def run(self, broad: bool) -> Choice:
        """Fill the places in order. ``broad`` lets a choice that covers needs still to come go first."""
        beam = [EMPTY]
        for count, place in enumerate(self.places, 1):
            counted = frozenset(
                self.places if broad and count <= len(self.pool.needs) else self.places[:count]
            )
            following: dict[frozenset[str], Choice] = {}
            for choice in beam:
                extended = () if place in choice.covered else self._extended(choice, place)
                for each in (*extended, choice):
                    following.setdefault(each.members, each)
            beam = nsmallest(BEAM, following.values(), key=lambda choice: self._key(choice, counted))
        return beam[0]

    def _extended(self, choice: Choice, place: Place) -> list[Choice]:
        out = [each for id in self.shortlists[place] if (each := self._joined(choice, id, place))]
        if out or place.phase is not None or len(choice.members) >= MOST_STEPS:
            return out
        others = sorted(
            set(self.pool.serving[place.need]).difference(self.shortlists[place]), key=self.ranking.key
        )
        return [each for id in others if (each := self._joined(choice, id, place))][:1]

    def _joined(self, choice: Choice, id: str, place: Place) -> Choice | None:
        """Add an offer and what it brings along, or return None where the rules forbid it.

        Another phase of a need that is served already is not worth a step that only a business elsewhere
        could take.
        """
        fresh = [each for each in self.pool.candidates[id].bundle if each not in choice.members]
        if not fresh or not fits(choice.members, fresh, self.excluded, MOST_STEPS):
            return None
        if place.phase is not None and any(self._apart(choice, each) for each in fresh):
            return None
        return self._with(choice, fresh)

    def _with(self, choice: Choice, fresh: Iterable[str]) -> Choice:
        candidates = self.pool.candidates
        for id in fresh:
            merits = self.ranking.merits(id)
            offer = candidates[id].offer
            alike = sum(candidates[each].offer.kind == offer.kind for each in choice.members)
            choice = Choice(
                choice.members | {id},
                choice.covered,
                choice.uncertain + merits.uncertain,
                choice.distance + merits.distance,
                choice.misfit + merits.misfit + SAME_KIND * alike + APART * self._apart(choice, id),
                choice.repays + merits.repays,
                choice.to_find + merits.to_find,
                choice.width + merits.width,
                max(choice.finish, merits.finish),
            )
        return choice._replace(covered=self._covered(choice.members))

    def _apart(self, choice: Choice, id: str) -> int:
        """Count the steps that no place could have beside this one, while we do not know where it is."""
        areas = self._unplaced(id)
        if not areas:
            return 0
        others = filter(None, map(self._unplaced, choice.members))
        return sum(self.pool.index.tree.standing(other, areas) is False for other in others)

    def _key(self, choice: Choice, counted: frozenset[Place]) -> tuple[Any, ...]:
        filled = choice.covered & counted
        needs = sum(place.phase is None for place in filled)
        return (-needs, needs - len(filled), *choice[2:], len(choice.members), sorted(choice.members))

    def final(self, choice: Choice) -> tuple[Any, ...]:
        """Rank a finished choice."""
        return self._key(choice, frozenset(self.places))

    def pruned(self, choice: Choice) -> Choice:
        """Leave out, worst first, every step that covers nothing by itself and no other step requires."""
        for id in sorted(choice.members, key=self.ranking.key, reverse=True):
            rest = choice.members - {id}
            if any(id in self.pool.candidates[each].bundle for each in rest):
                continue
            fewer = self._with(EMPTY, sorted(rest))
            if fewer.covered >= choice.covered:
                choice = fewer
        return choice
