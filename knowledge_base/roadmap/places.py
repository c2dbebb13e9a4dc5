"""The places a roadmap has to fill, which candidates may fill each, and in which phases one may stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from knowledge_base.eligibility import Result
from knowledge_base.roadmap.candidates import Candidate, Pool
from knowledge_base.roadmap.order import SAME_KIND, Ranking, Score, added, weight_of
from knowledge_base.roadmap.phases import PHASE_ORDER, phases_of
from knowledge_base.roadmap.suitability import CASH, KIND_ORDER, may_fill, may_help_on, wants_cash
from knowledge_base.words import PHASES

MEETINGS = "peer_networks"
ANY = "any of the needs"


class Place(NamedTuple):
    """One place to fill: a need, in one phase or in any; or, ``lasting``, a need by more than an event.

    ``need`` may be `ANY`: a phase of the way that a step for any of the needs fills.
    """

    need: str
    phase: str | None = None
    lasting: bool = False


def places_of(needs: tuple[str, ...]) -> list[Place]:
    """Return a place for every need, one for the money where that is asked for, and one for every phase of
    the first need; where there are several needs, one for every phase of the whole way too."""
    money = [Place("finance", "get_funded")] if "finance" in needs else []
    places = [
        *(Place(need) for need in needs),
        *money,
        *(Place(need, phase) for need in needs[:1] for phase in PHASES),
        *(Place(ANY, phase) for phase in PHASES if len(needs) > 1),
    ]
    return list(dict.fromkeys(places))


class Seating:
    """Which candidates of one pool may fill which places, by one ranking."""

    def __init__(self, pool: Pool, ranking: Ranking) -> None:
        self.pool, self.ranking = pool, ranking
        self.places = places_of(pool.needs)
        self.able = {place: self._able(place) for place in self.places}
        self._keep_events_back()
        self._ask_for_more_than_events()
        self._phased = [place for place in self.places if place.phase is not None]
        self._lasting = [place for place in self.places if place.lasting]
        self._apart: dict[str, frozenset[str]] = {}

    def phases(self, id: str) -> tuple[str, ...]:
        """Return the phases a candidate may stand in: its main one, then others where it fills a place."""
        main = self.pool.candidates[id].phase
        others = [
            each.phase for each in self._phased if each.phase not in (None, main) and id in self.able[each]
        ]
        return (main, *[phase for phase in PHASES if phase in others])

    def covers(self, id: str, phase: str) -> frozenset[Place]:
        """Return the places a candidate fills when it stands in a phase."""
        asked = self.pool.candidates[id].asked
        return frozenset(
            [
                *(Place(need) for need in asked),
                *(each for each in self._lasting if each.need in asked and id in self.able[each]),
                *(each for each in self._phased if each.phase == phase and id in self.able[each]),
            ]
        )

    def unplaced(self, id: str) -> frozenset[str]:
        """Return the areas an offer is open in, where nobody can say yet whether the business is in them."""
        if id not in self._apart:
            offer, assessment = self.pool.candidates[id].offer, self.pool.candidates[id].assessment
            open_ = bool(offer.areas) and assessment.criteria[0].result is Result.UNKNOWN
            self._apart[id] = frozenset(offer.areas) if open_ else frozenset()
        return self._apart[id]

    def apart(self, one: str, other: str) -> bool:
        """Say whether no place could have both offers, while we do not know where the business is."""
        areas, others = self.unplaced(one), self.unplaced(other)
        return bool(areas and others) and self.pool.index.tree.standing(others, areas) is False

    def score(self, seats: Mapping[str, str]) -> Score:
        """Score a whole roadmap, given as the phase of each step, as plainly as the order is written."""
        ids = sorted(seats)
        merits = [self.ranking.merits(id) for id in ids]
        covered = frozenset().union(*(self.covers(id, seats[id]) for id in ids))
        empty = [place for place in self.places if place not in covered]
        pairs = [(one, other) for n, one in enumerate(ids) for other in ids[n + 1 :]]
        alike = sum(self._kind(one) == self._kind(other) for one, other in pairs)
        return Score(
            needs_missed=sum(place.phase is None and not place.lasting for place in empty),
            named_first=sum(
                weight_of(self.pool.needs.index(place.need))
                for place in empty
                if place.phase is None and not place.lasting
            ),
            only_events=sum(place.lasting for place in empty),
            apart=sum(self.apart(*pair) for pair in pairs),
            places_empty=sum(place.phase is not None and place.need != ANY for place in empty),
            uncertain=sum(each.uncertain for each in merits),
            way_empty=sum(place.need == ANY for place in empty),
            wish=sum(each.wish for each in merits),
            misfit=sum(self.ranking.misfit_in(id, seats[id]) for id in ids) + SAME_KIND * alike,
            repays=sum(each.repays for each in merits),
            to_find=added((each.to_find for each in merits), self.ranking.free),
            width=sum(each.width for each in merits),
            finish=sum(each.finish for each in merits),
            steps=len(ids),
            ids=tuple(ids),
            phases=tuple([PHASE_ORDER[seats[id]] for id in ids]),
        )

    def _kind(self, id: str) -> str:
        return self.pool.candidates[id].offer.kind

    def _able(self, place: Place) -> frozenset[str]:
        if place.phase is None:
            return frozenset(self.pool.serving.get(place.need, ()))
        money = place == Place("finance", "get_funded")
        needs = self.pool.needs if place.need == ANY or money else (place.need,)
        found = frozenset([id for need in needs for id in self._good_enough(need, place.phase)])
        if place.need == ANY:
            first = frozenset(self._good_enough(needs[0], place.phase))
            found = first.union([id for id in found if self._helps_on(id, place.phase)])
        if place.phase == "get_funded" and wants_cash(self.pool.needs, self.pool.told):
            cash = frozenset([id for id in found if self._kind(id) in CASH])
            return cash or found
        return found

    def _good_enough(self, need: str, phase: str) -> Iterable[str]:
        for id in self.pool.serving.get(need, ()):
            candidate = self.pool.candidates[id]
            if not _stands_in(candidate, phase):
                continue
            misfit = self.ranking.misfit_in(id, phase) - self.ranking.far(id)
            if may_fill(candidate, misfit, need, self.pool.told):
                yield id

    def _helps_on(self, id: str, phase: str) -> bool:
        misfit = self.ranking.misfit_in(id, phase) - self.ranking.far(id)
        return may_help_on(self.pool.candidates[id], misfit)

    def _keep_events_back(self) -> None:
        """Let an event fill a phase only where people to meet were asked for, and after something else."""
        opened = False
        for place in (each for each in self.places if each.need == ANY):
            self.able[place] = frozenset([id for id in self.able[place] if self._kind(id) != "event"])
        for place in (each for each in self.places if each.need == self.pool.needs[0] and each.phase):
            others = frozenset([id for id in self.able[place] if self._kind(id) != "event"])
            if MEETINGS not in self.pool.needs or not opened:
                self.able[place] = others
            opened = opened or bool(others)

    def _ask_for_more_than_events(self) -> None:
        """Give each need that something lasting could serve a second place, which no event fills."""
        for place in [each for each in self.places if each.phase is None]:
            others = frozenset([id for id in self.able[place] if self._kind(id) != "event"])
            if others and len(others) < len(self.able[place]):
                lasting = Place(place.need, None, True)
                self.places.append(lasting)
                self.able[lasting] = others


def _stands_in(candidate: Candidate, phase: str) -> bool:
    """Say whether a phase is the main one of a candidate, or another of its own that its kind suits."""
    if phase == candidate.phase:
        return True
    offer = candidate.offer
    return not offer.requires and phase in phases_of(offer) and offer.kind in KIND_ORDER[phase]
