"""Who pays for a project, counted from records alone."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge_base.funding import Funding, funding_stack
from knowledge_base.profile import MoneySpan, Profile
from knowledge_base.records import Amount, Money, Offer
from tests.core.builders import business, offer

TEN_THOUSAND = Money(Decimal(10000), "GBP")


def pays(id: str, most: object = None, rate: object = None, kind: str = "grant", **more) -> Offer:
    def number(value: object) -> Decimal | None:
        return None if value is None else Decimal(str(value))

    currency = more.pop("currency", "GBP")
    return offer(id, kind, amount=Amount(currency, max=number(most), rate_percent=number(rate), **more))


def stack(*offers: Offer, cost=TEN_THOUSAND, profile: Profile | None = None, thresholds=None) -> Funding:
    return funding_stack(offers, cost, profile or business(), thresholds)


def counted(funding: Funding) -> list[Decimal | None]:
    return [line.amount.amount if line.amount else None for line in funding.lines]


def test_half_of_ten_thousand_pounds_leaves_half_to_find():
    found = stack(pays("grant", 20000, 50))

    assert counted(found) == [5000]
    assert found.own_money == Money(Decimal(5000), "GBP")
    assert found.words == "£5,000 is left for you to find"


def test_a_grant_never_pays_more_than_its_limit():
    assert counted(stack(pays("grant", 2000, 50))) == [2000]


@pytest.mark.parametrize(
    ("most", "rate", "words"),
    [
        (None, 50, "limit not known"),
        (2000, None, "rate not known"),
        (None, None, "rate and limit not known"),
    ],
)
def test_a_grant_whose_record_is_silent_is_listed_and_not_counted(most, rate, words):
    found = stack(pays("grant", most, rate))

    assert (found.lines[0].words, counted(found)) == (words, [None])
    assert found.own_money == TEN_THOUSAND
    assert found.words == "£10,000 is left for you to find, or less: what 1 of these would pay is not known"


def test_two_grants_together_stay_below_the_higher_rate():
    assert counted(stack(pays("one", 4000, 50), pays("two", 9000, 40))) == [4000, 1000]


def test_a_rate_above_the_whole_cost_pays_the_whole_cost_once():
    assert counted(stack(pays("one", 90000, 120), pays("two", 90000, 100))) == [10000, 0]


def test_a_grant_below_its_least_pays_nothing():
    found = stack(pays("grant", 9000, 10, min=Decimal(5000)))

    assert (counted(found), found.lines[0].words) == ([None], "it pays no less than £5,000")


def test_pounds_and_krona_are_never_added():
    found = stack(pays("grant", 9000, 50, currency="SEK"), pays("other", 9000, 50))

    assert counted(found) == [None, 5000]
    assert found.lines[0].words == "in another currency than your cost"


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("loan", "to be repaid"),
        ("guarantee", "backs a loan, which is to be repaid"),
        ("equity", "for a share of the business"),
        ("tax_relief", "comes through your tax return"),
        ("award", "for the winners"),
    ],
)
def test_money_that_is_no_grant_is_listed_and_not_counted(kind, words):
    found = stack(pays("x", 9000, 50, kind))

    assert (found.lines[0].words, found.own_money) == (words, TEN_THOUSAND)


@pytest.mark.parametrize(("meaning", "words"), [("limit", "a limit"), ("price", "a price")])
def test_a_limit_or_a_price_is_never_money_received(meaning, words):
    found = stack(pays("grant", 9000, 50, meaning=meaning))

    assert counted(found) == [None]
    assert found.lines[0].words == f"{words}, not a sum that is paid"


def test_advice_brings_no_line():
    assert stack(offer("advice"), pays("grant", 9000, 50)).lines[0].offer == "grant"


def test_what_is_paid_afterwards_is_carried_until_then():
    found = stack(pays("late", 3000, 50), pays("early", 1000, 50, paid="in_advance"))

    assert found.to_carry == Money(Decimal(3000), "GBP")


@pytest.mark.parametrize("cost", [None, MoneySpan(Decimal(1), Decimal(9), "GBP")])
def test_without_an_exact_cost_nothing_is_counted(cost):
    found = stack(pays("grant", 9000, 50), cost=cost)

    assert (found.cost, found.own_money, found.to_carry, counted(found)) == (None, None, None, [None])


def test_small_public_aid_received_already_leaves_less_room():
    had = business(subsidy_received={"amount": 312000, "currency": "GBP"})

    assert counted(stack(pays("grant", 9000, 50), profile=had, thresholds={"GBP": Decimal(315000)})) == [3000]
    assert counted(stack(pays("grant", 9000, 50), profile=had)) == [5000]


def test_a_business_over_the_limit_of_public_aid_gets_none():
    had = business(subsidy_received={"amount": 400000, "currency": "GBP"})

    assert counted(stack(pays("grant", 9000, 50), profile=had, thresholds={"GBP": Decimal(315000)})) == [0]


def test_aid_received_in_an_unknown_amount_leaves_no_room_to_promise():
    had = business(subsidy_received={"from": 5000, "to": None, "currency": "GBP"})

    assert counted(stack(pays("grant", 9000, 50), profile=had, thresholds={"GBP": Decimal(315000)})) == [0]


def test_pennies_are_rounded_down_so_that_no_rate_is_passed():
    found = stack(pays("grant", 9000, "33.3"), cost=Money(Decimal("100.01"), "GBP"))

    assert counted(found) == [Decimal("33.30")]
    assert found.own_money == Money(Decimal("66.71"), "GBP")


sums = st.decimals(0, 10**6, places=2)
rates = st.none() | st.decimals(0, 100, places=1)


@given(
    sums,
    st.lists(st.tuples(st.none() | sums, rates, st.sampled_from(["grant", "voucher", "loan"])), max_size=6),
)
def test_no_stack_pays_more_than_any_rate_or_limit_or_the_cost(cost, terms):
    offers = [pays(f"o{n}", most, rate, kind) for n, (most, rate, kind) in enumerate(terms)]
    found = stack(*offers, cost=Money(cost, "GBP"))
    paid = [line for line in found.lines if line.amount]

    for line in paid:
        assert 0 <= line.amount.amount <= line.max.amount
        assert line.amount.amount * 100 <= line.rate_percent * cost
    total = sum((line.amount.amount for line in paid), Decimal(0))
    assert total * 100 <= max((line.rate_percent for line in paid), default=0) * cost
    assert found.own_money.amount + total == cost
    assert found.to_carry.amount == total
