"""Read one row by a mapping: what it says of each field, and what of it cannot be read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from knowledge_base.currencies import CURRENCIES, currency_fault
from knowledge_base.interchange import conditions, values
from knowledge_base.interchange.closed_lists import Words, plain
from knowledge_base.interchange.faults import RowFault, cell_fault
from knowledge_base.interchange.mapping import LEAVE_OUT, Column, ColumnMap
from knowledge_base.interchange.tables import Row
from knowledge_base.interchange.targets import TARGETS, Target
from knowledge_base.interchange.values import Unread

_MONEY = ("amount.min", "amount.max", "amount.cost_to_business", "amount.range")


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


class RowReader:
    """Reads rows by one mapping. Nothing is kept between rows but the words that are known."""

    def __init__(self, mapping: ColumnMap, words: Words) -> None:
        self.mapping, self.words = mapping, words
        self.targets = TARGETS[mapping.record_type]
        self._told = {
            each.column: {plain(value): to for value, to in each.values.items()} for each in mapping.columns
        }

    def read(self, row: Row) -> Read:
        """Return what a row says; faults are in it, none is raised."""
        reading = _Reading(self, row)
        for each in self.mapping.columns:
            target = self.targets[each.to]
            cell = row.cells.get(each.column)
            if cell is None:
                reading.found.emptied += [target.path] if target.own else []
                continue
            try:
                reading.take(each, target, cell)
            except Unread as unread:
                reading.fault(each.column, unread.what, unread.remedy, cell)
        for path, text in self.mapping.fixed.items():
            if path in reading.found.given or (path == "provider" and reading.found.provider_name):
                continue
            if path != "amount.currency" or any(p in reading.found.given for p in _MONEY):
                reading.take(Column("", path), self.targets[path], text)
        if row.extra:
            what = f"{row.extra} cell{'s stand' if row.extra > 1 else ' stands'} beyond the last heading"
            reading.fault("", what, "look for a separator inside a text that is not in quotation marks")
        return reading.finished()

    def known(self, each: Column, target: Target, text: str) -> list[str] | None:
        """Return what a value stands for: nothing where it is left out, None where it is not known."""
        told = self._told.get(each.column, {}).get(plain(text))
        if told == LEAVE_OUT:
            return []
        wanted = [text] if told is None else values.list_of(told, exact=True)
        found = [self._one(target, value) for value in wanted]
        return None if None in found else [code for code in found if code]

    def _one(self, target: Target, text: str) -> str | None:
        if target.reads == "areas":
            return self.words.area(text)
        return (
            self.words.facet(target.of, text) if target.reads == "facet" else self.words.code(target.of, text)
        )


class _Reading:
    """One row as it is read."""

    def __init__(self, reader: RowReader, row: Row) -> None:
        self.reader, self.mapping, self.words = reader, reader.mapping, reader.words
        self.found = Read(row.number)
        self.bands: list[tuple[int | None, int | None]] = []
        self.limits: dict[str, Any] = {}
        self.facets: dict[str, list[str]] = {}
        self.currencies: dict[str, str] = {}

    def fault(self, column: str, what: str, remedy: str, value: Any = "") -> None:
        self.found.faults.append(cell_fault(self.found.row, column, what, remedy, value))

    def take(self, each: Column, target: Target, cell: Any) -> None:
        """Read one cell into what is found; raises Unread."""
        read = getattr(self, f"_{target.reads}", None)
        if read is not None:
            read(each, target, cell)
        else:
            self._give(target, self._simple(target, cell))

    def _simple(self, target: Target, cell: Any) -> Any:
        exact, comma = self.mapping.exact, self.mapping.decimal_comma
        match target.reads:
            case "whole":
                number = values.number_of(cell, comma, exact)
                if number != int(number):
                    raise Unread("this is not a whole number", "write digits alone, such as 12")
                return int(number)
            case "percent":
                return values.percent_of(cell, comma, exact)
            case "month":
                return values.month_of(cell)
            case "json":
                return values.json_of(cell)
            case _:
                return values.text_of(cell)

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

    def _text(self, each: Column, target: Target, cell: Any) -> None:
        self._give(target, values.text_of(cell))

    def _url(self, each: Column, target: Target, cell: Any) -> None:
        text = values.text_of(cell)
        bare = not self.mapping.exact and re.match(r"www\.[^\s/]+\.[a-z]{2,}", text, re.I)
        self._give(target, f"https://{text}" if bare else text)

    def _currency(self, each: Column, target: Target, cell: Any) -> None:
        text = values.text_of(cell)
        if text not in CURRENCIES:
            text = values.SIGNS.get(text.casefold(), "") or text.upper()
        wrong = currency_fault(text)
        if wrong:
            raise Unread(f"{text[:20]} {wrong[0]}", wrong[1])
        self._give(target, text)

    def _day(self, each: Column, target: Target, cell: Any) -> None:
        text = values.text_of(cell)
        instead = None if self.mapping.exact else self.words.code("instead_of_a_date", text)
        if instead and target.path.startswith("window."):
            if target.path == "window.closes":
                self.limits["status"] = instead
            return
        self._give(target, values.day_of(cell, self.mapping.month_first))

    def _number(self, each: Column, target: Target, cell: Any) -> None:
        if target.path in _MONEY or "turnover" in target.path:
            if self.mapping.exact:
                self._give(target, values.number_of(cell, self.mapping.decimal_comma, True))
                return
            least, amount, currency = values.range_of(cell, self.mapping.decimal_comma)
            if target.path.endswith(".min") and amount is None:
                least, amount = None, least
            if amount is None or least is not None:
                raise Unread("this is more than one amount", "map it as “Amount, least to most”")
            self._currency_of(each, target, currency)
            self._give(target, amount)
        else:
            self._give(target, values.number_of(cell, self.mapping.decimal_comma, self.mapping.exact))

    def _range(self, each: Column, target: Target, cell: Any) -> None:
        low, high, currency = values.range_of(cell, self.mapping.decimal_comma)
        self._currency_of(each, target, currency)
        for path, amount in (("amount.min", low), ("amount.max", high)):
            if amount is not None:
                self.found.given.setdefault(path, amount)

    def _currency_of(self, each: Column, target: Target, currency: str) -> None:
        named = re.findall(r"[a-z]{3}|[£€]", each.column.casefold())
        in_heading = next(
            (c for word in named if (c := values.SIGNS.get(word) or word.upper()) in _USUAL), ""
        )
        if currency or in_heading:
            self.currencies["turnover" if "turnover" in target.path else target.path] = currency or in_heading

    def _count(self, each: Column, target: Target, cell: Any) -> None:
        for part in values.list_of(cell, each.separator):
            group = self.words.facet("business_sizes", part)
            if group:
                low, high = self.words.meant["business_sizes"][group]["employees"]
                self.bands.append((low, high))
            else:
                self.bands.append(values.count_of(part))

    def _conditions(self, each: Column, target: Target, cell: Any) -> None:
        parts = cell if isinstance(cell, list) else re.split(r"\n+|(?<=[.;]) *• *|^• *", values.text_of(cell))
        for part in parts:
            words = " ".join(values.text_of(part).lstrip("•*–- ").split())
            if words:
                self.found.conditions.append({"words": words})

    def _texts(self, each: Column, target: Target, cell: Any) -> None:
        self._give(target, values.list_of(cell, each.separator, self.mapping.exact))

    _ids = _texts

    def _listed(self, each: Column, target: Target, cell: Any) -> None:
        parts = values.list_of(cell, each.separator, self.mapping.exact)
        if not self.mapping.exact:
            parts = [code for part in parts for code in self._codes(each, target, part)]
        self._give(target, parts)

    def _provider(self, each: Column, target: Target, cell: Any) -> None:
        self.found.provider_name = values.text_of(cell)

    def _word(self, each: Column, target: Target, cell: Any) -> None:
        text = values.text_of(cell)
        codes = self.reader.known(each, target, text)
        if codes is None and not self.mapping.exact:
            parts = values.list_of(cell, each.separator)
            codes = (
                [code for part in parts for code in self._codes(each, target, part)]
                if len(parts) > 1
                else None
            )
        if codes is None:
            codes = self._codes(each, target, text)
        codes = [*dict.fromkeys(codes)]
        if len(codes) > 1 and self.mapping.several == "refuse":
            raise Unread(f"it names {len(codes)} values: {', '.join(codes)}", "choose one of them")
        if codes:
            self._give(target, codes[0])

    def _words(self, each: Column, target: Target, cell: Any) -> None:
        text = values.text_of(cell)
        whole = None if isinstance(cell, list) else self.reader.known(each, target, text)
        parts = values.list_of(cell, each.separator, self.mapping.exact)
        codes = whole if whole is not None else [c for part in parts for c in self._codes(each, target, part)]
        if target.path.startswith("criterion."):
            codes = [*self.limits.get(target.path.removeprefix("criterion."), ()), *codes]
        self._give(target, codes)

    _areas = _words

    def _facet(self, each: Column, target: Target, cell: Any) -> None:
        whole = None if isinstance(cell, list) else self.reader.known(each, target, values.text_of(cell))
        parts = values.list_of(cell, each.separator)
        known = whole if whole is not None else [c for part in parts for c in self._codes(each, target, part)]
        self.facets.setdefault(target.of, []).extend(known)

    def _codes(self, each: Column, target: Target, text: str) -> list[str]:
        codes = self.reader.known(each, target, text)
        if codes is not None:
            return codes
        self.found.unknown.append((each.column, text[:300]))
        near = self.words.nearest(target.reads, target.of, text)
        begin = f"choose what it means, perhaps {near}" if near else "choose in the mapping what it means"
        self.fault(each.column, "this value is not known here", f"{begin}, or leave it out", text)
        return []

    def finished(self) -> Read:
        """Put together what several columns say."""
        self._from_facets()
        self._one_currency()
        found = self.found
        given, limits = found.given, self.limits
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
            if limits.get(fact):
                yield from conditions.is_one_of(fact, limits[fact], limits.get(f"{fact} in words", ()))

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
        if self.limits.get("sector in words") and not self.limits.get("sector"):
            self.found.conditions += conditions.is_one_of("sector", (), self.limits["sector in words"])
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


_USUAL = ("GBP", "EUR", "SEK", "DKK", "PLN", "HUF", "USD")
