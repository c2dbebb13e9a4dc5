"""The best roadmap, found as plainly as can be: every set of steps is looked at, and the best is kept.

It takes what one candidate is worth by itself from the engine (its merits, the phases it may stand in and the
places it fills there); which sets keep the rules, and which of them is the best, it works out by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import combinations, product
from typing import Any

from knowledge_base.roadmap.candidates import Pool
from knowledge_base.roadmap.order import Ranking
from knowledge_base.roadmap.places import ANY, Seating
from knowledge_base.words import PHASES

MOST = 7


def best(pool: Pool, ranking: Ranking, holding: str | None = None) -> dict[str, str]:
    """The phase of each step of the best roadmap; with ``holding``, of the best that holds one offer."""
    seating = Seating(pool, ranking)
    sets = (chosen for chosen in allowed(pool) if holding is None or holding in chosen)
    found = [seats for chosen in sets for seats in seated(pool, seating, chosen)]
    return min(found, key=lambda seats: worth(pool, ranking, seating, seats), default={})


def allowed(pool: Pool) -> Iterator[tuple[str, ...]]:
    """Every set of at most seven candidates that holds what its members require, and none they exclude."""
    offers = pool.index.catalogue.offers
    ids = sorted(pool.candidates)
    for count in range(min(MOST, len(ids)) + 1):
        for chosen in combinations(ids, count):
            required = {each for id in chosen for each in offers[id].requires} - pool.done
            excluded = {each for id in chosen for each in offers[id].excludes if each != id}
            if required <= set(chosen) and excluded.isdisjoint(chosen):
                yield chosen


def seated(pool: Pool, seating: Seating, chosen: tuple[str, ...]) -> Iterator[dict[str, str]]:
    """Every way the steps may stand in phases; one that another step requires stands in its main phase."""
    offers = pool.index.catalogue.offers
    required = {each for id in chosen for each in offers[id].requires}
    phases = [seating.phases(id)[:1] if id in required else seating.phases(id) for id in chosen]
    for each in product(*phases):
        yield dict(zip(chosen, each, strict=True))


def worth(pool: Pool, ranking: Ranking, seating: Seating, seats: dict[str, str]) -> tuple[Any, ...]:
    """What the order looks at, one thing after the other; the smaller the better."""
    ids = sorted(seats)
    offers = [pool.candidates[id].offer for id in ids]
    merits = [ranking.merits(id) for id in ids]
    filled = {place for id in ids for place in seating.covers(id, seats[id])}
    empty = [place for place in seating.places if place not in filled]
    missed = [place.need for place in empty if place.phase is None and not place.lasting]
    pairs = list(combinations(ids, 2))
    prices: dict[str, Decimal] = {}
    for offer in offers:
        if offer.amount.cost_to_business:
            currency = offer.amount.currency or ""
            prices[currency] = prices.get(currency, Decimal(0)) + offer.amount.cost_to_business
    return (
        len(missed),
        sum(2 ** (5 - pool.needs.index(need)) for need in missed if need in pool.needs[:6]),
        sum(place.lasting for place in empty),
        sum(seating.apart(one, other) for one, other in pairs),
        sum(place.phase is not None and place.need != ANY for place in empty),
        sum(each.uncertain for each in merits),
        sum(place.need == ANY for place in empty),
        sum(each.wish for each in merits),
        sum(ranking.misfit_in(id, seats[id]) for id in ids)
        + 3 * sum(pool.candidates[a].offer.kind == pool.candidates[b].offer.kind for a, b in pairs),
        sum(offer.kind in ("loan", "guarantee", "equity") for offer in offers),
        [prices.get(currency, Decimal(0)) for currency in ranking.currencies],
        sum(each.width for each in merits),
        sum((pool.candidates[id].ends - pool.on).days for id in ids),
        len(ids),
        ids,
        [
            PHASES.index(seats[id]) if not isinstance(PHASES, dict) else list(PHASES).index(seats[id])
            for id in ids
        ],
    )
