"""Widen a number by the words around it: about, over, at least, or so."""

from __future__ import annotations

from dataclasses import replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from knowledge_base.reading.quantity import Quantity

HEDGE = Decimal("0.15")

_TURNING = frozenset({"turn", "turns", "turning", "turned", "take", "taking", "took"})
_TELLING = frozenset({"books", "accounts", "figures"})  # "the books say £640,000" is no guess
_ABOUT = (
    ("give", "or", "take"),
    ("in", "the", "region", "of"),
    ("about",),
    ("near", "enough"),
    ("getting", "on", "for"),
    ("around",),
    ("roughly",),
    ("approx", "."),
    ("approx",),
    ("approximately",),
    ("circa",),
    ("c", "."),
    ("c",),
    ("ca",),
    ("~",),
    ("some",),
    ("maybe",),
    ("probably",),
    ("say",),
)
_A_BIT_OVER = (("just", "over"), ("a", "bit", "over"), ("slightly", "over"))
_A_BIT_UNDER = (("just", "under"), ("a", "bit", "under"), ("nearly",), ("almost",))
_OVER = (("more", "than"), ("over",), ("above",))
_UNDER = (("fewer", "than"), ("less", "than"), ("under",), ("below",))
_AT_LEAST = (("at", "least"), ("minimum", "of"))
_AT_MOST = (("up", "to"), ("at", "most"), ("no", "more", "than"), ("maximum", "of"))
_ABOUT_AFTER = (
    ("or", "so"),
    ("or", "thereabouts"),
    ("give", "or", "take"),
    ("-", "ish"),
    ("ish",),
    ("-", "odd"),
    ("odd",),
    ("roughly",),
)
_AT_LEAST_AFTER = (("+",), ("or", "more"))
_AT_MOST_AFTER = (("or", "fewer"), ("or", "less"), ("max",), ("tops",), ("at", "most"))

_Phrases = tuple[tuple[str, ...], ...]
_AFTER: tuple[tuple[_Phrases, str], ...] = (
    (_ABOUT_AFTER, "about"),
    (_AT_LEAST_AFTER, "least"),
    (_AT_MOST_AFTER, "most"),
)
_BEFORE: tuple[tuple[_Phrases, str], ...] = (
    (_ABOUT, "about"),
    (_A_BIT_OVER, "bit over"),
    (_A_BIT_UNDER, "bit under"),
    (_AT_MOST, "most"),
    (_AT_LEAST, "least"),
    (_OVER, "over"),
    (_UNDER, "under"),
)


def hedged(lows: list[str], quantity: Quantity, floor: int) -> Quantity:
    """Widen a number by the words around it, which become part of it."""
    if quantity.kind in {"ordinal", "percent", "year"}:
        return quantity
    one = Decimal(1) if quantity.kind == "count" else Decimal(0)
    for phrases, sense in _AFTER:
        size = _starts(lows, quantity.end, phrases)
        if size:
            return _widened(replace(quantity, end=quantity.end + size), sense, one)
    for phrases, sense in _BEFORE:
        size = _ends(lows, quantity.start, phrases, floor)
        if size:
            return _widened(replace(quantity, start=quantity.start - size), sense, one)
    return quantity


def _widened(quantity: Quantity, sense: str, one: Decimal) -> Quantity:
    low, high = quantity.low, quantity.high
    if low is None or high is None:
        return quantity
    match sense:
        case "about" if low == high:
            below = (low * (1 - HEDGE)).to_integral_value(ROUND_FLOOR)
            return replace(
                quantity, low=below, high=(high * (1 + HEDGE)).to_integral_value(ROUND_CEILING), said=low
            )
        case "bit over" if low == high:
            high = (high * (1 + HEDGE)).to_integral_value(ROUND_CEILING)
            return replace(quantity, low=low + one, high=high, said=low)
        case "bit under" if low == high:
            low = (low * (1 - HEDGE)).to_integral_value(ROUND_FLOOR)
            return replace(quantity, low=low, high=high - one, said=high)
        case "over":
            return replace(quantity, low=low + one, high=None, said=low)
        case "under":
            return replace(quantity, low=None, high=high - one, said=high)
        case "least":
            return replace(quantity, low=low, high=None, said=low)
        case "most":
            return replace(quantity, low=None, high=high, said=high)
    return quantity


def _starts(lows: list[str], at: int, phrases: tuple[tuple[str, ...], ...]) -> int:
    return next((len(p) for p in phrases if tuple(lows[at : at + len(p)]) == p), 0)


def _ends(lows: list[str], at: int, phrases: tuple[tuple[str, ...], ...], floor: int) -> int:
    for phrase in phrases:
        begin = at - len(phrase)
        if begin >= floor and tuple(lows[begin:at]) == phrase:
            if phrase == ("over",) and begin and lows[begin - 1] in _TURNING:
                continue
            if phrase == ("say",) and begin and lows[begin - 1] in _TELLING:
                continue
            return len(phrase)
    return 0
