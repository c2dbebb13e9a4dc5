"""Which offers a roadmap may use for one business on one date, and why the others not."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from knowledge_base.compiled import Assessments
from knowledge_base.eligibility import Assessment, Situation
from knowledge_base.profile import MoneySpan, code
from knowledge_base.records import Money, Offer
from knowledge_base.roadmap.index import CatalogueIndex
from knowledge_base.roadmap.phases import PHASE_ORDER, phase_of
from knowledge_base.roadmap.rules import MOST_STEPS
from knowledge_base.windows import WindowState, usable

CLOSED, UNLIKELY, REFUSED, DONE, TURNED_DOWN = "closed", "unlikely", "refused", "done", "turned down"
MISSING, NOT_FOR_OWNERS, CIRCLE, TOO_LATE, CLASH = "missing", "not for owners", "circle", "too late", "clash"
TOO_LONG, LAPSED = "too long", "lapsed"


@dataclass(frozen=True, slots=True)
class Candidate:
    """An offer a roadmap may use, with the offers it brings along.

    ``asked`` holds the needs asked for that it serves, in the order asked; ``bundle`` the ids of what must
    be done first and is not done yet, in order, and this offer last. ``starts`` and ``ends`` already allow
    for them: they depend on nothing else in a roadmap.
    """

    offer: Offer
    assessment: Assessment
    window: WindowState
    asked: tuple[str, ...]
    phase: str
    starts: date
    ends: date
    bundle: tuple[str, ...]
    depth: int

    @property
    def unsure(self) -> bool:
        return self.assessment.verdict == "unsure"


@dataclass
class Pool:
    """Candidates for the needs asked, found once for one business on one date."""

    index: CatalogueIndex
    situation: Situation
    on: date
    needs: tuple[str, ...]
    refuses: frozenset[str]
    done: frozenset[str]
    turned_down: frozenset[str] = frozenset()
    audience: str = "owner"
    cost: Money | MoneySpan | None = None
    kept: frozenset[str] = frozenset()
    candidates: dict[str, Candidate] = field(default_factory=dict)
    out: dict[str, tuple[str, str]] = field(default_factory=dict)
    serving: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _assessed: dict[str, Assessment] = field(default_factory=dict)

    @cached_property
    def told(self) -> Mapping[str, Any]:
        """The facts told, the project's cost standing for the amount looked for where that is not told."""
        facts = self.situation.facts
        if self.cost is None or facts.get("amount") is not None:
            return facts
        cost = self.cost
        if isinstance(cost, Money):
            cost = MoneySpan(cost.amount, cost.amount, cost.currency)
        return {**facts, "amount": cost}

    @classmethod
    def of(
        cls,
        index: CatalogueIndex,
        situation: Situation,
        on: date,
        needs: tuple[str, ...],
        turned_down: Collection[str] = (),
        audience: str = "owner",
        cost: Money | MoneySpan | None = None,
        kept: Collection[str] = (),
    ) -> Pool:
        """Find the candidates for these needs. ``out`` says of every other offer for them why not,
        and which offer (itself, or one it requires) stands in the way.

        An offer the hub vouched for too long ago is out, but for those ``kept``: what a saved roadmap uses.
        """
        told = situation.facts
        refuses, done = told.get("refuses", frozenset()), told.get("done", frozenset())
        pool = cls(index, situation, on, needs, refuses, done, frozenset(turned_down), audience, cost)
        pool.kept = frozenset(kept)
        for need in needs:
            if need not in index.places:
                pool.serving[need] = ()
                continue
            possible, unlikely = pool.assessments.parted(index.places[need])
            pool._leave_out(unlikely)
            found = (pool.consider(id) for id in possible)
            pool.serving[need] = tuple(candidate.offer.id for candidate in found if candidate)
        return pool

    @cached_property
    def assessments(self) -> Assessments:
        """Every offer held against the business."""
        return self.index.compiled.assess(self.situation)

    def _leave_out(self, unlikely: list[str]) -> None:
        """Keep the reason of offers that are unlikely; one that is barred as well is out for that."""
        closed = self.index.closed(self.on)
        brokers = self.index.for_brokers if self.audience == "owner" else frozenset()
        barred = closed.union(brokers, self.done, self.turned_down)
        for id in unlikely:
            if id in barred:
                self.consider(id)
            else:
                self.out[id] = UNLIKELY, id

    def consider(self, id: str) -> Candidate | None:
        """Return the candidate an offer makes, or None with the reason kept in ``out``."""
        if id in self.candidates:
            return self.candidates[id]
        entered: set[str] = set()
        waiting = [id]
        while waiting:
            top = waiting[-1]
            if top in self.candidates or top in self.out:
                waiting.pop()
                continue
            alone = self._alone(top)
            if not isinstance(alone, Assessment):
                self.out[top] = alone
                continue
            offer = self.index.catalogue.offers[top]
            required = [each for each in dict.fromkeys(offer.requires) if each not in self.done]
            open_ = [each for each in required if each not in self.candidates and each not in self.out]
            if not entered.isdisjoint(open_) or top in open_:
                self.out[top] = CIRCLE, top
            elif open_:
                entered.add(top)
                waiting.extend(open_)
            else:
                self._settle(offer, alone, required)
        return self.candidates.get(id)

    def _settle(self, offer: Offer, assessment: Assessment, required: list[str]) -> None:
        stopped = next((self.out[each] for each in required if each in self.out), None)
        needed = [self.candidates[each] for each in required if each in self.candidates]
        found = stopped or self._scheduled(offer, assessment, needed)
        if isinstance(found, Candidate):
            self.candidates[offer.id] = found
        else:
            self.out[offer.id] = found

    def _alone(self, id: str) -> Assessment | tuple[str, str]:
        """Assess an offer as if it required nothing, or say what bars it."""
        if id in self._assessed:
            return self._assessed[id]
        offer = self.index.catalogue.offers.get(id)
        if offer is None or offer.status != "published":
            return MISSING, id
        reason = self._barred(offer)
        if reason:
            return reason, id
        if self.assessments.verdict(id) == "unlikely":
            return UNLIKELY, id
        if code(offer.kind) in self.refuses:
            return REFUSED, id
        if id in self.index.lapsed(self.on) and id not in self.kept:
            return LAPSED, id
        self._assessed[id] = self.assessments.of(id)
        return self._assessed[id]

    def _barred(self, offer: Offer) -> str | None:
        if offer.audience != "owner" and self.audience == "owner":
            return NOT_FOR_OWNERS
        if offer.id in self.done:
            return DONE
        if offer.id in self.turned_down:
            return TURNED_DOWN
        return CLOSED if offer.id in self.index.closed(self.on) else None

    def _scheduled(
        self, offer: Offer, assessment: Assessment, needed: list[Candidate]
    ) -> Candidate | tuple[str, str]:
        ready = max([before.ends for before in needed], default=self.on)
        window = usable(offer.window, ready)
        if window.closed:
            return TOO_LATE, offer.id
        bundle = tuple(dict.fromkeys([id for before in needed for id in before.bundle]))
        if len(bundle) >= MOST_STEPS:
            return TOO_LONG, offer.id
        if bundle and self._clash({*bundle, offer.id}):
            return CLASH, offer.id
        floor = max([PHASE_ORDER[before.phase] for before in needed], default=0)
        starts = window.starts or ready
        return Candidate(
            offer=offer,
            assessment=assessment,
            window=window,
            asked=tuple([need for need in self.needs if need in offer.needs]),
            phase=phase_of(offer, floor) if floor else self.index.phases[offer.id],
            starts=starts,
            ends=_after(starts, offer.duration_weeks),
            bundle=(*bundle, offer.id),
            depth=1 + max([before.depth for before in needed], default=0),
        )

    def _clash(self, members: set[str]) -> bool:
        return any(not self.index.excluded.get(id, frozenset()).isdisjoint(members) for id in members)


def _after(day: date, weeks: int | None) -> date:
    try:
        return day + timedelta(weeks=weeks or 0)
    except OverflowError:
        return date.max
