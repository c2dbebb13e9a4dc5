"""A client in one line, as brokers write it: facts by commas, without a sentence."""

from __future__ import annotations

import pytest

from knowledge_base.reading.reader import Reader
from tests.reading.conftest import TODAY

POUNDS = "GBP"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (
            "14-person metal fabricator, DY1, wants ERP and funding",
            {"employees": 14, "place": "DY1", "sector": "manufacturing"},
        ),
        (
            "12 FTE, t/o 1.2m, Ltd, est. 2015, Dudley, CNC machining",
            {
                "employees": 12,
                "turnover": {"amount": 1_200_000, "currency": POUNDS},
                "legal_form": "limited_company",
                "trading_months": {"from": 130, "to": 142},
                "place": "Dudley",
                "sector": "manufacturing",
            },
        ),
        (
            "client: bakery, 6 staff, LE1, needs website + export help",
            {"employees": 6, "place": "LE1", "sector": "food_drink"},
        ),
        (
            "pre-start, Swansea, cafe, £10k start up loan",
            {
                "stage": "pre_start",
                "place": "Swansea",
                "sector": "hospitality_tourism",
                "amount": {"amount": 10_000, "currency": POUNDS},
            },
        ),
        (
            "SME mfr 45 emps WV1 net zero, no loans",
            {"employees": 45, "place": "WV1", "sector": "manufacturing", "refuses": ["loan"]},
        ),
        (
            "KTP for a 30 FTE food co in Melton?",
            {"employees": 30, "place": "Melton", "sector": "food_drink"},
        ),
        (
            "Ltd co, 25 heads, turnover 800k, inc. 2019, LE16, printing",
            {
                "legal_form": "limited_company",
                "employees": 25,
                "turnover": {"amount": 800_000, "currency": POUNDS},
                "trading_months": {"from": 82, "to": 94},
                "place": "LE16",
                "sector": "manufacturing",
            },
        ),
        (
            "emps: 14; t/o: £900k; sector: manufacturing; postcode: DY1 2AB",
            {
                "employees": 14,
                "turnover": {"amount": 900_000, "currency": POUNDS},
                "sector": "manufacturing",
                "place": "DY1 2AB",
            },
        ),
        (
            "CIC in Walsall, 4 emps, community cafe, looking for grants up to 20k",
            {
                "legal_form": "community_interest_company",
                "place": "Walsall",
                "employees": 4,
                "sector": "hospitality_tourism",
                "amount": {"amount": 20_000, "currency": POUNDS},
            },
        ),
        ("LLP, 9 FTEs, Telford, architects", {"legal_form": "llp", "employees": 9, "place": "Telford",
                                              "sector": "professional_services"}),
        ("pressings firm, 32 staff, B70", {"employees": 32, "place": "B70", "sector": "manufacturing"}),
        ("7 staff, £30k for CNC router", {"employees": 7, "amount": {"amount": 30_000, "currency": POUNDS}}),
        ("20-man foundry, WS10, energy", {"employees": 20, "place": "WS10", "sector": "manufacturing"}),
    ],
)  # fmt: skip
def test_a_client_in_one_line_is_read(read, line, told):
    assert dict(read(line).facts) == told


@pytest.mark.parametrize(
    ("line", "fact"),
    [
        ("need a 12-person minibus, Dudley", "employees"),
        ("20-person coach trips, Rhyl", "employees"),
        ("we train for a 30 FTE food co in Melton", "employees"),
        ("we make supplements, B12, zinc", "place"),
        ("bolts, M8, M10, stainless", "place"),
        ("£2,000 inc VAT for the sign", "trading_months"),
        ("we paid £30k for CNC training last year", "amount"),
    ],
)
def test_what_only_looks_like_a_fact_of_the_firm_is_none(read, line, fact):
    assert fact not in read(line).facts


@pytest.mark.parametrize(
    ("line", "employees"),
    [
        ("they are 14 people in Dudley", 14),
        ("they're 22 people now, not 14", 22),
        ("they've 14 people", 14),
        ("they are 30 people and want to export", 30),
    ],
)
def test_they_are_the_business_where_an_adviser_writes_and_nobody_where_an_owner_does(
    reader: Reader, line: str, employees: int
) -> None:
    assert reader.read(line, on=TODAY, of_client=True).facts["employees"] == employees
    assert "employees" not in reader.read(line, on=TODAY).facts


@pytest.mark.parametrize(
    "line",
    ["their supplier has 40 staff", "they have a supplier with 40 staff", "they are 14 miles from Dudley",
     "they have 20 customers", "they have 3 vans", "they are 3 years old"],
)  # fmt: skip
def test_what_others_have_is_not_counted_for_an_advisers_client_either(reader: Reader, line: str) -> None:
    assert "employees" not in reader.read(line, on=TODAY, of_client=True).facts


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("engineering firm, 12 fte, Cov, wants ERP", "Cov"),
        ("bakery, 4 staff, Stoke; grants", "Stoke"),
        ("coatings, 30 fte, Wolves, energy bills", "Wolves"),
        ("foundry W'ton 40 fte, ERP", "W'ton"),
        ("cafe in L'boro wants more customers", "L'boro"),
        ("joinery, Shrops, 9 emps", "Shrops"),
    ],
)
def test_a_town_is_known_by_what_advisers_write_for_it(reader: Reader, line: str, place: str) -> None:
    assert reader.read(line, on=TODAY, of_client=True).facts["place"] == place


@pytest.mark.parametrize(
    "line",
    ["we fear wolves, bears and foxes", "we stoke the boiler, daily", "the cov team, all of it"],
)
def test_a_short_town_name_is_a_word_where_it_is_one(reader: Reader, line: str) -> None:
    assert "place" not in reader.read(line, on=TODAY, of_client=True).facts


@pytest.mark.parametrize(
    ("line", "form"),
    [
        ("bakery CIC, 4 staff, LE1, wants a grant", "community_interest_company"),
        ("repair cafe CIC in Swansea, social investment", "community_interest_company"),
        ("sole tr, mobile mechanic, WS10", "sole_trader"),
        ("plumber, self emp, SY1", "sole_trader"),
    ],
)
def test_a_legal_form_is_read_after_what_a_client_does(reader: Reader, line: str, form: str) -> None:
    assert reader.read(line, on=TODAY, of_client=True).facts["legal_form"] == form


@pytest.mark.parametrize(
    "line",
    ["bakery thinking of becoming a CIC, 4 staff", "cafe, should they be a CIC or a charity?",
     "mentor from a CIC in Swansea, wants sales", "works with another CIC, LE1"],
)  # fmt: skip
def test_a_legal_form_that_is_only_thought_of_is_none_of_a_clients(reader: Reader, line: str) -> None:
    assert "legal_form" not in reader.read(line, on=TODAY, of_client=True).facts


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("joinery 11 ppl Telford", {"employees": 11, "place": "Telford", "sector": "construction"}),
        (
            "accountant 6 staff LE1 re CRM",
            {"employees": 6, "place": "LE1", "sector": "professional_services"},
        ),
        ("plastics WS10 36 fte", {"employees": 36, "place": "WS10", "sector": "manufacturing"}),
        ("engineering 8 fte Tipton ERP", {"employees": 8, "place": "Tipton", "sector": "manufacturing"}),
        ("bakery LE3 4 staff", {"employees": 4, "place": "LE3", "sector": "food_drink"}),
        ("project Q2 2027, ERP, 30 fte WV1", {"employees": 30, "place": "WV1"}),
        ("5 pers, Kolding", {"employees": 5, "place": "Kolding"}),
    ],
)
def test_a_line_without_commas_is_read_where_an_adviser_writes_it(
    reader: Reader, line: str, told: dict[str, object]
) -> None:
    assert reader.read(line, on=TODAY, of_client=True).facts == told


@pytest.mark.parametrize(
    ("line", "fact"),
    [
        ("training for 11 ppl in Telford", "employees"),
        ("accountant told them to ring you, LE1", "sector"),
        ("hire 5 ppl, Dudley", "employees"),
        ("cafe seats 60 ppl", "employees"),
        ("laid off 6 ppl, foundry", "employees"),
        ("wants to upskill 8 ppl", "employees"),
        ("premises rented from Newhaven CIC, wants a roof", "legal_form"),
        ("bakery CIC? or charity, 4 staff", "legal_form"),
    ],
)
def test_what_only_looks_like_a_clients_fact_is_none(reader: Reader, line: str, fact: str) -> None:
    assert fact not in reader.read(line, on=TODAY, of_client=True).facts


@pytest.mark.parametrize(
    ("words", "fact"),
    [
        ("We rent from Newhaven CIC, need a new roof", "legal_form"),
        ("My brother runs his CIC.", "legal_form"),
        ("we're not registered CIC, just two friends", "legal_form"),
        ("Should we go CIC.", "legal_form"),
        ("Training 12 staff to use CAD, any grants?", "sector"),
        ("Film Birmingham told us there is money", "sector"),
    ],
)
def test_a_sentence_of_an_owners_is_no_line_of_an_advisers(reader: Reader, words: str, fact: str) -> None:
    assert fact not in reader.read(words, on=TODAY).facts


@pytest.mark.parametrize(
    "words",
    ["Marketing team of 3 needs help, we make garden furniture",
     "Marketing Birmingham told us of a grant, we make garden furniture"],
)  # fmt: skip
def test_an_owners_trade_is_what_they_say_they_do(reader: Reader, words: str) -> None:
    assert reader.read(words, on=TODAY).facts["sector"] == "manufacturing"
