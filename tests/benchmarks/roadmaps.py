"""Roadmaps and assessments: many businesses, from the starter pack to ten thousand offers."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from functools import partial
from itertools import product
from typing import Any

from knowledge_base.documents import assessment_document
from knowledge_base.eligibility import assess
from knowledge_base.profile import Profile
from knowledge_base.records import Catalogue
from knowledge_base.view import View
from knowledge_base.windows import usable
from tests.benchmarks.figures import Figure, Run, median, percentile
from tests.benchmarks.worlds import NEEDS_ASKED, ON, PROFILES, grown, starter

TIMES = 3
ASSESSED = 260
AIMS = {1_000: "≤ 50", 10_000: "≤ 250"}
VERDICTS = ("likely", "unsure", "unlikely")


def measure(run: Run) -> list[Figure]:
    """Make every roadmap three times and keep its best time: what is left is the work, not the noise."""
    pack = starter()
    figures = []
    for count in (len(pack.offers), *AIMS):
        figures += roadmap_figures(grown(pack, count), AIMS.get(count, ""))
    return [*figures, assessment_figure(grown(pack, ASSESSED))]


def roadmap_figures(catalogue: Catalogue, aim: str) -> list[Figure]:
    """p50 and p95 over businesses and what they ask for, against looking at every offer each time."""
    view = View.of(catalogue)
    cases = list(product(PROFILES, NEEDS_ASKED))
    ours = [best_ms(partial(view.roadmap, needs, profile, ON)) for profile, needs in cases]
    naive = [best_ms(partial(every_offer, view, NEEDS_ASKED[0], profile, ON)) for profile in PROFILES]
    how = (
        f"{len(PROFILES)} businesses, {len(NEEDS_ASKED)} sets of 1 to {len(NEEDS_ASKED[-1])} needs each, "
        f"best of {TIMES}. Baseline: assess every offer, without an index, and list the seven that fit best."
    )
    return [
        Figure(
            name=f"roadmap over {len(catalogue.offers):,} offers, {name}",
            value=percentile(ours, share),
            unit="ms",
            baseline=percentile(naive, share),
            baseline_from="measured",
            aim=aim if name == "p95" else "",
            how=how,
        )
        for share, name in ((0.5, "p50"), (0.95, "p95"))
    ]


def every_offer(view: View, needs: tuple[str, ...], profile: Profile, on: date) -> list[dict[str, Any]]:
    """What a plain matching service does: hold every offer against the business, then sort."""
    situation = view.situation(profile)
    found = []
    for offer in view.catalogue.offers.values():
        assessment = assess(offer, situation)
        window = usable(offer.window, on)
        rank = (
            VERDICTS.index(assessment.verdict),
            window.closed,
            -len(set(needs) & set(offer.needs)),
            offer.id,
        )
        found.append((rank, assessment_document(assessment, window)))
    return [document for _, document in sorted(found, key=lambda pair: pair[0])[:7]]


def assessment_figure(catalogue: Catalogue) -> Figure:
    """Every offer assessed with its reasons, again for each business."""
    view = View.of(catalogue)
    offers = list(catalogue.offers.values())

    def all_of(profile: Profile) -> None:
        situation = view.situation(profile)
        for offer in offers:
            assess(offer, situation)

    return Figure(
        name=f"assessment of {len(offers)} offers with reasons, median",
        value=median([best_ms(partial(all_of, profile), times=9) for profile in PROFILES]),
        unit="ms",
        baseline=0.41,
        baseline_from="quoted",
        aim="≤ 0.41",
        how=f"Median over {len(PROFILES)} businesses, best of 9 each. Baseline: an evaluator of another "
        "project, on Node, which gives verdicts without reasons, on another machine.",
    )


def best_ms(work: Callable[[], object], times: int = TIMES) -> float:
    """The best of a few runs, in milliseconds."""
    best = float("inf")
    for _ in range(times):
        begun = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - begun)
    return best * 1000
