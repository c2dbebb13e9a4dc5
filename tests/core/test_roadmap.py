"""What a roadmap advises, told as sentences about businesses."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from knowledge_base.profile import Profile
from knowledge_base.records import Amount, Assurance, Money, Offer, Provider
from knowledge_base.roadmap import CatalogueIndex, Roadmap, UnknownNeed, make_roadmap
from knowledge_base.roadmap.make import gather
from knowledge_base.roadmap.order import Ranking
from knowledge_base.roadmap.places import Seating
from knowledge_base.words import NEEDS
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
    grant_for_exporters,
    in_words,
    is_none_of,
    is_one_of,
    offer,
    resolve,
    welsh_cafe,
)

NOBODY = business()


def advise(*offers: Offer, needs=("process_improvement",), profile: Profile = NOBODY, **more) -> Roadmap:
    return make_roadmap(catalogue(*offers), needs, profile, more.pop("on", TODAY), resolve=resolve, **more)


def ids(roadmap: Roadmap) -> list[str]:
    return [step.offer for step in roadmap.steps]


def by_phase(roadmap: Roadmap) -> dict[str, list[str]]:
    return {phase.phase: [step.offer for step in phase.steps] for phase in roadmap.phases}


CHECK_UP = offer("check-up", "diagnostic", stages=("diagnose",))
COURSE = offer("course", "training", stages=("build_capability",))
GRANT = offer("grant", "grant", stages=("fund",))
CLUB = offer("club", "network", stages=("sustain",))


def test_one_need_gets_a_step_in_each_phase_from_check_up_to_club():
    found = advise(GRANT, CLUB, COURSE, CHECK_UP)

    assert by_phase(found) == {
        "get_clear": ["check-up"],
        "get_ready": ["course"],
        "get_funded": ["grant"],
        "get_going": ["club"],
    }


def test_one_need_is_not_answered_with_seven_of_the_same_kind():
    found = advise(*(offer(f"grant-{n}", "grant", stages=("fund",)) for n in range(9)))

    assert len(found.steps) == 1


def test_every_need_gets_a_step():
    export = offer("export-course", "training", needs=("export_markets",), stages=("build_capability",))
    found = advise(CHECK_UP, export, needs=("process_improvement", "export_markets"))

    assert {need for step in found.steps for need in step.needs} == {"process_improvement", "export_markets"}
    assert found.gaps == ()


def test_a_metal_firm_is_not_offered_what_only_wales_may_use():
    found = advise(offer("welsh-advice", areas=("wales",)), CHECK_UP, profile=dudley_metal_firm())

    assert ids(found) == ["check-up"]


def test_an_offer_of_the_own_hub_goes_before_one_open_to_the_whole_country():
    local = offer("z-local-advice", areas=("black-country",))
    country = offer("a-country-advice", areas=("uk",))

    assert ids(advise(local, country, profile=dudley_metal_firm())) == ["z-local-advice"]


def test_while_we_do_not_know_where_a_business_is_its_steps_do_not_come_from_two_nations():
    found = advise(
        offer("welsh-check-up", "diagnostic", areas=("wales",)),
        offer("english-course", "training", areas=("england",), stages=("build_capability",)),
        offer("uk-course", "training", areas=("uk",), stages=("build_capability",)),
        offer("swedish-grant", "grant", areas=("sweden",), stages=("fund",)),
    )

    assert ids(found) == ["welsh-check-up", "uk-course"]


def test_an_offer_about_this_need_goes_before_one_about_everything():
    wide = offer("a-wide-advice", needs=tuple(NEEDS))

    assert ids(advise(wide, offer("z-lean-advice"))) == ["z-lean-advice"]


def test_an_offer_known_to_suit_goes_before_one_that_may_not():
    unsure = offer("a-unsure", criteria=(employs(5, 249),))

    assert ids(advise(unsure, offer("z-sure"))) == ["z-sure"]


def test_an_offer_made_for_such_a_business_goes_before_one_for_all():
    makers = offer("z-for-makers", criteria=(is_one_of("sector", "manufacturing"),))

    assert ids(advise(offer("a-for-all"), makers, profile=dudley_metal_firm())) == ["z-for-makers"]


def test_an_offer_close_to_the_owners_words_goes_first():
    one, other = offer("a-advice"), offer("b-advice")

    assert ids(advise(one, other, closeness={"a-advice": 0.1, "b-advice": 0.9})) == ["b-advice"]
    assert ids(advise(one, other, closeness={"a-advice": 0.51, "b-advice": 0.53})) == ["a-advice"]


def test_a_grant_goes_before_a_loan_and_the_free_before_the_dear():
    loan = offer("a-loan", "loan", stages=("fund",))
    assert ids(advise(loan, GRANT)) == ["grant"]

    dear = offer("a-dear", amount=Amount("GBP", cost_to_business=Decimal(500)))
    free = offer("b-free", amount=Amount("GBP", cost_to_business=Decimal(0)))
    assert ids(advise(dear, free)) == ["b-free"]


def test_a_business_that_wants_fifty_thousand_is_not_sent_to_a_grant_of_two():
    small = offer("a-small", "grant", stages=("fund",), amount=Amount("GBP", max=Decimal(2000)))
    large = offer("b-large", "grant", stages=("fund",), amount=Amount("GBP", max=Decimal(90000)))
    wants = business(amount={"amount": 50000, "currency": "GBP"})

    assert ids(advise(small, large, profile=wants)) == ["b-large"]


def test_a_project_of_sixty_thousand_is_not_sent_to_a_fund_that_starts_at_a_hundred():
    big = offer("a-fund", "loan", stages=("fund",), amount=Amount("GBP", min=Decimal(100_000)))
    part = offer("b-loan", "loan", stages=("fund",), amount=Amount("GBP", max=Decimal(20_000)))

    assert ids(advise(big, part)) == ["a-fund"]
    assert ids(advise(big, part, cost=Money(Decimal(60_000), "GBP"))) == ["b-loan"]


def test_what_a_business_refuses_is_not_advised():
    loan = offer("loan", "loan", stages=("fund",))

    assert ids(advise(loan, CHECK_UP, profile=business(refuses=["loan"]))) == ["check-up"]
    assert ids(advise(loan, CHECK_UP, profile=business(refuses=["Loan"]))) == ["check-up"]
    assert ids(advise(loan, CHECK_UP, profile=business(refuses=["guarantee"]))) == ["check-up", "loan"]


def test_refusing_tax_relief_leaves_grants():
    relief = offer("relief", "tax_relief", stages=("fund",))

    assert ids(advise(relief, GRANT, profile=business(refuses=["grant"]))) == ["relief"]
    assert ids(advise(relief, GRANT, profile=business(refuses=["tax_relief"]))) == ["grant"]


def test_what_was_done_is_never_advised_again():
    assert ids(advise(CHECK_UP, COURSE, profile=business(done=["check-up"]))) == ["course"]


def test_what_turned_a_business_down_is_not_advised_again():
    assert ids(advise(CHECK_UP, COURSE, turned_down={"check-up"})) == ["course"]


@pytest.mark.parametrize("status", ["draft", "withdrawn"])
def test_only_published_offers_are_advised(status):
    assert ids(advise(offer("an-offer", status=status))) == []


def test_an_owner_is_not_shown_what_is_for_brokers():
    forum = offer("forum", audience="broker")

    assert ids(advise(forum)) == []
    assert advise(forum).gaps[0].words == "We know of no offer for this"
    assert ids(advise(forum, audience="broker")) == ["forum"]


# What must come first


def test_what_a_grant_requires_comes_before_it_even_for_another_need():
    found = advise(
        offer("grant", "grant", stages=("fund",), requires=("audit",)),
        offer("audit", "diagnostic", needs=("sustainability",), duration_weeks=2),
    )

    assert ids(found) == ["audit", "grant"]
    assert found.steps[0].needs == ("process_improvement",)
    assert found.steps[0].why == ("You need this before Grant",)
    assert found.steps[1].starts == TODAY + timedelta(weeks=2)


def test_a_long_way_to_a_grant_is_taken_one_step_at_a_time():
    found = advise(
        offer("third", "grant", stages=("fund",), requires=("second",)),
        offer("second", needs=("finance",), requires=("first",), stages=("plan",), duration_weeks=4),
        offer("first", needs=("finance",), stages=("explore",), duration_weeks=1),
    )

    assert ids(found) == ["first", "second", "third"]
    assert [(step.starts - TODAY).days // 7 for step in found.steps] == [0, 1, 5]


def test_what_was_done_already_counts_as_done_first():
    found = advise(
        offer("grant", "grant", stages=("fund",), requires=("check-up",)),
        CHECK_UP,
        profile=business(done=["check-up"]),
    )

    assert ids(found) == ["grant"]
    assert "You have done Check up, which this asks for first" in found.steps[0].why


@pytest.mark.parametrize(
    "blocked",
    [
        offer("audit", window=closed("2023")),
        offer("audit", areas=("wales",)),
        offer("audit", "loan"),
        offer("audit", status="draft"),
        offer("audit", audience="broker"),
        offer("audit", requires=("grant",)),
        offer("another"),
    ],
    ids=["closed", "elsewhere", "refused", "draft", "for brokers", "in a circle", "missing"],
)
def test_a_grant_is_not_advised_when_what_it_requires_cannot_be_had(blocked):
    grant = offer("grant", "grant", stages=("fund",), requires=("audit",))
    told = business(place="Dudley", refuses=["loan"])

    assert "grant" not in ids(advise(grant, blocked, profile=told))


def test_a_follow_up_never_comes_in_an_earlier_phase_than_what_it_requires():
    found = advise(
        offer("clinic", "advice", needs=("finance",), stages=("diagnose",), requires=("grant",)),
        offer("grant", "grant", stages=("fund",)),
        needs=["finance"],
    )

    assert ids(found) == ["grant", "clinic"]
    assert by_phase(found) == {"get_funded": ["grant", "clinic"]}


def test_a_chain_longer_than_a_roadmap_is_not_begun():
    chain = [offer(f"part-{n}", requires=(f"part-{n + 1}",), needs=("finance",)) for n in range(5000)]
    end = offer("part-5000", needs=("finance",))

    assert ids(advise(*chain, end, needs=["finance"]))[-1] in {f"part-{n}" for n in range(4994, 5001)}


def test_an_offer_that_requires_itself_is_not_advised():
    assert ids(advise(offer("knot", requires=("knot",)))) == []


# Dates


def test_a_call_that_closes_before_its_course_can_end_is_not_advised():
    course = offer("course", "training", stages=("build_capability",), duration_weeks=12)
    call = offer(
        "call",
        "grant",
        stages=("fund",),
        requires=("course",),
        window=dated(None, TODAY + timedelta(weeks=11)),
    )

    assert ids(advise(course, call)) == ["course"]
    assert advise(course, call, needs=["process_improvement"]).gaps == ()


def test_a_call_still_to_open_starts_when_it_opens():
    opens, closes = TODAY + timedelta(days=10), TODAY + timedelta(days=40)
    step = advise(offer("call", "grant", stages=("fund",), window=dated(opens, closes))).steps[0]

    assert (step.starts, step.apply_by, step.dated) == (opens, closes, True)


def test_a_yearly_course_after_an_audit_waits_for_its_month():
    found = advise(
        offer("audit", "diagnostic", duration_weeks=12),
        offer("course", "training", stages=("build_capability",), requires=("audit",), window=annual(1)),
    )

    assert [step.starts for step in found.steps] == [TODAY, date(2028, 1, 1)]


def test_an_open_offer_goes_before_one_nobody_dated():
    assert ids(advise(offer("a-undated", window=offer("x").window.__class__()), offer("z-open"))) == [
        "z-open"
    ]


def test_a_firm_in_a_hurry_is_told_which_step_comes_too_late_for_its_date():
    late = offer("late", window=dated(date(2027, 5, 1), date(2027, 6, 1)))
    long = offer("long", duration_weeks=20)
    soon = offer("soon", duration_weeks=4)
    firm = business(deadline="2027-03-31")
    words = [advise(each, profile=firm).steps[0].window_words for each in (late, long, soon)]

    assert words[0].endswith("closes 1 June 2027; that is after 31 March 2027, by when you need it")
    assert words[1].endswith("it takes until 10 April 2027, and you need it by 31 March 2027")
    assert words[2] == "no closing date is known"


def test_a_roadmap_can_be_asked_for_on_the_last_day_of_the_calendar():
    found = advise(
        offer("long", duration_weeks=2000),
        offer("yearly", needs=("finance",), window=annual(1)),
        needs=["process_improvement", "finance"],
        on=date.max,
    )

    assert found.steps[0].ends == date.max


# What cannot be combined


def test_two_grants_that_exclude_each_other_are_not_both_advised():
    one = offer("one", "grant", stages=("fund",), excludes=("two",))
    two = offer("two", "loan", stages=("sustain",))

    assert len(advise(one, two).steps) == 1


def test_a_need_is_not_left_out_because_the_first_few_offers_for_it_are_excluded():
    grants = [offer(f"a-{n}", needs=("finance",), excludes=("check-up",)) for n in range(20)]
    last = offer("z-last", needs=("finance",), kind="event")
    found = advise(CHECK_UP, *grants, last, needs=["process_improvement", "finance"])

    assert set(ids(found)) == {"check-up", "z-last"}


# Reserves


def test_a_grant_carries_a_reserve_and_open_advice_does_not():
    found = advise(CHECK_UP, GRANT, offer("loan", "loan", stages=("fund",)))

    assert {step.offer: step.reserve for step in found.steps} == {"check-up": None, "grant": "loan"}


def test_an_unsure_step_and_a_dated_one_carry_a_reserve():
    unsure = offer("unsure", criteria=(employs(5, 9),), stages=("plan",))
    meeting = offer("meeting", "training", stages=("collaborate",), window=dated(None, TODAY))
    spare = offer(
        "spare", "toolkit", stages=("diagnose",), needs=("process_improvement",), criteria=(employs(5, 9),)
    )
    found = advise(unsure, meeting, spare)

    assert {step.offer: step.reserve for step in found.steps} == {"unsure": "spare", "meeting": "spare"}


def test_no_reserve_where_none_exists():
    assert advise(GRANT).steps[0].reserve is None


@pytest.mark.parametrize(
    "spare",
    [
        offer("spare", needs=("premises",)),
        offer("spare", window=closed()),
        offer("spare", areas=("wales",)),
        offer("spare", requires=("nowhere",)),
        offer("spare", excludes=("check-up",)),
    ],
    ids=["for another need", "closed", "elsewhere", "out of reach", "excludes a step"],
)
def test_a_reserve_must_be_able_to_stand_in(spare):
    told = business(place="Dudley")
    grant = next(s for s in advise(CHECK_UP, GRANT, spare, profile=told).steps if s.offer == "grant")

    assert grant.reserve is None


def test_an_offer_others_depend_on_has_no_stand_in():
    found = advise(
        offer("grant", "grant", stages=("diagnose",)),
        offer("next-grant", "grant", stages=("fund",), requires=("grant",)),
        offer("spare", "award", stages=("diagnose",)),
    )

    assert {step.offer: step.reserve for step in found.steps} == {"grant": None, "next-grant": "spare"}


# Gaps


def the_gap(*offers: Offer, **more):
    (gap,) = advise(*offers, **more).gaps
    return gap


def test_a_need_nobody_serves_is_named_as_a_gap():
    gap = the_gap(CHECK_UP, needs=["premises"])

    assert (gap.need, gap.reason, gap.words) == ("premises", "nothing open", "We know of no offer for this")


def test_an_ended_scheme_names_its_successor():
    gap = the_gap(
        offer("old", window=closed("2023-04"), succeeded_by="new"), offer("new", needs=("finance",))
    )

    assert gap.reason == "nothing open"
    assert gap.words == "Old ended April 2023, and New followed it"
    assert gap.offers == ("old",)


def test_an_ended_scheme_without_a_successor_says_so():
    assert the_gap(offer("old", window=closed())).words.endswith(
        "when is not known, and no successor is known"
    )


def test_a_need_served_only_elsewhere_says_it_is_for_others():
    gap = the_gap(offer("welsh", areas=("wales",)), profile=business(place="Dudley"))

    assert (gap.reason, gap.words) == (
        "nothing you are likely to fit",
        "What we know for this is for businesses elsewhere",
    )


def test_a_need_served_only_by_what_is_refused_says_so():
    gap = the_gap(offer("loan", "loan"), offer("gone", window=closed()), profile=business(refuses=["loan"]))

    assert (gap.reason, gap.offers) == ("refused", ("loan",))


def test_a_refused_loan_for_others_is_not_called_refused():
    gap = the_gap(offer("loan", "loan", areas=("wales",)), profile=business(place="Dudley", refuses=["loan"]))

    assert gap.reason == "nothing you are likely to fit"


def test_a_need_whose_only_offer_said_no_says_so():
    assert the_gap(CHECK_UP, turned_down=["check-up"]).words == "You were turned down by: Check up"


def test_a_need_whose_only_offer_was_used_says_so():
    assert the_gap(CHECK_UP, profile=business(done=["check-up"])).words == "You have already used Check up"


def test_nine_needs_do_not_make_nine_steps():
    needs = NEEDS[:9]
    found = advise(*(offer(f"for-{need}", needs=(need,)) for need in needs), needs=needs)

    assert len(found.steps) == 7
    assert [gap.reason for gap in found.gaps] == ["no room", "no room"]


def test_offers_that_serve_several_needs_make_room_for_all():
    needs = NEEDS[:9]
    single = [offer(f"for-{need}", needs=(need,)) for need in needs]
    wide = [offer(f"wide-{n}", needs=needs[n : n + 3], criteria=(employs(1, 9),)) for n in (0, 3, 6)]
    found = advise(*single, *wide, needs=needs)

    assert found.gaps == ()


# What a step says


def test_a_step_gives_its_reasons_in_facts_the_owner_gave():
    grant = offer(
        "grant",
        "grant",
        areas=("black-country", "west-midlands"),
        stages=("fund",),
        criteria=(
            employs(5, 249),
            is_one_of("sector", "manufacturing", "construction"),
            is_none_of("legal_form", "sole_trader"),
            any_of(employs(500, None), is_one_of("stage", "established")),
            in_words("You have not started"),
        ),
    )
    step = advise(grant, profile=dudley_metal_firm()).steps[0]

    assert step.why == (
        "You asked about a better way of working",
        "You are in Dudley, and this is open in the Black Country",
        "You employ 14 people; this is for 5 to 249",
        "Your sector is manufacturing; this asks that your sector is one of manufacturing, construction",
        "Your legal form is limited company; this asks that your legal_form is none of sole_trader",
        "You are established; this asks that your stage is one of established",
    )
    assert step.to_check == ("You have not started",)
    assert step.unsure == ()


@pytest.mark.parametrize(
    ("told", "criterion", "sentence"),
    [
        ({"employees": 1}, employs(None, 9), "You employ 1 person; this is for up to 9"),
        (
            {"employees": {"from": 5, "to": 9}},
            employs(5, None),
            "You employ 5 to 9 people; this is for 5 or more",
        ),
        (
            {"employees": {"from": 50, "to": None}},
            employs(5, None),
            "You employ 50 or more people; this is for 5 or more",
        ),
    ],
)
def test_numbers_are_told_as_they_were_given(told, criterion, sentence):
    assert sentence in advise(offer("x", criteria=(criterion,)), profile=business(**told)).steps[0].why


def test_an_unsure_step_says_what_would_settle_it():
    step = advise(grant_for_exporters(), needs=["export_markets"]).steps[0]

    assert step.unsure == (
        "You are in the West Midlands: tell us where you are",
        "You employ between 5 and 249 people: tell us how many people work in the business",
    )
    assert step.unsure_facts == ("place", "employees")


def test_a_refused_fact_is_not_asked_for_in_the_words():
    told = business(place="Dudley", refused=["employees"])
    step = advise(grant_for_exporters(), needs=["export_markets"], profile=told).steps[0]

    assert step.unsure == (
        "You employ between 5 and 249 people: you would rather not say, so check with the provider",
    )


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (Amount(), "not known"),
        (Amount("GBP", cost_to_business=Decimal(0)), "free"),
        (Amount("GBP", cost_to_business=Decimal("7.5")), "£7.50"),
        (Amount("SEK", cost_to_business=Decimal(12000)), "SEK 12,000"),
        (Amount(cost_to_business=Decimal(5)), "5 (currency not known)"),
        (
            Amount("GBP", cost_to_business=Decimal(750), cost_words="a tenth of the fee"),
            "£750 (a tenth of the fee)",
        ),
        (Amount("GBP", cost_words="Members only"), "Members only"),
        (Amount("GBP", max=Decimal(90), meaning="price"), "up to £90"),
        (Amount("GBP", max=Decimal(90)), "not known"),
        (Amount("GBP", cost_to_business=Decimal(0), cost_words="Free"), "free"),
        (Amount("GBP", cost_words="Fee not known"), "not known"),
        (Amount("GBP", cost_words="Free of charge."), "free"),
        (Amount("GBP", cost_words="Free for members"), "Free for members"),
    ],
)
def test_a_step_says_what_it_costs_exactly_as_recorded(amount, words):
    assert advise(offer("x", amount=amount)).steps[0].cost == words


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (
            Amount("GBP", Decimal(1000), Decimal(8000), Decimal(50), paid="in_arrears"),
            "50% of the cost, £1,000 to £8,000, paid afterwards",
        ),
        (Amount("EUR", max=Decimal(500)), "up to €500"),
        (Amount(rate_percent=Decimal("33.5")), "33.5% of the cost"),
        (Amount("GBP", max=Decimal(9), meaning="limit"), "a limit, not a sum that is paid: up to £9"),
    ],
)
def test_a_step_says_what_it_brings_exactly_as_recorded(amount, words):
    assert advise(offer("x", "grant", amount=amount)).steps[0].funding.words == words


def test_a_price_and_an_empty_record_bring_nothing():
    assert advise(offer("x", amount=Amount("GBP", max=Decimal(9), meaning="price"))).steps[0].funding is None
    assert advise(offer("x")).steps[0].funding is None


def test_a_step_names_its_provider_its_source_and_who_checked_it():
    checked = Assurance("A curator", date(2026, 11, 1), date(2027, 2, 1))
    records = catalogue(offer("x", assured=checked, prepare=("Accounts",), evidence="It helped nine firms"))
    named = records.of(
        records.areas.values(),
        records.offers.values(),
        [Provider("example-council", "Example council", "public")],
    )
    step = make_roadmap(named, ["process_improvement"], NOBODY, TODAY, resolve=resolve).steps[0]

    assert (step.provider, step.assured, step.prepare) == ("Example council", checked, ("Accounts",))
    assert (step.source.url, step.source_checked) == ("https://example.org/offer", date(2026, 11, 1))
    assert step.evidence == "It helped nine firms"


# Doors


def test_a_need_nobody_knows_is_refused_with_the_list():
    with pytest.raises(UnknownNeed, match="'gold' is not a need we know; use one of understand_innovation"):
        advise(CHECK_UP, needs=["gold"])


def test_no_needs_make_an_empty_roadmap():
    found = advise(CHECK_UP, needs=[])

    assert (found.phases, found.gaps, found.next_question) == ((), (), None)


def test_where_only_one_of_two_needs_can_be_served_it_is_the_one_named_first():
    one = offer("a-loan", "loan", needs=("finance",), excludes=("b-space",))
    other = offer("b-space", "facility", needs=("premises",))

    assert ids(advise(one, other, needs=["premises", "finance"])) == ["b-space"]
    assert ids(advise(one, other, needs=["finance", "premises"])) == ["a-loan"]


def test_a_firm_with_two_needs_gets_a_way_from_end_to_end():
    course = offer("course", "training", needs=("finance",), stages=("build_capability",))
    found = advise(CHECK_UP, course, GRANT, needs=["process_improvement", "finance"])

    assert by_phase(found) == {"get_clear": ["check-up"], "get_ready": ["course"], "get_funded": ["grant"]}


def test_prices_in_two_currencies_are_never_added_up():
    pounds = offer("a", amount=Amount("GBP", cost_to_business=Decimal(90)), needs=("finance",))
    euros = offer("b", amount=Amount("EUR", cost_to_business=Decimal(1)), needs=("premises",))
    pool = gather(catalogue(pounds, euros), ["finance", "premises"], NOBODY, TODAY, resolve=resolve)
    score = Seating(pool, Ranking(pool)).score({"a": "get_clear", "b": "get_clear"})

    assert score.to_find == (Decimal(1), Decimal(90))


def test_a_need_named_twice_is_one_need():
    assert advise(CHECK_UP, needs=["process_improvement"] * 3).needs == ("process_improvement",)


def test_an_empty_catalogue_leaves_every_need_a_gap():
    assert [gap.need for gap in advise(needs=NEEDS).gaps] == list(NEEDS)


def test_a_catalogue_made_ready_once_gives_the_same_roadmap():
    records = catalogue(CHECK_UP, COURSE, GRANT, grant_for_exporters())
    index = CatalogueIndex.of(records)
    fresh, ready = (
        make_roadmap(each, ["process_improvement", "export_markets"], welsh_cafe(), TODAY, resolve=resolve)
        for each in (records, index)
    )

    assert fresh == ready
