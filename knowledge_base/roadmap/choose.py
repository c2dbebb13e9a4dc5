"""Choose the steps: from the candidates of a pool to the best set that keeps the rules.

What is best, `order` says. The same pool always gives the same choice.
"""

from __future__ import annotations

from knowledge_base.roadmap.candidates import Pool
from knowledge_base.roadmap.order import Ranking
from knowledge_base.roadmap.places import Seating
from knowledge_base.roadmap.problem import Problem
from knowledge_base.roadmap.search import MOST_WORK, Found, Search

__all__ = ["Found", "choose"]


def choose(pool: Pool, ranking: Ranking, forced: str | None = None, most_work: int = MOST_WORK) -> Found:
    """Return the best steps, with all that they require and that is not done yet, and the phase of each.

    With ``forced``, the best among the choices that hold this candidate. ``most_work`` limits the options
    weighed; `Found.proven` is False where the limit ended the search.
    """
    if not pool.needs or not pool.candidates:
        return Found({}, True, 0)
    return Search(Problem.of(Seating(pool, ranking), forced), most_work).run(forced)
