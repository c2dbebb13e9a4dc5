"""Businesses, offers and a small map of places, named for what they are. Every offer here is an example."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from knowledge_base.areas import AreaTree
from knowledge_base.eligibility import Situation
from knowledge_base.profile import Profile, parse_profile
from knowledge_base.records import (
    Amount,
    Area,
    Between,
    Catalogue,
    Criterion,
    NoneOf,
    Offer,
    OneOf,
    Source,
    Window,
    Within,
)

TODAY = date(2026, 11, 21)
SOURCE = Source("https://example.org/offer", "An example page", None, date(2026, 11, 1))

AREAS = (
    Area("uk", "UK"),
    Area("england", "England", ("uk",)),
    Area("west-midlands", "West Midlands", ("england",)),
    Area("wmca", "West Midlands Combined Authority", ("west-midlands",)),
    Area("cwgh", "Coventry and Warwickshire", ("west-midlands",)),
    Area("black-country", "Black Country", ("wmca",)),
    Area("dudley", "Dudley", ("black-country",)),
    Area("coventry", "Coventry", ("wmca", "cwgh")),
    Area("rugby", "Rugby", ("cwgh",)),
    Area("marches", "The Marches", ("west-midlands",)),
    Area("newport-shropshire", "Newport, Shropshire", ("marches",)),
    Area("wales", "Wales", ("uk",)),
    Area("cardiff", "Cardiff", ("wales",)),
    Area("newport-wales", "Newport, Wales", ("wales",)),
    Area("sweden", "Sweden"),
)


@dataclass(frozen=True)
class FoundPlace:
    """A place as a gazetteer would find it."""

    text: str
    name: str
    status: str
    areas: tuple[str, ...] = ()


BY_CODE = {area.code: area for area in AREAS}
TREE = AreaTree(BY_CODE)


def resolve(text: str) -> FoundPlace:
    """Find a place by its name; Newport may be either of two, Sydney is on no map of ours."""
    if text.lower() == "newport":
        return FoundPlace(text, "Newport", "ambiguous", ("newport-shropshire", "newport-wales"))
    if text.lower() == "sydney":
        return FoundPlace(text, "Sydney", "outside")
    for area in AREAS:
        if area.name.lower() == text.lower():
            return FoundPlace(text, area.name, "known", (area.code,))
    return FoundPlace(text, text, "unknown")


def business(**facts: Any) -> Profile:
    """A business that has told us these facts, in the shape a profile is sent in."""
    return parse_profile(facts)


def situation(profile: Profile) -> Situation:
    return Situation.of(profile, TREE, resolve, BY_CODE)


def welsh_cafe() -> Profile:
    return business(place="Cardiff", employees=6, sector="hospitality_tourism", legal_form="sole_trader")


def dudley_metal_firm() -> Profile:
    return business(
        place="Dudley",
        employees=14,
        sector="manufacturing",
        legal_form="limited_company",
        stage="established",
        turnover={"amount": 1_200_000, "currency": "GBP"},
    )


def employs(low: int | None, high: int | None) -> Criterion:
    return Criterion(f"You employ between {low} and {high} people", "employees", _between(low, high))


def turns_over(low: int | None, high: int | None, currency: str = "GBP") -> Criterion:
    return Criterion("Your turnover is within the limit", "turnover", _between(low, high, currency))


def is_one_of(fact: str, *values: str) -> Criterion:
    return Criterion(f"Your {fact} is one of {', '.join(values)}", fact, OneOf(frozenset(values)))


def is_none_of(fact: str, *values: str) -> Criterion:
    return Criterion(f"Your {fact} is none of {', '.join(values)}", fact, NoneOf(frozenset(values)))


def is_within(*areas: str) -> Criterion:
    return Criterion(f"You are in {' or '.join(areas)}", "place", Within(frozenset(areas)))


def any_of(*members: Criterion) -> Criterion:
    return Criterion("One of these holds", any_of=members)


def in_words(words: str) -> Criterion:
    return Criterion(words)


def _between(low: int | None, high: int | None, currency: str | None = None) -> Between:
    return Between(None if low is None else Decimal(low), None if high is None else Decimal(high), currency)


def rolling() -> Window:
    return Window("rolling")


def dated(opens: date | None, closes: date | None) -> Window:
    return Window("dated", opens, closes)


def annual(month: int) -> Window:
    return Window("annual", usual_month=month)


def closed(text: str | None = None) -> Window:
    return Window("closed", closes_text=text)


def offer(id: str, kind: str = "advice", **fields: Any) -> Offer:
    """An offer open to anybody at any time, but for what the fields say."""
    shape: Mapping[str, Any] = {
        "name": id.replace("-", " ").capitalize(),
        "provider": "example-council",
        "areas": (),
        "needs": ("process_improvement",),
        "stages": ("diagnose",),
        "window": rolling(),
        "source": SOURCE,
    }
    return Offer(id=id, kind=kind, **{**shape, **fields})


def grant_for_exporters() -> Offer:
    return offer(
        "grant-for-exporters",
        "grant",
        areas=("west-midlands",),
        needs=("export_markets",),
        stages=("fund",),
        criteria=(employs(5, 249), in_words("You have an export plan")),
        amount=Amount(currency="GBP", max=Decimal(8000), rate_percent=Decimal(50)),
    )


def catalogue(*offers: Offer) -> Catalogue:
    return Catalogue.of(AREAS, offers)
