"""The database is the master of records: what is saved there is offered at the next message."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import event

from knowledge_base.catalogue import BadCatalogue, parse_provider, read_pack
from knowledge_base.content_check import check_pack
from knowledge_base.records import Between, Criterion, Offer, Source, Window, Within
from knowledge_base.store.catalogue_store import CatalogueStore, StaleRecord
from tests.store.conftest import NOW, PACK

COUNCIL = parse_provider("example-council", {"name": "Example council", "type": "public"})


def grant(id: str = "example-grant", **fields) -> Offer:
    base = Offer(
        id=id,
        name="Example grant",
        kind="grant",
        provider="example-council",
        areas=(),
        needs=("finance",),
        stages=("fund",),
        summary="Half the cost of an oven 🥖",
        source=Source("https://example.org/grant", seen=date(2026, 11, 1)),
    )
    return replace(base, **fields)


@pytest.fixture
def council(store: CatalogueStore) -> CatalogueStore:
    """A store that knows one provider."""
    store.save_provider(COUNCIL, "Curator", "new", NOW)
    return store


def save(store: CatalogueStore, offer: Offer, **fields) -> int:
    return store.save_offer(offer, "Curator", "because", NOW, **fields)


def test_an_offer_is_offered_as_soon_as_it_is_saved_in_every_process(council):
    elsewhere = CatalogueStore(council.database)
    assert elsewhere.catalogue().offers == {}

    save(council, grant())

    assert elsewhere.catalogue().offers["example-grant"] == grant()
    assert elsewhere.catalogue().providers["example-council"] == COUNCIL


def test_the_records_are_not_read_again_while_nothing_changes(council):
    save(council, grant())
    first = council.catalogue()
    statements: list[str] = []
    event.listen(council.database._engine, "before_cursor_execute", lambda *a: statements.append(a[2]))

    assert council.catalogue() is first
    assert len([s for s in statements if s.startswith("SELECT")]) == 1


def test_drafts_are_for_curators_only(council):
    save(council, grant("a-draft", status="draft"))

    assert council.catalogue().offers == {}
    assert list(council.catalogue(published_only=False).offers) == ["a-draft"]
    assert not council.is_empty()


def test_every_change_leaves_a_revision_that_says_who_and_why(council):
    save(council, grant())
    council.save_offer(grant(name="Better name"), "Other curator", "renamed \x00 🧭", NOW)

    newest, first = council.history("example-grant")
    assert (newest.version, newest.by, newest.why, newest.at) == (2, "Other curator", "renamed  🧭", NOW)
    assert newest.document["name"] == "Better name"
    assert (first.version, first.document["name"]) == (1, "Example grant")


def test_saving_what_is_there_already_changes_nothing(council):
    save(council, grant())
    before = council.catalogue()

    assert save(council, grant()) == 1
    assert council.catalogue() is before
    assert len(council.history("example-grant")) == 1


def test_a_change_to_a_record_that_somebody_else_changed_is_refused(council):
    save(council, grant())
    _, version = council.offer("example-grant")
    save(council, grant(name="Theirs"))

    with pytest.raises(StaleRecord, match="read it again"):
        save(council, grant(name="Mine"), version=version)
    assert council.offer("example-grant")[0].name == "Theirs"


def test_a_new_record_does_not_overwrite_one_of_its_name(council):
    save(council, grant())

    with pytest.raises(StaleRecord):
        save(council, grant(name="Another"), version=0)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"provider": "nobody"}, "provider: 'nobody' is not a provider"),
        ({"areas": ("narnia",)}, "'narnia' is not an area"),
        (
            {"criteria": (Criterion("x", "place", Within(frozenset({"narnia"}))),)},
            "criteria[0].within: 'narnia'",
        ),
        ({"requires": ("gone",)}, "requires: 'gone' is not an offer"),
        ({"requires": ("example-grant",)}, "names itself"),
        ({"succeeded_by": "gone"}, "succeeded_by: 'gone' is not an offer"),
        ({"kind": "gift"}, "kind: 'gift' is not in the list"),
        ({"name": ""}, "name: this is missing"),
        ({"id": "../escape"}, "is not an id"),
        ({"summary": "x" * 1_000_000}, "summary: 1000000 characters are too many"),
        ({"summary": "a\x00b"}, "summary: it holds a character"),
        (
            {"criteria": (Criterion("x", "employees", Between(Decimal(9), Decimal(5))),)},
            "put the smaller bound first",
        ),
    ],
)
def test_a_record_that_does_not_fit_the_others_is_refused_and_changes_nothing(council, fields, said):
    with pytest.raises(BadCatalogue) as bad:
        save(council, grant(**fields))

    assert said in str(bad.value)
    assert council.is_empty()


def test_offers_that_would_require_each_other_are_refused(council):
    save(council, grant("a"))
    save(council, grant("b", name="B", requires=("a",)))
    save(council, grant("c", name="C", requires=("b",)))

    with pytest.raises(BadCatalogue, match="which is a circle"):
        save(council, grant("a", requires=("c",)))
    assert council.offer("a")[0].requires == ()


def test_two_curators_who_save_at_once_cannot_make_a_circle_between_them(council):
    save(council, grant("a", name="A"))
    save(council, grant("b", name="B"))
    barrier = Barrier(2)

    def require(pair: tuple[str, str]) -> str:
        barrier.wait()
        try:
            save(CatalogueStore(council.database), grant(pair[0], name=pair[0], requires=(pair[1],)))
        except BadCatalogue:
            return "refused"
        return "saved"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(require, [("a", "b"), ("b", "a")])) == ["refused", "saved"]


def test_many_who_save_at_once_all_leave_their_revision(council):
    save(council, grant())

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda n: save(council, grant(name=f"Name {n}")), range(12)))

    assert [revision.version for revision in council.history("example-grant")] == list(range(13, 0, -1))


def test_readers_see_whole_catalogues_while_a_curator_writes(council):
    save(council, grant())

    def read(_: int) -> set[str]:
        return {council.catalogue().offers["example-grant"].summary for _ in range(20)}

    with ThreadPoolExecutor(4) as pool:
        reading = [pool.submit(read, n) for n in range(3)]
        for n in range(10):
            save(council, grant(summary=f"Summary {n}"))
        seen = set().union(*(future.result() for future in reading))

    assert seen <= {"Half the cost of an oven 🥖", *(f"Summary {n}" for n in range(10))}
    assert council.catalogue().offers["example-grant"].summary == "Summary 9"


def test_an_offer_that_has_ended_names_what_follows_it(council):
    save(council, grant("old", name="Old", window=Window(status="rolling")))
    save(council, grant("new", name="New"))

    council.close_offer(
        "old", "Curator", "the page says so", NOW, closes=date(2026, 10, 31), succeeded_by="new"
    )

    closed = council.catalogue().offers["old"]
    assert (closed.window.status, closed.window.closes, closed.succeeded_by) == (
        "closed",
        date(2026, 10, 31),
        "new",
    )


def test_closing_what_is_not_there_or_with_an_unknown_successor_is_refused(council):
    save(council, grant())

    with pytest.raises(LookupError, match="there is no such offer"):
        council.close_offer("gone", "Curator", "x", NOW)
    with pytest.raises(BadCatalogue, match="is not an offer"):
        council.close_offer("example-grant", "Curator", "x", NOW, succeeded_by="gone")
    assert council.offer("example-grant")[0].window.status == "unknown"


def test_the_starter_pack_fills_an_empty_database_and_loading_it_again_changes_nothing(store):
    assert store.is_empty()

    first = store.load_pack(PACK, NOW)
    catalogue = store.catalogue()
    again = store.load_pack(PACK, NOW)

    assert len(first.added) > 300
    assert first.faults == ()
    assert (again.added, again.changed, again.unchanged) == ((), (), len(first.added))
    assert store.catalogue() is catalogue
    assert {t["name"] for t in store.thresholds()} >= {"uk_minimal_financial_assistance", "eu_de_minimis"}


def test_what_is_exported_is_what_was_loaded(store, tmp_path):
    store.load_pack(PACK, NOW)

    store.export_pack(tmp_path / "out")

    written, original = read_pack(tmp_path / "out"), read_pack(PACK)
    assert written.faults == []
    assert written.offers == original.offers
    assert written.providers == original.providers
    assert written.areas == original.areas
    assert [f for f in check_pack(tmp_path / "out", NOW.date()) if f.severity == "error"] == []
    again = store.load_pack(tmp_path / "out", NOW)
    assert (again.added, again.changed) == ((), ())


def pack_with(folder: Path, **offers: str) -> Path:
    for name in ("offers", "providers"):
        (folder / name).mkdir()
    (folder / "areas.yml").write_text("areas: [{code: wales, name: Wales}]")
    (folder / "providers" / "example-council.yml").write_text("name: Example council\ntype: public\n")
    for id, text in offers.items():
        (folder / "offers" / f"{id}.yml").write_text(
            f"name: {id}\nkind: grant\nprovider: example-council\n{text}\n"
        )
    return folder


def test_a_pack_with_one_fault_is_not_loaded_at_all(store, tmp_path):
    pack = pack_with(tmp_path, good="areas: [wales]", bad="areas: [narnia]")

    with pytest.raises(BadCatalogue, match=r"offers/bad\.yml: areas\[0\]"):
        store.load_pack(pack, NOW)
    assert store.is_empty()
    assert store.catalogue().areas == {}


def test_keeping_going_leaves_out_the_faulty_and_whatever_leans_on_it(store, tmp_path):
    pack = pack_with(
        tmp_path,
        good="areas: [wales]",
        bad="kind: gift",
        leans="requires: [bad]",
        leans_again="leads_to: [leans]",
        round_a="requires: [round_b]",
        round_b="requires: [round_a]",
    )

    report = store.load_pack(pack, NOW, keep_going=True)

    assert report.added == ("good",)
    assert {fault.file for fault in report.faults} == {
        f"offers/{id}.yml" for id in ("bad", "leans", "leans_again", "round_a", "round_b")
    }
    assert str(report).startswith("Offers: 1 added, 0 changed, 0 as they were.\nLeft out: offers/")


def test_a_pack_that_would_make_a_circle_with_what_is_there_is_refused(council, tmp_path):
    save(council, grant("a", name="A"))
    save(council, grant("b", name="B", requires=("a",)))

    with pytest.raises(BadCatalogue, match=r"offers/a\.yml: requires: .* which is a circle"):
        council.load_pack(pack_with(tmp_path, a="requires: [b]"), NOW)


def test_a_record_that_differs_is_replaced_with_a_revision(store, tmp_path):
    pack = pack_with(tmp_path, good="areas: [wales]")
    store.load_pack(pack, NOW)
    (pack / "offers" / "good.yml").write_text("name: Renamed\nkind: grant\nprovider: example-council\n")

    report = store.load_pack(pack, NOW)

    assert report.changed == ("good",)
    assert [revision.document["name"] for revision in store.history("good")] == ["Renamed", "good"]
    assert store.catalogue().offers["good"].name == "Renamed"
