"""The facts a business has told us; each may be unknown, or refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from knowledge_base.words import FACTS

LARGEST_NUMBER = Decimal(10) ** 15


class BadProfile(ValueError):
    """A profile that cannot be read; the message names the field and the way out."""


@dataclass(frozen=True, slots=True)
class Span:
    """A told number, or the range it lies in (both ends included)."""

    low: Decimal | None
    high: Decimal | None

    @property
    def exact(self) -> bool:
        return self.low is not None and self.low == self.high


@dataclass(frozen=True, slots=True)
class MoneySpan:
    """A told sum of money, or the range it lies in, in one currency."""

    low: Decimal | None
    high: Decimal | None
    currency: str

    @property
    def exact(self) -> bool:
        return self.low is not None and self.low == self.high


@dataclass(frozen=True, slots=True)
class Profile:
    """What one business has told us. ``None`` or empty is unknown; ``refused`` will not be told."""

    employees: Span | None = None
    place: str | None = None
    sector: str | None = None
    turnover: MoneySpan | None = None
    trading_months: Span | None = None
    legal_form: str | None = None
    stage: str | None = None
    amount: MoneySpan | None = None
    deadline: date | None = None
    languages: tuple[str, ...] = ()
    refuses: tuple[str, ...] = ()
    done: tuple[str, ...] = ()
    subsidy_received: MoneySpan | None = None
    refused: tuple[str, ...] = ()

    def told(self, fact: str) -> bool:
        """Say whether the business has told us this fact."""
        return getattr(self, fact) not in (None, ())


def parse_profile(raw: Mapping[str, Any]) -> Profile:
    """Read a profile as contracted: plain JSON values in, a Profile out.

    ``employees`` and ``trading_months`` take a number or ``{"from", "to"}``; money takes
    ``{"amount", "currency"}`` or ``{"from", "to", "currency"}``; ``deadline`` an ISO date.

    Raises:
        BadProfile: a field is unknown or cannot be read; the message says which, and what it takes.
    """
    if not isinstance(raw, Mapping):
        raise BadProfile(
            'the profile must be a mapping of facts, such as {"employees": 14, "place": "Dudley"}'
        )
    unknown = sorted(set(raw) - set(FACTS) - {"refused"})
    if unknown:
        raise BadProfile(f"{unknown[0]}: not a fact we know; use one of {', '.join(FACTS)}, refused")
    facts: dict[str, Any] = {}
    for name, value in raw.items():
        if value is None or value == "" or value == []:
            continue
        facts[name] = _READERS[name](name, value)
    return Profile(**facts)


def dump_profile(profile: Profile) -> dict[str, Any]:
    """Write a profile in the shape that `parse_profile` reads, leaving out what is unknown."""
    out: dict[str, Any] = {}
    for fact in (*FACTS, "refused"):
        value = getattr(profile, fact)
        if value in (None, ()):
            continue
        if isinstance(value, Span):
            out[fact] = (
                _plain(value.low) if value.exact else {"from": _plain(value.low), "to": _plain(value.high)}
            )
        elif isinstance(value, MoneySpan):
            sums = (
                {"amount": _plain(value.low)}
                if value.exact
                else {"from": _plain(value.low), "to": _plain(value.high)}
            )
            out[fact] = {**sums, "currency": value.currency}
        elif isinstance(value, date):
            out[fact] = value.isoformat()
        elif isinstance(value, tuple):
            out[fact] = list(value)
        else:
            out[fact] = value
    return out


def _plain(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def _number(name: str, value: Any) -> Decimal | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float, str, Decimal)):
        raise BadProfile(
            f'{name}: {str(value)[:60]!r} is not a number; write it as 14 or {{"from": 10, "to": 15}}'
        )
    try:
        number = Decimal(str(value))
    except ValueError:
        raise BadProfile(
            f"{name}: this number is too long; write one of at most {LARGEST_NUMBER:,}"
        ) from None
    except InvalidOperation:
        raise BadProfile(f"{name}: {str(value)[:60]!r} is not a number; write it as 14") from None
    if not number.is_finite() or number < 0:
        raise BadProfile(f"{name}: {str(value)[:60]} cannot be; write a number of zero or more")
    if number > LARGEST_NUMBER or len(number.as_tuple().digits) > 30 or (number and number.adjusted() < -10):
        raise BadProfile(f"{name}: this number is too long; write one of at most {LARGEST_NUMBER:,}")
    return number


def _ends(name: str, value: Mapping[str, Any]) -> tuple[Decimal | None, Decimal | None]:
    low, high = _number(f"{name}.from", value.get("from")), _number(f"{name}.to", value.get("to"))
    if low is None and high is None:
        raise BadProfile(f'{name}: give a number, or a range with "from", "to" or both')
    if low is not None and high is not None and low > high:
        raise BadProfile(f'{name}: {high} is below {low}; put the smaller end in "from"')
    return low, high


def _span(name: str, value: Any) -> Span:
    if isinstance(value, Mapping):
        return Span(*_ends(name, value))
    number = _number(name, value)
    return Span(number, number)


def _money(name: str, value: Any) -> MoneySpan:
    if not isinstance(value, Mapping):
        raise BadProfile(f'{name}: money needs a currency; write {{"amount": 50000, "currency": "GBP"}}')
    currency = value.get("currency")
    if not isinstance(currency, str) or len(currency) != 3 or not currency.isalpha():
        raise BadProfile(
            f"{name}.currency: {str(currency)[:20]!r} is not a currency; "
            "use three letters such as GBP, EUR or SEK"
        )
    if "amount" in value:
        number = _number(f"{name}.amount", value["amount"])
        if number is not None:
            return MoneySpan(number, number, currency.upper())
    return MoneySpan(*_ends(name, value), currency.upper())


def _word(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise BadProfile(f"{name}: {str(value)[:60]!r} is not text")
    return value.strip()[:200]


def code(text: str) -> str:
    """Spell a word as the closed lists do: lower case, with underscores for spaces and hyphens."""
    return text.strip()[:200].lower().replace(" ", "_").replace("-", "_")


def _code(name: str, value: Any) -> str:
    return code(_word(name, value))


def _words(name: str, value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, (list, tuple)):
        raise BadProfile(f'{name}: write a list, such as ["loan"]')
    return tuple(dict.fromkeys(_word(name, v) for v in value))


def _day(name: str, value: Any) -> date:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise BadProfile(f"{name}: {str(value)[:60]!r} is not a date; write it as 2027-03-31") from None


_READERS = {
    "employees": _span,
    "place": _word,
    "sector": _code,
    "turnover": _money,
    "trading_months": _span,
    "legal_form": _code,
    "stage": _code,
    "amount": _money,
    "deadline": _day,
    "languages": _words,
    "refuses": _words,
    "done": _words,
    "subsidy_received": _money,
    "refused": _words,
}
