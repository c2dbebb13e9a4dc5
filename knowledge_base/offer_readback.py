"""Read back offers as `dump_offer` wrote them: quickly, and what is equal in several kept once.

A stored offer was read by `offer_format` when it was saved, with every fault explained. Here it is only seen
to be plainly right; where anything is out of the ordinary, `offer_format` reads it after all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from typing import Any

from knowledge_base.fields import LONGEST_TEXT, Fields
from knowledge_base.offer_format import (
    AUDIENCES,
    CODED_FACTS,
    LISTED_FACTS,
    MEANINGS,
    NUMBER_FACTS,
    PAID,
    STATUSES,
    parse_offer,
)
from knowledge_base.profile import code
from knowledge_base.records import (
    Amount,
    Assurance,
    Between,
    Criterion,
    NoneOf,
    Offer,
    OneOf,
    Source,
    Test,
    Window,
    Within,
)
from knowledge_base.words import FACTS, JOURNEY_STAGES, KINDS, NEEDS, WINDOW_STATUSES

Read = Callable[[Any], Any]

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,90}\Z")
_LINK = re.compile(r"https?://[A-Za-z0-9][A-Za-z0-9.-]*(?::[0-9]{1,4})?(?:[/?#][!-~]*)?\Z")
_DEEPEST = 3
_NO_SOURCE = Source(url=None)


class _Odd(Exception):
    """Something that `offer_format` must judge."""


class ReadBack:
    """Reads the offers of one catalogue. Make one for each time: it keeps all that they share."""

    def __init__(self) -> None:
        self._made: dict[str, Any] = {}
        one_id, ids = _each(lambda f: f.one_id("v")), _listed(lambda f: f.ids("v"))
        number, day = _each(lambda f: f.number("v")), _each(lambda f: f.exact_day("v"))
        self._ids, self._number, self._currency = ids, number, _each(lambda f: f.currency("v"))
        self._plain, self._coded = _listed(lambda f: f.texts("v")), _listed(lambda f: f.texts("v", code))
        self._fact, text = _one_of(FACTS), _text(LONGEST_TEXT)
        self._amount: dict[str, Read] = {
            "currency": self._currency,
            **dict.fromkeys(("min", "max", "rate_percent", "cost_to_business"), number),
            **dict.fromkeys(("cost_words", "note"), text),
            "paid": _one_of(PAID),
            "meaning": _one_of(MEANINGS),
        }
        self._window: dict[str, Read] = {
            "status": _one_of(WINDOW_STATUSES),
            "opens": _each(lambda f: f.day("v")),
            "closes": _each(lambda f: f.day("v", last=True)),
            "usual_month": _each(lambda f: f.whole("v", 1, 12)),
            "note": text,
        }
        self._source: dict[str, Read] = {"url": _link, "title": text, "date": _text(100), "seen": day}
        self._assured: dict[str, Read] = {"by": _text(200), "on": day, "until": day}
        self._offer: dict[str, Read] = {
            **dict.fromkeys(("name", "local_name"), _text(300)),
            **dict.fromkeys(("summary", "evidence"), text),
            **dict.fromkeys(("areas", "requires", "leads_to", "excludes"), ids),
            **dict.fromkeys(("provider", "succeeded_by", "part_of"), one_id),
            "aliases": _texts(300),
            "kind": _one_of(KINDS),
            "status": _one_of(STATUSES),
            "needs": _listed(lambda f: f.some_of("v", NEEDS)),
            "stages": _listed(lambda f: f.some_of("v", JOURNEY_STAGES)),
            "criteria": lambda raw: tuple([self._shared(each, self._criterion) for each in _some(raw)]),
            "amount": lambda raw: self._shared(raw, self._read_amount),
            "duration_weeks": _each(lambda f: f.whole("v", 0, 2000)),
            "hours": number,
            "window": lambda raw: self._shared(raw, self._read_window),
            "series": _text(200),
            "prepare": _texts(1000),
            "languages": _listed(lambda f: f.texts("v", limit=35)),
            "audience": _one_of(AUDIENCES),
            "source": lambda raw: (
                self._shared(raw, self._read_source) if raw != {"url": None} else _NO_SOURCE
            ),
            "assured": lambda raw: self._shared(raw, self._read_assured),
        }
        self._absent: dict[str, Any] = {
            "provider": "",
            "areas": (),
            "needs": (),
            "stages": (),
            "amount": Amount(),
            "window": Window(),
            "source": _NO_SOURCE,
        }

    def offer(self, id: str, raw: Any) -> Offer:
        """Read one stored offer exactly as `parse_offer` reads it; raises BadCatalogue as that does."""
        try:
            if not _ID.match(id):
                raise _Odd
            read = self._offer
            return Offer(id, **{**self._absent, **{name: read[name](value) for name, value in raw.items()}})
        except (_Odd, KeyError, TypeError, AttributeError, RecursionError):
            return parse_offer(id, raw)

    def _shared(self, raw: Any, read: Callable[[Any], Any]) -> Any:
        """Read a part, equal parts once; a part of another kind is written otherwise, or reads the same."""
        key = f"{read.__name__}{raw!r}"
        found = self._made.get(key)
        if found is None:
            found = self._made[key] = read(raw)
        return found

    def _read_amount(self, raw: Any) -> Amount:
        amount = Amount(**_parts(raw, self._amount))
        if amount.min is not None and amount.max is not None and amount.min > amount.max:
            raise _Odd
        return amount

    def _read_window(self, raw: Any) -> Window:
        found = _parts(raw, self._window)
        opens, opens_text = found.pop("opens", (None, None))
        closes, closes_text = found.pop("closes", (None, None))
        if opens and closes and opens > closes:
            raise _Odd
        return Window(**found, opens=opens, closes=closes, opens_text=opens_text, closes_text=closes_text)

    def _read_source(self, raw: Any) -> Source:
        return Source(**{"url": None, **_parts(raw, self._source)})

    def _read_assured(self, raw: Any) -> Assurance:
        assured = Assurance(**_parts(raw, self._assured))
        if assured.until < assured.on:
            raise _Odd
        return assured

    def _criterion(self, raw: Any, depth: int = 0) -> Criterion:
        tests = raw.keys() & {"between", "one_of", "none_of", "within", "any_of"}
        if raw.keys() - tests - {"fact", "currency", "words", "source"} or len(tests) > 1 or depth > _DEEPEST:
            raise _Odd
        fact = self._fact(raw["fact"]) if "fact" in raw else None
        words = _text(LONGEST_TEXT)(raw["words"]) if "words" in raw else ""
        source = self._shared(raw["source"], self._read_source) if "source" in raw else None
        group: tuple[Criterion, ...] = ()
        test: Test | None = None
        if "any_of" in tests:
            group = tuple([self._criterion(each, depth + 1) for each in _some(raw["any_of"])])
        elif tests:
            test = self._test(tests.pop(), fact, raw)
        if not (words or group or test) or ("currency" in raw and not isinstance(test, Between)):
            raise _Odd
        return Criterion(words, fact, test, group, source)

    def _test(self, name: str, fact: str | None, raw: Mapping[str, Any]) -> Test:
        if name == "between" and fact in NUMBER_FACTS:
            low, high = (None if bound is None else self._number(bound) for bound in _some(raw[name], 2))
            if low is not None and high is not None and low > high:
                raise _Odd
            return Between(low, high, self._currency(raw["currency"]) if "currency" in raw else None)
        if name == "within" and fact == "place":
            return Within(frozenset(self._ids(raw[name])))
        if name in ("one_of", "none_of") and fact in LISTED_FACTS:
            values = (self._coded if fact in CODED_FACTS else self._plain)(raw[name])
            return (OneOf if name == "one_of" else NoneOf)(frozenset(values))
        raise _Odd


def _parts(raw: Any, read: Mapping[str, Read]) -> dict[str, Any]:
    """Read the fields of a mapping that is not empty."""
    if not raw:
        raise _Odd
    return {name: read[name](value) for name, value in raw.items()}


def _some(raw: Any, count: int = 0) -> list[Any]:
    """Return a list as it is, if it has the length wanted: 1 to 100, where none is given."""
    if type(raw) is not list or not (len(raw) == count if count else 0 < len(raw) <= 100):
        raise _Odd
    return raw


def _text(limit: int) -> Read:
    def read(value: Any) -> str:
        if type(value) is str and value.isprintable() and len(value) <= limit and (found := value.strip()):
            return found
        raise _Odd

    return read


def _texts(limit: int) -> Read:
    one = _text(limit)
    return lambda raw: tuple(dict.fromkeys([one(each) for each in _some(raw)]))


def _one_of(allowed: Collection[str]) -> Read:
    """Take one word of a closed list: the list's own, so that it is kept once."""
    return {word: word for word in allowed}.__getitem__


def _link(value: Any) -> str:
    if type(value) is str and len(value) <= LONGEST_TEXT and _LINK.match(value):
        return value
    raise _Odd


def _each(read: Callable[[Fields], Any]) -> Read:
    """Read a value by the rules of `Fields`, and each value once."""
    known: dict[Any, Any] = {}

    def reading(value: Any) -> Any:
        key = type(value), value  # True is equal to 1, but is no number
        if key not in known:
            known[key] = _by_rule(value, read)
        return known[key]

    return reading


def _listed(read: Callable[[Fields], Any]) -> Read:
    """Read a list of texts by the rules of `Fields`, and each list once."""
    known: dict[tuple[Any, ...], Any] = {}

    def reading(value: Any) -> Any:
        key = tuple(_some(value))
        if key not in known:
            known[key] = _by_rule(value, read)
        return known[key]

    return reading


def _by_rule(value: Any, read: Callable[[Fields], Any]) -> Any:
    faults: list[Any] = []
    found = read(Fields({"v": value}, "", "", faults))
    if faults or found in (None, "", ()) or found == (None, None):
        raise _Odd
    return found
