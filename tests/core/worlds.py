"""Small random catalogues and businesses, each from one number, so that a failure can be seen again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from knowledge_base.profile import Profile
from knowledge_base.records import Amount, Catalogue, Criterion, Offer, Provider, Window
from tests.core.builders import (
    AREAS,
    SOURCE,
    TODAY,
    annual,
    any_of,
    business,
    closed,
    dated,
    employs,
    in_words,
    is_none_of,
    is_one_of,
    is_within,
    rolling,
    turns_over,
)

NEEDS = ("process_improvement", "finance", "export_markets", "premises")
STAGES = ("explore", "diagnose", "build_capability", "collaborate", "fund", "implement", "sustain")
CODES = ("uk", "england", "black-country", "wales", "cardiff", "cwgh")
KINDS = ("advice", "training", "grant", "loan", "award", "network")
PLACES = ("Dudley", "Cardiff", "Wales", "Newport", "Sydney", "Narnia", "Coventry")


@dataclass(frozen=True)
class World:
    """Records and one business that asks."""

    offers: tuple[Offer, ...]
    profile: Profile
    needs: list[str]
    turned_down: frozenset[str]

    def catalogue(self, *providers: Provider) -> Catalogue:
        return Catalogue.of(AREAS, self.offers, providers)


def world(seed: int, most: int = 10) -> World:
    """A handful of offers that may require and exclude each other in any way, circles included."""
    chance = Random(seed)
    ids = [f"offer-{number}" for number in range(chance.randint(1, most))]
    return World(
        tuple(_offer(chance, id, ids) for id in ids),
        business(**_facts(chance, ids)),
        _some(chance, NEEDS, 4, least=1),
        frozenset(_some(chance, ids, 1)) if chance.random() < 0.2 else frozenset(),
    )


def _some(chance: Random, values: Sequence[str], most: int, least: int = 0) -> list[str]:
    return chance.sample(values, min(len(values), chance.randint(least, most)))


def _offer(chance: Random, id: str, ids: list[str]) -> Offer:
    return Offer(
        id=id,
        name=id,
        kind=chance.choice(KINDS),
        provider=chance.choice(["one", "two"]),
        areas=tuple(_some(chance, CODES, 2)) if chance.random() < 0.4 else (),
        needs=tuple(_some(chance, NEEDS, 2, least=1)),
        stages=tuple(_some(chance, STAGES, 3)),
        status="withdrawn" if chance.random() < 0.05 else "published",
        criteria=tuple(_criterion(chance) for _ in range(chance.choice([0, 0, 1, 2]))),
        amount=Amount("GBP", cost_to_business=chance.choice([None, Decimal(0), Decimal(100)])),
        duration_weeks=chance.choice([None, 0, 4, 12, 30]),
        window=_window(chance),
        requires=tuple(_some(chance, [*ids, "nowhere"], 1)) if chance.random() < 0.4 else (),
        excludes=tuple(_some(chance, ids, 2)) if chance.random() < 0.3 else (),
        audience="broker" if chance.random() < 0.07 else "owner",
        source=SOURCE,
    )


def _window(chance: Random) -> Window:
    kind = chance.random()
    if kind < 0.5:
        return rolling()
    if kind < 0.57:
        return closed("2023-04")
    if kind < 0.67:
        return annual(chance.randint(1, 12))
    if kind < 0.75:
        return Window()
    return dated(
        _day(chance, -60, 60), _day(chance, 61, 200) if chance.random() < 0.8 else _day(chance, -60, -1)
    )


def _day(chance: Random, low: int, high: int) -> date | None:
    return TODAY + timedelta(days=chance.randint(low, high)) if chance.random() < 0.8 else None


def _criterion(chance: Random, grouped: bool = False) -> Criterion:
    if not grouped and chance.random() < 0.2:
        return any_of(*(_criterion(chance, True) for _ in range(chance.randint(1, 3))))
    return chance.choice(
        [
            employs(chance.choice([None, 0, 5, 10]), chance.choice([None, 20, 249])),
            turns_over(chance.choice([None, 5]), 100, chance.choice(["GBP", "SEK"])),
            is_one_of("sector", "manufacturing"),
            is_none_of("legal_form", "sole_trader"),
            is_within("wales", "black-country"),
            is_one_of("languages", "en", "cy"),
            in_words("You have not started"),
        ]
    )


def _facts(chance: Random, ids: list[str]) -> dict[str, Any]:
    values: dict[str, list[Any]] = {
        "employees": [3, 12, 300, {"from": 4, "to": 40}, {"from": 10, "to": None}],
        "place": list(PLACES),
        "sector": ["manufacturing", "construction"],
        "turnover": [{"amount": 50, "currency": "GBP"}, {"amount": 500, "currency": "SEK"}],
        "legal_form": ["sole_trader", "charity"],
        "languages": [["en"], ["sv"]],
        "refuses": [_some(chance, KINDS, 2)],
        "done": [_some(chance, ids, 2)],
        "refused": [_some(chance, ["employees", "place", "sector"], 1)],
    }
    return {fact: chance.choice(options) for fact, options in values.items() if chance.random() < 0.5}
