"""The rules, held to the offers of the starter pack and to businesses from all its regions."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from random import Random

import pytest

import knowledge_base
from knowledge_base.catalogue import read_starter_pack
from knowledge_base.documents import canonical_json, roadmap_document
from knowledge_base.places import Gazetteer
from knowledge_base.profile import Profile
from knowledge_base.roadmap import CatalogueIndex, make_roadmap
from knowledge_base.words import BUSINESS_STAGES, KINDS, LEGAL_FORMS, NEEDS, SECTORS
from tests.core.builders import TODAY, business
from tests.core.rules import Rules

PLACES = (
    "Dudley",
    "Coventry",
    "DY1 2AB",
    "Leicester",
    "Cardiff",
    "Wales",
    "Swansea",
    "Jönköping",
    "Hamburg",
    "Sydney",
)
CONTENT = Path(knowledge_base.__file__).parent / "content"


@pytest.fixture(scope="module")
def index():
    return CatalogueIndex.of(read_starter_pack(CONTENT))


@pytest.fixture(scope="module")
def gazetteer(index):
    return Gazetteer.load(index.catalogue.areas)


def some_business(chance: Random) -> Profile:
    facts = {
        "place": chance.choice(PLACES),
        "employees": chance.choice([0, 4, 14, 60, 400, {"from": 1, "to": 300}]),
        "sector": chance.choice(list(SECTORS)),
        "stage": chance.choice(BUSINESS_STAGES),
        "legal_form": chance.choice(LEGAL_FORMS),
        "turnover": {
            "amount": chance.choice([0, 90_000, 60_000_000]),
            "currency": chance.choice(["GBP", "EUR"]),
        },
        "trading_months": chance.choice([0, 18, 240]),
        "refuses": chance.sample(KINDS, 2),
    }
    return business(**{fact: value for fact, value in facts.items() if chance.random() < 0.6})


def inside(index, gazetteer, profile):
    place = gazetteer.resolve(profile.place) if profile.place else None

    def held(areas):
        if place is None or place.status == "unknown":
            return None
        return False if place.status == "outside" else index.tree.standing(place.areas, areas)

    return held


@pytest.mark.parametrize("seed", range(60))
def test_every_roadmap_keeps_every_rule(index, gazetteer, seed):
    chance = Random(seed)
    profile, needs = some_business(chance), chance.sample(NEEDS, chance.choice([1, 1, 2, 3, 16]))
    on = chance.choice([TODAY, date(2027, 6, 1), date(2025, 2, 1)])
    roadmap = make_roadmap(index, needs, profile, on, resolve=gazetteer.resolve)

    rules = Rules(index.catalogue, profile, on, inside(index, gazetteer, profile))
    rules.check(roadmap_document(roadmap), needs)


@pytest.mark.parametrize("need", NEEDS)
def test_every_need_is_served_in_the_west_midlands_leicester_and_wales(index, gazetteer, need):
    for place in ("Dudley", "Leicester", "Cardiff"):
        firm = business(place=place, employees=14, stage="established", legal_form="limited_company")
        roadmap = make_roadmap(index, [need], firm, TODAY, resolve=gazetteer.resolve)

        assert roadmap.steps, (need, place, roadmap.gaps)


def test_the_same_question_twice_gets_the_same_bytes(index, gazetteer):
    once, again = (
        canonical_json(
            roadmap_document(
                make_roadmap(
                    each, ["finance", "premises"], business(place="Dudley"), TODAY, resolve=gazetteer.resolve
                )
            )
        )
        for each in (index, CatalogueIndex.of(read_starter_pack(CONTENT)))
    )

    assert once == again
