# ruff: noqa: E501  a sentence of a page stays on its line
"""Dates, sums and sentences are read from pages in seven languages, and what is beside the matter is left."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge_base.watch.amounts import amounts_in
from knowledge_base.watch.dates import dates_in
from knowledge_base.watch.facts import MOST_FACTS, fact_of, facts_of, with_earlier
from knowledge_base.watch.page_text import LONGEST_BLOCK, MOST_BLOCKS, read_page, read_plain

UP_TO_MARCH = "2027-03-31"


def roles(html: str) -> list[tuple[str, str]]:
    """What a page's own matter says, as pairs of role and value."""
    return [(fact.role, fact.value) for fact in facts_of(read_page(html))]


@pytest.mark.parametrize(
    "written",
    [
        "31 March 2027", "31st of March, 2027", "March 31, 2027", "31/03/2027", "31.3.2027", "31.03.27", "2027-03-31",
        "31. März 2027", "den 31 mars 2027", "den 31. marts 2027", "31 marca 2027 r.", "2027. március 31-ig",
        "2027.03.31.", "31 Mawrth 2027", "31ain o Fawrth 2027", "03/31/2027", "31 MARCH 2027",
    ],
)  # fmt: skip
def test_a_day_is_read_however_it_is_written(written: str) -> None:
    assert [found.value for found in dates_in(f"Until {written} at noon")] == [UP_TO_MARCH]


@pytest.mark.parametrize(
    "written",
    ["31 February 2027", "version 1.2.3", "020 7946 0018", "2026/27", "12.30", "£3 May", ""],
)
def test_what_is_no_day_is_not_read_as_one(written: str) -> None:
    assert [found for found in dates_in(written) if found.year] == []


@pytest.mark.parametrize(
    ("written", "days"),
    [
        ("1 March to 30 April 2027", ["2027-03-01", "2027-04-30"]),
        ("vom 1. bis 31. März 2027", ["2027-03-01", "2027-03-31"]),
        ("1 December – 31 January 2027", ["2026-12-01", "2027-01-31"]),
        ("od 1 do 30 kwietnia 2027", ["2027-04-01", "2027-04-30"]),
        ("March 2027", ["2027-03"]),
        ("12 May", ["--05-12"]),
    ],
)
def test_ranges_months_and_days_without_a_year_are_kept_as_written(written: str, days: list[str]) -> None:
    assert [found.value for found in dates_in(written)] == days


@pytest.mark.parametrize(
    ("written", "values"),
    [
        ("up to £20,000", ["20000 GBP"]), ("£1.5m", ["1500000 GBP"]), ("£5k-20k", ["5000 GBP", "20000 GBP"]),
        ("bis zu 20.000 Euro", ["20000 EUR"]), ("1,5 Mio. Euro", ["1500000 EUR"]), ("EUR 1,350", ["1350 EUR"]),
        ("250 000 kronor", ["250000 SEK"]), ("100.000 kr.", ["100000 kr"]), ("do 1,5 mln zł", ["1500000 PLN"]),
        ("10–20 millió Ft", ["10000000 HUF", "20000000 HUF"]), ("50 %", ["50 %"]), ("12.5 per cent", ["12.5 %"]),
        ("from 5,000 to 20,000 EUR", ["5000 EUR", "20000 EUR"]), ("60 y cant", ["60 %"]), ("20 tkr", ["20000 kr"]),
        ("20 m long", []), ("10 million people", []), ("call 01234 567890", []), ("20", []),
    ],
)  # fmt: skip
def test_a_sum_is_read_with_its_currency_and_a_bare_number_is_none(written: str, values: list[str]) -> None:
    assert [found.value for found in amounts_in(written)] == values


@pytest.mark.parametrize(
    "said",
    [
        "Applications close at noon on 31 March 2027.", "You must apply by 31 March 2027.", "Deadline: 31 March 2027",
        "Anträge sind bis zum 31. März 2027 möglich.", "Antragsfrist: 31.03.2027", "Sista ansökningsdag är den 31 mars 2027.",
        "Ansøgningsfristen er 31. marts 2027 kl. 12.", "Nabór wniosków trwa do 31 marca 2027 r.",
        "A benyújtási határidő: 2027. március 31.", "Rhaid gwneud cais erbyn 31 Mawrth 2027.",
        "The deadline has been extended from 1 March 2027 to 31 March 2027.",
        "<b>Closing date</b> | 31 March 2027",
    ],
)  # fmt: skip
def test_a_last_day_is_told_by_the_words_around_it(said: str) -> None:
    assert roles(f"<p>{said}</p>") == [("closes", UP_TO_MARCH)]


@pytest.mark.parametrize(
    "html",
    [
        "<table><tr><th>Closing date</th><td>31 March 2027</td></tr></table>",
        "<table><tr><th>Round</th><th>Opening date</th><th>Closing date</th></tr>"
        "<tr><td>Two</td><td>1 March 2027</td><td>31 March 2027</td></tr></table>",
        "<dl><dt>Deadline</dt><dd>31 March 2027</dd></dl>",
        "<dl><dt>Deadline<dd>31 March 2027</dl>",
        "<div>Closing date</div><div>31 March 2027</div>",
        "<h3>Closing date</h3><p>31 March 2027 at noon</p>",
        "<p>Closing&nbsp;date: 31&#160;March <b>2027</b></p>",
    ],
)
def test_a_last_day_is_told_by_its_column_its_label_or_its_heading(html: str) -> None:
    assert ("closes", UP_TO_MARCH) in roles(html)


@pytest.mark.parametrize(
    "html",
    [
        "<nav><p>Deadline: 31 March 2027</p></nav>", "<footer>Apply by 31 March 2027</footer>",
        "<div class='cookie-banner'>Apply by 31 March 2027</div>", "<p hidden>Apply by 31 March 2027</p>",
        "<p style='display: none'>Apply by 31 March 2027</p>", "<script>var d = 'Deadline: 31 March 2027'</script>",
        "<h2>Latest news</h2><p>Deadline: 31 March 2027</p>", "<h2>See also</h2><p>Apply by 31 March 2027</p>",
        "<!-- Deadline: 31 March 2027 -->", "<p>Webinar for applicants on 31 March 2027.</p>",
        "<p>Page last updated: 31 March 2027</p>", "<p>Projects must be completed by 31 March 2027.</p>",
        "<p>Decisions are made by 31 March 2027.</p>", "<p>© 31 March 2027</p>",
        "<p>See also: Export Fund, closing date 31 March 2027.</p>",
    ],
)  # fmt: skip
def test_what_stands_beside_the_matter_is_no_last_day(html: str) -> None:
    assert ("closes", UP_TO_MARCH) not in roles(html)


def test_a_class_around_the_whole_page_does_not_make_it_an_aside() -> None:
    assert roles("<div class='has-sidebar'><main><p>Apply by 31 March 2027</p></main></div>") != []


@pytest.mark.parametrize(
    "said",
    [
        "This scheme is now closed.", "Applications for this round have closed.", "The fund is no longer open.",
        "Die Antragstellung ist nicht mehr möglich.", "Utlysningen är stängd.", "Puljen er lukket.",
        "Nabór został zakończony.", "A felhívás lezárult.", "Mae'r cynllun hwn wedi cau.", "Closed",
    ],
)  # fmt: skip
def test_a_page_that_says_it_is_closed_is_heard(said: str) -> None:
    assert ("closed", "closed") in roles(f"<p>{said}</p>")


@pytest.mark.parametrize(
    "said",
    [
        "Our offices are closed on bank holidays.", "Comments are closed.", "Once the fund has closed we will write.",
        "The first round is now closed.", "This fund supports closed loop recycling.", "If the scheme is closed, call us.",
        "The consultation on the fund has closed.", "Das Büro ist geschlossen.", "Kontoret är stängt.",
    ],
)  # fmt: skip
def test_what_else_is_closed_is_not_the_scheme(said: str) -> None:
    assert ("closed", "closed") not in roles(f"<p>{said}</p>")


def test_conditions_budgets_and_winners_are_no_sum_that_is_paid() -> None:
    for said in (
        "Turnover up to £5m.", "The total budget is up to £3m.", "Example Bakery received up to £9,000.",
        "Der Jahresumsatz liegt bei höchstens 10 Mio. Euro.", "VAT at 20% is not covered by the grant.",
    ):  # fmt: skip
        assert not {role for role, _ in roles(f"<p>{said}</p>")} & {"max", "min", "rate"}, said


def test_a_frame_remembers_what_stood_in_it_and_forgets_nothing_while_it_stays() -> None:
    first = with_earlier(facts_of(read_page("<p>Apply by 1 March 2027.</p>")), None)
    second = with_earlier(facts_of(read_page("<p>Apply by 1 April 2027.</p>")), first)
    third = with_earlier(facts_of(read_page("<p>Apply by 1 April 2027.</p>")), second)

    assert [fact.was for fact in second] == [("2027-03-01",)]
    assert [fact.was for fact in third] == [("2027-03-01",)]
    assert [fact_of(fact.as_json()) for fact in third] == third


def test_rounds_that_change_places_are_no_change() -> None:
    rows = (
        "<tr><th>Closing date</th><td>1 March 2027</td></tr>",
        "<tr><th>Closing date</th><td>1 June 2027</td></tr>",
    )
    before = facts_of(read_page(f"<table>{rows[0]}{rows[1]}</table>"))
    now = with_earlier(facts_of(read_page(f"<table>{rows[1]}{rows[0]}</table>")), before)

    assert [fact.was for fact in now] == [(), ()]


@given(st.text(alphabet="<>/=\"'&;!-abhtd1 .|£%31March2027\n\x00é", max_size=400))
@settings(deadline=None, max_examples=150)
def test_any_page_can_be_read(source: str) -> None:
    page = read_page(source)
    facts = facts_of(page)

    assert len(page.blocks) <= MOST_BLOCKS
    assert all(block.text and len(block.text) <= LONGEST_BLOCK for block in page.blocks)
    assert len(facts) <= MOST_FACTS
    assert with_earlier(facts, facts) == facts


@pytest.mark.parametrize(
    "seed", ["<a \"", "<a href='", "<!--", "<script>", "<td>", "31 March 2027 ", "£1 to ", "apply by 1 May 2027. ", "frist", "\\"]
)  # fmt: skip
def test_a_page_made_to_be_hard_is_read_to_its_bounds(seed: str) -> None:
    page = read_page((seed * 60_000)[:300_000])

    assert len(page.blocks) <= MOST_BLOCKS
    assert len(facts_of(page)) <= MOST_FACTS
    assert read_plain(seed * 10).title == ""
