"""Say month by month what a project spends, what comes in, and what the business has to carry meanwhile.

Records say little of timing, so the plan says what it assumes. The project starts when the last of the
counted grants starts (few pay for what was spent before) and runs for the longest duration their records
give, the cost spread over its months in equal parts, the pennies that are over in the last; without a
duration all is spent in the month it starts. A grant paid in arrears comes in the month after the project
ends, one paid in advance in the month it starts itself; where the record does not say, it is taken to be
paid afterwards. A loan comes in the month it starts; what is repaid of it is not in the plan.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from knowledge_base.funding.shapes import CashMonth, CashPlan
from knowledge_base.funding.sums import ZERO, equal_parts
from knowledge_base.records import Money, Offer

MOST_MONTHS = 120
ADVANCE, ARREARS = "in_advance", "in_arrears"
TOO_LONG = "This would run for more than ten years, so it is not worked out month by month"


@dataclass(frozen=True, slots=True)
class Paying:
    """Money taken to come: from a grant or voucher, or lent."""

    offer: Offer
    amount: Decimal
    lent: bool


@dataclass(frozen=True, slots=True)
class Arrival:
    """The month some money is taken to come (its first day, None where no month can be given), in words."""

    month: date | None
    words: str


def cash_plan(
    cost: Money, paying: Sequence[Paying], starts: Mapping[str, date], on: date
) -> tuple[CashPlan, dict[str, Arrival]]:
    """Return the plan, and by offer when its money comes.

    ``cost`` is in whole pennies. ``starts`` gives the day each offer starts; one that is not there starts
    ``on`` the day asked.
    """
    if not cost.amount:
        return CashPlan((), None, None, ("There is nothing to spend",)), {}
    granted = [each for each in paying if not each.lent]
    begun = [starts.get(each.offer.id, on) for each in granted or paying] or [on]
    first = max(begun)
    weeks = max([each.offer.duration_weeks or 0 for each in granted], default=0)
    start, end = _month(first), _last_month(first, weeks)
    if end is None or end - start >= MOST_MONTHS:
        return CashPlan((), None, None, (TOO_LONG,)), {each.offer.id: _unsaid(each) for each in paying}
    came = {each.offer.id: _arrival(each, starts.get(each.offer.id, on), end) for each in paying}
    known = [_month(arrival.month) for arrival in came.values() if arrival.month]
    begin, finish = min([start, *known]), max([end, *known])
    if len(known) < len(came) or finish - begin >= MOST_MONTHS:
        return CashPlan((), None, None, (TOO_LONG,)), {each.offer.id: _unsaid(each) for each in paying}
    spent = dict(zip(range(start, end + 1), equal_parts(cost.amount, end - start + 1), strict=True))
    received: dict[int, Decimal] = {}
    for each in paying:
        month = _month(came[each.offer.id].month or first)
        received[month] = received.get(month, ZERO) + each.amount
    months = _run(range(begin, finish + 1), spent, received, cost.currency)
    peak = max(months, key=lambda month: month.carried.amount)
    return CashPlan(months, peak.carried, peak.month, _assumed(granted, paying, start, end, weeks)), came


def _run(
    span: range, spent: Mapping[int, Decimal], received: Mapping[int, Decimal], currency: str
) -> tuple[CashMonth, ...]:
    months, out = [], ZERO
    for each in span:
        gone, come = spent.get(each, ZERO), received.get(each, ZERO)
        out += gone - come
        sums = (Money(amount, currency) for amount in (gone, come, max(ZERO, out)))
        months.append(CashMonth(_day(each) or date.max, *sums))
    return tuple(months)


def _arrival(paying: Paying, start: date, end: int) -> Arrival:
    if paying.lent:
        return _at(_month(start), "at its start")
    if paying.offer.amount.paid == ADVANCE:
        return _at(_month(start), "at its start, as it is paid in advance")
    if paying.offer.amount.paid == ARREARS:
        return _at(end + 1, "the month after the project ends, as it is paid in arrears")
    lacking = "nor how long the project runs" if paying.offer.duration_weeks is None else ""
    unknown = f"when it pays is not known{', ' + lacking if lacking else ''}"
    arrival = _at(end + 1, "")
    return Arrival(arrival.month, f"{unknown}; taken to come afterwards, {arrival.words}")


def _at(month: int, why: str) -> Arrival:
    day = _day(month)
    name = f"in {month_words(day)}" if day else "after the year 9999"
    return Arrival(day, f"comes {name}, {why}" if why else name)


def _unsaid(paying: Paying) -> Arrival:
    said = {
        ADVANCE: "comes at its start, as it is paid in advance",
        ARREARS: "comes afterwards, as it is paid in arrears",
    }
    return Arrival(None, said.get(str(paying.offer.amount.paid), "when it pays is not known"))


def _assumed(
    granted: Sequence[Paying], paying: Sequence[Paying], start: int, end: int, weeks: int
) -> tuple[str, ...]:
    said = []
    one, last = _named(start), _named(end)
    if weeks:
        over = f"in equal parts from {one} to {last}" if end > start else f"in {one}"
        longest = "the longest duration recorded" if len(granted) > 1 else "the duration recorded"
        said.append(f"The cost is taken to be spent {over}: {longest} is {weeks} weeks")
    else:
        said.append(
            f"All of the cost is taken to be spent in {one}: no record says how long the project runs"
        )
    if len(granted) > 1:
        said.append(
            "The project is taken to start when the last of the grants does, as few pay for what is past"
        )
    if any(each.offer.amount.paid not in (ADVANCE, ARREARS) for each in granted):
        said.append("A grant whose record does not say when it pays is taken to pay afterwards")
    if any(each.offer.amount.paid != ADVANCE for each in granted):
        said.append("What is paid afterwards is taken to come in the month after the project ends")
    if any(each.lent for each in paying):
        said.append("A loan is taken to come when it starts; what you pay back is not counted here")
    return tuple(said)


def month_words(day: date) -> str:
    """Write a month: March 2027."""
    return f"{day:%B} {day.year}"


def _named(month: int) -> str:
    day = _day(month)
    return month_words(day) if day else ""


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1


def _day(month: int) -> date | None:
    year, place = divmod(month, 12)
    return date(year, place + 1, 1) if year <= date.max.year else None


def _last_month(first: date, weeks: int) -> int | None:
    """Return the month of the project's last day."""
    try:
        return _month(first + timedelta(days=max(0, weeks * 7 - 1)))
    except OverflowError:
        return None
