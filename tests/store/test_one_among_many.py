"""Saving one record looks at what it names alone, and reading the catalogue again at what has changed."""

from __future__ import annotations

import pytest

from knowledge_base.faults import BadCatalogue
from knowledge_base.records import Provider
from knowledge_base.store import record_rows
from knowledge_base.store.catalogue_store import CatalogueStore
from tests.core.builders import offer
from tests.store.conftest import NOW


@pytest.fixture
def council(store: CatalogueStore) -> CatalogueStore:
    store.save_provider(Provider("example-council", "Example council", "public"), "C", "new", NOW)
    return store


def save(store: CatalogueStore, id: str, **fields) -> None:
    store.save_offer(offer(id, **fields), "C", "new", NOW)


def test_a_circle_is_found_however_long_the_way_round(council, monkeypatch):
    monkeypatch.setattr(record_rows, "LONGEST_CHAIN", 3)
    save(council, "o-0")
    for n in range(1, 9):
        save(council, f"o-{n}", requires=(f"o-{n - 1}",))

    for end in (1, 2, 3, 4, 8):  # within the steps that are followed one by one, and beyond them
        with pytest.raises(BadCatalogue, match="which is a circle"):
            save(council, "o-0", requires=(f"o-{end}",))
    assert council.offer("o-0")[0].requires == ()


def test_an_offer_that_names_more_than_one_statement_may_hold_is_checked_whole(council, monkeypatch):
    monkeypatch.setattr(record_rows, "AT_ONCE", 4)
    for n in range(10):
        save(council, f"o-{n}")
    save(council, "last", excludes=tuple(f"o-{n}" for n in range(10)))

    with pytest.raises(BadCatalogue, match="'o-10' is not an offer"):
        save(council, "last", excludes=tuple(f"o-{n}" for n in range(11)))
    assert len(council.catalogue().offers) == 11


def test_only_what_changed_is_read_again(council):
    other = CatalogueStore(council.database)
    for n in range(12):
        save(council, f"o-{n}")
    before = other.catalogue()
    save(council, "o-3", summary="Changed by somebody else")
    save(council, "o-new")
    after = other.catalogue()

    assert after.offers["o-3"].summary == "Changed by somebody else"
    assert after.offers.keys() - before.offers.keys() == {"o-new"}
    kept = [id for id in before.offers if after.offers[id] is before.offers[id]]
    assert len(kept) == 11
    assert dict(after.offers) == dict(CatalogueStore(council.database).catalogue().offers)
