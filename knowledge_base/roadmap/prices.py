"""Prices for the places of a roadmap, by linear programming: what a search may count on paying for each.

HiGHS solves the choice with steps that may be cut into parts; what it would pay for each place, and for room
for one more step, is nearly what whole steps cost. It reckons in floating point, so its answer is only a
proposal: it is made whole and put right here, and a search that uses it stays exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import highspy
import numpy as np


class Prices(NamedTuple):
    """What each place costs at least, by number, when every step pays a toll besides; all whole numbers.

    No option costs less, toll included, than the prices of the open places it fills, and no price is above
    what leaving the place empty weighs.
    """

    places: tuple[int, ...]
    toll: int


def plain_prices(count: int) -> Prices:
    """Return prices that are right for any problem: nothing for anything."""
    return Prices((0,) * count, 0)


class Relaxed(NamedTuple):
    """The choice that is left, with steps that may be cut into parts.

    ``weights`` says what leaving each place empty costs, ``open`` which places are open still; ``options``
    gives what each costs and the open places it fills, ``room`` how many steps there may be, ``fine`` how
    many of the lowest bits are too fine to reckon with.
    """

    weights: Sequence[int]
    options: Sequence[tuple[int, Sequence[int]]]
    open: Sequence[int]
    room: int
    fine: int


class Pricing:
    """Solves for prices, one problem after another; keep one for a search."""

    def __init__(self) -> None:
        self._solver = highspy.Highs()
        self._solver.setOptionValue("output_flag", False)
        self._solver.setOptionValue("threads", 1)

    def prices(self, left: Relaxed) -> Prices:
        """Return prices near the best for the open places, or `plain_prices` where none are found."""
        weights, options, fine = left.weights, left.options, left.fine
        proposal = self._solved(left)
        if proposal is None or not np.all(np.isfinite(proposal)):
            return plain_prices(len(weights))
        places = [0] * len(weights)
        for number, price in zip(left.open, np.floor(proposal[:-1]), strict=True):
            places[number] = min(max(0, int(price)) << fine, weights[number])
        toll = max(0, -int(np.floor(proposal[-1]))) << fine
        for cost, filled in options:
            short = sum([places[number] for number in filled]) - cost - toll
            if short > 0:
                for number in sorted(filled, key=lambda number: -places[number]):
                    cut = min(short, places[number])
                    places[number] -= cut
                    short -= cut
        return Prices(tuple(places), toll)

    def _solved(self, left: Relaxed) -> np.ndarray | None:
        """Return the dual values of the open places and, last and not above zero, of the room for steps."""
        weights, options, fine = left.weights, left.options, left.fine
        row = {number: place for place, number in enumerate(left.open)}
        count, columns = len(left.open), len(options) + len(left.open)
        starts = np.zeros(columns + 1, dtype=np.int32)
        rows: list[int] = []
        for column, (_, filled) in enumerate(options, 1):
            rows.extend([row[number] for number in filled])
            rows.append(count)
            starts[column] = len(rows)
        rows.extend(range(count))
        starts[len(options) + 1 :] = np.arange(starts[len(options)] + 1, len(rows) + 1)
        costs = [cost >> fine for cost, _ in options] + [weights[number] >> fine for number in left.open]
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = columns, count + 1
        model.col_cost_ = np.array(costs, dtype=float)
        model.col_lower_, model.col_upper_ = np.zeros(columns), np.full(columns, np.inf)
        model.row_lower_ = np.array([1.0] * count + [-np.inf])
        model.row_upper_ = np.array([np.inf] * count + [float(left.room)])
        model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        model.a_matrix_.start_ = starts
        model.a_matrix_.index_ = np.array(rows, dtype=np.int32)
        model.a_matrix_.value_ = np.ones(len(rows))
        self._solver.passModel(model)
        self._solver.run()
        if self._solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        return np.array(self._solver.getSolution().row_dual)
