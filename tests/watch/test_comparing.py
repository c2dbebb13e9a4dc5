# ruff: noqa: E501  a sentence of a page stays on its line
"""A record is held against what its page says: findings say what stood there and stands now, and propose."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from knowledge_base.catalogue import dump_offer, parse_offer
from knowledge_base.records import Amount, Catalogue, Criterion, Offer, Provider, Source, Window
from knowledge_base.watch.compare import proposed, readable
from knowledge_base.watch.quoted import agree, sources_of
from knowledge_base.watch.visits import Check, Judged, Visit, judge
from tests.core.builders import AREAS, offer

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=timezone.utc)
URL = "https://example.org/grant"
CLOSES = Window("dated", None, date(2027, 3, 31))


def grant(**given: Any) -> Offer:
    """A grant whose page is at URL, open until 31 March 2027."""
    return replace(
        offer("example-grant", "grant"),
        **{"name": "Example Growth Grant", "source": Source(url=URL), "window": CLOSES, **given},
    )


def seen(*bodies: str, offers: tuple[Offer, ...] = (), now: datetime = NOW) -> Judged:
    """Judge the last of some visits, a week apart, that found these pages."""
    catalogue = Catalogue.of(AREAS, offers or (grant(),))
    uses, before, judged = sources_of(catalogue)[URL], None, None
    for week, body in enumerate(bodies):
        visit = Visit(URL, "read", 200, URL, body=body)
        judged = judge(visit, before, uses, catalogue, now + timedelta(days=7 * week))
        before = judged.check
    assert judged is not None
    return judged


def found(*bodies: str, **given: Any) -> list[tuple[str, str]]:
    judged = seen(*bodies, **given)
    return [(each.place, each.after) for each in judged.found or ()]


def test_a_page_that_agrees_is_valid_and_nothing_is_found() -> None:
    judged = seen("<p>Apply by 31 March 2027.</p>")

    assert (judged.check.answer, judged.found) == ("valid", ())


def test_an_extended_deadline_is_found_with_the_edit_it_calls_for() -> None:
    judged = seen("<p>Apply by 31 March 2027.</p>", "<p>Apply by 30 April 2027.</p>")

    (finding,) = judged.found or ()
    assert (finding.kind, finding.before, finding.after) == ("date", "31 March 2027", "30 April 2027")
    assert finding.quote == "Apply by 30 April 2027."
    assert finding.proposal is not None
    assert parse_offer("example-grant", finding.proposal) == replace(
        grant(), window=Window("dated", None, date(2027, 4, 30))
    )


def test_a_finding_stays_until_the_record_or_the_page_says_otherwise() -> None:
    first, then = "<p>Apply by 31 March 2027.</p>", "<p>Apply by 30 April 2027.</p>"

    assert found(first, then, then, then) == [("window.closes", "30 April 2027")]
    assert found(first, then, first) == []
    assert found(then, offers=(grant(window=Window("dated", None, date(2027, 4, 30))),)) == []


def test_a_date_reworded_at_the_same_time_is_found() -> None:
    assert found("<p>Apply by 31 March 2027.</p>", "<p>New closing date: 30 April 2027</p>") == [
        ("window.closes", "30 April 2027")
    ]


def test_a_record_that_was_wrong_from_the_start_is_found_at_the_first_visit() -> None:
    assert found("<p>The closing date is 15 May 2027.</p>") == [("window.closes", "15 May 2027")]


def test_two_dates_of_which_either_may_be_meant_are_left_alone() -> None:
    assert found("<p>Round two closes on 15 May 2027.</p><p>Round three closes on 15 June 2027.</p>") == []


def test_a_month_agrees_with_its_days_and_a_day_without_a_year_with_every_year() -> None:
    assert agree("2027-03-31", "2027-03")
    assert agree("2027-03-31", "--03-31")
    assert agree("20000 kr", "20000 SEK")
    assert not agree("2027-03-31", "--03-30")
    assert not agree("20000 GBP", "20000 EUR")
    assert not agree("2027-03-31", "20000 GBP")


def test_a_day_without_a_year_is_told_and_not_guessed_at() -> None:
    judged = seen("<p>Apply by 31 March.</p>", "<p>Apply by 30 April.</p>")

    (finding,) = judged.found or ()
    assert (finding.after, finding.proposal, finding.changes) == ("30 April", None, ())


MONEY = Amount("GBP", min=Decimal(5000), max=Decimal(20000), rate_percent=Decimal(50))


def test_sums_and_shares_that_change_are_found_each_by_itself() -> None:
    page = "<p>Grants of £{low} to £{high}.</p><p>We pay {rate}% of eligible costs.</p>"
    before = page.format(low="5,000", high="20,000", rate=50)
    offers = (grant(amount=MONEY, window=Window("rolling")),)

    assert found(before, page.format(low="5,000", high="25,000", rate=50), offers=offers) == [
        ("amount.max", "£25,000")
    ]
    assert found(before, page.format(low="3,000", high="20,000", rate=50), offers=offers) == [
        ("amount.min", "£3,000")
    ]
    assert found(before, page.format(low="5,000", high="20,000", rate=40), offers=offers) == [
        ("amount.rate_percent", "40%")
    ]


def test_another_currency_is_another_sum_and_never_compared() -> None:
    offers = (grant(amount=MONEY, window=Window("rolling")),)

    assert found("<p>Grants of up to €25,000.</p>", offers=offers) == []


def test_a_proposal_that_could_not_be_a_record_is_not_made() -> None:
    offers = (grant(amount=Amount("GBP", min=Decimal(5000), max=Decimal(20000)), window=Window("rolling")),)
    judged = seen("<p>Grants of up to £20,000.</p>", "<p>Grants of up to £2,000.</p>", offers=offers)

    (finding,) = judged.found or ()
    assert finding.after == "£2,000"
    assert (finding.proposal, finding.changes) == (None, ())


def test_a_page_that_says_it_is_closed_proposes_to_close_the_record() -> None:
    judged = seen("<p>This scheme is now closed.</p>", offers=(grant(window=Window("rolling")),))

    (finding,) = judged.found or ()
    assert finding.kind == "closed"
    assert finding.proposal is not None
    assert finding.proposal["window"]["status"] == "closed"


@pytest.mark.parametrize(
    "window", [Window("closed"), Window("annual", usual_month=5), Window("dated", None, date(2026, 10, 1))]
)
def test_a_record_that_says_so_itself_is_not_told_that_it_is_closed(window: Window) -> None:
    assert found("<p>This scheme is now closed.</p>", offers=(grant(window=window),)) == []


def test_another_scheme_that_closed_does_not_close_this_one() -> None:
    assert (
        found(
            "<p>The Sample Export Voucher Scheme is now closed.</p>",
            offers=(grant(window=Window("rolling")),),
        )
        == []
    )


def test_a_closing_date_that_comes_to_an_open_offer_is_found_and_dates_it() -> None:
    judged = seen(
        "<p>Apply at any time.</p>",
        "<p>The closing date is 15 May 2027.</p>",
        offers=(grant(window=Window("rolling")),),
    )

    (finding,) = judged.found or ()
    assert finding.proposal is not None
    assert finding.proposal["window"] == {"status": "dated", "closes": "2027-05-15"}


def test_on_a_page_of_several_offers_each_hears_only_what_names_it() -> None:
    other = replace(
        offer("example-voucher", "voucher"),
        name="Sample Digital Voucher",
        source=Source(url=URL),
        window=CLOSES,
    )
    page = "<h2>Example Growth Grant</h2><p>Apply by {one}.</p><h2>Sample Digital Voucher</h2><p>Apply by {two}.</p>"
    before = page.format(one="31 March 2027", two="31 March 2027")
    judged = seen(before, page.format(one="31 March 2027", two="30 April 2027"), offers=(grant(), other))

    assert [each.record_id for each in judged.found or ()] == ["example-voucher"]


def test_changes_around_the_matter_are_no_findings() -> None:
    page = "<nav>{menu}</nav><main><p>Apply by 31 March 2027.</p><h2>News</h2><p>{news}</p><p>Webinar on {day}.</p></main>"
    weeks = [
        page.format(menu=f"Menu {n}", news=f"{n} May 2027: a baker won £{n},000", day=f"{n} June 2027")
        for n in range(1, 9)
    ]

    assert found(*weeks) == []


def test_a_move_for_good_proposes_the_new_address_wherever_the_old_one_stands() -> None:
    told = grant(criteria=(Criterion("You are small", source=Source(url=URL)),))
    catalogue = Catalogue.of(
        AREAS, [told], [Provider("example-council", "Example council", "public", url=URL)]
    )
    visit = Visit(
        URL, "read", 200, body="<p>Apply by 31 March 2027.</p>", moved_to="https://new.example.org/grant"
    )
    judged = judge(visit, None, sources_of(catalogue)[URL], catalogue, NOW)

    assert judged.check.answer == "moved"
    by_record = {each.record_type: each.proposal for each in judged.found or ()}
    assert by_record["offer"] is not None
    assert by_record["offer"]["source"]["url"] == "https://new.example.org/grant"
    assert by_record["offer"]["criteria"][0]["source"]["url"] == "https://new.example.org/grant"
    assert by_record["provider"] is not None
    assert by_record["provider"]["url"] == "https://new.example.org/grant"


def test_a_page_that_became_the_front_page_is_told_and_proposes_nothing() -> None:
    catalogue = Catalogue.of(AREAS, [grant()])
    visit = Visit(URL, "read", 200, body="Welcome", moved_to="https://example.org/")
    judged = judge(visit, None, sources_of(catalogue)[URL], catalogue, NOW)

    assert [(each.kind, each.proposal) for each in judged.found or ()] == [("moved", None)]


def days(outcome: str, *after: int, body: str = "") -> list[str]:
    """The answers of visits so many days after the first, all of one outcome."""
    catalogue = Catalogue.of(AREAS, [grant()])
    before: Check | None = None
    answers = []
    for day in after:
        visit = Visit(URL, outcome, body=body, reason="the server has no such page (404)")
        judged = judge(visit, before, sources_of(catalogue)[URL], catalogue, NOW + timedelta(days=day))
        before = judged.check
        answers.append(before.answer)
    return answers


def test_a_missing_page_is_called_gone_on_the_second_day_and_not_before() -> None:
    assert days("missing", 0, 0, 0) == ["uncertain"] * 3
    assert days("missing", 0, 1, 2) == ["uncertain", "broken", "broken"]
    assert days("gone", 0) == ["broken"]
    assert days("uncertain", 0, 1, 2, 30) == ["uncertain"] * 4


def test_a_page_that_says_it_is_not_there_counts_as_missing() -> None:
    assert days("read", 0, 1, body="<title>404 - Page not found</title><p>Sorry</p>") == [
        "uncertain",
        "broken",
    ]


def test_a_visit_that_could_not_look_leaves_what_was_found_alone() -> None:
    catalogue, uses = Catalogue.of(AREAS, [grant()]), sources_of(Catalogue.of(AREAS, [grant()]))[URL]
    first = judge(
        Visit(URL, "read", 200, body="<p>Closing date: 1 May 2027</p>", etag='"1"'),
        None,
        uses,
        catalogue,
        NOW,
    )
    second = judge(Visit(URL, "uncertain", 500), first.check, uses, catalogue, NOW + timedelta(days=7))
    third = judge(Visit(URL, "unchanged", 304), second.check, uses, catalogue, NOW + timedelta(days=14))

    assert second.found is None
    assert second.check.facts == first.check.facts
    assert third.found == first.found
    assert third.check.etag == '"1"'


def test_values_are_written_as_a_curator_reads_them() -> None:
    told = [
        readable(each)
        for each in ("2027-03-01", "2027-03", "--03-31", "20000 GBP", "1350.5 EUR", "50 %", "9 SEK")
    ]

    assert told == ["1 March 2027", "March 2027", "31 March", "£20,000", "€1,350.50", "50%", "9 SEK"]


def test_a_proposal_changes_its_own_field_and_no_other() -> None:
    document = dump_offer(grant(amount=MONEY))
    after = proposed("offer", "example-grant", document, [("amount.max", 30000)])

    assert after is not None
    assert {**after, "amount": {**after["amount"], "max": 20000}} == document
