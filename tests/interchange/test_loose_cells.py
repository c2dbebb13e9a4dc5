"""Cells written for people: marks of a web page, days within words, shares beside sums, unknown words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge_base.interchange import loose, values
from knowledge_base.interchange.guessing import guess
from knowledge_base.interchange.mapping import IN_WORDS, ColumnMap
from knowledge_base.interchange.values import Unread
from tests.interchange.taking import WORDS, opened, planned

HEADINGS = "Scheme,Type,Delivered by,Area,Amount,Deadline,Sectors,Who is eligible,Cost\n"


def row(**cells: str) -> str:
    """A table of one made-up scheme."""
    usual = {"scheme": "Example fund", "type": "grant", "by": "Example Council", "area": "Wales"}
    told = [(usual | cells).get(n, "") for n in ("scheme", "type", "by", "area", "amount", "deadline")]
    told += [cells.get(n, "") for n in ("sectors", "eligible", "cost")]
    return HEADINGS + ",".join('"' + each.replace('"', '""') + '"' for each in told) + "\n"


def document(content: str, **changes: Any) -> dict[str, Any]:
    """The record that the one row of a table would make; the row must be good."""
    (found,) = planned(content, mapping=replace(guess(opened(content), WORDS), **changes))
    assert not found.faults, [str(fault) for fault in found.faults]
    assert found.document is not None
    return found.document


@pytest.mark.parametrize(
    ("told", "amount"),
    [
        ("£5k – £25k", {"currency": "GBP", "min": 5000, "max": 25000}),
        ("£5-25k", {"currency": "GBP", "min": 5000, "max": 25000}),
        ("£500 - 2k", {"currency": "GBP", "min": 500, "max": 2000}),
        ("from £500 up to £5,000", {"currency": "GBP", "min": 500, "max": 5000}),
        ("up to €50.000", {"currency": "EUR", "max": 50000}),
        ("£10,000 max", {"currency": "GBP", "max": 10000}),
        ("50%", {"rate_percent": 50}),
        ("50% of eligible costs, up to £10,000", {"currency": "GBP", "rate_percent": 50, "max": 10000}),
        (
            "max. 37.5 % (£1,000 to £5,000)",
            {"currency": "GBP", "rate_percent": 37.5, "min": 1000, "max": 5000},
        ),
        ("₹5,000", {"currency": "INR", "max": 5000}),
    ],
)
def test_an_amount_is_read_as_people_write_it(told: str, amount: dict[str, Any]) -> None:
    assert document(row(amount=told))["amount"] == amount


@pytest.mark.parametrize("told", ["£1,000 per month for half a year", "it depends", "5.000", "2k - 1k"])
def test_an_amount_that_is_not_plain_is_refused_or_kept_in_words_and_never_guessed(told: str) -> None:
    content = row(amount=told)
    mapping = replace(guess(opened(content), WORDS), decimal_comma=False)

    (refused,) = planned(content, mapping=mapping)
    (kept,) = planned(content, mapping=replace(mapping, unknown="words"))

    assert [fault.column for fault in refused.faults] == ["Amount"]
    assert kept.document is not None
    assert kept.document["amount"] == {"note": f"Amount: {told}"}


@pytest.mark.parametrize(
    ("told", "window"),
    [
        ("until 31 March 2027", {"status": "dated", "closes": "2027-03-31"}),
        ("Closes: 31/03/2027 at 12 noon", {"status": "dated", "closes": "2027-03-31"}),
        ("5pm on 31 March 2027", {"status": "dated", "closes": "2027-03-31"}),
        ("31 March 2027, 23:59 GMT", {"status": "dated", "closes": "2027-03-31"}),
        ("1 May 2027 to 30 June 2027", {"status": "dated", "opens": "2027-05-01", "closes": "2027-06-30"}),
        ("Rolling", {"status": "rolling"}),
        ("until further notice", {"status": "rolling"}),
    ],
)
def test_a_day_is_read_among_the_words_around_it(told: str, window: dict[str, str]) -> None:
    assert document(row(deadline=told))["window"] == window


@pytest.mark.parametrize(
    "told", ["before 31 March 2027", "spring 2027", "31 March", "when the money is spent"]
)
def test_words_that_are_no_day_are_not_made_one(told: str) -> None:
    content = row(deadline=told)

    (refused,) = planned(content)

    assert [fault.column for fault in refused.faults] == ["Deadline"]
    assert document(content, unknown="words")["window"] == {
        "status": "unknown",
        "note": f"Deadline: {told}",
    }


def test_a_cell_copied_from_a_web_page_is_read_without_its_marks() -> None:
    content = row(
        scheme="<b>Example &amp; fund</b>",
        eligible="<ul class='x'><li>You make things</li><li>You have&nbsp;a plan &pound;</li></ul>",
        area="<p>Wales</p><p>England</p>",
        amount="<p>up to &pound;5,000</p><script>alert(1)</script>",
    )

    found = document(content)

    assert found["name"] == "Example & fund"
    assert [each["words"] for each in found["criteria"]] == ["You make things", "You have a plan £"]
    assert found["areas"] == ["wales", "england"]
    assert found["amount"] == {"currency": "GBP", "max": 5000}


def test_an_address_is_taken_out_of_the_mark_around_it() -> None:
    content = "name,type,website\nExample,grant,\"<a href='https://example.org/a?b=1&amp;c=2'>Apply</a>\"\n"

    assert document(content)["source"] == {"url": "https://example.org/a?b=1&c=2"}


@pytest.mark.parametrize("told", ["a < b and c > d", "5 <10", "AT&T; R&D", "<not a mark>"])
def test_text_that_only_looks_a_little_like_marks_stays_as_it_is(told: str) -> None:
    assert loose.without_marks(told) == told


@pytest.mark.parametrize("separator", ["; ", "|", ", ", "\n"])
def test_several_values_in_a_cell_come_apart_whatever_parts_them(separator: str) -> None:
    assert document(row(area=separator.join(("Wales", "England"))))["areas"] == ["wales", "england"]


def test_a_list_as_a_programming_language_writes_it_comes_apart() -> None:
    assert document(row(area="['Wales', 'England']"))["areas"] == ["wales", "england"]


def test_what_costs_nothing_costs_nought_and_a_cost_in_words_stays_in_words() -> None:
    assert document(row(cost="Free of charge"))["amount"] == {"cost_to_business": 0}
    assert document(row(cost="Free for members"))["amount"] == {"cost_words": "Free for members"}
    assert document(row(cost="£25"))["amount"] == {"currency": "GBP", "cost_to_business": 25}


def test_a_sector_no_list_knows_becomes_a_condition_in_words_where_the_curator_says_so() -> None:
    content = row(sectors="Manufacturing; Kite making")
    mapping = guess(opened(content), WORDS)

    (asked,) = planned(content, mapping=mapping)
    (one,) = [each for each in mapping.columns if each.column == "Sectors"]
    told = replace(one, values={"kite making": IN_WORDS})
    columns = tuple(told if each is one else each for each in mapping.columns)
    by_value = document(content, columns=columns)["criteria"]

    assert asked.unknown == (("Sectors", "Kite making"),)
    assert by_value == document(content, unknown="words")["criteria"]
    assert by_value[0]["any_of"] == [
        {"fact": "sector", "one_of": ["manufacturing"], "words": "Your business is in manufacturing"},
        {"words": "Your business is in Kite making"},
    ]


def test_an_area_no_list_knows_is_asked_for_even_so_and_kept_in_words_only_by_hand() -> None:
    content = row(area="Atlantis")
    mapping = replace(guess(opened(content), WORDS, "offer"), unknown="words")
    (one,) = [each for each in mapping.columns if each.column == "Area"]

    (asked,) = planned(content, mapping=mapping)
    told = replace(one, values={"Atlantis": IN_WORDS})
    columns = tuple(told if each is one else each for each in mapping.columns)

    assert (asked.outcome, asked.unknown) == ("refuse", (("Area", "Atlantis"),))
    assert document(content, columns=columns)["criteria"] == [{"words": "Your business is in Atlantis"}]


def test_a_kind_no_list_knows_is_never_kept_in_words() -> None:
    content = row(type="Kite")
    mapping = replace(guess(opened(content), WORDS), unknown="words")
    columns = tuple(
        replace(each, values={"Kite": IN_WORDS}) if each.to == "kind" else each for each in mapping.columns
    )

    for each in (mapping, replace(mapping, columns=columns)):
        assert [found.unknown for found in planned(content, mapping=each)] == [(("Type", "Kite"),)]


def test_the_id_of_another_system_becomes_one_of_ours_and_is_found_again() -> None:
    content = "id,name,type,leads to\nother:12/a,Example,grant,other:13/b\nother:13/b,Second,grant,\n"
    mapping = ColumnMap(columns=guess(opened(content), WORDS).columns)

    first, second = planned(content, mapping=mapping)

    assert [first.id, second.id] == ["other-12-a", "other-13-b"]
    assert (first.document or {})["leads_to"] == ["other-13-b"]


def test_a_condition_longer_than_one_may_be_is_parted_at_its_sentences_and_nothing_is_lost() -> None:
    told = "You make kites. " * 400

    found = [each["words"] for each in document(row(eligible=told))["criteria"]]

    assert " ".join(found) == told.strip()
    assert max(map(len, found)) <= 2000
    assert all(each.endswith(".") for each in found)


@given(st.text(max_size=400), st.integers(1, 60))
@settings(deadline=None)
def test_no_text_is_lost_when_it_is_parted(text: str, longest: int) -> None:
    plain = " ".join(text.split())

    found = loose.in_pieces(plain, longest)

    assert "".join(found).replace(" ", "") == plain.replace(" ", "")
    assert all(each and len(each) <= longest for each in found)


@given(st.text(st.sampled_from("<>/p li a=\"'&amp;#1script"), max_size=200))
@settings(deadline=None)
def test_marks_however_broken_are_read_and_none_of_ours_is_left(text: str) -> None:
    found = loose.without_marks(text)

    assert found == text or all(line and line == line.strip() for line in found.split("\n") if found)
    assert loose.link_in(text)[:1] != '"' or text.startswith('"')


@given(st.text(st.sampled_from("£€5k.,- %upto()0123 max"), max_size=30))
@settings(deadline=None)
def test_any_amount_is_read_in_order_or_refused(text: str) -> None:
    _, low, high, _ = read_or_none(loose.sums_in, text) or (None, None, None, "")

    assert low is None or high is None or low <= high


@given(st.text(st.sampled_from("until 31 March 2027/-:apmnoon,to"), max_size=40))
@settings(deadline=None)
def test_any_day_is_a_day_or_refused(text: str) -> None:
    days = read_or_none(loose.days_in, text) or ()

    assert all(values.day_of(day) == day for day in days if day)


def read_or_none(reader: Callable[[str], Any], text: str) -> Any:
    """What a reader makes of a text; None where it refuses it, which must come with a way out."""
    try:
        return reader(text)
    except Unread as unread:
        if not unread.remedy:
            raise
        return None


def test_a_very_long_cell_of_open_marks_is_read_at_once() -> None:
    told = "<p " * 20_000 + "<script" * 5_000

    assert loose.without_marks(told).startswith("<p <p")
