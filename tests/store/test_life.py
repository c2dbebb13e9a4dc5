"""A record is drafted, looked over by somebody else, published, closed or withdrawn, and never lost."""

from __future__ import annotations

from datetime import date

import pytest

from knowledge_base.catalogue import parse_offer
from knowledge_base.faults import BadCatalogue
from knowledge_base.profile import parse_profile
from knowledge_base.store.catalogue_store import CatalogueStore, StaleRecord
from knowledge_base.store.database import Database
from knowledge_base.store.life import (
    Life,
    NoReason,
    NoSuchRecord,
    NotInReview,
    OwnDraft,
    Referred,
    Refused,
)
from tests.store.conftest import NOW
from tests.store.example_records import example_advice
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
)


@pytest.fixture
def life(database: Database) -> Life:
    return life_in(database)


def shown(life: Life, id: str = "example-grant"):
    """What another process tells businesses about an offer."""
    return CatalogueStore(life.store.database).catalogue().offers.get(id)


def test_a_business_sees_an_offer_only_when_somebody_else_has_published_it(life):
    elsewhere = CatalogueStore(life.store.database)
    version = save(life)
    assert "example-grant" not in elsewhere.catalogue(published_only=False).offers
    version = life.send("offer", "example-grant", ANNA, NOW, version)
    assert "example-grant" not in elsewhere.catalogue().offers

    assert life.publish("offer", "example-grant", BEN, NOW, version) == 1

    assert elsewhere.catalogue().offers["example-grant"].name == "Example grant"
    assert life.working("offer", "example-grant") is None
    assert life.working_all() == []


def test_a_draft_of_a_published_offer_changes_nothing_for_businesses_until_it_is_published(life):
    publish(life)
    before = shown(life)
    read = life.store.catalogue()

    version = save(life, summary="A quarter of the cost of an oven.")
    version = life.send("offer", "example-grant", ANNA, NOW, version)

    assert shown(life) == before
    assert life.store.catalogue() is read
    life.publish("offer", "example-grant", BEN, NOW, version)
    assert shown(life).summary == "A quarter of the cost of an oven."


@pytest.mark.parametrize("act", ["withdraw", "delete", "close", "publish"])
def test_a_saved_roadmap_follows_what_becomes_of_its_offers(database, act):
    advice = example_advice(database)
    life = Life(advice.records, own_drafts=True)
    plan = advice.plan(["finance"], parse_profile({"employees": 14}), on=NOW.date(), now=NOW)
    assert "example-grant" in offers_of(advice, plan.id)

    if act == "close":
        life.close("example-grant", by=BEN, why="it is over", now=NOW)
    elif act == "publish":
        document, _ = life.published("offer", "example-grant")
        document |= {
            "window": {"status": "closed"},
            "summary": "Over.",
            "source": {"url": "https://example.org"},
        }
        version = life.save("offer", "example-grant", document, by=BEN, why="it is over", now=NOW, version=0)
        life.publish("offer", "example-grant", BEN, NOW, version)
    else:
        getattr(life, act)("offer", "example-grant", by=BEN, why="it is over", now=NOW)

    assert "example-grant" not in offers_of(advice, plan.id)


def offers_of(advice, roadmap: str) -> list[str]:
    found = advice.open_roadmap(roadmap, on=NOW.date(), now=NOW)
    return [step["offer"] for phase in found.document["phases"] for step in phase["steps"]]


def test_the_writer_cannot_publish_what_they_wrote(life):
    version = life.send("offer", "example-grant", ANNA, NOW, save(life))
    before = everything(life)

    for same in (ANNA, "Anna@Example.org"):
        with pytest.raises(OwnDraft, match="somebody else has to publish it"):
            life.publish("offer", "example-grant", same, NOW, version)
    assert everything(life) == before


def test_a_reviewer_who_mends_a_draft_has_written_it(life):
    version = life.send("offer", "example-grant", ANNA, NOW, save(life))
    version = save(life, by=BEN, summary="Half of what an oven costs.", version=version)
    assert life.working("offer", "example-grant").state == "draft"
    version = life.send("offer", "example-grant", BEN, NOW, version)

    with pytest.raises(OwnDraft):
        life.publish("offer", "example-grant", BEN, NOW, version)
    assert life.publish("offer", "example-grant", ANNA, NOW, version) == 1


def test_a_hub_of_one_person_publishes_its_own_drafts_at_once(life):
    alone = Life(life.store, own_drafts=True)
    version = save(alone)

    assert alone.publish("offer", "example-grant", ANNA, NOW, version) == 1
    assert shown(life) is not None


def test_what_was_not_sent_to_review_is_not_published_by_somebody_else(life):
    version = save(life)

    with pytest.raises(NotInReview, match="send it first"):
        life.publish("offer", "example-grant", BEN, NOW, version)


def test_a_draft_that_is_sent_back_carries_the_comment_until_it_is_sent_again(life):
    version = life.send("offer", "example-grant", ANNA, NOW, save(life))
    version = life.send_back("offer", "example-grant", BEN, "The link is dead.", NOW, version)
    assert (life.working("offer", "example-grant").state, life.working("offer", "example-grant").by) == (
        "draft",
        ANNA,
    )

    version = save(life, version=version)
    assert life.working("offer", "example-grant").comment == "The link is dead."
    life.send("offer", "example-grant", ANNA, NOW, version)
    assert life.working("offer", "example-grant").comment == ""


def test_what_is_not_in_review_cannot_be_sent_back_and_a_comment_has_words(life):
    version = save(life)
    with pytest.raises(NotInReview):
        life.send_back("offer", "example-grant", BEN, "No.  Look again.", NOW, version)
    version = life.send("offer", "example-grant", ANNA, NOW, version)
    with pytest.raises(NoReason):
        life.send_back("offer", "example-grant", BEN, " … ", NOW, version)


def test_sending_twice_is_sending_once(life):
    version = life.send("offer", "example-grant", ANNA, NOW, save(life))

    assert life.send("offer", "example-grant", ANNA, NOW, version) == version
    assert [entry.what for entry in life.history("offer", "example-grant")] == ["sent", "saved"]


def test_of_two_editors_the_later_is_told_and_the_earlier_keeps_what_they_wrote(life):
    version = save(life, by=ANNA, summary="Anna's words.", version=0)

    with pytest.raises(StaleRecord, match=rf"{ANNA} changed it"):
        save(life, by=CARLA, summary="Carla's words.", version=0)
    save(life, by=CARLA, summary="Both their words.", version=version)
    with pytest.raises(StaleRecord, match=rf"{CARLA} changed it"):
        save(life, by=ANNA, summary="Anna again.", version=version)
    assert life.working("offer", "example-grant").document["summary"] == "Both their words."


def test_a_draft_that_was_discarded_and_begun_anew_is_not_taken_for_the_one_that_was_read(life):
    version = save(life, by=ANNA)
    life.discard("offer", "example-grant", ANNA, "", NOW)
    with pytest.raises(StaleRecord, match="published or discarded meanwhile"):
        save(life, by=ANNA, version=version)
    save(life, by=CARLA, summary="Carla's words.", version=0)

    with pytest.raises(StaleRecord):
        save(life, by=ANNA, version=version)
    assert life.working("offer", "example-grant").by == CARLA


def test_a_form_that_was_opened_before_a_publication_does_not_undo_it(life):
    publish(life)
    _, read = life.published("offer", "example-grant")
    publish(life, summary="Theirs, published meanwhile.")

    with pytest.raises(StaleRecord, match="published anew"):
        life.save("offer", "example-grant", grant(), by=CARLA, why="", now=NOW, version=0, base=read)
    assert life.working("offer", "example-grant") is None


def test_a_draft_over_a_record_that_moved_on_is_not_published(life):
    publish(life)
    version = save(life, summary="Mine.")
    life.store.close_offer("example-grant", "Feed", "the feed says so", NOW)
    version = life.send("offer", "example-grant", ANNA, NOW, version)
    before = everything(life)

    with pytest.raises(StaleRecord, match="changed since this draft was begun"):
        life.publish("offer", "example-grant", BEN, NOW, version)
    assert everything(life) == before
    assert shown(life).window.status == "closed"


def test_a_change_of_something_published_needs_a_reason_in_words(life):
    publish(life, why="")  # a new offer needs none
    version = save(life, summary="Another.", why=" ?! ")
    version = life.send("offer", "example-grant", ANNA, NOW, version)
    with pytest.raises(NoReason, match="say in words why"):
        life.publish("offer", "example-grant", BEN, NOW, version)

    assert life.publish("offer", "example-grant", BEN, NOW, version, why="the council moved") == 2
    assert life.history("offer", "example-grant")[0].why == "the council moved"


def test_a_reason_told_once_holds_for_the_small_saves_after_it(life):
    publish(life)
    save(life, summary="Anothr.", why="the page has new words")
    version = save(life, summary="Another.", why="")
    version = life.send("offer", "example-grant", ANNA, NOW, version)
    life.publish("offer", "example-grant", BEN, NOW, version)

    assert life.history("offer", "example-grant")[0].why == "the page has new words"


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


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"summary": ""}, "summary: this is missing"),
        ({"needs": []}, "needs: this is missing"),
        ({"areas": ["narnia"]}, "is not an area"),
        ({"provider": "nobody"}, "is not a provider"),
        ({"requires": ["gone"]}, "is not an offer"),
        ({"amount": {"max": 5}}, "amount.currency"),
        (
            {"criteria": [{"fact": "turnover", "between": [None, 5], "words": "You sell little"}]},
            "currency is missing",
        ),
        ({"amount": {"currency": "GBP", "rate_percent": 150}}, "above the whole"),
    ],
)
def test_a_draft_may_be_unfinished_and_is_not_published_before_it_is_whole(life, fields, said):
    version = life.send("offer", "example-grant", ANNA, NOW, save(life, **fields))
    before = everything(life)

    with pytest.raises(BadCatalogue, match=said):
        life.publish("offer", "example-grant", BEN, NOW, version)
    assert everything(life) == before


def test_what_only_misleads_does_not_keep_a_record_from_being_published(life):
    long = "word " * 60
    version = life.send("offer", "example-grant", ANNA, NOW, save(life, summary=long))
    found = life.check("offer", "example-grant", grant(summary=long), NOW)

    assert [finding.severity for finding in found] == ["warning"]
    assert life.publish("offer", "example-grant", BEN, NOW, version) == 1


@pytest.mark.parametrize(
    "document", [{}, {"name": "x"}, {"name": 5, "kind": "grant"}, grant(nonsense=1), grant(name="a\x00b")]
)
def test_what_cannot_be_read_is_not_kept_as_a_draft(life, document):
    with pytest.raises(BadCatalogue):
        life.save("offer", "example-grant", document, by=ANNA, why="", now=NOW, version=0)
    assert life.history("offer", "example-grant") == []
    assert life.check("offer", "example-grant", document, NOW)[0].severity == "error"


@pytest.mark.parametrize("id", ["", "../escape", "a" * 101, "a b", "x\x00y", "é"])
def test_an_id_that_is_none_is_refused(life, id):
    with pytest.raises(BadCatalogue):
        life.save("offer", id, grant(), by=ANNA, why="", now=NOW, version=0)
    assert life.history("offer", id) == []
    assert life.working("offer", id) is None


def test_what_is_not_there_is_said_to_be_not_there(life):
    for act in (
        lambda: life.send("offer", "gone", ANNA, NOW, 0),
        lambda: life.discard("offer", "gone", ANNA, "", NOW),
        lambda: life.publish("offer", "gone", ANNA, NOW, 0),
        lambda: life.close("gone", by=ANNA, why="it is over", now=NOW),
        lambda: life.withdraw("offer", "gone", by=ANNA, why="it is over", now=NOW),
        lambda: life.delete("offer", "gone", by=ANNA, why="it is over", now=NOW),
        lambda: life.save("area", "wales", {}, by=ANNA, why="", now=NOW, version=0),
        lambda: life.delete("area", "wales", by=ANNA, why="it is over", now=NOW),
    ):
        with pytest.raises(NoSuchRecord):
            act()


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


@pytest.mark.parametrize("record_type", ["area", "", "of\x00fer", "offer" * 1000])
def test_a_type_of_record_that_there_is_not_is_said_to_be_none(life, record_type):
    for act in (life.working, life.published, life.history, life.overtaken):
        with pytest.raises(NoSuchRecord, match="use offer or provider"):
            act(record_type, "example-grant")


def test_a_provider_lives_the_same_life_but_is_not_withdrawn(life):
    document = {"name": "Example lab", "type": "university", "url": "https://example.org"}
    version = life.save("provider", "lab", document, by=ANNA, why="", now=NOW, version=0)
    version = life.send("provider", "lab", ANNA, NOW, version)
    assert [copy.id for copy in life.working_all("in_review")] == ["lab"]
    assert life.publish("provider", "lab", BEN, NOW, version) == 1
    assert CatalogueStore(life.store.database).catalogue().providers["lab"].name == "Example lab"

    with pytest.raises(Refused, match="shown by its offers"):
        life.withdraw("provider", "lab", by=BEN, why="closed down", now=NOW)
    version = life.save(
        "provider", "lab", document | {"areas": ["narnia"]}, by=ANNA, why="moved", now=NOW, version=0
    )
    version = life.send("provider", "lab", ANNA, NOW, version)
    with pytest.raises(BadCatalogue, match="narnia is not an area"):
        life.publish("provider", "lab", BEN, NOW, version)


def test_offers_that_would_require_each_other_are_not_published(life):
    publish(life, "a", name="A")
    publish(life, "b", name="B", requires=["a"])
    version = life.send("offer", "a", ANNA, NOW, save(life, "a", name="A", requires=["b"]))

    with pytest.raises(BadCatalogue, match="which is a circle"):
        life.publish("offer", "a", BEN, NOW, version)


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


def test_drafts_that_wait_longest_come_first(life):
    for minutes, id in ((3, "a"), (1, "c"), (2, "b")):
        save(life, id, now=later(minutes))

    assert [copy.id for copy in life.working_all()] == ["c", "b", "a"]
    assert life.working_all("in_review") == []


def test_what_is_published_unchanged_makes_no_new_version(life):
    publish(life)
    before = life.store.catalogue()

    assert publish(life) == 1
    assert life.working("offer", "example-grant") is None
    assert life.store.catalogue() is before
