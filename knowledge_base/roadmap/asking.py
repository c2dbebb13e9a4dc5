"""Choose the fact to ask next: only one whose answer could change the roadmap."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator

from knowledge_base.eligibility import CriterionResult, Result
from knowledge_base.fact_tests import COARSE, NOT_FOUND, UNTOLD
from knowledge_base.roadmap.candidates import Pool
from knowledge_base.roadmap.choose import choose
from knowledge_base.roadmap.order import Ranking
from knowledge_base.roadmap.shapes import Question

ASKING_ORDER = (
    "place",
    "employees",
    "sector",
    "stage",
    "legal_form",
    "turnover",
    "trading_months",
    "amount",
    "deadline",
    "languages",
    "subsidy_received",
)


def next_fact(
    pool: Pool,
    ranking: Ranking,
    used: Iterable[str],
    sharpened: Collection[str] = (),
) -> Question | None:
    """Return the question whose answer settles the most undecided criteria of offers that could enter.

    ``used`` holds the ids of the steps and reserves; ``sharpened`` the facts that were already asked a
    second time. A fact is worth asking when a step or a reserve leaves it open, or when an offer would
    become a step if everything still open about it turned out well. Where neither is so, the best set of
    steps stays the best whatever is answered, and there is no question.
    """
    reachable = {
        id for ids in pool.serving.values() for served in ids for id in pool.candidates[served].bundle
    }
    open_facts = {id: _open(pool, id, sharpened) for id in reachable}
    if not any(open_facts.values()):
        return None
    settled: defaultdict[str, int] = defaultdict(int)
    offers: defaultdict[str, list[str]] = defaultdict(list)
    for id, facts in sorted(each for each in open_facts.items() if each[1]):
        for fact, count in facts.items():
            settled[fact] += count
            offers[fact].append(id)
    told = pool.situation.facts

    def rank(fact: str) -> tuple[int, bool, int]:
        return -settled[fact], fact in told, ASKING_ORDER.index(fact)

    fact = min(settled, key=rank)
    worth = {fact for id in used for fact in open_facts.get(id, ())}
    if fact not in worth:
        # only now is it worth to look at what the best answers would make of the roadmap
        hopeful = choose(pool, ranking.hoping()).seats
        worth.update(fact for id in hopeful for fact in open_facts.get(id, ()))
        if not worth:
            return None
        fact = min(worth, key=rank)
    return Question(fact, settled[fact], tuple(offers[fact]), fact in told)


def _open(pool: Pool, id: str, sharpened: Collection[str]) -> dict[str, int]:
    """Count, by fact, the undecided criteria of one candidate that an answer could settle."""
    counts: dict[str, int] = {}
    for criterion in pool.candidates[id].assessment.unknown:
        for fact in sorted(set(_facts(criterion, sharpened))):
            counts[fact] = counts.get(fact, 0) + 1
    return counts


def _facts(result: CriterionResult, sharpened: Collection[str]) -> Iterator[str]:
    if result.result is not Result.UNKNOWN:
        return
    for member in result.members:
        yield from _facts(member, sharpened)
    if result.members or result.fact not in ASKING_ORDER:
        return
    again = result.note in (COARSE, NOT_FOUND) and result.fact not in sharpened
    if result.note == UNTOLD or again:
        yield result.fact
