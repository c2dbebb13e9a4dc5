"""Every funding case worked out by hand in `funding_cases/` comes out to the penny."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from knowledge_base.funding import Funding, FundingLine, Spare, funding_stack, read_thresholds
from knowledge_base.profile import MoneySpan, Profile, parse_profile
from knowledge_base.records import Amount, Money, Offer
from tests.core.builders import TODAY, offer

HERE = Path(__file__).parent
FOLDER = HERE / "funding_cases"
LAW = HERE.parents[1] / "knowledge_base" / "content" / "thresholds.yml"
KINDS = ("grant", "voucher", "loan", "guarantee", "equity", "tax_relief", "award", "advice")
PAID = {"arrears": "in_arrears", "advance": "in_advance"}
OFFER_WORDS = {"rate", "max", "min", "currency", "paid", "weeks", "starts", "excludes", "meaning", "unsure"}
GIVEN = {"name", "says", "because", "cost", "day", "where", "had", "offers", "spare", "no_line"}
WHOLE = {"own": "own_money", "match": "match", "to_borrow": "to_borrow", "to_carry": "to_carry"}
PLAN = {"spent", "received", "carried", "months", "peak", "peak_month", "plan_says"}
OTHER = {"lines", "highest_rate", "words", "elsewhere", "aid_says", "fillers", "fillers_say"}
LINE = {"pays", "match", "lends", "standing", "arrives", "says", "says_when", "limit", "received", "left"}
LINE |= {"reference"}


def cases() -> list[Any]:
    found = []
    for file in sorted(FOLDER.glob("*.yml")):
        for case in yaml.safe_load(file.read_text(encoding="utf-8"))["cases"]:
            found.append(pytest.param(case, id=f"{file.stem}: {case['name']}"))
    return found


def number(value: object) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def money(told: Any) -> Money | MoneySpan | None:
    if told is None:
        return None
    if isinstance(told, Mapping):
        return MoneySpan(number(told["from"]), number(told["to"]), told["currency"])
    amount, currency = told.split()
    return Money(Decimal(amount), currency)


def written(short: Mapping[str, Any]) -> Offer:
    """Build the example offer that a case writes in short form."""
    kind = next(kind for kind in KINDS if kind in short)
    unknown = set(short) - OFFER_WORDS - {kind}
    assert not unknown, f"{sorted(unknown)[0]} is no word for an offer in short form"
    terms = Amount(
        currency=short.get("currency", "GBP"),
        min=number(short.get("min")),
        max=number(short.get("max")),
        rate_percent=number(short.get("rate")),
        paid=PAID.get(short.get("paid", "")),
        meaning=short.get("meaning", "payment"),
    )
    return offer(
        short[kind],
        kind,
        name=f"Example {kind} {short[kind]}",
        amount=terms,
        duration_weeks=short.get("weeks"),
        excludes=tuple(short.get("excludes", ())),
    )


def profile_of(had: Any) -> Profile:
    if had is None:
        return Profile()
    if had == "refused":
        return parse_profile({"refused": ["subsidy_received"]})
    told = money(had)
    if isinstance(told, Money):
        told = MoneySpan(told.amount, told.amount, told.currency)
    return Profile(subsidy_received=told)


@cache
def law() -> Any:
    return read_thresholds(yaml.safe_load(LAW.read_text(encoding="utf-8"))["thresholds"])


def worked(case: Mapping[str, Any]) -> Funding:
    where = case.get("where", "uk")
    return funding_stack(
        [written(each) for each in case["offers"]],
        money(case["cost"]),
        profile_of(case.get("had")),
        law(),
        on=case.get("day", TODAY),
        is_in=lambda area: None if where == "unknown" else area == where,
        starts={written(each).id: each["starts"] for each in case["offers"] if "starts" in each},
        spare=[Spare(written(each), each.get("unsure", False)) for each in case.get("spare", ())],
    )


def sum_of(found: Money | None) -> Decimal | None:
    return None if found is None else found.amount


def month(day: date | None) -> str | None:
    return None if day is None else f"{day:%Y-%m}"


def of_line(line: FundingLine, word: str, wanted: Any) -> tuple[Any, Any]:
    """Return what a line says and what the case expects, in one shape."""
    if word in ("limit", "received", "left"):
        return sum_of(getattr(line.aid, word) if line.aid else None), number(wanted)
    if word == "reference":
        return line.aid.reference if line.aid else None, wanted
    if word == "arrives":
        return month(line.arrives), wanted
    if word in ("says", "says_when"):
        said = line.words if word == "says" else line.arrives_words
        return (wanted if said is not None and wanted in said else said), wanted
    if word == "standing":
        return line.standing, wanted
    found = {"pays": line.amount, "match": line.match, "lends": line.lends}[word]
    return sum_of(found), number(wanted)


def of_plan(found: Funding, word: str, wanted: Any) -> tuple[Any, Any]:
    plan = found.cash
    if word == "plan_says":
        return missing(wanted, " / ".join(plan.words)), []
    if word == "months":
        return len(plan.months), wanted
    if word == "peak":
        return sum_of(plan.peak), number(wanted)
    if word == "peak_month":
        return month(plan.peak_month), wanted
    if wanted is None:
        return plan, None
    by_month = {month(each.month): getattr(each, word).amount for each in plan.months}
    return by_month, {each: number(amount) for each, amount in wanted.items()}


def missing(wanted: list[str], said: str) -> list[str]:
    return [f"{words!r} in {said!r}" for words in wanted if words not in said]


def of_whole(found: Funding, word: str, wanted: Any) -> tuple[Any, Any]:
    if word in WHOLE:
        return sum_of(getattr(found, WHOLE[word])), number(wanted)
    if word in PLAN:
        return of_plan(found, word, wanted)
    if word == "highest_rate":
        return found.highest_rate, number(wanted)
    if word == "elsewhere":
        return list(found.elsewhere), wanted
    if word == "aid_says":
        return missing(wanted, found.aid.words), []
    if word == "fillers":
        ordered = [(each.offer, sum_of(each.up_to)) for each in found.fillers]
        return ordered, [(letter, number(amount)) for letter, amount in wanted.items()]
    if word == "fillers_say":
        said = {each.offer: each.words for each in found.fillers}
        return [each for letter, words in wanted.items() for each in missing([words], said[letter])], []
    return found.words, wanted


@pytest.mark.parametrize("case", cases())
def test_a_case_comes_out_as_worked_by_hand(case):
    found = worked(case)

    for letter, expected in case.get("lines", {}).items():
        line = next(each for each in found.lines if each.offer == letter)
        for word, wanted in expected.items():
            got, right = of_line(line, word, wanted)
            assert got == right, f"{case['name']}: {letter}.{word}: {case['because']}"
    listed = {line.offer for line in found.lines}
    assert listed == {written(each).id for each in case["offers"]} - set(case.get("no_line", ())), case[
        "name"
    ]
    for word in case.keys() - GIVEN - {"lines"}:
        got, right = of_whole(found, word, case[word])
        assert got == right, f"{case['name']}: {word}: {case['because']}"


def test_there_are_a_hundred_cases_each_with_its_sum_and_a_name_of_its_own():
    every = [param.values[0] for param in cases()]

    assert len(every) >= 100
    assert all(case["because"].strip() and case["says"].strip() for case in every)
    assert len({case["name"] for case in every}) == len(every)
    assert [case["name"] for case in every if not any(sign.isdigit() for sign in case["because"])] == []


def test_no_case_expects_a_thing_nobody_looks_at():
    known = GIVEN | set(WHOLE) | PLAN | OTHER
    for param in cases():
        case = param.values[0]
        assert set(case) <= known, f"{case['name']}: {sorted(set(case) - known)}"
        assert "lines" in case or "fillers" in case or "own" in case, case["name"]
        for letter, expected in case.get("lines", {}).items():
            assert set(expected) <= LINE, f"{case['name']}: {letter}"
