"""What a curator is told of records that read well one by one and do not hold together. All are examples."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge_base.areas import AreaTree
from knowledge_base.checks.duplicates import near
from knowledge_base.content_check import Finding, check_records, render
from knowledge_base.eligibility import Situation, assess
from knowledge_base.hubs import KEPT_DAYS, Contact, Hub
from knowledge_base.profile import MoneySpan, Profile, Span
from knowledge_base.records import (
    Amount,
    Area,
    Assurance,
    Catalogue,
    Criterion,
    Offer,
    Provider,
    Source,
    Window,
)
from knowledge_base.references import cycles_in
from knowledge_base.words import BUSINESS_STAGES, LEGAL_FORMS, SECTORS
from tests.core.builders import (
    AREAS,
    BY_CODE,
    TODAY,
    any_of,
    closed,
    dated,
    employs,
    in_words,
    is_none_of,
    is_one_of,
    is_within,
    offer,
    resolve,
    rolling,
    turns_over,
)

COUNCIL = Provider("example-council", "Example council", "public")


def found(*offers: Offer, **more: Any) -> list[Finding]:
    """Check example offers among the example areas."""
    areas = more.pop("areas", AREAS)
    providers = more.pop("providers", (COUNCIL,))
    return check_records(Catalogue.of(areas, offers, providers), more.pop("hubs", {}), more.pop("on", TODAY))


def at(findings: list[Finding], place: str) -> list[Finding]:
    """Keep the findings of one place, written ``offers/a: field``."""
    file, _, field = place.partition(": ")
    return [f for f in findings if (f.file, f.field) == (file, field)]


def the(findings: list[Finding], place: str) -> Finding:
    kept = at(findings, place)
    assert len(kept) == 1, render(findings)
    assert kept[0].why
    assert kept[0].remedy
    return kept[0]


def of_offers(findings: list[Finding]) -> list[Finding]:
    return [f for f in findings if f.file.startswith("offers/")]


def test_sound_records_have_nothing_to_mend():
    assert of_offers(found(offer("diagnostic"), offer("grant", requires=("diagnostic",)))) == []


# Circles


def test_every_circle_of_requirements_is_named():
    findings = found(
        offer("a", requires=("b",)),
        offer("b", requires=("a",)),
        offer("x", requires=("y", "z")),
        offer("y", requires=("x",)),
        offer("z", requires=("x",)),
    )

    circles = {f.heading for f in findings if "circle" in f.heading}
    assert circles == {
        "a requires b requires a, which is a circle",
        "x requires y requires x, which is a circle",
        "x requires z requires x, which is a circle",
    }


def test_a_circle_of_a_thousand_is_told_in_one_line():
    ring = [offer(f"o{i:04}", requires=(f"o{(i + 1) % 1000:04}",)) for i in range(1000)]

    (circle,) = [f for f in found(*ring) if "circle" in f.heading]

    assert "(993 more)" in circle.heading
    assert len(circle.heading) < 200


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from("abcdef"), st.lists(st.sampled_from("abcdefg"), max_size=4)))
def test_each_link_of_a_circle_is_in_one_that_is_named(graph):
    named = list(cycles_in(graph))
    links = {(a, b) for circle in named for a, b in pairwise(circle)}

    def reaches(start: str, end: str) -> bool:
        seen, waiting = set(), [start]
        while waiting:
            node = waiting.pop()
            if node == end:
                return True
            if node not in seen:
                seen.add(node)
                waiting += graph.get(node, [])
        return False

    assert links == {(a, b) for a in graph for b in graph[a] if b in graph and reaches(b, a)}
    assert len(set(named)) == len(named)
    for circle in named:
        assert circle[0] == circle[-1] == min(circle)
        assert len(set(circle)) == len(circle) - 1


def test_offers_that_succeed_each_other_are_a_circle():
    findings = found(
        offer("a", window=closed(), succeeded_by="b"), offer("b", window=closed(), succeeded_by="a")
    )

    assert the(findings, "offers/a: succeeded_by").severity == "error"


# What nobody can be sent to


def test_seven_steps_can_be_advised_and_eight_cannot():
    chain = [offer(f"step-{i}", requires=(f"step-{i - 1}",) if i else ()) for i in range(9)]

    assert of_offers(found(*chain[:7])) == []
    findings = of_offers(found(*chain))
    assert "7 or more offers must come first" in the(findings, "offers/step-7: requires").heading
    assert "can never be reached" in the(findings, "offers/step-8: requires[0]").heading
    assert len(findings) == 2


@pytest.mark.parametrize(
    ("first", "severity", "said"),
    [
        ({"status": "draft"}, "warning", "a draft"),
        ({"status": "withdrawn"}, "warning", "withdrawn"),
        ({"audience": "broker"}, "warning", "only advisers"),
        ({"areas": ("wales",)}, "warning", "no place lies where both are open"),
        ({"criteria": (is_within("wales"),)}, "warning", "a condition on place"),
        ({"criteria": (employs(250, None), employs(None, 49))}, "warning", "can never be reached"),
        ({"window": closed("2024")}, "info", "which is closed"),
    ],
)
def test_an_offer_that_needs_what_nobody_can_have_is_an_orphan(first, severity, said):
    findings = found(
        offer("diagnostic", **first), offer("grant", areas=("west-midlands",), requires=("diagnostic",))
    )

    finding = the(findings, "offers/grant: requires[0]")
    assert (finding.severity, said in finding.heading) == (severity, True)


def test_a_city_that_two_hubs_share_joins_them():
    hubs = [
        Area("black-country", "Black Country"),
        Area("west-midlands-combined-authority", "Combined Authority"),
    ]

    findings = found(
        offer("diagnostic", areas=("black-country",)),
        offer("grant", areas=("west-midlands-combined-authority",), requires=("diagnostic",)),
        areas=hubs,
    )

    assert of_offers(findings) == []


def test_what_must_be_done_first_may_not_exclude_the_rest():
    findings = found(offer("a", excludes=("b",)), offer("b"), offer("c", requires=("a", "b")))

    assert "one excludes the other" in the(findings, "offers/c: requires").heading


def test_an_offer_without_a_need_or_a_stage_is_an_orphan():
    findings = found(offer("a", needs=()), offer("b", stages=(), status="draft"))

    assert the(findings, "offers/a: needs").severity == "warning"
    assert the(findings, "offers/b: stages").severity == "info"


def test_a_provider_nobody_is_told_of_is_an_orphan_unless_it_is_a_hubs_contact():
    providers = (COUNCIL, Provider("lonely", "Lonely", "charity"), Provider("desk", "Desk", "public"))
    hub = a_hub("wales", contact=Contact("Desk", provider="desk"))

    findings = found(offer("a"), providers=providers, hubs={"hubs/wales.yml": hub})

    assert [f.file for f in findings if f.file.startswith("providers/")] == ["providers/lonely"]


# Where links lead


def test_a_next_step_that_has_ended_names_what_took_its_place():
    findings = found(
        offer("old", window=closed(), succeeded_by="new"),
        offer("new"),
        offer("gone", window=closed()),
        offer("start", leads_to=("old", "gone", "new")),
    )

    assert "new took its place" in the(findings, "offers/start: leads_to[0]").heading
    assert "nothing live followed" in the(findings, "offers/start: leads_to[1]").heading
    assert at(findings, "offers/start: leads_to[2]") == []


def test_a_successor_that_has_ended_is_told_unless_another_followed_it():
    ended = offer("second", window=closed())
    first = offer("first", window=closed(), succeeded_by="second")

    alone = found(first, ended)
    followed = found(first, replace(ended, succeeded_by="third"), offer("third"))

    assert "'second', which has ended too" in the(alone, "offers/first: succeeded_by").heading
    assert at(followed, "offers/first: succeeded_by") == []


def test_a_part_called_open_of_a_programme_that_ended_is_looked_at_again():
    programme = offer("programme", window=closed())

    assert (
        "called open" in the(found(programme, offer("a", part_of="programme")), "offers/a: part_of").heading
    )
    unknown = offer("a", part_of="programme", window=Window("unknown"))
    assert at(found(programme, unknown), "offers/a: part_of") == []


# Conditions


@pytest.mark.parametrize(
    "criteria",
    [
        (employs(250, None), employs(None, 49)),
        (turns_over(10, 20), turns_over(21, None)),
        (is_one_of("sector", "manufacturing"), is_one_of("sector", "construction")),
        (is_one_of("sector", "manufacturing"), is_none_of("sector", "manufacturing")),
        (is_one_of("legal_form", "guild"),),
        (is_none_of("stage", *BUSINESS_STAGES),),
        (is_one_of("languages", "sv"), is_none_of("languages", "sv", "en")),
        (is_within("wales"),),
        (is_within("dudley"), is_within("coventry")),
        (any_of(is_within("wales"), is_one_of("sector", "banking")),),
        (employs(10, None), any_of(employs(None, 5), employs(6, 9))),
        (any_of(any_of(is_within("wales")), is_one_of("stage", "dormant")),),
    ],
)
def test_conditions_that_nobody_can_meet_are_an_error(criteria):
    errors = [
        f for f in found(offer("a", areas=("west-midlands",), criteria=criteria)) if f.severity == "error"
    ]

    assert len(errors) == 1
    assert errors[0].field.startswith("criteria[")


@pytest.mark.parametrize(
    "criteria",
    [
        (employs(10, None), employs(None, 10)),
        (turns_over(None, 10, "GBP"), turns_over(20, None, "EUR")),
        (is_one_of("languages", "sv"), is_one_of("languages", "en")),
        (any_of(employs(None, 9), is_within("dudley")),),
        (employs(10, None), any_of(employs(None, 5), in_words("You are in a rural area"))),
        (is_within("coventry"), is_within("rugby", "wmca")),
        (is_within("black-country", "wales"),),
    ],
)
def test_conditions_that_somebody_can_meet_are_not(criteria):
    assert [
        f for f in found(offer("a", areas=("west-midlands",), criteria=criteria)) if f.severity == "error"
    ] == []


def test_a_word_that_no_business_can_be_is_named_with_those_there_are():
    finding = the(
        found(offer("a", criteria=(is_one_of("legal_form", "charity", "guild"),))),
        "offers/a: criteria[0].one_of",
    )

    assert finding.severity == "warning"
    assert finding.heading.startswith("'guild' is nothing")
    assert "co_operative" in finding.remedy


def test_a_member_of_a_group_that_can_never_be_the_one_is_told():
    findings = found(offer("a", criteria=(employs(10, None), any_of(employs(None, 5), is_within("dudley")))))

    assert the(findings, "offers/a: criteria[1].any_of[0]").severity == "warning"


@pytest.mark.parametrize(
    "criterion",
    [
        employs(0, None),
        is_one_of("stage", *BUSINESS_STAGES),
        is_within("west-midlands"),
        any_of(employs(0, None), is_one_of("sector", "construction")),
    ],
)
def test_a_condition_that_excludes_nobody_is_a_remark(criterion):
    finding = the(found(offer("a", areas=("dudley",), criteria=(criterion,))), "offers/a: criteria[0]")

    assert finding.severity == "info"
    assert "settles nothing" in finding.why


numbers = st.none() | st.integers(0, 5)
bounds = st.tuples(numbers, numbers).filter(lambda pair: None in pair or pair[0] <= pair[1])
simple = st.one_of(
    bounds.map(lambda pair: employs(*pair)),
    bounds.map(lambda pair: turns_over(*pair)),
    st.builds(
        lambda word, fact_and_values: word(fact_and_values[0], *fact_and_values[1]),
        st.sampled_from((is_one_of, is_none_of)),
        st.one_of(
            st.tuples(st.just("sector"), st.lists(st.sampled_from([*list(SECTORS)[:3], "odd"]), min_size=1)),
            st.tuples(st.just("stage"), st.lists(st.sampled_from(BUSINESS_STAGES), min_size=1)),
            st.tuples(st.just("languages"), st.lists(st.sampled_from(("en", "sv")), min_size=1)),
        ),
    ),
    st.lists(st.sampled_from(("wales", "cwgh", "wmca", "dudley")), min_size=1).map(lambda a: is_within(*a)),
    st.just(in_words("Ask the provider")),
)
conditions = st.lists(simple | st.lists(simple, min_size=1, max_size=3).map(lambda m: any_of(*m)), max_size=4)


@settings(deadline=None)
@given(conditions, st.data())
def test_an_offer_said_to_fit_nobody_fits_nobody(criteria, data):
    """Whatever a business tells, an offer whose conditions are called impossible is never likely for it."""
    example = offer("a", areas=("west-midlands",), criteria=tuple(criteria))
    profile = Profile(
        employees=_exact(data.draw(st.integers(0, 6))),
        turnover=MoneySpan(*[Decimal(data.draw(st.integers(0, 6)))] * 2, "GBP"),
        place=data.draw(st.sampled_from(("Dudley", "Coventry", "Rugby", "Cardiff"))),
        sector=data.draw(st.sampled_from(list(SECTORS)[:4])),
        stage=data.draw(st.sampled_from(BUSINESS_STAGES)),
        legal_form=LEGAL_FORMS[0],
        languages=tuple(data.draw(st.lists(st.sampled_from(("en", "sv")), min_size=1, unique=True))),
    )

    verdict = assess(example, Situation.of(profile, AreaTree(BY_CODE), resolve, BY_CODE)).verdict

    errors = [f for f in found(example) if f.severity == "error"]
    if errors:
        assert verdict == "unlikely", render(errors)


def _exact(number: int) -> Span:
    return Span(Decimal(number), Decimal(number))


# Money


@pytest.mark.parametrize(
    ("amount", "field", "severity"),
    [
        (Amount(max=Decimal(5000)), "currency", "error"),
        (Amount(cost_to_business=Decimal(750)), "currency", "error"),
        (Amount("XYZ", max=Decimal(5)), "currency", "error"),
        (Amount("GBP", Decimal(10), Decimal(5)), "min", "error"),
        (Amount("GBP", max=Decimal(0)), "max", "warning"),
        (Amount("GBP", rate_percent=Decimal(0)), "rate_percent", "warning"),
        (Amount("GBP", rate_percent=Decimal(50)), "rate_percent", "info"),
        (Amount("SEK", max=Decimal(50_000)), "currency", "warning"),
    ],
)
def test_money_that_cannot_be_told_is_found(amount, field, severity):
    findings = of_offers(found(offer("a", areas=("dudley",), amount=amount)))

    assert [(f.field, f.severity) for f in findings] == [(f"amount.{field}", severity)]


@pytest.mark.parametrize(
    ("areas", "amount"),
    [
        (("dudley",), Amount("GBP", max=Decimal(5000))),
        (("dudley",), Amount(cost_to_business=Decimal(0))),
        (("dudley",), Amount("GBP", rate_percent=Decimal(50), note="Of the wages")),
        (("sweden", "dudley"), Amount("SEK", max=Decimal(5000))),
        (("eu",), Amount("SEK", max=Decimal(5000))),
        (("sweden-in-eu",), Amount("EUR", max=Decimal(5000))),
        ((), Amount("USD", max=Decimal(5000))),
        (("atlantis",), Amount("USD", max=Decimal(5000))),
    ],
)
def test_money_that_can_be_told_is_not(areas, amount):
    more = (Area("eu", "EU"), Area("sweden-in-eu", "Sverige", ("eu", "sweden")), Area("atlantis", "Atlantis"))
    example = offer("a", areas=areas, amount=amount)
    union = tuple(replace(a, within=("eu",)) if a.code == "sweden" else a for a in AREAS)

    assert of_offers(found(example, areas=(*union, *more))) == []


def test_a_bound_in_the_money_of_another_country_stays_unknown_and_is_told():
    example = offer("a", areas=("dudley",), criteria=(any_of(turns_over(None, 9, "EUR"), employs(1, 9)),))

    assert the(found(example), "offers/a: criteria[0].any_of[0].currency").severity == "info"


# Dates


@pytest.mark.parametrize(
    ("window", "field", "severity"),
    [
        (dated(None, TODAY - timedelta(1)), "window.closes", "warning"),
        (Window("rolling", closes=TODAY - timedelta(1)), "window.closes", "warning"),
        (Window("annual", closes=TODAY - timedelta(1), usual_month=3), "window.closes", "warning"),
        (Window("annual", opens=TODAY - timedelta(1)), "window.opens", "warning"),
        (dated(date(2027, 2, 1), date(2027, 1, 1)), "window.closes", "error"),
        (Window("closed", closes=TODAY), "window.status", "warning"),
    ],
)
def test_a_window_that_says_two_things_is_found(window, field, severity):
    findings = at(found(offer("a", window=window)), f"offers/a: {field}")

    assert [f.severity for f in findings] == [severity]


def test_an_offer_called_open_is_looked_at_twice_a_year_unless_the_hub_answers_for_it():
    seen = Source("https://example.org", seen=TODAY - timedelta(184))
    assured = Assurance("Example curator", TODAY - timedelta(30), TODAY + timedelta(30))

    assert "nobody has looked since" in the(found(offer("a", source=seen)), "offers/a: source.seen").heading
    for fine in (
        offer("a", source=replace(seen, seen=TODAY - timedelta(183))),
        offer("a", source=seen, assured=assured),
        offer("a", source=seen, window=Window("unknown")),
        offer("a", source=seen, window=closed()),
        offer("a", source=seen, status="draft"),
    ):
        assert at(found(fine), "offers/a: source.seen") == []


def test_nobody_has_looked_tomorrow():
    tomorrow = TODAY + timedelta(1)
    example = offer(
        "a",
        source=Source("https://example.org", seen=tomorrow),
        assured=Assurance("Example curator", tomorrow, tomorrow),
    )

    findings = found(example)

    assert the(findings, "offers/a: source.seen").severity == "warning"
    assert the(findings, "offers/a: assured.on").severity == "warning"


# Areas and needs


def test_an_area_no_town_lies_in_is_told_where_an_offer_is_open_there():
    erewhon, limbo = Area("erewhon", "Erewhon"), Area("limbo", "Limbo of Examples")

    findings = found(offer("a", areas=("erewhon",)), areas=(*AREAS, erewhon, limbo))

    told = {f.field: f.heading for f in findings if f.file == "areas"}
    assert "no town or postcode" in told["erewhon"]
    assert "uses this area" in told["limbo"]
    assert "dudley" not in told


def a_hub(*areas: str, contact: Contact | None = None) -> Hub:
    return Hub("hub", "Example hub", areas, ("en",), contact, {}, "", (), KEPT_DAYS)


def test_a_need_is_told_for_the_hub_and_for_the_region_that_lacks_it():
    everywhere = offer("a", areas=("uk",), needs=("finance",))
    welsh = offer("b", areas=("wales",), needs=("premises",))
    unreachable = offer("c", needs=("start_up",), criteria=(employs(9, None), employs(None, 1)))

    findings = found(everywhere, welsh, unreachable, hubs={"hubs/h.yml": a_hub("wales", "sweden")})

    told = {(f.field, f.heading) for f in findings if f.file == "hubs/h.yml"}
    assert ("areas", "no open offer for start_up in Example hub") in told
    assert ("areas[1]", "no open offer for premises in Sweden") in told
    assert ("areas[1]", "no open offer for finance in Sweden") in told
    assert not any("premises in Wales" in heading or "start_up in S" in heading for _, heading in told)


# One offer written twice


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Example growth grant", "Example Growth Grants programme"),
        ("Example growth grant", "The example growth grant"),
        ("Knowledge Example Partnership (KEP)", "Knowledge Example Partnership"),
        ("Productivity voucher", "Productivty voucher"),
        ("Example-fund", "example fund"),
    ],
)
def test_near_same_names_are_one(one, other):
    assert near(one, other)
    assert near(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Example grant 2025", "Example grant 2026"),
        ("SIRU 2.0", "SIRU"),
        ("Made Example East", "Made Example West"),
        ("Example grant Dudley", "Example grant Walsall"),
        ("Midlands fund: debt finance", "Midlands fund: equity finance"),
        ("Seed Example Scheme", "Example Scheme"),
        ("Start loans", "Smart loans"),
        ("Grant", "Loan"),
    ],
)
def test_a_year_a_town_or_a_kind_keeps_names_apart(one, other):
    assert not near(one, other)


def test_two_records_of_one_offer_say_where_they_contradict():
    one = offer("one", name="Example growth grant", amount=Amount("GBP", max=Decimal(5000)))
    two = offer("two", name="Example growth grants", amount=Amount("GBP", max=Decimal(8000)))

    finding = the(found(one, two), "offers/one: name")

    assert finding.severity == "warning"
    assert "two, of the same provider" in finding.heading
    assert "they contradict in amount (GBP max 5000" in finding.heading
    assert "8000" in finding.heading
    assert "window" not in finding.heading


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ({"series": "example"}, {"series": "example"}),
        ({"areas": ("dudley",)}, {"areas": ("wales",)}),
        ({"succeeded_by": "two", "window": closed()}, {}),
        ({}, {"part_of": "one"}),
        ({"window": dated(date(2025, 1, 1), date(2025, 2, 1))}, {"window": dated(date(2027, 1, 1), None)}),
        ({"status": "withdrawn"}, {}),
    ],
)
def test_rounds_branches_and_parts_are_not_taken_for_one(one, two):
    findings = found(offer("one", name="Example grant", **one), offer("two", name="Example grant", **two))

    assert [f for f in findings if f.field == "name"] == []


def test_one_name_with_two_providers_is_a_remark():
    other = Provider("example-university", "Example university", "university")
    findings = found(
        offer("one", name="Example grant"),
        offer("two", name="Example Grant", provider="example-university"),
        providers=(COUNCIL, other),
    )

    assert the(findings, "offers/one: name").severity == "info"


# The whole


def test_records_that_name_what_is_not_there_are_errors_of_the_record():
    hub = a_hub("wales", contact=Contact("Desk", provider="nobody"))
    findings = found(
        offer("a", provider="nobody", areas=("narnia",), requires=("gone",)), hubs={"hubs/h.yml": hub}
    )

    errors = {(f.file, f.field) for f in findings if f.severity == "error"}
    assert errors == {
        ("offers/a", "provider"),
        ("offers/a", "areas[0]"),
        ("offers/a", "requires"),
        ("hubs/h.yml", "contact.provider"),
    }


def test_areas_that_make_no_tree_are_told_and_the_rest_is_checked_all_the_same():
    findings = found(
        offer("a", amount=Amount(max=Decimal(1))), areas=(Area("a", "A", ("b",)), Area("b", "B", ("a",)))
    )

    assert "circle" in the(findings, "areas: a.within").heading
    assert the(findings, "offers/a: amount.currency").severity == "error"


@settings(deadline=None)
@given(
    st.lists(
        st.builds(
            lambda id, requires, leads, excludes, after, part, window, status, areas, criteria: offer(
                id,
                requires=tuple(requires),
                leads_to=tuple(leads),
                excludes=tuple(excludes),
                succeeded_by=after,
                part_of=part,
                window=window,
                status=status,
                areas=tuple(areas),
                criteria=tuple(criteria),
            ),
            st.sampled_from("abcdef"),
            *[st.lists(st.sampled_from("abcdefg"), max_size=2)] * 3,
            *[st.none() | st.sampled_from("abcdefg")] * 2,
            st.sampled_from((rolling(), closed(), Window("unknown"))),
            st.sampled_from(("published", "draft", "withdrawn")),
            st.lists(st.sampled_from(("wales", "dudley", "narnia")), max_size=2),
            conditions,
        ),
        max_size=6,
        unique_by=lambda o: o.id,
    )
)
def test_whatever_the_records_each_finding_says_what_why_where_and_how(offers: list[Offer]):
    for finding in found(*offers):
        assert finding.file
        assert finding.field or finding.file.startswith("providers/")
        assert finding.heading
        assert finding.why
        assert finding.remedy
        assert finding.severity in ("error", "warning", "info")
        assert "\n" not in finding.heading


def test_a_criterion_without_a_fact_is_left_alone():
    assert (
        of_offers(found(offer("a", criteria=(Criterion("You are kind"), any_of(in_words("You are new"))))))
        == []
    )
