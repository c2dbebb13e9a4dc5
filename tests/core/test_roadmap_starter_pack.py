"""The rules, held to the offers of the starter pack and to businesses from all its regions."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest

import knowledge_base
from knowledge_base.catalogue import read_starter_pack
from knowledge_base.documents import canonical_json, roadmap_document
from knowledge_base.places import Gazetteer
from knowledge_base.profile import Profile
from knowledge_base.records import Catalogue
from knowledge_base.roadmap import CatalogueIndex, make_roadmap
from knowledge_base.words import BUSINESS_STAGES, KINDS, LEGAL_FORMS, NEEDS, SECTORS
from tests.core.builders import TODAY, business
from tests.core.full import examples
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


CHUNKS = 20
FIRST_DAY = date(2026, 1, 1)


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_every_roadmap_keeps_every_rule_on_any_day_of_two_years(index, gazetteer, chunk):
    for seed in range(chunk, examples(10_000, 200), CHUNKS):
        chance = Random(f"pack {seed}")
        profile, needs = some_business(chance), chance.sample(NEEDS, chance.choice([1, 1, 1, 2, 2, 3, 4, 16]))
        on = FIRST_DAY + timedelta(days=chance.randrange(731))
        down = frozenset(chance.sample(sorted(index.catalogue.offers), chance.choice([0, 0, 0, 5])))
        near = {id: chance.random() for id in index.catalogue.offers} if chance.random() < 0.3 else None
        roadmap = make_roadmap(
            *(index, needs, profile, on), resolve=gazetteer.resolve, turned_down=down, closeness=near
        )

        try:
            rules = Rules(index.catalogue, profile, on, inside(index, gazetteer, profile))
            rules.check(roadmap_document(roadmap), needs, down)
        except AssertionError as broken:
            raise AssertionError(f"seed {seed}, {needs}, {profile}, {on}: {broken}") from broken


@pytest.mark.parametrize("seed", range(12))
def test_were_every_public_provider_private_the_roadmaps_would_be_the_same(index, gazetteer, seed):
    chance = Random(seed)
    profile, needs = some_business(chance), chance.sample(NEEDS, 2)
    swapped = {"public": "private", "private": "public"}
    providers = [replace(p, type=swapped.get(p.type, p.type)) for p in index.catalogue.providers.values()]
    catalogue = index.catalogue
    other = CatalogueIndex.of(Catalogue.of(catalogue.areas.values(), catalogue.offers.values(), providers))
    mine, theirs = (
        canonical_json(roadmap_document(make_roadmap(each, needs, profile, TODAY, resolve=gazetteer.resolve)))
        for each in (index, other)
    )

    assert mine == theirs


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
