"""Read what somebody typed into a field of a form: numbers, ranges of them, and sums of money."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from bot.web.formats import number
from knowledge_base.currencies import CURRENCIES

LONGEST = 200
SIGNS = {"£": "GBP", "€": "EUR", "$": "USD"}
TIMES = {
    "k": 1000,
    "thousand": 1000,
    "m": 10**6,
    "mn": 10**6,
    "million": 10**6,
    "bn": 10**9,
    "billion": 10**9,
}
_NUMBER = r"(?P<number>\d[\d,. \u00a0\u202f']*?)\s*(?P<times>k|thousand|mn|m|million|bn|billion)?"
_SUM = re.compile(
    rf"(?P<before>[£€$]|[a-z]{{3}})?\s*{_NUMBER}\s*(?P<after>[£€$]|[a-z]{{3}})?", re.IGNORECASE | re.ASCII
)
_UNIT = re.compile(r"\s*\b(months?|mths?|years?|yrs?|people|persons?|staff|employees?)\.?$", re.IGNORECASE)
_RANGE = re.compile(r"\s*(?:\bto\b|\band\b|-|–|—)\s*", re.IGNORECASE)
_LEAST = re.compile(
    r"^(?:at least|from|min(?:imum)?|over|>=|≥)\s*|\s*(?:or more|and more|\+)$", re.IGNORECASE
)
_MOST = re.compile(r"^(?:at most|up to|max(?:imum)?|<=|≤)\s*|\s*(?:or less|or fewer)$", re.IGNORECASE)
YEARS = re.compile(r"\b(?:years?|yrs?)\b", re.IGNORECASE)


class NotRead(ValueError):
    """What was typed cannot be read; the message says how to write it."""


Ends = tuple[Decimal | None, Decimal | None, str | None]


def count(text: str, example: str) -> int | float | dict[str, Any]:
    """Read a number or a range of numbers, in the shape of a profile.

    Raises:
        NotRead: it is neither.
    """
    low, high, currency = _ends(text, example)
    if currency is not None:
        raise NotRead(f"This is a number, not money: write {example}.")
    return _shaped(low, high)


def months(text: str) -> int | float | dict[str, Any]:
    """Read a time in months or in years; a bare number is months."""
    times = 12 if YEARS.search(text) else 1
    low, high, currency = _ends(text, "18 months, or 2 years")
    if currency is not None:
        raise NotRead("This is a time, not money: write 18 months, or 2 years.")
    return _shaped(*(None if end is None else end * times for end in (low, high)))


def money(text: str, currency: str) -> dict[str, Any]:
    """Read a sum or a range of sums; ``currency`` is what a bare number is in."""
    low, high, told = _ends(text, "£50,000, or £20k to £50k")
    found = _shaped(low, high)
    own = found if isinstance(found, dict) else {"amount": found}
    return {**own, "currency": told or currency}


def written_count(value: Any, unit: str = "") -> str:
    """Write a number or a range as `count` and `months` read it, with what stands before the first number."""
    if not isinstance(value, Mapping):
        return f"{unit}{_exact(value)}"
    low, high = value.get("from"), value.get("to")
    if low is None or high is None:
        return f"up to {unit}{_exact(high)}" if low is None else f"{unit}{_exact(low)} or more"
    return f"{unit}{_exact(low)} to {_exact(high)}"


def written_money(value: Any) -> str:
    """Write a sum or a range of sums as `money` reads it."""
    if not isinstance(value, Mapping):
        return ""
    exact = value.get("amount")
    return written_count(value if exact is None else exact, f"{value.get('currency') or ''} ".lstrip())


def _exact(value: Any) -> str:
    """Write a number so that it is read back as it is; three decimals alone would be taken for thousands."""
    written = number(value) or ""
    exact = Decimal(str(value)) if written else Decimal(0)
    if exact == exact.quantize(Decimal("0.01")):
        return written
    return f"{exact:f}0"


def _ends(text: str, example: str) -> Ends:
    text = " ".join(text.split())
    if len(text) > LONGEST:
        raise NotRead(f"This is too long to be read: write {example}.")
    least, most = bool(_LEAST.search(text)), bool(_MOST.search(text))
    bare = _MOST.sub(
        "", _LEAST.sub("", re.sub(r"^(?:between|about|some|~)\s*", "", text, flags=re.IGNORECASE))
    )
    parts = _RANGE.split(bare, maxsplit=1)
    read = [_single(_UNIT.sub("", part), example) for part in parts]
    currencies = {currency for _, _, currency in read if currency}
    if len(currencies) > 1:
        raise NotRead(f"These are two currencies: write both in one, such as {example}.")
    currency = currencies.pop() if currencies else None
    if len(read) == 1:
        value = read[0][0] * read[0][1]
        return (
            (value, None, currency)
            if least
            else (None, value, currency)
            if most
            else (value, value, currency)
        )
    (low, low_times, _), (high, high_times, _) = read
    # "20 to 50k" means twenty thousand.
    low *= high_times if low_times == 1 and low < high else low_times
    high *= high_times
    if low > high:
        raise NotRead(
            f"The second number is below the first: write the smaller one first, such as {example}."
        )
    return low, high, currency


def _single(text: str, example: str) -> tuple[Decimal, int, str | None]:
    found = _SUM.fullmatch(text.strip())
    if found is None:
        raise NotRead(f"This is not a number we can read: write {example}.")
    digits = re.sub(r"[\s\u00a0\u202f']", "", found["number"]).rstrip(",.")
    value = _decimal(digits, example)
    times = TIMES.get((found["times"] or "").lower(), 1)
    signs = [each for each in (found["before"], found["after"]) if each]
    codes = {SIGNS.get(sign, sign.upper()) for sign in signs}
    if len(codes) > 1 or not codes <= CURRENCIES:
        raise NotRead(f"This is not a currency in use: write {example}.")
    return value, times, codes.pop() if codes else None


def _decimal(digits: str, example: str) -> Decimal:
    """Read digits, thousands parted by commas and a decimal point; or by points, as on the Continent."""
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d{1,2}|\.\d{4,})?", digits):
        return Decimal(digits.replace(",", ""))
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+,\d{1,2}", digits):
        return Decimal(digits.replace(".", "").replace(",", "."))
    raise NotRead(f"This number can be read in two ways: write {example}.")


def _shaped(low: Decimal | None, high: Decimal | None) -> Any:
    if low is not None and low == high:
        return _plain(low)
    return {name: _plain(end) for name, end in (("from", low), ("to", high)) if end is not None}


def _plain(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)
