"""A catalogue compiled says of every business what the plain rules say, each test held once."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import knowledge_base
from knowledge_base import compiled, compiled_tests
from knowledge_base.areas import AreaTree
from knowledge_base.catalogue import read_starter_pack
from knowledge_base.compiled import Compiled
from knowledge_base.documents import assessment_document
from knowledge_base.eligibility import Assessment, Result, Situation, assess
from knowledge_base.places import Gazetteer
from knowledge_base.profile import MoneySpan, Profile, Span
from knowledge_base.records import Between, Catalogue, Criterion, NoneOf, Offer, OneOf, Source, Within
from knowledge_base.roadmap import CatalogueIndex
from knowledge_base.roadmap.candidates import Pool
from knowledge_base.view import View
from knowledge_base.windows import usable
from knowledge_base.words import BUSINESS_STAGES, FACTS, KINDS, LEGAL_FORMS, NEEDS, SECTORS
from tests.core.builders import (
    AREAS,
    BY_CODE,
    SOURCE,
    TODAY,
    business,
    dudley_metal_firm,
    employs,
    in_words,
    is_one_of,
    offer,
    resolve,
    turns_over,
    welsh_cafe,
)
from tests.core.worlds import CODES, PLACES, world

BUSINESSES = 10_000 if os.environ.get("FINGERPOST_FULL_TESTS") else 1_000
CONTENT = Path(knowledge_base.__file__).parent / "content"
TOLD_PLACES = (
    *("Dudley", "Coventry", "DY1 2AB", "Leicester", "Loughborough", "Cardiff", "Habo", "Hamburg", "Szeged"),
    *("Wales", "England", "the West Midlands", "Sweden", "UK"),  # too coarse for most offers
    *("Newport", "Sutton", "Whitchurch"),  # several of a name
    *("Sydney", "Ohio"),  # outside
    *("Narnia", "%$!", "  ", "x" * 300),  # no place
)

seeds = st.integers(0, 2**40)


def some_number(chance: Random) -> tuple[Decimal | None, Decimal | None]:
    """A number told exactly, as a range, as a range open at one end, or as one open at both."""
    low, high = sorted(chance.choice([0, 1, 4, 5, 9, 10, 49, 249, 250, 900, 10**6]) for _ in range(2))
    exact = Decimal(low) + chance.choice([Decimal(0), Decimal("0.5"), Decimal("0.0")])
    ends: list[tuple[Decimal | None, Decimal | None]] = [
        (exact, exact),
        (exact, exact),
        (Decimal(low), Decimal(high)),
        (Decimal(low), None),
        (None, Decimal(high)),
        (None, None),
    ]
    return chance.choice(ends)


def some_money(chance: Random) -> MoneySpan:
    return MoneySpan(*some_number(chance), chance.choice(["GBP", "gbp", "EUR", "SEK", "QQQ", ""]))


def some_profile(chance: Random, places: tuple[str, ...] = TOLD_PLACES, ids: tuple[str, ...] = ()) -> Profile:
    """Whatever a business may tell, likely or odd, the same from the same chance."""
    told: dict[str, Any] = {
        "employees": Span(*some_number(chance)),
        "place": chance.choice(places),
        "sector": chance.choice([*SECTORS, "Manufacturing", "no such trade", "digital-tech", " "]),
        "turnover": some_money(chance),
        "trading_months": Span(*some_number(chance)),
        "legal_form": chance.choice([*LEGAL_FORMS, "Limited Company", "ltd"]),
        "stage": chance.choice([*BUSINESS_STAGES, "START-UP", "?"]),
        "amount": some_money(chance),
        "deadline": chance.choice([date(2026, 1, 1), date(2027, 3, 31), date.max, date.min]),
        "languages": tuple(chance.sample(["en", "EN", "cy", "sv", "x", ""], 2)),
        "refuses": tuple(chance.sample(KINDS, 2)),
        "done": tuple(chance.sample([*ids, "offer-1", "nowhere"], 2)),
        "subsidy_received": some_money(chance),
        "refused": tuple(chance.sample([*FACTS, "nothing we ask"], chance.choice([0, 0, 1, 4]))),
    }
    share = chance.choice([0, 0.3, 0.6, 1])
    return Profile(**{fact: value for fact, value in told.items() if chance.random() < share})


def some_criterion(chance: Random, depth: int = 0) -> Criterion:
    """Any fact beside any test, sensible or not; groups within groups; words alone."""
    words, source = f"Words {chance.randint(0, 3)}", chance.choice([None, None, SOURCE, Source(None, "Own")])
    kind = chance.random()
    if kind < 0.2 and depth < 3:
        members = tuple(some_criterion(chance, depth + 1) for _ in range(chance.randint(1, 3)))
        return Criterion(words, chance.choice([None, "place"]), None, members, source)
    fact = chance.choice([*FACTS, None])
    if kind < 0.35:
        return Criterion(words, fact, None, (), source)
    if kind < 0.5:
        fact = chance.choice([None, "place", "languages", "done"])
    low, high = (
        chance.choice([None, 5, Decimal("5.0"), 10]),
        chance.choice([None, 10, 249, Decimal("249.00")]),
    )
    listed = frozenset(chance.sample(["manufacturing", "Sole trader", "en", "EN", "offer-1", "wales"], 2))
    test = chance.choice(
        [
            Between(
                *(None if bound is None else Decimal(bound) for bound in (low, high)),
                chance.choice([None, "GBP", "sek"]),
            ),
            # A number cannot be compared with a day, and the format never asks it to be.
            Between(date(2026, 6, 1) if fact == "deadline" else None, None),  # type: ignore[arg-type]
            OneOf(listed),
            NoneOf(listed),
            Within(frozenset(chance.sample(CODES, 2))),
        ]
    )
    return Criterion(words, fact, test, (), source)


def some_catalogue(seed: int) -> Catalogue:
    """A small random catalogue with random criteria, some shared by several offers."""
    chance = Random(seed)
    shared = [some_criterion(chance) for _ in range(6)]
    offers = [
        replace(each, criteria=(*each.criteria, *chance.sample(shared, chance.randint(0, 4))))
        for each in world(seed).offers
    ]
    return Catalogue.of(AREAS, offers)


def situation_in(index: CatalogueIndex, profile: Profile, find: Any = resolve) -> Situation:
    return Situation.of(profile, index.tree, find, index.named)


def plainly(index: CatalogueIndex, profile: Profile, find: Any = resolve) -> list[Assessment]:
    """What the plain rules say, with nothing remembered from before."""
    areas = index.catalogue.areas
    alone = Situation.of(profile, index.tree, find, areas)
    return [assess(each, alone) for each in index.catalogue.offers.values()]


def told(index: CatalogueIndex, profile: Profile, find: Any = resolve) -> list[list[Any]]:
    """What the compiled catalogue says: of all offers at once, of each by itself, and the verdicts alone."""
    held = index.compiled.assess(situation_in(index, profile, find))
    ids = list(index.catalogue.offers)
    return [held.all(), [held.of(id) for id in ids], [held.verdict(id) for id in ids]]


def three_ways(expected: list[Assessment]) -> list[list[Any]]:
    """What `told` is to say where the plain rules say this."""
    return [expected, expected, [each.verdict for each in expected]]


def hold_both(index: CatalogueIndex, profile: Profile, find: Any = resolve) -> list[Assessment]:
    expected = plainly(index, profile, find)
    assert told(index, profile, find) == three_ways(expected)
    return expected


@pytest.fixture(scope="module")
def starter():
    return CatalogueIndex.of(read_starter_pack(CONTENT))


@pytest.fixture(scope="module")
def gazetteer(starter):
    return Gazetteer.load(starter.catalogue.areas)


@settings(max_examples=BUSINESSES, deadline=None)
@given(seeds)
def test_every_business_is_told_of_every_real_offer_what_the_plain_rules_say(starter, gazetteer, seed):
    profile = some_profile(Random(seed), ids=tuple(starter.catalogue.offers))
    expected = plainly(starter, profile, gazetteer.resolve)

    assert told(starter, profile, gazetteer.resolve) == three_ways(expected), profile


@settings(max_examples=600, deadline=None)
@given(seeds, st.integers(0, 2**40))
def test_every_business_is_told_of_any_offer_what_the_plain_rules_say(seed, who):
    index = CatalogueIndex.of(some_catalogue(seed))
    chance = Random(who)

    for _ in range(4):  # what the first was told must not be told to the second
        profile = some_profile(chance, (*PLACES, "Rugby", "England", "Newport", ""))
        assert told(index, profile) == three_ways(plainly(index, profile)), profile


def without_failed(each: Offer, assessment: Assessment, gone: list[int]) -> Offer:
    """Take conditions out of an offer, by their place in its assessment; its areas are the first of them."""
    areas = 1 if each.areas else 0
    kept = tuple(c for at, c in enumerate(each.criteria, areas) if at not in gone)
    return replace(each, areas=() if areas and 0 in gone else each.areas, criteria=kept)


def unlikely_in(index: CatalogueIndex, profile: Profile, find: Any = resolve) -> list[Assessment]:
    held = index.compiled.assess(situation_in(index, profile, find)).all()
    return [each for each in held if each.verdict == "unlikely"]


def faults_of(index: CatalogueIndex, profile: Profile, find: Any, assessment: Assessment) -> list[str]:
    """Say where the reasons given are not what makes an offer unlikely.

    Take away all of them and the verdict goes; take away one and the others stand.
    """
    record = index.catalogue.offers[assessment.offer_id]
    failed = [at for at, c in enumerate(assessment.criteria) if c in assessment.failed]
    cases = [failed, *([at] for at in failed)]
    mended = [replace(without_failed(record, assessment, gone), id=f"{n}") for n, gone in enumerate(cases)]
    again = Compiled.of(mended, index.named).assess(situation_in(index, profile, find)).all()
    found = [] if failed else [f"{record.id} is unlikely and no reason is given"]
    if again[0].verdict == "unlikely":
        found.append(f"{record.id} is unlikely still with all reasons taken away")
    for gone, after in zip(cases[1:], again[1:], strict=True):
        rest = [assessment.criteria[at] for at in failed if at not in gone]
        if list(after.failed) != rest or (after.verdict == "unlikely") != bool(rest):
            found.append(f"{record.id} without reason {gone} is {after.verdict} for {after.failed}")
    return found


@settings(max_examples=BUSINESSES // 5, deadline=None)
@given(seeds)
def test_a_real_offer_is_unlikely_for_the_reasons_given_and_no_other(starter, gazetteer, seed):
    chance = Random(seed)
    profile = some_profile(chance)
    unlikely = unlikely_in(starter, profile, gazetteer.resolve)

    for each in chance.sample(unlikely, min(12, len(unlikely))):
        assert faults_of(starter, profile, gazetteer.resolve, each) == []


@settings(max_examples=400, deadline=None)
@given(seeds)
def test_any_offer_is_unlikely_for_the_reasons_given_and_no_other(seed):
    chance = Random(seed)
    index = CatalogueIndex.of(some_catalogue(seed))
    profile = some_profile(chance, PLACES)

    for each in unlikely_in(index, profile):
        assert faults_of(index, profile, resolve, each) == []


def test_a_welsh_cafe_is_unlikely_for_more_than_fifty_real_offers_each_for_its_reasons(starter, gazetteer):
    unlikely = unlikely_in(starter, welsh_cafe(), gazetteer.resolve)

    assert len(unlikely) > 50
    assert [f for each in unlikely for f in faults_of(starter, welsh_cafe(), gazetteer.resolve, each)] == []


def test_a_reason_that_is_not_the_only_one_is_noticed_when_it_alone_is_given():
    index = CatalogueIndex.of(
        Catalogue.of(AREAS, [offer("a", criteria=(employs(50, None), employs(60, None)))])
    )
    (whole,) = unlikely_in(index, welsh_cafe())
    met = whole.criteria[1]._replace(result=Result.MET)
    half = whole._replace(criteria=(whole.criteria[0], met))

    assert faults_of(index, welsh_cafe(), resolve, whole) == []
    assert "still with all reasons taken away" in faults_of(index, welsh_cafe(), resolve, half)[0]


@settings(max_examples=200, deadline=None)
@given(seeds)
def test_offers_left_out_at_a_stroke_are_out_for_the_reason_each_has_alone(seed):
    given_ = world(seed, most=12)
    index = CatalogueIndex.of(given_.catalogue())
    situation = situation_in(index, given_.profile)
    needs, turned_down = tuple(dict.fromkeys(given_.needs)), given_.turned_down
    for audience in ("owner", "broker"):
        pool = Pool.of(index, situation, TODAY, needs, turned_down, audience)
        told = situation.facts
        alone = Pool(
            *(index, situation, TODAY, needs),
            told.get("refuses", frozenset()),
            told.get("done", frozenset()),
            turned_down,
            audience,
        )
        serving = {
            need: [each.id for each in index.by_need[need] if alone.consider(each.id)] for need in needs
        }

        assert pool.out == alone.out
        assert pool.candidates == alone.candidates
        assert {need: list(ids) for need, ids in pool.serving.items()} == serving
        for need in needs:
            assert {each.id for each in index.by_need[need]} <= pool.out.keys() | pool.candidates.keys()


def test_a_test_shared_by_many_offers_is_held_once_and_not_again_for_the_next_like_it(monkeypatch):
    held: list[Criterion] = []
    plain = compiled_tests.hold
    monkeypatch.setattr(compiled_tests, "hold", lambda c, told: held.append(c) or plain(c, told))
    shared = (employs(5, 249), is_one_of("sector", "manufacturing"))
    records = Catalogue.of(AREAS, [offer(f"o-{n}", areas=("wales",), criteria=shared) for n in range(50)])
    index = CatalogueIndex.of(records)

    index.compiled.assess(situation_in(index, welsh_cafe())).all()
    assert sorted(str(c.fact) for c in held) == ["employees", "place", "sector"]

    index.compiled.assess(situation_in(index, welsh_cafe())).all()
    index.compiled.assess(situation_in(index, replace(welsh_cafe(), employees=None))).all()
    assert [c.fact for c in held[3:]] == ["employees"]


def test_what_is_remembered_is_bounded_and_forgetting_changes_nothing(monkeypatch):
    monkeypatch.setattr(compiled, "MOST_KEPT", 20)
    monkeypatch.setattr(compiled_tests, "MOST_TOLD", 3)
    index = CatalogueIndex.of(some_catalogue(7))
    chance = Random(7)

    for _ in range(200):
        hold_both(index, some_profile(chance, PLACES))
        assert len(index.compiled._known) <= 20
        assert all(len(kept) <= 3 for kept in index.compiled.tests._parts.values())


def test_a_changed_condition_is_held_as_it_is_now_and_the_old_catalogue_as_it_was():
    old = offer("a-grant", areas=("wales",), criteria=(employs(5, 249),))
    first = CatalogueIndex.of(Catalogue.of(AREAS, [old]))
    assert hold_both(first, welsh_cafe())[0].verdict == "likely"

    second = CatalogueIndex.of(
        Catalogue.of(AREAS, [replace(old, criteria=(employs(10, 249),))]), before=first
    )

    assert second.tree is first.tree, "the areas are the same"
    assert hold_both(second, welsh_cafe())[0].verdict == "unlikely"
    assert hold_both(first, welsh_cafe())[0].verdict == "likely"


def test_areas_that_moved_are_not_taken_from_the_version_before():
    record = offer("a-grant", areas=("wales",))
    first = CatalogueIndex.of(Catalogue.of(AREAS, [record]))
    moved = {**BY_CODE, "cardiff": replace(BY_CODE["cardiff"], within=("england",))}
    second = CatalogueIndex.of(Catalogue.of(moved.values(), [record]), before=first)

    assert hold_both(first, welsh_cafe())[0].verdict == "likely"
    assert hold_both(second, welsh_cafe())[0].verdict == "unlikely"


def test_a_renamed_area_is_told_by_its_new_name():
    record = offer("a-grant", areas=("wales",))
    first = CatalogueIndex.of(Catalogue.of(AREAS, [record]))
    renamed = {**BY_CODE, "wales": replace(BY_CODE["wales"], name="Cymru")}
    second = CatalogueIndex.of(Catalogue.of(renamed.values(), [record]), before=first)

    assert hold_both(second, business())[0].criteria[0].words == "You are in Cymru"


def test_a_situation_of_another_catalogue_is_refused():
    index, other = (CatalogueIndex.of(Catalogue.of(AREAS, [offer("a")])) for _ in range(2))

    with pytest.raises(ValueError, match="another catalogue"):
        index.compiled.assess(situation_in(other, welsh_cafe()))
    with pytest.raises(ValueError, match="another catalogue"):
        index.compiled.assess(Situation.of(welsh_cafe(), AreaTree(BY_CODE), resolve, index.named))


def test_an_empty_catalogue_has_nothing_to_say():
    index = CatalogueIndex.of(Catalogue.of(AREAS, []))

    assert hold_both(index, welsh_cafe()) == []
    with pytest.raises(KeyError):
        index.compiled.assess(situation_in(index, welsh_cafe())).of("an-offer")
    assert Pool.of(index, situation_in(index, welsh_cafe()), TODAY, tuple(NEEDS)).out == {}


def test_an_offer_that_asks_for_nothing_stands_between_others_as_likely():
    index = CatalogueIndex.of(
        Catalogue.of(
            AREAS,
            [
                offer("a", criteria=(employs(50, None),)),
                offer("b"),
                offer("c", criteria=(in_words("Not started"),)),
                offer("d", areas=("england",)),
                offer("e"),
            ],
        )
    )

    found = hold_both(index, welsh_cafe())
    assert [each.verdict for each in found] == ["unlikely", "likely", "likely", "unlikely", "likely"]
    assert found[1] == Assessment("b", "likely", (), ())


def test_a_thousand_conditions_on_one_offer_are_all_held():
    many = tuple(employs(n % 40, 500 + n) for n in range(1_000))
    index = CatalogueIndex.of(Catalogue.of(AREAS, [offer("a", criteria=many), offer("b")]))

    found = hold_both(index, dudley_metal_firm())[0]
    assert len(found.criteria) == 1_000
    assert len(found.failed) == 25 * 25  # he employs 14: fifteen to thirty-nine are too many for him
    assert hold_both(index, business(employees=39))[0].verdict == "likely"


def test_an_answer_of_no_known_kind_is_held_like_any_other():
    asks = offer("a", criteria=(employs(5, 20), turns_over(None, 100)))
    index = CatalogueIndex.of(Catalogue.of(AREAS, [*some_catalogue(3).offers.values(), asks]))
    odd = Profile(employees=["twelve"], turnover={"much": 1})  # type: ignore[arg-type]
    expected = plainly(index, odd)

    assert told(index, odd) == three_ways(expected)
    found = next(each for each in expected if each.offer_id == "a")
    assert [each.result for each in found.criteria] == [Result.UNKNOWN, Result.UNKNOWN]
    assert found.to_check == tuple(each.words for each in asks.criteria)


@pytest.mark.parametrize("profile", [business(), welsh_cafe(), dudley_metal_firm()])
def test_all_doors_tell_what_the_plain_rules_say(starter, profile):
    view = View.of(starter.catalogue)
    alone = Situation.of(profile, view.index.tree, view.resolve, view.catalogue.areas)
    offers = view.catalogue.offers.values()

    assert view.assessments(profile, TODAY) == [
        assessment_document(assess(each, alone), usable(each.window, TODAY)) for each in offers
    ]
    assert {card.id for card in view.meetings([], profile, TODAY)} == {
        each.id
        for each in offers
        if each.kind in ("event", "network")
        and each.audience == "owner"
        and not usable(each.window, TODAY).closed
        and assess(each, alone).verdict != "unlikely"
    }
