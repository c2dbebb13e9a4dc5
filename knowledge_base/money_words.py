"""Write amounts as they are read, exactly: never rounded, never without their currency."""

from __future__ import annotations

from decimal import Decimal

_SIGNS = {"GBP": "£", "EUR": "€", "USD": "$"}


def money_words(amount: Decimal, currency: str | None) -> str:
    """Write an amount in a currency: £5,000, €12.50, SEK 100,000."""
    number = number_words(amount)
    if currency is None:
        return f"{number} (currency not known)"
    if "." in number and len(number.split(".")[1]) == 1:
        number += "0"
    sign = _SIGNS.get(currency.upper())
    return f"{sign}{number}" if sign else f"{currency.upper()} {number}"


def number_words(number: Decimal) -> str:
    """Write a number with commas and no idle zeros: 1,200 or 0.5."""
    if number == number.to_integral_value():
        return f"{int(number):,}"
    return f"{number.normalize():,f}"


def bounds_words(low: str | None, high: str | None) -> str:
    """Write what lies between two bounds, both included, either open."""
    if low is not None and high is not None:
        return f"{low} to {high}" if low != high else low
    if low is not None:
        return f"{low} or more"
    return f"up to {high}" if high is not None else "any number"
