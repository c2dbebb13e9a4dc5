"""Read one row by a mapping: what it says of each field, and what of it cannot be read."""

from __future__ import annotations

import re
from typing import Any

from knowledge_base.currencies import CURRENCIES, currency_fault
from knowledge_base.interchange import conditions, loose, values
from knowledge_base.interchange.closed_lists import Words, plain
from knowledge_base.interchange.gathered import Gathered, Read
from knowledge_base.interchange.known import as_id
from knowledge_base.interchange.mapping import IN_WORDS, IN_WORDS_FOR, LEAVE_OUT, Column, ColumnMap
from knowledge_base.interchange.tables import Row
from knowledge_base.interchange.targets import TARGETS, Target
from knowledge_base.interchange.values import Unread

_ONE_LINE = ("name", "local_name", "provider")
_NOTES = ("amount", "window")
_MONEY = ("amount.min", "amount.max", "amount.cost_to_business", "amount.range")


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
            cell = self._plainly(target, row.cells.get(each.column))
            if cell is None:
                reading.found.emptied += [target.path] if target.own else []
                continue
            try:
                reading.take(each, target, cell)
            except Unread as unread:
                if reading.kept_in_words(each, target, cell):
                    continue
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

    def _plainly(self, target: Target, cell: Any) -> Any:
        """Return a cell without the marks of a web page; None where nothing is left."""
        if self.mapping.exact or not isinstance(cell, str) or target.reads == "json":
            return cell
        if target.reads == "url":
            return loose.link_in(cell)
        text = loose.without_marks(cell)
        return (" ".join(text.split()) if target.path in _ONE_LINE else text) or None

    def told(self, each: Column, text: str) -> str | None:
        """Return what the mapping says that a value means."""
        return self._told.get(each.column, {}).get(plain(text))

    def known(self, each: Column, target: Target, text: str) -> list[str] | None:
        """Return what a value stands for: nothing where it is left out, None where it is not known."""
        told = self.told(each, text)
        if told == LEAVE_OUT or (told == IN_WORDS and target.path in IN_WORDS_FOR):
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


class _Reading(Gathered):
    """One row as it is read."""

    def __init__(self, reader: RowReader, row: Row) -> None:
        super().__init__(reader.mapping, reader.words, row.number)
        self.reader = reader

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
                return values.percent_of(cell, comma, True) if exact else loose.percent_in(cell, comma)
            case "month":
                return values.month_of(cell)
            case "json":
                return values.json_of(cell)
            case _:
                return values.text_of(cell)

    def kept_in_words(self, each: Column, target: Target, cell: Any) -> bool:
        """Keep a cell that is not plain as words beside the field, where there are any for it."""
        text, part = values.text_of(cell), target.path.partition(".")[0]
        column = f"{each.column}: " if each.column else ""
        if self.mapping.exact:
            return False
        if target.path == "amount.cost_to_business" and re.search(r"[^\W\d_]{3}", text):
            self.found.given.setdefault("amount.cost_words", text)
        elif self.mapping.unknown != "words":
            return False
        elif part in _NOTES and target.reads in ("number", "percent", "range", "day", "month"):
            self.notes.setdefault(f"{part}.note", []).append(f"{column}{text}")
        elif part == "criterion":
            self.found.conditions.append({"words": f"{column}{text}"})
        else:
            return False
        return True

    def _in_words(self, target: Target, text: str) -> None:
        if target.path == "areas":
            self.found.conditions.append({"words": f"Your business is in {text}"})
        else:
            fact = target.path.removeprefix("criterion.")
            words = conditions.is_in_words(fact, text)
            self.limits.setdefault(f"{fact} in words", []).append(words)

    def _known(self, each: Column, target: Target, text: str) -> list[str] | None:
        codes = self.reader.known(each, target, text)
        if codes == [] and self.reader.told(each, text) == IN_WORDS:
            self._in_words(target, text)
        return codes

    def _text(self, each: Column, target: Target, cell: Any) -> None:
        text = values.text_of(cell)
        self._give(target, as_id(text) if target.path == "id" and not self.mapping.exact else text)

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
        if self.mapping.exact:
            self._give(target, values.day_of(cell, self.mapping.month_first))
            return
        first, last = loose.days_in(text, self.mapping.month_first)
        self._give(target, first or last if target.path == "window.opens" else last)
        if first and target.path == "window.closes":
            self.found.given.setdefault("window.opens", first)

    def _number(self, each: Column, target: Target, cell: Any) -> None:
        if target.path in _MONEY or "turnover" in target.path:
            if self.mapping.exact:
                self._give(target, values.number_of(cell, self.mapping.decimal_comma, True))
                return
            if target.path == "amount.cost_to_business" and loose.free(values.text_of(cell)):
                self._give(target, 0)
                return
            share, least, amount, currency = loose.sums_in(cell, self.mapping.decimal_comma)
            if target.path == "amount.max" and not self._fills("amount.min"):
                self._spread(each, target, share, least, amount, currency)
                return
            if share is not None:
                raise Unread("this is a share and not an amount", self._map_as("amount.rate_percent"))
            if target.path.endswith(".min") and amount is None:
                least, amount = None, least
            if amount is None or least is not None:
                raise Unread("this is more than one amount", self._map_as("amount.range"))
            self._currency_of(each, target, currency)
            self._give(target, amount)
        else:
            self._give(target, values.number_of(cell, self.mapping.decimal_comma, self.mapping.exact))

    def _fills(self, path: str) -> bool:
        return any(each.to == path for each in self.mapping.columns)

    def _map_as(self, path: str) -> str:
        return f"map it as “{TARGETS['offer'][path].label}”"

    def _range(self, each: Column, target: Target, cell: Any) -> None:
        self._spread(each, target, *loose.sums_in(cell, self.mapping.decimal_comma))

    def _spread(self, each: Column, target: Target, share: Any, low: Any, high: Any, currency: str) -> None:
        """Give what one cell tells of share, least and most; a column of its own says it better."""
        self._currency_of(each, target, currency)
        told = {"amount.rate_percent": share, "amount.min": low, "amount.max": high}
        for path, number in told.items():
            if number is not None:
                self.found.given.setdefault(path, number)

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
            self.found.conditions += [{"words": each} for each in loose.in_pieces(words)]

    def _texts(self, each: Column, target: Target, cell: Any) -> None:
        self._give(target, values.list_of(cell, each.separator, self.mapping.exact))

    def _ids(self, each: Column, target: Target, cell: Any) -> None:
        told = values.list_of(cell, each.separator, self.mapping.exact)
        self._give(target, told if self.mapping.exact else [as_id(text) for text in told])

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
        whole = None if isinstance(cell, list) else self._known(each, target, text)
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
        codes = self._known(each, target, text)
        if codes is not None:
            return codes
        in_words = target.path in IN_WORDS_FOR and target.path != "areas"
        if in_words and self.mapping.unknown == "words" and not self.mapping.exact:
            self._in_words(target, text)
            return []
        self.found.unknown.append((each.column, text[:300]))
        near = self.words.nearest(target.reads, target.of, text)
        begin = f"choose what it means, perhaps {near}" if near else "choose in the mapping what it means"
        self.fault(each.column, "this value is not known here", f"{begin}, or leave it out", text)
        return []


_USUAL = ("GBP", "EUR", "SEK", "DKK", "PLN", "HUF", "USD")
