"""The kinds of field: how a value is shown in each, and how what comes back becomes a value again.

`shown` gives the texts a browser is handed, `read` makes a value of the texts it posts. What cannot be
read stays text, so that reading the record names the fault and nothing typed is lost.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.console.forms.names import AllNames, Names

Texts = list[str]
MISSING: Any = object()
"""What `read` gives for a field that was left empty."""

_THOUSANDS = re.compile(r"\d{1,3}([, \u00a0]\d{3})+(\.\d+)?\Z")
_PLAIN = re.compile(r"\d{1,15}(\.\d{1,10})?\Z", re.ASCII)


def one_line(text: str) -> str:
    """Write a text as a field of one line holds it: a browser would drop its breaks."""
    return re.sub(r"\s*[\r\n\t]+\s*", " ", text).strip()


def block(text: str) -> str:
    """Write a text of several lines as a browser gives it back, breaks as one character."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


@dataclass(frozen=True)
class Control:
    """A text of one line."""

    template: str = "text"

    def shown(self, value: Any, names: AllNames) -> Texts:
        found = "" if value is None else one_line(_text(value))
        return [found] if found else []

    def read(self, told: Texts, base: Any, names: AllNames) -> Any:
        found = one_line(told[0]) if told else ""
        return found or MISSING

    def same(self, told: Texts, shown: Texts) -> bool:
        """Say whether a browser gave back what it was handed."""
        return [one_line(each) for each in told if each.strip()] == shown


@dataclass(frozen=True)
class LongText(Control):
    """A text of several lines."""

    template: str = "long"

    def shown(self, value: Any, names: AllNames) -> Texts:
        found = "" if value is None else block(_text(value))
        return [found] if found else []

    def read(self, told: Texts, base: Any, names: AllNames) -> Any:
        return (block(told[0]) if told else "") or MISSING

    def same(self, told: Texts, shown: Texts) -> bool:
        return [block(each) for each in told if each.strip()] == shown


@dataclass(frozen=True)
class Number(Control):
    """A number of zero or more; commas between thousands do not count."""

    template: str = "number"

    def read(self, told: Texts, base: Any, names: AllNames) -> Any:
        return number(told[0]) if told and told[0].strip() else MISSING


@dataclass(frozen=True)
class Day(Control):
    """A day; or a month, where ``coarse``."""

    template: str = "day"
    coarse: bool = False


@dataclass(frozen=True)
class Link(Control):
    """The address of a page."""

    template: str = "link"


@dataclass(frozen=True)
class Lines(Control):
    """A list of texts in order, one to a line."""

    template: str = "lines"

    def shown(self, value: Any, names: AllNames) -> Texts:
        items = [one_line(_text(each)) for each in value] if isinstance(value, list) else []
        return ["\n".join(items)] if any(items) else []

    def read(self, told: Texts, base: Any, names: AllNames) -> Any:
        lines = [each.strip() for each in (block(told[0]).split("\n") if told else [])]
        before = {one_line(_text(each)): each for each in base} if isinstance(base, list) else {}
        return [before.get(line, line) for line in lines if line] or MISSING

    def same(self, told: Texts, shown: Texts) -> bool:
        return [block(each) for each in told if each.strip()] == [block(each) for each in shown]


@dataclass(frozen=True)
class Choice(Control):
    """One of a closed list; ``usual`` is what is meant where nothing is said."""

    template: str = "choice"
    options: tuple[tuple[str, str], ...] = ()
    usual: str = ""
    empty: str = "Not said"

    def shown(self, value: Any, names: AllNames) -> Texts:
        told = one_line(_text(value)) if value is not None else ""
        return [told or self.usual] if told or self.usual else []

    def offered(self, told: Texts) -> list[tuple[str, str]]:
        """The options of the list: one that was told and is not in it stays to be seen."""
        known = [*self.options] if self.usual else [("", self.empty), *self.options]
        return [*known, *((each, each) for each in told if each and each not in dict(known))]


@dataclass(frozen=True)
class Whole(Choice):
    """One of a closed list of numbers, such as the months."""

    def read(self, told: Texts, base: Any, names: AllNames) -> Any:
        return number(told[0]) if told and told[0].strip() else MISSING


@dataclass(frozen=True)
class Checks(Control):
    """Any of a closed list. The order a record has is kept; what is new follows in the list's order.

    ``leads`` asks for the first by itself, since it counts for more. ``free`` takes others, by comma.
    """

    template: str = "checks"
    options: tuple[tuple[str, str], ...] = ()
    leads: bool = False
    free: bool = False

    def shown(self, value: Any, names: AllNames) -> Texts:
        items = [one_line(_text(each)) for each in value] if isinstance(value, list) else []
        return [each for each in dict.fromkeys(items) if each]

    def offered(self, told: Texts) -> list[tuple[str, str]]:
        known = dict(self.options)
        return [*self.options, *((each, each) for each in told if each not in known)]

    def read(self, told: Texts, base: Any, names: AllNames) -> Any:
        """``told`` are the boxes that are ticked; with ``leads``, the first of them stands first."""
        ticked = list(dict.fromkeys(one_line(each) for each in told if each.strip()))
        before = self.shown(base, names)
        order = [*(ticked[:1] if self.leads else ()), *before, *dict(self.options), *ticked]
        return [each for each in dict.fromkeys(order) if each in ticked] or MISSING

    def same(self, told: Texts, shown: Texts) -> bool:
        ticked = [one_line(each) for each in told if each.strip()]
        return set(ticked) == set(shown) and (not self.leads or ticked[:1] == shown[:1])


@dataclass(frozen=True)
class Pick(Control):
    """One record by name; ``of`` is offers, providers or areas."""

    template: str = "pick"
    of: str = "offers"

    def names(self, names: AllNames) -> Names:
        found: Names = getattr(names, self.of)
        return found

    def shown(self, value: Any, names: AllNames) -> Texts:
        found = "" if value is None else one_line(_text(value))
        return [self.names(names).shown(found)] if found else []

    def read(self, told: Texts, base: Any, names: AllNames) -> Any:
        found = self.names(names).read(one_line(told[0])) if told else ""
        return found or MISSING

    def faults(self, told: Texts, names: AllNames) -> list[tuple[int, str, str]]:
        """The entries that name no record: their place, what is wrong, the way out."""
        filled = [each for each in told if each.strip()]
        found = [(i, self.names(names).fault(one_line(each))) for i, each in enumerate(filled)]
        return [(i, *fault) for i, fault in found if fault]


@dataclass(frozen=True)
class Picks(Pick):
    """Several records by name, in order."""

    template: str = "picks"

    def shown(self, value: Any, names: AllNames) -> Texts:
        items = value if isinstance(value, list) else []
        return [self.names(names).shown(one_line(_text(each))) for each in items if _text(each).strip()]

    def read(self, told: Texts, base: Any, names: AllNames) -> Any:
        found = [self.names(names).read(one_line(each)) for each in told if each.strip()]
        return list(dict.fromkeys(found)) or MISSING


def number(told: str) -> Any:
    """Read a number as people write it; what is none stays text."""
    text = told.strip()
    plain = re.sub("[, \u00a0]", "", text) if _THOUSANDS.match(text) else text
    if not _PLAIN.match(plain):
        return text
    if "." not in plain:
        return int(plain)
    found = float(plain)
    return int(found) if found.is_integer() else found


def _text(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, float) or not math.isfinite(value):
        return str(value)
    return f"{value:.10f}".rstrip("0").rstrip(".") if abs(value) < 1e15 else str(value)


def labelled(codes: Sequence[str], words: Any) -> tuple[tuple[str, str], ...]:
    """Options with a capital: the words of a list of labels, or the codes with spaces."""
    said = ((code, words.get(code, code.replace("_", " ")) if words else code) for code in codes)
    return tuple((code, f"{text[:1].upper()}{text[1:]}") for code, text in said)
