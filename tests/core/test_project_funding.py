"""What a roadmap hands to the funding: its steps, where the business is, and what could fill the rest."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from knowledge_base.funding import Funding, limits_on
from knowledge_base.records import Amount, Area, Catalogue, Money, Offer
from knowledge_base.services import view_of
from knowledge_base.view import View
from tests.core.builders import AREAS, TODAY, business, closed, employs, is_within, offer

LAW = Path(__file__).parents[2] / "knowledge_base" / "content" / "thresholds.yml"
PLACES = (
    Area("eu", "EU"),
    *(area for area in AREAS if area.code != "sweden"),
    Area("sweden", "Sweden", ("eu",)),
)
WORK = "process_improvement"


def grant(id: str, most: int, rate: int = 50, **more: Any) -> Offer:
    terms = Amount(
        more.pop("currency", "GBP"), max=Decimal(most), rate_percent=Decimal(rate), paid="in_arrears"
    )
    return offer(id, "grant", amount=terms, **{"needs": (WORK,), "stages": ("fund",), **more})


def loan(id: str, most: int, **more: Any) -> Offer:
    terms = Amount("GBP", max=Decimal(most))
    return offer(id, "loan", amount=terms, **{"needs": ("finance",), "stages": ("fund",), **more})


def funding(*offers: Offer, cost: int | Money | None = 40000, needs: Any = (WORK,), **facts: Any) -> Funding:
    law = yaml.safe_load(LAW.read_text(encoding="utf-8"))["thresholds"]
    view = View.of(Catalogue.of(PLACES, offers), (), law)
    told = Decimal(cost) if isinstance(cost, int) else cost
    return view.roadmap(needs, business(**facts), TODAY, cost=told).funding


def named(found: Funding) -> list[str]:
    return [filler.offer for filler in found.fillers]


def test_a_loan_nobody_asked_about_could_still_fill_the_rest():
    found = funding(grant("machines", 10000), loan("lender", 50000), place="Dudley")

    assert [line.offer for line in found.lines] == ["machines"]
    assert named(found) == ["lender"]
    assert found.fillers[0].up_to == Money(Decimal(30000), "GBP")


@pytest.mark.parametrize(
    ("unfit", "facts"),
    [
        ({"window": closed()}, {}),
        ({"status": "withdrawn"}, {}),
        ({"audience": "broker"}, {}),
        ({"requires": ("first",)}, {}),
        ({"excludes": ("machines",)}, {}),
        ({"criteria": (employs(50, 249),)}, {"employees": 14}),
        ({"criteria": (is_within("wales"),)}, {}),
        ({}, {"refuses": ["loan"]}),
        ({}, {"done": ["lender"]}),
    ],
)
def test_a_loan_that_cannot_be_had_is_not_named(unfit, facts):
    first = offer("first", "diagnostic", needs=("export_markets",))

    found = funding(grant("machines", 10000), first, loan("lender", 50000, **unfit), place="Dudley", **facts)

    assert named(found) == []


def test_a_grant_for_another_purpose_is_not_named():
    patents = grant("patents", 50000, needs=("intellectual_property", "finance"))

    assert named(funding(grant("machines", 10000), patents, place="Dudley")) == []


def test_looking_for_more_money_changes_nothing_else_in_the_roadmap():
    offers = (grant("machines", 10000), loan("lender", 50000, criteria=(employs(5, 9),)))
    view = View.of(Catalogue.of(PLACES, offers))
    with_cost = view.roadmap((WORK,), business(place="Dudley"), TODAY, cost=Decimal(40000))
    without = view.roadmap((WORK,), business(place="Dudley"), TODAY)

    assert named(with_cost.funding) == ["lender"]
    assert (with_cost.steps, with_cost.gaps) == (without.steps, without.gaps)
    assert with_cost.next_question == without.next_question


@pytest.mark.parametrize(
    ("place", "limit"),
    [("Dudley", 315000), ("Newport", 315000), ("Sweden", 300000), (None, None)],
)
def test_the_limit_on_small_aid_is_that_of_the_place(place, limit):
    facts = {"place": place} if place else {}

    found = funding(grant("machines", 10000), **facts, cost=Money(Decimal(20000), "GBP"))

    assert (found.aid.limit.amount if found.aid.limit else None) == limit


def test_a_swedish_firm_is_told_that_its_limit_is_in_another_currency():
    found = funding(grant("machines", 90000, currency="SEK"), cost=100000, place="Sweden")

    assert found.cost == Money(Decimal(100000), "SEK")
    assert found.own_money == Money(Decimal(50000), "SEK")
    assert "not checked: the limit is in EUR and your cost in SEK" in found.aid.words


def test_the_months_begin_when_the_step_can_start():
    dated = grant("machines", 10000, window=offer("x").window, duration_weeks=8)

    found = funding(dated, place="Dudley")

    assert [each.month for each in found.cash.months] == [
        date(2026, 11, 1),
        date(2026, 12, 1),
        date(2027, 1, 1),
        date(2027, 2, 1),
    ]
    assert [each.carried.amount for each in found.cash.months][-1] == 30000


def test_the_amount_told_is_the_cost_unless_it_is_refused():
    told = {"amount": {"amount": 20000, "currency": "GBP"}}

    assert funding(grant("machines", 10000), cost=None, place="Dudley", **told).own_money.amount == 10000
    assert (
        funding(grant("machines", 10000), cost=None, place="Dudley", refused=["amount"], **told).cost is None
    )


@pytest.mark.parametrize("from_file", [True, False])
def test_the_law_holds_for_a_catalogue_file_and_before_any_record_is_loaded(tmp_path, from_file):
    machines = {
        "id": "machines",
        "name": "Example grant",
        "kind": "grant",
        "provider": "example-council",
        "areas": ["uk"],
        "needs": [WORK],
        "stages": ["fund"],
        "summary": "Half.",
        "window": {"status": "rolling"},
        "amount": {"currency": "GBP", "max": 9000, "rate_percent": 50},
        "source": {"url": "https://example.org/grant", "seen": "2026-11-01"},
    }
    file = tmp_path / "mine.yml"
    areas = [{"code": "uk", "name": "UK"}, {"code": "dudley", "name": "Dudley", "within": ["uk"]}]
    file.write_text(yaml.safe_dump({"areas": areas, "offers": [machines]}), encoding="utf-8")
    settings = {"DATABASE_URL": f"sqlite:///{tmp_path / 'empty.sqlite'}"}

    view = view_of(file if from_file else None, settings)

    assert {limit.area for limit in limits_on(view.thresholds, TODAY)} == {"uk", "eu"}
    if from_file:
        had = {"amount": 312000, "currency": "GBP"}
        profile = business(place="Dudley", subsidy_received=had)
        found = view.roadmap((WORK,), profile, TODAY, cost=Decimal(10000)).funding
        assert found.own_money == Money(Decimal(7000), "GBP")
