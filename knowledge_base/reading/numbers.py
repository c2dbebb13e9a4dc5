"""Find the numbers in a message: digits or words, ranges, hedges, bounds, currencies.

Rules of ours: a hedge ("about", "ish", "or so") makes a range of 15 % either side, rounded outwards, so
"about a dozen" is 10 to 14. "Over 20" leaves the top open and, for a count, starts at 21. "A couple" is 2 or
3.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from knowledge_base.reading.hedges import hedged
from knowledge_base.reading.lists import listed
from knowledge_base.reading.quantity import Quantity, Token

LONGEST_NUMBER = 15

_ONES = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
)
_UNITS = {word: number for number, word in enumerate(_ONES.split(), 1)}
_TEN_WORDS = "twenty thirty forty fifty sixty seventy eighty ninety"
_TENS = {word: 10 * number for number, word in enumerate(_TEN_WORDS.split(), 2)}
_TENS["fourty"] = 40
_GROUPS = {"dozen": 12, "hundred": 100, "thousand": 1_000, "million": 1_000_000}
_MULTIPLIERS = {
    "k": 1_000,
    "grand": 1_000,
    "thousand": 1_000,
    "thou": 1_000,
    "tusen": 1_000,
    "tys": 1_000,
    "m": 1_000_000,
    "mn": 1_000_000,
    "tusind": 1_000,
    "tysięcy": 1_000,
    "tysiące": 1_000,
    "ezer": 1_000,
    "millió": 1_000_000,
    "milion": 1_000_000,
    "miliony": 1_000_000,
    "milionów": 1_000_000,
    "millionen": 1_000_000,
    "millioner": 1_000_000,
    "mil": 1_000_000,
    "mill": 1_000_000,
    "million": 1_000_000,
    "millions": 1_000_000,
    "mio": 1_000_000,
    "mln": 1_000_000,
    "miljoner": 1_000_000,
    "bn": 1_000_000_000,
}
_JOINED_MULTIPLIERS = {
    "tkr": (1_000, "kr"),
    "mkr": (1_000_000, "kr"),
    "tsek": (1_000, "SEK"),
    "ksek": (1_000, "SEK"),
    "msek": (1_000_000, "SEK"),
    "tdkk": (1_000, "DKK"),
    "mdkk": (1_000_000, "DKK"),
    "meur": (1_000_000, "EUR"),
    "keur": (1_000, "EUR"),
    "kpln": (1_000, "PLN"),
}
_CUT_SHORT = frozenset({"tys", "mio", "mln", "mil", "mill", "mn"})
# "one" by itself is a pronoun more often than a number.
_SIGNS = {"£": "GBP", "€": "EUR", "$": "USD"}
_CURRENCIES = {
    "gbp": "GBP",
    "pound": "GBP",
    "pounds": "GBP",
    "quid": "GBP",
    "sterling": "GBP",
    "eur": "EUR",
    "euro": "EUR",
    "euros": "EUR",
    "sek": "SEK",
    "dkk": "DKK",
    "kr": "kr",
    "kronor": "SEK",
    "kroner": "kr",
    "pln": "PLN",
    "zł": "PLN",
    "zl": "PLN",
    "zloty": "PLN",
    "złoty": "PLN",
    "złotych": "PLN",
    "zlotys": "PLN",
    "huf": "HUF",
    "forint": "HUF",
    "forints": "HUF",
    "usd": "USD",
    "dollars": "USD",
}


def quantities(tokens: Sequence[Token]) -> list[Quantity]:
    """Return the numbers in order, none overlapping another."""
    lows = [token.low for token in tokens]
    found: list[Quantity] = []
    at = floor = 0
    while at < len(tokens):
        quantity = _range(tokens, lows, at)
        if quantity is None:
            at += 1
            continue
        quantity = hedged(lows, quantity, floor)
        found.append(quantity)
        at = floor = quantity.end
    return found


def _range(tokens: Sequence[Token], lows: list[str], at: int) -> Quantity | None:
    first = _single(tokens, lows, at)
    if first is None or first.kind in {"ordinal", "percent"} or first.end >= len(lows):
        return first
    between = at > 0 and lows[at - 1] == "between"
    joiners = {"and", "-", "–"} if between else {"-", "–", "to", "or"}
    if lows[first.end] not in joiners:
        return first
    second = _single(tokens, lows, first.end + 1)
    if second is None or second.kind in {"ordinal", "percent"} or first.low is None or second.low is None:
        return first
    if {first.kind, second.kind} & {"year"}:
        return first
    low, high = first.low, second.low
    factor = _factor(lows, second)
    shared = first.kind != "money" or _factor(lows, first) == 1
    if shared and factor > 1 and low * factor < high:
        low *= factor
    if low >= high:
        return first
    currency = second.currency or first.currency
    kind = "money" if "money" in (first.kind, second.kind) else "count"
    return Quantity(low, high, at - between, second.end, kind, currency)


def _factor(lows: list[str], quantity: Quantity) -> int:
    for word in lows[quantity.start : quantity.end]:
        if word in _MULTIPLIERS:
            return _MULTIPLIERS[word]
        if word in _JOINED_MULTIPLIERS:
            return _JOINED_MULTIPLIERS[word][0]
    return 1


def _single(tokens: Sequence[Token], lows: list[str], at: int) -> Quantity | None:
    """Read one number with its sign, multiplier and currency, if one starts here."""
    currency: str | None = None
    number_at = at
    if at < len(lows) and at + 1 < len(lows):
        if lows[at] in _SIGNS:
            currency, number_at = _SIGNS[lows[at]], at + 1
        elif tokens[at].text in {"GBP", "EUR", "SEK", "DKK", "PLN", "HUF", "USD"}:
            currency, number_at = tokens[at].text, at + 1
    if number_at >= len(lows):
        return None
    digits = lows[number_at][0].isdigit() and lows[number_at][0].isascii()
    read = _digits(tokens, lows, number_at, currency) if digits else _words(lows, number_at)
    if read is None:
        return None
    value, end, range_top = read
    joined = end < len(lows) and tokens[end].start == tokens[end - 1].end
    if digits and joined and currency is None and lows[end] in {"st", "nd", "rd", "th"}:
        return Quantity(value, value, at, end + 1, "ordinal")
    if (end < len(lows) and lows[end] in {"%", "percent"}) or lows[end : end + 2] == ["per", "cent"]:
        return Quantity(value, value, at, end + (2 if lows[end] == "per" else 1), "percent")
    large = bool({"thousand", "million"} & set(lows[number_at:end]))
    value, end, currency, money = _units(tokens, lows, value, end, currency)
    money = money or large
    top = range_top if range_top is not None and not money else value
    bare_year = digits and not money and end == number_at + 1 and len(lows[number_at]) == 4
    if bare_year and lows[number_at].isdigit() and 1800 <= value <= 2100:
        return Quantity(value, value, at, end, "year")
    return Quantity(value, top, at, end, "money" if money else "count", currency)


def _units(
    tokens: Sequence[Token], lows: list[str], value: Decimal, end: int, currency: str | None
) -> tuple[Decimal, int, str | None, bool]:
    money = currency is not None
    odd = next((n for n in (2, 1) if lows[end : end + n] == ["-", "odd"][2 - n :]), 0)  # "thirty-odd grand"
    if odd and end + odd < len(lows) and lows[end + odd] in _MULTIPLIERS:
        end += odd
    if end < len(lows):
        word = lows[end]
        touching = tokens[end].start == tokens[end - 1].end
        if word in _JOINED_MULTIPLIERS:
            factor, own = _JOINED_MULTIPLIERS[word]
            return value * factor, end + 1, own, True
        if word in _MULTIPLIERS and (touching or money or word != "m"):
            value, end, money = value * _MULTIPLIERS[word], end + 1, True
            if word in _CUT_SHORT and lows[end : end + 1] == ["."]:  # "1,5 Mio. Euro"
                end += end + 1 < len(lows) and _currency_at(tokens, end + 1) is not None
        elif word == "and" and lows[end + 1 : end + 3] == ["a", "half"]:
            factor = _MULTIPLIERS.get(lows[end + 3], 0) if end + 3 < len(lows) else 0
            if factor:
                value, end, money = (value + Decimal("0.5")) * factor, end + 4, True
    if currency is None and end < len(lows):
        after = _currency_at(tokens, end)
        if after is not None and (after != "HUF" or value >= 1000 or lows[end] != "ft"):
            currency, end, money = after, end + 1, True
    elif currency is not None and end < len(lows) and _CURRENCIES.get(lows[end]) == currency:
        end += 1
    return value, end, currency, money


def _currency_at(tokens: Sequence[Token], at: int) -> str | None:
    """Name the currency written after a number; a sign that touches the next number belongs to that."""
    token = tokens[at]
    if token.low in _SIGNS:
        next_one = tokens[at + 1] if at + 1 < len(tokens) else None
        free = next_one is None or next_one.start > token.end or not next_one.low[0].isdigit()
        return _SIGNS[token.low] if free else None
    return "HUF" if token.text == "Ft" else _CURRENCIES.get(token.low)


def _digits(
    tokens: Sequence[Token], lows: list[str], at: int, currency: str | None
) -> tuple[Decimal, int, Decimal | None] | None:
    text, end = lows[at], at + 1
    if len(text) > LONGEST_NUMBER:
        return None
    if text.isdigit() and len(text) <= 3:
        joined = text
        while (
            end < len(lows) and len(lows[end]) == 3 and lows[end].isdigit() and len(joined) < LONGEST_NUMBER
        ):
            if tokens[end].start != tokens[end - 1].end + 1:
                break
            joined, end = joined + lows[end], end + 1
        after = lows[end] if end < len(lows) else ""
        if end > at + 1 and (currency or after in _CURRENCIES or after in _SIGNS or after == "ft"):
            return Decimal(joined), end, None
        end = at + 1
    if "," in text and text[-3:-2] == "." and text.rfind(",") < len(text) - 3:
        text = text.replace(",", "")
    whole = text.replace(",", "").replace(".", "")
    groups = text.replace(",", ".").split(".")
    after = lows[end] if end < len(lows) else ""
    thousands = len(groups) > 1 and len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])
    if thousands and not (len(groups) == 2 and "." in text and after in _MULTIPLIERS):
        return Decimal(whole), end, None
    if len(groups) > 2:
        return None
    return Decimal(text.replace(",", ".")), end, None


def _words(lows: list[str], at: int) -> tuple[Decimal, int, Decimal | None] | None:
    """Read a number in words; the third member is the top of a vague word such as "couple"."""
    start = lows[at : at + 5]
    if start[:3] == ["half", "a", "dozen"]:
        return Decimal(6), at + 3, None
    if start[:3] == ["half", "a", "million"]:
        return Decimal(500_000), at + 3, None
    if start == ["three", "quarters", "of", "a", "million"]:
        return Decimal(750_000), at + 5, None
    if start[:4] == ["quarter", "of", "a", "million"]:
        return Decimal(250_000), at + 4, None
    if start[:2] in (["a", "couple"], ["couple", "of"]):
        return Decimal(2), at + 2 + (start[2:3] == ["of"]), Decimal(3)
    if start[:4] == ["a", "million", "and", "a"] and start[4:] == ["half"]:
        return Decimal(1_500_000), at + 5, None
    if start[:1] == ["a"] and start[1:2] in (["hundred"], ["thousand"]) and start[2:3] == ["and"]:
        whole = _counted_words(["one", *lows[at + 1 : at + 12]], 0)
        if whole is not None and whole[1] > 2:
            return whole[0], at + whole[1], None
    if start[:1] == ["a"] and start[1:2] and start[1] in _GROUPS:
        rest = _counted_words(lows, at + 3) if start[2:3] == ["and"] else None
        if rest is not None and rest[0] < _GROUPS[start[1]] and start[1] in {"hundred", "thousand"}:
            return _GROUPS[start[1]] + rest[0], rest[1], None
        return Decimal(_GROUPS[start[1]]), at + 2, None
    return _counted_words(lows, at)


def _counted_words(lows: list[str], at: int) -> tuple[Decimal, int, Decimal | None] | None:
    total = current = 0
    end, seen, last = at, False, ""
    while end < len(lows) and end - at < 12:
        word = lows[end]
        if word in _UNITS and last in {"", "ten", "hundred", "thousand", "and"}:
            current, last = current + _UNITS[word], "unit"
        elif word in _TENS and last in {"", "hundred", "thousand", "and"}:
            current, last = current + _TENS[word], "ten"
        elif word in {"hundred", "dozen"} and seen and last in {"unit", "ten"}:
            current, last = current * _GROUPS[word], "hundred"
        elif word in {"thousand", "million"} and seen and last != word:
            total, current, last = total + current * _GROUPS[word], 0, "thousand"
        elif word == "-" and last == "ten" and end + 1 < len(lows) and 0 < _UNITS.get(lows[end + 1], 0) < 10:
            end += 1
            continue
        elif word == "and" and last in {"hundred", "thousand"} and end + 1 < len(lows):
            if lows[end + 1] not in _UNITS and lows[end + 1] not in _TENS:
                break
            last, end = "and", end + 1
            continue
        else:
            break
        if last == "unit" and end > at and lows[end - 1] in _TENS and _UNITS[word] > 9:
            return None
        seen, end = True, end + 1
    lone_one = (
        end == at + 1
        and lows[at] == "one"
        and (lows[end] if end < len(lows) else "") not in listed("numbers.after_one")
    )
    return (Decimal(total + current), end, None) if seen and not lone_one else None
