"""Make conditions from what a table says a business must be: testable, and in plain words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from knowledge_base import labels
from knowledge_base.money_words import money_words
from knowledge_base.words import BUSINESS_STAGES

Bounds = tuple[int | None, int | None]
Condition = dict[str, Any]


def employs(bands: Iterable[Bounds]) -> list[Condition]:
    """Return the condition that a business is in one of these bands; none where they leave nobody out."""
    joined = _joined(bands)
    if not joined or joined == [(None, None)]:
        return []
    each = [
        {"fact": "employees", "between": [low, high], "words": f"You employ {_people(low, high)}"}
        for low, high in joined
    ]
    if len(each) == 1:
        return each
    return [{"any_of": each, "words": f"You employ {_or([_people(*band) for band in joined])}"}]


def _joined(bands: Iterable[Bounds]) -> list[Bounds]:
    """Put bands together that touch; one that begins at none or one is open below."""
    found: list[Bounds] = []
    ordered = sorted(
        ((low if low and low > 1 else None, high) for low, high in bands), key=lambda b: b[0] or 0
    )
    for low, high in ordered:
        if found and (found[-1][1] is None or low is None or low <= found[-1][1] + 1):
            before = found.pop()
            most = None if before[1] is None or high is None else max(before[1], high)
            found.append((before[0], most))
        else:
            found.append((low, high))
    return found


def _people(low: int | None, high: int | None) -> str:
    if low is None:
        return f"fewer than {high + 1:,} people" if high is not None else "any number of people"
    return f"at least {low:,} people" if high is None else f"between {low:,} and {high:,} people"


def turns_over(low: Any, high: Any, currency: str) -> Condition:
    """Return the condition that a business's yearly sales lie between two amounts."""
    told = [None if each is None else money_words(Decimal(str(each)), currency) for each in (low, high)]
    if told[0] is None:
        words = f"at most {told[1]}"
    else:
        words = f"at least {told[0]}" if told[1] is None else f"between {told[0]} and {told[1]}"
    return {
        "fact": "turnover",
        "between": [low, high],
        "currency": currency,
        "words": f"Your yearly sales are {words}",
    }


def has_traded(months: int | float) -> Condition:
    """Return the condition that a business has traded for a while."""
    return {
        "fact": "trading_months",
        "between": [months, None],
        "words": f"You have been trading for at least {months:,} month{'s' if months != 1 else ''}",
    }


def is_one_of(fact: str, codes: Sequence[str], words_only: Sequence[str] = ()) -> list[Condition]:
    """Return the condition that a business is one of some codes, or what is said in words alone."""
    codes = [*dict.fromkeys(codes)]
    if fact == "stage" and {*BUSINESS_STAGES} == {*codes}:
        return []
    parts: list[Condition] = []
    if codes:
        said = _or([labels.code_told(fact, code) for code in codes])
        begin = {"sector": "Your business is in", "stage": "Your business is", "legal_form": "You are a"}[
            fact
        ]
        parts = [{"fact": fact, "one_of": codes, "words": f"{begin} {said}"}]
    parts += [{"words": each} for each in dict.fromkeys(words_only)]
    if len(parts) < 2:
        return parts
    return [{"any_of": parts, "words": _or([part["words"] for part in parts])}]


def is_in_words(fact: str, told: str) -> str:
    """Return the words of a condition on one fact that none of our codes tells."""
    begin = {"sector": "Your business is in", "stage": "Stage of your business:", "legal_form": "Legal form:"}
    return f"{begin[fact]} {told}"


def _or(words: Sequence[str]) -> str:
    return " or ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def fact_of(condition: Condition) -> str:
    """Return the fact a condition is about, by its first part where it is a group; empty for words alone."""
    inner = condition.get("any_of") or ()
    return condition.get("fact") or next((fact for part in inner if (fact := fact_of(part))), "")


def with_conditions(known: Sequence[Condition], told: Sequence[Condition]) -> list[Condition]:
    """Return a record's conditions with those a table tells: one takes the place of another

    about the same fact."""
    facts = {fact_of(each) for each in told} - {""}
    kept = [each for each in known if fact_of(each) not in facts]
    said = {each.get("words") for each in kept if not fact_of(each)}
    return [*kept, *(each for each in told if fact_of(each) or each["words"] not in said)]
