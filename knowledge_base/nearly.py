"""The offers a business nearly fits: what is missing, in words, and what it would take."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from knowledge_base.asked import Asked
from knowledge_base.eligibility import Assessment, assess
from knowledge_base.nearest import Change, Nearest, after, changes_for
from knowledge_base.records import Offer
from knowledge_base.tried import Tried
from knowledge_base.view import View
from knowledge_base.windows import usable

MOST_FAILED, MOST_OPEN = 2, 3  # conditions; whoever misses more is not near


@dataclass(frozen=True, slots=True)
class NearFit:
    """An offer that is not likely to fit yet. ``verdict`` is unlikely or unsure.

    ``missing`` are the changes that would make it fit, to put behind "if": first of what fails, then of what
    is open.
    ``failed`` and ``unsure`` are the conditions themselves, in the words of the record.
    """

    offer: Offer
    missing: tuple[Change, ...]
    verdict: str
    failed: tuple[str, ...]
    unsure: tuple[str, ...]


def nearly(view: View, asked: Asked, limit: int, leave_out: Collection[str] = ()) -> list[NearFit]:
    """List at most ``limit`` offers for the needs asked about that all but fit, the nearest first.

    What fails in a way nobody should be advised to mend, such as being in another country, is left out.
    Each is tried: after the changes it is likely to fit and nothing bars it. ``leave_out`` names offers
    that are shown already, such as the steps of the roadmap.

    Raises:
        UnknownNeed: a need is not in the closed list.
    """
    now = Tried(view, asked)
    names = {id: each.name for id, each in view.catalogue.offers.items()}
    found = []
    for offer in _serving(view, asked, leave_out):
        assessment = assess(offer, now.pool.situation)
        if not _near(assessment):
            continue
        nearest = changes_for(assessment.criteria, now.pool.situation, asked.on, view.resolve, names)
        if nearest is not None and all(each.within_reach for each in nearest.needed):
            found.append((_rank(nearest, offer), offer, assessment, nearest))
    near: list[NearFit] = []
    for _, offer, assessment, nearest in sorted(found, key=lambda each: each[0]):
        if len(near) >= limit:
            break
        changes = (*nearest.needed, *nearest.settling)
        then = Tried(view, after(asked, changes))
        if then.usable(offer.id) and assess(offer, then.pool.situation).verdict == "likely":
            near.append(
                NearFit(
                    offer,
                    changes,
                    assessment.verdict,
                    tuple(each.words for each in assessment.failed),
                    tuple(each.words for each in assessment.unknown),
                )
            )
    return near


def _serving(view: View, asked: Asked, leave_out: Collection[str]) -> list[Offer]:
    """Return the offers for what was asked that can be used on the day, leaving out what was answered."""
    gone = {*leave_out, *asked.out, *asked.profile.done}
    ids = dict.fromkeys(
        offer.id
        for need in asked.needs
        for offer in view.index.by_need.get(need, ())
        if offer.id not in gone and not usable(offer.window, asked.on).closed
    )
    return [view.catalogue.offers[id] for id in ids]


def _near(assessment: Assessment) -> bool:
    few = len(assessment.failed) <= MOST_FAILED and len(assessment.unknown) <= MOST_OPEN
    return few and assessment.verdict != "likely"


def _rank(nearest: Nearest, offer: Offer) -> tuple[int, float, int, str]:
    """What misses least comes first: of conditions, then of effort, then of what is still open."""
    effort, open_ = nearest.effort
    return len(nearest.needed), effort, int(open_), offer.id
