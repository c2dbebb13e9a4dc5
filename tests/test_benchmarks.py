"""What benchmarks make of what they measured: percentiles, growth, the slow ones, the page, the drawing."""

from __future__ import annotations

import json
import math
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge_base.profile import Profile
from tests.benchmarks import drawing, growth, report
from tests.benchmarks.__main__ import BENCHMARKS, main
from tests.benchmarks.cases import Case, Timed, asking, share_of, slowest
from tests.benchmarks.figures import CannotMeasure, Figure, Table, best_ms, percentile
from tests.benchmarks.machine import Mood

QUIET = Mood(0.1, 1.8, 1.0)
times = st.floats(min_value=0.001, max_value=1e6)


def point(offers: int, milliseconds: float = 10.0) -> growth.Point:
    return growth.Point(
        offers, milliseconds, milliseconds * 3, milliseconds * 2, *(offers / 50,) * 2, 100, 1, 1, ""
    )


def took(ms: float, *needs: str) -> Timed:
    return Timed(Case("a bakery", Profile(), needs or ("finance",)), ms)


@settings(deadline=None)
@given(st.lists(times, min_size=1), st.floats(min_value=0, max_value=1))
def test_a_percentile_is_a_value_that_was_measured_and_covers_its_share(
    values: list[float], share: float
) -> None:
    found = percentile(values, share)

    assert found in values
    assert sum(value <= found for value in values) >= share * len(values) - 1e-9


def test_no_percentile_of_nothing() -> None:
    with pytest.raises(CannotMeasure, match="nothing was measured"):
        percentile([], 0.5)


@pytest.mark.parametrize(("enough", "runs"), [(0.0, 1), (math.inf, 3)])
def test_work_that_took_long_enough_is_not_run_again(enough: float, runs: int) -> None:
    ran: list[None] = []

    best_ms(lambda: ran.append(None), times=3, enough=enough)

    assert len(ran) == runs


def test_growth_is_told_by_the_two_sizes_named() -> None:
    points = [point(1_000, 4.0), point(10_000, 8.0), point(100_000, 24.0)]

    assert growth.growth(points, "p50_ms", 1_000, 100_000) == 6
    assert growth.growth(points, "every_p50_ms", 1_000, 10_000) == 10


def test_growth_from_a_size_that_was_not_measured_says_which() -> None:
    with pytest.raises(CannotMeasure, match="no p50_ms at 1,000 offers"):
        growth.growth([point(10_000)], "p50_ms", 1_000, 10_000)


def test_the_slow_ones_are_named_the_slowest_first() -> None:
    found = [took(3), took(250, "finance", "premises"), took(40)]

    assert slowest(found, 2) == "2 needs of a bakery, 250 ms; finance for a bakery, 40.0 ms"
    assert [each.ms for each in asking(found, 2)] == [250]
    assert share_of(found, 0.5) == 40


@settings(deadline=None)
@given(st.lists(times, min_size=1, max_size=8))
def test_labels_keep_the_order_of_their_lines_and_never_meet(heights: list[float]) -> None:
    moved = drawing.spread(heights, 1.5)

    assert all(after >= before for before, after in zip(heights, moved, strict=True))
    assert all(above >= below * 1.5 * (1 - 1e-9) for below, above in pairwise(sorted(moved)))
    order = sorted(range(len(heights)), key=lambda place: heights[place])
    assert order == sorted(range(len(moved)), key=lambda place: moved[place])


def test_the_same_numbers_are_drawn_the_same_and_tell_no_day_and_no_place() -> None:
    points = [point(100, 1.0), point(1_000, 2.0), point(10_000, 4.0)]
    drawn = drawing.draw(points, growth.AIMS)

    assert drawn == drawing.draw(points, growth.AIMS)
    assert drawn != drawing.draw([*points[:2], point(10_000, 5.0)], growth.AIMS)
    assert drawn != drawing.draw(points, {})
    text = drawn.decode()
    assert ElementTree.fromstring(text).tag.endswith("svg")
    assert "from 100 offers to 10,000" in text
    for told in ("dc:date", "Matplotlib v", str(Path.cwd())):
        assert told not in text


def test_a_page_shows_figures_then_tables_with_their_pictures() -> None:
    table = Table(
        "How it grows", "Two sizes.", ("offers", "p50"), (("100", "1 ms"), ("300", "2 ms")), "growth.svg"
    )
    figure = Figure("roadmap, p50", 2.0, "ms", 4.0, "Twice.", "measured")
    kept = {
        "growth": report.section([figure, table], "2026-11-21", QUIET, QUIET, 2.0),
        "earlier": {**report.section([], "2026-11-20", QUIET, QUIET, 1.0), "tables": []},
    }
    del kept["earlier"]["tables"]  # as pages were kept before there were tables

    page = report.markdown(kept, {"cores": 2})

    assert "| roadmap, p50 | 2.00 ms | 4.00 ms | 0.50 |  |" in page
    assert (
        "## How it grows\n\n![How it grows](growth.svg)\n\nTwo sizes.\n\n| offers | p50 |\n|---:|---:|"
        in page
    )
    assert "| 300 | 2 ms |" in page
    assert page.index("roadmap, p50") < page.index("## How it grows") < page.index("## How busy")


def test_the_drawing_of_growth_can_be_made_again_from_the_numbers_beside_it(tmp_path: Path) -> None:
    growth.write([point(100, 1 / 3), point(1_000, 2 / 3)], tmp_path / "results")

    kept = json.loads((tmp_path / "results" / "growth.json").read_text())
    again = drawing.draw([growth.Point(**each) for each in kept], growth.AIMS)
    assert [each["offers"] for each in kept] == [100, 1_000]
    assert again == (tmp_path / "results" / "growth.svg").read_bytes()


def test_a_benchmark_there_is_not_is_refused_with_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["roadmap"])

    said = capsys.readouterr().err
    assert "'roadmap'" in said
    assert all(name in said for name in BENCHMARKS)
