"""Assessments of many offers with their reasons: business after business, and the first after a change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from random import Random

from knowledge_base.eligibility import assess
from knowledge_base.profile import Profile, parse_profile
from knowledge_base.records import Catalogue
from knowledge_base.view import View
from knowledge_base.words import LEGAL_FORMS, SECTORS
from tests.benchmarks.figures import Figure, best_ms, median
from tests.benchmarks.machine import Mood
from tests.benchmarks.worlds import grown

ASSESSED = 260
MET = 200  # businesses assessed before the clock runs, as on any day but the first
FRESH = 60  # times a record is changed and the first business after that assessed


def assessment_figures(pack: Catalogue) -> list[Figure]:
    """Every offer assessed with its reasons: for businesses one after another, and by the plain rules."""
    view = View.of(grown(pack, ASSESSED))
    offers, compiled = list(view.catalogue.offers.values()), view.index.compiled

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
    ours, plain = over(crowd[MET:], at_once, 1), over(crowd[MET:], plainly, 1)
    first = median([first_ms(view, profile) for profile in crowd[-FRESH:]])
    loop = Mood.now().loop_ms
    name = f"assessment of {len(offers)} offers with reasons"
    how = (
        f"Median over {ASSESSED} businesses not met before, each held once, after {MET} others. Baseline: an "
        "evaluator of another project, on Node, which gives verdicts without reasons, on another machine."
    )
    return [
        Figure(f"{name}, median", ours, "ms", 0.41, how, "quoted", "≤ 0.41"),
        Figure(
            f"{name}, the first business after a change",
            first,
            "ms",
            plain,
            f"Median of {FRESH} times: a record has just changed, so that nothing is remembered; the "
            "catalogue is made ready before the clock runs. Baseline: each offer by the plain rules.",
            "measured",
        ),
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


def first_ms(view: View, profile: Profile) -> float:
    """Change one record, and time the assessment of one business after that."""
    offers = list(view.catalogue.offers.values())
    changed = [replace(offers[0], summary=f"{offers[0].summary} Changed."), *offers[1:]]
    records = Catalogue.of(view.catalogue.areas.values(), changed, view.catalogue.providers.values())
    fresh = View.of(records, before=view)
    return best_ms(lambda: fresh.index.compiled.assess(fresh.situation(profile)).all(), 1)


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
