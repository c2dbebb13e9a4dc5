"""Roadmaps for many businesses, from the starter pack to ten thousand offers; then assessments alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any

from knowledge_base.documents import assessment_document
from knowledge_base.eligibility import assess
from knowledge_base.profile import Profile
from knowledge_base.roadmap import Roadmap
from knowledge_base.view import View
from knowledge_base.windows import usable
from knowledge_base.words import NEEDS
from tests.benchmarks.assessing import assessment_figures
from tests.benchmarks.cases import Case, Timed, asking, share_of, slowest, timed
from tests.benchmarks.figures import TIMES, Figure, Run, Table, best_ms, percentile
from tests.benchmarks.worlds import BUSINESSES, NEEDS_ASKED, ON, PROFILES, grown, starter

AIMS = {1_000: "≤ 50", 10_000: "≤ 250"}
APART = {1: "one", 3: "three", len(NEEDS): f"all {len(NEEDS)}"}
VERDICTS = ("likely", "unsure", "unlikely")
BASELINE = "Baseline: assess every offer, without an index, and list the seven that fit best."


def measure(run: Run) -> list[Figure | Table]:
    """Make every roadmap three times and keep its best time: what is left is the work, not the noise."""
    pack = starter()
    figures: list[Figure] = []
    found: dict[int, list[Timed]] = {}
    for count in (len(pack.offers), *AIMS):
        view = View.of(grown(pack, count))
        found[count] = timed(partial(roadmap, view))
        figures += roadmap_figures(count, found[count], naive_ms(view), AIMS.get(count, ""))
    return [*figures, *assessment_figures(pack), apart(found)]


def roadmap(view: View, case: Case) -> Roadmap:
    """Make the roadmap of one case."""
    return view.roadmap(case.needs, case.profile, ON)


def naive_ms(view: View, times: int = TIMES) -> list[float]:
    """Time the baseline for each business; it looks at every offer whatever the needs are."""
    return [best_ms(partial(every_offer, view, NEEDS_ASKED[0], profile, ON), times) for profile in PROFILES]


def roadmap_figures(count: int, found: Sequence[Timed], naive: Sequence[float], aim: str) -> list[Figure]:
    """p50 and p95 over businesses and what they ask for, and how many roadmaps were proven the best."""
    told = (
        f"{len(BUSINESSES)} businesses, {len(NEEDS_ASKED)} sets of 1 to {len(NEEDS)} needs each, "
        f"best of {TIMES}. {BASELINE} Slowest: {slowest(found)}."
    )
    open_ended = [each.case.words for each in found if not each.made.proven]
    proof = (
        f"Of {len(found)} roadmaps, those whose search ended with nothing better left rather than at its "
        f"limit of work. Not proven: {'; '.join(open_ended) or 'none'}."
    )
    return [
        *(
            Figure(
                name=f"roadmap over {count:,} offers, {name}",
                value=share_of(found, share),
                unit="ms",
                baseline=percentile(naive, share),
                baseline_from="measured",
                aim=aim if name == "p95" else "",
                how=told,
            )
            for share, name in ((0.5, "p50"), (0.95, "p95"))
        ),
        Figure(f"roadmaps over {count:,} offers proven the best", proven(found), "%", how=proof),
    ]


def proven(found: Sequence[Timed]) -> float:
    """Return how many of these roadmaps were proven the best, in percent."""
    return 100 * sum(each.made.proven for each in found) / len(found)


def apart(found: dict[int, list[Timed]]) -> Table:
    """The same roadmaps by how much was asked for at once."""
    rows = []
    for count, each in found.items():
        for needs, words in APART.items():
            some = asking(each, needs)
            rows.append(
                (
                    f"{count:,}",
                    words,
                    f"{len(some)}",
                    f"{share_of(some, 0.5):,.1f} ms",
                    f"{share_of(some, 1):,.1f} ms",
                    max(some, key=lambda one: one.ms).case.business,
                    f"{sum(one.made.proven for one in some)} of {len(some)}",
                )
            )
    return Table(
        "Roadmaps by how much is asked for at once",
        f"The figures above are over all of these, and sets of two and of four needs. All {len(NEEDS)} at "
        "once is a stress that nobody types. No place rules out an offer for a business that told nothing, "
        "and the copies that make up a large catalogue here are then as good as each other.",
        ("offers", "needs at once", "roadmaps", "median", "slowest", "the slowest is for", "proven the best"),
        tuple(rows),
    )


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
