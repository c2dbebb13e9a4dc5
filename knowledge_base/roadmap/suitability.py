"""What a good adviser would hold against an offer; nothing here looks at who provides it.

A misfit is a sum of small penalties, the smaller the better and never below zero: one for being a step at all
(so that a step more must be worth its while), a wrong kind for the phase, an area far wider than the place,
conditions nobody can test, a date nobody knows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from math import log2
from typing import Any

from knowledge_base.eligibility import Assessment, Result
from knowledge_base.fact_tests import COARSE, LEFT_TO_CHECK, NOT_FOUND, UNTOLD
from knowledge_base.records import Offer
from knowledge_base.roadmap.candidates import Candidate, Pool
from knowledge_base.roadmap.phases import USUAL_PHASE

ASKABLE = frozenset({UNTOLD, COARSE, NOT_FOUND})
CASH = frozenset({"grant", "voucher", "loan", "equity"})
NOT_CASH = frozenset({"tax_relief", "guarantee"})
PROJECTS = frozenset({"product_development", "research_collaboration"})
GROWTH_NEEDS = frozenset({"start_up", "scale_up"})
GROWTH_STAGES = frozenset({"start_up", "scale_up"})
ANY_STEP = 10
MOST_MISFIT = ANY_STEP + 26
MOST_ON_THE_WAY = ANY_STEP + 20
WIDEST = 10
STALE_YEARS = 3

KIND_ORDER = {
    "get_clear": ("diagnostic", "advice", "mentoring", "toolkit", "training", "event", "network"),
    "get_ready": (
        "training",
        "mentoring",
        "research_collaboration",
        "advice",
        "network",
        "event",
        "facility",
    ),
    "get_funded": (
        "grant",
        "voucher",
        "tax_relief",
        "loan",
        "guarantee",
        "equity",
        "research_collaboration",
        "advice",
        "award",
    ),
    "get_going": (
        "mentoring",
        "advice",
        "training",
        "network",
        "research_collaboration",
        "facility",
        "event",
    ),
}
OWN_KIND = {
    "peer_networks": ("network", "event", "mentoring"),
    "premises": ("facility",),
    "research_collaboration": ("research_collaboration",),
    "skills_leadership": ("training", "mentoring"),
    "finance": ("grant", "voucher", "loan", "equity", "tax_relief", "guarantee"),
}


def misfit(candidate: Candidate, phase: str, pool: Pool, breadth: int, hopeful: bool) -> int:
    """Add up what speaks against a candidate as a step of one phase."""
    offer, window, asked = candidate.offer, candidate.window, candidate.asked
    found = ANY_STEP + _kind(offer.kind, phase, asked)
    share = len(asked) / len(offer.needs) if offer.needs else 0
    found += breadth + (0 if share >= 0.5 else 2 if share >= 0.3 else 4)
    found += _conditions(candidate.assessment, hopeful)
    found += {True: 0, False: 2, None: 4}[window.open_now]
    if window.open_now is None and is_stale(offer, pool.on):
        found += 6
    if (candidate.starts - pool.on).days > 180:
        found += 4
    told = pool.told
    deadline = told.get("deadline")
    if deadline is not None and candidate.starts > deadline:
        found += 12
    if is_other_size(offer, pool):
        found += 6
    found += _wrong_money(offer.kind, pool.needs, told)
    assured = offer.assured
    return found + int(assured is None or assured.until < pool.on)


def breadth_of(areas: tuple[str, ...], pool: Pool, hopeful: bool) -> int:
    """Return 0 for an offer of the business's own town, and the more the wider it is open, up to 10.

    It grows with the logarithm of how many areas lie within. While nobody can say whether the business is
    in an area, the wider is the likelier: 2 for a country, up to 8 for a town.
    """
    if not areas:
        return WIDEST
    tree, place = pool.index.tree, pool.situation.place
    around = [tree.ancestors(area) for area in place.areas] if place is not None else []
    here = frozenset.intersection(*around) if around else frozenset[str]()
    certain = [area for area in areas if area in here]
    if certain or (hopeful and "place" not in pool.situation.profile.refused):
        within = min(pool.index.sizes.get(area, 1) for area in certain or areas)
        return min(WIDEST, round(1.5 * log2(max(1, within))))
    return 2 * min(4, max(len(tree.ancestors(area)) for area in areas))


def is_stale(offer: Offer, on: date) -> bool:
    """Say whether the page an offer was seen on is dated more than three years before a day."""
    text = (offer.source.date or "").strip()
    if len(text) < 4 or not (text[:4].isascii() and text[:4].isdigit()):
        return False
    parts = [int(part) for part in text.split("-") if part.isascii() and part.isdigit() and len(part) <= 4]
    return (parts or [int(text[:4])]) < [on.year - STALE_YEARS, on.month, on.day][: max(1, len(parts))]


def is_described(assessment: Assessment) -> bool:
    """Say whether a record is unsure only for want of facts not told yet, and no more of them than are known
    to be met. Place counts as one that is met, but not by itself."""
    unknown = assessment.unknown
    if any(each.note != UNTOLD or each.fact == "place" for each in unknown):
        return False
    met = [each.fact for each in assessment.criteria if each.result is Result.MET]
    return len(met) >= len(unknown) and any(fact != "place" for fact in met)


def wants_cash(needs: Iterable[str], told: Mapping[str, Any]) -> bool:
    """Say whether a business looks for money to spend: it asked for finance, or named a sum."""
    return "finance" in needs or told.get("amount") is not None


def may_fill(candidate: Candidate, misfit: int, need: str, told: Mapping[str, Any]) -> bool:
    """Say whether an offer is good enough for one more step, in a phase of a need that is served already.

    Better one step fewer than a silly one: tax relief for nobody's purchase, investors for a corner shop, a
    guarantee for a loan that nobody asked for.
    """
    if misfit > MOST_MISFIT:
        return False
    kind, money = candidate.offer.kind, need == "finance" or told.get("amount") is not None
    if kind == "tax_relief":
        return money or need in PROJECTS
    return money or kind not in ("guarantee", "equity")


def may_help_on(candidate: Candidate, misfit: int) -> bool:
    """Say whether an offer is good enough for a phase that only a later need would fill.

    It must suit well, ask for nothing first, and be no tax relief, guarantee or share of the business.
    """
    if misfit > MOST_ON_THE_WAY or len(candidate.bundle) > 1:
        return False
    return candidate.offer.kind not in NOT_CASH | {"equity"}


def _kind(kind: str, phase: str, asked: tuple[str, ...]) -> int:
    order = KIND_ORDER[phase]
    usual = 2 * (order.index(kind) if kind in order else len(order))
    if phase == "get_clear" != USUAL_PHASE.get(kind):
        return usual
    own = [2 * OWN_KIND[need].index(kind) - 6 for need in asked if kind in OWN_KIND.get(need, ())]
    return min([usual, *own])


def _conditions(assessment: Assessment, hopeful: bool) -> int:
    """Weigh the conditions besides place: those met say who an offer is for; those open, those in words only
    and a record without any leave that to be found out."""
    met = words = opened = 0
    for each in assessment.criteria:
        if each.note == LEFT_TO_CHECK:
            words += 1
        elif each.fact != "place":
            if each.result is Result.MET or (hopeful and each.note in ASKABLE):
                met += 1
            else:
                opened += 1
    none = not (met or words or opened)
    return min(3, words) + int(none) + 2 * min(2, opened) - 2 * min(2, met)


def _wrong_money(kind: str, needs: tuple[str, ...], told: Mapping[str, Any]) -> int:
    found = 10 if kind in NOT_CASH and wants_cash(needs, told) else 0
    growing = not GROWTH_NEEDS.isdisjoint(needs) or told.get("stage") in GROWTH_STAGES
    return found + (20 if kind == "equity" and not growing else 0)


def is_other_size(offer: Offer, pool: Pool) -> bool:
    """Say whether an offer brings less than the amount looked for, or no less than more than it.

    Where only the cost of a project is told, money that starts above it is of another size; less than the
    cost is not, as grants pay a part.
    """
    amount, wanted = offer.amount, pool.told.get("amount")
    if wanted is None or amount.meaning == "price" or amount.currency != wanted.currency:
        return False
    if amount.min is not None and wanted.high is not None and amount.min > wanted.high:
        return True
    looked_for = pool.situation.facts.get("amount") is not None
    return looked_for and amount.max is not None and wanted.low is not None and amount.max < wanted.low
