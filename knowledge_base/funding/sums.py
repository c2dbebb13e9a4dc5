"""Exact sums: pennies, shares of a cost, and what a grant needs beside it."""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_UP, Context, Decimal, localcontext

from knowledge_base.profile import MoneySpan
from knowledge_base.records import Money

ZERO = Decimal(0)
PENNY = Decimal("0.01")
HUNDRED = Decimal(100)
DEAREST = Decimal(10) ** 15  # as much as a record may say; a cost above it is not a cost
EXACT = Context(prec=60, rounding=ROUND_DOWN)  # a sum of 17 digits times a rate of 15 is exact in it


def told_cost(cost: Money | MoneySpan | None) -> Money | None:
    """Return the one sum a project is said to cost, or None where it is a range, unknown or impossible."""
    if isinstance(cost, MoneySpan):
        cost = Money(cost.low, cost.currency) if cost.exact and cost.low is not None else None
    if cost is None or not cost.amount.is_finite() or not ZERO <= cost.amount <= DEAREST:
        return None
    return cost


def pennies_down(amount: Decimal) -> Decimal:
    """Leave off what is less than a penny: nobody pays it."""
    return amount.quantize(PENNY, ROUND_DOWN, context=EXACT)


def pennies_up(amount: Decimal) -> Decimal:
    """Take a part of a penny as a whole one: it has to be found."""
    return amount.quantize(PENNY, ROUND_UP, context=EXACT)


def percent(rate: Decimal) -> Decimal:
    """Return a rate as it counts: nobody pays more than the whole cost."""
    return min(HUNDRED, max(ZERO, rate))


def share(whole: Decimal, rate: Decimal) -> Decimal:
    """Return this percentage of a whole, rounded down so that no rate is passed."""
    with localcontext(EXACT):
        return pennies_down(whole * percent(rate) / HUNDRED)


def cost_needed(amount: Decimal, rate: Decimal) -> Decimal:
    """Return the least cost of which ``amount`` is no more than this rate, rounded up to the penny."""
    if not amount:
        return ZERO
    with localcontext(EXACT):
        return pennies_up(amount * HUNDRED / percent(rate))


def equal_parts(whole: Decimal, count: int) -> list[Decimal]:
    """Divide whole pennies into equal parts; the last takes the pennies that are over."""
    part = pennies_down(whole / count)
    return [*[part] * (count - 1), whole - part * (count - 1)]
