"""What a good adviser would say, told as sentences about businesses."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

import knowledge_base
from knowledge_base.catalogue import read_starter_pack
from knowledge_base.documents import roadmap_document
from knowledge_base.places import Gazetteer
from knowledge_base.records import Amount, Between, Criterion, Source, Window
from knowledge_base.roadmap import CatalogueIndex, make_roadmap
from tests.core.builders import business, closed, dudley_metal_firm, employs, in_words, is_one_of, offer
from tests.core.test_roadmap import CHECK_UP, COURSE, TODAY, advise, by_phase, ids

RELIEF = offer("a-relief", "tax_relief", stages=("fund",))
EVENT = offer("a-fair", "event", stages=("explore",))


def trading(low: int | None, high: int | None) -> Criterion:
    bounds = Between(*(None if end is None else Decimal(end) for end in (low, high)))
    return Criterion("You have traded so long", "trading_months", bounds)


# Words


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (240, "You have traded for 20 years; this is for 12 months or more"),
        (250, "You have traded for more than 20 years; this is for 12 months or more"),
        (18, "You have traded for 18 months; this is for 12 months or more"),
        ({"from": 24, "to": 60}, "You have traded for 2 to 5 years; this is for 12 months or more"),
    ],
)
def test_a_firm_of_twenty_years_is_not_told_its_age_in_months(told, words):
    step = advise(offer("x", criteria=(trading(12, None),)), profile=business(trading_months=told)).steps[0]

    assert words in step.why


@pytest.mark.parametrize(
    ("fact", "value", "words"),
    [
        ("sector", "food_drink", "Your sector is making food and drink; this asks that you bake"),
        ("stage", "start_up", "You are starting up; this asks that you bake"),
        ("legal_form", "llp", "Your legal form is limited liability partnership; this asks that you bake"),
    ],
)
def test_a_bakery_hears_its_facts_in_plain_words(fact, value, words):
    wanted = Criterion("You bake", fact, is_one_of(fact, value).test)

    assert words in advise(offer("x", criteria=(wanted,)), profile=business(**{fact: value})).steps[0].why


# No silly step


def test_a_firm_that_did_not_ask_for_people_to_meet_is_not_sent_to_a_fair_first():
    assert ids(advise(EVENT, offer("z-advice"))) == ["z-advice"]
    assert ids(advise(EVENT, COURSE)) == ["course"]


def test_a_fair_is_advised_where_there_is_nothing_else_for_the_need():
    assert ids(advise(EVENT)) == ["a-fair"]


def test_a_founder_who_asks_for_people_to_meet_starts_with_a_club_and_may_then_go_to_a_fair():
    club = offer("club", "network", needs=("peer_networks",), stages=("collaborate",))
    first = offer("first-fair", "event", needs=("peer_networks",), stages=("explore",))
    later = offer("later-fair", "event", needs=("peer_networks",), stages=("sustain",))

    assert ids(advise(club, first, later, needs=["peer_networks"])) == ["club", "later-fair"]


def test_a_firm_that_named_no_purchase_is_not_given_tax_relief_as_its_money_step():
    assert ids(advise(CHECK_UP, RELIEF)) == ["check-up"]


def test_a_firm_that_named_what_it_will_spend_is_told_of_tax_relief():
    buyer = business(amount={"amount": 50000, "currency": "GBP"})

    assert ids(advise(CHECK_UP, RELIEF, profile=buyer)) == ["check-up", "a-relief"]


def test_a_shop_that_wants_to_know_its_customers_is_not_sent_to_crowdfunding():
    insight = ("customer_insight",)
    crowd = offer("crowdfunding", "toolkit", needs=insight, stages=("fund",), areas=("uk",), window=Window())
    talk = offer("talk", needs=insight)

    assert ids(advise(crowd, talk, needs=insight, profile=dudley_metal_firm())) == ["talk"]


def test_a_small_bakery_is_not_sent_to_investors_who_want_growth():
    told = business(place="Dudley", sector="food_drink", employees=5)
    trust = offer("trust", "equity", needs=("process_improvement",), stages=("fund",), areas=("uk",))

    assert ids(advise(CHECK_UP, trust, profile=told)) == ["check-up"]


# Money


def test_a_firm_that_asks_for_export_and_money_gets_a_step_that_brings_money():
    hub = offer("hub", needs=("export_markets", "finance"))
    loan = offer("loan", "loan", needs=("finance",), stages=("fund",))
    found = advise(hub, loan, needs=["export_markets", "finance"])

    assert by_phase(found) == {"get_clear": ["hub"], "get_funded": ["loan"]}


@pytest.mark.parametrize("kind", ["grant", "voucher", "loan", "equity"])
@pytest.mark.parametrize("other", ["tax_relief", "guarantee"])
def test_a_start_up_that_asks_for_money_gets_cash_before_relief_and_guarantees(kind, other):
    cash = offer("z-cash", kind, needs=("finance",), stages=("fund",))
    relief = offer("a-other", other, needs=("finance",), stages=("fund",))

    told = business(stage="start_up")

    assert ids(advise(cash, relief, needs=["finance"], profile=told)) == ["z-cash"]


def test_a_firm_that_needs_a_hundred_thousand_is_sent_to_a_lender_of_that_size_though_less_is_sure():
    wants = business(amount={"amount": 100_000, "currency": "GBP"})
    small = offer(
        "small", "loan", needs=("finance",), stages=("fund",), amount=Amount("GBP", max=Decimal(25))
    )
    large = offer("large", "loan", needs=("finance",), stages=("fund",), criteria=(employs(5, 249),))

    assert ids(advise(small, large, needs=["finance"], profile=wants)) == ["large"]


# Offers of several phases


def test_a_partnership_that_is_also_funding_stands_where_the_better_one_left_room():
    research = ("research_collaboration",)
    lab = offer("lab", "research_collaboration", needs=research, stages=("collaborate",), areas=("dudley",))
    both = offer("both", "research_collaboration", needs=research, stages=("collaborate", "fund"))
    found = advise(lab, both, needs=research, profile=dudley_metal_firm())

    assert by_phase(found) == {"get_ready": ["lab"], "get_funded": ["both"]}
    assert by_phase(advise(both, needs=research)) == {"get_ready": ["both"]}


def test_a_grant_does_not_open_a_roadmap_because_another_grant_is_better():
    grants = [offer(f"grant-{n}", "grant", stages=("fund", "plan")) for n in range(2)]

    assert by_phase(advise(*grants)) == {"get_funded": ["grant-0"]}


# Age, description, nearness


def test_an_undated_offer_on_an_old_page_goes_behind_one_on_a_new_page():
    old = offer("a-old", window=Window(), source=Source("https://example.org/a", None, "2019-03", TODAY))
    new = offer("z-new", window=Window(), source=Source("https://example.org/z", None, "2026-03", TODAY))

    assert ids(advise(old, new)) == ["z-new"]


@pytest.mark.parametrize("written", ["22 Aug", "²⁰¹⁹-03", "", None, "2023-11-21", "2024/25"])
def test_a_page_whose_age_is_not_known_or_not_great_is_not_called_old(written):
    one = offer("a", window=Window(), source=Source("https://example.org/a", None, written, TODAY))
    other = offer("b", window=Window(), source=Source("https://example.org/b", None, "2026-03", TODAY))

    assert ids(advise(one, other)) == ["a"]


def test_a_step_carries_the_date_of_its_page():
    (step,) = roadmap_document(
        advise(offer("x", source=Source("https://example.org/x", None, "2019-03", TODAY)))
    )["phases"][0]["steps"]

    assert (step["source_date"], step["source_checked"]) == ("2019-03", "2026-11-21")


def test_a_shop_is_told_of_a_well_described_grant_before_one_only_words_describe():
    described = offer(
        "z-described",
        "grant",
        areas=("black-country",),
        stages=("fund",),
        criteria=(employs(5, 249), is_one_of("sector", "manufacturing"), trading(12, None)),
    )
    vague = offer(
        "a-vague", "grant", areas=("uk",), stages=("fund",), criteria=(in_words("A"), in_words("B"))
    )
    found = advise(described, vague, profile=dudley_metal_firm())

    assert [(step.offer, step.verdict) for step in found.steps] == [("z-described", "unsure")]


def test_of_two_equal_grants_the_one_that_leaves_less_to_check_goes_first():
    vague = offer("a-vague", criteria=tuple(in_words(f"Condition {n}") for n in range(3)))

    assert ids(advise(vague, offer("z-plain"))) == ["z-plain"]


def test_the_hub_of_a_county_goes_before_that_of_its_region():
    county = offer("z-county", areas=("black-country",))
    region = offer("a-region", areas=("west-midlands",))

    assert ids(advise(county, region, profile=dudley_metal_firm())) == ["z-county"]


# Gaps


def test_a_gap_names_no_offer_of_another_region():
    told = business(place="Dudley")
    ended, open_ = offer("ended", areas=("wales",), window=closed("2023")), offer("welsh", areas=("wales",))
    sized = offer("local", areas=("black-country",), criteria=(employs(500, None),))

    assert advise(ended, profile=told).gaps[0].words == "What we know for this is for businesses elsewhere"
    (gap,) = advise(ended, open_, sized, profile=business(place="Dudley", employees=3)).gaps
    assert (gap.words, gap.offers) == ("What there is for this is for other businesses: Local", ("local",))


# The starter pack


@pytest.fixture(scope="module")
def pack():
    return CatalogueIndex.of(read_starter_pack(Path(knowledge_base.__file__).parent / "content"))


@pytest.fixture(scope="module")
def gazetteer(pack):
    return Gazetteer.load(pack.catalogue.areas)


@pytest.mark.parametrize(
    ("facts", "needs", "funded"),
    [
        (
            {"place": "Birmingham", "employees": 8, "sector": "retail_wholesale"},
            ["sustainability"],
            "business-energy-efficiency-grant-birmingham",
        ),
        (
            {"place": "Leicester", "employees": 30, "sector": "manufacturing", "stage": "established"},
            ["research_collaboration"],
            "knowledge-transfer-partnership",
        ),
        ({"place": "LE67 3AB", "employees": 40, "sector": "health_social_care"}, ["digital_adoption"], None),
        ({"place": "Birmingham", "employees": 8}, ["customer_insight"], None),
    ],
)
def test_the_money_step_is_the_one_an_adviser_would_name_or_none(pack, gazetteer, facts, needs, funded):
    found = make_roadmap(pack, needs, business(**facts), TODAY, resolve=gazetteer.resolve)

    assert by_phase(found).get("get_funded", [None]) == [funded]


def test_no_business_of_the_pack_opens_with_a_conference(pack, gazetteer):
    for place in ("Habo", "Coventry", "Cardiff", "Hamburg"):
        for needs in (["peer_networks"], ["digital_adoption"], ["sustainability", "peer_networks"]):
            found = make_roadmap(pack, needs, business(place=place), TODAY, resolve=gazetteer.resolve)
            others = [step for step in found.steps if step.kind != "event"]
            assert not others or found.steps[0].kind != "event", (place, needs, ids(found))
