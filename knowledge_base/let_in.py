"""Look for the nearest changes that would let an offer into a roadmap, and check them by choosing again."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from knowledge_base import nearest_words
from knowledge_base.eligibility import assess
from knowledge_base.nearest import Change, after, changes_for
from knowledge_base.profile import code
from knowledge_base.records import Offer
from knowledge_base.tried import Tried
from knowledge_base.why_barred import STUCK, WhyBarred
from knowledge_base.windows import as_written, day_words, usable

BY_WAY = frozenset({"too_late", "too_long", "clash"})  # what the way there makes impossible
MOST_NEEDS = 3  # of an offer's needs that are tried as one more to ask about

Changes = tuple[Change, ...]


class LetIn:
    """Tries changes to one asking for one offer."""

    def __init__(self, now: Tried, why: WhyBarred, names: Mapping[str, str]) -> None:
        self.view, self.asked, self.pool = now.view, now.asked, now.pool
        self.offer, self.why, self.names = why.offer, why, names
        self._tried: dict[frozenset[tuple[str, str]], Tried] = {frozenset(): now}

    def nearest(self, reasons: Collection[str], barred: bool) -> tuple[Changes, bool]:
        """Return the nearest changes, none where none is known, and whether they make the offer a step.

        Where they do not they let a ``barred`` offer be used, and others still come before it. None of the
        changes can be left out. ``reasons`` are the codes of what bars it.
        """
        if not STUCK.isdisjoint(reasons):
            return (), False
        ways = list(self._ways(reasons, barred))
        for way in ways:
            if self.tried(way).lets_in(self.offer.id):
                return self._least(way, Tried.lets_in), True
        for way in ways if barred else ():
            if self.tried(way).usable(self.offer.id):
                return self._least(way, Tried.usable), False
        return (), False

    def tried(self, changes: Changes) -> Tried:
        """Return what would be chosen after some changes."""
        told = frozenset((each.what, each.words) for each in changes)
        if told not in self._tried:
            self._tried[told] = Tried(self.view, after(self.asked, changes), self.pool.kept)
        return self._tried[told]

    def _least(self, changes: Changes, does: Callable[[Tried, str], bool]) -> Changes:
        """Leave out every change that is not needed, the hardest first, until each is."""
        for change in sorted(changes, key=lambda each: -each.effort) if len(changes) > 1 else ():
            fewer = tuple(each for each in changes if each is not change)
            if does(self.tried(fewer), self.offer.id):
                return self._least(fewer, does)
        return changes

    def _ways(self, reasons: Collection[str], barred: bool) -> Iterator[Changes]:
        """Give sets of changes that may let the offer in, the nearest first, each in the order to tell."""
        seen = set()
        for way in self._out_of_bars({*reasons}) if barred else self._past_others():
            told = frozenset((each.what, each.words) for each in way)
            if way and told not in seen:
                seen.add(told)
                yield tuple(sorted(way, key=lambda each: (not each.effort, each.effort, each.what)))

    def _past_others(self) -> Iterator[list[Change]]:
        """Give the facts that would settle what is open, and the day it opens, where that is to come."""
        yield from self._met([self.offer], [])
        yield from self._later()

    def _out_of_bars(self, reasons: set[str]) -> Iterator[list[Change]]:
        """Give what would meet every condition, its own and of what it asks for first; or that being done."""
        before = self._chain() if "needs_first" in reasons else []
        if before is not None and reasons.isdisjoint(BY_WAY):
            yield from self._met([self.offer, *before], [])
        known = [each for each in self.why.required(self.offer) if each in self.view.catalogue.offers]
        if known and not reasons.isdisjoint({"needs_first", *BY_WAY}):
            had = tuple(dict.fromkeys((*self.asked.profile.done, *known)))
            words = nearest_words.done([self.names[each] for each in known])
            yield from self._met([self.offer], [Change("done", had, words, 2)])

    def _later(self) -> Iterator[list[Change]]:
        window = self.offer.window
        opens = usable(window, self.asked.on).starts
        if opens is not None and opens > self.asked.on:
            written = window.opens_text if window.opens == opens else None
            day = as_written(written) if written else day_words(opens)
            yield [Change("day", opens, nearest_words.opened(day), 1)]

    def _met(self, offers: Sequence[Offer], more: list[Change]) -> Iterator[list[Change]]:
        """Give the changes that meet the conditions of offers, of what is refused and of what is asked."""
        results = [row for each in offers for row in assess(each, self.pool.situation).criteria]
        found = changes_for(results, self.pool.situation, self.asked.on, self.view.resolve, self.names)
        if found is None:
            return
        refused = dict.fromkeys(code(each.kind) for each in offers if code(each.kind) in self.pool.refuses)
        if refused:
            left = tuple(each for each in self.asked.profile.refuses if code(each) not in refused)
            more = [*more, Change("refuses", left, nearest_words.considered([*refused]), 2)]
        base = _one_done([*more, *found.needed])
        if self.offer.needs and not set(self.offer.needs) & set(self.asked.needs):
            far = not all(each.within_reach for each in base)
            for need in self.offer.needs[: 1 if far else MOST_NEEDS]:
                words = nearest_words.asked_about(need, bool(self.asked.needs))
                asked = Change("needs", need, words, 1)
                yield [*base, asked]
                if found.settling and need == self.offer.needs[0]:
                    yield _one_done([*base, asked, *found.settling])
            return
        yield base
        if found.settling:
            yield _one_done([*base, *found.settling])

    def _chain(self) -> list[Offer] | None:
        """Return what must be done first, by any chain; None where something in it is past mending."""
        found: dict[str, Offer] = {}
        waiting = self.why.required(self.offer)
        while waiting:
            id = waiting.pop()
            offer = self.view.catalogue.offers.get(id)
            if offer is None or not STUCK.isdisjoint(each.because for each in self.why.alone(offer)):
                return None
            if id not in found:
                found[id] = offer
                waiting += self.why.required(offer)
        return list(found.values())


def _one_done(changes: list[Change]) -> list[Change]:
    """Make one change of two of what was done before."""
    had = [each for each in changes if each.what == "done"]
    if len(had) < 2:
        return changes
    to = tuple(dict.fromkeys(offer for each in had for offer in each.to))
    words = " and ".join(dict.fromkeys(each.words for each in had))
    return [*(each for each in changes if each.what != "done"), Change("done", to, words, had[0].effort)]
