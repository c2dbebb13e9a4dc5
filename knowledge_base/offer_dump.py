"""Write records in the offer format: what `knowledge_base.offer_format` reads, it gives back."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from knowledge_base.events.edition_format import dump_edition
from knowledge_base.records import (
    Amount,
    Area,
    Assurance,
    Between,
    Criterion,
    NoneOf,
    Offer,
    OneOf,
    Provider,
    Source,
    Window,
    Within,
)


def dump_offer(offer: Offer) -> dict[str, Any]:
    """Write an offer in the format that `parse_offer` reads, leaving out what is unknown.

    Areas and the source are always written: that there are none is worth saying.
    Reading the result with the offer's id gives an equal offer.
    """
    out: dict[str, Any] = {
        "name": offer.name,
        "local_name": offer.local_name,
        "aliases": list(offer.aliases),
        "kind": offer.kind,
        "provider": offer.provider,
        "status": offer.status if offer.status != "published" else None,
        "areas": list(offer.areas),
        "needs": list(offer.needs),
        "stages": list(offer.stages),
        "summary": offer.summary,
        "criteria": [_dump_criterion(criterion) for criterion in offer.criteria],
        "amount": _dump_amount(offer.amount),
        "duration_weeks": offer.duration_weeks,
        "hours": _plain(offer.hours),
        "window": _dump_window(offer.window),
        "editions": [dump_edition(edition) for edition in offer.editions],
        "requires": list(offer.requires),
        "leads_to": list(offer.leads_to),
        "excludes": list(offer.excludes),
        "succeeded_by": offer.succeeded_by,
        "part_of": offer.part_of,
        "series": offer.series,
        "prepare": list(offer.prepare),
        "languages": list(offer.languages),
        "audience": offer.audience if offer.audience != "owner" else None,
        "evidence": offer.evidence,
        "source": _dump_source(offer.source) or {"url": None},
        "assured": _dump_assured(offer.assured),
    }
    return {name: value for name, value in out.items() if name == "areas" or _is_known(value)}


def dump_provider(provider: Provider) -> dict[str, Any]:
    """Write a provider in the format that `parse_provider` reads."""
    named = {"name": provider.name, "type": provider.type, "aliases": list(provider.aliases)}
    return _known({**named, "url": provider.url, "areas": list(provider.areas)})


def dump_area(area: Area) -> dict[str, Any]:
    """Write an area in the format that `parse_area` reads."""
    named = {"code": area.code, "name": area.name}
    return _known({**named, "within": list(area.within), "aliases": list(area.aliases)})


def _known(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if _is_known(value)}


def _is_known(value: Any) -> bool:
    return value not in (None, [], {}, "")


def _plain(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def _dump_criterion(criterion: Criterion) -> dict[str, Any]:
    out: dict[str, Any] = {"fact": criterion.fact}
    match criterion.test:
        case Between(low, high, currency):
            out |= {"between": [_plain(low), _plain(high)], "currency": currency}
        case OneOf(values):
            out["one_of"] = sorted(values)
        case NoneOf(values):
            out["none_of"] = sorted(values)
        case Within(areas):
            out["within"] = sorted(areas)
    out["any_of"] = [_dump_criterion(part) for part in criterion.any_of]
    return _known({**out, "words": criterion.words, "source": _dump_source(criterion.source)})


def _dump_amount(amount: Amount) -> dict[str, Any]:
    return _known(
        {
            "currency": amount.currency,
            "min": _plain(amount.min),
            "max": _plain(amount.max),
            "rate_percent": _plain(amount.rate_percent),
            "cost_to_business": _plain(amount.cost_to_business),
            "cost_words": amount.cost_words,
            "paid": amount.paid,
            "meaning": amount.meaning if amount.meaning != "payment" else None,
            "note": amount.note,
        }
    )


def _dump_window(window: Window) -> dict[str, Any]:
    return _known(
        {
            "status": window.status,
            "opens": window.opens_text or _iso(window.opens),
            "closes": window.closes_text or _iso(window.closes),
            "usual_month": window.usual_month,
            "note": window.note,
        }
    )


def _dump_source(source: Source | None) -> dict[str, Any] | None:
    if source is None:
        return None
    return _known({"url": source.url, "title": source.title, "date": source.date, "seen": _iso(source.seen)})


def _dump_assured(assured: Assurance | None) -> dict[str, Any] | None:
    if assured is None:
        return None
    return {"by": assured.by, "on": _iso(assured.on), "until": _iso(assured.until)}


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
