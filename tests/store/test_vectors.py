"""What offers mean is worked out once, kept with them, and gone with them."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from sqlalchemy import delete

from knowledge_base.meanings import Meanings
from knowledge_base.roadmap import CatalogueIndex
from knowledge_base.services import ENCODER
from knowledge_base.store.catalogue_store import CatalogueStore
from knowledge_base.store.database import Database, StoreUnavailable, open_database
from knowledge_base.store.record_rows import write_area
from knowledge_base.store.tables import OfferRow
from knowledge_base.store.vectors import KeptVector, OfferVectors
from tests.core.builders import AREAS, SOURCE, offer
from tests.encoder import need_encoder
from tests.store.conftest import NOW

BYTES = bytes(range(256)) * 3  # every byte there is, NUL too


@pytest.fixture
def vectors(database: Database) -> OfferVectors:
    return OfferVectors(database)


@pytest.fixture
def published(store: CatalogueStore) -> CatalogueStore:
    """Two example offers in the database."""
    with store.database.writing() as session:
        for area in AREAS:
            write_area(session, area)
    for id in ("example-water", "example-vans"):
        save(store, id, f"Help with {id[8:]} for small firms.")
    return store


def save(store: CatalogueStore, id: str, summary: str) -> None:
    store.save_offer(
        offer(id, provider="", areas=("uk",), summary=summary, source=SOURCE), by="a curator", why="", now=NOW
    )


def test_vectors_come_back_as_they_were_kept(published, vectors):
    made = [KeptVector("example-vans", "a" * 64, "e" * 64, BYTES), KeptVector("example-water", "b", "e", b"")]

    assert vectors.keep(reversed(made)) == 2
    assert vectors.read() == made


def test_a_row_is_replaced_when_the_text_or_the_encoder_changes(published, vectors):
    vectors.keep([KeptVector("example-vans", "a", "e", b"1"), KeptVector("example-water", "b", "e", b"2")])
    vectors.keep([KeptVector("example-vans", "c", "f", b"3")])

    assert [(each.offer, each.digest, each.encoder, each.vectors) for each in vectors.read()] == [
        ("example-vans", "c", "f", b"3"),
        ("example-water", "b", "e", b"2"),
    ]


def test_vectors_go_with_their_offer_and_none_is_kept_for_one_that_is_gone(published, vectors):
    vectors.keep([KeptVector("example-vans", "a", "e", b"1"), KeptVector("example-water", "b", "e", b"2")])
    with published.database.writing() as session:
        session.execute(delete(OfferRow).where(OfferRow.id == "example-vans"))

    assert [each.offer for each in vectors.read()] == ["example-water"]
    assert vectors.keep([KeptVector("example-vans", "a", "e", b"1")]) == 0
    assert [each.offer for each in vectors.read()] == ["example-water"]


def test_processes_that_keep_the_same_at_once_keep_it_once(published, address):
    made = [KeptVector("example-vans", "a", "e", BYTES), KeptVector("example-water", "b", "e", BYTES)]
    faults: list[Exception] = []

    def keep() -> None:
        opened = open_database(address)
        try:
            for _ in range(5):
                OfferVectors(opened).keep(made)
        except Exception as fault:
            faults.append(fault)
        opened.close()

    threads = [threading.Thread(target=keep) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert faults == []
    assert OfferVectors(published.database).read() == made


class CountsEncoding(Meanings):
    """Remembers which offers had to be encoded here."""

    def __init__(self, kept: OfferVectors) -> None:
        super().__init__(ENCODER, kept)
        self.encoded: list[str] = []

    def _keep(self, made):
        self.encoded += [each.offer for each in made]
        super()._keep(made)


@pytest.fixture
def encoder():
    need_encoder()


def test_what_one_process_encoded_no_other_encodes_again(encoder, published, vectors):
    index = CatalogueIndex.of(published.catalogue())
    first, second = CountsEncoding(vectors), CountsEncoding(vectors)
    first.fill(index)
    second.fill(index)

    assert sorted(first.encoded) == ["example-vans", "example-water"]
    assert second.encoded == []


def test_only_a_record_whose_words_changed_is_encoded_again(encoder, published, vectors):
    CountsEncoding(vectors).fill(CatalogueIndex.of(published.catalogue()))
    save(published, "example-vans", "Help with charge points for small firms.")
    kept, version = published.offer("example-water")
    published.save_offer(replace(kept, duration_weeks=4), "a curator", "", NOW, version)

    later = CountsEncoding(vectors)
    later.fill(CatalogueIndex.of(published.catalogue()))

    assert later.encoded == ["example-vans"]


def test_the_next_message_uses_what_was_published(encoder, published, vectors):
    meanings = CountsEncoding(vectors)
    meanings.fill(CatalogueIndex.of(published.catalogue()))
    near = meanings.near_of(["Charge points for our electric vans."])
    save(published, "example-chargers", "Charge points for electric vans at your premises.")
    index = CatalogueIndex.of(published.catalogue())
    serving = {"process_improvement": list(index.catalogue.offers)}

    at_once = meanings.figures(near, index, serving)
    worker = meanings._worker
    if worker:
        worker.join(30)
    later = meanings.figures(near, index, serving)

    assert at_once is not None
    assert "example-chargers" not in at_once
    assert later is not None
    assert later["example-chargers"] == 1.0
    assert meanings.encoded[-1] == "example-chargers"


def test_a_database_that_cannot_be_written_delays_no_answer(encoder, published, vectors, monkeypatch, caplog):
    def fail(*_: object) -> None:
        raise StoreUnavailable("the database file cannot be used: example")

    monkeypatch.setattr(vectors, "keep", fail)
    monkeypatch.setattr(vectors, "read", fail)
    index = CatalogueIndex.of(published.catalogue())
    meanings = Meanings(ENCODER, vectors)
    meanings.fill(index)
    near = meanings.near_of(["Help with our vans."])

    assert near is not None
    assert meanings.figures(near, index, {"process_improvement": list(index.catalogue.offers)}) is not None
    assert "could not be kept" in caplog.text
    assert "vans" not in caplog.text
