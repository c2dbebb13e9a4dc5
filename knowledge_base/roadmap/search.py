"""Find the best choice of steps, and know that it is the best.

Branch and bound over the places to fill. Every place gets a price that no way of filling it undercuts; what an
option costs above the prices of the places it fills is what choosing it adds to the least that any roadmap
costs. Whatever cannot stay below the best roadmap found so far is never looked at. The work is limited by a
count of choices looked at, not by a clock, so that the same question has the same answer on every machine; a
search that ends at the limit says so.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from knowledge_base.roadmap.phases import PHASE_ORDER
from knowledge_base.roadmap.problem import Option, Problem, bits_of, by_place
from knowledge_base.roadmap.rules import MOST_STEPS

MOST_WORK = 200_000


class Found(NamedTuple):
    """The chosen steps with the phase each stands in, whether no better choice exists, and the work it took."""

    seats: dict[str, str]
    proven: bool
    work: int


class _Exhausted(Exception):
    """The limit of work was reached."""


@dataclass
class _State:
    """A choice in the making; ``bound`` is the least it can still come to."""

    bound: int
    covered: int = 0
    given_up: int = 0
    last: int = 0
    chosen: dict[str, Option] = field(default_factory=dict)


class Search:
    """One search; ``run`` may be called once."""

    def __init__(self, problem: Problem, most_work: int = MOST_WORK) -> None:
        self.problem, self.most_work, self.work = problem, most_work, 0
        self.seating, self.pool = problem.seating, problem.seating.pool
        self.excluded = self.pool.index.excluded
        count = len(problem.weights)
        self.options = by_place(problem.options, count)
        self._price()
        for options in self.options:
            options.sort(key=lambda option: (self.above[option.id, option.phase], option.finish, option.id))
        self.dearest = max(problem.weights, default=0)
        self.order = sorted(range(count), key=lambda number: (len(self.options[number]), number))
        self.needs = sum(1 << n for n, weight in enumerate(problem.weights) if weight == self.dearest)
        self.widest = max(((option.covers & self.needs).bit_count() for option in problem.options), default=0)
        self.best: tuple[Any, ...] | None = None
        self.seats: dict[str, str] = {}
        self.banned: set[tuple[str, str]] = set()
        self._clashes: dict[tuple[str, str], bool] = {}

    def _price(self) -> None:
        """Price the places, those with the fewest options first: each as high as no option objects to."""
        left = {(option.id, option.phase): option.cost for option in self.problem.options}
        for option in self.problem.main.values():
            left.setdefault((option.id, option.phase), option.cost)
        self.prices = [0] * len(self.options)
        for number in sorted(
            range(len(self.options)), key=lambda number: (len(self.options[number]), number)
        ):
            options = self.options[number]
            least = min(
                [left[option.id, option.phase] for option in options], default=self.problem.weights[number]
            )
            price = self.prices[number] = min(least, self.problem.weights[number])
            if price:
                for option in options:
                    left[option.id, option.phase] -= price
        self.above = left

    def run(self, forced: str | None = None) -> Found:
        """Return the best choice; with ``forced``, the best of those that hold this candidate."""
        start = _State(sum(self.prices))
        proven = True
        try:
            if forced is None:
                self._fill(start)
            else:
                for phase in self.seating.phases(forced):
                    option = next(
                        (o for o in self.problem.options if (o.id, o.phase) == (forced, phase)), None
                    )
                    state = self._with(start, option or self.problem.main[forced])
                    if state is not None:
                        self._fill(state)
        except _Exhausted:
            proven = False
        return Found(self.seats, proven, self.work)

    def _fill(self, state: _State) -> None:
        """Look at every way to go on from here that may still beat the best."""
        self.work += 1
        if self.work > self.most_work:
            raise _Exhausted
        decided = state.covered | state.given_up
        open_ = [number for number in self.order if not decided >> number & 1]
        if not open_:
            self._finish(state)
            return
        room = MOST_STEPS - len(state.chosen)
        if not room:
            rest = sum(self.problem.weights[number] - self.prices[number] for number in open_)
            if not self._beaten(state.bound + rest, state.last, len(state.chosen)):
                self._finish(_State(state.bound + rest, state.covered, 0, state.last, state.chosen))
            return
        if self._beaten(state.bound + self._out_of_reach(open_, room), state.last, len(state.chosen)):
            return
        number = open_[0]
        banned = []
        for option in self.options[number]:
            seat = option.id, option.phase
            if self._beaten(state.bound + self.above[seat], state.last, len(state.chosen) + 1):
                break
            following = self._with(state, option)
            if following is not None:
                self._fill(following)
                self.banned.add(seat)
                banned.append(seat)
        self.banned.difference_update(banned)
        bound = state.bound + self.problem.weights[number] - self.prices[number]
        if not self._beaten(bound, state.last, len(state.chosen)):
            given_up = state.given_up | 1 << number
            self._fill(_State(bound, state.covered, given_up, state.last, state.chosen))

    def _out_of_reach(self, open_: list[int], room: int) -> int:
        """Return what the needs cost that so few more steps cannot serve, however well they are chosen."""
        needs = [number for number in open_ if self.needs >> number & 1]
        missed = len(needs) - room * self.widest
        return missed * min(self.dearest - self.prices[number] for number in needs) if missed > 0 else 0

    def _beaten(self, bound: int, last: int, steps: int) -> bool:
        return self.best is not None and (bound, last, steps) > self.best[:3]

    def _with(self, state: _State, option: Option) -> _State | None:
        """Add an option with all that must be done first, or return None where the rules forbid it or where
        it was looked at already."""
        for id in option.first:
            if id not in state.chosen:
                added = self._joined(state, self.problem.main[id])
                if added is None:
                    return None
                state = added
            elif state.chosen[id].phase != self.problem.main[id].phase:
                return None
        return self._joined(state, option)

    def _joined(self, state: _State, option: Option) -> _State | None:
        seat = option.id, option.phase
        chosen = state.chosen
        if seat in self.banned or option.id in chosen or len(chosen) == MOST_STEPS:
            return None
        if option.covers & state.given_up:
            return None
        against = self.excluded.get(option.id)
        if against and not against.isdisjoint(chosen):
            return None
        bound = state.bound + self.above[seat]
        for number in bits_of(option.covers & state.covered):
            bound += self.prices[number]
        for other in chosen.values():
            if other.kind == option.kind:
                bound += self.problem.alike
            if self._apart(option.id, other.id):
                bound += self.problem.clash
        last = max(state.last, option.finish)
        if self._beaten(bound, last, len(chosen) + 1):
            return None
        return _State(
            bound, state.covered | option.covers, state.given_up, last, {**chosen, option.id: option}
        )

    def _apart(self, one: str, other: str) -> bool:
        pair = (one, other) if one < other else (other, one)
        if pair not in self._clashes:
            self._clashes[pair] = self.seating.apart(*pair)
        return self._clashes[pair]

    def _finish(self, state: _State) -> None:
        options = [state.chosen[id] for id in sorted(state.chosen)]
        finishes = sorted((option.finish for option in options), reverse=True)
        score = (
            state.bound,
            state.last,
            len(options),
            finishes,
            [option.id for option in options],
            [PHASE_ORDER[option.phase] for option in options],
        )
        if self.best is None or score < self.best:
            self.best = score
            self.seats = {option.id: option.phase for option in options}
