"""Vague answers taken for what they are: a range, never a figure."""

from __future__ import annotations

import re
from typing import Any

from rasa_sdk import Tracker

from actions import slots

SHORT = 8  # words: so short an answer is about nothing but the question
# Wide on purpose: a condition that any number in the range would fail or meet is settled, and no other.
PEOPLE = (
    (re.compile(r"\b(?:a |one )?couple\b|\bthe two of us\b", re.IGNORECASE), (2, 3)),
    (
        re.compile(
            r"\b(?:a few|a handful|handful|not many|hardly any|small team|only small|small)\b", re.IGNORECASE
        ),
        (2, 9),
    ),
    (re.compile(r"\bseveral\b", re.IGNORECASE), (3, 20)),
    (re.compile(r"\b(?:a |about a |around a )?dozen(?: or so)?\b", re.IGNORECASE), (10, 14)),
    (
        re.compile(
            r"\b(?:dozens|quite a few|a fair few|lots|loads|plenty|big team|large team)\b", re.IGNORECASE
        ),
        (10, None),
    ),
    (re.compile(r"\bhundreds\b", re.IGNORECASE), (100, None)),
)
MONTHS = (
    (re.compile(r"\b(?:a )?couple of years\b", re.IGNORECASE), (24, 36)),
    (re.compile(r"\b(?:a )?few years\b", re.IGNORECASE), (24, 72)),
    (re.compile(r"\b(?:a )?few months\b", re.IGNORECASE), (2, 11)),
    (
        re.compile(
            r"\b(?:ages|for years|years and years|many years|donkey'?s years|decades|long time)\b",
            re.IGNORECASE,
        ),
        (36, None),
    ),
    (re.compile(r"\b(?:not long|not very long|just started|only just)\b", re.IGNORECASE), (0, 24)),
)
ANSWERS = {"employees": PEOPLE, "trading_months": MONTHS}
NOT_SO = re.compile(r"\b(?:not a|don't|do not|want|need|hire|more)\b", re.IGNORECASE)
FEW_OF_US = re.compile(r"\b(?:just |only )?(?:a few|a handful|several|a couple) of us\b", re.IGNORECASE)


def widened(reading: Any, tracker: Tracker) -> dict[str, Any]:
    """The facts read, and a range for a vague answer to the open question that was not read as a figure."""
    facts = dict(reading.facts)
    text, asked = slots.text(tracker).replace("’", "'"), slots.asked(tracker)
    if "employees" not in facts and FEW_OF_US.search(text):
        facts |= of(PEOPLE, "employees", FEW_OF_US.search(text)[0])  # type: ignore[index]
    short = len(text.split()) <= SHORT and "?" not in text
    if asked in ANSWERS and asked not in facts and short and not NOT_SO.search(text) and not reading.refused:
        facts |= of(ANSWERS[asked], asked, text)
    return facts


def of(table: Any, fact: str, text: str) -> dict[str, Any]:
    ends = next((ends for said, ends in table if said.search(text)), None)
    return {} if ends is None else {fact: {"from": ends[0], "to": ends[1]}}
