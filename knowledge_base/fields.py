"""Read the fields of one raw record, collecting every fault instead of stopping at the first."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from typing import Any
from urllib.parse import urlsplit

from knowledge_base.currencies import currency_fault
from knowledge_base.faults import BadCatalogue, BadRecord, shown

LARGEST_NUMBER = Decimal(10) ** 15
LONGEST_TEXT = 4000
LONGEST_LIST = 500
MOST_FAULTS = 10_000
UNREADABLE = "The record cannot be read as it stands."

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}\Z")
# Control characters, breaks of lines that editors do not show, marks that turn the direction of the text
# around so that it reads as something else, and what is no character at all.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufeff\ufff9-\uffff]"
)
_DAY = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?\Z")


def is_id(text: str) -> bool:
    """Say whether a text can be the id of a record."""
    return _ID.match(text) is not None


class Fields:
    """The fields of one mapping. Each method returns the value, or its empty value and notes a fault."""

    def __init__(self, raw: Mapping[str, Any], file: str, at: str, faults: list[BadRecord]) -> None:
        self.raw = raw
        self.file = file
        self.at = at
        self.faults = faults

    def path(self, name: str) -> str:
        return f"{self.at}.{name}" if self.at and name else self.at or name

    def fault(self, name: str, what: str, remedy: str, why: str = UNREADABLE) -> None:
        """Note a fault in one field; ``what`` and ``remedy`` are clauses without a full stop.

        Raises:
            BadCatalogue: there are `MOST_FAULTS` already, so that a hostile file cannot fill the memory.
        """
        self.faults.append(BadRecord(self.file, self.path(name), what, why, remedy))
        if len(self.faults) >= MOST_FAULTS:
            remedy = "mend these first, then read it again"
            self.faults.append(
                BadRecord(self.file, self.at, "reading stopped here: too many faults", why, remedy)
            )
            raise BadCatalogue(self.faults)

    def only(self, known: Collection[str]) -> None:
        """Note every field that no record has."""
        for name in self.raw:
            if name not in known:
                close = get_close_matches(name[:50], known, 1)
                remedy = f"write {close[0]} if that is meant" if close else f"use one of {', '.join(known)}"
                why = "What it says would be overlooked, and a business would be told something untrue."
                self.fault(shown(name, 40)[1:-1] or "''", "this is not a field of this record", remedy, why)

    def text(self, name: str, required: bool = False, limit: int = LONGEST_TEXT) -> str | None:
        value = self.raw.get(name)
        if value is None or value == "":
            if required:
                self.fault(name, "this is missing", f"say the {name}")
            return None
        return self._text(name, value, limit)

    def _text(self, name: str, value: Any, limit: int = LONGEST_TEXT) -> str | None:
        if not isinstance(value, str):
            self.fault(name, f"{shown(value)} is not text", "put it in quotes, or write words")
        elif len(value) > limit:
            self.fault(name, f"{len(value)} characters are too many", f"use at most {limit}")
        elif _UNPRINTABLE.search(value):
            self.fault(name, "it holds a character that cannot be shown", "type it again as plain text")
        else:
            return value.strip() or None
        return None

    def texts(self, name: str, clean: Callable[[str], str] = str.strip, limit: int = 1000) -> tuple[str, ...]:
        """Return a list of texts, each once, in the order written."""
        value = self.raw.get(name)
        if value is None:
            return ()
        if not isinstance(value, list):
            self.fault(name, f"{shown(value)} is not a list", "write a list, such as [one, two]")
            return ()
        if len(value) > LONGEST_LIST:
            self.fault(name, f"{len(value)} entries are too many", f"use at most {LONGEST_LIST}")
            return ()
        found = (self._text(f"{name}[{i}]", item, limit) for i, item in enumerate(value))
        return tuple(dict.fromkeys(clean(item) for item in found if item is not None))

    def ids(self, name: str) -> tuple[str, ...]:
        """Return a list of ids or area codes."""
        return tuple(v for i, v in enumerate(self.texts(name, limit=200)) if self._id(f"{name}[{i}]", v))

    def one_id(self, name: str, required: bool = False) -> str | None:
        value = self.text(name, required, limit=200)
        return value if value is not None and self._id(name, value) else None

    def _id(self, name: str, value: str) -> bool:
        if _ID.match(value):
            return True
        self.fault(name, f"{shown(value)} is not an id", "use letters, digits and hyphens")
        return False

    def one_of(self, name: str, allowed: Collection[str], default: str | None = None) -> str | None:
        """Return one word of a closed list; without a default the field is required."""
        value = self.text(name, required=default is None)
        if value is None:
            return default
        if value not in allowed:
            self.fault(name, f"{shown(value)} is not in the list", f"use one of {', '.join(allowed)}")
            return default
        return value

    def some_of(self, name: str, allowed: Collection[str]) -> tuple[str, ...]:
        values = self.texts(name)
        for i, value in enumerate(values):
            if value not in allowed:
                remedy = f"use one of {', '.join(allowed)}"
                self.fault(f"{name}[{i}]", f"{shown(value)} is not in the list", remedy)
        return tuple(v for v in values if v in allowed)

    def number(self, name: str) -> Decimal | None:
        """Return a number of zero or more, of at most 15 digits."""
        return self.as_number(name, self.raw.get(name))

    def as_number(self, name: str, value: Any) -> Decimal | None:
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
            self.fault(name, f"{shown(value)} is not a number", "write digits alone, such as 5000")
            return None
        try:
            number = Decimal(str(value))
        except (InvalidOperation, ValueError):
            self.fault(name, "this number is too long", f"use at most {LARGEST_NUMBER:,}")
            return None
        if not number.is_finite() or not 0 <= number <= LARGEST_NUMBER or not _writable(number):
            self.fault(name, f"{shown(value)} cannot be", f"write a number from 0 to {LARGEST_NUMBER:,}")
            return None
        return Decimal(int(number)) if number == number.to_integral_value() else number.normalize()

    def whole(self, name: str, low: int, high: int) -> int | None:
        number = self.number(name)
        if number is None:
            return None
        if number != number.to_integral_value() or not low <= number <= high:
            self.fault(name, f"{number} cannot be", f"write a whole number from {low} to {high}")
            return None
        return int(number)

    def currency(self, name: str = "currency") -> str | None:
        value = self.text(name)
        wrong = currency_fault(value) if value is not None else None
        if wrong:
            self.fault(name, f"{shown(value)} {wrong[0]}", wrong[1])
            return None
        return value

    def link(self, name: str) -> str | None:
        value = self.text(name)
        if value is None:
            return None
        try:
            parts = urlsplit(value)
            good = parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r"\s", value)
        except ValueError:
            good = False
        if not good:
            self.fault(
                name, f"{shown(value)} is not a web address", "write it in full, starting with https://"
            )
        return value if good else None

    def day(self, name: str, last: bool = False) -> tuple[date | None, str | None]:
        """Return a day, and the text as written where that named only a month or a year.

        A month or a year becomes its first day, or its last with ``last``.
        """
        value = self.raw.get(name)
        if value is None or value == "":
            return None, None
        if isinstance(value, date):
            return value, None
        match = _DAY.match(str(value)) if isinstance(value, (str, int)) else None
        if match:
            year, month, day = (int(part) if part else None for part in match.groups())
            try:
                start = date(year or 0, month or 1, day or 1)
                if day:
                    return start, None
                return (_end(start, bool(month)) if last else start), str(value)
            except (ValueError, OverflowError):
                pass
        remedy = "write it as 2027-03-31, or 2027-03 where only the month is known"
        self.fault(name, f"{shown(value)} is not a date", remedy)
        return None, None

    def exact_day(self, name: str, required: bool = False) -> date | None:
        found, coarse = self.day(name)
        if coarse is not None:
            self.fault(name, f"{shown(coarse)} names no day", "write the day too, such as 2027-03-31")
            return None
        if found is None and required and self.raw.get(name) in (None, ""):
            self.fault(name, "this is missing", "write a date, such as 2027-03-31")
        return found

    def part(self, name: str) -> Fields | None:
        """Return the fields of a mapping inside this one, or None where it is absent."""
        value = self.raw.get(name)
        if value is None:
            return None
        return self.inside(name, value)

    def inside(self, name: str, value: Any) -> Fields | None:
        if not isinstance(value, Mapping):
            self.fault(name, f"{shown(value)} is not a mapping", "write it as field: value pairs")
            return None
        return Fields(value, self.file, self.path(name), self.faults)


def _writable(number: Decimal) -> bool:
    """Say whether a number has at most 15 digits and at most 10 places, and so survives a JSON file."""
    if not number:
        return True
    return number.adjusted() >= -10 and len(number.normalize().as_tuple().digits) <= 15


def _end(start: date, of_month: bool) -> date:
    if not of_month:
        return date(start.year, 12, 31)
    return (start.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
