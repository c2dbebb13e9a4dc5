"""The cash a business carries, month by month, as a drawing's coordinates: the template only draws them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bot.web.formats import sum_of

NICE = (1, 2, 2.5, 5, 10)


@dataclass(frozen=True)
class Carried:
    """One month's sums, in one currency."""

    month: date
    spent: Decimal
    received: Decimal
    carried: Decimal

    @property
    def name(self) -> str:
        return f"{self.month:%B} {self.month.year}"


@dataclass(frozen=True)
class Bar:
    """One month: a bar from ``y`` down by ``height``; ``received`` where money comes in that month."""

    x: float
    y: float
    width: float
    height: float
    middle: float
    most: bool
    received: bool
    label: str
    label_x: float


@dataclass(frozen=True)
class Line:
    y: float
    label: str


@dataclass(frozen=True)
class CashDrawing:
    width: int
    height: int
    left: int
    right: int
    floor: float
    bars: tuple[Bar, ...]
    lines: tuple[Line, ...]
    most: str
    most_x: float
    most_y: float


def cash_drawings(months: Sequence[Carried], currency: str) -> tuple[CashDrawing, CashDrawing] | None:
    """Draw the months for a wide page and for a phone; None where there are no bars to compare."""
    if len(months) < 2 or not any(each.carried for each in months):
        return None
    return (
        _drawing(months, currency, width=760, left=104, height=260, labels=9),
        _drawing(months, currency, width=330, left=0, height=230, labels=4),
    )


def _drawing(
    months: Sequence[Carried], currency: str, *, width: int, left: int, height: int, labels: int
) -> CashDrawing:
    top, floor, right = 34, height - 52, width - 4
    highest = max(each.carried for each in months)
    step = _step(highest)
    scale = Decimal(floor - top) / max(highest, step)
    slot = (right - left) / len(months)
    # A few months stand close together at the left instead of as broad blocks.
    slot = min(slot, 92.0)
    thick = round(slot * 0.64, 1)
    every = -(-len(months) // labels)
    peak = next(i for i, each in enumerate(months) if each.carried == highest)
    bars = []
    for i, each in enumerate(months):
        tall = round(float(each.carried * scale), 1)
        x = round(left + i * slot + (slot - thick) / 2, 1)
        year = i == 0 or each.month.month == 1 or every > 1
        label = f"{each.month:%b}{' ' + str(each.month.year) if year else ''}" if i % every == 0 else ""
        bars.append(
            Bar(
                x=x,
                y=round(floor - tall, 1),
                width=thick,
                height=tall,
                middle=round(x + thick / 2, 1),
                most=i == peak,
                received=each.received > 0,
                label=label,
                label_x=_inside(x + thick / 2, 3.6 * len(label), width),
            )
        )
    lines = tuple(
        Line(round(float(floor - step * n * scale), 1), sum_of(step * n, currency) or "")
        for n in range(int(highest / step) + 1)
        if left or not n  # without room for figures only the floor is drawn
    )
    most = sum_of(highest, currency) or ""
    most_x = _inside(bars[peak].middle, 4.6 * len(most), width)
    return CashDrawing(width, height, left, right, floor, tuple(bars), lines, most, most_x, bars[peak].y - 9)


def _inside(middle: float, half: float, width: int) -> float:
    """Move a text so that none of it lies outside."""
    return round(min(max(middle, half), width - half), 1)


def _step(highest: Decimal) -> Decimal:
    """Return a round step that divides the height into two to five parts."""
    size = Decimal(10) ** (highest.adjusted() - 1)
    steps = (Decimal(str(nice)) * size * 10**power for power in (0, 1) for nice in NICE)
    return next(step for step in steps if highest / step <= 5)
