"""Measure closeness on what owners could say: `python -m tests.core.closeness_measure` prints the figures.

Offers of equal figure stand in no order, so a rank is what chance would give within its equals.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from knowledge_base.catalogue import read_starter_pack
from knowledge_base.closeness import read_near
from knowledge_base.meanings import Meanings
from knowledge_base.records import Offer
from knowledge_base.services import ENCODER, PACK
from knowledge_base.view import View
from knowledge_base.windows import usable

ON = date(2026, 11, 21)
PROBES: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parent / "closeness_probes.yml").read_text(encoding="utf-8")
)
SMALL_WORDS = frozenset(
    re.findall(
        "[a-z]+",
        "a an the i we our us is are to of for and in on it that with who what how do no have not from by "
        "my be as at or can",
    )
)
Scores = Callable[[str, str, Sequence[Offer]], Sequence[float]]


class Measured(NamedTuple):
    """Over all probes: the mean of 1/rank; the shares found first, among the first three, and all alike."""

    reciprocal: float
    first: float
    three: float
    flat: float


def real_view() -> View:
    """The starter pack, able to tell what is close: takes some seconds."""
    meanings = Meanings(ENCODER)
    view = View.of(read_starter_pack(PACK), meanings=meanings)
    meanings.fill(view.index)
    return view


def serving(view: View, need: str) -> list[Offer]:
    """Every offer for a need that is open, wherever it is."""
    return [offer for offer in view.index.by_need[need] if not usable(offer.window, ON).closed]


def measure(view: View, scores: Scores) -> Measured:
    """Rank the offers for each probe's need by a way of scoring them."""
    sums = [0.0, 0.0, 0.0, 0.0]
    for probe in PROBES["probes"]:
        offers = serving(view, probe["need"])
        found = list(scores(probe["words"], probe["need"], offers))
        right = [score for offer, score in zip(offers, found, strict=True) if offer.id in probe["closest"]]
        best = max(right)
        above, equal = sum(score > best for score in found), sum(score == best for score in found)
        for ahead, chance in first_of(right.count(best), equal):
            rank = above + ahead + 1
            sums = [
                sums[0] + chance / rank,
                sums[1] + chance * (rank == 1),
                sums[2] + chance * (rank <= 3),
                sums[3],
            ]
        sums[3] += max(found) == min(found)
    return Measured(*(each / len(PROBES["probes"]) for each in sums))


def first_of(right: int, equal: int) -> list[tuple[int, float]]:
    """How many of its equals stand before the first right one, each with its chance."""
    ways = math.comb(equal, right)
    return [(ahead, math.comb(equal - ahead - 1, right - 1) / ways) for ahead in range(equal - right + 1)]


def by_figures(view: View) -> Scores:
    """The figures as the ranking gets them."""

    def scores(words: str, need: str, offers: Sequence[Offer]) -> Sequence[float]:
        ids = [offer.id for offer in offers]
        figures = figures_for(view, words, need, ids)
        return [figures.get(id, 0.5) for id in ids]

    return scores


def figures_for(view: View, words: str, need: str, ids: Sequence[str]) -> dict[str, float]:
    near = view.near_of(words)
    if near is None or view.meanings is None or read_near(near) is None:
        return {}
    return view.meanings.figures(near, view.index, {need: ids}) or {}


def by_words(words: str, need: str, offers: Sequence[Offer]) -> Sequence[float]:
    """The baseline: words that owner and record share, the rarer the more."""
    told = set(re.findall("[a-z]+", words.lower())) - SMALL_WORDS
    texts = [
        set(re.findall("[a-z]+", " ".join([o.name, o.summary, *(c.words for c in o.criteria)]).lower()))
        for o in offers
    ]
    rarity = {word: math.log(1 + len(offers) / (1 + sum(word in text for text in texts))) for word in told}
    return [sum(rarity[word] for word in sorted(told & text)) for text in texts]


def by_chance(words: str, need: str, offers: Sequence[Offer]) -> Sequence[float]:
    return [0.0] * len(offers)


def main() -> None:
    view = real_view()
    print(f"{len(PROBES['probes'])} probes            1/rank  first  first three  flat")
    for name, scores in (("chance", by_chance), ("shared words", by_words), ("closeness", by_figures(view))):
        found = measure(view, scores)
        print(f"{name:20s} {found.reciprocal:7.3f} {found.first:6.3f} {found.three:12.3f} {found.flat:5.3f}")
    plain = [
        (words, need)
        for words in PROBES["plain"]
        for need in view.index.by_need
        if figures_for(view, words, need, [offer.id for offer in serving(view, need)])
    ]
    print(f"plain words that part offers: {len(plain)} of {len(PROBES['plain']) * len(view.index.by_need)}")


if __name__ == "__main__":
    main()
