"""How days, money and codes are written for people."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlsplit

SIGNS = {"GBP": "£", "EUR": "€", "USD": "$"}
UNKNOWN = "not known"


def as_day(value: Any) -> date | None:
    """Read a day as JSON carries it, or None."""
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None


def day(value: Any) -> str:
    """Write a day as 21 November 2026; whatever is no day stays as it is written."""
    found = as_day(value)
    if found is None:
        return str(value or "")
    return f"{found.day} {found:%B} {found.year}"


def number(value: Any) -> str | None:
    """Write a number with thousands separated and no needless decimals, or None when it is none."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str, Decimal)):
        return None
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        return None
    if not found.is_finite():
        return None
    return f"{found:,.0f}" if found == found.to_integral_value() else f"{found:,.2f}"


def sum_of(value: Any, currency: str | None) -> str | None:
    """Write a sum as £5,000 or SEK 5,000, or None when there is none."""
    plain = number(value)
    if plain is None:
        return None
    if currency in SIGNS:
        return f"{SIGNS[currency]}{plain}"
    return f"{currency} {plain}" if currency else plain


def amount(value: Any) -> str | None:
    """Write ``{"amount"|"from","to", "currency"}``, a bare number or words; None when nothing is told."""
    if not isinstance(value, Mapping):
        return number(value) or (value if isinstance(value, str) and value else None)
    currency = value.get("currency")
    if value.get("words"):
        return str(value["words"])
    exact = sum_of(value.get("amount"), currency)
    low, high = sum_of(value.get("from"), currency), sum_of(value.get("to"), currency)
    if exact or not (low or high):
        return exact
    if low and high:
        return f"{low} to {high}"
    return f"{low} or more" if low else f"up to {high}"


def humanised(code: Any) -> str:
    """Write a code from a closed list as words: export_markets becomes export markets."""
    return str(code).replace("_", " ")


def sentence(text: Any) -> str:
    """Begin with a capital."""
    told = str(text)
    return told[:1].upper() + told[1:]


def joined(items: list[str]) -> str:
    """Write a list as people do: one, two and three."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}" if items else ""


def web_address(value: Any) -> str | None:
    """Return the address when it is an http(s) one, else None: nothing else becomes a link."""
    if not isinstance(value, str):
        return None
    try:
        parts = urlsplit(value.strip())
    except ValueError:
        return None
    return value.strip() if parts.scheme in {"http", "https"} and parts.netloc else None


def site_of(address: str) -> str:
    """Return the site an address leads to, as people say it: without a port, a name or ``www.``."""
    return (urlsplit(address).hostname or "").removeprefix("www.")
