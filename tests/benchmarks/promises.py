"""What else the engine promises: an explanation, planning again, who pays, and what comes close to words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from random import Random
from typing import Any

import numpy as np
import yaml

from knowledge_base.asked import Asked
from knowledge_base.closeness import DIMENSIONS, Landscape, pack, texts_of, write_near
from knowledge_base.documents import roadmap_document
from knowledge_base.explain import explain
from knowledge_base.making import make
from knowledge_base.records import Money
from knowledge_base.replanning import Happened, replan
from knowledge_base.roadmap.index import CatalogueIndex
from knowledge_base.roadmap.paying import project_funding
from knowledge_base.services import PACK
from knowledge_base.tried import Tried
from knowledge_base.view import View
from tests.benchmarks.cases import CASES, Case, Timed, share_of, slowest, timed
from tests.benchmarks.figures import Figure, Run
from tests.benchmarks.roadmaps import roadmap
from tests.benchmarks.worlds import ON, grown, starter

LARGE = 10_000
COST = Money(Decimal(50_000), "GBP")
SEED = 7
SHARES = ((0.5, "p50"), (0.95, "p95"))


def measure(run: Run) -> list[Figure]:
    """Measure each promise on the cases of the roadmaps, beside the roadmap of the same case."""
    pack = starter()
    found: list[Figure] = []
    for count in (len(pack.offers), LARGE):
        view = View.of(grown(pack, count), thresholds=law())
        plain = timed(partial(roadmap, view))
        found += [
            *explanations(view, plain),
            *plans_again(view, plain),
            *fundings(view),
        ]
    return [*found, *closenesses(view, plain)]


def law() -> Sequence[dict[str, Any]]:
    """The numbers set by law, as the starter pack lists them."""
    return yaml.safe_load((PACK / "thresholds.yml").read_text(encoding="utf-8"))["thresholds"]


def beside(
    name: str, view: View, found: Sequence[Timed], plain: Sequence[Timed], against: str, how: str
) -> list[Figure]:
    """p50 and p95 of some work, beside those of what it is held against."""
    told = f"{how} {len(found)} cases. Baseline: {against}. Slowest: {slowest(found)}."
    return [
        Figure(
            f"{name}, {len(view.catalogue.offers):,} offers, {words}",
            share_of(found, share),
            "ms",
            share_of(plain, share),
            told,
            "measured",
        )
        for share, words in SHARES
    ]


def explanations(view: View, plain: Sequence[Timed]) -> list[Figure]:
    """Explain, for each case, one offer for what was asked that is not a step: what owners ask about."""
    chance = Random(SEED)
    about = {each.case: _not_a_step(view, each, chance) for each in plain}
    some = [case for case in CASES if about[case]]
    found = timed(lambda case: explain(view, Asked(case.needs, case.profile, ON), about[case]), some)
    how = "Why an offer for what was asked is not a step, and what would let it in."
    return beside("one offer explained", view, found, plain, "the roadmap of the same case", how)


def _not_a_step(view: View, made: Timed, chance: Random) -> str | None:
    steps = {step.offer for step in made.made.steps}
    serving = {offer.id for need in made.case.needs for offer in view.index.by_need[need]}
    return chance.choice(sorted(serving - steps)) if serving - steps else None


def plans_again(view: View, plain: Sequence[Timed]) -> list[Figure]:
    """Plan each roadmap again after its first step said no, and say what changed and why."""
    saved = {each.case: (each.made, roadmap_document(each.made)) for each in plain if each.made.steps}

    def again(case: Case) -> None:
        made, document = saved[case]
        no = Happened(turned_down=(made.steps[0].offer,))
        replan(view, document, Asked(case.needs, case.profile, ON), no, ON)

    found = timed(again, list(saved))
    first = timed(lambda case: roadmap_document(make(view, Asked(case.needs, case.profile, ON))), list(saved))
    how = "The first step said no: a new roadmap, what changed and why."
    return beside("roadmap planned again", view, found, first, "the roadmap made the first time", how)


def fundings(view: View) -> list[Figure]:
    """Say who pays for a project with the steps already chosen."""
    tried = {case: Tried(view, Asked(case.needs, case.profile, ON)) for case in CASES}
    orders = {case: each.order for case, each in tried.items()}

    def pays(case: Case) -> None:
        project_funding(tried[case].pool, orders[case], COST, case.profile, view.thresholds)

    def whole(case: Case) -> None:
        view.roadmap(case.needs, case.profile, ON, cost=COST)

    how = f"A project of £{COST.amount:,}, with the steps chosen before the clock runs."
    return beside("who pays alone", view, timed(pays), timed(whole), "the whole roadmap with that cost", how)


@dataclass(frozen=True)
class Laid:
    """Vectors laid out beforehand, in the place of `Meanings`, which would encode ten thousand offers."""

    landscape: Landscape

    def figures(self, near: str, index: CatalogueIndex, serving: dict[str, Any]) -> dict[str, float]:
        return self.landscape.figures(near, serving)


def closenesses(view: View, plain: Sequence[Timed]) -> list[Figure]:
    """Say how close every offer that could serve comes to one sentence: said just now, and said before."""
    chance = np.random.default_rng(SEED)
    packed = {id: vectors(len(texts_of(offer)), chance) for id, offer in view.catalogue.offers.items()}
    known = replace(view, meanings=Laid(Landscape.of(view.index.by_need, packed)))
    words = {case: write_near("made up!", directions(1, chance)) for case in CASES}

    def close(case: Case) -> Any:
        return known.closeness(words[case], case.needs, case.profile, ON)

    against = "the roadmap of the same case without words"
    how = "Made-up directions stand for the sentence and the texts of the offers: the sums are the same."
    new = timed(close, times=1)
    return [
        *beside("closeness to words just said", known, new, plain, against, how),
        *beside("closeness to words said before", known, timed(close), plain, against, how),
    ]


def vectors(count: int, chance: np.random.Generator) -> bytes:
    """Pack some made-up directions, as an offer's texts are kept."""
    return pack(directions(count, chance))


def directions(count: int, chance: np.random.Generator) -> np.ndarray:
    """Make up directions of length 1, a row each."""
    rows = chance.standard_normal((count, DIMENSIONS))
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)
