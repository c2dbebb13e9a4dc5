"""A record is drafted, looked over by somebody else, published, closed or withdrawn, and never lost."""

from __future__ import annotations

import pytest

from knowledge_base.faults import BadCatalogue
from knowledge_base.profile import parse_profile
from knowledge_base.store.catalogue_store import CatalogueStore, StaleRecord
from knowledge_base.store.life import (
    Life,
    NoReason,
    NoSuchRecord,
    NotInReview,
    OwnDraft,
    Refused,
)
from tests.store.conftest import NOW
from tests.store.example_records import example_advice
from tests.store.life_records import (
    ANNA,
    BEN,
    CARLA,
    everything,
    grant,
    later,
    publish,
    save,
    shown,
)


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
