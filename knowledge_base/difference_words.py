"""How what stands in the fields of a record is written when two versions are held side by side."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from knowledge_base import labels
from knowledge_base.money_words import bounds_words, money_words, number_words
from knowledge_base.offer_format import MONEY_FACTS
from knowledge_base.records import Catalogue
from knowledge_base.windows import MONTHS, as_written

_MONEY = ("amount.min", "amount.max", "amount.cost_to_business")
_DAYS = (
    "window.opens", "window.closes", "source.date", "source.seen", "assured.on", "assured.until",
    "starts", "ends",
)  # fmt: skip
_OFFERS = ("requires", "leads_to", "excludes", "succeeded_by", "part_of")
_LISTS = {"needs": "needs", "kind": "kinds", "languages": "languages", "type": "provider_types"}
_WORDS = {
    "audience": {"owner": "business owners", "broker": "advisers only"},
    "amount.meaning": {
        "payment": "a payment",
        "limit": "a limit, never received",
        "price": "a price that is paid",
    },
    "amount.paid": {"in_arrears": "in arrears", "in_advance": "in advance"},
    "window.status": {
        "rolling": "open all the time",
        "dated": "between two days",
        "annual": "comes back each year",
        "closed": "closed",
        "unknown": "not known",
    },
}


def value_words(path: str, value: Any, catalogue: Catalogue | None = None, currency: Any = None) -> str:
    """Write one value of a field as it is read; "" for none.

    ``currency`` is the one of the part that an amount stands in; ``catalogue`` gives names for ids.
    """
    if value is None or value == "" or value == [] or value == {}:
        return ""
    if isinstance(value, list):
        return ", ".join(value_words(path, each, catalogue, currency) for each in value)
    number = as_number(value)
    if number is not None:
        return _number_words(path, number, currency if isinstance(currency, str) else None)
    if not isinstance(value, str):
        return str(value)
    if path in _DAYS:
        return as_written(value)
    if path in _WORDS:
        return _WORDS[path].get(value, value)
    if path in _LISTS:
        return labels.read()[_LISTS[path]].get(value, value)
    if path in ("stages", "status", "window.status"):
        return value.replace("_", " ")
    return _name_of(path, value, catalogue)


def _number_words(path: str, number: Decimal, currency: str | None) -> str:
    if path in _MONEY:
        return money_words(number, currency)
    if path == "window.usual_month" and number in range(1, 13):
        return MONTHS[int(number) - 1]
    words = number_words(number)
    one = number == 1
    unit = {
        "amount.rate_percent": " %",
        "duration_weeks": " week" if one else " weeks",
        "hours": " hour" if one else " hours",
    }
    return words + unit.get(path, "")


def _name_of(path: str, id: str, catalogue: Catalogue | None) -> str:
    """Return the name of the record that an id stands for; the id where there is none."""
    if catalogue is None:
        return id
    records: Mapping[str, Any] = {}
    if path == "areas":
        records = catalogue.areas
    elif path == "provider":
        records = catalogue.providers
    elif path in _OFFERS:
        records = catalogue.offers
    return records[id].name if id in records else id


def as_number(value: Any) -> Decimal | None:
    """Return a number as it stands in a document; None for what is none, or has no end."""
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        return None
    number = Decimal(str(value))
    return number if number.is_finite() else None


def condition_words(raw: Mapping[str, Any], catalogue: Catalogue | None = None) -> str:
    """Write what a condition tests, of what, and where that is said: for one whose words stayed the same."""
    fact, parts = raw.get("fact"), []
    about = f"{labels.fact(fact)}: " if isinstance(fact, str) else ""
    bounds = raw.get("between")
    if isinstance(bounds, list) and len(bounds) == 2:
        parts.append(about + bounds_words(*(_bound(fact, each, raw.get("currency")) for each in bounds)))
    for test, words in (("one_of", "one of "), ("none_of", "none of "), ("within", "in ")):
        if isinstance(raw.get(test), list):
            told = (_told(fact, each, catalogue) for each in raw[test])
            parts.append(about + words + ", ".join(told))
    group = raw.get("any_of")
    if isinstance(group, list):
        inner = (each for each in group if isinstance(each, Mapping))
        members = (f"{_said(each)} ({condition_words(each, catalogue)})" for each in inner)
        parts.append("one of: " + "; ".join(members))
    source = raw.get("source")
    if isinstance(source, Mapping):
        told = (value_words(f"source.{name}", source.get(name)) for name in ("title", "url", "date", "seen"))
        parts.append("said by " + ", ".join(filter(None, told)))
    return "; ".join(parts) or "in words only"


def _said(raw: Mapping[str, Any]) -> str:
    words = raw.get("words")
    return words if isinstance(words, str) else "without words"


def _bound(fact: Any, value: Any, currency: Any) -> str | None:
    number = as_number(value)
    if number is None:
        return None if value is None else str(value)
    if fact in MONEY_FACTS:
        return money_words(number, currency if isinstance(currency, str) else None)
    return number_words(number)


def _told(fact: Any, value: Any, catalogue: Catalogue | None) -> str:
    if fact == "place":
        return value_words("areas", value, catalogue)
    if fact == "done":
        return value_words("requires", value, catalogue)
    if fact == "refuses":
        return value_words("kind", value)
    return labels.code_told(str(fact), str(value))
