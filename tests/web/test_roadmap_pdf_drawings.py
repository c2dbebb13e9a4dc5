"""The pictures in a roadmap's document: its steps in time and its cash, on the page and for any printer."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.lib.pagesizes import A4

from bot.web.roadmap_pdf import SIDE
from bot.web.roadmap_pdf_drawing import fitting, in_lines
from bot.web.roadmap_pdf_text import PLAIN, plain, register_fonts
from bot.web.roadmap_pdf_timeline import MOST_DRAWN, PATTERNS, axis_of
from bot.web.timeline import Span
from knowledge_base.words import PHASES
from tests.core.full import examples
from tests.slack.made_up import hostile_words, lengthened, made_up_roadmap, real_roadmap, spoilt
from tests.web.example import small_factory, step
from tests.web.fakes import House, Saved
from tests.web.pdf_drawn import Mark, drawn
from tests.web.pdf_reading import read_pdf
from tests.web.test_roadmap_pdf import DAY, made

NEAR = 0.6  # points


def marks(document: dict[str, Any], day: date = DAY) -> list[Mark]:
    return [each for page in drawn(made(document, day=day)) for each in page]


def the(found: list[Mark], words: str) -> Mark:
    """The first words that begin so."""
    return next(each for each in found if each.words.startswith(words))


def beside(found: list[Mark], words: str, kind: str) -> list[Mark]:
    """What is drawn on the height of some words, right of them."""
    name = the(found, words)
    return [each for each in found if each.kind == kind and abs(each.middle - name.middle) < 8
            and each.left > name.left + 100]  # fmt: skip


def where(found: list[Mark], month: str) -> float:
    """Where the first day of a month stands."""
    label = the(found, month)
    return (label.left + label.right) / 2


def names(document: dict[str, Any]) -> list[str]:
    return [plain(each["name"], 290) for phase in document["phases"] for each in phase["steps"]]


def outside(data: bytes) -> list[Mark]:
    """What is drawn beyond the paper, or written into its margins."""
    return [
        each
        for page in drawn(data)
        for each in page
        if each.left < -NEAR or each.right > A4[0] + NEAR or each.low < -NEAR or each.high > A4[1] + NEAR
        or (each.words and (each.left < SIDE - NEAR or each.right > A4[0] - SIDE + NEAR))
    ]  # fmt: skip


def test_an_arm_goes_from_the_start_of_a_step_to_its_end():
    found = marks(small_factory())

    arms = beside(found, "2. Example lean", "shape")
    arm = min(arms, key=lambda each: each.left), max(arms, key=lambda each: each.right)
    january, february = where(found, "Jan"), where(found, "Feb")
    a_day = (february - january) / 31
    assert arm[0].left == pytest.approx(january + 10 * a_day, abs=1)
    assert arm[1].right == pytest.approx(february + 21 * a_day, abs=1)


def test_a_mark_stands_at_the_last_day_to_apply():
    found = marks(small_factory())

    upright = [each for each in beside(found, "3. Example growth", "line") if each.right - each.left < 0.1]
    tall = [each for each in upright if 14 < each.high - each.low < 20]
    a_day = (where(found, "Feb") - where(found, "Jan")) / 31
    assert len(tall) == 3
    assert all(each.left == pytest.approx(where(found, "Feb") - a_day, abs=1) for each in tall)


def test_a_dashed_line_stands_at_today_and_says_so():
    for days in (0, 45):
        day = DAY + timedelta(days=days)
        found = marks(small_factory(), day)

        [now] = [each for each in found if each.dashed and each.high - each.low > 60]
        told = the(found, "today, ")
        assert told.words in ("today, 22 November 2026", "today, 6 January 2027")
        assert told.left - NEAR <= now.left <= told.right + NEAR
        assert told.high <= now.low + 6


def test_each_phase_is_named_and_has_a_pattern_of_its_own():
    found = marks(small_factory())

    order = [each.words for each in found if each.words in ("Get clear", "Get ready", "Get funded")]
    assert order[:3] == ["Get clear", "Get ready", "Get funded"]
    assert set(PATTERNS) == set(PHASES)
    assert len(set(PATTERNS.values())) == len(PHASES)


def test_a_step_without_a_day_is_named_beneath():
    read = read_pdf(made(small_factory()))

    assert "Any time: 4. Example makers' network." in read.words
    assert read.outline.index("When") < read.outline.index("Get clear")


def test_what_is_not_in_the_drawing_is_not_explained_under_it():
    document = small_factory()
    for phase in document["phases"]:
        for each in phase["steps"]:
            each["apply_by"] = None

    assert "last day to apply" not in read_pdf(made(document)).words
    assert "last day to apply" in read_pdf(made(small_factory())).words


def test_a_roadmap_whose_page_has_no_timeline_has_none_in_its_document():
    alone = {**small_factory(), "phases": small_factory()["phases"][:1]}
    undated = {**small_factory(), "phases": [
        {"phase": "get_clear", "steps": [step(name, name, starts=None, ends=None) for name in ("a", "b")]}
    ]}  # fmt: skip

    assert "When" not in read_pdf(made(alone)).outline
    assert "When" not in read_pdf(made(undated)).outline


def test_a_drawing_too_long_for_a_page_goes_on_with_its_months_and_its_phase():
    long = lengthened(small_factory(), 13)
    pages = read_pdf(made(long)).pages

    drawn_on = [page for page in pages if "today, 22 November 2026" in page]
    assert len(drawn_on) == 2
    assert all("Dec" in page for page in drawn_on)
    assert ", continued" in drawn_on[1]
    assert "last day to apply" not in drawn_on[0]


def test_a_long_drawing_begins_on_the_first_page_and_a_short_one_is_never_broken():
    assert "1. Example productivity review" in read_pdf(made(lengthened(small_factory(), 13))).pages[0]
    for extra in range(0, 40, 4):
        document = small_factory()
        document["changes"] = [{"kind": "new", "words": f"Example change {at}"} for at in range(extra)]

        assert [page.count("today, 22") for page in read_pdf(made(document)).pages].count(1) == 1


def test_of_very_many_steps_the_first_are_drawn_and_the_rest_is_said():
    long = lengthened(small_factory(), 40)
    read = read_pdf(made(long))

    assert f"The first {MOST_DRAWN} of 120 steps with a day are drawn; all are told below." in read.words
    assert "and " not in read.words.split("Any time: ")[1].split(".")[0]


def test_the_cash_is_drawn_as_on_the_page():
    found = marks(small_factory())

    months = [the(found, name) for name in ("Dec 2026", "Jan 2027", "Feb", "Mar", "Apr")]
    assert the(found, "the most").left > the(found, "carried at the end").right
    peak = [each for each in found if each.words == "£24,000"]
    assert any(each.middle > months[0].middle for each in peak)
    without = small_factory()
    without["funding"]["cash"] = None
    assert "money comes in" not in read_pdf(made(without)).words


def test_the_document_is_in_the_language_of_its_words_whatever_the_hub_speaks():
    assert "/Lang (en)" in read_pdf(made(small_factory(), languages=("sv", "en"))).catalogue


@pytest.mark.parametrize("seed", range(examples(60, 6)))
def test_any_roadmap_of_the_engine_names_every_step_and_leaves_the_page_nowhere(seed: int):
    for document in (made_up_roadmap(seed), real_roadmap(seed)):
        data = made(document)

        words = read_pdf(data).words
        assert [name for name in names(document) if name not in words] == []
        assert outside(data) == []


@settings(max_examples=examples(20, 5), deadline=None)
@given(
    words=st.lists(hostile_words, min_size=1, max_size=4),
    days=st.lists(st.one_of(st.none(), st.dates()), min_size=3, max_size=3),
    times=st.sampled_from([1, 1, 3]),
)
def test_hostile_words_and_any_days_are_drawn_within_the_page(
    words: list[str], days: list[date | None], times: int
):
    document = lengthened(spoilt(small_factory(), words, Random(1)), times)
    told = dict(zip(("starts", "ends", "apply_by"), (day and day.isoformat() for day in days), strict=True))
    document["phases"][1]["steps"][0] |= told

    assert outside(made(document)) == []


@pytest.mark.parametrize(
    ("starts", "ends", "apply_by"),
    [
        ("0001-01-01", "9999-12-31", None),
        ("9999-12-31", "9999-12-31", "9999-12-31"),
        ("2027-01-01", "2026-01-01", "2020-01-01"),
        ("soon", None, "later"),
    ],
)
def test_days_that_cannot_be_spoil_neither_the_page_nor_its_document(
    client: TestClient, house: House, starts: str, ends: str | None, apply_by: str | None
):
    document = small_factory()
    document["phases"][0]["steps"][0] |= {"starts": starts, "ends": ends, "apply_by": apply_by}
    house.roadmaps.held["example"] = Saved("example", document)

    assert client.get("/roadmap/example").status_code == 200
    assert outside(client.get("/roadmap/example.pdf").content) == []


@settings(max_examples=200, deadline=None)
@given(st.lists(st.dates(), max_size=6), st.dates())
def test_the_months_are_few_and_in_order_and_all_days_are_on_the_axis(days: list[date], today: date):
    axis = axis_of([Span("Example", each, None) for each in days], today, 487)

    ticks = axis.ticks()
    assert len(ticks) <= 8
    assert [x for x, _ in ticks] == sorted(x for x, _ in ticks)
    assert all(axis.left - NEAR <= axis.at(each) <= axis.right + NEAR for each in (*days, today))
    assert all(axis.left - NEAR <= x <= axis.right + NEAR for x, _ in ticks)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_words_divided_over_lines_lose_nothing_but_what_does_not_fit(told: str):
    register_fonts()
    words = plain(told)

    lines = in_lines(words, 7.8, 160)

    assert len(lines) <= 2
    assert all(line == fitting(line, PLAIN, 7.8, 160) for line in lines)
    whole = "".join("".join(lines).split())
    assert "".join(words.split()).replace("-", "").startswith(whole.removesuffix("…").replace("-", ""))
