"""Businesses and catalogues to measure on; the same in every run."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from knowledge_base.catalogue import read_pack
from knowledge_base.profile import Profile, parse_profile
from knowledge_base.records import Catalogue, Offer
from knowledge_base.services import PACK
from knowledge_base.words import NEEDS

ON = date(2026, 11, 21)
STRIDE = 7  # how far the areas of each copy are moved along the list of all areas

BUSINESSES: dict[str, Profile] = {
    name: parse_profile(told)
    for name, told in (
        ("a business that told nothing", {}),
        (
            "a manufacturer of 14 in Dudley",
            {"employees": 14, "place": "Dudley", "sector": "manufacturing", "legal_form": "limited_company"},
        ),
        (
            "a business of 5 to 40 in Wales",
            {"employees": {"from": 5, "to": 40}, "place": "Wales", "refused": ["turnover"]},
        ),
        (
            "a business of 9 in Loughborough that refuses loans",
            {
                "employees": 9,
                "place": "Loughborough",
                "turnover": {"amount": 400_000, "currency": "GBP"},
                "amount": {"amount": 60_000, "currency": "GBP"},
                "refuses": ["loan"],
                "trading_months": 72,
            },
        ),
        (
            "somebody about to start in Habo",
            {"employees": 1, "place": "Habo", "stage": "pre_start", "languages": ["sv", "en"]},
        ),
        (
            "a business of 240 in Cardiff",
            {"employees": 240, "place": "Cardiff", "stage": "scale_up", "trading_months": 240},
        ),
    )
}
PROFILES: tuple[Profile, ...] = tuple(BUSINESSES.values())
NEEDS_ASKED: tuple[tuple[str, ...], ...] = (
    ("process_improvement",),
    ("finance",),
    ("digital_adoption", "skills_leadership"),
    ("sustainability", "finance", "premises"),
    ("research_collaboration", "product_development", "intellectual_property", "finance"),
    tuple(NEEDS),
)


def starter() -> Catalogue:
    """The starter pack's published offers; a record that cannot be read is left out."""
    return read_pack(PACK).catalogue()


def grown(catalogue: Catalogue, count: int) -> Catalogue:
    """Return a catalogue of this many offers: those there are, and copies with other ids, names and areas."""
    offers = list(catalogue.offers.values())
    codes = sorted(catalogue.areas)
    made = [_copy(offers[n % len(offers)], n // len(offers), codes) for n in range(count)]
    return Catalogue.of(catalogue.areas.values(), made, catalogue.providers.values())


def with_own_words(catalogue: Catalogue) -> Catalogue:
    """Return the same offers with each condition in words of its own, so that no two offers share one."""
    offers = [
        replace(
            offer,
            criteria=tuple(replace(each, words=f"{each.words} ({offer.id})") for each in offer.criteria),
        )
        for offer in catalogue.offers.values()
    ]
    return Catalogue.of(catalogue.areas.values(), offers, catalogue.providers.values())


def _copy(offer: Offer, copy: int, codes: list[str]) -> Offer:
    """Copy an offer with the offers it names, so that each generation holds together as the first does."""
    if copy == 0:
        return offer
    places = {code: place for place, code in enumerate(codes)}
    moved = [codes[(places.get(area, 0) + copy * STRIDE) % len(codes)] for area in offer.areas]
    return replace(
        offer,
        id=f"{offer.id}-{copy}",
        name=f"{offer.name} {copy}",
        aliases=tuple(f"{alias} {copy}" for alias in offer.aliases),
        areas=tuple(moved),
        requires=tuple(f"{each}-{copy}" for each in offer.requires),
        leads_to=tuple(f"{each}-{copy}" for each in offer.leads_to),
        excludes=tuple(f"{each}-{copy}" for each in offer.excludes),
        succeeded_by=f"{offer.succeeded_by}-{copy}" if offer.succeeded_by else None,
        part_of=f"{offer.part_of}-{copy}" if offer.part_of else None,
    )
