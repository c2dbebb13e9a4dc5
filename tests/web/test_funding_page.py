"""The part of a roadmap's page that says who pays, what is left and what has to be carried."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.web.cash_drawing import Carried, cash_drawings
from bot.web.funding_view import funding_view
from tests.web.example import month, small_factory
from tests.web.fakes import House, Saved

SCRIPT = "<script>alert(1)</script>"


def section(client: TestClient, house: House, funding: Any) -> str:
    house.roadmaps.held["funded"] = Saved("funded", {**small_factory(), "funding": funding})
    page = client.get("/roadmap/funded")
    assert page.status_code == 200
    found = re.search(r'<section class="after funding".*?</section>', page.text, re.DOTALL)
    return found.group() if found else ""


@pytest.fixture
def shown(client: TestClient, house: House) -> str:
    return section(client, house, small_factory()["funding"])


def test_the_table_reads_from_the_cost_down_to_what_is_left(shown: str):
    order = [
        "What it costs",
        "£24,000",
        "Pays",
        "Example growth grant",
        "£12,000",
        "You put £12,000 beside it",
        "Comes in April 2027",
        "To be repaid",
        "Example start loan",
        "Left for you to find",
        "What could fill the rest",
        "Example other loan",
    ]
    table = shown[shown.index('<tbody class="whole">') :]
    places = [table.index(words) for words in order]

    assert places == sorted(places)


def test_the_picture_can_be_read_as_words_and_as_figures(shown: str):
    assert "December 2026: £6,000; January 2027: £12,000" in shown
    assert "At most £24,000, in March 2027" in shown
    rows = re.findall(
        r'<tr><th scope="row">(\w+ \d{4})</th><td>(.*?)</td><td>(.*?)</td><td>(.*?)</td>', shown
    )
    assert rows[-1] == ("April 2027", "£0", "£12,000", "£12,000")
    assert len(rows) == 5


def test_what_is_taken_as_given_is_said(shown: str):
    for words in (
        "All of the cost is taken to count",
        "given as example aid",
        "the month after the project ends",
    ):
        assert words in shown


def test_a_roadmap_saved_before_the_months_were_known_still_shows_who_pays(client: TestClient, house: House):
    old = {
        "cost": {"amount": 24000, "currency": "GBP"},
        "lines": [
            {
                "name": "Example grant",
                "kind": "grant",
                "amount": {"amount": 12000, "currency": "GBP"},
                "words": "x",
            },
            {"name": "Example loan", "kind": "loan", "amount": None, "words": "to be repaid"},
            {"name": "Example other", "kind": "grant", "amount": None, "words": "limit not known"},
        ],
        "own_money": {"amount": 12000, "currency": "GBP"},
        "to_carry": {"amount": 12000, "currency": "GBP"},
        "words": "£12,000 is left for you to find",
    }

    page = section(client, house, old)

    assert "To carry until it is paid back to you" in page
    assert page.index("To be repaid") < page.index("Example loan") < page.index("Not counted")
    assert "<svg" not in page


def test_nothing_to_carry_draws_nothing(client: TestClient, house: House):
    funding = small_factory()["funding"]
    funding["cash"] = {**funding["cash"], "months": [month("2026-12", 5, 5, 0), month("2027-01", 5, 5, 0)]}
    funding["cash"]["peak"] = {"amount": 0, "currency": "GBP"}

    assert "<svg" not in section(client, house, funding)


def test_what_a_record_holds_cannot_become_markup_here(client: TestClient, house: House):
    line = {"name": SCRIPT, "kind": SCRIPT, "words": SCRIPT, "standing": SCRIPT, "arrives_words": SCRIPT}
    funding = {
        **small_factory()["funding"],
        "lines": [line],
        "words": SCRIPT,
        "assumptions": [SCRIPT],
        "fillers": [{"name": SCRIPT, "kind": SCRIPT, "words": SCRIPT}],
        "aid": {"words": SCRIPT},
    }

    page = section(client, house, funding)

    assert "<script" not in page
    assert page.count("&lt;script&gt;") >= 8


PARTS = [
    *("cost", "lines", "own_money", "cash", "months", "month", "spent", "received", "carried", "amount"),
    *("currency", "peak", "peak_month", "words", "fillers", "assumptions", "aid", "kind", "name", "standing"),
]
junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9) | st.just("2027-01"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(PARTS),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(["cost", "lines", "cash", "fillers", "assumptions", "aid"]), junk))
def test_whatever_was_saved_it_is_shown_or_left_out(funding):
    view = funding_view(funding)

    assert view is None or isinstance(view.words, str)


@settings(deadline=None)
@given(st.lists(st.decimals(0, 10**15, places=2), min_size=2, max_size=120))
def test_no_bar_or_word_of_the_picture_lies_outside_it(carried):
    months = [
        Carried(date(2026 + n // 12, n % 12 + 1, 1), Decimal(0), Decimal(n % 2), each)
        for n, each in enumerate(carried)
    ]
    drawn = cash_drawings(months, "GBP")

    assert (drawn is None) == (not any(carried))
    for drawing in drawn or ():
        assert len(drawing.bars) == len(months)
        assert sum(bar.most for bar in drawing.bars) == 1
        assert 0 <= drawing.most_x <= drawing.width
        assert drawing.most_y > 0
        for bar, each in zip(drawing.bars, carried, strict=True):
            assert drawing.left <= bar.x <= bar.x + bar.width <= drawing.width
            assert bar.y + bar.height == pytest.approx(drawing.floor, abs=0.11)
            assert bar.y >= 20
            share = float(each / max(carried))
            assert bar.height == pytest.approx(share * max(b.height for b in drawing.bars), abs=0.2)
        for one, later in pairwise(bar for bar in drawing.bars if bar.label):
            # Letters of 12.5 are less than 6.8 wide on average, and each label stands around its middle.
            assert later.label_x - one.label_x > 3.4 * (len(one.label) + len(later.label))
        assert 1 <= len(drawing.lines) <= 6
