"""How the time of a roadmap grows with the catalogue: from a hundred offers to a hundred thousand."""

from __future__ import annotations

import gc
import json
import tracemalloc
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

from knowledge_base.records import Catalogue
from knowledge_base.roadmap import CatalogueIndex
from knowledge_base.view import View
from tests.benchmarks.cases import CASES, share_of, slowest, timed
from tests.benchmarks.drawing import draw
from tests.benchmarks.figures import ENOUGH, TIMES, CannotMeasure, Figure, Run, Table, best_ms, percentile
from tests.benchmarks.report import RESULTS
from tests.benchmarks.roadmaps import BASELINE, naive_ms, proven, roadmap
from tests.benchmarks.worlds import grown, starter, with_own_words

SIZES = (100, 300, 1_000, 3_000, 10_000, 30_000, 100_000)
AIMS = {1_000: 50.0, 10_000: 250.0}  # milliseconds, of the p95
USUAL = 4  # needs at once
FEWER = 30_000  # offers: from here on a case is run twice at the most
HEADINGS = (
    *("offers", "p50", "p95", f"p95, up to {USUAL} needs", "every offer, p50", "every offer, p95"),
    *("proven the best", "index made", "memory of the index"),
)


@dataclass(frozen=True)
class Point:
    """One size: milliseconds for roadmaps and for the baseline, and what making it ready took.

    ``usual`` are the roadmaps for no more needs than somebody types.
    """

    offers: int
    p50_ms: float
    p95_ms: float
    usual_p95_ms: float
    every_p50_ms: float
    every_p95_ms: float
    proven_percent: float
    index_ms: float
    index_mb: float
    slowest: str


def measure(run: Run) -> list[Figure | Table]:
    """Measure every size on the same cases, and write the numbers and the drawing beside the page."""
    pack = starter()
    points = [point(pack, count) for count in SIZES]
    write(points, RESULTS)
    return [*figures(points), table(points)]


def point(pack: Catalogue, count: int) -> Point:
    """Measure one size."""
    records = grown(pack, count)
    index_ms, index_mb = made_ready(with_own_words(records))
    view = View.of(records)
    times = TIMES if count < FEWER else 2
    found, naive = timed(partial(roadmap, view), times=times), naive_ms(view, times)
    return Point(
        offers=count,
        p50_ms=share_of(found, 0.5),
        p95_ms=share_of(found, 0.95),
        usual_p95_ms=share_of([each for each in found if len(each.case.needs) <= USUAL], 0.95),
        every_p50_ms=percentile(naive, 0.5),
        every_p95_ms=percentile(naive, 0.95),
        proven_percent=proven(found),
        index_ms=index_ms,
        index_mb=index_mb,
        slowest=slowest(found, 1),
    )


def made_ready(records: Catalogue) -> tuple[float, float]:
    """Return the milliseconds an index of these records takes to make, and the megabytes it holds."""
    milliseconds = best_ms(lambda: CatalogueIndex.of(records))
    gc.collect()
    tracemalloc.start()
    try:
        index = CatalogueIndex.of(records)
        gc.collect()
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    if len(index.compiled.offers) != len(records.offers):
        raise CannotMeasure("the index does not hold every offer, so its size says nothing")
    return milliseconds, held / 1e6


def growth(points: Sequence[Point], of: str, small: int, large: int) -> float:
    """Return how many times as much there is of something at one size as at another."""
    by_size: Mapping[int, float] = {each.offers: getattr(each, of) for each in points}
    for size in (small, large):
        if not by_size.get(size):
            raise CannotMeasure(f"there is no {of} at {size:,} offers to tell growth by")
    return by_size[large] / by_size[small]


def figures(points: Sequence[Point]) -> list[Figure]:
    """The largest size, and how much longer it takes than a hundredth of it."""
    last = points[-1]
    small, large = last.offers // 100, last.offers
    how = f"{len(CASES)} cases, best of two. {BASELINE} Slowest: {last.slowest}."
    return [
        Figure(f"roadmap over {large:,} offers, p50", last.p50_ms, "ms", last.every_p50_ms, how, "measured"),
        Figure(f"roadmap over {large:,} offers, p95", last.p95_ms, "ms", last.every_p95_ms, how, "measured"),
        Figure(
            f"roadmap over {large:,} offers against {small:,}, p50",
            growth(points, "p50_ms", small, large),
            "times",
            growth(points, "every_p50_ms", small, large),
            "A hundred times as many offers. Baseline: the same of the baseline above.",
            "measured",
        ),
        Figure(
            f"index of {large:,} offers made",
            last.index_ms / 1000,
            "s",
            how="Once for every change of the records, from records that have been read.",
        ),
    ]


def table(points: Sequence[Point]) -> Table:
    """The drawing, and the numbers it is drawn from."""
    words = (
        f"{len(CASES)} cases at each size, the same at all: best of {TIMES}, from {FEWER:,} offers on "
        f"best of two, and of one where that takes over {ENOUGH:.0f} s. {BASELINE} Copies of the starter "
        "pack's offers make up the larger sizes; for the index, each condition has words of its own. Its "
        "memory is what comes on top of the records. The numbers are in [growth.json](growth.json)."
    )
    rows = tuple(
        (
            *(f"{each.offers:,}", f"{each.p50_ms:,.1f} ms", f"{each.p95_ms:,.1f} ms"),
            *(f"{each.usual_p95_ms:,.1f} ms", f"{each.every_p50_ms:,.1f} ms", f"{each.every_p95_ms:,.1f} ms"),
            *(f"{each.proven_percent:.0f} %", f"{each.index_ms:,.1f} ms", f"{each.index_mb:.1f} MB"),
        )
        for each in points
    )
    return Table("How the time of a roadmap grows", words, HEADINGS, rows, "growth.svg")


def write(points: Sequence[Point], folder: Path) -> None:
    """Write growth.json, and growth.svg as it is drawn from the numbers in there."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = [_rounded(each) for each in points]
    numbers = json.dumps(kept, indent=2, ensure_ascii=False)
    (folder / "growth.json").write_text(f"{numbers}\n", encoding="utf-8")
    (folder / "growth.svg").write_bytes(draw([Point(**each) for each in kept], AIMS))


def _rounded(point: Point) -> dict[str, Any]:
    return {
        key: round(value, 3) if isinstance(value, float) else value for key, value in asdict(point).items()
    }
