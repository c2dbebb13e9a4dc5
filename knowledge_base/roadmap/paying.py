"""Hand a roadmap's steps to the funding, with what it may name to fill what they leave."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from knowledge_base.funding import PUBLIC, Funding, Spare, Threshold, funding_stack
from knowledge_base.funding.fillers import FILLING
from knowledge_base.profile import MoneySpan, Profile
from knowledge_base.records import Money, Offer
from knowledge_base.roadmap.candidates import Pool


def project_funding(
    pool: Pool,
    order: Collection[str],
    cost: Money | MoneySpan | None,
    profile: Profile,
    thresholds: Sequence[Threshold] = (),
) -> Funding:
    """Say who pays for a project of this cost, or else of the ``amount`` told, with these steps in order."""
    told = profile.amount if "amount" not in profile.refused else None
    return funding_stack(
        [pool.candidates[id].offer for id in order],
        cost if cost is not None else told,
        profile,
        thresholds,
        on=pool.on,
        is_in=lambda area: pool.situation.standing(frozenset([area])),
        starts={id: pool.candidates[id].starts for id in order},
        spare=_spare(pool, order),
    )


def _spare(pool: Pool, order: Collection[str]) -> Iterator[Spare]:
    """Give the offers of money that could join the steps: for the needs asked or for finance, open, not
    refused and not unlikely, with nothing to be done first that is not a step. Likely ones first, then the
    nearer."""
    taken = frozenset(order)
    offers = {
        offer.id: offer for need in (*pool.needs, "finance") for offer in pool.index.by_need.get(need, ())
    }
    # A pool of its own, so that what is looked at here changes nothing for the next question.
    fresh = Pool.of(pool.index, pool.situation, pool.on, (), pool.turned_down, pool.audience, kept=pool.kept)
    found = []
    for id, offer in offers.items():
        if id in taken or not _fills(offer, pool) or _excluded(pool, id, taken):
            continue
        candidate = fresh.consider(id)
        if candidate is not None and taken.issuperset(candidate.bundle[:-1]):
            size = sum(pool.index.sizes.get(area, 0) for area in offer.areas)
            found.append((candidate.unsure, size or len(pool.index.sizes) + 1, id, offer))
    for unsure, _, _, offer in sorted(found, key=lambda each: each[:3]):
        yield Spare(offer, unsure)


def _fills(offer: Offer, pool: Pool) -> bool:
    # Grants are for one purpose each: only what was asked about. A loan is for any.
    return offer.kind in FILLING and (offer.kind not in PUBLIC or not set(offer.needs).isdisjoint(pool.needs))


def _excluded(pool: Pool, id: str, taken: frozenset[str]) -> bool:
    return not pool.index.excluded.get(id, frozenset()).isdisjoint(taken)
