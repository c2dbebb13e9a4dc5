"""Who pays for a project: what must hold for any offers, and what the law's numbers and the documents say."""

from __future__ import annotations

import itertools
import json
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge_base.documents import canonical_json, funding_document
from knowledge_base.faults import BadRecord
from knowledge_base.funding import Funding, Spare, funding_stack, limits_on, read_thresholds
from knowledge_base.funding.allocation import MOST_CLAIMS
from knowledge_base.profile import MoneySpan, Profile
from knowledge_base.records import Amount, Money, Offer
from tests.core.builders import TODAY, business, offer

LAW = Path(__file__).parents[2] / "knowledge_base" / "content" / "thresholds.yml"
TEN_THOUSAND = Money(Decimal(10000), "GBP")
ZERO = Decimal(0)


def law() -> list[dict[str, Any]]:
    return yaml.safe_load(LAW.read_text(encoding="utf-8"))["thresholds"]


def pays(id: str, most: object = None, rate: object = None, kind: str = "grant", **more: Any) -> Offer:
    def number(value: object) -> Decimal | None:
        return None if value is None else Decimal(str(value))

    fields = {name: more.pop(name) for name in ("duration_weeks", "excludes") if name in more}
    currency = more.pop("currency", "GBP")
    terms = Amount(currency, max=number(most), rate_percent=number(rate), **more)
    return offer(id, kind, amount=terms, **fields)


def stack(*offers: Offer, cost: Any = TEN_THOUSAND, profile: Profile | None = None, **more: Any) -> Funding:
    more = {"on": TODAY, "is_in": lambda area: area == "uk", **more}
    return funding_stack(offers, cost, profile or business(), read_thresholds(law()), **more)


def counted(funding: Funding) -> list[Decimal | None]:
    return [line.amount.amount if line.amount else None for line in funding.lines]


def test_without_a_day_there_is_neither_a_limit_nor_a_plan():
    found = stack(pays("grant", 9000, 50), profile=had(400_000), on=None)

    assert (counted(found), found.aid, found.cash) == ([5000], None, None)


def had(amount: int) -> Profile:
    return business(subsidy_received={"amount": amount, "currency": "GBP"})


def test_spare_offers_are_not_looked_at_when_nothing_is_left():
    def asked():
        raise AssertionError("nobody needs these")
        yield

    assert stack(pays("grant", 10000, 100), spare=asked()).fillers == ()


def test_a_crowd_of_grants_is_weighed_up_to_a_number_and_the_rest_is_named():
    crowd = [pays(f"g{n:02}", 10, 50) for n in range(MOST_CLAIMS + 3)]

    found = stack(*crowd)

    assert counted(found) == [10] * MOST_CLAIMS + [None] * 3
    assert found.lines[-1].words == f"not weighed: only the first {MOST_CLAIMS} grants are"
    assert found.lines[-1].standing == "not_known"


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "-Infinity", "-0.01", "1E+16"])
def test_what_is_no_sum_is_no_cost(amount):
    found = stack(pays("grant", 9000, 50), cost=Money(Decimal(amount), "GBP"))

    assert (found.cost, found.own_money, counted(found)) == (None, None, [None])


def test_a_start_at_the_end_of_all_days_gives_no_plan_and_no_crash():
    late = pays("late", 9000, 50, duration_weeks=2000)

    for found in (
        stack(late, starts={"late": date.max}),
        stack(pays("late", 9, 50), starts={"late": date.max}),
    ):
        assert found.cash.months == ()
        assert found.lines[0].arrives is None


def test_a_limit_on_aid_is_said_once_and_stands_on_each_grant():
    document = funding_document(
        stack(pays("one", 900, 50), pays("lent", 900, kind="loan"), profile=had(5000))
    )

    one, lent = document["lines"]
    assert one["limit"] == {"amount": 315000, "currency": "GBP"}
    assert one["received"] == {"amount": 5000, "currency": "GBP"}
    assert one["left"] == document["aid"]["left"] == {"amount": 310000, "currency": "GBP"}
    assert one["reference"] == "Subsidy Control Act 2022, section 36"
    assert "limit" not in lent


def test_the_document_keeps_its_keys_and_holds_the_months():
    found = stack(
        pays("grant", 9000, 50, paid="in_arrears"),
        starts={"grant": date(2026, 12, 1)},
        spare=[Spare(pays("loan", 9000, kind="loan"), False)],
    )

    document = json.loads(canonical_json(funding_document(found)))

    assert {"cost", "lines", "own_money", "to_carry", "words"} <= set(document)
    assert document["own_money"] == {"amount": 5000, "currency": "GBP"}
    assert document["cash"]["months"][1] == {
        "month": "2027-01",
        "spent": {"amount": 0, "currency": "GBP"},
        "received": {"amount": 5000, "currency": "GBP"},
        "carried": {"amount": 5000, "currency": "GBP"},
    }
    assert (document["cash"]["peak"]["amount"], document["cash"]["peak_month"]) == (10000, "2026-12")
    assert document["fillers"][0]["up_to"] == {"amount": 5000, "currency": "GBP"}
    assert document["lines"][0]["arrives"] == "2027-01"


def test_the_law_of_the_starter_pack_has_one_limit_a_place_on_every_day():
    faults: list[BadRecord] = []
    thresholds = read_thresholds(law(), faults)

    assert faults == []
    for year in range(2014, 2031):
        for day in (date(year, 1, 1), date(year, 12, 31)):
            found = limits_on(thresholds, day)
            assert len({limit.area for limit in found}) == len(found)
    assert {(each.area, each.limit.amount) for each in limits_on(thresholds, TODAY)} == {
        ("uk", 315000),
        ("eu", 300000),
    }


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("amount", None),
        ("amount", "lots"),
        ("amount", -1),
        ("currency", None),
        ("currency", "pounds"),
        ("from", None),
        ("from", "soon"),
        ("until", "2000-01-01"),
        ("area", None),
        ("period", None),
        ("period", {"years": 3, "counted": "whenever"}),
        ("reference", None),
        ("name", None),
        ("amuont", 5),
    ],
)
def test_a_number_of_the_law_with_a_fault_is_left_out_and_the_fault_names_it(field, value):
    faults: list[BadRecord] = []

    assert len(read_thresholds([law()[0], {**law()[2], field: value}], faults)) == 1
    assert faults
    assert all(fault.field.startswith(f"thresholds[1].{field}") for fault in faults)


def test_limits_kept_before_they_said_what_aid_is_called_still_hold():
    kept = [{name: value for name, value in each.items() if name != "given_as"} for each in law()]

    assert read_thresholds(kept) == read_thresholds(law())


@pytest.mark.parametrize("listed", [[None], ["x"], [[]], [{}], [{"name": "x" * 10**5}]])
def test_what_is_no_number_of_the_law_is_left_out(listed):
    faults: list[BadRecord] = []

    assert read_thresholds(listed, faults) == ()
    assert faults


sums = st.decimals(0, 10**6, places=2)
small = st.decimals(0, 200, places=2)
rates = st.none() | st.decimals(0, 130, places=1)
paid = st.sampled_from([None, "in_arrears", "in_advance"])
weeks = st.none() | st.integers(0, 130)
days = st.integers(0, 700).map(lambda days: TODAY + timedelta(days=days))


@st.composite
def grants(draw: st.DrawFn, most: int = 6, sizes: Any = sums) -> list[Offer]:
    count = draw(st.integers(0, most))
    names = [f"o{n}" for n in range(count)]
    return [
        pays(
            name,
            draw(st.none() | sizes),
            draw(rates),
            draw(st.sampled_from(["grant", "grant", "voucher", "loan", "tax_relief", "equity"])),
            min=draw(st.none() | sizes),
            paid=draw(paid),
            duration_weeks=draw(weeks),
            excludes=tuple(draw(st.lists(st.sampled_from(names), max_size=1))),
        )
        for name in names
    ]


@settings(deadline=None)
@given(sums, grants(), st.none() | st.integers(0, 400_000), st.data())
def test_no_stack_pays_more_than_any_rate_or_limit_or_the_cost(cost, offers, before, data):
    starts = {each.id: data.draw(days) for each in offers}
    profile = had(before) if before is not None else business()
    found = stack(*offers, cost=Money(cost, "GBP"), profile=profile, starts=starts)
    by_id = {each.id: each for each in offers}
    paying = [line for line in found.lines if line.standing == "pays"]

    for line in paying:
        assert 0 < line.amount.amount <= line.max.amount
        assert line.amount.amount * 100 <= line.rate_percent * cost
        assert line.amount.amount >= (by_id[line.offer].amount.min or 0)
        assert 0 <= line.match.amount <= cost - line.amount.amount
        assert (line.amount.amount + line.match.amount) * min(line.rate_percent, Decimal(100)) >= (
            line.amount.amount * 100
        )
    total = sum((line.amount.amount for line in paying), ZERO)
    assert total * 100 <= max((line.rate_percent for line in paying), default=0) * cost
    assert total <= max(0, 315_000 - (before or 0))
    assert found.own_money.amount == cost - total >= 0
    assert 0 <= found.match.amount <= found.own_money.amount
    lent = sum((line.lends.amount for line in found.lines if line.lends), ZERO)
    assert found.to_borrow.amount == lent <= found.own_money.amount
    ids = {line.offer for line in paying}
    assert not any(other in ids for each in ids for other in by_id[each].excludes if other != each)


@settings(deadline=None)
@given(sums, grants(), st.data())
def test_the_months_of_a_plan_add_up_to_the_penny(cost, offers, data):
    starts = {each.id: data.draw(days) for each in offers if data.draw(st.booleans())}
    found = stack(*offers, cost=Money(cost, "GBP"), starts=starts)
    months = found.cash.months

    assert bool(months) == bool(cost)
    if not months:
        return
    assert sum(each.spent.amount for each in months) == cost
    came = sum(each.received.amount for each in months)
    assert came == cost - found.own_money.amount + found.to_borrow.amount
    out = ZERO
    for each in months:
        out += each.spent.amount - each.received.amount
        assert each.carried.amount == max(ZERO, out)
        assert each.spent.amount == each.spent.amount.quantize(Decimal("0.01"))
    assert out == found.own_money.amount - found.to_borrow.amount
    numbers = [each.month.year * 12 + each.month.month for each in months]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    assert found.cash.peak.amount == max(each.carried.amount for each in months)
    assert months[0].spent.amount or months[0].received.amount
    assert months[-1].spent.amount or months[-1].received.amount


def brute(offers: list[Offer], cost: Decimal, left: Decimal) -> Decimal:
    """The most that can be paid, by trying every set of grants and asking only what must hold."""
    best = ZERO
    open_ = [o for o in offers if o.kind in ("grant", "voucher") and o.amount.max and o.amount.rate_percent]
    for size in range(len(open_) + 1):
        for chosen in itertools.combinations(open_, size):
            if any(a.id in b.excludes for a in chosen for b in chosen if a is not b):
                continue
            least = most = ZERO
            possible = True
            for each in chosen:
                rate = min(Decimal(100), each.amount.rate_percent)
                cap = min(each.amount.max, (cost * rate / 100).quantize(Decimal("0.01"), ROUND_DOWN))
                low = max(Decimal("0.01"), each.amount.min or ZERO)
                possible = possible and low <= cap
                least, most = least + low, most + cap
            top = max((min(Decimal(100), each.amount.rate_percent) for each in chosen), default=ZERO)
            room = min((cost * top / 100).quantize(Decimal("0.01"), ROUND_DOWN), left)
            if possible and least <= room:
                best = max(best, min(most, room))
    return best


@settings(deadline=None, max_examples=300)
@given(small, grants(most=6, sizes=small), st.integers(314_700, 315_000))
def test_the_allocation_is_the_best_there_is(cost, offers, before):
    found = stack(*offers, cost=Money(cost, "GBP"), profile=had(before))

    assert cost - found.own_money.amount == brute(offers, cost, Decimal(315_000 - before))


@settings(deadline=None)
@given(small, grants(most=5, sizes=small), st.randoms())
def test_the_order_of_the_offers_never_changes_what_is_left(cost, offers, random):
    shuffled = random.sample(offers, len(offers))
    one, other = (stack(*each, cost=Money(cost, "GBP")) for each in (offers, shuffled))

    assert one.own_money == other.own_money


@settings(deadline=None)
@given(grants(), sums, sums)
def test_no_range_is_taken_for_a_sum(offers, low, more):
    found = stack(*offers, cost=MoneySpan(low, low + more + 1, "GBP"))

    assert found.own_money is None
    assert not any(line.amount for line in found.lines)


@settings(deadline=None)
@given(sums, grants(most=3), grants(most=6))
def test_what_could_fill_it_is_never_more_than_what_is_left(cost, offers, others):
    named = [pays(f"spare-{n}", **as_spare(each)) for n, each in enumerate(others)]
    found = stack(*offers, cost=Money(cost, "GBP"), spare=[Spare(each, False) for each in named])

    assert len(found.fillers) <= 3
    assert not {filler.offer for filler in found.fillers} & {line.offer for line in found.lines}
    for filler in found.fillers:
        assert filler.up_to is None or 0 < filler.up_to.amount <= found.own_money.amount


def as_spare(offer: Offer) -> dict[str, Any]:
    terms = offer.amount
    return {"most": terms.max, "rate": terms.rate_percent, "kind": offer.kind, "min": terms.min}
