"""How a business would see an offer: its step in a roadmap, and which of the examples it fits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time

from bot.web.examples_view import Made
from bot.web.formats import sentence
from bot.web.roadmap_view import StepView, roadmap_view
from knowledge_base import labels
from knowledge_base.documents import roadmap_document
from knowledge_base.eligibility import Result, assess
from knowledge_base.examples import Example
from knowledge_base.fact_tests import LEFT_TO_CHECK
from knowledge_base.profile import Profile
from knowledge_base.records import Catalogue, Offer
from knowledge_base.roadmap.index import CatalogueIndex
from knowledge_base.view import View
from knowledge_base.windows import usable

ORDER = ("likely", "unsure", "unlikely")


@dataclass(frozen=True)
class Fit:
    """How an offer stands to one example business, and in words why."""

    id: str
    business: str
    verdict: str
    words: str
    asks: bool  # for one of the needs the offer helps with
    failed: tuple[str, ...]
    open: tuple[str, ...]


@dataclass(frozen=True)
class Preview:
    """A step as a business sees it, or why there is none; ``fits`` for each example, the best first."""

    step: StepView | None
    seen_by: str
    why_not: str
    fits: tuple[Fit, ...]
    chosen: str = ""

    @property
    def counts(self) -> tuple[tuple[str, int], ...]:
        words = ((each, sentence(labels.verdict(each))) for each in ORDER)
        return tuple((text, sum(fit.verdict == each for fit in self.fits)) for each, text in words)


def preview(offer: Offer, view: View, examples: Sequence[Example], on: date, chosen: str = "") -> Preview:
    """Show an offer as if it were published: to the example that was chosen, else the one it fits best.

    What it requires is taken for done, and no other offer is looked at: it is seen by itself.
    """
    alone = replace(offer, status="published", requires=(), assured=offer.assured)
    providers = view.catalogue.providers.values()
    catalogue = Catalogue.of(view.catalogue.areas.values(), [alone], providers)
    small = replace(view, catalogue=catalogue, index=CatalogueIndex.of(catalogue, view.index))
    fits = tuple(sorted((_fit(alone, small, each) for each in examples), key=_rank))
    best = next((f for f in fits if f.id == chosen), None) or next(
        (f for f in fits if f.verdict != "unlikely"), None
    )
    example = next((each for each in examples if best and each.id == best.id), None)
    seen_by = example.business if example else "a business that has told nothing yet"
    picked = example.id if example else ""
    if usable(offer.window, on).closed:
        return Preview(None, seen_by, "It is closed, so no roadmap takes it.", fits, picked)
    if not offer.needs:
        return Preview(None, seen_by, "It names no need, so nobody would ever be shown it.", fits, picked)
    profile = example.profile if example else Profile()
    wanted = tuple(n for n in (example.needs if example else ()) if n in offer.needs) or offer.needs[:1]
    roadmap = small.roadmap(wanted, _free(profile), on, audience=offer.audience)
    saved = Made("preview", roadmap_document(roadmap), datetime.combine(on, time(), UTC), on)
    shown = roadmap_view(saved, on, lambda id: id)
    steps = [step for phase in shown.phases for step in phase.steps]
    if steps:
        return Preview(replace(steps[0], number=1), seen_by, "", fits, picked)
    why = "; ".join(gap.words for gap in roadmap.gaps) or "no roadmap takes it"
    return Preview(None, seen_by, f"{sentence(why).rstrip('.')}.", fits, picked)


def _free(profile: Profile) -> Profile:
    """Leave out what bars an offer whatever it is: kinds refused, offers done."""
    return replace(profile, refuses=(), done=())


def _fit(offer: Offer, view: View, example: Example) -> Fit:
    found = assess(offer, view.situation(example.profile))
    failed = tuple(each.words for each in found.criteria if each.result is Result.FAILED)
    unknown = tuple(
        each.words for each in found.criteria if each.result is Result.UNKNOWN and each.note != LEFT_TO_CHECK
    )
    return Fit(
        example.id,
        example.business,
        found.verdict,
        sentence(labels.verdict(found.verdict)),
        bool({*example.needs} & {*offer.needs}),
        failed,
        unknown,
    )


def _rank(fit: Fit) -> tuple[int, bool, str]:
    return ORDER.index(fit.verdict), not fit.asks, fit.id
