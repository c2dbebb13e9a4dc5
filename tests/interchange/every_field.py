"""Offers and providers with any field of the format in any way, for what goes out and comes back."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import strategies as st

from knowledge_base.offer_format import AUDIENCES, MEANINGS, PAID, STATUSES
from knowledge_base.words import JOURNEY_STAGES, KINDS, NEEDS, PROVIDER_TYPES, WINDOW_STATUSES
from tests.core.test_catalogue import criteria, days, ids, numbers
from tests.events.test_editions import raw_editions

# What spreadsheets, separators and readers of numbers trip over, beside any other text.
ODD = (
    "=1+1", "+44 20 7946 0000", "-5", "@here", "'quoted", "''=x", "\t=1", "＝1", "one\ntwo", "one\n\n=two",
    "a; b | c, d", ";", '["a"]', "['a']", '{"a": 1}', "null", "None", "true", "yes", "0012", "1e5", "50%",
    "£5k", "1,5", "2027-03-31", "31/03/2027", "rolling", "-", "=", "#N/A", "#REF!", "<b>x</b>", "&amp;",
    "Zażółć gęślą", "日本語", "e\u0301", "👩\u200d🌾", "no\xa0break", "_x000D_", '"', '""', "\\n", "nan",
)  # fmt: skip
# But for what the format itself refuses: marks that cannot be seen.
_ANY = st.text(
    st.characters(exclude_categories=("C", "Zl", "Zp"), exclude_characters="\ufffc\ufffd") | st.just("\n"),
    max_size=60,
)
words = (st.sampled_from(ODD) | _ANY).map(str.strip)
texts = words.filter(bool)
long_texts = texts | texts.map(lambda text: (text * 4000)[:4000].strip())
lists = st.none() | st.just([]) | st.lists(texts, min_size=1, max_size=4)
id_lists = st.none() | st.just([]) | st.lists(ids, min_size=1, max_size=3, unique=True)
links = st.sampled_from(
    ("https://example.org/", "https://example.org/a?b=1&c=%20d#e", "http://example.org/ä")
)
unsure_days = days | st.sampled_from(("2027", "2027-03"))


def _some(values: Any) -> st.SearchStrategy[Any]:
    return st.lists(st.sampled_from(values), max_size=3, unique=True)


@st.composite
def editions(draw: st.DrawFn) -> list[dict[str, Any]]:
    return [{name: each for name, each in one.items() if each != ""} for one in draw(raw_editions())]


def _group(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({"any_of": st.lists(inner, min_size=1, max_size=2), "words": texts})


conditions = st.one_of(
    criteria(0),
    st.fixed_dictionaries({"words": long_texts}),
    _group(criteria(0)),
    _group(_group(criteria(0)) | _group(_group(criteria(0)))),
)
FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "name": texts.map(lambda text: text[:300].strip()),
    "local_name": st.none() | texts,
    "aliases": lists,
    "kind": st.sampled_from(KINDS),
    "provider": st.none() | ids,
    "status": st.sampled_from(STATUSES),
    "areas": id_lists,
    "needs": _some(NEEDS),
    "stages": _some(JOURNEY_STAGES),
    "summary": st.none() | long_texts,
    "criteria": st.lists(conditions, max_size=4),
    "amount.currency": st.sampled_from((None, "GBP", "HUF")),
    "amount.min": st.none() | numbers,
    "amount.max": st.none() | numbers,
    "amount.rate_percent": st.none() | st.decimals(0, 100, places=2).map(float),
    "amount.cost_to_business": st.none() | numbers,
    "amount.cost_words": st.none() | texts,
    "amount.paid": st.sampled_from((None, *PAID)),
    "amount.meaning": st.sampled_from((None, *MEANINGS)),
    "amount.note": st.none() | long_texts,
    "duration_weeks": st.none() | st.integers(0, 500),
    "hours": st.none() | numbers,
    "window.status": st.sampled_from(WINDOW_STATUSES),
    "window.opens": st.none() | unsure_days,
    "window.closes": st.none() | unsure_days,
    "window.usual_month": st.none() | st.integers(1, 12),
    "window.note": st.none() | texts,
    "editions": st.none() | editions(),
    "requires": id_lists,
    "leads_to": id_lists,
    "excludes": id_lists,
    "succeeded_by": st.none() | ids,
    "part_of": st.none() | ids,
    "series": st.none() | texts,
    "prepare": lists,
    "languages": st.lists(st.sampled_from(("en", "cy", "pt-BR", "zh-Hant")), max_size=3, unique=True),
    "audience": st.sampled_from(AUDIENCES),
    "evidence": st.none() | long_texts,
    "source.url": st.none() | links,
    "source.title": st.none() | texts,
    "source.date": st.none() | texts,
    "source.seen": st.none() | days,
    "assured.by": texts,
    "assured.on": st.dates(date(2020, 1, 1), date(2026, 1, 1)).map(date.isoformat),
    "assured.until": st.dates(date(2026, 1, 2), date(2030, 1, 1)).map(date.isoformat),
}
PROVIDER_FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "name": texts.map(lambda text: text[:300].strip()),
    "type": st.sampled_from(PROVIDER_TYPES),
    "aliases": lists,
    "url": st.none() | links,
    "areas": id_lists,
}
_NEEDED = ("name", "kind", "type")


@st.composite
def documents(draw: st.DrawFn, fields: dict[str, st.SearchStrategy[Any]]) -> dict[str, Any]:
    """A record as somebody may have written it: each field there or not, null or empty, or odd."""
    raw: dict[str, Any] = {}
    whole = draw(st.booleans())
    without = set() if whole else draw(st.sets(st.sampled_from(sorted(fields))))
    if without & {"assured.by", "assured.on", "assured.until"}:
        without |= {"assured.by", "assured.on", "assured.until"}
    for path, strategy in fields.items():
        if path in without and path not in _NEEDED:
            continue
        part, _, last = path.rpartition(".")
        (raw.setdefault(part, {}) if part else raw)[last] = draw(strategy)
    _in_order(raw.get("amount", {}), "min", "max")
    _in_order(raw.get("window", {}), "opens", "closes")
    if raw.get("editions"):
        raw["kind"] = "event"
    return raw


def _in_order(part: dict[str, Any], first: str, second: str) -> None:
    one, other = part.get(first), part.get(second)
    if one is not None and other is not None and one > other:
        part[first], part[second] = other, one
