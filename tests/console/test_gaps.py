"""Curators see what is missing as pictures with their numbers, and nothing that is about fewer than ten."""

from __future__ import annotations

import csv
import io
import re
from datetime import datetime, timezone
from html import unescape
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.console.gap_drawings import SHADES, bars, heat_map, shade, strips
from bot.console.sheets import cell, csv_text
from knowledge_base.gap_groups import GapSeen
from knowledge_base.gap_pictures import FEWEST_SHOWN, Counted, figures
from knowledge_base.records import Window
from knowledge_base.store.gaps import Gaps
from knowledge_base.store.usage import OfferCounts
from tests.core.builders import employs, offer

OCTOBER = datetime(2026, 10, 20, tzinfo=timezone.utc)
SEPTEMBER = datetime(2026, 9, 20, tzinfo=timezone.utc)
NOVEMBER = datetime(2026, 11, 20, tzinfo=timezone.utc)
SCRIPT = "<script>alert(1)</script>"


def gap(need: str = "premises", area: str = "black-country", **more: str) -> GapSeen:
    return GapSeen(
        need, **{"reason": "nothing open", "area": area, "size_band": "1 to 9", "sector": "care", **more}
    )


@pytest.fixture
def counted(database) -> Gaps:
    gaps = Gaps(database)
    gaps.record([gap()] * 43 + [gap(area="wales")] * 14 + [gap(area="rugby")] * 3, OCTOBER)
    gaps.record([gap("finance", "wales", sector="food")] * 12, SEPTEMBER)
    gaps.record([gap("export_markets")] * 7, SEPTEMBER)
    gaps.record([gap("sustainability")] * 50, NOVEMBER)
    return gaps


def svgs(page: str) -> list[ElementTree.Element]:
    return [ElementTree.fromstring(each) for each in re.findall(r"<svg.*?</svg>", page, re.DOTALL)]


def test_the_map_shows_needs_by_area_as_a_picture_and_in_a_table(viewer, counted):
    page = viewer.get("/console/gaps").text

    words = [title.text for svg in svgs(page) for title in svg.iter("title")]
    assert "space to work in, Black Country: 43. Draft a brief" in words
    assert "money for your plans, Wales: 12. Draft a brief" in words
    assert page.index('id="heat-title"') < page.index("The numbers in a table")
    assert "<td>43</td>" in page


def test_nothing_below_ten_stands_in_the_page_or_in_what_is_taken_away(viewer, counted):
    """Seven looked for new markets, three were in Rugby: so the fourteen of Wales are kept back too."""
    for path in ("/console/gaps", "/console/gaps.csv", "/console/gaps.json", "/console/gaps?area=wales"):
        answer = viewer.get(path)
        assert answer.status_code == 200
        assert "export_markets" not in answer.text
        assert "new markets and export" not in answer.text
        assert "rugby" not in answer.text.casefold()
    rows = list(csv.DictReader(io.StringIO(viewer.get("/console/gaps.csv").text.removeprefix("\ufeff"))))
    assert min(int(row["count"]) for row in rows) >= FEWEST_SHOWN
    assert [(r["which"], r["count"]) for r in rows if r["need"] == "premises" and r["by"] == "area"] == [
        ("black-country", "43")
    ]
    assert {each["count"] for each in viewer.get("/console/gaps.json").json()["gaps"]} <= {12, 43, 60}


def test_the_running_month_is_not_shown_before_it_is_over(viewer, counted, clock, desk):
    assert "energy, waste and carbon" not in viewer.get("/console/gaps").text

    clock.now = clock.now.replace(year=2026, month=12, day=1)
    viewer.sign_in_as(desk, "viewer@hub.example.org")
    assert "energy, waste and carbon, Black Country: 50. Draft a brief" in viewer.get("/console/gaps").text


def test_months_and_an_area_can_be_chosen(viewer, counted):
    september = viewer.get("/console/gaps?since=2026-09&until=2026-09").text
    assert "money for your plans" in september
    assert "space to work in" not in september

    wales = viewer.get("/console/gaps?area=wales").text
    assert "In Wales" in wales
    assert "<td>12</td>" in wales
    assert "By sector" not in wales, "an area is not crossed with sizes or sectors"

    turned = viewer.get("/console/gaps?since=2026-10&until=2026-09").text
    assert "money for your plans" in turned, "months the wrong way round are taken the right way"


@pytest.mark.parametrize(
    "query",
    [
        "since=soon&until=13",
        f"area={SCRIPT}",
        "area=" + "x" * 5000,
        "since=2026-09&since=2026-10",
        "since=%00&area=%F0%9F%92%A5",
        "area='%20OR%201=1",
    ],
)
def test_whatever_is_asked_for_the_page_stands(viewer, counted, query):
    for path in ("/console/gaps", "/console/gaps.csv", "/console/gaps.json"):
        answer = viewer.get(f"{path}?{query}")
        assert answer.status_code == 200
        assert SCRIPT not in answer.text


def test_months_without_a_whole_figure_say_which_have_some(viewer, counted):
    page = viewer.get("/console/gaps?since=2026-01&until=2026-02").text

    assert "Nothing may be shown of these months alone" in page
    assert "September 2026 to October 2026" in page


def test_a_hub_that_misses_nothing_is_taught_what_would_stand_here(viewer, database):
    assert "Nothing is missing so far" in viewer.get("/console/gaps").text

    Gaps(database).record([gap()] * 9, OCTOBER)
    assert "Not enough to show yet" in viewer.get("/console/gaps").text


def test_a_brief_says_what_for_whom_how_often_and_what_nearly_fits(viewer, counted):
    page = viewer.get("/console/gaps/brief?need=finance&area=wales")
    text = viewer.get("/console/gaps/brief.txt?need=finance&area=wales")

    assert page.status_code == text.status_code == 200
    assert text.headers["content-type"].startswith("text/plain")
    assert 'filename="brief-finance.txt"' in text.headers["content-disposition"]
    for words in (
        "Draft brief: money for your plans in Wales",
        "September 2026: 12 roadmaps asked for it",
        "in Wales, employs 1 to 9, sector: food",
        "Example loan (loan)",
        "What is not known",
    ):
        assert words in text.text
    assert "How many different businesses these were" in page.text
    numbers = {
        int(n) for n in re.findall(r"(?<![\w£.,-])\d+(?![\w.,%-])", text.text.split("What would fit")[0])
    }
    assert numbers <= {1, 9, 12, 21, 10, 2026}, "no number that is not counted, a band, or a day"


def test_a_brief_names_what_bars_an_offer_in_the_engines_own_words(viewer, desk, database):
    Gaps(database).record([gap("premises", "wales", sector="food")] * 12, SEPTEMBER)
    for each in (
        offer("example-hall", "facility", needs=("premises",), criteria=(employs(12, 249),)),
        offer("example-barn", "facility", needs=("premises",), areas=("coventry",)),
        offer("example-shed", "facility", needs=("premises",), window=Window(status="closed")),
    ):
        desk.advice.records.save_offer(each, "C", "new", OCTOBER)

    text = viewer.get("/console/gaps/brief.txt?need=premises").text

    assert "What would fit" not in text
    nearly, elsewhere = text.split("What others have")
    assert "Example hall (space or equipment, Example council)" in nearly
    assert "it asks that you employ between 12 and 249 people; you" in nearly
    assert "It could be used if you employed" in nearly
    assert "Example barn" in elsewhere
    assert "it is for businesses in Coventry" in elsewhere
    assert nearly.index("Example hall") < nearly.index("Example shed")


@pytest.mark.parametrize(
    "need", ["export_markets", "premises&area=rugby", "premises&area=nowhere", "sustainability"]
)
def test_no_brief_is_made_from_what_may_not_be_shown(viewer, counted, need):
    answer = viewer.get(f"/console/gaps/brief?need={need}")

    assert answer.status_code == 404
    assert "Nothing may be shown of this" in answer.text


@pytest.mark.parametrize("need", ["gold", SCRIPT, "x" * 3000, ""])
def test_a_brief_on_no_need_is_not_found(viewer, counted, need):
    answer = viewer.get("/console/gaps/brief", params={"need": need})

    assert answer.status_code == 404
    assert SCRIPT not in answer.text


@pytest.mark.parametrize(
    "path", ["gaps", "gaps.csv", "gaps.json", "gaps/brief?need=finance", "usage", "usage.csv"]
)
def test_figures_are_for_who_is_signed_in(nobody, path):
    answer = nobody.get(f"/console/{path}", follow_redirects=False)

    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/console/sign-in")


def test_offers_in_use_are_numbers_by_offer_and_month(viewer, database):
    counts = OfferCounts(database)
    for _ in range(3):
        counts.note("shown", ["example-grant", "example-loan"], SEPTEMBER)
    counts.note("shown", ["example-grant"], OCTOBER)
    counts.note("turned_down", ["example-loan", "gone-since"], OCTOBER)

    page = viewer.get("/console/usage").text
    rows = list(csv.DictReader(io.StringIO(viewer.get("/console/usage.csv").text.removeprefix("\ufeff"))))

    assert "September 2026 3; October 2026 1" in page
    assert page.index("example-grant") < page.index("example-loan")
    assert "not published" in page, "a record that is gone keeps its numbers"
    assert {(row["offer"], row["shown"], row["turned_down"]) for row in rows} == {
        ("example-grant", "4", "0"),
        ("example-loan", "3", "1"),
        ("gone-since", "0", "1"),
    }
    october = viewer.get("/console/usage?since=2026-10&by=turned_down").text
    assert october.index("example-loan") < october.index("example-grant")
    assert "example-check-up" in viewer.get("/console/usage?unused=1").text


def test_many_offers_in_use_are_shown_fifty_at_once_and_taken_away_whole(viewer, database):
    counts, ids = OfferCounts(database), [f"offer-{n:03}" for n in range(120)]
    counts.note("shown", ids, SEPTEMBER)
    counts.note("opened", ids[100:], SEPTEMBER)

    def shown(address: str) -> list[str]:
        return re.findall(r'<th scope="row">(offer-\d+)', viewer.get(address).text)

    second = viewer.get("/console/usage?page=2").text

    assert shown("/console/usage") == ids[:50]
    assert shown("/console/usage?page=3") == shown("/console/usage?page=999999999999999999999") == ids[100:]
    assert shown("/console/usage?page=-7") == ids[:50]
    assert "Page 2 of 3; 120 offers" in second
    (following,) = re.findall(r'href="([^"]+)" rel="next"', viewer.get("/console/usage?by=opened").text)
    assert shown(unescape(following)) == ids[30:80]
    assert viewer.get("/console/usage.csv").text.count("offer-") == 240


def test_before_anything_was_counted_the_page_says_what_will_be(viewer):
    assert "Nothing is counted yet" in viewer.get("/console/usage").text
    assert viewer.get("/console/usage?by=nonsense&since=x&unused=maybe").status_code == 200


@pytest.mark.parametrize("risky", ["=1+1", "+44", "-2", "@SUM(A1)", "\t=1", "  =1", "\ufeff=cmd", "＝1"])
def test_no_cell_is_a_formula(risky):
    assert cell(risky) == f"'{risky}"
    assert next(csv.reader(io.StringIO(csv_text(["a"], [[risky]]).split("\r\n", 1)[1])))[0].startswith("'")


@given(st.text(max_size=30))
def test_a_cell_comes_back_as_it_was_but_for_a_quote_before_what_is_risky(words):
    (back,) = next(csv.reader(io.StringIO(csv_text([words], []), newline="")))

    assert back in (words, f"'{words}")
    assert not back.lstrip().startswith(("=", "+", "-", "@"))


@given(st.integers(10, 10**6), st.integers(0, 10**6))
def test_more_is_never_paler(count, more):
    most = count + more

    assert 1 <= shade(count, most) <= shade(most, most) <= SHADES


COUNTS = st.lists(
    st.tuples(
        st.sampled_from(["2025-12", "2026-01", "2026-02", "2026-03"]),
        st.sampled_from(["finance", "premises"]),
        st.sampled_from(["wales", "", "dudley"]),
        st.integers(1, 90),
    ),
    max_size=15,
)


@given(COUNTS)
def test_every_square_lies_in_its_picture_and_none_on_another(raw):
    found = figures([Counted(m, GapSeen(need, "refused", area), n) for m, need, area, n in raw], "2026-04")
    cells = {(f.need, f.which): f.count for f in found if f.by == "area"}
    needs, areas = ["finance", "premises"], ["wales", "dudley", ""]
    totals = [f for f in found if f.by == "all"]

    for narrow in (False, True):
        for drawn in (heat_map(cells, needs, areas, str, str, narrow), strips(totals, needs, str, narrow)):
            if drawn is None:
                continue
            for n, one in enumerate(drawn.squares):
                assert one.x >= 0
                assert one.y >= 0
                assert one.x + one.width <= drawn.width
                assert one.y + one.height <= drawn.height
                for other in drawn.squares[:n]:
                    assert (
                        one.x + one.width <= other.x + 0.11
                        or other.x + other.width <= one.x + 0.11
                        or one.y + one.height <= other.y
                        or other.y + other.height <= one.y
                    )


def test_bars_are_as_long_as_what_they_count():
    drawn = bars({"a": 40, "b": 20, "c": 10}, str.upper)

    assert [bar.label for bar in drawn.bars] == ["A", "B", "C"]
    assert drawn.bars[0].width == 2 * drawn.bars[1].width == 4 * drawn.bars[2].width
    assert bars({}, str) is None
