"""Find the best choice of steps, and know that it is the best.

Branch and bound over the places to fill, the most promising choice first. At every turn each open place gets
a price that no way of filling it undercuts; the prices together are the least that any roadmap from here can
cost, and what an option costs above the prices of the places it fills is what choosing it adds. Whatever
cannot stay below the best roadmap found so far is never looked at. Most questions are settled so; for a
harder one the prices come from `prices.Pricing`, for the first turns and then for all.

The work is limited by a count of options weighed, not by a clock, so that the same question has the same
answer on every machine; a search that ends at the limit says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from heapq import heappop, heappush, nlargest
from itertools import count
from typing import Any, NamedTuple

from knowledge_base.roadmap.phases import PHASE_ORDER
from knowledge_base.roadmap.prices import Prices, Pricing, Relaxed, plain_prices
from knowledge_base.roadmap.problem import Option, Problem, bits_of
from knowledge_base.roadmap.rules import MOST_STEPS

MOST_WORK = 200_000  # options weighed: about a second
EASY = 24  # choices looked at before prices are solved for, at the first turns
HARDER = 2000  # and before they are solved for at every turn
FIRST_TURNS = 2


class Found(NamedTuple):
    """The chosen steps with the phase of each, whether no better choice exists, and the options weighed."""

    seats: dict[str, str]
    proven: bool
    work: int


class _Partial(NamedTuple):
    """A choice in the making: what it costs so far, which places are still open, and what may yet join it.

    ``costs`` gives what each of ``viable`` would cost beside the steps chosen (two lists, as thousands of
    pairs would keep the collector of garbage busy); ``banned`` holds the seats that were looked at before.
    """

    cost: int
    open: int
    chosen: Mapping[str, Option]
    viable: Sequence[Option]
    costs: Sequence[int]
    banned: frozenset[int]
    prices: Prices


class _Way(NamedTuple):
    """One way on: an option, or none to leave the place empty; and the least it may come to."""

    bound: int
    option: Option | None


class _Fork(NamedTuple):
    """The ways on from one choice, the most promising first. All but one fill the place of that number."""

    now: _Partial
    number: int
    ways: Sequence[_Way]


class Search:
    """One search; ``run`` may be called once."""

    def __init__(self, problem: Problem, most_work: int = MOST_WORK) -> None:
        self.problem, self.most_work, self.work, self.turns = problem, most_work, 0, 0
        self.excluded = problem.seating.pool.index.excluded
        self.weights = problem.weights
        self.whole = (1 << len(self.weights)) - 1
        self.solving = 0  # how many of the first turns have their prices solved for
        self.best: tuple[int, list[int]] | None = None
        self.seats: dict[str, str] = {}
        self.waiting: list[tuple[int, int, _Fork, int]] = []
        self.apart = cache(problem.apart)
        self._count = count()
        self._pricing: Pricing | None = None

    def run(self, forced: str | None = None) -> Found:
        """Return the best choice; with ``forced``, the best of those that hold this candidate."""
        self._begin(forced)
        if not self._look(EASY):
            self.solving = FIRST_TURNS
            self._begin(forced)
            if not self._look(HARDER):
                self.solving = MOST_STEPS
                self._look()
        return Found(self.seats, not self.waiting, self.work)

    def _begin(self, forced: str | None) -> None:
        """Start from nothing chosen, or from the ``forced`` candidate, and find a whole roadmap to beat."""
        options, prices = self.problem.options, plain_prices(len(self.weights))
        costs = [option.cost for option in options]
        start = _Partial(0, self.whole, {}, options, costs, frozenset(), prices)
        starts: list[_Partial | None] = [start]
        if forced is not None:
            starts = [self._with(start, option) for option in self.problem.seats_of(forced)]
        self.waiting = []
        for each in starts:
            self._dive(each)

    def _look(self, turns: int | None = None) -> bool:
        """Look for better roadmaps than the best so far, for so many turns; say whether none is left."""
        while self.waiting and not self._beaten(self.waiting[0][0]):
            if self.work >= self.most_work or (turns is not None and self.turns >= turns):
                return False
            _, _, fork, way = heappop(self.waiting)
            self._wait(fork, way + 1)
            self._opened(self._follow(fork, way))
        self.waiting = []
        return True

    def _dive(self, now: _Partial | None) -> None:
        """Follow the most promising ways down to a whole roadmap, to have one to beat."""
        while now is not None:
            fork = self._opened(now)
            ways = range(len(fork.ways)) if fork else ()
            now = next(filter(None, (self._follow(fork, way) for way in ways)), None) if fork else None

    def _opened(self, now: _Partial | None) -> _Fork | None:
        """Look at a choice, and keep the first way on from it for later."""
        fork = None if now is None else self._forked(now)
        if fork is not None:
            self._wait(fork, 0)
        return fork

    def _wait(self, fork: _Fork, way: int) -> None:
        if way < len(fork.ways):
            heappush(self.waiting, (fork.ways[way].bound, -next(self._count), fork, way))

    def _forked(self, now: _Partial) -> _Fork | None:
        """Look at one choice: a whole roadmap is held against the best, any other opens ways on from it."""
        self.turns += 1
        self.work += 1 + len(now.viable)
        steps = len(now.chosen)
        if not now.open or steps == MOST_STEPS:
            self._finish(now)
            return None
        open_ = bits_of(now.open)
        filling = self._filling(now, open_)
        bound, above = self._least(now, open_, filling)
        if self._beaten(bound):
            return None
        if steps < self.solving and len(open_) > 1:
            now = now._replace(prices=self._solved(now, open_))
            bound, above = max((bound, above), self._least(now, open_, filling), key=_least_of)
            if self._beaten(bound):
                return None
        number = min(open_, key=lambda place: (len(filling[place]), place))
        ways = [_Way(bound + above[each], now.viable[each]) for each in filling[number]]
        ways.append(_Way(max(bound, now.cost + self.weights[number]), None))
        worth = [n for n, more in enumerate(above) if not self._beaten(bound + more)]
        return _Fork(_only(now, worth), number, sorted(ways, key=_promise))

    def _follow(self, fork: _Fork, way: int) -> _Partial | None:
        """Take one way; what the ways before it chose was looked at with them and is not chosen again."""
        option = fork.ways[way].option
        if option is None:
            bit = 1 << fork.number
            others = _only(fork.now, [n for n, each in enumerate(fork.now.viable) if not each.covers & bit])
            cost = others.cost + self.weights[fork.number]
            return others._replace(cost=cost, open=others.open & ~bit)
        before = [each.option.seat for each in fork.ways[:way] if each.option is not None]
        return self._with(fork.now._replace(banned=fork.now.banned.union(before)), option)

    def _solved(self, now: _Partial, open_: Sequence[int]) -> Prices:
        options = [
            (cost, [number for number in option.places if now.open >> number & 1])
            for cost, option in zip(now.costs, now.viable, strict=True)
        ]
        if self._pricing is None:
            self._pricing = Pricing()
        room = MOST_STEPS - len(now.chosen)
        return self._pricing.prices(Relaxed(self.weights, options, open_, room, self.problem.fine))

    def _filling(self, now: _Partial, open_: Sequence[int]) -> dict[int, list[int]]:
        """Return, for each open place, which of the viable options fill it."""
        filling: dict[int, list[int]] = {number: [] for number in open_}
        for each, option in enumerate(now.viable):
            for number in option.places:
                if number in filling:
                    filling[number].append(each)
        return filling

    def _least(
        self, now: _Partial, open_: Sequence[int], filling: Mapping[int, list[int]]
    ) -> tuple[int, list[int]]:
        """Return the least that any way to go on from here comes to, and what each option adds to it.

        On top of the prices there are each place is priced, those with the fewest options first, as high as
        no option objects to. Where there is less room than there are places, what the best options could
        save together may be less than what the places weigh.
        """
        room = MOST_STEPS - len(now.chosen)
        places, toll = now.prices
        above = [cost + toll for cost in now.costs]
        spare = {}
        bound = now.cost - toll * room
        for number in open_:
            if places[number]:
                for each in filling[number]:
                    above[each] -= places[number]
        for number in sorted(open_, key=lambda place: (len(filling[place]), place)):
            price = min([above[each] for each in filling[number]], default=self.weights[number])
            price = min(price, self.weights[number] - places[number])
            bound += places[number] + price
            spare[number] = self.weights[number] - places[number] - price
            if price:
                for each in filling[number]:
                    above[each] -= price
        if len(open_) > room:
            gains = [-more for more in above]
            for number, weight in spare.items():
                for each in filling[number]:
                    gains[each] += weight
            bound += max(0, sum(spare.values()) - sum(nlargest(room, [gain for gain in gains if gain > 0])))
        return bound, above

    def _beaten(self, bound: int) -> bool:
        return self.best is not None and bound > self.best[0]

    def _with(self, now: _Partial, option: Option) -> _Partial | None:
        """Add an option with all that must be done first, or return None where the rules forbid it or where
        it was looked at already."""
        for id in option.first:
            main = self.problem.main[id]
            if id not in now.chosen:
                added = self._joined(now, main)
                if added is None:
                    return None
                now = added
            elif now.chosen[id].phase != main.phase:
                return None
        return self._joined(now, option)

    def _joined(self, now: _Partial, option: Option) -> _Partial | None:
        chosen = now.chosen
        if option.seat in now.banned or option.id in chosen or len(chosen) == MOST_STEPS:
            return None
        covered = now.open
        for other in chosen.values():
            covered |= other.covers
        if option.covers & ~covered & self.whole:
            return None  # it fills a place that was left empty for good
        against = self.excluded.get(option.id, _NONE)
        if not against.isdisjoint(chosen):
            return None
        alike, clash, apart = self.problem.alike, self.problem.clash, self.apart(option.group)
        cost = now.cost + option.cost
        for other in chosen.values():
            cost += (alike if other.kind == option.kind else 0) + (clash if other.group in apart else 0)
        id, kind, banned = option.id, option.kind, now.banned
        left_out = apart if self._beaten(cost + clash) else _NONE
        kept = [
            n
            for n, each in enumerate(now.viable)
            if each.id != id
            and each.seat not in banned
            and each.id not in against
            and each.group not in left_out
        ]
        viable = [now.viable[n] for n in kept]
        costs = [now.costs[n] for n in kept]
        for n, each in enumerate(viable):
            if each.kind == kind:
                costs[n] += alike
            if each.group in apart:
                costs[n] += clash
        return _Partial(
            cost,
            now.open & ~option.covers,
            {**chosen, id: option},
            viable,
            costs,
            banned,
            now.prices,
        )

    def _finish(self, now: _Partial) -> None:
        options = [now.chosen[id] for id in sorted(now.chosen)]
        score = (
            now.cost + sum([self.weights[number] for number in bits_of(now.open)]),
            [PHASE_ORDER[option.phase] for option in options],
        )
        if self.best is None or score < self.best:
            self.best = score
            self.seats = {option.id: option.phase for option in options}


def _only(now: _Partial, kept: Sequence[int]) -> _Partial:
    """Return a choice with only these of its viable options."""
    return now._replace(viable=[now.viable[n] for n in kept], costs=[now.costs[n] for n in kept])


def _promise(way: _Way) -> tuple[int, int]:
    return way.bound, way.option.seat if way.option else -1


def _least_of(found: tuple[int, list[int]]) -> int:
    return found[0]


_NONE: frozenset[Any] = frozenset()
