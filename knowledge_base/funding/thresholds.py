"""Numbers set by law: each with its first and last day, where it holds, and the law it comes from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from knowledge_base.faults import BadRecord
from knowledge_base.fields import Fields
from knowledge_base.records import Money

FILE = "thresholds.yml"
FINANCIAL_YEARS = "current_and_two_previous_financial_years"
ANY_YEARS = "any_three_years"
COUNTED = (FINANCIAL_YEARS, ANY_YEARS)
# What the limits were called in databases that were filled before the field was there.
GIVEN_AS = {
    "uk_minimal_financial_assistance": "minimal financial assistance",
    "eu_de_minimis": "de minimis aid",
}
FIELDS = (
    *("name", "words", "given_as", "amount", "currency", "area", "period", "from", "until", "reference"),
    "source",
)


@dataclass(frozen=True, slots=True)
class Threshold:
    """One number set by law. It holds from ``since`` to ``until`` (both included) within ``area``.

    ``given_as`` is what public aid under it is called, and makes it a limit on small public aid; ``counted``
    says over which ``years`` aid is counted (one of `COUNTED`). A change of law is a new threshold of the
    same name.
    """

    name: str
    limit: Money
    since: date
    reference: str
    until: date | None = None
    area: str | None = None
    given_as: str | None = None
    years: int | None = None
    counted: str | None = None
    words: str | None = None

    def holds(self, on: date) -> bool:
        """Say whether it is the law on a day."""
        return self.since <= on and (self.until is None or on <= self.until)


def read_thresholds(listed: Iterable[Any], faults: list[BadRecord] | None = None) -> tuple[Threshold, ...]:
    """Read the entries of ``thresholds.yml``; an entry with a fault is left out, and noted in ``faults``."""
    return tuple(each for each in placed_thresholds(listed, [] if faults is None else faults) if each)


def placed_thresholds(listed: Iterable[Any], faults: list[BadRecord]) -> list[Threshold | None]:
    """Read each entry, keeping its place: None where it has a fault, which is noted."""
    return [_read(Fields({}, FILE, "", faults), i, raw) for i, raw in enumerate(listed)]


def _read(top: Fields, place: int, raw: Any) -> Threshold | None:
    before = len(top.faults)
    fields = top.inside(f"thresholds[{place}]", raw)
    if fields is None:
        return None
    fields.only(FIELDS)
    name, reference = fields.text("name", required=True), fields.text("reference", required=True)
    amount, currency = fields.number("amount"), fields.currency()
    start, end = fields.exact_day("from", required=True), fields.exact_day("until")
    if fields.raw.get("amount") is None:
        fields.fault("amount", "this is missing", "write the number the law sets")
    if fields.raw.get("currency") is None:
        fields.fault("currency", "this is missing", "write the currency the law sets it in")
    if start and end and end < start:
        fields.fault("until", f"{end} is before {start}", "put the later date in until")
    given_as, area = fields.text("given_as") or GIVEN_AS.get(name or ""), fields.one_id("area")
    if given_as and area is None:
        fields.fault("area", "this is missing", "say where this limit on public aid holds, such as uk or eu")
    period = fields.part("period")
    years = period.whole("years", 1, 10) if period else None
    counted = period.one_of("counted", COUNTED) if period else None
    if given_as and fields.raw.get("period") is None:
        remedy = "say over which years it is counted, such as {years: 3, counted: any_three_years}"
        fields.fault("period", "this is missing", remedy)
    words = fields.text("words")
    if len(top.faults) > before or name is None or amount is None or currency is None or start is None:
        return None
    limit = Money(amount, currency)
    return Threshold(name, limit, start, reference or "", end, area, given_as, years, counted, words)


def limits_on(thresholds: Sequence[Threshold], on: date) -> tuple[Threshold, ...]:
    """Return the limits on small public aid that hold on a day, in the order written."""
    return tuple(each for each in thresholds if each.given_as and each.area and each.holds(on))
