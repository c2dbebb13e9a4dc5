"""A record ends, is taken away and comes back: what others name stays, and the history forgets nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from knowledge_base.catalogue import parse_offer
from knowledge_base.faults import BadCatalogue
from knowledge_base.hubs import Contact, read_hub
from knowledge_base.store.catalogue_store import CatalogueStore, StaleRecord
from knowledge_base.store.life import (
    NoReason,
    NoSuchRecord,
    Referred,
)
from tests.store.conftest import NOW
from tests.store.life_records import (
    ANNA,
    BEN,
    CARLA,
    COUNCIL,
    audited,
    everything,
    grant,
    later,
    life_in,
    publish,
    save,
    shown,
)


@pytest.mark.parametrize("why", ["", "  ", "...", "1234", "x" * 2_001])
def test_nothing_is_closed_withdrawn_or_deleted_without_a_reason(life, why):
    publish(life)
    before = everything(life)

    for act in (
        lambda: life.close("example-grant", by=BEN, why=why, now=NOW),
        lambda: life.withdraw("offer", "example-grant", by=BEN, why=why, now=NOW),
        lambda: life.delete("offer", "example-grant", by=BEN, why=why, now=NOW),
    ):
        with pytest.raises(NoReason):
            act()
    assert everything(life) == before


def test_an_offer_that_ended_says_when_and_what_follows_it(life):
    publish(life, "old", name="Old")
    publish(life, "new", name="New")

    life.close("old", by=BEN, why="the page says so", now=NOW, closes=date(2026, 10, 31), succeeded_by="new")

    closed = shown(life, "old")
    assert (closed.window.status, closed.window.closes, closed.succeeded_by) == (
        "closed",
        date(2026, 10, 31),
        "new",
    )
    with pytest.raises(BadCatalogue, match="is not an offer"):
        life.close("new", by=BEN, why="over", now=NOW, succeeded_by="nothing-there")


def test_a_withdrawn_offer_is_seen_by_nobody_and_a_draft_brings_it_back(life):
    publish(life)
    life.withdraw("offer", "example-grant", by=BEN, why="the council asked", now=NOW)
    assert shown(life) is None
    assert life.store.catalogue(published_only=False).offers["example-grant"].status == "withdrawn"

    document, _ = life.published("offer", "example-grant")
    version = life.save("offer", "example-grant", document, by=ANNA, why="back", now=NOW, version=0)
    version = life.send("offer", "example-grant", ANNA, NOW, version)
    life.publish("offer", "example-grant", BEN, NOW, version)

    assert shown(life).status == "published"


def test_a_closed_offer_is_opened_again_by_a_draft(life):
    publish(life)
    life.close("example-grant", by=BEN, why="over", now=NOW)

    publish(life, why="it came back")

    assert shown(life).window.status == "rolling"


@pytest.mark.parametrize("field", ["requires", "leads_to", "excludes"])
def test_what_other_offers_name_is_not_deleted_and_they_are_listed(life, field):
    publish(life, "first", name="First")
    publish(life, "second", name="Second", **{field: ["first"]})

    with pytest.raises(Referred, match=rf"Second \(second\) in {field}") as refused:
        life.delete("offer", "first", by=BEN, why="a duplicate", now=NOW)
    assert [(each.id, each.field) for each in refused.value.references] == [("second", field)]
    assert shown(life, "first") is not None


@pytest.mark.parametrize("field", ["succeeded_by", "part_of"])
def test_what_took_a_place_or_has_parts_is_not_deleted_either(life, field):
    publish(life, "first", name="First")
    publish(life, "second", name="Second", **{field: "first"})
    life.withdraw("offer", "second", by=BEN, why="out of use", now=NOW)

    with pytest.raises(Referred, match=field):
        life.delete("offer", "first", by=BEN, why="a duplicate", now=NOW)


def test_a_provider_goes_when_its_last_offer_has_gone(life):
    publish(life)
    with pytest.raises(Referred, match="example-grant"):
        life.delete("provider", "example-council", by=BEN, why="closed down", now=NOW)

    life.delete("offer", "example-grant", by=BEN, why="closed down", now=NOW)
    life.delete("provider", "example-council", by=BEN, why="closed down", now=NOW)

    assert CatalogueStore(life.store.database).catalogue(published_only=False).providers == {}


def test_the_provider_a_hub_hands_businesses_to_is_not_deleted_and_the_hubs_file_is_named(database):
    contact = Contact("The example team", provider="example-council")
    hub = replace(read_hub("default"), id="example", name="Example hub", contact=contact)
    life = life_in(database, hub=hub)

    with pytest.raises(Referred, match=r"Example hub \(hubs/example.yml\) in contact.provider") as refused:
        life.delete("provider", "example-council", by=BEN, why="closed down", now=NOW)
    assert [(each.record_type, each.field) for each in refused.value.references] == [
        ("hub", "contact.provider")
    ]
    assert life.published("provider", "example-council") is not None


@pytest.mark.parametrize("contact", [None, Contact("The example team"), Contact("X", provider="example-lab")])
def test_a_hub_that_names_another_provider_or_none_keeps_no_provider_back(database, contact):
    life = life_in(database, hub=replace(read_hub("default"), contact=contact))

    life.delete("provider", "example-council", by=BEN, why="closed down", now=NOW)

    assert life.published("provider", "example-council") is None


def test_an_offer_with_the_id_of_the_hubs_provider_may_go(database):
    contact = Contact("The example team", provider="example-grant")
    life = life_in(database, hub=replace(read_hub("default"), contact=contact))
    publish(life)

    life.delete("offer", "example-grant", by=BEN, why="a duplicate", now=NOW)

    assert life.published("offer", "example-grant") is None


def test_a_deleted_offer_keeps_its_history_and_comes_back_with_a_new_version(life):
    publish(life)
    publish(life, summary="The second version.", why="new words")
    save(life, summary="A draft of the third.")

    life.delete("offer", "example-grant", by=CARLA, why="there twice", now=later(5))

    assert shown(life) is None
    assert life.working("offer", "example-grant") is None
    gone = life.history("offer", "example-grant")[0]
    assert (gone.what, gone.by, gone.why) == ("deleted", CARLA, "there twice")
    assert gone.document["summary"] == "The second version."

    version = life.restore("offer", "example-grant", "1", by=ANNA, now=later(6))
    assert shown(life) is None
    version = life.send("offer", "example-grant", ANNA, NOW, version)
    assert life.publish("offer", "example-grant", BEN, later(7), version) == 3
    assert shown(life).summary == "Half the cost of an oven."


def test_every_store_counts_on_after_a_deletion(life):
    publish(life)
    offer, _ = life.store.offer("example-grant")
    warm = CatalogueStore(life.store.database)
    warm.catalogue()
    life.delete("offer", "example-grant", by=BEN, why="there twice", now=NOW)
    life.delete("provider", "example-council", by=BEN, why="there twice", now=NOW)

    assert life.store.save_provider(COUNCIL, "Loader", "again", NOW) == 2
    assert life.store.save_offer(offer, "Loader", "again", NOW) == 2
    assert warm.catalogue().offers["example-grant"] == offer


def test_any_entry_of_the_history_can_be_restored(life):
    save(life, summary="The first thought.")
    save(life, summary="The second thought.")
    life.discard("offer", "example-grant", ANNA, "no time", NOW)
    first = life.history("offer", "example-grant")[-1]

    life.restore("offer", "example-grant", first.revision, by=CARLA, now=NOW)

    copy = life.working("offer", "example-grant")
    assert (copy.document["summary"], copy.by, copy.state) == ("The first thought.", CARLA, "draft")
    with pytest.raises(StaleRecord):
        life.restore("offer", "example-grant", first.revision, by=ANNA, now=NOW)
    assert life.restore("offer", "example-grant", first.revision, by=ANNA, now=NOW, version=copy.version)


@pytest.mark.parametrize("revision", ["9", "draft-9", "draft-", "", "-1", "1; DROP", "9" * 40, 0, "²"])
def test_a_revision_that_is_not_there_is_not_restored(life, revision):
    publish(life)

    with pytest.raises(NoSuchRecord, match="choose one from its history"):
        life.restore("offer", "example-grant", revision, by=ANNA, now=NOW)
    assert life.working("offer", "example-grant") is None


def test_the_history_says_who_did_what_when_and_why_newest_first(life):
    version = save(life, why="found it", now=later(1))
    version = life.send("offer", "example-grant", ANNA, later(2), version)
    life.publish("offer", "example-grant", BEN, later(3), version)
    life.close("example-grant", by=CARLA, why="it is over", now=later(4))

    told = [(e.at, e.what, e.by, e.why, e.revision) for e in life.history("offer", "example-grant")]
    assert told == [
        (later(4), "published", CARLA, "it is over", "2"),
        (later(3), "published", BEN, "found it", "1"),
        (later(2), "sent", ANNA, "", "draft-2"),
        (later(1), "saved", ANNA, "found it", "draft-1"),
    ]
    assert audited(life.store.database) == [
        (ANNA, "sent to review", "example-grant"),
        (BEN, "published", "example-grant"),
        (CARLA, "closed", "example-grant"),
    ]


@pytest.mark.parametrize("id", ["example\x00-grant", "example-grant\ud800", "example-grant\n", ""])
def test_an_id_that_only_looks_like_another_does_nothing_to_that_other(life, id):
    publish(life)
    publish(life, "second", name="Second", requires=["example-grant"])
    save(life)
    before = everything(life)

    assert (life.working("offer", id), life.published("offer", id), life.history("offer", id)) == (
        None,
        None,
        [],
    )
    for act in (
        lambda: life.delete("offer", id, by=BEN, why="there twice", now=NOW),
        lambda: life.withdraw("offer", id, by=BEN, why="it is over", now=NOW),
        lambda: life.close(id, by=BEN, why="it is over", now=NOW),
        lambda: life.discard("offer", id, BEN, "", NOW),
        lambda: life.restore("offer", id, "1", by=BEN, now=NOW),
    ):
        with pytest.raises(NoSuchRecord, match="is not an id"):
            act()
    assert everything(life) == before


def test_successors_that_lead_back_are_neither_published_nor_closed_with(life):
    publish(life, "b", name="B")
    publish(life, "a", name="A", succeeded_by="b")
    version = life.send("offer", "b", ANNA, NOW, save(life, "b", name="B", succeeded_by="a"))
    before = everything(life, "b")

    with pytest.raises(BadCatalogue, match="a is succeeded by b is succeeded by a, which is a circle"):
        life.publish("offer", "b", BEN, NOW, version)
    with pytest.raises(BadCatalogue, match="which is a circle"):
        life.close("b", by=BEN, why="it is over", now=NOW, succeeded_by="a")
    with pytest.raises(BadCatalogue, match="names itself"):
        life.close("b", by=BEN, why="it is over", now=NOW, succeeded_by="b")
    assert everything(life, "b") == before


def test_an_old_circle_does_not_keep_other_records_from_being_published(life):
    for id, following in (("a", None), ("b", "a"), ("a", "b")):
        found = parse_offer(id, grant(name=id, succeeded_by=following))
        life.store.save_offer(found, "Loader", "loaded", NOW)

    assert publish(life, "c", name="C") == 1
