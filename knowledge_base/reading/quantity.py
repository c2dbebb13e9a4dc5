"""A number as told: the ends it lies between, what it counts, and where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Token:
    low: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number, or the ends between which it lies, at tokens ``start`` to ``end`` (excluded).

    ``kind`` is count, money (a currency or a multiplier such as k stands with it), year, ordinal or percent.
    ``said`` is the figure named when a hedge widened it.
    """

    low: Decimal | None
    high: Decimal | None
    start: int
    end: int
    kind: str = "count"
    currency: str | None = None
    said: Decimal | None = None

    @property
    def exact(self) -> Decimal | None:
        return self.low if self.low is not None and self.low == self.high else None
