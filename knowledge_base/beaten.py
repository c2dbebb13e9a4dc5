"""Compare two roadmaps: which merit decides between them, and in plain words what it comes to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

from knowledge_base import labels
from knowledge_base.explain_words import AS_GOOD
from knowledge_base.money_words import money_words
from knowledge_base.roadmap.order import SAME_KIND, Score
from knowledge_base.roadmap.places import Place, Seating
from knowledge_base.roadmap.suitability import breadth_of
from knowledge_base.windows import day_words
from knowledge_base.words import NEEDS

Seats = Mapping[str, str]


def decided(seating: Seating, ours: Seats, other: Seats, prefer: str | None = None) -> tuple[str, str]:
    """Name the merit of `Score` in which the first roadmap is better, and what the other would have instead.

    The words go on from "with it, …"; ``prefer`` is what was asked to have first. The roadmaps must differ.
    """
    better, worse = seating.score(ours), seating.score(other)
    term = next(name for name, a, b in zip(Score._fields, better, worse, strict=True) if a != b)
    if term == "wish" and prefer in WISHED:
        return term, WISHED[prefer]
    return term, _Comparison(seating, ours, other, better, worse).words(term)


class _Comparison:
    def __init__(self, seating: Seating, ours: Seats, other: Seats, better: Score, worse: Score) -> None:
        self.seating, self.ours, self.other = seating, ours, other
        self.better, self.worse = better, worse

    def words(self, term: str) -> str:
        own: dict[str, Callable[[], str]] = {
            "needs_missed": lambda: f"there would be no step for {self._need(False)}",
            "named_first": lambda: f"there would be no step for {self._need(False)}, which you named first",
            "only_events": lambda: f"there would be nothing but an event for {self._need(True)}",
            "places_empty": self._place,
            "way_empty": self._place,
            "misfit": self._misfit,
            "to_find": self._price,
            "finish": self._finish,
        }
        return own[term]() if term in own else WORDS.get(term, WORDS["misfit"])

    def _lost(self) -> list[Place]:
        """Return the places the first roadmap fills and the other leaves empty."""
        filled = {place for id, phase in self.other.items() for place in self.seating.covers(id, phase)}
        ours = {place for id, phase in self.ours.items() for place in self.seating.covers(id, phase)}
        return [place for place in self.seating.places if place in ours - filled]

    def _need(self, lasting: bool) -> str:
        lost = (each.need for each in self._lost() if each.phase is None and each.lasting is lasting)
        return labels.joined(labels.needs(lost)) or "one of your needs"

    def _place(self) -> str:
        lost = [place for place in self._lost() if place.phase is not None]
        place = next(iter(lost), None)
        if place is None or place.phase is None:
            return WORDS["places_empty"]
        about = f" that is for {labels.need(place.need)}" if place.need in NEEDS else ""
        return f"there would be no good step under “{labels.phase(place.phase)}”{about}"

    def _misfit(self) -> str:
        """Say which part of the misfit weighs most: steps alike, far from the words, wide, or others."""
        parts = {"alike": self._alike, "far": self._far, "width": self._breadth}
        more = {name: measure(self.other) - measure(self.ours) for name, measure in parts.items()}
        rest = self.worse.misfit - self.better.misfit - sum(more.values())
        most = max(more, key=lambda name: more[name])
        return WORDS[most if more[most] > rest else "misfit"]

    def _alike(self, seats: Seats) -> int:
        kinds = [self.seating.pool.candidates[id].offer.kind for id in seats]
        return SAME_KIND * sum(kinds[:n].count(kind) for n, kind in enumerate(kinds))

    def _far(self, seats: Seats) -> int:
        return sum(self.seating.ranking.far(id) for id in seats)

    def _breadth(self, seats: Seats) -> int:
        pool = self.seating.pool
        return sum(breadth_of(pool.candidates[id].offer.areas, pool, False) for id in seats)

    def _price(self) -> str:
        pairs = zip(self.seating.ranking.currencies, self.better.to_find, self.worse.to_find, strict=True)
        currency, more = next(((c, b - a) for c, a, b in pairs if a != b), ("", Decimal(0)))
        return f"you would have to find {money_words(more, currency or None)} more"

    def _finish(self) -> str:
        if not self.better.finish:
            return WORDS["finishes"]
        later, sooner = (day_words(date.fromordinal(each.finish)) for each in (self.worse, self.better))
        return f"the last step would end on {later}, not on {sooner}"


WISHED = {
    "cheaper": "your roadmap would not be as cheap",
    "sooner": "your roadmap would not start as soon",
}
WORDS = {
    "apart": "no one place could have all of the steps, and we do not know where you are",
    "places_empty": "a part of the way would be without a step",
    "uncertain": "you would be less sure to fit",
    "wish": "your roadmap would answer less well what you asked to have first",
    "misfit": "your roadmap would suit what you told us less well",
    "alike": "more of the steps would be of one kind",
    "far": "your roadmap would be further from what you said",
    "repays": "you would have more to repay or to give a share for",
    "width": "your roadmap would be less local",
    "steps": "there would be more to do for the same",
    "finishes": "more of the steps would end later",
    "ids": AS_GOOD,
    "phases": AS_GOOD,
}
