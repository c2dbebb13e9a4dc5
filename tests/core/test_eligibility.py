"""Whether a business is likely to fit an offer, told as sentences about businesses."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from knowledge_base.eligibility import Assessment, Result, assess
from knowledge_base.profile import MoneySpan, Profile, Span
from knowledge_base.records import Between, Criterion, NoneOf, OneOf, Source
from tests.core.builders import (
    any_of,
    business,
    dudley_metal_firm,
    employs,
    grant_for_exporters,
    in_words,
    is_none_of,
    is_one_of,
    is_within,
    offer,
    situation,
    turns_over,
    welsh_cafe,
)


def held(profile: Profile, *criteria: Criterion, areas: tuple[str, ...] = ()) -> Assessment:
    return assess(offer("an-offer", criteria=criteria, areas=areas), situation(profile))


def verdict(profile: Profile, *criteria: Criterion, areas: tuple[str, ...] = ()) -> str:
    return held(profile, *criteria, areas=areas).verdict


NOBODY = business()


def test_a_dudley_metal_firm_likely_fits_a_grant_for_west_midlands_exporters():
    found = assess(grant_for_exporters(), situation(dudley_metal_firm()))

    assert found.verdict == "likely"
    assert [c.words for c in found.criteria] == [
        "You are in the West Midlands",
        "You employ between 5 and 249 people",
        "You have an export plan",
    ]
    assert [c.result.value for c in found.criteria] == ["met", "met", "unknown"]
    assert found.to_check == ("You have an export plan",)


def test_a_welsh_cafe_is_unlikely_to_fit_it_and_the_place_is_why():
    found = assess(grant_for_exporters(), situation(welsh_cafe()))

    assert found.verdict == "unlikely"
    assert [c.fact for c in found.failed] == ["place"]


def test_the_assessment_names_the_facts_still_to_ask():
    found = assess(grant_for_exporters(), situation(NOBODY))

    assert found.verdict == "unsure"
    assert [c.fact for c in found.unknown] == ["place", "employees"]


def test_a_sole_trader_is_not_sent_to_an_employer_scheme():
    assert verdict(business(legal_form="sole_trader"), is_none_of("legal_form", "sole_trader")) == "unlikely"


def test_an_offer_that_asks_for_nothing_is_likely_for_anybody_anywhere():
    assert held(NOBODY) == Assessment("an-offer", "likely", (), ())


def test_one_failed_condition_outweighs_an_unknown_one():
    assert verdict(business(employees=3), turns_over(None, 10), employs(5, 249)) == "unlikely"
    assert verdict(business(employees=3), employs(5, 249), turns_over(None, 10)) == "unlikely"


def test_every_criterion_is_listed_even_after_one_failed():
    found = held(business(place="Cardiff"), employs(5, 249), in_words("Not started"), areas=("england",))

    assert [c.result for c in found.criteria] == [Result.FAILED, Result.UNKNOWN, Result.UNKNOWN]


@pytest.mark.parametrize(
    ("told", "expected"),
    [(4, "unlikely"), (5, "likely"), (249, "likely"), (250, "unlikely"), (0, "unlikely"), (5.5, "likely")],
)
def test_both_bounds_count_as_inside(told, expected):
    assert verdict(business(employees=told), employs(5, 249)) == expected


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (10, 15, "likely"),
        (5, 249, "likely"),
        (1, 4, "unlikely"),
        (250, 300, "unlikely"),
        (4, 5, "unsure"),
        (249, 250, "unsure"),
        (1, 900, "unsure"),
        (None, 4, "unlikely"),
        (None, 5, "unsure"),
        (None, 300, "unsure"),
        (250, None, "unlikely"),
        (249, None, "unsure"),
        (10, None, "unsure"),
    ],
)
def test_a_told_range_counts_only_when_it_lies_wholly_on_one_side(low, high, expected):
    assert verdict(business(employees={"from": low, "to": high}), employs(5, 249)) == expected


@pytest.mark.parametrize(
    ("low", "high", "bounds", "expected"),
    [
        (10, None, (5, None), "likely"),
        (4, None, (5, None), "unsure"),
        (None, 9, (None, 9), "likely"),
        (None, 9, (0, 9), "likely"),
        (None, 10, (None, 9), "unsure"),
        (3, 4, (None, None), "likely"),
    ],
)
def test_open_ends_meet_open_bounds(low, high, bounds, expected):
    assert verdict(business(employees={"from": low, "to": high}), employs(*bounds)) == expected


def test_a_range_with_neither_end_says_nothing():
    assert verdict(Profile(employees=Span(None, None)), employs(5, None)) == "unsure"


def test_a_range_too_wide_is_told_apart_from_one_not_told():
    assert (
        held(business(employees={"from": 1, "to": 9}), employs(5, 249)).unknown[0].note
        == "not told exactly enough"
    )
    assert held(NOBODY, employs(5, 249)).unknown[0].note == "not told"


def test_a_refused_fact_is_unknown_even_when_it_was_told_before():
    found = held(business(employees=3, refused=["employees"]), employs(5, 249))

    assert found.verdict == "unsure"
    assert found.unknown[0].note == "you would rather not say"


def test_a_refused_place_leaves_every_region_open():
    assert verdict(business(place="Cardiff", refused=["place"]), areas=("england",)) == "unsure"


def test_krona_are_not_held_against_pounds():
    swedish = business(turnover={"amount": 900, "currency": "SEK"})

    assert verdict(swedish, turns_over(None, 1000)) == "unsure"
    assert held(swedish, turns_over(None, 1000)).unknown[0].note == "told in another currency"
    assert verdict(swedish, turns_over(None, 1000, "SEK")) == "likely"
    assert verdict(swedish, turns_over(901, None, "SEK")) == "unlikely"


def test_a_money_bound_without_a_currency_decides_nothing():
    told = business(turnover={"amount": 900, "currency": "GBP"})

    assert verdict(told, Criterion("Small", "turnover", Between(None, Decimal(10)))) == "unsure"


def test_a_turnover_told_as_a_range_is_held_like_any_range():
    told = Profile(turnover=MoneySpan(Decimal(1), Decimal(10), "GBP"))

    assert [verdict(told, turns_over(*bounds)) for bounds in [(1, 10), (11, 20), (5, 20)]] == [
        "likely",
        "unlikely",
        "unsure",
    ]


def test_money_is_compared_to_the_penny():
    told = business(turnover={"amount": "0.30", "currency": "GBP"})

    assert (
        verdict(told, Criterion("w", "turnover", Between(Decimal("0.3"), Decimal("0.3"), "GBP"))) == "likely"
    )


@pytest.mark.parametrize("spelling", ["limited_company", "Limited company", "limited-company"])
def test_a_legal_form_is_one_form_however_it_is_spelled(spelling):
    assert verdict(business(legal_form="Limited Company"), is_one_of("legal_form", spelling)) == "likely"
    assert verdict(Profile(legal_form="Limited-Company"), is_none_of("legal_form", spelling)) == "unlikely"


def test_a_retailer_is_outside_a_list_of_makers():
    assert verdict(business(sector="retail_wholesale"), is_one_of("sector", "manufacturing")) == "unlikely"
    assert verdict(business(sector="retail_wholesale"), is_none_of("sector", "manufacturing")) == "likely"


def test_languages_meet_a_list_when_they_share_one():
    told = business(languages=["EN", "sv"])

    assert verdict(told, is_one_of("languages", "sv", "da")) == "likely"
    assert verdict(told, is_one_of("languages", "da")) == "unlikely"
    assert verdict(told, is_none_of("languages", "da")) == "likely"
    assert verdict(told, is_none_of("languages", "en")) == "unlikely"
    assert verdict(NOBODY, is_none_of("languages", "en")) == "unsure"


def test_an_offer_for_graduates_of_another_knows_what_was_done():
    assert verdict(business(done=["first-course"]), is_one_of("done", "first-course")) == "likely"
    assert verdict(business(done=["first_course"]), is_one_of("done", "first-course")) == "unlikely"


@pytest.mark.parametrize(
    ("place", "areas", "expected"),
    [
        ("Dudley", ("dudley",), "likely"),
        ("Dudley", ("black-country",), "likely"),
        ("Dudley", ("uk",), "likely"),
        ("Dudley", ("cardiff", "black-country"), "likely"),
        ("Dudley", ("coventry",), "unlikely"),
        ("Dudley", ("sweden",), "unlikely"),
        ("Wales", ("cardiff",), "unsure"),
        ("Wales", ("wales",), "likely"),
        ("Wales", ("dudley",), "unlikely"),
        ("Coventry", ("cwgh",), "likely"),
        ("Coventry", ("wmca",), "likely"),
        ("Coventry and Warwickshire", ("wmca",), "unsure"),
        ("Newport", ("wales",), "unsure"),
        ("Newport", ("uk",), "likely"),
        ("Newport", ("black-country",), "unlikely"),
        ("Newport", ("wales", "marches"), "likely"),
        ("Sydney", ("uk",), "unlikely"),
        ("Narnia", ("uk",), "unsure"),
        ("Sydney", (), "likely"),
    ],
)
def test_an_offer_is_open_where_its_areas_are(place, areas, expected):
    assert verdict(business(place=place), areas=areas) == expected


def test_a_place_nobody_knows_says_so():
    assert held(business(place="Narnia"), areas=("uk",)).unknown[0].note == "we do not know this place"


def test_the_words_for_areas_leave_out_what_lies_inside_another():
    words = held(NOBODY, areas=("black-country", "west-midlands", "wales", "marches")).criteria[0].words

    assert words == "You are in the West Midlands or Wales"


def test_a_condition_on_place_is_held_like_the_areas():
    assert verdict(business(place="Dudley"), is_within("black-country")) == "likely"
    assert verdict(business(place="Dudley"), is_within("wales")) == "unlikely"
    assert (
        verdict(business(place="Dudley"), Criterion("w", "place", NoneOf(frozenset({"wales"})))) == "likely"
    )
    assert (
        verdict(business(place="Dudley"), Criterion("w", "place", OneOf(frozenset({"wales"})))) == "unlikely"
    )


MAKER = is_one_of("sector", "manufacturing")


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"sector": "manufacturing"}, "likely"),
        ({"employees": 9}, "likely"),
        ({"sector": "education_training"}, "unsure"),
        ({"sector": "education_training", "employees": 2}, "unlikely"),
        ({"sector": "manufacturing", "employees": 2}, "likely"),
        ({}, "unsure"),
    ],
)
def test_a_group_is_met_by_one_and_failed_only_by_all(facts, expected):
    assert verdict(business(**facts), any_of(MAKER, employs(5, None))) == expected


def test_groups_may_hold_groups():
    nested = any_of(employs(100, None), any_of(MAKER, is_within("wales")))

    assert verdict(business(employees=5, sector="manufacturing"), nested) == "likely"
    assert verdict(business(employees=5, sector="other_services", place="Dudley"), nested) == "unlikely"
    assert verdict(business(employees=5, sector="other_services"), nested) == "unsure"


@pytest.mark.parametrize(
    ("facts", "expected", "to_check"),
    [
        ({"sector": "manufacturing"}, "likely", ()),
        ({"sector": "education_training"}, "likely", ("One of these holds",)),
        ({}, "likely", ("One of these holds",)),
    ],
)
def test_a_group_with_a_member_in_words_is_met_or_left_to_check_but_never_failed(facts, expected, to_check):
    found = held(business(**facts), any_of(MAKER, in_words("The provider invited you")))

    assert (found.verdict, found.to_check, found.unknown) == (expected, to_check, ())


def test_words_only_conditions_never_change_the_verdict():
    failing = (employs(5, 249), in_words("Not started"))

    assert verdict(business(employees=3), *failing) == "unlikely"
    assert verdict(business(employees=9), *failing) == "likely"
    assert verdict(NOBODY, *failing) == "unsure"


@pytest.mark.parametrize(
    ("bounds", "expected"),
    [
        (("2027-01-01", "2027-12-31"), "likely"),
        ((date(2027, 3, 31), None), "likely"),
        ((None, "2027-03-30"), "unlikely"),
    ],
)
def test_a_deadline_is_held_against_days(bounds, expected):
    found = held(business(deadline="2027-03-31"), Criterion("In time", "deadline", Between(*bounds)))

    assert found.verdict == expected


def test_a_bound_that_is_no_day_is_left_to_the_provider():
    found = held(business(deadline="2027-03-31"), Criterion("In time", "deadline", Between(None, Decimal(5))))

    assert found.to_check == ("In time",)


@pytest.mark.parametrize(
    "odd",
    [
        Criterion("w", "sector", Between(Decimal(1), None)),
        Criterion("w", "employees", OneOf(frozenset({"5"}))),
        Criterion("w", "employees", is_within("wales").test),
        Criterion("w", "place", Between(Decimal(1), None)),
    ],
)
def test_a_test_that_does_not_suit_its_fact_is_left_to_the_provider(odd):
    found = held(business(sector="manufacturing", employees=5, place="Dudley"), odd)

    assert (found.verdict, found.to_check) == ("likely", ("w",))


def test_each_result_carries_its_source_or_else_the_offers():
    own = Source("https://example.org/rule")
    found = held(NOBODY, Criterion("w", "employees", employs(1, 2).test, source=own), employs(1, 2))

    assert [c.source.url for c in found.criteria] == ["https://example.org/rule", "https://example.org/offer"]


def test_a_profile_is_prepared_once_and_held_against_many():
    prepared = situation(dudley_metal_firm())

    assert [assess(grant_for_exporters(), prepared).verdict for _ in range(3)] == ["likely"] * 3
