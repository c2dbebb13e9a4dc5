"""Why an offer is not in a roadmap, what was better, and the nearest change that would let it in."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from knowledge_base.asked import Asked
from knowledge_base.explain import Explanation, UnknownOffer, explain, explanation_document, sentences
from knowledge_base.nearest import Change, after
from knowledge_base.profile import dump_profile
from knowledge_base.records import Amount, Criterion, NoneOf, Offer, OneOf
from knowledge_base.roadmap import UnknownNeed
from tests.core.builders import (
    TODAY,
    annual,
    any_of,
    business,
    catalogue,
    closed,
    dated,
    dudley_metal_firm,
    employs,
    in_words,
    is_none_of,
    is_one_of,
    is_within,
    offer,
    rolling,
    turns_over,
    welsh_cafe,
)
from tests.core.test_replanning_rules import seen

CHECK_UP = offer("check-up", "diagnostic")
NEED = ("process_improvement",)


def of(this: Offer, *others: Offer, profile=None, needs=NEED, on=TODAY, **asked) -> Explanation:
    """What is said of one offer beside others to a firm in Dudley, or to another business."""
    question = Asked(tuple(needs), profile or dudley_metal_firm(), on, **asked)
    return explain(seen([this, *others]), question, this.id)


def said(told: Explanation) -> str:
    return " ".join(sentences(told))


def reasons(told: Explanation) -> list[str]:
    return [each.because for each in told.reasons]


def changes(told: Explanation) -> list[str]:
    return [each.what for each in told.changes]


def employs_at_least(low: int) -> Criterion:
    return replace(employs(low, None), words=f"You employ at least {low} people")


def test_a_step_is_said_to_be_a_step_and_which():
    told = of(CHECK_UP)

    assert told.standing == "step"
    assert said(told) == "Check up is step 1 of your roadmap."


def test_a_firm_one_employee_short_is_told_of_the_one():
    scheme = offer("scheme", "grant", criteria=(employs_at_least(15),))

    told = of(scheme)

    assert told.standing == "barred"
    assert told.lets_in
    assert said(told) == (
        "Scheme asks that you employ at least 15 people; you employ 14 people. "
        "It would be a step if you employed one more person, 15 in all."
    )


def test_bounds_on_one_fact_are_met_together_and_no_further_than_they_must():
    scheme = offer("scheme", criteria=(employs_at_least(16), employs(5, 20)))

    told = of(scheme)

    (change,) = told.changes
    assert change.to.low == change.to.high == 16
    assert change.words == "you employed two more people, 16 in all"


def test_bounds_that_contradict_each_other_leave_nothing_to_change():
    told = of(offer("scheme", criteria=(employs_at_least(100), employs(None, 20))))

    assert told.standing == "barred"
    assert told.changes == ()


def test_a_firm_too_large_is_told_the_limit_and_not_to_dismiss_anybody():
    told = of(offer("scheme", criteria=(replace(employs(None, 9), words="You employ fewer than 10 people"),)))

    assert [dump_profile(after(ASKED, told.changes).profile)["employees"]] == [9]
    assert not told.changes[0].within_reach
    assert said(told) == "Scheme asks that you employ fewer than 10 people; you employ 14 people."


ASKED = Asked(NEED, dudley_metal_firm(), TODAY)


def test_three_to_eight_people_against_at_least_five_is_open_and_not_a_bar():
    scheme = offer("scheme", criteria=(employs_at_least(5),))

    told = of(scheme, CHECK_UP, profile=business(place="Dudley", employees={"from": 3, "to": 8}))

    assert said(told) == (
        "With Scheme in place of Check up, you would be less sure to fit. "
        "It would be a step if you could say for certain that you employ at least 5 people."
    )


def test_three_to_eight_people_against_at_least_nine_are_told_the_bound_and_no_difference():
    scheme = offer("scheme", criteria=(employs_at_least(9),))

    told = of(scheme, profile=business(place="Dudley", employees={"from": 3, "to": 8}))

    assert "you employ 3 to 8 people" in said(told)
    assert said(told).endswith("It would be a step if you employed at least 9 people.")


def test_an_unsure_offer_is_let_in_by_the_one_fact_that_settles_most_and_not_by_more():
    makers = replace(is_one_of("sector", "manufacturing"), words="You make things")
    scheme = offer("scheme", criteria=(makers, employs_at_least(5)))
    sure = offer("sure", criteria=())

    told = of(scheme, sure, profile=business(place="Dudley"))

    assert said(told).endswith("It would be a step if you told us that you make things.")
    assert told.lets_in


@pytest.mark.parametrize(
    ("profile", "words"),
    [
        (business(place="Dudley", refused=["employees"]), "you told us after all that you employ"),
        (business(place="Dudley"), "you told us that you employ at least 5 people"),
    ],
)
def test_a_fact_that_is_kept_back_or_not_told_is_asked_for_in_the_words_of_the_record(profile, words):
    scheme = offer(
        "scheme",
        needs=("finance",),
        criteria=(is_within("wales"), replace(employs_at_least(5))),
    )

    told = of(scheme, profile=replace(profile, place="Cardiff"), needs=NEED)
    open_ = [each.words for each in told.changes]

    assert changes(told)[0] == "needs"
    assert all(words in each for each in open_[1:])


def test_money_told_in_another_currency_neither_bars_nor_is_turned_into_the_records_own():
    scheme = offer("scheme", "grant", criteria=(turns_over(None, 100),))
    profile = business(place="Dudley", turnover={"amount": 50, "currency": "SEK"})

    told = of(scheme, CHECK_UP, offer("loan", "loan"), profile=profile)

    assert told.term == "uncertain"
    assert "your turnover" not in said(told)


def test_money_that_would_settle_it_is_to_be_told_in_the_records_currency():
    scheme = offer("scheme", criteria=(turns_over(None, 100),))
    profile = business(place="Dudley", turnover={"amount": 50, "currency": "SEK"})

    told = of(scheme, CHECK_UP, profile=profile)

    assert [each.words for each in told.changes] == [
        "you told us in GBP that your turnover is within the limit"
    ]
    assert told.changes[0].to.currency == "GBP"


def test_a_place_elsewhere_is_said_plainly_and_nobody_is_told_to_move():
    told = of(offer("lab", areas=("wales",)))

    assert said(told) == "Lab is for businesses in Wales, and you are in Dudley."
    assert told.lets_in
    (move,) = told.changes
    assert (move.what, move.to, move.within_reach) == ("place", "Wales", False)
    assert explanation_document(told)["changes"][0]["to"] == "Wales"


def test_of_several_areas_the_nearest_is_the_change():
    told = of(offer("lab", areas=("sweden", "coventry", "cardiff")))

    assert told.changes[0].to == "Coventry"


def test_an_area_must_meet_every_condition_on_the_place():
    told = of(offer("lab", areas=("wales", "cwgh"), criteria=(is_within("coventry", "sweden"),)))

    assert told.changes[0].to == "Coventry"


def test_conditions_on_the_place_that_no_place_meets_leave_nothing_to_change():
    told = of(offer("lab", areas=("wales",), criteria=(is_within("sweden"),)))

    assert told.standing == "barred"
    assert told.changes == ()


def test_a_sole_trader_hears_of_the_limited_company_and_a_company_not_of_becoming_a_charity():
    for_companies = offer("scheme", criteria=(is_none_of("legal_form", "sole_trader"),))
    for_charities = offer("fund", criteria=(is_one_of("legal_form", "charity"),))

    trader, company = of(for_companies, profile=welsh_cafe()), of(for_charities)

    assert "you are a sole trader" in said(trader)
    assert said(trader).endswith("It would be a step if you were a limited company.")
    assert company.lets_in
    assert [each.within_reach for each in company.changes] == [False]
    assert "if" not in said(company).split()


def test_a_stage_is_moved_to_the_next_one_and_never_back():
    on_the_way = of(
        offer("scheme", criteria=(is_one_of("stage", "scale_up"),)), profile=business(stage="established")
    )
    back = of(
        offer("scheme", criteria=(is_one_of("stage", "pre_start"),)), profile=business(stage="established")
    )

    assert "if you were growing fast" in said(on_the_way)
    assert back.lets_in
    assert "if" not in said(back).split()


def test_a_young_business_is_told_when_to_come_back():
    scheme = offer(
        "scheme",
        criteria=(
            Criterion("You have traded for a year", "trading_months", employs(12, None).test),
            employs_at_least(5),
        ),
    )

    told = of(scheme, profile=business(trading_months=7, employees=6, place="Dudley"))

    assert said(told).endswith(
        "It would be a step if you came back in April 2027, when you will have traded for 12 months."
    )


def test_nobody_is_told_to_have_traded_for_less_or_to_have_had_less_money():
    young = Criterion("You are new", "trading_months", employs(None, 36).test)
    little = Criterion("You have had little", "subsidy_received", turns_over(None, 10).test)
    profile = business(trading_months=60, subsidy_received={"amount": 20, "currency": "GBP"})

    for criterion in (young, little):
        told = of(offer("scheme", criteria=(criterion,)), profile=profile)
        assert told.standing == "barred"
        assert told.changes == ()


def test_a_far_future_does_not_break_the_calendar():
    old = Criterion("You are old", "trading_months", employs(10**9, None).test)

    told = of(offer("scheme", criteria=(old,)), profile=business(trading_months=1))

    assert told.changes == ()


def test_what_is_refused_is_let_in_by_considering_it():
    told = of(offer("loan", "loan"), profile=business(place="Dudley", refuses=["loan"]))

    assert said(told) == (
        "Loan: you would rather not use loans. It would be a step if you would consider loans."
    )
    assert after(replace(ASKED, profile=business(refuses=["loan"])), told.changes).profile.refuses == ()


def test_another_need_is_let_in_by_asking_about_it():
    told = of(offer("lab", "facility", needs=("premises",)))

    assert said(told) == (
        "Lab is for space to work in, which you did not ask about. "
        "It would be a step if you asked about space to work in as well."
    )


def test_without_needs_everything_is_for_something_that_was_not_asked_about():
    told = of(CHECK_UP, needs=())

    assert reasons(told) == ["not_asked"]
    assert said(told).endswith("It would be a step if you asked about a better way of working.")


def test_what_opens_later_is_let_in_on_the_day():
    later = offer("a-course", "training", window=dated(date(2027, 3, 1), date(2027, 6, 30)))
    now = offer("b-class", "training")

    told = of(later, now)

    assert said(told).endswith("It would be a step if you planned again from 1 March 2027, when it opens.")
    assert told.changes[0].to == date(2027, 3, 1)


def test_a_yearly_offer_that_does_no_better_in_its_month_is_not_said_to():
    told = of(offer("a-prize", window=annual(3)), offer("b-help"))

    assert told.after_changes == "B help fell through"
    assert "March" not in said(told)


def test_an_offer_that_ended_says_when_and_what_followed_and_offers_no_way_in():
    new = offer("new-scheme")
    told = of(offer("old-scheme", window=closed("2023-04"), succeeded_by="new-scheme"), new)

    assert reasons(told) == ["closed"]
    assert told.changes == ()
    assert said(told) == "Old scheme has ended; when is not known. It was followed by New scheme."


def test_a_closing_day_that_has_passed_is_named():
    told = of(offer("scheme", window=dated(None, TODAY - timedelta(days=1))))

    assert said(told) == "Scheme closed on 20 November 2026. No successor is known."


def test_what_is_done_turned_down_or_left_out_is_said_so_and_stays_so():
    done = of(CHECK_UP, profile=business(done=["check-up"]))
    refused = of(CHECK_UP, turned_down=("check-up",))
    skipped = of(CHECK_UP, skipped=("check-up",))

    assert [said(each) for each in (done, refused, skipped)] == [
        "Check up: you have had it already.",
        "Check up: they turned you down.",
        "Check up: you would rather not do it.",
    ]
    assert all(each.changes == () for each in (done, refused, skipped))


def test_what_is_for_advisers_is_for_advisers():
    pack = offer("pack", "toolkit", audience="broker")

    assert said(of(pack)) == "Pack is for advisers, not for businesses."
    assert of(pack, audience="broker").standing == "step"


def test_a_withdrawn_record_is_not_held_against_the_business():
    told = of(offer("scheme", status="withdrawn", areas=("wales",)))

    assert said(told) == "Scheme’s record is not published."


def test_what_is_asked_for_first_is_named_with_the_condition_that_bars_it():
    course = offer("course", "training", criteria=(employs_at_least(16),))
    club = offer("club", "network", requires=("course",), needs=("peer_networks",))

    told = of(club, course, needs=("process_improvement", "peer_networks"))

    assert said(told) == (
        "Club asks for Course first, and that asks that you employ at least 16 people; "
        "you employ 14 people. It would be a step if you employed two more people, 16 in all."
    )


def test_what_is_asked_for_first_through_another_is_named_to_the_end():
    first = offer("first", window=closed())
    second = offer("second", requires=("first",))
    third = offer("third", requires=("second",))

    told = of(third, second, first)

    assert said(told) == (
        "Third asks for Second first, and that asks for First first, and that has ended; "
        "when is not known. It would be a step if you had done Second already."
    )


def test_the_same_bar_on_what_comes_first_is_not_said_twice():
    first = offer("first", areas=("wales",))
    told = of(offer("second", areas=("wales",), requires=("first",)), first)

    assert said(told) == (
        "Second is for businesses in Wales, and you are in Dudley. "
        "It asks for First first, and the same stands in the way of that."
    )
    assert told.lets_in


def test_what_is_asked_for_first_without_a_record_is_said_to_have_none():
    told = of(offer("club", requires=("nowhere",)))

    assert said(told) == "Club asks for nowhere first, which is not among the records."


def test_what_closes_too_soon_is_let_in_by_having_done_what_comes_first():
    slow = offer("slow", duration_weeks=20)
    soon = offer("soon", "grant", requires=("slow",), window=dated(None, TODAY + timedelta(days=30)))

    told = of(soon, slow)

    assert reasons(told) == ["too_late"]
    assert said(told) == (
        "Soon closes before what it asks for first can be done. "
        "It would be a step if you had done Slow already."
    )


@pytest.mark.parametrize("length", [1, 2, 3, 40, 3000])
def test_a_circle_of_what_is_asked_for_first_ends(length):
    ring = [offer(f"ring-{n}", requires=(f"ring-{(n + 1) % length}",)) for n in range(length)]

    told = of(*ring)

    assert told.standing == "barred"
    assert told.changes == ()
    assert said(told) == "Ring 0: what it asks for first goes round in a circle."


def test_a_very_long_way_there_is_said_in_few_words():
    chain = [offer(f"link-{n}", requires=(f"link-{n + 1}",)) for n in range(3000)]

    told = of(*chain, offer("link-3000", window=closed()))

    assert reasons(told) == ["needs_first"]
    assert len(said(told)) < 600


def test_more_first_than_a_roadmap_holds_is_said_so():
    chain = [offer(f"link-{n}", requires=(f"link-{n + 1}",)) for n in range(9)]

    told = of(*chain, offer("link-9"))

    assert "more first than the 7 steps" in said(told)


def test_what_is_asked_for_first_may_clash():
    one, other = offer("one", excludes=("other",)), offer("other")
    told = of(offer("both", requires=("one", "other")), one, other)

    assert reasons(told) == ["clash"]
    assert said(told).startswith("Both: what it asks for first cannot be had together.")


def test_conditions_in_words_alone_are_never_a_reason():
    scheme = offer("scheme", criteria=(in_words("You have not started"), employs_at_least(15)))

    told = of(scheme)

    assert "not started" not in said(told)
    assert told.assessment.to_check == ("You have not started",)


def test_of_a_group_the_easiest_member_is_the_change():
    group = any_of(is_one_of("sector", "construction"), employs_at_least(15), is_within("wales"))

    told = of(offer("scheme", criteria=(group,)))

    assert changes(told) == ["employees"]
    assert told.lets_in


def test_a_group_that_words_alone_may_settle_is_left_to_the_provider():
    group = any_of(in_words("You are led by women"), employs_at_least(500))

    told = of(offer("scheme", criteria=(group,)))

    assert told.standing == "step"


def test_a_member_of_a_group_that_cannot_go_with_the_rest_is_passed_over():
    group = any_of(employs_at_least(30), is_one_of("sector", "construction"))

    told = of(offer("scheme", criteria=(employs(None, 20), group)))

    assert changes(told) == ["sector"]


def test_a_group_that_is_met_stays_met_by_the_change():
    either = any_of(employs(None, 14), is_one_of("languages", "sv"))

    told = of(
        offer("scheme", criteria=(either, employs_at_least(15))),
        profile=replace(dudley_metal_firm(), languages=("en",)),
    )

    assert {*changes(told)} == {"employees", "languages"}
    assert told.lets_in
    assert "support in Swedish suited you" in said(told)


def test_a_language_is_added_and_none_is_taken_away():
    added = of(offer("scheme", criteria=(is_one_of("languages", "cy"),)), profile=business(languages=["en"]))
    taken = of(offer("scheme", criteria=(is_none_of("languages", "en"),)), profile=business(languages=["en"]))

    assert added.changes[0].to == ("en", "cy")
    assert said(added).endswith("It would be a step if support in Welsh suited you.")
    assert taken.changes == ()


def test_an_offer_to_be_had_before_is_named_and_not_given_by_its_id():
    after_it = Criterion("You have been on the course", "done", OneOf(frozenset({"course"})))
    never = Criterion("You have not been on the course", "done", NoneOf(frozenset({"course"})))
    course = offer("course", "training", name="The Famous Course", needs=("premises",))
    done = business(place="Dudley", done=["other"])

    told = of(offer("club", criteria=(after_it,)), course, profile=done)
    spoilt = of(offer("first-timers", criteria=(never,)), course, profile=business(done=["course"]))

    assert said(told).endswith("It would be a step if you had done The Famous Course already.")
    assert spoilt.changes == ()


def test_what_is_beaten_names_what_stands_in_its_place_and_in_what_it_is_better():
    near = offer("near", areas=("dudley",))
    far = offer("far", areas=("uk",))

    told = of(far, near)

    assert told.standing == "beaten"
    assert told.beaten_by == ("near",)
    assert said(told).startswith("With Far in place of Near, your roadmap would be less local.")
    assert told.after_changes == "Near fell through"


def test_a_price_that_decides_is_given_in_its_currency():
    cheap = offer("cheap", "training", amount=Amount("GBP", cost_to_business=Decimal(100)))
    dear = offer("dear", "training", amount=Amount("GBP", cost_to_business=Decimal("250.50")))

    told = of(dear, cheap)

    assert told.term == "to_find"
    assert "you would have to find £150.50 more" in said(told)


def test_of_equals_it_is_said_that_they_are():
    told = of(offer("b-scheme"), offer("a-scheme"))

    assert told.term == "ids"
    assert said(told).startswith(
        "B scheme would do as well as what is there; of equals the first by name is taken: A scheme."
    )


def test_a_reserve_is_named_with_the_step_it_stands_by_for():
    grant = offer("a-grant", "grant", needs=("finance",), stages=("fund",))
    other = offer("b-grant", "grant", needs=("finance",), stages=("fund",))

    told = of(other, grant, needs=("finance",))

    assert told.standing == "reserve"
    assert said(told).startswith("B grant is the reserve for A grant, should that fall through.")
    assert "It would be a step if A grant fell through" not in said(told)


def test_a_wish_for_the_cheaper_is_said_to_have_decided():
    loan = offer("loan", "loan", needs=("finance",), stages=("fund",), areas=("dudley",))
    grant = offer("grant", "grant", needs=("finance",), stages=("fund",), areas=("uk",))

    told = of(loan, grant, needs=("finance",), prefer="cheaper")

    assert told.term == "wish"
    assert "With it in place of Grant, your roadmap would not be as cheap." in sentences(told)


def test_at_most_three_conditions_are_named_and_the_others_counted():
    criteria = (
        employs_at_least(15),
        is_one_of("legal_form", "co_operative"),
        replace(turns_over(2_000_000, None), words="Your turnover is at least £2m"),
        is_one_of("stage", "scale_up"),
    )
    told = of(offer("scheme", "loan", criteria=criteria, needs=("premises",)))

    assert said(told).startswith("Scheme asks that you employ at least 15 people")
    assert "And 3 more things stand in its way." in said(told)


def test_more_than_three_ifs_are_two_and_how_many_more():
    criteria = (
        employs_at_least(15),
        is_one_of("stage", "scale_up"),
        is_one_of("languages", "cy"),
        replace(turns_over(1_500_000, None), words="Your turnover is at least £1.5m"),
    )
    told = of(offer("scheme", criteria=criteria), profile=replace(dudley_metal_firm(), languages=("en",)))

    assert len(told.changes) == 4
    assert "and 2 more conditions were met" in said(told)


def test_a_roadmap_in_hand_that_is_older_than_the_records_says_so():
    view = seen([CHECK_UP])

    told = explain(view, ASKED, "check-up", shown=("gone",))
    kept = explain(view, ASKED, "check-up", shown=("gone", "check-up"))

    assert told.standing == "new"
    assert said(told) == (
        "Check up is not in the roadmap as it was made, but would be a step if it were made now."
    )
    assert said(kept) == "Check up is step 2 of your roadmap."


def test_an_unknown_offer_and_an_unknown_need_are_refused_by_name():
    with pytest.raises(UnknownOffer, match="'moonshine' is not an offer we know"):
        explain(seen([CHECK_UP]), ASKED, "moonshine")
    with pytest.raises(UnknownNeed, match="'riches'"):
        explain(seen([CHECK_UP]), replace(ASKED, needs=("riches",)), "check-up")


def test_an_offer_among_thousands_is_explained():
    many = [offer(f"offer-{n}", "training", areas=("uk",)) for n in range(3000)]
    told = of(offer("the-one", areas=("wales",)), *many)

    assert said(told) == "The one is for businesses in Wales, and you are in Dudley."


def test_a_business_that_told_nothing_gets_sentences_too():
    told = of(offer("scheme", areas=("wales",), criteria=(employs_at_least(5),)), profile=business())

    assert told.standing == "step"
    assert catalogue(CHECK_UP).offers.keys() == {"check-up"}
    assert of(offer("scheme", window=rolling(), needs=())).standing == "barred"


def test_what_is_to_be_told_is_asked_for_once():
    makers = replace(is_one_of("sector", "manufacturing"), words="You make things")
    scheme = offer("scheme", needs=("premises",), criteria=(makers, employs_at_least(5), is_within("wales")))
    told = of(scheme, offer("hall", needs=("premises",)), profile=business())

    assert said(told).count("you told us") <= 1


def test_two_facts_to_tell_are_joined_by_that():
    told = Explanation(
        "scheme",
        "Scheme",
        "beaten",
        of(CHECK_UP).assessment,
        changes=(
            Change("sector", "manufacturing", "you told us that you make things"),
            Change("employees", 5, "you told us that you employ at least 5 people"),
        ),
        lets_in=True,
    )

    assert said(told) == (
        "It would be a step if you told us that you make things and that you employ at least 5 people."
    )
