"""Roadmaps and assessments: many businesses, from the starter pack to ten thousand offers."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from itertools import product
from random import Random
from typing import Any

from knowledge_base.documents import assessment_document
from knowledge_base.eligibility import assess
from knowledge_base.profile import Profile, parse_profile
from knowledge_base.records import Catalogue
from knowledge_base.view import View
from knowledge_base.windows import usable
from knowledge_base.words import LEGAL_FORMS, SECTORS
from tests.benchmarks.figures import Figure, Run, median, percentile
from tests.benchmarks.machine import Mood
from tests.benchmarks.worlds import NEEDS_ASKED, ON, PROFILES, grown, starter

TIMES = 3
ASSESSED = 260
MET = 200  # businesses assessed before the clock runs, as on any day but the first
AIMS = {1_000: "≤ 50", 10_000: "≤ 250"}
VERDICTS = ("likely", "unsure", "unlikely")


def measure(run: Run) -> list[Figure]:
    """Make every roadmap three times and keep its best time: what is left is the work, not the noise."""
    pack = starter()
    figures = []
    for count in (len(pack.offers), *AIMS):
        figures += roadmap_figures(grown(pack, count), AIMS.get(count, ""))
    return [*figures, *assessment_figures(grown(pack, ASSESSED))]


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


def assessment_figures(catalogue: Catalogue) -> list[Figure]:
    """Every offer assessed with its reasons: for businesses one after another, and by the plain rules."""
    view = View.of(catalogue)
    offers, compiled = list(catalogue.offers.values()), view.index.compiled

    def plainly(profile: Profile) -> None:
        situation = view.situation(profile)
        for offer in offers:
            assess(offer, situation)

    def at_once(profile: Profile) -> None:
        compiled.assess(view.situation(profile)).all()

    def over(businesses: Sequence[Profile], work: Callable[[Profile], None], times: int) -> float:
        return median([best_ms(partial(work, profile), times) for profile in businesses])

    crowd = strangers(MET + ASSESSED)
    for profile in crowd[:MET]:
        at_once(profile)
    ours, plain = over(crowd[MET:], at_once, 1), over(PROFILES, plainly, 9)
    loop = Mood.now().loop_ms
    name = f"assessment of {len(offers)} offers with reasons"
    how = (
        f"Median over {ASSESSED} businesses not met before, each held once, after {MET} others. Baseline: an "
        "evaluator of another project, on Node, which gives verdicts without reasons, on another machine."
    )
    return [
        Figure(f"{name}, median", ours, "ms", 0.41, how, "quoted", "≤ 0.41"),
        Figure(
            f"{name}, in loops of this machine",
            ours / loop,
            "loops",
            plain / loop,
            "The same in units of the fixed loop: the machine's ratio, to compare machines. Baseline: each "
            "offer by the plain rules, nothing remembered.",
            "measured",
        ),
    ]


def strangers(count: int) -> list[Profile]:
    """Businesses of many kinds, the same in every run."""
    chance = Random(ASSESSED)
    towns = ("Dudley", "Loughborough", "Cardiff", "Habo", "Wales", "Coventry", "Leicester", "Hamburg")
    found = []
    for _ in range(count):
        told = {
            "employees": chance.randint(0, 300),
            "place": chance.choice(towns),
            "sector": chance.choice(list(SECTORS)),
            "legal_form": chance.choice(LEGAL_FORMS),
            "turnover": {"amount": chance.randint(0, 10**8), "currency": "GBP"},
            "trading_months": chance.randint(0, 300),
        }
        found.append(parse_profile({fact: told[fact] for fact in told if chance.random() < 0.6}))
    return found


def best_ms(work: Callable[[], object], times: int = TIMES) -> float:
    """The best of a few runs, in milliseconds."""
    best = float("inf")
    for _ in range(times):
        begun = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - begun)
    return best * 1000
