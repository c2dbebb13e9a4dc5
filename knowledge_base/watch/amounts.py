"""Find sums of money and percentages in a text, as seven languages write them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

_CURRENCIES = {
    "£": "GBP", "gbp": "GBP", "pounds": "GBP", "pound": "GBP", "punt": "GBP",
    "€": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR", "eurot": "EUR", "eurós": "EUR",
    "sek": "SEK", "kronor": "SEK", "dkk": "DKK", "kroner": "DKK", "kr": "kr", "kr.": "kr",
    "pln": "PLN", "zł": "PLN", "zł.": "PLN", "złotych": "PLN", "zlotych": "PLN",
    "huf": "HUF", "ft": "HUF", "ft.": "HUF", "forint": "HUF", "$": "USD", "usd": "USD",
    "mkr": "kr", "tkr": "kr",
}  # fmt: skip
_TIMES = {
    "k": 3, "thousand": 3, "tausend": 3, "tusen": 3, "tusind": 3, "tys": 3, "ezer": 3, "mil": 3, "tkr": 3,
    "m": 6, "mn": 6, "mio": 6, "million": 6, "millionen": 6, "miljon": 6, "miljoner": 6, "millioner": 6,
    "mln": 6,
    "milion": 6, "miliony": 6, "milionów": 6, "millió": 6, "miliwn": 6, "mkr": 6,
    "bn": 9, "billion": 9, "mrd": 9, "milliarden": 9, "miljarder": 9, "milliarder": 9, "mld": 9,
    "milliárd": 9,
}  # fmt: skip
_SPACE = r"[ \u00a0\u202f]"
_NUMBER = (
    rf"\d{{1,3}}(?:(?:[.,'’]|{_SPACE})\d{{3}})+(?!\d)(?:[.,]\d{{1,2}}(?!\d))?|\d+(?:[.,]\d{{1,2}}(?!\d))?"
)
_TIMES_WORD = "|".join(sorted(_TIMES, key=len, reverse=True))
_AFTER = "|".join(re.escape(word) for word in sorted(_CURRENCIES, key=len, reverse=True))
_BEFORE = "£|€|\\$|gbp|eur|sek|dkk|pln|huf|kr\\.?|usd"
_PERCENT = (
    rf"{_SPACE}?(?:%|per{_SPACE}?cent\b|percent\b|prozent\b|procent\b|százalék\w*|y{_SPACE}cant\b|proc\.)"
)

_SUM = re.compile(
    rf"(?:(?P<before>{_BEFORE}){_SPACE}?)?(?<![\w.,])(?P<number>{_NUMBER})"
    rf"(?:{_SPACE}?-?(?P<times>{_TIMES_WORD})\b\.?)?(?:,?-(?!{_SPACE}?\d))?(?P<percent>{_PERCENT})?"
    rf"(?:{_SPACE}?-?(?:o{_SPACE})?(?P<after>{_AFTER})(?![^\W\d_]))?",
    re.I,
)
_TO = re.compile(
    rf"^{_SPACE}*(?:-|–|—|to|and|bis|till|til|do|és|och|og|und|i|a|hyd(?:{_SPACE}at)?){_SPACE}*$", re.I
)


@dataclass(frozen=True, slots=True)
class FoundAmount:
    """A sum or a share in a text. ``unit`` is a currency, "kr" where it may be one of two, or "%".

    ``side`` is "low" or "high" for the ends of a range, and empty for one that stands alone.
    """

    start: int
    end: int
    number: Decimal
    unit: str
    side: str = ""

    @property
    def value(self) -> str:
        """The amount as it is kept: "20000 GBP", "50 %"."""
        return f"{self.number.normalize():f} {self.unit}"


@dataclass(frozen=True, slots=True)
class _Raw:
    start: int
    end: int
    number: Decimal
    unit: str
    times: int


def amounts_in(text: str) -> list[FoundAmount]:
    """Return the sums and percentages in a text in order; a bare number is one only as the end of a range."""
    raws = [raw for match in _SUM.finditer(text) if (raw := _read(match)) is not None]
    out: list[FoundAmount] = []
    for at, raw in enumerate(raws):
        after = raws[at + 1] if at + 1 < len(raws) else None
        before = raws[at - 1] if at else None
        opens = after is not None and _TO.match(text[raw.end : after.start]) is not None
        closes = before is not None and _TO.match(text[before.end : raw.start]) is not None
        unit, times = raw.unit, raw.times
        if opens and after is not None and _same(unit, after.unit):
            # "10–20 million Ft", "£5-20k": the first end takes what the second says.
            if not times and after.times and raw.number < 1000:
                times = after.times
            unit = unit or after.unit
        elif closes and before is not None and _same(unit, before.unit):
            unit = unit or before.unit
        else:
            opens = closes = False
        if not unit:
            continue
        number = raw.number.scaleb(times)
        if number < Decimal(10) ** 15:
            out.append(
                FoundAmount(raw.start, raw.end, number, unit, "low" if opens else "high" if closes else "")
            )
    return out


def _same(one: str, other: str) -> bool:
    return one == other or (not one) != (not other)


def _read(match: re.Match[str]) -> _Raw | None:
    number = _number(match["number"])
    if number is None or len(match["number"]) > 20:
        return None
    after, times = (match["after"] or "").lower(), (match["times"] or "").lower()
    unit = "%" if match["percent"] else _CURRENCIES.get((match["before"] or after).lower(), "")
    power = _TIMES.get(times, 0) if not match["percent"] else 0
    if after in ("mkr", "tkr"):
        power = _TIMES[after]
    if times in ("mkr", "tkr"):
        unit = "kr"
    if times == "m" and not match["before"] and not after:
        return None  # metres
    return _Raw(match.start(), match.end(), number, unit, power)


def _number(written: str) -> Decimal | None:
    """Read 1,000.50 and 1.000,50 and 1 000: three digits after a mark are thousands."""
    digits = re.sub(r"[\s\u00a0\u202f'’]", "", written)
    end = re.search(r"[.,](\d{1,2})$", digits)
    whole = digits[: end.start()] if end else digits
    try:
        return Decimal(re.sub(r"[.,]", "", whole) + (f".{end[1]}" if end else ""))
    except InvalidOperation:
        return None


def same_unit(one: str, other: str) -> bool:
    """Say whether two units may be the same: "kr" is Swedish or Danish."""
    return one == other or {one, other} in ({"kr", "SEK"}, {"kr", "DKK"})
