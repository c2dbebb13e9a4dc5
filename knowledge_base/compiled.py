"""A catalogue compiled once, so that a business is held against all its offers at a stroke.

The rules are those of `eligibility` and `fact_tests`, and stand there alone. What is compiled is which offers
share which tests: each distinct test is held once, and an offer is assessed again only where its tests come
out as they have not come out before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from operator import itemgetter
from typing import Any

import numpy as np

from knowledge_base.area_words import AreaCriteria
from knowledge_base.compiled_tests import IN_WORDS, Outcome, Tests, as_held, leaves
from knowledge_base.eligibility import VERDICTS, Assessment, Situation, assess
from knowledge_base.fact_tests import Held
from knowledge_base.records import Criterion, Offer

MOST_KEPT = 16_384  # assessments remembered: some ten megabytes at the most
_UNLIKELY = VERDICTS.index("unlikely")


@dataclass(frozen=True, eq=False)
class Compiled:
    """The offers of one catalogue and the tests they share. Make it with `of`; safe to share between threads.

    ``places`` says where each offer stands among ``offers``; ``known`` keeps assessments by the place of the
    offer and what its tests came to.
    """

    offers: tuple[Offer, ...]
    named: AreaCriteria
    places: Mapping[str, int]
    tests: Tests
    _picks: Sequence[Callable[[Any], Any]]
    _numbers: np.ndarray
    _starts: np.ndarray
    _areas: Mapping[tuple[str, ...], int]
    _known: dict[tuple[int, Any], Assessment] = field(default_factory=dict)

    @classmethod
    def of(cls, offers: Iterable[Offer], named: AreaCriteria) -> Compiled:
        """Compile offers whose areas are named by ``named``, whatever their status."""
        offers = tuple(offers)
        areas = {offer.areas: named.test(offer.areas) for offer in offers if offer.areas}
        each = {id(criterion): criterion for offer in offers for criterion in offer.criteria}
        tests = Tests(each.values(), areas.values())
        at = {codes: tests.number(Criterion("", "place", test)) for codes, test in areas.items()}
        numbers = {key: tests.number(criterion) for key, criterion in each.items()}
        under = {
            key: tuple(n for n in map(tests.number, leaves(criterion)) if n != IN_WORDS)
            for key, criterion in each.items()
        }
        picks: dict[tuple[int, ...], Callable[[Any], Any]] = {(): itemgetter(IN_WORDS)}
        chosen: list[Callable[[Any], Any]] = []
        flat: list[int] = []
        starts: list[int] = []
        for offer in offers:
            starts.append(len(flat))
            # So that no offer is without a number: what follows looks at a run of them for each.
            flat.append(IN_WORDS)
            key: tuple[int, ...] = ()
            if offer.areas:
                flat.append(at[offer.areas])
                key = (at[offer.areas],)
            for criterion in offer.criteria:
                flat.append(numbers[id(criterion)])
                key += under[id(criterion)]
            chosen.append(picks.get(key) or picks.setdefault(key, itemgetter(*key)))
        places = {offer.id: place for place, offer in enumerate(offers)}
        runs = np.array(flat, np.int32), np.array(starts, np.int64)
        return cls(offers, named, places, tests, tuple(chosen), *runs, at)

    def assess(self, situation: Situation) -> Assessments:
        """Hold a business against every test.

        Raises:
            ValueError: the situation was made with the areas of another catalogue.
        """
        if situation.named is not self.named or situation.areas is not self.named.tree:
            raise ValueError(
                "the situation is of another catalogue; make it with the tree and names of this one"
            )
        return Assessments(self, situation, self.tests.hold(situation))

    def _recall(self, place: int, business: Assessments) -> Assessment:
        key = place, self._picks[place](business.outcomes)
        found = self._known.get(key)
        if found is None:
            found = assess(self.offers[place], business)
            if len(self._known) >= MOST_KEPT:
                self._known.clear()
            self._known[key] = found
        return found


@dataclass(frozen=True, eq=False)
class Assessments:
    """All offers held against one business: verdicts at once, reasons for those that are asked for."""

    compiled: Compiled
    situation: Situation
    outcomes: list[Outcome]

    @cached_property
    def verdicts(self) -> np.ndarray:
        """The verdict on each offer, by its place, as places in `VERDICTS`."""
        compiled = self.compiled
        if not compiled.offers:
            return np.zeros(0, np.uint8)
        weights = compiled.tests.weigh(self.situation, self.outcomes)
        return np.maximum.reduceat(weights[compiled._numbers], compiled._starts)

    def verdict(self, id: str) -> str:
        """Say likely, unsure or unlikely of one offer; raises KeyError where there is no such offer."""
        return VERDICTS[self.verdicts[self.compiled.places[id]]]

    def of(self, id: str) -> Assessment:
        """Return the assessment of one offer, as `assess` gives it; raises KeyError."""
        return self.compiled._recall(self.compiled.places[id], self)

    def all(self) -> list[Assessment]:
        """Return the assessment of every offer, in the order they were compiled in."""
        recall = self.compiled._recall
        return [recall(place, self) for place in range(len(self.compiled.offers))]

    def parted(self, places: np.ndarray) -> tuple[list[str], list[str]]:
        """Part offers, given by their places: the ids of those that may fit, and of the unlikely ones."""
        unlikely = self.verdicts[places] == _UNLIKELY
        offers = self.compiled.offers
        return (
            [offers[place].id for place in places[~unlikely].tolist()],
            [offers[place].id for place in places[unlikely].tolist()],
        )

    def held(self, criterion: Criterion) -> Held:
        return as_held(self.outcomes[self.compiled.tests.number(criterion)])

    def where(self, codes: tuple[str, ...]) -> tuple[Criterion, Held]:
        held = as_held(self.outcomes[self.compiled._areas[codes]])
        return self.compiled.named.criterion(codes), held
