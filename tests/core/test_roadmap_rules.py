"""Whatever the records and whatever a business tells, a roadmap keeps the rules."""

from __future__ import annotations

from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge_base.documents import canonical_json, roadmap_document
from knowledge_base.records import Catalogue, Provider
from knowledge_base.roadmap import CatalogueIndex, make_roadmap
from tests.core.builders import AREAS, TODAY, TREE, resolve
from tests.core.rules import Rules
from tests.core.worlds import world

seeds = st.integers(0, 2**40)


def inside(profile):
    """Say of any areas whether the business is in one, as the map has it."""
    place = resolve(profile.place) if profile.place else None

    def held(areas):
        if place is None:
            return None
        return False if place.status == "outside" else TREE.standing(place.areas, areas)

    return held


@settings(max_examples=600, deadline=None)
@given(seeds)
def test_every_roadmap_keeps_every_rule(seed):
    given_ = world(seed)
    catalogue = given_.catalogue()
    roadmap = make_roadmap(
        catalogue, given_.needs, given_.profile, TODAY, resolve=resolve, turned_down=given_.turned_down
    )

    rules = Rules(catalogue, given_.profile, TODAY, inside(given_.profile))
    rules.check(roadmap_document(roadmap), given_.needs, given_.turned_down)


@settings(max_examples=100, deadline=None)
@given(seeds, st.randoms(use_true_random=False))
def test_the_same_records_in_any_order_give_the_same_roadmap_byte_for_byte(seed, chance):
    given_ = world(seed)
    shuffled = chance.sample(given_.offers, len(given_.offers))
    first, second = (
        make_roadmap(Catalogue.of(AREAS, offers), given_.needs, given_.profile, TODAY, resolve=resolve)
        for offers in (given_.offers, shuffled)
    )

    assert canonical_json(roadmap_document(first)) == canonical_json(roadmap_document(second))


@settings(max_examples=100, deadline=None)
@given(seeds)
def test_public_or_private_makes_no_difference(seed):
    given_ = world(seed)
    documents = []
    for one, two in permutations(["public", "private"]):
        catalogue = given_.catalogue(Provider("one", "One", one), Provider("two", "Two", two))
        index = CatalogueIndex.of(catalogue)
        documents.append(
            roadmap_document(make_roadmap(index, given_.needs, given_.profile, TODAY, resolve=resolve))
        )

    assert documents[0] == documents[1]
