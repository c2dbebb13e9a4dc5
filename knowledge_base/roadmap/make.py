"""Make a roadmap: find the candidates, choose the steps, put them in order and say why."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from typing import Any

from knowledge_base.eligibility import Place, Situation
from knowledge_base.events.next_one import next_edition
from knowledge_base.funding import Threshold
from knowledge_base.profile import MoneySpan, Profile
from knowledge_base.records import Catalogue, Money
from knowledge_base.roadmap import wording
from knowledge_base.roadmap.asking import next_fact
from knowledge_base.roadmap.candidates import Pool
from knowledge_base.roadmap.choose import choose
from knowledge_base.roadmap.gaps import gap
from knowledge_base.roadmap.index import CatalogueIndex
from knowledge_base.roadmap.order import Ranking
from knowledge_base.roadmap.paying import project_funding
from knowledge_base.roadmap.phases import PHASE_ORDER
from knowledge_base.roadmap.reserves import is_dated, reserves
from knowledge_base.roadmap.shapes import Phase, Roadmap, Step
from knowledge_base.words import NEEDS, PHASES


class UnknownNeed(ValueError):
    """A need that is not in the closed list; the message names the list."""


def make_roadmap(
    catalogue: Catalogue | CatalogueIndex,
    needs: Collection[str],
    profile: Profile,
    on: date,
    *,
    resolve: Callable[[str], Place],
    cost: Money | MoneySpan | None = None,
    closeness: Mapping[str, float] | None = None,
    wish: Mapping[str, float] | None = None,
    turned_down: Collection[str] = (),
    audience: str = "owner",
    thresholds: Sequence[Threshold] = (),
    sharpened: Collection[str] = (),
    kept: Collection[str] = (),
) -> Roadmap:
    """Advise one business on its needs, the first named being the first to serve.

    Pass a `CatalogueIndex` when making more than one. ``cost`` is what the project costs, or else the
    ``amount`` told; ``closeness`` says from 0 to 1 how near each offer is to the owner's words, ``wish`` how
    well it answers what they asked to have first; ``turned_down`` names offers that said no; ``sharpened``
    the facts asked for a second time already; ``kept`` names offers a saved roadmap uses, which may stay
    though the hub vouched for them too long ago for a new one.

    Raises:
        UnknownNeed: a need is not in the closed list.
    """
    pool = gather(
        *(catalogue, needs, profile, on),
        resolve=resolve,
        turned_down=turned_down,
        audience=audience,
        cost=cost,
        kept=kept,
    )
    ranking = Ranking(pool, closeness, wish)
    found = choose(pool, ranking)
    phases, order = found.seats, in_order(pool, ranking, found.seats)
    serves = {id: served_by(pool, id, order) for id in order}
    standing_by = reserves(pool, ranking, order, serves)
    steps = [_step(pool, id, phases[id], order, serves[id], standing_by.get(id)) for id in order]
    met = {need for id in order for need in pool.candidates[id].offer.needs}
    return Roadmap(
        needs=pool.needs,
        on=on,
        profile=profile,
        phases=tuple(
            Phase(phase, tuple(step for step in steps if step.phase == phase))
            for phase in PHASES
            if any(step.phase == phase for step in steps)
        ),
        gaps=tuple(gap(pool, need) for need in pool.needs if need not in met),
        funding=project_funding(pool, order, cost, profile, thresholds),
        next_question=next_fact(pool, ranking, (*order, *standing_by.values()), sharpened),
        proven=found.proven,
    )


def gather(
    catalogue: Catalogue | CatalogueIndex,
    needs: Collection[str],
    profile: Profile,
    on: date,
    *,
    resolve: Callable[[str], Place],
    turned_down: Collection[str] = (),
    audience: str = "owner",
    cost: Money | MoneySpan | None = None,
    kept: Collection[str] = (),
) -> Pool:
    """Find the candidates for one business; raises `UnknownNeed`."""
    for need in needs:
        if need not in NEEDS:
            raise UnknownNeed(f"{str(need)[:60]!r} is not a need we know; use one of {', '.join(NEEDS)}")
    index = catalogue if isinstance(catalogue, CatalogueIndex) else CatalogueIndex.of(catalogue)
    situation = Situation.of(profile, index.tree, resolve, index.named)
    asked = tuple(dict.fromkeys(needs))
    return Pool.of(index, situation, on, asked, turned_down, audience, cost, kept)


def in_order(pool: Pool, ranking: Ranking, phases: Mapping[str, str]) -> tuple[str, ...]:
    """Return the steps in the order to take them: by phase, then what is needed first, then what serves
    the need named first, then the best."""

    def place(id: str) -> tuple[Any, ...]:
        candidate = pool.candidates[id]
        need = min([pool.needs.index(need) for need in candidate.asked], default=len(pool.needs))
        return PHASE_ORDER[phases[id]], candidate.starts, candidate.depth, need, ranking.key(id)

    return tuple(sorted(phases, key=place))


def served_by(pool: Pool, id: str, order: Collection[str]) -> tuple[str, ...]:
    """Return the needs a step is for: its own among those asked, else those of the steps that require it."""
    own = pool.candidates[id].asked
    if own:
        return own
    later = [pool.candidates[other].offer for other in order if id in pool.candidates[other].bundle]
    return tuple(need for need in pool.needs if any(need in offer.needs for offer in later))


def _step(
    pool: Pool, id: str, phase: str, order: Collection[str], needs: tuple[str, ...], reserve: str | None
) -> Step:
    candidate = pool.candidates[id]
    offer, window = candidate.offer, candidate.window
    leads_to = [
        pool.candidates[other].offer for other in order if id in pool.candidates[other].offer.requires
    ]
    provider = pool.index.catalogue.providers.get(offer.provider)
    unsure = wording.unsure(candidate)
    return Step(
        offer=id,
        name=offer.name,
        provider=provider.name if provider else offer.provider,
        kind=offer.kind,
        summary=offer.summary,
        needs=needs,
        phase=phase,
        verdict=candidate.assessment.verdict,
        why=wording.why(pool, candidate, needs, leads_to),
        unsure=tuple(words for words, _ in unsure),
        unsure_facts=tuple(dict.fromkeys(fact for _, fact in unsure if fact)),
        to_check=candidate.assessment.to_check,
        prepare=offer.prepare,
        starts=candidate.starts,
        ends=candidate.ends,
        apply_by=window.apply_by,
        start_known=window.starts is not None,
        dated=is_dated(candidate),
        window_words=wording.when(pool, candidate),
        cost=wording.cost_words(offer.amount),
        cost_to_business=wording.price(offer.amount),
        hours=offer.hours,
        funding=wording.payment(offer),
        requires=offer.requires,
        reserve=reserve,
        evidence=offer.evidence,
        source=offer.source,
        source_checked=offer.source.seen,
        assured=offer.assured,
        edition=next_edition(offer.window, candidate.starts),
    )
