"""Read cells in their usual spellings: days, amounts, shares, counts, lists. What is not plain is refused.

Each reader returns a value, or raises `Unread` with what is wrong and how to mend it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
          "november", "december")  # fmt: skip
SIGNS = {"£": "GBP", "€": "EUR", "$": "USD", "₹": "INR", "zł": "PLN", "ft": "HUF", "kr": ""}
_ISO = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?(?:[T ]\d\d:\d\d.*)?\Z")
_NUMERIC = re.compile(r"(\d{1,2})[./\- ](\d{1,2})[./\- ](\d{4}|\d\d)\Z")
_NAMED = re.compile(
    r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,? )?(?:(\d{1,2})(?:st|nd|rd|th)?(?: of)? )?"
    r"([a-z]{3,9})\.?,? (\d{4})\Z"
)
_MONTH_FIRST = re.compile(r"([a-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})\Z")
_PLAIN = re.compile(r"\d+(?:\.\d+)?(?:[eE][-+]?\d{1,3})?\Z")
_POINT = re.compile(r"\d{1,3}(?:[,' \u00a0\u202f]\d{3})+(?:\.\d+)?\Z|\d+(?:\.\d+)?\Z|\.\d+\Z")
_COMMA = re.compile(r"\d{1,3}(?:[.' \u00a0\u202f]\d{3})+(?:,\d+)?\Z|\d+(?:,\d+)?\Z")
_TIMES = {"": 1, "k": 1_000, "thousand": 1_000, "m": 1_000_000, "mn": 1_000_000, "million": 1_000_000,
          "bn": 10**9, "billion": 10**9}  # fmt: skip
_MONEY = re.compile(
    r"(?P<before>[£€$₹]|[A-Z]{3}(?=[ \d]))?\s*(?P<digits>[\d][\d.,' \u00a0\u202f]*|\.\d+)\s*"
    r"(?P<times>k|m|mn|bn|thousand|million|billion)?\s*(?P<after>[£€$₹]|zł|ft|kr\.?|[A-Z]{3}|pounds?|euros?)?\Z",
    re.IGNORECASE,
)
_UP_TO = re.compile(
    r"(?:up to|maximum(?: of)?|max\.?|at most|no more than|under|less than|fewer than|below)\s+(.+)\Z", re.I
)
_FROM = re.compile(r"(?:from|minimum(?: of)?|min\.?|at least|over|more than|above)\s+(.+)\Z", re.I)
_MOST = re.compile(r"(.+?)\s*\(?\b(?:max\.?|maximum|at most|or less)\)?\Z", re.I)
_QUOTED = re.compile(r"\[\s*'[^']*'(?:\s*,\s*'[^']*')*\s*\]\Z")
_OPEN = ("under", "less than", "fewer than", "below", "over", "more than", "above")
_TO = re.compile(r"(?:between |from )?(.+?)\s*(?:-|–|—|\bto\b|\band\b)\s*(.+)\Z", re.I)


class Unread(ValueError):
    """A cell that is not what its column should hold: what is wrong, and how to mend it."""

    def __init__(self, what: str, remedy: str) -> None:
        self.what, self.remedy = what, remedy
        super().__init__(f"{what}; {remedy}")


def text_of(cell: Any) -> str:
    """Return a cell as text; a whole number without a point, breaks of lines as one character."""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 10**15:
        return str(int(cell))
    if isinstance(cell, (list, dict)):
        return json.dumps(cell, ensure_ascii=False)
    return str(cell).replace("\r\n", "\n").replace("\r", "\n").strip()


def day_of(cell: Any, month_first: bool = False) -> str:
    """Return a day as 2027-03-31, or as 2027-03 or 2027 where no more is said."""
    text = " ".join(text_of(cell).split())
    iso = _ISO.match(text)
    if iso:
        year, month, day = iso.groups()
        _real(int(year), int(month or 1), int(day or 1), text)
        return "-".join(part for part in (year, month, day) if part)
    lower = text.casefold()
    numeric, named, american = _NUMERIC.match(lower), _NAMED.match(lower), _MONTH_FIRST.match(lower)
    if numeric:
        first, second, year = numeric.groups()
        day, month = (second, first) if month_first else (first, second)
        return _real(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day), text)
    if named and (number := _month(named[2])):
        return _real(int(named[3]), number, int(named[1]), text) if named[1] else f"{named[3]}-{number:02}"
    if american and (number := _month(american[1])):
        return _real(int(american[3]), number, int(american[2]), text)
    remedy = "write it as 2027-03-31 or 31 March 2027"
    if text.isdigit() and len(text) == 5:
        remedy = "in the spreadsheet, format the column as a date, then save it again"
    raise Unread("this is not a date", remedy)


def _real(year: int, month: int, day: int, text: str) -> str:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        swapped = 12 < month <= 31 and 1 <= day <= 12
        remedy = "say in the mapping that the month stands first" if swapped else "look at the calendar"
        raise Unread("there is no such day", remedy) from None


def _month(word: str) -> int | None:
    return next(
        (
            n
            for n, name in enumerate(MONTHS, 1)
            if len(word) > 2 and (name.startswith(word) or (word == "sept" and n == 9))
        ),
        None,
    )


def month_of(cell: Any) -> int:
    """Return the number of a month."""
    text = text_of(cell).casefold()
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 3 else _month(text) or 0
    if not 1 <= number <= 12:
        raise Unread("this is not a month", "write March, or 3")
    return number


def number_of(cell: Any, comma: bool = False, exact: bool = False) -> int | float:
    """Return a number; with ``comma`` that is what parts the decimals. Currencies are for `money_of`."""
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return _written(Decimal(str(cell)))
    text = text_of(cell)
    if exact and _PLAIN.match(text):
        return _written(Decimal(text))
    return money_of(text, comma)[0]


def money_of(cell: Any, comma: bool = False) -> tuple[int | float, str]:
    """Return an amount and its currency, empty where none is told."""
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return _written(Decimal(str(cell))), ""
    text = text_of(cell)
    found = _MONEY.match(text)
    if not found:
        raise Unread("this is not a number", "write digits alone, such as 5000")
    digits = found["digits"].strip()
    if not (_COMMA if comma else _POINT).match(digits):
        raise Unread("this is not a number", _how_parted(digits, comma))
    if not comma and re.fullmatch(r"\d{1,3}\.\d{3}", digits):
        what = f"{digits} may be {digits.replace('.', '')} or {digits.partition('.')[0]} and a bit"
        raise Unread(what, "write it without a point, or say in the mapping that a comma parts decimals")
    bare = re.sub(r"[^\d,.]", "", digits)
    bare = bare.replace(".", "").replace(",", ".") if comma else bare.replace(",", "")
    number = Decimal(bare) * _TIMES[(found["times"] or "").casefold()]
    return _written(number), _currency(found["before"] or "", found["after"] or "")


def _how_parted(digits: str, comma: bool) -> str:
    if not comma and re.fullmatch(r"[\d.]*\d,\d{1,2}", digits):
        return "say in the mapping that a comma parts decimals"
    return "write digits alone, such as 5000"


def _currency(before: str, after: str) -> str:
    told = set()
    for sign in (before.casefold().rstrip("."), after.casefold().rstrip(".")):
        if sign in SIGNS:
            told.add(SIGNS[sign])
        elif sign:
            told.add({"pound": "GBP", "pounds": "GBP", "euro": "EUR", "euros": "EUR"}.get(sign, sign.upper()))
    told.discard("")
    if len(told) > 1:
        raise Unread("it names two currencies", "keep the one that is meant")
    return told.pop() if told else ""


def _written(number: Decimal) -> int | float:
    if not number.is_finite() or number.adjusted() > 30:
        raise Unread("this number cannot be", "write the number itself")
    return int(number) if number == number.to_integral_value() else float(number)


def percent_of(cell: Any, comma: bool = False, exact: bool = False) -> int | float:
    """Return a share in percent; a bare number below 1 may mean either, and is refused."""
    text = text_of(cell)
    signed = re.fullmatch(r"(?:(?:up to|max(?:imum)?\.?(?: of)?) )?(.+?)\s*(?:%|per ?cent)", text, re.I)
    if signed:
        return number_of(signed[1], comma)
    number = number_of(cell, comma, exact)
    if not exact and 0 < number <= 1:
        raise Unread(
            f"{number} may be {number} % or {float(number) * 100:g} %", "write it with the sign: 50%"
        )
    return number


def range_of(cell: Any, comma: bool = False) -> tuple[int | float | None, int | float | None, str]:
    """Return the least and the most that a cell such as “£1,000 to £5,000” tells, and the currency.

    ``under 10`` stops at 9 and ``over 500`` begins at 501, as counts do; money said so is taken as the bound.
    """
    text = re.sub(r"(?<=\d|[km]) (?:and |, )?up to ", " to ", " ".join(text_of(cell).split()))
    if last := _MOST.match(text):
        text = f"up to {last[1]}" if not _TO.match(last[1]) else last[1]
    upper, lower, both = _UP_TO.match(text), _FROM.match(text), _TO.match(text)
    if both and not upper:
        try:
            high, currency = money_of(both[2], comma)
            low, other = money_of(_with_times(both[1], both[2], comma), comma)
        except Unread:
            pass
        else:
            if currency and other and currency != other:
                raise Unread("it names two currencies", "keep the one that is meant")
            if low > high:
                raise Unread(f"{low} is above {high}", "put the smaller one first")
            return low, high, currency or other
    if upper:
        high, currency = money_of(upper[1], comma)
        return None, high, currency
    if lower:
        low, currency = money_of(lower[1], comma)
        return low, None, currency
    if text.endswith("+"):
        low, currency = money_of(text[:-1], comma)
        return low, None, currency
    only, currency = money_of(text, comma)
    return None, only, currency


def _with_times(low: str, high: str, comma: bool) -> str:
    """Return the lower bound of “5-25k” as “5 k”: only the upper one says thousands, and means both."""
    first, second = _MONEY.match(low), _MONEY.match(high)
    if not first or not second or first["times"] or not second["times"]:
        return low
    below = money_of(first["digits"], comma)[0] <= money_of(second["digits"], comma)[0]
    return f"{low} {second['times']}" if below and not first["after"] else low


def count_of(cell: Any) -> tuple[int | None, int | None]:
    """Return how many people a cell such as “10-49”, “fewer than 250” or “250+” tells: both included."""
    text = re.sub(r"\s*(?:employees?|people|staff|fte|ftes)\b\.?", "", text_of(cell), flags=re.I).strip()
    low, high, currency = range_of(text)
    if currency or any(n is not None and n != int(n) for n in (low, high)):
        raise Unread("this is not a number of people", "write 5 to 249, or fewer than 250")
    begins = next((word for word in _OPEN if text.casefold().startswith(word)), "")
    least = None if low is None else int(low) + bool(begins)
    most = None if high is None else int(high) - bool(begins)
    return least, most


def list_of(cell: Any, separator: str = "", exact: bool = False) -> list[str]:
    """Return the values of a cell that may hold several: a JSON list, or parted by a sign.

    Without a ``separator`` the first of ``;``, ``|``, a line's end and ``,`` that is there parts them.
    """
    if isinstance(cell, list):
        return [text_of(each) for each in cell if text_of(each)]
    text = text_of(cell)
    if text.startswith("["):
        try:
            read = json.loads(text)
        except (ValueError, RecursionError):
            read = None
        if isinstance(read, list) and all(isinstance(each, (str, int, float)) for each in read):
            return [text_of(each) for each in read if text_of(each)]
        if not exact and _QUOTED.match(text):
            return [each for each in re.findall(r"'([^']*)'", text) if each.strip()]
    if exact:
        separator = ";"
    parted = separator or next((sign for sign in (";", "|", "\n", ",") if sign in text), ";")
    return [each.strip() for each in text.split(parted) if each.strip()]


def listed(values: Sequence[str]) -> str:
    """Write values into one cell so that `list_of` gives them back exactly."""
    if any(";" in each or each != each.strip() for each in values) or (values and values[0].startswith("[")):
        return json.dumps([*values], ensure_ascii=False)
    return "; ".join(values)


def json_of(cell: Any) -> Any:
    """Return what a cell in our own format holds."""
    if isinstance(cell, (list, dict)):
        return cell
    from knowledge_base.faults import BadCatalogue
    from knowledge_base.safe_files import read_json

    try:
        return _floats(read_json(text_of(cell), "cell"))
    except BadCatalogue as bad:
        raise Unread(
            "this is not in our own format", f"take the column out, or: {bad.faults[0].remedy}"
        ) from None


def _floats(value: Any) -> Any:
    if isinstance(value, Decimal):
        try:
            return _written(value)
        except InvalidOperation:
            raise Unread("a number in it cannot be", "write the number itself") from None
    if isinstance(value, list):
        return [_floats(each) for each in value]
    return {name: _floats(each) for name, each in value.items()} if isinstance(value, dict) else value
