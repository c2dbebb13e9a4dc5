"""What one row says of each field, gathered from its columns and put together at its end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from knowledge_base.interchange import conditions
from knowledge_base.interchange.closed_lists import Words
from knowledge_base.interchange.faults import RowFault, cell_fault
from knowledge_base.interchange.mapping import ColumnMap
from knowledge_base.interchange.targets import TARGETS, Target


@dataclass
class Read:
    """What one row says. ``given`` is by path; ``unknown`` are the values no list knows, by column."""

    row: int
    given: dict[str, Any] = field(default_factory=dict)
    emptied: list[str] = field(default_factory=list)
    conditions: list[dict[str, Any]] = field(default_factory=list)
    provider_name: str = ""
    provider_type: str = ""
    faults: list[RowFault] = field(default_factory=list)
    unknown: list[tuple[str, str]] = field(default_factory=list)


class Gathered:
    """What the columns read so far say. One column gives, another may say it better; the end joins them."""

    def __init__(self, mapping: ColumnMap, words: Words, row: int) -> None:
        self.mapping, self.words = mapping, words
        self.found = Read(row)
        self.bands: list[tuple[int | None, int | None]] = []
        self.limits: dict[str, Any] = {}
        self.facets: dict[str, list[str]] = {}
        self.currencies: dict[str, str] = {}
        self.notes: dict[str, list[str]] = {}

    def fault(self, column: str, what: str, remedy: str, value: Any = "") -> None:
        """Note what is wrong with a cell of this row."""
        self.found.faults.append(cell_fault(self.found.row, column, what, remedy, value))

    def _give(self, target: Target, value: Any) -> None:
        if target.path == "provider.type":
            self.found.provider_type = value
        elif target.path.startswith("criterion."):
            self._condition(target, value)
        elif target.many:
            before = self.found.given.get(target.path, [])
            self.found.given[target.path] = [*dict.fromkeys([*before, *value])]
        else:
            self.found.given[target.path] = value

    def _condition(self, target: Target, value: Any) -> None:
        self.limits[target.path.removeprefix("criterion.")] = value

    def finished(self) -> Read:
        """Put together what several columns say."""
        self._from_facets()
        self._one_currency()
        found = self.found
        given, limits = found.given, self.limits
        for path, notes in self.notes.items():
            given[path] = "; ".join(filter(None, (given.get(path), *notes)))
        if limits.get("status"):
            given.setdefault("window.status", limits["status"])
        elif not self.mapping.exact and ("window.opens" in given or "window.closes" in given):
            given.setdefault("window.status", "dated")
        least, most = limits.get("employees.min"), limits.get("employees.max")
        if least is not None or most is not None:
            self.bands.append((None if least is None else int(least), None if most is None else int(most)))
        found.conditions[:0] = [*self._tested()]
        return found

    def _tested(self) -> Iterator[dict[str, Any]]:
        limits = self.limits
        yield from conditions.employs(self.bands)
        low, high = limits.get("turnover.min"), limits.get("turnover.max")
        if low is not None or high is not None:
            currency = self.currencies.get("turnover") or self.found.given.get("amount.currency")
            currency = currency or self.mapping.fixed.get("amount.currency")
            if currency:
                yield conditions.turns_over(low, high, currency)
            else:
                column = self.mapping.column_of("criterion.turnover.max") or "turnover"
                self.fault(
                    column, "the currency is not told", "choose the currency of all rows in the mapping"
                )
        if limits.get("trading_months.min"):
            yield conditions.has_traded(limits["trading_months.min"])
        for fact in ("sector", "stage", "legal_form"):
            codes, words = limits.get(fact, ()), limits.get(f"{fact} in words", ())
            if codes or words:
                yield from conditions.is_one_of(fact, codes, words)

    def _from_facets(self) -> None:
        kinds: list[str] = []
        for group, told in self.facets.items():
            meant = [self.words.meant[group][value] for value in dict.fromkeys(told)]
            whole = len(meant) == len(self.words.meant[group])
            for each in meant:
                kinds += [each["kind"]] if each.get("kind") else []
                for path in ("needs", "stages", "areas"):
                    if each.get(path):
                        self._give(TARGETS["offer"][path], each[path])
                if each.get("employees"):
                    low, high = each["employees"]
                    self.bands.append((low, high))
                for fact in ("stage", "sector"):
                    self.limits.setdefault(fact, []).extend(() if whole else each.get(fact) or ())
                if each.get("words") and not whole:
                    self.limits.setdefault("sector in words", []).append(each["words"])
        if {"england", "scotland", "wales", "northern-ireland"} <= {*self.found.given.get("areas", ())}:
            self.found.given["areas"] = ["uk"]
        self._kind_of_facets([*dict.fromkeys(kinds)])

    def _kind_of_facets(self, kinds: list[str]) -> None:
        if "kind" in self.found.given or "types_of_support" not in self.facets:
            return
        column = self.mapping.column_of("facet.types_of_support")
        if len(kinds) > 1 and self.mapping.several == "refuse":
            self.fault(
                column,
                f"it names {len(kinds)} kinds: {', '.join(kinds)}",
                "choose one, or let the first count",
            )
        elif kinds:
            self.found.given["kind"] = kinds[0]

    def _one_currency(self) -> None:
        told = {currency for path, currency in self.currencies.items() if path != "turnover"}
        given = self.found.given.get("amount.currency")
        if given:
            told.add(given)
        if len(told) > 1:
            self.fault(
                "", f"its amounts are in {' and '.join(sorted(told))}", "keep the currency that is meant"
            )
        elif told and any(path.startswith("amount.") for path in self.found.given):
            self.found.given.setdefault("amount.currency", told.pop())
