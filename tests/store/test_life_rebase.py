"""A draft that was overtaken: what was published meanwhile, what it changes itself, and both together."""

from __future__ import annotations

import pytest

from knowledge_base.catalogue import parse_offer
from knowledge_base.faults import BadCatalogue
from knowledge_base.store.catalogue_store import StaleRecord
from knowledge_base.store.life import NoSuchRecord
from tests.store.conftest import NOW
from tests.store.life_records import ANNA, BEN, CARLA, everything, grant, later, publish, save

GRANT = ("offer", "example-grant")


def overtake(life, **fields) -> None:
    """Somebody else changes the published record, past every draft."""
    life.store.save_offer(parse_offer("example-grant", grant(**fields)), CARLA, "a feed", NOW)


def test_what_others_changed_is_taken_over_and_the_draft_can_be_published(life):
    publish(life)
    save(life, summary="My better words.", why="clearer words")
    overtake(life, window={"status": "closed"})

    found = life.overtaken(*GRANT)
    assert [change.label for change in found.mine] == ["Summary"]
    assert [change.label for change in found.theirs] == ["When it is open"]
    done = life.rebase(*GRANT, BEN, later(1))
    assert (done.taken, done.clashes) == (("window",), ())

    copy = life.working(*GRANT)
    assert (copy.base_version, copy.by, copy.state) == (2, ANNA, "draft")
    version = life.send(*GRANT, ANNA, NOW, copy.version)
    assert life.publish(*GRANT, BEN, NOW, version) == 3
    document, _ = life.published(*GRANT)
    assert (document["summary"], document["window"]["status"]) == ("My better words.", "closed")


def test_of_what_both_changed_the_draft_s_own_stays_and_its_writer_is_told(life):
    publish(life)
    version = life.send(*GRANT, ANNA, NOW, save(life, summary="Mine.", why="clearer words"))
    overtake(life, summary="Theirs.", prepare=["A plan"])

    done = life.rebase(*GRANT, BEN, NOW, version)

    assert done.clashes == ("summary",)
    copy = life.working(*GRANT)
    assert (copy.document["summary"], copy.document["prepare"], copy.state) == ("Mine.", ["A plan"], "draft")
    assert "Summary" in copy.comment


def test_a_draft_that_nobody_overtook_stays_as_it_is(life):
    publish(life)
    save(life, summary="Mine.")
    before = everything(life)

    assert life.overtaken(*GRANT) is None
    assert life.rebase(*GRANT, ANNA, NOW) is None
    assert everything(life) == before


def test_taking_over_needs_a_draft_and_its_newest_version(life):
    with pytest.raises(NoSuchRecord):
        life.rebase(*GRANT, ANNA, NOW)
    assert life.overtaken(*GRANT) is None
    version = save(life)
    save(life, summary="Newer.")
    with pytest.raises(StaleRecord):
        life.rebase(*GRANT, ANNA, NOW, version)


def test_what_was_withdrawn_meanwhile_is_shown_as_such_and_not_withdrawn_again(life):
    publish(life)
    save(life, summary="Mine.", why="clearer words")
    life.withdraw(*GRANT, by=BEN, why="the council asked", now=NOW)

    found = life.overtaken(*GRANT)

    assert [(change.label, change.after) for change in found.theirs] == [("Status", "withdrawn")]
    assert "status" not in life.rebase(*GRANT, ANNA, NOW).document


def test_what_makes_no_record_together_is_left_to_people(life):
    fair = {"kind": "event", "name": "Example fair"}
    publish(life, **fair)
    save(life, **fair | {"kind": "grant"}, why="it is money after all")
    overtake(life, **fair, editions=[{"uid": "one", "starts": "2027-03-04"}])
    before = everything(life)

    for act in (lambda: life.overtaken(*GRANT), lambda: life.rebase(*GRANT, ANNA, NOW)):
        with pytest.raises(BadCatalogue, match="not held on days"):
            act()
    assert everything(life) == before


def test_a_draft_of_a_record_that_was_deleted_meanwhile_brings_it_back_when_published(life):
    publish(life)
    version = save(life, summary="Mine.", why="clearer words")
    document = life.working(*GRANT).document
    life.delete(*GRANT, by=BEN, why="there twice", now=NOW)
    with pytest.raises(StaleRecord):
        save(life, version=version)

    version = life.save(*GRANT, document, by=ANNA, why="", now=NOW, version=0)
    version = life.send(*GRANT, ANNA, NOW, version)
    assert life.publish(*GRANT, BEN, NOW, version) == 2


def test_a_new_record_that_somebody_else_published_first_clashes_where_they_differ(life):
    save(life, summary="Mine.")
    overtake(life, summary="Theirs.")

    done = life.rebase(*GRANT, ANNA, NOW)

    assert (done.base_version, done.published_version, done.clashes) == (0, 1, ("summary",))
    assert life.working(*GRANT).document["summary"] == "Mine."
