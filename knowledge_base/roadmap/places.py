"""The places a roadmap has to fill, which candidates may fill each, and who stands where."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from heapq import nsmallest
from typing import NamedTuple

from knowledge_base.roadmap.candidates import Candidate, Pool
from knowledge_base.roadmap.order import Ranking
from knowledge_base.roadmap.phases import phases_of
from knowledge_base.roadmap.suitability import CASH, KIND_ORDER, may_fill, wants_cash
from knowledge_base.words import PHASES

SHORTLISTED = 6


class Place(NamedTuple):
    """One place to fill: a need, in one phase or in any."""

    need: str
    phase: str | None


def places_of(needs: tuple[str, ...]) -> list[Place]:
    """Return a place for every need, one for the money where that is asked for, and one for every phase of
    the first need."""
    money = [Place("finance", "get_funded")] if "finance" in needs else []
    places = [
        *(Place(need, None) for need in needs),
        *money,
        *(Place(need, phase) for need in needs[:1] for phase in PHASES),
    ]
    return list(dict.fromkeys(places))


class Seating:
    """Which candidates of one pool may fill which places, by one ranking."""

    def __init__(self, pool: Pool, ranking: Ranking) -> None:
        self.pool, self.ranking = pool, ranking
        self.places = places_of(pool.needs)
        self.able = {place: self._able(place) for place in self.places}
        self._keep_events_back()
        self._options: dict[str, tuple[Place, ...]] = {}

    def shortlist(self, place: Place) -> tuple[str, ...]:
        """Return the best few candidates for a place; events for a need only where there is nothing else."""
        candidates, key = self.pool.candidates, self.ranking.key
        if place.phase is not None:
            main = [id for id in self.able[place] if candidates[id].phase == place.phase]
            others = self.able[place].difference(main)
            best = nsmallest(SHORTLISTED, main, key=key) + nsmallest(SHORTLISTED // 2, others, key=key)
            return tuple(best)
        serving = self.pool.serving.get(place.need, ())
        ids = [id for id in serving if candidates[id].offer.kind != "event"] or serving
        best = nsmallest(SHORTLISTED, ids, key=key)
        if len(self.pool.needs) > 1:
            best += nsmallest(SHORTLISTED, ids, key=lambda id: (-len(candidates[id].asked), key(id)))
        return tuple(dict.fromkeys(best))

    def seats(self, members: Collection[str]) -> Mapping[str, tuple[Place, ...]]:
        """Say which places each member fills: its main phase, or its next where a better member has that.

        It depends on the members alone, never on the order in which they were chosen.
        """
        required = {each for id in members for each in self.pool.candidates[id].offer.requires}
        taken: set[Place] = set()
        seated: dict[str, tuple[Place, ...]] = {}
        for id in sorted(members, key=self.ranking.key):
            options = self._places_for(id)
            main = [place for place in options if place.phase == self.pool.candidates[id].phase]
            free = [place for place in options if place not in taken]
            if id in required or not free or any(place not in taken for place in main):
                seated[id] = tuple(main)
            else:
                seated[id] = tuple([place for place in free if place.phase == free[0].phase])
            taken.update(seated[id])
        return seated

    def phase(self, id: str, seat: tuple[Place, ...]) -> str:
        """Return the phase a member stands in."""
        return (seat[0].phase if seat else None) or self.pool.candidates[id].phase

    def covered(self, members: Collection[str]) -> frozenset[Place]:
        """Return every place that the members fill together."""
        needs = {Place(need, None) for id in members for need in self.pool.candidates[id].asked}
        return frozenset(needs.union(*self.seats(members).values()))

    def _places_for(self, id: str) -> tuple[Place, ...]:
        if id not in self._options:
            self._options[id] = tuple(
                [place for place in self.places if place.phase is not None and id in self.able[place]]
            )
        return self._options[id]

    def _able(self, place: Place) -> frozenset[str]:
        if place.phase is None:
            return frozenset(self.pool.serving.get(place.need, ()))
        found = frozenset(self._good_enough(place.need, place.phase))
        if place.phase == "get_funded" and wants_cash(self.pool.needs, self.pool.situation.facts):
            cash = frozenset([id for id in found if self.pool.candidates[id].offer.kind in CASH])
            return cash or found
        return found

    def _good_enough(self, need: str, phase: str) -> Iterable[str]:
        for id in self.pool.serving.get(need, ()):
            candidate = self.pool.candidates[id]
            if not _stands_in(candidate, phase):
                continue
            own = candidate.phase == phase
            misfit = self.ranking.merits(id).misfit if own else self.ranking.misfit(candidate, phase)
            if may_fill(candidate, misfit, need, self.pool.situation.facts):
                yield id

    def _keep_events_back(self) -> None:
        """Let an event fill a phase only where people to meet were asked for, and after something else."""
        opened = False
        for place in (each for each in self.places if each.need == self.pool.needs[0] and each.phase):
            kinds = {id: self.pool.candidates[id].offer.kind for id in self.able[place]}
            others = frozenset([id for id, kind in kinds.items() if kind != "event"])
            if "peer_networks" not in self.pool.needs or not opened:
                self.able[place] = others
            opened = opened or bool(others)


def _stands_in(candidate: Candidate, phase: str) -> bool:
    """Say whether a phase is the main one of a candidate, or another of its own that its kind suits."""
    if phase == candidate.phase:
        return True
    offer = candidate.offer
    return not offer.requires and phase in phases_of(offer) and offer.kind in KIND_ORDER[phase]
