"""Read sums of money: turnover, the amount sought, help already received. One sum is never read as two.

The nearest cue in the same clause decides. A sum with no cue takes the meaning of the question asked, or
none. Rent, profit, wages, prices, savings, targets and what a scheme offers are nobody's turnover or need.
"About" widens a turnover to a range; of an amount sought it keeps the figure named.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from knowledge_base.reading.heard import Finding, Heard, last_word
from knowledge_base.reading.legal_form import legal_form
from knowledge_base.reading.lists import listed
from knowledge_base.reading.prices import SMALLEST_PRICE, claimed, is_wage, wanted
from knowledge_base.reading.quantity import Quantity

ROLES = ("turnover", "amount", "subsidy_received")
_NOTHING = ("none", "nothing", "zero", "nil", "never")
LARGEST = Decimal(10) ** 12
LARGE = 1_000_000
FURTHEST = 12
SMALLEST = 100  # below this a sum told in passing is a price
PLAIN_FROM = 5000  # a number with no currency is money from here on, beside a word such as borrow

_TIMES = frozenset({"year", "years", "yrs", "months"})
_ASKS = frozenset({"does", "did", "is", "are", "was"})
_WILL = frozenset({"would", "will", "it'll", "could", "might", "to", "gonna", "may"})

# How far a cue may stand from its sum, in words, before it and after it.
_REACH = {"turnover": (4, 2), "amount": (8, 2), "subsidy": (4, 2), "other": (2, 2)}


@dataclass(frozen=True, slots=True)
class _Cue:
    role: str
    distance: int


def money(heard: Heard, currency_here: Callable[[], str]) -> dict[str, Finding]:
    """Return the sums by fact. ``currency_here`` names the currency meant where none is written."""
    told: dict[str, list[Finding]] = {}
    sums = [(at, q) for at, q in heard.message.counted() if q.kind in {"money", "count"}]
    only = _only_sum(heard, sums)
    for at, quantity in sums:
        if not _could_be_money(heard, at, quantity) or heard.message.low(at - 1) == "not":
            continue  # "£50k, not £60k"
        role = _role(heard, at, quantity)
        if role is None and heard.asked in ROLES and at == only:
            role = None if _describes_the_firm(heard, quantity) else heard.asked
        if role in ROLES:
            value = _value(heard, at, quantity, str(role), currency_here)
            if value is not None:
                told.setdefault(str(role), []).append(Finding(value, at, at + 1))
    if heard.asked in {"turnover", "subsidy_received"} and not told and not sums and _none(heard):
        told[heard.asked] = [Finding({"amount": 0, "currency": currency_here()}, 0, 1)]
    out: dict[str, Finding] = {}
    for role, findings in told.items():
        one, several = last_word(heard.message, findings)
        if one is None and role == "amount" and several:
            one = several[0]
        if one is not None:
            out[role] = one
    return out


def _describes_the_firm(heard: Heard, quantity: Quantity) -> bool:
    """Say whether a large sum beside a legal form may be the firm's size, not the amount asked about."""
    large = quantity.low is not None and quantity.low >= LARGE
    return heard.asked == "amount" and large and legal_form(heard) is not None


def _none(heard: Heard) -> bool:
    lows = heard.message.lows
    if heard.asked == "subsidy_received" and (lows[:1] in (["no"], ["nope"]) or "none" in lows):
        return heard.short
    none = lows[:1] in [[word] for word in _NOTHING] or lows[:2] == ["not", "any"]
    return heard.short and (none or lows[:4] == ["we", "don't", "have", "any"])


def _could_be_money(heard: Heard, at: int, quantity: Quantity) -> bool:
    end = at + 1
    size = quantity.low or quantity.high or Decimal(0)
    if quantity.kind == "count" and heard.asked not in ROLES:
        touched = at in heard.ends("money.plain_before") or end in heard.starts("money.turnover_after")
        if size < PLAIN_FROM or not touched:
            return False
    if heard.asked not in ROLES and size < SMALLEST:
        return False
    if quantity.currency is not None:
        return True
    free = (
        end >= len(heard.message)
        or heard.message.ends_segment(end)
        or heard.message.low(end) in listed("money.may_follow")
        or _over_years(heard, end)
    )
    return free or any(
        end in heard.starts(f"money.{role}_after") for role in ("turnover", "amount", "subsidy")
    )


def _over_years(heard: Heard, at: int) -> bool:
    """Say whether a loan's time follows: "150k over five years"."""
    word = heard.message.words[at]
    return (
        word.quantity is not None
        and word.text.lower().startswith("over ")
        and heard.message.low(at + 1) in _TIMES
    )


def _only_sum(heard: Heard, sums: list[tuple[int, Quantity]]) -> int | None:
    """Return where the one sum of a message stands, or the one number of a short one."""
    large = [at for at, quantity in sums if quantity.kind == "money"]
    if not large and len(sums) == 1 and heard.short and (sums[0][1].high or 0) >= 100:
        return sums[0][0]
    return large[0] if len(large) == 1 else None


def _role(heard: Heard, at: int, quantity: Quantity) -> str | None:
    """Return what a sum is for: by the nearest cue, else by how a price of something wanted is put."""
    role = _cued(heard, at)
    if role in {None, "amount"} and is_wage(heard, at):
        return "other"
    if role == "amount" and claimed(heard) and not listed("money.seeking") & set(heard.message.before(at, 8)):
        return "other"
    if role is None and heard.asked not in ROLES and (quantity.high or Decimal(0)) >= SMALLEST_PRICE:
        sure = not claimed(heard) and not _yearly(heard, at) and not _asked_about(heard, at)
        if sure and not _aimed_at(heard, at) and not _long_ago(heard, at) and wanted(heard, at):
            return None if _spent(heard, at) else "amount"
    return role


def _yearly(heard: Heard, at: int) -> bool:
    return at + 1 in heard.starts("money.per_year")


def _cued(heard: Heard, at: int) -> str | None:
    if _aimed_at(heard, at) or listed("money.others") & set(heard.message.before(at, 6)):
        return None
    message = heard.message
    cues: list[_Cue] = []
    for role, (before, after) in _REACH.items():
        for _, end in heard.around(f"money.{role}_before", at - FURTHEST, at):
            gap = None if message.low(end) == "out" else _gap(heard, end, at)
            if gap is not None and gap <= before:
                cues.append(_Cue(role, gap))
        for start, _ in heard.around(f"money.{role}_after", at + 1, at + 1 + FURTHEST):
            gap = _gap(heard, at + 1, start)
            if gap is not None and gap <= after and "," not in message.lows[at + 1 : start]:
                cues.append(_Cue(role, gap))
    lead = message.before(at, 6)
    if lead[1:3] == ["to", "used"] or lead[2:4] == ["to", "used"]:
        return "other"  # "turnover used to be £2m, now it's £1.4m"
    if "now" in lead[:3] and {"turnover", "revenue", "sales", "t/o"} & set(message.before(at, 14)):
        return "turnover"
    if lead[:1] == ["is"] and "new" in lead:
        cues.append(_Cue("amount", 0))
    more = lead[:1] == ["another"] and bool(listed("money.needing") & set(lead[1:2]))
    if message.lows[at + 1 : at + 3] == ["turnover", "is"]:
        return None
    if at + 1 in heard.starts("money.by_the_month"):
        return "other"
    needed = at + 1 in heard.starts("money.to_do_it")
    if at in heard.ends("money.other_touching") and not more and not (needed and lead[:1] == ["the"]):
        cues.append(_Cue("other", 0))
    yearly = _yearly(heard, at)
    if any(0 <= at - end <= 1 for end in heard.ends("money.turnover_do")):
        free = (
            at + 1 >= len(message)
            or message.ends_segment(at + 1)
            or yearly
            or message.low(at + 1) in {"and", "but"}
        )
        cues.append(_Cue("turnover" if free else "other", 0))
    if _was_given(heard, at):
        return None if _given_more(heard, at) else "subsidy_received"
    if _refused_or_owed(heard, at):
        return "other"
    if _spent(heard, at) and not any(cue.role in {"subsidy", "turnover"} for cue in cues):
        return None
    if not cues:
        # "About 400k a year" in answer to any question is what the business takes.
        return "turnover" if yearly and heard.short and heard.asked is not None else None
    nearest = min(cue.distance for cue in cues)
    roles = {cue.role for cue in cues if cue.distance == nearest}
    role = next(r for r in ("subsidy", "turnover", "other", "amount") if r in roles)
    if role == "amount" and (yearly or _asked_about(heard, at) or _long_ago(heard, at)):
        return "other"
    return "subsidy_received" if role == "subsidy" else role


def _asked_about(heard: Heard, at: int) -> bool:
    """Say whether the clause asks about the sum: "does it cost more than £100"."""
    clause = heard.message.before(at, 40)
    return bool(clause) and clause[-1] in _ASKS and clause[-2:-1] != ["there"]


def _long_ago(heard: Heard, at: int) -> bool:
    """Say whether a price was paid in the past: "the machine cost 85k in 2015"."""
    after = heard.message.after(at + 1, 3)
    return "ago" in after or (after[:1] == ["in"] and "@" in after[1:2])


def _was_given(heard: Heard, at: int) -> bool:
    message = heard.message
    lead = message.before(at, 3)
    lead = lead if lead[:1] == ["a"] else lead[:2]
    verb = next((i for i, word in enumerate(lead) if word in {"had", "received", "got", "awarded"}), None)
    opens = verb is not None and (
        at - verb - 1 == 0 or message.ends_segment(at - verb - 2) or message.low(at - verb - 2) == "already"
    )
    got = opens or any(
        (gap := _gap(heard, end, at)) is not None and gap <= 3
        for _, end in heard.around("money.subsidy_got", at - FURTHEST, at)
    )
    if any(
        (gap := _gap(heard, at + 1, start)) is not None and gap <= 2
        for start, _ in heard.around("money.subsidy_had", at + 1, at + 1 + FURTHEST)
    ):
        return True
    given = any(
        (gap := _gap(heard, at + 1, start)) is not None and (gap <= 1 or (gap <= 4 and lead[:1] == ["a"]))
        for start, _ in heard.around("money.subsidy_given", at + 1, at + 1 + FURTHEST)
    )
    return got and given


def _given_more(heard: Heard, at: int) -> bool:
    """Say whether a second gift is told: of "£12,500 from the hub and £4k from a firm" neither is all."""
    ahead = heard.message.after(at + 1, 12)
    second = ahead.index("£") if "£" in ahead else 0
    return ahead[second - 1 : second] == ["and"] and ahead[second + 1 : second + 2] == ["from"]


def _refused_or_owed(heard: Heard, at: int) -> bool:
    """Say whether the sum is a grant that said no, or a loan had long since and still paid back."""
    lead, ahead = heard.message.before(at, 8), heard.message.after(at + 1, 6)
    if lead[:1] in (["a"], ["our"], ["the"]) and {"refused", "declined", "denied"} & set(lead[1:3]):
        return True
    had = {"had", "took", "got"} & set(lead) and {"loan", "overdraft", "mortgage"} & set(lead)
    return (
        bool(had)
        and not listed("money.needing") & set(lead)
        and bool({"paying", "repaying", "owe"} & {*ahead})
    )


def _spent(heard: Heard, at: int) -> bool:
    return any(
        (gap := _gap(heard, end, at)) is not None and gap <= 6 and heard.message.low(start - 1) not in _WILL
        for start, end in heard.around("money.spent", at - FURTHEST, at)
    )


def _aimed_at(heard: Heard, at: int) -> bool:
    before = heard.message.before(at, 5)
    if "from" in before[:1] or at in heard.ends("money.price_before"):
        return False
    aims = listed("money.aims") & set(before)
    return bool(aims - {"towards"} or "towards" in before[:1]) or (
        before[:1] == ["to"] and bool({"get", "go", "take", "us", "it"} & set(before))
    )


def _gap(heard: Heard, start: int, end: int) -> int | None:
    """Count the words between two places, commas twice; None across a full stop or another sum."""
    if not 0 <= end - start <= FURTHEST:
        return None
    between = range(start, end)
    if any(heard.message.ends_clause(i) or heard.message.low(i) == "£" for i in between):
        return None
    return len(between) + sum(heard.message.low(i) in {",", "and", "but"} for i in between)


def _value(
    heard: Heard, at: int, quantity: Quantity, role: str, currency_here: Callable[[], str]
) -> dict[str, Any] | None:
    low, high = quantity.low, quantity.high
    before = heard.message.before(at, 4)
    if low is not None and high is not None and low < high and quantity.said is None:
        if {"went", "gone", "grew", "grown"} & set(before):
            low = high
        elif before[:1] == ["from"]:
            high = low
        if role == "amount" and "from" in before[:1]:
            return None
    if role == "amount" and quantity.said is not None:
        low = high = quantity.said
    if any(end is not None and end > LARGEST for end in (low, high)):
        return None
    currency = quantity.currency or currency_here()
    if currency == "kr":
        here = currency_here()
        currency = here if here in {"SEK", "DKK"} else "SEK"
    if low == high:
        return {"amount": _number(low), "currency": currency}
    return {"from": _number(low), "to": _number(high), "currency": currency}


def _number(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)
